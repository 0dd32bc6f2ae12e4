import { OrgqlError } from '../../util/errors.ts';
import type { Value } from './evaluate.ts';
import { ExactNumber, parseExact, stringifyExact } from './exact-json.ts';
import { selectXml } from './xml.ts';

/** Calls a function of the template language or of the provider format by name. */
export function callFunction(name: string, args: readonly Value[]): Value {
  const call = FUNCTIONS[name];
  if (call === undefined) throw new OrgqlError('invalid_provider', `A template calls "${name}", which is no function`);
  return call(...args);
}

/** Go's truth: everything but false, 0, nothing, and what is empty. */
export function isTruthy(value: Value): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof ExactNumber || typeof value === 'function') return true;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** A value as an action prints it. */
export function printValue(value: Value): string {
  if (value === undefined) return '<no value>';
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(printValue).join(' ')}]`;
  if (value instanceof ExactNumber) return value.source;
  if (typeof value === 'object') {
    const entries = value instanceof Map ? [...(value as Map<string, Value>)] : Object.entries(value);
    return `map[${entries
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => `${key}:${printValue(item)}`)
      .join(' ')}]`;
  }
  return String(value);
}

const FUNCTIONS: Readonly<Record<string, (...args: Value[]) => Value>> = {
  not: (value) => !isTruthy(value),
  len: (value) =>
    typeof value === 'string'
      ? Buffer.byteLength(value)
      : Array.isArray(value)
        ? value.length
        : value instanceof Map
          ? value.size
          : typeof value === 'object' && value !== null
            ? Object.keys(value).length
            : 0,
  index: (value, ...keys) => keys.reduce((current, key) => at(current, key), value),
  safeIndex: (value, key) => at(value, key),
  slice: (value, from = 0, to = undefined) => {
    if (typeof value === 'string')
      return Buffer.from(value)
        .subarray(Number(from), to === undefined ? undefined : Number(to))
        .toString();
    return Array.isArray(value) ? value.slice(Number(from), to === undefined ? undefined : Number(to)) : [];
  },
  eq: (first, ...others) => others.some((other) => isEqual(first, other)),
  ne: (one, other) => !isEqual(one, other),
  lt: (one, other) => order(one, other) < 0,
  le: (one, other) => order(one, other) <= 0,
  gt: (one, other) => order(one, other) > 0,
  ge: (one, other) => order(one, other) >= 0,
  print: (...values) => values.map(printValue).join(''),
  println: (...values) => `${values.map(printValue).join(' ')}\n`,
  printf: (format, ...values) => formatText(printValue(format), values),
  html: (...values) => escapeMarkup(values.map(printValue).join('')),
  js: (...values) => JSON.stringify(values.map(printValue).join('')).slice(1, -1),
  urlquery: (...values) => encodeURIComponent(values.map(printValue).join('')).replaceAll('%20', '+'),
  call: (value, ...args) => {
    if (typeof value !== 'function') throw new OrgqlError('invalid_provider', 'A template calls something that is no function');
    return (value as (...list: Value[]) => Value)(...args);
  },
  // Nothing the first time, then the text: for commas between the elements of a list.
  separator: (text) => {
    let count = 0;
    return () => (count++ === 0 ? '' : text);
  },
  jsonMapFromString: (text) => parseExact(printValue(text)),
  toJson: (value) => stringifyExact(value),
  toBool: (value) => value === true || value === 'true',
  toInt: (value) => (typeof value === 'number' ? Math.trunc(value) : Number.parseInt(printValue(value), 10) || 0),
  plus1: (value) => Number(value) + 1,
  kindOf: (value) => kindOf(value),
  getXPath: (xml, path) => selectXml(printValue(xml), printValue(path), 'inner')[0] ?? '',
  getXPathAllOuter: (xml, path) => selectXml(printValue(xml), printValue(path), 'outer'),
  getRegexpFirstMatch: (text, pattern) => regexp(pattern).exec(printValue(text))?.[1] ?? '',
  // Despite its name: the groups of the first match.
  getRegexpAllMatches: (text, pattern) => [...(regexp(pattern).exec(printValue(text)) ?? [])].slice(1).map((group) => group ?? ''),
};

function at(value: Value, key: Value): Value {
  if (Array.isArray(value) || typeof value === 'string') return value[Number(key)];
  if (value instanceof Map) return (value as Map<string, Value>).get(printValue(key));
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, printValue(key)))
    return (value as Readonly<Record<string, Value>>)[printValue(key)];
  return undefined;
}

function isEqual(one: Value, other: Value): boolean {
  if (one === other) return true;
  if ((one === undefined || one === null) && (other === undefined || other === null)) return true;
  return one instanceof ExactNumber || other instanceof ExactNumber ? printValue(one) === printValue(other) : false;
}

function order(one: Value, other: Value): number {
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : one > other ? 1 : 0;
  return Number(printValue(one)) - Number(printValue(other));
}

function kindOf(value: Value): string {
  if (value === undefined || value === null) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    case 'function':
      return 'func';
    default:
      return value instanceof ExactNumber ? 'float64' : 'map';
  }
}

function formatText(format: string, values: readonly Value[]): string {
  let index = 0;
  return format.replace(
    /%(%|[-+# 0]*(\d+)?(?:\.(\d+))?([a-zA-Z]))/g,
    (whole, verbatim: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verbatim === '%') return '%';
      const value = values[index++];
      const text = formatOne(value, verb, precision);
      if (width === undefined) return text;
      if (whole.startsWith('%-')) return text.padEnd(Number(width));
      return text.padStart(Number(width), whole.startsWith('%0') ? '0' : ' ');
    },
  );
}

function formatOne(value: Value, verb: string, precision: string | undefined): string {
  switch (verb) {
    case 'q':
      return JSON.stringify(printValue(value));
    case 'd':
      return typeof value === 'number' ? String(Math.trunc(value)) : printValue(value);
    case 'f':
      return Number(printValue(value)).toFixed(Number(precision ?? 6));
    case 'x':
      return typeof value === 'number' ? value.toString(16) : Buffer.from(printValue(value)).toString('hex');
    case 's':
      return precision === undefined ? printValue(value) : printValue(value).slice(0, Number(precision));
    default:
      return printValue(value);
  }
}

// RE2's inline flags at the start, such as `(?s)`.
function regexp(pattern: Value): RegExp {
  const source = printValue(pattern);
  const flags = /^\(\?([ims]+)\)/.exec(source)?.[1] ?? '';
  try {
    return new RegExp(flags === '' ? source : source.slice(flags.length + 3), `${flags}u`);
  } catch (cause) {
    throw new OrgqlError('invalid_provider', 'A template of the provider document holds a pattern that cannot be read', {
      detail: source.slice(0, 120),
      cause,
    });
  }
}

function escapeMarkup(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
