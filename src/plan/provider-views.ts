import type { Relation } from '../catalog/types.ts';
import { cast, conjunction, integerConstant } from '../sql/build.ts';
import { child, children, cloneNode, queryNodes, replaceNode, type TreeNode, text, texts } from '../sql/tree.ts';
import { conjuncts, walk } from '../sql/walk.ts';
import { OrgqlError } from '../util/errors.ts';
import type { BindContext } from './binder-state.ts';
import { selectMethods } from './needed.ts';

/** A condition of the query around that sets a name equal to constants. */
interface Given {
  readonly name: string;
  readonly condition: TreeNode;
  readonly values: readonly TreeNode[];
}

/**
 * The query that a provider document gives for a relation, with the values that the query around gives: the first view whose required
 * parameters are all given. They take the place of the literals of the same name in the view, which are only defaults.
 * `undefined`: the relation is read by its methods. Throws `required_parameter_missing` where it has none and no view fits, and
 * `invalid_provider` for a view that cannot be parsed.
 */
export async function providerView(
  context: BindContext,
  relation: Relation,
  node: TreeNode,
  select: TreeNode | undefined,
): Promise<TreeNode | undefined> {
  if (relation.views.length === 0) return undefined;
  const given = givenIn(
    select,
    [text(node, 'alias'), relation.name].filter((name) => name !== ''),
  );
  const view = relation.views.find(({ requiredParams }) => requiredParams.every((name) => given.some((one) => same(one.name, name))));
  if (view === undefined) {
    if (selectMethods(relation).length > 0) return undefined;
    const needed = relation.views[0]?.requiredParams ?? [];
    throw new OrgqlError('required_parameter_missing', `${relation.id} needs a value for "${needed.join('", "')}"`, {
      detail: 'it is a view of its provider, which is read for given values only',
      hint: `add  WHERE ${needed.map((name) => `${name} = '...'`).join(' AND ')}`,
    });
  }
  const query = await parsed(context, relation, view.sql);
  for (const one of given) give(query, one, view.requiredParams);
  return query;
}

/** The SELECT that each table reference of a tree stands in the FROM clause of. */
export function enclosingSelects(root: TreeNode): Map<TreeNode, TreeNode> {
  const found = new Map<TreeNode, TreeNode>();
  const inFrom = (item: TreeNode | undefined, select: TreeNode): void => {
    if (item === undefined) return;
    if (item.type === 'BASE_TABLE') found.set(item, select);
    if (item.type !== 'JOIN') return;
    inFrom(child(item, 'left'), select);
    inFrom(child(item, 'right'), select);
  };
  walk(root, (node) => {
    if (node.type === 'SELECT_NODE') inFrom(child(node, 'from_table'), node);
    return undefined;
  });
  return found;
}

async function parsed(context: BindContext, relation: Relation, sql: string): Promise<TreeNode> {
  try {
    const [query] = queryNodes(await context.parse(sql.replace(/;\s*$/, '')));
    if (query !== undefined) return cloneNode(query);
  } catch (cause) {
    throw new OrgqlError('invalid_provider', `The view that stands for ${relation.id} is not SQL that can be read`, {
      detail: (cause as Error).message,
      cause,
    });
  }
  throw new OrgqlError('invalid_provider', `The view that stands for ${relation.id} is no query`);
}

function givenIn(select: TreeNode | undefined, qualifiers: readonly string[]): Given[] {
  const nameOf = (node: TreeNode | undefined): string | undefined => {
    const names = node?.class === 'COLUMN_REF' ? texts(node, 'column_names') : [];
    const [first = '', second] = names;
    if (names.length === 1) return first;
    return names.length === 2 && qualifiers.some((qualifier) => same(qualifier, first)) ? second : undefined;
  };
  const isConstant = (node: TreeNode): boolean => node.class === 'CONSTANT' || node.class === 'PARAMETER';
  return conjuncts(select === undefined ? undefined : child(select, 'where_clause')).flatMap((condition): Given[] => {
    if (condition.type === 'COMPARE_EQUAL') {
      const [left, right] = [child(condition, 'left'), child(condition, 'right')];
      for (const [column, value] of [
        [left, right],
        [right, left],
      ]) {
        const name = nameOf(column);
        if (name !== undefined && value !== undefined && isConstant(value)) return [{ name, condition, values: [value] }];
      }
    }
    if (condition.type === 'COMPARE_IN') {
      const [column, ...values] = children(condition, 'children');
      const name = nameOf(column);
      if (name !== undefined && values.every(isConstant)) return [{ name, condition, values }];
    }
    return [];
  });
}

/** Puts the values into the view; the condition around it goes where the view has no such column to check. */
function give(query: TreeNode, { name, condition, values }: Given, required: readonly string[]): void {
  const isShown = outputNames(query).some((output) => same(output, name));
  let isPlaced = false;
  walk(query, (node) => {
    const column =
      node.type === 'COMPARE_EQUAL' ? child(node, 'left') : node.type === 'COMPARE_IN' ? children(node, 'children')[0] : undefined;
    const others = node.type === 'COMPARE_EQUAL' ? [child(node, 'right')] : children(node, 'children').slice(1);
    if (column?.class !== 'COLUMN_REF' || !same(texts(column, 'column_names').at(-1) ?? '', name)) return undefined;
    if (!others.every((other) => other?.class === 'CONSTANT')) return undefined;
    replaceNode(node, among(cloneNode(column), values));
    isPlaced = true;
    return false;
  });
  if (!isPlaced && !isShown && query.type === 'SELECT_NODE' && required.some((one) => same(one, name))) {
    const column: TreeNode = { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location: 0, column_names: [name] };
    query.where_clause = conjunction([...conjuncts(child(query, 'where_clause')), among(column, values)]);
    isPlaced = true;
  }
  if (isPlaced && !isShown) replaceNode(condition, cast(integerConstant(1), 'BOOLEAN'));
}

function among(column: TreeNode, values: readonly TreeNode[]): TreeNode {
  return {
    class: 'OPERATOR',
    type: 'COMPARE_IN',
    alias: '',
    query_location: 0,
    children: [column, ...values.map((value) => cloneNode(value))],
  };
}

function outputNames(query: TreeNode): string[] {
  return children(query, 'select_list').map((item) => text(item, 'alias') || (texts(item, 'column_names').at(-1) ?? ''));
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
