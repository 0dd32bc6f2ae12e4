import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBListValue,
  type DuckDBPreparedStatement,
  type DuckDBType,
  HUGEINT,
  LIST,
  VARCHAR,
} from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';
import type { EngineParameters, SqlValue } from './types.ts';

const BIGINT_LIMIT = 2n ** 63n;
const HUGEINT_LIMIT = 2n ** 127n;

/**
 * Binds the values of `$name` and `$1`; values that the statement does not name are left over in silence.
 * Numbers without a fraction are integers, lists of one scalar type are lists, other lists and objects are JSON text.
 * Throws `required_parameter_missing` naming every parameter without a value.
 */
export function bindParameters(statement: DuckDBPreparedStatement, parameters: EngineParameters): void {
  const missing: string[] = [];
  for (let index = 1; index <= statement.parameterCount; index++) {
    const name = statement.parameterName(index);
    const value = lookUp(parameters, name);
    if (value === undefined) missing.push(name);
    else bindValue(statement, index, value);
  }
  if (missing.length > 0) {
    const names = missing.map((name) => `$${name}`).join(', ');
    throw new OrgqlError('required_parameter_missing', `No value for the parameter ${names}`, {
      hint: `Give it with --param ${missing[0]}=...`,
    });
  }
}

/** Binds one value at a 1-based index. */
export function bindValue(statement: DuckDBPreparedStatement, index: number, value: SqlValue): void {
  if (value === null) statement.bindNull(index);
  else if (typeof value === 'boolean') statement.bindBoolean(index, value);
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) statement.bindBigInt(index, BigInt(value));
    else statement.bindDouble(index, value);
  } else if (typeof value === 'bigint') bindInteger(statement, index, value);
  else if (typeof value === 'string') statement.bindVarchar(index, value);
  else if (value instanceof Uint8Array) statement.bindBlob(index, value);
  else if (isList(value)) bindList(statement, index, value);
  else statement.bindVarchar(index, jsonText(value));
}

/** JSON text of a value; bigints as bare digits, bytes as base64. */
export function jsonText(value: SqlValue): string {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsonText).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, entry]) => `${JSON.stringify(key)}:${jsonText(entry)}`)
    .join(',')}}`;
}

function bindInteger(statement: DuckDBPreparedStatement, index: number, value: bigint): void {
  if (value >= -BIGINT_LIMIT && value < BIGINT_LIMIT) statement.bindBigInt(index, value);
  else if (value > -HUGEINT_LIMIT && value < HUGEINT_LIMIT) statement.bindHugeInt(index, value);
  else statement.bindVarchar(index, String(value));
}

function bindList(statement: DuckDBPreparedStatement, index: number, values: readonly SqlValue[]): void {
  const type = elementType(values);
  if (type === undefined) statement.bindVarchar(index, jsonText(values));
  else statement.bindList(index, new DuckDBListValue(values.map((value) => listItem(value, type))), LIST(type));
}

function listItem(value: SqlValue, type: DuckDBType): null | boolean | number | bigint | string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (type === BIGINT || type === HUGEINT) return BigInt(value as number | bigint);
  return Number(value);
}

/** The one scalar type of the list's items; `undefined` where they are mixed or nested. An empty list is one of text. */
function elementType(values: readonly SqlValue[]): DuckDBType | undefined {
  const present = values.filter((value) => value !== null);
  if (present.every((value) => typeof value === 'string')) return VARCHAR;
  if (present.every((value) => typeof value === 'boolean')) return BOOLEAN;
  const isInteger = (value: SqlValue) => typeof value === 'bigint' || Number.isSafeInteger(value);
  if (present.every(isInteger)) {
    const wide = present.some((value) => typeof value === 'bigint' && (value < -BIGINT_LIMIT || value >= BIGINT_LIMIT));
    return wide ? HUGEINT : BIGINT;
  }
  return present.every((value) => typeof value === 'number') ? DOUBLE : undefined;
}

function lookUp(parameters: EngineParameters, name: string): SqlValue | undefined {
  if (Object.hasOwn(parameters, name)) return parameters[name];
  // The engine's names are case-insensitive.
  const twin = Object.keys(parameters).find((key) => key.toLowerCase() === name.toLowerCase());
  return twin === undefined ? undefined : parameters[twin];
}

function isList(value: SqlValue): value is readonly SqlValue[] {
  return Array.isArray(value);
}
