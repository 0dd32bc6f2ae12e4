/*
 * Whole sessions under the limits of a Workforce org: statements over real HTTP, in a time that the test owns. What is asserted is what
 * the org itself has counted.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { shareOf } from '../../src/http/quota/bucket.ts';
import { type MeteredOptions, type MeteredOrg, openMeteredOrg, type Seen, type SeenWindow, START, WINDOW_MS } from './metered-org.ts';
import { apps, people } from './seeds.ts';

const FACTORS = `SELECT u.id, f.id FROM okta.user.users u LEFT JOIN okta.userfactor.factors f ON f.userId = u.id AND f.status = 'ACTIVE'
  WHERE u.status = 'ACTIVE'`;
const APP_USERS = 'SELECT a.id, x.id FROM okta.application.apps a JOIN okta.application.users x ON x.appId = a.id';

/** A few milliseconds to 3 s, in an order that is no order. */
function uneven(): () => number {
  let step = 0;
  return () => 5 + (((step++ * 7919) % 601) / 600) ** 6 * 3000;
}

// Thousands of real requests, on a machine that may have more to do.
vi.setConfig({ testTimeout: 120_000 });

let org: MeteredOrg;
const open = async (options: MeteredOptions): Promise<MeteredOrg> => {
  org = await openMeteredOrg(options);
  return org;
};
afterEach(() => org.close());

const usedBy = (windows: readonly SeenWindow[], name: string): number[] => windows.map(({ used }) => used[name] ?? 0);
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Never more than the share of a window, at least 95 % of it over any three full ones, and hardly any time between two. */
function expectShareUsed(windows: readonly SeenWindow[], name: string, share: number): void {
  const used = usedBy(windows, name);
  expect(Math.max(...used)).toBeLessThanOrEqual(share);
  // The last one ends with the statement.
  const full = used.slice(0, -1);
  expect(full.length).toBeGreaterThanOrEqual(4);
  for (let index = 3; index <= full.length; index++) {
    const three = sum(full.slice(index - 3, index));
    expect(three).toBeGreaterThanOrEqual(0.95 * 3 * share);
    expect(three).toBeLessThanOrEqual(3 * share);
  }
  for (let index = 3; index < windows.length; index++)
    expect((windows[index]?.startsAt ?? 0) - (windows[index - 3]?.startsAt ?? 0)).toBeLessThanOrEqual((3 * WINDOW_MS) / 0.95);
}

/** Another program that makes so many requests at once when the session has made some. */
function onceAfter(own: number, count: number): (seen: readonly Seen[]) => number {
  let isDone = false;
  return (seen) => {
    if (isDone || seen.length < own) return 0;
    isDone = true;
    return count;
  };
}

const refusals = (name?: string): number => org.seen.filter(({ by, status }) => status === 429 && by === (name ?? by)).length;

describe('a statement of one session uses its share of every window, and no more', () => {
  test.each([
    { name: 'factors user by user, 600 calls a minute', bucket: 'users', sql: FACTORS, seed: people(2400), count: 2400, share: 540 },
    { name: "apps' users, 100 calls a minute", bucket: 'apps', sql: APP_USERS, seed: apps(420), count: 420, share: 90 },
  ])('$name', async ({ bucket, sql, seed, count, share }) => {
    const { openSession, finish, windows } = await open({ seed });
    const run = await openSession('one', {});
    const { rows, receipt } = await finish(run(sql));
    expect(rows).toBe(count);
    expect(receipt).toMatchObject({ complete: true, throttled: 0, requests: org.seen.length });
    // It waits for the end of every window but the last, and says so.
    expect(receipt.elapsedMs).toBeGreaterThan(4 * WINDOW_MS);
    expect(receipt.waitedMs).toBeGreaterThan(0.8 * receipt.elapsedMs);
    expect(receipt.waitedMs).toBeLessThanOrEqual(receipt.elapsedMs);
    expect(refusals()).toBe(0);
    expectShareUsed(windows(bucket), 'one', share);
  });

  test('however answers overtake one another, across the ends of windows too', async () => {
    const { openSession, finish, windows } = await open({ seed: people(2400), latencyMs: uneven() });
    const run = await openSession('one', {});
    const { rows, receipt } = await finish(run(FACTORS));
    expect([rows, receipt.throttled, refusals()]).toEqual([2400, 0, 0]);
    expectShareUsed(windows('users'), 'one', 540);
  });

  test.each([7, -7])('with a clock that is %i minutes ahead of the API', async (minutes) => {
    const { openSession, finish, windows } = await open({ seed: people(2400) });
    const run = await openSession('one', { clockAheadMs: minutes * 60_000 });
    const { rows, receipt } = await finish(run(FACTORS));
    expect([rows, receipt.throttled, refusals()]).toEqual([2400, 0, 0]);
    expectShareUsed(windows('users'), 'one', 540);
  });
});

