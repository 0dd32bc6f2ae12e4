import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../session/test-session.ts';
import type { OrgqlError } from '../util/errors.ts';

let lab: TestSession;
const folder = mkdtempSync(join(tmpdir(), 'orgql-cheaper-'));

beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo', dataDirectory: folder });
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What EXPLAIN says would be cheaper, with few calls allowed. */
async function ways(sql: string, maxCalls = 1): Promise<unknown> {
  const [row] = await lab.rows(`EXPLAIN ${sql}`, { maxCalls });
  return (JSON.parse(String(row?.plan_json)) as { readonly cheaper?: unknown }).cheaper;
}

const callsOf = async (sql: string): Promise<number> => {
  lab.takeRequests();
  await lab.rows(sql);
  return lab.takeRequests().length;
};

describe('what would be cheaper', () => {
  test('conditions that the API could take, keys, LIMIT, and counts where there are none', async () => {
    expect(await ways("SELECT id FROM okta.user.users WHERE status = 'ACTIVE'")).toMatchInlineSnapshot(`
      [
        "a condition on created, lastUpdated, activated, statusChanged, type.id or an attribute of profile of okta.user.users, which the API can filter by",
        "naming the rows of okta.user.users, or joining fewer to them, by id (100 to a call), profile.login (50 to a call) or profile.email (50 to a call)",
        "LIMIT, which stops the paging: a call brings up to 200 rows",
        "\`orgql org analyze lab\`, after which the plan goes by the size of okta.user.users, which nothing is known of",
      ]
    `);
  });

  test('a condition on what the API knows, where the query has one on what is made of it', async () => {
    const wrapped = "SELECT id, lastLogin FROM okta.user.users WHERE trim(profile.department) = 'Sales' AND lastLogin < now() ORDER BY id";
    expect(await ways(wrapped)).toMatchInlineSnapshot(`
      [
        "profile.department of okta.user.users compared as it stands, not as in (trim(users."profile.department") = 'Sales'): the API knows the column, not what is made of it",
        "a condition on created, lastUpdated, activated, statusChanged, status, type.id or an attribute of profile of okta.user.users, which the API can filter by",
        "naming the rows of okta.user.users, or joining fewer to them, by id (100 to a call), profile.login (50 to a call) or profile.email (50 to a call)",
        "\`orgql org analyze lab\`, after which the plan goes by the size of okta.user.users, which nothing is known of",
      ]
    `);
    // What says the opposite, or something else, cannot be said otherwise.
    expect(JSON.stringify(await ways("SELECT id FROM okta.user.users WHERE trim(profile.department) <> 'Sales'"))).not.toContain(
      'as it stands',
    );
    for (const said of ["profile.department = 'Sales'", "lower(profile.department) = 'sales'"])
      expect(JSON.stringify(await ways(`SELECT id FROM okta.user.users WHERE ${said}`))).not.toContain('as it stands');
  });

  test('of a list that drives others, fewer rows', async () => {
    const factors =
      "SELECT u.id, f.id FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id WHERE u.status = 'SUSPENDED'";
    const [first] = (await ways(factors)) as string[];
    expect(first).toMatchInlineSnapshot(
      `"a condition on created, lastUpdated, activated, statusChanged, type.id or an attribute of profile of okta.user.users, which the API can filter by: each row less saves a call for okta.userfactor.factors"`,
    );
    expect(await callsOf(`${factors} AND u.created < '2020-01-01'`)).toBeLessThan(await callsOf(factors));
  });

  test('only what the language in use, and what else is sent, leaves room for', async () => {
    // One comparison is all that a filter of apps takes.
    expect(((await ways("SELECT id, label FROM okta.application.apps WHERE status = 'ACTIVE'")) as string[])[0]).toMatchInlineSnapshot(
      `"a condition on label of okta.application.apps, which the API can filter by"`,
    );
    expect(((await ways('SELECT id, label FROM okta.application.apps')) as string[])[0]).toMatchInlineSnapshot(
      `"a condition on status, name, credentials.signing.kid or label of okta.application.apps, which the API can filter by"`,
    );
    // Beside q the API takes no filter.
    expect(await ways("SELECT count(*) FROM okta.user.users WHERE q = 'ada'")).toMatchInlineSnapshot(`
      [
        "\`orgql org analyze lab\`, after which the plan goes by the size of okta.user.users, which nothing is known of",
      ]
    `);
  });

  test('counts that come along with parents, where nothing but counts is wanted of the children', async () => {
    const counted = 'SELECT g.id, count(*) FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id GROUP BY g.id';
    expect(await ways(counted)).toMatchInlineSnapshot(`
      [
        "a condition on lastUpdated, lastMembershipUpdated, created, type, source.id or an attribute of profile of okta.group.groups, which the API can filter by: each row less saves a call for okta.group.users",
        "id = '...' on okta.group.users: the same rows come from okta.user.groups, a list for each value",
        "expand = 'stats' on okta.group.groups: _embedded.stats.usersCount says how many rows of okta.group.users each has, without a list",
        "\`orgql org analyze lab\`, after which the plan goes by the size of okta.group.groups or okta.group.users, which nothing is known of",
      ]
    `);
    expect(await callsOf("SELECT id, _embedded.stats.usersCount FROM okta.group.groups WHERE expand = 'stats'")).toBe(1);
    expect(await callsOf(counted)).toBeGreaterThan(20);
    const named =
      'SELECT g.id, count(m.id), max(m.status) FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id GROUP BY g.id';
    expect(JSON.stringify(await ways(named))).not.toContain('stats');
  });

  test('a parent, or the other side, where all are read', async () => {
    expect(await ways('SELECT groupId, id FROM okta.group.users')).toMatchInlineSnapshot(`
      [
        "groupId = '...' on okta.group.users, or a join on it with fewer rows of okta.group.groups: now it is read along every one",
        "id = '...' on okta.group.users: the same rows come from okta.user.groups, a list for each value",
        "LIMIT, which stops the paging: a call brings up to 200 rows",
      ]
    `);
    expect(await ways('SELECT count(*) FROM okta.policy.policies')).toMatchInlineSnapshot(`
      [
        "type = '...' on okta.policy.policies: now it is asked for each of 12 values",
      ]
    `);
    // The groups of a user do not tell this.
    expect(JSON.stringify(await ways('SELECT groupId, id, status FROM okta.group.users'))).not.toContain('okta.user.groups');
  });

  test('a copy that is there', async () => {
    const sql = "SELECT count(*) FROM okta.user.users WHERE status = 'SUSPENDED'";
    const copies = async (): Promise<unknown> => ((await ways(sql, 0)) as string[]).filter((way) => /max-age|materialized/.test(way));
    expect(await copies()).toEqual([]);
    await lab.rows(sql, { maxAgeMs: 60_000 });
    await lab.effect("CREATE MATERIALIZED VIEW gone AS SELECT id, profile.login FROM okta.user.users WHERE status = 'DEPROVISIONED'");
    try {
      expect(await copies()).toEqual([
        'the materialized view gone, which has what it took from okta.user.users, for no call',
        '--max-age 1m, which takes okta.user.users from what was fetched before',
      ]);
      lab.takeRequests();
      await lab.rows(sql, { maxAgeMs: 60_000 });
      expect(lab.takeRequests()).toEqual([]);
      // Another list is not there.
      expect(JSON.stringify(await ways("SELECT count(*) FROM okta.user.users WHERE status = 'STAGED'", 0))).not.toContain('max-age');
      expect(JSON.stringify(await ways('SELECT count(*) FROM okta.group.groups', 0))).not.toMatch(/max-age|materialized/);
    } finally {
      await lab.effect('DROP MATERIALIZED VIEW gone');
    }
  });

  test('nothing, and EXPLAIN says so', async () => {
    const [row] = await lab.rows('EXPLAIN SELECT name FROM okta.apitoken.tokens', { maxCalls: 0 });
    expect(JSON.parse(String(row?.plan_json))).toMatchObject({ calls: 1, cheaper: [] });
    expect(String(row?.plan).split('\n').at(-1)).toBe(
      'more than --max-calls allows. The planner knows of nothing that would make it cheaper.',
    );
  });

  test('is no question where the calls are allowed', async () => {
    expect(await ways("SELECT id FROM okta.user.users WHERE id = '00u1'")).toBeUndefined();
    const [row] = await lab.rows('EXPLAIN SELECT id FROM okta.user.users');
    expect(JSON.parse(String(row?.plan_json))).not.toHaveProperty('cheaper');
  });
});

