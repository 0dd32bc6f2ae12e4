import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openEngine } from './open-engine.ts';
import { isoWriter } from './timestamps.ts';

test('times are written as Date writes them', () => {
  const text = isoWriter();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8_000_000_000_000 }), (ms) => text(ms) === new Date(ms).toISOString()),
    { numRuns: 300 },
  );
  for (const ms of [0, 999, 86_399_999, 86_400_000, 951_827_696_789]) expect(text(ms)).toBe(new Date(ms).toISOString());
});

test('a column of times has NULLs, microseconds, years before 1970 and infinity', async () => {
  const engine = await openEngine();
  const values = [
    '2025-09-22 07:00:23+00',
    '2025-09-22 07:00:23.123456+00',
    '1969-12-31 23:59:59.999+00',
    'infinity',
    '12025-01-01 00:00:00+00',
  ];
  const rows = [...values.map((value) => `TIMESTAMPTZ '${value}'`), 'NULL'].join('), (');
  expect((await engine.rows(`FROM (VALUES (${rows})) t(moment)`)).rows.flat()).toEqual([
    '2025-09-22T07:00:23.000Z',
    '2025-09-22T07:00:23.123456Z',
    '1969-12-31T23:59:59.999Z',
    'infinity',
    '+012025-01-01T00:00:00.000Z',
    null,
  ]);
  await engine.close();
});
