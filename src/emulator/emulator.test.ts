import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createEmulator } from './emulator.ts';
import { createTestClient, newUser, TEST_NOW } from './test-client.ts';
import type { Emulator, EmulatorOptions, Listening } from './types.ts';

let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close();
  listening = undefined;
});

async function serve(
  options: EmulatorOptions = {},
): Promise<{ emulator: Emulator; url: string; get: (path: string) => Promise<Response> }> {
  const emulator = createEmulator({ now: TEST_NOW, ...options });
  listening = await emulator.listen();
  const { url } = listening;
  return { emulator, url, get: (path) => fetch(`${url}${path}`, { headers: { authorization: `SSWS ${emulator.token}` } }) };
}

describe('every call', () => {
  test('the description of the org needs no credential', async () => {
    const okta = createTestClient();
    const { status, body } = await okta.call('GET', '/.well-known/okta-organization', undefined, { authorization: '' });
    expect([status, body.pipeline, body._links]).toEqual([200, 'idx', { organization: { href: 'https://demo.okta.com' } }]);
  });

  test.each([['', 'SSWS nonsense', 'Bearer nonsense', 'Basic eDp5']])(
    'a missing or unknown credential is refused',
    async (...credentials) => {
      const okta = createTestClient();
      for (const authorization of credentials) {
        const refused = await okta.call('GET', '/api/v1/users', undefined, { authorization });
        expect([refused.status, refused.body]).toEqual([
          401,
          {
            errorCode: 'E0000011',
            errorSummary: 'Invalid token provided',
            errorLink: 'E0000011',
            errorId: expect.stringMatching(/^oae[\w-]{22}$/),
            errorCauses: [],
          },
        ]);
      }
    },
  );

  test('a token dies with its owner, and by revocation', async () => {
    const okta = createTestClient();
    const [token] = (await okta.get('/api/v1/api-tokens')).body;
    expect(token.id).toMatch(/^00T\w{17}$/);
    await okta.post(`/api/v1/users/${token.userId}/lifecycle/deactivate`);
    expect((await okta.get('/api/v1/users')).code).toBe('E0000011');
    const other = createTestClient();
    await other.delete(`/api/v1/api-tokens/${(await other.get('/api/v1/api-tokens')).body[0].id}`);
    expect((await other.get('/api/v1/users')).code).toBe('E0000011');
  });

  test('a token lives on while it is used, and ends 30 days after its last use', async () => {
    const okta = createTestClient();
    for (let i = 0; i < 3; i++) {
      okta.clock.advance(25 * 86_400_000);
      expect((await okta.get('/api/v1/users')).status).toBe(200);
    }
    okta.clock.advance(31 * 86_400_000);
    expect((await okta.get('/api/v1/users')).status).toBe(401);
  });

  test('a token is taken with or without a space after its scheme', async () => {
    const okta = createTestClient();
    for (const authorization of [`SSWS ${okta.emulator.token}`, `ssws  ${okta.emulator.token}`, `SSWS${okta.emulator.token}`])
      expect((await okta.call('GET', '/api/v1/groups', undefined, { authorization })).status).toBe(200);
    for (const authorization of ['SSWS', 'SSWS ', okta.emulator.token])
      expect((await okta.call('GET', '/api/v1/groups', undefined, { authorization })).code).toBe('E0000011');
  });

  test('a bearer token reaches what its scopes allow', async () => {
    const okta = createTestClient();
    okta.emulator.org.accessTokens.put({
      id: 'abc',
      clientId: '0oa1',
      userId: null,
      scopes: ['okta.users.manage', 'okta.groups.read'],
      expiresAt: okta.clock.now() + 1000,
    });
    const as = (method: string, path: string) => okta.call(method, path, undefined, { authorization: 'Bearer abc' });
    expect((await as('GET', '/api/v1/users')).status).toBe(200);
    expect((await as('GET', '/api/v1/groups')).status).toBe(200);
    expect((await as('DELETE', '/api/v1/groups/00g1')).code).toBe('E0000006');
    expect((await as('GET', '/api/v1/logs')).code).toBe('E0000006');
    okta.clock.advance(1001);
    expect((await as('GET', '/api/v1/users')).code).toBe('E0000011');
  });

  test('paths are read leniently, unknown ones and wrong methods are not', async () => {
    const okta = createTestClient();
    expect((await okta.get('//api/v1/users/')).status).toBe(200);
    const unknown = await okta.get('/api/v1/nothing');
    expect([unknown.status, unknown.code]).toEqual([404, 'E0000008']);
    const wrong = await okta.delete('/api/v1/users');
    expect([wrong.status, wrong.code]).toEqual([405, 'E0000022']);
  });

  test('a write says how long its body is, and that it is JSON', async () => {
    const okta = createTestClient();
    const bare = await okta.emulator.handle({
      method: 'POST',
      url: '/api/v1/users',
      headers: { authorization: `SSWS ${okta.emulator.token}` },
    });
    expect(bare.status).toBe(411);
    expect((await okta.call('POST', '/api/v1/users', '<user/>', { 'content-type': 'text/xml' })).code).toBe('E0000021');
    expect((await okta.post('/api/v1/users', '{"profile":')).code).toBe('E0000003');
    expect((await okta.post('/api/v1/users', '[]')).code).toBe('E0000003');
    expect((await okta.post('/api/v1/users')).code).toBe('E0000003');
  });

  test('links stand on two header lines, and carry the host that was asked', async () => {
    const okta = createTestClient({ users: 5 });
    const { raw } = await okta.get('https://demo-admin.okta.com/api/v1/users?limit=2');
    const links = raw.headers.filter(([name]) => name === 'link').map(([, value]) => value);
    expect(links).toEqual([
      '<https://demo-admin.okta.com/api/v1/users?limit=2>; rel="self"',
      expect.stringMatching(/^<https:\/\/demo-admin\.okta\.com\/api\/v1\/users\?after=200\w{17}&limit=2>; rel="next"$/),
    ]);
    expect(Buffer.from(raw.body).toString()).toContain('"href":"https://demo-admin.okta.com/api/v1/users/00u');
  });
});

