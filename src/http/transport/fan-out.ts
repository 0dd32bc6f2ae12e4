import type { Dispatcher, Pool } from 'undici';
import type { CancelSignal } from '../cancellation.ts';
import type { HttpLimits } from '../limits.ts';
import type { Address } from '../request/address.ts';
import { decompress, tooLarge } from './body.ts';
import type { WireFailure } from './failure.ts';
import type { Transport, WireBody, WireOutcome, WireRequest } from './transport.ts';

/** Sends reads of a fan-out through undici, which is loaded when the first fan-out begins: its import costs a tenth of a second. */
export interface FanOut {
  /** Counts a request that goes the usual way. */
  readonly enter: () => void;
  readonly leave: () => void;
  /** How to send this request, where the pool is to take it. */
  readonly take: (request: WireRequest) => Transport['send'] | undefined;
  readonly close: () => void;
}

/** So many requests at once are a fan-out; a paged list has two. */
const FAN_OUT_FROM = 6;
const FREE_CONNECTION_MS = 4_000;

export interface FanOutOptions {
  readonly limits: HttpLimits;
  readonly now: () => number;
  /** False where a proxy stands between. */
  readonly isDirect: (url: Address) => boolean;
  readonly authorities: () => readonly string[] | undefined;
}

export function createFanOut(options: FanOutOptions): FanOut {
  const { limits } = options;
  const pools = new Map<string, Pool>();
  let library: typeof import('undici').default | undefined;
  let isLoading = false;
  let isClosed = false;
  let underWay = 0;

  const load = (): void => {
    if (isLoading) return;
    isLoading = true;
    import('undici').then(
      (loaded) => {
        // Of a bundled CommonJS package only the default export is there.
        library = loaded.default;
      },
      // Without it everything goes the usual way.
      () => {},
    );
  };
  const poolOf = (origin: string, undici: typeof import('undici').default): Pool => {
    let pool = pools.get(origin);
    if (pool === undefined) {
      const ca = options.authorities();
      pool = new undici.Pool(origin, {
        connect: { timeout: limits.connectTimeoutMs, ...(ca === undefined ? {} : { ca: [...ca] }) },
        headersTimeout: limits.idleTimeoutMs,
        bodyTimeout: limits.idleTimeoutMs,
        keepAliveTimeout: FREE_CONNECTION_MS,
        keepAliveMaxTimeout: FREE_CONNECTION_MS,
      });
      pools.set(origin, pool);
    }
    return pool;
  };

  const leave = (): void => {
    underWay--;
  };
  return {
    enter: () => {
      underWay++;
    },
    leave,
    take: (request) => {
      if (request.verb !== 'GET' || request.body !== undefined || underWay < FAN_OUT_FROM || isClosed || !options.isDirect(request.url))
        return undefined;
      if (library === undefined) {
        load();
        return undefined;
      }
      const pool = poolOf(request.url.origin, library);
      underWay++;
      return (wire, { timeoutMs, signal }) =>
        new Promise((resolve) =>
          pool.dispatch(
            { method: 'GET', path: `${wire.url.pathname}${wire.url.search}`, headers: wire.headers as Record<string, string> },
            new Dispatch({ timeoutMs, signal, maxBytes: limits.maxPageBytes, now: options.now, done: leave }, resolve),
          ),
        );
    },
    close: () => {
      isClosed = true;
      for (const pool of pools.values()) void pool.destroy();
      pools.clear();
    },
  };
}

interface DispatchOptions {
  readonly timeoutMs: number;
  readonly signal: CancelSignal | undefined;
  readonly maxBytes: number;
  readonly now: () => number;
  readonly done: () => void;
}

const NO_CHUNKS: Buffer[] = [];

/**
 * One request in the pool, and what its answer goes through. A class: a fan-out makes thousands, and an object takes less than closures.
 * When it is over it lets go of the answer: the pool keeps the object itself until the next full collection, and every answer with it.
 */
