import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../session/test-session.ts';

let lab: TestSession;
beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
});
beforeEach(() => void lab.takeRequests());
afterAll(() => lab.close());

test.each([
  "SELECT g.id FROM (VALUES ('lab'), ('nope')) v(s) JOIN okta.group.groups g ON g.subdomain = v.s",
  "SELECT g.id FROM (VALUES ('nope')) v(s) LEFT JOIN okta.group.groups g ON g.subdomain = v.s",
  "SELECT id FROM okta.group.groups WHERE subdomain IN (SELECT 'nope')",
])('an org that a row names and that is none is an error before a request: %s', async (sql) => {
  expect(await lab.failure(sql)).toMatchObject({ code: 'unknown_org', detail: expect.stringContaining('Configured are lab, demo') });
  expect(lab.takeRequests()).toEqual([]);
});

test('orgs that rows name are all read', async () => {
  const rows = await lab.rows(
    "SELECT g.subdomain AS org, count(*)::INT AS n FROM (VALUES ('lab'), ('demo')) v(s) JOIN okta.group.groups g ON g.subdomain = v.s GROUP BY 1 ORDER BY 1",
  );
  expect(rows).toEqual([
    { org: 'demo', n: 34 },
    { org: 'lab', n: 34 },
  ]);
});

test('an org that only the rows of a relation name is never left out in silence', async () => {
  const naming = (name: string): string =>
    `SELECT g.id FROM okta.group.groups g JOIN okta.apitoken.tokens t ON t.subdomain = CASE WHEN g.id IS NULL THEN 'lab' ELSE '${name}' END`;
  expect((await lab.failure(naming('nope'))).code).toBe('unknown_org');
  expect(await lab.failure(naming('demo'))).toMatchObject({
    code: 'unsupported_syntax',
    hint: "name them:  WHERE subdomain IN ('lab', 'demo')",
  });
  expect((await lab.rows(naming('lab'))).length).toBeGreaterThan(0);
});
