import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import { nameOf, stringValue, type Token } from './lexer.ts';
import type { NameSlice, TextSlice } from './statement.ts';

const OPENING = '([{';
const CLOSING = ')]}';

/** Reads one statement's tokens from left to right. Positions are indexes into the tokens; what it cuts out is placed in the whole source. */
export class StatementReader {
  readonly source: string;
  readonly tokens: readonly Token[];
  position = 0;

  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.tokens = tokens;
  }

  get atEnd(): boolean {
    return this.position >= this.tokens.length;
  }

  /** The token `ahead` places on. */
  peek(ahead = 0): Token | undefined {
    return this.tokens[this.position + ahead];
  }

  /** Whether these unquoted words come next. */
  isNext(...words: readonly string[]): boolean {
    return words.every((word, index) => isWord(this.peek(index), word));
  }

  isNextSymbol(symbol: string, ahead = 0): boolean {
    return isSymbol(this.peek(ahead), symbol);
  }

  /** Steps over these words if they come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.isNext(...words)) return false;
    this.position += words.length;
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isNextSymbol(symbol)) return false;
    this.position++;
    return true;
  }

  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.unexpected(word, [word]);
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.unexpected(`"${symbol}"`);
  }

  expectEnd(): void {
    if (!this.atEnd) throw this.unexpected('the end of the statement');
  }

  /** A dotted name. */
  name(expected: string): NameSlice {
    const first = this.peek();
    if (!isName(first)) throw this.unexpected(expected);
    const parts = [nameOf(first, this.source)];
    const start = this.position++;
    while (this.isNextSymbol('.')) {
      const part = this.peek(1);
      if (!isName(part)) {
        this.position++;
        throw this.unexpected('a name after the dot');
      }
      parts.push(nameOf(part, this.source));
      this.position += 2;
    }
    return { ...this.sliceOf(start, this.position), parts };
  }

  string(expected: string): string {
    const token = this.peek();
    if (token?.kind !== 'string') throw this.unexpected(expected);
    this.position++;
    return stringValue(token);
  }

  /** Text in parentheses, from the token after the opening one to the one before the closing one; steps past both. */
  parenthesised(expected: string): TextSlice {
    const open = this.position;
    if (!this.isNextSymbol('(')) throw this.unexpected(expected);
    const close = this.closing(open);
    if (close === open + 1) throw this.error(open + 1, `Expected ${expected} between the parentheses`);
    this.position = close + 1;
    return this.sliceOf(open + 1, close);
  }

  /** Text from here up to the first token at this nesting depth that `isStop` accepts, or the end. Throws when there is none. */
  until(isStop: (reader: StatementReader, position: number) => boolean, expected: string): TextSlice {
    const start = this.position;
    const end = this.find(isStop);
    if (end === start) throw this.unexpected(expected);
    this.position = end;
    return this.sliceOf(start, end);
  }

  /** Index of the first token from here on, at this nesting depth, that `isStop` accepts; else the number of tokens. */
  find(isStop: (reader: StatementReader, position: number) => boolean, from = this.position): number {
    for (let index = from; index < this.tokens.length; ) {
      if (isStop(this, index)) return index;
      const token = this.tokens[index];
      if (token?.kind === 'symbol' && OPENING.includes(token.text)) index = this.closing(index) + 1;
      else if (token?.kind === 'symbol' && CLOSING.includes(token.text)) throw this.error(index, `"${token.text}" closes nothing`);
      else index++;
    }
    return this.tokens.length;
  }

  /** Index of the token that closes the bracket at `open`. */
  closing(open: number): number {
    const stack: number[] = [];
    for (let index = open; index < this.tokens.length; index++) {
      const token = this.tokens[index];
      if (token?.kind !== 'symbol') continue;
      if (OPENING.includes(token.text)) stack.push(index);
      else if (CLOSING.includes(token.text)) {
        const opener = this.tokens[stack.pop() ?? open];
        const wanted = CLOSING[OPENING.indexOf(opener?.text ?? '(')];
        if (token.text !== wanted) throw this.error(index, `Expected "${wanted}" before "${token.text}"`);
        if (stack.length === 0) return index;
      }
    }
    const last = stack.pop() ?? open;
    throw this.error(last, `"${this.tokens[last]?.text}" is never closed`);
  }

  /** The source from token `start` up to, not including, token `end`. */
  sliceOf(start: number, end: number): TextSlice {
    const first = this.tokens[start];
    const last = this.tokens[end - 1];
    if (first === undefined || last === undefined) return { text: '', offset: this.source.length };
    return { text: this.source.slice(first.start, last.end), offset: first.start };
  }

  wordAt(index: number): string | undefined {
    const token = this.tokens[index];
    return token?.kind === 'word' ? token.text : undefined;
  }

  /** The error for the token that stands here, where something else was expected. */
  unexpected(expected: string, keywords: readonly string[] = []): OrgqlError {
    const token = this.peek();
    const found = token === undefined ? 'the end of the statement' : `"${this.source.slice(token.start, token.end)}"`;
    const meant = token?.kind === 'word' ? suggest(token.text, keywords) : undefined;
    return this.error(
      this.position,
      `Expected ${expected} but found ${shorten(found)}`,
      meant === undefined ? undefined : `did you mean ${meant}?`,
    );
  }

  error(index: number, message: string, hint?: string, code: 'syntax_error' | 'unsupported_syntax' = 'syntax_error'): OrgqlError {
    const token = this.tokens[index];
    const end = this.tokens.at(-1)?.end ?? this.source.length;
    const span = token === undefined ? { offset: end, length: 0 } : { offset: token.start, length: token.end - token.start };
    return new OrgqlError(code, message, { ...(hint === undefined ? {} : { hint }), span, source: this.source });
  }
}

export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text === word;
}

export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.text === symbol;
}

/** Whether a token can be a part of a name: any word, as the words that the API uses are often keywords. */
export function isName(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'quoted' || token?.kind === 'backtick';
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 36)}..."`;
}
