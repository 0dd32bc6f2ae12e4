import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { OrgqlError } from '../util/errors.ts';
import { call, client, credential, instantClock, method, org, readAll } from './testing/calls.ts';
import { type FakeAnswer, type FakeApi, sendJson, startFakeApi } from './testing/fake-api.ts';
import type { HttpClient, MethodCall } from './types.ts';

let api: FakeApi;
let http: HttpClient;
let clock = instantClock();
afterEach(async () => {
  await http.close();
  await api.close();
});

async function serve(answer: FakeAnswer, limits: Record<string, number> = {}): Promise<void> {
  api = await startFakeApi(answer);
  clock = instantClock();
  http = client({ clock, limits });
}

const read = (more: Partial<MethodCall> = {}) => readAll(http.pages(call(api.origin, more)));
const write = (more: Partial<MethodCall> = {}) =>
  http.send(
    call(api.origin, {
      method: method({ http: { verb: 'POST', path: '/api/v1/users', servers: [] } }),
      intent: 'write',
      body: { a: 1 },
      ...more,
    }),
  );
const failure = async (work: Promise<unknown>): Promise<OrgqlError> =>
  work.then(
    () => Promise.reject(new Error('It did not fail')),
    (error: OrgqlError) => error,
  );
const okta = (errorCode: string, errorSummary: string, causes: string[] = []) => ({
  errorCode,
  errorSummary,
  errorLink: errorCode,
  errorId: 'oae1',
  errorCauses: causes.map((one) => ({ errorSummary: one })),
});

describe('an error of the API', () => {
  it.each([
    [401, okta('E0000011', 'Invalid token provided'), 'authentication_failed'],
    [401, okta('E0000015', 'You do not have permission to access the feature you are requesting'), 'feature_unavailable'],
    [401, okta('E0000004', 'Authentication failed'), 'api_error'],
    [403, okta('E0000006', 'You do not have permission to perform the requested action'), 'permission_denied'],
    [404, okta('E0000007', 'Not found: Resource not found: x (User)'), 'not_found'],
    [400, okta('E0000001', 'Api validation failed: login', ['login: taken']), 'api_error'],
    [400, { error: 'invalid_client', error_description: 'Client authentication failed' }, 'authentication_failed'],
    [403, { message: 'Resource not accessible', documentation_url: 'https://x' }, 'permission_denied'],
    [404, { message: 'Not Found' }, 'not_found'],
    [422, { message: 'Validation Failed', errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }] }, 'api_error'],
    [400, { error: { code: 400, message: 'Bad', status: 'INVALID_ARGUMENT' } }, 'api_error'],
  ])('with status %i and body %j is %s', async (status, body, code) => {
    await serve((_, response) => sendJson(response, body, { status, headers: { 'x-okta-request-id': 'req1' } }));
    const error = await failure(read());
    expect(error).toMatchObject({ code, api: { status, requestId: 'req1' } });
    expect(api.seen.length).toBe(1);
  });

  it('keeps code, summary and causes, and names method and scopes', async () => {
    await serve((_, response) =>
      sendJson(response, okta('E0000006', 'No permission', ['cause one', 'cause two']), {
        status: 403,
        headers: { 'x-okta-request-id': 'req1' },
      }),
    );
    const error = await failure(read({ method: method({ scopes: ['okta.users.read'] }) }));
    expect(error.api).toEqual({
      status: 403,
      errorCode: 'E0000006',
      summary: 'No permission',
      causes: ['cause one', 'cause two'],
      requestId: 'req1',
    });
    expect(error.message).toBe('Not permitted: GET /api/v1/users: No permission (403, E0000006)');
    expect(error.detail).toBe('cause one; cause two - request id req1');
    expect(error.hint).toContain('okta.users.read');
    expect(`${error.message}${error.detail}${error.hint}${error.stack}`).not.toContain('secret-token');
  });

  it('is told by the title of an HTML page, not by the page', async () => {
    await serve((_, response) => {
      response.writeHead(400, { 'content-type': 'text/html' });
      response.end('<html><head><title>Bad\n gateway</title></head><body>much</body></html>');
    });
    expect((await failure(read())).api).toEqual({ status: 400, summary: 'an HTML page: Bad gateway' });
  });
});

