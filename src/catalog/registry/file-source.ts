import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OrgqlError } from '../../util/errors.ts';
import { parseDocument } from '../documents.ts';
import { compareVersions } from '../installed.ts';
import { isPlainName, type ProviderFile, type RegistryEntry, type RegistrySource, readIndex, unpack } from './source.ts';

/**
 * A registry in a folder: document trees in `src/<provider>/<version>`, packages as over HTTP in `dist/`, or both; a folder of
 * `<provider>/<version>` will do too. `file://./folder` is relative to the working directory.
 */
export function fileSource(url: string, maxUnpackedBytes: number): RegistrySource {
  const folder = folderOf(url);
  const trees = async (): Promise<string> => ((await isFolder(join(folder, 'src'))) ? join(folder, 'src') : folder);
  return {
    index: async () => {
      if (!(await isFolder(folder))) throw new OrgqlError('unreachable', `The registry folder ${folder} does not exist`);
      const found = new Map<string, Set<string>>();
      const add = ({ name, versions }: RegistryEntry): void => {
        found.set(name, new Set([...(found.get(name) ?? []), ...versions]));
      };
      const index = await readFile(join(folder, 'dist', 'providers.yaml'), 'utf8').catch(() => undefined);
      if (index !== undefined) for (const entry of readIndex(await parseDocument(index, 'providers.yaml'))) add(entry);
      const root = await trees();
      for (const name of (await folders(root)).filter((entry) => isPlainName(entry) && entry !== 'dist' && entry !== 'src')) {
        const versions = (await folders(join(root, name))).filter((version) => /^v?\d/.test(version));
        if (versions.length > 0) add({ name, versions });
      }
      return [...found].map(([name, versions]) => ({ name, versions: [...versions].sort(compareVersions) }));
    },
    files: async (name, version) => {
      const tree = join(await trees(), name, version);
      if (await isFolder(tree)) return await filesBelow(tree);
      const archive = await readFile(join(folder, 'dist', name, `${version}.tgz`)).catch((cause: unknown) => {
        throw new OrgqlError('io_error', `The registry folder ${folder} holds no package of ${name} ${version}`, { cause });
      });
      return unpack(archive, maxUnpackedBytes);
    },
  };
}

function folderOf(url: string): string {
  const path = /^file:\/\/(\.{1,2}\/.*)$/.exec(url)?.[1];
  if (path !== undefined) return resolve(path);
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new OrgqlError('invalid_config', `"${url}" is no registry folder`, { hint: 'Use file:///absolute/folder', cause });
  }
}

async function filesBelow(tree: string): Promise<readonly ProviderFile[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name));
  return await Promise.all(
    files.map(async (entry) => {
      const file = join(entry.parentPath, entry.name);
      return { path: relative(tree, file).split(sep).join('/'), bytes: await readFile(file) };
    }),
  );
}

async function folders(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
