import type { EmbedFact } from '../catalog/overlay.ts';
import type { Stage, StageColumn } from '../engine/types.ts';
import type { AccessPath, PathRequest } from '../plan/access-path.ts';
import type { Embedded } from '../plan/embeds.ts';
import { textsFor } from '../plan/equivalents.ts';
import { findColumn } from '../plan/needed.ts';
import { accessPaths } from '../plan/paths.ts';
import { both, type Projection, wantedTogether } from '../plan/projection.ts';
import { takingAway } from '../plan/takes-away.ts';
import type { Occurrence, Resolution } from '../plan/types.ts';
import { columnRef } from '../sql/build.ts';
import { text } from '../sql/tree.ts';
import { OrgqlError } from '../util/errors.ts';
import { type Choice, mostPages, nextStep, type TupleCounter } from './choose-step.ts';
import { alongWith, carrying, createEmbeddedStage, hasCome, isLacking, isPoured, lackOf, noteLack, takeAlong } from './embedded.ts';
import type { Environment } from './environment.ts';
import { keepResults } from './evaluate-once.ts';
import { insideOf, stageInside } from './inside-parents.ts';
import { countsFor, listedBefore } from './known-counts.ts';
import { learn } from './learn.ts';
import { missingParameter, mostTelling } from './missing-parameter.ts';
import { noteSource } from './note-source.ts';
import { orgsOf } from './orgs.ts';
import { inLastingOrder } from './pages/going-on.ts';
import type { PreparedQuery } from './prepare.ts';
import type { Recorder } from './recorder.ts';
import { limitedRead, limitedScan, orderUnderLimit } from './rows-wanted.ts';
import { projectionFor, type ScanCall, type ScanRequest, type ScanTarget, scan, stageColumns, witnessOf } from './scan.ts';
import { chunkFilters, type DriverCache, driverRows, isNotReadable, type Tuple, tuplesOf } from './tuples.ts';
import type { ExecuteOptions } from './types.ts';

/** A query in the course of being run. */
export interface QueryRun {
  readonly environment: Environment;
  readonly options: ExecuteOptions;
  readonly prepared: PreparedQuery;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  /** What the org was found not to send, while the statement runs. */
  readonly lacking: Set<string>;
  /** Orgs that rows name, where these are there before anything is fetched. */
  readonly drivenOrgs?: ReadonlyMap<Occurrence, readonly string[]>;
  /** Every value of a column of another relation, in one org; counted in the same receipt. */
  readonly enumerate: (
    relation: string,
    column: string,
    subdomain: string,
    where: Readonly<Record<string, string>>,
  ) => Promise<readonly string[]>;
  /** Each parent's key, and the list that lies inside of it, or NULL where none came. */
  readonly parents: (
    relation: string,
    fact: EmbedFact,
    subdomain: string,
    where: Readonly<Record<string, string>>,
  ) => Promise<readonly (readonly (string | null)[])[]>;
}

/** Throws `required_parameter_missing` for an occurrence that no order of fetching could supply. Requests nothing. */
export function checkReachable(run: QueryRun): void {
  const all = new Set(run.prepared.bound.occurrences);
  for (const occurrence of all) {
    const { paths, missing } = accessPaths(pathRequest(run, occurrence, all));
    if (paths.length > 0) continue;
    throw missingParameter(run.prepared.bound.source, occurrence, mostTelling(occurrence, missing));
  }
}

/** Fetches every occurrence of the query into its staging table, each by the cheapest path that what is staged before allows. */
export async function stageAll(run: QueryRun): Promise<readonly Pick<Stage, 'drop'>[]> {
  const kept = keepResults(run.prepared);
  const stages: Pick<Stage, 'drop'>[] = [kept];
  const staged = new Set<Occurrence>();
  const notListed = new Set<Occurrence>();
  const cache: DriverCache = new Map();
  const { occurrences } = run.prepared.bound;
  try {
    const count: TupleCounter = (occurrence, path) => tupleCount(run, occurrence, path, staged, cache);
    while (staged.size < occurrences.length) {
      await kept.settle(staged);
      const { occurrence, choice, isListedElsewhere } = await nextStep(run, staged, count, notListed);
      const open = occurrences.filter((candidate) => !staged.has(candidate));
      let made: readonly ScanTarget[];
      try {
        made = await stageOne(run, occurrence, choice, staged, cache, open);
      } catch (error) {
        // Without what lists them cheaply the values come the long way.
        if (isListedElsewhere !== true || !isNotReadable(error)) throw error;
        notListed.add(occurrence);
        continue;
      }
      for (const { stage, occurrence: own } of made) {
        stages.push(stage);
        staged.add(own);
      }
    }
  } catch (error) {
    await Promise.allSettled(stages.map((stage) => stage.drop()));
    throw error;
  }
  return stages;
}

