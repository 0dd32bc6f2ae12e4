/** Every setting, in one place: validation, `--help`, `orgql help env` and the documentation are printed from here. */
export interface Setting {
  /** Key in the configuration file; `orgs.*.x` is a key of an org. `undefined`: not settable in a file. */
  readonly key: string | undefined;
  /** Environment variables, the first that is set counts. */
  readonly env: readonly string[];
  /** The command line's flag. */
  readonly flag: string | undefined;
  /** What the value is, for people: `share`, `file`, `list of folders`. */
  readonly type: string;
  readonly default: string | undefined;
  /** True: in a project's own file it counts only once `orgql org trust` was given, since it could send a credential elsewhere or run a command. */
  readonly needsTrust: boolean;
  readonly description: string;
}

const plain = { key: undefined, env: [], flag: undefined, default: undefined, needsTrust: false } as const;

export const SETTINGS: readonly Setting[] = [
  {
    ...plain,
    env: ['ORGQL_CONFIG'],
    flag: '--config',
    type: 'file',
    default: './orgql.yaml, then the user file',
    description: 'The configuration file. A file named so is trusted.',
  },
  {
    ...plain,
    key: 'default_org',
    env: ['ORGQL_ORG'],
    flag: '--org',
    type: 'name',
    default: 'the only org, else demo',
    description: 'The org that a statement means when it names none.',
  },
  { ...plain, key: 'orgs', type: 'map of orgs', needsTrust: false, description: 'The orgs by name; the keys of each are below.' },
  {
    ...plain,
    key: 'orgs.*.org_url',
    env: ['OKTA_CLIENT_ORGURL'],
    type: 'URL',
    needsTrust: true,
    description: 'Where the org is, such as https://acme.okta.com. http is allowed to this machine only.',
  },
  { ...plain, key: 'orgs.*.provider', type: 'name', default: 'okta', description: 'The provider whose relations the org serves.' },
  {
    ...plain,
    key: 'orgs.*.token',
    env: ['OKTA_CLIENT_TOKEN', 'OKTA_API_TOKEN'],
    type: 'token, or file:PATH',
    needsTrust: true,
    description: 'The API token, or the file that holds it.',
  },
  {
    ...plain,
    key: 'orgs.*.token_env',
    type: 'variable name',
    needsTrust: true,
    description: 'The environment variable that holds the API token.',
  },
  { ...plain, key: 'orgs.*.token_type', type: 'ssws or bearer', default: 'ssws', description: 'How the token is presented.' },
  {
    ...plain,
    key: 'orgs.*.command',
    type: 'list: program and arguments',
    needsTrust: true,
    description: 'A program that prints the API token.',
  },
  { ...plain, key: 'orgs.*.oauth', type: 'map', needsTrust: true, description: 'An OAuth service app instead of an API token.' },
  {
    ...plain,
    key: 'orgs.*.oauth.client_id',
    env: ['OKTA_CLIENT_CLIENTID', 'OKTA_API_CLIENT_ID'],
    type: 'text',
    needsTrust: true,
    description: 'The client ID of the service app.',
  },
  {
    ...plain,
    key: 'orgs.*.oauth.private_key',
    env: ['OKTA_CLIENT_PRIVATEKEY', 'OKTA_API_PRIVATE_KEY'],
    type: 'PEM or JWK, or file:PATH',
    needsTrust: true,
    description: 'The private key that signs the client assertion.',
  },
  {
    ...plain,
    key: 'orgs.*.oauth.private_key_env',
    type: 'variable name',
    needsTrust: true,
    description: 'The environment variable that holds the private key.',
  },
  {
    ...plain,
    key: 'orgs.*.oauth.key_id',
    env: ['OKTA_CLIENT_KEYID', 'OKTA_CLIENT_PRIVATEKEYID', 'OKTA_API_PRIVATE_KEY_ID'],
    type: 'text',
    needsTrust: true,
    description: 'The ID of the key (kid).',
  },
  {
    ...plain,
    key: 'orgs.*.oauth.scopes',
    env: ['OKTA_CLIENT_SCOPES', 'OKTA_API_SCOPES'],
    type: 'list or text',
    needsTrust: true,
    description: 'The scopes to ask for, such as okta.users.read.',
  },
  {
    ...plain,
    key: 'orgs.*.oauth.dpop',
    type: 'true or false',
    default: 'false',
    needsTrust: true,
    description: 'Bind access tokens to a key (DPoP), for apps that require it.',
  },
  {
    ...plain,
    key: 'orgs.*.budget',
    env: ['ORGQL_BUDGET'],
    flag: '--budget',
    type: 'share, such as 25% or 0.25',
    default: '90%',
    description: "The share of each of the org's rate limits that this process may use.",
  },
  {
    ...plain,
    key: 'orgs.*.max_concurrency',
    type: 'whole number from 1',
    default: '8',
    description: 'The most requests under way at once.',
  },
  {
    ...plain,
    key: 'orgs.*.request_timeout',
    env: ['OKTA_CLIENT_REQUEST_TIMEOUT'],
    type: 'duration, such as 60s',
    default: '60s',
    description: 'The longest that one request may take.',
  },
  {
    ...plain,
    key: 'orgs.*.variables',
    type: 'map',
    needsTrust: true,
    description: "Values of the server variables in the provider's documents.",
  },
  {
    ...plain,
    key: 'providers',
    env: ['ORGQL_PROVIDERS'],
    type: 'list of folders',
    needsTrust: true,
    description: 'Folders with provider documents, besides the built-in and the installed ones.',
  },
  {
    ...plain,
    key: 'memory_limit',
    env: ['ORGQL_MEMORY_LIMIT'],
    type: 'size, such as 2GB',
    default: 'half of the memory',
    description: 'The most memory that the SQL engine takes before it spills to disk.',
  },
  {
    ...plain,
    env: ['ORGQL_DATA'],
    type: 'folder',
    default: '$XDG_DATA_HOME/orgql',
    description: 'Where the local database and installed providers live.',
  },
  { ...plain, env: ['ORGQL_NOW'], type: 'RFC 3339 time', description: 'Pins now(), for tests.' },
  { ...plain, env: ['ORGQL_CLOCK'], type: 'URL', description: 'An emulated org in whose time the command line waits, for tests.' },
  {
    ...plain,
    env: ['OKTA_ORG_NAME'],
    flag: '--subdomain',
    type: 'text',
    description: 'The org that OKTA_API_TOKEN serves: the host is this and OKTA_BASE_URL.',
  },
  { ...plain, env: ['OKTA_BASE_URL'], type: 'domain', default: 'okta.com', description: 'The domain that OKTA_ORG_NAME is a host of.' },
  { ...plain, env: ['OKTA_ACCESS_TOKEN'], type: 'token', description: 'An OAuth access token instead of OKTA_API_TOKEN.' },
  {
    ...plain,
    env: ['OKTA_HTTP_PROXY'],
    type: 'URL',
    description: 'The base URL to use instead of that of OKTA_ORG_NAME, as in Terraform.',
  },
  {
    ...plain,
    env: ['OKTA_CLIENT_AUTHORIZATIONMODE'],
    type: 'SSWS, Bearer or PrivateKey',
    default: 'SSWS',
    description: 'What OKTA_CLIENT_TOKEN is, or that a private key is used.',
  },
  {
    ...plain,
    env: ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'],
    type: 'URL; list of hosts',
    description: 'The proxy to reach an API through, and the hosts that need none.',
  },
  { ...plain, env: ['NODE_EXTRA_CA_CERTS'], type: 'file', description: 'Further certificate authorities to believe.' },
  {
    ...plain,
    env: ['NO_COLOR', 'ORGQL_NO_COLOR', 'FORCE_COLOR'],
    flag: '--no-color',
    type: 'any text',
    description: 'Switches colour off, or on.',
  },
];

/** The keys below `orgs.*`, or below `orgs.*.oauth`. */
export function keysBelow(prefix: string): readonly string[] {
  const keys: string[] = [];
  for (const { key } of SETTINGS) {
    if (key?.startsWith(prefix) && !key.slice(prefix.length).includes('.')) keys.push(key.slice(prefix.length));
  }
  return keys;
}

/** The keys of the file itself. */
export function topLevelKeys(): readonly string[] {
  return keysBelow('').filter((key) => !key.includes('.'));
}

/** True where a project file's key needs trust. `key` as in the table. */
export function needsTrust(key: string): boolean {
  return SETTINGS.find((setting) => setting.key === key)?.needsTrust ?? false;
}
