import { expect, test } from 'vitest';
import { createTestClient, newUser } from '../test-client.ts';

const BADGE = { definitions: { custom: { properties: { badge: { title: 'Badge', type: 'string', maxLength: 20 } } } } };
const USER_SCHEMA = '/api/v1/meta/schemas/user/default';

test('an attribute of the user schema can be given to users and mapped, until it is removed with its values', async () => {
  const org = createTestClient();
  expect((await org.post('/api/v1/users', newUser('a@acme.test', { badge: 'B1' }))).causes).toEqual([
    "Property name 'badge' is not defined in profile",
  ]);
  const { body: schema } = await org.post(USER_SCHEMA, BADGE);
  expect(schema.definitions.custom.properties.badge).toEqual({
    title: 'Badge',
    type: 'string',
    mutability: 'READ_WRITE',
    scope: 'NONE',
    maxLength: 20,
    permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
  });
  const { body: user } = await org.post('/api/v1/users', newUser('a@acme.test', { badge: 'B1' }));
  expect(user.profile.badge).toBe('B1');
  const [mapping] = (await org.get('/api/v1/mappings')).body;
  const mapped = { properties: { badge: { expression: 'appuser.badge', pushStatus: 'DONT_PUSH' } } };
  expect((await org.post(`/api/v1/mappings/${mapping.id}`, mapped)).body.properties.badge).toEqual(mapped.properties.badge);
  await org.post(USER_SCHEMA, { definitions: { custom: { properties: { badge: null } } } });
  expect((await org.get(`/api/v1/users/${user.id}`)).body.profile).not.toHaveProperty('badge');
  expect((await org.post(`/api/v1/mappings/${mapping.id}`, mapped)).causes).toEqual(['Invalid target field badge']);
  expect(org.events()).toContain('directory.user_profile.update');
});

test('the type of an attribute stays, and base attributes are not removed', async () => {
  const org = createTestClient();
  await org.post(USER_SCHEMA, BADGE);
  const retyped = { definitions: { custom: { properties: { badge: { title: 'Badge', type: 'integer' } } } } };
  expect((await org.post(USER_SCHEMA, retyped)).code).toBe('E0000001');
  expect((await org.post(USER_SCHEMA, { definitions: { base: { properties: { email: null } } } })).code).toBe('E0000001');
  expect((await org.post(USER_SCHEMA, { definitions: { custom: { properties: { '1st': { title: 'x', type: 'string' } } } } })).code).toBe(
    'E0000001',
  );
});

test('an attribute of the group schema can be given to groups', async () => {
  const org = createTestClient();
  await org.post('/api/v1/meta/schemas/group/default', {
    definitions: { custom: { properties: { cost: { title: 'Cost', type: 'string' } } } },
  });
  const { body: group } = await org.post('/api/v1/groups', { profile: { name: 'Sales', cost: '42' } });
  expect(group.profile).toEqual({ name: 'Sales', description: null, cost: '42' });
});

test('a user type has a schema of its own and stays while it has users', async () => {
  const org = createTestClient();
  const { body: type } = await org.post('/api/v1/meta/types/user', { name: 'partner', displayName: 'Partner' });
  const schema = new URL(type._links.schema.href).pathname;
  expect((await org.get(schema)).body).toMatchObject({ name: 'partner', title: 'Partner' });
  const { body: user } = await org.post('/api/v1/users', { ...newUser('p@acme.test'), type: { id: type.id } });
  const path = `/api/v1/meta/types/user/${type.id}`;
  expect((await org.delete(path)).code).toBe('E0000001');
  await org.delete(`/api/v1/users/${user.id}`);
  await org.delete(`/api/v1/users/${user.id}`);
  expect((await org.delete(path)).status).toBe(204);
  expect((await org.get(path)).body.errorSummary).toBe(`Not found: Resource not found: ${type.id} (CVDType)`);
  expect((await org.delete('/api/v1/meta/types/user/default')).code).toBe('E0000001');
});

test('linked objects give each user one primary, seen from both sides', async () => {
  const org = createTestClient();
  const side = (name: string) => ({ name, title: name, description: '', type: 'USER' });
  await org.post('/api/v1/meta/schemas/user/linkedObjects', { primary: side('manager'), associated: side('report') });
  const ids: string[] = [];
  for (const name of ['ann', 'bob', 'cyd']) ids.push((await org.post('/api/v1/users', newUser(`${name}@acme.test`))).body.id);
  const [ann, bob, cyd] = ids;
  await org.put(`/api/v1/users/${bob}/linkedObjects/manager/${ann}`);
  await org.put(`/api/v1/users/${cyd}/linkedObjects/manager/${bob}`);
  await org.put(`/api/v1/users/${cyd}/linkedObjects/manager/${ann}`);
  const linked = async (user: string | undefined, name: string): Promise<string[]> =>
    (await org.get(`/api/v1/users/${user}/linkedObjects/${name}`)).body.map((one: { _links: { self: { href: string } } }) =>
      one._links.self.href.split('/').pop(),
    );
  expect([await linked(ann, 'report'), await linked(bob, 'report'), await linked(cyd, 'manager')]).toEqual([[bob, cyd], [], [ann]]);
  await org.delete(`/api/v1/users/${cyd}/linkedObjects/manager`);
  expect(await linked(ann, 'report')).toEqual([bob]);
  expect((await org.post('/api/v1/meta/schemas/user/linkedObjects', { primary: side('manager'), associated: side('x') })).status).toBe(409);
  await org.delete('/api/v1/meta/schemas/user/linkedObjects/manager');
  expect((await org.get(`/api/v1/users/${ann}/linkedObjects/report`)).code).toBe('E0000007');
});
