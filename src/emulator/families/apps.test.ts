import { X509Certificate } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { createEmulator } from '../emulator.ts';
import { makeGroup } from '../seeds/from-file.ts';
import { makeUser } from '../seeds/make-user.ts';
import type { Emulator, JsonObject } from '../types.ts';

let emulator: Emulator;
let userIds: string[];
let groupId: string;

beforeEach(() => {
  emulator = createEmulator({
    now: '2026-03-01T12:00:00Z',
    seed: (org) => {
      userIds = ['ann', 'bob', 'cid'].map(
        (name) =>
          makeUser(org, {
            status: 'ACTIVE',
            created: Date.parse('2025-01-01T00:00:00Z'),
            password: 'Pass!1234',
            profile: { firstName: name, lastName: 'Test', login: `${name}@example.com`, email: `${name}@example.com` },
          }).id,
      );
      groupId = makeGroup(org, { name: 'Team', description: null }, Date.parse('2025-01-01T00:00:00Z')).id;
      org.members.add(groupId, userIds[0] as string);
    },
  });
});

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: JsonObject & { readonly [index: number]: JsonObject }; links: string[] }> {
  const headers = {
    authorization: `SSWS ${emulator.token}`,
    ...(body === undefined ? { 'content-length': '0' } : { 'content-type': 'application/json' }),
  };
  const response = await emulator.handle({
    method,
    url: `/api/v1${path}`,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = Buffer.from(response.body).toString();
  return {
    status: response.status,
    body: text === '' ? {} : JSON.parse(text),
    links: response.headers.filter(([name]) => name === 'link').map(([, value]) => value),
  };
}

const BOOKMARK = { label: 'Wiki', name: 'bookmark', settings: { app: { url: 'https://wiki.example.com' } } };
const WEB = { label: 'Web', signOnMode: 'OPENID_CONNECT', settings: { oauthClient: { redirect_uris: ['https://x.example.com/cb'] } } };
const create = async (body: JsonObject): Promise<string> => String((await call('POST', '/apps', body)).body.id);
const eventsOf = (type: string): number => emulator.org.logs.events.filter((event) => event.eventType === type).length;

test('a new app has what its sign-on mode has', async () => {
  const bookmark = await call('POST', '/apps', BOOKMARK);
  expect(bookmark.status).toBe(200);
  expect(bookmark.body).toMatchObject({
    name: 'bookmark',
    label: 'Wiki',
    status: 'ACTIVE',
    signOnMode: 'BOOKMARK',
    visibility: { autoLaunch: false, hide: { web: false }, appLinks: { login: true } },
    credentials: { userNameTemplate: { template: `\${source.login}`, type: 'BUILT_IN' }, signing: {} },
    settings: { app: { requestIntegration: false, url: 'https://wiki.example.com' }, notes: { admin: null } },
  });
  const web = (await call('POST', '/apps?activate=false', WEB)).body;
  expect(web).toMatchObject({
    name: 'oidc_client',
    status: 'INACTIVE',
    credentials: {
      oauthClient: { client_id: web.id, client_secret: expect.any(String), token_endpoint_auth_method: 'client_secret_basic' },
    },
  });
  const saml = await call('POST', '/apps', { label: 'My SAML', signOnMode: 'SAML_2_0' });
  expect(saml.body).toMatchObject({
    name: 'demo_mysaml_1',
    credentials: { signing: { kid: expect.any(String) } },
    settings: { signOn: { attributeStatements: [] } },
  });
  expect([eventsOf('application.lifecycle.create'), eventsOf('application.lifecycle.activate')]).toEqual([3, 2]);
});

test('a request that says too little is refused by the field that is missing', async () => {
  for (const [body, summary] of [
    [{ name: 'bookmark' }, 'Api validation failed: label'],
    [{ label: 'x' }, 'Api validation failed: signOnMode'],
    [{ label: 'x', signOnMode: 'MAGIC' }, 'Api validation failed: signOnMode'],
    [{ label: 'x', name: 'bookmark' }, 'Api validation failed: settings.app'],
    [{ label: 'x', signOnMode: 'OPENID_CONNECT' }, 'Api validation failed: settings.oauthClient.redirect_uris'],
  ] as const) {
    const answer = await call('POST', '/apps', body);
    expect([answer.status, answer.body.errorCode, answer.body.errorSummary]).toEqual([400, 'E0000001', summary]);
  }
});

test('an app is deleted only when it is inactive', async () => {
  const id = await create(BOOKMARK);
  expect((await call('DELETE', `/apps/${id}`)).body).toMatchObject({
    errorCode: 'E0000056',
    errorCauses: [{ errorSummary: 'The application must be deactivated before deletion.' }],
  });
  expect((await call('POST', `/apps/${id}/lifecycle/deactivate`)).status).toBe(200);
  expect((await call('GET', `/apps/${id}`)).body).toMatchObject({ status: 'INACTIVE', _links: { activate: {} } });
  expect((await call('DELETE', `/apps/${id}`)).status).toBe(204);
  expect((await call('GET', `/apps/${id}`)).body.errorSummary).toBe(`Not found: Resource not found: ${id} (AppInstance)`);
});

test('apps are filtered by one equality, and found by the beginning of name or label', async () => {
  const [wiki, web] = [await create(BOOKMARK), await create(WEB)];
  await call('POST', `/apps/${web}/users`, { id: userIds[1] });
  await call('PUT', `/apps/${wiki}/groups/${groupId}`);
  await call('POST', `/apps/${wiki}/lifecycle/deactivate`);
  const found = async (query: string): Promise<unknown> => (await call('GET', `/apps?${query}`)).body;
  const ids = async (filter: string): Promise<unknown> =>
    ((await found(`filter=${encodeURIComponent(filter)}`)) as JsonObject[]).map((app) => app.id);
  expect(await ids('status eq "INACTIVE"')).toEqual([wiki]);
  expect(await ids('name eq "oidc_client"')).toEqual([web]);
  expect(await ids(`user.id eq "${userIds[1]}"`)).toEqual([web]);
  expect(await ids(`group.id eq "${groupId}"`)).toEqual([wiki]);
  expect(await found('q=WIK')).toMatchObject([{ id: wiki }]);
  for (const filter of ['status ne "ACTIVE"', 'label eq "x"', 'status eq "ACTIVE" and name eq "bookmark"'])
    expect(await found(`filter=${encodeURIComponent(filter)}`)).toMatchObject({ errorCode: 'E0000031' });
  const expanded = await call('GET', `/apps?filter=${encodeURIComponent(`user.id eq "${userIds[1]}"`)}&expand=user/${userIds[1]}`);
  for (const query of [`expand=user/${userIds[1]}`, `filter=${encodeURIComponent(`user.id eq "${userIds[1]}"`)}&expand=user/${userIds[0]}`])
    expect((await call('GET', `/apps?${query}`)).body[0]?._embedded).toBeUndefined();
  expect(expanded.body).toMatchObject([{ _embedded: { user: { id: userIds[1], scope: 'USER' } } }]);
  expect((await call('GET', '/apps?expand=nonsense')).body).toMatchObject({ errorSummary: 'Api validation failed: RequestParams' });
});

test('pages are announced by a next link, and a cursor of something else is refused', async () => {
  for (let i = 0; i < 3; i++) await create({ ...BOOKMARK, label: `B${i}` });
  const first = await call('GET', '/apps?limit=2');
  expect([(first.body as unknown as JsonObject[]).length, first.links.length]).toEqual([2, 2]);
  const next = /<https:\/\/demo\.okta\.com\/api\/v1([^>]+)>; rel="next"/.exec(first.links[1] ?? '')?.[1] ?? '';
  const second = await call('GET', next);
  expect(second.body).toMatchObject([{ label: 'B2' }]);
  expect(second.links).toHaveLength(1);
  expect((await call('GET', '/apps?after=00u1testcursorvalue')).body).toMatchObject({
    errorCode: 'E0000029',
    errorCauses: [{ errorSummary: 'Invalid cursor.' }],
  });
});

test('assignments through groups follow memberships', async () => {
  const id = await create(BOOKMARK);
  const scopes = async (): Promise<unknown> =>
    ((await call('GET', `/apps/${id}/users`)).body as unknown as JsonObject[]).map((one) => [one.id, one.scope]);
  await call('PUT', `/apps/${id}/groups/${groupId}`, { priority: 0 });
  expect(await scopes()).toEqual([[userIds[0], 'GROUP']]);
  await call('PUT', `/groups/${groupId}/users/${userIds[1]}`);
  expect(await scopes()).toEqual([
    [userIds[0], 'GROUP'],
    [userIds[1], 'GROUP'],
  ]);
  expect((await call('DELETE', `/apps/${id}/users/${userIds[1]}`)).body.errorCode).toBe('E0000046');
  await call('POST', `/apps/${id}/users`, { id: userIds[1] });
  await call('DELETE', `/groups/${groupId}/users/${userIds[1]}`);
  expect(await scopes()).toEqual([
    [userIds[0], 'GROUP'],
    [userIds[1], 'USER'],
  ]);
  expect((await call('POST', `/apps/${id}/users`, { id: userIds[1] })).body.errorCode).toBe('E0000062');
  await call('DELETE', `/apps/${id}/groups/${groupId}`);
  expect(await scopes()).toEqual([[userIds[1], 'USER']]);
  await call('POST', `/users/${userIds[1]}/lifecycle/deactivate`);
  expect(await scopes()).toEqual([]);
});

test('an app for Everyone reaches who is made later', async () => {
  const id = await create(BOOKMARK);
  await call('PUT', `/apps/${id}/groups/${emulator.org.everyoneId}`);
  const made = await call('POST', '/users?activate=false', {
    profile: { firstName: 'New', lastName: 'One', login: 'new@example.com', email: 'new@example.com' },
  });
  expect((await call('GET', `/apps/${id}/users/${made.body.id}`)).body).toMatchObject({
    scope: 'GROUP',
    credentials: { userName: 'new@example.com' },
    _links: { group: { name: 'Everyone' } },
  });
  expect((await call('GET', `/apps/${id}/users?q=NEW&expand=user`)).body).toMatchObject([
    { _embedded: { user: { profile: { login: 'new@example.com' } } } },
  ]);
  expect((await call('GET', `/groups/${emulator.org.everyoneId}/apps`)).body).toMatchObject([{ id }]);
  expect((await call('GET', `/users/${made.body.id}/appLinks`)).body).toMatchObject([{ appInstanceId: id, label: 'Wiki' }]);
});

test('keys are generated, cloned, and come with a certificate that reads', async () => {
  const [one, two] = [await create({ label: 'One', signOnMode: 'SAML_2_0' }), await create({ label: 'Two', signOnMode: 'SAML_2_0' })];
  const made = await call('POST', `/apps/${one}/credentials/keys/generate?validityYears=2`);
  expect([made.status, made.body.expiresAt]).toEqual([201, '2028-03-01T12:00:00.000Z']);
  const certificate = new X509Certificate(Buffer.from(String((made.body.x5c as unknown as string[])[0]), 'base64'));
  expect([certificate.verify(certificate.publicKey), certificate.publicKey.export({ format: 'jwk' }).n]).toEqual([true, made.body.n]);
  expect((await call('POST', `/apps/${one}/credentials/keys/${made.body.kid}/clone?targetAid=${two}`)).status).toBe(201);
  const keys = (await call('GET', `/apps/${two}/credentials/keys`)).body as unknown as JsonObject[];
  expect(keys.map((key) => key.kid)).toContain(made.body.kid);
  for (const key of keys)
    expect(new X509Certificate(Buffer.from(String((key.x5c as readonly string[])[0]), 'base64')).subject).toContain('CN=demo');
  expect((await call('POST', `/apps/${one}/credentials/keys/generate?validityYears=1`)).status).toBe(400);
});

test('a signing request is made, shown and withdrawn', async () => {
  const id = await create({ label: 'One', signOnMode: 'SAML_2_0' });
  const made = await call('POST', `/apps/${id}/credentials/csrs`, {
    subject: { countryName: 'SE', commonName: 'SP' },
    subjectAltNames: { dnsNames: ['sp.example.com'] },
  });
  expect([made.status, made.body.kty]).toEqual([201, 'RSA']);
  expect((await call('GET', `/apps/${id}/credentials/csrs/${made.body.id}`)).body).toEqual(made.body);
  expect((await call('POST', `/apps/${id}/credentials/csrs/${made.body.id}/lifecycle/publish`, {})).status).toBe(400);
  expect((await call('DELETE', `/apps/${id}/credentials/csrs/${made.body.id}`)).status).toBe(204);
  expect((await call('GET', `/apps/${id}/credentials/csrs`)).body).toEqual([]);
});

test('client secrets rotate: two at most, never none', async () => {
  const id = await create(WEB);
  const secrets = `/apps/${id}/credentials/secrets`;
  const [first] = (await call('GET', secrets)).body as unknown as JsonObject[];
  expect((await call('POST', `${secrets}/${first?.id}/lifecycle/deactivate`)).status).toBe(400);
  const second = await call('POST', secrets);
  expect([second.status, (await call('POST', secrets)).status]).toEqual([201, 400]);
  expect((await call('POST', `${secrets}/${first?.id}/lifecycle/deactivate`)).body).toMatchObject({ status: 'INACTIVE' });
  const shown = (await call('GET', secrets)).body as unknown as JsonObject[];
  expect(shown.map((secret) => [secret.client_secret, secret.status])).toEqual([
    [first?.client_secret, 'INACTIVE'],
    [second.body.client_secret, 'ACTIVE'],
  ]);
  expect([(await call('DELETE', `${secrets}/${second.body.id}`)).status, (await call('DELETE', `${secrets}/${first?.id}`)).status]).toEqual(
    [400, 204],
  );
});

test('scopes are granted to OpenID Connect apps and revoked', async () => {
  const id = await create(WEB);
  const made = await call('POST', `/apps/${id}/grants`, { scopeId: 'okta.users.manage', issuer: 'https://demo.okta.com' });
  expect([made.status, made.body.clientId, made.body.source]).toEqual([200, id, 'ADMIN']);
  expect((await call('GET', `/apps/${id}/grants`)).body).toMatchObject([{ scopeId: 'okta.users.manage' }]);
  expect((await call('DELETE', `/apps/${id}/grants/${made.body.id}`)).status).toBe(204);
  expect((await call('GET', `/apps/${id}/grants/${made.body.id}`)).status).toBe(404);
  expect(
    (await call('POST', `/apps/${await create(BOOKMARK)}/grants`, { scopeId: 'okta.users.read', issuer: 'https://demo.okta.com' })).status,
  ).toBe(400);
  expect((await call('GET', `/apps/${id}/tokens/oar1`)).body.errorSummary).toBe(
    `Not found: Resource not found: ${id}.oar1 (OAuth2RefreshTokenTx)`,
  );
  expect([eventsOf('app.oauth2.as.consent.grant'), eventsOf('app.oauth2.as.consent.revoke')]).toEqual([1, 1]);
});

test('features show once provisioning is connected, and only where there is any', async () => {
  const plain = await create(BOOKMARK);
  expect((await call('GET', `/apps/${plain}/features`)).body).toMatchObject({
    errorSummary: 'Api validation failed: feature',
    errorCauses: [{ errorSummary: 'Provisioning is not supported.' }],
  });
  expect((await call('GET', `/apps/${plain}/connections/default`)).body).toEqual({ status: 'UNKNOWN', profile: { authScheme: 'UNKNOWN' } });
  const id = await create({ label: 'Zoom', name: 'zoomus', signOnMode: 'SAML_2_0' });
  await call('POST', `/apps/${id}/connections/default?activate=true`, { profile: { authScheme: 'TOKEN', token: 'secret' } });
  expect((await call('PUT', `/apps/${id}/features/USER_PROVISIONING`, { create: { lifecycleCreate: { status: 'ENABLED' } } })).status).toBe(
    200,
  );
  expect((await call('GET', `/apps/${id}/features`)).body).toMatchObject([
    { name: 'USER_PROVISIONING', capabilities: { create: { lifecycleCreate: { status: 'ENABLED' } } } },
  ]);
});

test('an app is guarded by the policy that it is given', async () => {
  const id = await create(BOOKMARK);
  const policy = (await call('POST', '/policies', { type: 'ACCESS_POLICY', name: 'Strict' })).body;
  expect((await call('PUT', `/apps/${id}/policies/${policy.id}`)).status).toBe(204);
  expect((await call('GET', `/apps/${id}`)).body).toMatchObject({
    _links: { accessPolicy: { href: `https://demo.okta.com/api/v1/policies/${policy.id}` } },
  });
  expect((await call('GET', `/policies/${policy.id}/app`)).body).toMatchObject([{ id }]);
  expect((await call('DELETE', `/policies/${policy.id}`)).status).toBe(400);
});

test('what an update leaves out goes back to its default; name and status stay', async () => {
  const id = await create({ ...BOOKMARK, visibility: { autoSubmitToolbar: true } });
  const changed = await call('PUT', `/apps/${id}`, {
    label: 'New',
    status: 'INACTIVE',
    signOnMode: 'BOOKMARK',
    settings: { app: { url: 'https://new.example.com' } },
  });
  expect(changed.body).toMatchObject({
    id,
    name: 'bookmark',
    label: 'New',
    status: 'ACTIVE',
    visibility: { autoSubmitToolbar: false },
    settings: { app: { url: 'https://new.example.com' } },
  });
  expect((await call('PUT', `/apps/${id}`, { label: 'x', signOnMode: 'SAML_2_0' })).status).toBe(400);
});

test('a SAML app with an address of its own has nothing to override, one of an integration has', async () => {
  const own = await create({
    label: 'Own',
    signOnMode: 'SAML_2_0',
    settings: { signOn: { ssoAcsUrl: 'https://app.example.com/acs', audienceOverride: '' } },
  });
  const { signOn } = ((await call('GET', `/apps/${own}`)).body as unknown as { settings: { signOn: JsonObject } }).settings;
  expect(signOn).toMatchObject({
    ssoAcsUrl: 'https://app.example.com/acs',
    recipient: 'https://app.example.com/acs',
    inlineHooks: [],
    slo: { enabled: false },
  });
  expect(Object.keys(signOn)).not.toContain('audienceOverride');
  const known = await create({ name: 'slack', label: 'Slack', signOnMode: 'SAML_2_0' });
  expect((await call('GET', `/apps/${known}`)).body).toMatchObject({ settings: { signOn: { audienceOverride: null } } });
});
