import type { Catalog, Method, Relation } from '../catalog/types.ts';
import { requiredOf } from '../plan/access-path.ts';
import { selectMethods } from '../plan/needed.ts';
import { OrgqlError } from '../util/errors.ts';
import { boundsOf, readTimes, type TimesRun } from './analyze-times.ts';
import { quoteName, quotePath } from './compose.ts';
import type { Statistics } from './environment.ts';
import { createSample, MOST_ROWS, type Synopsis, type SynopsisRow, type SynopsisValue, withoutNames } from './synopsis.ts';
import type { Cursor, ExecuteOptions } from './types.ts';

/** What an analysis needs of a session. */
export interface AnalyzeSession {
  readonly catalog: Catalog;
  readonly statistics: Statistics;
  readonly query: (sql: string, options?: ExecuteOptions) => Promise<Cursor>;
}

export interface AnalyzeRequest {
  readonly org: string;
  readonly provider: string;
  /** Names of relations; default all that can be counted without a parent, and those of children that the overlay names. */
  readonly relations: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** `maxCalls` bounds the whole: relations of children are then looked at along fewer parents. */
  readonly options: ExecuteOptions;
  readonly onRelation?: (counted: CountedRelation) => void;
}

export interface CountedRelation {
  readonly relation: string;
  /** Rows of the org; estimated where only some were read. */
  readonly rows: number;
  readonly calls: number;
  readonly isEstimated: boolean;
}

/** What an analysis has done. */
export interface Analysis {
  readonly org: string;
  readonly calls: number;
  readonly relations: readonly CountedRelation[];
  /** Relations that could not be read, and why. */
  readonly skipped: readonly { readonly relation: string; readonly why: string }[];
}

/** Parents along which alike children are looked at, and those along which unlike ones are at most. */
const FEW_PARENTS = 40;
const MOST_PARENTS = 1000;
/** Parents of one statement. */
const PARENTS_AT_ONCE = 100;

/** Counts the relations of an org, and keeps what estimates need of their rows. Each relation is kept as soon as it is read. */
export async function analyzeOrg(session: AnalyzeSession, request: AnalyzeRequest): Promise<Analysis> {
  const relations = await relationsOf(session.catalog, request);
  const counted: CountedRelation[] = [];
  const skipped: { relation: string; why: string }[] = [];
  const run = createRun(session, request);
  for (const read of [
    ...relations.filter((relation) => listOf(relation) !== undefined).map((relation) => [relation, readList] as const),
    ...relations.filter((relation) => listOf(relation) === undefined).map((relation) => [relation, readChildren] as const),
  ]) {
    const [relation, how] = read;
    const before = run.calls();
    try {
      const synopsis = await how(run, relation);
      if (synopsis === undefined) continue;
      session.statistics.keep(request.org, synopsis);
      if (synopsis.sizes === undefined) session.statistics.record(request.org, relation.id, '', synopsis.total);
      const one = {
        relation: relation.id,
        rows: synopsis.total,
        calls: run.calls() - before,
        isEstimated: synopsis.rows.length !== synopsis.total,
      };
      counted.push(one);
      request.onRelation?.(one);
    } catch (error) {
      if (!(error instanceof OrgqlError) || !MISSING.has(error.code)) throw error;
      skipped.push({ relation: relation.id, why: error.message });
    }
  }
  for (const synopsis of run.besides()) session.statistics.keep(request.org, synopsis);
  return { org: request.org, calls: run.calls(), relations: counted, skipped };
}

/** What an org may lack or not show, which is no reason to count nothing. */
const MISSING: ReadonlySet<string> = new Set([
  'permission_denied',
  'feature_unavailable',
  'not_found',
  'invalid_request',
  'required_parameter_missing',
]);

interface Run {
  readonly request: AnalyzeRequest;
  readonly session: AnalyzeSession;
  readonly rows: (sql: string, each: (row: SynopsisRow) => void, names: readonly string[]) => Promise<{ readonly pages: number }>;
  readonly calls: () => number;
  /** Calls that may still be made. */
  readonly left: () => number;
  /** Sizes of children that came along with their parents. */
  readonly learnSizes: (relation: string, sizes: Readonly<Record<string, number>>) => void;
  readonly besides: () => readonly Synopsis[];
}

