import type { SqlValue } from '../engine/types.ts';
import { stringValue, type Token, tokenise } from '../sql/lexer.ts';
import type { TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';

export type Parameters = Readonly<Record<string, SqlValue>>;

/** A literal's value, in a box because NULL is one. */
export interface Literal {
  readonly value: SqlValue;
}

/**
 * The value of an expression that is nothing but a literal or a `$parameter`, read without the engine; `undefined` for any other.
 * Throws `required_parameter_missing` for a parameter that was not given.
 */
export function literalOf(slice: TextSlice, parameters: Parameters): Literal | undefined {
  return literalOfTokens(tokenise(slice.text), slice, parameters);
}

/** As `literalOf`, of tokens within a slice. Parentheses around a literal are looked through. */
export function literalOfTokens(tokens: readonly Token[], slice: TextSlice, parameters: Parameters): Literal | undefined {
  if (tokens.length >= 3 && tokens[0]?.text === '(' && tokens.at(-1)?.text === ')')
    return literalOfTokens(tokens.slice(1, -1), slice, parameters);
  const [first, second] = tokens;
  if (first === undefined) return undefined;
  if (first.text === '-' && second?.kind === 'number' && tokens.length === 2) return numberLiteral(`-${second.text}`);
  if (tokens.length !== 1) return undefined;
  switch (first.kind) {
    case 'string':
      // Blobs and bit strings are the engine's to read.
      return /^[xXbB]'/.test(first.text) ? undefined : { value: stringValue(first) };
    case 'number':
      return numberLiteral(first.text);
    case 'parameter':
      return parameterValue(first, slice, parameters);
    case 'word':
      return WORDS.get(first.text);
    default:
      return undefined;
  }
}

const WORDS: ReadonlyMap<string, Literal> = new Map([
  ['NULL', { value: null }],
  ['TRUE', { value: true }],
  ['FALSE', { value: false }],
]);

function numberLiteral(text: string): Literal | undefined {
  const plain = text.replaceAll('_', '');
  if (/^-?\d+$/.test(plain)) {
    const number = Number(plain);
    return { value: Number.isSafeInteger(number) ? number : BigInt(plain) };
  }
  // What a double would round stays with the engine.
  const number = Number(plain);
  return Number.isFinite(number) && plain.replace(/[-.]|e.*$/gi, '').length <= 15 ? { value: number } : undefined;
}

function parameterValue(token: Token, slice: TextSlice, parameters: Parameters): Literal | undefined {
  if (!token.text.startsWith('$')) return undefined;
  const name = token.text.slice(1);
  if (Object.hasOwn(parameters, name)) return { value: parameters[name] ?? null };
  const near = suggest(name, Object.keys(parameters));
  throw new OrgqlError('required_parameter_missing', `The statement needs a value for $${name}`, {
    hint: near === undefined ? `give it: --param ${name}=...` : `did you mean $${near}?`,
    span: { offset: slice.offset + token.start, length: token.end - token.start },
  });
}
