import type { Json } from '../../catalog/types.ts';
import type { Address } from '../request/address.ts';
import { percentEncode } from '../request/encode.ts';
import type { PreparedRequest } from '../request/prepare.ts';
import type { MethodCall, PageCursor } from '../types.ts';
import { countRows, isRecord, readPath, tokenText } from './body-path.ts';
import { graftLink, isSameList, isSamePath } from './graft.ts';
import { nextFromLinkHeader } from './link-header.ts';
import { undeclaredNext } from './undeclared.ts';

/** The following page as the headers alone announce it, so that it can be asked for before the body is read. */
export function nextFromHeaders(
  call: MethodCall,
  request: PreparedRequest,
  headers: Readonly<Record<string, string>>,
): PageCursor | undefined {
  const { pagination } = call.method;
  const target = nextFromLinkHeader(headers.link);
  if (target !== undefined) return { pathAndQuery: graftLink(request, target), ...bodyOf(request) };
  if (pagination.response?.location !== 'header' || /^link$/i.test(pagination.response.key)) return undefined;
  const token = tokenText(headers[pagination.response.key.toLowerCase()]);
  return token === undefined ? undefined : withToken(call, request, token);
}

/** The following page as a decoded object body announces it: by the document's rule, else by `_links.next.href` or OData's next link. */
export function nextFromBody(call: MethodCall, request: PreparedRequest, body: unknown): PageCursor | undefined {
  if (!isRecord(body)) return undefined;
  const { pagination, response } = call.method;
  if (pagination.algorithm === 'page_number') return nextNumber(call, request, body);
  if (pagination.algorithm === 'token' && pagination.response?.location === 'body' && !hasEnded(call, body)) {
    const token = tokenText(readPath(body, pagination.response.key));
    if (token !== undefined && isAskable(call, request)) return withToken(call, request, token);
  }
  if (pagination.offset !== undefined && body[pagination.offset.more] === true)
    return nextOffset(request, pagination.offset.parameter, countRows(body, response.rowsPath));
  const target = addressIn(body) ?? undeclaredAddress(call, request, body);
  if (target === undefined) return undefined;
  // On a single object `_links.next` may mean its next state, not the next page.
  if (response.rowsPath.length === 0 && !isSamePath(request, target)) return undefined;
  return { pathAndQuery: graftLink(request, target), ...bodyOf(request) };
}

/** An address that leads on in the same list can mean nothing else, under whatever name it comes. */
function undeclaredAddress(call: MethodCall, request: PreparedRequest, body: Readonly<Record<string, unknown>>): string | undefined {
  const next = hasEnded(call, body) ? undefined : undeclaredNext(call, body)?.next;
  return next !== undefined && isSameList(request, next) ? next : undefined;
}

/** True where a body says that rows follow, in whatever way. */
export function saysMore(call: MethodCall, body: Readonly<Record<string, unknown>>): boolean {
  const isList = call.method.response.rowsPath.length > 0 && call.method.graphQl === undefined;
  if (!isList) return false;
  return [body.has_more, body.hasMore, body.more].includes(true) || (!hasEnded(call, body) && undeclaredNext(call, body) !== undefined);
}

/** Names that OData's JSON gives the address of the next page, by its versions. @see OData 4.01 JSON Format §4.6.6 */
const ODATA_NEXT = ['@odata.nextLink', '@nextLink', 'odata.nextLink'];

/** What can mean nothing but the address of the next page, said of it or not in the document. */
function addressIn(body: Readonly<Record<string, unknown>>): string | undefined {
  const links = body._links;
  const linked = isRecord(links) && isRecord(links.next) ? tokenText(links.next.href) : undefined;
  return linked ?? ODATA_NEXT.map((name) => tokenText(body[name])).find((address) => address !== undefined);
}

// The API's own word that no page follows: the document's terminator, or `has_more: false` beside a cursor that is always there.
function hasEnded(call: MethodCall, body: Readonly<Record<string, unknown>>): boolean {
  const { terminator } = call.method.pagination;
  const said = terminator === undefined ? undefined : readPath(body, terminator.key);
  if (said === false || said === 'false') return true;
  return body.has_more === false || body.hasMore === false;
}

// A default rule (`nextPageToken` -> `pageToken`) fits many documents; a body token needs a body to travel in.
function isAskable(call: MethodCall, request: PreparedRequest): boolean {
  const location = call.method.pagination.request?.location;
  return location === 'query' || location === 'url' || (location === 'body' && request.verb !== 'GET');
}

function withToken(call: MethodCall, request: PreparedRequest, token: string): PageCursor | undefined {
  const asked = call.method.pagination.request;
  if (asked === undefined) return undefined;
  if (asked.location === 'url') return { pathAndQuery: graftLink(request, token), ...bodyOf(request) };
  if (asked.location === 'body') return { pathAndQuery: pathAndQuery(request.url), body: setPath(request.json, asked.key, token) };
  return { pathAndQuery: withQuery(request.url, asked.key, token), ...bodyOf(request) };
}

/** `offset` counts rows: the next page begins after those that came. A page without rows ends the list, whatever it says. */
function nextOffset(request: PreparedRequest, parameter: string, count: number): PageCursor | undefined {
  if (count === 0) return undefined;
  const start = Number(new URLSearchParams(request.url.search).get(parameter) ?? 0);
  return { pathAndQuery: withQuery(request.url, parameter, String((Number.isFinite(start) ? start : 0) + count)), ...bodyOf(request) };
}

function nextNumber(call: MethodCall, request: PreparedRequest, body: Readonly<Record<string, unknown>>): PageCursor | undefined {
  const { pagination } = call.method;
  const current = Number(tokenText(readPath(body, pagination.response?.key ?? 'page')) ?? Number.NaN);
  const total = Number(tokenText(readPath(body, pagination.terminator?.key ?? 'pages')) ?? Number.NaN);
  if (!Number.isFinite(current) || !Number.isFinite(total) || current >= total) return undefined;
  return withToken(call, request, String(current + 1));
}

function bodyOf(request: PreparedRequest): { readonly body?: Json } {
  return request.json === undefined ? {} : { body: request.json };
}

function pathAndQuery(url: Address): string {
  return `${url.pathname}${url.search}`;
}

// By hand, since URLSearchParams would respell every other pair.
function withQuery(url: Address, name: string, value: string): string {
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && decodeName(pair) !== name);
  return `${url.pathname}?${[...kept, `${encodeURIComponent(name)}=${percentEncode(value)}`].join('&')}`;
}

function decodeName(pair: string): string {
  const name = pair.split('=')[0] ?? '';
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

function setPath(body: Json | undefined, key: string, value: Json): Json {
  const root = isRecord(body) ? (body as { readonly [key: string]: Json }) : {};
  const [head = key, ...rest] = key.replace(/^\$\.?/, '').split('.');
  return { ...root, [head]: rest.length === 0 ? value : setPath(root[head], rest.join('.'), value) };
}
