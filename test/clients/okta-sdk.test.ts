/*
 * The official SDK against the emulated org, over HTTP: what it sends is understood, and it understands what it is sent.
 */
import { createRequire } from 'node:module';
import type { Collection, Client as SdkClient } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createVirtualClock } from '../../src/emulator/clock.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import type { Emulator, Listening } from '../../src/emulator/types.ts';

const sdk: typeof import('@okta/okta-sdk-nodejs') = createRequire(import.meta.url)('@okta/okta-sdk-nodejs');

const NOW = Date.parse('2026-03-01T12:00:00Z');
let emulator: Emulator;
let listening: Listening;
let client: SdkClient;

beforeAll(async () => {
  emulator = createEmulator({ seed: 'empty', users: 450, now: NOW, subdomain: 'sdk' });
  listening = await emulator.listen();
  client = connect(emulator, listening);
});
afterAll(() => listening.close());

function connect(to: Emulator, at: Listening): SdkClient {
  const requestExecutor = new sdk.DefaultRequestExecutor();
  // Its cache would answer a read after a write with what was read before.
  return new sdk.Client({ orgUrl: at.url, token: to.token, requestExecutor, cacheMiddleware: null });
}

async function all<T>(collection: Collection<T>): Promise<T[]> {
  const items: T[] = [];
  await collection.each((item) => {
    if (item !== null) items.push(item);
  });
  return items;
}

interface Failure {
  readonly status: number;
  readonly errorCode: string;
  readonly errorSummary: string;
}

async function failure(action: Promise<unknown>): Promise<Failure> {
  try {
    await action;
  } catch (error) {
    const { status, errorCode, errorSummary } = error as Failure;
    return { status, errorCode, errorSummary };
  }
  throw new Error('no error');
}

let logins = 0;
async function newUser(): Promise<{ readonly id: string; readonly login: string; readonly password: string }> {
  const login = `sdk.${++logins}@example.com`;
  const password = 'Abcd1234!x';
  const user = await client.userApi.createUser({
    body: {
      profile: { firstName: 'Sdk', lastName: `User ${logins}`, login, email: login },
      credentials: { password: { value: password } },
    },
    activate: true,
  });
  return { id: user.id ?? '', login, password };
}

describe('users', () => {
  test('are created, read, changed, taken through their life and deleted', async () => {
    const { id, login } = await newUser();
    const read = await client.userApi.getUser({ userId: login });
    expect([read.id, read.status, read.profile?.login, read.created instanceof Date]).toEqual([id, 'ACTIVE', login, true]);

    const changed = await client.userApi.updateUser({ userId: id, user: { profile: { department: 'Finance' } } });
    expect([changed.profile?.department, changed.profile?.firstName]).toEqual(['Finance', 'Sdk']);

    const statuses: unknown[] = [];
    const note = async (): Promise<void> => {
      statuses.push((await client.userApi.getUser({ userId: id })).status);
    };
    await client.userApi.suspendUser({ userId: id });
    await note();
    await client.userApi.unsuspendUser({ userId: id });
    await note();
    await client.userApi.deactivateUser({ userId: id });
    await note();
    await client.userApi.deleteUser({ userId: id });
    expect(statuses).toEqual(['SUSPENDED', 'ACTIVE', 'DEPROVISIONED']);
    expect(await failure(client.userApi.getUser({ userId: id }))).toEqual({
      status: 404,
      errorCode: 'E0000007',
      errorSummary: `Not found: Resource not found: ${id} (User)`,
    });
  });

  test('are listed over several pages', async () => {
    const users = await all(await client.userApi.listUsers({ limit: 100 }));
    const expected = [...emulator.org.users.values()].filter((user) => user.status !== 'DEPROVISIONED').map((user) => user.id);
    expect(expected.length).toBeGreaterThan(400);
    expect(users.map((user) => user.id).sort()).toEqual(expected.sort());
  });

  test('are found by search, filter and q', async () => {
    const { id, login } = await newUser();
    const found = async (request: Parameters<typeof client.userApi.listUsers>[0]): Promise<unknown[]> =>
      (await all(await client.userApi.listUsers(request))).map((user) => user.id);
    expect(await found({ search: `profile.login eq "${login}"` })).toEqual([id]);
    expect(await found({ filter: `profile.login eq "${login}" and status eq "ACTIVE"` })).toEqual([id]);
    expect(await found({ q: login })).toEqual([id]);
    expect(await found({ search: 'profile.login eq "nobody@example.com"' })).toEqual([]);
  });

  test('of a login that is taken are refused with the causes', async () => {
    const { login } = await newUser();
    const again = client.userApi.createUser({ body: { profile: { firstName: 'A', lastName: 'B', login, email: login } } });
    await expect(again).rejects.toMatchObject({
      status: 400,
      errorCode: 'E0000001',
      errorCauses: [{ errorSummary: 'login: An object with this field already exists in the current organization' }],
    });
  });
});

