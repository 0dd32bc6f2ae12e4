import { beforeEach, describe, expect, test } from 'vitest';
import { parseFields, project } from '../projection.ts';
import { createTestClient, newUser, type TestClient } from '../test-client.ts';
import { projectedText } from './users/projected.ts';
import { listItem, listItemText } from './users/render.ts';

let okta: TestClient;
beforeEach(() => {
  okta = createTestClient();
});

async function create(login: string, query = '', body: object = newUser(login)): Promise<string> {
  const made = await okta.post(`/api/v1/users${query}`, body);
  expect(made.status).toBe(200);
  return made.body.id;
}
const statusOf = async (id: string): Promise<string> => (await okta.get(`/api/v1/users/${id}`)).body.status;

describe('creating', () => {
  test('a user shows what Okta shows, in its order', async () => {
    const made = await okta.post('/api/v1/users', newUser('ann@example.com', { department: 'Sales' }));
    const { id } = made.body;
    const href = `https://demo.okta.com/api/v1/users/${id}`;
    const org = okta.emulator.org;
    expect(id).toMatch(/^00u\w{17}$/);
    expect(Object.keys(made.body)).toEqual([
      'id',
      'status',
      'created',
      'activated',
      'statusChanged',
      'lastLogin',
      'lastUpdated',
      'passwordChanged',
      'type',
      'profile',
      'credentials',
      '_links',
    ]);
    expect(made.body).toEqual({
      id,
      status: 'ACTIVE',
      created: '2026-03-01T12:00:00.000Z',
      activated: '2026-03-01T12:00:00.000Z',
      statusChanged: '2026-03-01T12:00:00.000Z',
      lastLogin: null,
      lastUpdated: '2026-03-01T12:00:00.000Z',
      passwordChanged: '2026-03-01T12:00:00.000Z',
      type: { id: org.userTypeId },
      profile: {
        firstName: 'Test',
        lastName: 'User',
        mobilePhone: null,
        department: 'Sales',
        secondEmail: null,
        login: 'ann@example.com',
        email: 'ann@example.com',
      },
      credentials: {
        password: {},
        emails: [{ value: 'ann@example.com', status: 'VERIFIED', type: 'PRIMARY' }],
        provider: { type: 'OKTA', name: 'OKTA' },
      },
      _links: {
        suspend: { href: `${href}/lifecycle/suspend`, method: 'POST' },
        schema: { href: `https://demo.okta.com/api/v1/meta/schemas/user/${org.userSchemaId}` },
        resetPassword: { href: `${href}/lifecycle/reset_password`, method: 'POST' },
        forgotPassword: { href: `${href}/credentials/forgot_password`, method: 'POST' },
        expirePassword: { href: `${href}/lifecycle/expire_password`, method: 'POST' },
        changeRecoveryQuestion: { href: `${href}/credentials/change_recovery_question`, method: 'POST' },
        self: { href },
        resetFactors: { href: `${href}/lifecycle/reset_factors`, method: 'POST' },
        type: { href: `https://demo.okta.com/api/v1/meta/types/user/${org.userTypeId}` },
        changePassword: { href: `${href}/credentials/change_password`, method: 'POST' },
        deactivate: { href: `${href}/lifecycle/deactivate`, method: 'POST' },
      },
    });
    expect(okta.events()).toEqual(['user.lifecycle.create', 'user.lifecycle.activate']);
  });

  test.each([
    ['', newUser('a@example.com', {}, null), 'PROVISIONED', '2026-03-01T12:00:00.000Z'],
    ['?activate=true', newUser('a@example.com'), 'ACTIVE', '2026-03-01T12:00:00.000Z'],
    ['?activate=false', newUser('a@example.com', {}, null), 'STAGED', null],
    ['?activate=false', newUser('a@example.com'), 'STAGED', '2026-03-01T12:00:00.000Z'],
    ['?nextLogin=changePassword', newUser('a@example.com'), 'PASSWORD_EXPIRED', '2026-03-01T12:00:00.000Z'],
    [
      '?provider=true',
      { ...newUser('a@example.com', {}, null), credentials: { provider: { type: 'FEDERATION', name: 'FEDERATION' } } },
      'ACTIVE',
      '2026-03-01T12:00:00.000Z',
    ],
  ])('with %j a new user is in the status that Okta gives', async (query, body, status, statusChanged) => {
    const made = await okta.post(`/api/v1/users${query}`, body);
    expect(made.body).toMatchObject({ status, statusChanged, activated: status === 'STAGED' ? null : '2026-03-01T12:00:00.000Z' });
  });

  test('an imported hash makes the provider IMPORT', async () => {
    const made = await okta.post('/api/v1/users', {
      ...newUser('a@example.com', {}, null),
      credentials: { password: { hash: { algorithm: 'BCRYPT', value: 'x', salt: 'y', workFactor: 10 } } },
    });
    expect(made.body).toMatchObject({ status: 'ACTIVE', credentials: { password: {}, provider: { type: 'IMPORT', name: 'IMPORT' } } });
  });

  test.each([
    [
      { profile: { firstName: 'A', lastName: 'B', email: 'n@example.com', login: 'n@example.com', notValid: 1 } },
      'Api validation failed: newUser',
      "Property name 'notValid' is not defined in profile",
    ],
    [
      newUser('taken@example.com'),
      'Api validation failed: login',
      'login: An object with this field already exists in the current organization',
    ],
    [
      newUser('TAKEN@example.com'),
      'Api validation failed: login',
      'login: An object with this field already exists in the current organization',
    ],
    [newUser('nobody'), 'Api validation failed: login', 'login: Username must be in the form of an email address'],
  ])('%j is refused', async (body, summary, cause) => {
    await create('taken@example.com');
    const refused = await okta.post('/api/v1/users', body);
    expect([refused.status, refused.code, refused.body.errorSummary, refused.causes]).toEqual([400, 'E0000001', summary, [cause]]);
  });

  test('a password to be changed at next login must be given, and the user activated', async () => {
    expect((await okta.post('/api/v1/users?nextLogin=changePassword', newUser('a@example.com', {}, null))).code).toBe('E0000124');
    expect((await okta.post('/api/v1/users?nextLogin=changePassword&activate=false', newUser('a@example.com'))).code).toBe('E0000125');
  });
});

