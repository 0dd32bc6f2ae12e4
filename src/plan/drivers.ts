import { cast, columnRef, conjunction, DISTINCT, document, functionCall, integerConstant, selectNode } from '../sql/build.ts';
import { child, children, cloneNode, isNode, type TreeNode, type TreeValue, text, texts } from '../sql/tree.ts';
import { columnReferences, conjuncts, walk } from '../sql/walk.ts';
import { occurrencesOf } from './binder-state.ts';
import { readsOf, sourcesUnder, usingConditions } from './conditions.ts';
import { enclosing, isSampled } from './inherited.ts';
import type { BoundQuery, Occurrence, Scope, Source } from './types.ts';
import { isVolatile } from './volatile.ts';

/** Part of a FROM clause that can be evaluated over what is staged. */
interface Pruned {
  /** `undefined`: nothing of it can be read. */
  readonly node: TreeNode | undefined;
  readonly kept: ReadonlySet<Source>;
  /** True when nothing was left out. */
  readonly isComplete: boolean;
  readonly hasTarget: boolean;
  /** Conditions of joins whose other side was left out. */
  readonly filters: readonly TreeNode[];
}

/**
 * A query over staging tables for the distinct values that expressions in the conditions of `target` can take in any row
 * that reaches the result: its FROM and WHERE without what is not staged yet, which can only give more values. Columns are
 * named p0, p1, ... `undefined` while something that the expressions read is not staged.
 */
export function driverQuery(
  bound: BoundQuery,
  target: Occurrence,
  expressions: readonly TreeNode[],
  staged: ReadonlySet<Occurrence>,
): TreeNode | undefined {
  if (expressions.some(isVolatile)) return undefined;
  const reads = expressions.map((expression) => readsOf(bound, expression, target.scope));
  for (const read of reads) for (const occurrence of read.inner) if (!staged.has(occurrence)) return undefined;
  const scopes = new Set(reads.flatMap((read) => read.outer.flatMap((entry) => [...scopesBehind(bound, entry.source, entry.scope)])));
  const levels: Pruned[] = [];
  const filters: TreeNode[] = [];
  const kept = new Set<Source>();
  const chain: Scope[] = [];
  for (let scope: Scope | undefined = target.scope; scope !== undefined; scope = enclosing(bound, scope))
    if (scopes.has(scope)) chain.unshift(scope);
  for (const scope of chain) {
    const pruned = pruneFrom(bound, scope, target, staged, kept);
    if (pruned?.node === undefined) return undefined;
    levels.push(pruned);
    for (const source of pruned.kept) kept.add(source);
  }
  for (const read of reads) for (const { source } of read.outer) if (!kept.has(source)) return undefined;
  const canRead = (node: TreeNode, scope: Scope): boolean => {
    if (isVolatile(node) || bound.isBlind?.(node) === true || namesAlias(bound, node, scope)) return false;
    const read = readsOf(bound, node, scope);
    return read.outer.every((entry) => kept.has(entry.source)) && [...read.inner].every((occurrence) => staged.has(occurrence));
  };
  chain.forEach((scope, index) => {
    filters.push(...(levels[index]?.filters ?? []));
    if (!isSampled(scope.select)) filters.push(...conjuncts(child(scope.select, 'where_clause')).filter((node) => canRead(node, scope)));
  });
  const from = levels
    .map((level) => level.node)
    .reduce((left, right) => (left === undefined || right === undefined ? (left ?? right) : crossJoin(left, right)), undefined);
  const select = expressions.map((expression, index) => ({ ...cloneNode(expression), alias: `p${index}` }));
  return document(
    selectNode({
      select,
      from: from ?? { type: 'EMPTY', alias: '', sample: null, query_location: 0 },
      where: conjunction(filters.map((filter) => cloneNode(filter))),
      modifiers: [cloneNode(DISTINCT)],
      ctes: usableCtes(bound, target.scope, staged),
    }),
  );
}

