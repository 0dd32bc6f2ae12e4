import { expect, test } from 'vitest';
import { createTestClient, newUser } from '../test-client.ts';

const ENDPOINT = (name: string) => ({ url: `https://idp.acme.test/${name}`, binding: 'HTTP-POST' });
const OIDC = {
  type: 'OIDC',
  name: 'Acme ID',
  protocol: {
    type: 'OIDC',
    endpoints: { authorization: ENDPOINT('authorize'), token: ENDPOINT('token'), jwks: ENDPOINT('keys') },
    scopes: ['openid'],
    credentials: { client: { client_id: 'c', client_secret: 's' } },
  },
  policy: { subject: { matchType: 'USERNAME' } },
};

test('a provider has keys that can be cloned, users that can be linked, and a status', async () => {
  const org = createTestClient();
  const { body: idp } = await org.post('/api/v1/idps', OIDC);
  const { body: other } = await org.post('/api/v1/idps', { ...OIDC, name: 'Other ID' });
  const path = `/api/v1/idps/${idp.id}`;
  expect((await org.get('/api/v1/idps?q=acme&type=OIDC')).body.map((one: { id: string }) => one.id)).toEqual([idp.id]);
  const { status, body: key } = await org.post(`${path}/credentials/keys/generate?validityYears=2`);
  expect([status, key.expiresAt]).toEqual([201, '2028-03-01T12:00:00.000Z']);
  await org.post(`${path}/credentials/keys/${key.kid}/clone?targetIdpId=${other.id}`);
  expect((await org.get(`/api/v1/idps/${other.id}/credentials/keys`)).body.map((one: { kid: string }) => one.kid)).toEqual([key.kid]);
  expect((await org.post(`${path}/credentials/keys/generate?validityYears=1`)).code).toBe('E0000001');

  const { body: user } = await org.post('/api/v1/users', newUser('a@acme.test'));
  expect((await org.post(`${path}/users/${user.id}`, { externalId: 'x-1' })).body).toMatchObject({ id: user.id, externalId: 'x-1' });
  expect((await org.get(`/api/v1/users/${user.id}/idps`)).body.map((one: { id: string }) => one.id)).toEqual([idp.id]);
  expect((await org.get(`${path}/users/${user.id}/credentials/tokens`)).body[0].scopes).toEqual(['openid']);
  await org.delete(`${path}/users/${user.id}`);
  expect((await org.get(`${path}/users`)).body).toEqual([]);

  expect((await org.post(`${path}/lifecycle/deactivate`)).body.status).toBe('INACTIVE');
  expect((await org.delete(path)).status).toBe(204);
  expect((await org.get(path)).body.errorSummary).toBe(`Not found: Resource not found: ${idp.id} (IdpTrust)`);
  expect(org.events()).toEqual(
    expect.arrayContaining([
      'system.idp.lifecycle.create',
      'system.idp.keys.generate',
      'user.account.link_idp',
      'system.idp.lifecycle.delete',
    ]),
  );
});

test('a certificate asked for is published only if it fits', async () => {
  const org = createTestClient();
  const { body: idp } = await org.post('/api/v1/idps', OIDC);
  const csrs = `/api/v1/idps/${idp.id}/credentials/csrs`;
  const { status, body: csr } = await org.post(csrs, { subject: { commonName: 'Acme' }, subjectAltNames: { dnsNames: ['a.acme.test'] } });
  expect([status, csr.kty]).toEqual([201, 'RSA']);
  const { body: key } = await org.post(`/api/v1/idps/${idp.id}/credentials/keys/generate?validityYears=2`);
  const publish = await org.call('POST', `${csrs}/${csr.id}/lifecycle/publish`, key.x5c[0], {
    'content-type': 'application/x-x509-ca-cert',
  });
  expect(publish.causes).toEqual(['The certificate does not match the CSR.']);
  expect((await org.delete(`${csrs}/${csr.id}`)).status).toBe(204);
  expect((await org.get(`${csrs}/${csr.id}`)).code).toBe('E0000007');
});

test('a trust key is taken once, and stays while a provider names it', async () => {
  const org = createTestClient();
  const { body: made } = await org.post('/api/v1/idps', OIDC);
  const { body: source } = await org.post(`/api/v1/idps/${made.id}/credentials/keys/generate?validityYears=2`);
  const { body: key } = await org.post('/api/v1/idps/credentials/keys', { x5c: source.x5c });
  expect([key.kty, key.n]).toEqual(['RSA', source.n]);
  expect((await org.post('/api/v1/idps/credentials/keys', { x5c: source.x5c })).code).toBe('E0000096');
  const saml = {
    type: 'SAML2',
    name: 'Acme SAML',
    protocol: { type: 'SAML2', endpoints: { sso: ENDPOINT('sso') }, credentials: { trust: { issuer: 'i', audience: 'a', kid: 'none' } } },
    policy: {},
  };
  expect((await org.post('/api/v1/idps', saml)).code).toBe('E0000001');
  saml.protocol.credentials.trust.kid = key.kid;
  const { body: idp } = await org.post('/api/v1/idps', saml);
  expect((await org.delete(`/api/v1/idps/credentials/keys/${key.kid}`)).causes).toEqual([
    'The key is used by the identity provider Acme SAML',
  ]);
  await org.delete(`/api/v1/idps/${idp.id}`);
  expect((await org.delete(`/api/v1/idps/credentials/keys/${key.kid}`)).status).toBe(204);
});

test('what a provider tells of users is mapped to their profile, and the mapping goes with it', async () => {
  const org = createTestClient();
  const { body: idp } = await org.post('/api/v1/idps', OIDC);
  const list = await org.get(`/api/v1/mappings?sourceId=${idp.id}&limit=200`);
  expect(list.body).toMatchObject([{ source: { id: idp.id, name: 'oidc_idp', type: 'appuser' }, target: { type: 'user' } }]);
  expect(list.links.self).toBe('https://demo.okta.com/api/v1/mappings?limit=200');
  const { body: mapping } = await org.get(`/api/v1/mappings/${list.body[0].id}`);
  expect(mapping.properties.login).toEqual({ expression: 'appuser.email', pushStatus: 'DONT_PUSH' });
  await org.post(`/api/v1/idps/${idp.id}/lifecycle/deactivate`);
  await org.delete(`/api/v1/idps/${idp.id}`);
  expect((await org.get(`/api/v1/mappings/${mapping.id}`)).status).toBe(404);
});
