import type { TreeNode } from './tree.ts';
import { child, children, isNode, replaceNode, text } from './tree.ts';
import { walk } from './walk.ts';

/** What stands in the user's text at a node's place, from there on. */
export type TextAt = (node: TreeNode) => string;

/**
 * Gives operators of Postgres and SQLite their meaning, in the tree: a JSON `->`, which the engine takes for a lambda, becomes the function
 * `->`; `~`, `!~`, `~*`, `!~*` and REGEXP match a part of the text, not the whole; `@>` and `<@` with JSON text become `json_contains`; the type `jsonb` is JSON.
 */
export function rewriteOperators(tree: TreeNode, textAt: TextAt): void {
  const lambdas = new Set<TreeNode>();
  walk(tree, (node) => {
    switch (node.class) {
      case 'FUNCTION':
        noteLambda(node, lambdas);
        rewriteFunction(node, textAt);
        break;
      case 'OPERATOR':
        if (node.type === 'OPERATOR_NOT') rewriteNegatedMatch(node, textAt);
        break;
      case 'LAMBDA':
        if (!lambdas.has(node)) rewriteArrow(node);
        break;
      case 'CAST':
        rewriteType(child(node, 'cast_type'));
        break;
      default:
        break;
    }
    return undefined;
  });
}

const LAMBDA_FUNCTIONS = new Set(
  'list_transform array_transform list_apply array_apply apply list_filter array_filter filter list_reduce array_reduce reduce'.split(' '),
);

/** Notes the lambda of a function that takes one: its second argument, or the first of `list.function(lambda)`, with names on the left. */
function noteLambda(node: TreeNode, lambdas: Set<TreeNode>): void {
  if (!LAMBDA_FUNCTIONS.has(text(node, 'function_name').toLowerCase())) return;
  const [first, second] = children(node, 'children');
  if (second !== undefined && isLambda(second)) lambdas.add(second);
  // The engine's parser takes the list before the dot for a schema.
  else if (first !== undefined && text(node, 'schema') !== '' && isLambda(first)) lambdas.add(first);
}

function isLambda(node: TreeNode): boolean {
  const left = child(node, 'lhs');
  if (node.class !== 'LAMBDA' || left === undefined) return false;
  const names = text(left, 'function_name') === 'row' ? children(left, 'children') : [left];
  return names.every((name) => name.class === 'COLUMN_REF');
}

function rewriteArrow(node: TreeNode): void {
  const { lhs = null, expr = null, alias = '', query_location = 0 } = node;
  replaceNode(node, operator('->', [lhs, expr].filter(isNode), alias, query_location));
}

function rewriteFunction(node: TreeNode, textAt: TextAt): void {
  const name = text(node, 'function_name');
  if (name === '~*' || name === '!~*') {
    const matches = regexpMatches(children(node, 'children'), 'is', name === '~*' ? node.alias : '');
    replaceNode(
      node,
      name === '~*'
        ? matches
        : { class: 'OPERATOR', type: 'OPERATOR_NOT', alias: node.alias ?? '', query_location: 0, children: [matches] },
    );
  } else if (name === 'regexp_full_match' && isPartialMatch(textAt(node))) {
    replaceNode(node, regexpMatches(children(node, 'children'), 's', node.alias));
  } else if ((name === '@>' || name === '<@') && node.is_operator === true) {
    const [left, right] = children(node, 'children');
    if (left === undefined || right === undefined || !(isJsonText(left) || isJsonText(right))) return;
    replaceNode(node, call('json_contains', name === '@>' ? [left, right] : [right, left], node.alias));
  }
}

/** `a !~ b` and `a NOT REGEXP b` come as NOT of a match that has no place of its own. */
function rewriteNegatedMatch(node: TreeNode, textAt: TextAt): void {
  const [match] = children(node, 'children');
  if (match === undefined || text(match, 'function_name') !== 'regexp_full_match' || typeof match.query_location === 'number') return;
  if (/^(?:!~|NOT\s+(?:REGEXP|RLIKE)\b)/i.test(textAt(node))) replaceNode(match, regexpMatches(children(match, 'children'), 's', ''));
}

function isPartialMatch(at: string): boolean {
  return /^(?:~|REGEXP\b(?!\s*_)|RLIKE\b)/i.test(at);
}

function isJsonText(node: TreeNode): boolean {
  if (node.class === 'CAST') return isJsonType(child(node, 'cast_type'));
  const value = child(node, 'value')?.value;
  return node.class === 'CONSTANT' && typeof value === 'string' && /^\s*[{[]/.test(value);
}

function isJsonType(type: TreeNode | undefined): boolean {
  const info = type === undefined ? undefined : child(type, 'type_info');
  return info !== undefined && /^jsonb?$/i.test(text(info, 'name'));
}

function rewriteType(type: TreeNode | undefined): void {
  walk(type, (node) => {
    if (node.type === 'UNBOUND_TYPE_INFO' && text(node, 'name').toLowerCase() === 'jsonb' && text(node, 'schema') === '')
      node.name = 'json';
    return undefined;
  });
}

function regexpMatches(operands: readonly TreeNode[], options: string, alias: TreeNode[string] | undefined): TreeNode {
  const flags: TreeNode = {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value: options },
  };
  return call('regexp_matches', [...operands, flags], alias);
}

function call(name: string, operands: readonly TreeNode[], alias: TreeNode[string] | undefined): TreeNode {
  return { ...operator(name, operands, alias ?? '', 0), is_operator: false };
}

function operator(name: string, operands: readonly TreeNode[], alias: TreeNode[string], place: TreeNode[string]): TreeNode {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: alias ?? '',
    query_location: place ?? 0,
    function_name: name,
    schema: '',
    children: [...operands],
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: true,
    export_state: false,
    catalog: '',
  };
}