describe('updating', () => {
  test('POST merges, PUT replaces', async () => {
    const id = await create('a@example.com', '', newUser('a@example.com', { department: 'Sales', title: 'Boss' }));
    const merged = await okta.post(`/api/v1/users/${id}`, { profile: { title: null, nickName: 'Al' } });
    expect(merged.body.profile).toEqual({
      firstName: 'Test',
      lastName: 'User',
      mobilePhone: null,
      department: 'Sales',
      nickName: 'Al',
      secondEmail: null,
      login: 'a@example.com',
      email: 'a@example.com',
    });
    const replaced = await okta.put(`/api/v1/users/${id}`, {
      profile: { firstName: 'New', lastName: 'User', login: 'b@example.com', email: 'a@example.com' },
    });
    expect(replaced.body.profile).toEqual({
      firstName: 'New',
      lastName: 'User',
      mobilePhone: null,
      secondEmail: null,
      login: 'b@example.com',
      email: 'a@example.com',
    });
    expect((await okta.get('/api/v1/users/b@example.com')).body.id).toBe(id);
    expect((await okta.get('/api/v1/users/a@example.com')).code).toBe('E0000007');
  });
});

describe('lifecycle', () => {
  const ILLEGAL: [string, string, string, string, number, string][] = [
    ['activate', 'ACTIVE', '', '', 403, 'E0000016'],
    ['reactivate', 'ACTIVE', '', '', 403, 'E0000038'],
    ['suspend', 'SUSPENDED', '', '', 400, 'E0000001'],
    ['unsuspend', 'ACTIVE', '', '', 400, 'E0000001'],
    ['unlock', 'ACTIVE', '', '', 403, 'E0000032'],
    ['deactivate', 'DEPROVISIONED', '', '', 403, 'E0000038'],
    ['reset_password', 'DEPROVISIONED', '', '', 403, 'E0000038'],
    ['expire_password', 'STAGED', '', '', 403, 'E0000038'],
    ['expire_password_with_temp_password', 'STAGED', '', '', 403, 'E0000038'],
  ];
  test.each(ILLEGAL)('%s is refused for a user that is %s', async (operation, status, _a, _b, http, code) => {
    const id = await create('a@example.com', status === 'STAGED' ? '?activate=false' : '');
    if (status === 'SUSPENDED') await okta.post(`/api/v1/users/${id}/lifecycle/suspend`);
    if (status === 'DEPROVISIONED') await okta.post(`/api/v1/users/${id}/lifecycle/deactivate`);
    const refused = await okta.post(`/api/v1/users/${id}/lifecycle/${operation}`);
    expect([refused.status, refused.code]).toEqual([http, code]);
    expect(await statusOf(id)).toBe(status);
  });

  test('a user goes through its states', async () => {
    const id = await create('a@example.com', '?activate=false', newUser('a@example.com', {}, null));
    const path = `/api/v1/users/${id}/lifecycle`;
    const activated = await okta.post(`${path}/activate?sendEmail=false`);
    expect(Object.keys(activated.body)).toEqual(['activationUrl', 'activationToken']);
    expect(await statusOf(id)).toBe('PROVISIONED');
    expect(Object.keys((await okta.post(`${path}/reactivate?sendEmail=false`)).body)).toEqual(['activationUrl', 'activationToken']);
    await okta.post(`/api/v1/users/${id}`, { credentials: { password: { value: 'Passw0rd!y' } } });
    expect(Object.keys((await okta.post(`${path}/reset_password?sendEmail=false`)).body)).toEqual(['resetPasswordUrl']);
    expect(await statusOf(id)).toBe('RECOVERY');
    expect((await okta.post(`${path}/expire_password`)).body.status).toBe('PASSWORD_EXPIRED');
    const { tempPassword } = (await okta.post(`${path}/expire_password_with_temp_password`)).body;
    expect(
      (
        await okta.post(`/api/v1/users/${id}/credentials/change_password`, {
          oldPassword: { value: tempPassword },
          newPassword: { value: 'Passw0rd!z' },
        })
      ).body,
    ).toEqual({ password: {}, provider: { type: 'OKTA', name: 'OKTA' } });
    expect(await statusOf(id)).toBe('ACTIVE');
    expect((await okta.post(`${path}/suspend`)).body).toEqual({});
    expect(await statusOf(id)).toBe('SUSPENDED');
    expect((await okta.post(`${path}/unsuspend`)).body).toEqual({});
    expect(await statusOf(id)).toBe('ACTIVE');
    expect((await okta.post(`${path}/deactivate`)).body).toEqual({});
    expect(await statusOf(id)).toBe('DEPROVISIONED');
  });

  test('the first DELETE deactivates, the second removes, then there is none', async () => {
    const id = await create('a@example.com');
    expect((await okta.delete(`/api/v1/users/${id}`)).status).toBe(204);
    expect(await statusOf(id)).toBe('DEPROVISIONED');
    expect((await okta.delete(`/api/v1/users/${id}`)).status).toBe(204);
    const gone = await okta.delete(`/api/v1/users/${id}`);
    expect([gone.status, gone.body.errorSummary]).toEqual([404, `Not found: Resource not found: ${id} (User)`]);
    expect(okta.events().slice(-3)).toEqual([
      'user.lifecycle.deactivate',
      'user.lifecycle.delete.initiated',
      'user.lifecycle.delete.completed',
    ]);
  });
});

