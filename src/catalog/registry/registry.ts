import { OrgqlError } from '../../util/errors.ts';
import { suggest } from '../../util/suggestions.ts';
import { compareVersions, type InstalledProvider, newest } from '../installed.ts';
import { fileSource } from './file-source.ts';
import { httpSource } from './http-source.ts';
import { installFiles } from './install.ts';
import type { RegistryEntry, RegistrySource } from './source.ts';

export interface RegistryOptions {
  /** `https://...` (http only to this machine), or `file:///folder` with `src/<provider>/<version>` or `dist/` below. */
  readonly url: string;
  /** Where providers are installed. */
  readonly root: string;
  readonly fetch: typeof globalThis.fetch;
  /** Most bytes of an unpacked package. Default 1 GiB. */
  readonly maxUnpackedBytes?: number;
}

/** A place that providers are installed from. */
export interface Registry {
  /** What it offers, sorted by name, versions oldest first. With a name, only that one. Throws `unknown_provider`, `unreachable`, `invalid_provider`. */
  readonly list: (provider?: string, signal?: AbortSignal) => Promise<readonly RegistryEntry[]>;
  /** Installs a provider, the newest version where none is named, and says where it lies. Throws like `list`, and `io_error`. */
  readonly pull: (provider: string, version?: string, signal?: AbortSignal) => Promise<InstalledProvider>;
}

const GIBIBYTE = 1024 ** 3;

/** Opens a registry; nothing is requested yet. Throws `insecure_origin` and `invalid_config` for an address that will not do. */
export function openRegistry({ url, root, fetch, maxUnpackedBytes = GIBIBYTE }: RegistryOptions): Registry {
  const source: RegistrySource = url.startsWith('file:') ? fileSource(url, maxUnpackedBytes) : httpSource(url, fetch, maxUnpackedBytes);
  const list = async (provider?: string, signal?: AbortSignal): Promise<readonly RegistryEntry[]> => {
    const entries = [...(await source.index(signal))].sort((a, b) => (a.name < b.name ? -1 : 1));
    if (provider === undefined) return entries;
    const found = entries.filter((entry) => entry.name.toLowerCase() === provider.toLowerCase());
    if (found.length > 0) return found;
    const near = suggest(
      provider,
      entries.map((entry) => entry.name),
    );
    throw new OrgqlError('unknown_provider', `The registry offers no provider "${provider}"`, {
      hint: near === undefined ? 'REGISTRY LIST shows what it offers.' : `Did you mean "${near}"?`,
    });
  };
  return {
    list,
    pull: async (provider, version, signal) => {
      const [entry] = await list(provider, signal);
      const chosen = entry === undefined ? undefined : pick(entry, version);
      if (entry === undefined || chosen === undefined) {
        throw new OrgqlError('unknown_provider', `The registry offers no version "${version ?? ''}" of provider "${provider}"`, {
          hint: `It offers ${entry?.versions.slice(-5).join(', ') ?? 'none'}.`,
        });
      }
      return await installFiles({ root, name: entry.name, version: chosen, files: await source.files(entry.name, chosen, signal) });
    },
  };
}

function pick(entry: RegistryEntry, version: string | undefined): string | undefined {
  if (version === undefined) return newest(entry.versions) ?? entry.versions.at(-1);
  return entry.versions.find((one) => one === version) ?? entry.versions.find((one) => compareVersions(one, version) === 0);
}
