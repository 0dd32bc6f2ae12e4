/**
 * The part of Okta's expression language that group rules use. One file, because grammar and evaluation of so small a language are read together.
 * @see https://developer.okta.com/docs/reference/okta-expression-language/
 */
import type { Json } from '../../types.ts';

export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'attribute'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'not'; readonly inner: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression };

/** What an expression is evaluated over. */
export interface RuleSubject {
  readonly profile: Readonly<Record<string, Json | undefined>>;
  /** Further properties of `user`, such as `status`. */
  readonly properties: Readonly<Record<string, Json | undefined>>;
  readonly groupIds: readonly string[];
  readonly groupNames: readonly string[];
}

/** Not an expression, or one that uses what is not known. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

const TOKEN =
  /\s*(?:(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_$][\w$]*)|(?<symbol>==|!=|<=|>=|&&|\|\||[()<>!?:,.{}[\]+-]))/y;
const MAX_DEPTH = 100;

/** @throws ExpressionError */
export function parseExpression(text: string): Expression {
  const tokens: { readonly kind: string; readonly text: string }[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    const found = Object.entries(groups ?? {}).find(([, value]) => value !== undefined);
    if (found === undefined) throw new ExpressionError(`Unexpected character at position ${from}`);
    tokens.push({ kind: found[0], text: found[1] as string });
  }
  let at = 0;
  let depth = 0;
  const isSymbol = (symbol: string): boolean => tokens[at]?.kind === 'symbol' && tokens[at]?.text === symbol;
  const isWord = (word: string): boolean => tokens[at]?.kind === 'word' && tokens[at]?.text.toLowerCase() === word;
  const expect = (symbol: string): void => {
    if (!isSymbol(symbol)) throw new ExpressionError(`Expected '${symbol}' but found '${tokens[at]?.text ?? 'the end'}'`);
    at++;
  };
  const choice = (): Expression => {
    if (++depth > MAX_DEPTH) throw new ExpressionError('The expression is nested too deep');
    const test = or();
    let result = test;
    if (isSymbol('?')) {
      at++;
      const yes = choice();
      expect(':');
      result = { kind: 'choice', test, yes, no: choice() };
    }
    depth--;
    return result;
  };
  const chain =
    (next: () => Expression, matches: () => string | undefined): (() => Expression) =>
    () => {
      let left = next();
      for (let operator = matches(); operator !== undefined; operator = matches()) {
        at++;
        left = { kind: 'binary', operator, left, right: next() };
      }
      return left;
    };
  const primary = (): Expression => {
    const token = tokens[at];
    if (token === undefined) throw new ExpressionError('The expression ends too early');
    at++;
    if (token.kind === 'string') return { kind: 'literal', value: unquote(token.text) };
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'symbol') {
      if (token.text === '(') {
        const inner = choice();
        expect(')');
        return inner;
      }
      if (token.text === '{' || token.text === '[') return { kind: 'list', items: parameters(token.text === '{' ? '}' : ']') };
      throw new ExpressionError(`Unexpected '${token.text}'`);
    }
    return named(token.text);
  };
  const named = (first: string): Expression => {
    const keyword = first.toLowerCase();
    if (keyword === 'true' || keyword === 'false') return { kind: 'literal', value: keyword === 'true' };
    if (keyword === 'null') return { kind: 'literal', value: null };
    const path = [first];
    while (isSymbol('.')) {
      at++;
      const token = tokens[at];
      if (token?.kind !== 'word') throw new ExpressionError(`A name is needed after '${path.join('.')}.'`);
      at++;
      path.push(token.text);
    }
    if (isSymbol('(')) {
      at++;
      return { kind: 'call', name: path.join('.'), parameters: parameters(')') };
    }
    return { kind: 'attribute', path };
  };
  const parameters = (close: string): Expression[] => {
    const items: Expression[] = [];
    while (!isSymbol(close)) {
      if (items.length > 0) expect(',');
      items.push(choice());
    }
    at++;
    return items;
  };
  const unary = (): Expression => {
    if (isSymbol('!') || isWord('not')) {
      at++;
      if (++depth > MAX_DEPTH) throw new ExpressionError('The expression is nested too deep');
      const inner = unary();
      depth--;
      return { kind: 'not', inner };
    }
    return primary();
  };
  const symbolOf =
    (...symbols: string[]) =>
    (): string | undefined =>
      symbols.find(isSymbol);
  const sum = chain(unary, symbolOf('+', '-'));
  const comparison = chain(
    sum,
    () => symbolOf('==', '!=', '<=', '>=', '<', '>')() ?? (isWord('eq') ? '==' : isWord('ne') ? '!=' : undefined),
  );
  const and = chain(comparison, () => (isSymbol('&&') || isWord('and') ? 'and' : undefined));
  const or = chain(and, () => (isSymbol('||') || isWord('or') ? 'or' : undefined));

  const expression = choice();
  if (at < tokens.length) throw new ExpressionError(`Unexpected '${tokens[at]?.text}'`);
  check(expression);
  return expression;
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

type Function = (values: readonly Json[], subject: RuleSubject) => Json;
const str = (value: Json | undefined): string => (value === null || value === undefined ? '' : String(value));