/** True for a condition that speaks of the select list, which a query of its own does not have. */
function namesAlias(bound: BoundQuery, node: TreeNode, scope: Scope): boolean {
  return columnReferences(node).some((reference) => {
    const [name = '', ...more] = texts(reference, 'column_names');
    return more.length === 0 && !bound.resolutions.has(reference) && scope.aliases.has(name.toLowerCase());
  });
}

/** The distinct rows of an uncorrelated subquery over staging tables, or `undefined` while it cannot run. */
export function subqueryDriver(bound: BoundQuery, subquery: TreeNode, scope: Scope, staged: ReadonlySet<Occurrence>): TreeNode | undefined {
  const statement = child(subquery, 'subquery');
  const read = readsOf(bound, statement ?? {}, scope);
  const inner = bound.within.get(subquery) ?? new Set<Occurrence>();
  if (read.outer.length > 0 || [...inner].some((occurrence) => !staged.has(occurrence))) return undefined;
  const query = statement === undefined ? undefined : child(statement, 'node');
  if (statement === undefined || query === undefined || isVolatile(query)) return undefined;
  const from: TreeNode = {
    type: 'SUBQUERY',
    alias: 'd',
    sample: null,
    query_location: 0,
    subquery: { node: sighted(bound, query), named_param_map: [] },
    column_name_alias: ['p0'],
  };
  return document(
    selectNode({
      select: [columnRef(['d', 'p0'], 'p0')],
      from,
      modifiers: [cloneNode(DISTINCT)],
      ctes: usableCtes(bound, scope, staged),
    }),
  );
}

/** A copy without the conditions that cannot be evaluated over what is staged. */
function sighted<T extends TreeValue>(bound: BoundQuery, value: T): T {
  const { isBlind } = bound;
  if (isBlind === undefined) return cloneNode(value);
  if (Array.isArray(value)) return (value as TreeValue[]).map((item) => sighted(bound, item)) as TreeValue as T;
  if (!isNode(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const isWhere = key === 'where_clause' && isNode(item);
    return [
      key,
      isWhere
        ? conjunction(
            conjuncts(item)
              .filter((part) => !isBlind(part))
              .map((part) => sighted(bound, part)),
          )
        : sighted(bound, item),
    ];
  });
  return Object.fromEntries(entries) as T;
}

/** The common table expressions that can be evaluated now, of a scope and those around it: what is asked of its rows may come from there. */
function usableCtes(bound: BoundQuery, scope: Scope, staged: ReadonlySet<Occurrence>): TreeNode {
  const usable = new Map<string, TreeNode>();
  for (const entry of new Set([...around(bound, scope)].flatMap(({ ctes }) => ctes))) {
    const inner = new Set<Occurrence>();
    walk(entry, (node) => {
      for (const occurrence of bound.within.get(node) ?? []) inner.add(occurrence);
      return undefined;
    });
    if ([...inner].every((occurrence) => staged.has(occurrence))) usable.set(text(entry, 'key').toLowerCase(), sighted(bound, entry));
  }
  return { map: [...usable.values()] };
}

/** A scope and all that it stands in or is used by, outermost first. */
function around(bound: BoundQuery, scope: Scope, found = new Set<Scope>()): ReadonlySet<Scope> {
  for (const outer of [scope.parent, ...(bound.uses.get(scope) ?? []).map((use) => use.scope)])
    if (outer !== undefined && !found.has(outer)) around(bound, outer, found);
  return found.add(scope);
}

/** The scope of a FROM item, and those around it that a lateral item reads. */
function scopesBehind(bound: BoundQuery, source: Source, scope: Scope): ReadonlySet<Scope> {
  const found = new Set([scope]);
  if (source.kind === 'derived')
    for (const entry of readsOf(bound, source.node, scope).outer) {
      if (entry.source === source) continue;
      for (const behind of scopesBehind(bound, entry.source, entry.scope)) found.add(behind);
    }
  return found;
}

