import { setMaxListeners } from 'node:events';
import { homedir } from 'node:os';
import type { OrgqlError } from '../util/errors.ts';
import { ClosedOutput, decideColour, type Io, streamSink } from './io.ts';

/** Runs the command line in this process and ends it with its exit status. Nothing else in orgql touches stdio or exits. */
export async function runProcess(args: readonly string[]): Promise<void> {
  const flag = colourFlag(args);
  const controller = new AbortController();
  // Every request under way listens to signals made from this one; Node would take many of them for a leak.
  setMaxListeners(0);
  const stopped = watchSignals(controller);
  const stderrColour = decideColour(process.env, process.stderr.isTTY === true, flag);
  // A message that nobody can read is no reason to fail.
  process.stderr.on('error', () => {});
  const io: Io = {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    platform: process.platform,
    stdin: process.stdin,
    stdout: streamSink(process.stdout, decideColour(process.env, process.stdout.isTTY === true, flag)),
    stderr: {
      write: (text) => process.stderr.write(text),
      isTerminal: process.stderr.isTTY === true,
      useColour: stderrColour,
      width: process.stderr.columns ?? 80,
    },
    signal: controller.signal,
    now: Date.now,
  };
  let status: number;
  try {
    const { runCommandLine } = await import('./program.ts');
    status = await runCommandLine(io, args);
  } catch (thrown) {
    if (thrown instanceof ClosedOutput) process.exit(0);
    const { asOrgqlError, errorAsJson, printError } = await import('./print-error.ts');
    const error: OrgqlError = asOrgqlError(thrown);
    status = stopped() ?? error.exitStatus;
    const isVerbose = args.includes('--verbose') || args.includes('-v');
    io.stderr.write(wantsJson(args) ? `${errorAsJson(error)}\n` : printError(error, { useColour: stderrColour, isVerbose }));
  }
  // Sockets and the engine's threads may linger; everything that had to be written has been.
  await new Promise<void>((resolve) => {
    process.stderr.write('', () => resolve());
  });
  process.exit(stopped() ?? status);
}

/** The first Ctrl-C or SIGTERM stops the work, the second the process. Gives the exit status that the signal asks for. */
function watchSignals(controller: AbortController): () => number | undefined {
  let status: number | undefined;
  const onSignal = (exitStatus: number) => (): void => {
    if (status !== undefined) process.exit(exitStatus);
    status = exitStatus;
    controller.abort();
  };
  process.on('SIGINT', onSignal(130));
  process.on('SIGTERM', onSignal(143));
  return () => status;
}

function colourFlag(args: readonly string[]): boolean | string | undefined {
  if (args.includes('--no-color')) return false;
  const equals = args.find((arg) => arg.startsWith('--color='));
  if (equals !== undefined) return equals.slice('--color='.length);
  const index = args.indexOf('--color');
  return index === -1 ? undefined : args[index + 1];
}

/** Errors come as JSON where results do. */
function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, index) => /^(?:-o|--output)=?jsonl?$/.test(arg) || (/^(?:-o|--output)$/.test(arg) && /^jsonl?$/.test(args[index + 1] ?? '')),
  );
}
