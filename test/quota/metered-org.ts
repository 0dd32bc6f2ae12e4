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
  /** A session of a process of its own, by what runs its statements. */
  readonly openSession: (name: string, options: { readonly budget?: number; readonly clockAheadMs?: number }) => Promise<Run>;
  /** Lets time pass until all is done, wherever everybody waits for it. */
  readonly finish: <T>(work: Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** Rows and receipt of a statement. */
export type Run = (sql: string) => Promise<{ readonly rows: number; readonly receipt: Receipt }>;

/** What somebody has under way. */
interface Party {
  /** Requests that are sent and not yet answered whole, and those of them that are on their way. */
  sent: number;
  asleep: number;
  /** Waits for a time of his own, such as the end of a window. */
  waits: number;
  /** Statements. */
  running: number;
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
  const parties = new Map<string, Party>();
  const party = (name: string): Party => {
    const known = parties.get(name) ?? { sent: 0, asleep: 0, waits: 0, running: 0 };
    parties.set(name, known);
    return known;
  };
  let isHurried = false;
  let arriving = 'others';
  const travel = async (own: Party): Promise<void> => {
    own.asleep++;
    await time.sleep(latency());
    own.asleep--;
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
      if (!isInNoTime) await travel(party(arriving));
    },
  });
  const seen: Seen[] = [];
  const handle = async (request: EmulatorRequest, by: string): Promise<EmulatorResponse> => {
    // The emulator sleeps before anything else.
    arriving = by;
    const response = await emulator.handle(request);
    const { pathname } = new URL(request.url, 'http://lab');
    const bucket = bucketOf(request.method, pathname) ?? 'none';
    seen.push({ at: time.now(), bucket: table.perMinute[bucket] === undefined ? 'default' : bucket, by, status: response.status });
    return response;
  };
  const other = async (isNear: boolean): Promise<void> => {
    party('others').sent++;
    isHurried = isNear;
    await handle({ method: 'GET', url: '/api/v1/users?limit=1', headers: { authorization: `SSWS ${emulator.token}` } }, 'others');
    party('others').sent--;
  };
  const listening = await listen(async (request) => {
    for (let count = options.othersBefore?.(seen) ?? 0; count > 0; count--) await other(true);
    const name = String(request.headers?.['user-agent']);
    const response = await handle(request, name);
    await travel(party(name));
    return response;
  }, emulator.org);
  const closing: (() => Promise<void>)[] = [];

  /** Knows how many requests have been sent and not yet been answered whole. */
  const counted = (transport: Transport, own: Party): Transport => ({
    ...transport,
    send: async (request, sending) => {
      own.sent++;
      const outcome = await transport.send(request, sending);
      if (outcome.kind === 'answer') void outcome.answer.body.then(() => own.sent--);
      else own.sent--;
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
      const own = party(name);
      const now = (): number => time.now() + clockAheadMs;
      const sleep: VirtualTime['sleep'] = async (ms, signal) => {
        own.waits++;
        try {
          await time.sleep(ms, signal);
        } finally {
          own.waits--;
        }
      };
      const clock = { now, sleep };
      const transport = counted(createTransport({ limits: DEFAULT_HTTP_LIMITS, proxy: {}, now }), own);
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
      return async (sql) => {
        own.running++;
        try {
          return await rowsAndReceipt(session, sql);
        } finally {
          own.running--;
        }
      };
    },
    finish: (work) => time.runWhile(work, () => [...parties.values()].every(isWaiting)),
    close: async () => {
      await Promise.all(closing.map((close) => close()));
      await listening.close();
    },
  };
}

/** All that is sent is on its way, and a statement that has nothing under way, nor waits for a window, is computing: time stands still for it. */
function isWaiting({ sent, asleep, waits, running }: Party): boolean {
  return sent === asleep && (running === 0 || asleep > 0 || waits > 0);
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

async function rowsAndReceipt(session: Session, sql: string): ReturnType<Run> {
  const cursor = await session.query(sql);
  let rows = 0;
  for await (const batch of cursor.batches) rows += batch.length;
  return { rows, receipt: cursor.receipt() };
}