describe('credentials', () => {
  test('a recovery question lets a password be set anew', async () => {
    const id = await create('a@example.com', '', {
      ...newUser('a@example.com'),
      credentials: { password: { value: 'Passw0rd!x' }, recovery_question: { question: 'Pet?', answer: 'Rex the dog' } },
    });
    const path = `/api/v1/users/${id}/credentials`;
    expect(
      (await okta.post(`${path}/forgot_password`, { password: { value: 'Passw0rd!n' }, recovery_question: { answer: 'wrong' } })).code,
    ).toBe('E0000087');
    expect(
      (await okta.post(`${path}/forgot_password`, { password: { value: 'Passw0rd!n' }, recovery_question: { answer: 'rex the dog' } }))
        .body,
    ).toEqual({
      password: {},
      recovery_question: { question: 'Pet?' },
      provider: { type: 'OKTA', name: 'OKTA' },
    });
    expect(
      (await okta.post(`${path}/change_password`, { oldPassword: { value: 'Passw0rd!x' }, newPassword: { value: 'Passw0rd!q' } })).code,
    ).toBe('E0000014');
    expect(
      (await okta.post(`${path}/change_password`, { oldPassword: { value: 'Passw0rd!n' }, newPassword: { value: 'weak' } })).code,
    ).toBe('E0000080');
  });
});

