import { child, children, isNode, type TreeNode, type TreeValue, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import type { BoundQuery, Occurrence } from './types.ts';

/** Functions that give another value each time. */
const RANDOM = new Set(['random', 'uuid', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'setseed', 'nextval']);

/** Aggregates whose value depends on the order in which rows come, which a plan may change. */
const ORDER_SENSITIVE = new Set([
  'first',
  'last',
  'any_value',
  'arbitrary',
  'arg_max',
  'arg_min',
  'argmax',
  'argmin',
  'max_by',
  'min_by',
  'list',
  'array_agg',
  'string_agg',
  'group_concat',
  'listagg',
  'mode',
  'reservoir_quantile',
  'approx_quantile',
  'approx_top_k',
]);

/** True for a query, or an expression with queries in it, of which two evaluations over the same rows may differ: ties under LIMIT, samples, windows. */
export function isVolatile(node: TreeValue | undefined): boolean {
  let found = false;
  walk(node, (part) => {
    if (['EXISTS', 'NOT_EXISTS'].includes(text(part, 'subquery_type'))) {
      // Whether there is a row does not depend on which rows a LIMIT keeps.
      const query = child(child(part, 'subquery') ?? {}, 'node');
      found ||= query !== undefined && isVolatile(query.type === 'SELECT_NODE' ? { ...query, modifiers: [] } : query);
      return false;
    }
    found ||=
      part.type === 'LIMIT_MODIFIER' ||
      part.type === 'LIMIT_PERCENT_MODIFIER' ||
      (part.type === 'DISTINCT_MODIFIER' && children(part, 'distinct_on_targets').length > 0) ||
      part.class === 'WINDOW' ||
      child(part, 'sample') !== undefined ||
      RANDOM.has(text(part, 'function_name').toLowerCase()) ||
      (part.class === 'FUNCTION' && ORDER_SENSITIVE.has(text(part, 'function_name').toLowerCase()));
    return !found;
  });
  return found;
}

/** True for a query that reads nothing of the queries around it. */
export function standsAlone(bound: BoundQuery, node: TreeNode): boolean {
  const within = new Set<TreeNode>();
  walk(node, (part) => {
    within.add(part);
    return undefined;
  });
  return [...within].every((part) => {
    const resolution = bound.resolutions.get(part);
    return resolution === undefined || within.has(resolution.scope.select);
  });
}

/** A part of a query that two evaluations could answer differently, and the common table expressions in its reach. */
export interface VolatilePart {
  /** The query node, to be put in place of. */
  readonly query: TreeNode;
  readonly ctes: readonly TreeNode[];
  readonly reads: ReadonlySet<Occurrence>;
}

/** The outermost subqueries and common table expressions that are volatile and stand alone. */
export function volatileParts(bound: BoundQuery): VolatilePart[] {
  const found: VolatilePart[] = [];
  const visit = (value: TreeValue | undefined, ctes: readonly TreeNode[]): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, ctes);
    if (!isNode(value)) return;
    const node = value;
    let reach = ctes;
    const own = child(node, 'cte_map');
    for (const entry of own === undefined ? [] : children(own, 'map')) {
      const query = child(child(child(entry, 'value') ?? {}, 'query') ?? {}, 'node');
      if (query !== undefined) visitQuery(query, reach);
      reach = [...reach, entry];
    }
    for (const [key, item] of Object.entries(node)) {
      // What recurs reads itself, so it cannot be evaluated apart.
      if (key === 'cte_map' || (node.type === 'RECURSIVE_CTE_NODE' && key === 'right')) continue;
      const query = key === 'subquery' ? child(child(node, 'subquery') ?? {}, 'node') : undefined;
      if (query === undefined) visit(item, reach);
      else visitQuery(query, reach);
    }
  };
  const visitQuery = (query: TreeNode, ctes: readonly TreeNode[]): void => {
    if (isVolatile(query) && standsAlone(bound, query)) found.push({ query, ctes, reads: readsWithin(bound, query) });
    else visit(query, ctes);
  };
  visit(bound.tree, []);
  return found;
}

function readsWithin(bound: BoundQuery, query: TreeNode): ReadonlySet<Occurrence> {
  const reads = new Set<Occurrence>();
  walk(query, (node) => {
    for (const occurrence of bound.within.get(node) ?? []) reads.add(occurrence);
    return undefined;
  });
  return reads;
}
