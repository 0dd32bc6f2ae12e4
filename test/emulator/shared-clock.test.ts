import { afterEach, expect, test } from 'vitest';
import type { VirtualClock } from '../../src/emulator/clock.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { remoteClock, type SharedClock, sharedClock } from '../../src/emulator/shared-clock.ts';
import type { Emulator, Listening } from '../../src/emulator/types.ts';
import { rowsOf } from '../../src/session/test-session.ts';
import { openSession } from '../../src/session.ts';

const NOW = '2026-03-01T12:00:00.000Z';
const MEMBERS = 'SELECT count(*) AS n FROM okta.application.apps a JOIN okta.application.users u ON u.appId = a.id';

let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close();
  listening = undefined;
});

/** An org that lets a token make ten calls about apps in a minute, its clock stopped. */
async function tightOrg(): Promise<{ readonly emulator: Emulator; readonly url: string }> {
  const emulator = createEmulator({ now: NOW, subdomain: 'lab', seed: 'demo', rateLimits: 'integrator' });
  const clock = emulator.clock as VirtualClock;
  clock.freeze();
  clock.set(Date.parse(NOW));
  listening = await emulator.listen();
  return { emulator, url: listening.url };
}

async function countMembers(url: string, token: string, clock: SharedClock): Promise<{ readonly n: unknown; readonly throttled: number }> {
  const org = { name: 'lab', provider: 'okta', orgUrl: url, secret: { kind: 'literal', value: token }, budget: 1, origin: 'test' } as const;
  const session = await openSession({ orgs: [org], defaultOrg: 'lab' }, { clock });
  try {
    const cursor = await session.query(MEMBERS);
    const [row] = await rowsOf(cursor);
    return { n: Number(row?.n), throttled: cursor.receipt().throttled };
  } finally {
    await session.close();
  }
}

test('a query waits for its limits in the time of the org, in the same process', async () => {
  const { emulator, url } = await tightOrg();
  const { n, throttled } = await countMembers(url, emulator.token, sharedClock(emulator.clock as VirtualClock));
  expect([n, throttled]).toEqual([expect.any(Number), 0]);
  expect(emulator.clock.now() - Date.parse(NOW)).toBeGreaterThan(60_000);
});

test('and over HTTP, to the same end', async () => {
  const { emulator, url } = await tightOrg();
  const here = await countMembers(url, emulator.token, await remoteClock(url, fetch));
  expect(here.throttled).toBe(0);
  expect(emulator.clock.now() - Date.parse(NOW)).toBeGreaterThan(60_000);
});

test('sleepers wake in the order of their times, and one that is called off does not wake', async () => {
  const { url } = await tightOrg();
  const clock = await remoteClock(url, fetch);
  const woken: string[] = [];
  const abort = new AbortController();
  const sleeps = [
    clock.sleep(3000).then(() => woken.push(`late ${clock.now() - Date.parse(NOW)}`)),
    clock.sleep(1000).then(() => woken.push(`early ${clock.now() - Date.parse(NOW)}`)),
    clock.sleep(2000, abort.signal).catch(() => woken.push('off')),
  ];
  abort.abort();
  await Promise.all(sleeps);
  expect(woken).toEqual(['off', 'early 1000', 'late 3000']);
});

test('a server that is no emulated org has no such clock', async () => {
  await expect(remoteClock('http://127.0.0.1:9/', async () => new Response('{}', { status: 404 }))).rejects.toThrow(
    "No emulated org's clock",
  );
});
