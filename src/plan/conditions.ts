import { comparison } from '../sql/build.ts';
import { child, type TreeNode, text, texts } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import { planned } from './implied.ts';
import { enclosing, restrictionsOf } from './inherited.ts';
import type { BoundQuery, Occurrence, Resolution, Scope, Source } from './types.ts';

/** The side of a join that a FROM item stands on. */
type Side = 'left' | 'right';

/**
 * The conjuncts that every row of an occurrence must satisfy to reach the result: those of WHERE and of the joins around it
 * for which dropping other rows changes nothing. On the null-supplying side of an outer join only predicates count that
 * no row of NULLs fulfils.
 */
export function conditionsOn(bound: BoundQuery, occurrence: Occurrence): TreeNode[] {
  if (occurrence.isBarred) return [];
  return conditionsOnItem(
    bound,
    occurrence.scope,
    occurrence.node,
    (operand) => bound.resolutions.get(operand)?.access?.occurrence === occurrence,
  );
}

/** The same for any FROM item; `isOwn` tells whether an operand is NULL wherever the item has no row. */
export function conditionsOnItem(bound: BoundQuery, scope: Scope, item: TreeNode, isOwn: (operand: TreeNode) => boolean): TreeNode[] {
  const from = child(scope.select, 'from_table');
  const joins = from === undefined ? undefined : pathTo(from, item);
  if (joins === undefined) return [];
  const found: TreeNode[] = [];
  let isNullSupplied = false;
  for (const { join, side } of joins.toReversed()) {
    const type = text(join, 'join_type');
    if (text(join, 'ref_type') === 'ASOF') {
      if (side === 'right') return found;
      continue;
    }
    if (restricts(type, side)) {
      const own = [...planned(bound, scope, child(join, 'condition')), ...usingConditions(bound, scope, join)];
      found.push(...own.filter((node) => !isNullSupplied || rejectsNulls(isOwn, node)));
    }
    if (side === 'right' && (type === 'SEMI' || type === 'ANTI')) return found;
    if (isNullSuppliedBy(type, side)) isNullSupplied = true;
  }
  found.push(...restrictionsOf(bound, scope).filter((node) => !isNullSupplied || rejectsNulls(isOwn, node)));
  return found;
}

function restricts(type: string, side: Side): boolean {
  switch (type) {
    case 'INNER':
    case 'SEMI':
      return true;
    case 'LEFT':
    case 'ANTI':
      return side === 'right';
    case 'RIGHT':
      return side === 'left';
    default:
      return false;
  }
}

export function isNullSuppliedBy(type: string, side: Side): boolean {
  if (type === 'LEFT') return side === 'right';
  if (type === 'RIGHT') return side === 'left';
  return type === 'OUTER' || type === 'FULL';
}

/** The joins from the root of a FROM clause down to an item, outermost first; `undefined` when the item is not there. */
export function pathTo(from: TreeNode, target: TreeNode): { readonly join: TreeNode; readonly side: Side }[] | undefined {
  if (from === target) return [];
  if (from.type !== 'JOIN') return undefined;
  for (const side of ['left', 'right'] as const) {
    const below = child(from, side);
    const path = below === undefined ? undefined : pathTo(below, target);
    if (path !== undefined) return [{ join: from, side }, ...path];
  }
  return undefined;
}

/** `USING (a)` as the comparison that it stands for. */
export function usingConditions(bound: BoundQuery, scope: Scope, join: TreeNode): TreeNode[] {
  const left = sourcesUnder(scope, child(join, 'left'));
  const right = sourcesUnder(scope, child(join, 'right'));
  return texts(join, 'using_columns').flatMap((column) => {
    const leftReference = usingReference(bound, scope, left, column);
    const rightReference = usingReference(bound, scope, right, column);
    return leftReference === undefined || rightReference === undefined ? [] : [comparison('COMPARE_EQUAL', leftReference, rightReference)];
  });
}

export function sourcesUnder(scope: Scope, node: TreeNode | undefined): Source[] {
  if (node === undefined) return [];
  if (node.type === 'JOIN') return [...sourcesUnder(scope, child(node, 'left')), ...sourcesUnder(scope, child(node, 'right'))];
  return scope.sources.filter((source) => (source.kind === 'relation' ? source.occurrence.node : source.node) === node);
}

