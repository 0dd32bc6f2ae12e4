import { expect, test } from 'vitest';
import { createTestClient, newUser } from '../test-client.ts';

test('the settings of the org are merged by POST and replaced by PUT', async () => {
  const org = createTestClient();
  await org.post('/api/v1/org', { city: 'Umeå', supportPhoneNumber: '123' });
  expect((await org.post('/api/v1/org', { supportPhoneNumber: '456' })).body).toMatchObject({
    city: 'Umeå',
    supportPhoneNumber: '456',
    subdomain: 'demo',
  });
  expect((await org.put('/api/v1/org', { companyName: 'Acme' })).body).toMatchObject({ companyName: 'Acme', city: null });
  expect((await org.put('/api/v1/org', { city: 'Umeå' })).code).toBe('E0000001');
});

test('access of Okta Support is granted, extended while it lasts, and ends by itself or when revoked', async () => {
  const org = createTestClient();
  const path = '/api/v1/org/privacy/oktaSupport';
  expect((await org.post(`${path}/extend`)).code).toBe('E0000001');
  expect((await org.post(`${path}/grant`)).body).toMatchObject({ support: 'ENABLED', expiration: '2026-03-01T20:00:00.000Z' });
  expect((await org.post(`${path}/extend`)).body.expiration).toBe('2026-03-02T20:00:00.000Z');
  org.clock.advance(40 * 3_600_000);
  expect((await org.get(path)).body).toMatchObject({ support: 'DISABLED', expiration: null });
  await org.post(`${path}/grant`);
  expect((await org.post(`${path}/revoke`)).body.support).toBe('DISABLED');
});

test('contacts, footer, mails to users and subscriptions remember what was chosen', async () => {
  const org = createTestClient();
  const { body: user } = await org.post('/api/v1/users', newUser('a@acme.test'));
  await org.put('/api/v1/org/contacts/TECHNICAL', { userId: user.id });
  expect((await org.get('/api/v1/org/contacts/technical')).body.userId).toBe(user.id);
  expect((await org.put('/api/v1/org/contacts/TECHNICAL', { userId: 'none' })).code).toBe('E0000007');
  await org.post('/api/v1/org/preferences/hideEndUserFooter');
  expect((await org.get('/api/v1/org/preferences')).body.showEndUserFooter).toBe(false);
  await org.post('/api/v1/org/privacy/oktaCommunication/optOut');
  expect((await org.get('/api/v1/org/privacy/oktaCommunication')).body.optOutEmailUsers).toBe(true);
  const subscription = `/api/v1/users/${user.id}/subscriptions/APP_IMPORT`;
  await org.post(`${subscription}/subscribe`);
  expect((await org.get(subscription)).body.status).toBe('subscribed');
  expect((await org.get('/api/v1/roles/NO_ROLE/subscriptions')).code).toBe('E0000007');
});

test('a feature carries those it needs along only by force', async () => {
  const org = createTestClient();
  const features: { id: string; name: string }[] = (await org.get('/api/v1/features')).body;
  const id = features.find((feature) => feature.name === 'Recently used apps')?.id;
  const needed = (await org.get(`/api/v1/features/${id}/dependencies`)).body[0];
  expect((await org.post(`/api/v1/features/${id}/enable`)).code).toBe('E0000001');
  expect((await org.post(`/api/v1/features/${id}/ENABLE?mode=force`)).body.status).toBe('ENABLED');
  expect((await org.get(`/api/v1/features/${needed.id}`)).body.status).toBe('ENABLED');
  expect((await org.post(`/api/v1/features/${needed.id}/disable`)).code).toBe('E0000001');
});

test('an authenticator that a policy requires stays active, and the phone needs a provider of telephony', async () => {
  const org = createTestClient();
  const all: { id: string; key: string }[] = (await org.get('/api/v1/authenticators')).body;
  const path = (key: string): string => `/api/v1/authenticators/${all.find((one) => one.key === key)?.id}`;
  expect((await org.post(`${path('okta_password')}/lifecycle/deactivate`)).code).toBe('E0000001');
  expect((await org.post(`${path('phone_number')}/lifecycle/activate`)).code).toBe('E0000226');
  expect((await org.post(`${path('security_question')}/lifecycle/deactivate`)).body.status).toBe('INACTIVE');
  expect((await org.post('/api/v1/authenticators', { key: 'okta_email', name: 'Email' })).code).toBe('E0000001');
  expect((await org.post('/api/v1/authenticators', { key: 'google_otp', name: 'Google' })).body).toMatchObject({
    type: 'app',
    status: 'ACTIVE',
  });
});

