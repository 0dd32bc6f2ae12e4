import { child, children, isNode, type TreeNode, text } from '../sql/tree.ts';

/** A value below a column: where it starts, and the keys and array positions that lead to it. */
export interface NestedAccess {
  readonly root: TreeNode;
  readonly path: readonly (string | number)[];
}

/** Functions and operators that give the text of a value below a JSON column. */
const TEXT_ACCESS = new Set(['->>', 'json_extract_string', 'json_extract', 'json_value', 'json_extract_path_text']);

/**
 * Reads the spellings of a nested field as one: `profile->>'email'`, `profile->>'$.email'`, `json_extract(profile,'$.email')`,
 * `(profile).email`, chains of `->`. `undefined` when the node is none of them, or its path is not constant.
 */
export function nestedAccess(node: TreeNode): NestedAccess | undefined {
  const name = text(node, 'function_name').toLowerCase();
  const isText = node.class === 'FUNCTION' && TEXT_ACCESS.has(name);
  if (!isText && node.type !== 'STRUCT_EXTRACT' && node.type !== 'ARRAY_EXTRACT') return undefined;
  const access = accessBelow(node);
  return access === undefined || access.path.length === 0 ? undefined : access;
}

function accessBelow(node: TreeNode): NestedAccess | undefined {
  if (node.class === 'COLUMN_REF') return { root: node, path: [] };
  if (node.class === 'CAST') {
    const target = child(node, 'cast_type');
    const typeName =
      target === undefined
        ? ''
        : (text(target, 'id') === 'UNBOUND' ? text(child(target, 'type_info') ?? {}, 'name') : text(target, 'alias')).toLowerCase();
    const inner = child(node, 'child');
    return typeName === 'json' && inner !== undefined ? accessBelow(inner) : undefined;
  }
  const isStep =
    (node.class === 'FUNCTION' && (TEXT_ACCESS.has(text(node, 'function_name').toLowerCase()) || text(node, 'function_name') === '->')) ||
    node.type === 'STRUCT_EXTRACT' ||
    node.type === 'ARRAY_EXTRACT';
  if (!isStep) return undefined;
  const [base, ...steps] = children(node, 'children');
  if (base === undefined || steps.length === 0) return undefined;
  if (steps.length > 1 && text(node, 'function_name').toLowerCase() !== 'json_extract_path_text') return undefined;
  const below = accessBelow(base);
  if (below === undefined) return undefined;
  const path: (string | number)[] = [...below.path];
  const isJsonPath = node.class === 'FUNCTION' && text(node, 'function_name').toLowerCase() !== 'json_extract_path_text';
  for (const step of steps) {
    const parsed = constantStep(step, isJsonPath);
    if (parsed === undefined) return undefined;
    path.push(...parsed);
  }
  return { root: below.root, path };
}

/** The keys that a constant path argument names: `'email'`, `'$.a.b[0]'`, `'/a/b'`, `0`. */
function constantStep(node: TreeNode, isJsonPath: boolean): (string | number)[] | undefined {
  const constant = child(node, 'value');
  if (node.class !== 'CONSTANT' || constant === undefined || constant.is_null === true) return undefined;
  const value = constant.value;
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? [value] : undefined;
  if (typeof value !== 'string') return undefined;
  if (!isJsonPath) return [value];
  if (value.startsWith('$')) return jsonPathSteps(value);
  if (value.startsWith('/')) {
    return value
      .slice(1)
      .split('/')
      .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
  }
  return [value];
}

/** The steps of a JSONPath of plain keys and positions; `undefined` for wildcards, slices, `[#-1]` and filters. */
export function jsonPathSteps(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  const step = /\.(?:"((?:[^"\\]|\\.)*)"|([^.["*]+))|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;
  let position = 1;
  while (position < path.length) {
    step.lastIndex = position;
    const match = step.exec(path);
    if (match === null) return undefined;
    const [whole, quoted, bare, index, bracketed] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(bare ?? (quoted ?? bracketed ?? '').replace(/\\(.)/g, '$1'));
    position += whole.length;
  }
  return steps;
}

/** The engine's JSONPath for such steps. */
export function jsonPath(steps: readonly (string | number)[]): string {
  return `$${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `."${step.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)).join('')}`;
}

/** True for a node that is an expression (has a class), not a list or a clause. */
export function isExpression(value: unknown): value is TreeNode {
  return isNode(value as TreeNode) && typeof (value as TreeNode).class === 'string';
}
