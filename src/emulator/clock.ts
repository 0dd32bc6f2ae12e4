/** The time of an emulated org. The product's scheduler may share it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** A clock that can be set, advanced and stopped. */
export interface VirtualClock extends Clock {
  set(timeMs: number): void;
  advance(ms: number): void;
  /** Sets the clock if it has not come so far yet: never back. */
  advanceTo(timeMs: number): void;
  readonly isFrozen: boolean;
  /** Stops the clock; `run` lets it go on from where it stands. */
  freeze(): void;
  run(): void;
}

/**
 * A clock that runs with `real` from `startMs` on.
 * @param real the machine's clock, passed in so that tests can do without it
 */
export function createVirtualClock(startMs: number | undefined, real: () => number = Date.now): VirtualClock {
  let base = startMs ?? real();
  let anchor: number | undefined = real();
  const now = (): number => base + (anchor === undefined ? 0 : real() - anchor);
  return {
    now,
    set(timeMs) {
      base = timeMs;
      if (anchor !== undefined) anchor = real();
    },
    advance(ms) {
      base += ms;
    },
    advanceTo(timeMs) {
      base += Math.max(0, timeMs - now());
    },
    get isFrozen() {
      return anchor === undefined;
    },
    freeze() {
      base = now();
      anchor = undefined;
    },
    run() {
      if (anchor === undefined) anchor = real();
    },
  };
}

/** Whether a clock passed in can be set over the control path. */
export function isVirtualClock(clock: Clock): clock is VirtualClock {
  return 'set' in clock && 'advance' in clock && 'advanceTo' in clock && 'freeze' in clock && 'run' in clock;
}
