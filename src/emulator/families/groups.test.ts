import { beforeEach, expect, test } from 'vitest';
import { createTestClient, newUser, type TestClient } from '../test-client.ts';

let okta: TestClient;
beforeEach(() => {
  okta = createTestClient();
});
const group = async (name: string, description?: string): Promise<string> =>
  (await okta.post('/api/v1/groups', { profile: { name, ...(description === undefined ? {} : { description }) } })).body.id;
const user = async (login: string): Promise<string> => (await okta.post('/api/v1/users', newUser(login))).body.id;
const names = (body: { profile: { name: string } }[]): string[] => body.map((one) => one.profile.name);

test('a group shows what Okta shows', async () => {
  const made = await okta.post('/api/v1/groups', { profile: { name: 'Sales' } });
  const href = `https://demo.okta.com/api/v1/groups/${made.body.id}`;
  expect([made.status, made.body]).toEqual([
    200,
    {
      id: expect.stringMatching(/^00g\w{17}$/),
      created: '2026-03-01T12:00:00.000Z',
      lastUpdated: '2026-03-01T12:00:00.000Z',
      lastMembershipUpdated: '2026-03-01T12:00:00.000Z',
      objectClass: ['okta:user_group'],
      type: 'OKTA_GROUP',
      profile: { name: 'Sales', description: null },
      _links: {
        logo: [
          expect.objectContaining({ name: 'medium', type: 'image/png' }),
          expect.objectContaining({ name: 'large', type: 'image/png' }),
        ],
        users: { href: `${href}/users` },
        apps: { href: `${href}/apps` },
      },
    },
  ]);
});

test('a member is added and taken; only lastMembershipUpdated moves', async () => {
  const sales = await group('Sales');
  const ann = await user('ann@example.com');
  okta.clock.advance(60_000);
  expect((await okta.put(`/api/v1/groups/${sales}/users/${ann}`)).status).toBe(204);
  expect((await okta.get(`/api/v1/groups/${sales}`)).body).toMatchObject({
    lastUpdated: '2026-03-01T12:00:00.000Z',
    lastMembershipUpdated: '2026-03-01T12:01:00.000Z',
  });
  expect(names((await okta.get(`/api/v1/users/${ann}/groups`)).body)).toEqual(['Everyone', 'Sales']);
  const members = await okta.get(`/api/v1/groups/${sales}/users`);
  expect([members.body.map((one: { id: string }) => one.id), members.links]).toEqual([
    [ann],
    { self: `https://demo.okta.com/api/v1/groups/${sales}/users?limit=1000` },
  ]);
  expect((await okta.delete(`/api/v1/groups/${sales}/users/${ann}`)).status).toBe(204);
  expect((await okta.get(`/api/v1/groups/${sales}/users`)).body).toEqual([]);
  expect(okta.events().filter((event) => event.startsWith('group.user_membership'))).toEqual([
    'group.user_membership.add',
    'group.user_membership.remove',
  ]);
});

test('Everyone has all users but the deprovisioned, and is not edited', async () => {
  const ann = await user('ann@example.com');
  const everyone = okta.emulator.org.everyoneId;
  const count = async (): Promise<number> => (await okta.get(`/api/v1/groups/${everyone}?expand=stats`)).body._embedded.stats.usersCount;
  expect(await count()).toBe(2);
  await okta.post(`/api/v1/users/${ann}/lifecycle/deactivate`);
  expect(await count()).toBe(1);
  expect((await okta.delete(`/api/v1/groups/${everyone}`)).status).toBe(403);
  expect((await okta.put(`/api/v1/groups/${everyone}`, { profile: { name: 'x' } })).status).toBe(501);
});

test('q finds by the start of a name and sends no links; search and filter do', async () => {
  for (const name of ['alpha', 'Alpine', 'beta']) await group(name, `about ${name}`);
  const q = await okta.get('/api/v1/groups?q=AL');
  expect([names(q.body), q.links]).toEqual([['alpha', 'Alpine'], {}]);
  const search = (expression: string, more = '') => okta.get(`/api/v1/groups?search=${encodeURIComponent(expression)}${more}`);
  expect(
    names((await search('profile.description co "PINE" or profile.name eq "BETA"', '&sortBy=profile.name&sortOrder=desc')).body),
  ).toEqual(['beta', 'Alpine']);
  expect(names((await search('type eq "BUILT_IN"')).body)).toEqual(['Everyone']);
  const filter = await okta.get(`/api/v1/groups?filter=${encodeURIComponent('type eq "OKTA_GROUP"')}&limit=2`);
  expect(names(filter.body)).toEqual(['alpha', 'Alpine']);
  expect(names((await okta.get(filter.links.next ?? '')).body)).toEqual(['beta']);
  expect((await okta.get('/api/v1/groups')).links.self).toBe('https://demo.okta.com/api/v1/groups?limit=10000');
  expect((await search('profile.other co "x"')).code).toBe('E0000031');
});

test('names are given once, profiles hold what is defined', async () => {
  const id = await group('Sales');
  expect((await okta.post('/api/v1/groups', { profile: { name: 'Sales' } })).causes).toEqual([
    'name: An object with this field already exists in the current organization',
  ]);
  expect((await okta.post('/api/v1/groups', { profile: { name: 'sales' } })).status).toBe(200);
  expect((await okta.post('/api/v1/groups', { profile: { name: ' ' } })).causes).toEqual(['name: The field cannot be left blank']);
  expect((await okta.put(`/api/v1/groups/${id}`, { profile: { name: 'S', colour: 'red' } })).causes).toEqual([
    "Property name 'colour' is not defined in profile",
  ]);
  expect((await okta.put(`/api/v1/groups/${id}`, { profile: { name: 'S' } })).body.profile).toEqual({ name: 'S', description: null });
  expect((await okta.delete(`/api/v1/groups/${id}`)).status).toBe(204);
  const gone = await okta.get(`/api/v1/groups/${id}`);
  expect([gone.status, gone.body.errorSummary]).toEqual([404, `Not found: Resource not found: ${id} (UserGroup)`]);
});

test('users and groups own groups', async () => {
  const sales = await group('Sales');
  const ann = await user('ann@example.com');
  const path = `/api/v1/groups/${sales}/owners`;
  const made = await okta.post(path, { id: ann, type: 'USER' });
  expect([made.status, made.body]).toEqual([
    201,
    {
      id: ann,
      type: 'USER',
      resolved: true,
      originId: null,
      originType: 'OKTA_DIRECTORY',
      displayName: 'Test User',
      lastUpdated: '2026-03-01T12:00:00.000Z',
    },
  ]);
  expect((await okta.post(path, { id: ann, type: 'USER' })).code).toBe('E0000001');
  expect((await okta.post(path, { id: '00gnone', type: 'GROUP' })).code).toBe('E0000007');
  expect((await okta.get(path)).body.length).toBe(1);
  expect((await okta.delete(`${path}/${ann}`)).status).toBe(204);
  expect((await okta.delete(`${path}/${ann}`)).status).toBe(404);
});
