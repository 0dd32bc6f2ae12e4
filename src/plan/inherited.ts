import { comparison } from '../sql/build.ts';
import { child, children, isNode, type TreeNode, type TreeValue, text, texts } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import { conditionsOnItem, isNullSuppliedBy, pathTo } from './conditions.ts';
import { neverLacks } from './equalities.ts';
import { joined, planned } from './implied.ts';
import { descend, nestedType } from './needed.ts';
import { nestedAccess } from './nested.ts';
import type { BoundQuery, Resolution, Scope, Source } from './types.ts';

/**
 * The conjuncts that every row of a SELECT's FROM clause must satisfy to reach the result, those of its joins aside: its WHERE, what
 * HAVING says of the keys of its groups, and what the queries around it ask of the columns that it gives them. None where the rows of
 * FROM are sampled, which is done before any of that.
 */
export function restrictionsOf(bound: BoundQuery, scope: Scope): readonly TreeNode[] {
  const known = bound.restrictions.get(scope);
  if (known !== undefined) return known;
  const found = isSampled(scope.select)
    ? []
    : [
        ...planned(bound, scope, child(scope.select, 'where_clause')),
        ...ofKeys(bound, scope),
        ...inherited(bound, scope),
        ...tested(bound, scope),
      ];
  bound.restrictions.set(scope, found);
  return found;
}

/** True for a SELECT with USING SAMPLE: what FROM gives is sampled, and then WHERE asked. */
export function isSampled(select: TreeNode): boolean {
  return child(select, 'sample') !== undefined;
}

/** The SELECT around another: where it is used, or, for a subquery in an expression, where it stands. */
export function enclosing(bound: BoundQuery, scope: Scope): Scope | undefined {
  const [use, ...others] = bound.uses.get(scope) ?? [];
  return use !== undefined && others.length === 0 ? use.scope : scope.parent;
}

/**
 * What `x IN (SELECT y ...)` and NOT IN look for in their query: rows with another y change nothing. NULL does, on either side: it is
 * not in an empty list, and nobody knows whether in another. So x and y must be what no row lacks.
 */
function tested(bound: BoundQuery, scope: Scope): TreeNode[] {
  const member = bound.members.get(scope);
  const value = member === undefined ? undefined : child(member.test, 'child');
  if (member === undefined || value === undefined || !isNeverNull(bound, member.item) || !isNeverNull(bound, value)) return [];
  if (windowsOf(scope.select).length > 0 || lengthOf(scope.select, 'group_sets') > 1) return [];
  const item = { ...member.item, alias: '' };
  const resolution = bound.resolutions.get(member.item);
  if (resolution !== undefined) (bound.resolutions as Map<TreeNode, Resolution>).set(item, resolution);
  return [comparison('COMPARE_EQUAL', item, value)];
}

/** True for the key of a relation's rows, or a parameter of the calls for them, wherever no outer join may leave the row out. */
function isNeverNull(bound: BoundQuery, node: TreeNode): boolean {
  const resolution = bound.resolutions.get(node);
  if (resolution === undefined || resolution.others !== undefined) return false;
  const { source, scope, access, column } = resolution;
  const from = child(scope.select, 'from_table');
  const joins = from === undefined ? undefined : pathTo(from, source.kind === 'relation' ? source.occurrence.node : source.node);
  if (joins === undefined || joins.some(({ join, side }) => isNullSuppliedBy(text(join, 'join_type'), side))) return false;
  if (source.kind === 'derived') {
    const origins = column?.origins ?? [];
    return (
      origins.length > 0 && origins.every((origin) => lengthOf(origin.scope.select, 'group_sets') <= 1 && isNeverNull(bound, origin.node))
    );
  }
  return access !== undefined && neverLacks(access.occurrence, access);
}

