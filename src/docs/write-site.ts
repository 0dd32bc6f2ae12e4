import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { OrgqlError } from '../util/errors.ts';
import type { SiteFile } from './site.ts';

/** What was written. */
export interface WrittenSite {
  readonly files: number;
  readonly bytes: number;
  readonly pages: number;
}

/**
 * Writes a site's files below a folder, which is made where it is missing. Pages of an earlier build that this one does not have are
 * removed with the folder of their provider; other files in the folder stay. Throws `io_error`.
 */
export async function writeSite(files: AsyncIterable<SiteFile>, folder: string): Promise<WrittenSite> {
  const written = { files: 0, bytes: 0, pages: 0 };
  const cleared = new Set<string>();
  try {
    for await (const { path, content } of files) {
      const provider = /^\/providers\/[^/]+\//.exec(path)?.[0];
      if (provider !== undefined && !cleared.has(provider)) {
        cleared.add(provider);
        await clearPages(join(folder, provider));
      }
      const file = normalize(join(folder, path));
      if (!file.startsWith(normalize(`${folder}${sep}`)))
        throw new OrgqlError('internal', `A page would lie outside of the folder: ${path}`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      written.files++;
      written.bytes += typeof content === 'string' ? Buffer.byteLength(content) : content.length;
      if (/\/index\.(?:html|mdx)$/.test(path)) written.pages++;
    }
  } catch (error) {
    if (error instanceof OrgqlError) throw error;
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === undefined) throw error;
    throw new OrgqlError('io_error', `The site cannot be written to ${folder}`, { detail: failure.message, cause: error });
  }
  return written;
}

// Only what a build makes: a folder that somebody keeps other files in loses none of them.
async function clearPages(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isFile() && /^(?:index\.(?:html|md|mdx|json)|card\.png)$/.test(entry.name)) await rm(join(entry.parentPath, entry.name));
}
