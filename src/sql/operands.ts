import type { Token } from './lexer.ts';
import { isName, isSymbol, isWord } from './statement-reader.ts';

const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Words that end or begin something else, so that a name cannot be meant. */
const KEYWORDS = new Set(
  (
    'SELECT DISTINCT ALL FROM WHERE GROUP BY HAVING QUALIFY ORDER LIMIT OFFSET UNION INTERSECT EXCEPT ON USING JOIN AND OR NOT IN IS LIKE ILIKE GLOB ' +
    'SIMILAR BETWEEN CASE WHEN THEN ELSE ESCAPE AS ANY SOME RETURNING SET REGEXP RLIKE WITH ASC DESC TO ISNULL NOTNULL COLLATE INTERVAL'
  ).split(' '),
);
/** Words that stand as they are for a value or follow one, and so can come before an operator. */
const TYPE_TAILS = new Set(['PRECISION', 'VARYING']);
const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '//', '^', '**']);

/** Finds where operands begin and end among tokens, without a grammar: names, calls, brackets, literals, casts, CASE ... END. */
export class Operands {
  readonly tokens: readonly Token[];
  /** For each bracket the index of its partner. */
  private readonly partner: ReadonlyMap<number, number>;
  /** For each token the index of the bracket that encloses it, or -1. */
  private readonly enclosing: readonly number[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
    const partner = new Map<number, number>();
    const enclosing: number[] = [];
    const stack: number[] = [];
    tokens.forEach((token, index) => {
      const isBracket = token.kind === 'symbol';
      if (isBracket && token.text in CLOSES) {
        const open = stack.pop();
        if (open !== undefined && tokens[open]?.text === CLOSES[token.text]) {
          partner.set(open, index);
          partner.set(index, open);
        }
      }
      enclosing.push(stack.at(-1) ?? -1);
      if (isBracket && (token.text === '(' || token.text === '[' || token.text === '{')) stack.push(index);
    });
    this.partner = partner;
    this.enclosing = enclosing;
  }

  /** Index of the bracket that encloses a token, or -1. */
  bracketOf(index: number): number {
    return this.enclosing[index] ?? -1;
  }

  /** Index of the bracket that belongs to the one at `index`. */
  partnerOf(index: number): number | undefined {
    return this.partner.get(index);
  }

  /** Whether a value may end with this token. */
  endsValue(index: number): boolean {
    const token = this.tokens[index];
    if (token === undefined) return false;
    if (token.kind === 'symbol') return token.text === ')' || token.text === ']' || token.text === '}';
    return token.kind !== 'word' || !KEYWORDS.has(token.text) || token.text === 'END';
  }

  /** Whether a value may begin with this token. */
  beginsValue(index: number): boolean {
    const token = this.tokens[index];
    if (token === undefined) return false;
    if (token.kind === 'symbol') return ['(', '[', '{', '-', '+', '#'].includes(token.text);
    return token.kind !== 'word' || !KEYWORDS.has(token.text) || ['CASE', 'NOT', 'INTERVAL', 'ANY', 'ALL'].includes(token.text);
  }

  /** Index of the first token of the value that ends at `end`, operators apart; `undefined` where none is to be seen. */
  startOf(end: number): number | undefined {
    let index = end;
    for (;;) {
      const token = this.tokens[index];
      if (token === undefined || !this.endsValue(index)) return undefined;
      let start = index;
      if (token.kind === 'symbol') {
        const open = this.partner.get(index);
        if (open === undefined) return undefined;
        start = open;
        const before = this.tokens[open - 1];
        if (token.text === ']' && this.endsValue(open - 1)) {
          if (isWord(before, 'ARRAY')) start = open - 1;
          else {
            index = open - 1;
            continue;
          }
        } else if (token.text === '}' && isWord(before, 'MAP')) start = open - 1;
        else if (token.text === ')' && isName(before) && this.endsValue(open - 1)) {
          index = open - 1;
          if (before.kind === 'word' && before.text === 'OVER') {
            index = open - 2;
            continue;
          }
          if (isWord(before, 'FILTER') && isSymbol(this.tokens[open - 2], ')')) {
            index = open - 2;
            continue;
          }
          start = index;
        } else if (token.text === ')' && isWord(before, 'GROUP') && isWord(this.tokens[open - 2], 'WITHIN')) {
          index = open - 3;
          continue;
        }
      } else if (isWord(token, 'END')) {
        const open = this.caseOf(index);
        if (open === undefined) return undefined;
        start = open;
      } else if (token.kind === 'string') {
        const before = this.tokens[index - 1];
        if (before?.kind === 'word' && this.endsValue(index - 1) && !isSymbol(this.tokens[index - 2], '.') && before.text !== 'END')
          start = index - 1;
      } else if (token.kind === 'number' && isSymbol(this.tokens[index - 1], '#')) start = index - 1;
      else if (isName(this.tokens[index - 1]) && TYPE_TAILS.has(token.text)) start = index - 1;
      const before = this.tokens[start - 1];
      // A named window, or a collation: the value stands before it.
      if (isWord(before, 'OVER') || isWord(before, 'COLLATE')) {
        index = start - 2;
        continue;
      }
      if (isWord(this.tokens[start], 'ZONE')) return undefined;
      if (isSymbol(before, '.') || isSymbol(before, '::')) {
        index = start - 2;
        continue;
      }
      return start;
    }
  }

