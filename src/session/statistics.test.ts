import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
