import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OrgqlError } from '../util/errors.ts';
import { isObject } from './yaml-file.ts';

/** Project files that this user has said to trust: path and content, so that a changed file has to be trusted anew. */
export interface TrustStore {
  readonly isTrusted: (path: string, text: string) => Promise<boolean>;
  readonly trust: (path: string, text: string) => Promise<void>;
}

/** The store in a state folder. A store that cannot be read trusts nothing. */
export function openTrustStore(stateDirectory: string): TrustStore {
  const file = join(stateDirectory, 'trusted.json');
  const read = async (): Promise<Record<string, string>> => {
    try {
      const content: unknown = JSON.parse(await readFile(file, 'utf8'));
      if (!isObject(content)) return {};
      return Object.fromEntries(Object.entries(content).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    } catch {
      return {};
    }
  };
  return {
    isTrusted: async (path, text) => (await read())[await realpath(path)] === digest(text),
    trust: async (path, text) => {
      const entries = { ...(await read()), [await realpath(path)]: digest(text) };
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        const beside = `${file}.${process.pid}`;
        await writeFile(beside, `${JSON.stringify(entries, undefined, 2)}\n`, { mode: 0o600 });
        await rename(beside, file);
      } catch (error) {
        throw new OrgqlError('io_error', `Cannot write ${file}`, {
          detail: (error as Error).message,
          hint: 'set XDG_STATE_HOME to a folder that you can write to',
          cause: error,
        });
      }
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
