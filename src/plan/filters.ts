import type { AttributeFact, FilterFact, FilterOperator } from '../catalog/overlay.ts';
import { child, children, type TreeNode, text } from '../sql/tree.ts';
import type { Constant, Constants } from './constants.ts';
import { grammarOf } from './filter-grammar.ts';
import type { BoundQuery, Occurrence, Resolution } from './types.ts';

/** An expression in a server's filter language, and whether it says exactly what SQL says. */
export interface Filter {
  readonly text: string;
  readonly isExact: boolean;
  /** Comparisons in it: of two filters for the same conditions, the one with more says more. */
  readonly atoms: number;
  /** `and`/`or` joins that still need brackets. */
  readonly level: 'atom' | 'and' | 'or';
}

interface FilterContext {
  readonly bound: BoundQuery;
  readonly occurrence: Occurrence;
  readonly fact: FilterFact;
  readonly constants: Constants;
}

const OPERATORS: Readonly<Record<string, FilterOperator>> = {
  COMPARE_EQUAL: 'eq',
  COMPARE_NOT_DISTINCT_FROM: 'eq',
  COMPARE_NOTEQUAL: 'ne',
  COMPARE_LESSTHAN: 'lt',
  COMPARE_LESSTHANOREQUALTO: 'le',
  COMPARE_GREATERTHAN: 'gt',
  COMPARE_GREATERTHANOREQUALTO: 'ge',
};
const MIRRORED: Readonly<Record<FilterOperator, FilterOperator>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'gt',
  le: 'ge',
  gt: 'lt',
  ge: 'le',
  sw: 'sw',
  ew: 'ew',
  co: 'co',
  pr: 'pr',
};

/** The filter for a predicate in the server's language, or `undefined` when the server cannot even give a superset. */
export function toFilter(context: FilterContext, node: TreeNode): Filter | undefined {
  switch (node.class) {
    case 'CONJUNCTION':
      return text(node, 'type') === 'CONJUNCTION_AND'
        ? allOf(context, children(node, 'children'))
        : anyOf(context, children(node, 'children'));
    case 'COMPARISON': {
      const operator = OPERATORS[text(node, 'type')];
      const left = child(node, 'left');
      const right = child(node, 'right');
      if (operator === undefined || left === undefined || right === undefined) return undefined;
      return atom(context, left, operator, right) ?? atom(context, right, MIRRORED[operator], left);
    }
    case 'BETWEEN': {
      const input = child(node, 'input');
      const lower = child(node, 'lower');
      const upper = child(node, 'upper');
      if (input === undefined || lower === undefined || upper === undefined) return undefined;
      return joined(
        'and',
        [atom(context, input, 'ge', lower), atom(context, input, 'le', upper)].filter((part) => part !== undefined),
        2,
      );
    }
    case 'COLUMN_REF':
      return flag(context, node, true);
    case 'OPERATOR': {
      const [operand, ...values] = children(node, 'children');
      if (operand === undefined) return undefined;
      if (text(node, 'type') === 'COMPARE_IN') return valueList(context, operand, values);
      if (text(node, 'type') === 'COMPARE_NOT_IN')
        return joined(
          'and',
          values.map((value) => atom(context, operand, 'ne', value)).filter((part) => part !== undefined),
          values.length,
        );
      if (text(node, 'type') === 'OPERATOR_IS_NOT_NULL') return present(context, operand);
      if (text(node, 'type') === 'OPERATOR_IS_NULL') return absent(context, operand);
      if (text(node, 'type') === 'OPERATOR_NOT') return flag(context, operand, false) ?? negated(context, operand);
      return undefined;
    }
    case 'FUNCTION':
      return textMatch(context, node);
    default:
      return undefined;
  }
}

/** The conjunction of the predicates that the server understands; the others are left to the engine. */
export function allOf(context: FilterContext, nodes: readonly TreeNode[]): Filter | undefined {
  const parts = nodes.map((node) => toFilter(context, node)).filter((part) => part !== undefined);
  if (context.fact.connectives !== undefined && !context.fact.connectives.includes('and')) {
    const [first] = parts;
    return first === undefined ? undefined : { ...first, isExact: first.isExact && nodes.length === 1 };
  }
  return joined('and', parts, nodes.length);
}

