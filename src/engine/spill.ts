import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OrgqlError } from '../util/errors.ts';

/** A directory that only this user can read and only this engine uses. */
export interface SpillDirectory {
  readonly path: string;
  readonly remove: () => void;
}

/** Makes the directory, inside `parent` where given. A parent that was not there goes with it. */
export function makeSpillDirectory(parent: string | undefined): SpillDirectory {
  try {
    const base = parent === undefined ? tmpdir() : resolve(parent);
    const made = mkdirSync(base, { recursive: true, mode: 0o700 });
    const path = mkdtempSync(join(base, 'orgql-spill-'));
    return { path, remove: () => remove(path, made === undefined ? undefined : base, made) };
  } catch (error) {
    throw new OrgqlError('io_error', 'The directory for spilling could not be made', { detail: String(error), cause: error });
  }
}

function remove(path: string, base: string | undefined, made: string | undefined): void {
  rmSync(path, { recursive: true, force: true });
  if (base === undefined || made === undefined) return;
  try {
    for (let folder = base; folder.length >= made.length; folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // Not empty: someone else uses it by now.
  }
}
