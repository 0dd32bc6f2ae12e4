import { createEmulator } from '../../src/emulator/emulator.ts';
import { listen } from '../../src/emulator/listen.ts';
import { bucketOf, RATE_LIMIT_TABLES } from '../../src/emulator/rate-limits.ts';
import type { Emulator, EmulatorRequest, EmulatorResponse, RateLimitTable, Seed } from '../../src/emulator/types.ts';
import type { Receipt } from '../../src/exec/types.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { DEFAULT_HTTP_LIMITS } from '../../src/http/limits.ts';
import { createVirtualTime, type VirtualTime } from '../../src/http/testing/virtual-time.ts';
import { createTransport, type Transport } from '../../src/http/transport/transport.ts';
import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';

export const WINDOW_MS = 60_000;
export const START = Date.parse('2026-03-01T12:00:00.137Z');

/** A request as the org counted it. */
export interface Seen {
  /** By the clock of the test. */
  readonly at: number;
  readonly bucket: string;
  /** Whoever made it: a session's name, or another program. */
  readonly by: string;
  readonly status: number;
}

/** A window of a bucket as the API counts it: it opens with a request and lasts a minute. */
export interface SeenWindow {
  readonly startsAt: number;
  readonly used: Readonly<Record<string, number>>;
}

/** An emulated org behind a real socket that enforces its limits, in a time that passes only while everybody waits for it. */
export interface MeteredOrg {
  readonly time: VirtualTime;
  readonly emulator: Emulator;
  readonly seen: readonly Seen[];
  readonly windows: (bucket: string) => readonly SeenWindow[];
  /** Another program's requests for users, one after another. */
  readonly others: (count: number) => Promise<void>;
  /** A session of a process of its own. */
  readonly openSession: (name: string, options: { readonly budget?: number; readonly clockAheadMs?: number }) => Promise<Session>;
  /** Lets time pass until all is done. */
  readonly finish: <T>(work: Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

export interface MeteredOptions {
  readonly seed: Seed;
  readonly rateLimits?: RateLimitTable;
  /** Time that a request, and its answer, is on the way. */
  readonly latencyMs?: () => number;
  /** How many requests another program, which is next to the org, gets in before each of a session's; told what the org has seen. */
  readonly othersBefore?: (seen: readonly Seen[]) => number;
}

/** `seed` is laid at the test's start; Workforce limits, all of which the one token may use. */
export async function openMeteredOrg(options: MeteredOptions): Promise<MeteredOrg> {
  const time = createVirtualTime(START);
  const latency = options.latencyMs ?? (() => 40);
  const table = options.rateLimits ?? (RATE_LIMIT_TABLES.workforce as RateLimitTable);
  let underWay = 0;
  let asleep = 0;
  let isHurried = false;
  const travel = async (): Promise<void> => {
    asleep++;
    await time.sleep(latency());
    asleep--;
  };
  const emulator = createEmulator({
    clock: time,
    subdomain: 'lab',
    seed: options.seed,
    rateLimits: table,
    tokenShare: 1,
    // On its way inside of the org, so that a limit of calls under way counts it.
    faults: [{ effect: { kind: 'delay', ms: 0 } }],
    sleep: async () => {
      const isInNoTime = isHurried;
      isHurried = false;
      if (!isInNoTime) await travel();
    },
  });
  const seen: Seen[] = [];
  const handle = async (request: EmulatorRequest, by: string): Promise<EmulatorResponse> => {
    const response = await emulator.handle(request);
    const { pathname } = new URL(request.url, 'http://lab');
    const bucket = bucketOf(request.method, pathname) ?? 'none';
    seen.push({ at: time.now(), bucket: table.perMinute[bucket] === undefined ? 'default' : bucket, by, status: response.status });
    return response;
  };
  const other = async (isNear: boolean): Promise<void> => {
    underWay++;
    isHurried = isNear;
    await handle({ method: 'GET', url: '/api/v1/users?limit=1', headers: { authorization: `SSWS ${emulator.token}` } }, 'others');
    underWay--;
  };
  const listening = await listen(async (request) => {
    for (let count = options.othersBefore?.(seen) ?? 0; count > 0; count--) await other(true);
    const response = await handle(request, String(request.headers?.['user-agent']));
    await travel();
    return response;
  }, emulator.org);
  const closing: (() => Promise<void>)[] = [];

  /** Knows how many requests have been sent and not yet been answered whole. */
  const counted = (transport: Transport): Transport => ({
    ...transport,
    send: async (request, sending) => {
      underWay++;
      const outcome = await transport.send(request, sending);
      if (outcome.kind === 'answer') void outcome.answer.body.then(() => underWay--);
      else underWay--;
      return outcome;
    },
  });

  return {
    time,
    emulator,
    seen,
    windows: (bucket) => windowsOf(seen.filter((one) => one.bucket === bucket)),
    others: async (count) => {
      for (let index = 0; index < count; index++) await other(false);
    },
    openSession: async (name, { budget = 0.9, clockAheadMs = 0 }) => {
      const clock = { now: () => time.now() + clockAheadMs, sleep: time.sleep };
      const transport = counted(createTransport({ limits: DEFAULT_HTTP_LIMITS, proxy: {}, now: clock.now }));
      const session = await openSession(
        {
          orgs: [
            {
              name: 'lab',
              provider: 'okta',
              orgUrl: listening.url,
              secret: { kind: 'literal', value: emulator.token },
              budget,
              origin: 'test',
            },
          ],
          defaultOrg: 'lab',
        },
        { clock, http: async () => createHttpClient({ clock, random: Math.random, userAgent: name, transport }) },
      );
      closing.push(session.close);
      return session;
    },
    finish: (work) => time.runWhile(work, () => underWay === asleep),
    close: async () => {
      await Promise.all(closing.map((close) => close()));
      await listening.close();
    },
  };
}

function windowsOf(seen: readonly Seen[]): readonly SeenWindow[] {
  const windows: { startsAt: number; used: Record<string, number> }[] = [];
  for (const { at, by, status } of seen) {
    let window = windows.at(-1);
    if (window === undefined || at >= window.startsAt + WINDOW_MS) {
      window = { startsAt: at, used: {} };
      windows.push(window);
    }
    if (status !== 429) window.used[by] = (window.used[by] ?? 0) + 1;
  }
  return windows;
}

/** Rows and receipt of a statement. */
export async function run(session: Session, sql: string): Promise<{ readonly rows: number; readonly receipt: Receipt }> {
  const cursor = await session.query(sql);
  let rows = 0;
  for await (const batch of cursor.batches) rows += batch.length;
  return { rows, receipt: cursor.receipt() };
}
