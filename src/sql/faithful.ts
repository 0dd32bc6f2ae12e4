import { OrgqlError } from '../util/errors.ts';
import { printable, readTree } from './lossless.ts';
import { child, children, isNode, RawNumber, type TreeNode, type TreeValue, text } from './tree.ts';

/**
 * Proves that printed SQL says what its tree says: parses it again and compares the trees, but for places and for spellings that mean the same.
 * Throws `unsupported_syntax`, which names the construct, where the engine's printer altered something.
 */
export async function assertFaithful(tree: TreeNode, printedSql: string, parse: (sql: string) => Promise<string>): Promise<void> {
  const printed = readTree(await parse(printedSql));
  const difference = firstDifference(tree, printed);
  if (difference === undefined) return;
  throw new OrgqlError('unsupported_syntax', `${difference} cannot be carried over to the engine unaltered here`, {
    detail: `the query would run as: ${printedSql}`,
    hint: 'write this part in another way',
  });
}

/** The name of the innermost construct in which two trees differ in meaning, or `undefined` when they mean the same. */
export function firstDifference(before: TreeNode, after: TreeNode): string | undefined {
  return differing(meaning(statements(before)), meaning(statements(after)), 'the statement');
}

function statements(tree: TreeNode): TreeValue {
  return children(tree, 'statements').map((statement) => ({ node: child(statement, 'node') ?? null }));
}

/** A tree with one spelling for each meaning, without places and without what is left at its default. */
function meaning(value: TreeValue): TreeValue {
  if (Array.isArray(value)) return value.map(meaning);
  if (!isNode(value)) return value instanceof RawNumber ? `#${value.text}` : value;
  const node = canonical(printable(value));
  const result: TreeNode = {};
  for (const [key, item] of Object.entries(node)) {
    if (key === 'query_location' || key === 'named_param_map' || isDefault(item)) continue;
    result[key] = meaning(item);
  }
  if (node.class === 'STAR') return withoutOrder(result);
  return node.type === 'SELECT_NODE' ? withGroups(result) : result;
}

/** What a star leaves out or replaces is a set, which the printer writes in an order of its own. */
function withoutOrder(star: TreeNode): TreeNode {
  const sets = ['exclude_list', 'qualified_exclude_list', 'replace_list', 'rename_list'].flatMap((key) => {
    const items = star[key];
    return Array.isArray(items) ? [[key, items.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))]] : [];
  });
  return { ...star, ...Object.fromEntries(sets) };
}

/** What the engine writes where nothing was said, and what other makers of nodes leave out. */
function isDefault(value: TreeValue): boolean {
  if (value === null || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isNode(value) && value.type === 'ORDER_MODIFIER' && children(value, 'orders').length === 0;
}

function canonical(node: TreeNode): TreeNode {
  if (node.class === 'LAMBDA') return arrow(node.alias ?? '', [node.lhs ?? null, node.expr ?? null]);
  if (node.class === 'FUNCTION' && node.function_name === '->') {
    return arrow(node.alias ?? '', Array.isArray(node.children) ? node.children : []);
  }
  if (node.class === 'CAST') return booleanCast(node) ?? node;
  if (node.class === 'CONJUNCTION') return { ...node, children: flattened(node) };
  if (node.id === 'UNBOUND') return namedType(node) ?? node;
  if (node.type === 'SUBQUERY') return valuesList(node) ?? node;
  return node;
}

/** `a AND (b AND c)` is one AND of three to the parser. */
function flattened(node: TreeNode): TreeNode[] {
  return children(node, 'children').flatMap((item) => (item.class === 'CONJUNCTION' && item.type === node.type ? flattened(item) : [item]));
}

/** A type by its bare name, which the parser leaves for later to look up. */
function namedType(type: TreeNode): TreeNode | undefined {
  const info = child(type, 'type_info');
  const isBare = info !== undefined && text(info, 'schema') === '' && children(info, 'user_type_modifiers').length === 0;
  return isBare ? { id: text(info, 'name').toUpperCase() } : undefined;
}

/** The engine reads `j -> 'a'` as a lambda until it binds it. */
function arrow(alias: TreeValue, operands: TreeValue[]): TreeNode {
  return { class: 'ARROW', alias, operands };
}

/** `true` is printed where the parser, for `true` in a text, gives CAST('t' AS BOOLEAN). */
function booleanCast(node: TreeNode): TreeNode | undefined {
  const constant = child(node, 'child');
  const value = constant === undefined ? undefined : child(constant, 'value');
  const letter = value?.value;
  if (child(node, 'cast_type')?.id !== 'BOOLEAN' || (letter !== 't' && letter !== 'f')) return undefined;
  const type: TreeNode = { id: 'BOOLEAN', type_info: null };
  return { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: node.alias ?? '', value: { type, is_null: false, value: letter === 't' } };
}

/** `VALUES ...` is printed as a subquery around itself. */
function valuesList(node: TreeNode): TreeNode | undefined {
  const query = child(node, 'subquery');
  const select = query === undefined ? undefined : child(query, 'node');
  const from = select === undefined ? undefined : child(select, 'from_table');
  if (
    select === undefined ||
    from?.type !== 'EXPRESSION_LIST' ||
    text(node, 'alias') !== 'valueslist' ||
    children(select, 'modifiers').length > 0
  )
    return undefined;
  const [star, ...more] = children(select, 'select_list');
  return star?.class === 'STAR' && more.length === 0 && node.sample === null ? from : undefined;
}

/** Grouping sets by what they group by: the printer numbers expressions anew. */
function withGroups(select: TreeNode): TreeNode {
  const expressions = Array.isArray(select.group_expressions) ? select.group_expressions.map((item) => JSON.stringify(item)) : [];
  const sets = Array.isArray(select.group_sets) ? select.group_sets : [];
  const named = sets.map((set) => (Array.isArray(set) ? set.map((index) => expressions[Number(index)] ?? '').sort() : []));
  return { ...select, group_expressions: [...expressions].sort(), group_sets: named.map((set) => JSON.stringify(set)).sort() };
}

function differing(before: TreeValue | undefined, after: TreeValue | undefined, within: string): string | undefined {
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length) return within;
    for (const [index, item] of before.entries()) {
      const found = differing(item, after[index], within);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (before !== undefined && after !== undefined && isNode(before) && isNode(after)) {
    const name = nameOfConstruct(before) ?? within;
    if (Object.keys(before).length !== Object.keys(after).length) return name;
    for (const [key, item] of Object.entries(before)) {
      const found = differing(item, after[key], name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return before === after ? undefined : within;
}

function nameOfConstruct(node: TreeNode): string | undefined {
  const name = text(node, 'function_name');
  if (name !== '') return `The function ${name}`;
  const type = text(node, 'type');
  return type === '' || node.class === undefined ? (TABLES[type] ?? undefined) : `The construct ${type}`;
}

const TABLES: Readonly<Record<string, string>> = {
  SELECT_NODE: 'SELECT',
  SET_OPERATION_NODE: 'UNION, INTERSECT or EXCEPT',
  RECURSIVE_CTE_NODE: 'WITH RECURSIVE',
  CTE_NODE: 'WITH',
  JOIN: 'JOIN',
  PIVOT: 'PIVOT or UNPIVOT',
  TABLE_FUNCTION: 'A table function',
  BASE_TABLE: 'A table reference',
  SUBQUERY: 'A subquery',
  EXPRESSION_LIST: 'VALUES',
};
