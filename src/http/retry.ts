import type { WireFailure } from './transport/failure.ts';

/** What is done about an attempt that gave no usable answer. */
export type Verdict =
  | { readonly kind: 'retry'; readonly reason: string; readonly delayMs: number }
  /** Nothing more is tried; the answer or failure stands. */
  | { readonly kind: 'give_up' }
  /** A write of which nobody knows whether it happened. */
  | { readonly kind: 'unknown_outcome'; readonly reason: string };

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8_000;

/** Doubling from 250 ms to 8 s, of which a random half is taken off so that clients do not march in step. */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return Math.round(full * (0.5 + random() / 2));
}

/** Statuses that say "not now": a read may ask again. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 500 || status === 502 || status === 503 || status === 504;
}

/** Connections that surely were not made; for a read any failure but an oversized body may be tried again. */
export function judgeFailure(
  failure: WireFailure,
  context: { readonly intent: 'read' | 'write'; readonly attempt: number; readonly maxRetries: number; readonly random: () => number },
): Verdict {
  if (failure.kind === 'too_large') return { kind: 'give_up' };
  const isSafeToRepeat = context.intent === 'read' || failure.kind === 'not_sent';
  if (!isSafeToRepeat) return { kind: 'unknown_outcome', reason: failure.message };
  if (context.attempt > context.maxRetries || isHopeless(failure)) return { kind: 'give_up' };
  return { kind: 'retry', reason: failure.code, delayMs: backoffMs(context.attempt, context.random) };
}

/** An error status. `isApiSpeaking`: the body is the API's own error, not a gateway's. */
export function judgeStatus(
  status: number,
  isApiSpeaking: boolean,
  context: { readonly intent: 'read' | 'write'; readonly attempt: number; readonly maxRetries: number; readonly random: () => number },
): Verdict {
  if (!isTransientStatus(status)) return { kind: 'give_up' };
  if (context.intent === 'write')
    return isApiSpeaking && status !== 504
      ? { kind: 'give_up' }
      : { kind: 'unknown_outcome', reason: `The answer was status ${status}, which does not say whether the change was made.` };
  if (context.attempt > context.maxRetries) return { kind: 'give_up' };
  return { kind: 'retry', reason: `status ${status}`, delayMs: backoffMs(context.attempt, context.random) };
}

// A wrong name or certificate does not mend itself within seconds; a refused connection seldom does, so it is tried but briefly.
function isHopeless(failure: WireFailure): boolean {
  if (failure.kind !== 'not_sent') return false;
  return !['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'connect_timeout'].includes(
    failure.code,
  );
}
