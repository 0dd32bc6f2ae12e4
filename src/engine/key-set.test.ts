import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeySet } from './key-set.ts';

test('a hash is there once it was added, and no other is, through every growth', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 0, max: 200 })), { maxLength: 6000, minLength: 100 }),
      (hashes) => {
        const keys = createKeySet();
        const seen = new Set<string>();
        for (const [low, high] of hashes) {
          expect(keys.addHash(low, high)).toBe(seen.has(`${low}:${high}`));
          seen.add(`${low}:${high}`);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('the hash zero is a hash as any other', () => {
  const keys = createKeySet();
  expect([keys.addHash(0, 0), keys.addHash(0, 0)]).toEqual([false, true]);
  keys.clear();
  expect(keys.addHash(0, 0)).toBe(false);
});
