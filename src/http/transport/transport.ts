import { readFileSync } from 'node:fs';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls, rootCertificates, TLSSocket } from 'node:tls';
import { OrgqlError } from '../../util/errors.ts';
import type { CancelSignal } from '../cancellation.ts';
import type { HttpLimits } from '../limits.ts';
import type { Address } from '../request/address.ts';
import { collectBody } from './body.ts';
import type { WireFailure } from './failure.ts';
import { createFanOut } from './fan-out.ts';
import { openTunnel, proxyFor } from './proxy.ts';

/** A request as it goes on the wire, credentials included. */
export interface WireRequest {
  readonly verb: string;
  readonly url: Address;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/** Status line and headers of an answer; its body is being read meanwhile. */
export interface WireAnswer {
  readonly status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Local clock, epoch milliseconds: when the request left and the headers came. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** Never rejects. Decompressed. */
  readonly body: Promise<WireBody>;
}

export type WireBody =
  | { readonly kind: 'complete'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly failure: WireFailure };
export type WireOutcome =
  | { readonly kind: 'answer'; readonly answer: WireAnswer }
  | { readonly kind: 'failed'; readonly failure: WireFailure }
  | { readonly kind: 'aborted' };

/** Values of the environment that the transport honours; it reads no environment itself. */
export interface ProxySettings {
  /** `HTTPS_PROXY`. */
  readonly httpsProxy?: string | undefined;
  /** `NO_PROXY`. */
  readonly noProxy?: string | undefined;
  /** `NODE_EXTRA_CA_CERTS`: a PEM file with certificates to trust beside the built-in ones. */
  readonly extraCaFile?: string | undefined;
}

/** Sends requests over kept-alive connections. Closed by the HTTP client. */
export interface Transport {
  /** Resolves at the headers; never rejects. The body is read into memory at once, whether or not it is awaited. */
  readonly send: (
    request: WireRequest,
    options: { readonly timeoutMs: number; readonly signal?: CancelSignal | undefined },
  ) => Promise<WireOutcome>;
  readonly close: () => void;
}

/** Free connections are dropped before servers and middle-boxes usually drop them, so that a write seldom meets a dead one. */
const FREE_CONNECTION_MS = 4_000;

/**
 * The one transport: `node:http` to loopback, `node:https` elsewhere, which take the least CPU for large pages; many small reads at
 * once go through a pool that takes about half as much for those.
 */
export function createTransport(options: {
  readonly limits: HttpLimits;
  readonly proxy: ProxySettings;
  readonly now: () => number;
}): Transport {
  const { limits, proxy, now } = options;
  let plain: HttpAgent | undefined;
  let secure: HttpsAgent | undefined;
  const agentOptions = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 64, timeout: FREE_CONNECTION_MS } as const;
  const agentFor = (url: Address): HttpAgent | HttpsAgent => {
    if (url.protocol === 'http:') {
      plain ??= new HttpAgent(agentOptions);
      return plain;
    }
    secure ??= new TunnelAgent({ ...agentOptions, ...extraAuthorities(proxy.extraCaFile) }, proxy);
    return secure;
  };
  const fanOut = createFanOut({
    limits,
    now,
    isDirect: (url) => proxyFor(url, proxy) === undefined,
    authorities: () => extraAuthorities(proxy.extraCaFile).ca,
  });
  return {
    send: (request, { timeoutMs, signal }) => {
      const pooled = fanOut.take(request);
      if (pooled !== undefined) return pooled(request, { timeoutMs, signal });
      // Reading the CA file may fail, which is the caller's to hear as an error of its own.
      const agent = agentFor(request.url);
      fanOut.enter();
      return new Promise((resolve) => exchange(request, { agent, limits, timeoutMs, signal, now, resolve, done: fanOut.leave }));
    },
    close: () => {
      fanOut.close();
      plain?.destroy();
      secure?.destroy();
    },
  };
}

interface ExchangeOptions {
  readonly agent: HttpAgent | HttpsAgent;
  readonly limits: HttpLimits;
  readonly timeoutMs: number;
  readonly signal: CancelSignal | undefined;
  readonly now: () => number;
  readonly resolve: (outcome: WireOutcome) => void;
  readonly done: () => void;
}

