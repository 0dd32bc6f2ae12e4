import { isInteger, isLosslessNumber, isSafeNumber, parse, stringify } from 'lossless-json';
import type { Method, Relation, Shape, SqlType } from '../catalog/types.ts';
import type { EngineColumn, SqlValue } from '../engine/types.ts';
import type { Reply } from '../http/types.ts';
import { OrgqlError } from '../util/errors.ts';

/** The objects in answers, each property as parsed without loss, in the order that they came. */
export interface ReplyRows {
  readonly columns: readonly EngineColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** Type names as the engine prints them. */
const ENGINE_TYPES: Readonly<Record<SqlType, string>> = {
  VARCHAR: 'VARCHAR',
  BIGINT: 'BIGINT',
  DOUBLE: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE',
  JSON: 'JSON',
};

/** The engine's name of a catalog type. */
export function engineType(type: SqlType): string {
  return ENGINE_TYPES[type];
}

/**
 * The objects that an answer holds: what stands at `rowsPath`, else the whole body; none for an empty body.
 * Throws `invalid_response` for a body that is no JSON.
 */
export function replyItems(bytes: Uint8Array, rowsPath: readonly string[]): readonly unknown[] {
  const text = new TextDecoder().decode(bytes).trim();
  if (text === '') return [];
  let body: unknown;
  try {
    body = parse(text);
  } catch (cause) {
    throw new OrgqlError('invalid_response', 'The answer is no JSON', { detail: 'The call itself succeeded', cause });
  }
  let found: unknown = body;
  for (const key of rowsPath) {
    if (!isRecord(found) || !(key in found)) return [body];
    found = found[key];
  }
  if (found === null || found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

/**
 * Answers as rows with the columns of the method's response: the relation's published columns in their order, then what else the
 * response has. Answers that are no objects, or whose shape is not described, make one JSON column `response`.
 */
export function replyRows(relation: Relation, method: Method, items: readonly unknown[]): ReplyRows {
  const declared: ReadonlyMap<string, Shape> = method.response.row?.properties() ?? new Map();
  if (declared.size === 0 || !items.every(isRecord))
    return { columns: [{ name: 'response', type: 'JSON' }], rows: items.map((item) => [jsonText(item)]) };
  const names = [...declared.keys()];
  const published = relation.columns.filter((column) => column.published && declared.has(column.wireName)).map((column) => column.wireName);
  const extra = new Set(items.flatMap((item) => Object.keys(item)).filter((name) => !declared.has(name)));
  const ordered = [...new Set([...published, ...names, ...extra])];
  const cells = ordered.map((name) =>
    columnCells(
      declared.get(name),
      items.map((item) => item[name]),
    ),
  );
  return {
    columns: ordered.map((name, index) => ({ name, type: cells[index]?.type ?? 'JSON' })),
    rows: items.map((_, row) => cells.map((column) => column.values[row] ?? null)),
  };
}

/** The `id` in an answer, or `undefined` where it has none. */
export function replyId(method: Method, reply: Reply | undefined): string | undefined {
  if (reply === undefined || reply.bytes.byteLength === 0) return undefined;
  try {
    const [item] = replyItems(reply.bytes, method.response.rowsPath);
    const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch {
    // The message goes without an id; the call was made all the same.
    return undefined;
  }
}

/** A value of an answer as a cell of a column of the given type, or `undefined` where it does not fit. */
export function cellOf(value: unknown, type: SqlType): SqlValue | undefined {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'JSON':
      return jsonText(value);
    case 'VARCHAR':
      return typeof value === 'string' ? value : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'BIGINT':
      if (!isLosslessNumber(value) || !isInteger(value.value)) return undefined;
      return isSafeNumber(value.value) ? Number(value.value) : BigInt(value.value);
    case 'DOUBLE':
      return isLosslessNumber(value) ? Number(value.value) : undefined;
    case 'TIMESTAMPTZ':
      return typeof value === 'string' ? instantText(value) : undefined;
  }
}

/** JSON text of a parsed value, its numbers as they were written. */
export function jsonText(value: unknown): string {
  return stringify(value) ?? 'null';
}

// A value that does not fit its declared type makes the whole column text, as it does in a SELECT: no value is lost.
function columnCells(
  shape: Shape | undefined,
  values: readonly unknown[],
): { readonly type: string; readonly values: readonly SqlValue[] } {
  const type = shape?.sqlType ?? 'JSON';
  const cells = values.map((value) => cellOf(value, type));
  const typed = cells.flatMap((cell) => (cell === undefined ? [] : [cell]));
  if (typed.length === cells.length) return { type: ENGINE_TYPES[type], values: typed };
  return {
    type: 'VARCHAR',
    values: values.map((value) => (value === null || value === undefined ? null : typeof value === 'string' ? value : jsonText(value))),
  };
}

function instantText(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return undefined;
  // Finer than a millisecond: left as it came.
  if (/\.\d{4,}/.test(text)) return text;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}
