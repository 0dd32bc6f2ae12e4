import type { CallObserver } from '../http/types.ts';
import { OrgqlError } from '../util/errors.ts';
import type { Notice, Progress, Receipt, RelationReceipt } from './types.ts';

/** What one relation of a statement has cost so far. */
export interface RelationRecord {
  readonly relation: string;
  method: string;
  requests: number;
  pages: number;
  rows: number;
  bytes: number;
  source: 'live' | 'cache' | 'local';
  readonly notices: string[];
}

/** Counts what a statement does while it runs, and makes its receipt. */
export interface Recorder {
  readonly relation: (name: string, method: string) => RelationRecord;
  readonly observer: (record: RelationRecord) => CallObserver;
  readonly notice: (code: string, message: string, record?: RelationRecord) => void;
  readonly notices: () => readonly Notice[];
  /** The result lacks something; the receipt and the exit code will say so. */
  readonly markPartial: () => void;
  readonly addRows: (count: number) => void;
  /** The statement ended; `isWhole` is false when it was stopped before its last row. */
  readonly finish: (isWhole: boolean) => void;
  readonly receipt: () => Receipt;
}

export function createRecorder(options: {
  readonly statement: string;
  readonly startedAt: number;
  readonly clock: () => number;
  readonly maxCalls?: number;
  readonly onProgress?: (progress: Progress) => void;
}): Recorder {
  const relations: RelationRecord[] = [];
  const notices: Notice[] = [];
  const totals = { rows: 0, requests: 0, retries: 0, throttled: 0, waitedMs: 0, cacheHits: 0 };
  let isComplete = true;
  let finishedAt: number | undefined;
  let waiting: Progress['waiting'];
  const report = (): void => {
    const sum = (pick: (record: RelationRecord) => number): number => relations.reduce((total, record) => total + pick(record), 0);
    options.onProgress?.({ requests: totals.requests, estimatedRequests: undefined, pages: sum((record) => record.pages), rows: sum((record) => record.rows), waiting });
  };
  return {
    relation: (relation, method) => {
      const record: RelationRecord = { relation, method, requests: 0, pages: 0, rows: 0, bytes: 0, source: 'live', notices: [] };
      relations.push(record);
      return record;
    },
    observer: (record) => ({
      request: () => {
        if (options.maxCalls !== undefined && totals.requests >= options.maxCalls) {
          throw new OrgqlError('limit_reached', `The statement needs more than the ${options.maxCalls} calls that --max-calls allows`, {
            detail: `It had made ${totals.requests} calls for ${relations.map((entry) => entry.relation).join(', ')}.`,
            hint: 'Allow more calls, or narrow the query: EXPLAIN shows where they go.',
          });
        }
        totals.requests++;
        record.requests++;
        waiting = undefined;
        report();
      },
      response: (event) => {
        record.bytes += event.byteLength;
      },
      retry: () => {
        totals.retries++;
      },
      throttled: (event) => {
        totals.throttled++;
        totals.waitedMs += event.delayMs;
        waiting = { bucket: event.bucket, untilMs: options.clock() + event.delayMs };
        report();
      },
      waiting: (event) => {
        totals.waitedMs += event.delayMs;
        waiting = { bucket: event.bucket, untilMs: options.clock() + event.delayMs };
        report();
      },
    }),
    notice: (code, message, record) => {
      if (record !== undefined && !record.notices.includes(message)) record.notices.push(message);
      if (!notices.some((notice) => notice.message === message)) notices.push({ code, message });
    },
    notices: () => notices,
    markPartial: () => {
      isComplete = false;
    },
    addRows: (count) => {
      totals.rows += count;
    },
    finish: (isWhole) => {
      if (finishedAt !== undefined) return;
      finishedAt = options.clock();
      isComplete &&= isWhole;
    },
    receipt: () => ({
      complete: isComplete && finishedAt !== undefined,
      statement: options.statement,
      startedAt: new Date(options.startedAt).toISOString(),
      elapsedMs: Math.round((finishedAt ?? options.clock()) - options.startedAt),
      rows: totals.rows,
      requests: totals.requests,
      retries: totals.retries,
      throttled: totals.throttled,
      waitedMs: Math.round(totals.waitedMs),
      cacheHits: totals.cacheHits,
      relations: relations.map((record): RelationReceipt => ({ ...record, notices: [...record.notices] })),
    }),
  };
}
