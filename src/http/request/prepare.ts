import type { HttpVerb, Json, Method, Parameter, RequestBody, Transform } from '../../catalog/types.ts';
import { assertReadable } from '../gate.ts';
import { isLoopback } from '../transport/origin.ts';
import type { MethodCall, OrgConnection, PageCursor } from '../types.ts';
import { type Address, addressAt } from './address.ts';
import { type BodyTransform, encodeBody } from './body.ts';
import { percentEncode } from './encode.ts';
import { missingParameter, type ParameterValues, parameterValues, singleValue } from './parameters.ts';
import { fillPath, type PathTemplate, parsePath, splitPathKey } from './path.ts';
import { encodePairs, type Pair, queryPairs } from './query.ts';
import { type Base, resolveServer } from './server.ts';

/** A request complete but for its credential, so that it may be shown. */
export interface PreparedRequest {
  readonly verb: HttpVerb;
  readonly url: Address;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  /** The body before it was encoded: what body paging changes. */
  readonly json: Json | undefined;
  /** Base path and path template of the method, without query: what a next link is compared with. */
  readonly pathTemplate: string;
}

/** What a response transform made: a text, or (for the many that only wrap an array into an object) nothing, the rows being the body itself. */
export type TransformedBody = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'wrapped_array' };

/** What building requests and reading pages needs beside the call itself. */
export interface PrepareContext {
  readonly userAgent: string;
  /** What was worked out for methods before. */
  readonly methods: PreparedMethods;
  readonly transform: BodyTransform;
  readonly xml: (value: Json, body: RequestBody) => string;
  /** The query text of a GraphQL method; `cursor` is the clause that asks for a later page. */
  readonly graphQl: (call: MethodCall, cursor: string) => string;
  readonly nextGraphQl: (
    call: MethodCall,
    request: PreparedRequest,
    body: Readonly<Record<string, unknown>> | undefined,
  ) => PageCursor | undefined;
  readonly transformResponse: (transform: Transform, bytes: Uint8Array, call: MethodCall) => TransformedBody;
}

/**
 * Builds the request of a call: server, path, query, headers, cookies and body. Throws `read_only` (the read gate),
 * `required_parameter_missing`, `invalid_parameter_value`, `insecure_origin`.
 */
export function prepareRequest(call: MethodCall, context: PrepareContext): PreparedRequest {
  const { method } = call;
  if (method.graphQl !== undefined) return prepareGraphQl(call, context, { query: context.graphQl(call, '') });
  const isForm = method.requestTranslate === 'get_query_to_post_form_utf_8';
  const verb = isForm && method.http.verb === 'GET' ? 'POST' : method.http.verb;
  assertReadable(call, verb);

  const values = parameterValues(call);
  const prepared = preparedMethod(call, context.methods);
  const base = baseOf(call, prepared, values);
  const path = `${base.basePath}${fillPath(method, prepared.path, values)}`;
  const query = prepared.hasQuery || call.pageSize !== undefined ? queryPairs(call, prepared.pairs, values) : NO_PAIRS;
  const url = addressAt(base.origin, path, isForm || query.length === 0 ? '' : `?${encodePairs(query, filterParameters(call))}`);
  const body = isForm
    ? { bytes: Buffer.from(encodePairs(query)), mediaType: 'application/x-www-form-urlencoded; charset=utf-8' }
    : bodyOf(call, context);
  return {
    verb,
    url,
    headers: headersOf(call, context, { prepared, url, verb, body, values }),
    body: body?.bytes,
    json: call.body,
    pathTemplate: `${base.basePath}${prepared.template}`,
  };
}

const NO_PAIRS: readonly Pair[] = [];

/** What the calls of a method in one org have in common. */
interface PreparedMethod {
  readonly template: string;
  readonly path: PathTemplate;
  readonly pairs: readonly Pair[];
  readonly accept: string;
  readonly serverVariables: readonly Parameter[];
  /** False: its calls have no query, unless they ask for a page size. */
  readonly hasQuery: boolean;
  readonly hasHeaderParameters: boolean;
  /** Headers of the calls that have no body and no header parameter, by host: one object, so that it is made and compared once. */
  readonly plainHeaders: Map<string, Readonly<Record<string, string>>>;
  /** Where calls go that give no server variable a value. */
  base: Base | undefined;
}

export type PreparedMethods = WeakMap<OrgConnection, WeakMap<Method, PreparedMethod>>;

function preparedMethod(call: MethodCall, methods: PreparedMethods): PreparedMethod {
  const { method, org } = call;
  let ofOrg = methods.get(org);
  if (ofOrg === undefined) {
    ofOrg = new WeakMap();
    methods.set(org, ofOrg);
  }
  let prepared = ofOrg.get(method);
  if (prepared === undefined) {
    const key = splitPathKey(method.http.path);
    const template = withSlash(key.template);
    prepared = {
      template,
      path: parsePath(method, template),
      pairs: key.pairs,
      accept: acceptOf(call),
      serverVariables: method.http.servers.flatMap((server) => server.variables),
      hasQuery: key.pairs.length > 0 || method.parameters.some(({ location }) => location === 'query'),
      hasHeaderParameters: method.parameters.some(({ location }) => location === 'header' || location === 'cookie'),
      plainHeaders: new Map(),
      base: undefined,
    };
    ofOrg.set(method, prepared);
  }
  return prepared;
}

