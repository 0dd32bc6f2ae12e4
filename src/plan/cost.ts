import { type AccessPath, BY_DEFAULT } from './access-path.ts';

/** Row counts as far as they are known, for one org. */
export interface Counts {
  /** Rows of a relation under a pushed filter (`''`: all of it), or `undefined`. */
  readonly rows: (relation: string, filter: string) => number | undefined;
  /** Rows taken for a relation that was never counted. */
  readonly typical?: number;
  /** Epoch milliseconds that the statement takes for now. */
  readonly now: number;
}

/** What a path would take. */
export interface Estimate {
  readonly calls: number;
  readonly rows: number;
  /** `statistics`: from counts seen before. `exact`: follows from the statement. `guess`: neither. */
  readonly basis: 'exact' | 'statistics' | 'guess';
}

/** Rows taken for a list of which nothing is known, and the share that a filter is taken to leave. */
export const GUESSED_ROWS = 2000;
export const GUESSED_SHARE = 0.3;
/** Rows taken for one call of a child list (members of a group) of which nothing is known. */
const GUESSED_CHILD_ROWS = 50;
/** Page size taken where the method declares none. */
const GUESSED_PAGE = 200;

/** The text that statistics of a path's filter are kept under. Times count from the statement's own, so that it is the same tomorrow. */
export function filterKey(path: AccessPath, now: number): string {
  return path.pushed
    .flatMap(({ parameter, predicate }) => {
      if (parameter === BY_DEFAULT) return [predicate];
      return path.fixed[parameter] === undefined || isEverything(path, parameter) ? [] : [`${parameter}=${path.fixed[parameter]}`];
    })
    .join('&')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (time) => `$now-${Math.round((now - Date.parse(time)) / 60_000)}min`);
}

function isEverything(path: AccessPath, parameter: string): boolean {
  return (path.facts.filters ?? []).some((fact) => fact.parameter === parameter && fact.everything === path.fixed[parameter]);
}

/** The name that counts of a path's calls are kept under: lists of the same relation by another parameter have other lengths. */
export function countedAs(path: AccessPath, relation: string): string {
  if (path.stand === undefined) return relation;
  return path.by === undefined ? path.stand.relation.id : `${path.stand.relation.id} of ${relation}`;
}

/** Calls and rows of a path with `tuples` combinations of parameters, or `tuples` values in chunks. */
export function estimatePath(path: AccessPath, relation: string, tuples: number, counts: Counts): Estimate {
  const pageSize = path.facts.pageSize?.size ?? GUESSED_PAGE;
  if (path.chunk !== undefined) {
    const calls = Math.ceil(tuples / path.chunk.size);
    return { calls, rows: tuples, basis: path.chunk.isKey ? 'exact' : 'guess' };
  }
  if (path.isKeyed) return { calls: tuples, rows: tuples, basis: 'exact' };
  const isChild =
    path.by !== undefined ||
    path.supplies.some((supplied) => supplied.supply.kind !== 'values' && path.method.http.path.includes(`{${supplied.parameter}}`));
  if (isChild) {
    const pages = counts.rows(relation, '#pages');
    const calls = counts.rows(relation, '#calls');
    const rows = counts.rows(relation, '#rows');
    if (pages !== undefined && calls !== undefined && rows !== undefined && calls > 0) {
      return { calls: Math.ceil(tuples * (pages / calls)), rows: Math.round(tuples * (rows / calls)), basis: 'statistics' };
    }
    return { calls: tuples, rows: tuples * GUESSED_CHILD_ROWS, basis: 'guess' };
  }
  const key = filterKey(path, counts.now);
  const known = counts.rows(relation, key);
  const whole = counts.rows(relation, '');
  const isPaged = path.facts.pageSize !== undefined;
  const rows = known ?? (whole ?? counts.typical ?? (isPaged ? GUESSED_ROWS : GUESSED_PAGE)) * (key === '' ? 1 : GUESSED_SHARE);
  const calls = (isPaged ? Math.max(1, Math.ceil(rows / pageSize)) : 1) * Math.max(tuples, 0);
  return {
    calls,
    rows: Math.round(rows * tuples),
    basis: known !== undefined || (whole !== undefined && key === '') ? 'statistics' : 'guess',
  };
}
