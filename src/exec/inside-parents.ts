import type { Stage } from '../engine/types.ts';
import type { AccessPath } from '../plan/access-path.ts';
import { type Inside, insideParents } from '../plan/embeds.ts';
import type { Occurrence } from '../plan/types.ts';
import { isLacking, lackOf, noteLack } from './embedded.ts';
import { orgsOf } from './orgs.ts';
import type { RelationRecord } from './recorder.ts';
import { noteCounts, rowConstants, type ScanCall } from './scan.ts';
import type { QueryRun } from './stage-query.ts';
import { type DriverCache, tuplesOf } from './tuples.ts';

/** The parents inside of which the rows of a path lie, where the org sends them along. */
export function insideOf(run: QueryRun, occurrence: Occurrence, path: AccessPath): Inside | undefined {
  const found = run.options.pushdown === false ? undefined : insideParents(occurrence, path, run.prepared.related);
  if (found === undefined || isLacking(run, occurrence, lackOf(found.fact), found.relation)) return undefined;
  // Parents that were read already need no other list of them.
  return run.options.pages?.share?.holds(found.relation) === true ? undefined : found;
}

interface InsideRequest {
  readonly occurrence: Occurrence;
  readonly path: AccessPath;
  readonly inside: Inside;
  readonly stage: Stage;
  readonly staged: ReadonlySet<Occurrence>;
  readonly cache: DriverCache;
  readonly record: RelationRecord;
}

/** Stages the lists that the parents bring along, and gives the calls for those parents that brought none. */
export async function stageInside(run: QueryRun, request: InsideRequest): Promise<readonly ScanCall[]> {
  const { occurrence, path, inside, stage, staged, cache, record } = request;
  const { fact, relation } = inside;
  const constantsOf = rowConstants(occurrence, path);
  const given = { ...path, fanOut: undefined, supplies: path.fanOut === undefined ? [] : path.supplies };
  const calls: ScanCall[] = [];
  let parents = 0;
  for (const subdomain of orgsOf(run, occurrence)) {
    const org = await run.environment.orgs.resolve(occurrence.relation.provider, subdomain === '' ? undefined : subdomain);
    const enumerate = (other: string, column: string, where: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      run.enumerate(other, column, subdomain, where);
    for (const values of (await tuplesOf({ prepared: run.prepared, occurrence, path: given, staged, cache, enumerate })) ?? []) {
      const rows = await run.parents(relation, fact, subdomain, values);
      parents += rows.length;
      await Promise.all(
        rows.map(async ([key, list]) => {
          if (key === null || key === undefined) return;
          const tuple = { org, subdomain: subdomain === '' ? org.name : subdomain, parameters: { ...values, [fact.key]: key } };
          if (list === null || list === undefined) calls.push({ tuple, query: {} });
          else {
            const counts = await stage.append(Buffer.from(list), [], constantsOf({ tuple, query: {} }));
            record.rows += counts.rows - counts.duplicates;
            noteCounts({ recorder: run.recorder, record }, counts);
          }
        }),
      );
    }
  }
  if (calls.length < parents)
    run.recorder.notice('embedded', `${occurrence.relation.id}: read along with ${relation} (${fact.parameter}=${fact.value})`, record);
  else if (parents > 0) noteLack(run, occurrence, lackOf(fact), relation);
  return calls;
}
