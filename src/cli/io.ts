import type { Sink } from './output/sink.ts';
import { ioError } from './print-error.ts';

/** The process as commands see it: streams, environment, folders. Made once in main.ts. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
  readonly stdin: NodeJS.ReadStream;
  /** Results. Rejects with `ClosedOutput` once the reader has gone. */
  readonly stdout: Sink;
  /** Everything else: progress, notices, errors, prompts. Never fails. */
  readonly stderr: {
    readonly write: (text: string) => void;
    readonly isTerminal: boolean;
    readonly useColour: boolean;
    readonly width: number;
  };
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** The reader of the standard output has gone (`| head`): stop quietly. */
export class ClosedOutput extends Error {
  override readonly name = 'ClosedOutput';
}

/** Whether a stream gets colour: flag over environment over what the stream is. */
export function decideColour(env: Io['env'], isTerminal: boolean, flag: boolean | string | undefined): boolean {
  if (flag === false || flag === 'never') return false;
  if (flag === 'always') return true;
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.ORGQL_NO_COLOR !== undefined && env.ORGQL_NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== '') return true;
  return isTerminal && env.TERM !== 'dumb';
}

/** A sink on an output stream: `write` resolves when the system took the text. */
export function streamSink(stream: NodeJS.WriteStream, useColour: boolean): Sink {
  let failure: NodeJS.ErrnoException | undefined;
  // Without a listener a closed pipe would end the process with a stack trace.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure = error;
  });
  const asError = (error: NodeJS.ErrnoException): Error => {
    const isReaderGone = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
    return isReaderGone ? new ClosedOutput('The reader of the output has gone') : ioError(error, 'Cannot write to the standard output');
  };
  return {
    isTerminal: stream.isTTY === true,
    width: stream.isTTY === true ? Math.max(20, stream.columns || 80) : undefined,
    useColour,
    write: (text) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(asError(failure));
          return;
        }
        stream.write(text, (error) => (error === null || error === undefined ? resolve() : reject(asError(error))));
      }),
  };
}
