import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { call, client, method, org, parameter, readAll } from '../testing/calls.ts';
import { type FakeAnswer, type FakeApi, sendJson, startFakeApi } from '../testing/fake-api.ts';
import type { CallObserver, HttpClient, Page } from '../types.ts';

let api: FakeApi;
let http: HttpClient;
afterEach(async () => {
  await http.close();
  await api.close();
});

async function serve(answer: FakeAnswer): Promise<void> {
  api = await startFakeApi(answer);
  http = client();
}

/** Pages of two rows each, linked by header; `change` may spoil an answer and says whether it did. */
function linkedPages(
  count: number,
  linkOf = (next: number) => `<${api.origin}/api/v1/users?after=${next}&limit=2>; rel="next"`,
): FakeAnswer {
  return (request, response) => {
    const index = Number(/after=(\d+)/.exec(request.path)?.[1] ?? 0);
    const self = `<${api.origin}${request.path}>; rel="self"`;
    const link = index + 1 < count ? [self, linkOf(index + 1)] : [self];
    sendJson(response, [{ id: `${index}a` }, { id: `${index}b` }], { headers: { link } });
  };
}

const SIX = ['0a', '0b', '1a', '1b', '2a', '2b'].map((id) => ({ id }));

describe('pages linked by header', () => {
  it('are read to the last, and the last says so', async () => {
    await serve(linkedPages(3));
    const pages: Page[] = [];
    for await (const page of http.pages(call(api.origin))) pages.push(page);
    expect(pages.map(({ index, isLast, next }) => ({ index, isLast, next }))).toEqual([
      { index: 0, isLast: false, next: { pathAndQuery: '/api/v1/users?after=1&limit=2' } },
      { index: 1, isLast: false, next: { pathAndQuery: '/api/v1/users?after=2&limit=2' } },
      { index: 2, isLast: true, next: undefined },
    ]);
    expect(api.seen.map(({ path }) => path)).toEqual(['/api/v1/users', '/api/v1/users?after=1&limit=2', '/api/v1/users?after=2&limit=2']);
  });

  it('go on from a cursor in a later run', async () => {
    await serve(linkedPages(3));
    expect(await readAll(http.pages(call(api.origin), { pathAndQuery: '/api/v1/users?after=2&limit=2' }))).toEqual([
      { id: '2a' },
      { id: '2b' },
    ]);
  });

  it('may end in an empty page', async () => {
    await serve((request, response) => {
      if (request.path.includes('after')) sendJson(response, []);
      else sendJson(response, [{ id: '0a' }], { headers: { link: `<${api.origin}/api/v1/users?after=1>; rel="next"` } });
    });
    expect(await readAll(http.pages(call(api.origin)))).toEqual([{ id: '0a' }]);
  });

  it('are asked for once the headers are there, before the body is', async () => {
    let release = (): void => {};
    await serve((request, response) => {
      if (request.path.includes('after')) {
        release();
        sendJson(response, [{ id: '1a' }]);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json', link: `<${api.origin}/api/v1/users?after=1>; rel="next"` });
      response.write('[{"id":');
      release = () => response.end('"0a"}]');
    });
    expect(await readAll(http.pages(call(api.origin)))).toEqual([{ id: '0a' }, { id: '1a' }]);
  });

  it('are asked for one ahead of a slow reader and no more', async () => {
    await serve(linkedPages(10));
    const reader = http.pages(call(api.origin))[Symbol.asyncIterator]();
    await reader.next();
    while (api.seen.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(api.seen.length).toBe(2);
    await reader.return?.();
  });

  it('are not asked for ahead where the reader may stop', async () => {
    await serve(linkedPages(10));
    for await (const page of http.pages(call(api.origin, { pagesWanted: 2 }))) if (page.index === 1) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(api.seen.length).toBe(2);
  });

  it('stay on the configured origin, whatever host a link names', async () => {
    await serve(linkedPages(3, (next) => `<https://acme-admin.example.com/api/v1/users?after=${next}>; rel="next"`));
    expect(await readAll(http.pages(call(api.origin)))).toEqual(SIX);
  });

  it('fail where a link leads to another operation, after the page that carried it', async () => {
    await serve(linkedPages(3, () => `<${api.origin}/api/v1/users/00u1/lifecycle/deactivate>; rel="next"`));
    const pages: number[] = [];
    const read = async (): Promise<void> => {
      for await (const page of http.pages(call(api.origin))) pages.push(page.index);
    };
    await expect(read()).rejects.toMatchObject({ code: 'invalid_response' });
    expect(pages).toEqual([0]);
    expect(api.seen.length).toBe(1);
  });

  it('fail where a cursor comes again', async () => {
    await serve(linkedPages(30, (next) => `<${api.origin}/api/v1/users?after=${next % 3}>; rel="next"`));
    await expect(readAll(http.pages(call(api.origin)))).rejects.toMatchObject({
      code: 'invalid_response',
      message: expect.stringContaining('does not end'),
    });
    expect(api.seen.length).toBe(4);
  });

  it('follow the canonical address that GitHub gives for a named repository', async () => {
    await serve((request, response) =>
      request.path.startsWith('/repositories')
        ? sendJson(response, [{ id: 2 }])
        : sendJson(response, [{ id: 1 }], {
            headers: {
              link: '<https://api.github.com/repositories/13/issues?page=2>; rel="next", <https://api.github.com/repositories/13/issues?page=9>; rel="last"',
            },
          }),
    );
    const issues = method({ path: '/repos/{owner}/{repo}/issues', parameters: [parameter('owner', 'path'), parameter('repo', 'path')] });
    expect(await readAll(http.pages(call(api.origin, { method: issues, parameters: { owner: 'o', repo: 'r' } })))).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  });
});

describe('pages announced in the body', () => {
  it('follow _links.next.href, and the rows lie under their key', async () => {
    await serve((request, response) =>
      sendJson(
        response,
        request.path.includes('after')
          ? { roles: [{ id: 'b' }] }
          : { roles: [{ id: 'a' }], _links: { next: { href: `${api.origin}/api/v1/iam/roles?after=x` } } },
      ),
    );
    const roles = method({ path: '/api/v1/iam/roles', response: { mediaType: 'application/json', rowsPath: ['roles'], row: undefined } });
    expect(await readAll(http.pages(call(api.origin, { method: roles })))).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('are not looked for in the next state of a single object', async () => {
    await serve((_, response) =>
      sendJson(response, { id: 'a', _links: { next: { href: `${api.origin}/api/v1/authn/factors/x/verify` } } }),
    );
    expect(await readAll(http.pages(call(api.origin)))).toEqual([
      { id: 'a', _links: { next: { href: `${api.origin}/api/v1/authn/factors/x/verify` } } },
    ]);
  });

  it('carry a token back in the query', async () => {
    await serve((request, response) =>
      sendJson(response, request.path.includes('pageToken') ? { items: [2] } : { items: [1], nextPageToken: 'a b/&' }),
    );
    const list = method({
      parameters: [parameter('q', 'query')],
      response: { mediaType: 'application/json', rowsPath: ['items'], row: undefined },
      pagination: {
        algorithm: 'token',
        request: { key: 'pageToken', location: 'query' },
        response: { key: 'nextPageToken', location: 'body' },
      },
    });
    expect(await readAll(http.pages(call(api.origin, { method: list, parameters: { q: 'x y' } })))).toEqual([1, 2]);
    expect(api.seen.map(({ path }) => path)).toEqual(['/api/v1/users?q=x%20y', '/api/v1/users?q=x%20y&pageToken=a%20b%2F%26']);
  });

  it('end where the API says that there is no more, though a cursor is there', async () => {
    await serve((request, response) =>
      sendJson(
        response,
        request.path.includes('after')
          ? { data: [{ id: 2 }], last_id: '2', has_more: false }
          : { data: [{ id: 1 }], last_id: '1', has_more: true },
      ),
    );
    const list = method({
      response: { mediaType: 'application/json', rowsPath: ['data'], row: undefined },
      pagination: { algorithm: 'token', request: { key: 'after', location: 'query' }, response: { key: '$.last_id', location: 'body' } },
    });
    expect(await readAll(http.pages(call(api.origin, { method: list })))).toEqual([{ id: 1 }, { id: 2 }]);
    expect(api.seen.length).toBe(2);
  });

  it('carry a token back in the body', async () => {
    await serve((request, response) =>
      sendJson(response, { rows: [JSON.parse(request.body)], ...(request.body.includes('NextToken') ? {} : { NextToken: 't1' }) }),
    );
    const list = method({
      http: { verb: 'POST', path: '/', servers: [] },
      safe: true,
      body: {
        mediaType: 'application/x-amz-json-1.1',
        required: false,
        shape: undefined,
        requiredProperties: [],
        naming: { kind: 'naive' },
        base: { TypeName: 'T' },
      },
      response: { mediaType: 'application/json', rowsPath: ['rows'], row: undefined },
      pagination: {
        algorithm: 'token',
        request: { key: 'NextToken', location: 'body' },
        response: { key: '$.NextToken', location: 'body' },
      },
    });
    expect(await readAll(http.pages(call(api.origin, { method: list, body: { Max: 2 } })))).toEqual([
      { TypeName: 'T', Max: 2 },
      { TypeName: 'T', Max: 2, NextToken: 't1' },
    ]);
  });

  it('are counted where the API numbers them', async () => {
    await serve((request, response) => {
      const page = Number(/page=(\d+)/.exec(request.path)?.[1] ?? 1);
      sendJson(response, { data: [page], page, pages: 3 });
    });
    const list = method({
      response: { mediaType: 'application/json', rowsPath: ['data'], row: undefined },
      pagination: {
        algorithm: 'page_number',
        request: { key: 'page', location: 'query' },
        response: { key: 'page', location: 'body' },
        terminator: { key: 'pages' },
      },
    });
    expect(await readAll(http.pages(call(api.origin, { method: list })))).toEqual([1, 2, 3]);
  });

  it('are the whole next address in some providers', async () => {
    await serve((request, response) =>
      sendJson(
        response,
        request.path.includes('skip')
          ? { value: [2] }
          : { value: [1], '@odata.nextLink': 'https://graph.microsoft.com/api/v1/users?$skiptoken=X' },
      ),
    );
    const list = method({
      response: { mediaType: 'application/json', rowsPath: ['value'], row: undefined },
      pagination: { algorithm: 'token', request: { key: '', location: 'url' }, response: { key: '@odata.nextLink', location: 'body' } },
    });
    expect(await readAll(http.pages(call(api.origin, { method: list })))).toEqual([1, 2]);
  });

  it('come by cursor from GraphQL, whose values cannot break out of the query', async () => {
    await serve((request, response) => {
      const { query } = JSON.parse(request.body) as { query: string };
      sendJson(response, {
        data: { org: { nodes: [{ q: query }], pageInfo: { endCursor: 'c1', hasNextPage: !query.includes('after') } } },
      });
    });
    const list = method({
      path: '/graphql',
      parameters: [parameter('org', 'query')],
      graphQl: {
        url: 'https://api.github.com/graphql',
        query: 'query { org(login: "{{ .org }}") { nodes(first: 1{{ .cursor }}) { id } } }',
        rowsPath: '$.data.org.nodes[*]',
        cursor: { path: '$.data.org.pageInfo.endCursor', strategy: 'page_info', terminateOn: '$.data.org.pageInfo.hasNextPage' },
      },
    });
    expect(await readAll(http.pages(call(api.origin, { method: list, parameters: { org: 'a"b' } })))).toEqual([
      { q: 'query { org(login: "a\\"b") { nodes(first: 1) { id } } }' },
      { q: 'query { org(login: "a\\"b") { nodes(first: 1, after: "c1") { id } } }' },
    ]);
  });
});

describe('a statement that is cancelled', () => {
  it('stops waiting for an answer', async () => {
    const controller = new AbortController();
    await serve(() => controller.abort());
    await expect(readAll(http.pages(call(api.origin, { signal: controller.signal })))).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('identical reads at the same time', () => {
  it('are one request', async () => {
    await serve(linkedPages(1));
    const shared = call(api.origin, { org: org(api.origin) });
    const rows = await Promise.all([readAll(http.pages(shared)), readAll(http.pages(shared))]);
    expect(rows[0]).toEqual(rows[1]);
    expect(api.seen.length).toBe(1);
  });

  it('are charged to one statement, and go on where that one may make no more', async () => {
    await serve((_, response, index) => {
      if (index === 0) sendJson(response, {}, { status: 503 });
      else sendJson(response, [{ id: '0a' }]);
    });
    const told: string[] = [];
    const observer = (name: string, most: number): CallObserver => {
      let requests = 0;
      return {
        request: () => {
          if (requests >= most) throw new Error(`${name} may make no more`);
          requests++;
          told.push(`${name} asks`);
        },
        response: ({ status }) => void told.push(`${name} hears ${status}`),
      };
    };
    const reading = [observer('first', 1), observer('second', 9)].map((own) =>
      readAll(http.pages(call(api.origin, { org: org(api.origin), observer: own }))),
    );
    const [first, second] = await Promise.allSettled(reading);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'first may make no more' } });
    expect(second).toEqual({ status: 'fulfilled', value: [{ id: '0a' }] });
    expect(told).toEqual(['first asks', 'first hears 503', 'second hears 503', 'second asks', 'second hears 200']);
  });
});

describe('a page of another form than those before it', () => {
  it.each([
    ['an object after arrays', (next: string) => (next === '' ? '{"id":"0c"}' : '[{"id":"0a"}]')],
    ['a bare value after arrays', (next: string) => (next === '' ? '"x"' : '[{"id":"0a"}]')],
  ])('is an error: %s', async (_, body) => {
    await serve((request, response) => {
      const isFirst = !request.path.includes('after');
      const link = isFirst ? { link: `<${api.origin}/api/v1/users?after=1>; rel="next"` } : {};
      sendJson(response, body(isFirst ? 'more' : ''), { headers: link });
    });
    const error = await readAll(http.pages(call(api.origin))).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'invalid_response',
      message: 'Page 2 of GET /api/v1/users has another form than the pages before it',
    });
  });
});

describe('a page that was announced and is none', () => {
  it.each([
    ['null', (response: ServerResponse) => sendJson(response, 'null')],
    ['status 204', (response: ServerResponse) => response.writeHead(204).end()],
  ])('is an error: %s', async (_, answer) => {
    await serve((request, response) => {
      if (request.path.includes('after')) answer(response);
      else sendJson(response, [{ id: '0a' }], { headers: { link: `<${api.origin}/api/v1/users?after=1>; rel="next"` } });
    });
    await expect(readAll(http.pages(call(api.origin)))).rejects.toMatchObject({
      code: 'invalid_response',
      message: 'Page 2 of GET /api/v1/users is no page: null came, or no body',
    });
  });

  it('is an empty list where it is the first, for some APIs say null for that', async () => {
    await serve((_, response) => sendJson(response, 'null'));
    expect(await readAll(http.pages(call(api.origin)))).toEqual([]);
  });
});

describe('a page of a list in an object that has no list', () => {
  const paged = (last: string): FakeAnswer => {
    return (request, response) => {
      if (request.path.includes('after')) sendJson(response, last);
      else sendJson(response, { value: [{ id: '0a' }], next: 't', _links: { next: { href: `${api.origin}/api/v1/users?after=1` } } });
    };
  };
  const list = method({ response: { ...method().response, rowsPath: ['value'] } });

  it('is an error after pages that had one', async () => {
    await serve(paged('{}'));
    await expect(readAll(http.pages(call(api.origin, { method: list })))).rejects.toMatchObject({
      code: 'invalid_response',
      message: 'Page 2 of GET /api/v1/users has no "value", which the pages before it had',
    });
  });

  it('ends the list where the list is empty', async () => {
    await serve(paged('{"value":[]}'));
    expect(await readAll(http.pages(call(api.origin, { method: list })))).toEqual([{ id: '0a' }]);
  });

  it('ends the list of an API that goes by tokens, and leaves out what is empty', async () => {
    await serve(paged('{}'));
    const pagination = {
      algorithm: 'token',
      request: { key: 'after', location: 'query' },
      response: { key: '$.next', location: 'body' },
    } as const;
    expect(await readAll(http.pages(call(api.origin, { method: method({ ...list, pagination }) })))).toEqual([{ id: '0a' }]);
  });
});
