import type { FilterFact } from '../catalog/overlay.ts';
import { child, children, type TreeNode, text } from '../sql/tree.ts';
import { columnReferences } from '../sql/walk.ts';
import type { AccessPath } from './access-path.ts';
import type { Constants } from './constants.ts';
import { allOf, attributeOf } from './filters.ts';
import { admitsNoFilter } from './pushdown.ts';
import type { BoundQuery, Occurrence } from './types.ts';

/** What an API could narrow a list by, beside what a path of it carries already. */
export interface Narrowing {
  /** Columns as SQL names them, times first, and below which columns any will do: `status`, `profile.*`. The query has no condition on them. */
  readonly unused: readonly string[];
  /** Columns that rows can be looked up by, many to a call. The query does not say which values. */
  readonly keys: readonly { readonly column: string; readonly perCall: number }[];
  /** Comparisons of something made of such a column, which the API could evaluate of the column itself. */
  readonly wrapped: readonly { readonly column: string; readonly node: TreeNode }[];
}

const NOTHING: Narrowing = { unused: [], keys: [], wrapped: [] };

/** What conditions could be added to those that a path's calls carry, by what the overlay says that the API understands. */
export function narrowingOf(
  query: { readonly bound: BoundQuery; readonly constants: Constants; readonly conditions: readonly TreeNode[] },
  occurrence: Occurrence,
  path: AccessPath,
): Narrowing {
  if (path.isKeyed || path.stand !== undefined || occurrence.isBarred) return NOTHING;
  const { bound, constants, conditions } = query;
  const understands = (fact: FilterFact, node: TreeNode): boolean => allOf({ bound, occurrence, fact, constants }, [node]) !== undefined;
  const filters = openFilters(path, conditions, understands);
  const used = new Set<string>();
  const understood = new Set<string>();
  const wrapped: { column: string; node: TreeNode }[] = [];
  for (const node of conditions) {
    const isUnderstood = filters.some((fact) => understands(fact, node));
    for (const reference of columnReferences(node)) {
      const access = bound.resolutions.get(reference)?.access;
      if (access?.occurrence !== occurrence || access.column === undefined) continue;
      const column = [access.column.name, ...access.path].join('.');
      used.add(column);
      if (isUnderstood) understood.add(column);
      const isKnown = filters.some((fact) => attributeOf({ bound, occurrence, fact }, reference) !== undefined);
      if (isKnown && !isUnderstood && isWrapped(node, reference, constants)) wrapped.push({ column, node });
    }
  }
  const unused: string[] = [];
  const times = new Set<string>();
  const keys: { column: string; perCall: number }[] = [];
  for (const fact of filters) {
    for (const [column, attribute] of Object.entries(fact.attributes)) {
      if (used.has(column) || unused.includes(column) || keys.some((key) => key.column === column)) continue;
      const isKey = column === (occurrence.relation.overlay.relation.key?.[0] ?? 'id') || (attribute.maxValues ?? 1) > 1;
      const perCall = attribute.maxValues ?? 100;
      if (attribute.literal === 'date') times.add(column);
      if (!isKey) unused.push(column);
      else if (attribute.operators.includes('eq') && perCall > 1 && canJoin(fact, 'or')) keys.push({ column, perCall });
    }
  }
  const shown = unused.filter((column) => !isBelow(column, unused));
  return {
    unused: shown.toSorted((left, right) => Number(times.has(right)) - Number(times.has(left))),
    keys,
    // What follows from such a comparison may be asked of the API already.
    wrapped: wrapped.filter(({ column }) => !understood.has(column)),
  };
}

/** The filters that a condition more could go into, with all that the calls carry now: one language excludes the others, and some take one comparison only. */
function openFilters(
  path: AccessPath,
  conditions: readonly TreeNode[],
  understands: (fact: FilterFact, node: TreeNode) => boolean,
): readonly FilterFact[] {
  const { filters = [] } = path.facts;
  if (admitsNoFilter(path.facts, (parameter) => path.supplies.some((supplied) => supplied.parameter === parameter))) return [];
  const isCarried = ({ parameter }: FilterFact): boolean =>
    path.supplies.some((supplied) => supplied.parameter === parameter) ||
    path.pushed.some((pushed) => pushed.parameter === parameter && path.fixed[parameter] !== everythingOf(filters, parameter));
  const carried = filters.find((fact) => fact.grammar !== 'value' && isCarried(fact));
  return filters.filter((fact) => {
    if (fact.grammar === 'value') return !isCarried(fact);
    return (
      carried === undefined || (canJoin(fact, 'and') && conditions.every((node) => understands(fact, node) || !understands(carried, node)))
    );
  });
}

function everythingOf(filters: readonly FilterFact[], parameter: string): string | undefined {
  return filters.find((fact) => fact.parameter === parameter)?.everything;
}

function canJoin({ connectives }: FilterFact, word: 'and' | 'or'): boolean {
  return connectives === undefined || connectives.includes(word);
}

/** `profile.firstName` where `profile.*` is there. */
function isBelow(column: string, columns: readonly string[]): boolean {
  return !column.endsWith('.*') && columns.includes(`${column.split('.').slice(0, -1).join('.')}.*`);
}

/** `lower(x) = 'a'`: a comparison with a constant of what is made of the column. */
function isWrapped(node: TreeNode, reference: TreeNode, constants: Constants): boolean {
  const isEquality = node.class === 'COMPARISON' && text(node, 'type') === 'COMPARE_EQUAL';
  const isList = text(node, 'type') === 'COMPARE_IN';
  if (!isEquality && !isList) return false;
  const sides = isList ? children(node, 'children') : [child(node, 'left'), child(node, 'right')];
  return !sides.includes(reference) && sides.filter((side) => side !== undefined && constants.get(side) === undefined).length === 1;
}
