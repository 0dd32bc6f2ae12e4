import { columnRef, conjunction } from '../sql/build.ts';
import { child, children, cloneNode, isNode, type TreeNode, type TreeValue, text, texts } from '../sql/tree.ts';
import { bindExpression } from './bind-expression.ts';
import { bindFrom } from './bind-from.ts';
import { type BinderState, type CteMeaning, fail, type NameEnvironment } from './binder-state.ts';
import { isNullSuppliedBy, pathTo } from './conditions.ts';
import { joined } from './implied.ts';
import { lookUp } from './lookup.ts';
import { findColumn, needColumn, visibleColumns } from './needed.ts';
import { isNamed } from './stars.ts';
import type { Occurrence, Origin, OutputColumn, Scope, Source } from './types.ts';

/** What a query node gives: its columns where they are known, and the occurrences that it reads. */
export interface QueryOutput {
  readonly columns: readonly OutputColumn[] | undefined;
  readonly occurrences: ReadonlySet<Occurrence>;
  /** The SELECTs of which every row is given, unless a set operation drops it for what it is. */
  readonly leaves: readonly Scope[];
}

/** Binds a query node of any kind below `parent`. */
export function bindQueryNode(state: BinderState, node: TreeNode, parent: Scope | undefined, environment: NameEnvironment): QueryOutput {
  switch (text(node, 'type')) {
    case 'SELECT_NODE':
      return bindSelect(state, node, parent, environment);
    case 'SET_OPERATION_NODE': {
      const inner = bindCtes(state, node, parent, environment);
      const sides = [child(node, 'left'), child(node, 'right'), ...children(node, 'children')].filter((side) => side !== undefined);
      const outputs = sides.map((side) => bindQueryNode(state, side, parent, inner.environment));
      const bare = emptyScope(node, parent, inner.environment);
      for (const modifier of children(node, 'modifiers')) bindLimits(state, modifier, { scope: bare, environment: inner.environment });
      const isByPosition = !text(node, 'setop_type').endsWith('BY_NAME') && !isLimited(node);
      return {
        columns: outputs[0]?.columns?.map((column, index) => ({
          ...column,
          origins: isByPosition ? outputs.flatMap((output) => output.columns?.[index]?.origins ?? []) : [],
        })),
        occurrences: union([inner.occurrences, ...outputs.map((output) => output.occurrences)]),
        leaves: isByPosition ? outputs.flatMap((output) => output.leaves) : [],
      };
    }
    case 'RECURSIVE_CTE_NODE': {
      const left = child(node, 'left');
      const right = child(node, 'right');
      const inner = bindCtes(state, node, parent, environment);
      const first = left === undefined ? undefined : bindQueryNode(state, left, parent, inner.environment);
      const name = text(node, 'cte_name').toLowerCase();
      const aliases = texts(node, 'aliases');
      const columns = first?.columns?.map((column, index) => ({ ...column, name: aliases[index] ?? column.name }));
      const itself: CteMeaning = { columns, occurrences: new Set(), isRecursive: true, node, leaves: [] };
      const second =
        right === undefined
          ? undefined
          : bindQueryNode(state, right, parent, { ...inner.environment, ctes: new Map([...inner.environment.ctes, [name, itself]]) });
      return {
        columns,
        occurrences: union([inner.occurrences, first?.occurrences ?? new Set(), second?.occurrences ?? new Set()]),
        leaves: [],
      };
    }
    case 'CTE_NODE': {
      const inner = bindCtes(state, node, parent, environment);
      const query = child(node, 'query');
      const output = query === undefined ? undefined : bindQueryNode(state, query, parent, inner.environment);
      const name = text(node, 'ctename');
      const below = child(node, 'child');
      const meaning: CteMeaning = {
        columns: output?.columns,
        occurrences: output?.occurrences ?? new Set(),
        isRecursive: false,
        node,
        leaves: output?.leaves ?? [],
      };
      const rest =
        below === undefined
          ? undefined
          : bindQueryNode(state, below, parent, {
              ...inner.environment,
              ctes: new Map([...inner.environment.ctes, [name.toLowerCase(), meaning]]),
            });
      return {
        columns: rest?.columns,
        occurrences: union([inner.occurrences, output?.occurrences ?? new Set(), rest?.occurrences ?? new Set()]),
        leaves: rest?.leaves ?? [],
      };
    }
    default:
      fail(state, 'unsupported_syntax', node, `A query of the kind ${text(node, 'type')} is not supported here`);
      return { columns: undefined, occurrences: new Set(), leaves: [] };
  }
}

