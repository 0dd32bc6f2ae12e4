import { OrgqlError } from '../util/errors.ts';
import { explainSyntaxError } from './explain-syntax-error.ts';
import { tokenise } from './lexer.ts';
import { readTree } from './lossless.ts';
import { type NormalisedText, normaliseQuery } from './normalise.ts';
import type { FunctionNames } from './rename-calls.ts';
import { rewriteOperators } from './rewrite-operators.ts';
import type { TextSlice } from './statement.ts';
import { location, type TreeNode } from './tree.ts';

/** The engine's parser: SQL text to the JSON of its tree. Throws `syntax_error` with a span in the text given. */
export type EngineParse = (sql: string) => Promise<string>;

/** A query as the engine reads it, with our dialect's readings in place. */
export interface ReadQuery {
  readonly tree: TreeNode;
  /** The text that the engine parsed. */
  readonly text: string;
  /** Offset in the whole text, in UTF-16 units, of a node's `query_location`. */
  readonly sourceOffset: (byteOffset: number) => number;
}

/**
 * Parses a query with the engine, in the dialect that users write (see `normalise.ts` and `rewrite-operators.ts`).
 * `functionNames` are calls to be renamed before the engine's parser sees them. `source` is the whole text that the slice is a part of; without it the slice counts as the whole. Errors and offsets point into it, and where a small change would do, `hint` shows the corrected line.
 */
export async function readQuery(
  query: TextSlice,
  parse: EngineParse,
  { source, functionNames = {} }: { readonly source?: string; readonly functionNames?: FunctionNames } = {},
): Promise<ReadQuery> {
  const slice = source === undefined ? { text: query.text, offset: 0 } : query;
  const normalise = (text: TextSlice): NormalisedText => normaliseQuery(text, functionNames);
  const normalised = normalise(slice);
  const tree = readTree(await parsed(slice, normalised, parse, source ?? slice.text, normalise));
  rewriteOperators(tree, (node) => {
    const place = location(node);
    return place === undefined ? '' : slice.text.slice(normalised.sourceOffsetOfByte(place) - slice.offset);
  });
  return { tree, text: normalised.text, sourceOffset: normalised.sourceOffsetOfByte };
}

async function parsed(
  slice: TextSlice,
  normalised: NormalisedText,
  parse: EngineParse,
  source: string,
  normalise: (text: TextSlice) => NormalisedText,
): Promise<string> {
  try {
    return await parse(normalised.text);
  } catch (error) {
    if (!(error instanceof OrgqlError)) throw error;
    if (error.code === 'unsupported_syntax') throw unsupported(error, slice, source);
    if (error.code !== 'syntax_error') throw error;
    throw await explainSyntaxError(placed(error, normalised, source), source, async (corrected) => {
      const end = corrected.length - (source.length - slice.offset - slice.text.length);
      const attempt = normalise({ text: corrected.slice(slice.offset, end), offset: slice.offset });
      try {
        await parse(attempt.text);
      } catch (failure) {
        throw failure instanceof OrgqlError ? placed(failure, attempt, corrected) : failure;
      }
    });
  }
}

/** The engine cannot give the tree of every query: the one known case is named, with its place. */
function unsupported(error: OrgqlError, slice: TextSlice, source: string): OrgqlError {
  const pivot = tokenise(slice.text).find((token) => token.kind === 'word' && (token.text === 'PIVOT' || token.text === 'PIVOT_WIDER'));
  if (pivot === undefined) return error;
  return new OrgqlError('unsupported_syntax', 'PIVOT without IN is not supported', {
    detail: 'its columns would depend on the rows, so that nothing can be planned before they are read',
    hint: "list the values: PIVOT ... ON column IN ('a', 'b') USING ...",
    span: { offset: slice.offset + pivot.start, length: pivot.end - pivot.start },
    source,
    cause: error,
  });
}

/** An error of the engine's parser, with its span in the user's text. */
function placed(error: OrgqlError, normalised: NormalisedText, source: string): OrgqlError {
  const start = error.span === undefined ? undefined : normalised.sourceOffset(error.span.offset);
  const end = error.span === undefined || start === undefined ? undefined : normalised.sourceOffset(error.span.offset + error.span.length);
  return new OrgqlError(error.code, error.message, {
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(start === undefined || end === undefined
      ? {}
      : { span: { offset: start, length: Math.max(end - start, start < source.length ? 1 : 0) } }),
    source,
    cause: error,
  });
}