describe('rate limits', () => {
  test('a bucket opens with its first call, counts down and answers 429 until it closes', async () => {
    const okta = createTestClient({ rateLimits: 'integrator' });
    const first = await okta.get('/api/v1/logs');
    const reset = Math.ceil(okta.clock.now() / 1000) + 60;
    expect(['limit', 'remaining', 'reset'].map((name) => first.header(`x-rate-limit-${name}`))).toEqual(['10', '9', String(reset)]);
    okta.clock.advance(30_000);
    for (let i = 0; i < 9; i++) expect((await okta.get('/api/v1/logs')).status).toBe(200);
    const refused = await okta.get('/api/v1/logs');
    expect([
      refused.status,
      refused.code,
      refused.header('x-rate-limit-remaining'),
      refused.header('x-rate-limit-reset'),
      refused.header('retry-after'),
    ]).toEqual([429, 'E0000047', '0', String(reset), undefined]);
    expect(refused.body.errorSummary).toBe('API call exceeded rate limit due to too many requests.');
    expect((await okta.get('/api/v1/users')).status).toBe(200);
    okta.clock.advance(30_000);
    expect((await okta.get('/api/v1/logs')).status).toBe(200);
  });

  test.each([
    ['/api/v1/users', '300'],
    ['/api/v1/users/me', '1000'],
    ['/api/v1/users/me/factors', '300'],
    ['/api/v1/groups', '250'],
    ['/api/v1/groups/rules', '250'],
    ['/api/v1/groups/00g1', '500'],
    ['/api/v1/apps/0oa1', '250'],
    ['/api/v1/apps/0oa1/users', '50'],
    ['/api/v1/logs', '60'],
    ['/api/v1/iam/assignees/users', '600'],
  ])('of %s a token has %s calls a minute', async (path, limit) => {
    const okta = createTestClient({ rateLimits: 'workforce' });
    expect((await okta.get(path)).header('x-rate-limit-limit')).toBe(limit);
  });

  test('too many calls at once get the 429 with limit 0', async () => {
    const okta = createTestClient({
      rateLimits: { name: 'tight', concurrent: 2, perMinute: { default: 100 } },
      tokenShare: 1,
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
      faults: [{ effect: { kind: 'delay', ms: 1 } }],
    });
    const answers = await Promise.all([1, 2, 3].map(() => okta.get('/api/v1/users')));
    expect(answers.map((answer) => [answer.status, answer.header('x-rate-limit-limit')])).toContainEqual([429, '0']);
    expect((await okta.get('/api/v1/users')).status).toBe(200);
  });
});