function bindCtes(
  state: BinderState,
  node: TreeNode,
  parent: Scope | undefined,
  environment: NameEnvironment,
): { readonly environment: NameEnvironment; readonly occurrences: ReadonlySet<Occurrence> } {
  let current = environment;
  const occurrences = new Set<Occurrence>();
  const map = child(node, 'cte_map');
  for (const entry of map === undefined ? [] : children(map, 'map')) {
    const value = child(entry, 'value');
    const statement = value === undefined ? undefined : child(value, 'query');
    const query = statement === undefined ? undefined : child(statement, 'node');
    if (value === undefined || query === undefined) continue;
    const output = bindQueryNode(state, query, parent, current);
    const aliases = texts(value, 'aliases');
    const columns = output.columns?.map((column, index) => ({ ...column, name: aliases[index] ?? column.name }));
    for (const occurrence of output.occurrences) occurrences.add(occurrence);
    const meaning: CteMeaning = { columns, occurrences: output.occurrences, isRecursive: false, node: query, leaves: output.leaves };
    current = { ctes: new Map([...current.ctes, [text(entry, 'key').toLowerCase(), meaning]]), cteNodes: [...current.cteNodes, entry] };
  }
  return { environment: current, occurrences };
}

function bindSelect(state: BinderState, node: TreeNode, parent: Scope | undefined, environment: NameEnvironment): QueryOutput {
  const inner = bindCtes(state, node, parent, environment);
  const scope = emptyScope(node, parent, inner.environment);
  const before = state.mentions.length;
  const from = child(node, 'from_table');
  if (from !== undefined) bindFrom(state, from, scope, inner.environment, false);
  const items = children(node, 'select_list');
  for (const item of items) if (text(item, 'alias') !== '') scope.aliases.add(text(item, 'alias').toLowerCase());
  spreadSubdomain(node, scope);
  for (const group of children(node, 'group_expressions')) {
    const found = group.class === 'COLUMN_REF' ? lookUp(scope, texts(group, 'column_names')) : undefined;
    if (found?.kind === 'column' && found.rest.length === 0) scope.grouped.add(found.column);
  }
  for (const item of items) bindSelectItem(state, item, scope, inner.environment);
  for (const key of ['where_clause', 'having', 'qualify']) {
    const clause = child(node, key);
    if (clause !== undefined)
      bindExpression(state, clause, { scope, environment: inner.environment, locals: new Set(), isWhere: key === 'where_clause' });
  }
  for (const group of children(node, 'group_expressions'))
    bindExpression(state, group, { scope, environment: inner.environment, locals: new Set() });
  for (const modifier of children(node, 'modifiers')) bindModifier(state, modifier, scope, inner.environment);
  const occurrences = new Set([...inner.occurrences, ...state.mentions.slice(before)]);
  return { columns: outputColumns(state, items, scope), occurrences, leaves: isLimited(node) ? [] : [scope] };
}

/** True where which rows a query gives depends on the rows beside them. */
function isLimited(node: TreeNode): boolean {
  return (
    child(node, 'sample') !== undefined ||
    children(node, 'modifiers').some(
      (modifier) => text(modifier, 'type').startsWith('LIMIT') || children(modifier, 'distinct_on_targets').length > 0,
    )
  );
}

/** A name in ORDER BY that is an alias of the select list means the alias. */
function bindModifier(state: BinderState, modifier: TreeNode, scope: Scope, environment: NameEnvironment): void {
  const options = { scope, environment, locals: new Set<string>() };
  for (const order of children(modifier, 'orders')) {
    const expression = child(order, 'expression');
    if (expression === undefined || isAll(expression)) continue;
    const names = texts(expression, 'column_names');
    if (expression.class === 'COLUMN_REF' && names.length === 1 && scope.aliases.has((names[0] ?? '').toLowerCase())) continue;
    bindExpression(state, expression, options);
  }
  for (const target of children(modifier, 'distinct_on_targets')) bindExpression(state, target, options);
  bindLimits(state, modifier, options);
}

