import type { Method, Relation } from '../catalog/types.ts';
import type { SqlValue } from '../engine/types.ts';
import type { Reply } from '../http/types.ts';
import type { Statement, TextSlice } from '../sql/statement.ts';
import type { Evaluation } from './expressions.ts';
import type { Cursor, Notice } from './types.ts';
import { cursorOf } from './write-cursor.ts';
import { replyId } from './write-reply.ts';
import { prepareReturning } from './write-returning.ts';
import { count, type PlannedCall, runCalls, singular } from './write-run.ts';

/** Everything that is known of a write before its first request. */
export interface Effect {
  readonly statement: Statement;
  readonly command: string;
  readonly relation: Relation;
  readonly method: Method;
  readonly calls: readonly PlannedCall[];
  /** The participle of the message: `created`. */
  readonly participle: string;
  readonly warnings?: readonly string[];
  readonly returning: TextSlice | undefined;
  readonly alias?: string | undefined;
  readonly notices?: readonly Notice[];
  /** What was read of each call's row before, for RETURNING. */
  readonly before?: readonly Readonly<Record<string, SqlValue>>[];
}

const SHOWN_IDS = 5;

/** Sends a write's calls and gives its cursor: RETURNING's rows, or a line such as `1 session created: 102...`. */
export async function carryOut(evaluation: Evaluation, effect: Effect): Promise<Cursor> {
  const { context, recorder, options } = evaluation;
  const { relation, method, calls } = effect;
  const secrets = [
    ...(relation.overlay.relation.secrets ?? []),
    ...relation.columns.filter((column) => column.secret).map((column) => column.wireName),
  ];
  const readReturning =
    effect.returning === undefined ? undefined : await prepareReturning(evaluation, relation, method, effect.returning, effect.alias);
  const replies = await runCalls(
    context,
    {
      relation,
      statement: effect.statement.slice.text,
      method: `${relation.id}.${method.name}`,
      calls,
      warnings: effect.warnings ?? [],
      secrets,
    },
    recorder,
    options,
  );
  const answers = replies.flatMap((reply, index) => {
    const planned = calls[index];
    const before = effect.before?.[index];
    return planned === undefined ? [] : [{ call: planned.call, reply, ...(before === undefined ? {} : { before }) }];
  });
  const message = `${count(calls.length, singular(relation.name))} ${effect.participle}${shownIds(method, calls, replies)}`;
  const returned = await readReturning?.(answers);
  return cursorOf({
    kind: returned === undefined ? 'effect' : 'rows',
    command: effect.command,
    receipt: recorder.receipt(returned?.rows.length ?? calls.length),
    message,
    notices: effect.notices ?? [],
    ...returned,
  });
}

/** The ids of what was touched: from the answers, else from the parameters. */
function shownIds(method: Method, calls: readonly PlannedCall[], replies: readonly Reply[]): string {
  const ids = calls.flatMap((planned, index) => {
    const id = replyId(method, replies[index]);
    const label = id ?? planned.label;
    return label === '' ? [] : [label];
  });
  if (ids.length === 0) return '';
  const shown = ids.slice(0, SHOWN_IDS).join(ids.some((id) => id.includes(', ')) ? '; ' : ', ');
  return ids.length > SHOWN_IDS ? `: ${shown}, and ${ids.length - SHOWN_IDS} more` : `: ${shown}`;
}
