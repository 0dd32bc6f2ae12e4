import { OrgqlError } from '../util/errors.ts';
import { abortSignalOf, type CancelSignal, cancellation } from './cancellation.ts';
import type { HttpLimits } from './limits.ts';
import type { QuotaGate } from './quota/gate.ts';
import type { Address } from './request/address.ts';
import type { PreparedRequest } from './request/prepare.ts';
import { apiError, label } from './response/api-error.ts';
import { doubtOf } from './response/doubt.ts';
import { readFault } from './response/error-body.ts';
import { backoffMs, judgeFailure, judgeStatus, type Verdict } from './retry.ts';
import { failureError, type WireFailure } from './transport/failure.ts';
import type { Transport, WireAnswer } from './transport/transport.ts';
import type { CallObserver, Clock, MethodCall } from './types.ts';

/** Status and headers of an answer that the API gave to the request as such (2xx). */
export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

type Headers = Readonly<Record<string, string>>;

export interface Answer extends Head {
  readonly bytes: Uint8Array;
}

export interface ExchangeServices {
  readonly transport: Transport;
  readonly quota: QuotaGate;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: HttpLimits;
  /** Headers with a credential's beside them, by both: those of a fan-out's requests are mostly the same two objects. */
  readonly headers: WeakMap<Headers, WeakMap<Headers, Headers>>;
  /** Latest DPoP nonce by origin. */
  readonly nonces: Map<string, string>;
  /** Origins that have answered: one that refuses connections from the start is hardly about to come back. */
  readonly answered: Set<string>;
}

export interface ExchangeOptions {
  readonly bucket: string;
  readonly signal: CancelSignal | undefined;
  readonly observer: CallObserver | undefined;
  /** Called at the headers of every 2xx answer, before its body is there; more than once where a body is lost. */
  readonly onHead?: (head: Head) => void;
  /** False for a body that came whole and yet is cut off: a read asks again. */
  readonly isUsable?: (answer: Answer) => boolean;
}

const MAX_REDIRECTS = 3;
/** Connections that fail to an origin which has never answered. */
const MAX_UNKNOWN_ORIGIN_RETRIES = 2;
/** A body that is cut off at the API comes out the same each time, more often than not. */
const MAX_CUT_BODIES = 2;

/**
 * One request and its answer: quota, credential, retries (I4), redirects within the origin. Gives 2xx answers, and the last one
 * that `isUsable` turned down. Throws every error that the HTTP layer knows.
 */
export async function exchange(
  services: ExchangeServices,
  call: MethodCall,
  prepared: PreparedRequest,
  options: ExchangeOptions,
): Promise<Answer> {
  const { transport, quota, clock, random, limits, nonces, answered } = services;
  const { bucket, signal, observer } = options;
  const { org, intent } = call;
  const statement = call.observer ?? call.signal ?? prepared;
  let { url } = prepared;
  let redirects = 0;
  let cutBodies = 0;
  let hasRenewed = false;
  let nonceRounds = 0;

  for (let attempt = 1; ; attempt++) {
    const wanted = { org, bucket, limitPerMinute: call.facts.limitPerMinute, statement, observer, signal };
    const permit = quota.tryAcquire(wanted) ?? (await quota.acquire(wanted));
    let verdict: Verdict;
    try {
      const nonce = nonces.get(url.origin);
      const authorizing = org.credential.authorize({ verb: prepared.verb, url, ...(nonce === undefined ? {} : { nonce }) });
      const authorization = authorizing instanceof Promise ? await authorizing : authorizing;
      if (signal?.aborted) throw cancellation(signal);
      observer?.request?.({ verb: prepared.verb, path: url.pathname, bucket, attempt });
      const outcome = await transport.send(
        {
          verb: prepared.verb,
          url: withCredential(url, authorization.query),
          headers: withHeaders(services, prepared.headers, authorization.headers),
          body: prepared.body,
        },
        { timeoutMs: org.timeoutMs, signal },
      );
      if (outcome.kind === 'aborted')
        throw intent === 'write'
          ? unknownOutcome(call, 'The statement was cancelled while the request was under way.')
          : cancellation(signal);
      if (outcome.kind === 'failed') {
        if (outcome.failure.kind === 'not_sent') permit.unsent();
        const maxRetries = answered.has(url.origin) ? limits.maxRetries : Math.min(limits.maxRetries, MAX_UNKNOWN_ORIGIN_RETRIES);
        verdict = judgeFailure(outcome.failure, {
          intent,
          attempt,
          maxRetries: outcome.failure.kind === 'not_sent' ? maxRetries : limits.maxRetries,
          random,
        });
        if (verdict.kind === 'give_up') throw failureError(outcome.failure, url, attempt);
      } else {
        const { answer } = outcome;
        answered.add(url.origin);
        const throttle = permit.answered(answer);
        const newNonce = answer.headers['dpop-nonce'];
        if (newNonce !== undefined) nonces.set(url.origin, newNonce);
        if (answer.status >= 200 && answer.status < 300) options.onHead?.(answer);
        const body = await answer.body;
        if (body.kind === 'failed') {
          if (signal?.aborted && intent === 'read') throw cancellation(signal);
          verdict = judgeBody(body.failure, answer, call, { attempt, limits, random });
          if (verdict.kind === 'give_up') throw failureError(body.failure, url, attempt);
        } else {
          const { bytes } = body;
          observer?.response?.({ status: answer.status, byteLength: bytes.byteLength, bucket });
          const given: Answer = { status: answer.status, headers: answer.headers, bytes };
          if (answer.status >= 200 && answer.status < 300) {
            const doubt = intent === 'write' ? doubtOf(call, given) : undefined;
            if (doubt !== undefined) throw unknownOutcome(call, doubt);
            if (
              intent === 'write' ||
              options.isUsable === undefined ||
              options.isUsable(given) ||
              cutBodies >= Math.min(MAX_CUT_BODIES, limits.maxRetries)
            )
              return given;
            cutBodies++;
            verdict = { kind: 'retry', reason: 'cut-off body', delayMs: backoffMs(cutBodies, random) };
          } else if (answer.status >= 300 && answer.status < 400) {
            url = redirected(call, url, answer, ++redirects);
            attempt--;
            continue;
          } else if (answer.status === 401 && newNonce !== undefined && asksForNonce(given) && nonceRounds++ < 2) {
            attempt--;
            continue;
          } else if (answer.status === 401 && !hasRenewed && org.credential.renew !== undefined && (await org.credential.renew())) {
            // A refused credential means that nothing was done, so a write may go again too.
            hasRenewed = true;
            attempt--;
            continue;
          } else if (throttle !== undefined) {
            observer?.throttled?.({ bucket, kind: throttle.kind, delayMs: throttle.delayMs });
            if (attempt > limits.maxRetries || throttle.delayMs > limits.maxRetryAfterMs)
              throw apiError(call, readFault(answer.status, answer.headers, bytes));
            // The bucket itself rests, so the wait is that of the next permit, with everyone else's.
            observer?.retry?.({
              reason: throttle.kind === 'rate' ? 'rate limit' : 'concurrency limit',
              delayMs: throttle.delayMs,
              attempt,
            });
            continue;
          } else {
            const fault = readFault(answer.status, answer.headers, bytes);
            verdict = judgeStatus(answer.status, fault.errorCode !== undefined, { intent, attempt, maxRetries: limits.maxRetries, random });
            if (verdict.kind === 'give_up') throw apiError(call, fault);
          }
        }
      }
    } finally {
      permit.release();
    }
    if (verdict.kind === 'unknown_outcome') throw unknownOutcome(call, verdict.reason);
    if (verdict.kind !== 'retry') throw new OrgqlError('internal', 'An attempt ended without a verdict');
    observer?.retry?.({ reason: verdict.reason, delayMs: verdict.delayMs, attempt });
    await rest(clock, verdict.delayMs, signal);
  }
}

