import { expect, test } from 'vitest';
import { createTestClient } from '../test-client.ts';

const PATH = '/api/v1/authorizationServers';

async function withServer() {
  const org = createTestClient();
  const { status, body } = await org.post(PATH, { name: 'Orders', audiences: ['api://orders'] });
  expect(status).toBe(201);
  return { org, path: `${PATH}/${body.id}`, id: body.id as string };
}

test('a server publishes its scopes and claims, rotates its key and is gone with all it had', async () => {
  const { org, path, id } = await withServer();
  const { status, body: scope } = await org.post(`${path}/scopes`, { name: 'orders:read', metadataPublish: 'ALL_CLIENTS' });
  expect([status, scope.system, scope.description]).toEqual([201, false, null]);
  const claim = await org.post(`${path}/claims`, {
    name: 'dept',
    claimType: 'RESOURCE',
    valueType: 'EXPRESSION',
    value: 'user.department',
    conditions: { scopes: ['orders:read'] },
  });
  expect(claim.status).toBe(201);
  const metadata = (await org.get(`/oauth2/${id}/.well-known/openid-configuration`)).body;
  expect([metadata.scopes_supported.includes('orders:read'), metadata.claims_supported.includes('dept')]).toEqual([true, true]);
  const before = (await org.get(`${path}/credentials/keys`)).body;
  const after = (await org.post(`${path}/credentials/lifecycle/keyRotate`, { use: 'sig' })).body;
  expect(after.map((key: { kid: string; status: string }) => [key.status, key.kid === before[0].kid])).toEqual([
    ['ACTIVE', false],
    ['EXPIRED', true],
  ]);
  expect((await org.get(path)).body.credentials.signing.kid).toBe(after[0].kid);
  expect((await org.post(`${path}/lifecycle/deactivate`)).status).toBe(204);
  expect((await org.get(path)).body.status).toBe('INACTIVE');
  expect((await org.delete(path)).status).toBe(204);
  expect((await org.get(`${path}/scopes/${scope.id}`)).body.errorSummary).toBe(
    `Not found: Resource not found: ${id} (AuthorizationServer)`,
  );
  expect(org.events().filter((type) => type.startsWith('oauth2.'))).toEqual([
    'oauth2.as.created',
    'oauth2.scope.created',
    'oauth2.claim.created',
    'oauth2.as.deactivated',
    'oauth2.as.deleted',
  ]);
});

test('what Okta lays itself is not changed, names are taken once, and claims name scopes that are there', async () => {
  const { org, path } = await withServer();
  const openid = (await org.get(`${path}/scopes?q=openid`)).body[0];
  expect((await org.put(`${path}/scopes/${openid.id}`, { name: 'openid' })).code).toBe('E0000077');
  expect((await org.delete(`${path}/scopes/${openid.id}`)).code).toBe('E0000077');
  expect((await org.post(`${path}/scopes`, { name: 'email' })).code).toBe('E0000001');
  expect((await org.post(PATH, { name: 'Orders', audiences: ['api://x'] })).code).toBe('E0000001');
  const claim = { name: 'dept', claimType: 'RESOURCE', valueType: 'EXPRESSION', value: 'x', conditions: { scopes: ['none'] } };
  expect((await org.post(`${path}/claims`, claim)).causes).toEqual(['conditions.scopes: The authorization server has no scope none']);
  expect((await org.delete(`${PATH}/default`)).code).toBe('E0000001');
});

test('policies and rules keep their ranks without gaps', async () => {
  const { org, path } = await withServer();
  const conditions = { clients: { include: ['ALL_CLIENTS'] } };
  const create = async (name: string, priority?: number): Promise<string> =>
    (await org.post(`${path}/policies`, { type: 'OAUTH_AUTHORIZATION_POLICY', name, description: name, conditions, priority })).body.id;
  const first = await create('A');
  await create('B');
  await create('C', 1);
  const ranks = async (): Promise<string[]> =>
    (await org.get(`${path}/policies`)).body.map((one: { name: string; priority: number }) => `${one.priority} ${one.name}`);
  expect(await ranks()).toEqual(['1 C', '2 A', '3 B']);
  const rule = {
    name: 'All',
    type: 'RESOURCE_ACCESS',
    conditions: { grantTypes: { include: ['client_credentials'] }, scopes: { include: ['*'] } },
  };
  const { status, body } = await org.post(`${path}/policies/${first}/rules`, rule);
  expect([status, body.priority, body.actions.token.accessTokenLifetimeMinutes]).toEqual([201, 1, 60]);
  const short = { ...rule, name: 'Short', actions: { token: { accessTokenLifetimeMinutes: 1 } } };
  expect((await org.post(`${path}/policies/${first}/rules`, short)).code).toBe('E0000001');
  expect((await org.post(`${path}/policies/${first}/rules/${body.id}/lifecycle/deactivate`)).status).toBe(204);
  expect((await org.get(`${path}/policies/${first}/rules`)).body[0].status).toBe('INACTIVE');
  await org.delete(`${path}/policies/${first}`);
  expect(await ranks()).toEqual(['1 C', '2 B']);
  expect((await org.get(`${path}/policies/${first}/rules/${body.id}`)).body.errorSummary).toBe(
    `Not found: Resource not found: ${first} (Policy)`,
  );
});
