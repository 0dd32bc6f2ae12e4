import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Sink } from './output/sink.ts';
import { ioError } from './print-error.ts';

/** A file that appears under its name only when it is complete. One of `commit` and `discard` ends it. */
export interface OutputFile {
  readonly sink: Sink;
  readonly commit: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** Opens a file beside `path`. Throws `io_error`. */
export async function openOutputFile(path: string): Promise<OutputFile> {
  const target = resolve(path);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  const failed = (error: unknown): never => {
    throw ioError(error as NodeJS.ErrnoException, `Cannot write ${path}`);
  };
  const handle = await open(beside, 'w').catch(failed);
  const discard = async (): Promise<void> => {
    await handle.close().catch(() => {});
    await rm(beside, { force: true }).catch(() => {});
  };
  return {
    sink: {
      isTerminal: false,
      width: undefined,
      useColour: false,
      write: async (text) => {
        await handle.writeFile(text).catch(failed);
      },
    },
    commit: async () => {
      try {
        await handle.sync().catch(() => {});
        await handle.close();
        await rename(beside, target);
      } catch (error) {
        await discard();
        failed(error);
      }
    },
    discard,
  };
}
