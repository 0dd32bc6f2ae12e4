/** One flag of the command line. Parsing, help, completion and the documentation are made from these tables. */
export interface Flag {
  /** As commander reads it: `-o, --output <format>`. */
  readonly spelling: string;
  readonly description: string;
  /** Commands that it means something to; `*` for all. On another command it is a usage error. */
  readonly commands: readonly string[] | '*';
  readonly isRepeatable?: boolean;
  /** What its values may be, for completion and checks. */
  readonly choices?: readonly string[];
  /** Kept for people who come from another tool; not in the help. */
  readonly isHidden?: boolean;
  /** A flag that is accepted and does nothing here: why, said on stderr. */
  readonly ignoredBecause?: string;
}

const RUN = ['exec', 'explain', 'shell'];

/** Flags that stand before or after the command. */
export const FLAGS: readonly Flag[] = [
  { spelling: '-i, --infile <file>', description: 'read the SQL from a file; - is the standard input', commands: ['exec', 'explain'] },
  {
    spelling: '-f, --outfile <file>',
    description: 'write the result to a file, which appears when it is complete; - is the standard output',
    commands: ['exec', 'explain'],
  },
  {
    spelling: '-o, --output <format>',
    description: 'table, json, jsonl, csv, tsv, markdown, vertical or text',
    commands: [...RUN, 'org', 'registry', 'provider', 'demo'],
  },
  {
    spelling: '--param <name=value>',
    description: 'a value for $name as text; name:=value for a number, true, false or null',
    commands: RUN,
    isRepeatable: true,
  },
  { spelling: '--org <name>', description: 'the org that a statement means when it names none', commands: [...RUN, 'org', 'snapshot'] },
  { spelling: '--subdomain <name>', description: 'the org that OKTA_API_TOKEN serves', commands: [...RUN, 'org', 'snapshot'] },
  { spelling: '--config <file>', description: 'the configuration file', commands: '*' },
  { spelling: '-y, --yes', description: 'make changes without asking', commands: RUN },
  { spelling: '--all', description: 'let UPDATE and DELETE run without WHERE', commands: RUN },
  { spelling: '--max-calls <n>', description: 'stop before this many requests', commands: [...RUN, 'org', 'snapshot'] },
  {
    spelling: '--budget <share>',
    description: "share of each of the org's rate limits that may be used, such as 25%",
    commands: [...RUN, 'org', 'snapshot'],
  },
  {
    spelling: '--max-age <duration>',
    description: 'take answers that are no older than this from the cache',
    commands: [...RUN, 'org', 'snapshot'],
  },
  { spelling: '--partial', description: 'give what could be had when a call fails, and exit with 5', commands: RUN },
  {
    spelling: '--unavailable <how>',
    description: 'what a feature that the org lacks gives: error, or null (exit with 5)',
    commands: RUN,
    choices: ['error', 'null'],
  },
  { spelling: '--resume-dir <folder>', description: 'keep the progress of a long read there, and go on from it', commands: RUN },
  {
    spelling: '--receipt <file>',
    description: 'write what was done, and whether the result is complete, as JSON',
    commands: ['exec', 'explain'],
  },
  { spelling: '--allow-path <path>', description: 'a file or folder that SQL may reach', commands: RUN, isRepeatable: true },
  { spelling: '--timeout <duration>', description: 'give up after this long, such as 90s or 5m, and exit with 124', commands: RUN },
  { spelling: '--csv-safe', description: 'make cells harmless that a spreadsheet would run as formulas', commands: RUN },
  { spelling: '-H, --hide-header', description: 'leave the column names out of table, csv and tsv', commands: RUN },
  { spelling: '-d, --delimiter <text>', description: 'what stands between the fields of csv', commands: RUN },
  { spelling: '--no-input', description: 'never ask', commands: RUN },
  { spelling: '--no-color', description: 'no colour', commands: '*' },
  {
    spelling: '--color <when>',
    description: 'colour: always, auto or never',
    commands: '*',
    choices: ['always', 'auto', 'never'],
    isHidden: true,
  },
  { spelling: '-v, --verbose', description: 'say more: request IDs, causes of errors, receipts', commands: '*' },
];

/** Spellings of StackQL that mean one of ours: `[theirs, ours]`. */
export const STACKQL_ALIASES: Readonly<Record<string, string>> = {
  '--hideheaders': '--hide-header',
  '--configfile': '--config',
  '--no-colour': '--no-color',
};

/** StackQL's other flags: taken, so that a script keeps running, with a word on what holds here. */
export const STACKQL_FLAGS: readonly Flag[] = [
  { spelling: '--auth <json>', description: "StackQL's credentials by provider", commands: '*', isHidden: true },
  ...(
    [
      ['--approot <folder>', 'orgql keeps its files in the XDG folders'],
      ['--registry <json>', 'registries are named by the REGISTRY statement and the registry command'],
      ['--http.log.enabled', 'the receipt lists the requests (--receipt FILE)'],
      ['--http.response.maxResults <n>', 'results are never cut short; use LIMIT'],
      ['--http.response.pageLimit <n>', 'results are never cut short; use LIMIT or --max-calls'],
      ['--http.maxResults <n>', 'results are never cut short; use LIMIT'],
      ['--http.pageLimit <n>', 'results are never cut short; use LIMIT or --max-calls'],
      ['--apirequesttimeout <seconds>', 'set request_timeout of the org, or --timeout'],
      ['--execution.concurrency.limit <n>', 'set max_concurrency of the org'],
      ['--querycachesize <n>', 'plans are not cached'],
      ['--loglevel <level>', 'use --verbose'],
      ['--namespaces <json>', 'use CREATE MATERIALIZED VIEW'],
      ['--sqlBackend <json>', 'the engine is built in'],
      ['--dbInternal <json>', 'the engine is built in'],
      ['--gc <json>', 'nothing is kept between runs'],
      ['--store <json>', 'credentials come from orgql.yaml or the environment'],
      ['--session <json>', 'the session has no such settings'],
      ['--colorscheme <name>', 'use NO_COLOR or --no-color'],
      ['--tls.CABundle <file>', 'set NODE_EXTRA_CA_CERTS'],
      ['--tls.allowInsecure', 'certificates are always checked'],
      ['--http.proxy.host <host>', 'set HTTPS_PROXY'],
      ['--http.proxy.port <port>', 'set HTTPS_PROXY'],
      ['--http.proxy.scheme <scheme>', 'set HTTPS_PROXY'],
      ['--http.proxy.user <name>', 'set HTTPS_PROXY'],
      ['--http.proxy.password <password>', 'set HTTPS_PROXY'],
    ] as const
  ).map(([spelling, ignoredBecause]): Flag => ({ spelling, description: "StackQL's", commands: '*', isHidden: true, ignoredBecause })),
];

/** What the flags gave, by the long name in camel case. */
export interface FlagValues {
  readonly infile?: string;
  readonly outfile?: string;
  readonly output?: string;
  readonly param?: readonly string[];
  readonly org?: string;
  readonly subdomain?: string;
  readonly config?: string;
  readonly yes?: boolean;
  readonly all?: boolean;
  readonly maxCalls?: string;
  readonly budget?: string;
  readonly maxAge?: string;
  readonly partial?: boolean;
  readonly unavailable?: string;
  readonly resumeDir?: string;
  readonly receipt?: string;
  readonly allowPath?: readonly string[];
  readonly timeout?: string;
  readonly csvSafe?: boolean;
  readonly hideHeader?: boolean;
  readonly delimiter?: string;
  readonly input?: boolean;
  readonly color?: boolean | string;
  readonly verbose?: boolean;
  readonly auth?: string;
}
