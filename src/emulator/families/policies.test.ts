import { beforeEach, expect, test } from 'vitest';
import { createEmulator } from '../emulator.ts';
import type { Emulator, JsonObject } from '../types.ts';

let emulator: Emulator;
beforeEach(() => {
  emulator = createEmulator({ now: '2026-03-01T12:00:00Z' });
});

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: JsonObject }> {
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
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

const list = async (path: string): Promise<JsonObject[]> => (await call('GET', path)).body as unknown as JsonObject[];

test('a list needs one of the twelve types', async () => {
  expect((await call('GET', '/policies')).body).toMatchObject({ errorCode: 'E0000028' });
  expect((await call('GET', '/policies?type=NONE')).body).toMatchObject({ errorCode: 'E0000001' });
  const counts: Record<string, number> = {};
  for (const type of [
    'OKTA_SIGN_ON',
    'PASSWORD',
    'MFA_ENROLL',
    'IDP_DISCOVERY',
    'ACCESS_POLICY',
    'PROFILE_ENROLLMENT',
    'ENTITY_RISK',
    'POST_AUTH_SESSION',
    'DEVICE_SIGNAL_COLLECTION',
    'SESSION_VIOLATION_DETECTION',
    'CLIENT_UPDATE',
    'IDENTITY_CLAIM_SOURCING',
  ]) {
    counts[type] = (await list(`/policies?type=${type}`)).length;
  }
  expect(Object.values(counts)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
});

test('a new policy has the defaults of its type, and an id by its engine', async () => {
  const password = (
    await call('POST', '/policies', { type: 'PASSWORD', name: 'Long', settings: { password: { complexity: { minLength: 15 } } } })
  ).body;
  expect(password).toMatchObject({
    id: expect.stringMatching(/^00p/),
    status: 'ACTIVE',
    priority: 1,
    system: false,
    conditions: { authProvider: { provider: 'OKTA' }, people: { groups: { include: [emulator.org.everyoneId] } } },
    settings: { password: { complexity: { minLength: 15, minNumber: 1 }, lockout: { maxAttempts: 10 } } },
  });
  const access = (await call('POST', '/policies', { type: 'ACCESS_POLICY', name: 'Apps' })).body;
  expect(access).toMatchObject({ id: expect.stringMatching(/^rst/), conditions: null });
  expect(await list(`/policies/${access.id}/rules`)).toMatchObject([
    { id: expect.stringMatching(/^rul/), name: 'Catch-all Rule', system: true, priority: 99 },
  ]);
  expect((await call('POST', '/policies', { type: 'PASSWORD', name: 'Long' })).status).toBe(400);
  expect((await call('POST', '/policies', { type: 'ENTITY_RISK', name: 'x' })).status).toBe(400);
});

test('policies keep their places: a new one is last before the default, and one can be moved', async () => {
  for (const name of ['a', 'b', 'c']) await call('POST', '/policies', { type: 'OKTA_SIGN_ON', name });
  const [, b, c] = await list('/policies?type=OKTA_SIGN_ON');
  await call('PUT', `/policies/${c?.id}`, { type: 'OKTA_SIGN_ON', name: 'c', priority: 1 });
  expect((await list('/policies?type=OKTA_SIGN_ON')).map((policy) => [policy.name, policy.priority])).toEqual([
    ['c', 1],
    ['a', 2],
    ['b', 3],
    ['Default Policy', 1],
  ]);
  await call('DELETE', `/policies/${c?.id}`);
  expect((await list('/policies?type=OKTA_SIGN_ON')).map((policy) => policy.priority)).toEqual([1, 2, 1]);
  expect((await call('GET', `/policies/${b?.id}`)).body).toMatchObject({ priority: 2 });
});

test('policies and rules are switched on and off, and the log says so', async () => {
  const policy = (await call('POST', '/policies', { type: 'OKTA_SIGN_ON', name: 'x' })).body;
  const rule = (await call('POST', `/policies/${policy.id}/rules`, { name: 'r', type: 'SIGN_ON', actions: { signon: { access: 'DENY' } } }))
    .body;
  expect(rule).toMatchObject({
    type: 'SIGN_ON',
    actions: { signon: { access: 'DENY', requireFactor: false, session: { maxSessionIdleMinutes: 720 } } },
    conditions: { network: { connection: 'ANYWHERE' } },
  });
  expect((await call('POST', `/policies/${policy.id}/lifecycle/deactivate`)).status).toBe(204);
  expect((await call('POST', `/policies/${policy.id}/rules/${rule.id}/lifecycle/deactivate`)).status).toBe(204);
  expect(await list('/policies?type=OKTA_SIGN_ON&status=INACTIVE&expand=rules')).toMatchObject([
    { id: policy.id, _links: { activate: {} }, _embedded: { rules: [{ id: rule.id, status: 'INACTIVE' }] } },
  ]);
  expect((await call('POST', `/policies/${policy.id}/rules/${rule.id}/lifecycle/activate`)).status).toBe(204);
  expect((await call('DELETE', `/policies/${policy.id}/rules/${rule.id}`)).status).toBe(204);
  expect((await call('GET', `/policies/${policy.id}/rules/${rule.id}`)).body).toMatchObject({
    errorSummary: `Not found: Resource not found: ${rule.id} (PolicyRule)`,
  });
  expect(emulator.org.logs.events.map((event) => event.eventType)).toEqual([
    'policy.lifecycle.create',
    'policy.rule.add',
    'policy.lifecycle.deactivate',
    'policy.rule.deactivate',
    'policy.rule.activate',
    'policy.rule.delete',
  ]);
});

test('what belongs to the system stays', async () => {
  const [standard] = await list('/policies?type=ACCESS_POLICY');
  const [catchAll] = await list(`/policies/${standard?.id}/rules`);
  for (const [method, path, body] of [
    ['DELETE', `/policies/${standard?.id}`, undefined],
    ['POST', `/policies/${standard?.id}/lifecycle/deactivate`, undefined],
    ['PUT', `/policies/${standard?.id}`, { type: 'ACCESS_POLICY', name: 'Mine' }],
    ['DELETE', `/policies/${standard?.id}/rules/${catchAll?.id}`, undefined],
    ['PUT', `/policies/${standard?.id}/rules/${catchAll?.id}`, { name: catchAll?.name, conditions: { network: { connection: 'ZONE' } } }],
  ] as const) {
    expect([method, path, (await call(method, path, body)).body.errorCode]).toEqual([method, path, 'E0000077']);
  }
  const changed = await call('PUT', `/policies/${standard?.id}/rules/${catchAll?.id}`, {
    name: catchAll?.name,
    actions: { appSignOn: { access: 'DENY' } },
  });
  expect([changed.status, changed.body.actions]).toEqual([200, { appSignOn: { access: 'DENY' } }]);
});

test('an access policy is cloned with its rules', async () => {
  const policy = (await call('POST', '/policies', { type: 'ACCESS_POLICY', name: 'Apps' })).body;
  await call('POST', `/policies/${policy.id}/rules`, { name: 'r', actions: { appSignOn: { access: 'DENY' } } });
  const copy = (await call('POST', `/policies/${policy.id}/clone`)).body;
  expect(copy).toMatchObject({ name: '[cloned] Apps', created: null });
  expect((await list(`/policies/${copy.id}/rules`)).map((rule) => rule.name)).toEqual(['r', 'Catch-all Rule']);
});
