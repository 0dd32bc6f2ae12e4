import type { Permit, PermitRequest } from './gate.ts';

/** A request that waits for its permit. */
export interface Waiter {
  readonly request: PermitRequest;
  readonly resolve: (permit: Permit) => void;
  readonly reject: (error: Error) => void;
  /** The time that its observer was last told of. */
  announcedUntil: number | undefined;
}

/** Who waits, by statement and bucket: statements take turns, and within one its buckets do; within a bucket the first come goes first. */
export interface Turns {
  readonly size: () => number;
  readonly add: (waiter: Waiter) => void;
  readonly remove: (waiter: Waiter) => void;
  /** The next one whose bucket `isOpen`, or `undefined`. Asks once per bucket. */
  readonly take: (isOpen: (bucket: string) => boolean) => Waiter | undefined;
  /** Tells the observers of all who wait for a bucket, once for each time. */
  readonly announce: (bucket: string, until: number, delayMs: number) => void;
  readonly drain: () => readonly Waiter[];
}

export function createTurns(): Turns {
  // Maps keep the order of insertion: who had a turn is put in again at the end.
  const statements = new Map<object, Map<string, Waiter[]>>();
  let size = 0;
  const forget = (statement: object, buckets: Map<string, Waiter[]>, bucket: string): void => {
    buckets.delete(bucket);
    if (buckets.size === 0) statements.delete(statement);
  };
  const all = (): readonly Waiter[] => [...statements.values()].flatMap((buckets) => [...buckets.values()].flat());
  return {
    size: () => size,
    add: (waiter) => {
      const { statement, bucket } = waiter.request;
      const buckets = statements.get(statement) ?? new Map<string, Waiter[]>();
      statements.set(statement, buckets);
      const queue = buckets.get(bucket) ?? [];
      buckets.set(bucket, queue);
      queue.push(waiter);
      size++;
    },
    remove: (waiter) => {
      const { statement, bucket } = waiter.request;
      const buckets = statements.get(statement);
      const queue = buckets?.get(bucket);
      const index = queue?.indexOf(waiter) ?? -1;
      if (buckets === undefined || queue === undefined || index < 0) return;
      queue.splice(index, 1);
      size--;
      if (queue.length === 0) forget(statement, buckets, bucket);
    },
    take: (isOpen) => {
      const answers = new Map<string, boolean>();
      const open = (bucket: string): boolean => {
        const answer = answers.get(bucket) ?? isOpen(bucket);
        answers.set(bucket, answer);
        return answer;
      };
      for (const [statement, buckets] of statements) {
        for (const [bucket, queue] of buckets) {
          if (!open(bucket)) continue;
          const waiter = queue.shift();
          size--;
          buckets.delete(bucket);
          statements.delete(statement);
          if (queue.length > 0) buckets.set(bucket, queue);
          if (buckets.size > 0) statements.set(statement, buckets);
          return waiter;
        }
      }
      return undefined;
    },
    announce: (bucket, until, delayMs) => {
      for (const buckets of statements.values()) {
        for (const waiter of buckets.get(bucket) ?? []) {
          if (waiter.announcedUntil === until) continue;
          waiter.announcedUntil = until;
          waiter.request.observer?.waiting?.({ bucket, delayMs });
        }
      }
    },
    drain: () => {
      const waiters = all();
      statements.clear();
      size = 0;
      return waiters;
    },
  };
}
