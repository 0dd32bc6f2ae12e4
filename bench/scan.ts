import { startEmulator } from './emulator.ts';
import { type Figure, ms } from './figures.ts';
import { compare, median, ratio } from './rounds.ts';
import { DIST, scaled } from './scale.ts';

/** (a) 100 000 users scanned and grouped, and (b) the time to the first row, on one emulated org. */
export async function measureScan(): Promise<Figure[]> {
  const users = scaled(100_000);
  const emulator = await startEmulator(['--seed', 'empty', '--users', String(users)]);
  try {
    const setup = { url: emulator.url, token: emulator.token, dist: DIST, options: {} };
    const scan = await compare({ orgql: 'scan-orgql', loop: 'scan-loop', sdk: 'scan-sdk' }, setup);
    const first = await compare({ orgql: 'first-row-orgql', page: 'first-row-loop' }, setup, 21);
    const [orgql = [], loop = [], sdk = []] = [scan.orgql, scan.loop, scan.sdk];
    const [row = [], page = []] = [first.orgql, first.page];
    const wall = (rounds: typeof orgql): string => ms(median(rounds.map(({ wallMs }) => wallMs)));
    const cpu = (rounds: typeof orgql): string => ms(median(rounds.map(({ cpuMs }) => cpuMs)));
    return [
      {
        name: `a. scan and group ${users} users / hand-written loop`,
        value: ratio(orgql, loop),
        unit: 'x',
        target: { most: 0.5 },
        basis: `${wall(orgql)} (cpu ${cpu(orgql)}) against ${wall(loop)} (cpu ${cpu(loop)}) of undici + JSON.parse`,
      },
      {
        name: `a. scan and group ${users} users / SDK iterator`,
        value: ratio(orgql, sdk),
        unit: 'x',
        target: { most: 0.2 },
        basis: `${wall(orgql)} against ${wall(sdk)} (cpu ${cpu(sdk)}) of @okta/okta-sdk-nodejs`,
      },
      {
        name: 'a. the same in CPU time / hand-written loop',
        value: ratio(orgql, loop, ({ cpuMs }) => cpuMs),
        unit: 'x',
        basis: 'user and system time of the whole process, all threads',
      },
      {
        name: 'b. first row after the first page',
        value: median(row.map(({ wallMs }, index) => wallMs - (page[index]?.wallMs ?? 0))),
        unit: 'ms',
        target: { most: 30 },
        basis: `${wall(row)} to the first row, ${wall(page)} to the first page read by undici and JSON.parse`,
      },
    ];
  } finally {
    await emulator.stop();
  }
}
