import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Org } from './org.ts';
import type { EmulatorRequest, EmulatorResponse, Listening, ListenOptions } from './types.ts';

/** Serves `handle` over HTTP with keep-alive. The org's links carry the bound URL from then on. */
export async function listen(
  handle: (request: EmulatorRequest) => Promise<EmulatorResponse>,
  org: Org,
  options: ListenOptions = {},
): Promise<Listening> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (incoming, outgoing) => {
    serve(handle, incoming, outgoing).catch(() => {
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'application/json' });
      outgoing.end(
        '{"errorCode":"E0000009","errorSummary":"Internal Server Error","errorLink":"E0000009","errorId":"oaeemulator","errorCauses":[]}',
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  org.setOrigin(url);
  return {
    url,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function serve(
  handle: (request: EmulatorRequest) => Promise<EmulatorResponse>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const method = incoming.method ?? 'GET';
  const host = incoming.headers.host ?? '';
  const body = method === 'GET' || method === 'HEAD' ? undefined : await readBody(incoming);
  const url = `http://${host}${incoming.url ?? '/'}`;
  const response = await handle({ method, url, headers: incoming.headers, ...(body === undefined ? {} : { body }) });
  if (response.connection === 'reset') {
    incoming.socket.resetAndDestroy();
    return;
  }
  const flat: string[] = [];
  let hasLength = false;
  for (const [name, value] of response.headers) {
    flat.push(name, value);
    if (name === 'content-length') hasLength = true;
  }
  if (!hasLength && response.status !== 204) flat.push('content-length', String(response.body.byteLength));
  outgoing.sendDate = false;
  outgoing.strictContentLength = false;
  outgoing.writeHead(response.status, flat);
  if (response.connection === 'truncate') {
    outgoing.write(response.body, () => incoming.socket.destroy());
    return;
  }
  if (response.connection === 'stall') {
    outgoing.write(response.body);
    return;
  }
  outgoing.end(response.body.byteLength === 0 ? undefined : response.body);
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}
