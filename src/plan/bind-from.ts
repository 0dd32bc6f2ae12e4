import { child, children, cloneNode, replaceNode, type TreeNode, text, texts } from '../sql/tree.ts';
import { bindExpression } from './bind-expression.ts';
import { bindQueryNode } from './bind-select.ts';
import { type BinderState, fail, type NameEnvironment, occurrencesOf } from './binder-state.ts';
import { lookUp } from './lookup.ts';
import { findColumn, findParameter, needColumn, needParameter, visibleColumns } from './needed.ts';
import type { Occurrence, OutputColumn, Scope, Source } from './types.ts';

/** Table functions whose columns are known without asking the engine. */
const FUNCTION_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  json_each: ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path', 'json', 'root', 'rowid'],
  json_tree: ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path', 'json', 'root', 'rowid'],
  range: ['range'],
  generate_series: ['generate_series'],
};

/** Binds a FROM item and adds its sources to the scope, left to right, so that later items may refer to earlier ones. */
export function bindFrom(state: BinderState, node: TreeNode, scope: Scope, environment: NameEnvironment, isBarred: boolean): void {
  const barred = isBarred || child(node, 'sample') !== undefined;
  switch (text(node, 'type')) {
    case 'EMPTY':
      return;
    case 'BASE_TABLE':
      bindTable(state, node, scope, environment, barred);
      return;
    case 'JOIN':
      bindJoin(state, node, scope, environment, barred);
      return;
    case 'SUBQUERY': {
      const statement = child(node, 'subquery');
      const query = statement === undefined ? undefined : child(statement, 'node');
      if (query === undefined) return;
      const output = bindQueryNode(state, query, scope, environment);
      if (text(node, 'alias') === '') node.alias = freeAlias(scope);
      addDerived(state, scope, node, text(node, 'alias'), output.columns, output.occurrences, { leaves: output.leaves, isBarred: barred });
      return;
    }
    case 'TABLE_FUNCTION': {
      const call = child(node, 'function');
      if (call === undefined) return;
      const name = text(call, 'function_name').toLowerCase();
      const before = state.mentions.length;
      const seen = new Set<Source>();
      const locals = namedArguments(call);
      bindExpression(state, call, { scope, environment, locals, isTableFunction: true, onSource: (source) => seen.add(source) });
      const occurrences = new Set([...[...seen].flatMap((source) => [...occurrencesOf(source)]), ...state.mentions.slice(before)]);
      if (text(node, 'alias') === '') node.alias = name;
      const known = name === 'unnest' ? [{ name: 'unnest' }] : FUNCTION_COLUMNS[name]?.map((column) => ({ name: column }));
      addDerived(
        state,
        scope,
        node,
        text(node, 'alias') || name,
        known?.map((column) => ({ ...column, shape: undefined, sqlType: undefined })),
        occurrences,
      );
      return;
    }
    case 'EXPRESSION_LIST': {
      const rows = node.values;
      const width = Array.isArray(rows) && Array.isArray(rows[0]) ? rows[0].length : 0;
      bindExpression(state, node, { scope, environment, locals: new Set() });
      const columns = Array.from({ length: width }, (_, index) => ({
        name: texts(node, 'expected_names')[index] ?? `col${index}`,
        shape: undefined,
        sqlType: undefined,
      }));
      addDerived(state, scope, node, text(node, 'alias'), columns, new Set());
      return;
    }
    case 'PIVOT':
      bindPivot(state, node, scope, environment);
      return;
    case 'SHOW_REF': {
      const query = child(node, 'query');
      const output = query === undefined ? undefined : bindQueryNode(state, query, scope, environment);
      addDerived(state, scope, node, text(node, 'alias'), undefined, output?.occurrences ?? new Set());
      return;
    }
    default:
      fail(state, 'unsupported_syntax', node, `A FROM item of the kind ${text(node, 'type')} is not supported here`);
  }
}

/** A name for a subquery that has none, so that columns can be qualified by it: what the engine calls it. */
function freeAlias(scope: Scope): string {
  const taken = new Set(scope.sources.map((source) => source.alias.toLowerCase()));
  for (let number = 1; ; number++) {
    const alias = `unnamed_subquery${number === 1 ? '' : number}`;
    if (!taken.has(alias)) return alias;
  }
}

