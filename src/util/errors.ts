import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

/** A span of a text, in UTF-16 code units from its start. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** What the API said when it refused a call. */
export interface ApiFault {
  readonly status: number;
  /** The API's own code, such as Okta's `E0000007`. */
  readonly errorCode?: string;
  readonly summary?: string;
  readonly causes?: readonly string[];
  readonly requestId?: string;
}

export interface ErrorParts {
  /** Why it went wrong. */
  readonly detail?: string;
  /** How to put it right. */
  readonly hint?: string;
  /** Where in `source` the trouble lies. */
  readonly span?: Span;
  /** The text that `span` points into. */
  readonly source?: string;
  readonly api?: ApiFault;
  readonly cause?: unknown;
  /** Further errors of the same statement, each complete in itself. */
  readonly others?: readonly OrgqlError[];
}

/** The one error shape of orgql: what went wrong, where, why, and how to put it right. */
export class OrgqlError extends Error {
  override readonly name = 'OrgqlError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly span: Span | undefined;
  readonly source: string | undefined;
  readonly api: ApiFault | undefined;
  readonly others: readonly OrgqlError[];

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.detail = parts.detail;
    this.hint = parts.hint;
    this.span = parts.span;
    this.source = parts.source;
    this.api = parts.api;
    this.others = parts.others ?? [];
  }

  get sqlState(): string {
    return ERROR_CODES[this.code].sqlState;
  }

  get exitStatus(): number {
    return ERROR_CODES[this.code].exitStatus;
  }
}

/** The compiler's and the reader's proof that a `switch` over `kind` is complete. */
export function assertNever(value: never): never {
  throw new OrgqlError('internal', `Unexpected value ${JSON.stringify(value)}`);
}
