import type { Admission } from './bucket.ts';

/** How many requests may be under way at once: the org's setting, halved whenever the API says that it is too many, regained slowly. */
export interface Concurrency {
  readonly admit: (now: number) => Admission;
  readonly enter: () => void;
  readonly leave: () => void;
  /** The API refused a request for too many at once. Returns how long all rest. */
  readonly collide: (sentAt: number, now: number) => number;
}

/** Answers, in multiples of the present width, after which one more is tried. */
const REGAIN_AFTER = 20;

export function createConcurrency(options: { readonly most: number; readonly random: () => number }): Concurrency {
  const most = Math.max(1, Math.floor(options.most));
  let width = most;
  let underWay = 0;
  let answers = 0;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let narrowedAt = Number.NEGATIVE_INFINITY;
  return {
    admit: (now) => {
      if (now < restsUntil) return { kind: 'wait', until: restsUntil };
      return underWay < width ? { kind: 'go' } : { kind: 'wait', until: undefined };
    },
    enter: () => {
      underWay++;
    },
    leave: () => {
      underWay--;
      if (width < most && ++answers >= REGAIN_AFTER * width) {
        width++;
        answers = 0;
      }
    },
    collide: (sentAt, now) => {
      const delayMs = Math.round(1_000 + options.random() * 1_000);
      // Several refusals of one burst are one collision, however late the answers to it come.
      if (now >= restsUntil && sentAt > narrowedAt) {
        width = Math.max(1, Math.floor(width / 2));
        narrowedAt = now;
      }
      answers = 0;
      restsUntil = Math.max(restsUntil, now + delayMs);
      return delayMs;
    },
  };
}
