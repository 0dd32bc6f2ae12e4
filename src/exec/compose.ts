import type { TextSlice } from '../sql/statement.ts';
import { OrgqlError, type Span, withParts } from '../util/errors.ts';

/** A query made of pieces of the user's text and pieces of our own. */
export interface ComposedQuery {
  readonly query: TextSlice;
  /** An error of that query as one about the user's text. */
  readonly relocate: (error: unknown) => unknown;
}

/** Joins pieces; a string is ours, a slice the user's. */
export function compose(pieces: readonly (string | TextSlice)[]): ComposedQuery {
  const text = pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
  const relocateSpan = (span: Span): Span | undefined => {
    let start = 0;
    for (const piece of pieces) {
      const length = typeof piece === 'string' ? piece.length : piece.text.length;
      if (typeof piece !== 'string' && span.offset >= start && span.offset < start + length) {
        return { offset: piece.offset + span.offset - start, length: Math.min(span.length, start + length - span.offset) };
      }
      start += length;
    }
    return undefined;
  };
  const relocate = (error: unknown): unknown => {
    if (!(error instanceof OrgqlError)) return error;
    const span = error.span === undefined ? undefined : relocateSpan(error.span);
    const others = error.others.flatMap((other) => {
      const moved = relocate(other);
      return moved instanceof OrgqlError ? [moved] : [];
    });
    return withParts(error, { span, source: undefined, others });
  };
  return { query: { text, offset: 0 }, relocate };
}

/** A name as the engine reads it, whatever it holds. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A dotted name, each part quoted. */
export function quotePath(parts: readonly string[]): string {
  return parts.map(quoteName).join('.');
}
