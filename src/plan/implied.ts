import { comparison, functionCall } from '../sql/build.ts';
import { child, children, type TreeNode, text } from '../sql/tree.ts';
import { conjuncts } from '../sql/walk.ts';
import { readsOf } from './conditions.ts';
import { isConstant, isFixed, literal } from './constants.ts';
import { timeBounds } from './time-bounds.ts';
import type { BoundQuery, Scope } from './types.ts';

const INVERSE: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: 'COMPARE_NOTEQUAL',
  COMPARE_NOTEQUAL: 'COMPARE_EQUAL',
  COMPARE_LESSTHAN: 'COMPARE_GREATERTHANOREQUALTO',
  COMPARE_GREATERTHANOREQUALTO: 'COMPARE_LESSTHAN',
  COMPARE_GREATERTHAN: 'COMPARE_LESSTHANOREQUALTO',
  COMPARE_LESSTHANOREQUALTO: 'COMPARE_GREATERTHAN',
  COMPARE_DISTINCT_FROM: 'COMPARE_NOT_DISTINCT_FROM',
  COMPARE_NOT_DISTINCT_FROM: 'COMPARE_DISTINCT_FROM',
  COMPARE_IN: 'COMPARE_NOT_IN',
  COMPARE_NOT_IN: 'COMPARE_IN',
  OPERATOR_IS_NULL: 'OPERATOR_IS_NOT_NULL',
  OPERATOR_IS_NOT_NULL: 'OPERATOR_IS_NULL',
};

/**
 * A condition as conjuncts that can be looked up and pushed: other spellings of one meaning become one, and beside what no server
 * understands stands what follows from it. Planning alone sees them; what the user wrote is evaluated.
 */
export function planned(bound: BoundQuery, scope: Scope, condition: TreeNode | undefined): TreeNode[] {
  return conjuncts(condition).flatMap((conjunct) => {
    const plain = simplified(conjunct);
    return conjuncts(plain).flatMap((part) => [part, ...consequences(bound, scope, part)]);
  });
}

/** The same predicate, true of the same rows, in a form that is understood. */
function simplified(node: TreeNode): TreeNode {
  const type = text(node, 'type');
  if (node.class === 'CONJUNCTION') {
    const parts = children(node, 'children').map(simplified);
    return parts.every((part, index) => part === children(node, 'children')[index]) ? node : { ...node, children: parts };
  }
  if (type === 'OPERATOR_NOT') {
    const [inner] = children(node, 'children');
    const inverse = inner === undefined ? undefined : inverted(inner);
    return inverse ?? node;
  }
  if (type === 'COMPARE_EQUAL') return rowEquality(child(node, 'left'), child(node, 'right')) ?? node;
  if (type === 'COMPARE_NOT_DISTINCT_FROM' && booleanOf(child(node, 'right')) === true) return predicateIn(child(node, 'left')) ?? node;
  if (type === 'OPERATOR_COALESCE') {
    const [inner, otherwise, ...more] = children(node, 'children');
    return booleanOf(otherwise) === false && more.length === 0 && inner !== undefined ? simplified(inner) : node;
  }
  if (type === 'COMPARE_IN') {
    const [operand, ...values] = children(node, 'children');
    if (operand?.class !== 'CONSTANT' && text(operand ?? {}, 'function_name') !== 'row') return node;
    if (operand === undefined || (operand.class === 'CONSTANT' && values.every((value) => value.class === 'CONSTANT'))) return node;
    return either(values.map((value) => simplified(comparison('COMPARE_EQUAL', operand, value))));
  }
  if (
    node.class === 'FUNCTION' &&
    ['contains', 'list_contains', 'list_has', 'array_contains', 'array_has'].includes(text(node, 'function_name'))
  ) {
    const [list, value] = children(node, 'children');
    if (text(list ?? {}, 'function_name') !== 'list_value' || value === undefined) return node;
    return {
      class: 'OPERATOR',
      type: 'COMPARE_IN',
      alias: '',
      query_location: node.query_location ?? 0,
      children: [value, ...children(list ?? {}, 'children')],
    };
  }
  return wordsOf(node) ?? node;
}

