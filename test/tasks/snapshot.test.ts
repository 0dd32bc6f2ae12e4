/* Task 43 as one run: everything of an org into Parquet files, in no more calls than its lists have pages, killed and gone on with. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { APPS, appGroups, appUsers } from '../../src/emulator/families/apps/store.ts';
import { POLICIES, rulesOf } from '../../src/emulator/families/policies/store.ts';
import { memberIds } from '../../src/emulator/membership.ts';
import { isBuilt, runKilled } from '../../src/exec/pages/test-kill.ts';
import type { SnapshotManifest } from '../../src/exec/snapshot.ts';
import { type OpenOrg, openOrg } from './open-org.ts';
import { NOW } from './task.ts';

const RELATIONS = [
  'okta.user.users',
  'okta.group.groups',
  'okta.group.users',
  'okta.application.apps',
  'okta.application.users',
  'okta.application.groups',
  'okta.policy.policies',
  'okta.policy.rules',
];
const IN_FLIGHT = 2;
const POLICY_TYPES = 12;

let org: OpenOrg;
let home: string;
beforeAll(async () => {
  org = await openOrg({ seed: 'demo', now: NOW });
  home = mkdtempSync(join(tmpdir(), 'orgql-backup-'));
  writeFileSync(
    join(home, 'orgql.yaml'),
    `default_org: acme\norgs:\n  acme: { org_url: ${org.url}, token: ${JSON.stringify(org.emulator.token)}, max_concurrency: 1 }\n`,
  );
});
afterAll(async () => {
  await org.close();
  rmSync(home, { recursive: true, force: true });
});

/** Rows of each relation, and the pages that the lists of it have: at least one a list. */
function contents(): { readonly rows: readonly number[]; readonly pages: number } {
  const records = org.emulator.org;
  const [groups, apps, policies] = [records.groups.list(), records.collection(APPS).list(), records.collection(POLICIES).list()];
  const members = groups.map(({ id }) => memberIds(records, id).length);
  const users = apps.map(({ id }) => appUsers(records).rightsOf(id).length);
  const assigned = apps.map(({ id }) => appGroups(records).rightsOf(id).length);
  const rules = policies.map(({ id }) => rulesOf(records, id).length);
  const pagesOf = (sizes: readonly number[], size: number): number =>
    sizes.reduce((sum, count) => sum + Math.max(1, Math.ceil(count / size)), 0);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    rows: [records.users.size, groups.length, sum(members), apps.length, sum(users), sum(assigned), policies.length, sum(rules)],
    pages:
      pagesOf([records.users.size], 200) +
      pagesOf([groups.length], 200) +
      pagesOf(members, 200) +
      pagesOf([apps.length], 200) +
      pagesOf(users, 500) +
      pagesOf(assigned, 200) +
      POLICY_TYPES +
      pagesOf(rules, Number.POSITIVE_INFINITY),
  };
}

const manifestOf = (directory: string): SnapshotManifest =>
  JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as SnapshotManifest;
const named = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.parquet') && !name.startsWith('.unfinished'),
  );
const snapshot = (directory: string, kill: string, ...more: readonly string[]): ReturnType<typeof runKilled> =>
  runKilled(['snapshot', ...RELATIONS, '--to', directory, '--config', join(home, 'orgql.yaml'), ...more], kill, home);
const NEVER = '1000000:after';

test.skipIf(!isBuilt)('eight relations take a call for each page of their lists', { timeout: 60_000 }, async () => {
  const directory = join(home, 'whole');
  const { rows, pages } = contents();
  org.takeRequests();
  expect(await snapshot(directory, NEVER)).toBe(0);
  const requests = org.takeRequests().length;
  const manifest = manifestOf(directory);
  expect(manifest.files.map((file) => [file.relation, file.rows])).toEqual(RELATIONS.map((relation, index) => [relation, rows[index]]));
  expect(manifest.files.every(({ receipt }) => receipt.complete)).toBe(true);
  expect(requests).toBeLessThanOrEqual(Math.floor(1.02 * pages));
  expect(manifest.files.reduce((sum, { receipt }) => sum + receipt.requests, 0)).toBe(requests);
});

test.skipIf(!isBuilt).each(['12:half', '70:after', `${40 + Math.floor(Math.random() * 80)}:before`, 'rename:6:after'])(
  'killed at %s and gone on with, they take no more than what was under way again',
  { timeout: 60_000 },
  async (point) => {
    const directory = join(home, `killed-${point.replaceAll(':', '-')}`);
    const { rows, pages } = contents();
    org.takeRequests();
    expect(await snapshot(directory, point)).toBe('SIGKILL');
    expect(existsSync(join(directory, 'manifest.json'))).toBe(false);
    if (!point.startsWith('rename')) expect(named(directory)).toEqual([]);
    expect(await snapshot(directory, NEVER, '--resume')).toBe(0);
    expect(org.takeRequests().length).toBeLessThanOrEqual(Math.floor(1.02 * pages) + IN_FLIGHT);
    expect(manifestOf(directory).files.map((file) => file.rows)).toEqual(rows);
    expect(named(directory)).toHaveLength(RELATIONS.length);
  },
);
