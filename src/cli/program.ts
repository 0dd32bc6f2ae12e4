import { Command, CommanderError, Option } from 'commander';
import { ERROR_CODES } from '../util/error-codes.ts';
import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import { COMMANDS, type CommandSpec, type Handler } from './commands.ts';
import { FLAGS, type Flag, type FlagValues, STACKQL_ALIASES, STACKQL_FLAGS } from './flags.ts';
import { exampleText, HELP_TOPICS, printTopic } from './help.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

const TOPICS = [...new Set(Object.values(HELP_TOPICS))];

/** Parses the command line and runs its command. Resolves to the exit status. Throws `OrgqlError`. */
export async function runCommandLine(io: Io, args: readonly string[]): Promise<number> {
  let status = 0;
  const output: string[] = [];
  const program = makeProgram(
    io,
    (code) => {
      status = code;
    },
    (text) => output.push(text),
  );
  const known = args.map(ourSpelling);
  if (known.length === 0) {
    await io.stdout.write(shortHelp());
    return 0;
  }
  const topic = known[0] === 'help' ? HELP_TOPICS[known[1] ?? ''] : undefined;
  if (topic !== undefined && known.length === 2) {
    await io.stdout.write(printTopic(topic));
    return 0;
  }
  try {
    await program.parseAsync(known, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, known);
  }
  if (output.length > 0) await io.stdout.write(output.join(''));
  return status;
}

