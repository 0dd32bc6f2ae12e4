import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A provider document tree on disk: `<root>/<directory>/<version>/provider.{json,yaml}`. */
export interface InstalledProvider {
  /** The name in SQL. */
  readonly name: string;
  readonly version: string;
  /** The folder that holds `provider.yaml` and `services`. */
  readonly directory: string;
}

/** Folder names that are not the provider's name in SQL. */
const RENAMED: Readonly<Record<string, string>> = { 'googleapis.com': 'google' };

/** The folder that holds a provider of this name, in trees and packages. */
export function directoryName(provider: string): string {
  return Object.keys(RENAMED).find((directory) => RENAMED[directory] === provider) ?? provider;
}

/**
 * Every provider below the roots, one entry per name: the newest version in the first root that has it. A root may hold
 * the providers itself or in a folder `src`, as StackQL's local registries do. A root that does not exist holds none.
 */
export function findProviders(roots: readonly string[]): readonly InstalledProvider[] {
  const found = new Map<string, InstalledProvider>();
  for (const root of roots) {
    for (const base of [root, join(root, 'src')]) {
      for (const directory of folders(base)) {
        if (directory === 'src' || directory === 'dist') continue;
        const name = RENAMED[directory] ?? directory;
        if (found.has(name.toLowerCase())) continue;
        const version = newest(folders(join(base, directory)));
        if (version !== undefined) found.set(name.toLowerCase(), { name, version, directory: join(base, directory, version) });
      }
    }
  }
  return [...found.values()];
}

/** The newest of version names such as `v25.07.00320`; what is no version counts least. */
export function newest(versions: readonly string[]): string | undefined {
  return versions
    .filter((version) => /^v?\d/.test(version))
    .sort(compareVersions)
    .at(-1);
}

/** Orders version names by their numbers (leading zeros do not matter), a release after its pre-releases. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  for (let index = 0; index < Math.max(left.numbers.length, right.numbers.length); index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.suffix === right.suffix) return 0;
  if (left.suffix === '') return 1;
  if (right.suffix === '') return -1;
  return left.suffix < right.suffix ? -1 : 1;
}

function parse(version: string): { readonly numbers: readonly number[]; readonly suffix: string } {
  const [numbers = '', ...suffix] = version.replace(/^v/, '').split('-');
  return { numbers: numbers.split('.').map((part) => Number.parseInt(part, 10) || 0), suffix: suffix.join('-') };
}

function folders(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}
