import { Refusal } from '../refusal.ts';
import { parseTime } from '../time.ts';
import { type FilterExpression, type FilterOperator, FilterSyntaxError, parseFilter } from './parse.ts';

/** What an endpoint lets an expression say about one attribute. */
export interface FilterAttribute<T> {
  /** A `date` compares as time (records give milliseconds or ISO text); `text` also covers enums. */
  readonly type: 'text' | 'date' | 'number' | 'boolean';
  readonly operators: readonly (FilterOperator | 'pr')[];
  /** A record's value. Of an array, any element may fit. */
  readonly get: (record: T) => unknown;
}

/** Which expressions an endpoint takes. */
export interface FilterGrammar<T> {
  /** The attribute of this name; `undefined` if the endpoint has none. */
  readonly attribute: (name: string) => FilterAttribute<T> | undefined;
  /** `search` compares text without regard to case, `filter` with. */
  readonly isCaseSensitive: boolean;
  readonly allowsNot?: boolean;
  /** The code that a bad expression is refused with: E0000031 (search criteria) unless said. */
  readonly errorCode?: string;
}

export type Test<T> = (record: T) => boolean;

/** An expression as a test of records. Refuses what the grammar does not take. */
export function compileFilter<T>(text: string, grammar: FilterGrammar<T>): Test<T> {
  let expression: FilterExpression;
  try {
    expression = parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw bad(grammar, error.message);
    throw error;
  }
  return compile(expression, grammar);
}

function compile<T>(expression: FilterExpression, grammar: FilterGrammar<T>): Test<T> {
  switch (expression.kind) {
    case 'and': {
      const left = compile(expression.left, grammar);
      const right = compile(expression.right, grammar);
      return (record) => left(record) && right(record);
    }
    case 'or': {
      const left = compile(expression.left, grammar);
      const right = compile(expression.right, grammar);
      return (record) => left(record) || right(record);
    }
    case 'not': {
      if (grammar.allowsNot !== true) throw bad(grammar, "Operator 'not' is not supported.");
      const inner = compile(expression.inner, grammar);
      return (record) => !inner(record);
    }
    case 'present': {
      const attribute = attributeOf(expression.attribute, 'pr', grammar);
      return (record) => isPresent(attribute.get(record));
    }
    case 'compare':
      return compileComparison(expression, grammar);
  }
}

function compileComparison<T>(expression: Extract<FilterExpression, { kind: 'compare' }>, grammar: FilterGrammar<T>): Test<T> {
  const { operator, value } = expression;
  const attribute = attributeOf(expression.attribute, operator, grammar);
  const { get } = attribute;
  const negated = operator === 'ne';
  let fits: (found: unknown) => boolean;
  if (attribute.type === 'date' && value !== null) {
    const time = typeof value === 'string' ? parseTime(value) : undefined;
    if (time === undefined) throw bad(grammar, `'${String(value)}' is not a valid date for attribute '${expression.attribute}'.`);
    fits = (found) => {
      const at = typeof found === 'number' ? found : typeof found === 'string' ? parseTime(found) : undefined;
      return at !== undefined && order(operator, at, time);
    };
  } else if (typeof value === 'number') fits = (found) => typeof found === 'number' && order(operator, found, value);
  else if (typeof value === 'boolean')
    fits = (found) =>
      (typeof found === 'boolean' || found === 'true' || found === 'false') && order(operator, String(found), String(value));
  else if (value === null) fits = (found) => !isPresent(found);
  else {
    if (attribute.type === 'number' && value.trim() !== '' && !Number.isNaN(Number(value)))
      return compileComparison({ ...expression, value: Number(value) }, grammar);
    const fold = grammar.isCaseSensitive ? (text: string) => text : (text: string) => text.toLowerCase();
    const wanted = fold(value);
    fits = (found) =>
      (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') &&
      order(operator, fold(String(found)), wanted);
  }
  const any = (record: T): boolean => {
    const found = get(record);
    return Array.isArray(found) ? found.some(fits) : fits(found);
  };
  return negated ? (record) => !any(record) : any;
}

/** `ne` is the negation of `eq`, also over arrays, hence `eq` here. */
function order<V extends string | number>(operator: FilterOperator, found: V, wanted: V): boolean {
  switch (operator) {
    case 'eq':
    case 'ne':
      return found === wanted;
    case 'gt':
      return found > wanted;
    case 'ge':
      return found >= wanted;
    case 'lt':
      return found < wanted;
    case 'le':
      return found <= wanted;
    case 'sw':
      return String(found).startsWith(String(wanted));
    case 'ew':
      return String(found).endsWith(String(wanted));
    case 'co':
      return String(found).includes(String(wanted));
  }
}

function attributeOf<T>(name: string, operator: FilterOperator | 'pr', grammar: FilterGrammar<T>): FilterAttribute<T> {
  const attribute = grammar.attribute(name);
  if (attribute === undefined) throw bad(grammar, `Invalid attribute '${name}'.`);
  if (!attribute.operators.includes(operator)) throw bad(grammar, `Operator '${operator}' is not supported for attribute '${name}'.`);
  return attribute;
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function bad(grammar: { readonly errorCode?: string }, cause: string): Refusal {
  return new Refusal(grammar.errorCode ?? 'E0000031', { causes: [cause] });
}

/** The value at a dotted path of a JSON value; arrays on the way give all their elements' values. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  let value: unknown = root;
  for (let i = 0; i < path.length; i++) {
    if (Array.isArray(value)) {
      const rest = path.slice(i);
      return value.flatMap((element) => {
        const found = valueAt(element, rest);
        return found === undefined ? [] : Array.isArray(found) ? found : [found];
      });
    }
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[path[i] as string];
  }
  return value;
}
