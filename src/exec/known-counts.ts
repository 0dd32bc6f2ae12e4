import type { AccessPath } from '../plan/access-path.ts';
import type { Counts } from '../plan/cost.ts';
import type { Occurrence } from '../plan/types.ts';
import { orgsOf } from './orgs.ts';
import type { QueryRun } from './stage-query.ts';

/** The values that a cheaper driver had when it was last counted. */
export function listedBefore(run: QueryRun, occurrence: Occurrence, path: AccessPath): ReadonlySet<string> | undefined {
  if (path.restriction === undefined) return undefined;
  const { relation, column } = path.restriction;
  const kept = run.environment.statistics.synopsis(statisticsOrg(run, occurrence), relation);
  if (kept === undefined || kept.rows.length < kept.total) return undefined;
  return new Set(kept.rows.map((row) => row[column]).filter((value) => typeof value === 'string'));
}

/** The name of the org, the first of several, whose statistics speak for an occurrence. */
export function statisticsOrg(run: QueryRun, occurrence: Occurrence): string {
  const [subdomain = ''] = orgsOf(run, occurrence);
  return run.environment.orgs.nameOf(occurrence.relation.provider, subdomain === '' ? undefined : subdomain);
}

export function countsFor(run: QueryRun, occurrence: Occurrence): Counts {
  const org = statisticsOrg(run, occurrence);
  const typical = occurrence.relation.overlay.relation.typicalRows;
  return {
    rows: (relation, filter) => run.environment.statistics.rows(org, relation, filter)?.rows,
    now: run.prepared.now,
    ...(typical === undefined ? {} : { typical }),
  };
}
