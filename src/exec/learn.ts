import type { Relation } from '../catalog/types.ts';
import type { MethodCall, Reply } from '../http/types.ts';
import type { AccessPath } from '../plan/access-path.ts';
import { countedAs, filterKey } from '../plan/cost.ts';
import type { Occurrence } from '../plan/types.ts';
import type { Environment } from './environment.ts';
import { statisticsOrg } from './known-counts.ts';
import { orgsOf } from './orgs.ts';
import type { QueryRun } from './stage-query.ts';
import { type SynopsisRow, withoutNames } from './synopsis.ts';

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

/** Keeps count of the row that a write has added or taken away, and of what the answer says of it. */
export function countWritten(environment: Environment, relation: Relation, call: MethodCall, reply: Reply): void {
  const { method, facts, org, parameters, intent } = call;
  const isSure = !method.verbs.includes('UPDATE') && !method.verbs.includes('REPLACE');
  const rows = facts.addsRows ?? (!isSure ? 0 : method.verbs.includes('INSERT') ? 1 : method.verbs.includes('DELETE') ? -1 : 0);
  if (intent !== 'write' || rows === 0) return;
  const { parents = {}, identity = {}, key = [] } = relation.overlay.relation;
  const [parent] = Object.keys(parents).flatMap((name) => (typeof parameters[name] === 'string' ? [parameters[name]] : []));
  const [column = ''] = key;
  const own = Object.keys(identity).find((name) => identity[name] === column);
  const value = own === undefined ? undefined : parameters[own];
  const row = rows > 0 ? rowOf(environment, relation, org.name, reply) : undefined;
  environment.statistics.adjust(org.name, relation.id, {
    rows,
    ...(parent === undefined ? {} : { parent }),
    ...(row === undefined ? {} : { row }),
    ...(rows < 0 && typeof value === 'string' ? { gone: { column, value } } : {}),
  });
}

/** The row of an answer, as `org analyze` would have kept it. */
function rowOf(environment: Environment, relation: Relation, org: string, reply: Reply): SynopsisRow | undefined {
  const kept = environment.statistics.synopsis(org, relation.id);
  if (kept === undefined || reply.bytes.byteLength === 0) return undefined;
  const body = jsonOf(reply.bytes);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const row = Object.fromEntries(Object.entries(body).filter(([name, value]) => kept.columns.includes(name) && value !== null));
  return withoutNames(relation, [row as SynopsisRow]).rows[0];
}

/** `undefined` for what is no JSON: then its row is only counted. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
