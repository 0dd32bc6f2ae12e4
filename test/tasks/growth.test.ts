/*
 * What EXPLAIN knows of an org that has grown since it was analyzed: how much, where orgql has made the rows itself or has since read a
 * list whole.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memberIds } from '../../src/emulator/membership.ts';
import { bulkUsers } from '../../src/emulator/seeds/bulk-users.ts';
import type { ExplainStep } from '../../src/exec/explain.ts';
import type { Session } from '../../src/session-types.ts';
import { backup } from './backup.ts';
import { type OpenOrg, openOrg, runQuery } from './open-org.ts';
import { posture } from './posture.ts';
import { smallOrg } from './small-org.ts';
import { NOW } from './task.ts';

interface Explained {
  readonly calls: number | null;
  readonly range?: { readonly from: number; readonly to: number };
  readonly steps: readonly ExplainStep[];
}

const EVERYBODY = 'SELECT id, status FROM okta.user.users';
const FACTORS = posture.find(({ name }) => name.startsWith('1:'))?.sql ?? '';
const ALL_FACTORS = 'SELECT u.id, f.id FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id';
const MEMBERS = backup.find(({ name }) => name === '43: every membership')?.sql ?? '';

let org: OpenOrg;
let folder: string;
let counted: string;
let session: Session;

/** A fresh org that was analyzed, and a session that knows of it. */
async function open(): Promise<void> {
  org = await openOrg({ seed: smallOrg, now: NOW });
  folder = mkdtempSync(join(tmpdir(), 'orgql-growth-'));
  counted = join(folder, 'counted');
  const first = await org.openSession(counted);
  await first.analyze();
  await first.close();
  session = await org.openSession(counted);
}

async function close(): Promise<void> {
  await org.close();
  rmSync(folder, { recursive: true, force: true });
}

async function explain(sql: string): Promise<Explained> {
  org.takeRequests();
  const { rows } = await runQuery(session, `EXPLAIN ${sql}`);
  expect(org.takeRequests()).toEqual([]);
  return JSON.parse(String(rows[0]?.[1])) as Explained;
}

/** Calls of a session that knows the same, of which nothing is learnt. */
async function callsOf(sql: string): Promise<number> {
  const copy = join(folder, `copy-${Math.random()}`);
  cpSync(counted, copy, { recursive: true });
  const other = await org.openSession(copy);
  org.takeRequests();
  await runQuery(other, sql);
  await other.close();
  return org.takeRequests().length;
}

const changed = async (sql: string): Promise<void> => {
  await runQuery(session, sql);
};

describe('the figure of EXPLAIN', () => {
  beforeAll(open, 60_000);
  afterAll(close);

  test('the figures of steps add up to one that holds for the whole, where each alone is too small to have room for a tenth', {
    timeout: 60_000,
  }, async () => {
    // A tenth of six pages is none, of twice six it is one.
    const { calls, range, steps } = await explain(
      `SELECT u.id, g.id FROM okta.user.users u CROSS JOIN okta.group.groups g WHERE u.status <> 'DEPROVISIONED'
       UNION ALL SELECT u.id, u.status FROM okta.user.users u WHERE u.status <> 'SUSPENDED'`,
    );
    expect(steps.map((step) => [step.relation, step.range?.from, step.range?.to, step.calls])).toEqual([
      ['okta.group.groups', undefined, undefined, 1],
      ['okta.user.users', 6, 7, 6],
      ['okta.user.users', 6, 8, 7],
    ]);
    expect(calls).toBe(14);
    expect(range).toEqual({ from: 13, to: 16 });
    // Of many calls it is a tenth above what was counted, but no more than a fifth more of everything would take.
    const many = await explain(ALL_FACTORS);
    expect(many.calls).toBe(Math.floor(1.1 * (many.range?.from ?? 0)));
    expect(many.calls).toBeGreaterThan(1000);
    const some = await explain(
      "SELECT u.id FROM okta.group.groups g, okta.policy.policies p, okta.user.users u WHERE u.status <> 'DEPROVISIONED'",
    );
    expect(some).toMatchObject({ calls: 20, range: { from: 19, to: 20 } });
  });
});

