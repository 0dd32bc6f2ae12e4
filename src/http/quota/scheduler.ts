import { cancellation } from '../cancellation.ts';
import type { BucketState, Clock, OrgConnection } from '../types.ts';
import { type Bucket, createBucket, type Ticket } from './bucket.ts';
import { type ClockSkew, createClockSkew } from './clock-skew.ts';
import { type Concurrency, createConcurrency } from './concurrency.ts';
import type { Permit, PermitRequest, QuotaGate, Throttle } from './gate.ts';
import { createRateHeaderReader, type RateHeaderReader, type RateObservation } from './headers.ts';
import { createTurns, type Turns, type Waiter } from './turns.ts';

/** The quota of every org that this process talks to, shared by all its statements. */
export interface QuotaScheduler extends QuotaGate {
  /** What is known of the buckets of an org. */
  readonly buckets: (org: string) => readonly BucketState[];
  /** Turns away whoever still waits. */
  readonly close: () => void;
}

export interface QuotaOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly statsSink?: (org: string, state: BucketState) => void;
}

interface OrgQuota {
  readonly name: string;
  readonly buckets: Map<string, Bucket>;
  readonly skew: ClockSkew;
  readonly headers: RateHeaderReader;
  readonly concurrency: Concurrency;
  readonly turns: Turns;
  /** Consecutive 429s that did not say how long to wait. */
  blindThrottles: number;
  /** The API has named a limit, of whichever bucket: it keeps limits, also where it does not name them. */
  isMetered: boolean;
  wake: { readonly at: number; readonly controller: AbortController } | undefined;
}

/** A 429 that names no time is waited out from a second on, doubling. */
const BLIND_WAIT_MS = 1_000;
const LONGEST_BLIND_WAIT_MS = 60_000;

