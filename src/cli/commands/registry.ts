import { OrgqlError } from '../../util/errors.ts';
import type { FlagValues } from '../flags.ts';
import type { Io } from '../io.ts';
import { execSql } from './exec.ts';

/** `orgql registry list|pull`: the REGISTRY statement. */
export async function registryCommand(
  io: Io,
  action: 'LIST' | 'PULL',
  provider: string | undefined,
  version: string | undefined,
  flags: FlagValues,
): Promise<number> {
  for (const [what, word] of [
    ['provider', provider],
    ['version', version],
  ] as const) {
    if (word !== undefined && !/^[A-Za-z0-9][\w.+-]*$/.test(word)) throw new OrgqlError('usage', `"${word}" is no name of a ${what}`);
  }
  const words = [provider, version].filter((word) => word !== undefined).map((word) => (/^[A-Za-z_]\w*$/.test(word) ? word : `'${word}'`));
  return execSql(io, ['REGISTRY', action, ...words].join(' '), flags);
}
