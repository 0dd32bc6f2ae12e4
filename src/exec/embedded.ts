import type { EmbedFact, EquivalentFact } from '../catalog/overlay.ts';
import type { Engine, Stage } from '../engine/types.ts';
import type { AccessPath, ParameterSupply } from '../plan/access-path.ts';
import { type Embedded, embeddedAlong } from '../plan/embeds.ts';
import { findColumn } from '../plan/needed.ts';
import { accessPaths } from '../plan/paths.ts';
import { takingAway } from '../plan/takes-away.ts';
import type { NeededColumn, Occurrence } from '../plan/types.ts';
import { quoteName } from './compose.ts';
import { statisticsOrg } from './known-counts.ts';
import { orgsOf } from './orgs.ts';
import type { RelationRecord } from './recorder.ts';
import { noteCounts, rowConstants, type ScanTarget, scan, stageColumns } from './scan.ts';
import { callsOf, pathRequest, type QueryRun } from './stage-query.ts';
import type { DriverCache } from './tuples.ts';

/** How long it is believed that an org sends nothing along: it may learn to. */
const BELIEVED_MS = 7 * 86_400_000;

/** What comes along with the rows of a path: of the same orgs, and not where this org was found to send nothing. */
export function alongWith(run: QueryRun, host: Occurrence, path: AccessPath, open: readonly Occurrence[]): readonly Embedded[] {
  if (run.options.pushdown === false) return [];
  const { bound, knowledge } = run.prepared;
  const orgs = orgsOf(run, host).join('\n');
  return embeddedAlong(bound, knowledge, host, path, open).filter(
    ({ fact, occurrence }) => orgsOf(run, occurrence).join('\n') === orgs && !isLacking(run, host, lackOf(fact)),
  );
}

/** True where the org was found, lately or by this statement, not to send along what it is asked for. */
export function isLacking(run: QueryRun, host: Occurrence, what: string, relation = host.relation.id): boolean {
  if (run.lacking.has(`${relation} ${what}`)) return true;
  const known = run.environment.statistics.rows(statisticsOrg(run, host), relation, what);
  return known !== undefined && run.prepared.now - known.at <= BELIEVED_MS;
}

export function noteLack(run: QueryRun, host: Occurrence, what: string, relation = host.relation.id): void {
  run.lacking.add(`${relation} ${what}`);
  run.environment.statistics.record(statisticsOrg(run, host), relation, what, 1);
}

/** Under what it is kept that an org does not send along what it is asked for. */
export function lackOf(fact: EmbedFact | EquivalentFact): string {
  return `#without ${'column' in fact ? `${fact.parameter}=${fact.value}` : fact.relation}`;
}

/** True for a row inside each row of the host: the host's pages are poured into its staging table too. Lists are taken out of the host's. */
export function isPoured({ fact }: Embedded): boolean {
  return fact.holds !== 'rows';
}

const ORG = '#org';

function proofName({ fact }: Embedded): string {
  return `#${fact.pointer}`;
}

/** The host with columns of its own that tell what came along with each row: the key of the embedded row, or the list; and the org. */
export function carrying(host: Occurrence, embedded: readonly Embedded[]): Occurrence {
  const asked = embedded.filter(({ fact }) => fact.parameter !== undefined);
  if (asked.length === 0) return host;
  const org: NeededColumn = {
    name: ORG,
    source: { kind: 'parameter', parameter: 'subdomain' },
    sqlType: 'VARCHAR',
    shape: undefined,
    visible: false,
  };
  const proofs = asked.map((inner): [string, NeededColumn] => {
    const { fact, occurrence, under } = inner;
    const key = findColumn(occurrence.relation, fact.key)?.wireName ?? fact.key;
    const path = isPoured(inner) ? [...under, key] : under;
    return [
      proofName(inner),
      { ...org, name: proofName(inner), source: { kind: 'property', path }, sqlType: isPoured(inner) ? 'VARCHAR' : 'JSON' },
    ];
  });
  return { ...host, needed: new Map([...host.needed, [ORG, org], ...proofs]) };
}

/** A staging table for what comes along, and where its columns lie in the host's pages. */
export async function createEmbeddedStage(engine: Engine, inner: Embedded): Promise<ScanTarget> {
  const { occurrence, fact, under } = inner;
  const key = [...occurrence.needed.values()].find(({ name, source }) => source.kind === 'property' && name === fact.key);
  const columns = stageColumns(occurrence, undefined);
  const stage = await engine.createStage({
    name: occurrence.id,
    columns,
    ...(isPoured(inner) && key !== undefined ? { key: [key.name] } : {}),
  });
  return { stage, occurrence, layout: columns.map(({ path }) => (path === undefined ? undefined : [...under, ...path])) };
}

interface Carried {
  readonly host: Occurrence;
  /** Its staging table, with the columns of `carrying`. */
  readonly hostStage: Stage;
  readonly hostPath: AccessPath;
  readonly inner: Embedded;
  readonly stage: Stage;
  /** What is staged by now, the host included. */
  readonly staged: ReadonlySet<Occurrence>;
  readonly cache: DriverCache;
}

/**
 * Completes the staging table of an occurrence whose rows came inside those of a host. What a row did not bring along is asked for by
 * key. False: nothing came along at all, or there is no way to ask for what is missing; then it is an occurrence like any other.
 */
