import { beforeEach, describe, expect, test } from 'vitest';
import { createTestClient, newUser, type TestClient } from '../test-client.ts';
import { oneTimeCode, SENT_CODE } from './factors/codes.ts';

const LOGIN = 'ann@example.com';
const PASSWORD = 'Passw0rd!x';
let okta: TestClient;
let userId: string;
beforeEach(async () => {
  okta = createTestClient();
  const question = { recovery_question: { question: 'Who was first?', answer: 'Nobody' } };
  userId = (await okta.post('/api/v1/users', { ...newUser(LOGIN), credentials: { password: { value: PASSWORD }, ...question } })).body.id;
});

const authn = (path: string, body: object) => okta.post(`/api/v1/authn${path}`, body);
const signIn = (more: object = {}) => authn('', { username: LOGIN, password: PASSWORD, ...more });

/** A sign-on policy for everybody whose only rule does what is given. */
async function signOnRule(signon: object, conditions: object = {}): Promise<void> {
  const people = { groups: { include: [okta.emulator.org.everyoneId] } };
  const policy = await okta.post('/api/v1/policies', { type: 'OKTA_SIGN_ON', name: 'Strict', conditions: { people } });
  const rule = await okta.post(`/api/v1/policies/${policy.body.id}/rules`, {
    type: 'SIGN_ON',
    name: 'All',
    conditions,
    actions: { signon },
  });
  expect([policy.status, rule.status]).toEqual([200, 200]);
}

async function smsFactor(): Promise<string> {
  const body = { factorType: 'sms', provider: 'OKTA', profile: { phoneNumber: '+15551234567' } };
  return (await okta.post(`/api/v1/users/${userId}/factors?activate=true`, body)).body.id;
}