describe('faults', () => {
  test('a rule befalls what it names, as often as it says', async () => {
    const okta = createTestClient({
      faults: [{ method: 'GET', path: '/api/v1/groups*', after: 1, count: 2, effect: { kind: 'status', status: 503 } }],
    });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await okta.get('/api/v1/groups')).status);
    expect([statuses, (await okta.get('/api/v1/users')).status]).toEqual([[200, 503, 503, 200], 200]);
  });

  test('a rule with a probability befalls that part of its requests, the same ones in every run', async () => {
    const statuses = async (): Promise<number[]> => {
      const okta = createTestClient({ faults: [{ path: '/api/v1/groups', probability: 0.25, effect: { kind: 'status', status: 502 } }] });
      const seen: number[] = [];
      for (let count = 0; count < 400; count++) seen.push((await okta.get('/api/v1/groups?limit=1')).status);
      return seen;
    };
    const seen = await statuses();
    const failed = seen.filter((status) => status === 502).length;
    expect([failed > 70, failed < 130, seen.every((status) => status === 200 || status === 502)]).toEqual([true, true, true]);
    expect(await statuses()).toEqual(seen);
  });

  test('a lost response comes after the effect, a reset before', async () => {
    const okta = createTestClient({
      faults: [
        { method: 'POST', path: '/api/v1/groups', count: 1, effect: { kind: 'lostResponse' } },
        { method: 'POST', path: '/api/v1/users', count: 1, effect: { kind: 'reset' } },
      ],
    });
    const send = (path: string, body: object) =>
      okta.emulator.handle({
        method: 'POST',
        url: path,
        headers: { authorization: `SSWS ${okta.emulator.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await send('/api/v1/groups', { profile: { name: 'lost' } })).connection).toBe('reset');
    expect((await send('/api/v1/users', newUser('lost@example.com'))).connection).toBe('reset');
    expect((await okta.get('/api/v1/groups?q=lost')).body.length).toBe(1);
    expect((await okta.get('/api/v1/users/lost@example.com')).status).toBe(404);
  });

  test('content type, cursor and clock can be wrong', async () => {
    const okta = createTestClient({
      users: 5,
      faults: [
        { path: '/api/v1/groups', effect: { kind: 'contentType', value: 'text/html', body: '<html>' } },
        { path: '/api/v1/users', query: 'after=', effect: { kind: 'staleCursor' } },
        { path: '/api/v1/logs', effect: { kind: 'clockSkew', ms: 3_600_000 } },
      ],
    });
    const html = await okta.get('/api/v1/groups');
    expect([html.header('content-type'), html.body]).toEqual(['text/html', '<html>']);
    const first = await okta.get('/api/v1/users?limit=2');
    expect((await okta.get(first.links.next ?? '')).code).toBe('E0000029');
    expect((await okta.get('/api/v1/logs')).header('date')).toBe('Sun, 01 Mar 2026 13:00:00 GMT');
  });

  test('over HTTP a reset and a truncated body are what they say', async () => {
    const { get } = await serve({
      users: 50,
      faults: [
        { path: '/api/v1/groups', effect: { kind: 'reset' } },
        { path: '/api/v1/users', effect: { kind: 'truncate', bytes: 100 } },
      ],
    });
    await expect(get('/api/v1/groups')).rejects.toThrow();
    const cut = await get('/api/v1/users');
    expect(cut.status).toBe(200);
    await expect(cut.text()).rejects.toThrow();
  });

  test('a body can be cut off without a sign of it, or stop coming', async () => {
    const { get } = await serve({
      users: 50,
      faults: [
        { path: '/api/v1/users', effect: { kind: 'cut', bytes: 100 } },
        { path: '/api/v1/groups', effect: { kind: 'stall', bytes: 1 } },
      ],
    });
    const cut = await get('/api/v1/users');
    expect([cut.headers.get('content-length'), (await cut.text()).length]).toEqual(['100', 100]);
    const reader = (await get('/api/v1/groups')).body?.getReader();
    expect((await reader?.read())?.value?.byteLength).toBe(1);
    await reader?.cancel();
  });

  test('the link to the next page can lead back or elsewhere, on one page of a list', async () => {
    const okta = createTestClient({
      users: 5,
      faults: [
        { url: '/api/v1/users?limit=2', effect: { kind: 'nextLink', url: 'https://elsewhere.example.com/x' } },
        { path: '/api/v1/iam/assignees/users', effect: { kind: 'nextLink', url: 'self' } },
      ],
    });
    expect((await okta.get('/api/v1/users?limit=2')).links.next).toBe('https://elsewhere.example.com/x');
    expect((await okta.get('/api/v1/users?limit=3')).links.next).toMatch(/okta\.com\/api\/v1\/users\?after=/);
    const { body } = await okta.get('/api/v1/iam/assignees/users');
    expect((body as unknown as { _links: unknown })._links).toEqual({
      next: { href: 'https://demo.okta.com/api/v1/iam/assignees/users' },
    });
  });
});

describe('over HTTP', () => {
  test('links carry the bound URL, on two lines', async () => {
    const { emulator, url } = await serve({ users: 5 });
    const links = await new Promise<string[]>((resolve, reject) => {
      const sent = request(`${url}/api/v1/users?limit=2`, { headers: { authorization: `SSWS ${emulator.token}` } }, (response) => {
        const { rawHeaders } = response;
        resolve(rawHeaders.flatMap((value, index) => (index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'link' ? [value] : [])));
        response.resume();
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(links).toEqual([
      `<${url}/api/v1/users?limit=2>; rel="self"`,
      expect.stringMatching(`^<${url}/api/v1/users\\?after=200\\w{17}&limit=2>; rel="next"$`),
    ]);
  });

  test('all users come, once each, whatever the page size', async () => {
    const { get, emulator } = await serve({ users: 450 });
    const wanted = [...emulator.org.users.presentIds];
    for (const limit of [7, 200, 150]) {
      const seen: string[] = [];
      let next: string | undefined = `/api/v1/users?limit=${limit}`;
      while (next !== undefined) {
        const response: Response = await get(next);
        seen.push(...((await response.json()) as { id: string }[]).map((user) => user.id));
        next = /<https?:\/\/[^/]+([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      }
      expect(seen).toEqual(wanted);
    }
  });

  test('lists may end in an empty page', async () => {
    const org = createTestClient({ seed: 'demo', emptyLastPages: true });
    for (const list of [
      'users',
      'users?search=id%20pr',
      'users?filter=status%20eq%20"ACTIVE"',
      'users?search=id%20pr&sortBy=created',
      'groups',
      'apps',
      'idps',
    ]) {
      let next: string | undefined = `/api/v1/${list}`;
      const sizes: number[] = [];
      while (next !== undefined) {
        const page = await org.get(next);
        sizes.push(page.body.length);
        next = page.links.next;
      }
      expect([list, sizes.at(-1), sizes.slice(0, -1).every((size) => size > 0)]).toEqual([list, 0, true]);
    }
  });

  test('the clock and the faults can be set', async () => {
    const { get, url } = await serve();
    const post = (path: string, body: unknown, method = 'POST') => fetch(`${url}${path}`, { method, body: JSON.stringify(body) });
    await post('/_emulator/clock', { freeze: true });
    await post('/_emulator/clock', { set: '2027-01-01T00:00:00Z' });
    expect(await (await post('/_emulator/clock', { advanceMs: 1500 })).json()).toEqual({
      now: Date.parse('2027-01-01T00:00:01.500Z'),
      iso: '2027-01-01T00:00:01.500Z',
      isFrozen: true,
    });
    await post('/_emulator/faults', [{ effect: { kind: 'status', status: 500 } }], 'PUT');
    expect((await get('/api/v1/groups')).status).toBe(500);
    expect(await (await fetch(`${url}/_emulator/stats`)).json()).toEqual({ requests: { 'GET /api/v1/groups': 1 } });
    expect((await post('/_emulator/faults', 'nonsense', 'PUT')).status).toBe(400);
  });
});

test('two emulators of the same options are the same', async () => {
  const states = [];
  for (let i = 0; i < 2; i++) {
    const okta = createTestClient({ users: 20 });
    const made = await okta.post('/api/v1/users', newUser('a@example.com'));
    states.push([
      okta.emulator.token,
      made.body,
      (await okta.get('/api/v1/users')).body,
      (await okta.get('/api/v1/logs?until=2027-01-01T00:00:00Z')).body,
    ]);
  }
  expect(states[0]).toEqual(states[1]);
});

test('an unknown seed or rate limit is named, with those there are', () => {
  expect(() => createEmulator({ seed: 'nope' })).toThrow(/Unknown seed "nope": one of .*empty/);
  expect(() => createEmulator({ rateLimits: 'nope' })).toThrow('Unknown rate limits "nope": one of workforce, one-app, integrator, off');
});
