import { cast, columnRef, comparison, functionCall, selectNode, stringConstant } from '../sql/build.ts';
import { child, children, isNode, type TreeNode, type TreeValue, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import { isFor } from './access-path.ts';
import { isCollated, literal } from './constants.ts';
import { neverLacks } from './equalities.ts';
import { wordsOf } from './filters.ts';
import { joined } from './implied.ts';
import type { BoundQuery, ColumnAccess, Occurrence, Resolution } from './types.ts';
import { isVolatile } from './volatile.ts';

/** A column of more words is not tried out. */
const MOST_WORDS = 100;

/**
 * A condition that reads one column of text and nothing else: of each value it can be told beforehand whether it is fulfilled, whatever it
 * is made of: `upper(status) = 'ACTIVE'`, `CASE status WHEN ...`.
 */
export interface ValueTest {
  readonly node: TreeNode;
  /** A reference to the column. */
  readonly operand: TreeNode;
  /** The values to try: the words that the document lists, and those that the condition names. */
  readonly values: readonly string[];
  /** Those of them that a server may be asked for. Default all. */
  readonly words: ReadonlySet<string> | undefined;
  /** No row has another value than these. */
  readonly isClosed: boolean;
  /** A value that stands for every further one. None where the condition does more than compare with the values that it names. */
  readonly other: string | undefined;
  readonly isNeverNull: boolean;
}

/** The values of a test that fulfil it; NULL is one. */
export type Fulfilling = ReadonlySet<string | null>;

/** The largest parts of a condition on an occurrence, joined by AND and OR, that are such tests and that no server understands as they are. */
export function valueTests(bound: BoundQuery, occurrence: Occurrence, condition: TreeNode): ValueTest[] {
  const whole = valueTest(bound, occurrence, condition);
  if (whole !== undefined) return isUnderstood(bound, whole.words, condition) ? [] : [whole];
  return condition.class === 'CONJUNCTION' ? children(condition, 'children').flatMap((part) => valueTests(bound, occurrence, part)) : [];
}

/**
 * What follows from a condition once its tests are tried out, in a form that a server understands: the values that fulfil it, where no
 * other does; else that its column has none of those that do not. `undefined` where nothing follows.
 */
export function impliedBy(condition: TreeNode, tried: ReadonlyMap<TreeNode, TreeNode>): TreeNode | undefined {
  const known = tried.get(condition);
  if (known !== undefined) return known;
  if (condition.class !== 'CONJUNCTION') return undefined;
  const type = text(condition, 'type') === 'CONJUNCTION_AND' ? 'CONJUNCTION_AND' : 'CONJUNCTION_OR';
  const parts = children(condition, 'children').map((part) => ({ part, found: impliedBy(part, tried) }));
  if (parts.every(({ found }) => found === undefined)) return undefined;
  return joined(
    type,
    parts.map(({ part, found }) => (found === undefined ? part : joined('CONJUNCTION_AND', [part, found]))),
  );
}

/** What a test says of its column; `undefined` where that is nothing. */
export function saidBy(test: ValueTest, fulfilling: Fulfilling): TreeNode | undefined {
  if (fulfilling.has(null) && !test.isNeverNull) return undefined;
  const wanted = test.values.filter((value) => fulfilling.has(value));
  const isListed = test.isClosed || (test.other !== undefined && !fulfilling.has(test.other));
  if (isListed && wanted.length > 0 && wanted.every((value) => test.words?.has(value) !== false))
    return {
      class: 'OPERATOR',
      type: 'COMPARE_IN',
      alias: '',
      query_location: 0,
      children: [test.operand, ...wanted.map(stringConstant)],
    };
  const unwanted = test.values.filter((value) => !fulfilling.has(value) && test.words?.has(value) !== false);
  const parts = unwanted.map((value) => comparison('COMPARE_NOTEQUAL', test.operand, stringConstant(value)));
  return parts.length === 0 ? undefined : joined('CONJUNCTION_AND', parts);
}

/** The query that tries the values of a test: each value, and whether it fulfils it. */
export function trial(bound: BoundQuery, { node, operand, values, other }: ValueTest): TreeNode {
  const access = bound.resolutions.get(operand)?.access;
  const put = (value: TreeValue): TreeValue => {
    if (Array.isArray(value)) return value.map(put);
    if (!isNode(value)) return value;
    const own = bound.resolutions.get(value)?.access;
    if (own !== undefined && access !== undefined && isSameColumn(own, access)) return columnRef(['t', 'v']);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, put(item)]));
  };
  const tried = [...values, ...(other === undefined ? [] : [other])].map(stringConstant);
  const list = functionCall('list_value', [...tried, functionCall('nullif', [stringConstant(''), stringConstant('')])]);
  const empty: TreeNode = { type: 'EMPTY', alias: '', sample: null, query_location: 0 };
  const source = selectNode({ select: [{ ...functionCall('unnest', [list]), alias: 'v' }], from: empty });
  const from: TreeNode = {
    type: 'SUBQUERY',
    alias: 't',
    sample: null,
    query_location: 0,
    subquery: { node: source, named_param_map: [] },
    column_name_alias: [],
  };
  return selectNode({ select: [columnRef(['t', 'v']), cast({ ...(put(node) as TreeNode), alias: '' }, 'BOOLEAN')], from });
}

