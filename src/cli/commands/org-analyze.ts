import { DEMO_ORG } from '../../config/load.ts';
import type { CountedRelation } from '../../session-types.ts';
import { OrgqlError } from '../../util/errors.ts';
import { suggest } from '../../util/suggestions.ts';
import type { FlagValues } from '../flags.ts';
import type { Io } from '../io.ts';
import { loadConfigOf, openConfiguredSession } from '../open-session.ts';
import { escapeForDisplay } from '../output/escape.ts';
import { createProgressLine } from '../progress.ts';
import { executeOptions } from './exec.ts';

/** `orgql org analyze [name] [--relation R]... [--max-calls N]`: counts the relations of an org, so that EXPLAIN knows what a statement costs. */
export async function orgAnalyzeCommand(
  io: Io,
  name: string | undefined,
  flags: FlagValues & { readonly relation?: readonly string[] },
): Promise<number> {
  const { session: config } = await loadConfigOf({ ...io, stderr: { ...io.stderr, write: () => {} } }, flags);
  const names = [...config.orgs.map((org) => org.name), DEMO_ORG];
  if (name !== undefined && !names.includes(name)) {
    const near = suggest(name, names);
    throw new OrgqlError('unknown_org', `There is no org "${name}"`, {
      detail: `there are ${names.join(', ')}`,
      ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
    });
  }
  const options = executeOptions(io, flags, io.signal, () => {});
  const session = await openConfiguredSession(io, flags);
  const progress = createProgressLine(io.stderr, io.now);
  try {
    const analysis = await session.analyze({
      ...(name === undefined ? {} : { org: name }),
      ...(flags.relation === undefined ? {} : { relations: flags.relation }),
      ...(options.maxCalls === undefined ? {} : { maxCalls: options.maxCalls }),
      signal: io.signal,
      onProgress: progress.update,
      onRelation: (counted) => {
        progress.clear();
        io.stderr.write(`${line(counted)}\n`);
      },
    });
    progress.clear();
    for (const { relation, why } of analysis.skipped) io.stderr.write(`${relation}: not counted: ${escapeForDisplay(why)}\n`);
    await io.stdout.write(
      `${analysis.org}: ${analysis.relations.length} relations counted in ${analysis.calls} ${analysis.calls === 1 ? 'call' : 'calls'}\n`,
    );
    return 0;
  } finally {
    progress.clear();
    await session.close();
  }
}

function line({ relation, rows, calls, isEstimated }: CountedRelation): string {
  return `${relation}: ${isEstimated ? 'about ' : ''}${rows} ${rows === 1 ? 'row' : 'rows'}, ${calls} ${calls === 1 ? 'call' : 'calls'}`;
}
