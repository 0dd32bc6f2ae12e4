import type { ErrorCode } from '../util/error-codes.ts';
import { OrgqlError, type Span } from '../util/errors.ts';
import { tokenLength, utf16FromBytes, utf16FromCodePoints } from './positions.ts';

/** An error of the engine as it writes it when `errors_as_json` is on. */
export interface EngineFault {
  readonly kind: string;
  readonly message: string;
  readonly subtype: string | undefined;
  /** What kind of entry is missing: `Table`, `Scalar Function`, ... */
  readonly entryType: string | undefined;
  readonly position: number | undefined;
}

/**
 * The engine's error in our one shape: a code, its first line as message, the rest as detail, `Did you mean` as hint, and a span in
 * UTF-16 units of `source`, the text that the engine was given.
 */
export function toOrgqlError(cause: unknown, source?: string): OrgqlError {
  if (cause instanceof OrgqlError) return cause;
  const fault = readFault(cause instanceof Error ? cause.message : String(cause));
  const [first = '', ...rest] = fault.message.split('\n').map((line) => line.trimEnd());
  const suggestion = rest.find((line) => line.startsWith('Did you mean'));
  const detail = shortened(rest.filter((line) => line !== '' && line !== suggestion)).join('\n');
  const hint = suggestion ?? hintFor(fault);
  const span = source === undefined ? undefined : spanOf(fault, source);
  return new OrgqlError(codeOf(fault), first, {
    ...(detail === '' ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(span === undefined || source === undefined ? {} : { span, source }),
    cause,
  });
}

/** Of a long list (every form of an operator, say) the first few lines. */
function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_DETAIL_LINES
    ? lines
    : [...lines.slice(0, MOST_DETAIL_LINES - 1), `\t... and ${lines.length - MOST_DETAIL_LINES + 1} more`];
}

const MOST_DETAIL_LINES = 8;

/** Reads the engine's message, in JSON or (from the client library itself) `Kind Error: text`. */
export function readFault(message: string): EngineFault {
  const start = message.indexOf('{"exception_type"');
  if (start >= 0) {
    try {
      const record: unknown = JSON.parse(message.slice(start));
      if (isRecord(record)) {
        return {
          kind: text(record.exception_type) ?? '',
          message: text(record.exception_message) ?? message,
          subtype: text(record.error_subtype),
          entryType: text(record.type),
          position: record.position === undefined ? undefined : Number(record.position),
        };
      }
    } catch {
      // Not JSON after all: read as plain text below.
    }
  }
  const plain = /^([A-Z][A-Za-z ]*?) Error: ([\s\S]*)$/.exec(message);
  const body = (plain?.[2] ?? message).replace(/\n\nLINE \d+:[\s\S]*$/, '');
  return { kind: plain?.[1] ?? '', message: body, subtype: undefined, entryType: undefined, position: undefined };
}

function codeOf(fault: EngineFault): ErrorCode {
  const { kind, message } = fault;
  switch (kind) {
    case 'Parser':
    case 'Syntax':
      return 'syntax_error';
    case 'Binder':
      if (fault.subtype === 'COLUMN_NOT_FOUND' || /^(Referenced (column|table)|Table ".*" does not have a column)/.test(message))
        return 'unknown_column';
      if (/^Ambiguous reference/.test(message)) return 'ambiguous_column';
      if (fault.subtype === 'NO_MATCHING_FUNCTION' || /type/i.test(message)) return 'type_mismatch';
      return 'query_failed';
    case 'Catalog':
      if (/Function/.test(fault.entryType ?? '') || /Function with name/.test(message)) return 'unknown_function';
      return /does not exist/.test(message) ? 'unknown_relation' : 'query_failed';
    case 'Conversion':
    case 'Mismatch Type':
      return 'type_mismatch';
    case 'Permission':
      return 'forbidden_by_sandbox';
    case 'Out of Memory':
      return 'limit_reached';
    case 'INTERRUPT':
    case 'Interrupt':
    case 'INTERRUPTED':
      return 'cancelled';
    case 'IO':
      return 'io_error';
    case 'Not implemented':
      return 'unsupported_syntax';
    case 'Invalid Input':
      if (/^Values were not provided/.test(message)) return 'required_parameter_missing';
      if (/configuration has been locked/.test(message)) return 'forbidden_by_sandbox';
      return 'query_failed';
    default:
      return /^Interrupted/i.test(message) ? 'cancelled' : 'query_failed';
  }
}

function hintFor(fault: EngineFault): string | undefined {
  if (fault.kind === 'Out of Memory') return 'Raise the memory limit, or make the query smaller.';
  if (/explicit (type )?cast/.test(fault.message)) {
    const isNumber = /INTEGER|DECIMAL|BIGINT|DOUBLE/.test(fault.message) && /VARCHAR/.test(fault.message);
    return isNumber
      ? 'Say which is meant: column::DOUBLE for numbers, or a quoted literal for text.'
      : 'Say which type is meant: column::TYPE.';
  }
  if (/^Values were not provided/.test(fault.message)) return 'Give a value for each $name of the statement (--param name=value).';
  return undefined;
}

function spanOf(fault: EngineFault, source: string): Span | undefined {
  if (fault.position === undefined || !Number.isInteger(fault.position)) return undefined;
  const offset = fault.kind === 'Parser' ? utf16FromCodePoints(source, fault.position) : utf16FromBytes(source, fault.position);
  return { offset, length: tokenLength(source, offset) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