function usingReference(bound: BoundQuery, scope: Scope, sources: readonly Source[], column: string): TreeNode | undefined {
  for (const source of sources) {
    const node: TreeNode = { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location: 0, column_names: [] };
    if (source.kind === 'derived') {
      const own = source.columns?.find((candidate) => candidate.name.toLowerCase() === column.toLowerCase());
      if (source.columns !== undefined && own === undefined) continue;
      node.column_names = [source.alias, own?.name ?? column];
      (bound.resolutions as Map<TreeNode, Resolution>).set(node, {
        source,
        scope,
        shape: own?.shape,
        sqlType: own?.sqlType,
        access: undefined,
        column: own,
      });
      return node;
    }
    const needed = [...source.occurrence.needed.values()].find((candidate) => candidate.name.toLowerCase() === column.toLowerCase());
    if (needed === undefined) continue;
    node.column_names = [text(source.occurrence.node, 'alias'), needed.name];
    const { relation } = source.occurrence;
    const own = relation.columns.find((candidate) => candidate.name.toLowerCase() === column.toLowerCase());
    (bound.resolutions as Map<TreeNode, Resolution>).set(node, {
      source,
      scope,
      shape: needed.shape,
      sqlType: needed.sqlType,
      access: {
        occurrence: source.occurrence,
        column: own,
        parameter: needed.source.kind === 'parameter' ? needed.source.parameter : undefined,
        path: [],
      },
    });
    return node;
  }
  return undefined;
}

/** True when the predicate cannot be true for a row in which the item's columns are NULL. */
function rejectsNulls(isColumn: (operand: TreeNode) => boolean, node: TreeNode): boolean {
  const isOwn = (operand: TreeNode | undefined): boolean => operand !== undefined && isColumn(operand);
  switch (node.class) {
    case 'COMPARISON':
      return (
        text(node, 'type') !== 'COMPARE_DISTINCT_FROM' &&
        text(node, 'type') !== 'COMPARE_NOT_DISTINCT_FROM' &&
        (isOwn(child(node, 'left')) || isOwn(child(node, 'right')))
      );
    case 'BETWEEN':
      return isOwn(child(node, 'input'));
    case 'FUNCTION':
      return /^!?~~/.test(text(node, 'function_name')) && Array.isArray(node.children) && isOwn(node.children[0] as TreeNode);
    case 'SUBQUERY':
      return text(node, 'subquery_type') === 'ANY' && isOwn(child(node, 'child'));
    case 'OPERATOR':
      if (!Array.isArray(node.children)) return false;
      if (['COMPARE_IN', 'COMPARE_NOT_IN', 'OPERATOR_IS_NOT_NULL'].includes(text(node, 'type'))) return isOwn(node.children[0] as TreeNode);
      return false;
    case 'CONJUNCTION': {
      const parts = (Array.isArray(node.children) ? node.children : []) as TreeNode[];
      return text(node, 'type') === 'CONJUNCTION_AND'
        ? parts.some((part) => rejectsNulls(isColumn, part))
        : parts.every((part) => rejectsNulls(isColumn, part));
    }
    default:
      return false;
  }
}

/** What an expression reads from outside itself, and the occurrences that its own subqueries read. */
export interface Reads {
  readonly outer: readonly { readonly source: Source; readonly scope: Scope }[];
  readonly inner: ReadonlySet<Occurrence>;
}

/** `scope` is where the expression stands: what its own subqueries define does not count as read from outside. */
export function readsOf(bound: BoundQuery, node: TreeNode, scope: Scope): Reads {
  const reachable = new Set<Scope>();
  for (let current: Scope | undefined = scope; current !== undefined; current = enclosing(bound, current)) reachable.add(current);
  const outer: { source: Source; scope: Scope }[] = [];
  const inner = new Set<Occurrence>();
  walk(node, (part) => {
    const resolution = bound.resolutions.get(part);
    if (resolution !== undefined && reachable.has(resolution.scope))
      for (const source of [resolution.source, ...(resolution.others ?? [])]) outer.push({ source, scope: resolution.scope });
    if (part !== node || part.class === 'SUBQUERY' || part.type === 'SUBQUERY')
      for (const occurrence of bound.within.get(part) ?? []) inner.add(occurrence);
    return undefined;
  });
  return { outer, inner };
}
