import type { VirtualClock } from './clock.ts';

/** An emulated org's time as the clock of a program that calls it: to sleep is to let the org's time pass. */
export interface SharedClock {
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** For a program in the same process. */
export function sharedClock(clock: VirtualClock): SharedClock {
  return { now: clock.now, sleep: sleeper(clock.now, async (time) => clock.advanceTo(time)) };
}

/**
 * For a program in another process: over the control path of the org at `url`.
 * @throws Error if there is no emulated org, or its clock belongs to somebody else
 */
export async function remoteClock(url: string, fetch: typeof globalThis.fetch, local: () => number = Date.now): Promise<SharedClock> {
  const path = new URL('/_emulator/clock', url);
  let [base, at, isFrozen] = [0, 0, false];
  const ask = async (init: RequestInit): Promise<void> => {
    const response = await fetch(path, init);
    const body = (await response.json().catch(() => ({}))) as { now?: unknown; isFrozen?: unknown; error?: unknown };
    if (typeof body.now !== 'number')
      throw new Error(`No emulated org's clock at ${path.href}${typeof body.error === 'string' ? `: ${body.error}` : ''}`);
    [base, at, isFrozen] = [body.now, local(), body.isFrozen === true];
  };
  await ask({});
  const now = (): number => base + (isFrozen ? 0 : local() - at);
  return { now, sleep: sleeper(now, (time) => ask({ method: 'POST', body: JSON.stringify({ advanceTo: time }) })) };
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
  readonly fail: (error: unknown) => void;
}

/** Wakes sleepers in the order of their times, each when all else that can go on has gone on. */
function sleeper(now: () => number, advanceTo: (time: number) => Promise<void>): SharedClock['sleep'] {
  let sleepers: Sleeper[] = [];
  let isPumping = false;
  const pump = async (): Promise<void> => {
    if (isPumping) return;
    isPumping = true;
    while (sleepers.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = sleepers.reduce<Sleeper | undefined>(
        (first, one) => (first === undefined || one.until < first.until ? one : first),
        undefined,
      );
      if (next === undefined) continue;
      sleepers = sleepers.filter((one) => one !== next);
      try {
        if (now() < next.until) await advanceTo(next.until);
        next.wake();
      } catch (error) {
        next.fail(error);
      }
    }
    isPumping = false;
  };
  return (ms, signal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const own: Sleeper = { until: now() + ms, wake: resolve, fail: reject };
      signal?.addEventListener(
        'abort',
        () => {
          sleepers = sleepers.filter((one) => one !== own);
          reject(signal.reason);
        },
        { once: true },
      );
      sleepers.push(own);
      void pump();
    });
}
