/** Okta's filter expressions (after SCIM): `status eq "ACTIVE" and (created gt "2026-01-01T00:00:00.000Z" or not (id pr))`. */
export type FilterExpression =
  | { readonly kind: 'and' | 'or'; readonly left: FilterExpression; readonly right: FilterExpression }
  | { readonly kind: 'not'; readonly inner: FilterExpression }
  | {
      readonly kind: 'compare';
      readonly attribute: string;
      readonly operator: FilterOperator;
      readonly value: string | number | boolean | null;
    }
  | { readonly kind: 'present'; readonly attribute: string };

export type FilterOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'sw' | 'ew' | 'co';

const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sw', 'ew', 'co']);

/** Not an expression: `message` says what was found where. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
}

interface Token {
  readonly kind: 'word' | 'string' | 'number' | '(' | ')';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(?<string>"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?(?![\w.-]))|(?<word>[A-Za-z_$][\w.:$-]*(?:\[[^\]]*\][\w.:$-]*)?)|(?<paren>[()]))/y;

/** Deeper nesting is refused, so that no text can exhaust the stack. */
const MAX_DEPTH = 200;

/**
 * `and` binds tighter than `or`; operators in any case, attribute names as written.
 * @throws FilterSyntaxError
 */
export function parseFilter(text: string): FilterExpression {
  const tokens = tokenise(text);
  let at = 0;
  let depth = 0;
  const peekWord = (): string | undefined => (tokens[at]?.kind === 'word' ? tokens[at]?.text.toLowerCase() : undefined);

  const parseOr = (): FilterExpression => {
    let left = parseAnd();
    while (peekWord() === 'or') {
      at++;
      left = { kind: 'or', left, right: parseAnd() };
    }
    return left;
  };
  const parseAnd = (): FilterExpression => {
    let left = parseTerm();
    while (peekWord() === 'and') {
      at++;
      left = { kind: 'and', left, right: parseTerm() };
    }
    return left;
  };
  const parseTerm = (): FilterExpression => {
    if (++depth > MAX_DEPTH) throw new FilterSyntaxError('The expression is nested too deep.');
    const token = tokens[at];
    if (token === undefined) throw new FilterSyntaxError('The expression ends too early.');
    let result: FilterExpression;
    if (token.kind === '(') {
      at++;
      result = parseOr();
      if (tokens[at]?.kind !== ')') throw new FilterSyntaxError('A closing parenthesis is missing.');
      at++;
    } else if (token.kind === 'word' && token.text.toLowerCase() === 'not' && tokens[at + 1]?.kind === '(') {
      at++;
      result = { kind: 'not', inner: parseTerm() };
    } else result = parseComparison(token);
    depth--;
    return result;
  };
  const parseComparison = (attribute: Token): FilterExpression => {
    if (attribute.kind !== 'word') throw new FilterSyntaxError(`An attribute is needed, not ${attribute.text}.`);
    const operator = tokens[at + 1];
    const name = operator?.kind === 'word' ? operator.text.toLowerCase() : undefined;
    if (name === 'pr') {
      at += 2;
      return { kind: 'present', attribute: attribute.text };
    }
    if (name === undefined || !OPERATORS.has(name))
      throw new FilterSyntaxError(`Unrecognized attribute operator '${operator?.text ?? ''}' after '${attribute.text}'.`);
    const value = tokens[at + 2];
    if (value === undefined) throw new FilterSyntaxError(`A value is needed after '${attribute.text} ${operator?.text}'.`);
    at += 3;
    return { kind: 'compare', attribute: attribute.text, operator: name as FilterOperator, value: literal(value) };
  };

  const expression = parseOr();
  const rest = tokens[at];
  if (rest !== undefined) throw new FilterSyntaxError(`Unexpected '${rest.text}'.`);
  return expression;
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  let position = 0;
  while (position < end) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match?.groups === undefined)
      throw new FilterSyntaxError(`Unexpected '${text.slice(position).trim().charAt(0)}' at position ${position}.`);
    const { string, number, word, paren } = match.groups;
    if (string !== undefined) tokens.push({ kind: 'string', text: string });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: paren === '(' ? '(' : ')', text: paren ?? '' });
    position = TOKEN.lastIndex;
  }
  return tokens;
}

function literal(token: Token): string | number | boolean | null {
  if (token.kind === 'number') return Number(token.text);
  if (token.kind === 'string') {
    try {
      return JSON.parse(token.text) as string;
    } catch {
      throw new FilterSyntaxError(`${token.text} is no JSON string.`);
    }
  }
  switch (token.text.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      throw new FilterSyntaxError(`A value in quotes, a number, true or false is needed, not ${token.text}.`);
  }
}
