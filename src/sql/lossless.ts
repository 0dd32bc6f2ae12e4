import { parse, stringify } from 'lossless-json';
import { OrgqlError } from '../util/errors.ts';
import { child, isNode, RawNumber, type TreeNode, type TreeValue } from './tree.ts';

/**
 * Reads the engine's tree from its JSON text. Integers that JavaScript holds exactly become numbers; every other number
 * (2^64 - 1 as a location, hugeints, decimals, doubles) stays as its text, so that writing gives back what was read.
 */
export function readTree(json: string): TreeNode {
  const tree = parseJson(json);
  if (!isNode(tree)) throw new OrgqlError('internal', 'The engine gave no tree');
  return tree;
}

function parseJson(json: string): TreeValue {
  try {
    return parse(json, undefined, readNumber) as TreeValue;
  } catch (cause) {
    // The engine writes a number beyond the range of DOUBLE as Infinity, which is no JSON.
    if (!/:\s*-?(?:Infinity|NaN)\b/i.test(json)) throw new OrgqlError('internal', 'The engine gave a tree that is no JSON', { cause });
    throw new OrgqlError('unsupported_syntax', 'A number here is beyond the range of DOUBLE', {
      detail: 'numbers go up to about 1.8e308',
      hint: "write 'Infinity'::DOUBLE if infinity is meant",
      cause,
    });
  }
}

/**
 * The JSON text of a tree, for the engine to print as SQL. Constants that the engine's printer would give another type are written as casts:
 * it prints the DOUBLE 1e0 as 1.0, which reads back as DECIMAL, and the DECIMAL 5. as 5, an INTEGER. The tree itself stays as it is.
 */
export function writeTree(tree: TreeNode): string {
  const json = stringify(tree, (_, value) => (isNode(value as TreeValue) ? printable(value as TreeNode) : value), undefined, [RAW]);
  if (json === undefined) throw new OrgqlError('internal', 'The tree cannot be written');
  return json;
}

/** `true`, as the engine's parser gives it. */
const TRUE: TreeNode = {
  class: 'CAST',
  type: 'OPERATOR_CAST',
  alias: '',
  query_location: 0,
  child: {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value: 't' },
  },
  cast_type: { id: 'BOOLEAN', type_info: null },
  try_cast: false,
};

/** The node, or what stands for it in print. */
export function printable(node: TreeNode): TreeNode {
  if (node.class === 'CONSTANT') return printableConstant(node, '');
  // A cross join prints as a comma, which binds looser than the JOIN that may follow it.
  if (node.type === 'JOIN' && node.ref_type === 'CROSS') return { ...node, ref_type: 'REGULAR', condition: TRUE };
  const items = node.type === 'SELECT_NODE' ? node.select_list : undefined;
  if (!Array.isArray(items)) return node;
  // A bare constant names its column: the cast must not change the name.
  const named = items.map((item) => (isNode(item) && item.class === 'CONSTANT' ? printableConstant(item, constantText(item)) : item));
  return named.every((item, index) => item === items[index]) ? node : { ...node, select_list: named };
}

function printableConstant(node: TreeNode, name: string): TreeNode {
  const value = child(node, 'value');
  const type = value === undefined ? undefined : child(value, 'type');
  if (value === undefined || type === undefined || value.is_null === true) return node;
  const text = constantText(node);
  const isDouble = type.id === 'DOUBLE' && !/[eE]/.test(text);
  const isWholeDecimal = type.id === 'DECIMAL' && child(type, 'type_info')?.scale === 0;
  if (!isDouble && !isWholeDecimal) return node;
  const constant: TreeNode = {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value: text },
  };
  return {
    class: 'CAST',
    type: 'OPERATOR_CAST',
    alias: node.alias === '' ? name : (node.alias ?? name),
    query_location: node.query_location ?? 0,
    child: constant,
    cast_type: type,
    try_cast: false,
  };
}

function constantText(node: TreeNode): string {
  const value = child(node, 'value')?.value;
  return value instanceof RawNumber ? value.text : typeof value === 'number' ? String(value) : '';
}

const RAW = {
  test: (value: unknown): boolean => value instanceof RawNumber,
  stringify: (value: unknown): string => (value as RawNumber).text,
};

function readNumber(text: string): number | RawNumber {
  return text.length <= 15 && /^(?:0|-?[1-9]\d*)$/.test(text) ? Number(text) : new RawNumber(text);
}
