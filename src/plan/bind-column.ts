import type { Shape } from '../catalog/types.ts';
import { functionCall, stringConstant } from '../sql/build.ts';
import { children, isNode, replaceNode, type TreeNode, type TreeValue, text, texts } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import { suggest } from '../util/suggestions.ts';
import { castTo, type ExpressionOptions } from './bind-expression.ts';
import { type BinderState, fail } from './binder-state.ts';
import { type Found, lookUp } from './lookup.ts';
import { descend, findColumn, findParameter, needColumn, needNested, needParameter, nestedType, selectMethods } from './needed.ts';
import { jsonPath, type NestedAccess } from './nested.ts';
import { rowReference } from './stars.ts';
import type { NeededColumn, Occurrence, Resolution, Scope } from './types.ts';
import { isVolatile } from './volatile.ts';

/** Resolves a column reference and, where it means an API relation's, turns it into one to a staging column. */
export function bindColumn(state: BinderState, node: TreeNode, options: ExpressionOptions): void {
  const names = texts(node, 'column_names');
  const [first = ''] = names;
  if (options.locals.has(first.toLowerCase())) return;
  const found = lookUp(options.scope, names);
  if (found === undefined) {
    const moment = names.length === 1 ? state.context.now(first.toLowerCase()) : undefined;
    if (moment !== undefined) replaceNode(node, { ...moment, alias: text(node, 'alias') });
    else if (!isAlias(options.scope, first)) unknownColumn(state, node, names, options.scope);
    else if (options.isWhere === true && names.length === 1) spellOut(state, node, first, options.scope);
    return;
  }
  if (bindMerged(state, node, found, names, options)) return;
  applyFound(state, node, found, [], options);
}

/** An alias of the select list in WHERE, written out: so it is known what the condition reads. One of a subquery stays, for it cannot be read twice. */
function spellOut(state: BinderState, node: TreeNode, alias: string, scope: Scope): void {
  const item = children(scope.select, 'select_list').find((candidate) => text(candidate, 'alias').toLowerCase() === alias.toLowerCase());
  let isPlain = item !== undefined && item.class !== 'STAR';
  walk(item, (part) => {
    if (['SUBQUERY', 'WINDOW', 'LAMBDA'].includes(text(part, 'class'))) isPlain = false;
    return isPlain;
  });
  if (item === undefined || !isPlain || isVolatile(item)) return;
  const copied = (value: TreeValue): TreeValue => {
    if (Array.isArray(value)) return value.map(copied);
    if (!isNode(value)) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner)])) as TreeNode;
    carryOver(state, value, copy);
    return copy;
  };
  replaceNode(node, { ...(copied(item) as TreeNode), alias: '' });
  carryOver(state, item, node);
}

/** Makes a copy mean what the node means. */
function carryOver(state: BinderState, node: TreeNode, copy: TreeNode): void {
  const resolution = state.resolutions.get(node);
  if (resolution !== undefined) state.resolutions.set(copy, resolution);
  const type = state.types.get(node);
  if (type !== undefined) state.types.set(copy, type);
  const reference = state.references.find((candidate) => candidate.node === node);
  if (reference !== undefined) state.references.push({ ...reference, node: copy });
}

/** A column that RIGHT or FULL JOIN ... USING merges keeps its bare name: the engine takes the value of whichever side has a row. */
function bindMerged(state: BinderState, node: TreeNode, found: Found, names: readonly string[], options: ExpressionOptions): boolean {
  const [name = ''] = names;
  if (names.length !== 1 || (found.kind !== 'column' && found.kind !== 'parameter' && found.kind !== 'derived')) return false;
  if (found.scope.merged.get(name.toLowerCase()) !== 'either') return false;
  const shape = found.kind === 'column' ? found.column.shape : found.kind === 'parameter' ? found.shape : found.column?.shape;
  const sqlType = found.kind === 'derived' ? found.column?.sqlType : (shape?.sqlType ?? 'VARCHAR');
  const [first, ...others] = found.scope.sources;
  if (first === undefined) return false;
  for (const source of found.scope.sources) options.onSource?.(source);
  state.resolutions.set(node, { source: first, others, scope: found.scope, shape, sqlType, access: undefined });
  return true;
}

/** Rewrites a nested access; false when its root is nothing that the binder knows, and the engine's own reading stands. */
export function bindNested(state: BinderState, node: TreeNode, access: NestedAccess, options: ExpressionOptions): boolean {
  const names = texts(access.root, 'column_names');
  if (options.locals.has((names[0] ?? '').toLowerCase())) return false;
  const found = lookUp(options.scope, names);
  if (found?.kind === 'column' && found.column.shape.sqlType !== 'JSON') return false;
  if (found?.kind === 'column' || (found?.kind === 'derived' && found.column?.sqlType === 'JSON')) {
    applyFound(state, node, found, access.path, options, access.root);
    return true;
  }
  return false;
}

