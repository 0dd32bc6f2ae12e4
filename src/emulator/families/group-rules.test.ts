import { beforeEach, expect, test } from 'vitest';
import { createTestClient, newUser, type TestClient } from '../test-client.ts';

let okta: TestClient;
beforeEach(() => {
  okta = createTestClient();
});

async function user(login: string, profile: object): Promise<string> {
  return (await okta.post('/api/v1/users', newUser(login, { ...profile }))).body.id;
}
async function group(name: string): Promise<string> {
  return (await okta.post('/api/v1/groups', { profile: { name } })).body.id;
}
function rule(expression: string, groupIds: string[], people?: object): object {
  return {
    type: 'group_rule',
    name: 'rule',
    conditions: { ...(people === undefined ? {} : { people }), expression: { value: expression, type: 'urn:okta:expression:1.0' } },
    actions: { assignUserToGroups: { groupIds } },
  };
}
const members = async (id: string): Promise<string[]> =>
  (await okta.get(`/api/v1/groups/${id}/users`)).body.map((one: { profile: { login: string } }) => one.profile.login);

test('a rule is made INACTIVE, gives memberships when activated, and follows profiles', async () => {
  const sales = await group('Sales');
  const id = await user('a@example.com', { department: 'Sales' });
  await user('b@example.com', { department: 'Legal' });
  const made = await okta.post(
    '/api/v1/groups/rules',
    rule('user.department=="Sales" OR String.startsWith(user.department, "Sa")', [sales]),
  );
  expect([made.status, made.body.status, made.body.id.slice(0, 3)]).toEqual([200, 'INACTIVE', '0pr']);
  expect(await members(sales)).toEqual([]);
  expect((await okta.post(`/api/v1/groups/rules/${made.body.id}/lifecycle/activate`)).status).toBe(204);
  expect(await members(sales)).toEqual(['a@example.com']);
  await user('c@example.com', { department: 'Sales' });
  await okta.post(`/api/v1/users/${id}`, { profile: { department: 'Legal' } });
  expect(await members(sales)).toEqual(['c@example.com']);
});

test('a rule is changed only while INACTIVE, and a new expression takes what the old one gave', async () => {
  const sales = await group('Sales');
  await user('a@example.com', { department: 'Sales' });
  const { id } = (await okta.post('/api/v1/groups/rules', rule('user.department=="Sales"', [sales]))).body;
  await okta.post(`/api/v1/groups/rules/${id}/lifecycle/activate`);
  expect((await okta.put(`/api/v1/groups/rules/${id}`, rule('user.department=="X"', [sales]))).code).toBe('E0000001');
  expect((await okta.delete(`/api/v1/groups/rules/${id}`)).code).toBe('E0000001');
  await okta.post(`/api/v1/groups/rules/${id}/lifecycle/deactivate`);
  expect(await members(sales)).toEqual(['a@example.com']);
  expect((await okta.put(`/api/v1/groups/rules/${id}`, rule('user.department=="X"', [sales]))).status).toBe(200);
  await okta.post(`/api/v1/groups/rules/${id}/lifecycle/activate`);
  expect(await members(sales)).toEqual([]);
  await okta.post(`/api/v1/groups/rules/${id}/lifecycle/deactivate`);
  expect((await okta.delete(`/api/v1/groups/rules/${id}`)).status).toBe(202);
  expect((await okta.get(`/api/v1/groups/rules/${id}`)).status).toBe(404);
});

test('excluded people get nothing, and one taken out by hand is excluded', async () => {
  const sales = await group('Sales');
  const a = await user('a@example.com', { department: 'Sales' });
  const b = await user('b@example.com', { department: 'Sales' });
  const { id } = (await okta.post('/api/v1/groups/rules', rule('user.department=="Sales"', [sales], { users: { exclude: [a] } }))).body;
  await okta.post(`/api/v1/groups/rules/${id}/lifecycle/activate`);
  expect(await members(sales)).toEqual(['b@example.com']);
  await okta.delete(`/api/v1/groups/${sales}/users/${b}`);
  expect((await okta.get(`/api/v1/groups/rules/${id}`)).body.conditions.people.users.exclude).toEqual([a, b]);
});

test.each([
  ['user.department == ', 'The expression ends too early'],
  ['user.nothing == "x"', 'Invalid property nothing in expression user.nothing'],
  ['Nope(user.title)', 'Unknown function Nope'],
])('the expression %j is refused', async (expression, cause) => {
  const refused = await okta.post('/api/v1/groups/rules', rule(expression, [await group('g')]));
  expect([refused.code, refused.causes]).toEqual(['E0000001', [`Invalid group rule expression: ${cause}.`]]);
});

test('deleting a target group makes an active rule INVALID', async () => {
  const sales = await group('Sales');
  const { id } = (await okta.post('/api/v1/groups/rules', rule('user.department=="Sales"', [sales]))).body;
  await okta.post(`/api/v1/groups/rules/${id}/lifecycle/activate`);
  await okta.delete(`/api/v1/groups/${sales}`);
  expect((await okta.get(`/api/v1/groups/rules/${id}`)).body.status).toBe('INVALID');
});

test('a rule that reads memberships follows them', async () => {
  const [base, more] = [await group('Base'), await group('More')];
  const id = await user('a@example.com', {});
  const made = (await okta.post('/api/v1/groups/rules', rule(`isMemberOfAnyGroup("${base}") AND !isMemberOfGroupName("Nope")`, [more])))
    .body;
  await okta.post(`/api/v1/groups/rules/${made.id}/lifecycle/activate`);
  await okta.put(`/api/v1/groups/${base}/users/${id}`);
  expect(await members(more)).toEqual(['a@example.com']);
  await okta.delete(`/api/v1/groups/${base}/users/${id}`);
  expect(await members(more)).toEqual([]);
});

test('a rule says whom it excludes only if it was told, and whether its groups are there', async () => {
  const sales = await group('Sales');
  const plain = (await okta.post('/api/v1/groups/rules', rule('user.department=="Sales"', [sales]))).body;
  expect(Object.keys(plain.conditions)).toEqual(['expression']);
  const told = (await okta.post('/api/v1/groups/rules', rule('user.department=="Sales"', [sales], { users: {} }))).body;
  expect([told.conditions.people, told.allGroupsValid]).toEqual([{ users: { exclude: [] }, groups: { exclude: [] } }, true]);
  await okta.delete(`/api/v1/groups/${sales}`);
  expect((await okta.get(`/api/v1/groups/rules/${told.id}`)).body.allGroupsValid).toBe(false);
});
