import type { EngineColumn, SqlValue } from '../engine/types.ts';
import type { StatementPages } from './pages/types.ts';

/** What one relation cost, within a statement's receipt. */
export interface RelationReceipt {
  readonly relation: string;
  readonly method: string;
  readonly requests: number;
  readonly pages: number;
  readonly rows: number;
  readonly bytes: number;
  readonly source: 'live' | 'cache' | 'local';
  readonly notices: readonly string[];
}

/** What a statement did and whether its result is complete. Names as in `--receipt FILE`. */
export interface Receipt {
  readonly complete: boolean;
  readonly statement: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly rows: number;
  readonly requests: number;
  readonly retries: number;
  readonly throttled: number;
  readonly waitedMs: number;
  readonly cacheHits: number;
  readonly relations: readonly RelationReceipt[];
}

export type Notice = { readonly code: string; readonly message: string };

/** The result of one statement. Rows stream; the receipt is final once they are read or `close` was called. */
export interface Cursor {
  /** What ran: for command tags and messages. */
  readonly kind: 'rows' | 'effect';
  /** e.g. `SELECT`, `INSERT`, `EXEC`. */
  readonly command: string;
  readonly columns: readonly EngineColumn[];
  /** Batches of rows in column order. */
  readonly batches: AsyncIterable<readonly (readonly SqlValue[])[]>;
  /** For an effect: one line for a person, such as `1 session deleted`. */
  readonly message: () => string | undefined;
  readonly notices: () => readonly Notice[];
  readonly receipt: () => Receipt;
  readonly close: () => Promise<void>;
}

/** Progress of a running statement, for people. */
export interface Progress {
  readonly requests: number;
  readonly estimatedRequests: number | undefined;
  readonly pages: number;
  readonly rows: number;
  /** At the present pace, and as far as the number of requests is known. */
  readonly remainingMs?: number;
  readonly waiting: { readonly bucket: string; readonly untilMs: number } | undefined;
}

export interface ExecuteOptions {
  /** Values of `$name` (without the dollar) and `$1`. */
  readonly parameters?: Readonly<Record<string, SqlValue>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called as each query of a statement begins, with what tells how far it is: a statement that fails before its cursor is there has no other receipt. */
  readonly onQuery?: (receipt: () => Receipt) => void;
  /** Asked before a write is sent; false refuses it. Absent: writes run. */
  readonly confirm?: (preview: WritePreview) => Promise<boolean>;
  /** Let UPDATE and DELETE run without WHERE. */
  readonly allowAll?: boolean;
  /** Stop before this many requests. */
  readonly maxCalls?: number;
  readonly partial?: boolean;
  readonly unavailable?: 'error' | 'null';
  /** Take a relation's rows from the cache where they are no older than this. */
  readonly maxAgeMs?: number;
  /** Keep the progress of a long read in this folder, and go on from what it holds. */
  readonly resumeDirectory?: string;
  /** How to go on after a failure, in the words of the front door; default: by `--resume-dir`. */
  readonly howToResume?: string;
  /** Explain every statement of the text instead of running it; USE still changes where names are looked for. */
  readonly explain?: boolean;
  /** Values that the provider's document calls secret are read as absent: what is kept of the rows is a file. */
  readonly leaveOutSecrets?: boolean;
  /** Set by the session and by the statement that contains this one: pages that they share. */
  readonly pages?: StatementPages;
  /** False: nothing is filtered, sorted or limited by the API (to compare answers). Default true. */
  readonly pushdown?: boolean;
  /** Files that the statement may read or write; from the command line only. */
  readonly allowFiles?: boolean;
}

/** What a write is about to do. */
export interface WritePreview {
  readonly statement: string;
  readonly method: string;
  readonly calls: number;
  /** Up to ten requests, without secrets. */
  readonly sample: readonly { readonly verb: string; readonly url: string; readonly body?: string }[];
  readonly warnings: readonly string[];
}