describe('a factor that the sign-on policy requires', () => {
  beforeEach(() => signOnRule({ access: 'ALLOW', requireFactor: true, factorPromptMode: 'ALWAYS' }));

  test('is asked for, sent, refused if wrong, and opens a session that tells it', async () => {
    const factorId = await smsFactor();
    okta.clock.advance(31_000);
    const asked = await signIn({ relayState: 'here' });
    expect(asked.body).toMatchObject({
      status: 'MFA_REQUIRED',
      relayState: 'here',
      _embedded: { user: { id: userId }, factors: [{ id: factorId, factorType: 'sms', profile: { phoneNumber: '+15551234567' } }] },
      _links: { cancel: { href: 'https://demo.okta.com/api/v1/authn/cancel' } },
    });
    const { stateToken } = asked.body;
    expect(asked.body.sessionToken).toBeUndefined();
    const challenge = await authn(`/factors/${factorId}/verify`, { stateToken });
    expect(challenge.body).toMatchObject({ status: 'MFA_CHALLENGE', stateToken, _embedded: { factor: { id: factorId } } });
    expect(challenge.body._links.next.name).toBe('verify');
    expect((await authn(`/factors/${factorId}/verify`, { stateToken, passCode: '000000' })).code).toBe('E0000068');
    const done = await authn(`/factors/${factorId}/verify`, { stateToken, passCode: SENT_CODE });
    expect(done.body).toMatchObject({ status: 'SUCCESS', relayState: 'here' });
    const session = await okta.post('/api/v1/sessions', { sessionToken: done.body.sessionToken });
    expect(session.body).toMatchObject({ amr: ['pwd', 'mfa', 'sms'], lastFactorVerification: '2026-03-01T12:00:31.000Z', mfaActive: true });
    expect((await authn(`/factors/${factorId}/verify`, { stateToken, passCode: SENT_CODE })).code).toBe('E0000011');
  });

  test('can be gone back from, sent again only after a while, and given up', async () => {
    const factorId = await smsFactor();
    okta.clock.advance(31_000);
    const { stateToken } = (await signIn()).body;
    expect((await authn('/previous', { stateToken })).code).toBe('E0000079');
    await authn(`/factors/${factorId}/verify`, { stateToken });
    expect((await authn(`/factors/${factorId}/verify/resend`, { stateToken })).code).toBe('E0000109');
    expect((await authn('', { stateToken })).body.status).toBe('MFA_CHALLENGE');
    expect((await authn('/previous', { stateToken })).body.status).toBe('MFA_REQUIRED');
    expect((await authn('/skip', { stateToken })).code).toBe('E0000079');
    expect((await authn('/cancel', { stateToken })).body).toEqual({});
    expect((await authn('', { stateToken })).code).toBe('E0000011');
  });

  test('is enrolled by who has none, with the code of a generator', async () => {
    const enroll = await signIn();
    expect(enroll.body.status).toBe('MFA_ENROLL');
    expect(enroll.body._embedded.factors.map((one: { factorType: string }) => one.factorType)).toContain('token:software:totp');
    const { stateToken } = enroll.body;
    const pending = await authn('/factors', { stateToken, factorType: 'token:software:totp', provider: 'GOOGLE' });
    expect(pending.body).toMatchObject({ status: 'MFA_ENROLL_ACTIVATE', _embedded: { factor: { factorType: 'token:software:totp' } } });
    const { factor } = pending.body._embedded;
    const code = oneTimeCode(factor._embedded.activation.sharedSecret, Math.floor(okta.clock.now() / 30_000));
    expect((await authn(`/factors/${factor.id}/lifecycle/activate`, { stateToken, passCode: '12' })).code).toBe('E0000068');
    const done = await authn(`/factors/${factor.id}/lifecycle/activate`, { stateToken, passCode: code });
    expect(done.body.status).toBe('SUCCESS');
    expect((await okta.get(`/api/v1/users/${userId}/factors`)).body).toMatchObject([{ id: factor.id, status: 'ACTIVE' }]);
    expect((await signIn()).body.status).toBe('MFA_REQUIRED');
  });

  test('is dropped again when its enrolment is gone back from', async () => {
    const { stateToken } = (await signIn()).body;
    await authn('/factors', { stateToken, factorType: 'sms', provider: 'OKTA', profile: { phoneNumber: '+15551234567' } });
    expect((await authn('/previous', { stateToken })).body.status).toBe('MFA_ENROLL');
    expect((await okta.get(`/api/v1/users/${userId}/factors`)).body).toEqual([]);
  });

  test('may be a push that is polled until it is approved', async () => {
    const { stateToken } = (await signIn()).body;
    const pending = await authn('/factors', { stateToken, factorType: 'push', provider: 'OKTA' });
    const poll = pending.body._links.next;
    expect(poll.name).toBe('poll');
    const path = new URL(poll.href).pathname;
    expect((await okta.post(path, { stateToken })).body.status).toBe('MFA_ENROLL_ACTIVATE');
    okta.clock.advance(3_000);
    expect((await okta.post(path, { stateToken })).body.status).toBe('SUCCESS');
    const asked = (await signIn()).body;
    const verify = `/factors/${asked._embedded.factors[0].id}/verify`;
    expect((await authn(verify, { stateToken: asked.stateToken })).body).toMatchObject({
      status: 'MFA_CHALLENGE',
      factorResult: 'WAITING',
    });
    expect((await authn(verify, { stateToken: asked.stateToken })).body.status).toBe('MFA_CHALLENGE');
    okta.clock.advance(3_000);
    expect((await authn(verify, { stateToken: asked.stateToken })).body.status).toBe('SUCCESS');
  });
});

describe('a sign-on rule', () => {
  test('denies', async () => {
    await signOnRule({ access: 'DENY' });
    expect((await signIn()).code).toBe('E0000004');
  });

  test('holds only for those who come from its zone', async () => {
    const zone = await okta.post('/api/v1/zones', { type: 'IP', name: 'Office', gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] });
    await signOnRule({ access: 'DENY' }, { network: { connection: 'ZONE', include: [zone.body.id] } });
    expect((await signIn()).body.status).toBe('SUCCESS');
    const body = { username: LOGIN, password: PASSWORD };
    expect((await okta.call('POST', '/api/v1/authn', body, { 'x-forwarded-for': '192.0.2.7' })).code).toBe('E0000004');
  });

  test('asks a remembered device once', async () => {
    await signOnRule({ access: 'ALLOW', requireFactor: true, factorPromptMode: 'DEVICE', factorLifetime: 60 });
    const factorId = await smsFactor();
    const device = { context: { deviceToken: 'laptop' } };
    const asked = (await signIn(device)).body;
    expect(asked._embedded.policy).toMatchObject({ allowRememberDevice: true, rememberDeviceLifetimeInMinutes: 60 });
    await authn(`/factors/${factorId}/verify?rememberDevice=true`, { stateToken: asked.stateToken, passCode: SENT_CODE });
    expect((await signIn(device)).body.status).toBe('SUCCESS');
    expect((await signIn({ context: { deviceToken: 'phone' } })).body.status).toBe('MFA_REQUIRED');
    okta.clock.advance(61 * 60_000);
    expect((await signIn(device)).body.status).toBe('MFA_REQUIRED');
  });
});

