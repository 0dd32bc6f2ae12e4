/* What EXPLAIN says of a counted org is what the statement then does, however it is built; where that cannot be known, a range that holds it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../../src/session/test-session.ts';

let lab: TestSession;
/** A group of eleven users. */
let group: string;

beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
  group = String((await lab.rows("SELECT id FROM okta.group.groups WHERE profile.name = 'On call'"))[0]?.id);
  await lab.session.analyze();
}, 60_000);

afterAll(() => lab.close());

const STATEMENTS: Readonly<Record<string, string>> = {
  'a list that leaves rows out by itself': "SELECT count(*) FROM okta.user.users WHERE status <> 'DEPROVISIONED'",
  'two mentions of one relation':
    'SELECT s.status, (SELECT count(*) FROM okta.user.users u WHERE u.status = s.status) FROM (SELECT DISTINCT status FROM okta.user.users) s',
  'two equal branches':
    "SELECT id FROM okta.user.users WHERE status = 'ACTIVE' AND lastLogin IS NULL UNION ALL SELECT id FROM okta.user.users WHERE status = 'ACTIVE' AND lastLogin > '2026-01-01'",
  'branches that leave out and take':
    "SELECT count(*) FROM okta.user.users WHERE status <> 'DEPROVISIONED' UNION ALL SELECT count(*) FROM okta.user.users WHERE status = 'DEPROVISIONED'",
  'children of the same parents':
    "SELECT (SELECT count(*) FROM okta.group.owners o WHERE o.groupId = g.id), (SELECT count(*) FROM okta.group.owners o WHERE o.groupId = g.id AND o.type = 'USER') FROM okta.group.groups g WHERE g.type = 'OKTA_GROUP'",
  'a driver that is read for itself too':
    'SELECT r.type FROM okta.user.users u JOIN okta.user.roles r ON r.userId = u.id WHERE EXISTS (SELECT 1 FROM okta.iam.assignees a WHERE a.id = u.id)',
  'a subquery with a condition on what was not kept':
    "SELECT a.id FROM okta.group.apps a WHERE a.groupId IN (SELECT id FROM okta.group.groups WHERE type = 'BUILT_IN' AND profile.name = 'Everyone')",
  'a common table expression with such a condition':
    "WITH e AS (SELECT id FROM okta.group.groups WHERE type = 'BUILT_IN' AND profile.name = 'Everyone') SELECT a.id FROM okta.group.apps a, e WHERE a.groupId = e.id",
  'values that were not kept, by way of a derived table':
    "SELECT k.kid FROM (SELECT id, credentials.signing.kid AS kid FROM okta.application.apps WHERE signOnMode = 'SAML_2_0') a JOIN okta.application.keys k ON k.appId = a.id AND k.kid = a.kid",
  'a condition on a derived table': "SELECT id FROM (SELECT * FROM okta.user.users) u WHERE u.status = 'LOCKED_OUT'",
  'counts by a derived table':
    "SELECT a.label, n FROM okta.application.apps a JOIN (SELECT appId, count(*) AS n FROM okta.application.users GROUP BY appId) d ON d.appId = a.id WHERE a.status = 'ACTIVE'",
  'a time of a common table expression':
    'WITH p AS (SELECT now() - INTERVAL 300 DAY AS since) SELECT count(*) FROM okta.user.users u, p WHERE u.created < p.since',
  'a time of a subquery': 'SELECT count(*) FROM okta.user.users WHERE created < (SELECT now() - INTERVAL 300 DAY)',
  'a word of a row':
    "WITH w AS (SELECT 'LOCKED_OUT' AS s) SELECT u.id FROM okta.user.users u, w WHERE u.status = w.s OR u.status = 'STAGED'",
  'a time as text': "SELECT count(*) FROM okta.user.users WHERE datetime(created) < datetime('now', '-300 days')",
  'users by the members of a group': `SELECT u.id FROM okta.user.users u WHERE u.id IN (SELECT m.id FROM okta.group.users m WHERE m.groupId = '{group}')`,
  'children of users by the members of a group': `SELECT f.id FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id WHERE EXISTS (SELECT 1 FROM okta.group.users m WHERE m.id = u.id AND m.groupId = '{group}')`,
  'children of some users who came along with the members of a group': `SELECT f.id FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id SEMI JOIN okta.group.users m ON m.id = u.id AND m.groupId = '{group}' WHERE u.status <> 'DEPROVISIONED'`,
  'children of a parent that a subquery names':
    "SELECT a.id FROM okta.group.apps a WHERE a.groupId = (SELECT id FROM okta.group.groups WHERE profile.name = 'Engineering')",
  'a time that is computed with': 'SELECT count(*) FROM okta.user.users WHERE created + INTERVAL 300 DAY < now()',
};

