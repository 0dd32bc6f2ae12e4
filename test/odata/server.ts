import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BadFilter, parseFilter } from './filter.ts';
import { type Entity, makeThings } from './things.ts';

/** Entities of one page, however many are asked for: only a next link tells of more. */
const PAGE = 9;

export interface ODataServer {
  readonly url: string;
  /** Path and query, decoded, since this was last asked. */
  readonly takeRequests: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** A service of entities that evaluates what it is asked: `/exact/things` minds letter case, `/folding/things` does not. Strict: what it does not know is 400. */
export async function openODataServer(): Promise<ODataServer> {
  const things = makeThings();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    requests.push(decodeURIComponent(`${url.pathname}${url.search}`.replaceAll('+', ' ')));
    const { status, body } = answer(url, things);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests: () => requests.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const KNOWN = new Set(['$filter', '$select', '$orderby', '$top', '$skiptoken']);

function answer(url: URL, things: readonly Entity[]): { readonly status: number; readonly body: unknown } {
  const { searchParams: query } = url;
  try {
    for (const name of query.keys()) if (!KNOWN.has(name)) throw new BadFilter(`The query parameter '${name}' is not supported`);
    const filter = query.get('$filter');
    const found = filter === null ? things : things.filter(parseFilter(filter, url.pathname.startsWith('/folding')));
    const top = query.get('$top');
    const sorted = ordered(found, query.get('$orderby'));
    // A bound of the whole: beyond it there is no next link.
    const bounded = top === null ? sorted : sorted.slice(0, whole(top));
    const from = whole(query.get('$skiptoken') ?? '0');
    const select = query.get('$select')?.split(',');
    const value = bounded.slice(from, from + PAGE).map((entity) => (select === undefined ? entity : chosen(entity, select)));
    const next = new URL(url);
    next.searchParams.set('$skiptoken', String(from + PAGE));
    return { status: 200, body: { value, ...(from + PAGE < bounded.length ? { '@odata.nextLink': next.href } : {}) } };
  } catch (error) {
    if (error instanceof BadFilter) return { status: 400, body: { error: { code: 'BadRequest', message: error.message } } };
    throw error;
  }
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new BadFilter(`'${text}' is no number of entities`);
  return Number(text);
}

const PROPERTIES = new Set(['id', 'name', 'key', 'price', 'active', 'created', 'updated', 'day', 'owner', 'tags']);

function chosen(entity: Entity, names: readonly string[]): Entity {
  for (const name of names) if (!PROPERTIES.has(name)) throw new BadFilter(`Could not find a property named '${name}'`);
  return Object.fromEntries(Object.entries(entity).filter(([name]) => names.includes(name)));
}

function ordered(entities: readonly Entity[], by: string | null): readonly Entity[] {
  if (by === null) return entities;
  const [, name = '', direction = 'asc'] = /^(\w+)(?: (asc|desc))?$/.exec(by) ?? [];
  if (!PROPERTIES.has(name)) throw new BadFilter(`'${by}' is no order`);
  const sign = direction === 'desc' ? -1 : 1;
  const rank = (entity: Entity): string | number => entity[name] as string | number;
  return entities.toSorted((one, other) => sign * (rank(one) < rank(other) ? -1 : rank(one) > rank(other) ? 1 : 0));
}
