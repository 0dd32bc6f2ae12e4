/**
 * The engine's parse tree as `json_serialize_sql` gives it, read without losing a number.
 * Nodes are plain mutable records: the binder edits the tree in place before it is printed.
 */
export interface TreeNode {
  [key: string]: TreeValue;
}

export type TreeValue = null | boolean | string | number | RawNumber | TreeValue[] | TreeNode;

/** A number that JavaScript's own would alter; kept as its text. */
export class RawNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export function isNode(value: TreeValue | undefined): value is TreeNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawNumber);
}

/** The node under a key, or `undefined` where the engine wrote null. */
export function child(node: TreeNode, key: string): TreeNode | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

/** The list of nodes under a key; empty when absent. */
export function children(node: TreeNode, key: string): TreeNode[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter((item): item is TreeNode => isNode(item)) : [];
}

export function text(node: TreeNode, key: string): string {
  const value = node[key];
  return typeof value === 'string' ? value : '';
}

export function texts(node: TreeNode, key: string): string[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Byte offset of a node in the query text, or `undefined` where the engine knows none. */
export function location(node: TreeNode): number | undefined {
  const value = node.query_location;
  return typeof value === 'number' ? value : undefined;
}

/** The tree's statements' query nodes. */
export function queryNodes(tree: TreeNode): TreeNode[] {
  return children(tree, 'statements')
    .map((statement) => child(statement, 'node'))
    .filter((node) => node !== undefined);
}

/** Overwrites a node in place with another, so that whoever holds it sees the change. */
export function replaceNode(target: TreeNode, source: TreeNode): void {
  const copy = { ...source };
  for (const key of Object.keys(target)) delete target[key];
  Object.assign(target, copy);
}

export function cloneNode<T extends TreeValue>(value: T): T {
  if (Array.isArray(value)) return (value as TreeValue[]).map((item) => cloneNode(item)) as TreeValue as T;
  if (isNode(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cloneNode(item)])) as TreeValue as T;
  return value;
}
