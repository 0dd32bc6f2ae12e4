import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestSession, type TestSession } from './test-session.ts';

let lab: TestSession;
beforeEach(async () => {
  // An index that never comes to know what was written.
  lab = await openTestSession({ seed: 'demo', indexDelayMs: 3_600_000 });
});
afterEach(() => lab.close());

const count = async (sql: string): Promise<number> => Number((await lab.rows(sql))[0]?.n);
const NEW_USER = `INSERT INTO okta.user.users (data__profile) SELECT '{"firstName":"A","lastName":"B","email":"new@example.com","login":"new@example.com"}'`;

test('after a write of this session users are read from the primary, deprovisioned ones too, however they are asked for', async () => {
  const users = 'SELECT count(*) AS n FROM okta.user.users';
  const named = "SELECT count(*) AS n FROM okta.user.users WHERE profile.displayName IS NULL AND profile.login LIKE 'new@%'";
  const before = await count(users);
  await lab.effect(NEW_USER);
  lab.takeRequests();
  expect(await count(users)).toBe(before + 1);
  expect(await count(named)).toBe(1);
  expect(await count(`${users} WHERE profile.lastName = 'B'`)).toBe(1);
  expect(lab.takeRequests().filter((request) => request.includes('search='))).toEqual([]);
});

test('so are groups, and a LIMIT with a sort', async () => {
  await lab.effect(`INSERT INTO okta.group.groups (data__profile) SELECT '{"name":"New group"}'`);
  expect(await count("SELECT count(*) AS n FROM okta.group.groups WHERE profile.name LIKE 'New%'")).toBe(1);
  expect((await lab.rows('SELECT profile.name AS name FROM okta.group.groups ORDER BY created DESC LIMIT 1'))[0]?.name).toBe('New group');
});

test('what was not written is read as ever', async () => {
  await lab.effect(`INSERT INTO okta.group.groups (data__profile) SELECT '{"name":"New group"}'`);
  lab.takeRequests();
  await count('SELECT count(*) AS n FROM okta.user.users');
  expect(lab.takeRequests().every((request) => request.includes('search='))).toBe(true);
});
