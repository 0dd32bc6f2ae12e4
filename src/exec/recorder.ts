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
  /** One for each relation of the statement: calls with the same one take turns with those of other statements. */
  readonly observer: (record: RelationRecord) => CallObserver;
  /** A call of a relation was answered by something else than the API, with what was read `ageMs` ago. */
  readonly hit: (record: RelationRecord, from: string, ageMs?: number) => void;
  /** How many requests the statement is thought to make in all. */
  readonly expect: (requests: number | undefined) => void;
  /** Called once, when the statement has given all its rows. */
  readonly whenWhole: (action: () => void) => void;
  readonly notice: (code: string, message: string, record?: RelationRecord) => void;
  readonly notices: () => readonly Notice[];
  /** The result lacks something; the receipt and the exit code will say so. */
  readonly markPartial: () => void;
  readonly isPartial: () => boolean;
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
  const said = new Set<string>();
  const totals = { rows: 0, requests: 0, retries: 0, throttled: 0, waitedMs: 0, cacheHits: 0 };
  let isComplete = true;
  let finishedAt: number | undefined;
  let waiting: Progress['waiting'];
  let waitedUntil = Number.NEGATIVE_INFINITY;
  let estimated: number | undefined;
  const finishing: (() => void)[] = [];
  const observers = new Map<RelationRecord, CallObserver>();
  const hits = new Map<RelationRecord, Map<string, { calls: number; ageMs: number | undefined }>>();
  const remaining = (): number | undefined => {
    const done = totals.requests;
    if (estimated === undefined || estimated <= done || done < 3) return undefined;
    return Math.round(((options.clock() - options.startedAt) / done) * (estimated - done));
  };
  const report = (): void => {
    if (options.onProgress === undefined) return;
    const sum = (pick: (record: RelationRecord) => number): number => relations.reduce((total, record) => total + pick(record), 0);
    const remainingMs = remaining();
    options.onProgress({
      requests: totals.requests,
      estimatedRequests: estimated === undefined ? undefined : Math.max(estimated, totals.requests),
      pages: sum((record) => record.pages),
      rows: sum((record) => record.rows),
      waiting,
      ...(remainingMs === undefined ? {} : { remainingMs }),
    });
  };
  // Requests that wait at the same time wait the same time.
  const wait = ({ bucket, delayMs }: { readonly bucket: string; readonly delayMs: number }): void => {
    const untilMs = options.clock() + delayMs;
    totals.waitedMs += Math.max(0, untilMs - Math.max(untilMs - delayMs, waitedUntil));
    waitedUntil = Math.max(waitedUntil, untilMs);
    waiting = { bucket, untilMs };
    report();
  };
  const observe = (record: RelationRecord): CallObserver => ({
    request: () => {
      if (options.maxCalls !== undefined && totals.requests >= options.maxCalls) {
        throw new OrgqlError('limit_reached', `The statement needs more than the ${calls(options.maxCalls)} that --max-calls allows`, {
          detail: `It had made ${calls(totals.requests)} for ${relations.map((entry) => entry.relation).join(', ')}.`,
          hint: 'Allow more calls; EXPLAIN shows where they go.',
        });
      }
      totals.requests++;
      record.requests++;
      record.source = 'live';
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
      wait(event);
    },
    waiting: wait,
  });
  return {
    relation: (relation, method) => {
      const record: RelationRecord = { relation, method, requests: 0, pages: 0, rows: 0, bytes: 0, source: 'live', notices: [] };
      relations.push(record);
      return record;
    },
    observer: (record) => {
      const known = observers.get(record) ?? observe(record);
      observers.set(record, known);
      return known;
    },
    notice: (code, message, record) => {
      const isNew = !said.has(message);
      if (record !== undefined && (isNew || !record.notices.includes(message))) record.notices.push(message);
      if (isNew) notices.push({ code, message });
      said.add(message);
    },
    hit: (record, from, ageMs) => {
      totals.cacheHits++;
      if (record.requests === 0) record.source = 'cache';
      const own = hits.get(record) ?? new Map<string, { calls: number; ageMs: number | undefined }>();
      hits.set(record, own);
      const before = own.get(from);
      own.set(from, { calls: (before?.calls ?? 0) + 1, ageMs: ageMs === undefined ? before?.ageMs : Math.max(ageMs, before?.ageMs ?? 0) });
    },
    expect: (requests) => {
      estimated = requests;
    },
    whenWhole: (action) => finishing.push(action),
    notices: () => [...notices, ...cacheNotices(hits)],
    markPartial: () => {
      isComplete = false;
    },
    isPartial: () => !isComplete,
    addRows: (count) => {
      totals.rows += count;
    },
    finish: (isWhole) => {
      if (finishedAt !== undefined) return;
      finishedAt = options.clock();
      isComplete &&= isWhole;
      if (isWhole) for (const action of finishing) action();
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
      relations: relations.map((record): RelationReceipt => ({ ...record, notices: [...record.notices, ...hitTexts(hits.get(record))] })),
    }),
  };
}

function hitTexts(hits: ReadonlyMap<string, { readonly calls: number; readonly ageMs: number | undefined }> | undefined): string[] {
  return [...(hits ?? [])].map(
    ([from, { calls, ageMs }]) =>
      `${calls} ${calls === 1 ? 'call was' : 'calls were'} answered from ${from}${ageMs === undefined ? '' : `, ${ageText(ageMs)} old`}`,
  );
}

/** What is old, or of another run, is said to whoever runs the statement; sharing within it only stands in the receipt. */
function cacheNotices(
  hits: ReadonlyMap<RelationRecord, ReadonlyMap<string, { readonly calls: number; readonly ageMs: number | undefined }>>,
): Notice[] {
  return [...hits].flatMap(([record, own]) =>
    hitTexts(new Map([...own].filter(([, { ageMs }]) => ageMs !== undefined))).map((text) => ({
      code: 'cached',
      message: `${record.relation}: ${text}`,
    })),
  );
}

/** `40 s`, `12 min`, `3 h`, `2 d`. */
function ageText(ageMs: number): string {
  const seconds = Math.round(ageMs / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

function calls(count: number): string {
  return `${count} call${count === 1 ? '' : 's'}`;
}
