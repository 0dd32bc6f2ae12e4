import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Sink } from './output/sink.ts';
import { ioError } from './print-error.ts';

/** A file that appears under its name only when it is complete. One of `commit` and `discard` ends it. */
export interface OutputFile {
  readonly sink: Sink;
  readonly commit: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/**
 * Opens a file beside `path`, which takes its place when it is complete; a link stays one, and a file that is there keeps its mode.
 * A device or pipe (`/dev/stdout`) is written as it is. `mode`: of a new file. Throws `io_error`.
 */
export async function openOutputFile(path: string, mode?: number): Promise<OutputFile> {
  const named = resolve(path);
  const failed = (error: unknown): never => {
    throw ioError(error as NodeJS.ErrnoException, `Cannot write ${path}`);
  };
  const there = await stat(named).catch(() => undefined);
  if (there?.isDirectory() === true) failed(Object.assign(new Error('it is a folder'), { code: 'EISDIR' }));
  const isPlain = there === undefined || there.isFile();
  const target = isPlain && there !== undefined ? await realpath(named).catch(failed) : named;
  const written = isPlain ? join(dirname(target), `.${basename(target)}.${process.pid}.part`) : target;
  const handle = await open(written, 'w', there === undefined ? mode : there.mode & 0o777).catch(failed);
  const discard = async (): Promise<void> => {
    await handle.close().catch(() => {});
    if (isPlain) await rm(written, { force: true }).catch(() => {});
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
        if (isPlain) await handle.sync().catch(unlessUnknown);
        await handle.close();
        if (isPlain) await rename(written, target);
      } catch (error) {
        await discard();
        failed(error);
      }
    },
    discard,
  };
}

/** Some file systems know no sync; one that fails means that the file may not be whole. */
function unlessUnknown(error: NodeJS.ErrnoException): void {
  if (!['EINVAL', 'ENOSYS', 'ENOTSUP'].includes(error.code ?? '')) throw error;
}
