import type { Org } from '../../org.ts';
import { wholeSecond } from '../../time.ts';
import { seedTime } from '../seed-time.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Ages in days that queries over the reference org draw a line at; negative ones are ahead. */
const BOUNDARIES = [0, 1, 7, 14, 30, 60, 90, 365, 730, -30, -60, -90] as const;
const CLEARANCE_MS = 2.5 * HOUR_MS;

/** Times of the reference org, none near a line that a query draws. */
export interface Times {
  readonly now: number;
  /** A time between so many days ago and so many days ago, the younger first. */
  between(daysAgo: number, olderDaysAgo: number): number;
  /** The time nearest to this one that is on the same side of every line and not near it. */
  clear(timeMs: number): number;
}

export function createTimes(org: Org): Times {
  const now = seedTime(org);
  const clear = (timeMs: number): number => {
    for (const days of BOUNDARIES) {
      const line = now - days * DAY_MS;
      if (Math.abs(timeMs - line) < CLEARANCE_MS) return timeMs < line ? line - CLEARANCE_MS : line + CLEARANCE_MS;
    }
    return wholeSecond(timeMs);
  };
  return {
    now,
    clear,
    between(daysAgo, olderDaysAgo) {
      const youngest = now - daysAgo * DAY_MS - CLEARANCE_MS;
      const oldest = now - olderDaysAgo * DAY_MS + CLEARANCE_MS;
      return clear(youngest - org.random.next() * (youngest - oldest));
    },
  };
}
