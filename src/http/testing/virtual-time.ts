import type { Clock } from '../types.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void;
}

/** A clock that a test drives: sleeps are events in virtual time, and `run` plays them in order as fast as they can be computed. */
export interface VirtualTime extends Clock {
  /** Plays events until none is left or `until` is reached. */
  readonly run: (until: number) => Promise<void>;
  /** Plays events for as long as `work` needs, each once `isQuiet`: nothing is on its way that takes no virtual time, such as bytes on a socket. */
  readonly runWhile: <T>(work: Promise<T>, isQuiet: () => boolean) => Promise<T>;
  readonly at: (time: number, action: () => void) => void;
}

export function createVirtualTime(start: number): VirtualTime {
  let now = start;
  let order = 0;
  let timers: Timer[] = [];
  const at = (time: number, ring: () => void): (() => void) => {
    const timer = { at: Math.max(now, time), order: order++, ring };
    // Kept sorted, the last one next.
    let low = 0;
    let high = timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = timers[middle];
      if (other !== undefined && (other.at > timer.at || (other.at === timer.at && other.order > timer.order))) low = middle + 1;
      else high = middle;
    }
    timers.splice(low, 0, timer);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  };
  const playNext = (until: number): boolean => {
    const next = timers.at(-1);
    if (next === undefined || next.at > until) return false;
    timers.pop();
    now = next.at;
    next.ring();
    return true;
  };
  return {
    now: () => now,
    at: (time, action) => void at(time, action),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const cancel = at(now + ms, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          reject(signal.reason);
        });
      }),
    run: async (until) => {
      for (;;) {
        // All that follows from the last event happens before the next.
        await new Promise((resolve) => setImmediate(resolve));
        if (!playNext(until)) break;
      }
      now = Math.max(now, until);
    },
    runWhile: async (work, isQuiet) => {
      let isDone = false;
      const end = (): void => {
        isDone = true;
      };
      work.then(end, end);
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        if (isQuiet() && !isDone) playNext(Number.POSITIVE_INFINITY);
      }
      return work;
    },
  };
}
