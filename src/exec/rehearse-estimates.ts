import type { AccessPath, Supplied } from '../plan/access-path.ts';
import { countedAs } from '../plan/cost.ts';
import type { Supply } from '../plan/equalities.ts';
import { selectMethods } from '../plan/needed.ts';
import type { ColumnAccess, Occurrence } from '../plan/types.ts';
import { child, type TreeNode, text } from '../sql/tree.ts';
import { conjuncts, walk } from '../sql/walk.ts';
import { statisticsOrg } from './known-counts.ts';
import type { QueryRun } from './stage-query.ts';
import type { Synopsis, SynopsisRow, SynopsisValue } from './synopsis.ts';
import { chunkFilters } from './tuples.ts';

/** By how much an org is taken to have grown at most since it was counted. */
export const GROWTH = 1.2;

/**
 * What a step would take: as the org was when it was counted, and were everything in it a fifth more. Where that is a `guess`, as which
 * of the rows it is about is not known: the least, and the most were everything a fifth more.
 */
export interface Taken {
  readonly calls: number;
  readonly grown: number;
  readonly rows: number;
  readonly basis: 'exact' | 'statistics' | 'guess';
}

/** A value that a condition reads and that is not there. */
export interface Blind {
  readonly occurrence: Occurrence;
  /** Distinct values that there were; `undefined`: not known. */
  readonly distinct: number | undefined;
}

/** Rows of an occurrence that stand for those that the org has. */
export interface Standing {
  /** Rows of the org for each row that is staged. */
  readonly weight: number;
  /** The part of it that is growth seen since they were kept. */
  readonly seen: number;
  /** Share of the staged rows that conditions leave which cannot be evaluated over them; `undefined`: not known. */
  readonly share: number | undefined;
}

/** Combinations of parameters. `scale`: how many of the org each of them stands for. */
export interface Tuples {
  readonly values: readonly Readonly<Record<string, string>>[];
  readonly scale: number;
  /** The part of the scale that is growth seen since the rows were kept: combinations that were not there then. 1 or more. */
  readonly seen: number;
  readonly isExact: boolean;
  /** True where a condition picks some of the values, and it is not known which. */
  readonly isPicked: boolean;
}

/** The parameter whose values are the parents, where a path reads children. */
export function childParameter(path: AccessPath): string | undefined {
  if (path.fanOut !== undefined) return path.fanOut.parameter;
  if (path.by !== undefined) return path.by.value;
  return path.supplies.find((supplied) => supplied.supply.kind !== 'values' && path.method.http.path.includes(`{${supplied.parameter}}`))
    ?.parameter;
}

/**
 * Calls of one list per parent. Parents that were not looked at are taken to be like the others. `picked`: the fewest and, in an org that
 * has grown, the most of as many of them as are picked, where these differ.
 */
export function childCalls(
  run: QueryRun,
  occurrence: Occurrence,
  path: AccessPath,
  tuples: Tuples,
  parameter: string,
  sizes: Readonly<Record<string, number>> | undefined,
  pageSize: number | undefined,
):
  | {
      readonly calls: number;
      readonly grown: number;
      readonly rows: number;
      readonly isExact: boolean;
      readonly picked?: { readonly least: number; readonly most: number };
    }
  | undefined {
  const count = tuples.values.length;
  const known = Object.values(sizes ?? {});
  if (pageSize === undefined && !isPaged(path)) {
    const mean = known.length === 0 ? 1 : known.reduce((sum, size) => sum + size, 0) / known.length;
    return { calls: count, grown: count, rows: Math.round(count * mean), isExact: true };
  }
  if (sizes === undefined || known.length === 0) {
    const org = statisticsOrg(run, occurrence);
    const seen = (what: string): number | undefined =>
      run.environment.statistics.rows(org, countedAs(path, occurrence.relation.id), what)?.rows;
    const [pages, calls, rows] = [seen('#pages'), seen('#calls'), seen('#rows')];
    if (pages === undefined || calls === undefined || rows === undefined || calls === 0) return undefined;
    const all = Math.ceil(count * (pages / calls));
    return { calls: all, grown: Math.ceil(all * GROWTH), rows: Math.round(count * (rows / calls)), isExact: false };
  }
  const perPage = pageSize ?? Number.POSITIVE_INFINITY;
  const pagesFor = (size: number): number => Math.max(1, Math.ceil(size / perPage));
  const mean = (of: (size: number) => number): number => total(known.map(of)) / known.length;
  const [meanPages, meanGrown, meanRows] = [mean(pagesFor), mean((size) => pagesFor(size * GROWTH)), mean((size) => size)];
  const some = Math.max(1, Math.round(count * tuples.scale));
  const each = (of: (size: number) => number, other: number): readonly number[] =>
    tuples.values.map((tuple) => {
      const size = sizes[tuple[parameter] ?? ''];
      return size === undefined ? other : of(size);
    });
  const calls = each(pagesFor, meanPages);
  const grown = each((size) => pagesFor(size * GROWTH), meanGrown);
  const least = Math.floor(total(calls.toSorted(ascending).slice(0, some)));
  const most = Math.ceil(total(grown.toSorted(ascending).slice(-some)));
  return {
    calls: total(calls),
    grown: total(grown),
    rows: Math.round(total(each((size) => size, meanRows))),
    isExact: false,
    // There may be none at all of the one that is asked for.
    ...(tuples.isPicked && some < count && least < most ? { picked: { least: some === 1 ? 0 : least, most } } : {}),
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function ascending(one: number, other: number): number {
  return one - other;
}

export function isOuterCondition(occurrence: Occurrence, condition: TreeNode): boolean {
  let isOuter = false;
  walk(occurrence.scope.select.from_table, (node) => {
    if (node.type === 'JOIN' && text(node, 'join_type') !== 'INNER' && conjuncts(child(node, 'condition')).includes(condition))
      isOuter = true;
    return !isOuter;
  });
  return isOuter;
}

/** How many rows each value of a column has, as far as the rows that were kept tell it. */
export function sizesBy({ rows, total }: Synopsis, column: string): Readonly<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const { [column]: value } of rows) if (typeof value === 'string') sizes[value] = (sizes[value] ?? 0) + 1;
  const weight = total / Math.max(1, rows.length);
  return Object.fromEntries(Object.entries(sizes).map(([value, count]) => [value, count * weight]));
}