/** NOT of a predicate without the NOT; `undefined` where that could be true of other rows. */
function inverted(node: TreeNode): TreeNode | undefined {
  const type = text(node, 'type');
  const inverse = INVERSE[type];
  if (inverse !== undefined) return simplified({ ...node, type: inverse });
  if (type === 'OPERATOR_NOT') {
    const [inner] = children(node, 'children');
    return inner === undefined ? undefined : simplified(inner);
  }
  if (node.class === 'CONJUNCTION') {
    const parts = children(node, 'children').map((part) => inverted(part) ?? not(part));
    return { ...node, type: type === 'CONJUNCTION_AND' ? 'CONJUNCTION_OR' : 'CONJUNCTION_AND', children: parts };
  }
  return undefined;
}

/** What follows from a predicate though it is not the same. */
function consequences(bound: BoundQuery, scope: Scope, node: TreeNode): TreeNode[] {
  const constant = (part: TreeNode): boolean => isConstant(bound, part, scope) || isFixed(bound, part, scope);
  if (node.class === 'CONJUNCTION') {
    // Of each branch something follows, or nothing does of all.
    const branches = children(node, 'children').map((branch) => {
      const parts = conjuncts(branch);
      const found = parts.flatMap((part) => consequences(bound, scope, part));
      return { parts, found };
    });
    if (branches.every(({ found }) => found.length === 0)) return [];
    return [either(branches.map(({ parts, found }) => both([...parts, ...found])))];
  }
  if (node.class === 'COMPARISON' || node.class === 'BETWEEN')
    return [...timeBounds(bound, node, constant), ...inAnyCase(node), ...orElse(bound, node)];
  if (node.type === 'COMPARE_IN') {
    const [operand, ...values] = children(node, 'children');
    const found = operand === undefined ? [] : values.map((value) => inAnyCase(comparison('COMPARE_EQUAL', operand, value)));
    return found.length > 0 && found.every((part) => part.length > 0) ? [either(found.flat())] : [];
  }
  if (node.class === 'SUBQUERY') return asMember(bound, scope, node);
  return prefixOf(node);
}

/** `(a, b) = (c, d)` */
function rowEquality(left: TreeNode | undefined, right: TreeNode | undefined): TreeNode | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (text(left, 'function_name') !== 'row' || text(right, 'function_name') !== 'row') return undefined;
  const [lefts, rights] = [children(left, 'children'), children(right, 'children')];
  if (lefts.length !== rights.length) return undefined;
  return both(lefts.map((item, index) => fieldEquality(item, rights[index] ?? {})));
}

/** Within rows a NULL equals a NULL. */
function fieldEquality(left: TreeNode, right: TreeNode): TreeNode {
  const isValue = [left, right].some((side) => (literal(side)?.kind ?? 'null') !== 'null');
  return comparison(isValue ? 'COMPARE_EQUAL' : 'COMPARE_NOT_DISTINCT_FROM', left, right);
}

/** `lower(x) = 'sales'` in what ignores case: `x ILIKE 'sales'`. */
function inAnyCase(node: TreeNode): TreeNode[] {
  if (node.type !== 'COMPARE_EQUAL') return [];
  const sides = [child(node, 'left'), child(node, 'right')];
  for (const [folded, value] of [sides, sides.toReversed()]) {
    const [inner, ...more] = children(folded ?? {}, 'children');
    const isFolded = ['lower', 'upper', 'lcase', 'ucase'].includes(text(folded ?? {}, 'function_name').toLowerCase());
    const word = value === undefined ? undefined : literal(value);
    if (isFolded && inner !== undefined && more.length === 0 && value !== undefined && word?.kind === 'text' && !/[%_\\]/.test(word.text))
      return [functionCall('~~*', [inner, value], { isOperator: true })];
  }
  return [];
}

