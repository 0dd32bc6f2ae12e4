import { AGGREGATE_REWRITES } from '../engine/functions.ts';
import { functionCall, stringConstant } from '../sql/build.ts';
import { child, children, cloneNode, replaceNode, type TreeNode, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';

/**
 * Compatibility aggregates are macros in the engine, and macros take no DISTINCT, ORDER BY, FILTER or OVER:
 * with one of these the call becomes the engine's own aggregate, wrapped where its result has another form.
 */
export function rewriteAggregates(tree: TreeNode): void {
  const calls: TreeNode[] = [];
  walk(tree, (node) => {
    if (
      (node.class === 'FUNCTION' || node.class === 'WINDOW') &&
      Object.hasOwn(AGGREGATE_REWRITES, text(node, 'function_name').toLowerCase())
    )
      calls.push(node);
    return undefined;
  });
  for (const node of calls) {
    const rewrite = AGGREGATE_REWRITES[text(node, 'function_name').toLowerCase()];
    if (rewrite === undefined || !hasClause(node)) continue;
    const inner = sortedList({ ...cloneNode(node), alias: '', function_name: rewrite.aggregate });
    replaceNode(node, { ...(rewrite.wrap === undefined ? inner : functionCall(rewrite.wrap, [inner])), alias: text(node, 'alias') });
  }
}

/** The engine's parser reads `list(x ORDER BY x)` as a sort of the list; so must we, or the printed query would not read back. */
function sortedList(node: TreeNode): TreeNode {
  const orders = children(child(node, 'order_bys') ?? {}, 'orders');
  const [order] = orders;
  const [argument] = children(node, 'children');
  const by = order === undefined ? undefined : child(order, 'expression');
  if (
    node.class !== 'FUNCTION' ||
    text(node, 'function_name') !== 'list' ||
    order === undefined ||
    orders.length !== 1 ||
    by === undefined ||
    argument === undefined
  )
    return node;
  const isSame = JSON.stringify({ ...by, query_location: 0 }) === JSON.stringify({ ...argument, query_location: 0 });
  if (!isSame) return node;
  const plain: TreeNode = { ...node, order_bys: { type: 'ORDER_MODIFIER', orders: [] } };
  return functionCall('list_sort', [plain, stringConstant(text(order, 'type')), stringConstant(text(order, 'null_order'))]);
}

function hasClause(node: TreeNode): boolean {
  const orders = child(node, 'order_bys');
  return (
    node.class === 'WINDOW' ||
    node.distinct === true ||
    child(node, 'filter') !== undefined ||
    (orders !== undefined && children(orders, 'orders').length > 0)
  );
}
