import { resolve } from 'node:path';
import { DEMO_ORG } from '../../config/load.ts';
import type { Cursor } from '../../exec/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import type { FlagValues } from '../flags.ts';
import type { Io } from '../io.ts';
import { loadConfigOf } from '../open-session.ts';
import { createProgressLine } from '../progress.ts';
import { executeOptions } from './exec.ts';

/** `orgql snapshot RELATION... --to DIR [--resume]`: relations whole, as Parquet files with a manifest. */
export async function snapshotCommand(
  io: Io,
  relations: readonly string[],
  flags: FlagValues & { readonly to?: string; readonly resume?: boolean },
): Promise<number> {
  if (relations.length === 0 || flags.to === undefined) {
    throw new OrgqlError('usage', relations.length === 0 ? 'Which relations?' : 'snapshot needs --to', {
      hint: 'for example:  orgql snapshot okta.user.users okta.group.groups --to backup',
    });
  }
  const directory = resolve(io.cwd, flags.to);
  const { session: config } = await loadConfigOf(io, flags);
  const okta = config.orgs.filter((org) => org.provider === 'okta');
  const org = config.defaultOrg ?? (okta.length === 1 ? okta[0]?.name : undefined) ?? DEMO_ORG;
  const [{ openSession }, { clearFinished, takeSnapshot }] = await Promise.all([
    import('../../session.ts'),
    import('../../session/snapshot.ts'),
  ]);
  const session = await openSession({ ...config, allowedPaths: [...(config.allowedPaths ?? []), directory] }, { environment: io.env });
  const progress = createProgressLine(io.stderr, io.now);
  try {
    const { resumeDir: _resumeDir, partial: _partial, ...rest } = flags;
    const manifest = await takeSnapshot(
      { catalog: session.catalog, execute: (sql, options): AsyncIterable<Cursor> => session.execute(sql, options) },
      {
        relations,
        directory,
        org,
        isResumed: flags.resume === true,
        now: config.now ?? io.now(),
        options: { ...executeOptions(io, rest, io.signal, progress.clear), onProgress: progress.update },
        onRelation: (relation, rows) => {
          progress.clear();
          io.stderr.write(`${relation}: ${rows} ${rows === 1 ? 'row' : 'rows'}\n`);
        },
      },
    );
    await io.stdout.write(
      `${manifest.files.length} ${manifest.files.length === 1 ? 'file' : 'files'} in ${flags.to}; see manifest.json there\n`,
    );
  } finally {
    progress.end();
    await session.close();
  }
  await clearFinished(directory);
  return 0;
}
