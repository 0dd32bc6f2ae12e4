import type { MethodCall } from '../types.ts';
import { countRows, isRecord, tokenText } from './body-path.ts';

/** Names under which lists give the address of their next page, or a token for it. */
const NEXT = [
  'next',
  'nextLink',
  'next_link',
  'nextUrl',
  'next_url',
  'nextPageUrl',
  'next_page_url',
  'nextPage',
  'next_page',
  'nextPageToken',
  'next_page_token',
  'nextToken',
  'next_token',
  'NextToken',
  'nextCursor',
  'next_cursor',
  'nextMarker',
  'next_marker',
  'NextMarker',
];
/** Names under which they say that there is one. */
const HAS_NEXT = [
  'has_more',
  'hasMore',
  'more',
  'hasNextPage',
  'has_next_page',
  'hasNext',
  'has_next',
  'isTruncated',
  'is_truncated',
  'IsTruncated',
];
const PAGE = ['page', 'current_page', 'currentPage'];
const PAGES = ['pages', 'total_pages', 'totalPages', 'last_page', 'lastPage'];
/** Names by which an object that speaks of the next page gives its address, or else a token for it. */
const IN_NEXT = ['href', 'link', 'url', 'uri', 'cursor', 'token', 'after', 'starting_after', 'offset', 'page'];
/** Objects that hold such properties, of a body or one of another. */
const HOLDERS = [
  'page',
  'pages',
  'links',
  '_links',
  'pagination',
  'paging',
  'meta',
  'metadata',
  'response_metadata',
  'pageInfo',
  'page_info',
  'result_info',
];
/** Parameters by which a statement asks for one page itself. */
const PAGE_PARAMETER = /^(page(_?(number|num|token))?|offset|start|skip|cursor|after|marker|next(_?token)?)$/i;

/** What the envelope of a list says of a page after it, where its description says nothing: an address or token, or only that there is one. */
export function undeclaredNext(
  call: MethodCall,
  body: Readonly<Record<string, unknown>>,
): { readonly next: string | undefined } | undefined {
  const { rowsPath, transform } = call.method.response;
  const isList = rowsPath.length > 0 && transform === undefined && countRows(body, rowsPath) > 0;
  if (!isList || call.method.graphQl !== undefined || Object.keys(call.parameters).some((name) => PAGE_PARAMETER.test(name)))
    return undefined;
  const envelopes = envelopesOf(body, rowsPath);
  const holders = envelopes.flatMap(heldBy);
  const places = [...envelopes, ...holders, ...holders.flatMap(heldBy), ...[body, ...holders].flatMap(linkedBy)];
  const said = places.flatMap((place) => HAS_NEXT.map((name) => place[name]));
  if (said.includes(false)) return undefined;
  for (const place of places) {
    for (const name of NEXT) {
      if (envelopes.includes(place) && rowsPath.includes(name)) continue;
      const next = nextIn(place[name]);
      if (next !== undefined) return { next };
    }
  }
  return said.includes(true) || places.some(isFirstOfSeveral) ? { next: undefined } : undefined;
}

/** Links in a list, as `[{ "rel": "next", "href": ... }]`, by what they lead to. */
function linkedBy(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] {
  const links = [object.links, object.link, object._links].filter(Array.isArray).flat().filter(isRecord);
  return links.filter(({ rel, relation }) => rel === 'next' || relation === 'next').map((next) => ({ next }));
}

function heldBy(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] {
  return HOLDERS.map((name) => object[name]).filter(isRecord);
}

/** Some APIs end a list with a token of 0. */
function nextIn(value: unknown): string | undefined {
  const next = isRecord(value) ? IN_NEXT.map((name) => tokenText(value[name])).find((text) => text !== undefined) : tokenText(value);
  return next === '0' ? undefined : next;
}

/** The objects that a list lies in, outermost first. */
function envelopesOf(body: Readonly<Record<string, unknown>>, rowsPath: readonly string[]): Readonly<Record<string, unknown>>[] {
  const envelopes = [body];
  for (const name of rowsPath.slice(0, -1)) {
    const inner = envelopes.at(-1)?.[name];
    if (isRecord(inner)) envelopes.push(inner);
  }
  return envelopes;
}

/** Pages are counted from 0 or from 1; a `number` of them from 0. */
function isFirstOfSeveral(place: Readonly<Record<string, unknown>>): boolean {
  const current = PAGE.map((name) => place[name]).find((value) => typeof value === 'number');
  const total = PAGES.map((name) => place[name]).find((value) => typeof value === 'number');
  return (current === 0 || current === 1 || place.number === 0) && typeof total === 'number' && total > 1;
}
