import type { Engine } from '../engine/types.ts';
import { equalitiesIn, type Knowledge } from '../plan/equalities.ts';
import type { BoundQuery, Occurrence } from '../plan/types.ts';
import { impliedBy, saidBy, trial, valueTests } from '../plan/value-tests.ts';
import { document } from '../sql/build.ts';
import { writeTree } from '../sql/lossless.ts';
import type { TreeNode } from '../sql/tree.ts';
import { conjuncts } from '../sql/walk.ts';

/**
 * Tries the values that a column can have on the conditions that read nothing but that column, and notes beside them what follows:
 * `upper(status) = 'ACTIVE'` says that the status is none of the other words. Requests nothing.
 */
export async function testedValues(
  engine: Engine,
  bound: BoundQuery,
  knowledge: ReadonlyMap<Occurrence, Knowledge>,
  parametersFor: (tree: TreeNode) => Parameters<Engine['rows']>[1],
): Promise<ReadonlyMap<Occurrence, Knowledge>> {
  const found = new Map<Occurrence, Knowledge>();
  for (const [occurrence, { conditions, equalities }] of knowledge) {
    const tried = new Map<TreeNode, TreeNode>();
    for (const test of conditions.flatMap((condition) => valueTests(bound, occurrence, condition))) {
      const tree = document(trial(bound, test));
      // What cannot be computed of a value may never have to be: then nothing is known.
      const rows = await engine.rows(await engine.print(writeTree(tree)), parametersFor(tree)).then(
        (result) => result.rows,
        () => undefined,
      );
      if (rows === undefined) continue;
      const fulfilling = rows.flatMap(([value, isFulfilled]) => (isFulfilled === true ? [value === null ? null : String(value)] : []));
      const said = saidBy(test, new Set(fulfilling));
      if (said !== undefined) tried.set(test.node, said);
    }
    const more = conditions.flatMap((condition) => conjuncts(impliedBy(condition, tried)));
    found.set(occurrence, {
      conditions: [...conditions, ...more],
      equalities: [...equalities, ...more.flatMap((condition) => equalitiesIn(bound, occurrence, condition))],
    });
  }
  return found;
}
