import type { TreeNode } from './tree.ts';

/** `query_location` of a node that stands nowhere in the user's text: 2^64 - 1, which the engine reads as "unknown". Kept as `null` would be refused. */
const NOWHERE = 0;

/** A reference to a column, by its qualified name. */
export function columnRef(names: readonly string[], alias = ''): TreeNode {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias, query_location: NOWHERE, column_names: [...names] };
}

/** `*` */
export function star(): TreeNode {
  return {
    class: 'STAR',
    type: 'STAR',
    alias: '',
    query_location: NOWHERE,
    relation_name: '',
    exclude_list: [],
    replace_list: [],
    columns: false,
    expr: null,
    qualified_exclude_list: [],
    rename_list: [],
  };
}

export function stringConstant(value: string): TreeNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: NOWHERE,
    value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value },
  };
}

export function integerConstant(value: number): TreeNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: NOWHERE,
    value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value },
  };
}

export function functionCall(
  name: string,
  args: readonly TreeNode[],
  options: { readonly isOperator?: boolean; readonly alias?: string } = {},
): TreeNode {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: options.alias ?? '',
    query_location: NOWHERE,
    function_name: name,
    schema: '',
    children: [...args],
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: options.isOperator ?? false,
    export_state: false,
    catalog: '',
  };
}

/** `CAST(child AS type)` for a plain type id such as `TIMESTAMP WITH TIME ZONE`. */
export function cast(node: TreeNode, typeId: string): TreeNode {
  return {
    class: 'CAST',
    type: 'OPERATOR_CAST',
    alias: '',
    query_location: NOWHERE,
    child: node,
    cast_type: { id: typeId, type_info: null },
    try_cast: false,
  };
}

export function conjunction(items: readonly TreeNode[]): TreeNode | null {
  const [first] = items;
  if (first === undefined) return null;
  if (items.length === 1) return first;
  return { class: 'CONJUNCTION', type: 'CONJUNCTION_AND', alias: '', query_location: NOWHERE, children: [...items] };
}

export function comparison(type: string, left: TreeNode, right: TreeNode): TreeNode {
  return { class: 'COMPARISON', type, alias: '', query_location: NOWHERE, left, right };
}

export function baseTable(
  name: { readonly catalog?: string; readonly schema?: string; readonly table: string },
  alias: string,
  columnAliases: readonly string[] = [],
): TreeNode {
  return {
    type: 'BASE_TABLE',
    alias,
    sample: null,
    query_location: NOWHERE,
    schema_name: name.schema ?? '',
    table_name: name.table,
    column_name_alias: [...columnAliases],
    catalog_name: name.catalog ?? '',
    at_clause: null,
  };
}

/** A bare SELECT node: callers fill in what they need. */
export function selectNode(parts: {
  readonly select: readonly TreeNode[];
  readonly from: TreeNode;
  readonly where?: TreeNode | null;
  readonly modifiers?: readonly TreeNode[];
  readonly ctes?: TreeNode;
}): TreeNode {
  return {
    type: 'SELECT_NODE',
    modifiers: [...(parts.modifiers ?? [])],
    cte_map: parts.ctes ?? { map: [] },
    select_list: [...parts.select],
    from_table: parts.from,
    where_clause: parts.where ?? null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  };
}

export const DISTINCT: TreeNode = { type: 'DISTINCT_MODIFIER', distinct_on_targets: [] };

/** A whole statement document around one query node, ready to print. */
export function document(node: TreeNode, namedParameters: readonly TreeNode[] = []): TreeNode {
  return { error: false, statements: [{ node, named_param_map: [...namedParameters] }] };
}
