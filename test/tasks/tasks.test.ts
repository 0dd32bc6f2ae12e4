/*
 * What administrators ask of an org of 12,000 users: each answer equals one computed over the org's own records, and costs no more calls than it must.
 * Each statement has a session of its own, so none profits from what another has learned. EXPLAIN knows what one `org analyze` has counted.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assignUser, unassignUser } from '../../src/emulator/families/apps/assignments.ts';
import { APPS, appGroups, appUsers } from '../../src/emulator/families/apps/store.ts';
import { POLICIES } from '../../src/emulator/families/policies/store.ts';
import { administratorIds } from '../../src/emulator/families/roles/assignments.ts';
import { memberIds } from '../../src/emulator/membership.ts';
import type { Org } from '../../src/emulator/org.ts';
import { makeReferenceFiles } from '../reference/files.ts';
import { applications, assignments } from './applications.ts';
import { backup } from './backup.ts';
import { groups } from './groups.ts';
import { growByAFifth } from './grow.ts';
import { logs } from './logs.ts';
import { type OpenOrg, openOrg, runQuery, sorted } from './open-org.ts';
import { policies } from './policies.ts';
import { posture } from './posture.ts';
import { privilege } from './privilege.ts';
import { NOW, type Row, type Task } from './task.ts';

let org: OpenOrg;
let counted: string;

beforeAll(async () => {
  org = await openOrg({ seed: 'reference', now: NOW });
  counted = mkdtempSync(join(tmpdir(), 'orgql-tasks-'));
  const session = await org.openSession(join(counted, 'known'));
  const { calls, skipped } = await session.analyze();
  await session.close();
  expect(calls).toBe(org.takeRequests().length);
  expect(skipped).toEqual([]);
}, 240_000);
afterAll(async () => {
  await org.close();
  rmSync(counted, { recursive: true, force: true });
});

const tasks: readonly Task[] = [...posture, ...privilege, ...groups, ...applications, ...policies, ...logs, ...backup];
const columnsOf = (rows: readonly Row[], positions: readonly number[]): unknown[] =>
  rows.map((row) => positions.map((position) => row[position]));
const mostCalls = (floor: number, emptyPages: number): number => Math.floor(Math.max(floor, 1.02 * floor)) + emptyPages;

interface Explained {
  readonly calls: number | null;
  readonly range?: { readonly from: number; readonly to: number };
  readonly steps: readonly { readonly basis: string }[];
}

/** What EXPLAIN says, having sent nothing. */
async function explain(sql: string): Promise<Explained> {
  const session = await org.openSession(join(counted, 'known'));
  org.takeRequests();
  const { rows } = await runQuery(session, `EXPLAIN ${sql}`);
  await session.close();
  expect(org.takeRequests()).toEqual([]);
  return JSON.parse(String(rows[0]?.[1])) as Explained;
}

const isWithinATenth = (explained: number | null, actual: number): boolean =>
  explained !== null && Math.abs(explained - actual) <= 0.1 * actual;

/** Calls of each task in the org as it was counted. */
const before = new Map<string, number>();

describe.each(tasks)('task $name', ({ name, sql, answer, order, floor, emptyPages = 0 }) => {
  test('gives the right rows, whole, in the fewest calls', { timeout: 120_000 }, async () => {
    const session = await org.openSession();
    org.takeRequests();
    const { rows, receipt } = await runQuery(session, sql);
    const requests = org.takeRequests();
    await session.close();
    const expected = answer(org.emulator.org);
    expect(expected.length).toBeGreaterThan(0);
    expect(sorted(rows)).toEqual(sorted(expected));
    if (order !== undefined) expect(columnsOf(rows, order)).toEqual(columnsOf(expected, order));
    expect(receipt).toMatchObject({ complete: true, rows: expected.length, requests: requests.length, throttled: 0 });
    expect(requests.length, requests.slice(0, 40).join('\n')).toBeLessThanOrEqual(mostCalls(floor, emptyPages));
    const { calls } = await explain(sql);
    // Whoever knows the org may go another way.
    const actual = isWithinATenth(calls, requests.length) ? requests.length : await callsOf(sql);
    expect(actual).toBeLessThanOrEqual(mostCalls(floor, emptyPages));
    expect(isWithinATenth(calls, actual), `explained ${calls}, actual ${actual}`).toBe(true);
    before.set(name, actual);
  });
});

/** Requests of a statement in a session that knows what was counted, of which nothing is learnt. */
async function callsOf(sql: string): Promise<number> {
  const copy = join(counted, 'copy');
  cpSync(join(counted, 'known'), copy, { recursive: true });
  const session = await org.openSession(copy);
  org.takeRequests();
  await runQuery(session, sql);
  await session.close();
  rmSync(copy, { recursive: true });
  return org.takeRequests().length;
}

