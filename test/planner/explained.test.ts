/* What EXPLAIN says of a counted org is what the statement then does, however it is built. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../../src/session/test-session.ts';

let lab: TestSession;

beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
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
  'a time that is computed with': 'SELECT count(*) FROM okta.user.users WHERE created + INTERVAL 300 DAY < now()',
};

describe('EXPLAIN tells the calls of', () => {
  test.each(Object.entries(STATEMENTS))('%s', async (_, sql) => {
    lab.takeRequests();
    const [row] = await lab.rows(`EXPLAIN ${sql}`);
    expect(lab.takeRequests()).toEqual([]);
    const { calls } = JSON.parse(String(Object.values(row ?? {})[1])) as { calls: number | null };
    await lab.rows(sql);
    const made = lab.takeRequests().length;
    expect(calls, `explained ${calls}, made ${made}`).not.toBeNull();
    expect(Math.abs(Number(calls) - made), `explained ${calls}, made ${made}`).toBeLessThanOrEqual(0.1 * made);
  });
});
