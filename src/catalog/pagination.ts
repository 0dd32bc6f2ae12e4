import { type ConfigLevels, settingMember } from './config.ts';
import { asObject, asText, type JsonObject } from './json.ts';
import type { ReferenceSpace } from './references.ts';
import { propertiesOf, type SchemaPart, shapeOf } from './shape.ts';
import type { Pagination, Parameter } from './types.ts';

/** Providers whose documents say nothing because the format's first reader knew them by name: they page by `Link` header. */
const LINK_HEADER_PROVIDERS = new Set(['okta', 'github']);
const LINK_HEADER: Pagination = {
  algorithm: 'token',
  request: { key: '', location: 'url' },
  response: { key: 'Link', location: 'header' },
};

/** Body properties that hold the whole address of the next page, in APIs whose documents do not say how they page. */
const NEXT_ADDRESS_PROPERTIES = ['nextLink', '@odata.nextLink', 'odata.nextLink', 'next_link', 'next_page_url'];
/** Objects of a body whose property `next` holds it. */
const NEXT_ADDRESS_HOLDERS = ['pagination', 'paging', 'links'];
/** Body property -> query parameter, for the same. Used only where the operation has the parameter. */
const NEXT_TOKEN_PROPERTIES: readonly (readonly [string, string])[] = [
  ['nextPageToken', 'pageToken'],
  ['next_page_token', 'page_token'],
  ['next_cursor', 'cursor'],
  ['nextCursor', 'cursor'],
  ['next_token', 'next_token'],
  ['nextToken', 'nextToken'],
];

/** How the next page of a method is found; each part is inherited by itself from the nearest level that has it. */
export function paginationOf(
  space: ReferenceSpace,
  provider: string,
  levels: ConfigLevels,
  method: { readonly bodyParts: readonly SchemaPart[]; readonly parameters: readonly Parameter[] },
): Pagination {
  const request = settingMember(levels, 'pagination', 'requestToken');
  const response = settingMember(levels, 'pagination', 'responseToken');
  const terminator = settingMember(levels, 'pagination', 'responseTerminator');
  if (request === undefined && response === undefined) return impliedPagination(space, provider, method);
  const named = levels.map((level) => asText(asObject(level.pagination).algorithm)).find((name) => name !== undefined && name !== '');
  return {
    algorithm: named === 'page_number' ? 'page_number' : 'token',
    request: request === undefined ? undefined : { key: keyOf(request), location: requestLocation(request) },
    response: response === undefined ? undefined : { key: keyOf(response), location: response.location === 'header' ? 'header' : 'body' },
    ...(terminator === undefined ? {} : { terminator: { key: keyOf(terminator) } }),
  };
}

function impliedPagination(
  space: ReferenceSpace,
  provider: string,
  { bodyParts, parameters }: { readonly bodyParts: readonly SchemaPart[]; readonly parameters: readonly Parameter[] },
): Pagination {
  if (LINK_HEADER_PROVIDERS.has(provider)) return LINK_HEADER;
  const names = new Set(propertiesOf(space, bodyParts).map((property) => property.name));
  const address = NEXT_ADDRESS_PROPERTIES.find((name) => names.has(name));
  if (address !== undefined)
    return { algorithm: 'token', request: { key: '', location: 'url' }, response: { key: address, location: 'body' } };
  for (const property of propertiesOf(space, bodyParts)) {
    if (!NEXT_ADDRESS_HOLDERS.includes(property.name)) continue;
    const next = propertiesOf(space, property.parts).find((inner) => inner.name === 'next');
    if (next !== undefined && shapeOf(space, next.parts).apiType === 'string')
      return { algorithm: 'token', request: { key: '', location: 'url' }, response: { key: `$.${property.name}.next`, location: 'body' } };
  }
  for (const [property, parameter] of NEXT_TOKEN_PROPERTIES) {
    const holder = names.has(property) ? property : nestedHolder(space, bodyParts, property);
    if (holder !== undefined && parameters.some((one) => one.location === 'query' && one.name === parameter)) {
      return { algorithm: 'token', request: { key: parameter, location: 'query' }, response: { key: holder, location: 'body' } };
    }
  }
  const fallback: Pagination = {
    algorithm: 'token',
    request: { key: 'pageToken', location: 'query' },
    response: { key: 'nextPageToken', location: 'body' },
  };
  const takesOffset = parameters.some((one) => one.location === 'query' && one.name === 'offset');
  const more = takesOffset ? ['more', 'has_more', 'hasMore'].find((name) => names.has(name)) : undefined;
  return more === undefined ? fallback : { ...fallback, offset: { parameter: 'offset', more } };
}

// One level down: `{"data": {"items": [...], "next_cursor": "..."}}`.
function nestedHolder(space: ReferenceSpace, parts: readonly SchemaPart[], name: string): string | undefined {
  for (const property of propertiesOf(space, parts)) {
    if (propertiesOf(space, property.parts).some((inner) => inner.name === name)) return `$.${property.name}.${name}`;
  }
  return undefined;
}

function keyOf(token: JsonObject): string {
  return asText(token.key) ?? '';
}

// `request` in a document: the token is the whole next address.
function requestLocation(token: JsonObject): 'query' | 'body' | 'url' {
  return token.location === 'body' ? 'body' : token.location === 'request' || token.location === 'url' ? 'url' : 'query';
}
