import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Round, Setup } from './contender.ts';
import { ROUNDS } from './scale.ts';

/**
 * Runs contenders against each other: each in a process of its own, one round to warm up, then `ROUNDS` rounds in turn, so that what else
 * the machine does falls on all alike. Throws when their answers differ.
 */
export async function compare(modules: Readonly<Record<string, string>>, setup: Setup, rounds = ROUNDS): Promise<Record<string, Round[]>> {
  const workers = new Map<string, ChildProcess>();
  const measured: Record<string, Round[]> = {};
  try {
    for (const [name, module] of Object.entries(modules)) {
      const worker = fork(
        fileURLToPath(new URL('./worker.ts', import.meta.url)),
        [new URL(`./contenders/${module}.ts`, import.meta.url).href, JSON.stringify(setup)],
        { execArgv: ['--import', 'tsx'] },
      );
      workers.set(name, worker);
      measured[name] = [];
      await message(worker);
    }
    for (let round = 0; round <= rounds; round++) {
      for (const [name, worker] of workers) {
        worker.send('run');
        const result = (await message(worker)) as Round;
        if (round > 0) measured[name]?.push(result);
      }
    }
  } finally {
    for (const worker of workers.values()) if (worker.connected) worker.send('end');
  }
  assertSame(measured);
  return measured;
}

function message(worker: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`A contender ended with status ${code}`));
    worker.once('exit', ended);
    worker.once('message', (sent) => {
      worker.off('exit', ended);
      resolve(sent);
    });
  });
}

function assertSame(measured: Readonly<Record<string, readonly Round[]>>): void {
  const answers = new Map(Object.entries(measured).map(([name, [first]]) => [name, JSON.stringify(first?.answer)]));
  if (new Set(answers.values()).size > 1) {
    const shown = [...answers].map(([name, answer]) => `${name}: ${answer?.slice(0, 300)}`);
    throw new Error(`The contenders do not agree\n${shown.join('\n')}`);
  }
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The median of the rounds' ratios: each round of one against the other's of the same turn. */
export function ratio(ours: readonly Round[], theirs: readonly Round[], pick: (round: Round) => number = (round) => round.wallMs): number {
  return median(ours.map((round, index) => pick(round) / pick(theirs[index] as Round)));
}
