import type { VirtualTime } from './virtual-time.ts';

export interface SimulatedBucket {
  readonly limit: number;
  /** Starts and ends (API's clock) of the windows that were, with the requests counted in each, by process. */
  readonly windows: { readonly start: number; readonly end: number; readonly used: Map<string, number> }[];
  refused: number;
}

/** An API that enforces rate limits the way Okta does: windows of a minute that begin with their first request. */
export interface SimulatedLimits {
  readonly buckets: ReadonlyMap<string, SimulatedBucket>;
  /** A request arrives now. */
  readonly arrive: (bucket: string, process: string) => { readonly status: number; readonly headers: Readonly<Record<string, string>> };
}

export function createSimulatedLimits(
  time: VirtualTime,
  options: { readonly limits: Readonly<Record<string, number>>; readonly skewMs: number; readonly rounding: 'floor' | 'ceil' },
): SimulatedLimits {
  const buckets = new Map(
    Object.entries(options.limits).map(([name, limit]): [string, SimulatedBucket] => [name, { limit, windows: [], refused: 0 }]),
  );
  return {
    buckets,
    arrive: (name, process) => {
      const bucket = buckets.get(name);
      if (bucket === undefined) return { status: 200, headers: {} };
      const now = time.now() + options.skewMs;
      let window = bucket.windows.at(-1);
      if (window === undefined || now >= window.end) {
        window = { start: now, end: now + 60_000, used: new Map() };
        bucket.windows.push(window);
      }
      const total = [...window.used.values()].reduce((sum, count) => sum + count, 0);
      const isRefused = total >= bucket.limit;
      if (isRefused) bucket.refused++;
      else window.used.set(process, (window.used.get(process) ?? 0) + 1);
      const headers = {
        date: new Date(now).toUTCString(),
        'x-rate-limit-limit': String(bucket.limit),
        'x-rate-limit-remaining': String(Math.max(0, bucket.limit - total - 1)),
        'x-rate-limit-reset': String(Math[options.rounding](window.end / 1000)),
      };
      return { status: isRefused ? 429 : 200, headers };
    },
  };
}
