import { startEmulator } from './emulator.ts';
import { type Figure, ms } from './figures.ts';
import { compare, median, ratio } from './rounds.ts';
import { DIST, isFullScale, scaled } from './scale.ts';

/** Requests that orgql has under way at most, where an org says nothing else. */
const CONCURRENCY = 30;

/** (c) 10 000 dependent look-ups: the factors of each user. The reference org has 10 000 users that are not deprovisioned. */
export async function measureLookups(): Promise<Figure[]> {
  const flags = isFullScale ? ['--seed', 'reference'] : ['--seed', 'demo', '--users', String(scaled(10_000))];
  const emulator = await startEmulator(flags);
  try {
    const setup = { url: emulator.url, token: emulator.token, dist: DIST, options: { concurrency: CONCURRENCY } };
    const { orgql = [], pool = [] } = await compare({ orgql: 'lookups-orgql', pool: 'lookups-pool' }, setup);
    const [rows = 0] = (orgql[0]?.answer ?? []) as readonly number[];
    return [
      {
        name: 'c. dependent look-ups / undici pool',
        value: ratio(orgql, pool),
        unit: 'x',
        target: { most: 1.2 },
        basis: `${ms(median(orgql.map(({ wallMs }) => wallMs)))} (cpu ${ms(median(orgql.map(({ cpuMs }) => cpuMs)))}) against ${ms(median(pool.map(({ wallMs }) => wallMs)))} (cpu ${ms(median(pool.map(({ cpuMs }) => cpuMs)))}), ${rows} rows, ${CONCURRENCY} requests at once`,
      },
    ];
  } finally {
    await emulator.stop();
  }
}