interface Explained {
  readonly calls: number | null;
  readonly range?: { readonly from: number; readonly to: number };
  readonly steps: readonly { readonly basis: string }[];
  readonly text: string;
}

/** What EXPLAIN says, and how many calls the statement then makes. */
async function explain(statement: string): Promise<{ readonly explained: Explained; readonly made: number }> {
  const sql = statement.replaceAll('{group}', group);
  lab.takeRequests();
  const [row] = await lab.rows(`EXPLAIN ${sql}`);
  expect(lab.takeRequests()).toEqual([]);
  const [text, json] = Object.values(row ?? {});
  const explained = { ...(JSON.parse(String(json)) as Explained), text: String(text) };
  await lab.rows(sql);
  return { explained, made: lab.takeRequests().length };
}

describe('EXPLAIN tells the calls of', () => {
  test.each(Object.entries(STATEMENTS))('%s', async (_, sql) => {
    const { explained, made } = await explain(sql);
    expect(explained.calls, `explained ${explained.calls}, made ${made}`).not.toBeNull();
    expect(Math.abs(Number(explained.calls) - made), `explained ${explained.calls}, made ${made}`).toBeLessThanOrEqual(0.1 * made);
  });
});

const RANGES: Readonly<Record<string, { readonly sql: string; readonly range: { readonly from: number; readonly to: number } }>> = {
  'a LIMIT beside a condition that the API does not see': {
    sql: 'SELECT id FROM okta.user.users WHERE length(profile.login) > 20 LIMIT 1',
    range: { from: 1, to: 2 },
  },
  'the list of a parent that a join names': {
    sql: "SELECT m.id FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id WHERE g.profile.name = 'Employees'",
    range: { from: 1, to: 3 },
  },
  'the list of a parent that a subquery names': {
    sql: "SELECT id FROM okta.group.users WHERE groupId = (SELECT id FROM okta.group.groups WHERE profile.name = 'Employees')",
    range: { from: 1, to: 3 },
  },
  'the list of any parent': {
    sql: 'SELECT id FROM okta.group.users WHERE groupId = (SELECT id FROM okta.group.groups LIMIT 1)',
    range: { from: 1, to: 3 },
  },
  'those of some users who may have rows': {
    sql: "SELECT r.type FROM okta.user.users u JOIN okta.user.roles r ON r.userId = u.id WHERE EXISTS (SELECT 1 FROM okta.group.users m WHERE m.id = u.id AND m.groupId = '{group}')",
    range: { from: 3, to: 17 },
  },
  'the lists of the first rows in an order that the API does not know': {
    sql: 'SELECT m.id FROM (SELECT id FROM okta.group.groups ORDER BY created DESC LIMIT 2) g JOIN okta.group.users m ON m.groupId = g.id',
    range: { from: 3, to: 5 },
  },
  'children of those who are in two groups': {
    sql: `SELECT f.id FROM okta.userfactor.factors f WHERE f.userId IN
      (SELECT a.id FROM okta.group.users a JOIN okta.group.users b ON a.id = b.id WHERE a.groupId = '{group}' AND b.groupId = '{group}')`,
    range: { from: 1, to: 15 },
  },
};

describe('EXPLAIN tells a range for', () => {
  test.each(Object.entries(RANGES))('%s', async (_, { sql, range }) => {
    const { explained, made } = await explain(sql);
    expect(explained).toMatchObject({ calls: null, range });
    expect(explained.steps.map(({ basis }) => basis)).toContain('guess');
    expect(explained.text).toContain(`total: unknown calls (${range.from} to ${range.to}), `);
    expect(made).toBeGreaterThanOrEqual(range.from);
    expect(made).toBeLessThanOrEqual(range.to);
  });

  test('what may take more calls than are allowed, and says then what would be cheaper', async () => {
    const cheaper = async (maxCalls: number): Promise<unknown> => {
      const [row] = await lab.rows('EXPLAIN SELECT id FROM okta.user.users WHERE length(profile.login) > 20 LIMIT 1', { maxCalls });
      return (JSON.parse(String(Object.values(row ?? {})[1])) as { readonly cheaper?: unknown }).cheaper;
    };
    expect(await cheaper(2)).toBeUndefined();
    expect(await cheaper(1)).toEqual(expect.arrayContaining([expect.stringContaining('okta.user.users')]));
  });
});