describe('listing', () => {
  test('the plain list leaves out the deprovisioned, and its cursor is no id', async () => {
    const ids = [];
    for (const name of ['a', 'b', 'c', 'd']) ids.push(await create(`${name}@example.com`));
    await okta.post(`/api/v1/users/${ids[1]}/lifecycle/deactivate`);
    const seen: string[] = [];
    let path: string | undefined = '/api/v1/users?limit=2';
    while (path !== undefined) {
      const response = await okta.get(path);
      seen.push(...response.body.map((user: { id: string }) => user.id));
      const cursor: string | null = response.links.next === undefined ? null : new URL(response.links.next).searchParams.get('after');
      if (cursor !== null) expect(cursor).toMatch(/^200\w{17}$/);
      path = response.links.next;
    }
    expect(seen.slice(1)).toEqual([ids[0], ids[2], ids[3]]);
  });

  test('items carry only a link to themselves', async () => {
    const id = await create('a@example.com');
    const { body } = await okta.get(`/api/v1/users?filter=${encodeURIComponent(`id eq "${id}"`)}`);
    expect(body.map((user: { _links: object }) => user._links)).toEqual([{ self: { href: `https://demo.okta.com/api/v1/users/${id}` } }]);
  });

  test('the text of an item is its object', async () => {
    okta = createTestClient({ users: 50 });
    const { org } = okta.emulator;
    await create('q@example.com', '', {
      ...newUser('q@example.com', { secondEmail: 'r@example.com', title: 'A "b"' }),
      credentials: { password: { value: 'Passw0rd!x' }, recovery_question: { question: 'Pet?', answer: 'Rex the dog' } },
    });
    for (const user of org.users.values()) expect(listItemText(org, user)).toBe(JSON.stringify(listItem(org, user)));
    for (const fields of [
      'status',
      'profile:(login,title,nothing),id',
      'type:(id),credentials:(provider:(name))',
      'profile,_links',
      'none',
    ]) {
      const wanted = parseFields(fields) ?? new Map();
      for (const user of org.users.values())
        expect(projectedText(org, wanted)(user)).toBe(JSON.stringify(project(listItem(org, user), wanted)));
    }
  });

  test('a page with fields is cut from the list as it is now', async () => {
    okta = createTestClient({ users: 450 });
    const { org } = okta.emulator;
    const read = async (more: string) =>
      (await okta.get(`/api/v1/users?fields=profile:(login)${more}`)).body as { id: string; profile: object }[];
    const ids = org.users.presentIds;
    expect((await read('')).map(({ id }) => id)).toEqual(ids.slice(0, 200));
    expect((await read(`&after=200${ids[199]?.slice(3)}&limit=150`)).map(({ id }) => id)).toEqual(ids.slice(200, 350));
    await okta.post(`/api/v1/users/${ids[0]}`, { profile: { login: 'changed@example.com' } });
    expect((await read('&limit=1'))[0]).toEqual({ id: ids[0], profile: { login: 'changed@example.com' } });
    for (const form of ['status', 'created', 'type', 'profile', 'lastLogin']) await okta.get(`/api/v1/users?fields=${form}&limit=1`);
    expect((await read('&limit=1'))[0]).toEqual({ id: ids[0], profile: { login: 'changed@example.com' } });
  });

  const search = async (expression: string, more = ''): Promise<string[]> => {
    const response = await okta.get(`/api/v1/users?search=${encodeURIComponent(expression)}${more}`);
    expect(response.status).toBe(200);
    return response.body.map((user: { profile: { login: string } }) => user.profile.login);
  };

  test('search ignores case, filter does not; both include the deprovisioned', async () => {
    await create('ada@example.com', '', newUser('ada@example.com', { firstName: 'Ada' }));
    const id = await create('bob@example.com', '', newUser('bob@example.com', { firstName: 'ADA' }));
    await okta.post(`/api/v1/users/${id}/lifecycle/deactivate`);
    expect(await search('profile.firstName eq "ada"')).toEqual(['ada@example.com', 'bob@example.com']);
    expect(await search('profile.firstName sw "a" and status eq "DEPROVISIONED"')).toEqual(['bob@example.com']);
    const filtered = await okta.get(`/api/v1/users?filter=${encodeURIComponent('profile.firstName eq "ADA"')}`);
    expect(filtered.body.map((user: { id: string }) => user.id)).toEqual([id]);
    expect((await okta.get('/api/v1/users?q=ad')).body.map((user: { profile: { login: string } }) => user.profile.login)).toContain(
      'ada@example.com',
    );
    expect((await okta.get('/api/v1/users?q=bob')).body).toEqual([]);
  });

  test('search sorts and pages, with ties in order of id', async () => {
    for (const [login, lastName] of [
      ['a@example.com', 'zed'],
      ['b@example.com', 'Abc'],
      ['c@example.com', 'abc'],
      ['d@example.com', 'Mid'],
    ] as const) {
      await create(login, '', newUser(login, { lastName, userType: 'x' }));
    }
    expect(await search('profile.userType pr', '&sortBy=profile.lastName')).toEqual([
      'b@example.com',
      'c@example.com',
      'd@example.com',
      'a@example.com',
    ]);
    const first = await okta.get(
      `/api/v1/users?search=${encodeURIComponent('profile.userType pr')}&sortBy=profile.lastName&sortOrder=desc&limit=3`,
    );
    const second = await okta.get(first.links.next ?? '');
    expect([...first.body, ...second.body].map((user: { profile: { login: string } }) => user.profile.login)).toEqual([
      'a@example.com',
      'd@example.com',
      'b@example.com',
      'c@example.com',
    ]);
    expect(second.links.next).toBeUndefined();
  });

  test.each([
    ['search=status%20eq%20%22ACTIVE%22&filter=status%20eq%20%22ACTIVE%22', 'E0000033'],
    ['search=status%20ne%20%22ACTIVE%22', 'E0000031'],
    ['search=lastLogin%20gt%20%222026-01-01T00%3A00%3A00.000Z%22', 'E0000031'],
    ['search=profile.title%20co%20%22x%22', 'E0000031'],
    ['filter=profile.firstName%20sw%20%22x%22', 'E0000031'],
    ['filter=created%20pr', 'E0000031'],
    ['after=nonsense', 'E0000029'],
    ['limit=many', 'E0000001'],
  ])('%s is refused', async (query, code) => {
    const refused = await okta.get(`/api/v1/users?${query}`);
    expect([refused.status, refused.code]).toEqual([400, code]);
  });

  test('fields keeps what is named, and the id', async () => {
    const id = await create('a@example.com');
    const { body } = await okta.get(
      `/api/v1/users?filter=${encodeURIComponent(`id eq "${id}"`)}&fields=${encodeURIComponent('status,profile:(login,email)')}`,
    );
    expect(body).toEqual([{ id, status: 'ACTIVE', profile: { login: 'a@example.com', email: 'a@example.com' } }]);
  });

  test('with an index delay, search lags behind writes and look-ups do not', async () => {
    okta = createTestClient({ indexDelayMs: 1000 });
    const id = await create('a@example.com');
    expect(await search('profile.login eq "a@example.com"')).toEqual([]);
    expect(await statusOf(id)).toBe('ACTIVE');
    okta.clock.advance(1001);
    expect(await search('profile.login eq "a@example.com"')).toEqual(['a@example.com']);
    await okta.post(`/api/v1/users/${id}/lifecycle/suspend`);
    expect(await search('status eq "SUSPENDED"')).toEqual([]);
    okta.clock.advance(1001);
    expect(await search('status eq "SUSPENDED"')).toEqual(['a@example.com']);
  });
});