describe('an answer that is not what it should be', () => {
  const body =
    (text: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }, status = 200): FakeAnswer =>
    (_, response) => {
      response.writeHead(status, headers);
      response.end(text);
    };

  it.each<[string, FakeAnswer, string]>([
    ['HTML with status 200', body('<!doctype html><html></html>', { 'content-type': 'text/html; charset=utf-8' }), 'invalid_response'],
    ['HTML that claims to be JSON', body('<html></html>'), 'invalid_response'],
    ['an empty body with status 200', body(''), 'invalid_response'],
    ['blanks with status 200', body(' \n'), 'invalid_response'],
    ['an array that is cut off', body('[{"id":"a"},{"id":'), 'invalid_response'],
    ['an object that is cut off', body('{"id":"a"'), 'invalid_response'],
    ['an error object with status 200', body(JSON.stringify(okta('E0000009', 'Internal Server Error'))), 'api_error'],
    ['a missing object with status 200', body(JSON.stringify(okta('E0000007', 'Not found'))), 'not_found'],
    [
      'a damaged compressed body',
      body(gzipSync('[{"id":"a"}]').subarray(0, 20), { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
      'unreachable',
    ],
    ['a redirect to another origin', body('', { location: 'https://evil.example.com/api/v1/users' }, 302), 'invalid_response'],
  ])('such as %s fails', async (_, answer, code) => {
    await serve(answer);
    expect((await failure(read())).code).toBe(code);
  });

  it('is refused at every page position, never a shorter result', async () => {
    for (let position = 0; position < 3; position++) {
      await serve((request, response) => {
        const index = Number(/after=(\d)/.exec(request.path)?.[1] ?? 0);
        const headers = {
          'content-type': 'application/json',
          ...(index < 2 ? { link: `<${api.origin}/api/v1/users?after=${index + 1}>; rel="next"` } : {}),
        };
        response.writeHead(200, headers);
        response.end(index === position ? '[{"id":"a"},{"i' : '[{"id":"a"}]');
      });
      expect((await failure(read())).code).toBe('invalid_response');
      await http.close();
      await api.close();
    }
    await serve(body('[]'));
  });

  it('is asked for again where only its transport failed', async () => {
    await serve((_, response, index) => {
      if (index === 0) {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('[{"id":"a"}');
        response.socket?.destroy();
      } else if (index === 1) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('[{"id":"a"}');
        setImmediate(() => response.socket?.resetAndDestroy());
      } else if (index === 2) response.socket?.destroy();
      else if (index === 3) sendJson(response, '[{"id":"a"},');
      else sendJson(response, [{ id: 'a' }, { id: 'b' }]);
    });
    expect(await read()).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(api.seen.length).toBe(5);
  });

  it('is taken with 204 as no rows, and decompressed where it is compressed', async () => {
    await serve((request, response) => {
      if (request.path.endsWith('none')) response.writeHead(204).end();
      else {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(gzipSync('[{"id":"a"}]'));
      }
    });
    expect(await read()).toEqual([{ id: 'a' }]);
    expect(await read({ method: method({ path: '/none' }) })).toEqual([]);
  });
});