  /** Index after the last token of the value that begins at `start`, with casts, subscripts and arithmetic that bind closer than an arrow. */
  endOf(start: number): number | undefined {
    let index = this.endOfPrimary(start);
    while (index !== undefined) {
      const token = this.tokens[index];
      if (token?.kind === 'symbol' && ARITHMETIC.has(token.text)) index = this.endOfPrimary(index + 1);
      else if (isWord(token, 'COLLATE') && isName(this.tokens[index + 1])) index += 2;
      else if (isWord(token, 'AT') && isWord(this.tokens[index + 1], 'TIME') && isWord(this.tokens[index + 2], 'ZONE'))
        index = this.endOfPrimary(index + 3);
      else return index;
    }
    return undefined;
  }

  /** Index after the type that begins at `start`. */
  endOfType(start: number): number | undefined {
    if (!isName(this.tokens[start])) return undefined;
    let index = start + 1;
    while (isSymbol(this.tokens[index], '.') && isName(this.tokens[index + 1])) index += 2;
    const next = this.tokens[index];
    if (next?.kind === 'word' && TYPE_TAILS.has(next.text)) index++;
    const zone = this.tokens[index];
    if ((isWord(zone, 'WITH') || isWord(zone, 'WITHOUT')) && isWord(this.tokens[index + 1], 'TIME')) index += 3;
    for (let token = this.tokens[index]; isSymbol(token, '(') || isSymbol(token, '['); token = this.tokens[index]) {
      const close = this.partner.get(index);
      if (close === undefined) return undefined;
      index = close + 1;
    }
    return index;
  }

  private endOfPrimary(start: number): number | undefined {
    let index = start;
    while (isSymbol(this.tokens[index], '-') || isSymbol(this.tokens[index], '+')) index++;
    const token = this.tokens[index];
    if (token === undefined || !this.beginsValue(index)) return undefined;
    if (token.kind === 'symbol') {
      const close = this.partner.get(index);
      if (isSymbol(token, '#')) index += 2;
      else if (close === undefined) return undefined;
      else index = close + 1;
    } else if (isWord(token, 'CASE')) {
      const end = this.endOfCase(index);
      if (end === undefined) return undefined;
      index = end + 1;
    } else if (token.kind === 'word' && KEYWORDS.has(token.text)) return undefined;
    else {
      index++;
      if (token.kind === 'word' && this.tokens[index]?.kind === 'string') index++;
    }
    for (;;) {
      const next = this.tokens[index];
      if (isSymbol(next, '.') && isName(this.tokens[index + 1])) index += 2;
      else if (isSymbol(next, '(') || isSymbol(next, '[')) {
        const close = this.partner.get(index);
        if (close === undefined) return undefined;
        index = close + 1;
      } else if (isSymbol(next, '::')) {
        const end = this.endOfType(index + 1);
        if (end === undefined) return undefined;
        index = end;
      } else return index;
    }
  }

  private caseOf(end: number): number | undefined {
    let depth = 0;
    for (let index = end; index >= 0; index--) {
      if (isWord(this.tokens[index], 'END')) depth++;
      else if (isWord(this.tokens[index], 'CASE') && --depth === 0) return index;
    }
    return undefined;
  }

  private endOfCase(start: number): number | undefined {
    let depth = 0;
    for (let index = start; index < this.tokens.length; index++) {
      if (isWord(this.tokens[index], 'CASE')) depth++;
      else if (isWord(this.tokens[index], 'END') && --depth === 0) return index;
    }
    return undefined;
  }
}
