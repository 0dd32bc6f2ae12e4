import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { firstLine, processOf, startEmulator } from './emulator.ts';
import { type Figure, ms } from './figures.ts';
import { compare, median } from './rounds.ts';
import { DIST, scaled } from './scale.ts';

/** The emulator's paging against a bare server that holds the same pages as bytes. */
export async function measureEmulator(): Promise<Figure[]> {
  const users = scaled(100_000);
  const emulator = await startEmulator(['--seed', 'empty', '--users', String(users)]);
  const bare = fork(fileURLToPath(new URL('./bare-server.ts', import.meta.url)), [emulator.url, emulator.token], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { stop } = processOf(bare);
  try {
    const { url } = JSON.parse(await firstLine(bare)) as { readonly url: string };
    const setup = { url: emulator.url, token: emulator.token, dist: DIST, options: { bare: url } };
    const { emulated = [], plain = [] } = await compare({ emulated: 'page-emulator', plain: 'page-bare' }, setup);
    return [
      {
        name: `emulator: ${users} users paged at 200, rate / bare server`,
        value: median(emulated.map(({ wallMs }, index) => (plain[index]?.wallMs ?? 0) / wallMs)),
        unit: 'x',
        target: { least: 0.7 },
        basis: `${ms(median(emulated.map(({ wallMs }) => wallMs)))} against ${ms(median(plain.map(({ wallMs }) => wallMs)))} of node:http with the same bytes`,
      },
    ];
  } finally {
    await stop();
    await emulator.stop();
  }
}
