import { cast, functionCall, stringConstant } from '../sql/build.ts';
import { child, children, cloneNode, isNode, replaceNode, type TreeNode, type TreeValue, text, texts } from '../sql/tree.ts';
import { bindColumn, bindNested } from './bind-column.ts';
import { bindQueryNode } from './bind-select.ts';
import { type BinderState, fail, type NameEnvironment } from './binder-state.ts';
import { nestedAccess } from './nested.ts';
import { useStar } from './stars.ts';
import type { Scope, Source } from './types.ts';

export interface ExpressionOptions {
  readonly scope: Scope;
  readonly environment: NameEnvironment;
  /** Parameters of the lambdas around, lower case. */
  readonly locals: ReadonlySet<string>;
  /** The name is one side of an equality: where a parameter shares its name with a column and means something else, it is meant. */
  readonly isCompared?: boolean;
  /** The name stands in WHERE, where one of the select list means what is written there. */
  readonly isWhere?: boolean;
  /** The call stands in FROM. */
  readonly isTableFunction?: boolean;
  /** Told of every source that the expression reads. */
  readonly onSource?: (source: Source) => void;
}

/** Functions that read a date-time as text: they see RFC 3339. */
const TEXT_FUNCTIONS = new Set([
  '~~',
  '!~~',
  '~~*',
  '!~~*',
  '~~~',
  'like_escape',
  'not_like_escape',
  'ilike_escape',
  'not_ilike_escape',
  '||',
  'concat',
  'concat_ws',
  'substr',
  'substring',
  'left',
  'right',
  'lower',
  'upper',
  'length',
  'starts_with',
  'prefix',
  'suffix',
  'contains',
  'regexp_matches',
  'regexp_full_match',
  'regexp_extract',
  'regexp_replace',
  'replace',
  'trim',
  'split_part',
  'strpos',
  'instr',
  'position',
  'group_concat',
  'string_agg',
  'listagg',
  'json_object',
  'json_array',
  'to_json',
  'json_quote',
  'md5',
  'printf',
  'format',
]);

/** SQLite's date functions, whose time value may be the word now. */
const DATE_FUNCTIONS = new Set([
  'datetime',
  'date',
  'sqlite_date',
  'time',
  'sqlite_time',
  'julianday',
  'unixepoch',
  'strftime',
  'timediff',
]);

/** Binds every name in an expression, or in a list or clause of expressions, and rewrites what the engine reads otherwise. */
export function bindExpression(state: BinderState, node: TreeNode, options: ExpressionOptions): void {
  switch (node.class) {
    case 'COLUMN_REF':
      bindColumn(state, node, options);
      return;
    case 'STAR':
      useStar(state, node, options.scope);
      bindChildren(state, node, options);
      return;
    case 'SUBQUERY': {
      const tested = child(node, 'child');
      if (tested !== undefined) bindExpression(state, tested, options);
      const statement = child(node, 'subquery');
      const query = statement === undefined ? undefined : child(statement, 'node');
      if (query === undefined) return;
      const output = bindQueryNode(state, query, options.scope, options.environment);
      state.within.set(node, output.occurrences);
      if (text(node, 'subquery_type') !== 'ANY' || text(node, 'comparison_type') !== 'COMPARE_EQUAL' || output.columns?.length !== 1)
        return;
      for (const { scope, node: item } of output.columns[0]?.origins ?? [])
        if (output.leaves.includes(scope)) state.members.set(scope, { test: node, item });
      return;
    }
    case 'LAMBDA': {
      const body = child(node, 'expr');
      const locals = new Set([...options.locals, ...lambdaParameters(child(node, 'lhs'))]);
      if (body !== undefined) bindExpression(state, body, { ...options, locals });
      return;
    }
    case 'FUNCTION':
    case 'WINDOW':
      bindFunction(state, node, options);
      return;
    case 'CAST':
      bindChildren(state, node, options);
      if (isTextType(child(node, 'cast_type'))) wrapDateTime(state, child(node, 'child'));
      return;
    case 'COMPARISON':
      for (const side of ['left', 'right']) {
        const operand = child(node, side);
        if (operand !== undefined)
          bindExpression(state, operand, { ...options, isCompared: operand.class === 'COLUMN_REF' && node.type === 'COMPARE_EQUAL' });
      }
      return;
    default:
      if (node.type === 'COMPARE_IN') {
        const [operand, ...values] = children(node, 'children');
        if (operand !== undefined) bindExpression(state, operand, { ...options, isCompared: operand.class === 'COLUMN_REF' });
        for (const value of values) bindExpression(state, value, { ...options, isCompared: false });
        return;
      }
      if (node.type === 'STRUCT_EXTRACT' || node.type === 'ARRAY_EXTRACT') {
        const access = nestedAccess(node);
        if (access !== undefined && bindNested(state, node, access, options)) return;
      }
      bindChildren(state, node, options);
  }
}

