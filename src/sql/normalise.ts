import { arrowChains } from './arrows.ts';
import { isSpace, nameOf, stringValue, type Token, tokenise } from './lexer.ts';
import { Operands } from './operands.ts';
import { type FunctionNames, renamedCall } from './rename-calls.ts';
import type { TextSlice } from './statement.ts';
import { isName, isSymbol, isWord } from './statement-reader.ts';

/** A query in the engine's dialect, with the way back to what the user wrote. */
export interface NormalisedText {
  readonly text: string;
  /** Offset in the user's whole text, in UTF-16 units, of a place in `text` given the same way. */
  readonly sourceOffset: (offset: number) => number;
  /** The same for a `query_location`, which counts UTF-8 bytes of `text`. */
  readonly sourceOffsetOfByte: (byteOffset: number) => number;
}

/**
 * Turns habits of StackQL, SQLite and Postgres that the engine rejects, or reads otherwise, into its own: `` `names` ``, JSON arrows
 * (see `arrows.ts`), `#>` and `#>>` with a path in quotes, `j ? 'key'`, `x IS 'a'`, REGEXP, `LIMIT offset, count`, `0xFF`, `X'41'`, `B'101'`, `E'\\u00e9'`,
 * Unicode's spaces, and calls of `functionNames` (see `rename-calls.ts`). What the engine reads well stays as it is. An expression must be embedded in parentheses, or stand alone.
 */
export function normaliseQuery(slice: TextSlice, functionNames: FunctionNames = {}): NormalisedText {
  const tokens = tokenise(slice.text);
  const edits = [...tokenEdits(slice.text, tokens, functionNames), ...spaceEdits(slice.text, tokens)];
  if (edits.length === 0) return mapped(slice, [{ at: 0, source: 0, length: slice.text.length }], slice.text);
  edits.sort((a, b) => a.start - b.start || a.rank - b.rank);
  const pieces: Piece[] = [];
  let text = '';
  let done = 0;
  const copy = (end: number): void => {
    if (end > done) pieces.push({ at: text.length, source: done, length: end - done });
    text += slice.text.slice(done, end);
    done = end;
  };
  for (const edit of edits) {
    copy(edit.start);
    pieces.push({ at: text.length, source: edit.start, length: 0 });
    text += edit.text;
    done = edit.end;
    pieces.push({ at: text.length, source: done, length: 0 });
  }
  copy(slice.text.length);
  return mapped(slice, pieces, text);
}

/** Order of edits at one place: what closes comes before what opens, and both before what replaces. */
const CLOSE = 0;
const OPEN = 1;
const REPLACE = 2;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly rank: number;
}

/** A stretch of the new text: copied from the source where `length` is not 0, else put there for the source's place. */
interface Piece {
  readonly at: number;
  readonly source: number;
  readonly length: number;
}

function mapped(slice: TextSlice, pieces: readonly Piece[], text: string): NormalisedText {
  const sourceOffset = (offset: number): number => {
    let piece: Piece = { at: 0, source: 0, length: 0 };
    for (const next of pieces) {
      if (next.at > offset) break;
      piece = next;
    }
    return slice.offset + piece.source + Math.min(offset - piece.at, piece.length);
  };
  return { text, sourceOffset, sourceOffsetOfByte: (byteOffset) => sourceOffset(utf16Offset(text, byteOffset)) };
}

/** The UTF-16 offset of a UTF-8 byte offset. */
export function utf16Offset(text: string, byteOffset: number): number {
  let bytes = 0;
  let index = 0;
  while (index < text.length && bytes < byteOffset) {
    const code = text.charCodeAt(index);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xdc00 ? 4 : code >= 0xdc00 && code < 0xe000 ? 0 : 3;
    index++;
  }
  const isHalfway = index < text.length && text.charCodeAt(index) >= 0xdc00 && text.charCodeAt(index) < 0xe000 && bytes >= byteOffset;
  return isHalfway ? index + 1 : index;
}