export function pathRequest(run: QueryRun, occurrence: Occurrence, staged: ReadonlySet<Occurrence>): PathRequest {
  const { bound, knowledge, constants, now } = run.prepared;
  return {
    bound,
    occurrence,
    knowledge: knowledge.get(occurrence) ?? { conditions: [], equalities: [] },
    constants,
    staged,
    now: new Date(now).toISOString(),
    pushdown: run.options.pushdown !== false,
    related: run.prepared.related,
    enumerateUnmentioned: false,
    isLacking: (fact) => isLacking(run, occurrence, lackOf(fact)),
    isWritten: (method) => run.environment.pages.hasWritten(occurrence.relation.provider, method),
    isOrdered: orderUnderLimit(occurrence) !== undefined,
  };
}

async function tupleCount(
  run: QueryRun,
  occurrence: Occurrence,
  path: AccessPath,
  staged: ReadonlySet<Occurrence>,
  cache: DriverCache,
): Promise<number | undefined> {
  const supplies = path.supplies.map((supplied) => supplied.supply);
  const driven = supplies.filter((supply) => supply.kind === 'driver' || supply.kind === 'subquery');
  if (path.chunk !== undefined) {
    if (path.chunk.supply.kind === 'constants') return path.chunk.supply.nodes.length;
    return (await driverRows(run.prepared, occurrence, [...driven, path.chunk.supply], staged, cache, path.chunk))?.length;
  }
  const rows = driven.length === 0 ? [[]] : await driverRows(run.prepared, occurrence, driven, staged, cache);
  if (rows === undefined) return undefined;
  const listed = listedBefore(run, occurrence, path);
  const position = path.supplies
    .filter(({ supply }) => supply.kind === 'driver' || supply.kind === 'subquery')
    .findIndex(({ parameter }) => parameter === path.restriction?.parameter);
  let count = listed === undefined || position < 0 ? rows.length : rows.filter((row) => listed.has(row[position] ?? '')).length;
  for (const supply of supplies) {
    if (supply.kind === 'constants') count *= supply.nodes.length;
    if (supply.kind === 'values') count *= supply.values.length;
    if (supply.kind === 'enumerate') count *= countsFor(run, occurrence).rows(supply.relation, '') ?? supply.typicalRows;
  }
  return count;
}

const NO_QUERY: ScanCall['query'] = {};

/** The calls that a chosen path takes, in every org that the statement means; for a path by one value, those of the wanted ones. */
export async function callsOf(
  run: QueryRun,
  occurrence: Occurrence,
  path: AccessPath,
  staged: ReadonlySet<Occurrence>,
  cache: DriverCache,
  isWanted: (value: string, subdomain: string) => boolean = () => true,
): Promise<ScanCall[]> {
  const calls: ScanCall[] = [];
  const orgs = orgsOf(run, occurrence);
  const follows = orgs.length > 1 ? followedOrg(run, occurrence, path) : undefined;
  for (const subdomain of orgs) {
    const org = await run.environment.orgs.resolve(occurrence.relation.provider, subdomain === '' ? undefined : subdomain);
    const supplies = follows === undefined ? path.supplies : [...path.supplies, { parameter: 'subdomain', supply: follows }];
    const tuples = await tuplesOf({
      prepared: run.prepared,
      occurrence,
      path: { ...path, supplies },
      staged,
      cache,
      enumerate: (relation, column, where) => run.enumerate(relation, column, subdomain, where),
    });
    const isByChunk = path.chunk !== undefined;
    for (const { subdomain: followed, ...parameters } of tuples ?? []) {
      if (followed !== undefined && followed !== subdomain) continue;
      const tuple: Tuple = { org, subdomain: subdomain === '' ? org.name : subdomain, parameters };
      const isOwn = (value: string): boolean => isWanted(value, tuple.subdomain);
      if (!isByChunk && !Object.values(parameters).every(isOwn)) continue;
      if (path.by !== undefined) {
        const { [path.by.value]: value = '', ...others } = parameters;
        // No key is empty, and in a path nothing would stand for it.
        if (value !== '') calls.push({ tuple: { ...tuple, parameters: others }, query: textsFor(path.by, value) });
        continue;
      }
      if (isByChunk) for (const query of await chunkQueries(run, occurrence, path, staged, cache, isOwn)) calls.push({ tuple, query });
      else calls.push({ tuple, query: NO_QUERY });
    }
  }
  return calls;
}