function anyOf(context: FilterContext, nodes: readonly TreeNode[]): Filter | undefined {
  if (context.fact.connectives !== undefined && !context.fact.connectives.includes('or')) return undefined;
  const parts = nodes.map((node) => toFilter(context, node));
  const known = parts.filter((part) => part !== undefined);
  return known.length === nodes.length ? joined('or', known, nodes.length) : undefined;
}

function joined(word: 'and' | 'or', parts: readonly Filter[], wanted: number): Filter | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const isExact = parts.length === wanted && parts.every((part) => part.isExact);
  const different = parts.filter((part, index) => parts.findIndex((other) => other.text === part.text) === index);
  if (different.length === 1) return { ...first, isExact };
  const texts = different.map((part) => (part.level === 'atom' || part.level === word ? part.text : `(${part.text})`));
  return { text: texts.join(` ${word} `), isExact, atoms: different.reduce((sum, part) => sum + part.atoms, 0), level: word };
}

function negated(context: FilterContext, node: TreeNode): Filter | undefined {
  if (context.fact.connectives === undefined || !context.fact.connectives.includes('not')) return undefined;
  const inner = toFilter(context, node);
  // A superset turned round is a subset: only what is exact may be negated.
  return inner?.isExact === true ? { ...inner, text: `not (${inner.text})`, isExact: false, level: 'atom' } : undefined;
}

/** `x IN (...)` as an or-chain. */
export function valueList(context: FilterContext, operand: TreeNode, values: readonly TreeNode[]): Filter | undefined {
  const attribute = attributeOf(context, operand);
  if (attribute === undefined || values.length > (attribute.fact.maxValues ?? 100)) return undefined;
  if (values.length > 1 && context.fact.connectives !== undefined && !context.fact.connectives.includes('or')) return undefined;
  const parts = values.map((value) => atom(context, operand, 'eq', value));
  const known = parts.filter((part) => part !== undefined);
  return known.length === values.length ? joined('or', known, values.length) : undefined;
}

function atom(context: FilterContext, operand: TreeNode, operator: FilterOperator, value: TreeNode): Filter | undefined {
  const attribute = attributeOf(context, operand);
  const constant = context.constants.get(value);
  if (attribute === undefined || constant === undefined) return undefined;
  const { fact, name, sqlType } = attribute;
  if (!isWord(attribute, constant)) return undefined;
  // A server that ignores case would leave out the rows with the word as it is written.
  if (operator === 'ne' && isTwin(attribute, constant)) return undefined;
  if (operator === 'ne' && !fact.operators.includes('ne')) {
    // `x <> v` as `x lt v or x gt v`, where the server compares exactly as SQL does.
    if (!fact.exact || !fact.operators.includes('lt') || !fact.operators.includes('gt')) return undefined;
    // The server ignores case: a word in another case would take its twin with it, which SQL keeps.
    if (sqlType === 'VARCHAR' && constant.text !== constant.text.toUpperCase()) return undefined;
    const written = literalText(context.fact, attribute, constant, 'eq');
    return written === undefined
      ? undefined
      : { text: `${name} lt ${written.text} or ${name} gt ${written.text}`, isExact: written.isExact, atoms: 1, level: 'or' };
  }
  // Of what is only found by and large, its opposite would leave rows out.
  if (operator === 'ne' && !fact.exact) return undefined;
  if (!fact.operators.includes(operator)) return undefined;
  // The server orders text without regard to case, the engine byte by byte.
  if (sqlType === 'VARCHAR' && ['lt', 'le', 'gt', 'ge'].includes(operator)) return undefined;
  const written = literalText(context.fact, attribute, constant, operator);
  if (written === undefined) return undefined;
  const grammar = grammarOf(context.fact);
  const isExact = fact.exact && written.isExact && !(operator === 'ne' && (grammar.comparesNull || fact.optional === true));
  return { text: grammar.compare(name, operator, written.text), isExact, atoms: 1, level: 'atom' };
}