function createRun(session: AnalyzeSession, request: AnalyzeRequest): Run {
  const most = request.options.maxCalls ?? Number.POSITIVE_INFINITY;
  const sizes = new Map<string, Readonly<Record<string, number>>>();
  let calls = 0;
  return {
    request,
    session,
    calls: () => calls,
    left: () => most - calls,
    learnSizes: (relation, own) => sizes.set(relation, own),
    besides: () =>
      [...sizes].flatMap(([relation, own]) =>
        session.statistics.synopsis(request.org, relation)?.takenAt === request.now
          ? []
          : [
              {
                relation,
                takenAt: request.now,
                total: Object.values(own).reduce((sum, size) => sum + size, 0),
                perPage: undefined,
                columns: [],
                rows: [],
                leftOut: {},
                sizes: own,
              },
            ],
      ),
    rows: async (sql, each, names) => {
      const cursor = await session.query(sql, {
        ...request.options,
        leaveOutSecrets: true,
        ...(request.options.maxCalls === undefined ? {} : { maxCalls: Math.max(0, most - calls) }),
      });
      try {
        for await (const batch of cursor.batches)
          for (const row of batch)
            each(Object.fromEntries(names.map((name, index) => [name, jsonValue(row[index], cursor.columns[index]?.type)])));
      } finally {
        await cursor.close();
        calls += cursor.receipt().requests;
      }
      return { pages: cursor.receipt().relations.reduce((sum, relation) => sum + relation.pages, 0) };
    },
  };
}

function jsonValue(value: unknown, type: string | undefined): SynopsisValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && type === 'JSON') return JSON.parse(value) as SynopsisValue;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}

async function relationsOf(catalog: Catalog, request: AnalyzeRequest): Promise<readonly Relation[]> {
  if (request.relations.length > 0) {
    return Promise.all(
      request.relations.map((name) => {
        const [provider = '', service = '', resource = '', ...more] = name.split('.');
        if (resource === '' || more.length > 0)
          throw new OrgqlError('usage', `${name} is no name of a relation`, {
            hint: `name it whole, such as ${request.provider}.service.resource`,
          });
        return catalog.relation(provider, service, resource);
      }),
    );
  }
  const provider = await catalog.provider(request.provider);
  const found: Relation[] = [];
  for (const service of provider.services) {
    for (const relation of await provider.relations(service.name)) {
      // Without facts nothing says that a list is cheap.
      if (Object.keys(relation.overlay.methods).length === 0) continue;
      if (listOf(relation) !== undefined || relation.overlay.relation.analyzed !== undefined) found.push(relation);
    }
  }
  return found;
}

/** The method that lists a relation without being told of a parent. */
function listOf(relation: Relation): Method | undefined {
  const { domains = {} } = relation.overlay.relation;
  if (relation.overlay.relation.analyzed !== undefined) return undefined;
  return selectMethods(relation).find((method) =>
    requiredOf(method).every(
      ({ name }) => domains[name] !== undefined || relation.overlay.methods[method.name]?.defaults?.[name] !== undefined,
    ),
  );
}

async function readList(run: Run, relation: Relation): Promise<Synopsis | undefined> {
  const method = listOf(relation);
  const facts = method === undefined ? undefined : relation.overlay.methods[method.name];
  const bounds = facts === undefined ? undefined : boundsOf(facts);
  if (facts !== undefined && bounds !== undefined) {
    const columns = namesOf(relation, []);
    const page: TimesRun['page'] = async (conditions, order, limit) => {
      const rows: SynopsisRow[] = [];
      await run.rows(`${queryOf(run, relation, [], conditions)} ORDER BY ${order} LIMIT ${limit}`, (row) => rows.push(row), columns);
      return rows;
    };
    return readTimes({ now: run.request.now, columns, page }, relation, facts, bounds);
  }
  const [size] = relation.overlay.relation.sizes ?? [];
  const sample = createSample<SynopsisRow>(MOST_ROWS);
  const children = new Map((relation.overlay.relation.sizes ?? []).map((fact) => [fact, {} as Record<string, number>]));
  const more = size === undefined ? [] : [`${quoteName(size.parameter)} = ${literal(size.value)}`];
  const pointers = [...children.keys()].map((fact) => fact.pointer.split('/')[1] ?? '');
  const { pages } = await run.rows(
    queryOf(run, relation, [...new Set(pointers)], more),
    (row) => {
      for (const [fact, own] of children) {
        const count = at(row, fact.pointer.split('/').slice(1));
        const key = row[fact.column];
        if (typeof count === 'number' && typeof key === 'string') own[key] = count;
      }
      sample.add(Object.fromEntries(Object.entries(row).filter(([name]) => !pointers.includes(name))));
    },
    namesOf(relation, [...new Set(pointers)]),
  );
  for (const [fact, own] of children) if (Object.keys(own).length > 0) run.learnSizes(fact.relation, own);
  const total = sample.seen();
  const domains = Object.keys(relation.overlay.relation.domains ?? {}).length > 0;
  return {
    relation: relation.id,
    takenAt: run.request.now,
    total,
    perPage: pages > 1 && !domains ? Math.ceil(total / pages) : undefined,
    columns: namesOf(relation, []),
    ...withoutNames(relation, sample.rows()),
    sizes: undefined,
  };
}

