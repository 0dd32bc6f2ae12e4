import type { Org } from './org.ts';
import { invalid, type Refusal, refuse } from './refusal.ts';
import { arrayBytes } from './reply.ts';
import type { Call, Reply } from './types.ts';

export interface LimitRule {
  readonly fallback: number;
  readonly max: number;
  readonly min?: number;
}

/** The page size of a call. What exceeds the maximum is cut to it; what is no number is refused. */
export function limitOf(call: Call, rule: LimitRule): number {
  const given = call.query.get('limit');
  if (given === null || given === '') return rule.fallback;
  if (!/^-?\d+$/.test(given)) throw invalid('limit', ['limit: The limit parameter must be a number.']);
  const value = Number(given);
  if (value < 1) return rule.fallback;
  return Math.min(Math.max(value, rule.min ?? 1), rule.max);
}

/** How a family's cursors look, and what they mean. */
export interface CursorForm {
  /** From the key of the last item on a page. */
  readonly encode: (key: string) => string;
  /** The key, or `undefined` for what is no cursor. */
  readonly decode: (cursor: string) => string | undefined;
  /** What a bad cursor is answered with. */
  readonly refuse?: () => Refusal;
}

/** The key itself, as apps and authorization servers have it. */
export const PLAIN_CURSOR: CursorForm = { encode: (key) => key, decode: (cursor) => (/^[\w.+~-]+$/.test(cursor) ? cursor : undefined) };

/** The key itself, of a list whose keys all begin alike: another beginning is no cursor of it. */
export function plainCursor(prefix: string): CursorForm {
  return { ...PLAIN_CURSOR, decode: (cursor) => (cursor.startsWith(prefix) ? PLAIN_CURSOR.decode(cursor) : undefined) };
}

/** Base64 of the key, for keys that are free text. */
export const BASE64_CURSOR: CursorForm = {
  encode: (key) => Buffer.from(key).toString('base64url'),
  decode: (cursor) => (/^[\w-]+={0,2}$/.test(cursor) ? Buffer.from(cursor, 'base64url').toString() : undefined),
};

/** The id with another prefix: a cursor that looks like an id and is none (`200…` for users). */
export function prefixCursor(idPrefix: string, cursorPrefix: string): CursorForm {
  return {
    encode: (key) => cursorPrefix + key.slice(idPrefix.length),
    decode: (cursor) =>
      cursor.startsWith(cursorPrefix) && /^\w{20}$/.test(cursor) ? idPrefix + cursor.slice(cursorPrefix.length) : undefined,
  };
}

/** The key that the call's `after` stands for, `undefined` if it has none. Refuses a bad one. */
export function cursorOf(call: Call, form: CursorForm = PLAIN_CURSOR): string | undefined {
  const given = call.query.get('after');
  if (given === null || given === '') return undefined;
  const key = form.decode(given);
  if (key === undefined) throw form.refuse?.() ?? invalidCursor();
  return key;
}

export function invalidCursor(): Refusal {
  return refuse('E0000029', ['Invalid cursor.']);
}

export interface LinkRules {
  /** Query names that the `next` link does not carry on, as recorded for some endpoints. */
  readonly dropsFromNext?: readonly string[];
  /** Query names that are missing from both links. */
  readonly drops?: readonly string[];
  /** `both` unless said: some endpoints send only `self`, some none. */
  readonly links?: 'both' | 'self' | 'none';
  /** Path in the links, where it is not the call's own. */
  readonly path?: string;
  /** Whether `self` names the limit even if the call did not. Default true. */
  readonly showsLimit?: boolean;
}

/** The `Link` headers, one line each. */
export function linkHeaders(
  call: Call,
  limit: number,
  nextCursor: string | undefined,
  rules: LinkRules = {},
): (readonly [string, string])[] {
  if (rules.links === 'none') return [];
  const base = `${call.org.origin}${rules.path ?? call.path}`;
  const href = (next: string | undefined): string => {
    const dropped = new Set([...(rules.drops ?? []), ...(next === undefined ? [] : (rules.dropsFromNext ?? []))]);
    const pairs: [string, string][] = [];
    for (const [name, value] of call.query)
      if (!dropped.has(name) && name !== 'limit' && (name !== 'after' || next === undefined)) pairs.push([name, value]);
    if (next !== undefined) pairs.push(['after', next]);
    if ((rules.showsLimit ?? true) || call.query.has('limit')) pairs.push(['limit', String(limit)]);
    pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
    return query === '' ? base : `${base}?${query}`;
  };
  const headers: (readonly [string, string])[] = [['link', `<${href(undefined)}>; rel="self"`]];
  if (nextCursor !== undefined && rules.links !== 'self') headers.push(['link', `<${href(nextCursor)}>; rel="next"`]);
  return headers;
}

function encode(value: string): string {
  return encodeURIComponent(value).replace(/%20/g, '+');
}

export interface PageRules<T> extends LinkRules {
  readonly limit: LimitRule;
  /** What identifies an item: its id, mostly. */
  readonly key: (item: T) => string;
  readonly render: (item: T) => string;
  readonly cursor?: CursorForm;
}

/**
 * One page of a list that is in memory whole.
 *
 * The page begins after the item that the cursor names. If that one is gone: after where it would stand, if the list is in order of its keys
 * (`ordered`), else the cursor is refused.
 */
export function page<T>(call: Call, items: readonly T[], rules: PageRules<T>): Reply {
  const limit = limitOf(call, rules.limit);
  const form = rules.cursor ?? PLAIN_CURSOR;
  const after = cursorOf(call, form);
  const start = after === undefined ? 0 : positionAfter(items, after, rules.key, form);
  const shown = items.slice(start, start + limit);
  const last = shown[shown.length - 1];
  const next = last !== undefined && goesOn(call.org, start + limit, items.length) ? form.encode(rules.key(last)) : undefined;
  return { status: 200, body: arrayBytes(shown.map(rules.render)), headers: linkHeaders(call, limit, next, rules) };
}

/** Whether a page that is not empty links to another. `end`: items up to its end; `count`: items there are. */
export function goesOn(org: Org, end: number, count: number): boolean {
  return end < count || org.hasEmptyLastPages;
}

function positionAfter<T>(items: readonly T[], key: string, keyOf: (item: T) => string, form: CursorForm): number {
  const at = items.findIndex((item) => keyOf(item) === key);
  if (at >= 0) return at + 1;
  const greater = items.findIndex((item) => keyOf(item) > key);
  // A cursor of this list names one of its keys or a neighbour's: it shares their prefix.
  const sample = items[0];
  if (sample !== undefined && keyOf(sample).slice(0, 3) !== key.slice(0, 3)) throw form.refuse?.() ?? invalidCursor();
  return greater < 0 ? items.length : greater;
}
