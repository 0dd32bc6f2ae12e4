import { readTree } from '../sql/lossless.ts';
import { isNode, location, type TreeNode, type TreeValue } from '../sql/tree.ts';
import { OrgqlError, withParts } from '../util/errors.ts';
import type { PreparedQuery } from './prepare.ts';

/**
 * The engine's objection to a query as it was printed for it, told of the user's own text. A place that is nobody's in that text is
 * left out: nobody wrote what the engine was given.
 */
export async function inUserText(error: unknown, prepared: PreparedQuery, tree: TreeNode, sql: string): Promise<unknown> {
  if (!(error instanceof OrgqlError) || error.source !== sql) return error;
  const place = error.span === undefined ? undefined : await originalPlace(prepared, tree, sql, error.span.offset);
  if (place === undefined) return withParts(error, { span: undefined, source: undefined });
  return withParts(error, { span: prepared.span(place), source: prepared.bound.source });
}

/** Where the node at a place of the printed text stood when it was typed. */
async function originalPlace(prepared: PreparedQuery, tree: TreeNode, sql: string, offset: number): Promise<number | undefined> {
  const bytes = Buffer.byteLength(sql.slice(0, offset));
  // The printed text was proven to mean the same, so both trees have the same form, but for spellings of the same.
  return pairedPlace(tree, readTree(await prepared.engine.parse(sql)), bytes);
}

function pairedPlace(original: TreeValue | undefined, printed: TreeValue | undefined, place: number): number | undefined {
  if (Array.isArray(original) && Array.isArray(printed)) {
    return firstOf(printed.length, (index) => pairedPlace(original[index], printed[index], place));
  }
  if (!isNode(original) || !isNode(printed)) return undefined;
  if (location(printed) === place && original.class === printed.class) return location(original);
  const keys = Object.keys(printed);
  return firstOf(keys.length, (index) => pairedPlace(original[keys[index] ?? ''], printed[keys[index] ?? ''], place));
}

function firstOf(count: number, find: (index: number) => number | undefined): number | undefined {
  for (let index = 0; index < count; index++) {
    const found = find(index);
    if (found !== undefined) return found;
  }
  return undefined;
}
