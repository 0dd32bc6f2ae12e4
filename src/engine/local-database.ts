import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';
import { readFault, toOrgqlError } from './engine-errors.ts';
import { quoteLiteral } from './quote.ts';

/** The name under which SQL sees the local database. */
export const LOCAL_CATALOG = 'local';

/** Where unqualified names are looked for, and made, once the local database is attached. */
export const LOCAL_SEARCH_PATH = 'local.main,memory.main';

/**
 * Attaches the local database: a file of mode 0600, in a folder made with 0700, or memory where there is no path. The sandbox allows exactly this
 * file and those that the engine keeps beside it. Throws `io_error` where another process holds it.
 */
export async function attachLocalDatabase(connection: DuckDBConnection, path: string | undefined): Promise<void> {
  if (path === undefined) {
    await connection.run(`ATTACH ':memory:' AS ${LOCAL_CATALOG}`);
    return;
  }
  const file = resolve(path);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    await connection.run(`ATTACH ${quoteLiteral(file)} AS ${LOCAL_CATALOG}`);
    // The engine has no say in the mode of its files; the folder's mode covers the moment before.
    if (existsSync(file)) chmodSync(file, 0o600);
  } catch (error) {
    throw attachError(error, file);
  }
}

function attachError(error: unknown, file: string): OrgqlError {
  const { message } = readFault(error instanceof Error ? error.message : String(error));
  if (/conflicting lock|could not set lock|being used by another process|already open/i.test(message)) {
    const holder = /held in (.+?) \(PID (\d+)\)/.exec(message);
    return new OrgqlError('io_error', 'Another process is using the local database', {
      detail: `${file}${holder === null ? '' : ` is held by ${holder[1]}, process ${holder[2]}`}`,
      hint: 'End the other orgql session, or wait for it; statements that use no local table run meanwhile.',
      cause: error,
    });
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