/** The command line as commander sees it; completion walks it too. */
export function makeProgram(io: Io, setStatus: (status: number) => void, write: (text: string) => void): Command {
  const program = new Command('orgql')
    .description('Query, deploy and manage an Okta org with SQL, and any API that a StackQL-format provider document describes.')
    .version(`orgql ${version()}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', `show help for a command, or for a topic: ${TOPICS.join(', ')}`)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: () => {},
      getOutHelpWidth: () => io.stdout.width ?? 100,
      getErrHelpWidth: () => io.stderr.width,
    })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addHelpText('after', () => `\n${exampleText()}\nHelp on a topic:  orgql help ${TOPICS.join(' | ')}\n`);
  for (const flag of [...FLAGS, ...STACKQL_FLAGS]) program.addOption(toOption(flag, true));
  for (const spec of COMMANDS) program.addCommand(makeCommand(spec, io, program, setStatus), { hidden: spec.isHidden === true });
  return program;
}

function makeCommand(spec: CommandSpec, io: Io, program: Command, setStatus: (status: number) => void): Command {
  const command = new Command(spec.name)
    .description(spec.description)
    .copyInheritedSettings(program)
    .configureHelp({
      showGlobalOptions: false,
      visibleOptions: (shown) => [
        ...shown.options.filter((option) => !option.hidden),
        ...flagsOf(spec)
          .map((flag) => toOption(flag, false))
          .filter((option) => !option.hidden),
      ],
    });
  for (const alias of spec.aliases ?? []) command.alias(alias);
  for (const argument of spec.arguments ?? []) command.argument(argument.spelling, argument.description);
  for (const flag of spec.flags ?? []) command.addOption(toOption(flag, false));
  if (spec.examples !== undefined)
    command.addHelpText('after', `\nExamples:\n${spec.examples.map((example) => `  ${example}\n`).join('')}`);
  const run = spec.run;
  if (run !== undefined) {
    command.action(async (...given: readonly unknown[]) => {
      const values = command.optsWithGlobals() as FlagValues & Record<string, unknown>;
      checkFlags(io, program, spec);
      const positional = given.slice(0, spec.arguments?.length ?? 0) as readonly (string | undefined)[];
      const handler: Handler = await run();
      setStatus(await handler(io, positional, values));
    });
  }
  for (const sub of spec.subcommands ?? []) command.addCommand(makeCommand({ ...sub, parent: spec.name }, io, program, setStatus));
  return command;
}

function flagsOf(spec: CommandSpec): readonly Flag[] {
  const name = spec.parent ?? spec.name;
  return FLAGS.filter((flag) => flag.commands === '*' || flag.commands.includes(name));
}

/** A flag that means nothing to this command is a mistake, and StackQL's that do nothing here get a word. */
function checkFlags(io: Io, program: Command, spec: CommandSpec): void {
  for (const option of program.options) {
    if (program.getOptionValueSource(option.attributeName()) !== 'cli') continue;
    const flag = [...FLAGS, ...STACKQL_FLAGS].find((candidate) => candidate.spelling === option.flags);
    if (flag === undefined) continue;
    if (flag.ignoredBecause !== undefined) io.stderr.write(`notice: ${option.long} has no effect: ${flag.ignoredBecause}\n`);
    const name = spec.parent ?? spec.name;
    if (flag.commands !== '*' && !flag.commands.includes(name)) {
      throw new OrgqlError('usage', `${option.long} means nothing to orgql ${name}`, {
        detail: `it belongs to ${flag.commands.join(', ')}`,
        hint: `see  orgql ${name} --help`,
      });
    }
  }
}

function toOption(flag: Flag, isHidden: boolean): Option {
  const option = new Option(flag.spelling, flag.description).hideHelp(isHidden || flag.isHidden === true);
  if (flag.choices !== undefined) option.choices([...flag.choices]);
  if (flag.isRepeatable === true) option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  return option;
}

function ourSpelling(arg: string): string {
  const [name = '', ...rest] = arg.split('=');
  const ours = STACKQL_ALIASES[name];
  return ours === undefined ? arg : [ours, ...rest].join('=');
}

/** What people would pass a secret by. */
const SECRET_FLAG = /--?(?:[\w-]*-)?(?:token|password|passwd|secret|api-?key|ssws|bearer)\b/i;

/** Commander's refusal in our words. */
function usageError(error: CommanderError, args: readonly string[]): OrgqlError {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion?.replace(/^\(|\)$/g, '');
  if (error.code === 'commander.help') {
    const name = args.find((arg) => !arg.startsWith('-')) ?? '';
    if (name === 'help') return noHelpOn(args[args.indexOf(name) + 1] ?? '');
    const subcommands = (COMMANDS.find((spec) => spec.name === name)?.subcommands ?? []).map((sub) => sub.name);
    return new OrgqlError('usage', `orgql ${name} needs to know what to do`, {
      detail: `it can ${subcommands.join(', ')}`,
      hint: `for example:  orgql ${name} ${subcommands[0]}`,
    });
  }
  if (error.code === 'commander.unknownOption') {
    const word = /'([^']*)'/.exec(message)?.[1] ?? '';
    const near = suggest(
      word.split('=')[0] ?? '',
      FLAGS.flatMap((flag) => flag.spelling.split(/[ ,]+/)).filter((part) => part.startsWith('--')),
    );
    if (near !== undefined && !SECRET_FLAG.test(word))
      return new OrgqlError('usage', `There is no flag "${word}"`, { hint: `did you mean ${near}?` });
  }
  if (error.code === 'commander.unknownCommand') {
    const word = args.find((arg) => !arg.startsWith('-')) ?? '';
    const near = suggest(
      word,
      COMMANDS.filter((spec) => spec.isHidden !== true).map((spec) => spec.name),
    );
    const looksLikeSql = /^\s*(select|insert|update|delete|exec|show|describe|with|from)\s/i.test(word);
    return new OrgqlError('usage', `There is no command "${word}"`, {
      hint: looksLikeSql
        ? `SQL goes to exec:  orgql exec "${word.split('\n')[0]}"`
        : near === undefined
          ? 'see  orgql --help'
          : `did you mean  orgql ${near}?`,
    });
  }
  if (SECRET_FLAG.test(message)) {
    return new OrgqlError('usage', 'A secret does not belong on the command line', {
      detail: 'other users of this machine can read it in the list of processes, and the shell keeps it in its history',
      hint: 'put it into an environment variable and name that in orgql.yaml (token_env), or into a file (token: file:PATH)',
    });
  }
  return new OrgqlError('usage', `${message.charAt(0).toUpperCase()}${message.slice(1)}`, {
    hint: hint === undefined || hint.startsWith('outputHelp') ? 'see  orgql --help' : hint,
  });
}

function noHelpOn(word: string): OrgqlError {
  const near = suggest(word, [...Object.keys(HELP_TOPICS), ...COMMANDS.filter((spec) => spec.isHidden !== true).map((spec) => spec.name)]);
  return new OrgqlError('usage', `There is no help on "${word}"`, {
    detail: `there is on each command, and on ${TOPICS.join(', ')}`,
    hint: near === undefined ? 'see  orgql --help' : `did you mean  orgql help ${near}?`,
  });
}

function shortHelp(): string {
  const commands = COMMANDS.filter((spec) => spec.isHidden !== true).map((spec) => `  ${spec.name.padEnd(12)}${spec.description}\n`);
  return `orgql ${version()}: an Okta org as SQL\n\n${exampleText()}\nCommands:\n${commands.join('')}\nMore:  orgql --help, orgql help <command>\n`;
}

/** Every exit status with what it means: from the table of error codes. */
export function exitStatuses(): ReadonlyMap<number, readonly string[]> {
  const statuses = new Map<number, string[]>();
  for (const [code, { exitStatus }] of Object.entries(ERROR_CODES)) statuses.set(exitStatus, [...(statuses.get(exitStatus) ?? []), code]);
  return statuses;
}
