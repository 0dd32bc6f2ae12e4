import type { Relation } from '../catalog/types.ts';
import type { MethodCall } from '../http/types.ts';
import type { AccessPath } from '../plan/access-path.ts';
import { countedAs, filterKey } from '../plan/cost.ts';
import type { Occurrence } from '../plan/types.ts';
import type { Environment } from './environment.ts';
import { statisticsOrg } from './known-counts.ts';
import { orgsOf } from './orgs.ts';
import type { QueryRun } from './stage-query.ts';

/** Keeps counts of complete scans for later estimates. */
export function learn(
  run: QueryRun,
  occurrence: Occurrence,
  path: AccessPath,
  calls: number,
  record: { readonly pages: number; readonly rows: number },
): void {
  const org = statisticsOrg(run, occurrence);
  const { statistics } = run.environment;
  if (path.chunk !== undefined || path.isKeyed || orgsOf(run, occurrence).length > 1 || run.recorder.isPartial()) return;
  if (path.supplies.length === 0) {
    statistics.record(org, occurrence.relation.id, filterKey(path, run.prepared.now), record.rows);
  } else if (calls > 1) {
    const name = countedAs(path, occurrence.relation.id);
    statistics.record(org, name, '#pages', record.pages);
    statistics.record(org, name, '#calls', calls);
    statistics.record(org, name, '#rows', record.rows);
  }
}

/** Keeps count of the rows that a write has added or taken away. */
export function countWritten(environment: Environment, relation: Relation, { method, facts, org, parameters, intent }: MethodCall): void {
  const isSure = !method.verbs.includes('UPDATE') && !method.verbs.includes('REPLACE');
  const rows = facts.addsRows ?? (!isSure ? 0 : method.verbs.includes('INSERT') ? 1 : method.verbs.includes('DELETE') ? -1 : 0);
  if (intent !== 'write' || rows === 0) return;
  const parents = Object.keys(relation.overlay.relation.parents ?? {});
  const [parent] = parents.map((name) => parameters[name]).filter((value) => typeof value === 'string');
  environment.statistics.adjust(org.name, relation.id, rows, parent);
}