function bindChildren(state: BinderState, node: TreeNode, options: ExpressionOptions): void {
  for (const value of Object.values(node)) bindValue(state, value, { ...options, isCompared: false, isTableFunction: false });
}

function bindValue(state: BinderState, value: TreeValue, options: ExpressionOptions): void {
  if (Array.isArray(value)) for (const item of value) bindValue(state, item, options);
  else if (isNode(value)) bindExpression(state, value, options);
}

function bindFunction(state: BinderState, node: TreeNode, options: ExpressionOptions): void {
  const name = text(node, 'function_name').toLowerCase();
  const reason = state.context.forbidden(name, options.isTableFunction === true || name.startsWith('read_') ? 'table' : 'scalar');
  if (reason !== undefined) {
    fail(state, 'forbidden_by_sandbox', node, `The function ${name} may not be called here`, {
      detail: reason,
      hint: 'SQL sees the relations of the catalog and local tables; files can be read from the command line.',
    });
    return;
  }
  // Without a time value SQLite means now.
  if (DATE_FUNCTIONS.has(name) && name !== 'strftime' && name !== 'timediff' && !hasArguments(node))
    node.children = [stringConstant('now')];
  if (node.class === 'FUNCTION' && !hasArguments(node)) {
    const moment = state.context.now(name);
    if (moment !== undefined) {
      replaceNode(node, { ...moment, alias: text(node, 'alias') });
      return;
    }
  }
  if (DATE_FUNCTIONS.has(name)) pinNow(state, node);
  const access = nestedAccess(node);
  if (access !== undefined && bindNested(state, node, access, options)) return;
  bindChildren(state, node, options);
  // The engine's own json_extract keeps the quotes of a string; ours gives its text, as SQLite's does.
  if (name === 'json_extract') node.function_name = 'json_extract_string';
  if (TEXT_FUNCTIONS.has(name))
    for (const argument of Array.isArray(node.children) ? node.children : []) if (isNode(argument)) wrapDateTime(state, argument);
}

/** `datetime('now', ...)` means the statement's own moment, the same wherever it is evaluated. */
function pinNow(state: BinderState, node: TreeNode): void {
  for (const argument of Array.isArray(node.children) ? node.children : []) {
    const value = isNode(argument) && argument.class === 'CONSTANT' ? child(argument, 'value') : undefined;
    if (value !== undefined && typeof value.value === 'string' && value.value.toLowerCase() === 'now') value.value = state.context.nowText;
  }
}

function hasArguments(node: TreeNode): boolean {
  return Array.isArray(node.children) && node.children.length > 0;
}

function lambdaParameters(node: TreeNode | undefined): string[] {
  if (node === undefined) return [];
  if (node.class === 'COLUMN_REF') return texts(node, 'column_names').map((name) => name.toLowerCase());
  return (Array.isArray(node.children) ? node.children : []).flatMap((item) => (isNode(item) ? lambdaParameters(item) : []));
}

function isTextType(type: TreeNode | undefined): boolean {
  if (type === undefined) return false;
  const name = text(type, 'id') === 'UNBOUND' ? text(child(type, 'type_info') ?? {}, 'name') : text(type, 'id');
  return ['varchar', 'text', 'string', 'char', 'bpchar'].includes(name.toLowerCase());
}

/** Replaces a reference to a date-time column with its RFC 3339 text. */
function wrapDateTime(state: BinderState, node: TreeNode | undefined): void {
  if (node === undefined || node.class !== 'COLUMN_REF') return;
  const resolution = state.resolutions.get(node);
  if (resolution?.sqlType !== 'TIMESTAMPTZ') return;
  const inner = cloneNode(node);
  state.resolutions.set(inner, resolution);
  const index = state.references.findIndex((reference) => reference.node === node);
  const settled = state.references[index];
  if (settled !== undefined) state.references.splice(index, 1, { ...settled, node: inner });
  replaceNode(
    node,
    functionCall('strftime', [functionCall('timezone', [stringConstant('UTC'), inner]), stringConstant('%Y-%m-%dT%H:%M:%S.%gZ')], {
      alias: text(node, 'alias'),
    }),
  );
  state.resolutions.delete(node);
}

/** The engine type as the tree names it. */
export function castTo(node: TreeNode, sqlType: string): TreeNode {
  return cast(node, sqlType === 'TIMESTAMPTZ' ? 'TIMESTAMP WITH TIME ZONE' : sqlType);
}
