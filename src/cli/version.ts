import { readFileSync } from 'node:fs';

/** Put in by the build. */
declare const ORGQL_VERSION: string | undefined;

/** The package's version. */
export function version(): string {
  if (typeof ORGQL_VERSION === 'string') return ORGQL_VERSION;
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return manifest.version;
}
