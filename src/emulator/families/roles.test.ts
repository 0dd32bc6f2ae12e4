import { beforeEach, expect, test } from 'vitest';
import { createTestClient, newUser, type TestClient } from '../test-client.ts';

let okta: TestClient;
let user: string;
let group: string;
beforeEach(async () => {
  okta = createTestClient();
  user = (await okta.post('/api/v1/users', newUser('ann@example.com'))).body.id;
  group = (await okta.post('/api/v1/groups', { profile: { name: 'Helpers' } })).body.id;
});

test('a standard role has the id that its name gives, once', async () => {
  const made = await okta.post(`/api/v1/users/${user}/roles`, { type: 'USER_ADMIN' });
  expect([made.status, made.body]).toEqual([
    201,
    {
      id: 'KVJUKUS7IFCE2SKO',
      label: 'User Administrator',
      type: 'USER_ADMIN',
      status: 'ACTIVE',
      created: '2026-03-01T12:00:00.000Z',
      lastUpdated: '2026-03-01T12:00:00.000Z',
      assignmentType: 'USER',
      _links: { assignee: { href: `https://demo.okta.com/api/v1/users/${user}` } },
    },
  ]);
  const again = await okta.post(`/api/v1/users/${user}/roles`, { type: 'USER_ADMIN' });
  expect([again.status, again.code]).toEqual([409, 'E0000090']);
  expect((await okta.delete(`/api/v1/users/${user}/roles/KVJUKUS7IFCE2SKO`)).status).toBe(204);
  expect((await okta.delete(`/api/v1/users/${user}/roles/KVJUKUS7IFCE2SKO`)).status).toBe(404);
  expect(okta.events().slice(-2)).toEqual(['user.account.privilege.grant', 'user.account.privilege.revoke']);
});

test('a role of a group is its members', async () => {
  await okta.put(`/api/v1/groups/${group}/users/${user}`);
  expect((await okta.post(`/api/v1/groups/${group}/roles`, { type: 'APP_ADMIN' })).body.id).toBe('IFIFAX2BIRGUSTQ');
  expect(
    (await okta.get(`/api/v1/users/${user}/roles`)).body.map((role: { type: string; assignmentType: string }) => [
      role.type,
      role.assignmentType,
    ]),
  ).toEqual([['APP_ADMIN', 'GROUP']]);
  const { body } = await okta.get('/api/v1/iam/assignees/users');
  expect(body.value.map((one: { id: string }) => one.id)).toContain(user);
});

test('assignees are paged in the body, on the admin host', async () => {
  for (let i = 0; i < 3; i++) {
    const id = (await okta.post('/api/v1/users', newUser(`u${i}@example.com`))).body.id;
    await okta.post(`/api/v1/users/${id}/roles`, { type: 'ORG_ADMIN' });
  }
  const first = await okta.get('/api/v1/iam/assignees/users?limit=3');
  expect(first.body._links.next.href).toMatch(/^https:\/\/demo-admin\.okta\.com\/api\/v1\/iam\/assignees\/users\?after=00u\w{17}&limit=3$/);
  expect(first.links.next).toBeUndefined();
  const second = await okta.get(first.body._links.next.href);
  expect([first.body.value.length, second.body.value.length, second.body._links]).toEqual([3, 1, {}]);
});

test('targets limit a role; the last one stays', async () => {
  await okta.post(`/api/v1/users/${user}/roles`, { type: 'USER_ADMIN' });
  const path = `/api/v1/users/${user}/roles/KVJUKUS7IFCE2SKO/targets/groups`;
  const other = (await okta.post('/api/v1/groups', { profile: { name: 'Other' } })).body.id;
  expect((await okta.put(`${path}/${group}`)).status).toBe(204);
  expect((await okta.put(`${path}/${other}`)).status).toBe(204);
  expect((await okta.get(path)).body.map((one: { id: string }) => one.id)).toEqual([group, other]);
  expect((await okta.delete(`${path}/${group}`)).status).toBe(204);
  expect((await okta.delete(`${path}/${other}`)).code).toBe('E0000001');
  expect((await okta.get(`/api/v1/users/${user}/roles/KVJUKUS7IFCE2SKO/targets/catalog/apps`)).code).toBe('E0000091');
  expect((await okta.put(`${path}/00gnone`)).code).toBe('E0000007');
});

test('app targets are apps of the catalog or single instances', async () => {
  await okta.post(`/api/v1/groups/${group}/roles`, { type: 'APP_ADMIN' });
  const path = `/api/v1/groups/${group}/roles/IFIFAX2BIRGUSTQ/targets/catalog/apps`;
  expect((await okta.put(`${path}/salesforce`)).status).toBe(204);
  expect((await okta.put(`${path}/slack`)).status).toBe(204);
  expect((await okta.get(path)).body.map((one: { name: string }) => one.name)).toEqual(['salesforce', 'slack']);
  expect((await okta.delete(`${path}/slack`)).status).toBe(204);
  expect((await okta.put(path)).status).toBe(204);
  expect((await okta.get(path)).body).toEqual([]);
});
