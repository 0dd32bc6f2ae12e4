import { afterEach, describe, expect, it } from 'vitest';
import type { RequestBody } from '../../catalog/types.ts';
import { call, client, credential, method, org, parameter } from '../testing/calls.ts';
import { type FakeApi, sendJson, startFakeApi } from '../testing/fake-api.ts';
import type { HttpClient, MethodCall } from '../types.ts';

let api: FakeApi | undefined;
const http: HttpClient = client();
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const url = (one: MethodCall): string => http.describe(one).url;
const server = (address: string, ...names: string[]) => ({ url: address, variables: names.map((name) => parameter(name, 'server')) });
const get = (path: string, ...servers: ReturnType<typeof server>[]) => ({ verb: 'GET' as const, path, servers });
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('the address of a call', () => {
  it('is the server with its variables, unless the org has an origin of its own', () => {
    expect(url(call(undefined, { parameters: { subdomain: 'acme' } }))).toBe('https://acme.okta.com/api/v1/users');
    expect(url(call('http://127.0.0.1:8080', { parameters: { subdomain: 'acme' } }))).toBe('http://127.0.0.1:8080/api/v1/users');
  });

  it('keeps the path of the server, and takes a default where nothing is given', () => {
    const linode = method({
      http: get('/x', { url: 'https://api.example.com/{version}', variables: [parameter('version', 'server', { default: 'v4' })] }),
    });
    expect(url(call(undefined, { method: linode }))).toBe('https://api.example.com/v4/x');
    expect(url(call('https://proxy.example.com', { method: linode, parameters: { version: 'v5' } }))).toBe(
      'https://proxy.example.com/v5/x',
    );
  });

  it('leaves out the pattern of a server variable', () => {
    const datadog = method({ http: get('/x', server('https://{region:^(?:api.eu|api.us)$}.example.com', 'region')) });
    expect(url(call(undefined, { method: datadog, parameters: { region: 'api.eu' } }))).toBe('https://api.eu.example.com/x');
  });

  it('fills segments, whole and in part, so that a value adds none', () => {
    const act = method({ path: '/v1/{name}:cancel', parameters: [parameter('name', 'path')] });
    expect(url(call('https://x.example.com', { method: act, parameters: { name: 'a/b ü@c:d' } }))).toBe(
      'https://x.example.com/v1/a%2Fb%20%C3%BC@c:d:cancel',
    );
    expect(() =>
      url(
        call('https://x.example.com', {
          method: method({ path: '/v1/{name}/y', parameters: [parameter('name', 'path')] }),
          parameters: { name: '..' },
        }),
      ),
    ).toThrow(code('invalid_parameter_value'));
  });

  it('has the pairs of the path key first, then what is given; arrays repeat their key', () => {
    const list = method({
      path: '/?Action=List&Version=2016',
      parameters: [parameter('ids', 'query'), parameter('Version', 'query'), parameter('unused', 'query')],
    });
    expect(url(call('https://x.example.com', { method: list, parameters: { ids: ['1', 'a&b'] } }))).toBe(
      'https://x.example.com/?Action=List&Version=2016&ids=1&ids=a%26b',
    );
    expect(url(call('https://x.example.com', { method: list, parameters: { IDS: '1', Version: '2020' } }))).toBe(
      'https://x.example.com/?Action=List&ids=1&Version=2020',
    );
  });

  it('has the page size where the method declares one and the statement says none', () => {
    const facts = { pageSize: { parameter: 'limit', size: 200, max: 200 } };
    const list = method({ parameters: [parameter('limit', 'query')] });
    expect(url(call('https://x.example.com', { method: list, pageSize: 7 }, facts))).toBe('https://x.example.com/api/v1/users?limit=7');
    expect(url(call('https://x.example.com', { method: list, pageSize: 7, parameters: { limit: '3' } }, facts))).toBe(
      'https://x.example.com/api/v1/users?limit=3',
    );
  });

  it('drops and flattens parameters as the document asks', () => {
    const drop = method({
      path: '/?__Action=A&__Version=1',
      requestTranslate: 'drop_double_underscore_params',
      parameters: [parameter('q', 'query')],
    });
    expect(url(call('https://x.example.com', { method: drop, parameters: { q: '1' } }))).toBe('https://x.example.com/?q=1');
    const flat = method({ queryTranspose: 'AWSCanonical', parameters: [parameter('Filter', 'query')] });
    expect(url(call('https://x.example.com', { method: flat, parameters: { Filter: '[{"Name":"a","Value":["b","c"]}]' } }))).toBe(
      'https://x.example.com/api/v1/users?Filter.1.Name=a&Filter.1.Value.1=b&Filter.1.Value.2=c',
    );
  });

  it('is refused where a secret would travel in the clear, or to a host that the statement alone names', () => {
    expect(() => url(call('http://acme.okta.com'))).toThrow(code('insecure_origin'));
    const open = method({ http: get('/x', server('https://{host}:{port}', 'host', 'port')) });
    expect(() => url(call(undefined, { method: open, parameters: { host: 'evil.example.com', port: '443' } }))).toThrow(
      code('insecure_origin'),
    );
    expect(
      url(
        call(undefined, {
          method: open,
          parameters: { port: '8443' },
          org: org(undefined, { serverVariables: { host: 'good.example.com' } }),
        }),
      ),
    ).toBe('https://good.example.com:8443/x');
    expect(() => url(call(undefined, { parameters: { subdomain: 'evil.example.com/' } }))).toThrow(code('invalid_parameter_value'));
  });

  it('needs every required parameter', () => {
    expect(() =>
      url(call('https://x.example.com', { method: method({ path: '/u/{id}', parameters: [parameter('id', 'path')] }) })),
    ).toThrow(code('required_parameter_missing'));
    expect(() => url(call(undefined))).toThrow(code('required_parameter_missing'));
  });
});

