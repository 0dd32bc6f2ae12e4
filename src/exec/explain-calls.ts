import type { AccessPath, ParameterSupply } from '../plan/access-path.ts';
import { isPushed } from '../plan/pushdown.ts';
import type { Occurrence } from '../plan/types.ts';
import { child, children } from '../sql/tree.ts';
import { type Choice, estimateOf, listingCalls } from './choose-step.ts';
import type { ExplainStep } from './explain.ts';
import { countsFor } from './known-counts.ts';
import { GROWTH, type Taken } from './rehearse-estimates.ts';
import { pathRequest, type QueryRun } from './stage-query.ts';

/** Calls of a step, with what they rest on. */
export type Calls = Pick<ExplainStep, 'calls' | 'range' | 'basis'>;

/** Rows of a step that may drive others. */
export interface Known {
  readonly rows: number;
  /** How many there are at most; `undefined`: not known. */
  readonly most: number | undefined;
}

/** Combinations of parameters, by the rows of the steps that give them. */
export interface Guessed {
  readonly count: number;
  readonly most: number | undefined;
  readonly isDriven: boolean;
}

const UNKNOWN: Calls = { calls: null, basis: 'guess' };

/** Calls of a step by what was kept of the org: as it was counted, and had everything grown by a fifth. */
export function callsTaken({ calls: from, grown: to, basis }: Taken): Calls {
  return { calls: basis === 'guess' ? null : from, basis, ...(to > from ? { range: { from, to } } : {}) };
}

/** Calls of a step by nothing but how many rows the steps have that drive it. */
export function callsGuessed(run: QueryRun, occurrence: Occurrence, { path, estimate }: Choice, { count, most, isDriven }: Guessed): Calls {
  if (path.restriction !== undefined) return callsRestricted(run, occurrence, path, most);
  if (most === undefined || estimate.basis === 'guess') return UNKNOWN;
  if (!isDriven) return { calls: estimate.calls, basis: estimate.basis };
  const to = Math.ceil(estimateOf(run, occurrence, path, most * GROWTH).calls);
  if (count >= most)
    return { calls: estimate.calls, basis: 'statistics', ...(to > estimate.calls ? { range: { from: estimate.calls, to } } : {}) };
  return isOneEach(path) ? { ...UNKNOWN, range: { from: 0, to } } : UNKNOWN;
}

/** True where each value is one call: how long lists of several pages are is not known of some of them by the mean. */
function isOneEach(path: AccessPath): boolean {
  return path.isKeyed || path.chunk?.isKey === true || path.facts.pageSize === undefined;
}

/** Calls of a list of which so many rows are enough: where the API does not see all conditions, any page may be the last. */
export function callsLimited(run: QueryRun, occurrence: Occurrence, calls: Calls, path: AccessPath, wanted: number): Calls {
  const size = path.facts.pageSize?.size;
  if (size === undefined) return calls;
  const fewest = Math.max(1, Math.ceil(wanted / Math.min(size, Math.max(1, wanted))));
  const known = rangeOf(calls);
  const isEach = path.isExact || (path.pushed.every(({ exactness }) => exactness === 'exact') && !isNarrowed(run, occurrence, path));
  if (isEach && fewest <= (known?.from ?? 1)) return { calls: fewest, basis: 'exact' };
  if (isEach) return known === undefined ? { ...UNKNOWN, range: { from: 1, to: fewest } } : calls;
  return known === undefined || known.to <= fewest ? calls : { ...UNKNOWN, range: { from: fewest, to: known.to } };
}

/** Calls for those of some values that another relation lists, which is read first: none of them may be among those, or as many as can. */
function callsRestricted(run: QueryRun, occurrence: Occurrence, path: AccessPath, most: number | undefined): Calls {
  const listed = path.restriction === undefined ? undefined : countsFor(run, occurrence).rows(path.restriction.relation, '');
  if (listed === undefined || !isOneEach(path)) return UNKNOWN;
  const { calls } = estimateOf(run, occurrence, { ...path, restriction: undefined }, Math.min(most ?? listed, listed) * GROWTH);
  return { ...UNKNOWN, range: { from: listingCalls(listed), to: Math.ceil(calls) + listingCalls(listed * GROWTH) } };
}

/** How often a path would be called, where the rows that were kept do not tell. */
export function tuplesGuessed(run: QueryRun, occurrence: Occurrence, path: AccessPath, known: ReadonlyMap<Occurrence, Known>): Guessed {
  const { bound } = run.prepared;
  let [count, isKnown] = [1, true];
  const drivers = new Set<Occurrence>();
  const bounds: (number | undefined)[] = [];
  const supplies: ParameterSupply[] = path.supplies.map((supplied) => supplied.supply);
  if (path.chunk !== undefined) supplies.push(path.chunk.supply);
  for (const supply of supplies) {
    if (supply.kind === 'constants') count *= supply.nodes.length;
    if (supply.kind === 'values') count *= supply.values.length;
    if (supply.kind === 'enumerate') {
      const rows = countsFor(run, occurrence).rows(supply.relation, '');
      isKnown &&= rows !== undefined;
      count *= rows ?? supply.typicalRows;
    }
    if (supply.kind === 'driver' || supply.kind === 'subquery') {
      if (supply.needs.size === 0) isKnown = false;
      for (const driver of supply.needs) drivers.add(driver);
      const value =
        supply.kind === 'driver'
          ? supply.expression
          : children(child(child(supply.node, 'subquery') ?? {}, 'node') ?? {}, 'select_list')[0];
      const source = value === undefined ? undefined : bound.resolutions.get(value)?.access?.occurrence;
      // A column has no more values than its relation has rows, whatever that is joined with.
      for (const driver of source === undefined ? supply.needs : [source]) bounds.push(known.get(driver)?.most);
    }
  }
  const driven = Math.min(...[...drivers].map((driver) => known.get(driver)?.rows ?? 1000));
  const most = bounds.reduce<number | undefined>((all, one) => (all === undefined || one === undefined ? undefined : all * one), count);
  return {
    count: Math.max(1, Math.round(count * (drivers.size === 0 ? 1 : driven))),
    most: isKnown ? most : undefined,
    isDriven: supplies.some(({ kind }) => kind !== 'constants' && kind !== 'values'),
  };
}

/** True when conditions that the API does not see may leave out rows that a path brings. */
export function isNarrowed(run: QueryRun, occurrence: Occurrence, path: AccessPath): boolean {
  if (path.isExact || path.isKeyed) return false;
  const request = pathRequest(run, occurrence, new Set());
  const { conditions, equalities } = request.knowledge;
  const isSupplied = (parameter: string | undefined): boolean => path.supplies.some((supplied) => supplied.parameter === parameter);
  const met = new Set(
    equalities.filter(({ access, supply }) => supply.kind !== 'constants' || isSupplied(access.parameter)).map(({ node }) => node),
  );
  return conditions.some((node) => !met.has(node) && !isPushed(request, path, node));
}

/** What the calls may be; `undefined`: not known. */
export function rangeOf({ range, calls }: Calls): Calls['range'] {
  return range ?? (calls === null ? undefined : { from: calls, to: calls });
}
