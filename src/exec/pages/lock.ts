import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { OrgqlError } from '../../util/errors.ts';

/** Takes a folder for this process, from a dead one too; gives what lets it go. Throws `io_error` where a living process has it. */
export async function lockFolder(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'lock');
  const own = `${process.pid} ${hostname()}\n`;
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(path, own, { flag: 'wx', mode: 0o600 });
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw taken(directory, undefined, error);
    }
    const holder = await readFile(path, 'utf8').catch(() => '');
    const [pid = '', host = ''] = holder.trim().split(' ');
    if ((host === hostname() && isAlive(Number(pid)) && Number(pid) !== process.pid) || (host !== '' && host !== hostname()))
      throw taken(directory, holder.trim());
    await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function taken(directory: string, holder: string | undefined, cause?: unknown): OrgqlError {
  return new OrgqlError('io_error', `${directory} is in use by another run`, {
    ...(holder === undefined ? {} : { detail: `Process ${holder.replace(' ', ' on ')} holds it.` }),
    hint: `Wait for it to end, or name another folder; if no such run exists, remove ${join(directory, 'lock')}.`,
    ...(cause === undefined ? {} : { cause }),
  });
}