/** Of several orgs, a driven relation is read in the one that its driver's row came from. */
function followedOrg(
  run: QueryRun,
  occurrence: Occurrence,
  path: AccessPath,
): { kind: 'driver'; expression: ReturnType<typeof columnRef>; needs: ReadonlySet<Occurrence> } | undefined {
  for (const { supply } of path.supplies) {
    if (supply.kind !== 'driver') continue;
    const driver = [...supply.needs].find(
      (candidate) => candidate.relation.provider === occurrence.relation.provider && candidate.scope === occurrence.scope,
    );
    const column =
      driver === undefined
        ? undefined
        : [...driver.needed.values()].find((needed) => needed.source.kind === 'parameter' && needed.source.parameter === 'subdomain');
    const source =
      driver === undefined
        ? undefined
        : occurrence.scope.sources.find((candidate) => candidate.kind === 'relation' && candidate.occurrence === driver);
    if (driver === undefined || column === undefined || source === undefined) continue;
    const expression = columnRef([text(driver.node, 'alias'), column.name]);
    (run.prepared.bound.resolutions as Map<typeof expression, Resolution>).set(expression, {
      source,
      scope: occurrence.scope,
      shape: undefined,
      sqlType: 'VARCHAR',
      access: undefined,
    });
    return { kind: 'driver', expression, needs: new Set([driver]) };
  }
  return undefined;
}

async function chunkQueries(
  run: QueryRun,
  occurrence: Occurrence,
  path: AccessPath,
  staged: ReadonlySet<Occurrence>,
  cache: DriverCache,
  isWanted: (value: string) => boolean,
): Promise<Readonly<Record<string, string>>[]> {
  const { chunk } = path;
  if (chunk === undefined) return [];
  const values =
    chunk.supply.kind === 'constants'
      ? chunk.supply.nodes
          .map((node) => run.prepared.constants.get(node))
          .flatMap((constant) => (constant === undefined || constant.kind === 'null' ? [] : [constant.text]))
      : ((await driverRows(run.prepared, occurrence, [chunk.supply], staged, cache, chunk)) ?? missingValues(occurrence))
          .flatMap((row) => row.slice(0, 1))
          .filter((value) => value !== null)
          // The engine gives them in any order, and a request that is made again is known by its text.
          .toSorted();
  return chunkFilters(path, values.filter(isWanted)).map((filter) => ({ [chunk.fact.parameter]: filter }));
}

/**
 * What tells the rows of look-ups apart, since one may come by several: the server ignores letter case, or rows share a value. Columns
 * of the key that the query does not need are staged under names that no query has.
 */
function keyOf(occurrence: Occurrence): { readonly names: readonly string[]; readonly columns: readonly StageColumn[] } | undefined {
  const needed = new Set([...occurrence.needed.values()].map((column) => column.name));
  const columns: StageColumn[] = [];
  const names: string[] = [];
  for (const name of occurrence.relation.overlay.relation.key ?? []) {
    const column = findColumn(occurrence.relation, name);
    if (column === undefined) return undefined;
    names.push(needed.has(name) ? name : `${occurrence.id} ${name}`);
    if (!needed.has(name)) columns.push({ name: `${occurrence.id} ${name}`, type: column.shape.sqlType, path: [column.wireName] });
  }
  return names.length === 0 ? undefined : { names, columns };
}

