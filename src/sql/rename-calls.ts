import { stringValue, type Token } from './lexer.ts';
import { isSymbol } from './statement-reader.ts';

/** Functions under the names that users write, in lower case, with the engine's. */
export type FunctionNames = Readonly<Record<string, string>>;

/** Words that an expression may follow: after any other word a name with parentheses is a type, as in `STRUCT(code char(2))`. */
const BEFORE_EXPRESSION = new Set(
  (
    'SELECT ALL DISTINCT WHERE AND OR NOT BETWEEN ON HAVING QUALIFY CASE WHEN THEN ELSE BY IN IS LIKE ILIKE GLOB SIMILAR TO REGEXP RLIKE ESCAPE FROM ' +
    'LIMIT OFFSET VALUES SET RETURNING USING'
  ).split(' '),
);

/** Names that the engine reads as a cast where they have one argument, which is as good, but for the word `now`. */
const CASTS = new Set(['DATE']);

/**
 * The engine's name for a call of a function that its parser takes for a type (`date('now', '-1 day')`, `char(72, 105)`), or `undefined` where the token is
 * no such call: a type after `::` or AS, a qualified or quoted name, a cast.
 */
export function renamedCall(tokens: readonly Token[], index: number, names: FunctionNames): string | undefined {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token?.kind !== 'word' || !isSymbol(tokens[index + 1], '(')) return undefined;
  const name = token.text.toLowerCase();
  if (!Object.hasOwn(names, name)) return undefined;
  if (isSymbol(before, '.') || isSymbol(before, '::')) return undefined;
  if (
    before !== undefined &&
    before.kind !== 'symbol' &&
    before.kind !== 'parameter' &&
    !(before.kind === 'word' && BEFORE_EXPRESSION.has(before.text))
  )
    return undefined;
  return CASTS.has(token.text) && isCast(tokens, index + 2) ? undefined : names[name];
}

/** One argument, and not `'now'`. */
function isCast(tokens: readonly Token[], first: number): boolean {
  const only = tokens[first];
  if (isSymbol(tokens[first + 1], ')') && only?.kind === 'string') return stringValue(only).trim().toLowerCase() !== 'now';
  let depth = 0;
  for (let index = first; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind !== 'symbol') continue;
    if ('([{'.includes(token.text)) depth++;
    else if (')]}'.includes(token.text) && depth-- === 0) return true;
    else if (token.text === ',' && depth === 0) return false;
  }
  return true;
}
