import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_ORG } from '../config/load.ts';
import { SETTINGS } from '../config/settings.ts';
import type { ManualSources } from '../docs/manual/sources.ts';
import { builtinProviders } from '../session/builtin-providers.ts';
import { runOnDemoOrg } from './documentation-examples.ts';
import { EXIT_MEANINGS } from './help.ts';
import { ioError } from './print-error.ts';

/** What the manual is made of: the Markdown files of a folder, the tables of settings and exit statuses, demo orgs. Throws `io_error`. */
export async function manualSources(folder: string): Promise<ManualSources> {
  try {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.md') && file !== 'architecture.md').sort();
    const prose = await Promise.all(
      files.map(async (file) => ({ name: file.slice(0, -'.md'.length), text: await readFile(join(folder, file), 'utf8') })),
    );
    return { prose, settings: SETTINGS, exitStatuses: EXIT_MEANINGS, openRunner: () => runOnDemoOrg(DEMO_ORG) };
  } catch (error) {
    throw ioError(error as NodeJS.ErrnoException, `Cannot read the manual's pages in ${folder}`);
  }
}

/** Where the package keeps them. */
export function manualFolder(moduleUrl: string): string {
  return join(builtinProviders(moduleUrl)[0] ?? '.', '..', 'manual');
}