/** `outside` are the items of the scopes around that are kept: a lateral item may read them. */
function pruneFrom(
  bound: BoundQuery,
  scope: Scope,
  target: Occurrence,
  staged: ReadonlySet<Occurrence>,
  outside: ReadonlySet<Source>,
): Pruned | undefined {
  const from = child(scope.select, 'from_table');
  if (from === undefined) return undefined;
  const dropped = new Set<TreeNode>();
  // A lateral item can only stay with what it refers to; leaving one out may strand another.
  for (;;) {
    const pruned = prune(bound, scope, from, target, staged, dropped);
    const stranded = [...pruned.kept].filter(
      (source) =>
        source.kind === 'derived' &&
        readsOf(bound, source.node, scope).outer.some(
          (entry) => !(entry.scope === scope ? pruned.kept : outside).has(entry.source) && entry.source !== source,
        ),
    );
    if (stranded.length === 0) return pruned;
    for (const source of stranded) if (source.kind === 'derived') dropped.add(source.node);
  }
}

function prune(
  bound: BoundQuery,
  scope: Scope,
  node: TreeNode,
  target: Occurrence,
  staged: ReadonlySet<Occurrence>,
  dropped: ReadonlySet<TreeNode>,
): Pruned {
  if (node.type !== 'JOIN') {
    const [source] = sourcesUnder(scope, node);
    const isUsable =
      node.type === 'EMPTY' ||
      (source !== undefined &&
        !dropped.has(node) &&
        node !== target.node &&
        !(source.kind === 'derived' && (source.isRecursive || isVolatile(withoutChoice(source.node)))) &&
        [...occurrencesOf(source)].every((occurrence) => staged.has(occurrence)));
    return {
      node: isUsable ? withoutChoice(sighted(bound, node)) : undefined,
      kept: new Set(isUsable && source !== undefined ? [source] : []),
      isComplete: isUsable,
      hasTarget: node === target.node || (source?.kind === 'derived' && source.occurrences.has(target)),
      filters: [],
    };
  }
  const left = child(node, 'left');
  const right = child(node, 'right');
  if (left === undefined || right === undefined)
    return { node: undefined, kept: new Set(), isComplete: false, hasTarget: false, filters: [] };
  const sides = { left: prune(bound, scope, left, target, staged, dropped), right: prune(bound, scope, right, target, staged, dropped) };
  return joinPruned(bound, scope, node, sides.left, sides.right, staged);
}

/**
 * An item without its sample, and a lateral one, which cannot be evaluated once for all, without its LIMIT: which rows they keep could
 * change, and more of them drive no less.
 */
function withoutChoice(item: TreeNode): TreeNode {
  const whole = { ...item, sample: null };
  const statement = child(item, 'subquery');
  const query = statement === undefined ? undefined : child(statement, 'node');
  if (query === undefined || statement === undefined || query.type !== 'SELECT_NODE') return whole;
  const modifiers = children(query, 'modifiers').filter((modifier) => !text(modifier, 'type').startsWith('LIMIT'));
  return { ...whole, subquery: { ...statement, node: { ...query, modifiers } } };
}

