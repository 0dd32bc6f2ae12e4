/** From the engine's vectors to JavaScript values, a column at a time: rows come out about twice as fast as by asking value after value. */
import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  type DuckDBDataChunk,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionValue,
  type DuckDBValue,
  type DuckDBVector,
} from '@duckdb/node-api';
import { readStrings, validityTest } from './strings.ts';
import { isoWriter, plainText, zonedText } from './timestamps.ts';
import type { SqlValue } from './types.ts';

type Convert = (value: Exclude<DuckDBValue, null>) => SqlValue;

/** Reads the first values of a vector. Made once per result. */
export type ColumnReader = (vector: DuckDBVector, count: number) => SqlValue[];

/** The reader for a column of this type. */
export function columnReader(type: DuckDBType): ColumnReader {
  if (type.typeId === DuckDBTypeId.VARCHAR) return readStrings;
  if (type.typeId === DuckDBTypeId.TIMESTAMP_TZ) return instantReader();
  const convert = converterFor(type);
  return (vector, count) => readItems(vector, count, convert);
}

/** The rows of a chunk, in column order. */
export function readRows(chunk: DuckDBDataChunk, readers: readonly ColumnReader[]): SqlValue[][] {
  return rowsOf(
    readers.map((read, index) => read(chunk.getColumnVector(index), chunk.rowCount)),
    chunk.rowCount,
  );
}

/** Rows of columns. */
export function rowsOf(columns: readonly (readonly SqlValue[])[], count: number): SqlValue[][] {
  const width = columns.length;
  const rows = new Array<SqlValue[]>(count);
  for (let row = 0; row < rows.length; row++) {
    const values = new Array<SqlValue>(width);
    for (let column = 0; column < width; column++) values[column] = columns[column]?.[row] ?? null;
    rows[row] = values;
  }
  return rows;
}

/** Times out of the vector's own buffer; one whose text needs more than milliseconds, or that no date can show, by the long way. */
function instantReader(): ColumnReader {
  const text = isoWriter();
  return (vector, rowCount) => {
    const { items, validity } = vector as unknown as { readonly items: unknown; readonly validity: unknown };
    const isValid = validityTest(validity);
    if (!(items instanceof BigInt64Array) || items.length < rowCount || isValid === undefined) return readItems(vector, rowCount, generic);
    const values = new Array<SqlValue>(rowCount);
    for (let row = 0; row < rowCount; row++) {
      if (!isValid(row)) {
        values[row] = null;
        continue;
      }
      const micros = Number(items[row]);
      values[row] =
        micros % 1000 === 0 && micros >= 0 && micros <= Number.MAX_SAFE_INTEGER ? text(micros / 1000) : readItem(vector, row, generic);
    }
    return values;
  };
}

function readItem(vector: DuckDBVector, index: number, convert: Convert): SqlValue {
  const item: DuckDBValue = vector.getItem(index) ?? null;
  return item === null ? null : convert(item);
}

function readItems(vector: DuckDBVector, count: number, convert: Convert): SqlValue[] {
  const values = new Array<SqlValue>(count);
  for (let index = 0; index < count; index++) {
    values[index] = readItem(vector, index, convert);
  }
  return values;
}

/** How a non-null value of the type is shown. Anything without an own rule has the engine's text. */
function converterFor(type: DuckDBType): Convert {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.ENUM:
      return scalar;
    case DuckDBTypeId.FLOAT:
      return (value) => shortestFloat(Number(value));
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.BIGNUM:
      return (value) => (typeof value === 'bigint' ? integer(value) : scalar(value));
    case DuckDBTypeId.BLOB:
    case DuckDBTypeId.GEOMETRY:
      return (value) => (value instanceof DuckDBBlobValue ? new Uint8Array(value.bytes) : scalar(value));
    default:
      return generic;
  }
}

/** By the value's own class: elements of nested values, and types without a fast path. */
function generic(value: Exclude<DuckDBValue, null>): SqlValue {
  if (value instanceof DuckDBTimestampTZValue) return zonedText(value.micros, () => value.toString());
  if (value instanceof DuckDBTimestampValue) return plainText(value.micros, () => value.toString());
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(nullable);
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, nullable(entry)]));
  if (value instanceof DuckDBMapValue)
    return Object.fromEntries(value.entries.map(({ key, value: entry }) => [keyText(key), nullable(entry)]));
  if (value instanceof DuckDBUnionValue) return nullable(value.value);
  if (value instanceof DuckDBBlobValue) return new Uint8Array(value.bytes);
  if (typeof value === 'bigint') return integer(value);
  return scalar(value);
}

function nullable(value: DuckDBValue | undefined): SqlValue {
  return value === null || value === undefined ? null : generic(value);
}

function keyText(key: DuckDBValue): string {
  const value = nullable(key);
  return typeof value === 'string'
    ? value
    : typeof value === 'object' && value !== null
      ? JSON.stringify(value, textOfBigint)
      : String(value);
}

function textOfBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Booleans, numbers and strings as they are; everything else (DECIMAL, DATE, TIME, INTERVAL, UUID, BIT, ...) as the engine's text. */
function scalar(value: Exclude<DuckDBValue, null>): SqlValue {
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint') return value;
  return String(value);
}

/** A number where it is exact, else a bigint: counts stay convenient, and nothing is rounded. */
function integer(value: bigint): number | bigint {
  return value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n ? Number(value) : value;
}

/** The shortest number that is the same 32-bit float: 0.1, not 0.10000000149011612. */
function shortestFloat(value: number): number {
  if (!Number.isFinite(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}