describe('two processes of 45 % each', () => {
  test.each([
    { name: 'factors user by user', bucket: 'users', sql: FACTORS, seed: people(1200), count: 1200, limit: 600 },
    { name: "apps' users", bucket: 'apps', sql: APP_USERS, seed: apps(210), count: 210, limit: 100 },
    {
      name: 'answers that overtake one another',
      bucket: 'users',
      sql: FACTORS,
      seed: people(1200),
      count: 1200,
      limit: 600,
      latencyMs: uneven(),
    },
  ])('cross nothing: $name', async ({ bucket, sql, seed, count, limit, latencyMs = () => 40 }) => {
    const { openSession, finish, windows } = await open({ seed, latencyMs });
    const sessions = [await openSession('one', { budget: 0.45 }), await openSession('two', { budget: 0.45 })];
    const done = await finish(Promise.all(sessions.map((run) => run(sql))));
    expect(done.map(({ rows, receipt }) => [rows, receipt.throttled])).toEqual([
      [count, 0],
      [count, 0],
    ]);
    expect(refusals()).toBe(0);
    for (const name of ['one', 'two']) expectShareUsed(windows(bucket), name, shareOf(limit, 0.45));
  });
});

describe('beside others that use the same bucket', () => {
  test('a window that had begun before the session is left its reserve', async () => {
    const { openSession, finish, windows, others } = await open({ seed: people(1400) });
    await finish(others(200));
    expect(org.time.now()).toBe(START + 8000);
    const run = await openSession('one', {});
    const { rows, receipt } = await finish(run(FACTORS));
    expect([rows, receipt.throttled, refusals()]).toEqual([1400, 0, 0]);
    const requests = 1400 / 200 + 1400;
    expect(windows('users').map(({ used }) => used)).toEqual([{ others: 200, one: 340 }, { one: 540 }, { one: requests - 340 - 540 }]);
  });

  test('another program that eats half of every window meets no 429, and neither does the session', async () => {
    const { openSession, finish, windows } = await open({ seed: people(1400), othersBefore: () => 1 });
    const run = await openSession('one', {});
    const { rows, receipt } = await finish(run(FACTORS));
    expect([rows, receipt.throttled, refusals()]).toEqual([1400, 0, 0]);
    const full = windows('users').slice(0, -1);
    expect(full.length).toBeGreaterThanOrEqual(4);
    // All but the reserve of a tenth is used, give or take what was under way when the rest was seen to be low.
    for (const { used } of full) {
      expect((used.one ?? 0) + (used.others ?? 0)).toBeGreaterThanOrEqual(540 - 30);
      expect((used.one ?? 0) + (used.others ?? 0)).toBeLessThanOrEqual(540 + 30);
    }
  });

  test('another program that takes all that is left costs time, and no row', async () => {
    const { openSession, finish, windows } = await open({
      seed: people(1400),
      rateLimits: { name: 'minutes only', perMinute: { users: 600, default: 1200 } },
      othersBefore: onceAfter(700, 600),
    });
    const run = await openSession('one', {});
    const { rows, receipt } = await finish(run(FACTORS));
    expect([rows, receipt.complete]).toEqual([1400, true]);
    expect(receipt.throttled).toBeGreaterThan(0);
    // No more than were under way when it happened: nobody goes on asking.
    expect(receipt.throttled).toBeLessThanOrEqual(30);
    for (const { used } of windows('users')) expect(used.one ?? 0).toBeLessThanOrEqual(540);
  });
});

describe('a limit of calls under way', () => {
  const tight = { name: 'tight', concurrent: 10, perMinute: { users: 600, default: 1200 } };

  test('is found, kept, and taken for no limit of the minute', async () => {
    const { openSession, finish, windows } = await open({ seed: people(2400), rateLimits: tight });
    const run = await openSession('one', {});
    const { rows, receipt } = await finish(run(FACTORS));
    expect([rows, receipt.complete]).toEqual([2400, true]);
    expect(receipt.throttled).toBe(refusals());
    expect(refusals()).toBeGreaterThan(0);
    // The first burst, and one more call now and then to see whether the limit still holds.
    expect(refusals()).toBeLessThan(60);
    expectShareUsed(windows('users'), 'one', 540);
  });

  test('together with a bucket that another program empties', async () => {
    const { openSession, finish, windows } = await open({
      seed: people(1400),
      rateLimits: tight,
      othersBefore: onceAfter(700, 600),
    });
    const run = await openSession('one', {});
    const { rows, receipt } = await finish(run(FACTORS));
    expect([rows, receipt.complete]).toEqual([1400, true]);
    expect(receipt.throttled).toBe(refusals('one'));
    expect(receipt.throttled).toBeLessThan(60);
    expect(
      windows('users')
        .filter(({ used }) => used.others !== undefined)
        .map(({ used }) => sum(Object.values(used))),
    ).toEqual([600]);
    for (const { used } of windows('users')) expect(used.one ?? 0).toBeLessThanOrEqual(540);
  });
});