function applyFound(
  state: BinderState,
  node: TreeNode,
  found: Found,
  below: readonly (string | number)[],
  options: ExpressionOptions,
  root: TreeNode = node,
): void {
  switch (found.kind) {
    case 'open':
      return;
    case 'ambiguous':
      fail(
        state,
        'ambiguous_column',
        root,
        `${texts(root, 'column_names').join('.')} could be a column of ${found.sources.map((source) => source.alias).join(' or ')}`,
        {
          hint: `Say which: ${found.sources.map((source) => `${source.alias}.${texts(root, 'column_names').join('.')}`).join(' or ')}`,
        },
      );
      return;
    case 'missing':
      missingColumn(state, root, found);
      return;
    case 'row':
      options.onSource?.(found.source);
      if (found.source.kind === 'relation') rowReference(state, node, found.source.occurrence);
      return;
    case 'parameter': {
      options.onSource?.(found.source);
      if (found.rest.length + below.length > 0) {
        fail(
          state,
          'unknown_column',
          root,
          `${found.parameter} is a parameter of ${found.source.occurrence.relation.id} and has nothing below it`,
        );
        return;
      }
      const { occurrence } = found.source;
      const column = needParameter(occurrence, found.parameter, found.shape);
      refer(state, node, occurrence, column, {
        source: found.source,
        scope: found.scope,
        shape: found.shape,
        sqlType: column.sqlType,
        access: { occurrence, column: undefined, parameter: found.parameter, path: [] },
      });
      return;
    }
    case 'derived': {
      options.onSource?.(found.source);
      const path = [...found.rest, ...below];
      const resolution: Resolution = {
        source: found.source,
        scope: found.scope,
        shape: found.column?.shape,
        sqlType: found.column?.sqlType,
        access: undefined,
        column: found.column,
      };
      if (path.length === 0 || found.column?.sqlType !== 'JSON') {
        state.resolutions.set(node, resolution);
        return;
      }
      const base: TreeNode = {
        class: 'COLUMN_REF',
        type: 'COLUMN_REF',
        alias: '',
        query_location: root.query_location ?? 0,
        column_names: [found.source.alias, found.name],
      };
      state.resolutions.set(base, resolution);
      extract(state, node, base, found.column.shape, path);
      return;
    }
    case 'column': {
      const only = options.isCompared === true && found.rest.length + below.length === 0 ? parameterInstead(found) : undefined;
      if (only !== undefined) {
        applyFound(state, node, only, below, options, root);
        return;
      }
      options.onSource?.(found.source);
      bindProperty(state, node, found, [...found.rest, ...below], root, options.scope);
    }
  }
}

/** The parameter that an equality on the column's name means instead of the column. */
function parameterInstead(found: Found & { kind: 'column' }): Found | undefined {
  const { relation } = found.source.occurrence;
  if (relation.overlay.relation.parameterOnly?.includes(found.column.name) !== true) return undefined;
  const parameter = findParameter(relation, found.column.name);
  return parameter === undefined
    ? undefined
    : { kind: 'parameter', source: found.source, scope: found.scope, parameter: parameter.name, shape: parameter.shape, rest: [] };
}

function bindProperty(
  state: BinderState,
  node: TreeNode,
  found: Found & { kind: 'column' },
  path: readonly (string | number)[],
  root: TreeNode,
  scope: Scope,
): void {
  const { occurrence } = found.source;
  const { column } = found;
  if (path.length > 0 && column.shape.sqlType !== 'JSON') {
    fail(
      state,
      'unknown_column',
      root,
      `${occurrence.relation.id}.${column.name} is ${column.shape.apiType}, so there is no ${path.join('.')} below it`,
    );
    return;
  }
  const spelled = descend(column.shape, path);
  const resolution: Resolution = {
    source: found.source,
    scope: found.scope,
    shape: spelled.shape,
    sqlType: path.length === 0 ? column.shape.sqlType : nestedType(spelled.shape),
    access: { occurrence, column, parameter: undefined, path: spelled.path },
  };
  if (path.length === 0) {
    refer(state, node, occurrence, needColumn(occurrence, column), resolution);
    return;
  }
  const keys = spelled.path.filter((step) => typeof step === 'string');
  if (keys.length === spelled.path.length && !crossesArray(column.shape, spelled.path) && !scope.grouped.has(column)) {
    refer(state, node, occurrence, needNested(occurrence, [column.wireName, ...keys], spelled.shape), resolution);
    return;
  }
  const base: TreeNode = {
    class: 'COLUMN_REF',
    type: 'COLUMN_REF',
    alias: '',
    query_location: root.query_location ?? 0,
    column_names: [],
  };
  refer(state, base, occurrence, needColumn(occurrence, column), {
    ...resolution,
    access: { occurrence, column, parameter: undefined, path: [] },
  });
  extract(state, node, base, column.shape, spelled.path);
  state.resolutions.set(node, resolution);
}