/** A column that is true or false, as a condition by itself. */
function flag(context: FilterContext, operand: TreeNode, value: boolean): Filter | undefined {
  const attribute = attributeOf(context, operand);
  if (attribute?.sqlType !== 'BOOLEAN' || !attribute.fact.operators.includes('eq')) return undefined;
  const compared = grammarOf(context.fact).compare(attribute.name, 'eq', String(value));
  return { text: compared, isExact: attribute.fact.exact, atoms: 1, level: 'atom' };
}

function absent(context: FilterContext, operand: TreeNode): Filter | undefined {
  const attribute = attributeOf(context, operand);
  // An array without that element is no array that is null.
  if (context.bound.resolutions.get(operand)?.access?.path.some((step) => typeof step === 'number') === true) return undefined;
  const said = attribute?.fact.operators.includes('eq') === true ? grammarOf(context.fact).isAbsent(attribute.name) : undefined;
  return said === undefined ? undefined : { text: said, isExact: false, atoms: 1, level: 'atom' };
}

function present(context: FilterContext, operand: TreeNode): Filter | undefined {
  const attribute = attributeOf(context, operand);
  return attribute?.fact.operators.includes('pr') === true
    ? { text: grammarOf(context.fact).isPresent(attribute.name), isExact: false, atoms: 1, level: 'atom' }
    : undefined;
}

/** LIKE and its kin as sw, ew, co: the longest plain piece that the server can look for. */
function textMatch(context: FilterContext, node: TreeNode): Filter | undefined {
  const name = text(node, 'function_name').toLowerCase();
  const [operand, pattern] = children(node, 'children');
  const constant = pattern === undefined ? undefined : context.constants.get(pattern);
  const attribute = operand === undefined ? undefined : attributeOf(context, operand);
  if (attribute === undefined || constant?.kind !== 'text' || attribute.sqlType !== 'VARCHAR') return undefined;
  const make = (operator: FilterOperator, value: string, isWhole: boolean): Filter | undefined => {
    if (operator === 'eq' && !isWord(attribute, constant)) return undefined;
    if (value === '' || !attribute.fact.operators.includes(operator)) return undefined;
    const grammar = grammarOf(context.fact);
    const isPlain = grammar.formatted(attribute.format, value) === grammar.text(value);
    const literal = operator === 'eq' ? grammar.formatted(attribute.format, value) : isPlain ? grammar.text(value) : undefined;
    if (literal === undefined) return undefined;
    return {
      text: grammar.compare(attribute.name, operator, literal),
      isExact: isWhole && attribute.fact.exact,
      atoms: 1,
      level: 'atom',
    };
  };
  if (name === 'starts_with' || name === 'prefix' || name === '^@') return make('sw', constant.text, true);
  if (name === 'suffix' || name === 'ends_with') return make('ew', constant.text, true);
  if (name === 'contains') return make('co', constant.text, true);
  // ILIKE is a superset only where the server ignores case itself.
  if (name !== '~~' && !(name === '~~*' && attribute.fact.foldsCase === true)) return undefined;
  const pieces = constant.text.split(/[%_]/);
  const hasWildcard = pieces.length > 1;
  if (!hasWildcard) return make('eq', constant.text, name === '~~');
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  const isOnlyPercent = !constant.text.includes('_');
  const longest = pieces.reduce((best, piece) => (piece.length > best.length ? piece : best), '');
  return (
    make('sw', first, isOnlyPercent && pieces.length === 2 && last === '') ??
    make('ew', last, isOnlyPercent && pieces.length === 2 && first === '') ??
    make('co', longest, isOnlyPercent && pieces.length === 3 && first === '' && last === '')
  );
}

/** A column as a server's filter names it. */
export interface Attribute {
  readonly name: string;
  readonly fact: AttributeFact;
  readonly sqlType: string;
  /** What the document says of a text: `date`, `uuid`. */
  readonly format: string | undefined;
  /** The only values that the document allows. */
  readonly words: readonly string[] | undefined;
  /** Words that it has, be they all or not. */
  readonly knownWords: readonly string[] | undefined;
}

