import { stringValue, type Token } from './lexer.ts';
import type { Operands } from './operands.ts';
import { isName, isSymbol, isWord } from './statement-reader.ts';

/** A value, by its tokens: `start` is its first, `end` the one after its last. */
export interface TokenRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The chains of JSON arrows that need parentheses to be read as Postgres reads them.
 *
 * The engine's grammar lets everything to the left of an arrow go first, for the sake of lambdas: `a AND j->>'x' = 'y'` is
 * `((a AND j) ->> 'x') = 'y'` to it, and `BETWEEN j->>'a' AND ...` an error. Here an arrow takes the value right before it.
 * Two readings go beyond Postgres, where its own is an error whatever the data: `label || j->>'x'` and `1 + j->>'n'` take `j`,
 * and `j->>'n' + 1` and `j->>'n'::int` take `'n'`. Text that is put together before an arrow (`'{"a":' || x || '}' ->> 'a'`)
 * and numeric or textual keys (`j->'0'::int`, `j->'a'::text`) are read as Postgres does.
 */
export function arrowChains(operands: Operands): TokenRange[] {
  const { tokens } = operands;
  const chains: TokenRange[] = [];
  /** End of the latest chain inside each bracket. */
  const ends = new Map<number, number>();
  const lambdas = new Set(tokens.flatMap((token, index) => (isArrow(token) && isLambda(operands, index) ? [index] : [])));
  for (let index = 0; index < tokens.length; index++) {
    const bracket = operands.bracketOf(index);
    if (!isArrow(tokens[index]) || lambdas.has(index) || index < (ends.get(bracket) ?? 0)) continue;
    const start = leftStart(operands, index - 1);
    if (start === undefined || (isArrow(tokens[start - 1]) && !lambdas.has(start - 1))) continue;
    const end = chainEnd(operands, index, lambdas);
    if (end === undefined) continue;
    ends.set(bracket, end);
    if (!isAlone(tokens[start - 1]) || isOpen(operands, end, bracket)) chains.push({ start, end });
  }
  return chains;
}

export function isArrow(token: Token | undefined): boolean {
  return token?.kind === 'symbol' && (token.text === '->' || token.text === '->>');
}

const LAMBDA_FUNCTIONS = new Set(
  'list_transform array_transform list_apply array_apply apply list_filter array_filter filter list_reduce array_reduce reduce columns'.split(
    ' ',
  ),
);

/** Whether the arrow at `index` makes a lambda: names before it, where a function that takes one has an argument. */
function isLambda(operands: Operands, index: number): boolean {
  const open = operands.bracketOf(index);
  const name = operands.tokens[open - 1];
  if (!isSymbol(operands.tokens[index], '->') || !isSymbol(operands.tokens[open], '(') || !isName(name)) return false;
  if (!LAMBDA_FUNCTIONS.has(name.text.toLowerCase().replaceAll('"', ''))) return false;
  const before = beforeNames(operands, index);
  if (before === undefined) return false;
  if (before !== open) return isSymbol(operands.tokens[before], ',');
  if (isWord(name, 'COLUMNS')) return true;
  return isSymbol(operands.tokens[open - 2], '.') && !hasLaterLambda(operands, open, index);
}

/** Index before the name, or the names in parentheses, that stand before an arrow. */
function beforeNames(operands: Operands, arrow: number): number | undefined {
  const last = operands.tokens[arrow - 1];
  if (isName(last)) return arrow - 2;
  const open = isSymbol(last, ')') ? operands.partnerOf(arrow - 1) : undefined;
  if (open === undefined) return undefined;
  const inner = operands.tokens.slice(open + 1, arrow - 1);
  return inner.length > 0 && inner.every((token, index) => (index % 2 === 0 ? isName(token) : isSymbol(token, ','))) ? open - 1 : undefined;
}

function hasLaterLambda(operands: Operands, open: number, after: number): boolean {
  const close = operands.partnerOf(open) ?? operands.tokens.length;
  for (let index = after + 1; index < close; index++) {
    if (operands.bracketOf(index) !== open || !isSymbol(operands.tokens[index], '->')) continue;
    const before = beforeNames(operands, index);
    if (before !== undefined && isSymbol(operands.tokens[before], ',')) return true;
  }
  return false;
}

function leftStart(operands: Operands, last: number): number | undefined {
  let start = operands.startOf(last);
  if (start === undefined || operands.tokens[last]?.kind !== 'string') return start;
  while (isOperator(operands.tokens[start - 1]) && operands.endsValue(start - 2)) {
    const before = operands.startOf(start - 2);
    if (before === undefined || isArrow(operands.tokens[before - 1])) return undefined;
    start = before;
  }
  return start;
}

const COMPARISONS_AND_PUNCTUATION = new Set('= == < > <= >= <> != -> ->> :: : := => ( ) [ ] { } , . ; #'.split(' '));

function isOperator(token: Token | undefined): boolean {
  return token?.kind === 'symbol' && !COMPARISONS_AND_PUNCTUATION.has(token.text);
}

function chainEnd(operands: Operands, arrow: number, lambdas: ReadonlySet<number>): number | undefined {
  let end = rightEnd(operands, arrow + 1);
  while (end !== undefined && isArrow(operands.tokens[end]) && !lambdas.has(end)) end = rightEnd(operands, end + 1);
  return end;
}

function rightEnd(operands: Operands, start: number): number | undefined {
  const token = operands.tokens[start];
  if (token?.kind !== 'string' || /^\s*-?\d+\s*$/.test(stringValue(token))) return operands.endOf(start);
  if (!isSymbol(operands.tokens[start + 1], '::')) return start + 1;
  const type = operands.tokens[start + 2];
  return type?.kind === 'word' && TEXT_TYPES.has(type.text) ? operands.endOfType(start + 2) : start + 1;
}

const TEXT_TYPES = new Set(['TEXT', 'VARCHAR', 'CHAR', 'BPCHAR', 'STRING']);

/** Whether nothing before the chain could be drawn into it. */
function isAlone(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'symbol') return ['(', '[', '{', ',', ':', ':=', '=>'].includes(before.text);
  return before.kind === 'word' && ALONE_AFTER.has(before.text);
}

const ALONE_AFTER = new Set('SELECT WHERE ON HAVING BY WHEN THEN ELSE QUALIFY CASE RETURNING'.split(' '));

/**
 * Whether the engine would draw what follows a chain into it: what binds closer than an arrow, and, as the right side of `->` may be
 * the body of a lambda, anything at all after that arrow.
 */
function isOpen(operands: Operands, end: number, bracket: number): boolean {
  const after = operands.tokens[end];
  if (after === undefined || (after.kind === 'symbol' && [')', ']', '}', ','].includes(after.text))) return false;
  if (after.kind === 'symbol' && CLOSER.has(after.text)) return true;
  if (isWord(after, 'COLLATE') || isWord(after, 'AT')) return true;
  let last = end - 1;
  while (!isArrow(operands.tokens[last]) || operands.bracketOf(last) !== bracket) last--;
  return isSymbol(operands.tokens[last], '->');
}

const CLOSER = new Set(['+', '-', '*', '/', '%', '//', '^', '**', '::', '[', '.']);