/** Whoever asks for a value thinks that there is one. */
export function atLeastOne(scale: number, count: number): number {
  return count === 0 ? scale : Math.max(scale, 1 / count);
}

/** True for a column that no two rows of an occurrence share. */
export function isKeyOf(occurrence: Occurrence, access: ColumnAccess | undefined): boolean {
  const { key = ['id'], parents } = occurrence.relation.overlay.relation;
  const isList = parents === undefined || Object.keys(parents).length === 0;
  return access?.occurrence === occurrence && isList && access.path.length === 0 && key.length === 1 && access.column?.name === key[0];
}

export function isPaged(path: AccessPath): boolean {
  return path.facts.pageSize !== undefined;
}

export function pagesOf(kept: Synopsis, pageSize: number | undefined, isFiltered: boolean): number {
  const size = pageSize ?? kept.perPage;
  return isFiltered || size === undefined ? 1 : Math.max(1, Math.ceil(kept.total / size));
}

export async function pageSizeOf(run: QueryRun, relation: string): Promise<number | undefined> {
  const [provider = '', service = '', resource = ''] = relation.split('.');
  const found = await run.environment.catalog.relation(provider, service, resource);
  return selectMethods(found)
    .map((method) => found.overlay.methods[method.name]?.pageSize?.size)
    .find((size) => size !== undefined);
}

export function everythingParameter(path: AccessPath): string {
  return (path.facts.filters ?? []).find((fact) => fact.everything !== undefined)?.parameter ?? '';
}

/** Equality with a value that was left out: as many rows as there are of one such value. Of other comparisons nothing is known. */
export function shareOf(run: QueryRun, node: TreeNode, blind: readonly Blind[]): number | undefined {
  if (blind.some((one) => one.distinct === undefined)) return undefined;
  const distinct = Math.max(1, ...blind.map((one) => one.distinct ?? 1));
  if (text(node, 'type') === 'COMPARE_EQUAL') return 1 / distinct;
  if (text(node, 'type') === 'COMPARE_IN') return Math.min(1, (columnCount(node) - 1) / distinct);
  return text(node, 'type') === 'COMPARE_NOTEQUAL' || run.options.pushdown === false ? 1 : undefined;
}

function columnCount(node: TreeNode): number {
  return Array.isArray(node.children) ? node.children.length : 1;
}

/** Rows between the bounds in time that a path sends. */
export function rowsWithin(rows: readonly SynopsisRow[], path: AccessPath, run: QueryRun): readonly SynopsisRow[] {
  const bounds = (path.facts.filters ?? []).flatMap((fact) => {
    if (fact.grammar !== 'value') return [];
    const [column, attribute] = Object.entries(fact.attributes).find(([, own]) => own.literal === 'date') ?? [];
    const value = path.fixed[fact.parameter] ?? constantOf(run, path.supplies, fact.parameter);
    const time = value === undefined ? Number.NaN : Date.parse(value);
    if (column === undefined || attribute === undefined || Number.isNaN(time)) return [];
    return [{ column, time, isLower: attribute.operators.some((operator) => operator === 'gt' || operator === 'ge') }];
  });
  if (bounds.length === 0) return rows;
  return rows.filter((row) =>
    bounds.every(({ column, time, isLower }) => {
      const own = momentOf(row[column]);
      return own === undefined || (isLower ? own >= time : own <= time);
    }),
  );
}