describe('the read gate', () => {
  const post = { http: { verb: 'POST' as const, path: '/x', servers: [] } };

  it('lets no reading call change anything', () => {
    for (const verb of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      expect(() => url(call('https://x.example.com', { method: method({ http: { verb, path: '/x', servers: [] } }) }))).toThrow(
        code('read_only'),
      );
    }
    expect(() => url(call('https://x.example.com', { method: method({ ...post, safe: true, verbs: ['EXEC'], verb: 'EXEC' }) }))).toThrow(
      code('read_only'),
    );
    const mutation = method({ graphQl: { url: 'https://x.example.com/graphql', query: 'mutation { a }', rowsPath: '$.a' } });
    expect(() => url(call('https://x.example.com', { method: mutation }))).toThrow(code('read_only'));
  });

  it('lets a POST through where the document maps it to SELECT and says that it is safe', () => {
    expect(url(call('https://x.example.com', { method: method({ ...post, safe: true }) }))).toBe('https://x.example.com/x');
    expect(url(call('https://x.example.com', { method: method(post) }, { safe: true }))).toBe('https://x.example.com/x');
    expect(url(call('https://x.example.com', { method: method(post), intent: 'write' }))).toBe('https://x.example.com/x');
  });
});

describe('what is sent', () => {
  const echo = async (more: Partial<MethodCall>) => {
    api = await startFakeApi((_, response) => sendJson(response, {}));
    await http.send(call(api.origin, { intent: 'write', ...more }));
    const { verb, path, headers, body } = api.seen[0] ?? { verb: '', path: '', headers: {}, body: '' };
    return { verb, path, body, type: headers['content-type'], length: headers['content-length'], headers };
  };
  const body = (more: Partial<RequestBody> = {}): RequestBody => ({
    mediaType: 'application/json',
    required: true,
    shape: undefined,
    requiredProperties: [],
    naming: { kind: 'naive' },
    ...more,
  });
  const post = (more: Partial<RequestBody>) => method({ http: { verb: 'POST', path: '/x', servers: [] }, body: body(more) });

  it('is JSON over its base', async () => {
    expect(await echo({ method: post({ base: { a: 1, b: 1 } }), body: { b: 'ü' } })).toMatchObject({
      verb: 'POST',
      body: '{"a":1,"b":"ü"}',
      type: 'application/json',
      length: '16',
    });
  });

  it('is the default where the statement gives no body', async () => {
    expect(await echo({ method: post({ default: '{"x":true}' }) })).toMatchObject({ body: '{"x":true}' });
  });

  it('is a form where the document says so', async () => {
    expect(
      await echo({ method: post({ mediaType: 'application/x-www-form-urlencoded' }), body: { a: 'x y', b: ['1', '2'] } }),
    ).toMatchObject({ body: 'a=x%20y&b=1&b=2', type: 'application/x-www-form-urlencoded' });
  });

  it('has a length of 0 where a POST or PUT has no body', async () => {
    expect(await echo({ method: method({ http: { verb: 'PUT', path: '/x', servers: [] } }) })).toMatchObject({
      verb: 'PUT',
      length: '0',
      body: '',
    });
  });

  it('moves the query into a form for providers that ask so', async () => {
    const list = method({ path: '/?Action=List', requestTranslate: 'get_query_to_post_form_utf_8', parameters: [parameter('q', 'query')] });
    expect(await echo({ method: list, parameters: { q: 'a b' }, intent: 'read' })).toMatchObject({
      verb: 'POST',
      path: '/',
      body: 'Action=List&q=a%20b',
      type: 'application/x-www-form-urlencoded; charset=utf-8',
    });
  });

  it('carries header and cookie parameters, the agent and the credential', async () => {
    const list = method({
      parameters: [parameter('X-Api', 'header', { default: '2022' }), parameter('sid', 'cookie')],
      response: { mediaType: 'application/vnd.x+json', rowsPath: [], row: undefined },
    });
    const { headers } = await echo({ method: list, parameters: { sid: 'a;b' }, intent: 'read' });
    expect(headers).toMatchObject({
      'x-api': '2022',
      cookie: 'sid=a%3Bb',
      'user-agent': 'orgql/test',
      authorization: 'SSWS secret-token',
      accept: 'application/vnd.x+json',
      'accept-encoding': 'identity',
    });
  });

  it('carries a credential that belongs into the query, which a description leaves out', async () => {
    const secret = { ...credential({}), kind: 'query' as const, authorize: async () => ({ headers: {}, query: { api_key: 's3cret' } }) };
    const { path } = await echo({ org: org('http://127.0.0.1:1', { credential: secret }), method: method(), intent: 'read' }).catch(() => ({
      path: '',
    }));
    expect(path).toBe('');
    api = await startFakeApi((_, response) => sendJson(response, []));
    const one = call(api.origin, { org: org(api.origin, { credential: secret }) });
    await http.send(one);
    expect(api.seen[0]?.path).toBe('/api/v1/users?api_key=s3cret');
    expect(http.describe(one).url).toBe(`${api.origin}/api/v1/users`);
  });
});