/** Fetches one occurrence, and those that come embedded in its rows. */
async function stageOne(
  run: QueryRun,
  occurrence: Occurrence,
  choice: Choice,
  staged: ReadonlySet<Occurrence>,
  cache: DriverCache,
  open: readonly Occurrence[],
): Promise<readonly ScanTarget[]> {
  const embedded = alongWith(run, occurrence, choice.path, open);
  const limited = embedded.length === 0 ? limitedRead(run, occurrence, choice.path) : undefined;
  const path = withEmbedded(limited?.path ?? choice.path, embedded);
  const parents = insideOf(run, occurrence, path);
  const calls = parents === undefined ? await callsOf(run, occurrence, path, staged, cache) : [];
  const isLimited = limited !== undefined && parents === undefined && calls.length === 1;
  const key = calls.length > 1 && path.chunk !== undefined ? keyOf(occurrence) : undefined;
  const { engine } = run.prepared;
  const host = carrying(occurrence, embedded);
  const own: ScanTarget = {
    stage: await engine.createStage({
      name: occurrence.id,
      columns: [...stageColumns(host, path), ...(key?.columns ?? [])],
      ...witnessOf(occurrence, path),
      ...(key === undefined ? {} : { key: key.names }),
    }),
    occurrence: host,
  };
  const inside: (ScanTarget & { readonly inner: Embedded })[] = [];
  for (const inner of embedded) inside.push({ ...(await createEmbeddedStage(engine, inner)), inner });
  const made = [own, ...inside];
  const record = run.recorder.relation(occurrence.relation.id, path.method.name);
  noteSource(run, occurrence, path, record);
  const request: ScanRequest = {
    environment: run.environment,
    options: run.options,
    recorder: run.recorder,
    record,
    occurrence: host,
    takesAway: [occurrence, ...embedded.map((inner) => inner.occurrence)].some((one) => takingAway(run.prepared.bound).has(one)),
    ...asked(run, occurrence, path, embedded),
    signal: run.signal,
  };
  const most = embedded.length === 0 && calls.length === 1 ? mostPages(choice) : undefined;
  const done: ScanTarget[] = [{ stage: own.stage, occurrence }];
  try {
    if (parents !== undefined)
      calls.push(...(await stageInside(run, { occurrence, path, inside: parents, stage: own.stage, staged, cache, record })));
    const poured = [own, ...inside.filter(({ inner }) => isPoured(inner))];
    const isWhole = await scan(
      {
        ...request,
        ...(most === undefined ? {} : { mostPages: most }),
        ...(isLimited ? limitedScan(run, occurrence, limited, record) : {}),
      },
      calls,
      poured,
    );
    if (!isWhole && choice.instead !== undefined) {
      await Promise.allSettled(made.map(({ stage }) => stage.drop()));
      run.recorder.notice(
        'replanned',
        `${occurrence.relation.id}: the list went on after ${record.pages} pages, so the rows were looked up by key instead`,
        record,
      );
      return await stageOne(run, occurrence, choice.instead, staged, cache, open);
    }
    if (path.by !== undefined && !(await hasCome(run, occurrence, path, own.stage))) {
      noteLack(run, occurrence, lackOf(path.by.fact));
      await Promise.allSettled(made.map(({ stage }) => stage.drop()));
      return [];
    }
    // A list that was left off tells nothing of its length.
    if (!isLimited || record.rows < limited.rows) learn(run, occurrence, path, calls.length, record);
    const nowStaged = new Set([...staged, occurrence]);
    for (const { stage, inner } of inside) {
      if (await takeAlong(run, { host: occurrence, hostStage: own.stage, hostPath: path, inner, stage, staged: nowStaged, cache }))
        done.push({ stage, occurrence: inner.occurrence });
      else await stage.drop();
    }
  } catch (error) {
    await Promise.allSettled(made.map(({ stage }) => stage.drop()));
    throw error;
  }
  return done;
}

/** How a fetch step asks for its rows: the columns that are needed, where nothing comes embedded, which could not be named; what can be resumed in an order that lasts. */
export function asked(
  run: QueryRun,
  occurrence: Occurrence,
  path: AccessPath,
  embedded: readonly Embedded[] = [],
): { readonly path: AccessPath; readonly projection?: Projection } {
  const { pages, maxAgeMs, pushdown } = run.options;
  const { share, log } = pages ?? {};
  // What the cache may have was asked for as others ask for it.
  const isResumable = log !== undefined && maxAgeMs === undefined && pushdown !== false;
  const lasting = isResumable ? inLastingOrder(path, occurrence.relation) : undefined;
  const others = share?.wanted(occurrence.relation.id) ?? wantedTogether(run.prepared.bound.occurrences).get(occurrence.relation.id) ?? [];
  const wanted = lasting === undefined ? others : both(others, [[lasting.key]]);
  const projection = embedded.length > 0 ? undefined : projectionFor(occurrence, path, run.options, wanted);
  return { path: lasting?.path ?? path, ...(projection === undefined ? {} : { projection }) };
}

/** The path with the parameters that ask for what comes embedded. */
export function withEmbedded(path: AccessPath, embedded: readonly Embedded[]): AccessPath {
  return embedded.length === 0 ? path : { ...path, fixed: { ...path.fixed, ...askedFor(embedded) } };
}

/** The parameters that ask for what comes embedded. */
export function askedFor(embedded: readonly Embedded[]): Readonly<Record<string, string>> {
  return Object.fromEntries(embedded.flatMap(({ fact }) => (fact.parameter === undefined ? [] : [[fact.parameter, fact.value ?? '']])));
}

function missingValues({ relation }: Occurrence): never {
  throw new OrgqlError('internal', `The values that ${relation.id} is looked up by are not there`);
}
