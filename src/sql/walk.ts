import { isNode, type TreeNode, type TreeValue } from './tree.ts';

/** Visits every node below and including `value`, parents first. Returning `false` skips what is below. */
export function walk(value: TreeValue | undefined, visit: (node: TreeNode) => boolean | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (isNode(value)) {
    if (visit(value) === false) return;
    for (const item of Object.values(value)) if (typeof item === 'object' && item !== null) walk(item, visit);
  }
}

/** The column references in an expression, those inside its subqueries included. */
export function columnReferences(value: TreeValue | undefined): TreeNode[] {
  const found: TreeNode[] = [];
  walk(value, (node) => {
    if (node.class === 'COLUMN_REF') found.push(node);
    return undefined;
  });
  return found;
}

/** The names of the `$name` and `$1` parameters in an expression or query. */
export function parameterNames(value: TreeValue | undefined): Set<string> {
  const names = new Set<string>();
  walk(value, (node) => {
    const identifier = node.identifier;
    if (node.class === 'PARAMETER' && typeof identifier === 'string') names.add(identifier);
    return undefined;
  });
  return names;
}

/** The conjuncts of a condition: `a AND (b AND c)` gives `[a, b, c]`. */
export function conjuncts(condition: TreeNode | undefined): TreeNode[] {
  if (condition === undefined) return [];
  if (condition.type !== 'CONJUNCTION_AND' || !Array.isArray(condition.children)) return [condition];
  return condition.children.flatMap((item) => (isNode(item) ? conjuncts(item) : []));
}
