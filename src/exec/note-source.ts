import type { AccessPath } from '../plan/access-path.ts';
import type { Occurrence } from '../plan/types.ts';
import type { Recorder } from './recorder.ts';
import type { QueryRun } from './stage-query.ts';

/** What bounds the receipt's claim: an index that lags, rows that a list leaves out by default. */
export function noteSource(run: QueryRun, occurrence: Occurrence, path: AccessPath, record: Parameters<Recorder['observer']>[0]): void {
  if (path.isIndexed)
    run.recorder.notice(
      'indexed',
      `${occurrence.relation.id}: read from the search index, which follows changes within about a second`,
      record,
    );
  const omits = path.facts.omits ?? [];
  for (const omit of omits) {
    const isIn = (path.facts.filters ?? []).some(
      (fact) => fact.includesOmitted === true && (path.fixed[fact.parameter] !== undefined || path.chunk?.fact === fact),
    );
    if (isIn) record.notices.push(`rows with ${omit.column} ${omit.value} are included`);
    else record.notices.push(`rows with ${omit.column} ${omit.value} are not wanted by the query and were left out`);
  }
}
