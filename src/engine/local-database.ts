import { chmodSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';
import { readFault, toOrgqlError } from './engine-errors.ts';
import { quoteLiteral } from './quote.ts';

/** The name under which SQL sees the local database. */
export const LOCAL_CATALOG = 'local';

/** Where unqualified names are looked for, and made, once the local database is attached. */
export const LOCAL_SEARCH_PATH = 'local.main,memory.main';

/**
 * Files that engines of this process have attached. The engine locks a file against other processes only: two engines of one process would write
 * over each other. The one piece of module state here, since it is about the process.
 */
const attachedFiles = new Set<string>();

/**
 * Attaches the local database: a file of mode 0600, in a folder made with 0700, or memory where there is no path. The sandbox allows exactly this
 * file and those that the engine keeps beside it. Throws `io_error` where another process, or
 * another session of this one, holds it. Gives what frees the file; call it once the engine is closed.
 */
export async function attachLocalDatabase(connection: DuckDBConnection, path: string | undefined): Promise<() => void> {
  if (path === undefined) {
    await connection.run(`ATTACH ':memory:' AS ${LOCAL_CATALOG}`);
    return () => undefined;
  }
  const file = join(realFolder(path), basename(path));
  if (attachedFiles.has(file)) throw heldError(`${file} is held by another session of this process`, undefined);
  attachedFiles.add(file);
  try {
    await connection.run(`ATTACH ${quoteLiteral(resolve(path))} AS ${LOCAL_CATALOG}`);
    // The engine has no say in the mode of its files; the folder's mode covers the moment before.
    if (existsSync(file)) chmodSync(file, 0o600);
    return () => attachedFiles.delete(file);
  } catch (error) {
    attachedFiles.delete(file);
    throw attachError(error, file);
  }
}

function attachError(error: unknown, file: string): OrgqlError {
  const { message } = readFault(error instanceof Error ? error.message : String(error));
  if (/conflicting lock|could not set lock|being used by another process|already open/i.test(message)) {
    const holder = /held in (.+?) \(PID (\d+)\)/.exec(message);
    return heldError(`${file}${holder === null ? '' : ` is held by ${holder[1]}, process ${holder[2]}`}`, error);
  }
  if (/not a valid DuckDB database|version number/i.test(message)) {
    return new OrgqlError('io_error', 'The local database cannot be read', {
      detail: `${file}: ${message}`,
      hint: 'Move the file away to begin with an empty one.',
      cause: error,
    });
  }
  const known = toOrgqlError(error);
  return new OrgqlError('io_error', 'The local database could not be opened', { detail: `${file}: ${known.message}`, cause: error });
}

function heldError(detail: string, cause: unknown): OrgqlError {
  return new OrgqlError('io_error', 'The local database is in use', {
    detail,
    hint: 'End the other orgql session, or wait for it; statements that use no local table run meanwhile.',
    cause,
  });
}

/** The folder, made where it is missing, without links: the same file has one name. */
function realFolder(path: string): string {
  const folder = dirname(resolve(path));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return realpathSync(folder);
  } catch (error) {
    throw new OrgqlError('io_error', 'The folder of the local database could not be made', { detail: String(error), cause: error });
  }
}
