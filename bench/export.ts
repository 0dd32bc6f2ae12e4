import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmulatorProcess, startEmulator } from './emulator.ts';
import { type Figure, ms } from './figures.ts';
import { runProgram } from './program.ts';
import { CLI, scaled } from './scale.ts';

const COLUMNS = 'id, status, created, lastLogin, profile.login, profile.email, profile.firstName, profile.lastName, profile.department';

/** (d) 1 000 000 users written to files by the command line: the most memory that it takes. Also how long the org takes to be made. */
export async function measureExport(): Promise<Figure[]> {
  const users = scaled(1_000_000);
  const emulator = await startEmulator(['--seed', 'empty', '--users', String(users)]);
  const folder = await mkdtemp(join(tmpdir(), 'orgql-bench-'));
  try {
    const seeded: Figure[] = [
      {
        name: `emulator: ${users} users made`,
        value: emulator.startMs / 1000,
        unit: 's',
        target: { most: 60 },
        basis: 'from the start of the process to its first line',
      },
    ];
    const figures = await exportAll(emulator, folder, users);
    const peak = emulator.peakBytes();
    if (peak !== undefined)
      seeded.push({
        name: `emulator: ${users} users, peak memory`,
        value: peak / 1e6,
        unit: 'MB',
        target: { most: 3000 },
        basis: 'resident, after serving every export',
      });
    return [...seeded, ...figures];
  } finally {
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function exportAll(emulator: EmulatorProcess, folder: string, users: number): Promise<Figure[]> {
  const config = join(folder, 'orgql.yaml');
  await writeFile(
    config,
    `default_org: bench\norgs:\n  bench:\n    org_url: ${emulator.url}\n    token: ${JSON.stringify(emulator.token)}\n`,
    {
      mode: 0o600,
    },
  );
  const query = `SELECT ${COLUMNS} FROM okta.user.users WHERE status <> 'DEPROVISIONED'`;
  const path = (end: string): string => join(folder, `users.${end}`);
  const common = ['--config', config, '--receipt', join(folder, 'receipt.json')];
  const commands: readonly (readonly [format: string, file: string, args: readonly string[]])[] = [
    ['csv', path('csv'), ['exec', query, '-o', 'csv', '-f', path('csv'), ...common]],
    ['jsonl', path('jsonl'), ['exec', query, '-o', 'jsonl', '-f', path('jsonl'), ...common]],
    ...['csv', 'json', 'jsonl', 'parquet'].map((format) => {
      const file = path(`copy.${format}`);
      return [`${format} by COPY`, file, ['exec', `COPY (${query}) TO '${file}'`, ...common]] as const;
    }),
  ];
  const figures: Figure[] = [];
  const loop = await runProgram(
    ['--import', 'tsx', join(import.meta.dirname, 'export-loop.ts'), emulator.url, emulator.token, path('loop.jsonl')],
    folder,
  );
  for (const [format, file, args] of commands) {
    const run = await runProgram([CLI, ...args], folder);
    const receipt = JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8')) as {
      readonly complete: boolean;
      readonly rows: number;
    };
    if (!receipt.complete) throw new Error(`The ${format} export is not complete`);
    const { size } = await stat(file);
    figures.push({
      name: `d. ${users} users to ${format}, peak memory`,
      value: run.peakBytes / 1e6,
      unit: 'MB',
      target: { most: 400 },
      basis: `${receipt.rows} rows, ${(size / 1e6).toFixed(0)} MB, in ${ms(run.wallMs)} (${(run.wallMs / loop.wallMs).toFixed(2)} x the loop of undici, JSON.parse and JSON.stringify: ${ms(loop.wallMs)}, ${(loop.peakBytes / 1e6).toFixed(0)} MB)`,
    });
    await rm(file);
  }
  return figures;
}
