import { TEXT_REWRITES } from '../engine/functions.ts';
import type { Engine } from '../engine/types.ts';
import { readQuery } from '../sql/read-query.ts';
import type { TextSlice } from '../sql/statement.ts';
import type { TreeNode } from '../sql/tree.ts';
import type { Span } from '../util/errors.ts';
import { rewriteAggregates } from './aggregates.ts';

/** A query as the engine reads it, with our dialect's readings restored. */
export interface ParsedQuery {
  readonly tree: TreeNode;
  readonly source: string;
  /** Where a node stands in `source`, from its byte offset. */
  readonly span: (byteOffset: number) => Span;
}

export async function parseQuery(engine: Engine, query: TextSlice): Promise<ParsedQuery> {
  const { tree, sourceOffset } = await readQuery(query, engine.parse, { functionNames: TEXT_REWRITES });
  rewriteAggregates(tree);
  return {
    tree,
    source: query.text,
    span: (byteOffset) => {
      const offset = sourceOffset(byteOffset);
      const length = /^[\w$."]+/.exec(query.text.slice(offset))?.[0].length ?? 1;
      return { offset, length };
    },
  };
}