function valueTest(bound: BoundQuery, occurrence: Occurrence, node: TreeNode): ValueTest | undefined {
  const operand = onlyColumn(bound, occurrence, node);
  const resolution = operand === undefined ? undefined : bound.resolutions.get(operand);
  if (operand === undefined || resolution?.access === undefined) return undefined;
  const { access } = resolution;
  // Which orgs are read is settled apart.
  if (access.parameter === 'subdomain') return undefined;
  const domain = domainOf(occurrence, access);
  const listed = domain ?? resolution.shape?.enum;
  const words = listed ?? wordsOf(resolution);
  if ((words?.length ?? 0) > MOST_WORDS) return undefined;
  const named = domain === undefined ? namedValues(bound, node) : undefined;
  if (words === undefined && named === undefined) return undefined;
  return {
    node,
    operand,
    values: [...new Set([...(words ?? []), ...(named ?? [])])],
    words: listed === undefined ? undefined : new Set(listed),
    isClosed: domain !== undefined,
    // Longer than each of them, it is none.
    other: named === undefined ? undefined : `${[...named, ...(words ?? [])].join('')}~`,
    isNeverNull: neverLacks(occurrence, access),
  };
}

/** The values of a parameter that are all that is ever read. */
function domainOf(occurrence: Occurrence, access: ColumnAccess): readonly string[] | undefined {
  return Object.entries(occurrence.relation.overlay.relation.domains ?? {}).find(([parameter]) =>
    isFor(occurrence, parameter, access),
  )?.[1];
}

/** The column that a condition reads, where that is all it reads, and its value all that it depends on. */
function onlyColumn(bound: BoundQuery, occurrence: Occurrence, node: TreeNode): TreeNode | undefined {
  let first: TreeNode | undefined;
  let isOnly = !isVolatile(node);
  walk(node, (part) => {
    const resolution = bound.resolutions.get(part);
    if (resolution !== undefined) {
      const same = bound.resolutions.get(first ?? part)?.access;
      isOnly &&=
        isText(resolution, occurrence) && same !== undefined && resolution.access !== undefined && isSameColumn(resolution.access, same);
      first ??= part;
      return false;
    }
    isOnly &&= !['COLUMN_REF', 'SUBQUERY', 'STAR', 'WINDOW', 'LAMBDA', 'POSITIONAL_REFERENCE'].includes(text(part, 'class'));
    return isOnly;
  });
  return isOnly ? first : undefined;
}

function isText({ access, others, sqlType }: Resolution, occurrence: Occurrence): boolean {
  return access?.occurrence === occurrence && others === undefined && sqlType === 'VARCHAR';
}

function isSameColumn(one: ColumnAccess, other: ColumnAccess): boolean {
  return (
    one.occurrence === other.occurrence &&
    one.column === other.column &&
    one.parameter === other.parameter &&
    one.path.length === other.path.length &&
    one.path.every((step, index) => step === other.path[index])
  );
}

/** The values that a condition compares its column with, where that is all that it does with it. */
function namedValues(bound: BoundQuery, condition: TreeNode): readonly string[] | undefined {
  const values: string[] = [];
  let isOnly = true;
  walk(condition, (node) => {
    const compared = comparedWith(bound, node);
    if (compared === undefined) {
      isOnly &&= !bound.resolutions.has(node);
      return isOnly;
    }
    values.push(...compared);
    return false;
  });
  return isOnly ? values : undefined;
}

const EQUALITIES: ReadonlySet<string> = new Set([
  'COMPARE_EQUAL',
  'COMPARE_NOTEQUAL',
  'COMPARE_DISTINCT_FROM',
  'COMPARE_NOT_DISTINCT_FROM',
  'COMPARE_IN',
  'COMPARE_NOT_IN',
  'OPERATOR_IS_NULL',
  'OPERATOR_IS_NOT_NULL',
]);

/** The texts that a column by itself is compared with, be it for equality or for its opposite; NULL is no text. */
function comparedWith(bound: BoundQuery, node: TreeNode): readonly string[] | undefined {
  if (!EQUALITIES.has(text(node, 'type'))) return undefined;
  const operands = operandsOf(node);
  const others = operands.filter((part) => !isColumn(bound, part)).map(literal);
  if (others.length !== operands.length - 1 || !others.every((value) => value?.kind === 'text' || value?.kind === 'null')) return undefined;
  return others.flatMap((value) => (value?.kind === 'text' ? [value.text] : []));
}

/** A column, or a text in place of its NULL. */
function isColumn(bound: BoundQuery, node: TreeNode): boolean {
  if (node.type !== 'OPERATOR_COALESCE') return bound.resolutions.has(node);
  const [column, ...others] = children(node, 'children');
  return column !== undefined && bound.resolutions.has(column) && others.every((part) => literal(part)?.kind === 'text');
}

const UNDERSTOOD: ReadonlySet<string> = new Set([
  'COMPARE_EQUAL',
  'COMPARE_NOTEQUAL',
  'COMPARE_NOT_DISTINCT_FROM',
  'COMPARE_IN',
  'COMPARE_NOT_IN',
  'OPERATOR_IS_NOT_NULL',
]);

/** True for comparisons that servers know, with values that they take. */
function isUnderstood(bound: BoundQuery, words: ReadonlySet<string> | undefined, node: TreeNode): boolean {
  if (node.class === 'CONJUNCTION') return children(node, 'children').every((part) => isUnderstood(bound, words, part));
  if (isCollated(node)) return false;
  const [first, ...others] = operandsOf(node);
  const [operand, ...values] = first !== undefined && bound.resolutions.has(first) ? [first, ...others] : [...others, first];
  return (
    UNDERSTOOD.has(text(node, 'type')) &&
    operand !== undefined &&
    bound.resolutions.has(operand) &&
    values.every((value) => {
      const known = value === undefined ? undefined : literal(value);
      return known === undefined || (known.kind !== 'null' && words?.has(known.text) !== false);
    })
  );
}

function operandsOf(node: TreeNode): TreeNode[] {
  return [child(node, 'left'), child(node, 'right'), ...children(node, 'children')].filter((part) => part !== undefined);
}