const FUNCTIONS: Readonly<Record<string, Function>> = {
  'String.stringContains': ([text, part]) => text !== null && str(text).includes(str(part)),
  'String.startsWith': ([text, part]) => text !== null && str(text).startsWith(str(part)),
  'String.endsWith': ([text, part]) => text !== null && str(text).endsWith(str(part)),
  'String.toUpperCase': ([text]) => str(text).toUpperCase(),
  'String.toLowerCase': ([text]) => str(text).toLowerCase(),
  'String.substringBefore': ([text, mark]) => str(text).split(str(mark))[0] ?? '',
  'String.substringAfter': ([text, mark]) =>
    str(text).includes(str(mark)) ? str(text).slice(str(text).indexOf(str(mark)) + str(mark).length) : '',
  'String.substring': ([text, from, to]) => str(text).slice(Number(from), Number(to)),
  'String.len': ([text]) => str(text).length,
  'String.replace': ([text, part, by]) => str(text).replaceAll(str(part), str(by)),
  'String.replaceFirst': ([text, part, by]) => str(text).replace(str(part), () => str(by)),
  'String.removeSpaces': ([text]) => str(text).replaceAll(' ', ''),
  'String.append': ([text, more]) => str(text) + str(more),
  'String.join': ([separator, ...texts]) => texts.map(str).join(str(separator)),
  'String.stringSwitch': ([text, otherwise, ...pairs]) => {
    for (let i = 0; i + 1 < pairs.length; i += 2) if (str(text).includes(str(pairs[i]))) return pairs[i + 1] ?? null;
    return otherwise ?? null;
  },
  'Arrays.contains': ([list, value]) => Array.isArray(list) && list.includes(value),
  'Arrays.isEmpty': ([list]) => !Array.isArray(list) || list.length === 0,
  'Arrays.size': ([list]) => (Array.isArray(list) ? list.length : 0),
  'Convert.toInt': ([value]) => Math.trunc(Number(value)),
  'Convert.toNum': ([value]) => Number(value),
  isMemberOfGroup: ([id], subject) => subject.groupIds.includes(str(id)),
  isMemberOfAnyGroup: (ids, subject) => ids.some((id) => subject.groupIds.includes(str(id))),
  isMemberOfGroupName: ([name], subject) => subject.groupNames.includes(str(name)),
  isMemberOfGroupNameStartsWith: ([part], subject) => subject.groupNames.some((name) => name.startsWith(str(part))),
  isMemberOfGroupNameContains: ([part], subject) => subject.groupNames.some((name) => name.includes(str(part))),
  isMemberOfGroupNameRegex: ([pattern], subject) => subject.groupNames.some((name) => matches(name, str(pattern))),
  'user.isMemberOf': (parts, subject) => parts.some((id) => subject.groupIds.includes(str(id))),
};

function matches(text: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    return false;
  }
}

/** Refuses unknown functions and roots when a rule is made, not when it runs. */
function check(expression: Expression): void {
  switch (expression.kind) {
    case 'literal':
      return;
    case 'attribute':
      if (expression.path[0] !== 'user' || expression.path.length < 2)
        throw new ExpressionError(`Invalid property ${expression.path.join('.')} in expression`);
      return;
    case 'call':
      if (!Object.hasOwn(FUNCTIONS, expression.name)) throw new ExpressionError(`Unknown function ${expression.name}`);
      for (const parameter of expression.parameters) check(parameter);
      return;
    case 'list':
      for (const item of expression.items) check(item);
      return;
    case 'not':
      check(expression.inner);
      return;
    case 'binary':
      check(expression.left);
      check(expression.right);
      return;
    case 'choice':
      check(expression.test);
      check(expression.yes);
      check(expression.no);
  }
}

/** The attributes of `user` that an expression reads. */
export function attributesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'attribute':
      return [expression.path[1] ?? ''];
    case 'call':
      return expression.parameters.flatMap(attributesIn);
    case 'list':
      return expression.items.flatMap(attributesIn);
    case 'not':
      return attributesIn(expression.inner);
    case 'binary':
      return [...attributesIn(expression.left), ...attributesIn(expression.right)];
    case 'choice':
      return [...attributesIn(expression.test), ...attributesIn(expression.yes), ...attributesIn(expression.no)];
    case 'literal':
      return [];
  }
}

/** The value of an expression for one user. */
export function evaluate(expression: Expression, subject: RuleSubject): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'attribute': {
      const name = expression.path[1] ?? '';
      return subject.profile[name] ?? subject.properties[name] ?? null;
    }
    case 'list':
      return expression.items.map((item) => evaluate(item, subject));
    case 'call':
      return (
        FUNCTIONS[expression.name]?.(
          expression.parameters.map((parameter) => evaluate(parameter, subject)),
          subject,
        ) ?? null
      );
    case 'not':
      return evaluate(expression.inner, subject) !== true;
    case 'choice':
      return evaluate(evaluate(expression.test, subject) === true ? expression.yes : expression.no, subject);
    case 'binary':
      return binary(expression.operator, expression, subject);
  }
}

function binary(operator: string, expression: { readonly left: Expression; readonly right: Expression }, subject: RuleSubject): Json {
  const left = evaluate(expression.left, subject);
  if (operator === 'and') return left === true && evaluate(expression.right, subject) === true;
  if (operator === 'or') return left === true || evaluate(expression.right, subject) === true;
  const right = evaluate(expression.right, subject);
  if (operator === '==') return isEqual(left, right);
  if (operator === '!=') return !isEqual(left, right);
  if (operator === '+') return typeof left === 'number' && typeof right === 'number' ? left + right : str(left) + str(right);
  if (operator === '-') return Number(left) - Number(right);
  if (left === null || right === null) return false;
  const [a, b] = typeof left === 'number' || typeof right === 'number' ? [Number(left), Number(right)] : [str(left), str(right)];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

function isEqual(left: Json, right: Json): boolean {
  if (typeof left === 'string' && typeof right === 'number') return Number(left) === right;
  if (typeof left === 'number' && typeof right === 'string') return left === Number(right);
  return left === right;
}