function bindTable(state: BinderState, node: TreeNode, scope: Scope, environment: NameEnvironment, isBarred: boolean): void {
  const name = text(node, 'table_name');
  const isPlain = text(node, 'schema_name') === '' && text(node, 'catalog_name') === '';
  const cte = isPlain ? environment.ctes.get(name.toLowerCase()) : undefined;
  if (cte !== undefined) {
    const alias = text(node, 'alias') || name;
    state.mentions.push(...cte.occurrences);
    addDerived(state, scope, node, alias, cte.columns, cte.occurrences, { isRecursive: cte.isRecursive, leaves: cte.leaves, isBarred });
    return;
  }
  const meaning = state.tables.get(node);
  switch (meaning?.kind) {
    case 'local':
      state.usesLocal = true;
      addDerived(state, scope, node, text(node, 'alias') || name, meaning.columns, new Set());
      return;
    case 'view': {
      const output = bindQueryNode(state, meaning.query, undefined, { ctes: new Map(), cteNodes: [] });
      const alias = text(node, 'alias') || name;
      const given = texts(node, 'column_name_alias');
      replaceNode(node, {
        type: 'SUBQUERY',
        alias,
        sample: cloneNode(node.sample ?? null),
        query_location: node.query_location ?? 0,
        subquery: { node: meaning.query, named_param_map: [] },
        column_name_alias: [...meaning.columns.map((column, index) => given[index] ?? column), ...given.slice(meaning.columns.length)],
      });
      addDerived(state, scope, node, alias, output.columns, output.occurrences, { leaves: output.leaves, isBarred });
      return;
    }
    case 'relation': {
      const alias = text(node, 'alias') || name;
      const occurrence: Occurrence = {
        id: `${state.context.stagePrefix}s${state.occurrences.length + 1}`,
        relation: meaning.relation,
        alias,
        scope,
        node,
        needed: new Map(),
        wholeRow: false,
        isBarred,
      };
      if (texts(node, 'column_name_alias').length > 0) {
        fail(state, 'unsupported_syntax', node, `${meaning.relation.id} cannot be given a column list`, {
          hint: 'Name the columns in a subquery: (SELECT id AS a, status AS b FROM ...) AS t',
        });
      }
      state.occurrences.push(occurrence);
      state.mentions.push(occurrence);
      state.within.set(node, new Set([occurrence]));
      scope.sources.push({ kind: 'relation', alias, occurrence, names: text(node, 'alias') === '' ? meaning.names : [alias] });
      return;
    }
    default:
      if (meaning?.kind === 'unknown') state.errors.push(meaning.error);
      addDerived(state, scope, node, text(node, 'alias') || name, undefined, new Set());
  }
}

function bindJoin(state: BinderState, node: TreeNode, scope: Scope, environment: NameEnvironment, isBarred: boolean): void {
  const left = child(node, 'left');
  const right = child(node, 'right');
  const kind = text(node, 'ref_type');
  const barred = isBarred || kind === 'POSITIONAL';
  const start = scope.sources.length;
  if (left !== undefined) bindFrom(state, left, scope, environment, barred);
  const middle = scope.sources.length;
  if (right !== undefined) bindFrom(state, right, scope, environment, barred);
  const leftSources = scope.sources.slice(start, middle);
  const rightSources = scope.sources.slice(middle);
  if (kind === 'NATURAL') {
    const common = naturalColumns(leftSources, rightSources);
    if (common !== undefined) {
      node.ref_type = 'REGULAR';
      if (common.length === 0) node.ref_type = 'CROSS';
      node.using_columns = common;
    }
  }
  for (const column of texts(node, 'using_columns')) {
    useByName(leftSources, column);
    useByName(rightSources, column);
    const isEither = ['RIGHT', 'OUTER', 'FULL'].includes(text(node, 'join_type')) || scope.merged.get(column.toLowerCase()) === 'either';
    scope.merged.set(column.toLowerCase(), isEither ? 'either' : 'one');
  }
  const condition = child(node, 'condition');
  if (condition !== undefined) bindExpression(state, condition, { scope, environment, locals: new Set() });
  state.within.set(node, new Set([...leftSources, ...rightSources].flatMap((source) => [...occurrencesOf(source)])));
}

/** The names of arguments in `read_csv('x.csv', header = true)`, which the engine's parser gives as comparisons with columns. */
function namedArguments(call: TreeNode): ReadonlySet<string> {
  const names = children(call, 'children').flatMap((argument) => {
    const left = text(argument, 'type') === 'COMPARE_EQUAL' ? child(argument, 'left') : undefined;
    const parts = left?.class === 'COLUMN_REF' ? texts(left, 'column_names') : [];
    return parts.length === 1 ? parts.map((name) => name.toLowerCase()) : [];
  });
  return new Set(text(call, 'function_name').toLowerCase() === 'unnest' ? [] : names);
}

