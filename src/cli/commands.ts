import type { Flag, FlagValues } from './flags.ts';
import type { Io } from './io.ts';

/** Runs a command with its positional arguments and flags; resolves to the exit status. */
export type Handler = (
  io: Io,
  positional: readonly (string | undefined)[],
  flags: FlagValues & Readonly<Record<string, unknown>>,
) => Promise<number>;

export interface CommandSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly description: string;
  readonly arguments?: readonly { readonly spelling: string; readonly description: string }[];
  /** Its own flags; those shared by several commands are in `FLAGS`. */
  readonly flags?: readonly Flag[];
  readonly examples?: readonly string[];
  readonly subcommands?: readonly CommandSpec[];
  /** Loads what the command needs, when it runs. */
  readonly run?: () => Promise<Handler>;
  readonly isHidden?: boolean;
  /** Set by the program for a subcommand. */
  readonly parent?: string;
}

const sqlArgument = { spelling: '[sql]', description: 'SQL; without it, -i FILE or the standard input' };
const own = (spelling: string, description: string, more: Partial<Flag> = {}): Flag => ({ spelling, description, commands: '*', ...more });

/** Every command, common ones first. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'exec',
    description: 'run SQL and print the rows',
    arguments: [sqlArgument],
    examples: [
      `orgql exec "SELECT id, profile.email FROM okta.user.users WHERE status = 'ACTIVE'"`,
      `orgql exec -i report.sql -o csv -f report.csv --receipt receipt.json`,
      `orgql exec "DELETE FROM okta.session.sessions WHERE sessionId = $id" --param id=102abc --yes`,
    ],
    run: async () => {
      const { execCommand } = await import('./commands/exec.ts');
      return (io, [sql], flags) => execCommand(io, sql, flags);
    },
  },
  {
    name: 'explain',
    description: 'show what SQL would request, without requesting it',
    arguments: [sqlArgument],
    examples: [`orgql explain "SELECT status, count(*) FROM okta.user.users GROUP BY status"`],
    run: async () => {
      const { explainCommand } = await import('./commands/exec.ts');
      return (io, [sql], flags) => explainCommand(io, sql, flags);
    },
  },
  {
    name: 'emulate',
    description: 'serve an emulated Okta org over HTTP',
    flags: [
      own('--port <n>', 'the port; 0 for any free one'),
      own('--host <address>', 'the address to listen at'),
      own('--seed <name>', 'demo, reference, empty, or a JSON file'),
      own('--users <n>', 'users to make beside those of the seed'),
      own('--rate-limits <name>', 'workforce, integrator, one-app or off'),
      own('--faults <file>', 'a JSON file of faults to play'),
      own('--now <time>', 'where its clock starts'),
      own('--token <text>', 'the API token to accept; made up if absent'),
      own('--name <subdomain>', "the org's name; emulated if absent"),
      own('--token-share <share>', 'the part of each rate limit that one token may use'),
      own('--index-delay <duration>', 'how long search lags behind changes'),
      own('--config-out <file>', 'write an orgql.yaml that names it'),
    ],
    examples: ['orgql emulate --port 8080 --seed demo', 'orgql emulate --port 0 --seed empty --users 100000 --config-out lab.yaml'],
    run: async () => {
      const { emulateCommand } = await import('./commands/emulate.ts');
      return (io, _positional, flags) => emulateCommand(io, flags);
    },
  },
];