export async function takeAlong(run: QueryRun, carried: Carried): Promise<boolean> {
  const { host, hostStage, inner, stage, staged, cache } = carried;
  const { fact, occurrence } = inner;
  if (fact.parameter === undefined) {
    noteAlong(run, carried, run.recorder.relation(occurrence.relation.id, carried.hostPath.method.name));
    return true;
  }
  const column = [...host.needed.values()].find(({ name }) => name === fact.column)?.name ?? fact.column;
  const proof = quoteName(proofName(inner));
  const known = isPoured(inner) ? proof : `CASE WHEN json_type(${proof}) = 'ARRAY' THEN ${proof} END`;
  const byKey = `SELECT ${quoteName(column)} AS key, ${quoteName(ORG)} AS org, max(${known}::VARCHAR) AS proof FROM ${hostStage.sqlName} WHERE ${quoteName(column)} IS NOT NULL GROUP BY ALL`;
  const { rows } = await run.prepared.engine.rows(`SELECT key, org FROM (${byKey}) WHERE proof IS NULL`);
  const missing = new Set(rows.map(([key, org]) => keyOf(String(key), String(org))));
  const [[present] = []] = missing.size === 0 ? [[1]] : (await run.prepared.engine.rows(`SELECT count(proof) FROM (${byKey})`)).rows;
  if (Number(present ?? 0) === 0) {
    noteLack(run, host, lackOf(fact));
    return false;
  }
  const path = missing.size === 0 ? undefined : pathByKey(run, carried);
  if (missing.size > 0 && path === undefined) return false;
  const record = run.recorder.relation(occurrence.relation.id, (path ?? carried.hostPath).method.name);
  if (!isPoured(inner)) await unpack(run, carried, byKey, record);
  noteAlong(run, carried, record, path === undefined ? '' : '; what did not come along was asked for by key');
  if (path === undefined) return true;
  const calls = await callsOf(run, occurrence, path, staged, cache, (value, org) => missing.has(keyOf(value, org)));
  const { environment, options, recorder, signal } = run;
  const takesAway = takingAway(run.prepared.bound).has(occurrence);
  await scan({ environment, options, recorder, record, occurrence, path, takesAway, signal }, calls, [{ stage, occurrence }]);
  return true;
}

function noteAlong(run: QueryRun, { host, inner }: Carried, record: RelationRecord, more = ''): void {
  const { fact, occurrence } = inner;
  const how = fact.parameter === undefined ? '' : ` (${fact.parameter}=${fact.value})`;
  run.recorder.notice('embedded', `${occurrence.relation.id}: read along with ${host.relation.id}${how}${more}`, record);
}

/** False when an equivalent relation was read for rows that should lie in its own, and one did not: nothing is known of it then. */
export async function hasCome(run: QueryRun, occurrence: Occurrence, { by }: AccessPath, stage: Stage): Promise<boolean> {
  const column = by === undefined ? undefined : [...occurrence.needed.values()].find(({ name }) => name === by.value);
  if (column === undefined) return true;
  const { rows } = await run.prepared.engine.rows(`SELECT 1 FROM ${stage.sqlName} WHERE ${quoteName(column.name)} IS NULL LIMIT 1`);
  return rows.length === 0;
}

function keyOf(value: string, org: string): string {
  return `${org}\n${value}`;
}

/** Lists of children out of the host's staging table; each was one value there, so none was parsed. */
async function unpack(run: QueryRun, { inner, stage }: Carried, byKey: string, record: RelationRecord): Promise<void> {
  const { fact, occurrence } = inner;
  const constantsOf = rowConstants(occurrence);
  const { batches } = await run.prepared.engine.stream(`SELECT key, org, proof FROM (${byKey}) WHERE proof IS NOT NULL`, {}, run.signal);
  for await (const batch of batches)
    await Promise.all(
      batch.map(async ([key, org, list]) => {
        const tuple = { subdomain: String(org), parameters: { [fact.key]: String(key) } };
        const counts = await stage.append(Buffer.from(String(list)), [], constantsOf({ tuple, query: {} }));
        record.rows += counts.rows - counts.duplicates;
        noteCounts({ recorder: run.recorder, record }, counts);
      }),
    );
}

/** The path that reads the occurrence by the host's column alone; of several the one that asks for many at once. */
function pathByKey(run: QueryRun, { host, inner, staged }: Carried): AccessPath | undefined {
  const isByHost = (supply: ParameterSupply | undefined): boolean => {
    const access = supply?.kind === 'driver' ? run.prepared.bound.resolutions.get(supply.expression)?.access : undefined;
    return access?.occurrence === host && access.column?.name === inner.fact.column && access.path.length === 0;
  };
  const paths = accessPaths(pathRequest(run, inner.occurrence, staged)).paths.filter(
    ({ chunk, fanOut, restriction, stand, supplies }) =>
      stand === undefined &&
      fanOut === undefined &&
      restriction === undefined &&
      (chunk === undefined ? supplies.length === 1 && isByHost(supplies[0]?.supply) : supplies.length === 0 && isByHost(chunk.supply)),
  );
  return paths.find(({ chunk }) => chunk !== undefined) ?? paths[0];
}
