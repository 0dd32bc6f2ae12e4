import type { AccessPath } from '../plan/access-path.ts';
import type { Occurrence } from '../plan/types.ts';
import type { Tuples } from './rehearse-estimates.ts';
import { chunkFilters } from './tuples.ts';

/** The calls of the steps of a plan: equal calls of a statement are made once. */
export interface CallsMade {
  /** True when the values of a column were listed for an earlier step. */
  readonly isListed: (key: string) => boolean;
  readonly list: (key: string) => void;
  /** The share of a step's calls that no step before has made; from then on they count as made. */
  readonly newShare: (occurrence: Occurrence, path: AccessPath, tuples: Tuples | undefined, chunks: Tuples | undefined) => number;
}

export function createCallsMade(): CallsMade {
  const made = new Set<string>();
  return {
    isListed: (key) => made.has(key),
    list: (key) => made.add(key),
    newShare: (occurrence, path, tuples, chunks) => {
      if (tuples === undefined || (path.chunk !== undefined && chunks === undefined)) return 1;
      const { id } = occurrence.relation;
      const values = chunks?.values.map(({ value = '' }) => value);
      const filters = values === undefined ? [''] : chunkFilters(path, values);
      const calls = tuples.values.flatMap((tuple) =>
        filters.map((filter) => JSON.stringify([id, path.stand?.relation.id, path.method.name, path.fixed, tuple, filter])),
      );
      const fresh = calls.filter((call) => !made.has(call));
      for (const call of calls) made.add(call);
      // A list of everything is what lists the values of a child's parameter.
      if (path.supplies.length === 0 && path.chunk === undefined && path.pushed.length === 0) made.add(JSON.stringify([id, {}]));
      return calls.length === 0 ? 1 : fresh.length / calls.length;
    },
  };
}