function momentOf(value: SynopsisValue | undefined): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

export function constantOf(run: QueryRun, supplies: readonly Supplied[], parameter: string): string | undefined {
  const supply = supplies.find((supplied) => supplied.parameter === parameter)?.supply;
  if (supply?.kind !== 'constants') return undefined;
  const [node, ...more] = supply.nodes;
  if (more.length > 0) return undefined;
  const constant = node === undefined ? undefined : run.prepared.constants.get(node);
  return constant?.time === undefined ? constant?.text : new Date(constant.time.ms).toISOString();
}

/** How many times as large a relation is known to be as when its rows were kept. */
export function growthOf(run: QueryRun, occurrence: Occurrence, synopsis: Synopsis): number {
  if (synopsis.total === 0 || synopsis.sizes !== undefined) return 1;
  const whole = run.environment.statistics.rows(statisticsOrg(run, occurrence), synopsis.relation, '');
  return whole === undefined ? 1 : whole.rows / synopsis.total;
}

/** Values that are a parameter of calls whose rows nothing is known of: those that the calls were made with. */
export function passedOn(
  run: QueryRun,
  called: ReadonlyMap<Occurrence, Tuples>,
  supply: Supply,
): (Omit<Tuples, 'values'> & { readonly values: readonly string[] }) | undefined {
  if (supply.kind !== 'driver') return undefined;
  const access = run.prepared.bound.resolutions.get(supply.expression)?.access;
  const tuples = access === undefined ? undefined : called.get(access.occurrence);
  const name = access?.parameter ?? access?.column?.name;
  if (tuples === undefined || name === undefined || (access?.path.length ?? 0) > 0) return undefined;
  const values = tuples.values.map((tuple) => tuple[name]).filter((value) => value !== undefined);
  return values.length === 0
    ? undefined
    : { values: [...new Set(values)], scale: tuples.scale, seen: tuples.seen, isExact: false, isPicked: tuples.isPicked };
}

/** The one value of a scalar subquery that cannot be evaluated: any of the parents whose sizes are known. */
export function oneUnknown(occurrence: Occurrence, path: AccessPath, sizes: Readonly<Record<string, number>> = {}): Tuples | undefined {
  const [only, ...more] = path.supplies;
  if (more.length > 0 || only?.supply.kind !== 'driver' || text(only.supply.expression, 'subquery_type') !== 'SCALAR') return undefined;
  const parents = Object.keys(sizes);
  const values = (parents.length === 0 ? [occurrence.id] : parents).map((value) => ({ [only.parameter]: value }));
  return { values, scale: 1 / values.length, seen: 1, isExact: false, isPicked: true };
}

/** What look-ups by `values` take, with so many combinations of other parameters. */
export function lookedUp(path: AccessPath, kept: Synopsis | undefined, values: Tuples, combinations: number): Taken | undefined {
  const { chunk } = path;
  const perValue = chunk === undefined ? undefined : chunk.isKey ? 1 : rowsPerValue(kept, chunk.attribute);
  if (chunk === undefined || perValue === undefined) return undefined;
  const texts = values.values.map(({ value = '' }) => value);
  const sent = texts.length / Math.max(1, chunkFilters(path, texts).length);
  const perCall = Math.max(1, values.scale === 1 ? sent : chunk.size);
  const count = texts.length * values.scale;
  const perPage = path.facts.pageSize?.size ?? Number.POSITIVE_INFINITY;
  const pages = Math.max(1, Math.ceil((Math.min(perCall, count) * perValue) / perPage));
  const callsFor = (some: number): number => Math.ceil(some / perCall) * pages * combinations;
  const calls = callsFor(count);
  return {
    calls,
    grown: values.isExact ? calls : Math.max(calls, callsFor(count * GROWTH)),
    rows: count * perValue,
    basis: values.isExact && chunk.isKey ? 'exact' : 'statistics',
  };
}

/** Rows that have the same value of a column, of those that have one, in the mean; `undefined`: not known. */
function rowsPerValue(kept: Synopsis | undefined, column: string): number | undefined {
  if (kept === undefined) return undefined;
  const distinct = kept.leftOut[column];
  if (distinct !== undefined) {
    const filled = kept.filled?.[column];
    return filled === undefined || distinct === 0 ? undefined : Math.max(1, filled / distinct);
  }
  const keys = column.split('.');
  const values = kept.rows.map((row) =>
    keys.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as SynopsisRow)[key] : undefined), row),
  );
  const given = values.filter((value) => typeof value === 'string');
  return given.length === 0 ? 1 : ((given.length / new Set(given).size) * kept.total) / kept.rows.length;
}