/** What is used several times must give what any of its uses asks for. */
function inherited(bound: BoundQuery, scope: Scope): TreeNode[] {
  if (lengthOf(scope.select, 'group_sets') > 1) return [];
  const asked = (bound.uses.get(scope) ?? []).map(({ source, scope: around, isBarred }) => {
    if (isBarred) return [];
    const isOwn = (operand: TreeNode): boolean => {
      const resolution = bound.resolutions.get(operand);
      return resolution?.source === source && resolution.others === undefined;
    };
    return conditionsOnItem(bound, around, source.node, isOwn).flatMap((condition) => {
      const moved = throughSelect(bound, condition, source, scope, around);
      // Of what a query inside computes, more can be seen there.
      return moved === undefined ? [] : planned(bound, scope, moved);
    });
  });
  const [only = [], ...others] = asked;
  if (others.length === 0) return only;
  if (asked.some((conditions) => conditions.length === 0)) return [];
  const branches = asked.map((conditions) => joined('CONJUNCTION_AND', conditions));
  return [joined('CONJUNCTION_OR', branches)];
}

function lengthOf(node: TreeNode, key: string): number {
  const value = node[key];
  return Array.isArray(value) ? value.length : 0;
}

/** Conjuncts of HAVING that read nothing but keys of the groups. */
function ofKeys(bound: BoundQuery, scope: Scope): TreeNode[] {
  const { select } = scope;
  if (lengthOf(select, 'group_sets') > 1) return [];
  const items = children(select, 'select_list');
  const keys = children(select, 'group_expressions').map((key) => {
    const position = child(key, 'value')?.value;
    return key.class === 'CONSTANT' && typeof position === 'number' ? items[position - 1] : key;
  });
  return planned(bound, scope, child(select, 'having')).filter((condition) =>
    referencesIn(bound, condition).every((reference) => {
      const name = (texts(reference, 'column_names').at(-1) ?? '').toLowerCase();
      const named = items.find((item) => text(item, 'alias').toLowerCase() === name);
      return (
        keys.some((key) => key !== undefined && isSame(bound, key, reference)) && (named === undefined || isSame(bound, named, reference))
      );
    }),
  );
}

