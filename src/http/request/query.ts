import type { Method } from '../../catalog/types.ts';
import type { MethodCall } from '../types.ts';
import { percentEncode } from './encode.ts';
import { missingParameter, type ParameterValues } from './parameters.ts';

export type Pair = readonly [name: string, value: string];

/** The query of a call: pairs of the path key, declared parameters in their order, the page size; repeated keys for arrays. */
export function queryPairs(call: MethodCall, fixed: readonly Pair[], values: ParameterValues): readonly Pair[] {
  const { method, facts } = call;
  const byTemplate = (name: string): string => {
    const parameter = method.parameters.find((one) => one.name === name);
    return (parameter === undefined ? undefined : values(parameter)?.[0]) ?? '';
  };
  const pairs: Pair[] = [];
  const declared: Pair[] = [];
  const given = new Set<string>();
  for (const parameter of method.parameters) {
    if (parameter.location !== 'query') continue;
    const own = values(parameter) ?? (parameter.required && parameter.default !== undefined ? [parameter.default] : undefined);
    if (own === undefined) {
      if (parameter.required && !fixed.some(([name]) => name === parameter.wireName)) throw missingParameter(method, parameter.name);
      continue;
    }
    given.add(parameter.wireName);
    for (const value of own) declared.push(...transposed(method, parameter.wireName, value));
  }
  for (const [name, value] of fixed) {
    if (!given.has(name)) pairs.push([name, value.replace(/\{([^{}]+)\}/g, (_, inner: string) => byTemplate(inner))]);
  }
  pairs.push(...declared);
  const sizeName = facts.pageSize?.parameter;
  if (sizeName !== undefined && call.pageSize !== undefined && !given.has(sizeName) && !given.has(wireNameOf(method, sizeName)))
    pairs.push([wireNameOf(method, sizeName), String(call.pageSize)]);
  return isDroppingUnderscores(method) ? pairs.filter(([name]) => !name.startsWith('__')) : pairs;
}

/**
 * Pairs as `application/x-www-form-urlencoded` text, blanks as `%20`, which every server reads; for the parameters named in `compact` as `+`,
 * so that a chain of a hundred look-ups stays below the length of a URL.
 */
export function encodePairs(pairs: readonly Pair[], compact: ReadonlySet<string> = new Set()): string {
  return pairs
    .map(([name, value]) => `${encodeName(name)}=${compact.has(name) ? percentEncode(value).replaceAll('%20', '+') : percentEncode(value)}`)
    .join('&');
}

// `$filter`, `filter[tag]`, `a.b:c` are legible as they stand, and some servers compare names unread.
function encodeName(name: string): string {
  return percentEncode(name).replace(/%(?:24|40|3A|5B|5D|2F)/g, (code) => decodeURIComponent(code));
}

function wireNameOf(method: Method, name: string): string {
  return method.parameters.find((one) => one.name === name && one.location === 'query')?.wireName ?? name;
}

function isDroppingUnderscores(method: Method): boolean {
  return method.requestTranslate === 'drop_double_underscore_params';
}

// `AWSCanonical`: an object or array becomes `Key.1.Sub=v`, positions from 1.
function transposed(method: Method, name: string, value: string): readonly Pair[] {
  if (method.queryTranspose !== 'AWSCanonical' || !/^\s*[[{]/.test(value)) return [[name, value]];
  try {
    return flatten(name, JSON.parse(value));
  } catch {
    return [[name, value]];
  }
}

function flatten(name: string, value: unknown): readonly Pair[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => flatten(`${name}.${index + 1}`, item));
  if (value !== null && typeof value === 'object') return Object.entries(value).flatMap(([key, item]) => flatten(`${name}.${key}`, item));
  return [[name, String(value)]];
}
