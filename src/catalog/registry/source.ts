import { gunzipSync } from 'node:zlib';
import { OrgqlError } from '../../util/errors.ts';
import { compareVersions } from '../installed.ts';
import { asObject, textsOf } from '../json.ts';
import type { Json } from '../types.ts';
import { readTar } from './tar.ts';

/** A provider that a registry offers. */
export interface RegistryEntry {
  readonly name: string;
  /** Oldest first. */
  readonly versions: readonly string[];
}

/** A file of a provider version, its path relative to the version's folder. */
export interface ProviderFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Where a registry's content comes from. */
export interface RegistrySource {
  readonly index: (signal?: AbortSignal) => Promise<readonly RegistryEntry[]>;
  readonly files: (name: string, version: string, signal?: AbortSignal) => Promise<Iterable<ProviderFile>>;
}

/** Names of providers and versions become folders: letters, digits, dots, dashes. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/.test(name) && !name.includes('..');
}

/** The content of `providers.yaml`: `providers: {name: {versions: [...]}}`. */
export function readIndex(document: Json): readonly RegistryEntry[] {
  return Object.entries(asObject(asObject(document).providers))
    .filter(([name]) => isPlainName(name))
    .map(([name, entry]) => ({ name, versions: textsOf(asObject(entry).versions).filter(isPlainName).toSorted(compareVersions) }));
}

/** The files of a package. They lie in it below the version's folder. Throws `invalid_provider`. */
export function* unpack(archive: Uint8Array, maxUnpackedBytes: number): Generator<ProviderFile> {
  for (const { path, bytes } of readTar(gunzip(archive, maxUnpackedBytes))) {
    const [, ...inside] = path.split('/');
    if (inside.length > 0 && !path.endsWith('.sig')) yield { path: inside.join('/'), bytes };
  }
}

function gunzip(archive: Uint8Array, maxUnpackedBytes: number): Uint8Array {
  try {
    return gunzipSync(archive, { maxOutputLength: maxUnpackedBytes });
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new OrgqlError('limit_reached', `The provider package is larger than ${maxUnpackedBytes} bytes when unpacked`, {
        hint: 'maxUnpackedBytes sets the limit.',
        cause,
      });
    }
    throw new OrgqlError('invalid_provider', 'The provider package is no gzip archive', { cause });
  }
}
