import { join } from 'node:path';
import { openRegistry } from '../catalog/registry/registry.ts';
import { type FactTable, textTable } from '../exec/metadata.ts';
import type { ExecuteOptions } from '../exec/types.ts';
import type { SessionConfig } from '../session-types.ts';
import type { Statement } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';

/** The registry that StackQL's providers are published in. */
const PUBLIC_REGISTRY = 'https://registry.stackql.app/providers';

/** REGISTRY LIST and PULL. Providers are installed below the data directory, where every session finds them. */
export async function runRegistry(
  statement: Statement & { readonly kind: 'registry' },
  config: SessionConfig,
  fetch: typeof globalThis.fetch,
  options: ExecuteOptions,
): Promise<FactTable> {
  const root = config.dataDirectory === undefined ? undefined : join(config.dataDirectory, 'providers');
  if (root === undefined && statement.action !== 'list') {
    throw new OrgqlError('invalid_config', 'Providers can be installed only where there is a data directory', {
      hint: 'open the session with dataDirectory',
    });
  }
  const registry = openRegistry({ url: config.registry ?? PUBLIC_REGISTRY, root: root ?? '', fetch });
  switch (statement.action) {
    case 'list': {
      const entries = await registry.list(statement.provider, options.signal);
      return textTable(
        ['provider', 'version'],
        entries.map((entry) => [
          entry.name,
          statement.provider === undefined ? (entry.versions.at(-1) ?? null) : entry.versions.join(', '),
        ]),
      );
    }
    case 'pull': {
      const installed = await registry.pull(statement.provider ?? '', statement.version, options.signal);
      return textTable(['provider', 'version'], [[installed.name, installed.version]]);
    }
    case 'remove':
      throw new OrgqlError('unsupported_syntax', 'REGISTRY REMOVE is not supported', {
        hint: `delete its folder below ${root ?? 'the data directory'}`,
      });
  }
}
