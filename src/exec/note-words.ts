import { operandOf } from '../plan/access-path.ts';
import type { Occurrence } from '../plan/types.ts';
import { suggest } from '../util/suggestions.ts';
import type { Recorder } from './recorder.ts';
import type { QueryRun } from './stage-query.ts';

/**
 * A condition that asks for a word which the attribute's description does not list, such as a slip of the pen or of its case: no error,
 * since APIs grow words before their descriptions do, but an empty answer should not look like good news.
 */
export function noteWords(run: QueryRun, occurrence: Occurrence, record: Parameters<Recorder['observer']>[0]): void {
  const { bound, constants, knowledge } = run.prepared;
  for (const equality of knowledge.get(occurrence)?.equalities ?? []) {
    if (equality.supply.kind !== 'constants') continue;
    const operand = operandOf(equality, bound);
    const words = operand === undefined ? undefined : bound.resolutions.get(operand)?.shape?.enum;
    if (words === undefined || words.length === 0) continue;
    const name = [equality.access.column?.name ?? equality.access.parameter ?? '', ...equality.access.path].join('.');
    for (const node of equality.supply.nodes) {
      const constant = constants.get(node);
      if (constant?.kind !== 'text' || words.includes(constant.text)) continue;
      const near = suggest(constant.text, words);
      run.recorder.notice(
        'unknown_word',
        `${occurrence.relation.id}: ${JSON.stringify(constant.text)} is no word that ${name} is described to have${near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`}`,
        record,
      );
    }
  }
}
