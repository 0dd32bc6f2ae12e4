import { nameOf, type Token, tokenise } from '../sql/lexer.ts';
import type { TextSlice } from '../sql/statement.ts';

/** A dotted name where it stands. */
export interface NameAt {
  readonly parts: readonly string[];
  readonly slice: TextSlice;
}

/**
 * One member of a WHERE's conjunction, as far as its tokens show. `equality`: `name = expression`; `list`: `name IN (expressions)`;
 * `query`: `name IN (SELECT ...)`; `other`: anything else, left to the engine. `slice` is the whole member.
 */
export type Condition =
  | { readonly kind: 'equality'; readonly slice: TextSlice; readonly name: NameAt; readonly values: readonly TextSlice[] }
  | { readonly kind: 'list'; readonly slice: TextSlice; readonly name: NameAt; readonly values: readonly TextSlice[] }
  | { readonly kind: 'query'; readonly slice: TextSlice; readonly name: NameAt; readonly query: TextSlice }
  | { readonly kind: 'other'; readonly slice: TextSlice };

/** The members of a WHERE clause that all must hold. A clause with a top-level OR is one member of kind `other`. */
export function conditionsOf(where: TextSlice): readonly Condition[] {
  return members(tokenise(where.text), where);
}

function members(tokens: readonly Token[], where: TextSlice): readonly Condition[] {
  const groups = splitAnd(tokens);
  if (groups === undefined) return [{ kind: 'other', slice: sliceOf(tokens, where) }];
  return groups.flatMap((group) => {
    // (a AND b) AND c: the parentheses say nothing.
    const inner = group[0]?.text === '(' && closing(group, 0) === group.length - 1 ? group.slice(1, -1) : undefined;
    const isQuery = inner?.[0]?.text === 'SELECT' || inner?.[0]?.text === 'WITH';
    return inner !== undefined && !isQuery && inner.length > 0 ? members(inner, where) : [memberOf(group, where)];
  });
}

function memberOf(tokens: readonly Token[], where: TextSlice): Condition {
  const slice = sliceOf(tokens, where);
  const name = leadingName(tokens, where);
  if (name === undefined) return reversed(tokens, where) ?? { kind: 'other', slice };
  const operator = tokens[name.length];
  const rest = tokens.slice(name.length + 1);
  if ((operator?.text === '=' || operator?.text === '==') && rest.length > 0 && isPlainExpression(rest)) {
    return { kind: 'equality', slice, name: name.at, values: [sliceOf(rest, where)] };
  }
  if (operator?.text === 'IN' && rest[0]?.text === '(' && closing(rest, 0) === rest.length - 1) {
    const inner = rest.slice(1, -1);
    if (inner[0] !== undefined && ['SELECT', 'WITH', 'FROM', 'VALUES'].includes(inner[0].text))
      return { kind: 'query', slice, name: name.at, query: sliceOf(inner, where) };
    const values = splitComma(inner);
    if (values.length > 0 && values.every((value) => value.length > 0))
      return { kind: 'list', slice, name: name.at, values: values.map((value) => sliceOf(value, where)) };
  }
  return { kind: 'other', slice };
}

// 'x' = name
function reversed(tokens: readonly Token[], where: TextSlice): Condition | undefined {
  const [value, operator, ...rest] = tokens;
  if (value === undefined || operator?.text !== '=' || !['string', 'number', 'parameter'].includes(value.kind)) return undefined;
  const name = leadingName(rest, where);
  if (name === undefined || name.length !== rest.length) return undefined;
  return { kind: 'equality', slice: sliceOf(tokens, where), name: name.at, values: [sliceOf([value], where)] };
}

/** Operators that bind no tighter than `=`: with one of them at the top, the member is no plain equality. */
const LOOSE = new Set([
  '=',
  '==',
  '<',
  '>',
  '<=',
  '>=',
  '<>',
  '!=',
  'IS',
  'IN',
  'LIKE',
  'ILIKE',
  'BETWEEN',
  'NOT',
  'AND',
  'OR',
  'SIMILAR',
  'GLOB',
  '->',
  '->>',
  '~',
  '!~',
  'ISNULL',
  'NOTNULL',
  'COLLATE',
  '@>',
  '<@',
  '^@',
]);

function isPlainExpression(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const token of tokens) {
    depth += change(token);
    if (depth === 0 && token.kind !== 'string' && token.kind !== 'quoted' && LOOSE.has(token.text)) return false;
  }
  return true;
}

function leadingName(tokens: readonly Token[], where: TextSlice): { readonly at: NameAt; readonly length: number } | undefined {
  const parts: string[] = [];
  for (let index = 0; ; index += 2) {
    const token = tokens[index];
    if (token === undefined || !isName(token)) return undefined;
    parts.push(nameOf(token, where.text));
    const next = tokens[index + 1];
    if (next?.text === '(') return undefined;
    if (next?.text !== '.') return { at: { parts, slice: sliceOf(tokens.slice(0, index + 1), where) }, length: index + 1 };
  }
}

const NO_NAMES = new Set(['NOT', 'CASE', 'EXISTS', 'NULL', 'TRUE', 'FALSE', 'CAST', 'SELECT', 'INTERVAL']);

function isName(token: Token): boolean {
  return token.kind === 'quoted' || token.kind === 'backtick' || (token.kind === 'word' && !NO_NAMES.has(token.text));
}

/** Token groups between the top-level ANDs; `undefined` where an OR stands at the top. The AND of BETWEEN and those within CASE do not split. */
function splitAnd(tokens: readonly Token[]): readonly (readonly Token[])[] | undefined {
  const groups: Token[][] = [[]];
  let depth = 0;
  let betweens = 0;
  for (const token of tokens) {
    depth += change(token);
    if (depth === 0 && token.kind === 'word') {
      if (token.text === 'OR') return undefined;
      if (token.text === 'BETWEEN') betweens++;
      else if (token.text === 'AND' && betweens > 0) betweens--;
      else if (token.text === 'AND') {
        groups.push([]);
        continue;
      }
    }
    groups.at(-1)?.push(token);
  }
  return groups.every((group) => group.length > 0) ? groups : undefined;
}

/** Token groups between top-level commas. */
export function splitComma(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const groups: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += change(token);
    if (depth === 0 && token.text === ',') groups.push([]);
    else groups.at(-1)?.push(token);
  }
  return groups;
}

/** Index of the token that closes the bracket at `open`, or -1. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    depth += change(token);
    if (depth === 0) return index;
  }
  return -1;
}

/** The text that a run of tokens covers. */
export function sliceOf(tokens: readonly Token[], within: TextSlice): TextSlice {
  const start = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? start;
  return { text: within.text.slice(start, end), offset: within.offset + start };
}

function change(token: Token): number {
  if (token.kind === 'symbol')
    return token.text === '(' || token.text === '[' || token.text === '{'
      ? 1
      : token.text === ')' || token.text === ']' || token.text === '}'
        ? -1
        : 0;
  if (token.kind !== 'word') return 0;
  return token.text === 'CASE' ? 1 : token.text === 'END' ? -1 : 0;
}
