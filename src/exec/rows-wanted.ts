import type { AccessPath, ParameterSupply } from '../plan/access-path.ts';
import { readsOf } from '../plan/conditions.ts';
import type { BoundQuery, Occurrence } from '../plan/types.ts';
import { child, children, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import { isPlainSelect, limitsOf } from './row-by-row.ts';

/**
 * How many rows of an occurrence are enough, where its SELECT takes any of them up to a LIMIT, or asks whether there is one: paging stops
 * then. `undefined` where which rows they are matters, or the API's answer may have rows that the conditions drop.
 */
export function rowsWanted(bound: BoundQuery, occurrence: Occurrence, path: AccessPath): number | undefined {
  const { select } = occurrence.scope;
  if (!path.isExact || path.chunk !== undefined || occurrence.isBarred || child(select, 'from_table') !== occurrence.node) return undefined;
  if (!isPlainSelect(select, 'with subqueries')) return undefined;
  const limits = limitsOf(children(select, 'modifiers'));
  if (limits === undefined) return undefined;
  const wanted = limits.limit === undefined ? undefined : limits.limit + limits.offset;
  return isOnlyTested(bound, occurrence) ? Math.min(wanted ?? 1, 1 + limits.offset) : wanted;
}

/** True for the SELECT of an EXISTS that is the same for every row around it. */
function isOnlyTested(bound: BoundQuery, occurrence: Occurrence): boolean {
  const { select, parent } = occurrence.scope;
  let isTested = false;
  walk(bound.tree, (node) => {
    const isExists = node.class === 'SUBQUERY' && ['EXISTS', 'NOT_EXISTS'].includes(text(node, 'subquery_type'));
    if (isExists && child(child(node, 'subquery') ?? {}, 'node') === select) isTested = true;
    return !isTested;
  });
  return isTested && parent !== undefined && readsOf(bound, select, parent).outer.length === 0;
}

/** How many values a supply has at most, where it reads rows of which so many are enough. */
export function mostValues(supply: ParameterSupply, enough: ReadonlyMap<Occurrence, number>): number {
  const [driver, ...others] = supply.kind === 'driver' || supply.kind === 'subquery' ? supply.needs : [];
  return driver === undefined || others.length > 0 ? Number.POSITIVE_INFINITY : (enough.get(driver) ?? Number.POSITIVE_INFINITY);
}
