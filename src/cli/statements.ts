import type { Cursor, ExecuteOptions, Receipt } from '../exec/types.ts';
import type { Session } from '../session-types.ts';
import { joinSentences, OrgqlError, withParts } from '../util/errors.ts';
import { ClosedOutput, type Io } from './io.ts';
import { escapeForDisplay } from './output/escape.ts';
import type { FormatOptions, Formatter, Row } from './output/format.ts';
import { FORMATS, type FormatName } from './output/formats.ts';
import type { Sink } from './output/sink.ts';
import type { OutputFile } from './output-file.ts';
import { asOrgqlError } from './print-error.ts';
import { createProgressLine } from './progress.ts';

export interface RunOptions {
  readonly format: FormatName;
  readonly formatOptions: FormatOptions;
  readonly execute: ExecuteOptions;
  /** Where results go; the standard output unless a file was named. */
  readonly sink: Sink;
  /** Where the receipts go, opened before anything runs. */
  readonly receiptFile: OutputFile | undefined;
  readonly isVerbose: boolean;
  /** Given to a confirmation, to take the progress line away before it asks. */
  readonly onProgressLine?: (clear: () => void) => void;
}

/** Notices that mean: the result is not all there is. */
const PARTIAL_NOTICES = new Set(['partial_result', 'feature_unavailable', 'unavailable']);

/** Notices about how a relation was read, which hold for most queries: they stand in the receipt, and here only with `--verbose`. */
const QUIET_NOTICES = new Set(['indexed']);

/** Runs every statement of a text and prints what they give. Resolves to the exit status: 0, or 5 where a result was incomplete. Throws `OrgqlError`. */
export async function runStatements(session: Session, sql: string, io: Io, options: RunOptions): Promise<number> {
  const progress = createProgressLine(io.stderr, io.now);
  options.onProgressLine?.(progress.clear);
  const receipts: Receipt[] = [];
  const startedAt = io.now();
  let isPartial = false;
  let isFirst = true;
  let delivered = 0;
  let current: Cursor | undefined;
  /** Of the queries inside a statement whose cursor is not there yet. */
  let begun: (() => Receipt)[] = [];
  const execute: ExecuteOptions = {
    ...options.execute,
    onProgress: progress.update,
    onQuery: (receipt) => {
      begun.push(receipt);
    },
  };
  try {
    for await (const cursor of session.execute(sql, execute)) {
      current = cursor;
      begun = [];
      const printed = await printCursor(cursor, options, isFirst, progress.clear, (rows) => {
        delivered += rows;
      });
      isFirst &&= !printed;
      progress.clear();
      await cursor.close();
      const receipt = cursor.receipt();
      receipts.push(receipt);
      current = undefined;
      isPartial ||= !receipt.complete || cursor.notices().some((notice) => PARTIAL_NOTICES.has(notice.code));
      tell(cursor, receipt, io, options);
    }
    await writeReceipts(options.receiptFile, receipts);
    return isPartial ? 5 : 0;
  } catch (thrown) {
    progress.clear();
    if (thrown instanceof ClosedOutput) {
      await options.receiptFile?.discard();
      throw thrown;
    }
    // What went to a file is thrown away with it.
    const error = withDelivered(asOrgqlError(thrown), options.sink === io.stdout ? delivered : 0);
    receipts.push(receiptOfFailure(current === undefined ? begun : [current.receipt], error, sql, startedAt, io.now()));
    // The statement's own failure is the one to be told.
    await writeReceipts(options.receiptFile, receipts).catch((lost: unknown) => io.stderr.write(`notice: ${asOrgqlError(lost).message}\n`));
    throw error;
  } finally {
    progress.end();
    await current?.close().catch(() => {});
  }
}

/** Whoever reads the output must know that its rows are not all. */
function withDelivered(error: OrgqlError, rows: number): OrgqlError {
  if (rows === 0) return error;
  const delivered = `${rows} ${rows === 1 ? 'row was' : 'rows were'} delivered before that.`;
  return withParts(error, { detail: joinSentences(error.detail, delivered) });
}

/** True where something was printed. */
async function printCursor(
  cursor: Cursor,
  options: RunOptions,
  isFirst: boolean,
  clear: () => void,
  count: (rows: number) => void,
): Promise<boolean> {
  if (cursor.columns.length === 0) {
    for await (const _ of cursor.batches) {
      // An effect without columns still has to run to its end.
    }
    return false;
  }
  const format =
    cursor.command === 'EXPLAIN' ? explainFormatter(cursor, options) : FORMATS[options.format].make(options.sink, options.formatOptions);
  if (!isFirst && (options.format === 'table' || options.format === 'markdown')) await options.sink.write('\n');
  await format.begin(cursor.columns);
  for await (const batch of cursor.batches) {
    clear();
    await format.rows(batch);
    count(batch.length);
  }
  clear();
  await format.end();
  return true;
}