/** False for a value outside of a fixed list of words: servers refuse those as invalid, where SQL only finds no row. */
export function isWord(attribute: Attribute, constant: Constant): boolean {
  return attribute.words === undefined || attribute.words.includes(constant.text);
}

/** True for a word of the column in another case. */
function isTwin({ knownWords = [] }: Attribute, { text: value }: Constant): boolean {
  return knownWords.some((word) => word !== value && word.toLowerCase() === value.toLowerCase());
}

/** What the server can do with the column that an operand names. */
export function attributeOf(context: Pick<FilterContext, 'bound' | 'occurrence' | 'fact'>, operand: TreeNode): Attribute | undefined {
  const resolution = context.bound.resolutions.get(operand);
  const access = resolution?.access;
  if (access?.occurrence !== context.occurrence || access.column === undefined || resolution === undefined) return undefined;
  const keys = access.path.filter((step) => typeof step === 'string');
  const path = [access.column.name, ...keys];
  const full = path.join('.');
  const { attributes } = context.fact;
  const own = Object.hasOwn(attributes, full) ? attributes[full] : undefined;
  const fact = own ?? (path.length > 1 ? attributes[`${path.slice(0, -1).join('.')}.*`] : undefined);
  if (fact === undefined || !keys.every((key) => /^[A-Za-z_$][\w$-]*$/.test(key))) return undefined;
  // The server looks at any element of an array, SQL at one.
  const isPositional = keys.length !== access.path.length;
  return {
    name: fact.as ?? grammarOf(context.fact).attribute(path),
    fact: isPositional
      ? {
          ...fact,
          exact: false,
          operators: fact.operators.filter((operator) => operator === 'eq' || operator === 'sw' || operator === 'co'),
        }
      : fact,
    sqlType: resolution.sqlType ?? 'VARCHAR',
    format: resolution.shape?.format,
    words: resolution.shape?.enum,
    knownWords: wordsOf(resolution),
  };
}

/** Words that a column is known to have, by the document or by the overlay. */
export function wordsOf({ access, shape }: Resolution): readonly string[] | undefined {
  return shape?.enum ?? access?.occurrence.relation.overlay.relation.words?.[[access.column?.name, ...access.path].join('.')];
}

/** A literal in the server's syntax, widened where the server's is coarser. Types that SQL would convert before comparing are not pushed. */
export function literalText(
  filter: FilterFact,
  { fact, format, sqlType }: Pick<Attribute, 'fact' | 'format' | 'sqlType'>,
  constant: Constant,
  operator: FilterOperator,
): { readonly text: string; readonly isExact: boolean } | undefined {
  if (constant.kind === 'null' || constant.kind === 'other') return undefined;
  switch (sqlType) {
    case 'TIMESTAMPTZ': {
      if (constant.time === undefined) return undefined;
      if (constant.time.isRounded && operator === 'eq') return undefined;
      const ms = constant.time.ms + (constant.time.isRounded && (operator === 'lt' || operator === 'le') ? 1 : 0);
      return { text: grammarOf(filter).time(new Date(ms).toISOString()), isExact: !constant.time.isRounded };
    }
    case 'BIGINT':
    case 'DOUBLE':
      return constant.kind === 'number' && isPlainNumber(constant.text, sqlType) ? { text: constant.text, isExact: true } : undefined;
    case 'BOOLEAN':
      return constant.kind === 'boolean' || (constant.kind === 'text' && /^(true|false)$/i.test(constant.text))
        ? { text: constant.text.toLowerCase(), isExact: true }
        : undefined;
    case 'VARCHAR': {
      if (constant.kind !== 'text') return undefined;
      const isBare = fact.literal === 'number' || fact.literal === 'boolean';
      const written = isBare ? constant.text : grammarOf(filter).formatted(format, constant.text);
      return written === undefined ? undefined : { text: written, isExact: true };
    }
    default:
      return undefined;
  }
}

/** A number that every server reads as the engine does: not infinite, and of no more digits than a double keeps, unless both sides are integers. */
function isPlainNumber(text: string, sqlType: string): boolean {
  if (sqlType === 'BIGINT' && /^-?\d+$/.test(text)) return true;
  return /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, '').length <= 15;
}