function judgeBody(
  failure: WireFailure,
  answer: WireAnswer,
  call: MethodCall,
  { attempt, limits, random }: { readonly attempt: number; readonly limits: HttpLimits; readonly random: () => number },
): Verdict {
  if (call.intent === 'write' && answer.status < 300)
    return {
      kind: 'unknown_outcome',
      reason: `The API answered with status ${answer.status}, so the change was most likely made, but its answer broke off.`,
    };
  return judgeFailure(failure, { intent: call.intent, attempt, maxRetries: limits.maxRetries, random });
}

async function rest(clock: Clock, delayMs: number, signal: CancelSignal | undefined): Promise<void> {
  if (signal?.aborted) throw cancellation(signal);
  const { signal: whole, end } = abortSignalOf(signal);
  try {
    await clock.sleep(delayMs, whole);
  } catch (error) {
    if (signal?.aborted) throw cancellation(signal);
    throw error;
  } finally {
    end();
  }
  if (signal?.aborted) throw cancellation(signal);
}

function withHeaders({ headers }: ExchangeServices, common: Headers, own: Headers): Headers {
  let known = headers.get(own);
  if (known === undefined) {
    known = new WeakMap();
    headers.set(own, known);
  }
  let both = known.get(common);
  if (both === undefined) {
    both = { ...common, ...own };
    known.set(common, both);
  }
  return both;
}

function withCredential(url: Address, query: Readonly<Record<string, string>> | undefined): Address {
  if (query === undefined) return url;
  const copy = new URL(url.href);
  copy.search = [
    copy.search.slice(1),
    ...Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  ]
    .filter((part) => part !== '')
    .join('&');
  return copy;
}

// Only to the same origin (I5), and only for what has no body to be sent twice.
function redirected(call: MethodCall, url: Address, answer: WireAnswer, redirects: number): Address {
  const location = answer.headers.location;
  const target = location !== undefined && URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
  const isSame = target !== undefined && target.origin === url.origin;
  if (isSame && redirects <= MAX_REDIRECTS && (call.method.http.verb === 'GET' || call.method.http.verb === 'HEAD')) return target;
  throw new OrgqlError(
    'invalid_response',
    `${label(call)} was redirected${target === undefined ? '' : ` to ${target.origin}`} (status ${answer.status})`,
    {
      detail: isSame
        ? 'It was redirected too often, or cannot be sent twice.'
        : 'A credential does not follow a redirect to another origin.',
      hint: `Check the address (org_url) of the org "${call.org.name}".`,
    },
  );
}

function asksForNonce(answer: Answer): boolean {
  return /use_dpop_nonce/.test(answer.headers['www-authenticate'] ?? '') || Buffer.from(answer.bytes).includes('use_dpop_nonce');
}

function unknownOutcome(call: MethodCall, reason: string): OrgqlError {
  return new OrgqlError('outcome_unknown', `${label(call)} was sent, but its answer was lost`, {
    detail: reason,
    hint: 'Look whether the change was made before you run the statement again; it was not sent twice.',
  });
}
