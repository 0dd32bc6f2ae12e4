import type { AccessPath, ParameterSupply } from '../plan/access-path.ts';
import { readsOf } from '../plan/conditions.ts';
import type { BoundQuery, Occurrence } from '../plan/types.ts';
import { isVolatile } from '../plan/volatile.ts';
import { columnRef, document, selectNode } from '../sql/build.ts';
import { writeTree } from '../sql/lossless.ts';
import { child, children, cloneNode, type TreeNode, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import type { RelationRecord } from './recorder.ts';
import { isPlainSelect, limitsOf } from './row-by-row.ts';
import type { ScanRequest } from './scan.ts';
import { type SortedPath, sortedPath } from './sorted-path.ts';
import type { QueryRun } from './stage-query.ts';

/**
 * How many rows of an occurrence are enough, where its SELECT takes any of them up to a LIMIT, or asks whether there is one: paging stops
 * then. `undefined` where which rows they are matters, or where it takes other rows to tell which of them the conditions keep.
 */
export function rowsWanted(bound: BoundQuery, occurrence: Occurrence, path: AccessPath): number | undefined {
  const { select } = occurrence.scope;
  if (path.chunk !== undefined || occurrence.isBarred || child(select, 'from_table') !== occurrence.node) return undefined;
  if (!isPlainSelect(select, 'with subqueries') || !(path.isExact || isDecidable(bound, occurrence))) return undefined;
  const limits = limitsOf(children(select, 'modifiers'));
  if (limits === undefined) return undefined;
  const wanted = limits.limit === undefined ? undefined : limits.limit + limits.offset;
  return isOnlyTested(bound, occurrence) ? Math.min(wanted ?? Number.POSITIVE_INFINITY, 1 + limits.offset) : wanted;
}

/** A list of which the first rows are enough. */
export interface LimitedRead {
  readonly path: AccessPath;
  readonly rows: number;
  /** Set where the server sorts by the first key of an ORDER BY: rows that tie with the last are wanted too. */
  readonly sorted: SortedPath | undefined;
}

/** How few rows a list can be read for, or `undefined` where the engine must see them all. */
export function limitedRead(run: QueryRun, occurrence: Occurrence, path: AccessPath): LimitedRead | undefined {
  if (run.options.pushdown === false) return undefined;
  const any = rowsWanted(run.prepared.bound, occurrence, path);
  if (any !== undefined) return { path, rows: any, sorted: undefined };
  const order = orderUnderLimit(occurrence);
  const sorted =
    order === undefined || !isDecidable(run.prepared.bound, occurrence) ? undefined : sortedPath(run, occurrence, path, order.modifier);
  const rows = order === undefined ? 0 : order.limit + order.offset;
  return sorted === undefined || rows < 1 ? undefined : { path: sorted.path, rows, sorted };
}

/** How such a list is scanned: pages no larger than needed, and no more of them. */
export function limitedScan(
  run: QueryRun,
  occurrence: Occurrence,
  { path, rows, sorted }: LimitedRead,
  record: RelationRecord,
): Partial<ScanRequest> {
  const { size, min = 1 } = path.facts.pageSize ?? {};
  const isCounted = path.isExact && sorted === undefined;
  const pageSize = size === undefined ? undefined : isCounted ? Math.min(size, Math.max(min, rows)) : size;
  return {
    isEnough: async () => {
      if (record.rows < rows || isCounted) return record.rows >= rows;
      // A look at all that came, after each page at first, and then whenever a twentieth more has come.
      return record.pages % Math.ceil(record.pages / 20) === 0 && (await isFound(run, occurrence, sorted, rows));
    },
    ...(pageSize === undefined ? {} : { pageSize }),
    pagesWanted: pageSize === undefined ? 1 : Math.max(1, Math.ceil(rows / pageSize)),
  };
}

/** True when so many rows fulfil the conditions and, where the server sorts, the last row that came is behind every row that ties with the last of them. */
async function isFound(run: QueryRun, occurrence: Occurrence, sorted: SortedPath | undefined, rows: number): Promise<boolean> {
  const { engine, parametersFor } = run.prepared;
  const where = child(occurrence.scope.select, 'where_clause');
  const key = columnRef([text(occurrence.node, 'alias'), sorted?.column ?? [...occurrence.needed.values()][0]?.name ?? '']);
  const tree = document(
    selectNode({ select: [key], from: cloneNode(occurrence.node), where: where === undefined ? null : cloneNode(where) }),
  );
  const passing = `(${(await engine.print(writeTree(tree))).replace(/;\s*$/, '')}) AS passing(k)`;
  const all = `(${(await engine.print(writeTree(document(selectNode({ select: [key], from: cloneNode(occurrence.node) }))))).replace(/;\s*$/, '')}) AS came(k)`;
  const direction = sorted?.isDescending === true ? 'DESC' : 'ASC';
  const sql =
    sorted === undefined
      ? `SELECT count(*) >= ${rows} FROM ${passing}`
      : `SELECT (SELECT k FROM ${passing} ORDER BY k ${direction} LIMIT 1 OFFSET ${rows - 1}) <> (SELECT ${sorted.isDescending ? 'min' : 'max'}(k) FROM ${all})`;
  const { rows: found } = await engine.rows(sql, parametersFor(tree));
  return found[0]?.[0] === true;
}

/** True where the engine can tell by an occurrence's own rows which of them the conditions keep. */
function isDecidable(bound: BoundQuery, occurrence: Occurrence): boolean {
  const where = child(occurrence.scope.select, 'where_clause');
  if (where === undefined) return true;
  const { outer, inner } = readsOf(bound, where, occurrence.scope);
  const isOwn = outer.every(({ source }) => source.kind === 'relation' && source.occurrence === occurrence);
  let hasSubquery = false;
  walk(where, (node) => {
    hasSubquery ||= node.class === 'SUBQUERY';
    return !hasSubquery;
  });
  return isOwn && inner.size === 0 && !hasSubquery && !isVolatile(where);
}

/** The ORDER BY of a SELECT over one relation that keeps so many rows of it. */
export function orderUnderLimit(
  occurrence: Occurrence,
): { readonly modifier: TreeNode; readonly limit: number; readonly offset: number } | undefined {
  const { select } = occurrence.scope;
  if (occurrence.isBarred || child(select, 'from_table') !== occurrence.node || !isPlainSelect(select, 'with subqueries')) return undefined;
  const modifiers = children(select, 'modifiers');
  const modifier = modifiers.find((candidate) => text(candidate, 'type') === 'ORDER_MODIFIER');
  const limits = limitsOf(modifiers.filter((candidate) => candidate !== modifier));
  return modifier === undefined || limits?.limit === undefined ? undefined : { modifier, limit: limits.limit, offset: limits.offset };
}

/** True for the SELECT of an EXISTS that is the same for every row around it. */
function isOnlyTested(bound: BoundQuery, occurrence: Occurrence): boolean {
  const { select, parent } = occurrence.scope;
  let isTested = false;
  walk(bound.tree, (node) => {
    const isExists = node.class === 'SUBQUERY' && ['EXISTS', 'NOT_EXISTS'].includes(text(node, 'subquery_type'));
    if (isExists && child(child(node, 'subquery') ?? {}, 'node') === select) isTested = true;
    return !isTested;
  });
  return isTested && parent !== undefined && readsOf(bound, select, parent).outer.length === 0;
}

/** How many values a supply has at most, where it reads rows of which so many are enough. */
export function mostValues(supply: ParameterSupply, enough: ReadonlyMap<Occurrence, number>): number {
  const [driver, ...others] = supply.kind === 'driver' || supply.kind === 'subquery' ? supply.needs : [];
  return driver === undefined || others.length > 0 ? Number.POSITIVE_INFINITY : (enough.get(driver) ?? Number.POSITIVE_INFINITY);
}