function bindLimits(state: BinderState, modifier: TreeNode, at: { readonly scope: Scope; readonly environment: NameEnvironment }): void {
  for (const key of ['limit', 'offset']) {
    const expression = child(modifier, key);
    if (expression !== undefined) bindExpression(state, expression, { ...at, locals: new Set() });
  }
}

function emptyScope(select: TreeNode, parent: Scope | undefined, environment: NameEnvironment): Scope {
  return {
    parent,
    select,
    sources: [],
    merged: new Map(),
    aliases: new Set(),
    grouped: new Set(),
    ctes: environment.cteNodes,
  };
}

/** `ORDER BY ALL`: the select list, not the columns of the relations. */
function isAll(expression: TreeNode): boolean {
  return (
    expression.class === 'STAR' &&
    child(expression, 'expr') === undefined &&
    ['exclude_list', 'qualified_exclude_list', 'replace_list', 'rename_list'].every((key) => !isFilled(expression[key]))
  );
}

function isFilled(value: TreeValue | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}

function bindSelectItem(state: BinderState, item: TreeNode, scope: Scope, environment: NameEnvironment): void {
  const isNamed = text(item, 'alias') !== '';
  const isStar = item.class === 'STAR';
  const original = isNamed || isStar ? undefined : cloneNode(item);
  bindExpression(state, item, { scope, environment, locals: new Set() });
  if (original === undefined) return;
  if (original.class === 'COLUMN_REF') item.alias = texts(original, 'column_names').at(-1) ?? '';
  else if (containsReference(original)) state.renames.push({ item, original });
}

function containsReference(value: TreeNode): boolean {
  if (value.class === 'COLUMN_REF') return true;
  return Object.values(value).some((item) =>
    Array.isArray(item) ? item.some((inner) => isNode(inner) && containsReference(inner)) : isNode(item) && containsReference(item),
  );
}

/**
 * `subdomain = 'acme'` without a qualifier speaks of every relation of its SELECT that WHERE sees. Where an outer join has no row of one,
 * there is nothing that it could speak of.
 */
function spreadSubdomain(select: TreeNode, scope: Scope): void {
  const from = child(select, 'from_table');
  const where = child(select, 'where_clause');
  if (from === undefined || where === undefined) return;
  const relations = scope.sources.flatMap((source) => {
    const joins = source.kind === 'relation' ? pathTo(from, source.occurrence.node) : undefined;
    if (joins === undefined || joins.some(({ join, side }) => side === 'right' && isTest(join))) return [];
    return [{ alias: source.alias, isOptional: joins.some(({ join, side }) => mayLackRow(join, side)) }];
  });
  const parts = where.type === 'CONJUNCTION_AND' ? children(where, 'children') : [where];
  const spread = parts.flatMap((part) => {
    const references: TreeNode[] = [];
    collectPlain(part, references);
    const name = texts(references[0] ?? {}, 'column_names').join('.');
    if (references.length !== 1 || name.toLowerCase() !== 'subdomain' || relations.length === 0) return [part];
    return relations.map(({ alias, isOptional }, index) => {
      const own = index === 0 ? part : cloneNode(part);
      const references: TreeNode[] = [];
      collectPlain(own, references);
      for (const reference of references) reference.column_names = [alias, name];
      return isOptional ? joined('CONJUNCTION_OR', [own, isNull(columnRef([alias, name]))]) : own;
    });
  });
  if (spread.some((part, index) => part !== parts[index])) select.where_clause = conjunction(spread);
}

/** True for the side of a join of which a row may be left out. */
function mayLackRow(join: TreeNode, side: 'left' | 'right'): boolean {
  return text(join, 'ref_type') === 'POSITIONAL' || isNullSuppliedBy(text(join, 'join_type'), side);
}

/** A join whose right side only tells which rows of the left one stay. */
function isTest(join: TreeNode): boolean {
  return ['SEMI', 'ANTI'].includes(text(join, 'join_type'));
}

function isNull(node: TreeNode): TreeNode {
  return { class: 'OPERATOR', type: 'OPERATOR_IS_NULL', alias: '', query_location: 0, children: [node] };
}

function collectPlain(node: TreeNode, into: TreeNode[]): void {
  if (node.class === 'COLUMN_REF') into.push(node);
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const item of value) if (isNode(item)) collectPlain(item, into);
    if (isNode(value)) collectPlain(value, into);
  }
}