/** The columns that NATURAL joins: those that both sides show. */
function naturalColumns(left: readonly Source[], right: readonly Source[]): string[] | undefined {
  const shown = (sources: readonly Source[]): Map<string, string> | undefined => {
    const names = new Map<string, string>();
    for (const source of sources) {
      const own = source.kind === 'relation' ? visibleColumns(source.occurrence.relation) : source.columns;
      if (own === undefined) return undefined;
      for (const column of own) names.set(column.name.toLowerCase(), column.name);
    }
    return names;
  };
  const leftNames = shown(left);
  const rightNames = shown(right);
  if (leftNames === undefined || rightNames === undefined) return undefined;
  return [...leftNames].filter(([lower]) => rightNames.has(lower)).map(([, name]) => name);
}

function useByName(sources: readonly Source[], name: string): void {
  for (const source of sources) {
    if (source.kind !== 'relation') continue;
    const column = findColumn(source.occurrence.relation, name);
    const parameter = column === undefined ? findParameter(source.occurrence.relation, name) : undefined;
    if (column !== undefined) needColumn(source.occurrence, column);
    else if (parameter !== undefined) needParameter(source.occurrence, parameter.name, parameter.shape);
  }
}

function bindPivot(state: BinderState, node: TreeNode, scope: Scope, environment: NameEnvironment): void {
  const source = child(node, 'source');
  const inner: Scope = {
    parent: scope.parent,
    select: scope.select,
    sources: [],
    merged: new Map(),
    aliases: new Set(),
    grouped: new Set(),
    ctes: scope.ctes,
  };
  if (source !== undefined) bindFrom(state, source, inner, environment, false);
  const occurrences = new Set(inner.sources.flatMap((item) => [...occurrencesOf(item)]));
  for (const item of inner.sources) {
    if (item.kind !== 'relation') continue;
    item.occurrence.wholeRow = true;
    for (const column of visibleColumns(item.occurrence.relation)) needColumn(item.occurrence, column);
  }
  for (const list of ['aggregates', 'pivots']) for (const part of children(node, list)) usePivotNames(state, part, inner);
  addDerived(state, scope, node, text(node, 'alias'), undefined, occurrences);
}

/** PIVOT works on the published columns, by their own names. */
function usePivotNames(state: BinderState, part: TreeNode, scope: Scope): void {
  const visit = (value: TreeNode): void => {
    if (value.class === 'COLUMN_REF') {
      const names = texts(value, 'column_names');
      const found = lookUp(scope, names);
      const isPlainColumn =
        found?.kind === 'column' && found.rest.length === 0 && visibleColumns(found.source.occurrence.relation).includes(found.column);
      if (found !== undefined && found.kind !== 'derived' && found.kind !== 'open' && !isPlainColumn) {
        fail(state, 'unsupported_syntax', value, `PIVOT sees only the published columns, and ${names.join('.')} is none of them`, {
          hint: `Select it under a name of its own first: PIVOT (SELECT ..., ${names.join('.')} AS x FROM ...) ON x ...`,
        });
      }
      if (isPlainColumn) value.column_names = [names.at(-1) ?? ''];
    }
    for (const item of Object.values(value)) {
      if (Array.isArray(item))
        for (const inner of item) if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) visit(inner as TreeNode);
      if (typeof item === 'object' && item !== null && !Array.isArray(item)) visit(item as TreeNode);
    }
  };
  visit(part);
}

function addDerived(
  state: BinderState,
  scope: Scope,
  node: TreeNode,
  alias: string,
  columns: readonly OutputColumn[] | undefined,
  occurrences: ReadonlySet<Occurrence>,
  {
    isRecursive = false,
    leaves = [],
    isBarred = false,
  }: { readonly isRecursive?: boolean; readonly leaves?: readonly Scope[]; readonly isBarred?: boolean } = {},
): void {
  const given = texts(node, 'column_name_alias');
  const named =
    columns === undefined
      ? undefined
      : columns
          .map((column, index) => ({ ...column, name: given[index] ?? column.name }))
          .concat(given.slice(columns.length).map((name) => ({ name, shape: undefined, sqlType: undefined })));
  const source = { kind: 'derived', alias, columns: named, occurrences, isRecursive, node } as const;
  scope.sources.push(source);
  for (const leaf of leaves) state.uses.set(leaf, [...(state.uses.get(leaf) ?? []), { source, scope, isBarred }]);
  state.within.set(node, occurrences);
}