test('a domain is verified before it gets a certificate, and the own one is left alone', async () => {
  const org = createTestClient();
  const { status, body: domain } = await org.post('/api/v1/domains', { domain: 'login.acme.test', certificateSourceType: 'MANUAL' });
  expect([status, domain.validationStatus]).toEqual([201, 'NOT_STARTED']);
  const path = `/api/v1/domains/${domain.id}`;
  const certificate = { type: 'PEM', certificate: 'c', privateKey: 'k' };
  expect((await org.put(`${path}/certificate`, certificate)).code).toBe('E0000001');
  await org.post(`${path}/verify`);
  expect((await org.put(`${path}/certificate`, certificate)).status).toBe(204);
  expect((await org.get(path)).body).toMatchObject({ validationStatus: 'COMPLETED', publicCertificate: { subject: 'CN=login.acme.test' } });
  expect((await org.post('/api/v1/domains/default/verify')).causes).toEqual(['This operation is not supported for this domain']);
});

test('a brand has a theme and mails, of which one is the default', async () => {
  const org = createTestClient();
  const [brand] = (await org.get('/api/v1/brands')).body;
  const [theme] = (await org.get(`/api/v1/brands/${brand.id}/themes`)).body;
  const image = await org.call('POST', `/api/v1/brands/${brand.id}/themes/${theme.id}/logo`, 'PNG', { 'content-type': 'image/png' });
  expect((await org.get(`/api/v1/brands/${brand.id}/themes/${theme.id}`)).body.logo).toBe(image.body.url);
  const mails = `/api/v1/brands/${brand.id}/templates/email/UserActivation/customizations`;
  const mail = (language: string) => ({ language, isDefault: false, subject: 'Hi', body: '<p>Hi</p>' });
  expect((await org.post(mails, mail('en'))).body.isDefault).toBe(true);
  const { body: french } = await org.post(mails, { ...mail('fr'), isDefault: true });
  expect((await org.get(mails)).body.map((one: { isDefault: boolean }) => one.isDefault)).toEqual([false, true]);
  expect((await org.post(mails, mail('fr'))).status).toBe(409);
  expect((await org.delete(`${mails}/${french.id}`)).status).toBe(409);
  expect((await org.put(`/api/v1/brands/${brand.id}`, { customPrivacyPolicyUrl: 'https://acme.test' })).code).toBe('E0000001');
});

test('a text message holds its code, POST adds translations and PUT replaces them', async () => {
  const org = createTestClient();
  const code = `\${code}`;
  const { body } = await org.post('/api/v1/templates/sms', {
    name: 'Ours',
    type: 'SMS_VERIFY_CODE',
    template: `Code ${code}`,
    translations: { sv: `Kod ${code}` },
  });
  const path = `/api/v1/templates/sms/${body.id}`;
  expect((await org.post(path, { translations: { fi: `Koodi ${code}` } })).body.translations).toEqual({
    sv: `Kod ${code}`,
    fi: `Koodi ${code}`,
  });
  expect((await org.put(path, { name: 'Ours', type: 'SMS_VERIFY_CODE', template: `Code ${code}` })).body).not.toHaveProperty(
    'translations',
  );
  expect((await org.post(path, { template: 'No code' })).code).toBe('E0000001');
  expect((await org.delete('/api/v1/templates/sms/default')).code).toBe('E0000001');
});

test('a trusted origin is found by filter and named once', async () => {
  const org = createTestClient();
  const origin = { name: 'Portal', origin: 'https://portal.acme.test', scopes: [{ type: 'CORS' }] };
  const { body } = await org.post('/api/v1/trustedOrigins', origin);
  expect((await org.get('/api/v1/trustedOrigins?filter=type%20eq%20%22CORS%22')).body).toEqual([body]);
  expect((await org.get('/api/v1/trustedOrigins?filter=type%20eq%20%22REDIRECT%22')).body).toEqual([]);
  expect((await org.post('/api/v1/trustedOrigins', { ...origin, name: 'Other' })).code).toBe('E0000001');
  expect((await org.post('/api/v1/trustedOrigins', { ...origin, origin: 'portal' })).code).toBe('E0000001');
  expect((await org.post(`/api/v1/trustedOrigins/${body.id}/lifecycle/deactivate`)).body.status).toBe('INACTIVE');
});