function outputColumns(state: BinderState, items: readonly TreeNode[], scope: Scope): readonly OutputColumn[] | undefined {
  const columns: OutputColumn[] = [];
  for (const item of items) {
    if (item.class === 'STAR') {
      const expanded = starColumns(state, item, scope);
      if (expanded === undefined) return undefined;
      columns.push(...expanded);
      continue;
    }
    columns.push({
      name: text(item, 'alias'),
      ...typeOf(state, item),
      origins: [{ scope, node: item }],
    });
  }
  return columns;
}

/** Functions that give one of their first argument's values. */
const PASSING = new Set(
  'any_value arbitrary first last min max mode arg_max arg_min argmax argmin max_by min_by first_value last_value nth_value lag lead nullif'.split(
    ' ',
  ),
);

/** The type of an expression, where it is known without the engine: that of a column, also when an aggregate, COALESCE or CASE picks its value. */
function typeOf(state: BinderState, node: TreeNode): Pick<OutputColumn, 'shape' | 'sqlType'> {
  const resolution = state.resolutions.get(node);
  const sqlType = resolution?.sqlType ?? state.types.get(node)?.sqlType;
  if (resolution !== undefined || sqlType !== undefined) return { shape: resolution?.shape, sqlType };
  const isPassing = node.type === 'OPERATOR_COALESCE' || PASSING.has(text(node, 'function_name').toLowerCase());
  const [first] = children(node, node.class === 'CASE' ? 'case_checks' : 'children');
  const value = node.class === 'CASE' ? child(first ?? {}, 'then_expr') : isPassing ? first : undefined;
  return value === undefined ? { shape: undefined, sqlType: undefined } : typeOf(state, value);
}

function starColumns(state: BinderState, star: TreeNode, scope: Scope): readonly OutputColumn[] | undefined {
  if (star.columns === true) return undefined;
  const qualifier = text(star, 'relation_name').toLowerCase();
  const excluded = new Set(texts(star, 'exclude_list').map((name) => name.toLowerCase()));
  const isPlain = !isFilled(star.replace_list);
  if (children(star, 'rename_list').length > 0 || children(star, 'qualified_exclude_list').length > 0) return undefined;
  const columns: OutputColumn[] = [];
  for (const source of scope.sources) {
    if (qualifier !== '' && source.alias.toLowerCase() !== qualifier) continue;
    if (source.kind === 'derived' && source.columns === undefined) return undefined;
    const own =
      source.kind === 'derived'
        ? (source.columns ?? [])
        : visibleColumns(source.occurrence.relation).map((column) => ({
            name: column.name,
            shape: column.shape,
            sqlType: column.shape.sqlType,
          }));
    for (const column of own) {
      const lower = column.name.toLowerCase();
      if (excluded.has(lower) || (scope.merged.has(lower) && columns.some((other) => other.name.toLowerCase() === lower))) continue;
      const isMerged = scope.merged.get(lower) === 'either';
      const isThere = source.kind === 'derived' || !state.unseenStars.has(star) || isNamed(state, column.name);
      columns.push({ ...column, origins: isPlain && !isMerged && isThere ? [originInStar(state, source, column.name, scope)] : [] });
    }
  }
  return columns;
}

/** What a column of a star means, as if it had been written. */
function originInStar(state: BinderState, source: Source, name: string, scope: Scope): Origin {
  const node = columnRef([source.alias, name]);
  if (source.kind === 'derived') {
    const column = source.columns?.find((candidate) => candidate.name === name);
    state.resolutions.set(node, { source, scope, shape: column?.shape, sqlType: column?.sqlType, access: undefined, column });
  } else {
    const { occurrence } = source;
    const column = findColumn(occurrence.relation, name);
    if (column !== undefined) {
      state.references.push({ node, occurrence, column: needColumn(occurrence, column) });
      state.resolutions.set(node, {
        source,
        scope,
        shape: column.shape,
        sqlType: column.shape.sqlType,
        access: { occurrence, column, parameter: undefined, path: [] },
      });
    }
  }
  return { scope, node };
}

function union(sets: readonly ReadonlySet<Occurrence>[]): ReadonlySet<Occurrence> {
  return new Set(sets.flatMap((set) => [...set]));
}
