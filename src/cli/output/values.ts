import type { EngineColumn, SqlValue } from '../../engine/types.ts';
import { escapeJsonText } from './escape.ts';

/** How one column's values are written: chosen once per column, used for each row. */
export interface ColumnWriter {
  /** Numbers stand at the right edge of a table. */
  readonly isNumeric: boolean;
  /** JSON text of a value, types kept: numbers as numbers, JSON columns as what they hold. */
  readonly json: (value: SqlValue) => string;
  /** Plain text of a value other than NULL. */
  readonly text: (value: Exclude<SqlValue, null>) => string;
}

const NUMERIC = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM|VARINT|FLOAT|DOUBLE|DECIMAL(?:\(.*\))?)$/i;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The writer for a column. */
export function columnWriter(column: EngineColumn): ColumnWriter {
  const type = column.type;
  const isNumeric = NUMERIC.test(type);
  const json = (value: SqlValue): string => jsonOf(value, type);
  return {
    isNumeric,
    json,
    text: (value) => {
      if (typeof value === 'string') return value;
      if (typeof value === 'object' && !(value instanceof Uint8Array)) return json(value);
      return scalarText(value);
    },
  };
}

function scalarText(value: boolean | number | bigint | string | Uint8Array): string {
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Uint8Array) return bytesText(value);
  return String(value);
}

/** Shortest text that reads back as the same double; whole ones keep no `.0`, negative zero keeps its sign. */
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function bytesText(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

/** JSON text of a value of an engine type. A JSON column holds JSON text already and is embedded as it is. */
function jsonOf(value: SqlValue, type: string): string {
  switch (typeof value) {
    case 'string':
      if (type === 'JSON') return escapeJsonText(value);
      // Decimals and huge integers come as text, so that no digit is lost on the way.
      if (NUMERIC.test(type) && JSON_NUMBER.test(value)) return value;
      return escapeJsonText(JSON.stringify(value));
    case 'number':
      // JSON has no such numbers, and null would be another value.
      return Number.isFinite(value) ? numberText(value) : `"${value}"`;
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value === null) return 'null';
      if (value instanceof Uint8Array) return JSON.stringify(bytesText(value));
      return Array.isArray(value) ? arrayJson(value, type) : structJson(value as { readonly [key: string]: SqlValue }, type);
  }
}

function arrayJson(values: readonly SqlValue[], type: string): string {
  const element = elementType(type);
  return `[${values.map((item) => jsonOf(item, element)).join(',')}]`;
}

function structJson(record: { readonly [key: string]: SqlValue }, type: string): string {
  const types = fieldTypes(type);
  const fields = Object.entries(record).map(([key, value]) => `${escapeJsonText(JSON.stringify(key))}:${jsonOf(value, types(key))}`);
  return `{${fields.join(',')}}`;
}

/** `JSON[]` -> `JSON`; `INTEGER[3]` -> `INTEGER`. */
function elementType(type: string): string {
  const match = /^(.*)\[\d*\]$/s.exec(type);
  return match?.[1] ?? '';
}

/** Types of the fields of `STRUCT(a JSON, "b c" INTEGER)` and of `MAP(VARCHAR, JSON)`, by name. */
function fieldTypes(type: string): (key: string) => string {
  const match = /^(STRUCT|MAP|UNION)\((.*)\)$/s.exec(type);
  if (match === null) return () => '';
  const parts = splitTopLevel(match[2] ?? '');
  if (match[1] === 'MAP') return () => parts[1] ?? '';
  const byName = new Map<string, string>();
  for (const part of parts) {
    const field = /^(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(part);
    if (field !== null) byName.set(field[1]?.replaceAll('""', '"') ?? field[2] ?? '', field[3] ?? '');
  }
  return (key) => byName.get(key) ?? '';
}

/** Cuts at commas outside of parentheses and quotes. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  if (text.length > start) parts.push(text.slice(start).trim());
  return parts;
}
