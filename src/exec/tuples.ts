import type { OrgConnection } from '../http/types.ts';
import { type AccessPath, type Chunk, encodedLength, LONGEST_FILTER, type ParameterSupply } from '../plan/access-path.ts';
import type { Constant } from '../plan/constants.ts';
import { driverQuery, subqueryDriver } from '../plan/drivers.ts';
import type { Supply } from '../plan/equalities.ts';
import { chunkTerm } from '../plan/path-variants.ts';
import type { Occurrence } from '../plan/types.ts';
import { writeTree } from '../sql/lossless.ts';
import type { TreeNode } from '../sql/tree.ts';
import { OrgqlError } from '../util/errors.ts';
import type { PreparedQuery } from './prepare.ts';

/** One call's parameters: what goes to the API, and what the staged rows carry. */
export interface Tuple {
  readonly org: OrgConnection;
  /** The `subdomain` that the statement gave, or the org's name. */
  readonly subdomain: string;
  readonly parameters: Readonly<Record<string, string>>;
}

interface DriverValues {
  /** The engine's types of the columns. */
  readonly types: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Values that drivers were found to give, kept while what is staged stays the same. */
export type DriverCache = Map<string, DriverValues>;

/**
 * The distinct rows of values for expressions that other relations drive; `undefined` when they cannot be known yet, and where those of the
 * last are looked for among texts and are none: to the engine the text '007' equals the number 7, which nobody can look it up by.
 */
export async function driverRows(
  prepared: PreparedQuery,
  occurrence: Occurrence,
  supplies: readonly Supply[],
  staged: ReadonlySet<Occurrence>,
  cache: DriverCache,
  { sqlType }: Partial<Pick<Chunk, 'sqlType'>> = {},
): Promise<readonly (readonly (string | null)[])[] | undefined> {
  const expressions = supplies.flatMap((supply) => (supply.kind === 'driver' ? [supply.expression] : []));
  const tree = expressions.length > 0 ? driverQuery(prepared.bound, occurrence, expressions, staged) : undefined;
  if (expressions.length > 0 && tree === undefined) return undefined;
  const subqueries: TreeNode[] = [];
  for (const supply of supplies) {
    if (supply.kind !== 'subquery') continue;
    const query = subqueryDriver(prepared.bound, supply.node, occurrence.scope, staged);
    if (query === undefined) return undefined;
    subqueries.push(query);
  }
  const joint = tree === undefined ? { types: [], rows: [[]] } : await run(prepared, tree, cache);
  const separate = await Promise.all(subqueries.map((query) => run(prepared, query, cache)));
  const lastType = (supplies.at(-1)?.kind === 'driver' ? joint : separate.at(-1))?.types.at(-1) ?? '';
  const isMixed = sqlType === 'VARCHAR' && !/^(VARCHAR|ENUM|"?NULL"?)/.test(lastType);
  const found = (separate.length === 0 ? joint.rows : combined(supplies, joint.rows, separate)).filter((row) =>
    row.every((value) => value !== null),
  );
  return isMixed && found.length > 0 ? undefined : found;
}

/** Every row of the joined drivers beside every row of each subquery, in the order of the supplies. */
function combined(
  supplies: readonly Supply[],
  joint: DriverValues['rows'],
  separate: readonly DriverValues[],
): (readonly (string | null)[])[] {
  let joinIndex = 0;
  let subqueryIndex = 0;
  const positions = supplies.map((supply) => (supply.kind === 'driver' ? { joint: joinIndex++ } : { subquery: subqueryIndex++ }));
  const rows = separate.reduce<(readonly (string | null)[])[]>(
    (left, right) => left.flatMap((row) => right.rows.map((value) => [...row, value[0] ?? null])),
    [[]],
  );
  return joint.flatMap((driven) =>
    rows.map((row) =>
      positions.map((position) => ('joint' in position ? (driven[position.joint] ?? null) : (row[position.subquery] ?? null))),
    ),
  );
}

async function run(prepared: PreparedQuery, tree: TreeNode, cache: DriverCache): Promise<DriverValues> {
  const sql = await prepared.engine.print(writeTree(tree));
  const known = cache.get(sql);
  if (known !== undefined) return known;
  const { columns, rows } = await prepared.engine.rows(sql, prepared.parametersFor(tree));
  const values = rows.map((row) => row.map(textOf));
  const found = { types: columns.map(({ type }) => type), rows: values };
  cache.set(sql, found);
  return found;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Constants as a request carries them. */
export function constantText(constant: Constant | undefined, sqlType: string | undefined): string | undefined {
  if (constant === undefined || constant.kind === 'null') return undefined;
  if (sqlType === 'TIMESTAMPTZ' && constant.time !== undefined) return new Date(constant.time.ms).toISOString();
  return constant.text;
}

/** How many calls' worth of parameters a path has, once its drivers are known. */
export interface TupleSource {
  /** Parameter names of the driven columns, in order; a chunk's values come last. */
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Every combination of a path's parameter values. `enumerate` reads a whole column of another relation. */
export async function tuplesOf(request: {
  readonly prepared: PreparedQuery;
  readonly occurrence: Occurrence;
  readonly path: AccessPath;
  readonly staged: ReadonlySet<Occurrence>;
  readonly cache: DriverCache;
  readonly enumerate: (relation: string, column: string, where: Readonly<Record<string, string>>) => Promise<readonly string[]>;
}): Promise<readonly Readonly<Record<string, string>>[] | undefined> {
  const { prepared, occurrence, path } = request;
  const driven = path.supplies.filter((supplied) => supplied.supply.kind === 'driver' || supplied.supply.kind === 'subquery');
  const rows = await driverRows(
    prepared,
    occurrence,
    driven.map((supplied) => supplied.supply as Supply),
    request.staged,
    request.cache,
  );
  if (rows === undefined) return undefined;
  let tuples: Record<string, string>[] = rows.map((row) =>
    Object.fromEntries(driven.map((supplied, index) => [supplied.parameter, row[index] ?? ''])),
  );
  for (const { parameter, supply } of path.supplies) {
    if (supply.kind === 'driver' || supply.kind === 'subquery') continue;
    const values = await plainValues(request, parameter, supply);
    tuples = tuples.flatMap((tuple) => values.map((value) => ({ ...tuple, [parameter]: value })));
  }
  if (path.restriction !== undefined) {
    const { parameter, relation, column } = path.restriction;
    const listed = await listedValues(() => request.enumerate(relation, column, {}));
    if (listed !== undefined) tuples = tuples.filter((tuple) => listed.has(tuple[parameter] ?? ''));
  }
  if (path.fanOut !== undefined) {
    const { relation, parameter, column } = path.fanOut;
    const expanded: Record<string, string>[] = [];
    for (const tuple of tuples)
      for (const value of await request.enumerate(relation, column, tuple)) expanded.push({ ...tuple, [parameter]: value });
    tuples = expanded;
  }
  return distinct(tuples);
}

function distinct(tuples: readonly Record<string, string>[]): Record<string, string>[] {
  const seen = new Set<string>();
  return tuples.filter((tuple) => {
    const values = Object.values(tuple);
    // All have the same keys in the same order.
    const key = values.length === 1 ? (values[0] ?? '') : JSON.stringify(values);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The values that a cheaper driver lists, or `undefined` where the caller may not read it: then every value is asked for. */
async function listedValues(read: () => Promise<readonly string[]>): Promise<ReadonlySet<string> | undefined> {
  try {
    return new Set(await read());
  } catch (error) {
    if (isNotReadable(error)) return undefined;
    throw error;
  }
}

/** True for an error that says what the caller, or the org, may not read. */
export function isNotReadable(error: unknown): boolean {
  return error instanceof OrgqlError && ['permission_denied', 'feature_unavailable', 'not_found'].includes(error.code);
}

async function plainValues(
  request: {
    readonly prepared: PreparedQuery;
    readonly path: AccessPath;
    readonly enumerate: (relation: string, column: string, where: Readonly<Record<string, string>>) => Promise<readonly string[]>;
  },
  parameter: string,
  supply: Exclude<ParameterSupply, { kind: 'driver' | 'subquery' }>,
): Promise<readonly string[]> {
  switch (supply.kind) {
    case 'values':
      return supply.values;
    case 'enumerate':
      return request.enumerate(supply.relation, supply.column, {});
    case 'constants': {
      const shape = request.path.method.parameters.find((candidate) => candidate.name === parameter)?.shape;
      const values = supply.nodes.map((node) => {
        const constant = request.prepared.constants.get(node);
        if (constant === undefined) throw new OrgqlError('internal', `The value of ${parameter} was not evaluated`);
        return constantText(constant, shape?.sqlType);
      });
      return [...new Set(values.filter((value) => value !== undefined))];
    }
  }
}

/** The texts of the filter expressions that look up a chunk's values, each within the API's limits. */
export function chunkFilters(path: AccessPath, values: readonly string[]): string[] {
  const { chunk } = path;
  if (chunk === undefined) return [];
  const base = chunk.base === undefined ? '' : chunk.base.level === 'or' ? ` and (${chunk.base.text})` : ` and ${chunk.base.text}`;
  const limit = chunk.fact.maxLength ?? LONGEST_FILTER;
  const filters: string[] = [];
  let terms: string[] = [];
  let length = 0;
  const flush = (): void => {
    if (terms.length === 0) return;
    const joined = terms.join(' or ');
    filters.push(base === '' ? joined : `${terms.length > 1 ? `(${joined})` : joined}${base}`);
    terms = [];
    length = 0;
  };
  for (const value of new Set(values)) {
    const term = chunkTerm(chunk, value);
    if (term === undefined) continue;
    const cost = encodedLength(` or ${term}`);
    if (terms.length >= chunk.size || (terms.length > 0 && length + cost + encodedLength(base) > limit)) flush();
    terms.push(term);
    length += cost;
  }
  flush();
  return filters;
}