describe('the password policy', () => {
  beforeEach(async () => {
    const [policy] = (await okta.get('/api/v1/policies?type=PASSWORD')).body;
    const { settings } = policy;
    settings.password.age = { ...settings.password.age, maxAgeDays: 90, expireWarnDays: 5 };
    settings.password.lockout = { ...settings.password.lockout, maxAttempts: 3, autoUnlockMinutes: 30, showLockoutFailures: true };
    expect((await okta.put(`/api/v1/policies/${policy.id}`, { ...policy, settings })).status).toBe(200);
  });

  test('warns who asks to be warned, and lets them skip', async () => {
    okta.clock.advance(86 * 86_400_000);
    expect((await signIn()).body.status).toBe('SUCCESS');
    const warned = (await signIn({ options: { warnBeforePasswordExpired: true } })).body;
    expect(warned).toMatchObject({ status: 'PASSWORD_WARN', _embedded: { policy: { expiration: { passwordExpireDays: 4 } } } });
    expect((await authn('/skip', { stateToken: warned.stateToken })).body.status).toBe('SUCCESS');
  });

  test('expires a password at sign-in, and has it changed to one that was not used before', async () => {
    // In steps, since the API token ends when it is not used for 30 days.
    for (const days of [29, 29, 29, 4]) {
      okta.clock.advance(days * 86_400_000);
      await okta.get(`/api/v1/users/${userId}`);
    }
    expect((await okta.get(`/api/v1/users/${userId}`)).body.status).toBe('ACTIVE');
    const { stateToken, status } = (await signIn()).body;
    expect(status).toBe('PASSWORD_EXPIRED');
    const change = (newPassword: string) => authn('/credentials/change_password', { stateToken, oldPassword: PASSWORD, newPassword });
    expect((await change('short')).code).toBe('E0000080');
    expect((await change(PASSWORD)).code).toBe('E0000080');
    expect((await change('An0ther!pass')).body.status).toBe('SUCCESS');
    expect((await okta.get(`/api/v1/users/${userId}`)).body.status).toBe('ACTIVE');
  });

  test('locks out after its number of attempts, tells it to who knows the password, and unlocks after its time', async () => {
    for (let attempt = 0; attempt < 3; attempt++) expect((await authn('', { username: LOGIN, password: 'wrong' })).code).toBe('E0000004');
    expect((await signIn()).body).toMatchObject({ status: 'LOCKED_OUT', _links: { next: { name: 'unlock' } } });
    expect((await authn('', { username: LOGIN, password: 'wrong' })).code).toBe('E0000004');
    okta.clock.advance(30 * 60_000);
    expect((await signIn()).body.status).toBe('SUCCESS');
  });
});

