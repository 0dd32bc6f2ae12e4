import { cast, integerConstant } from './build.ts';
import { children, type TreeNode, type TreeValue, text } from './tree.ts';
import { walk } from './walk.ts';

/**
 * Keeps the engine from taking `a = 1 OR a IS DISTINCT FROM 2` for a range over `a`: it then passes over parts of a table in which `a` is
 * NULL throughout, and their rows are missing (DuckDB 1.5.6). Inside of `coalesce(..., false)`, which changes no value, it sees none.
 */
export function shieldDistinct(tree: TreeValue): void {
  walk(tree, (node) => {
    if (text(node, 'type') === 'CONJUNCTION_OR')
      node.children = children(node, 'children').map((part) => (isDistinct(part) ? shielded(part) : part));
    return undefined;
  });
}

function isDistinct(node: TreeNode): boolean {
  if (text(node, 'type') === 'COMPARE_DISTINCT_FROM') return true;
  const [inner, ...others] = text(node, 'type') === 'OPERATOR_NOT' ? children(node, 'children') : [];
  return inner !== undefined && others.length === 0 && text(inner, 'type') === 'COMPARE_NOT_DISTINCT_FROM';
}

function shielded(node: TreeNode): TreeNode {
  return {
    class: 'OPERATOR',
    type: 'OPERATOR_COALESCE',
    alias: '',
    query_location: 0,
    children: [node, cast(integerConstant(0), 'BOOLEAN')],
  };
}
