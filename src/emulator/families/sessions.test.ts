import { beforeEach, expect, test } from 'vitest';
import { createTestClient, newUser, type TestClient } from '../test-client.ts';

let okta: TestClient;
let userId: string;
beforeEach(async () => {
  okta = createTestClient();
  userId = (await okta.post('/api/v1/users', newUser('ann@example.com', { firstName: 'Ann', lastName: 'Lee' }))).body.id;
});

const signIn = (password = 'Passw0rd!x') => okta.post('/api/v1/authn', { username: 'ann@example.com', password });

test('a session token out of /authn opens a session, which is read, refreshed and ended', async () => {
  const authn = await signIn();
  expect(authn.status).toBe(200);
  expect(authn.body).toEqual({
    expiresAt: '2026-03-01T12:05:00.000Z',
    status: 'SUCCESS',
    sessionToken: authn.body.sessionToken,
    _embedded: {
      user: {
        id: userId,
        passwordChanged: '2026-03-01T12:00:00.000Z',
        profile: { login: 'ann@example.com', firstName: 'Ann', lastName: 'Lee', locale: 'en_US', timeZone: 'America/Los_Angeles' },
      },
    },
    _links: { cancel: { href: 'https://demo.okta.com/api/v1/authn/cancel', hints: { allow: ['POST'] } } },
  });
  const made = await okta.post('/api/v1/sessions', { sessionToken: authn.body.sessionToken });
  const { id } = made.body;
  expect([made.status, id]).toEqual([200, expect.stringMatching(/^102[\w-]{22}$/)]);
  expect(made.body).toEqual({
    id,
    userId,
    login: 'ann@example.com',
    createdAt: '2026-03-01T12:00:00.000Z',
    expiresAt: '2026-03-01T14:00:00.000Z',
    status: 'ACTIVE',
    lastPasswordVerification: '2026-03-01T12:00:00.000Z',
    lastFactorVerification: null,
    amr: ['pwd'],
    idp: { id: okta.emulator.org.id, type: 'OKTA' },
    mfaActive: false,
    _links: {
      self: { href: 'https://demo.okta.com/api/v1/sessions/me', hints: { allow: ['GET', 'DELETE'] } },
      refresh: { href: 'https://demo.okta.com/api/v1/sessions/me/lifecycle/refresh', hints: { allow: ['POST'] } },
      user: { name: 'Ann Lee', href: 'https://demo.okta.com/api/v1/users/me', hints: { allow: ['GET'] } },
    },
  });

  okta.clock.advance(3_600_000);
  const read = await okta.get(`/api/v1/sessions/${id}`);
  const alias = read.body._links.self.href.split('/').pop();
  expect([read.body.id, read.body.expiresAt]).toEqual([id, '2026-03-01T14:00:00.000Z']);
  expect(alias).not.toBe(id);
  expect((await okta.get(`/api/v1/sessions/${alias}`)).body.id).toBe(alias);
  expect((await okta.post(`/api/v1/sessions/${id}/lifecycle/refresh`)).body.expiresAt).toBe('2026-03-01T15:00:00.000Z');
  expect((await okta.call('POST', `/api/v1/sessions/${id}/lifecycle/refresh`, undefined, { prefer: 'return=minimal' })).status).toBe(204);
  expect((await okta.delete(`/api/v1/sessions/${id}`)).status).toBe(204);
  const gone = await okta.get(`/api/v1/sessions/${id}`);
  expect([gone.status, gone.body.errorSummary]).toEqual([404, `Not found: Resource not found: ${id} (AppSession)`]);
  expect((await okta.delete(`/api/v1/sessions/${id}`)).status).toBe(404);
});

test('a session token is good once and for five minutes', async () => {
  const { sessionToken } = (await signIn()).body;
  expect((await okta.post('/api/v1/sessions', { sessionToken })).status).toBe(200);
  const replayed = await okta.post('/api/v1/sessions', { sessionToken });
  expect([replayed.status, replayed.code, replayed.body.errorSummary]).toEqual([401, 'E0000004', 'Authentication failed']);
  const late = (await signIn()).body.sessionToken;
  okta.clock.advance(5 * 60_000);
  expect((await okta.post('/api/v1/sessions', { sessionToken: late })).code).toBe('E0000004');
  expect((await okta.post('/api/v1/sessions', '{"sessionToken":')).code).toBe('E0000003');
});

test('there is no list of sessions', async () => {
  const list = await okta.get('/api/v1/sessions/');
  expect([list.status, list.code]).toEqual([405, 'E0000022']);
});

test('sessions/me needs the cookie of a session', async () => {
  const { id } = (await okta.post('/api/v1/sessions', { sessionToken: (await signIn()).body.sessionToken })).body;
  expect((await okta.get('/api/v1/sessions/me')).status).toBe(404);
  expect((await okta.call('GET', '/api/v1/sessions/me', undefined, { cookie: `sid=${id}` })).body.login).toBe('ann@example.com');
});

test('a session ends by its time, and with all others of its user', async () => {
  const open = async (): Promise<string> =>
    (await okta.post('/api/v1/sessions', { sessionToken: (await signIn()).body.sessionToken })).body.id;
  const first = await open();
  okta.clock.advance(2 * 3_600_000);
  expect((await okta.get(`/api/v1/sessions/${first}`)).status).toBe(404);
  const second = await open();
  expect((await okta.delete(`/api/v1/users/${userId}/sessions`)).status).toBe(204);
  expect((await okta.get(`/api/v1/sessions/${second}`)).status).toBe(404);
  const third = await open();
  await okta.post(`/api/v1/users/${userId}/lifecycle/deactivate`);
  expect((await okta.get(`/api/v1/sessions/${third}`)).status).toBe(404);
});

test('ten wrong passwords lock a user out, and an expired password must be changed first', async () => {
  for (let i = 0; i < 10; i++) expect((await signIn('wrong')).code).toBe('E0000004');
  expect((await okta.get(`/api/v1/users/${userId}`)).body.status).toBe('LOCKED_OUT');
  expect((await signIn()).code).toBe('E0000004');
  await okta.post(`/api/v1/users/${userId}/lifecycle/unlock`);
  await okta.post(`/api/v1/users/${userId}/lifecycle/expire_password`);
  const expired = await signIn();
  expect(expired.body.status).toBe('PASSWORD_EXPIRED');
  const changed = await okta.post('/api/v1/authn/credentials/change_password', {
    stateToken: expired.body.stateToken,
    oldPassword: 'Passw0rd!x',
    newPassword: 'Passw0rd!2',
  });
  expect(changed.body.status).toBe('SUCCESS');
  expect((await signIn('Passw0rd!2')).body.status).toBe('SUCCESS');
});
