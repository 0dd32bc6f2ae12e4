import type { AccessPath } from '../plan/access-path.ts';
import type { Counts } from '../plan/cost.ts';
import { sortParameters } from '../plan/sorting.ts';
import type { Occurrence } from '../plan/types.ts';
import { child, children, type TreeNode, text, texts } from '../sql/tree.ts';
import { countsFor } from './known-counts.ts';
import type { QueryRun } from './stage-query.ts';

/** A list that the server sorts as the first key of an ORDER BY says. */
export interface SortedPath {
  readonly path: AccessPath;
  /** The key's column in the staging table. */
  readonly column: string;
  readonly isDescending: boolean;
}

/** The path with the server's sort in place of ORDER BY, where both order alike; only one list can be sorted. */
export function sortedPath(run: QueryRun, occurrence: Occurrence, path: AccessPath, order: TreeNode): SortedPath | undefined {
  const { sort } = path.facts;
  const [first] = children(order, 'orders');
  const expression = first === undefined ? undefined : selected(occurrence.scope.select, child(first, 'expression'));
  const access = expression === undefined ? undefined : run.prepared.bound.resolutions.get(expression)?.access;
  if (
    sort === undefined ||
    first === undefined ||
    expression === undefined ||
    access?.occurrence !== occurrence ||
    access.column === undefined ||
    access.path.length > 0
  )
    return undefined;
  const attribute = sort.attributes[access.column.name];
  const isSingle =
    path.supplies.every((supplied) => tupleGuess({ ...path, supplies: [supplied] }, countsFor(run, occurrence)) <= 1) &&
    path.chunk === undefined;
  if (attribute === undefined || !isSingle || (sort.requires !== undefined && path.fixed[sort.requires] === undefined)) return undefined;
  const isDescending = text(first, 'type') === 'DESCENDING';
  const asked = sortParameters(sort, attribute, isDescending ? 'descending' : 'ascending');
  return { path: { ...path, fixed: { ...path.fixed, ...asked } }, column: texts(expression, 'column_names').at(-1) ?? '', isDescending };
}

/** What a name or a number in ORDER BY means: an item of the select list may be meant by either. */
function selected(select: TreeNode, expression: TreeNode | undefined): TreeNode | undefined {
  if (expression === undefined) return undefined;
  const items = children(select, 'select_list');
  const position = child(expression, 'value')?.value;
  if (expression.class === 'CONSTANT')
    return typeof position === 'number' && items.every(({ class: kind }) => kind !== 'STAR') ? items[position - 1] : undefined;
  const [name = '', ...more] = texts(expression, 'column_names');
  const named = items.filter((item) => text(item, 'alias').toLowerCase() === name.toLowerCase());
  return more.length === 0 && named.length > 0 ? (named.length === 1 ? named[0] : undefined) : expression;
}

/** Combinations of parameters, as far as they are known before anything is fetched. */
export function tupleGuess(path: AccessPath, counts: Counts): number {
  let count = path.chunk?.supply.kind === 'constants' ? path.chunk.supply.nodes.length : 1;
  for (const { supply } of path.supplies) {
    if (supply.kind === 'constants') count *= supply.nodes.length;
    if (supply.kind === 'values') count *= supply.values.length;
    if (supply.kind === 'enumerate') count *= counts.rows(supply.relation, '') ?? supply.typicalRows;
  }
  return count;
}
