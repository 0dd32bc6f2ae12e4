import type { AccessPath } from '../plan/access-path.ts';
import type { Occurrence } from '../plan/types.ts';
import { noteWords } from './note-words.ts';
import type { Recorder } from './recorder.ts';
import type { QueryRun } from './stage-query.ts';

/** What bounds the receipt's claim: an index that lags, rows that a list leaves out by default, a word that no row is described to have. */
export function noteSource(run: QueryRun, occurrence: Occurrence, path: AccessPath, record: Parameters<Recorder['observer']>[0]): void {
  noteWords(run, occurrence, record);
  if (path.isIndexed)
    run.recorder.notice(
      'indexed',
      `${occurrence.relation.id}: read from the search index, which follows changes within about a second`,
      record,
    );
  const isSupplied = (parameter: string): boolean => path.supplies.some((supplied) => supplied.parameter === parameter);
  const alone = path.facts.alone?.find(isSupplied);
  const isIn = (path.facts.filters ?? []).some(
    ({ includesOmitted, parameter }) =>
      includesOmitted === true &&
      (path.fixed[parameter] !== undefined || path.chunk?.fact.parameter === parameter || isSupplied(parameter)),
  );
  for (const omit of path.facts.omits ?? []) {
    if (isIn) record.notices.push(`rows with ${omit.column} ${omit.value} are included`);
    else if (alone !== undefined)
      run.recorder.notice('omitted', `${occurrence.relation.id}: ${alone} finds no rows with ${omit.column} ${omit.value}`, record);
    else record.notices.push(`rows with ${omit.column} ${omit.value} are not wanted by the query and were left out`);
  }
}