describe('what orgql itself has added or taken away', () => {
  // Each test leaves the counts right, so that the next can go on with them.
  beforeAll(open, 60_000);
  afterAll(close);

  test('a user who is only deactivated, and a row that is refused, change nothing', async () => {
    const login = [...org.emulator.org.users.values()][0]?.profile.login;
    await changed("DELETE FROM okta.user.users WHERE id IN (SELECT id FROM okta.user.users WHERE status = 'STAGED' LIMIT 3)");
    await expect(
      changed(
        `INSERT INTO okta.user.users (data__profile) VALUES ('{"login":"${login}","email":"a@example.com","firstName":"A","lastName":"B"}')`,
      ),
    ).rejects.toThrow();
    const { steps, range } = await explain(EVERYBODY);
    expect(steps[0]).not.toHaveProperty('added');
    expect(range?.from).toBe(await callsOf(EVERYBODY));
  });

  test('a group that is made is taken to be like the others, and one that is deleted has no list', { timeout: 60_000 }, async () => {
    const { range } = await explain(MEMBERS);
    const mean = ((range?.from ?? 0) - 1) / 100;
    await changed("INSERT INTO okta.group.groups (data__profile) SELECT json_object('name', 'new-' || i) FROM range(20) t(i)");
    expect((await explain(MEMBERS)).range?.from).toBe(Math.round((range?.from ?? 0) + 20 * mean));
    expect(await callsOf(MEMBERS)).toBe((range?.from ?? 0) + 20);
    await changed("DELETE FROM okta.group.groups WHERE profile.name LIKE 'new-%'");
    expect(await explain(MEMBERS)).toMatchObject({ range: { from: range?.from } });
  });

  test('members are counted in where they were added, and there alone', { timeout: 60_000 }, async () => {
    const { emulator } = org;
    const [full] = emulator.org.groups
      .list()
      .filter((group) => group.type === 'OKTA_GROUP' && memberIds(emulator.org, group.id).length === 250);
    const id = full?.id ?? '';
    const one = `SELECT id FROM okta.group.users WHERE groupId = '${id}'`;
    expect((await explain(one)).calls).toBe(2);
    const all = await explain(MEMBERS);
    await changed(
      `INSERT INTO okta.group.users (groupId, userId) SELECT '${id}', u.id FROM okta.user.users u
       WHERE u.id NOT IN (SELECT m.id FROM okta.group.users m WHERE m.groupId = '${id}') AND u.status = 'ACTIVE' LIMIT 151`,
    );
    expect(await callsOf(one)).toBe(3);
    expect((await explain(one)).calls).toBe(3);
    expect((await explain(MEMBERS)).range?.from).toBe((all.range?.from ?? 0) + 1);
    await changed(`DELETE FROM okta.group.users WHERE groupId = '${id}'`);
    expect((await explain(one)).calls).toBe(1);
    expect((await explain(one)).steps[0]).toMatchObject({ added: -250 });
  });

  test('users are counted in, and so are the calls that each of them takes', { timeout: 60_000 }, async () => {
    const factors = await explain(ALL_FACTORS);
    const active = await explain(FACTORS);
    await changed(
      `INSERT INTO okta.user.users (data__profile) SELECT json_object('login', login, 'email', login, 'firstName', 'A', 'lastName', 'B')
       FROM (SELECT 'new' || i || '@example.com' AS login FROM range(600) t(i))`,
    );
    const users = await explain(EVERYBODY);
    expect(users.range?.from).toBe(await callsOf(EVERYBODY));
    expect(users.steps[0]).toMatchObject({ basis: 'statistics', added: 600 });
    const text = String((await runQuery(session, `EXPLAIN ${EVERYBODY}`)).rows[0]?.[0]);
    expect(text).toContain('; goes by 600 rows that orgql has added since');
    const after = await explain(ALL_FACTORS);
    const actual = await callsOf(ALL_FACTORS);
    expect(actual).toBeGreaterThan(1.4 * (factors.range?.from ?? 0));
    expect(Math.abs((after.calls ?? 0) - actual), `explained ${after.calls}, actual ${actual}`).toBeLessThanOrEqual(0.1 * actual);
    // None of them is active, as their answers said.
    expect((await explain(FACTORS)).range).toEqual(active.range);
    expect(await callsOf(FACTORS)).toBe(active.range?.from);
    const fresh = "SELECT id FROM okta.user.users WHERE status IN ('STAGED', 'PROVISIONED')";
    expect((await explain(fresh)).range?.from).toBe(await callsOf(fresh));
    // Another session finds it kept, and a count of them all takes its place.
    await session.close();
    session = await org.openSession(counted);
    expect((await explain(EVERYBODY)).steps[0]).toMatchObject({ added: 600 });
    await changed(EVERYBODY);
    expect((await explain(EVERYBODY)).steps[0]).not.toHaveProperty('added');
    expect((await explain(EVERYBODY)).range?.from).toBe(users.range?.from);
  });
});

describe('what a list that was read whole since has shown', () => {
  beforeEach(open, 60_000);
  afterEach(close);

  test.each([
    { of: 'everybody', sql: EVERYBODY },
    { of: 'those that the query asks for', sql: "SELECT id FROM okta.user.users WHERE status = 'ACTIVE'" },
  ])('of $of scales what is asked of each', { timeout: 60_000 }, async ({ sql }) => {
    const before = await explain(FACTORS);
    bulkUsers(org.emulator.org, 720);
    expect((await explain(FACTORS)).calls).toBe(before.calls);
    await changed(sql);
    const { calls } = await explain(FACTORS);
    const actual = await callsOf(FACTORS);
    expect(actual).toBeGreaterThan(1.5 * (before.range?.from ?? 0));
    expect(Math.abs((calls ?? 0) - actual), `explained ${calls}, actual ${actual}`).toBeLessThanOrEqual(0.1 * actual);
  });
});