/** A plan is one document: its text line by line for people, or its JSON as it is. */
function explainFormatter(cursor: Cursor, options: RunOptions): Formatter {
  const json = cursor.columns.findIndex((column) => column.type === 'JSON');
  const text = cursor.columns.findIndex((column) => column.type === 'VARCHAR');
  const wantsJson = options.format === 'json' || options.format === 'jsonl';
  const wanted = wantsJson ? json : text;
  if (wanted === -1 || (!wantsJson && options.format !== 'table' && options.format !== 'text'))
    return FORMATS[options.format].make(options.sink, options.formatOptions);
  return {
    begin: async () => {},
    rows: async (batch: readonly Row[]) => {
      const lines = batch.map((row) => String(row[wanted] ?? ''));
      await options.sink.write(
        wantsJson
          ? lines.map((line) => `${line}\n`).join('')
          : lines.map((line) => `${line.split('\n').map(escapeForDisplay).join('\n')}\n`).join(''),
      );
    },
    end: async () => {},
  };
}

function tell(cursor: Cursor, receipt: Receipt, io: Io, options: RunOptions): void {
  for (const notice of cursor.notices())
    if (options.isVerbose || !QUIET_NOTICES.has(notice.code))
      io.stderr.write(`notice[${notice.code}]: ${escapeForDisplay(notice.message)}\n`);
  const message = cursor.message();
  if (message !== undefined) io.stderr.write(`${escapeForDisplay(message)}\n`);
  if (!receipt.complete) io.stderr.write(`The result is incomplete: ${receipt.rows} rows of ${receipt.requests} requests\n`);
  if (options.isVerbose || (io.stderr.isTerminal && cursor.kind === 'rows')) io.stderr.write(`${summarise(receipt)}\n`);
}

/** `5 rows, 1 request, 0.21 s`. */
export function summarise(receipt: Receipt): string {
  const parts = [`${receipt.rows} ${receipt.rows === 1 ? 'row' : 'rows'}`];
  if (receipt.requests > 0) parts.push(`${receipt.requests} ${receipt.requests === 1 ? 'request' : 'requests'}`);
  if (receipt.retries > 0) parts.push(`${receipt.retries} retried`);
  if (receipt.cacheHits > 0) parts.push(`${receipt.cacheHits} from the cache`);
  if (receipt.waitedMs >= 1000) parts.push(`${Math.round(receipt.waitedMs / 1000)} s waited for rate limits`);
  parts.push(`${(receipt.elapsedMs / 1000).toFixed(2)} s`);
  return parts.join(', ');
}

function receiptOfFailure(
  begun: readonly (() => Receipt)[],
  error: OrgqlError,
  sql: string,
  startedAt: number,
  now: number,
): Receipt & { readonly error: unknown } {
  const known = begun.map((receipt) => receipt());
  const [only, ...others] = known;
  const sum = (count: (receipt: Receipt) => number): number => known.reduce((total, receipt) => total + count(receipt), 0);
  return {
    ...(only !== undefined && others.length === 0
      ? only
      : {
          statement: sql,
          startedAt: new Date(startedAt).toISOString(),
          elapsedMs: now - startedAt,
          rows: 0,
          requests: sum(({ requests }) => requests),
          retries: sum(({ retries }) => retries),
          throttled: sum(({ throttled }) => throttled),
          waitedMs: sum(({ waitedMs }) => waitedMs),
          cacheHits: sum(({ cacheHits }) => cacheHits),
          relations: known.flatMap(({ relations }) => relations),
        }),
    complete: false,
    error: { code: error.code, message: error.message },
  };
}

/** One statement's receipt is an object, those of several an array. */
async function writeReceipts(file: OutputFile | undefined, receipts: readonly Receipt[]): Promise<void> {
  if (file === undefined) return;
  const content = receipts.length === 1 ? receipts[0] : receipts;
  try {
    await file.sink.write(`${JSON.stringify(content, undefined, 2)}\n`);
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** An error for a flag whose value cannot be used. */
export function badFlag(flag: string, value: string, needs: string, example: string): OrgqlError {
  return new OrgqlError('usage', `${flag} cannot be "${value}"`, { detail: `it needs ${needs}`, hint: `for example ${flag} ${example}` });
}
