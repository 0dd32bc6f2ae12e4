import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { directoriesOf } from '../../config/directories.ts';
import type { Session } from '../../session-types.ts';
import type { FlagValues } from '../flags.ts';
import type { Io } from '../io.ts';
import { openConfiguredSession } from '../open-session.ts';
import { FORMATS, type FormatName, findFormat } from '../output/formats.ts';
import { asOrgqlError, printError } from '../print-error.ts';
import { endsStatement } from '../statement-end.ts';
import { runStatements } from '../statements.ts';
import { executeOptions, formatOf } from './exec.ts';

const MOST_HISTORY = 1000;
// A line that may hold a secret is not kept.
const SECRET = /password|secret|token|private_?key|credential/i;
const HELP = `Statements end with ";". Commands:
  \\o FORMAT   output format: ${Object.keys(FORMATS).join(', ')}
  \\x          one value a line, and back
  \\d NAME     DESCRIBE EXTENDED NAME
  \\h          this help
  \\q          leave (also Ctrl-D)
Ctrl-C stops a running statement, or takes back what was typed.
`;

/** `orgql shell`: statements typed one after another, on one session. Resolves to the exit status. */
export async function shellCommand(io: Io, flags: FlagValues): Promise<number> {
  const format = formatOf(flags, 'table');
  const session = await openConfiguredSession(io, flags);
  const historyFile = join(directoriesOf(io).state, 'history');
  const isTerminal = io.stdin.isTTY === true;
  const history = isTerminal ? await readHistory(historyFile) : [];
  const reader = createInterface({
    input: io.stdin,
    ...(isTerminal ? { output: process.stderr, history, historySize: MOST_HISTORY, removeHistoryDuplicates: true } : {}),
    terminal: isTerminal,
  });
  let current = history;
  reader.on('history', (entries: string[]) => {
    current = entries;
  });
  if (isTerminal) io.stderr.write('Type \\h for help, \\q to leave.\n');
  try {
    await readLoop(io, session, flags, reader, format, isTerminal);
    return 0;
  } finally {
    reader.close();
    if (isTerminal) await writeHistory(historyFile, current);
    await session.close();
  }
}

async function readLoop(
  io: Io,
  session: Session,
  flags: FlagValues,
  reader: ReturnType<typeof createInterface>,
  initial: FormatName,
  isTerminal: boolean,
): Promise<void> {
  let format = initial;
  let typed = '';
  let running: AbortController | undefined;
  const prompt = (): void => {
    if (!isTerminal) return;
    reader.setPrompt(typed === '' ? 'orgql> ' : '   ... ');
    reader.prompt();
  };
  reader.on('SIGINT', () => {
    if (running !== undefined) {
      running.abort();
      return;
    }
    typed = '';
    io.stderr.write('\n');
    prompt();
  });
  const ask = (question: string): Promise<string> => new Promise((resolve) => reader.question(question, resolve));
  prompt();
  for await (const line of reader) {
    const command = typed === '' && line.startsWith('\\') ? line.trim() : undefined;
    if (command === '\\q') return;
    let sql: string | undefined;
    if (command !== undefined) {
      const [name, argument = ''] = command.split(/\s+/, 2);
      if (name === '\\d') sql = argument === '' ? 'SHOW PROVIDERS' : `DESCRIBE EXTENDED ${argument}`;
      else format = shellSetting(io, name ?? '', argument, format);
    } else {
      typed += `${typed === '' ? '' : '\n'}${line}`;
      if (endsStatement(typed)) {
        sql = typed;
        typed = '';
      } else if (typed.trim() === '') typed = '';
    }
    if (sql !== undefined) {
      running = new AbortController();
      await runOne(io, session, flags, sql, format, AbortSignal.any([io.signal, running.signal]), ask);
      running = undefined;
      if (io.signal.aborted) return;
    }
    prompt();
  }
  if (typed.trim() !== '') await runOne(io, session, flags, typed, format, io.signal, ask);
}

function shellSetting(io: Io, name: string, argument: string, format: FormatName): FormatName {
  if (name === '\\x') return format === 'vertical' ? 'table' : 'vertical';
  if (name === '\\o') {
    const found = findFormat(argument);
    if (found === undefined) io.stderr.write(`The formats are ${Object.keys(FORMATS).join(', ')}\n`);
    return found ?? format;
  }
  io.stderr.write(HELP);
  return format;
}

/** Runs what was typed; an error is shown, and the shell goes on. */
async function runOne(
  io: Io,
  session: Session,
  flags: FlagValues,
  sql: string,
  format: FormatName,
  signal: AbortSignal,
  ask: (question: string) => Promise<string>,
): Promise<void> {
  let clearProgress: () => void = () => {};
  try {
    await runStatements(session, sql, io, {
      format,
      formatOptions: { hasHeader: flags.hideHeader !== true, delimiter: ',', isCsvSafe: flags.csvSafe === true, clock: io.now },
      execute: executeOptions(io, flags, signal, () => clearProgress(), ask),
      sink: io.stdout,
      receiptFile: undefined,
      isVerbose: flags.verbose === true,
      onProgressLine: (clear) => {
        clearProgress = clear;
      },
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'ClosedOutput') throw error;
    io.stderr.write(printError(asOrgqlError(error), { useColour: io.stderr.useColour, isVerbose: flags.verbose === true }));
  }
}

async function readHistory(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, MOST_HISTORY);
}

/** Newest first, as readline keeps it; for this user's eyes only. */
async function writeHistory(file: string, entries: readonly string[]): Promise<void> {
  const kept = entries.filter((line) => line.trim() !== '' && !SECRET.test(line)).slice(0, MOST_HISTORY);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, `${kept.join('\n')}\n`, { mode: 0o600 });
  } catch {
    // A history that cannot be kept is no reason to fail.
  }
}