class Dispatch implements Dispatcher.DispatchHandler {
  readonly #options: DispatchOptions;
  readonly #sentAt: number;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #isSent = false;
  #isOver = false;
  #stopped: WireFailure | 'aborted' | undefined;
  #resolve: ((outcome: WireOutcome) => void) | undefined;
  #settleBody: ((body: WireBody) => void) | undefined;
  #encoding: string | undefined;
  #chunks: Buffer[] = NO_CHUNKS;
  #byteLength = 0;

  constructor(options: DispatchOptions, resolve: (outcome: WireOutcome) => void) {
    const { signal, timeoutMs, now } = options;
    this.#options = options;
    this.#resolve = resolve;
    this.#sentAt = now();
    this.#stopped = signal?.aborted ? 'aborted' : undefined;
    this.#timer = setTimeout(() => this.stop(totalTimeout(timeoutMs)), timeoutMs);
    this.#onAbort = () => this.stop('aborted');
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  stop(why: WireFailure | 'aborted'): void {
    this.#stopped ??= why;
    if (this.#controller !== undefined) this.#controller.abort(new Error('stopped'));
    else this.#fail({ kind: 'not_sent', code: 'stopped', message: 'Stopped before it was sent.' });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#isSent = true;
    this.#controller = controller;
    if (this.#stopped !== undefined || this.#isOver) controller.abort(new Error('stopped'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, raw: Record<string, string | string[] | undefined>): void {
    if (status < 200) return;
    const headers = joinedHeaders(raw);
    this.#encoding = headers['content-encoding'];
    const body = new Promise<WireBody>((settle) => {
      this.#settleBody = settle;
    });
    const { now } = this.#options;
    this.#resolve?.({ kind: 'answer', answer: { status, headers, sentAt: this.#sentAt, receivedAt: now(), body } });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    if (this.#chunks === NO_CHUNKS) this.#chunks = [chunk];
    else this.#chunks.push(chunk);
    this.#byteLength += chunk.length;
    const { maxBytes } = this.#options;
    if (this.#byteLength <= maxBytes || this.#stopped !== undefined) return;
    const over = tooLarge(maxBytes);
    if (over.kind === 'failed') this.#stopped = over.failure;
    controller.abort(new Error('stopped'));
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    const chunks = this.#chunks;
    const settle = this.#settleBody;
    this.#finish();
    const [only] = chunks;
    const bytes = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, this.#byteLength);
    if (this.#encoding === undefined) settle?.({ kind: 'complete', bytes });
    else void decompress(bytes, this.#encoding, this.#options.maxBytes).then((body) => settle?.(body));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(failureOf(error, this.#isSent));
  }

  #finish(): void {
    this.#isOver = true;
    this.#controller = undefined;
    this.#resolve = undefined;
    this.#settleBody = undefined;
    this.#chunks = NO_CHUNKS;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#options.done();
  }

  #fail(failure: WireFailure): void {
    if (this.#isOver) return;
    const resolve = this.#resolve;
    const settle = this.#settleBody;
    this.#finish();
    const outcome = this.#stopped ?? failure;
    if (settle !== undefined) settle({ kind: 'failed', failure: outcome === 'aborted' ? failure : outcome });
    else resolve?.(outcome === 'aborted' ? { kind: 'aborted' } : { kind: 'failed', failure: outcome });
  }
}

function totalTimeout(timeoutMs: number): WireFailure {
  return { kind: 'timeout', code: 'total_timeout', message: `The answer was not complete after ${timeoutMs} ms.` };
}

/** Headers that came several times become one, joined by commas. The object is nobody else's, and stays. */
function joinedHeaders(headers: Record<string, string | string[] | undefined>): Readonly<Record<string, string>> {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Record<string, string>;
}

function failureOf(error: Error & { readonly code?: string }, isSent: boolean): WireFailure {
  const code = error.code ?? 'connection_failed';
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return { kind: 'not_sent', code: 'connect_timeout', message: error.message };
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return { kind: 'timeout', code: 'idle_timeout', message: error.message };
    default:
      return { kind: isSent ? 'lost' : 'not_sent', code: code === 'UND_ERR_SOCKET' ? 'ECONNRESET' : code, message: error.message };
  }
}
