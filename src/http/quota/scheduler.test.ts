import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { org } from '../testing/calls.ts';
import { createSimulatedLimits, type SimulatedLimits } from '../testing/simulated-limits.ts';
import { createVirtualTime, type VirtualTime } from '../testing/virtual-time.ts';
import type { CallObserver } from '../types.ts';
import { shareOf } from './bucket.ts';
import { createQuotaScheduler, type QuotaScheduler } from './scheduler.ts';

const START = Date.UTC(2026, 0, 1, 12, 0, 0, 137);

interface Load {
  readonly time: VirtualTime;
  readonly api: SimulatedLimits;
  readonly random: () => number;
  readonly latency: () => number;
}

/** One request from permit to last byte, in virtual time. */
async function request(
  load: Load,
  scheduler: QuotaScheduler,
  options: {
    readonly process: string;
    readonly bucket: string;
    readonly budget: number;
    readonly statement: object;
    readonly concurrency: number;
    readonly observer?: CallObserver;
    readonly limitPerMinute?: number;
  },
): Promise<number> {
  const permit = await scheduler.acquire({
    org: org('https://acme.okta.com', { budget: options.budget, maxConcurrency: options.concurrency }),
    bucket: options.bucket,
    limitPerMinute: options.limitPerMinute,
    statement: options.statement,
    observer: options.observer,
    signal: undefined,
  });
  const sentAt = load.time.now();
  await load.time.sleep(load.latency());
  const answer = load.api.arrive(options.bucket, options.process);
  await load.time.sleep(load.latency());
  permit.answered({ ...answer, sentAt, receivedAt: load.time.now() });
  await load.time.sleep(load.latency() / 4);
  permit.release();
  return answer.status;
}

