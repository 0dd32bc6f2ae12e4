import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestSession, rowsOf, type TestSession } from '../session/test-session.ts';

let lab: TestSession;
beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
});
afterAll(() => lab.close());

async function notices(sql: string): Promise<string[]> {
  const cursor = await lab.session.query(sql);
  await rowsOf(cursor);
  return cursor.receipt().relations.flatMap((relation) => relation.notices);
}

test.each([
  [
    "SELECT id FROM okta.user.users WHERE status = 'ACTVE'",
    'okta.user.users: "ACTVE" is no word that status is described to have; did you mean "ACTIVE"?',
  ],
  [
    "SELECT count(*) FROM okta.user.users WHERE status IN ('ACTIVE', 'suspended')",
    'okta.user.users: "suspended" is no word that status is described to have; did you mean "SUSPENDED"?',
  ],
])('a word that the attribute is not described to have is told: %s', async (sql, told) => {
  expect(await notices(sql)).toContain(told);
});

test.each([
  "SELECT id FROM okta.user.users WHERE status IN ('ACTIVE', 'SUSPENDED')",
  "SELECT id FROM okta.user.users WHERE profile.department = 'Nowhere'",
  "SELECT id FROM okta.user.users WHERE status <> 'ACTVE'",
  "SELECT uuid FROM okta.log.logs WHERE eventType = 'user.session.begin' AND since = now() - INTERVAL 1 DAY",
])('nothing is told of what has no list of words, or is not asked for: %s', async (sql) => {
  expect((await notices(sql)).filter((notice) => notice.includes('described'))).toEqual([]);
});

test('a search that the API makes itself says which rows it leaves out', async () => {
  expect(await notices("SELECT id FROM okta.user.users WHERE q = 'larsen'")).toContain(
    'okta.user.users: q finds no rows with status DEPROVISIONED',
  );
});
