import type { CallObserver, Clock } from '../http/types.ts';
import type { Receipt, RelationReceipt } from './types.ts';

/** Counts what a statement does on the wire. */
export interface EffectRecorder {
  readonly observer: CallObserver;
  /** Notes the method that calls are made of: the receipt names it. */
  readonly uses: (method: string) => void;
  /** Requests sent so far, retries included. */
  readonly requests: () => number;
  /** Adds what a query inside the statement did (its targets, its source, RETURNING). */
  readonly include: (receipt: Receipt) => void;
  /** The receipt as of now. Final when the statement is done. */
  readonly receipt: (rows: number) => Receipt;
}

/** A recorder for the calls of one method, named by its verb until one is used; its clock starts here. */
export function recordEffect(
  clock: Clock,
  statement: string,
  target: { readonly relation: string; readonly method: string } | undefined,
): EffectRecorder {
  const startedAt = clock.now();
  const counts = { requests: 0, answers: 0, retries: 0, throttled: 0, waitedMs: 0, bytes: 0 };
  const included: Receipt[] = [];
  const methods = new Set<string>();
  let finishedAt: number | undefined;
  const sum = (pick: (receipt: Receipt) => number): number => included.reduce((total, receipt) => total + pick(receipt), 0);
  return {
    observer: {
      request: () => {
        counts.requests++;
      },
      response: ({ byteLength }) => {
        counts.answers++;
        counts.bytes += byteLength;
      },
      retry: () => {
        counts.retries++;
      },
      throttled: () => {
        counts.throttled++;
      },
      waiting: ({ delayMs }) => {
        counts.waitedMs += delayMs;
      },
    },
    uses: (method) => {
      methods.add(method);
    },
    requests: () => counts.requests,
    include: (receipt) => {
      included.push(receipt);
    },
    receipt: (rows) => {
      finishedAt = clock.now();
      const own: RelationReceipt[] =
        target === undefined
          ? []
          : [
              {
                ...target,
                ...(methods.size === 0 ? {} : { method: [...methods].join(', ') }),
                requests: counts.requests,
                pages: counts.answers,
                rows,
                bytes: counts.bytes,
                source: 'live',
                notices: [],
              },
            ];
      return {
        complete: included.every((receipt) => receipt.complete),
        statement,
        startedAt: new Date(startedAt).toISOString(),
        elapsedMs: finishedAt - startedAt,
        rows,
        requests: counts.requests + sum((receipt) => receipt.requests),
        retries: counts.retries + sum((receipt) => receipt.retries),
        throttled: counts.throttled + sum((receipt) => receipt.throttled),
        waitedMs: counts.waitedMs + sum((receipt) => receipt.waitedMs),
        cacheHits: sum((receipt) => receipt.cacheHits),
        relations: [...included.flatMap((receipt) => receipt.relations), ...own],
      };
    },
  };
}
