import { setMaxListeners } from 'node:events';
import { cancellation } from '../http/cancellation.ts';
import type { Page } from '../http/types.ts';
import { forEachConcurrently } from '../util/concurrency.ts';
import { OrgqlError } from '../util/errors.ts';
import { pageReader } from './pages/pages-of.ts';
import { excuse, mostAtOnce, type ScanCall, type ScanRequest } from './scan.ts';

export interface CallPage {
  readonly page: Page;
  readonly call: ScanCall;
}

/** Pages that wait for a slow reader; those that are under way come on top. */
const MOST_BYTES = 2 * 2 ** 20;

/**
 * The pages of a streamed statement's calls. Several calls are read at once; their pages come in the order of the calls as long as those
 * that came too early fit into the buffer, then as they are there. A reader that stops, and the first failure that is not excused, end all
 * that is under way; in a run that can be resumed, pages that are under way come first. Where only so many rows are wanted the calls are read one after another: what is asked for ahead could be for nothing.
 */
export async function* readCalls(request: ScanRequest, calls: readonly ScanCall[]): AsyncGenerator<CallPage, void, undefined> {
  const atOnce = request.pagesWanted === undefined ? Math.min(mostAtOnce(calls), calls.length) : 1;
  if (atOnce > 1) {
    yield* readAtOnce(request, calls, atOnce);
    return;
  }
  const pagesOf = await pageReader(request);
  for (const call of calls) {
    let read = 0;
    try {
      for await (const page of pagesOf(call)) {
        request.record.pages++;
        read++;
        yield { page, call };
      }
    } catch (error) {
      excuse(request, read, error);
    }
  }
}

async function* readAtOnce(request: ScanRequest, calls: readonly ScanCall[], atOnce: number): AsyncGenerator<CallPage, void, undefined> {
  const own = new AbortController();
  const signal = AbortSignal.any([request.signal, own.signal]);
  setMaxListeners(0, signal);
  const pagesOf = await pageReader({ ...request, signal });
  const buffer = createBuffer(calls.length);
  signal.addEventListener('abort', buffer.wake, { once: true });
  let failure: { readonly error: unknown } | undefined;
  const readOne = async (index: number): Promise<void> => {
    const call = calls[index] as ScanCall;
    let read = 0;
    try {
      for await (const page of pagesOf(call)) {
        request.record.pages++;
        read++;
        buffer.put(index, { page, call });
        while (buffer.isFull() && !signal.aborted && failure === undefined) await buffer.changed();
        // To the limit of calls each reader comes by itself, and what was asked for ahead until then counts among them.
        if (failure !== undefined && !isAtLimit(failure.error)) return;
      }
    } catch (error) {
      excuse(request, read, error);
    }
    buffer.end(index);
  };
  const reading = forEachConcurrently([...calls.keys()], atOnce, signal, (index) =>
    readOne(index).catch((error: unknown) => {
      failure ??= { error };
      buffer.wake();
      // What is asked for anyway is kept where it can be gone on from.
      if (request.options.pages?.log === undefined) own.abort();
      throw error;
    }),
  )
    .catch((error: unknown) => {
      failure ??= { error: request.signal.aborted ? cancellation(request.signal) : error };
    })
    .finally(buffer.wake);
  try {
    for (;;) {
      if (failure !== undefined) {
        await reading;
        // What was read before is given; what is stopped waits for nothing.
        for (let left = buffer.takeAny(); left !== undefined && !request.signal.aborted; left = buffer.takeAny()) yield left;
        throw failure.error;
      }
      const next = buffer.take();
      if (next !== undefined) yield next;
      else if (buffer.isOver()) return;
      else await buffer.changed();
    }
  } finally {
    own.abort();
    await reading;
  }
}

function isAtLimit(error: unknown): boolean {
  return error instanceof OrgqlError && error.code === 'limit_reached';
}

interface Buffer {
  readonly put: (index: number, page: CallPage) => void;
  /** The call has no more pages. */
  readonly end: (index: number) => void;
  readonly take: () => CallPage | undefined;
  /** Whether or not those before it are there. */
  readonly takeAny: () => CallPage | undefined;
  readonly isFull: () => boolean;
  /** All calls have ended, and all their pages were taken. */
  readonly isOver: () => boolean;
  /** Resolves at the next change, or `wake`. */
  readonly changed: () => Promise<void>;
  readonly wake: () => void;
}

function createBuffer(count: number): Buffer {
  const waiting = new Map<number, CallPage[]>();
  const ended = new Set<number>();
  let bytes = 0;
  /** The first call whose pages were not all taken. */
  let turn = 0;
  let sleeping: (() => void)[] = [];
  const wake = (): void => {
    const woken = sleeping;
    sleeping = [];
    for (const resolve of woken) resolve();
  };
  const takeOf = (index: number): CallPage | undefined => {
    const pages = waiting.get(index);
    const page = pages?.shift();
    if (pages?.length === 0) waiting.delete(index);
    if (page === undefined) return undefined;
    bytes -= page.page.bytes.byteLength;
    wake();
    return page;
  };
  const isFull = (): boolean => bytes > MOST_BYTES;
  const takeAny = (): CallPage | undefined => {
    const [early] = waiting.keys();
    return early === undefined ? undefined : takeOf(early);
  };
  return {
    put: (index, page) => {
      const pages = waiting.get(index);
      if (pages === undefined) waiting.set(index, [page]);
      else pages.push(page);
      bytes += page.page.bytes.byteLength;
      wake();
    },
    end: (index) => {
      ended.add(index);
      wake();
    },
    take: () => {
      while (!waiting.has(turn) && ended.delete(turn)) turn++;
      if (waiting.has(turn)) return takeOf(turn);
      return isFull() ? takeAny() : undefined;
    },
    takeAny,
    isFull,
    isOver: () => turn >= count,
    changed: () => new Promise((resolve) => sleeping.push(resolve)),
    wake,
  };
}
