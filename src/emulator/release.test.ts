import { describe, expect, test } from 'vitest';
import { createShaping } from './release.ts';
import { createTestClient } from './test-client.ts';

const CLIENT = {
  name: 'oidc_client',
  label: 'Portal',
  signOnMode: 'OPENID_CONNECT',
  settings: { oauthClient: { redirect_uris: ['https://portal.example.com/callback'] } },
};

describe('the release of the API', () => {
  test('the newest shows every field', async () => {
    const app = (await createTestClient().post('/api/v1/apps', CLIENT)).body;
    expect(app).toMatchObject({ universalLogout: { status: 'DISABLED' }, settings: { emOptInStatus: 'NONE', notes: {} } });
    expect(app.orn).toContain(':apps:oidc_client:');
  });

  test('an old one shows no field that came later, and those that have gone since', async () => {
    const org = createTestClient({ release: '2020-08' });
    const app = (await org.post('/api/v1/apps', CLIENT)).body;
    expect(Object.keys(app)).not.toContain('orn');
    expect(app.settings).toMatchObject({ extendedProperties: null });
    expect(Object.keys(app.settings)).not.toContain('notes');
    expect(Object.keys(app.settings.oauthClient)).not.toContain('wildcard_redirect');
    expect(Object.keys((await org.get('/api/v1/brands')).body[0])).not.toContain('name');
  });

  test('a password could at first be forgotten only by those with a recovery question', async () => {
    const person = (login: string, credentials: object): object => ({
      profile: { firstName: 'A', lastName: 'B', login, email: login },
      credentials: { password: { value: 'Tr1cky!Enough' }, ...credentials },
    });
    const org = createTestClient({ release: '2020-08' });
    const [plain, asked] = [
      (await org.post('/api/v1/users', person('a@example.com', {}))).body,
      (await org.post('/api/v1/users', person('b@example.com', { recovery_question: { question: 'Who?', answer: 'Nobody at all' } }))).body,
    ];
    expect(Object.keys(plain._links)).not.toContain('forgotPassword');
    expect(Object.keys(asked._links)).toContain('forgotPassword');
  });
});

describe('what an org can do', () => {
  test('shows in its objects', async () => {
    const org = createTestClient({ without: ['universalLogout', 'entitlements', 'userEmails'] });
    const app = (await org.post('/api/v1/apps', CLIENT)).body;
    expect(app.universalLogout).toBeNull();
    expect(Object.keys(app.settings)).not.toContain('emOptInStatus');
    await org.post('/api/v1/users', { profile: { firstName: 'A', lastName: 'B', login: 'a@example.com', email: 'a@example.com' } });
    for (const user of (await org.get('/api/v1/users')).body) expect(Object.keys(user.credentials)).not.toContain('emails');
  });

  test('an org of the newest release with all capabilities shows objects as they are', () => {
    const app = { orn: 'x', universalLogout: {} };
    expect(createShaping().shape('app', app)).toBe(app);
  });
});

test("a client's secret is shown when it is made, and not after", async () => {
  const org = createTestClient();
  const app = (await org.post('/api/v1/apps', CLIENT)).body;
  expect(app.credentials.oauthClient.client_secret).toHaveLength(64);
  const read = (await org.get(`/api/v1/apps/${app.id}`)).body;
  expect(Object.keys(read.credentials.oauthClient)).not.toContain('client_secret');
  expect((await org.get(`/api/v1/apps/${app.id}/credentials/secrets`)).body[0].client_secret).toBe(
    app.credentials.oauthClient.client_secret,
  );
});

test('a cursor that no app can have is refused', async () => {
  const answer = await createTestClient().get('/api/v1/apps?q=nothing&after=00u1cursorofusers');
  expect([answer.status, answer.code]).toEqual([400, 'E0000029']);
});