function crossesArray(shape: Shape, path: readonly (string | number)[]): boolean {
  for (let length = 0; length < path.length; length++) if (descend(shape, path.slice(0, length)).shape?.apiType === 'array') return true;
  return false;
}

function refer(state: BinderState, node: TreeNode, occurrence: Occurrence, column: NeededColumn, resolution: Resolution): void {
  const alias = text(node, 'alias');
  const at = node.query_location ?? 0;
  replaceNode(node, { class: 'COLUMN_REF', type: 'COLUMN_REF', alias, query_location: at, column_names: [occurrence.alias, column.name] });
  state.references.push({ node, occurrence, column });
  state.resolutions.set(node, resolution);
}

/** The text below a JSON value, typed where the schema gives a type. */
function extract(state: BinderState, node: TreeNode, base: TreeNode, shape: Shape | undefined, path: readonly (string | number)[]): void {
  const target = descend(shape, path);
  const sqlType = nestedType(target.shape);
  const call = functionCall(sqlType === 'JSON' ? 'json_extract' : 'json_extract_string', [base, stringConstant(jsonPath(target.path))]);
  const typed = sqlType === 'VARCHAR' || sqlType === 'JSON' ? call : castTo(call, sqlType);
  replaceNode(node, { ...typed, alias: text(node, 'alias') });
  state.types.set(node, { sqlType });
}

function isAlias(scope: Scope, name: string): boolean {
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent)
    if (current.aliases.has(name.toLowerCase())) return true;
  return false;
}

function unknownColumn(state: BinderState, node: TreeNode, names: readonly string[], scope: Scope): void {
  const name = names.join('.');
  const candidates: string[] = [];
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    for (const source of current.sources) {
      if (names.length > 1) candidates.push(source.alias);
      candidates.push(
        ...columnNames(source.kind === 'relation' ? source.occurrence : undefined, source.kind === 'derived' ? (source.columns ?? []) : []),
      );
    }
  }
  const nearest = suggest(names[0] ?? '', candidates);
  fail(
    state,
    'unknown_column',
    node,
    names.length > 1 ? `Nothing in reach is named ${names[0]} (in ${name})` : `There is no column ${name}`,
    {
      hint: nearest === undefined ? 'DESCRIBE EXTENDED lists the columns and parameters of a relation.' : `Did you mean ${nearest}?`,
    },
  );
}

function missingColumn(state: BinderState, node: TreeNode, found: Found & { kind: 'missing' }): void {
  const { source, name } = found;
  if (source.kind === 'derived') {
    const nearest = suggest(
      name,
      (source.columns ?? []).map((column) => column.name),
    );
    fail(
      state,
      'unknown_column',
      node,
      `${source.alias} has no column ${name}`,
      isHiddenIn(source.occurrences, name)
        ? { hint: `A star leaves hidden columns and parameters out. Name it where ${source.alias} is made: SELECT *, ${name} FROM ...` }
        : nearest === undefined
          ? {}
          : { hint: `Did you mean ${nearest}?` },
    );
    return;
  }
  const { relation } = source.occurrence;
  const nearest = suggest(name, columnNames(source.occurrence, []));
  fail(state, 'unknown_column', node, `${relation.id} has no column, parameter or property ${name}`, {
    hint:
      nearest === undefined
        ? `DESCRIBE EXTENDED ${relation.id} lists them.`
        : `Did you mean ${nearest}? DESCRIBE EXTENDED ${relation.id} lists them all.`,
  });
}

/** True where a relation has a column or parameter of this name, which no star shows. */
function isHiddenIn(occurrences: Iterable<Occurrence>, name: string): boolean {
  return [...occurrences].some(({ relation }) => findColumn(relation, name) !== undefined || findParameter(relation, name) !== undefined);
}

function columnNames(occurrence: Occurrence | undefined, columns: readonly { readonly name: string }[]): string[] {
  if (occurrence === undefined) return columns.map((column) => column.name);
  const { relation } = occurrence;
  return [
    ...relation.columns.map((column) => column.name),
    ...selectMethods(relation).flatMap((method) => method.parameters.map((parameter) => parameter.name)),
  ];
}
