import type { Relation } from '../catalog/types.ts';
import type { HttpClient, MethodCall, Reply } from '../http/types.ts';
import { OrgqlError, withParts } from '../util/errors.ts';
import { countWritten } from './learn.ts';
import type { ExecuteOptions } from './types.ts';
import type { StatementContext } from './write-context.ts';
import { previewOf } from './write-preview.ts';
import type { EffectRecorder } from './write-receipt.ts';
import { replyId } from './write-reply.ts';

/** One request that a statement is going to make. */
export interface PlannedCall {
  readonly call: MethodCall;
  /** What it is about, for messages: `00u1`, `groupId 00g1, userId 00u1`. */
  readonly label: string;
}

export interface EffectPlan {
  readonly relation: Relation;
  readonly statement: string;
  /** `okta.user.users.suspend` */
  readonly method: string;
  readonly calls: readonly PlannedCall[];
  readonly warnings: readonly string[];
  readonly secrets: readonly string[];
}

const SHOWN_LABELS = 10;

/**
 * Sends the calls of a statement one after the other, each once, after the caller has confirmed them. Stops at the first that fails
 * and says what was done by then. Throws `refused`, `limit_reached`, and what the HTTP layer throws.
 */
export async function runCalls(
  context: StatementContext,
  plan: EffectPlan,
  recorder: EffectRecorder,
  options: ExecuteOptions,
): Promise<readonly Reply[]> {
  if (plan.calls.length === 0) return [];
  const http = await context.environment.http();
  await confirm(http, plan, recorder, options);
  const replies: Reply[] = [];
  for (const { call, label } of plan.calls) {
    recorder.uses(call.method.name);
    let reply: Reply;
    try {
      options.signal?.throwIfAborted();
      reply = await http.send({
        ...call,
        observer: recorder.observer,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    } catch (error) {
      throw stopped(aborted(error, options.signal), plan, replies, label);
    }
    replies.push(reply);
    countWritten(context.environment, plan.relation, call, reply);
    options.onProgress?.({
      requests: recorder.requests(),
      estimatedRequests: plan.calls.length,
      pages: 0,
      rows: replies.length,
      waiting: undefined,
    });
  }
  return replies;
}

async function confirm(http: HttpClient, plan: EffectPlan, recorder: EffectRecorder, options: ExecuteOptions): Promise<void> {
  const requests = recorder.receipt(0).requests + plan.calls.length;
  if (options.maxCalls !== undefined && requests > options.maxCalls) {
    throw new OrgqlError('limit_reached', `The statement needs ${requests} requests and may make ${options.maxCalls}`, {
      detail: 'Nothing was changed',
      hint: `allow at least ${requests} (--max-calls), or narrow the statement down`,
    });
  }
  const calls = plan.calls.map((planned) => planned.call);
  const isWrite = calls.some((call) => call.intent === 'write');
  if (!isWrite || options.confirm === undefined) return;
  const preview = previewOf(http, plan.statement, calls, plan);
  if (!(await options.confirm(preview))) {
    throw new OrgqlError('refused', `${plan.method} was not confirmed`, {
      detail: `${count(calls.length, 'request')} would have been sent; nothing was changed`,
    });
  }
}

function aborted(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted !== true || error instanceof OrgqlError) return error;
  return new OrgqlError('cancelled', 'The statement was cancelled', { cause: error });
}

function stopped(error: unknown, plan: EffectPlan, replies: readonly Reply[], label: string): unknown {
  if (!(error instanceof OrgqlError) || plan.calls.length === 1) return error;
  const done = replies.length;
  const labels = plan.calls.slice(0, done).flatMap((planned, index) => {
    const name = planned.label === '' ? replyId(planned.call.method, replies[index]) : planned.label;
    return name === undefined ? [] : [name];
  });
  const more = labels.length > SHOWN_LABELS ? `; and ${labels.length - SHOWN_LABELS} more` : '';
  const which = labels.length === 0 ? '' : ` (${labels.slice(0, SHOWN_LABELS).join('; ')}${more})`;
  const left = plan.calls.length - done - 1;
  const progress = `${done} of ${plan.calls.length} calls were done${which}; call ${done + 1}${label === '' ? '' : ` (${label})`} failed; ${left} ${left === 1 ? 'was' : 'were'} not sent. What was done is not undone.`;
  return withParts(error, { detail: error.detail === undefined ? progress : `${error.detail}. ${progress}` });
}

/** `1 request`, `3 requests`. */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : plural(noun)}`;
}

/** The English singular of a relation's name: `sessions` -> `session`, `policies` -> `policy`. */
export function singular(name: string): string {
  if (/ies$/i.test(name)) return name.replace(/ies$/i, 'y');
  if (/(ss|us|is)$/i.test(name)) return name;
  if (/(x|ch|sh|ss)es$/i.test(name)) return name.slice(0, -2);
  return name.replace(/s$/i, '');
}

function plural(noun: string): string {
  if (/[^aeiou]y$/i.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/i.test(noun) ? `${noun}es` : `${noun}s`;
}
