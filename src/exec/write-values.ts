import type { Json, Parameter, Shape } from '../catalog/types.ts';
import type { SqlValue } from '../engine/types.ts';
import { OrgqlError } from '../util/errors.ts';
import { isJsonObject, parseContainer, parseJsonExact } from './write-json.ts';

/** What a value is for, in words for an error: `"data__profile" of okta.user.users`. */
export interface ValueUse {
  readonly label: string;
  /** Send text as text, even where it would parse as a JSON object or array. */
  readonly isText?: boolean;
}

/**
 * A statement's value as the JSON that a body property takes. Text that holds a JSON object or array is embedded where the
 * property is an object, an array, or not described. Throws `type_mismatch` before anything is sent.
 */
export function toBodyValue(value: SqlValue, shape: Shape | undefined, use: ValueUse): Json {
  if (value === null) return null;
  if (shape === undefined) return untyped(value, use);
  switch (shape.apiType) {
    case 'string':
      return toText(value, use, 'a string');
    case 'integer':
      return toNumber(value, use, true);
    case 'number':
      return toNumber(value, use, false);
    case 'boolean':
      return toBoolean(value, use);
    case 'object': {
      const json = typeof value === 'string' ? container(value, use) : plainJson(value, use);
      if (!isJsonObject(json)) throw mismatch(value, use, 'an object');
      return json;
    }
    case 'array': {
      const json = typeof value === 'string' ? container(value, use) : plainJson(value, use);
      if (!Array.isArray(json)) throw mismatch(value, use, 'an array');
      return json;
    }
    case 'null':
      return untyped(value, use);
  }
}

/** A statement's value as the text of a path, query, header or server parameter; several for an array. Throws `invalid_parameter_value`. */
export function toParameterValue(value: SqlValue, parameter: Parameter, use: ValueUse): string | readonly string[] {
  const { apiType } = parameter.shape;
  if (apiType === 'array') {
    const list = typeof value === 'string' ? (parseContainer(value) ?? value) : value;
    if (Array.isArray(list)) return list.map((item: SqlValue) => scalarText(item, use));
  }
  const text = scalarText(value, use);
  if (apiType === 'integer' && !/^[+-]?\d+$/.test(text.trim())) throw badParameter(value, use, 'an integer');
  if (apiType === 'number' && (text.trim() === '' || !Number.isFinite(Number(text)))) throw badParameter(value, use, 'a number');
  if (apiType === 'boolean') {
    if (!/^\s*(true|false)\s*$/i.test(text)) throw badParameter(value, use, 'true or false');
    return text.trim().toLowerCase();
  }
  return text;
}

/** An engine value as JSON, structure by structure. Throws `type_mismatch` for what JSON cannot hold. */
export function plainJson(value: SqlValue, use: ValueUse): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw mismatch(value, use, 'a finite number');
    return value;
  }
  if (typeof value === 'bigint') return exactInteger(value, use);
  if (value instanceof Uint8Array) throw mismatch(value, use, 'JSON');
  if (Array.isArray(value)) return value.map((item: SqlValue) => plainJson(item, use));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainJson(item as SqlValue, use)]));
}

function untyped(value: SqlValue, use: ValueUse): Json {
  if (typeof value !== 'string') return plainJson(value, use);
  return use.isText === true ? value : (parseContainer(value) ?? value);
}

function container(value: string, use: ValueUse): Json | undefined {
  if (use.isText === true) return undefined;
  try {
    return parseJsonExact(value);
  } catch (error) {
    if (error instanceof OrgqlError) throw error;
    return undefined;
  }
}

function toText(value: SqlValue, use: ValueUse, wanted: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw mismatch(value, use, wanted);
}

function toNumber(value: SqlValue, use: ValueUse, isInteger: boolean): number {
  const wanted = isInteger ? 'an integer' : 'a number';
  if (typeof value === 'bigint') return exactInteger(value, use);
  const isNumeric = typeof value === 'number' || (typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value));
  const number = Number(value);
  if (!isNumeric || !Number.isFinite(number) || (isInteger && !Number.isInteger(number))) throw mismatch(value, use, wanted);
  if (isInteger && !Number.isSafeInteger(number)) throw tooLarge(String(value), use);
  return number;
}

function toBoolean(value: SqlValue, use: ValueUse): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^\s*(true|false)\s*$/i.test(value)) return value.trim().toLowerCase() === 'true';
  throw mismatch(value, use, 'true or false');
}

function exactInteger(value: bigint, use: ValueUse): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER)) throw tooLarge(String(value), use);
  return Number(value);
}

function scalarText(value: SqlValue, use: ValueUse): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value === null || value instanceof Uint8Array) throw badParameter(value, use, 'a plain value');
  return JSON.stringify(plainJson(value, use));
}

function mismatch(value: SqlValue, use: ValueUse, wanted: string): OrgqlError {
  return new OrgqlError(
    'type_mismatch',
    `${use.label} takes ${wanted}, not ${shown(value)}`,
    wanted.endsWith('object') || wanted.endsWith('array')
      ? { hint: `give ${wanted} as JSON text, such as ${wanted.endsWith('array') ? `'["a"]'` : `'{"a": 1}'`}` }
      : {},
  );
}

function badParameter(value: SqlValue, use: ValueUse, wanted: string): OrgqlError {
  return new OrgqlError('invalid_parameter_value', `${use.label} takes ${wanted}, not ${shown(value)}`);
}

function tooLarge(text: string, use: ValueUse): OrgqlError {
  return new OrgqlError('type_mismatch', `${use.label}: the number ${text} cannot be sent exactly`, {
    hint: 'JSON numbers are exact up to 9007199254740991',
  });
}

// Values may be secrets: only their kind is told, and text not at all.
function shown(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return parseContainerKind(value);
  if (value instanceof Uint8Array) return 'a blob';
  return Array.isArray(value) ? 'a list' : 'a struct';
}

function parseContainerKind(text: string): string {
  if (/^\s*\{/.test(text)) return 'a JSON object';
  if (/^\s*\[/.test(text)) return 'a JSON array';
  return 'this text';
}