/** `coalesce(x, 'none') = 'Sales'`, which is true only where x is. */
function orElse(bound: BoundQuery, node: TreeNode): TreeNode[] {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (node.type !== 'COMPARE_EQUAL' || left === undefined || right === undefined) return [];
  const [filled, value] = left.type === 'OPERATOR_COALESCE' ? [left, right] : [right, left];
  const [inner, otherwise, ...more] = children(filled, 'children');
  if (filled.type !== 'OPERATOR_COALESCE' || inner === undefined || otherwise === undefined || more.length > 0) return [];
  // Of other types two spellings may be one value.
  if (bound.resolutions.get(inner)?.sqlType !== 'VARCHAR') return [];
  const [one, other] = [literal(otherwise), literal(value)];
  const differ = one?.kind === 'text' && other?.kind === 'text' && one.text !== other.text;
  return differ ? [comparison('COMPARE_EQUAL', inner, value)] : [];
}

/** A pattern that is a choice of plain words. */
function wordsOf(node: TreeNode): TreeNode | undefined {
  const pattern = patternOf(node);
  if (pattern === undefined) return undefined;
  const match = /^\^?\(?((?:[\w -]+\|)*[\w -]+)\)?\$?$/.exec(pattern.text);
  const isWhole = pattern.isWhole || (pattern.text.startsWith('^') && pattern.text.endsWith('$'));
  const isGrouped =
    pattern.text.includes('(') === pattern.text.includes(')') &&
    (pattern.text.includes('(') || !pattern.text.includes('|') || !/[$^]/.test(pattern.text));
  if (match === null || !isWhole || !isGrouped) return undefined;
  const [, words = ''] = match;
  return {
    class: 'OPERATOR',
    type: 'COMPARE_IN',
    alias: '',
    query_location: node.query_location ?? 0,
    children: [
      pattern.operand,
      ...words.split('|').map((word) => ({ ...pattern.node, value: { ...child(pattern.node, 'value'), value: word } })),
    ],
  };
}

