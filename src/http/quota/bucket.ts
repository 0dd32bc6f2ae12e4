import type { BucketState } from '../types.ts';

/** What may happen to a request that wants to go now. `until` is a local time; without it, an answer under way will tell. */
export type Admission = { readonly kind: 'go' } | { readonly kind: 'wait'; readonly until: number | undefined };

/** What an answer said of the bucket, times translated to the local clock. */
export interface BucketObservation {
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  /** The window's end by the API's clock: names the window. */
  readonly serverReset: number | undefined;
  /** The local time from which on that window is surely over. */
  readonly resetsAt: number | undefined;
  readonly receivedAt: number;
  /** False for an answer that does not come from the API itself (a gateway's 502). */
  readonly isFromApi: boolean;
}

/**
 * One bucket of one org: a state machine over local times given by the caller. It keeps two promises for every window of the API:
 * this process sends at most `floor(limit * budget)` requests, and none once what remains is down to the reserve - whoever used it.
 */
export interface Bucket {
  readonly admit: (now: number) => Admission;
  /** Counts a request that is being sent. */
  readonly send: (now: number) => Ticket;
  readonly answer: (ticket: Ticket, observation: BucketObservation) => void;
  /** Forgets a request under way. `counted`: it may have reached the API. */
  readonly drop: (ticket: Ticket, counted: boolean) => void;
  /** Rests until a local time, whatever the window says (a 429 without rate headers). */
  readonly block: (until: number) => void;
  readonly state: (now: number) => BucketState;
}

/** A request under way. A Set of them would keep thousands alive that have ended: `createAbortListeners` says why. */
export interface Ticket {
  isUnderWay: boolean;
}

interface Window {
  /** By the API's clock; `undefined` until an answer of this window names it. */
  serverReset: number | undefined;
  resetsAt: number;
  /** False while only guessed from the time of sending. */
  isTimed: boolean;
}

/** Windows last a minute unless the API says otherwise. */
const WINDOW_MS = 60_000;
/** The part of a window left to people and programs that this process knows nothing of, where the budget leaves that much. */
const RESERVE = 0.1;
/** `Reset` of one and the same window may differ by its rounding. */
const SAME_WINDOW_MS = 1_000;

export function createBucket(options: {
  readonly name: string;
  readonly budget: number;
  readonly limitPerMinute: number | undefined;
  /** False while the API has named no limit of any bucket: then it keeps none, and the hint is moot. Default true. */
  readonly isMetered?: () => boolean;
}): Bucket {
  const { name, budget } = options;
  /** As the API said; the hint counts only where it has answered and said nothing. */
  let limit: number | undefined;
  let hasAnswered = false;
  let window: Window | undefined;
  let lastReset = Number.NEGATIVE_INFINITY;
  let remaining: number | undefined;
  /** Requests of this process that count, or may count, in the present window. */
  let own = 0;
  let blockedUntil = Number.NEGATIVE_INFINITY;
  let underWay = 0;

  const roll = (now: number): void => {
    if (window === undefined || now < window.resetsAt) return;
    lastReset = Math.max(lastReset, window.serverReset ?? Number.NEGATIVE_INFINITY);
    window = undefined;
    remaining = undefined;
    // What is still under way may arrive in the window that begins now.
    own = underWay;
  };
  /** False: it had ended before. */
  const end = (ticket: Ticket): boolean => {
    if (!ticket.isUnderWay) return false;
    ticket.isUnderWay = false;
    underWay--;
    return true;
  };
  const allowed = (): number | undefined => limit ?? (hasAnswered && (options.isMetered?.() ?? true) ? options.limitPerMinute : undefined);

  return {
    admit: (now) => {
      roll(now);
      if (now < blockedUntil) return { kind: 'wait', until: blockedUntil };
      // Nothing is known before the first answer: one request asks for all.
      if (!hasAnswered) return underWay === 0 ? { kind: 'go' } : { kind: 'wait', until: undefined };
      const most = allowed();
      if (most === undefined)
        return remaining === undefined || remaining - underWay > 0
          ? { kind: 'go' }
          : { kind: 'wait', until: underWay > 0 ? undefined : window?.resetsAt };
      if (own >= shareOf(most, budget)) return { kind: 'wait', until: window?.resetsAt };
      const reserve = most - shareOf(most, Math.max(budget, 1 - RESERVE));
      if (remaining !== undefined && remaining - underWay - 1 < reserve)
        return { kind: 'wait', until: underWay > 0 ? undefined : window?.resetsAt };
      return { kind: 'go' };
    },
    send: (now) => {
      roll(now);
      underWay++;
      own++;
      window ??= { serverReset: undefined, resetsAt: now + WINDOW_MS, isTimed: false };
      return { isUnderWay: true };
    },
    answer: (ticket, observation) => {
      if (!end(ticket)) return;
      const { limit: said, remaining: left, serverReset, resetsAt, receivedAt, isFromApi } = observation;
      if (said !== undefined && said > 0) limit = said;
      if (isFromApi || limit !== undefined) hasAnswered = true;
      roll(receivedAt);
      if (serverReset === undefined || resetsAt === undefined) {
        // The window began at the latest when its first request was answered.
        if (window !== undefined && !window.isTimed) window = { ...window, resetsAt: receivedAt + WINDOW_MS, isTimed: true };
        if (left !== undefined) remaining = Math.min(remaining ?? left, left);
        return;
      }
      const known = window?.serverReset;
      const isOld = serverReset <= lastReset || (known !== undefined && serverReset < known - SAME_WINDOW_MS);
      if (isOld) return;
      if (known !== undefined && serverReset > known + SAME_WINDOW_MS) {
        // The API began a new window before we thought it could: this request and all under way are in it.
        lastReset = known;
        window = { serverReset, resetsAt, isTimed: true };
        own = 1 + underWay;
        remaining = left;
        return;
      }
      window =
        known === undefined
          ? { serverReset, resetsAt, isTimed: true }
          : {
              serverReset: Math.max(known, serverReset),
              resetsAt: serverReset >= known ? resetsAt : (window?.resetsAt ?? resetsAt),
              isTimed: true,
            };
      if (left !== undefined) remaining = Math.min(remaining ?? left, left);
    },
    drop: (ticket, counted) => {
      if (end(ticket) && !counted) own = Math.max(0, own - 1);
    },
    block: (until) => {
      blockedUntil = Math.max(blockedUntil, until);
    },
    state: (now) => {
      roll(now);
      const most = limit ?? options.limitPerMinute;
      return {
        bucket: name,
        limit: most,
        remaining: remaining === undefined ? (window === undefined ? most : undefined) : Math.max(0, remaining),
        resetsAt: window?.serverReset === undefined ? undefined : window.resetsAt,
      };
    },
  };
}

/** The share of a limit in whole requests, at least one: less would be a standstill. */
export function shareOf(limit: number, budget: number): number {
  // 0.1 added thirty times is not 3: a hair is given against binary fractions.
  return Math.max(1, Math.floor(limit * Math.min(1, budget) + 1e-9));
}
