import type { MethodFacts } from '../../catalog/overlay.ts';
import type { Method, Parameter, ParameterLocation, Shape } from '../../catalog/types.ts';
import { createHttpClient, type HttpClientOptions } from '../client.ts';
import type { Clock, Credential, HttpClient, MethodCall, OrgConnection, Page } from '../types.ts';

const TEXT: Shape = { apiType: 'string', sqlType: 'VARCHAR', properties: () => new Map(), items: () => undefined };

export function parameter(name: string, location: ParameterLocation, more: Partial<Parameter> = {}): Parameter {
  return { name, wireName: name, location, required: location === 'path', shape: TEXT, ...more };
}

/** A method as the catalog would give it; a list of users unless told otherwise. */
export function method(more: Partial<Method> & { readonly path?: string; readonly http?: Method['http'] } = {}): Method {
  const { path = '/api/v1/users', ...rest } = more;
  return {
    name: 'list',
    verb: 'SELECT',
    verbs: ['SELECT'],
    description: '',
    http: {
      verb: 'GET',
      path,
      servers: [{ url: 'https://{subdomain}.okta.com/', variables: [parameter('subdomain', 'server', { required: true })] }],
    },
    requiredParams: [],
    parameters: [],
    body: undefined,
    response: { mediaType: 'application/json', rowsPath: [], row: undefined },
    pagination: { algorithm: 'token', request: { key: '', location: 'url' }, response: { key: 'Link', location: 'header' } },
    scopes: [],
    safe: false,
    deprecated: false,
    ...rest,
  };
}

export function credential(headers: Readonly<Record<string, string>> = { authorization: 'SSWS secret-token' }): Credential {
  return { kind: 'ssws', authorize: async () => ({ headers }) };
}

export function org(origin: string | undefined, more: Partial<OrgConnection> = {}): OrgConnection {
  return {
    name: 'acme',
    provider: 'okta',
    origin,
    serverVariables: {},
    credential: credential(),
    budget: 0.9,
    maxConcurrency: 10,
    timeoutMs: 5_000,
    ...more,
  };
}

export function call(origin: string | undefined, more: Partial<MethodCall> = {}, facts: MethodFacts = {}): MethodCall {
  return { method: method(), facts, org: org(origin), parameters: {}, intent: 'read', ...more };
}

/** A clock whose sleeps take no time but are written down; `now` moves on with them. */
export function instantClock(start = Date.UTC(2026, 0, 1)): Clock & { readonly slept: number[] } {
  let time = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    sleep: async (ms, signal) => {
      if (signal?.aborted) throw signal.reason;
      slept.push(ms);
      time += ms;
    },
  };
}

export function client(more: Partial<HttpClientOptions> = {}): HttpClient {
  return createHttpClient({ clock: instantClock(), random: () => 0.5, userAgent: 'orgql/test', ...more });
}

/** All rows of a call, decoded; for pages whose body is the array. */
export async function readAll(pages: AsyncIterable<Page>): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const page of pages) {
    let value: unknown = JSON.parse(Buffer.from(page.bytes).toString());
    for (const key of page.rowsPath) value = (value as Record<string, unknown> | undefined)?.[key];
    rows.push(...(Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]));
  }
  return rows;
}
