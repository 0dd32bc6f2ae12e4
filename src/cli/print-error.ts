import { OrgqlError } from '../util/errors.ts';
import { escapeForDisplay, escapeKeepingLines } from './output/escape.ts';
import { displayWidth } from './output/width.ts';

export interface PrintErrorOptions {
  readonly useColour: boolean;
  /** Adds request id, causes' stacks. */
  readonly isVerbose: boolean;
}

/**
 * An error as a person reads it:
 * ```
 * error[unknown_column]: okta.user.users has no column "emial"
 *   --> line 2, column 8
 *    | SELECT emial
 *    |        ^^^^^
 *  why: ...
 *  fix: did you mean "email"?
 * ```
 */
export function printError(error: OrgqlError, options: PrintErrorOptions): string {
  const paint = (code: number, text: string): string => (options.useColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  let text = `${paint(31, `error[${error.code}]`)}: ${escapeForDisplay(error.message)}\n`;
  const place = locate(error);
  if (place !== undefined) {
    text += `  --> line ${place.line}, column ${place.column}\n`;
    text += `   | ${place.text}\n   | ${place.indent}${paint(31, '^'.repeat(place.caretWidth))}\n`;
  }
  if (error.detail !== undefined) text += labelled(paint(33, 'why'), error.detail);
  for (const cause of error.api?.causes ?? []) if (!`${error.message}${error.detail ?? ''}`.includes(cause)) text += labelled('api', cause);
  if (error.hint !== undefined) text += labelled(paint(32, 'fix'), error.hint);
  const api = apiLine(error);
  if (api !== undefined) text += labelled('api', api);
  if (options.isVerbose) text += verboseLines(error);
  for (const other of error.others) text += printError(other, options);
  return text;
}

/** The same as one JSON document, for `-o json`. */
export function errorAsJson(error: OrgqlError): string {
  return JSON.stringify({ error: errorObject(error) }).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function errorObject(error: OrgqlError): Record<string, unknown> {
  const place = locate(error);
  return {
    code: error.code,
    message: error.message,
    detail: error.detail,
    hint: error.hint,
    position:
      place === undefined ? undefined : { line: place.line, column: place.column, offset: error.span?.offset, length: error.span?.length },
    sqlState: error.sqlState,
    exitStatus: error.exitStatus,
    api: error.api,
    others: error.others.length === 0 ? undefined : error.others.map(errorObject),
  };
}

/** Any thrown thing as the one error class; what is not ours is a fault in orgql, but for the system's own refusals. */
export function asOrgqlError(thrown: unknown): OrgqlError {
  if (thrown instanceof OrgqlError) return thrown;
  if (isLikeOrgqlError(thrown)) return thrown;
  if (thrown instanceof Error) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ABORT_ERR' || thrown.name === 'AbortError') return new OrgqlError('cancelled', 'Cancelled', { cause: thrown });
    if ((thrown as NodeJS.ErrnoException).syscall !== undefined) return ioError(thrown as NodeJS.ErrnoException);
    return new OrgqlError('internal', thrown.message, {
      detail: 'this is a fault in orgql, not in your statement',
      hint: 'please report it, with the output of the same command and --verbose',
      cause: thrown,
    });
  }
  return new OrgqlError('internal', String(thrown), { cause: thrown });
}

/** A second copy of the class (the library beside the bundle) is the same thing to a reader. */
function isLikeOrgqlError(thrown: unknown): thrown is OrgqlError {
  return thrown instanceof Error && thrown.name === 'OrgqlError' && 'exitStatus' in thrown && 'others' in thrown;
}

const SYSTEM_REASONS: Readonly<Record<string, readonly [why: string, fix: string]>> = {
  ENOENT: ['there is no such file or folder', 'check the path'],
  EACCES: ['this user may not do that', 'check the permissions of the file and its folder'],
  EISDIR: ['it is a folder', 'name a file'],
  ENOTDIR: ['a part of the path is no folder', 'check the path'],
  ENOSPC: ['the disk is full', 'free some space, or write elsewhere'],
  EDQUOT: ['the disk quota is used up', 'free some space, or write elsewhere'],
  EROFS: ['the file system is read-only', 'write elsewhere'],
  EFBIG: ['the file would become too large', 'write elsewhere, or ask for fewer rows'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
  EADDRINUSE: ['another program listens on that port', 'choose another port, or 0 for any free one'],
};

/** A refusal of the operating system, with its reason in words. */
export function ioError(error: NodeJS.ErrnoException, what?: string): OrgqlError {
  const [why, fix] = SYSTEM_REASONS[error.code ?? ''] ?? [error.message, undefined];
  const subject =
    what ?? (error.path === undefined ? `${error.syscall ?? 'I/O'} failed` : `Cannot ${error.syscall ?? 'use'} ${error.path}`);
  return new OrgqlError('io_error', subject, {
    detail: error.code === undefined ? why : `${why} (${error.code})`,
    ...(fix === undefined ? {} : { hint: fix }),
    cause: error,
  });
}

function labelled(label: string, text: string): string {
  const lines = escapeKeepingLines(text).split('\n');
  return ` ${label}: ${lines.join('\n      ')}\n`;
}

/** What the API said, as far as message and detail do not say it already. */
function apiLine(error: OrgqlError): string | undefined {
  const { api } = error;
  if (api === undefined) return undefined;
  const said = `${error.message}\n${error.detail ?? ''}`;
  const parts = [`HTTP ${api.status}`, api.errorCode, api.summary, api.requestId === undefined ? undefined : `request ${api.requestId}`];
  const isNew = [
    !said.includes(String(api.status)),
    !said.includes(api.errorCode ?? ''),
    !said.includes(api.summary ?? ''),
    !said.includes(api.requestId ?? ''),
  ];
  const unsaid = parts.filter((part, index) => part !== undefined && isNew[index]);
  return unsaid.length === 0 ? undefined : unsaid.join(', ');
}

function verboseLines(error: OrgqlError): string {
  let text = '';
  for (let cause: unknown = error.cause, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    text += labelled('cause', cause.stack ?? cause.message);
  }
  if (error.code === 'internal' && error.stack !== undefined) text += labelled('stack', error.stack);
  return text;
}

interface Place {
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
  readonly text: string;
  readonly indent: string;
  readonly caretWidth: number;
}

const MOST_COLUMNS = 160;

/** The source line that an error's span starts in, cut to a readable length around it. */
export function locate(error: OrgqlError): Place | undefined {
  const { span, source } = error;
  if (span === undefined || source === undefined) return undefined;
  const offset = Math.min(span.offset, source.length);
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1;
  const nextBreak = source.indexOf('\n', lineStart);
  const lineEnd = nextBreak === -1 ? source.length : nextBreak;
  const line = source.slice(0, lineStart).split('\n').length;
  const from = offset - lineStart > MOST_COLUMNS - 40 ? offset - 40 : lineStart;
  const to = Math.min(lineEnd, from + MOST_COLUMNS);
  const before = escapeForDisplay(source.slice(from, offset).replaceAll('\t', ' '));
  const marked = escapeForDisplay(source.slice(offset, Math.min(offset + span.length, to)).replaceAll('\t', ' '));
  const after = escapeForDisplay(
    source
      .slice(Math.min(offset + span.length, to), to)
      .replaceAll('\t', ' ')
      .replace(/\r$/, ''),
  );
  const start = from > lineStart ? '… ' : '';
  return {
    line,
    column: [...source.slice(lineStart, offset)].length + 1,
    text: `${start}${before}${marked}${after}${to < lineEnd ? ' …' : ''}`.trimEnd(),
    indent: ' '.repeat(displayWidth(start + before)),
    caretWidth: Math.max(1, displayWidth(marked)),
  };
}
