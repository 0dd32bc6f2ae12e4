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
    name: 'shell',
    description: 'type statements one after another',
    run: async () => {
      const { shellCommand } = await import('./commands/shell.ts');
      return (io, _positional, flags) => shellCommand(io, flags);
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
      own('--empty-last-pages', 'let lists end in an empty page'),
      own('--release <date>', 'the release of the API whose shapes it shows; the newest if absent'),
      own('--without <list>', 'what the org cannot do: universalLogout, entitlements, userEmails, consent'),
      own('--config-out <file>', 'write an orgql.yaml that names it'),
    ],
    examples: ['orgql emulate --port 8080 --seed demo', 'orgql emulate --port 0 --seed empty --users 100000 --config-out lab.yaml'],
    run: async () => {
      const { emulateCommand } = await import('./commands/emulate.ts');
      return (io, _positional, flags) => emulateCommand(io, flags);
    },
  },
  {
    name: 'snapshot',
    description: 'write relations whole to Parquet files, by org, relation and day',
    arguments: [{ spelling: '[relations...]', description: 'such as okta.user.users; a relation of children is read along its parents' }],
    flags: [own('--to <folder>', 'where the files go'), own('--resume', 'go on with a snapshot that was interrupted')],
    examples: ['orgql snapshot okta.user.users okta.group.groups okta.group.users --to backup'],
    run: async () => {
      const { snapshotCommand } = await import('./commands/snapshot.ts');
      return (io, [relations], flags) => snapshotCommand(io, (relations as unknown as readonly string[] | undefined) ?? [], flags);
    },
  },
  {
    name: 'org',
    description: 'list, test, trust and analyze configured orgs',
    subcommands: [
      {
        name: 'list',
        description: 'every org, and where its credential comes from',
        run: async () => {
          const { orgListCommand } = await import('./commands/org.ts');
          return (io, _positional, flags) => orgListCommand(io, flags);
        },
      },
      {
        name: 'test',
        description: 'see whether an org answers and takes the credential',
        arguments: [{ spelling: '[name]', description: 'the org; the default one if absent' }],
        run: async () => {
          const { orgTestCommand } = await import('./commands/org.ts');
          return (io, [name], flags) => orgTestCommand(io, name, flags);
        },
      },
      {
        name: 'analyze',
        description: 'count what an org has, so that EXPLAIN knows what a statement costs',
        arguments: [{ spelling: '[name]', description: 'the org; the default one if absent' }],
        flags: [
          own('--relation <name>', 'only this relation, such as okta.user.users; may be given several times', { isRepeatable: true }),
        ],
        examples: ['orgql org analyze acme', 'orgql org analyze acme --relation okta.user.users --max-calls 100'],
        run: async () => {
          const { orgAnalyzeCommand } = await import('./commands/org-analyze.ts');
          return (io, [name], flags) => orgAnalyzeCommand(io, name, flags);
        },
      },
      {
        name: 'trust',
        description: "let a project's orgql.yaml name addresses, credentials and commands, until it changes",
        arguments: [{ spelling: '[file]', description: './orgql.yaml if absent' }],
        run: async () => {
          const { orgTrustCommand } = await import('./commands/org.ts');
          return (io, [file], flags) => orgTrustCommand(io, file, flags);
        },
      },
    ],
  },
  {
    name: 'demo',
    description: 'show the main job on the built-in org',
    run: async () => {
      const { demoCommand } = await import('./commands/demo.ts');
      return (io, _positional, flags) => demoCommand(io, flags);
    },
  },
  {
    name: 'registry',
    description: 'list and install provider documents',
    subcommands: [
      {
        name: 'list',
        description: 'the providers that a registry has, or the versions of one',
        arguments: [{ spelling: '[provider]', description: 'one provider' }],
        run: async () => {
          const { registryCommand } = await import('./commands/registry.ts');
          return (io, [provider], flags) => registryCommand(io, 'LIST', provider, undefined, flags);
        },
      },
      {
        name: 'pull',
        description: 'install a provider',
        arguments: [
          { spelling: '<provider>', description: 'its name' },
          { spelling: '[version]', description: 'the newest if absent' },
        ],
        run: async () => {
          const { registryCommand } = await import('./commands/registry.ts');
          return (io, [provider, version], flags) => registryCommand(io, 'PULL', provider, version, flags);
        },
      },
    ],
  },
  {
    name: 'provider',
    description: 'the providers at hand',
    subcommands: [
      {
        name: 'list',
        description: 'every provider that SQL can name',
        run: async () => {
          const { execSql } = await import('./commands/exec.ts');
          return (io, _positional, flags) => execSql(io, 'SHOW PROVIDERS', flags);
        },
      },
    ],
  },
  {
    name: 'docs',
    description: 'make the documentation of a provider or of orgql, and show it',
    subcommands: [
      {
        name: 'build',
        description: "write a page for every resource of a provider; without --provider, orgql's own site with its manual",
        flags: [
          own('--provider <name>', 'the provider'),
          own('--out <folder>', 'where the site goes; site if absent'),
          own('--format <name>', 'html, or docusaurus for MDX pages of such a site', { choices: ['html', 'docusaurus'] }),
          own('--base-url <url>', 'where the site will be, for its sitemap'),
        ],
        examples: [
          'orgql docs build --provider okta --out site',
          'orgql docs build --provider github --out website/docs --format docusaurus',
        ],
        run: async () => {
          const { docsBuildCommand } = await import('./commands/docs.ts');
          return (io, _positional, flags) => docsBuildCommand(io, flags);
        },
      },
      {
        name: 'serve',
        description: 'show a site that was built',
        flags: [
          own('--out <folder>', 'where the site is; site if absent'),
          own('--port <n>', 'the port, 4321 if absent; 0 for any free one'),
          own('--host <address>', 'the address to listen at'),
        ],
        examples: ['orgql docs serve', 'orgql docs serve --out site --port 0'],
        run: async () => {
          const { docsServeCommand } = await import('./commands/docs.ts');
          return (io, _positional, flags) => docsServeCommand(io, flags);
        },
      },
    ],
  },
  {
    name: 'completion',
    description: 'print a completion script for a shell',
    arguments: [{ spelling: '<shell>', description: 'bash, zsh, fish or pwsh' }],
    examples: ['source <(orgql completion bash)', 'orgql completion fish > ~/.config/fish/completions/orgql.fish'],
    run: async () => {
      const { completionCommand } = await import('./commands/completion.ts');
      return (io, [shell]) => completionCommand(io, shell);
    },
  },
  {
    name: '__complete',
    description: 'candidates for the last word',
    arguments: [{ spelling: '[words...]', description: 'the words so far' }],
    isHidden: true,
    run: async () => {
      const { completeCommand } = await import('./commands/completion.ts');
      return (io, [words]) => completeCommand(io, (words as unknown as readonly string[] | undefined) ?? []);
    },
  },
];
