import { resolve } from 'node:path';
import { parseDurationMs } from '../../config/quantities.ts';
import type { ExecuteOptions } from '../../exec/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import { suggest } from '../../util/suggestions.ts';
import { confirmWrites } from '../confirm.ts';
import type { FlagValues } from '../flags.ts';
import type { Io } from '../io.ts';
import { openConfiguredSession } from '../open-session.ts';
import { FORMATS, type FormatName, findFormat } from '../output/formats.ts';
import { type OutputFile, openOutputFile } from '../output-file.ts';
import { parseParameters, readSql } from '../sql-input.ts';
import { badFlag, type RunOptions, runStatements } from '../statements.ts';

/** `orgql exec`: runs SQL and prints the rows. Resolves to the exit status. */
export async function execCommand(io: Io, argument: string | undefined, flags: FlagValues): Promise<number> {
  const sql = await readSql(io, argument, flags.infile);
  if (sql === undefined && flags.input !== false && io.stderr.isTerminal && io.stdout.isTerminal)
    return (await import('./shell.ts')).shellCommand(io, flags);
  if (sql === undefined) throw noSql('exec');
  return execSql(io, sql, flags);
}

/** `orgql explain`: the plan of the SQL, nothing is requested. */
export async function explainCommand(io: Io, argument: string | undefined, flags: FlagValues): Promise<number> {
  const sql = await readSql(io, argument, flags.infile);
  if (sql === undefined) throw noSql('explain');
  return execSql(io, sql, flags, { explain: true });
}

function noSql(command: string): OrgqlError {
  return new OrgqlError('usage', `${command} needs SQL`, {
    detail: 'neither an argument nor -i FILE was given, and nothing is piped in',
    hint: `for example:  orgql ${command} "SELECT id, status FROM okta.user.users LIMIT 5"`,
  });
}

/** Runs SQL as the flags say and prints what it gives. Resolves to the exit status. */
export async function execSql(io: Io, sql: string, flags: FlagValues, more: ExecuteOptions = {}): Promise<number> {
  const format = formatOf(flags, 'table');
  const deadline = deadlineOf(flags);
  const signal = deadline === undefined ? io.signal : AbortSignal.any([io.signal, deadline.signal]);
  let clearProgress: () => void = () => {};
  const execute = executeOptions(io, flags, signal, () => clearProgress());
  const file =
    flags.outfile === undefined || STDOUT_NAMES.has(flags.outfile) ? undefined : await openOutputFile(resolve(io.cwd, flags.outfile));
  const receiptFile = await openReceipt(io, flags).catch(async (error: unknown) => {
    await file?.discard();
    throw error;
  });
  const options: RunOptions = {
    format,
    formatOptions: {
      hasHeader: flags.hideHeader !== true,
      delimiter: delimiterOf(flags),
      isCsvSafe: flags.csvSafe === true,
      clock: io.now,
    },
    execute: { ...execute, ...more },
    sink: file?.sink ?? io.stdout,
    receiptFile,
    isVerbose: flags.verbose === true,
    onProgressLine: (clear) => {
      clearProgress = clear;
    },
  };
  let isDone = false;
  let hasRun = false;
  try {
    const session = await openConfiguredSession(io, flags);
    try {
      hasRun = true;
      const status = await runStatements(session, sql, io, options);
      await file?.commit();
      isDone = true;
      return status;
    } finally {
      await session.close();
    }
  } catch (error) {
    throw deadline?.signal.aborted === true && error instanceof OrgqlError && error.code === 'cancelled' ? deadline.error : error;
  } finally {
    deadline?.clear();
    if (!isDone) await file?.discard();
    if (!hasRun) await receiptFile?.discard();
  }
}

/** A receipt that cannot be written is found out before the statement is run, which may be a change. */
async function openReceipt(io: Io, flags: FlagValues): Promise<OutputFile | undefined> {
  if (flags.receipt === undefined) return undefined;
  const path = resolve(io.cwd, flags.receipt);
  if (flags.outfile !== undefined && resolve(io.cwd, flags.outfile) === path)
    throw new OrgqlError('usage', '-f and --receipt name the same file', { hint: 'give each a file of its own' });
  return openOutputFile(path, 0o600);
}

/** A file in its place would cut off what the shell redirects. */
const STDOUT_NAMES: ReadonlySet<string> = new Set(['-', '/dev/stdout', '/dev/fd/1']);

/** The format that `-o` names. */
export function formatOf(flags: FlagValues, fallback: FormatName): FormatName {
  if (flags.output === undefined) return fallback;
  const format = findFormat(flags.output);
  if (format !== undefined) return format;
  const near = suggest(flags.output, Object.keys(FORMATS));
  throw new OrgqlError('usage', `There is no output format "${flags.output}"`, {
    detail: `the formats are ${Object.keys(FORMATS).join(', ')}`,
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
  });
}

function delimiterOf(flags: FlagValues): string {
  const delimiter = flags.delimiter ?? ',';
  const text = delimiter === '\\t' ? '\t' : delimiter;
  if ([...text].length !== 1 || /["\r\n]/.test(text))
    throw badFlag('--delimiter', delimiter, 'one character, no quote and no line break', '";"');
  return text;
}

/** What the flags mean to a statement. */
export function executeOptions(
  io: Io,
  flags: FlagValues,
  signal: AbortSignal,
  beforeAsking: () => void,
  ask?: (question: string) => Promise<string>,
): ExecuteOptions {
  const confirm = confirmWrites(io, {
    isYes: flags.yes === true,
    mayAsk: flags.input !== false,
    beforeAsking,
    ...(ask === undefined ? {} : { ask }),
  });
  const maxCalls = flags.maxCalls === undefined ? undefined : Number(flags.maxCalls);
  if (maxCalls !== undefined && (!Number.isInteger(maxCalls) || maxCalls < 0))
    throw badFlag('--max-calls', flags.maxCalls ?? '', 'a whole number', '100');
  const maxAgeMs = flags.maxAge === undefined ? undefined : parseDurationMs(flags.maxAge);
  if (flags.maxAge !== undefined && maxAgeMs === undefined) throw badFlag('--max-age', flags.maxAge, 'a duration', '10m');
  if (flags.unavailable !== undefined && flags.unavailable !== 'error' && flags.unavailable !== 'null')
    throw badFlag('--unavailable', flags.unavailable, 'error or null', 'null');
  return {
    parameters: parseParameters(flags.param ?? []),
    signal,
    ...(confirm === undefined ? {} : { confirm }),
    ...(maxCalls === undefined ? {} : { maxCalls }),
    ...(flags.all === true ? { allowAll: true } : {}),
    ...(flags.partial === true ? { partial: true } : {}),
    ...(flags.unavailable === undefined ? {} : { unavailable: flags.unavailable }),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    ...(flags.resumeDir === undefined ? {} : { resumeDirectory: resolve(io.cwd, flags.resumeDir) }),
    allowFiles: true,
  };
}

function deadlineOf(
  flags: FlagValues,
): { readonly signal: AbortSignal; readonly error: OrgqlError; readonly clear: () => void } | undefined {
  if (flags.timeout === undefined) return undefined;
  const ms = parseDurationMs(flags.timeout);
  if (ms === undefined || ms <= 0) throw badFlag('--timeout', flags.timeout, 'a duration', '90s');
  const error = new OrgqlError('timeout', `The statement took longer than ${flags.timeout}`, {
    detail: '--timeout set this limit',
    hint: 'allow more time, or narrow the statement; orgql explain shows what it costs',
  });
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(error), ms);
  return { signal: controller.signal, error, clear: () => clearTimeout(timer) };
}
