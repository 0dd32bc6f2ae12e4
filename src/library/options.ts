import { checkOrgUrl } from '../config/org-url.ts';
import { parseShare } from '../config/quantities.ts';
import type { OrgConfig, SecretSource, SessionConfig } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';

/** A secret: the text itself, or where it is read from when it is first needed. */
export type TokenOption = string | { readonly env: string } | { readonly file: string } | { readonly command: readonly string[] };

/** An OAuth service app (client credentials with a private key). */
export interface OAuthOptions {
  readonly clientId: string;
  /** PEM or JWK text, or where to read it. */
  readonly privateKey: TokenOption;
  readonly keyId?: string;
  /** Such as `okta.users.read`. */
  readonly scopes: readonly string[];
  /** Bind access tokens to a key, for apps that require it. Default false. */
  readonly dpop?: boolean;
}

export interface OrgOptions {
  /** `https://acme.okta.com`; http to this machine only. Needed for the provider `okta`. */
  readonly orgUrl?: string;
  /** An API token (SSWS). */
  readonly token?: TokenOption | undefined;
  /** An OAuth access token. */
  readonly bearer?: TokenOption | undefined;
  readonly oauth?: OAuthOptions;
  /** Default `okta`. */
  readonly provider?: string;
  /** Share of each of the org's rate limits that this process may use: `0.25` or `'25%'`. Default 0.9. */
  readonly budget?: number | string;
  /** The most requests under way at once. */
  readonly maxConcurrency?: number;
  /** The longest that one request may take. */
  readonly timeoutMs?: number;
  /** Values of server variables in the provider's documents. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface OpenOptions {
  /** Orgs by the name that `WHERE subdomain = '...'` uses. `demo` exists always. */
  readonly orgs?: Readonly<Record<string, OrgOptions>>;
  /** The org that a statement means when it names none. Default: the only one, else `demo`. */
  readonly defaultOrg?: string;
  /** Folders of provider documents besides the built-in ones. */
  readonly providers?: readonly string[];
  /** Where local tables, views and statistics are kept. Default: in memory. */
  readonly dataDirectory?: string;
  /** Pins `now()` in SQL: for tests. */
  readonly now?: Date | number;
  /** The most memory that the SQL engine takes before it spills, such as `2GB`. */
  readonly memoryLimit?: string;
  /** Files and folders that `read_csv`, `read_json` and `COPY` may reach. Default none. */
  readonly allowedPaths?: readonly string[];
  /** Variables that `{ env: ... }` of a token, proxies (`HTTPS_PROXY`, `NO_PROXY`) and providers' documents name. Default: `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** What a session is opened with. Throws `invalid_config`. */
export function sessionConfigOf(options: OpenOptions): SessionConfig {
  const orgs = Object.entries(options.orgs ?? {}).map(([name, org]) => orgConfigOf(name, org));
  const names = [...orgs.map((org) => org.name), 'demo'];
  if (options.defaultOrg !== undefined && !names.includes(options.defaultOrg))
    throw invalid(`defaultOrg names "${options.defaultOrg}", which is no org of this connection`, `the orgs are ${names.join(', ')}`);
  const now = options.now instanceof Date ? options.now.getTime() : options.now;
  return {
    orgs,
    ...(options.defaultOrg === undefined ? {} : { defaultOrg: options.defaultOrg }),
    ...(options.providers === undefined ? {} : { providerRoots: options.providers }),
    ...(options.dataDirectory === undefined ? {} : { dataDirectory: options.dataDirectory }),
    ...(now === undefined ? {} : { now }),
    ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
    ...(options.allowedPaths === undefined ? {} : { allowedPaths: options.allowedPaths }),
  };
}

function orgConfigOf(name: string, org: OrgOptions): OrgConfig {
  if (name === 'demo') throw invalid('The name "demo" is taken by the built-in org', 'give the org another name');
  const provider = org.provider ?? 'okta';
  if (org.orgUrl === undefined && provider === 'okta')
    throw invalid(`The org "${name}" has no orgUrl`, `add  orgUrl: 'https://${name}.okta.com'`);
  const check = org.orgUrl === undefined ? undefined : checkOrgUrl(org.orgUrl);
  if (check?.kind === 'bad') throw invalid(`The orgUrl of "${name}" cannot be used: ${check.why}`, check.fix);
  const budget = org.budget === undefined ? 0.9 : parseShare(org.budget);
  if (budget === undefined)
    throw invalid(`The budget of "${name}" is ${JSON.stringify(org.budget)}`, 'write a share above 0 and at most 1, such as 0.25');
  return {
    name,
    provider,
    orgUrl: check?.origin,
    secret: secretOf(name, org),
    budget,
    ...(org.maxConcurrency === undefined ? {} : { maxConcurrency: org.maxConcurrency }),
    ...(org.timeoutMs === undefined ? {} : { timeoutMs: org.timeoutMs }),
    ...(org.variables === undefined ? {} : { serverVariables: org.variables }),
    origin: 'open()',
  };
}

function secretOf(name: string, org: OrgOptions): SecretSource | undefined {
  if ([org.token, org.bearer, org.oauth].filter((given) => given !== undefined).length > 1)
    throw invalid(`The org "${name}" has more than one of token, bearer and oauth`, 'keep one');
  if (org.token !== undefined) return sourceOf(org.token);
  if (org.bearer !== undefined) return { kind: 'bearer', token: sourceOf(org.bearer) };
  if (org.oauth === undefined) return undefined;
  const { clientId, privateKey, keyId, scopes, dpop } = org.oauth;
  return {
    kind: 'oauth',
    clientId,
    privateKey: sourceOf(privateKey),
    ...(keyId === undefined ? {} : { keyId }),
    scopes,
    dpop: dpop === true,
  };
}

function sourceOf(option: TokenOption): SecretSource {
  if (typeof option === 'string') return { kind: 'literal', value: option };
  if ('env' in option) return { kind: 'env', variable: option.env };
  if ('file' in option) return { kind: 'file', path: option.file };
  return { kind: 'command', command: option.command };
}

function invalid(message: string, hint: string): OrgqlError {
  return new OrgqlError('invalid_config', message, { hint });
}
