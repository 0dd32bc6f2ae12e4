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

/** Parts of an error to put in place of its own; `undefined` takes one away. */
export interface NewParts {
  readonly message?: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly span?: Span | undefined;
  readonly source?: string | undefined;
  readonly others?: readonly OrgqlError[];
}

/** A copy of an error with some parts replaced. */
export function withParts(error: OrgqlError, parts: NewParts): OrgqlError {
  const { message, others, ...merged } = {
    message: error.message,
    detail: error.detail,
    hint: error.hint,
    span: error.span,
    source: error.source,
    others: error.others,
    ...parts,
  };
  const { detail, hint, span, source } = merged;
  const copy = new OrgqlError(error.code, message, {
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(span === undefined ? {} : { span }),
    ...(source === undefined ? {} : { source }),
    ...(error.api === undefined ? {} : { api: error.api }),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
    others,
  });
  if (error.stack !== undefined) copy.stack = error.stack;
  return copy;
}

/** Texts one after another, each ended as a sentence; on lines of their own where one has several. `undefined` where there is none. */
export function joinSentences(...texts: readonly (string | undefined)[]): string | undefined {
  const given = texts.filter((text) => text !== undefined && text !== '');
  if (given.length === 0) return undefined;
  if (given.some((text) => text?.includes('\n'))) return given.join('\n');
  return given.map((text, index) => (index === given.length - 1 || /[.!?:]$/.test(text ?? '') ? text : `${text}.`)).join(' ');
}
