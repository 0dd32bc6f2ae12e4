import type { Pool } from 'undici';
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
          dispatch(pool, wire, { timeoutMs, signal, maxBytes: limits.maxPageBytes, now: options.now, done: leave, resolve }),
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
  readonly resolve: (outcome: WireOutcome) => void;
}

function dispatch(pool: Pool, wire: WireRequest, { timeoutMs, signal, maxBytes, now, done, resolve }: DispatchOptions): void {
  const sentAt = now();
  let abort: ((reason: Error) => void) | undefined;
  let isSent = false;
  let isOver = false;
  let stopped: WireFailure | 'aborted' | undefined = signal?.aborted ? 'aborted' : undefined;
  let settleBody: ((body: WireBody) => void) | undefined;
  let encoding: string | undefined;
  const chunks: Buffer[] = [];
  let byteLength = 0;

  const stop = (why: WireFailure | 'aborted'): void => {
    stopped ??= why;
    if (abort !== undefined) abort(new Error('stopped'));
    else fail({ kind: 'not_sent', code: 'stopped', message: 'Stopped before it was sent.' });
  };
  const timer = setTimeout(
    () => stop({ kind: 'timeout', code: 'total_timeout', message: `The answer was not complete after ${timeoutMs} ms.` }),
    timeoutMs,
  );
  const onAbort = (): void => stop('aborted');
  signal?.addEventListener('abort', onAbort, { once: true });
  const finish = (): void => {
    isOver = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    done();
  };
  const fail = (failure: WireFailure): void => {
    if (isOver) return;
    finish();
    const outcome = stopped ?? failure;
    if (settleBody !== undefined) settleBody({ kind: 'failed', failure: outcome === 'aborted' ? failure : outcome });
    else resolve(outcome === 'aborted' ? { kind: 'aborted' } : { kind: 'failed', failure: outcome });
  };

  pool.dispatch(
    { method: 'GET', path: `${wire.url.pathname}${wire.url.search}`, headers: wire.headers as Record<string, string> },
    {
      onRequestStart: (controller) => {
        isSent = true;
        abort = (reason) => controller.abort(reason);
        if (stopped !== undefined || isOver) controller.abort(new Error('stopped'));
      },
      onResponseStart: (_, status, raw) => {
        if (status < 200) return;
        const headers: Record<string, string> = {};
        for (const name in raw) {
          const value = raw[name];
          if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
        }
        encoding = headers['content-encoding'];
        const body = new Promise<WireBody>((settle) => {
          settleBody = settle;
        });
        resolve({ kind: 'answer', answer: { status, headers, sentAt, receivedAt: now(), body } });
      },
      onResponseData: (controller, chunk) => {
        chunks.push(chunk);
        byteLength += chunk.length;
        if (byteLength > maxBytes && stopped === undefined) {
          const over = tooLarge(maxBytes);
          if (over.kind === 'failed') stopped = over.failure;
          controller.abort(new Error('stopped'));
        }
      },
      onResponseEnd: () => {
        if (isOver) return;
        finish();
        const [only] = chunks;
        const bytes = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, byteLength);
        if (encoding === undefined) settleBody?.({ kind: 'complete', bytes });
        else void decompress(bytes, encoding, maxBytes).then((body) => settleBody?.(body));
      },
      onResponseError: (_, error) => fail(failureOf(error, isSent)),
    },
  );
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
