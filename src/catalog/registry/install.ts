import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OrgqlError } from '../../util/errors.ts';
import { parseDocument } from '../documents.ts';
import { directoryName, type InstalledProvider } from '../installed.ts';
import { isPlainName, type ProviderFile } from './source.ts';

export interface Installation {
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly files: Iterable<ProviderFile>;
}

/**
 * Writes a provider's documents below `<root>/<provider>/<version>`, YAML turned into JSON (which loads a hundred times faster).
 * They are written beside and moved into place when complete; what lay there before goes. Throws `invalid_provider`, `io_error`.
 */
export async function installFiles({ root, name, version, files }: Installation): Promise<InstalledProvider> {
  if (!isPlainName(name) || !isPlainName(version))
    throw new OrgqlError('invalid_provider', `"${name}" ${version} is no name that a provider can be installed under`);
  const parent = join(root, directoryName(name));
  const directory = join(parent, version);
  const partial = join(parent, `.${version}.${randomBytes(6).toString('hex')}`);
  try {
    let hasProvider = false;
    for (const { path, bytes } of files) {
      if (!/\.(ya?ml|json)$/i.test(path)) continue;
      const isProvider = /^provider\.(ya?ml|json)$/i.test(path);
      hasProvider ||= isProvider;
      const target = await compiled(path, bytes);
      await mkdir(dirname(join(partial, target.path)), { recursive: true });
      await writeFile(join(partial, target.path), target.bytes);
    }
    if (!hasProvider) throw new OrgqlError('invalid_provider', `The package of ${name} ${version} holds no provider.yaml`);
    await rm(directory, { recursive: true, force: true });
    await rename(partial, directory);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    if (cause instanceof OrgqlError) throw cause;
    throw new OrgqlError('io_error', `Provider ${name} ${version} could not be written below ${root}`, { cause });
  }
  return { name, version, directory };
}

// A document that does not parse is kept as it is: it speaks up when it is used, and hides none of the others.
async function compiled(path: string, bytes: Uint8Array): Promise<ProviderFile> {
  if (/\.json$/i.test(path)) return { path, bytes };
  try {
    const document = await parseDocument(new TextDecoder().decode(bytes), path);
    return { path: path.replace(/\.ya?ml$/i, '.json'), bytes: new TextEncoder().encode(JSON.stringify(document)) };
  } catch {
    return { path, bytes };
  }
}
