import type { Relation } from '../catalog/types.ts';
import type { Statement } from '../sql/statement.ts';
import type { Evaluation } from './expressions.ts';
import type { Cursor } from './types.ts';
import { planCall } from './write-calls.ts';
import { carryOut } from './write-effect.ts';
import { columnsToRead } from './write-returning.ts';
import type { PlannedCall } from './write-run.ts';
import { findTargets } from './write-targets.ts';

type DeleteStatement = Statement & { readonly kind: 'delete' };

/** DELETE on an API relation: one request for each target. What RETURNING asks of a row is read before the row goes. */
export async function deleteRows(evaluation: Evaluation, relation: Relation, statement: DeleteStatement): Promise<Cursor> {
  const { alias, using, where, ctes, slice, returning } = statement;
  const { chosen, rows, carried } = await findTargets(evaluation, {
    verb: 'DELETE',
    relation,
    alias,
    others: using,
    where,
    ctes,
    set: [],
    statement: slice,
    allowAll: evaluation.options.allowAll ?? false,
    carry: (method) => columnsToRead(relation, method, returning),
  });
  const calls: PlannedCall[] = [];
  for (const values of rows) calls.push(await planCall(evaluation.context.environment, { relation, chosen, values, clause: 'where' }));
  return carryOut(evaluation, {
    statement,
    command: 'DELETE',
    relation,
    method: chosen.method,
    calls,
    participle: 'deleted',
    returning,
    alias,
    before: carried,
  });
}
