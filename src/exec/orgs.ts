import type { Occurrence } from '../plan/types.ts';
import type { QueryRun } from './stage-query.ts';
import { constantText } from './tuples.ts';

/**
 * The orgs that an occurrence is read in, as the statement names them; `''` is the default org. Without a word of its own a
 * relation follows the others of its provider.
 */
export function orgsOf(run: QueryRun, occurrence: Occurrence): readonly string[] {
  const own = namedOrgs(run, occurrence);
  if (own !== undefined) return own;
  for (const other of run.prepared.bound.occurrences) {
    if (other.relation.provider !== occurrence.relation.provider) continue;
    const named = namedOrgs(run, other);
    if (named !== undefined) return named;
  }
  return [''];
}

function namedOrgs(run: QueryRun, occurrence: Occurrence): readonly string[] | undefined {
  let found: readonly string[] | undefined;
  for (const equality of run.prepared.knowledge.get(occurrence)?.equalities ?? []) {
    if (equality.access.parameter !== 'subdomain' || equality.supply.kind !== 'constants') continue;
    const values = equality.supply.nodes
      .map((node) => constantText(run.prepared.constants.get(node), 'VARCHAR'))
      .filter((value) => value !== undefined);
    const before = found;
    found = before === undefined ? [...new Set(values)] : before.filter((value) => values.includes(value));
  }
  return found;
}