function headersOf(
  call: MethodCall,
  context: PrepareContext,
  parts: {
    readonly prepared: PreparedMethod;
    readonly url: Address;
    readonly verb: HttpVerb;
    readonly body: { readonly bytes: Uint8Array; readonly mediaType: string } | undefined;
    readonly values: ParameterValues;
  },
): Readonly<Record<string, string>> {
  const { prepared, url, verb, body, values } = parts;
  const isPlain = body === undefined && !prepared.hasHeaderParameters;
  const known = isPlain ? prepared.plainHeaders.get(url.hostname) : undefined;
  if (known !== undefined) return known;
  const headers = { ...commonHeaders(url, verb, body, context.userAgent), accept: prepared.accept, ...parameterHeaders(call, values) };
  if (isPlain) prepared.plainHeaders.set(url.hostname, headers);
  return headers;
}

function baseOf(call: MethodCall, prepared: PreparedMethod, values: ParameterValues): Base {
  if (prepared.serverVariables.some((variable) => values(variable) !== undefined)) return resolveServer(call, values);
  prepared.base ??= resolveServer(call, values);
  return prepared.base;
}

/** The same request with another GraphQL document. */
export function prepareGraphQl(call: MethodCall, context: PrepareContext, document: Json): PreparedRequest {
  const graphQl = call.method.graphQl;
  assertReadable(call, 'POST');
  const declared = new URL(graphQl?.url ?? '');
  // Checks the origin that the org names, if it names one.
  const base = resolveServer(
    { ...call, method: { ...call.method, http: { ...call.method.http, servers: [{ url: declared.origin, variables: [] }] } } },
    () => undefined,
  );
  const url = addressAt(base.origin, declared.pathname, declared.search);
  const body = { bytes: Buffer.from(JSON.stringify(document)), mediaType: 'application/json' };
  return {
    verb: 'POST',
    url,
    headers: { ...commonHeaders(url, 'POST', body, context.userAgent), accept: 'application/json' },
    body: body.bytes,
    json: document,
    pathTemplate: declared.pathname,
  };
}

/** The same request for another page: other path and query, or another body, or both. */
export function withPage(
  call: MethodCall,
  request: PreparedRequest,
  context: PrepareContext,
  page: { readonly pathAndQuery: string; readonly json?: Json | undefined },
): PreparedRequest {
  const mark = page.pathAndQuery.indexOf('?');
  const path = mark < 0 ? page.pathAndQuery : page.pathAndQuery.slice(0, mark);
  const url = addressAt(request.url, path, page.pathAndQuery.slice(path.length));
  if (page.json === undefined) return { ...request, url };
  const body =
    call.method.graphQl === undefined
      ? encodeBody(call.method.body, page.json, context.transform, context.xml)
      : { bytes: Buffer.from(JSON.stringify(page.json)), mediaType: 'application/json' };
  const { 'content-length': _length, ...headers } = request.headers;
  return {
    ...request,
    url,
    json: page.json,
    body: body?.bytes,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(body.bytes.byteLength) }) },
  };
}

function bodyOf(call: MethodCall, context: PrepareContext): { readonly bytes: Uint8Array; readonly mediaType: string } | undefined {
  const { verb } = call.method.http;
  if ((verb === 'GET' || verb === 'HEAD') && call.body === undefined) return undefined;
  return encodeBody(call.method.body, call.body, context.transform, context.xml);
}

function commonHeaders(
  url: Address,
  verb: HttpVerb,
  body: { readonly bytes: Uint8Array; readonly mediaType: string } | undefined,
  userAgent: string,
): Record<string, string> {
  return {
    'user-agent': userAgent,
    // Compression costs more than it saves where no wire is between.
    'accept-encoding': isLoopback(url.hostname) ? 'identity' : 'gzip',
    ...(body === undefined ? {} : { 'content-type': body.mediaType, 'content-length': String(body.bytes.byteLength) }),
    // Without it Okta answers 411.
    ...(body === undefined && (verb === 'POST' || verb === 'PUT' || verb === 'PATCH') ? { 'content-length': '0' } : {}),
  };
}

function acceptOf(call: MethodCall): string {
  const type = call.method.response.mediaType;
  return type !== undefined && /^[\w.+*-]+\/[\w.+*-]+/.test(type) ? type : 'application/json';
}

function parameterHeaders(call: MethodCall, values: ParameterValues): Record<string, string> {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const parameter of call.method.parameters) {
    if (parameter.location !== 'header' && parameter.location !== 'cookie') continue;
    const value = singleValue(values(parameter)) ?? parameter.default;
    if (value === undefined) {
      if (parameter.required && !/^(authorization|accept|content-type)$/i.test(parameter.wireName))
        throw missingParameter(call.method, parameter.name);
    } else if (parameter.location === 'cookie') cookies.push(`${parameter.wireName}=${percentEncode(value)}`);
    else headers[parameter.wireName.toLowerCase()] = headerText(value);
  }
  return cookies.length === 0 ? headers : { ...headers, cookie: cookies.join('; ') };
}

// A header cannot hold control characters or anything beyond Latin-1.
function headerText(value: string): string {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? value : percentEncode(value);
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** Parameters that carry expressions in Okta's filter language, which may grow long. */
function filterParameters(call: MethodCall): ReadonlySet<string> {
  return new Set((call.facts.filters ?? []).filter((fact) => fact.grammar === 'okta').map((fact) => fact.parameter));
}