describe('task 27: assignments that have come and gone since a snapshot', () => {
  test('the snapshot and the comparison each read every assignment once', { timeout: 60_000 }, async () => {
    const records = org.emulator.org;
    const session = await org.openSession();
    org.takeRequests();
    await runQuery(
      session,
      `CREATE MATERIALIZED VIEW snap_app_users AS
       SELECT a.id AS appId, x.id, x.scope, x.status
       FROM okta.application.apps a JOIN okta.application.users x ON x.appId = a.id;`,
    );
    expect(org.takeRequests().length).toBeLessThanOrEqual(mostCalls(389, 1));
    expect((await runQuery(session, 'SELECT count(*) FROM snap_app_users')).rows).toEqual([[60_000]]);

    const apps = records.collection(APPS).list();
    const byHand = assignments(records, apps).find(({ scope }) => scope === 'USER');
    const [vacant] = apps.filter((app) => app.status === 'ACTIVE' && appUsers(records).rightsOf(app.id).length === 0);
    const newcomer = records.users.get('00uX0000000000000001');
    if (byHand === undefined || vacant === undefined || newcomer === undefined) throw new Error('The org has not what the test changes');
    unassignUser(records, byHand.app.id, byHand.userId);
    assignUser(records, vacant, newcomer);
    const isGone = !appUsers(records).has(byHand.app.id, byHand.userId);
    const { rows, receipt } = await runQuery(
      session,
      `WITH cur AS (SELECT a.id AS appId, x.id FROM okta.application.apps a JOIN okta.application.users x ON x.appId = a.id)
       SELECT 'added' AS change, c.appId, c.id FROM cur c
       LEFT JOIN snap_app_users s ON s.appId = c.appId AND s.id = c.id WHERE s.id IS NULL
       UNION ALL
       SELECT 'removed', s.appId, s.id FROM snap_app_users s
       LEFT JOIN cur c ON c.appId = s.appId AND c.id = s.id WHERE c.id IS NULL;`,
    );
    expect(sorted(rows)).toEqual(
      sorted([['added', vacant.id, newcomer.id], ...(isGone ? [['removed', byHand.app.id, byHand.userId]] : [])]),
    );
    expect(isGone).toBe(true);
    expect(receipt.complete).toBe(true);
    expect(org.takeRequests().length).toBeLessThanOrEqual(mostCalls(389, 1));
    await session.close();
  });
});

describe('task 39: people who leave, by a list of logins', () => {
  test('the list is looked up fifty to a call, and explained so', { timeout: 60_000 }, async () => {
    const { leavers } = makeReferenceFiles(org.emulator.org);
    const list = leavers.rows.map((login) => `('${login.replaceAll("'", "''")}')`).join(', ');
    const sql = `SELECT l.login FROM (VALUES ${list}) l(login) ANTI JOIN okta.user.users u ON u.profile.login = l.login`;
    const session = await org.openSession();
    org.takeRequests();
    const { rows } = await runQuery(session, sql);
    await session.close();
    const requests = org.takeRequests();
    expect(sorted(rows)).toEqual(sorted(leavers.unknown.map((login): Row => [login])));
    expect(requests.length).toBeLessThanOrEqual(8);
    expect((await explain(sql)).calls).toBe(requests.length);
  });
});

describe('an org that has grown by a fifth since it was counted', () => {
  let populations: readonly number[];
  beforeAll(async () => {
    // Where this is run by itself.
    for (const { name, sql } of tasks) if (!before.has(name)) before.set(name, await callsOf(sql));
    populations = populationsOf(org.emulator.org);
    growByAFifth(org.emulator.org);
  }, 240_000);

  test('has a fifth more of everything', () => {
    const ratios = populationsOf(org.emulator.org).map((count, index) => (count / (populations[index] ?? 0)).toFixed(3));
    expect(ratios).toEqual(populations.map(() => '1.200'));
  });

  test.each(tasks)('task $name is still explained within a tenth of the calls, before and after', { timeout: 120_000 }, async (task) => {
    const { calls, range } = await explain(task.sql);
    const counted = before.get(task.name) ?? 0;
    const actual = await callsOf(task.sql);
    const why = `explained ${calls}, ${counted} when it was counted, ${actual} now`;
    expect(isWithinATenth(calls, counted), why).toBe(true);
    if (Math.ceil(0.9 * actual) <= Math.floor(1.1 * counted)) expect(isWithinATenth(calls, actual), why).toBe(true);
    else {
      // No whole number is within a tenth of both, as lists of a few pages have grown by up to a page more than a fifth: each end of the range is.
      expect(calls, why).toBe(Math.floor(1.1 * counted));
      expect(isWithinATenth(range?.from ?? null, counted), why).toBe(true);
      expect(isWithinATenth(range?.to ?? null, actual), why).toBe(true);
    }
  });
});

/** How many there are of what the tasks look at. */
function populationsOf(records: Org): readonly number[] {
  const users = [...records.users.values()];
  const groups = records.groups.list();
  const apps = records.collection(APPS).list();
  const statuses = ['ACTIVE', 'STAGED', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'SUSPENDED', 'DEPROVISIONED'];
  return [
    ...statuses.map((status) => users.filter((user) => user.status === status).length),
    users.filter((user) => user.status === 'ACTIVE' && user.profile.department === 'Sales').length,
    groups.length,
    memberIds(records, '00gSALES000000000001').length,
    memberIds(records, records.everyoneId).length,
    administratorIds(records).length,
    records.groupRules.size,
    records.apiTokens.size,
    records.logs.size,
    records.collection(POLICIES).size,
    apps.length,
    apps.filter((app) => app.signOnMode === 'SAML_2_0').length,
    apps.reduce((sum, app) => sum + appUsers(records).countRights(app.id), 0),
    apps.reduce((sum, app) => sum + appGroups(records).countRights(app.id), 0),
  ];
}