function tokenEdits(source: string, tokens: readonly Token[], functionNames: FunctionNames): Edit[] {
  const edits: Edit[] = [];
  let needsOperands = false;
  tokens.forEach((token, index) => {
    switch (token.kind) {
      case 'backtick':
        edits.push(replace(token, `"${nameOf(token, source).replaceAll('"', '""')}"`));
        break;
      case 'string':
        if (/^[bBxX]/.test(token.text)) edits.push(...binaryLiteral(token));
        else if (/^[eE]'.*\\[uU][0-9a-fA-F]{4}/s.test(token.text)) edits.push(replace(token, quote(stringValue(token))));
        break;
      case 'number':
        edits.push(...hexadecimal(token, tokens[index + 1]));
        break;
      case 'symbol':
        needsOperands ||= token.text === '->' || token.text === '->>' || token.text === '#';
        break;
      case 'parameter':
        needsOperands ||= token.text === '?';
        break;
      case 'word':
        edits.push(...wordEdits(tokens, index, functionNames));
        break;
      case 'quoted':
        break;
    }
  });
  if (needsOperands) edits.push(...operatorEdits(tokens));
  return edits;
}

function replace(token: Token, text: string): Edit {
  return { start: token.start, end: token.end, text, rank: REPLACE };
}

/** X'41' is a BLOB and B'101' a BIT; the engine would read the text `x41`. */
function binaryLiteral(token: Token): Edit[] {
  const digits = token.text.slice(2, -1);
  if (/^[bB]/.test(token.text)) return /^[01]+$/.test(digits) ? [replace(token, `'${digits}'::BIT`)] : [];
  return /^([0-9a-fA-F]{2})*$/.test(digits) ? [replace(token, `'${digits.replace(/../g, '\\x$&')}'::BLOB`)] : [];
}

/** 0xFF; the engine would read 0 with the alias xFF. */
function hexadecimal(token: Token, next: Token | undefined): Edit[] {
  if (token.text !== '0' || next?.kind !== 'word' || next.start !== token.end || !/^X[0-9A-F]+$/.test(next.text)) return [];
  return [{ start: token.start, end: next.end, text: BigInt(`0${next.text.toLowerCase()}`).toString(), rank: REPLACE }];
}

/** What may follow IS in the engine's grammar. */
const AFTER_IS = new Set('NULL TRUE FALSE UNKNOWN DISTINCT NOT'.split(' '));

function wordEdits(tokens: readonly Token[], index: number, functionNames: FunctionNames): Edit[] {
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token === undefined || next === undefined || isSymbol(tokens[index - 1], '.')) return [];
  const renamed = renamedCall(tokens, index, functionNames);
  if (renamed !== undefined) return [replace(token, renamed)];
  const isAfterValue = tokens[index - 1] !== undefined && !isSymbol(tokens[index - 1], ',') && !isSymbol(tokens[index - 1], '(');
  if (token.text === 'IS' && isAfterValue) {
    const isNot = isWord(next, 'NOT');
    const operand = isNot ? tokens[index + 2] : next;
    if (
      operand === undefined ||
      (operand.kind === 'word' && AFTER_IS.has(operand.text)) ||
      (operand.kind === 'symbol' && !'([-'.includes(operand.text))
    )
      return [];
    const end = isNot ? next.end : token.end;
    return [{ start: token.start, end, text: isNot ? 'IS DISTINCT FROM' : 'IS NOT DISTINCT FROM', rank: REPLACE }];
  }
  if (
    (token.text === 'REGEXP' || token.text === 'RLIKE') &&
    isAfterValue &&
    (next.kind === 'string' || next.kind === 'parameter' || isName(next))
  ) {
    return [replace(token, 'SIMILAR TO')];
  }
  if (token.text === 'LIMIT' && isSymbol(tokens[index + 2], ',')) {
    const count = tokens[index + 3];
    const isPlain = (item: Token | undefined): item is Token => item?.kind === 'number' || item?.kind === 'parameter';
    if (isPlain(next) && isPlain(count))
      return [{ start: next.start, end: count.end, text: `${count.text} OFFSET ${next.text}`, rank: REPLACE }];
  }
  return [];
}

/** Arrows, `#>`, `#>>` and `?`: what needs to know where its operands begin and end. */
function operatorEdits(tokens: readonly Token[]): Edit[] {
  const edits: Edit[] = [];
  const arrows: Token[] = [];
  tokens.forEach((token, index) => {
    const sign = tokens[index + 1];
    const path = tokens[index + 2];
    const before = arrows.at(-1);
    if (before !== undefined && before.end > token.start) return;
    const isHash = isSymbol(token, '#') && sign?.start === token.end && (isSymbol(sign, '>') || isSymbol(sign, '>>'));
    if (isHash && path?.kind === 'string' && /^\{[\s\S]*\}$/.test(stringValue(path))) {
      const arrow: Token = { kind: 'symbol', start: token.start, end: sign.end, text: sign.text === '>' ? '->' : '->>' };
      edits.push(replace(arrow, arrow.text), replace(path, quote(jsonPath(pathParts(stringValue(path))))));
      arrows.push(arrow);
    } else arrows.push(token);
  });
  const operands = new Operands(arrows);
  for (const chain of arrowChains(operands)) {
    const first = arrows[chain.start];
    const last = arrows[chain.end - 1];
    if (first === undefined || last === undefined) continue;
    edits.push({ start: first.start, end: first.start, text: '(', rank: OPEN }, { start: last.end, end: last.end, text: ')', rank: CLOSE });
  }
  arrows.forEach((token, index) => {
    const key = arrows[index + 1];
    if (token.kind !== 'parameter' || token.text !== '?' || key?.kind !== 'string' || !operands.endsValue(index - 1)) return;
    const start = operands.startOf(index - 1);
    const first = start === undefined ? undefined : arrows[start];
    if (first === undefined) return;
    edits.push({ start: first.start, end: first.start, text: 'json_exists(', rank: OPEN }, replace(token, ','), {
      start: key.start,
      end: key.end,
      text: `${quote(jsonPath([stringValue(key)], true))})`,
      rank: REPLACE,
    });
  });
  return edits;
}

/** The parts of a Postgres path such as `{a,"b c",0}`. */
function pathParts(path: string): string[] {
  return [...path.slice(1, -1).matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)/g)]
    .filter((match) => match[0] !== '')
    .map((match) => match[1]?.replace(/\\(.)/g, '$1') ?? (match[2] ?? '').trim());
}

function jsonPath(parts: readonly string[], areKeys = false): string {
  return `$${parts.map((part) => (!areKeys && /^\d+$/.test(part) ? `[${part}]` : `.${/^[A-Za-z_]\w*$/.test(part) ? part : `"${part}"`}`)).join('')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Unicode's spaces between tokens, which the engine replaces itself, losing its own count of positions. */
function spaceEdits(source: string, tokens: readonly Token[]): Edit[] {
  if (!/[\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]/.test(source)) return [];
  const edits: Edit[] = [];
  let done = 0;
  for (const end of [...tokens.map((token) => token.start), source.length]) {
    for (let index = done; index < end; index++) {
      const code = source.charCodeAt(index);
      if (code >= 0xa0 && isSpace(code)) edits.push({ start: index, end: index + 1, text: ' ', rank: REPLACE });
    }
    done = tokens.find((token) => token.start === end)?.end ?? source.length;
  }
  return edits;
}
