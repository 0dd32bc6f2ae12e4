import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the providers that come with the package: `dist/providers` beside its package.json, whether run from source or bundled. */
export function builtinProviders(moduleUrl: string): readonly string[] {
  let folder = dirname(fileURLToPath(moduleUrl));
  for (;;) {
    if (existsSync(join(folder, 'package.json'))) return [join(folder, 'dist', 'providers')];
    const parent = dirname(folder);
    if (parent === folder) return [];
    folder = parent;
  }
}