describe('a read', () => {
  it.each([408, 500, 502, 503, 504])('is sent again after status %i', async (status) => {
    await serve((_, response, index) =>
      index < 2 ? sendJson(response, okta('E0000009', 'Internal'), { status }) : sendJson(response, []),
    );
    expect(await read()).toEqual([]);
    expect(clock.slept).toEqual([188, 375]);
  });

  it('gives up after five further attempts, with the last error', async () => {
    await serve((_, response) => sendJson(response, okta('E0000009', 'Internal Server Error'), { status: 500 }));
    expect(await failure(read())).toMatchObject({ code: 'api_error', api: { status: 500, errorCode: 'E0000009' } });
    expect(api.seen.length).toBe(6);
  });

  it('waits a 429 out by the clock of the answer', async () => {
    const date = Date.UTC(2020, 0, 1);
    await serve((_, response, index) => {
      const headers = {
        date: new Date(date).toUTCString(),
        'x-rate-limit-limit': '10',
        'x-rate-limit-remaining': index === 0 ? '0' : '9',
        'x-rate-limit-reset': String(date / 1000 + (index === 0 ? 30 : 90)),
      };
      if (index === 0)
        sendJson(response, okta('E0000047', 'API call exceeded rate limit due to too many requests.'), { status: 429, headers });
      else sendJson(response, [{ id: 'a' }], { headers });
    });
    const events: unknown[] = [];
    expect(await read({ observer: { throttled: (event) => events.push(event) } })).toEqual([{ id: 'a' }]);
    expect(events).toEqual([{ bucket: '/api/v1/users', kind: 'rate', delayMs: 31_000 }]);
    expect(clock.slept).toEqual([31_000]);
  });

  it('ends a storm of 429s as rate_limited', async () => {
    await serve((_, response) => sendJson(response, okta('E0000047', 'API call exceeded rate limit'), { status: 429 }));
    expect(await failure(read())).toMatchObject({ code: 'rate_limited', api: { status: 429, errorCode: 'E0000047' } });
    expect(api.seen.length).toBe(6);
  });

  it('follows a redirect within the origin', async () => {
    await serve((request, response) =>
      request.path === '/new' ? sendJson(response, [{ id: 'a' }]) : void response.writeHead(301, { location: '/new' }).end(),
    );
    expect(await read()).toEqual([{ id: 'a' }]);
  });

  it('renews a refused credential once', async () => {
    let token = 'old';
    const renewing = {
      ...credential(),
      authorize: async () => ({ headers: { authorization: `Bearer ${token}` } }),
      renew: async () => {
        token = 'new';
        return true;
      },
    };
    await serve((request, response) =>
      request.headers.authorization === 'Bearer new'
        ? sendJson(response, [])
        : sendJson(response, okta('E0000011', 'Invalid token provided'), { status: 401 }),
    );
    expect(await read({ org: org(api.origin, { credential: renewing }) })).toEqual([]);
    token = 'bad';
    const stuck = { ...renewing, renew: async () => true };
    expect((await failure(read({ org: org(api.origin, { credential: stuck }) }))).code).toBe('authentication_failed');
  });

  it('that hears nothing for too long fails as a timeout', async () => {
    await serve(
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        if (request.path !== '/none') response.write('[');
      },
      { idleTimeoutMs: 40, maxRetries: 1 },
    );
    expect(await failure(read())).toMatchObject({ code: 'timeout' });
    expect(api.seen.length).toBe(2);
  });

  it('whose bytes dribble in fails when the time for a page is over', async () => {
    await serve(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(timer));
      },
      { maxRetries: 0 },
    );
    expect(await failure(read({ org: org(api.origin, { timeoutMs: 80 }) }))).toMatchObject({ code: 'timeout' });
  });

  it('says why a host cannot be reached, and what to do', async () => {
    await serve(() => {});
    const dead = await startFakeApi(() => {});
    await dead.close();
    expect(await failure(readAll(http.pages(call(dead.origin))))).toMatchObject({
      code: 'unreachable',
      detail: expect.stringContaining('Nothing listens'),
      hint: expect.stringContaining('org_url'),
    });
    const unknown = await failure(readAll(http.pages(call('https://no-such-host.invalid'))));
    expect(unknown).toMatchObject({ code: 'unreachable', message: expect.stringContaining('https://no-such-host.invalid') });
  });

  it('stops at the size limit of a page', async () => {
    await serve((_, response) => sendJson(response, `[${'1,'.repeat(5000)}1]`), { maxPageBytes: 1000 });
    expect(await failure(read())).toMatchObject({ code: 'limit_reached', hint: expect.stringContaining('maxPageBytes') });
  });
});

