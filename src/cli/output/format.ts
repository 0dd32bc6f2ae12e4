import type { EngineColumn, SqlValue } from '../../engine/types.ts';
import type { Sink } from './sink.ts';

export type Row = readonly SqlValue[];

/** Writes one result. Called in this order: `begin`, `rows` for each batch, `end`; nothing is held back but what the format needs. */
export interface Formatter {
  readonly begin: (columns: readonly EngineColumn[]) => Promise<void>;
  readonly rows: (batch: readonly Row[]) => Promise<void>;
  readonly end: () => Promise<void>;
}

export interface FormatOptions {
  readonly hasHeader: boolean;
  /** Between the fields of csv. */
  readonly delimiter: string;
  /** Cells that a spreadsheet would run get a leading apostrophe. */
  readonly isCsvSafe: boolean;
  /** Milliseconds; for deciding how long a table waits for more rows to measure. */
  readonly clock: () => number;
}

export type MakeFormatter = (sink: Sink, options: FormatOptions) => Formatter;