describe('groups', () => {
  test('are created, filled, emptied and deleted', async () => {
    const { id: userId } = await newUser();
    const group = await client.groupApi.createGroup({ group: { profile: { name: 'Sdk group', description: 'made by the SDK' } } });
    const groupId = group.id ?? '';
    expect([group.type, group.profile?.name]).toEqual(['OKTA_GROUP', 'Sdk group']);
    await client.groupApi.assignUserToGroup({ groupId, userId });
    const members = async (): Promise<unknown[]> => (await all(await client.groupApi.listGroupUsers({ groupId }))).map((user) => user.id);
    expect(await members()).toEqual([userId]);
    const replaced = await client.groupApi.replaceGroup({ groupId, group: { profile: { name: 'Sdk group 2', description: 'renamed' } } });
    expect(replaced.profile?.name).toBe('Sdk group 2');
    expect((await all(await client.groupApi.listGroups({ q: 'Sdk group 2' }))).map((one) => one.id)).toEqual([groupId]);
    await client.groupApi.unassignUserFromGroup({ groupId, userId });
    expect(await members()).toEqual([]);
    await client.groupApi.deleteGroup({ groupId });
    expect((await failure(client.groupApi.getGroup({ groupId }))).status).toBe(404);
  });
});

describe('apps', () => {
  test('are created, assigned to users and groups, deactivated and deleted', async () => {
    const { id: userId } = await newUser();
    const app = await client.applicationApi.createApplication({
      application: {
        name: 'bookmark',
        label: 'Sdk bookmark',
        signOnMode: 'BOOKMARK',
        settings: { app: { requestIntegration: false, url: 'https://example.com/bookmark.htm' } },
      } as Parameters<typeof client.applicationApi.createApplication>[0]['application'],
    });
    const appId = app.id ?? '';
    expect([app.status, app.signOnMode, app.label]).toEqual(['ACTIVE', 'BOOKMARK', 'Sdk bookmark']);
    expect((await client.applicationApi.getApplication({ appId })).label).toBe('Sdk bookmark');

    const assigned = await client.applicationApi.assignUserToApplication({ appId, appUser: { id: userId, scope: 'USER' } });
    expect([assigned.id, assigned.scope]).toEqual([userId, 'USER']);
    const group = await client.groupApi.createGroup({ group: { profile: { name: 'Sdk app group' } } });
    await client.applicationApi.assignGroupToApplication({ appId, groupId: group.id ?? '', applicationGroupAssignment: { priority: 0 } });
    expect((await all(await client.applicationApi.listApplicationUsers({ appId }))).map((user) => user.id)).toEqual([userId]);
    expect((await all(await client.applicationApi.listApplications({ q: 'Sdk bookmark' }))).map((one) => one.id)).toEqual([appId]);

    expect((await failure(client.applicationApi.deleteApplication({ appId }))).status).toBe(403);
    await client.applicationApi.deactivateApplication({ appId });
    await client.applicationApi.deleteApplication({ appId });
    expect((await failure(client.applicationApi.getApplication({ appId }))).errorCode).toBe('E0000007');
  });
});

