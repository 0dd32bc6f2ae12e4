import type { Relation, Shape } from '../catalog/types.ts';

/** A value of a row, as JSON. */
export type SynopsisValue = null | boolean | number | string | readonly SynopsisValue[] | { readonly [key: string]: SynopsisValue };

export type SynopsisRow = Readonly<Record<string, SynopsisValue>>;

/**
 * What `org analyze` keeps of a relation: its rows, or an even sample of them, without what could name a person. Ids, times,
 * numbers, flags and words that many rows share are kept; names, addresses and free text are left out.
 */
export interface Synopsis {
  readonly relation: string;
  /** Epoch milliseconds, on the clock that the org's times are told by. */
  readonly takenAt: number;
  /** Rows that the org had. */
  readonly total: number;
  /** Rows of one page, where the list took several. */
  readonly perPage: number | undefined;
  /** Wire names of the columns that were read. */
  readonly columns: readonly string[];
  /** In the API's shape, under wire names, without what is null; parameters under `$name`. */
  readonly rows: readonly SynopsisRow[];
  /** Paths of values that were left out, with how many distinct ones there were. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Of the same paths, how many values there were in all. */
  readonly filled?: Readonly<Record<string, number>>;
  /** For a relation of children: how many rows each value of the parent's parameter has, as far as they were looked at. */
  readonly sizes: Readonly<Record<string, number>> | undefined;
}

/** Most rows kept of a relation. */
export const MOST_ROWS = 20_000;

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
/** Opaque ids: letters and digits without a blank, all of about the same length. */
const ID = /^[0-9A-Za-z_-]{16,40}$/;
const PERSONAL =
  /(name|mail|login|phone|address|alternateid|label|description|street|city|zip|postalcode|title|ip|href|url|userid?agent)$/i;
const MOST_WORDS = 200;
const FEWEST_PER_WORD = 3;
const MOST_DISTINCT = 5000;

/** Rows without the values that could name a person, and the paths that were left out. */
export function withoutNames(
  relation: Relation,
  rows: readonly SynopsisRow[],
): Pick<Synopsis, 'rows' | 'leftOut'> & Required<Pick<Synopsis, 'filled'>> {
  const words = new Map<string, { readonly values: Set<string>; count: number }>();
  const visit = (value: SynopsisValue, path: string): void => {
    if (typeof value === 'string') {
      if (isPlain(value, path)) return;
      const known = words.get(path) ?? { values: new Set<string>(), count: 0 };
      words.set(path, known);
      known.count++;
      if (known.values.size < MOST_DISTINCT) known.values.add(value);
    } else if (Array.isArray(value)) for (const item of value) visit(item, path);
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) visit(item, path === '' ? key : `${path}.${key}`);
  };
  for (const row of rows) visit(row, '');
  const leftOut: Record<string, number> = {};
  const filled: Record<string, number> = {};
  for (const [path, { values, count }] of words) {
    const isWord =
      enumerates(relation, path) || (!PERSONAL.test(path) && values.size <= MOST_WORDS && count / values.size >= FEWEST_PER_WORD);
    if (isWord) continue;
    leftOut[path] = values.size < MOST_DISTINCT ? values.size : count;
    filled[path] = count;
  }
  const strip = (value: SynopsisValue, path: string): SynopsisValue => {
    if (typeof value === 'string') return isPlain(value, path) || leftOut[path] === undefined ? value : null;
    if (Array.isArray(value)) return value.map((item) => strip(item, path));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, strip(item, path === '' ? key : `${path}.${key}`)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== null));
  };
  return { rows: rows.map((row) => strip(row, '') as SynopsisRow), leftOut, filled };
}

function isObject(value: SynopsisValue): value is { readonly [key: string]: SynopsisValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Times, ids and the values of parameters say nothing about a person. */
function isPlain(value: string, path: string): boolean {
  return path.startsWith('$') || DATE.test(value) || (!PERSONAL.test(path) && ID.test(value) && /\d/.test(value));
}

function enumerates(relation: Relation, path: string): boolean {
  const [first = '', ...rest] = path.split('.');
  if ((relation.overlay.relation.key ?? []).includes(first) && rest.length === 0) return true;
  let shape: Shape | undefined = relation.columns.find((column) => column.wireName === first)?.shape;
  for (const key of rest) shape = shape?.properties().get(key) ?? shape?.items()?.properties().get(key);
  return (shape?.enum ?? shape?.items()?.enum) !== undefined;
}

/** An even sample of a stream of unknown length: every row while they are few, then every second, every fourth, ... */
export function createSample<T>(most: number): {
  readonly add: (row: T) => void;
  readonly rows: () => readonly T[];
  readonly seen: () => number;
} {
  let kept: T[] = [];
  let step = 1;
  let seen = 0;
  return {
    add: (row) => {
      if (seen++ % step !== 0) return;
      kept.push(row);
      if (kept.length <= most) return;
      kept = kept.filter((_, index) => index % 2 === 0);
      step *= 2;
    },
    rows: () => kept,
    seen: () => seen,
  };
}
