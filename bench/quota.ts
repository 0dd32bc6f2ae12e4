import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from './emulator.ts';
import type { Figure } from './figures.ts';
import { type RecordingProxy, type SeenWindow, startRecordingProxy } from './recording-proxy.ts';
import { CLI } from './scale.ts';

/** Two processes with this share each, as if neither knew of the other. */
const BUDGET = 0.45;
const PROCESSES = 2;
const WINDOWS = 3;
const LONGEST_MS = 300_000;
/** Factors are asked for user by user, and count in the bucket of the users. */
const SQL =
  "SELECT u.id, f.id, f.factorType FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id WHERE u.status <> 'DEPROVISIONED'";

/**
 * How much of their shares two processes use of one enforced bucket in three full windows, by the machine's own clock. It takes some
 * three minutes, so it runs only when it is named.
 */
export async function measureQuota(): Promise<Figure[]> {
  const emulator = await startEmulator(['--seed', 'reference'], 'workforce');
  const folder = await mkdtemp(join(tmpdir(), 'orgql-bench-'));
  const proxies: RecordingProxy[] = [];
  const programs: ChildProcess[] = [];
  try {
    for (let index = 0; index < PROCESSES; index++) {
      const proxy = await startRecordingProxy(emulator.url);
      proxies.push(proxy);
      programs.push(await startProgram(join(folder, String(index)), proxy.url, emulator.token));
    }
    const begun = performance.now();
    while (proxies.some(({ windows }) => windows.length <= WINDOWS)) {
      if (performance.now() - begun > LONGEST_MS) throw new Error(`There were no ${WINDOWS} full windows within ${LONGEST_MS / 1000} s`);
      const ended = programs.find(({ exitCode }) => exitCode !== null);
      if (ended !== undefined) throw new Error(`A process ended with status ${ended.exitCode} before its quota was used up`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return figuresOf(proxies);
  } finally {
    for (const program of programs) await stop(program);
    for (const proxy of proxies) await proxy.close();
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function figuresOf(proxies: readonly RecordingProxy[]): Figure[] {
  const full = proxies.map(({ windows }) => windows.slice(0, WINDOWS));
  const used = full.map((windows) => windows.map(({ limit, requests }) => requests / Math.floor(limit * BUDGET)));
  const counts = full.map((windows) => windows.map(({ requests }) => requests).join(', ')).join(' and ');
  const [first] = full[0] ?? [];
  const spans = proxies.map(({ windows }) => ((windows[WINDOWS] as SeenWindow).firstAt - (windows[0] as SeenWindow).firstAt) / 1000);
  const basis = `${counts} requests in ${WINDOWS} windows of ${PROCESSES} processes, share ${Math.floor((first?.limit ?? 0) * BUDGET)} of ${first?.limit} each; the windows took ${Math.max(...spans).toFixed(1)} s`;
  return [
    {
      name: 'quota. share used of three windows',
      value: Math.min(...used.map((shares) => shares.reduce((sum, share) => sum + share, 0) / WINDOWS)),
      unit: 'x',
      target: { least: 0.95 },
      basis: `the lesser of both; ${basis}`,
    },
    { name: 'quota. most used of a window', value: Math.max(...used.flat()), unit: 'x', target: { most: 1 }, basis },
    {
      name: 'quota. 429s',
      value: proxies.reduce((sum, { refused }) => sum + refused(), 0),
      unit: 'calls',
      target: { most: 0 },
      basis,
    },
  ];
}

async function startProgram(base: string, url: string, token: string): Promise<ChildProcess> {
  const config = `${base}.yaml`;
  await writeFile(config, `default_org: bench\norgs:\n  bench:\n    org_url: ${url}\n    token: ${JSON.stringify(token)}\n`, {
    mode: 0o600,
  });
  return spawn(process.execPath, [CLI, 'exec', SQL, '-o', 'csv', '--config', config, '--budget', `${BUDGET * 100}%`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // Neither learns from the other's statistics.
    env: { ...process.env, XDG_DATA_HOME: `${base}-data`, XDG_CACHE_HOME: `${base}-cache` },
  });
}

async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, 'exit');
  program.kill('SIGKILL');
  await exited;
}
