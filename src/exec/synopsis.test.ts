import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openCatalog } from '../catalog/load.ts';
import { createSample, withoutNames } from './synopsis.ts';

it('keeps ids, times, flags and shared words, and no name, address or word of its own', async () => {
  const catalog = openCatalog({ roots: [resolve(import.meta.dirname, '../../dist/providers')] });
  const relation = await catalog.relation('okta', 'user', 'users');
  const row = (index: number): Record<string, string | boolean | Record<string, string>> => ({
    id: `00uA${String(index).padStart(16, '0')}`,
    status: 'ACTIVE',
    created: '2026-01-01T00:00:00.000Z',
    profile: { login: `ada.${index}@example.com`, firstName: 'Ada', department: 'Sales', nickname: 'x', note: `only ${index}` },
  });
  const { rows, leftOut } = withoutNames(relation, [row(1), row(2), row(3), row(4)]);
  expect(rows[0]).toEqual({
    id: '00uA0000000000000001',
    status: 'ACTIVE',
    created: '2026-01-01T00:00:00.000Z',
    profile: { department: 'Sales' },
  });
  expect(leftOut).toEqual({ 'profile.login': 4, 'profile.firstName': 1, 'profile.nickname': 1, 'profile.note': 4 });
});

it('samples evenly whatever the length', () => {
  const sample = createSample<number>(10);
  for (let index = 0; index < 1000; index++) sample.add(index);
  expect(sample.seen()).toBe(1000);
  expect(sample.rows()).toEqual([0, 128, 256, 384, 512, 640, 768, 896]);
});