function exchange(wire: WireRequest, { agent, limits, timeoutMs, signal, now, resolve, done }: ExchangeOptions): void {
  if (signal?.aborted) {
    done();
    resolve({ kind: 'aborted' });
    return;
  }
  const sentAt = now();
  let isConnected = false;
  let timedOut: WireFailure | undefined;
  let isAborted = false;
  const { url } = wire;
  const request: ClientRequest = (url.protocol === 'http:' ? requestHttp : requestHttps)({
    agent,
    method: wire.verb,
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: wire.headers,
    timeout: limits.idleTimeoutMs,
  });
  const giveUp = (failure: WireFailure): void => {
    timedOut = failure;
    request.destroy(new Error(failure.message));
  };
  const total = setTimeout(
    () => giveUp({ kind: 'timeout', code: 'total_timeout', message: `The answer was not complete after ${timeoutMs} ms.` }),
    timeoutMs,
  );
  const onAbort = (): void => {
    isAborted = true;
    request.destroy();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  let isFinished = false;
  const finish = (): void => {
    if (isFinished) return;
    isFinished = true;
    done();
    clearTimeout(total);
    clearTimeout(connecting);
    signal?.removeEventListener('abort', onAbort);
  };
  const connecting = setTimeout(
    () => giveUp({ kind: 'not_sent', code: 'connect_timeout', message: `No connection after ${limits.connectTimeoutMs} ms.` }),
    limits.connectTimeoutMs,
  );
  const connected = (): void => {
    isConnected = true;
    clearTimeout(connecting);
  };
  request.on('socket', (socket) => {
    if (request.reusedSocket || hasConnected(socket)) return connected();
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
  });
  request.on('timeout', () => giveUp({ kind: 'timeout', code: 'idle_timeout', message: `Nothing came for ${limits.idleTimeoutMs} ms.` }));
  request.on('error', (error: NodeJS.ErrnoException) => {
    finish();
    if (isAborted) return resolve({ kind: 'aborted' });
    const code = error.code ?? 'connection_failed';
    resolve({ kind: 'failed', failure: timedOut ?? { kind: isConnected ? 'lost' : 'not_sent', code, message: error.message } });
  });
  request.on('response', (response: IncomingMessage) => {
    const body = collectBody(response, { maxBytes: limits.maxPageBytes, interrupted: () => timedOut });
    void body.then(finish);
    resolve({ kind: 'answer', answer: { status: response.statusCode ?? 0, headers: flatten(response), sentAt, receivedAt: now(), body } });
  });
  request.end(wire.body);
}

// A TLS socket knows the outcome of ALPN (a name or false) once its handshake is done, and null before.
function hasConnected(socket: Socket): boolean {
  return !socket.connecting && !(socket instanceof TLSSocket && socket.alpnProtocol === null);
}

function flatten(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function extraAuthorities(file: string | undefined): { readonly ca?: readonly string[] } {
  if (file === undefined || file === '') return {};
  try {
    return { ca: [...rootCertificates, readFileSync(file, 'utf8')] };
  } catch (cause) {
    throw new OrgqlError('invalid_config', `The CA file ${file} cannot be read`, {
      detail: String((cause as Error).message),
      hint: 'NODE_EXTRA_CA_CERTS must name a readable PEM file.',
      cause,
    });
  }
}

/** An agent that reaches hosts through an HTTP CONNECT proxy where the settings name one. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: ProxySettings;

  constructor(options: Omit<AgentOptions, 'ca'> & { readonly ca?: readonly string[] }, proxy: ProxySettings) {
    super(options as AgentOptions);
    this.#proxy = proxy;
  }

  // The base class takes a connection later through the callback when none is returned.
  override createConnection(
    options: AgentOptions & { host?: string; port?: number; servername?: string },
    callback: (error: Error | null, stream: Duplex) => void,
  ): Duplex {
    const host = options.host ?? 'localhost';
    const port = Number(options.port ?? 443);
    const proxy = proxyFor(new URL(`https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`), this.#proxy);
    if (proxy === undefined) return super.createConnection(options, callback) as Duplex;
    openTunnel(proxy, host, port, (error, socket) => {
      if (socket === undefined) return callback(error ?? new Error('No tunnel'), undefined as unknown as Duplex);
      callback(
        null,
        connectTls({ ...options, socket, servername: options.servername ?? (isIP(host) === 0 ? host : '') } as ConnectionOptions),
      );
    });
    return undefined as unknown as Duplex;
  }
}