/** A condition on what a SELECT gives as one on what it reads; `undefined` where it is none, or where other rows' results would change. */
function throughSelect(bound: BoundQuery, condition: TreeNode, source: Source, scope: Scope, around: Scope): TreeNode | undefined {
  const partitions = windowsOf(scope.select).map((window) => children(window, 'partitions'));
  const resolutions = bound.resolutions as Map<TreeNode, Resolution>;
  let isMovable = true;
  const given = (resolution: Resolution): TreeNode | undefined => {
    const origin = resolution.column?.origins?.find((candidate) => candidate.scope === scope)?.node;
    if (origin === undefined || resolution.others !== undefined || !isPlain(bound, origin)) return undefined;
    return partitions.every((keys) => keys.some((key) => isSame(bound, key, origin))) ? plainCopy(origin) : undefined;
  };
  const plainCopy = (node: TreeNode): TreeNode => {
    const copy = { ...node, alias: '' };
    const resolution = bound.resolutions.get(node);
    if (resolution !== undefined) resolutions.set(copy, resolution);
    return copy;
  };
  const move = (value: TreeValue): TreeValue => {
    if (Array.isArray(value)) {
      const items = value.map(move);
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (!isNode(value)) return value;
    const resolution = bound.resolutions.get(value);
    if (resolution?.source === source || resolution?.others?.includes(source) === true) {
      const found = given(resolution);
      if (found === undefined) isMovable = false;
      return found ?? value;
    }
    const query = value.class === 'SUBQUERY' ? child(value, 'subquery') : undefined;
    if (isShadowed(query, around, scope) || referencesIn(bound, query, true).some((node) => reads(bound, node, source))) {
      isMovable = false;
      return value;
    }
    const entries = Object.entries(value).map(([key, item]) => [key, key === 'subquery' ? item : move(item)] as const);
    if (entries.every(([key, item]) => item === value[key])) return value;
    const copy = Object.fromEntries(entries) as TreeNode;
    const own = resolution ?? composed(bound, copy);
    if (own !== undefined) resolutions.set(copy, own);
    const within = bound.within.get(value);
    if (within !== undefined) (bound.within as Map<TreeNode, typeof within>).set(copy, within);
    return copy;
  };
  const moved = move(condition);
  return isMovable && moved !== condition ? (moved as TreeNode) : undefined;
}

/** True where a query names a table that means a common table expression inside, and did not outside. */
function isShadowed(query: TreeNode | undefined, around: Scope, scope: Scope): boolean {
  const own = new Set(scope.ctes.filter((entry) => !around.ctes.includes(entry)).map((entry) => text(entry, 'key').toLowerCase()));
  let isFound = false;
  walk(query, (node) => {
    isFound ||= node.type === 'BASE_TABLE' && own.has(text(node, 'table_name').toLowerCase());
    return own.size > 0 && !isFound;
  });
  return isFound;
}

/** What a value below a column means, when the column came to stand there by being moved. */
function composed(bound: BoundQuery, node: TreeNode): Resolution | undefined {
  if (node.class === 'CAST') {
    const inner = bound.resolutions.get(child(node, 'child') ?? {});
    return inner?.access !== undefined && inner.sqlType === text(child(node, 'cast_type') ?? {}, 'id') ? inner : undefined;
  }
  const below = nestedAccess(node);
  const root = below === undefined ? undefined : bound.resolutions.get(below.root);
  if (below === undefined || root?.access?.column === undefined) return undefined;
  const { column } = root.access;
  const spelled = descend(column.shape, [...root.access.path, ...below.path]);
  return { ...root, shape: spelled.shape, sqlType: nestedType(spelled.shape), access: { ...root.access, path: spelled.path } };
}

/** Expressions that give one value for each row; functions by name, as another may be an aggregate. */
const PURE: ReadonlySet<string> = new Set(['CASE', 'CAST', 'COMPARISON', 'CONJUNCTION', 'OPERATOR', 'BETWEEN', 'CONSTANT']);
const SCALARS: ReadonlySet<string> = new Set(
  `+ - * / || ~~ !~~ ~~* !~~* upper lower trim ltrim rtrim substr substring left right replace concat starts_with contains suffix
  strftime timezone date_trunc date_part date_diff datediff date_sub datesub date_add date datetime sqlite_date year month day epoch
  epoch_ms epoch_us unixepoch julianday json_extract json_extract_string`.split(/\s+/),
);

/** A column, a value below one, or what is computed of them row by row. */
function isPlain(bound: BoundQuery, node: TreeNode): boolean {
  let isPure = true;
  let isOfColumn = false;
  walk(node, (part) => {
    const resolution = bound.resolutions.get(part);
    if (resolution !== undefined) {
      isOfColumn = true;
      isPure &&= resolution.others === undefined;
      return false;
    }
    const kind = text(part, 'class');
    isPure &&= kind === '' || PURE.has(kind) || (kind === 'FUNCTION' && SCALARS.has(text(part, 'function_name').toLowerCase()));
    return isPure;
  });
  return isPure && isOfColumn;
}

/** The references to columns in an expression; with `isDeep`, those in its subqueries too. */
function referencesIn(bound: BoundQuery, value: TreeValue | undefined, isDeep = false): TreeNode[] {
  const found: TreeNode[] = [];
  walk(value, (node) => {
    if (bound.resolutions.has(node) || node.class === 'COLUMN_REF') found.push(node);
    return isDeep || node.class !== 'SUBQUERY';
  });
  return found;
}

function reads(bound: BoundQuery, node: TreeNode, source: Source): boolean {
  const resolution = bound.resolutions.get(node);
  return resolution?.source === source || resolution?.others?.includes(source) === true;
}

/** True when two expressions are one column, or one value below it. */
function isSame(bound: BoundQuery, left: TreeNode, right: TreeNode): boolean {
  const one = bound.resolutions.get(left);
  const other = bound.resolutions.get(right);
  if (one === undefined || other === undefined || one.source !== other.source) return false;
  return one.access === undefined || other.access === undefined
    ? one.column !== undefined && one.column === other.column
    : one.access.column === other.access.column &&
        one.access.parameter === other.access.parameter &&
        one.access.path.join('.') === other.access.path.join('.');
}

/** The window functions of a SELECT, those of its subqueries aside. */
function windowsOf(select: TreeNode): TreeNode[] {
  const found: TreeNode[] = [];
  for (const key of ['select_list', 'qualify', 'modifiers']) {
    walk(select[key], (node) => {
      if (node.class === 'WINDOW') found.push(node);
      return node.class !== 'SUBQUERY';
    });
  }
  return found;
}
