import { parse, stringify } from 'lossless-json';
import { OrgqlError } from '../util/errors.ts';
import { isNode, RawNumber, type TreeNode, type TreeValue } from './tree.ts';

/**
 * Reads the engine's tree from its JSON text. Integers that JavaScript holds exactly become numbers; every other number
 * (2^64 - 1 as a location, hugeints, decimals, doubles) stays as its text, so that writing gives back what was read.
 */
export function readTree(json: string): TreeNode {
  const tree = parse(json, undefined, readNumber) as TreeValue;
  if (!isNode(tree)) throw new OrgqlError('internal', 'The engine gave no tree');
  return tree;
}

/** The JSON text of a tree, for the engine to print as SQL. */
export function writeTree(tree: TreeNode): string {
  const json = stringify(tree, undefined, undefined, [RAW]);
  if (json === undefined) throw new OrgqlError('internal', 'The tree cannot be written');
  return json;
}

const RAW = {
  test: (value: unknown): boolean => value instanceof RawNumber,
  stringify: (value: unknown): string => (value as RawNumber).text,
};

function readNumber(text: string): number | RawNumber {
  return text.length <= 15 && /^(?:0|-?[1-9]\d*)$/.test(text) ? Number(text) : new RawNumber(text);
}
