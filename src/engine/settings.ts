import { statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { quoteLiteral } from './quote.ts';
import type { EngineOptions } from './types.ts';

/** Ends of the names of files that the engine makes beside a database file. */
const DATABASE_FILES = ['', '.wal', '.wal.checkpoint', '.wal.recovery'];

/**
 * The statements that close the sandbox, in their order: what may be reached, then no external access, then the lock. Only the time zone
 * can be set afterwards. `partialSuffix` ends the name that an export has until it is complete.
 */
export function sandboxSettings(options: EngineOptions, spillDirectory: string, partialSuffix: string): string[] {
  const allowed = (options.allowedPaths ?? []).map((path) => resolve(path));
  const directories = allowed.filter(isDirectory);
  const files = allowed.filter((path) => !directories.includes(path)).flatMap((path) => [path, `${path}${partialSuffix}`]);
  const local = options.localDatabase === undefined ? [] : DATABASE_FILES.map((end) => `${resolve(options.localDatabase ?? '')}${end}`);
  return [
    `SET GLOBAL memory_limit = ${quoteLiteral(options.memoryLimit ?? `${Math.floor(availableMemory() / 2 / 2 ** 20)}MiB`)}`,
    ...(options.threads === undefined ? [] : [`SET GLOBAL threads = ${Math.max(1, Math.trunc(options.threads))}`]),
    `SET GLOBAL temp_directory = ${quoteLiteral(spillDirectory)}`,
    "SET GLOBAL TimeZone = 'UTC'",
    'SET GLOBAL errors_as_json = true',
    'SET GLOBAL autoinstall_known_extensions = false',
    'SET GLOBAL autoload_known_extensions = false',
    'SET GLOBAL allow_community_extensions = false',
    'SET GLOBAL allow_persistent_secrets = false',
    'SET GLOBAL enable_external_file_cache = false',
    `SET GLOBAL allowed_directories = ${list(directories)}`,
    `SET GLOBAL allowed_paths = ${list([...files, ...local])}`,
    'SET GLOBAL enable_external_access = false',
    'SET GLOBAL lock_configuration = true',
  ];
}

function list(texts: readonly string[]): string {
  return `[${texts.map(quoteLiteral).join(', ')}]`;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The machine's memory, or what the process is confined to where that is less. */
function availableMemory(): number {
  const confined = process.constrainedMemory?.() ?? 0;
  return confined > 0 ? Math.min(confined, totalmem()) : totalmem();
}
