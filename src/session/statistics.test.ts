import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Synopsis } from '../exec/synopsis.ts';
import { openStatistics } from './statistics.ts';

it('keeps counts for later sessions in a file of mode 0600, beside what others have learnt', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-statistics-'));
  try {
    const file = join(folder, 'data', 'statistics.json');
    const first = openStatistics(file, () => 5);
    const second = openStatistics(file, () => 7);
    expect(first.rows('lab', 'okta.user.users', '')).toBeUndefined();
    expect(second.rows('lab', 'okta.user.users', '')).toBeUndefined();
    first.record('lab', 'okta.user.users', '', 12_000);
    second.record('lab', 'okta.group.groups', '', 40);
    first.save();
    second.save();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const later = openStatistics(file, () => 9);
    expect([later.rows('lab', 'okta.user.users', ''), later.rows('lab', 'okta.group.groups', '')]).toEqual([
      { rows: 12_000, at: 5 },
      { rows: 40, at: 7 },
    ]);
    later.save();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1 });
    writeFileSync(file, 'damaged');
    expect(openStatistics(file, () => 9).rows('lab', 'okta.user.users', '')).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('puts rows that were added to those that are kept, for later sessions too, and leaves a sample as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-statistics-'));
  try {
    const file = join(folder, 'statistics.json');
    const synopsis = (relation: string, total: number): Synopsis => ({
      relation,
      takenAt: 1,
      total,
      perPage: undefined,
      columns: ['id'],
      rows: [{ id: 'a' }, { id: 'b' }],
      leftOut: {},
      sizes: undefined,
    });
    const first = openStatistics(file, () => 5);
    first.keep('lab', synopsis('okta.user.users', 2));
    first.keep('lab', synopsis('okta.group.groups', 20));
    first.record('lab', 'okta.user.users', '', 2);
    first.record('lab', 'okta.user.users', 'filter=status eq "ACTIVE"', 1);
    for (const relation of ['okta.user.users', 'okta.group.groups']) first.adjust('lab', relation, { rows: 1, row: { id: 'c' } });
    first.adjust('lab', 'okta.user.users', { rows: -1, gone: { column: 'id', value: 'a' } });
    first.save();
    const later = openStatistics(file, () => 9);
    expect(later.synopsis('lab', 'okta.user.users')).toMatchObject({ total: 2, rows: [{ id: 'b' }, { id: 'c' }] });
    expect(later.synopsis('lab', 'okta.group.groups')).toMatchObject({ total: 21, rows: [{ id: 'a' }, { id: 'b' }] });
    expect([later.added('lab', 'okta.user.users'), later.added('lab', 'okta.group.groups')]).toEqual([0, 1]);
    // What was counted under a filter is older than the rows now.
    expect(later.rows('lab', 'okta.user.users', 'filter=status eq "ACTIVE"')).toEqual({ rows: 1, at: 0 });
    later.keep('lab', synopsis('okta.group.groups', 20));
    expect(later.added('lab', 'okta.group.groups')).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
