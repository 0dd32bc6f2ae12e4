import type { RateLimitTable } from './types.ts';

/** Requests a minute as Okta last published them. A bucket that a table lacks counts under `default`. */
export const RATE_LIMIT_TABLES: Readonly<Record<string, RateLimitTable>> = {
  workforce: {
    name: 'workforce',
    concurrent: 75,
    perMinute: {
      apps: 100,
      app: 500,
      groups: 500,
      group: 1000,
      users: 600,
      user: 2000,
      logs: 120,
      clients: 100,
      devices: 100,
      sessions: 1200,
      authn: 1200,
      default: 1200,
    },
  },
  'one-app': {
    name: 'one-app',
    concurrent: 75,
    perMinute: {
      apps: 100,
      app: 600,
      groups: 600,
      group: 600,
      users: 600,
      user: 1000,
      logs: 50,
      clients: 100,
      devices: 150,
      sessions: 600,
      authn: 600,
      default: 600,
    },
  },
  integrator: {
    name: 'integrator',
    concurrent: 35,
    perMinute: {
      apps: 20,
      app: 100,
      groups: 100,
      group: 100,
      users: 100,
      user: 100,
      logs: 20,
      clients: 25,
      devices: 100,
      sessions: 100,
      authn: 100,
      default: 100,
    },
  },
};

/** The bucket that a request counts in, or `undefined` for what is not limited. */
export function bucketOf(method: string, path: string): string | undefined {
  const [, first, second, area, id, rest] = path.split('/');
  if (first === '.well-known') return undefined;
  if (first === 'oauth2') {
    if (second === 'v1' && area === 'keys') return undefined;
    return second === 'v1' && area === 'clients' ? 'clients' : 'default';
  }
  if (first !== 'api') return 'default';
  switch (area) {
    case 'apps':
      return id !== undefined && rest === undefined ? 'app' : 'apps';
    case 'groups':
      return id !== undefined && id !== 'rules' && rest === undefined ? 'group' : 'groups';
    case 'users':
      if (id === undefined) return 'users';
      return rest === undefined && method === 'GET' ? 'user' : 'users';
    case 'logs':
    case 'devices':
    case 'sessions':
    case 'authn':
      return area;
    default:
      return 'default';
  }
}

export interface RateDecision {
  readonly limit: number;
  readonly remaining: number;
  /** UTC seconds. */
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

export interface RateLimiter {
  /** Counts a call. `undefined` if it is not limited. */
  take(bucket: string | undefined, credentialId: string, now: number): RateDecision | undefined;
}

interface Window {
  readonly startMs: number;
  count: number;
}

const WINDOW_MS = 60_000;

/** A window opens with the first call of a bucket and lasts 60 seconds. A credential may use its share of a bucket, all credentials together the whole. */
export function createRateLimiter(table: RateLimitTable | undefined, share: number): RateLimiter {
  const windows = new Map<string, Window>();
  const windowOf = (key: string, now: number): Window => {
    let found = windows.get(key);
    if (found === undefined || now >= found.startMs + WINDOW_MS || now < found.startMs - WINDOW_MS) {
      found = { startMs: now, count: 0 };
      windows.set(key, found);
    }
    return found;
  };
  return {
    take(bucket, credentialId, now) {
      if (table === undefined || bucket === undefined) return undefined;
      const name = table.perMinute[bucket] === undefined ? 'default' : bucket;
      const whole = table.perMinute[name];
      if (whole === undefined) return undefined;
      const limit = Math.max(1, Math.floor(whole * share));
      const own = windowOf(`${name} ${credentialId}`, now);
      const all = windowOf(name, now);
      const isExceeded = own.count >= limit || all.count >= whole;
      if (!isExceeded) {
        own.count++;
        all.count++;
      }
      const remaining = isExceeded ? 0 : Math.max(0, Math.min(limit - own.count, whole - all.count));
      return { limit, remaining, resetSeconds: Math.ceil((own.startMs + WINDOW_MS) / 1000), isExceeded };
    },
  };
}

/** A table by name; `off` gives `undefined`. @throws RangeError for a name that is not known */
export function rateLimitTable(given: string | RateLimitTable | undefined): RateLimitTable | undefined {
  if (given === undefined || given === 'off') return undefined;
  if (typeof given !== 'string') return given;
  const table = RATE_LIMIT_TABLES[given];
  if (table === undefined) throw new RangeError(`Unknown rate limits "${given}": one of ${Object.keys(RATE_LIMIT_TABLES).join(', ')}, off`);
  return table;
}