/** Keeps `workers` requests wanting to go until `until`. */
function press(
  load: Load,
  scheduler: QuotaScheduler,
  options: Parameters<typeof request>[2] & { readonly workers: number; readonly until: number },
): void {
  for (let worker = 0; worker < options.workers; worker++) {
    const loop = async (): Promise<void> => {
      while (load.time.now() < options.until) await request(load, scheduler, options);
    };
    void loop();
  }
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Case {
  readonly limit: number;
  readonly budget: number;
  readonly skewMs: number;
  readonly latencyMs: number;
  readonly rounding: 'floor' | 'ceil';
  readonly concurrency: number;
  readonly seed: number;
  readonly hint: number | undefined;
  readonly statements: number;
  /** One answer in twenty takes so many times as long. */
  readonly straggling: number;
}

const cases = fc.record<Case>({
  limit: fc.constantFrom(20, 100, 120, 250, 500, 600, 1200),
  budget: fc.constantFrom(0.25, 0.45, 0.5, 0.9, 1),
  skewMs: fc.integer({ min: -90_000_000, max: 90_000_000 }),
  latencyMs: fc.integer({ min: 2, max: 120 }),
  rounding: fc.constantFrom('floor', 'ceil'),
  concurrency: fc.integer({ min: 10, max: 40 }),
  seed: fc.nat(),
  hint: fc.constantFrom(undefined, 50, 600, 5000),
  statements: fc.constantFrom(1, 3, 60),
  straggling: fc.constantFrom(1, 1, 20),
});

function setUp(one: Omit<Case, 'statements' | 'straggling'> & Partial<Case>): Load {
  const time = createVirtualTime(START);
  const random = seeded(one.seed);
  return {
    time,
    random,
    api: createSimulatedLimits(time, { limits: { users: one.limit }, skewMs: one.skewMs, rounding: one.rounding }),
    latency: () => one.latencyMs * (0.5 + random()) * (random() < 0.05 ? (one.straggling ?? 1) : 1),
  };
}

/** How many times its usual length an answer takes in the mean. */
function meanOf({ straggling }: Case): number {
  return 1 + 0.05 * (straggling - 1);
}

describe('the quota scheduler under enforced limits', () => {
  it('uses its share of three full windows, never more, and never sees a 429', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const load = setUp(one);
        const scheduler = createQuotaScheduler({ clock: load.time, random: load.random });
        for (let statement = 0; statement < one.statements; statement++)
          press(load, scheduler, {
            process: 'p',
            bucket: 'users',
            budget: one.budget,
            statement: {},
            concurrency: one.concurrency,
            workers: 60 / one.statements,
            until: START + 300_000,
            ...(one.hint === undefined ? {} : { limitPerMinute: one.hint }),
          });
        await load.time.run(START + 300_000);
        const bucket = load.api.buckets.get('users');
        const share = shareOf(one.limit, one.budget);
        expect(bucket?.refused).toBe(0);
        const used = (bucket?.windows ?? []).map((window) => window.used.get('p') ?? 0);
        expect(Math.max(...used)).toBeLessThanOrEqual(share);
        // Not more than the API could answer in a minute at this latency and concurrency.
        const possible = Math.min(share, (one.concurrency * 60_000) / (one.latencyMs * 2.25 * 1.1 * meanOf(one)));
        const full = used.slice(0, -1);
        expect(full.length).toBeGreaterThanOrEqual(4);
        for (const count of full) expect(count).toBeGreaterThanOrEqual(0.95 * possible);
        // Little time is lost between windows: three of them begin within 1/0.95 of three minutes.
        const starts = (bucket?.windows ?? []).map((window) => window.start);
        for (let index = 3; index < starts.length; index++)
          expect((starts[index] ?? 0) - (starts[index - 3] ?? 0)).toBeLessThanOrEqual(180_000 / 0.95);
      }),
      { numRuns: 40 },
    );
  });

  it('shares a bucket between two processes of 45 % each without a 429', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const load = setUp(one);
        for (const process of ['p', 'q']) {
          const scheduler = createQuotaScheduler({ clock: load.time, random: load.random });
          press(load, scheduler, {
            process,
            bucket: 'users',
            budget: 0.45,
            statement: {},
            concurrency: 10,
            workers: 20,
            until: START + 300_000,
          });
        }
        await load.time.run(START + 300_000);
        const bucket = load.api.buckets.get('users');
        expect(bucket?.refused).toBe(0);
        const share = shareOf(one.limit, 0.45);
        const possible = Math.min(share, (10 * 60_000) / (one.latencyMs * 2.25 * 1.1 * meanOf(one)));
        const full = (bucket?.windows ?? []).slice(0, -1);
        expect(full.length).toBeGreaterThanOrEqual(4);
        for (const process of ['p', 'q']) {
          const used = full.map((window) => window.used.get(process) ?? 0);
          expect(Math.max(...used)).toBeLessThanOrEqual(share);
          for (let index = 3; index <= used.length; index++)
            expect(used.slice(index - 3, index).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(0.95 * 3 * possible);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('leaves the reserve to others who use the bucket too', async () => {
    const load = setUp({ limit: 100, budget: 0.9, skewMs: 0, latencyMs: 20, rounding: 'ceil', concurrency: 10, seed: 1, hint: undefined });
    for (let index = 0; index < 50; index++) load.api.arrive('users', 'someone else');
    const scheduler = createQuotaScheduler({ clock: load.time, random: load.random });
    press(load, scheduler, {
      process: 'p',
      bucket: 'users',
      budget: 0.9,
      statement: {},
      concurrency: 10,
      workers: 20,
      until: START + 50_000,
    });
    await load.time.run(START + 50_000);
    expect(Object.fromEntries(load.api.buckets.get('users')?.windows[0]?.used ?? [])).toEqual({ 'someone else': 50, p: 40 });
  });
});

describe('turns', () => {
  it('alternate between statements, however many requests one has queued', async () => {
    const load = setUp({ limit: 600, budget: 1, skewMs: 0, latencyMs: 10, rounding: 'ceil', concurrency: 1, seed: 1, hint: undefined });
    const scheduler = createQuotaScheduler({ clock: load.time, random: load.random });
    const [long, short] = [{}, {}];
    const done: string[] = [];
    const ask = (name: string, statement: object): void =>
      void request(load, scheduler, { process: 'p', bucket: 'users', budget: 1, statement, concurrency: 1 }).then(() => done.push(name));
    for (let index = 0; index < 6; index++) ask(`long ${index}`, long);
    for (let index = 0; index < 2; index++) ask(`short ${index}`, short);
    await load.time.run(START + 10_000);
    expect(done).toEqual(['long 0', 'long 1', 'short 0', 'long 2', 'short 1', 'long 3', 'long 4', 'long 5']);
  });

  it('of a statement that was cancelled go to the others, and nothing of it stays behind', async () => {
    const load = setUp({ limit: 20, budget: 1, skewMs: 0, latencyMs: 10, rounding: 'ceil', concurrency: 5, seed: 1, hint: undefined });
    const scheduler = createQuotaScheduler({ clock: load.time, random: load.random });
    const controller = new AbortController();
    const waiting = {
      org: org('https://acme.okta.com', { budget: 1, maxConcurrency: 5 }),
      bucket: 'users',
      limitPerMinute: undefined,
      observer: undefined,
    };
    const first = await scheduler.acquire({ ...waiting, statement: {}, signal: undefined });
    const cancelled = scheduler.acquire({ ...waiting, statement: {}, signal: controller.signal });
    const other = scheduler.acquire({ ...waiting, statement: {}, signal: undefined });
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    first.release();
    await expect(other).resolves.toBeDefined();
  });

  it('of other buckets are not held up by a bucket that waits', async () => {
    const time = createVirtualTime(START);
    const load: Load = {
      time,
      random: seeded(1),
      latency: () => 10,
      api: createSimulatedLimits(time, { limits: { apps: 10, users: 600 }, skewMs: 0, rounding: 'ceil' }),
    };
    const scheduler = createQuotaScheduler({ clock: time, random: load.random });
    const waits: unknown[] = [];
    const statement = {};
    press(load, scheduler, {
      process: 'p',
      bucket: 'apps',
      budget: 1,
      statement,
      concurrency: 5,
      workers: 8,
      until: START + 50_000,
      observer: { waiting: (event) => waits.push(event) },
    });
    await time.run(START + 5_000);
    const status = request(load, scheduler, { process: 'p', bucket: 'users', budget: 1, statement, concurrency: 5 });
    await time.run(START + 6_000);
    expect(await status).toBe(200);
    expect(waits.length).toBe(8);
    expect(waits[0]).toMatchObject({ bucket: 'apps' });
  });
});

describe('429', () => {
  const ask = {
    org: org('https://acme.okta.com', { budget: 1, maxConcurrency: 8 }),
    bucket: 'users',
    limitPerMinute: undefined,
    statement: {},
    observer: undefined,
    signal: undefined,
  };

  it('is waited out by the clock of the answer: Reset - Date + 1 s', async () => {
    const time = createVirtualTime(START);
    const scheduler = createQuotaScheduler({ clock: time, random: () => 0 });
    const permit = await scheduler.acquire(ask);
    const headers = {
      date: 'Thu, 01 Jan 2015 00:00:00 GMT',
      'x-rate-limit-limit': '10',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(Date.UTC(2015, 0, 1) / 1000 + 17),
    };
    expect(permit.answered({ status: 429, headers, sentAt: START, receivedAt: START })).toEqual({ kind: 'rate', delayMs: 18_000 });
    permit.release();
    let grantedAt = 0;
    void scheduler.acquire(ask).then(() => {
      grantedAt = time.now();
    });
    await time.run(START + 60_000);
    expect(grantedAt - START).toBe(18_000);
  });

  it('for too many at once rests a second or two, halves the width and leaves the bucket alone', async () => {
    const time = createVirtualTime(START);
    const scheduler = createQuotaScheduler({ clock: time, random: () => 0.5 });
    const first = await scheduler.acquire(ask);
    first.answered({
      status: 200,
      headers: { 'x-rate-limit-limit': '100', 'x-rate-limit-remaining': '99' },
      sentAt: START,
      receivedAt: START,
    });
    first.release();
    const permits = await Promise.all(Array.from({ length: 8 }, () => scheduler.acquire(ask)));
    const headers = { 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(START / 1000 + 60) };
    expect(permits.map((permit) => permit.answered({ status: 429, headers, sentAt: START, receivedAt: START })?.kind)).toEqual(
      Array(8).fill('concurrency'),
    );
    for (const permit of permits) permit.release();
    let granted = 0;
    for (let index = 0; index < 8; index++) void scheduler.acquire(ask).then(() => granted++);
    await time.run(START + 1_499);
    expect(granted).toBe(0);
    await time.run(START + 1_501);
    expect(granted).toBe(4);
    expect(scheduler.buckets('acme')[0]?.limit).toBe(100);
  });

  it('for too many at once halves the width once, though answers of the burst come after the rest', async () => {
    const time = createVirtualTime(START);
    const scheduler = createQuotaScheduler({ clock: time, random: () => 0 });
    const first = await scheduler.acquire(ask);
    first.answered({ status: 200, headers: {}, sentAt: START, receivedAt: START });
    first.release();
    const permits = await Promise.all(Array.from({ length: 8 }, () => scheduler.acquire(ask)));
    const headers = { 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0' };
    const refuse = (permit: (typeof permits)[number] | undefined): void => {
      permit?.answered({ status: 429, headers, sentAt: START, receivedAt: time.now() });
      permit?.release();
    };
    permits.slice(0, 7).forEach(refuse);
    await time.run(START + 5_000);
    refuse(permits[7]);
    let granted = 0;
    for (let index = 0; index < 8; index++) void scheduler.acquire(ask).then(() => granted++);
    await time.run(START + 10_000);
    expect(granted).toBe(4);
  });

  it('with Retry-After is waited out as it says', async () => {
    const time = createVirtualTime(START);
    const scheduler = createQuotaScheduler({ clock: time, random: () => 0 });
    const permit = await scheduler.acquire(ask);
    expect(permit.answered({ status: 429, headers: { 'retry-after': '7' }, sentAt: START, receivedAt: START })).toEqual({
      kind: 'rate',
      delayMs: 7_000,
    });
  });
});
