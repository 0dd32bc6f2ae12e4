import { child, children, type TreeNode, text } from '../sql/tree.ts';
import { occurrencesOf } from './binder-state.ts';
import { conditionsOn, readsOf } from './conditions.ts';
import { isCollated, isConstant } from './constants.ts';
import { planned } from './implied.ts';
import { isSampled } from './inherited.ts';
import type { BoundQuery, ColumnAccess, Occurrence } from './types.ts';

/** Where the values of a column come from that a condition sets equal to something. */
export type Supply =
  | { readonly kind: 'constants'; readonly nodes: readonly TreeNode[] }
  /** An expression over other FROM items. */
  | { readonly kind: 'driver'; readonly expression: TreeNode; readonly needs: ReadonlySet<Occurrence> }
  /** `column IN (SELECT ...)`. */
  | { readonly kind: 'subquery'; readonly node: TreeNode; readonly needs: ReadonlySet<Occurrence> };

export interface Equality {
  readonly access: ColumnAccess;
  readonly supply: Supply;
  readonly node: TreeNode;
}

/** What is known to hold for every row of an occurrence that reaches the result. */
export interface Knowledge {
  readonly conditions: readonly TreeNode[];
  readonly equalities: readonly Equality[];
}

export function knowledgeOf(bound: BoundQuery, occurrence: Occurrence): Knowledge {
  const conditions = conditionsOn(bound, occurrence);
  return {
    conditions,
    equalities: [
      ...conditions.flatMap((node) => equalitiesIn(bound, occurrence, node)),
      ...named(bound, occurrence),
      ...(bound.kin.get(occurrence) ?? []),
    ],
  };
}

/**
 * What WHERE names for the calls themselves, also where none of its conditions may reach the rows: which org is read, and, of what is
 * sampled, the values of parameters. Without them there is nothing to draw from.
 */
function named(bound: BoundQuery, occurrence: Occurrence): Equality[] {
  const { scope, isBarred } = occurrence;
  const isDrawnFrom = isBarred || isSampled(scope.select);
  return planned(bound, scope, child(scope.select, 'where_clause'))
    .flatMap((node) => equalitiesIn(bound, occurrence, node))
    .filter(
      ({ access: { parameter }, supply }) =>
        supply.kind === 'constants' && (parameter === 'subdomain' || (isDrawnFrom && parameter !== undefined)),
    );
}

/** The equalities that a condition on an occurrence sets. */
export function equalitiesIn(bound: BoundQuery, occurrence: Occurrence, node: TreeNode): Equality[] {
  const accessOf = (operand: TreeNode | undefined): ColumnAccess | undefined => {
    const access = operand === undefined ? undefined : bound.resolutions.get(operand)?.access;
    return access?.occurrence === occurrence ? access : undefined;
  };
  const type = text(node, 'type');
  if (isCollated(node)) return [];
  if (type === 'COMPARE_EQUAL' || type === 'COMPARE_NOT_DISTINCT_FROM') {
    const left = child(node, 'left');
    const right = child(node, 'right');
    if (left === undefined || right === undefined) return [];
    return [
      { access: accessOf(left), other: right },
      { access: accessOf(right), other: left },
    ].flatMap(({ access, other }) => {
      const supply = access === undefined ? undefined : supplyOf(bound, occurrence, other);
      if (access === undefined || supply === undefined) return [];
      // A row whose column is NULL is then looked for too, and no driver looks NULL up.
      const isFound = type === 'COMPARE_EQUAL' || supply.kind === 'constants' || neverLacks(occurrence, access);
      return isFound ? [{ access, supply, node }] : [];
    });
  }
  if (type === 'COMPARE_IN') {
    const [operand, ...values] = children(node, 'children');
    const access = accessOf(operand);
    return access !== undefined && values.every((value) => isConstant(bound, value, occurrence.scope))
      ? [{ access, supply: { kind: 'constants', nodes: values }, node }]
      : [];
  }
  if (node.class === 'SUBQUERY' && text(node, 'subquery_type') === 'ANY' && text(node, 'comparison_type') === 'COMPARE_EQUAL') {
    const access = accessOf(child(node, 'child'));
    const reads = readsOf(bound, child(node, 'subquery') ?? {}, occurrence.scope);
    const needs = bound.within.get(node) ?? new Set<Occurrence>();
    return access !== undefined && reads.outer.length === 0 && !needs.has(occurrence)
      ? [{ access, supply: { kind: 'subquery', node, needs }, node }]
      : [];
  }
  if (type === 'CONJUNCTION_AND') return children(node, 'children').flatMap((part) => equalitiesIn(bound, occurrence, part));
  if (type === 'CONJUNCTION_OR')
    return sameColumn(
      children(node, 'children')
        .filter((part) => !isNullOfNone(part))
        .map((part) => equalitiesIn(bound, occurrence, part)),
      node,
    );
  return [];

  /** `column IS NULL` of a column that every row of the occurrence has: true where an outer join has no row, and nowhere else. */
  function isNullOfNone(part: TreeNode): boolean {
    const access = text(part, 'type') === 'OPERATOR_IS_NULL' ? accessOf(children(part, 'children')[0]) : undefined;
    return access !== undefined && neverLacks(occurrence, access);
  }
}

/** True for what every row of a relation has: its key, the parameters of the calls for it, and the columns of which the overlay says so. */
export function neverLacks({ relation }: Occurrence, { column, parameter, path }: ColumnAccess): boolean {
  const { always = [], key = [] } = relation.overlay.relation;
  return parameter !== undefined || (path.length === 0 && column !== undefined && [...key, ...always].includes(column.name));
}

/** `a = 1 OR a = 2` as `a IN (1, 2)`; so with more beside each: `(a = 1 AND b = 3) OR (a = 2 AND c = 4)`. */
function sameColumn(branches: readonly (readonly Equality[])[], node: TreeNode): Equality[] {
  const [first = [], ...others] = branches;
  return first.flatMap(({ access, supply }) => {
    const supplies = [supply, ...others.map((branch) => branch.find((other) => isSameAccess(other.access, access))?.supply)];
    const nodes = supplies.map((one) => (one?.kind === 'constants' ? one.nodes : undefined));
    return nodes.includes(undefined)
      ? []
      : [{ access, supply: { kind: 'constants', nodes: nodes.flatMap((constants) => constants ?? []) }, node }];
  });
}

function isSameAccess(one: ColumnAccess, other: ColumnAccess): boolean {
  return one.column === other.column && one.parameter === other.parameter && one.path.join('.') === other.path.join('.');
}

function supplyOf(bound: BoundQuery, occurrence: Occurrence, other: TreeNode): Supply | undefined {
  if (isConstant(bound, other, occurrence.scope)) return { kind: 'constants', nodes: [other] };
  const reads = readsOf(bound, other, occurrence.scope);
  const needs = new Set([...reads.outer.flatMap((entry) => [...occurrencesOf(entry.source)]), ...reads.inner]);
  if (needs.has(occurrence)) return undefined;
  if (reads.outer.some(({ source }) => source.kind === 'derived' && (source.isRecursive || isCollated(source.node)))) return undefined;
  return { kind: 'driver', expression: other, needs };
}
