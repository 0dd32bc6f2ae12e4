import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { CLI } from './scale.ts';

/** An emulated org in a process of its own. */
export interface EmulatorProcess {
  readonly url: string;
  readonly token: string;
  readonly subdomain: string;
  /** From the start of the process to its first line: the org is seeded and listens. */
  readonly startMs: number;
  /** The most memory that it has used so far, in bytes; `undefined` where the system does not say. */
  readonly peakBytes: () => number | undefined;
  readonly stop: () => Promise<void>;
}

/** Starts `orgql emulate` with these flags; limits that bind would measure themselves, so there are none unless they are named. */
export async function startEmulator(flags: readonly string[], rateLimits = 'off'): Promise<EmulatorProcess> {
  const begun = performance.now();
  const child = spawn(process.execPath, [CLI, 'emulate', '--port', '0', '--rate-limits', rateLimits, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await firstLine(child);
  const startMs = performance.now() - begun;
  return { ...(JSON.parse(line) as { url: string; token: string; subdomain: string }), startMs, ...processOf(child) };
}

/** The first line that a process prints; its later output is dropped. Throws when it ends before. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('The process has no standard output to read');
    const lines = createInterface({ input: child.stdout });
    lines.once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The process ended with status ${code} before it said where it listens`)));
  });
}

/** How to watch and stop a process. */
export function processOf(child: ChildProcess): Pick<EmulatorProcess, 'peakBytes' | 'stop'> {
  return {
    peakBytes: () => peakOf(child.pid),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** `VmHWM` of Linux: the high-water mark of resident memory. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