function joinPruned(bound: BoundQuery, scope: Scope, join: TreeNode, left: Pruned, right: Pruned, staged: ReadonlySet<Occurrence>): Pruned {
  const type = text(join, 'join_type');
  const hasTarget = left.hasTarget || right.hasTarget;
  const kept = new Set([...left.kept, ...right.kept]);
  const readable = (node: TreeNode, within: ReadonlySet<Source>): boolean => {
    if (isVolatile(node) || bound.isBlind?.(node) === true) return false;
    const read = readsOf(bound, node, scope);
    return (
      read.outer.every((entry) => entry.scope !== scope || within.has(entry.source)) &&
      read.outer.every((entry) => entry.scope === scope) &&
      [...read.inner].every((item) => staged.has(item))
    );
  };
  const conditions = [...conjuncts(child(join, 'condition')), ...usingConditions(bound, scope, join)];
  const asIs = (): Pruned => ({
    node: { ...cloneNode(join), left: left.node ?? null, right: right.node ?? null },
    kept,
    isComplete: true,
    hasTarget,
    filters: [...left.filters, ...right.filters],
  });
  const only = (side: Pruned): Pruned => ({ ...side, isComplete: false, hasTarget });
  const asInner = (): Pruned => ({
    node: left.node !== undefined && right.node !== undefined ? crossJoin(left.node, right.node) : (left.node ?? right.node),
    kept,
    isComplete: false,
    hasTarget,
    filters: [...left.filters, ...right.filters, ...conditions.filter((condition) => readable(condition, kept))],
  });
  const isWhole =
    left.isComplete && right.isComplete && (child(join, 'condition') === undefined || readable(child(join, 'condition') ?? {}, kept));
  if (isWhole && !hasTarget) return asIs();
  if (text(join, 'ref_type') === 'ASOF' || text(join, 'ref_type') === 'POSITIONAL')
    return left.isComplete && !left.hasTarget ? only(left) : nothing(hasTarget);
  switch (type) {
    case 'INNER':
      return asInner();
    case 'LEFT':
      return right.hasTarget ? asInner() : left.node !== undefined || left.hasTarget ? only(left) : orNull(only(right));
    case 'RIGHT':
      return left.hasTarget ? asInner() : right.node !== undefined || right.hasTarget ? only(right) : orNull(only(left));
    case 'SEMI':
    case 'ANTI':
      return right.hasTarget ? asInner() : only(left);
    default:
      if (left.hasTarget) return only(left);
      return right.hasTarget ? only(right) : orNull(only(left.isComplete ? left : right));
  }
}

const OR_NULL = ' or null';

/** The rows of a side that an outer join may leave out, and the row of NULLs that it gives instead. */
function orNull(side: Pruned): Pruned {
  if (side.node === undefined) return side;
  const [first] = side.kept;
  let nested = 0;
  walk(side.node, (node) => {
    if (text(node, 'alias').includes(OR_NULL)) nested++;
    return undefined;
  });
  const name = first?.kind === 'relation' ? text(first.occurrence.node, 'alias') : (first?.alias ?? '');
  const alias = `${name}${OR_NULL}${nested === 0 ? '' : nested}`;
  const switches: TreeNode = {
    type: 'SUBQUERY',
    alias,
    sample: null,
    query_location: 0,
    subquery: {
      node: selectNode({
        select: [
          functionCall('unnest', [functionCall('list_value', [cast(integerConstant(1), 'BOOLEAN'), cast(integerConstant(0), 'BOOLEAN')])]),
        ],
        from: { type: 'EMPTY', alias: '', sample: null, query_location: 0 },
      }),
      named_param_map: [],
    },
    column_name_alias: ['is_row'],
  };
  const node = { ...crossJoin(switches, side.node), join_type: 'LEFT', ref_type: 'REGULAR', condition: columnRef([alias, 'is_row']) };
  // The row of NULLs comes from no row of the side, so what joins within the side ask of its rows does not bind it.
  return { ...side, node, filters: [] };
}

function nothing(hasTarget: boolean): Pruned {
  return { node: undefined, kept: new Set(), isComplete: false, hasTarget, filters: [] };
}

function crossJoin(left: TreeNode, right: TreeNode): TreeNode {
  return {
    type: 'JOIN',
    alias: '',
    sample: null,
    query_location: 0,
    left,
    right,
    condition: null,
    join_type: 'INNER',
    ref_type: 'CROSS',
    using_columns: [],
    delim_flipped: false,
    duplicate_eliminated_columns: [],
  };
}
