import { beforeEach, expect, test } from 'vitest';
import { createTestClient, newUser, type TestClient } from '../test-client.ts';
import { oneTimeCode } from './factors/codes.ts';

let okta: TestClient;
let path: string;
beforeEach(async () => {
  okta = createTestClient();
  const { id } = (await okta.post('/api/v1/users', newUser('ann@example.com'))).body;
  path = `/api/v1/users/${id}/factors`;
});

test('a text message factor is enrolled, activated with the code, verified and taken away', async () => {
  const made = await okta.post(path, { factorType: 'sms', provider: 'OKTA', profile: { phoneNumber: '+1 (234) 567-8901' } });
  const { id } = made.body;
  const href = `https://demo.okta.com${path}/${id}`;
  expect(made.body).toEqual({
    id: expect.stringMatching(/^mbl\w{17}$/),
    factorType: 'sms',
    provider: 'OKTA',
    vendorName: 'OKTA',
    status: 'PENDING_ACTIVATION',
    created: '2026-03-01T12:00:00.000Z',
    lastUpdated: '2026-03-01T12:00:00.000Z',
    profile: { phoneNumber: '+12345678901' },
    _links: {
      resend: [{ name: 'sms', href: `${href}/resend`, hints: { allow: ['POST'] } }],
      activate: { href: `${href}/lifecycle/activate`, hints: { allow: ['POST'] } },
      self: { href, hints: { allow: ['GET'] } },
      user: { href: `https://demo.okta.com${path.replace('/factors', '')}`, hints: { allow: ['GET'] } },
    },
  });
  expect((await okta.post(`${path}/${id}/resend`)).code).toBe('E0000109');
  const wrong = await okta.post(`${path}/${id}/lifecycle/activate`, { passCode: '000000' });
  expect([wrong.status, wrong.code]).toEqual([403, 'E0000068']);
  expect((await okta.post(`${path}/${id}/verify`, {})).code).toBe('E0000107');
  expect((await okta.post(`${path}/${id}/lifecycle/activate`, { passCode: '123456' })).body.status).toBe('ACTIVE');
  expect((await okta.post(`${path}/${id}/lifecycle/activate`, { passCode: '123456' })).code).toBe('E0000107');
  okta.clock.advance(31_000);
  expect((await okta.post(`${path}/${id}/verify`, {})).body.factorResult).toBe('CHALLENGE');
  expect((await okta.post(`${path}/${id}/verify`, { passCode: '123456' })).body).toEqual({ factorResult: 'SUCCESS' });
  expect((await okta.get(path)).body.map((factor: { id: string }) => factor.id)).toEqual([id]);
  expect((await okta.delete(`${path}/${id}`)).status).toBe(204);
  const gone = await okta.get(`${path}/${id}`);
  expect([gone.status, gone.body.errorSummary]).toEqual([404, `Not found: Resource not found: ${id} (UserFactor)`]);
});

test('a generator takes the code of its secret, each once', async () => {
  const made = await okta.post(path, { factorType: 'token:software:totp', provider: 'GOOGLE' });
  const secret: string = made.body._embedded.activation.sharedSecret;
  const code = (): string => oneTimeCode(secret, Math.floor(okta.clock.now() / 30_000));
  expect((await okta.post(`${path}/${made.body.id}/lifecycle/activate`, { passCode: code() })).body.status).toBe('ACTIVE');
  expect((await okta.post(`${path}/${made.body.id}/verify`, { passCode: code() })).code).toBe('E0000082');
  okta.clock.advance(30_000);
  expect((await okta.post(`${path}/${made.body.id}/verify`, { passCode: code() })).body.factorResult).toBe('SUCCESS');
});

test('one-time codes are those of RFC 4226', () => {
  // The RFC's secret, 12345678901234567890, in base32.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect([0, 1, 2, 9].map((counter) => oneTimeCode(secret, counter))).toEqual(['755224', '287082', '359152', '520489']);
});

test('a question is active at once and checks the answer', async () => {
  const { body } = await okta.post(path, {
    factorType: 'question',
    provider: 'OKTA',
    profile: { question: 'first_award', answer: 'A medal' },
  });
  expect([body.status, body.profile.question]).toEqual(['ACTIVE', 'first_award']);
  expect((await okta.post(`${path}/${body.id}/verify`, { answer: 'no' })).code).toBe('E0000068');
  expect((await okta.post(`${path}/${body.id}/verify`, { answer: 'a medal' })).body.factorResult).toBe('SUCCESS');
  expect(
    (await okta.post(path, { factorType: 'question', provider: 'OKTA', profile: { question: 'first_award', answer: 'A medal' } })).code,
  ).toBe('E0000001');
});

test('a push waits, then is approved', async () => {
  const { id } = (await okta.post(path, { factorType: 'push', provider: 'OKTA' })).body;
  await okta.post(`${path}/${id}/lifecycle/activate`);
  const pushed = await okta.post(`${path}/${id}/verify`);
  expect([pushed.status, pushed.body.factorResult]).toEqual([201, 'WAITING']);
  const poll: string = pushed.body._links.poll.href;
  expect((await okta.get(poll)).body.factorResult).toBe('WAITING');
  okta.clock.advance(3_000);
  expect((await okta.get(poll)).body.factorResult).toBe('SUCCESS');
  expect((await okta.delete(poll)).status).toBe(204);
  expect((await okta.get(poll)).status).toBe(404);
});

test('the catalog says what is set up; resetting takes all factors', async () => {
  await okta.post(`${path}?activate=true`, { factorType: 'email', provider: 'OKTA', profile: { email: 'ann@example.com' } });
  const status = async (): Promise<string> =>
    (await okta.get(`${path}/catalog`)).body.find((item: { factorType: string }) => item.factorType === 'email').status;
  expect(await status()).toBe('ACTIVE');
  expect((await okta.get(`${path}/questions`)).body[0]).toEqual({ question: 'disliked_food', questionText: expect.any(String) });
  await okta.post(path.replace('/factors', '/lifecycle/reset_factors'));
  expect(await status()).toBe('NOT_SETUP');
});