/** Children along their parents: the parents are those that were read before. */
async function readChildren(run: Run, relation: Relation): Promise<Synopsis | undefined> {
  const found = parentOf(relation);
  if (found === undefined) return undefined;
  const parents = run.session.statistics.synopsis(run.request.org, found.relation);
  if (parents === undefined) return undefined;
  const all = parents.rows.map((row) => row[found.column]).filter((value) => typeof value === 'string');
  const most = Math.min(relation.overlay.relation.analyzed === 'sample' ? FEW_PARENTS : MOST_PARENTS, run.left());
  const step = Math.max(1, all.length / Math.max(1, most));
  const chosen = all.length <= most ? all : Array.from({ length: most }, (_, index) => all[Math.floor(index * step)] ?? '');
  const sizes: Record<string, number> = {};
  const sample = createSample<SynopsisRow>(MOST_ROWS);
  const name = `$${found.parameter}`;
  for (let start = 0; start < chosen.length; start += PARENTS_AT_ONCE) {
    const some = chosen.slice(start, start + PARENTS_AT_ONCE);
    if (run.left() < some.length) break;
    await run.rows(
      queryOf(run, relation, [found.parameter], [`${quoteName(found.parameter)} IN (${some.map(literal).join(', ')})`]),
      (row) => {
        sizes[String(row[name])] = (sizes[String(row[name])] ?? 0) + 1;
        sample.add(row);
      },
      [...namesOf(relation, []), name],
    );
    for (const parent of some) sizes[parent] ??= 0;
  }
  const looked = Object.keys(sizes).length;
  if (looked === 0) return undefined;
  return {
    relation: relation.id,
    takenAt: run.request.now,
    total: Math.round((sample.seen() * Math.max(parents.total, looked)) / looked),
    perPage: undefined,
    columns: namesOf(relation, []),
    ...withoutNames(relation, sample.rows()),
    sizes,
  };
}

function parentOf(relation: Relation): { readonly parameter: string; readonly relation: string; readonly column: string } | undefined {
  const { drivers = [], parents = {} } = relation.overlay.relation;
  for (const method of selectMethods(relation)) {
    const [only, ...more] = requiredOf(method);
    if (only === undefined || more.length > 0) continue;
    const driver = drivers.find((fact) => fact.parameter === only.name);
    const parent = parents[only.name];
    if (driver !== undefined) return driver;
    if (parent !== undefined) return { parameter: only.name, ...parent };
  }
  return undefined;
}

/** The columns that are read: neither secrets nor links, nor what only comes when it is asked for. */
function columnsOf(relation: Relation, more: readonly string[]): readonly { readonly sql: string; readonly name: string }[] {
  const parameters = new Set(
    selectMethods(relation).flatMap((method) => method.parameters.map((parameter) => parameter.name.toLowerCase())),
  );
  const own = new Set((relation.overlay.relation.parameterOnly ?? []).map((name) => name.toLowerCase()));
  return relation.columns
    .filter((column) => !column.secret && (more.includes(column.name) || !column.name.startsWith('_')))
    .filter((column) => !(own.has(column.name.toLowerCase()) && parameters.has(column.name.toLowerCase())))
    .map((column) => ({ sql: quoteName(column.name), name: column.wireName }));
}

function namesOf(relation: Relation, more: readonly string[]): readonly string[] {
  return columnsOf(relation, more).map(({ name }) => name);
}

function queryOf(run: Run, relation: Relation, more: readonly string[], conditions: readonly string[]): string {
  const columns = columnsOf(relation, more).map(({ sql }) => sql);
  const parameters = more.filter((name) => !relation.columns.some((column) => column.name === name)).map(quoteName);
  const where = [`subdomain = ${literal(run.request.org)}`, ...conditions];
  return `SELECT ${[...columns, ...parameters].join(', ')} FROM ${quotePath(relation.id.split('.'))} WHERE ${where.join(' AND ')}`;
}

function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function at(row: SynopsisRow, keys: readonly string[]): SynopsisValue | undefined {
  let value: SynopsisValue | undefined = row;
  for (const key of keys)
    value = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SynopsisRow)[key] : undefined;
  return value;
}
