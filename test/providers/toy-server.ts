import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that the toy provider's documents describe, with the requests that reached it. */
export interface ToyServer {
  readonly url: string;
  /** `GET /paging/token?cursor=2`, with the body where there is one, since this was last asked. */
  readonly takeRequests: () => readonly string[];
  /** The last request's headers. */
  readonly headers: () => IncomingMessage['headers'];
  readonly close: () => Promise<void>;
}

const row = (id: number): object => ({ id, name: `n${id}`, score: id / 2, tags: [`t${id}`, 'x'] });
const PAGE = 2;
const TOTAL = 5;

export async function openToyServer(): Promise<ToyServer> {
  const requests: string[] = [];
  let last: IncomingMessage['headers'] = {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const url = new URL(request.url ?? '/', 'http://toy');
      requests.push(
        `${request.method} ${decodeURIComponent(`${url.pathname}${url.search}`.replaceAll('+', ' '))}${body === '' ? '' : ` ${body}`}`,
      );
      last = request.headers;
      const answer = respond(`${request.method} ${url.pathname}`, url.searchParams, body, `http://${request.headers.host}`);
      response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json', ...answer.headers });
      response.end(answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests: () => requests.splice(0),
    headers: () => last,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
}

function respond(request: string, query: URLSearchParams, body: string, origin: string): Answer {
  const page = (start: number): { readonly items: object[]; readonly next: number | undefined } => ({
    items: Array.from({ length: Math.max(0, Math.min(PAGE, TOTAL - start)) }, (_, index) => row(start + index + 1)),
    next: start + PAGE < TOTAL ? start + PAGE : undefined,
  });
  const asked = (name: string): number => Number(query.get(name) ?? 0);
  switch (request) {
    case 'GET /paging/token': {
      const { items, next } = page(asked('cursor'));
      return { body: { items, meta: next === undefined ? {} : { next: String(next) } } };
    }
    case 'GET /paging/address': {
      const { items, next } = page(asked('from'));
      return { body: { items, meta: { next: next === undefined ? null : `${origin}/paging/address?from=${next}` } } };
    }
    case 'GET /paging/link': {
      const { items, next } = page(asked('from'));
      return { body: items, ...(next === undefined ? {} : { headers: { link: `<${origin}/paging/link?from=${next}>; rel="next"` } }) };
    }
    case 'GET /paging/number': {
      const number = Math.max(1, asked('page'));
      return { body: { items: page((number - 1) * PAGE).items, page: number, pages: 3 } };
    }
    case 'POST /paging/post': {
      const { Marker } = JSON.parse(body) as { readonly Marker?: string };
      const { items, next } = page(Number(Marker ?? 0));
      return { body: { items, ...(next === undefined ? {} : { Marker: String(next) }) } };
    }
    case 'GET /eu/rows/offset': {
      const { items, next } = page(asked('offset'));
      return { body: { things: items, more: next !== undefined } };
    }
    case 'GET /eu/rows/flows/main.yml':
      return { body: { flow_id: 12, name: 'main' } };
    case 'GET /eu/rows/unknown':
      return { body: { things: page(0).items, has_more: true } };
    case 'GET /eu/rows/deep':
      return { body: { data: { list: [row(1), row(2)] } } };
    case 'GET /us/rows/deep':
      return { body: { data: { list: [row(7)] } } };
    case 'GET /eu/rows/nested':
      return { body: { groups: [{ value: [row(1)] }, { value: [row(2), row(3)] }, { value: [] }] } };
    case 'GET /eu/rows/bare':
      return { text: `[${JSON.stringify(row(1))}, {"id": 9007199254740993, "name": null}]` };
    case 'GET /us/rows/bare':
      return { body: [row(7)] };
    case 'GET /eu/rows/one':
      return { body: row(4) };
    case 'GET /eu/rows/strings':
      return { body: ['a', 'b'] };
    case 'GET /elsewhere/own':
      return { body: [row(8)] };
    case 'GET /eu/rows/things': {
      const filter = /^name eq '(.*)'$/.exec(query.get('$filter') ?? '');
      const all = [1, 2, 3, 4].map(row) as readonly { readonly name: string }[];
      return { body: { value: filter === null ? all : all.filter(({ name }) => name === filter[1]) } };
    }
    case 'GET /eu/rows/xml':
      return {
        type: 'text/xml',
        text: '<things><thing id="1"><name>a &amp; b</name></thing><thing id="2"><name>c</name></thing></things>',
      };
    case 'POST /graphql': {
      const { query: text } = JSON.parse(body) as { readonly query: string };
      const start = Number(/after: "(\d+)"/.exec(text)?.[1] ?? 0);
      const { items, next } = page(start);
      return { body: { data: { things: { nodes: items, pageInfo: { endCursor: next === undefined ? '' : String(next) } } } } };
    }
    case 'GET /bodies/items':
      return { body: [{ id: 'i1', displayName: 'one', size: 1 }] };
    case 'GET /bodies/items/i1':
      return { body: { id: 'i1', displayName: 'one', size: 1 } };
    case 'POST /bodies/items':
      return { status: 201, body: { id: 'i2', ...(JSON.parse(body) as object) } };
    case 'PATCH /bodies/items/i1':
    case 'POST /bodies/wrapped':
      return { body: {} };
    case 'DELETE /bodies/items/i1':
      return { status: 204 };
    case 'POST /bodies/items/i1:restart':
      return { status: 202 };
    case 'GET /odd/loop':
      return { body: { id: 'a', child: { id: 'b', child: { id: 'c' } } } };
    case 'GET /odd/missing':
    case 'GET /odd/none':
      return { body: { id: 'x' } };
    case 'GET /odd/parts':
      return { body: [{ id: 'p', extra: null }] };
    case 'GET /odd/versions':
      return { body: { id: query.get('api-version'), other: true } };
    default:
      return { status: 404, body: { message: `nothing at ${request}` } };
  }
}
