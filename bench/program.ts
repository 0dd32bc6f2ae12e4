import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface ProgramRun {
  readonly wallMs: number;
  /** The most resident memory that the process took. */
  readonly peakBytes: number;
}

/** Runs Node with these arguments to its end. `folder` takes a helper file. Throws where it fails. */
export async function runProgram(args: readonly string[], folder: string): Promise<ProgramRun> {
  const note = join(folder, 'peak.txt');
  const helper = join(folder, 'peak.mjs');
  // Resident memory in KiB, as the system counted it until the end.
  await writeFile(
    helper,
    `import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => writeFileSync(${JSON.stringify(note)}, String(process.resourceUsage().maxRSS)));\n`,
  );
  await writeFile(note, '');
  const wallMs = await timeOf(['--import', pathToFileURL(helper).href, ...args]);
  return { wallMs, peakBytes: Number(await readFile(note, 'utf8')) * 1024 };
}

/** How long Node takes from start to end with these arguments; its output is dropped. Throws where it fails. */
export async function timeOf(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (piece: Buffer) => complaints.push(piece));
  const [status] = (await once(child, 'exit')) as [number | null];
  const wallMs = performance.now() - begun;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with status ${status}\n${Buffer.concat(complaints).toString()}`);
  return wallMs;
}