test('a statement that is stopped says how to go on, and what would be cheaper', async () => {
  const sql = 'SELECT g.id, count(*) FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id GROUP BY g.id';
  const error = await lab.rows(sql, { maxCalls: 5 }).catch((thrown: unknown) => thrown);
  const { code, hint } = error as OrgqlError;
  expect(code).toBe('limit_reached');
  expect(hint?.replace(folder, 'DATA').replace(/resume\/\S+/, 'resume/X')).toMatchInlineSnapshot(`
    "Allow more calls; cheaper would be:
      - a condition on lastUpdated, lastMembershipUpdated, created, type, source.id or an attribute of profile of okta.group.groups, which the API can filter by: each row less saves a call for okta.group.users
      - id = '...' on okta.group.users: the same rows come from okta.user.groups, a list for each value
      - expand = 'stats' on okta.group.groups: _embedded.stats.usersCount says how many rows of okta.group.users each has, without a list
    To go on from there, run the same statement with --resume-dir DATA/resume/X and more calls."
  `);
  const nothing = (await lab
    .rows('SELECT name FROM okta.apitoken.tokens', { maxCalls: 0 })
    .catch((thrown: unknown) => thrown)) as OrgqlError;
  expect(nothing.hint).toBe('Allow more calls. The planner knows of nothing that would make it cheaper.');
});

test('so does one whose rows stream', async () => {
  const { hint } = (await lab
    .rows('SELECT groupId, id FROM okta.group.users', { maxCalls: 3 })
    .catch((thrown: unknown) => thrown)) as OrgqlError;
  expect(hint).toContain("- groupId = '...' on okta.group.users");
  expect(hint).toContain('--resume-dir');
});