describe('factors', () => {
  test('are enrolled, listed and given up', async () => {
    const { id: userId } = await newUser();
    const body = {
      factorType: 'question',
      provider: 'OKTA',
      profile: { question: 'favorite_art_piece', answer: 'mona lisa' },
    } as Parameters<typeof client.userFactorApi.enrollFactor>[0]['body'];
    const factor = await client.userFactorApi.enrollFactor({ userId, body });
    expect([factor.factorType, factor.status]).toEqual(['question', 'ACTIVE']);
    const list = await all(await client.userFactorApi.listFactors({ userId }));
    expect(list.map((one) => one.id)).toEqual([factor.id]);
    await client.userFactorApi.unenrollFactor({ userId, factorId: factor.id ?? '' });
    expect(await all(await client.userFactorApi.listFactors({ userId }))).toEqual([]);
  });
});

describe('sessions', () => {
  test('are created from a session token, refreshed and revoked', async () => {
    const { login, password } = await newUser();
    const answer = await fetch(`${listening.url}/api/v1/authn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: login, password }),
    });
    const { sessionToken } = (await answer.json()) as { sessionToken: string };
    const session = await client.sessionApi.createSession({ createSessionRequest: { sessionToken } });
    const sessionId = session.id ?? '';
    expect([session.login, session.status]).toEqual([login, 'ACTIVE']);
    expect((await client.sessionApi.getSession({ sessionId })).id).toBe(sessionId);
    expect((await client.sessionApi.refreshSession({ sessionId })).id).toBe(sessionId);
    await client.sessionApi.revokeSession({ sessionId });
    expect((await failure(client.sessionApi.getSession({ sessionId }))).errorCode).toBe('E0000007');
    expect((await failure(client.sessionApi.createSession({ createSessionRequest: { sessionToken } }))).status).toBe(401);
  });
});

describe('policies', () => {
  test('are created with a rule, listed by type and deleted', async () => {
    const policy = await client.policyApi.createPolicy({
      policy: {
        type: 'OKTA_SIGN_ON',
        name: 'Sdk sign-on',
        description: 'made by the SDK',
        conditions: { people: { groups: { include: [emulator.org.everyoneId] } } },
      } as Parameters<typeof client.policyApi.createPolicy>[0]['policy'],
    });
    const policyId = policy.id ?? '';
    const rule = await client.policyApi.createPolicyRule({
      policyId,
      policyRule: {
        type: 'SIGN_ON',
        name: 'Sdk rule',
        actions: { signon: { access: 'DENY' } },
      } as Parameters<typeof client.policyApi.createPolicyRule>[0]['policyRule'],
    });
    expect((await all(await client.policyApi.listPolicyRules({ policyId }))).map((one) => one.id)).toEqual([rule.id]);
    const listed = await all(await client.policyApi.listPolicies({ type: 'OKTA_SIGN_ON' as never }));
    expect(listed.map((one) => one.id)).toContain(policyId);
    await client.policyApi.deactivatePolicy({ policyId });
    expect((await client.policyApi.getPolicy({ policyId })).status).toBe('INACTIVE');
    await client.policyApi.deletePolicy({ policyId });
    expect((await failure(client.policyApi.getPolicy({ policyId }))).status).toBe(404);
  });
});

describe('a rate limit', () => {
  test('is waited out for as long as the response says, and the call then succeeds', async () => {
    const clock = createVirtualClock(NOW, () => 0);
    const limited = createEmulator({
      seed: 'empty',
      users: 10,
      clock,
      subdomain: 'limited',
      tokenShare: 1,
      rateLimits: { name: 'two', perMinute: { users: 2, default: 100 } },
    });
    const at = await limited.listen();
    const throttled = connect(limited, at);
    const waits: number[] = [];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      throttled.requestExecutor.on('backoff', (_request: unknown, _response: unknown, _id: unknown, delayMs: number) => {
        waits.push(delayMs);
        clock.advance(delayMs);
        // Its own timer is set right after this event.
        queueMicrotask(() => vi.advanceTimersByTime(delayMs));
      });
      const counts: number[] = [];
      for (let call = 0; call < 3; call++) counts.push((await all(await throttled.userApi.listUsers())).length);
      expect(counts).toEqual([10, 10, 10]);
      expect(waits).toEqual([61_000]);
    } finally {
      vi.useRealTimers();
      await at.close();
    }
  });
});