/** A pattern that begins with plain letters. */
function prefixOf(node: TreeNode): TreeNode[] {
  const pattern = patternOf(node);
  const [, start] = /^\^([\w @-]+)(?![*?{+|])/.exec(pattern?.text ?? '') ?? [];
  if (pattern === undefined || start === undefined || hasAlternative(pattern.text)) return [];
  const kept = /[*?{]/.test(pattern.text[1 + start.length] ?? '') ? start.slice(0, -1) : start;
  if (kept === '') return [];
  return [functionCall('starts_with', [pattern.operand, { ...pattern.node, value: { ...child(pattern.node, 'value'), value: kept } }])];
}

/** False where a pattern surely has no `|` outside of its groups. A bracket in a set or a quotation is no bracket of a group. */
function hasAlternative(pattern: string): boolean {
  if (!pattern.includes('|')) return false;
  return (
    /\[|\\Q/.test(pattern) ||
    pattern
      .replace(/\\./g, '')
      .replace(/\([^()]*\)/g, '')
      .includes('|')
  );
}

function patternOf(
  node: TreeNode,
): { readonly operand: TreeNode; readonly node: TreeNode; readonly text: string; readonly isWhole: boolean } | undefined {
  const name = text(node, 'function_name');
  const [operand, pattern, ...options] = children(node, 'children');
  const isPattern = node.class === 'FUNCTION' && ['regexp_matches', 'regexp_full_match'].includes(name);
  const word = pattern === undefined ? undefined : literal(pattern);
  return isPattern && operand !== undefined && pattern !== undefined && word?.kind === 'text' && options.length === 0
    ? { operand, node: pattern, text: word.text, isWhole: name === 'regexp_full_match' }
    : undefined;
}

/**
 * `EXISTS (SELECT ... WHERE inner = outer AND ...)` as `outer IN (SELECT inner ...)` for each such equality, and IN without what
 * binds its query to the row: the values of either can be looked up.
 */
function asMember(bound: BoundQuery, scope: Scope, node: TreeNode): TreeNode[] {
  const kind = text(node, 'subquery_type');
  const select = child(child(node, 'subquery') ?? {}, 'node');
  const isMember = kind === 'ANY' && node.comparison_type === 'COMPARE_EQUAL';
  if ((kind !== 'EXISTS' && !isMember) || select?.type !== 'SELECT_NODE' || !isPlainSelect(bound, select)) return [];
  const readsOutside = (part: TreeNode): boolean => readsOf(bound, part, scope).outer.length > 0;
  const parts = conjuncts(child(select, 'where_clause'));
  const own = parts.filter((part) => !readsOutside(part));
  if (readsOutside({ ...select, select_list: isMember ? (select.select_list ?? []) : [], where_clause: null })) return [];
  const member = (outer: TreeNode, inner: TreeNode): TreeNode => {
    const query = { ...select, select_list: [{ ...inner, alias: '' }], where_clause: own.length === 0 ? null : both(own), modifiers: [] };
    const made: TreeNode = {
      ...node,
      subquery_type: 'ANY',
      comparison_type: 'COMPARE_EQUAL',
      child: outer,
      subquery: { ...child(node, 'subquery'), node: query },
    };
    const within = bound.within.get(node);
    if (within !== undefined) (bound.within as Map<TreeNode, typeof within>).set(made, within);
    const resolution = bound.resolutions.get(inner);
    const [copy] = query.select_list;
    if (resolution !== undefined && copy !== undefined) (bound.resolutions as Map<TreeNode, typeof resolution>).set(copy, resolution);
    return made;
  };
  if (isMember) {
    const [inner] = children(select, 'select_list');
    const outer = child(node, 'child');
    return own.length < parts.length && inner !== undefined && outer !== undefined ? [member(outer, inner)] : [];
  }
  return parts.flatMap((part) => {
    if (part.type !== 'COMPARE_EQUAL') return [];
    const [left, right] = [child(part, 'left'), child(part, 'right')];
    if (left === undefined || right === undefined || readsOutside(left) === readsOutside(right)) return [];
    const [outer, inner] = readsOutside(left) ? [left, right] : [right, left];
    return bound.resolutions.has(inner) && bound.resolutions.has(outer) ? [member(outer, inner)] : [];
  });
}

/** True for a SELECT in which each row of FROM stands for itself. A function in its list may be an aggregate. */
function isPlainSelect(bound: BoundQuery, select: TreeNode): boolean {
  const isPlain = (item: TreeNode): boolean =>
    bound.resolutions.has(item) || ['CONSTANT', 'COLUMN_REF', 'STAR'].includes(text(item, 'class'));
  return (
    children(select, 'select_list').every(isPlain) &&
    children(select, 'group_expressions').length === 0 &&
    child(select, 'having') === undefined &&
    child(select, 'qualify') === undefined &&
    child(select, 'sample') === undefined &&
    select.aggregate_handling === 'STANDARD_HANDLING' &&
    children(select, 'modifiers').every((modifier) => !text(modifier, 'type').startsWith('LIMIT'))
  );
}

function predicateIn(node: TreeNode | undefined): TreeNode | undefined {
  const inner = node?.class === 'CAST' ? child(node, 'child') : undefined;
  return inner === undefined || inner.class === 'COLUMN_REF' ? undefined : simplified(inner);
}

function booleanOf(node: TreeNode | undefined): boolean | undefined {
  if (node === undefined) return undefined;
  if (node.class === 'CAST') {
    const value = child(child(node, 'child') ?? {}, 'value')?.value;
    return value === 't' || value === 'true' ? true : value === 'f' || value === 'false' ? false : undefined;
  }
  const value = child(node, 'value')?.value;
  return node.class === 'CONSTANT' && typeof value === 'boolean' ? value : undefined;
}

const not = (node: TreeNode): TreeNode => ({ class: 'OPERATOR', type: 'OPERATOR_NOT', alias: '', query_location: 0, children: [node] });
const both = (parts: readonly TreeNode[]): TreeNode => joined('CONJUNCTION_AND', parts);
const either = (parts: readonly TreeNode[]): TreeNode => joined('CONJUNCTION_OR', parts);

/** Parts under AND or OR; one alone is itself. */
export function joined(type: 'CONJUNCTION_AND' | 'CONJUNCTION_OR', parts: readonly TreeNode[]): TreeNode {
  const [first] = parts;
  return first !== undefined && parts.length === 1
    ? first
    : { class: 'CONJUNCTION', type, alias: '', query_location: 0, children: [...parts] };
}
