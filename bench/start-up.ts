import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { startEmulator } from './emulator.ts';
import { type Figure, ms } from './figures.ts';
import { timeOf } from './program.ts';
import { median } from './rounds.ts';
import { CLI, ROUNDS } from './scale.ts';

/** (e) What the command line costs before it does anything, against Node itself. */
export async function measureStartUp(): Promise<Figure[]> {
  const emulator = await startEmulator(['--seed', 'empty', '--users', '1000']);
  const folder = await mkdtemp(join(tmpdir(), 'orgql-bench-'));
  try {
    const config = join(folder, 'orgql.yaml');
    await writeFile(
      config,
      `default_org: bench\norgs:\n  bench:\n    org_url: ${emulator.url}\n    token: ${JSON.stringify(emulator.token)}\n`,
      {
        mode: 0o600,
      },
    );
    const empty = join(folder, 'empty.mjs');
    await writeFile(empty, '');
    const { body } = await request(`${emulator.url}/api/v1/users?limit=1`, { headers: { authorization: `SSWS ${emulator.token}` } });
    const [user] = (await body.json()) as readonly { readonly id: string }[];
    const sql = `SELECT id, status FROM okta.user.users WHERE id = '${user?.id}'`;
    const programs: Record<string, readonly string[]> = {
      node: [empty],
      version: [CLI, '--version'],
      row: [CLI, 'exec', sql, '-o', 'json', '--config', config],
    };
    const times: Record<string, number[]> = { node: [], version: [], row: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [name, args] of Object.entries(programs)) {
        const wallMs = await timeOf(args);
        if (round > 0) times[name]?.push(wallMs);
      }
    }
    const node = times.node ?? [];
    const against = (name: string): number => median((times[name] ?? []).map((wallMs, index) => wallMs / (node[index] ?? Number.NaN)));
    const shown = (name: string): string => `${ms(median(times[name] ?? []))} against ${ms(median(node))} of node with an empty file`;
    return [
      { name: 'e. orgql --version / node', value: against('version'), unit: 'x', target: { most: 1.3 }, basis: shown('version') },
      { name: 'e. one-row query / node', value: against('row'), unit: 'x', target: { most: 5 }, basis: shown('row') },
    ];
  } finally {
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