describe('a write', () => {
  it('is sent again only after a 429', async () => {
    await serve((_, response, index) =>
      index === 0 ? sendJson(response, okta('E0000047', 'rate'), { status: 429 }) : sendJson(response, { id: 'a' }),
    );
    expect(await write()).toMatchObject({ status: 200, bytes: Buffer.from('{"id":"a"}') });
    expect(api.seen.length).toBe(2);
  });

  it.each<[string, FakeAnswer]>([
    ['the connection breaks', (_, response) => void response.socket?.destroy()],
    ['a gateway gives up', (_, response) => void response.writeHead(504, { 'content-type': 'text/html' }).end('<html></html>')],
    [
      'its answer breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{');
        setImmediate(() => response.socket?.destroy());
      },
    ],
  ])('has an unknown outcome when %s, and is not sent twice', async (_, answer) => {
    await serve(answer);
    expect((await failure(write())).code).toBe('outcome_unknown');
    expect(api.seen.length).toBe(1);
  });

  it('is done where the answer is a word that the server calls HTML', async () => {
    await serve((_, response) => void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('ok'));
    expect(await write()).toMatchObject({ status: 200, bytes: Buffer.from('ok') });
  });

  it('that the API itself refuses with status 500 fails with its error', async () => {
    await serve((_, response) => sendJson(response, okta('E0000009', 'Internal Server Error'), { status: 500 }));
    expect(await failure(write())).toMatchObject({ code: 'api_error', api: { errorCode: 'E0000009' } });
    expect(api.seen.length).toBe(1);
  });

  it('that times out has an unknown outcome', async () => {
    await serve(() => {}, { idleTimeoutMs: 40 });
    expect((await failure(write())).code).toBe('outcome_unknown');
  });

  it('that cannot be sent is tried again, and its failure is no unknown outcome', async () => {
    await serve(() => {});
    const dead = await startFakeApi(() => {});
    await dead.close();
    expect((await failure(write({ org: org(dead.origin) }))).code).toBe('unreachable');
    expect(clock.slept.length).toBe(2);
  });
});

describe('an origin that refuses connections', () => {
  it('is given up soon where it never answered, and waited for where it did', async () => {
    await serve((_, response) => sendJson(response, []));
    await read();
    const origin = api.origin;
    await api.close();
    clock.slept.length = 0;
    expect((await failure(readAll(http.pages(call(origin))))).message).toContain('after 6 attempts');
    await http.close();
    http = client({ clock });
    expect((await failure(readAll(http.pages(call(origin))))).message).toContain('after 3 attempts');
    await serve((_, response) => sendJson(response, []));
  });
});

describe('a clock that is set back', () => {
  it('makes no request wait longer than its window lasts', async () => {
    const steady = instantClock();
    const second = 1000;
    let setBackMs = 0;
    api = await startFakeApi((_, response) =>
      sendJson(response, [{ id: '1' }], {
        headers: {
          date: new Date(steady.now()).toUTCString(),
          'x-rate-limit-limit': '1',
          'x-rate-limit-remaining': '0',
          'x-rate-limit-reset': String(Math.floor(steady.now() / second) + 30),
        },
      }),
    );
    http = client({ clock: { now: () => steady.now() - setBackMs, steady: steady.now, sleep: steady.sleep } });
    await read();
    setBackMs = 3600 * second;
    await read();
    expect(steady.slept.length).toBe(1);
    expect(steady.slept[0]).toBeGreaterThanOrEqual(30 * second);
    expect(steady.slept[0]).toBeLessThanOrEqual(32 * second);
  });
});
