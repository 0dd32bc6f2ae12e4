import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const MAIN = join(ROOT, 'dist/cli/main.js');

/** For tests only: false before `npm run build`. */
export const isBuilt = existsSync(MAIN);

/** For tests only: the built command line in a process of its own, killed at one of its durable steps (`test-kill-preload.mjs`); gives the signal that ended it. */
export function runKilled(args: readonly string[], kill: string, home: string): Promise<string | number | null> {
  const child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'test-kill-preload.mjs'), MAIN, ...args], {
    cwd: ROOT,
    env: { ...process.env, ORGQL_TEST_KILL: kill, ORGQL_NOW: '2026-03-01T12:00:00.000Z', HOME: home, XDG_DATA_HOME: home },
    stdio: 'ignore',
  });
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ?? code));
  });
}
