import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(fileURLToPath(new URL('../../package-lock.json', import.meta.url)), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

// npm leaves out what the registry at hand does not offer or this platform does not need, and `npm ci` then fails everywhere.
test('the lockfile names the packages of every platform', () => {
  const wanted = Object.values(packages).flatMap((locked) =>
    Object.entries(locked.optionalDependencies ?? {}).filter(([, version]) => /^\d/.test(version)),
  );
  const missing = wanted.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version).map(([name]) => name);
  expect(wanted.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

test('the lockfile names no registry', () => {
  expect(Object.entries(packages).filter(([, locked]) => locked.resolved !== undefined)).toEqual([]);
});
