import type { Org } from '../../src/emulator/org.ts';
import type { Json } from '../../src/emulator/types.ts';

/** The moment that the reference org is laid around, and that the statements take for now. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const DAY = 86_400_000;

/** A value as a test compares it: numbers whatever their width, times as RFC 3339, JSON as text. */
export type Value = string | number | boolean | null;
export type Row = readonly Value[];

/** A question that an administrator asks of the reference org, with its answer and its price. */
export interface Task {
  readonly name: string;
  readonly sql: string;
  /** The answer, computed over what the org stores: no SQL, no paging. In order where `order` is given. */
  readonly answer: (org: Org) => readonly Row[];
  /** Positions of the columns that ORDER BY decides by. */
  readonly order?: readonly number[];
  /** The fewest calls that can answer it. */
  readonly floor: number;
  /** Relations that announce a next page which is empty: one more call each. */
  readonly emptyPages?: number;
}

export const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
export const ago = (days: number): number => NOW - days * DAY;

/** A profile attribute as SQL shows it. */
export function attribute(record: { readonly profile: Readonly<Record<string, Json | undefined>> } | undefined, name: string): Value {
  const value = record?.profile[name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** Byte order, in which the engine sorts text; NULL is last. */
export function byText(left: Value | undefined, right: Value | undefined): number {
  if (typeof left !== 'string') return typeof right === 'string' ? 1 : 0;
  return typeof right === 'string' ? Buffer.compare(Buffer.from(left), Buffer.from(right)) : -1;
}

/** Rows of a GROUP BY with COUNT(*): the key's values and the count. */
export function counted(keys: Iterable<Row>): readonly Row[] {
  const counts = new Map<string, { readonly key: Row; n: number }>();
  for (const key of keys) {
    const text = JSON.stringify(key);
    const entry = counts.get(text) ?? { key, n: 0 };
    entry.n++;
    counts.set(text, entry);
  }
  return [...counts.values()].map(({ key, n }) => [...key, n]);
}