export function createQuotaScheduler(options: QuotaOptions): QuotaScheduler {
  const { clock, random } = options;
  const orgs = new Map<string, OrgQuota>();
  const byConnection = new WeakMap<OrgConnection, OrgQuota>();

  const orgOf = (request: PermitRequest): OrgQuota => {
    const known = byConnection.get(request.org);
    if (known !== undefined) return known;
    const key = `${request.org.provider}/${request.org.name}`;
    let quota = orgs.get(key);
    if (quota === undefined) {
      quota = {
        name: request.org.name,
        buckets: new Map(),
        skew: createClockSkew(),
        headers: createRateHeaderReader(),
        concurrency: createConcurrency({ most: request.org.maxConcurrency, random }),
        turns: createTurns(),
        blindThrottles: 0,
        isMetered: false,
        wake: undefined,
      };
      orgs.set(key, quota);
    }
    byConnection.set(request.org, quota);
    return quota;
  };

  const bucketOf = (quota: OrgQuota, request: PermitRequest): Bucket => {
    let bucket = quota.buckets.get(request.bucket);
    if (bucket === undefined) {
      bucket = createBucket({
        name: request.bucket,
        budget: request.org.budget,
        limitPerMinute: request.limitPerMinute,
        isMetered: () => quota.isMetered,
      });
      quota.buckets.set(request.bucket, bucket);
    }
    return bucket;
  };

  /** Sends whoever may go, in turn; sets the alarm for the earliest of the others. */
  const pump = (quota: OrgQuota): void => {
    const now = clock.now();
    let wakeAt = Number.POSITIVE_INFINITY;
    while (quota.turns.size() > 0) {
      const rest = quota.concurrency.admit(now);
      if (rest.kind === 'wait') {
        wakeAt = Math.min(wakeAt, rest.until ?? Number.POSITIVE_INFINITY);
        break;
      }
      const blocked = new Map<string, number | undefined>();
      const waiter = quota.turns.take((bucket) => {
        const admission = quota.buckets.get(bucket)?.admit(now) ?? { kind: 'go' };
        if (admission.kind === 'go') return true;
        blocked.set(bucket, admission.until);
        return false;
      });
      if (waiter === undefined) {
        for (const [bucket, until] of blocked) {
          if (until === undefined) continue;
          wakeAt = Math.min(wakeAt, until);
          quota.turns.announce(bucket, until, until - now);
        }
        break;
      }
      waiter.resolve(permitFor(quota, bucketOf(quota, waiter.request), now));
    }
    setAlarm(quota, wakeAt);
  };

  const setAlarm = (quota: OrgQuota, at: number): void => {
    if (quota.wake?.at === at) return;
    quota.wake?.controller.abort();
    quota.wake = undefined;
    if (!Number.isFinite(at)) return;
    const wake = { at, controller: new AbortController() };
    quota.wake = wake;
    const ring = (): void => {
      if (quota.wake !== wake) return;
      quota.wake = undefined;
      pump(quota);
    };
    clock.sleep(Math.max(0, at - clock.now()), wake.controller.signal).then(ring, () => {});
  };

  const permitFor = (quota: OrgQuota, bucket: Bucket, now: number): Permit => {
    let ticket: Ticket | undefined = bucket.send(now);
    let isHeld = true;
    quota.concurrency.enter();
    return {
      answered: ({ status, headers, sentAt, receivedAt }) => {
        if (ticket === undefined) return undefined;
        const rate = quota.headers.read(headers, receivedAt);
        if (rate.date !== undefined) quota.skew.observe(rate.date, sentAt, receivedAt);
        const isTooMany = status === 429;
        if (rate.limit !== undefined || isTooMany) quota.isMetered = true;
        const isConcurrency = isTooMany && rate.limit === 0;
        bucket.answer(ticket, {
          limit: isConcurrency ? undefined : rate.limit,
          remaining: isConcurrency ? undefined : rate.remaining,
          serverReset: isConcurrency ? undefined : rate.resetsAt,
          resetsAt: rate.resetsAt === undefined ? undefined : quota.skew.surelyPast(rate.resetsAt),
          receivedAt,
          isFromApi: status < 500,
        });
        ticket = undefined;
        // GitHub refuses with 403 where its window is used up, or its further limits are.
        const isRefused = isTooMany || (status === 403 && (headers['x-ratelimit-remaining'] === '0' || rate.retryAfterMs !== undefined));
        const throttle = isRefused ? throttleOf(quota, bucket, rate, { sentAt, receivedAt, isConcurrency }) : undefined;
        // Whether a 503 was acted upon is not known, so it is no refusal; but everyone is asked to wait.
        if (status === 503 && rate.retryAfterMs !== undefined) bucket.block(receivedAt + rate.retryAfterMs);
        if (throttle === undefined) quota.blindThrottles = 0;
        if (options.statsSink !== undefined && rate.limit !== undefined && !isConcurrency)
          options.statsSink(quota.name, bucket.state(receivedAt));
        pump(quota);
        return throttle;
      },
      unsent: () => {
        if (ticket !== undefined) bucket.drop(ticket, false);
        ticket = undefined;
      },
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        if (ticket !== undefined) bucket.drop(ticket, true);
        ticket = undefined;
        quota.concurrency.leave();
        pump(quota);
      },
    };
  };

  const throttleOf = (
    quota: OrgQuota,
    bucket: Bucket,
    rate: RateObservation,
    at: { readonly sentAt: number; readonly receivedAt: number; readonly isConcurrency: boolean },
  ): Throttle => {
    if (at.isConcurrency) {
      return { kind: 'concurrency', delayMs: quota.concurrency.collide(at.sentAt, at.receivedAt) };
    }
    const blind = Math.min(LONGEST_BLIND_WAIT_MS, BLIND_WAIT_MS * 2 ** quota.blindThrottles) * (1 + random() / 4);
    const isBlind = rate.retryAfterMs === undefined && rate.resetsAt === undefined;
    quota.blindThrottles = isBlind ? quota.blindThrottles + 1 : 0;
    const reset = rate.resetsAt === undefined ? undefined : quota.skew.surelyPast(rate.resetsAt) - at.receivedAt;
    const delayMs = Math.round(Math.max(BLIND_WAIT_MS, rate.retryAfterMs ?? reset ?? blind));
    bucket.block(at.receivedAt + delayMs);
    return { kind: 'rate', delayMs };
  };

  return {
    tryAcquire: (request) => {
      const quota = orgOf(request);
      const bucket = bucketOf(quota, request);
      if (quota.turns.size() > 0 || request.signal?.aborted === true) return undefined;
      const now = clock.now();
      if (quota.concurrency.admit(now).kind === 'wait' || bucket.admit(now).kind === 'wait') return undefined;
      return permitFor(quota, bucket, now);
    },
    acquire: (request) =>
      new Promise((resolve, reject) => {
        const { signal } = request;
        if (signal?.aborted) {
          reject(cancellation(signal));
          return;
        }
        const quota = orgOf(request);
        bucketOf(quota, request);
        const onAbort = (): void => {
          quota.turns.remove(waiter);
          reject(cancellation(signal));
          pump(quota);
        };
        const settle = (): void => signal?.removeEventListener('abort', onAbort);
        const waiter: Waiter = {
          request,
          announcedUntil: undefined,
          resolve: (permit) => {
            settle();
            resolve(permit);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        quota.turns.add(waiter);
        pump(quota);
      }),
    buckets: (org) =>
      [...orgs.values()]
        .filter((quota) => quota.name === org)
        .flatMap((quota) => [...quota.buckets.values()].map((bucket) => bucket.state(clock.now()))),
    close: () => {
      for (const quota of orgs.values()) {
        quota.wake?.controller.abort();
        quota.wake = undefined;
        for (const waiter of quota.turns.drain()) waiter.reject(cancellation(undefined));
      }
    },
  };
}
