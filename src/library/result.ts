import { parse } from 'lossless-json';
import type { Catalog } from '../catalog/types.ts';
import type { EngineColumn, SqlValue } from '../engine/types.ts';
import type { Cursor, ExecuteOptions, Notice, Receipt } from '../exec/types.ts';
import type { Analysis, AnalyzeOptions, Session } from '../session-types.ts';

export type { Analysis, AnalyzeOptions, CountedRelation } from '../session-types.ts';

/** A value of a row: JSON columns come parsed. */
export type RowValue = SqlValue | { readonly [key: string]: RowValue } | readonly RowValue[];

/** A row by column names. Of columns that share a name, the last counts; `arrays` gives them all. */
export type Row = Readonly<Record<string, RowValue>>;

/** A connection to orgs, in this process. */
export interface Connection {
  /** Runs one statement. Its rows stream from the result, which is closed by reading it to its end, by leaving the loop, or by `close`. */
  readonly query: (sql: string, options?: ExecuteOptions) => Promise<Result>;
  /** Runs every statement of a text in order; each starts when the one before was read or closed. */
  readonly execute: (sql: string, options?: ExecuteOptions) => AsyncIterable<Result>;
  /** Counts the relations of an org, so that EXPLAIN knows what a statement costs: `orgql org analyze`. */
  readonly analyze: (options?: AnalyzeOptions) => Promise<Analysis>;
  readonly catalog: Catalog;
  readonly close: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** What one statement gives: an async iterable of its rows. It can be read once. */
export interface Result extends AsyncIterable<Row> {
  /** `effect` for a change without rows. */
  readonly kind: 'rows' | 'effect';
  /** `SELECT`, `INSERT`, `EXEC`, ... */
  readonly command: string;
  readonly columns: readonly EngineColumn[];
  /** Rows as arrays in column order, in batches, values as the engine gives them (JSON as text): the fastest way to read. */
  readonly batches: Cursor['batches'];
  /** All rows at once: only for results that fit into memory. */
  readonly toArray: () => Promise<Row[]>;
  /** For a change: what it did, in one line. */
  readonly message: () => string | undefined;
  readonly notices: () => readonly Notice[];
  /** What was done, and whether the result is complete. Final once the rows were read or `close` was called. */
  readonly receipt: () => Receipt;
  readonly close: () => Promise<void>;
}

/** A session as the library shows it. */
export function wrapSession(session: Session): Connection {
  const close = (): Promise<void> => session.close();
  return {
    query: async (sql, options) => wrapCursor(await session.query(sql, options)),
    execute: async function* (sql, options) {
      for await (const cursor of session.execute(sql, options)) yield wrapCursor(cursor);
    },
    analyze: (options) => session.analyze(options),
    catalog: session.catalog,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A cursor as the library shows it. */
export function wrapCursor(cursor: Cursor): Result {
  async function* rows(): AsyncGenerator<Row> {
    const { columns } = cursor;
    try {
      for await (const batch of cursor.batches) {
        for (const values of batch) {
          const row: Record<string, RowValue> = {};
          for (let index = 0; index < columns.length; index++) {
            const column = columns[index];
            const value = values[index] ?? null;
            if (column !== undefined) row[column.name] = column.type === 'JSON' && typeof value === 'string' ? parseJson(value) : value;
          }
          yield row;
        }
      }
    } finally {
      await cursor.close();
    }
  }
  return {
    kind: cursor.kind,
    command: cursor.command,
    columns: cursor.columns,
    batches: cursor.batches,
    toArray: async () => {
      const all: Row[] = [];
      for await (const row of rows()) all.push(row);
      return all;
    },
    message: cursor.message,
    notices: cursor.notices,
    receipt: cursor.receipt,
    close: cursor.close,
    [Symbol.asyncIterator]: rows,
  };
}

/** JSON as values; a number that a double cannot hold comes as a bigint, or as its text, rather than as another number. */
function parseJson(text: string): RowValue {
  if (!/\d{16}|[eE][+-]?\d{3}/.test(text)) return JSON.parse(text) as RowValue;
  return parse(text, undefined, (number) => {
    const value = Number(number);
    if (String(value) === number) return value;
    if (/^-?\d+$/.test(number)) return Number.isSafeInteger(value) ? value : BigInt(number);
    return /\d{16}/.test(number) || !Number.isFinite(value) ? number : value;
  }) as RowValue;
}
