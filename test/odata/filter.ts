/** An evaluator of OData's `$filter` (4.01 URL Conventions §5.1.1), as strict as servers are: what has not the type of its property is refused. */
import { type Entity, type PropertyType, TYPES, type Value } from './things.ts';

/** Refused with 400. */
export class BadFilter extends Error {}

type Tested = boolean | null;
type Test = (entity: Entity) => Tested;
interface Operand {
  readonly type: PropertyType | 'null';
  readonly of: (entity: Entity) => Value;
}

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|(\d{4}-\d\d-\d\dT[\d:.]+Z)|(\d{4}-\d\d-\d\d)(?![\dT])|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w/]*)|([(),]))/giy;

/** The test that a filter is. `foldsCase`: text is compared without regard to case, as some servers do. Throws `BadFilter`. */
export function parseFilter(text: string, foldsCase: boolean): (entity: Entity) => boolean {
  const tokens = tokensOf(text);
  let at = 0;
  const fold = (value: Value): Value => (foldsCase && typeof value === 'string' ? value.toLowerCase() : value);
  const take = (): string => tokens[at++] ?? '';
  const expect = (wanted: string): void => {
    const found = take();
    if (found !== wanted) throw new BadFilter(`"${wanted}" was expected at "${found}" in ${text}`);
  };
  const operand = (): Operand => {
    const token = take();
    if (token.startsWith("'")) return constant('text', token.slice(1, -1).replaceAll("''", "'"));
    if (token === 'null') return constant('null', null);
    if (token === 'true' || token === 'false') return constant('boolean', token === 'true');
    if (/^-?\d+(\.\d+)?$/.test(token)) return constant('number', Number(token));
    if (/^\d{4}-\d\d-\d\dT/.test(token)) return constant('time', Date.parse(token));
    if (/^\d{4}-\d\d-\d\d$/.test(token)) return constant('date', token);
    if (/^[0-9a-f]{8}-/i.test(token)) return constant('guid', token.toLowerCase());
    const type = Object.hasOwn(TYPES, token) ? TYPES[token] : undefined;
    if (type === undefined) throw new BadFilter(`Could not find a property named '${token}'`);
    const path = token.split('/');
    return {
      type,
      of: (entity) =>
        comparable(
          type,
          path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], entity),
        ),
    };
  };
  const primary = (): Test => {
    const token = tokens[at] ?? '';
    if (token === '(') {
      at++;
      const inner = either();
      expect(')');
      return inner;
    }
    if (token === 'not') {
      at++;
      const inner = primary();
      return (entity) => negated(inner(entity));
    }
    if (tokens[at + 1] === '(') return called(take());
    const left = operand();
    const operator = tokens[at] ?? '';
    if (!Object.hasOwn(COMPARISONS, operator)) {
      if (left.type !== 'boolean') throw new BadFilter(`A condition was expected at "${token}"`);
      return (entity) => left.of(entity) as Tested;
    }
    at++;
    const right = operand();
    if (left.type !== right.type && left.type !== 'null' && right.type !== 'null')
      throw new BadFilter(`A binary operator with incompatible types was detected: ${left.type} and ${right.type} for '${operator}'`);
    return (entity) => compared(operator, fold(left.of(entity)), fold(right.of(entity)));
  };
  const called = (name: string): Test => {
    const run = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (run === undefined) throw new BadFilter(`An unknown function with name '${name}' was found`);
    expect('(');
    const whole = operand();
    expect(',');
    const part = operand();
    expect(')');
    if (whole.type !== 'text' || part.type !== 'text') throw new BadFilter(`No function signature for '${name}' matches`);
    return (entity) => {
      const [one, other] = [fold(whole.of(entity)), fold(part.of(entity))];
      return typeof one === 'string' && typeof other === 'string' ? run(one, other) : null;
    };
  };
  const chain = (word: string, next: () => Test, decides: boolean): Test => {
    const parts = [next()];
    while (tokens[at] === word) {
      at++;
      parts.push(next());
    }
    return (entity) => {
      const found = parts.map((part) => part(entity));
      return found.includes(decides) ? decides : found.includes(null) ? null : !decides;
    };
  };
  const both = (): Test => chain('and', primary, false);
  const either = (): Test => chain('or', both, true);
  const test = either();
  if (at < tokens.length) throw new BadFilter(`Syntax error at "${tokens[at]}" in ${text}`);
  return (entity) => test(entity) === true;
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new BadFilter(`Syntax error at position ${from} in ${text}`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

function constant(type: Operand['type'], value: Value): Operand {
  return { type, of: () => value };
}

/** A property's value in the form in which values of its type are compared. */
function comparable(type: PropertyType, value: unknown): Value {
  if (value === undefined || value === null) return null;
  if (type === 'time') return Date.parse(String(value));
  if (type === 'guid') return String(value).toLowerCase();
  return value as Value;
}

function negated(value: Tested): Tested {
  return value === null ? null : !value;
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

/** With null only `eq` and `ne` say anything, and both say it of null too. */
function compared(operator: string, left: Value, right: Value): Tested {
  if (left === null || right === null) return operator === 'eq' ? left === right : operator === 'ne' && left !== right;
  return COMPARISONS[operator]?.(left < right ? -1 : left > right ? 1 : 0) ?? null;
}

const FUNCTIONS: Readonly<Record<string, (whole: string, part: string) => boolean>> = {
  startswith: (whole, part) => whole.startsWith(part),
  endswith: (whole, part) => whole.endsWith(part),
  contains: (whole, part) => whole.includes(part),
};