describe('recovery', () => {
  test('of a password goes by mail, the recovery question and a new password', async () => {
    expect((await authn('/recovery/password', { username: 'nobody@example.com', factorType: 'EMAIL' })).code).toBe('E0000095');
    const sent = await authn('/recovery/password', { username: LOGIN, factorType: 'EMAIL' });
    expect(sent.body).toEqual({ status: 'RECOVERY_CHALLENGE', factorResult: 'WAITING', factorType: 'EMAIL', recoveryType: 'PASSWORD' });
    const [mail] = (await okta.get('/_emulator/mails')).body;
    expect(mail).toMatchObject({ to: LOGIN, userId, template: 'ForgotPassword' });
    const recovery = (await authn('/recovery/token', { recoveryToken: mail.token })).body;
    expect(recovery).toMatchObject({ status: 'RECOVERY', _embedded: { user: { recovery_question: { question: 'Who was first?' } } } });
    expect((await authn('/recovery/token', { recoveryToken: mail.token })).code).toBe('E0000011');
    const { stateToken } = recovery;
    expect((await authn('/recovery/answer', { stateToken, answer: 'wrong' })).code).toBe('E0000087');
    expect((await authn('/recovery/answer', { stateToken, answer: 'nobody' })).body.status).toBe('PASSWORD_RESET');
    const done = await authn('/credentials/reset_password', { stateToken, newPassword: 'An0ther!pass' });
    expect(done.body.status).toBe('SUCCESS');
    expect((await signIn()).code).toBe('E0000004');
    expect((await signIn({ password: 'An0ther!pass' })).body.status).toBe('SUCCESS');
  });

  test('of a password by a code needs a phone', async () => {
    const ask = () => authn('/recovery/password', { username: LOGIN, factorType: 'SMS' });
    expect((await ask()).code).toBe('E0000097');
    await smsFactor();
    const challenge = (await ask()).body;
    expect(challenge).toMatchObject({ status: 'RECOVERY_CHALLENGE', factorType: 'SMS', recoveryType: 'PASSWORD' });
    const verify = (passCode: string) => authn('/recovery/factors/SMS/verify', { stateToken: challenge.stateToken, passCode });
    expect((await verify('000000')).code).toBe('E0000068');
    expect((await verify(SENT_CODE)).body.status).toBe('RECOVERY');
  });

  test('gives its token to an application that the administrator trusts, and to nobody else', async () => {
    const body = { username: LOGIN };
    expect((await okta.call('POST', '/api/v1/authn/recovery/password', body, { authorization: '' })).code).toBe('E0000001');
    const trusted = (await authn('/recovery/password', body)).body;
    expect(trusted).toMatchObject({ status: 'RECOVERY', recoveryType: 'PASSWORD' });
    expect((await authn('/recovery/token', { recoveryToken: trusted.recoveryToken })).body.status).toBe('RECOVERY');
  });

  test('unlocks who is locked out, and refuses who is not', async () => {
    expect((await authn('/recovery/unlock', { username: LOGIN })).code).toBe('E0000032');
    for (let attempt = 0; attempt < 10; attempt++) await authn('', { username: LOGIN, password: 'wrong' });
    const { recoveryToken } = (await authn('/recovery/unlock', { username: LOGIN })).body;
    const { stateToken } = (await authn('/recovery/token', { recoveryToken })).body;
    expect((await authn('/recovery/answer', { stateToken, answer: 'Nobody' })).body).toMatchObject({
      status: 'SUCCESS',
      recoveryType: 'UNLOCK',
    });
    expect((await signIn()).body.status).toBe('SUCCESS');
  });

  test('begins with the token of a reset that an administrator asked for', async () => {
    const reset = await okta.post(`/api/v1/users/${userId}/lifecycle/reset_password?sendEmail=false`);
    const recoveryToken = reset.body.resetPasswordUrl.split('/').at(-1);
    expect((await authn('/recovery/token', { recoveryToken })).body.status).toBe('RECOVERY');
  });
});

test('who is activated sets a password with the token of the activation', async () => {
  const made = await okta.post('/api/v1/users?activate=false', {
    profile: { firstName: 'B', lastName: 'C', login: 'b@example.com', email: 'b@example.com' },
  });
  const { activationToken } = (await okta.post(`/api/v1/users/${made.body.id}/lifecycle/activate?sendEmail=false`)).body;
  const { stateToken, status } = (await authn('', { token: activationToken })).body;
  expect(status).toBe('PASSWORD_RESET');
  expect((await authn('/credentials/reset_password', { stateToken, newPassword: 'An0ther!pass' })).body.status).toBe('SUCCESS');
  expect((await okta.get(`/api/v1/users/${made.body.id}`)).body.status).toBe('ACTIVE');
  expect((await authn('', { token: activationToken })).code).toBe('E0000011');
});
