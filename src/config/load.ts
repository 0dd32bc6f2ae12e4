import { isAbsolute, join, relative, resolve } from 'node:path';
import type { OrgConfig, SessionConfig } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import { type Directories, directoriesOf } from './directories.ts';
import { environmentOrgs } from './environment.ts';
import { DEFAULT_BUDGET, noticeUnknownKeys, type OrgEntry, readOrgEntry, resolvePath } from './org-entry.ts';
import { hostLabel } from './org-url.ts';
import { parseShare } from './quantities.ts';
import { topLevelKeys } from './settings.ts';
import { readStackqlAuth, type StackqlAuth } from './stackql-auth.ts';
import { openTrustStore } from './trust.ts';
import { isObject, readYamlFile, type YamlFile } from './yaml-file.ts';

/** The built-in emulated org: exists always, cannot be configured. */
export const DEMO_ORG = 'demo';

export interface ConfigInputs {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
  /** `--config FILE`. */
  readonly configFile?: string;
  /** `--org NAME`. */
  readonly org?: string;
  /** `--subdomain NAME`. */
  readonly subdomain?: string;
  /** `--budget SHARE`. */
  readonly budget?: string;
  /** StackQL's `--auth`. */
  readonly stackqlAuth?: string;
  /** `--allow-path PATH`, any number. */
  readonly allowedPaths?: readonly string[];
}

export interface LoadedConfig {
  readonly session: SessionConfig;
  readonly directories: Directories;
  readonly files: readonly { readonly label: string; readonly path: string; readonly isTrusted: boolean }[];
  /** For stderr: what was ignored or changed, and why. */
  readonly notices: readonly string[];
}

/**
 * Everything a session is opened with, from flags, environment and files, in this order of rank.
 * A file named by flag or environment is the only one read; else `./orgql.yaml` stands over the user's own file.
 * Throws `invalid_config`, `unknown_org`. No secret is read here.
 */
export async function loadConfig(inputs: ConfigInputs): Promise<LoadedConfig> {
  const notices: string[] = [];
  const notice = (message: string): void => {
    notices.push(message);
  };
  const directories = directoriesOf(inputs);
  const store = openTrustStore(directories.state);
  const sources = await findFiles(inputs, directories, (file) => store.isTrusted(file.path, file.text));

  const orgs = new Map<string, OrgConfig>();
  const untrusted = new Map<string, string>();
  const providerRoots: string[] = [];
  let defaultOrg: { readonly name: string; readonly file: YamlFile } | undefined;
  let memoryLimit: string | undefined;

  // From the lowest rank up: what comes later prevails.
  for (const { file, isTrusted } of sources.toReversed()) {
    noticeUnknownKeys(file, [], file.content, topLevelKeys(), notice);
    for (const entry of readOrgEntries(file, inputs.home, notice)) mergeOrg(entry, { file, isTrusted, orgs, untrusted, notice });
    const named = textSetting(file, 'default_org');
    if (named !== undefined) defaultOrg = { name: named, file };
    memoryLimit = textSetting(file, 'memory_limit') ?? memoryLimit;
    const folders = providerFolders(file);
    if (folders.length > 0 && !isTrusted)
      notice(`${file.label}: providers do not count, as nobody has trusted the file; to trust it:  orgql org trust ${file.label}`);
    else providerRoots.push(...folders.map((folder) => resolvePath(folder, file.path, inputs.home)));
  }
  for (const folder of (inputs.env.ORGQL_PROVIDERS ?? '').split(process.platform === 'win32' ? ';' : ':'))
    if (folder !== '') providerRoots.push(resolve(inputs.cwd, folder));

  const environment = await environmentOrgs({
    ...inputs,
    subdomain: subdomainToMake(inputs.subdomain, orgs),
    isTrusted: (file) => store.isTrusted(file.path, file.text),
    notice,
  });
  const named = environment.map((org) => addEnvironmentOrg(org, orgs));

  if (inputs.stackqlAuth !== undefined) addStackqlAuth(readStackqlAuth(inputs.stackqlAuth), named[0], orgs);

  const budget = budgetOf(inputs);
  const all = [...orgs.values()].map((org) => (budget === undefined ? org : { ...org, budget }));
  const known = [
    ...all.flatMap((org) => [org.name, ...(org.orgUrl === undefined ? [] : [hostLabel(org.orgUrl)])]),
    ...untrusted.keys(),
    DEMO_ORG,
  ];
  const chosen = chooseDefault(inputs, named[0], defaultOrg, known);
  const now = pinnedTime(inputs.env.ORGQL_NOW);
  memoryLimit = inputs.env.ORGQL_MEMORY_LIMIT ?? memoryLimit;
  return {
    session: {
      orgs: all,
      ...(chosen === undefined ? defaultOfFew(all, untrusted) : { defaultOrg: chosen }),
      ...(untrusted.size === 0 ? {} : { untrustedOrgs: [...untrusted].map(([name, file]) => ({ name, file })) }),
      providerRoots: [...providerRoots.toReversed(), join(directories.data, 'providers')],
      dataDirectory: directories.data,
      ...(now === undefined ? {} : { now }),
      ...(memoryLimit === undefined ? {} : { memoryLimit }),
      ...(inputs.allowedPaths === undefined || inputs.allowedPaths.length === 0
        ? {}
        : { allowedPaths: inputs.allowedPaths.map((path) => resolve(inputs.cwd, path)) }),
    },
    directories,
    files: sources.map(({ file, isTrusted }) => ({ label: file.label, path: file.path, isTrusted })),
    notices,
  };
}

interface Source {
  readonly file: YamlFile;
  readonly isTrusted: boolean;
}

async function findFiles(
  inputs: ConfigInputs,
  directories: Directories,
  isTrusted: (file: YamlFile) => Promise<boolean>,
): Promise<Source[]> {
  const named = inputs.configFile ?? (inputs.env.ORGQL_CONFIG === '' ? undefined : inputs.env.ORGQL_CONFIG);
  if (named !== undefined) {
    const file = await readYamlFile(resolve(inputs.cwd, named), named);
    if (file === undefined) {
      throw new OrgqlError('invalid_config', `There is no configuration file ${named}`, {
        detail: inputs.configFile === undefined ? 'ORGQL_CONFIG names it' : '--config names it',
        hint: 'check the path',
      });
    }
    return [{ file, isTrusted: true }];
  }
  const sources: Source[] = [];
  const project = await readYamlFile(join(inputs.cwd, 'orgql.yaml'), './orgql.yaml');
  if (project !== undefined) sources.push({ file: project, isTrusted: await isTrusted(project) });
  const userPath = join(directories.config, 'config.yaml');
  const user = await readYamlFile(userPath, shorten(userPath, inputs.home));
  if (user !== undefined) sources.push({ file: user, isTrusted: true });
  return sources;
}

function readOrgEntries(file: YamlFile, home: string, notice: (message: string) => void): OrgEntry[] {
  const orgs = file.content.orgs;
  if (orgs === undefined || orgs === null) return [];
  if (!isObject(orgs))
    throw file.complain(['orgs'], 'value', 'orgs must be a map of names', {
      hint: 'write  orgs: { acme: { org_url: https://acme.okta.com, token_env: ACME_TOKEN } }',
    });
  return Object.entries(orgs).map(([name, entry]) => {
    if (name === DEMO_ORG)
      throw file.complain(['orgs', name], 'key', `the name "${DEMO_ORG}" is taken by the built-in org`, {
        hint: 'give the org another name',
      });
    return readOrgEntry(file, name, entry, { home, notice });
  });
}

function mergeOrg(
  entry: OrgEntry,
  into: {
    file: YamlFile;
    isTrusted: boolean;
    orgs: Map<string, OrgConfig>;
    untrusted: Map<string, string>;
    notice: (message: string) => void;
  },
): void {
  const { file, isTrusted, orgs, untrusted, notice } = into;
  const below = orgs.get(entry.name);
  if (!isTrusted && entry.sensitiveKeys.length > 0) {
    if (below === undefined) untrusted.set(entry.name, file.label);
    else
      notice(
        `${file.label}: ${entry.sensitiveKeys.join(', ')} of the org "${entry.name}" do not count, as nobody has trusted the file; to trust it:  orgql org trust ${file.label}`,
      );
  } else {
    const org = entry.org();
    // Whole, never key by key: a token must not meet the address that another file gives.
    if (org !== undefined) {
      orgs.set(entry.name, org);
      return;
    }
    if (below === undefined)
      throw file.complain(['orgs', entry.name], 'key', `the org "${entry.name}" has no org_url`, {
        hint: `add  org_url: https://${entry.name}.okta.com`,
      });
  }
  if (below !== undefined) orgs.set(entry.name, { ...below, ...entry.tuning });
}

/** `--subdomain` of an org that a file configures means that one. */
function subdomainToMake(subdomain: string | undefined, orgs: ReadonlyMap<string, OrgConfig>): string | undefined {
  if (subdomain === undefined || subdomain === DEMO_ORG) return undefined;
  return findOrg(subdomain, [...orgs.values()]) === undefined ? subdomain : undefined;
}

function findOrg(name: string, orgs: readonly OrgConfig[]): OrgConfig | undefined {
  const wanted = name.toLowerCase();
  return (
    orgs.find((org) => org.name.toLowerCase() === wanted) ??
    orgs.find((org) => org.orgUrl !== undefined && hostLabel(org.orgUrl).toLowerCase() === wanted)
  );
}

/** The environment prevails over a file's org of the same name and address; of another address, it gets its whole host as its name. */
function addEnvironmentOrg(org: OrgConfig, orgs: Map<string, OrgConfig>): string {
  const existing = orgs.get(org.name);
  const isTaken = org.name === DEMO_ORG || (existing !== undefined && existing.orgUrl !== org.orgUrl);
  const name = isTaken && org.orgUrl !== undefined ? new URL(org.orgUrl).host : org.name;
  const tuning = existing !== undefined && !isTaken ? existing : undefined;
  const secret = org.secret ?? tuning?.secret;
  orgs.set(name, { ...(tuning ?? {}), ...org, name, secret, budget: tuning?.budget ?? org.budget });
  return name;
}

/** Credentials of StackQL's `--auth`: okta's go to the org that `--subdomain` or the environment names, another provider's make an org of its name. */
function addStackqlAuth(entries: readonly StackqlAuth[], oktaOrg: string | undefined, orgs: Map<string, OrgConfig>): void {
  for (const { provider, secret } of entries) {
    const name = provider === 'okta' ? oktaOrg : provider;
    if (name === undefined || secret === undefined) continue;
    const below: OrgConfig = orgs.get(name) ?? { name, provider, orgUrl: undefined, secret, budget: DEFAULT_BUDGET, origin: '--auth' };
    orgs.set(name, { ...below, secret });
  }
}

function chooseDefault(
  inputs: ConfigInputs,
  environment: string | undefined,
  fromFile: { readonly name: string; readonly file: YamlFile } | undefined,
  known: readonly string[],
): string | undefined {
  const flag = inputs.org ?? (inputs.env.ORGQL_ORG === '' ? undefined : inputs.env.ORGQL_ORG);
  if (flag !== undefined) {
    requireKnown(flag, known, inputs.org === undefined ? 'ORGQL_ORG' : '--org');
    return flag;
  }
  if (inputs.subdomain !== undefined && known.includes(inputs.subdomain)) return inputs.subdomain;
  if (environment !== undefined) return environment;
  if (fromFile === undefined) return undefined;
  if (!known.includes(fromFile.name)) {
    const near = suggest(fromFile.name, known);
    throw fromFile.file.complain(['default_org'], 'value', `default_org names "${fromFile.name}", which is no configured org`, {
      hint: near === undefined ? `configured are: ${known.join(', ')}` : `did you mean "${near}"?`,
    });
  }
  return fromFile.name;
}

function requireKnown(name: string, known: readonly string[], where: string): void {
  if (known.some((candidate) => candidate.toLowerCase() === name.toLowerCase())) return;
  const near = suggest(name, known);
  throw new OrgqlError('unknown_org', `${where} names "${name}", which is no configured org`, {
    detail: `configured are: ${[...new Set(known)].join(', ')}`,
    hint: near === undefined ? 'add it to orgql.yaml, or name one of these' : `did you mean "${near}"?`,
  });
}

/** With one org only, trusted or not, that one is meant: never `demo` instead of an org that still wants trust. */
function defaultOfFew(orgs: readonly OrgConfig[], untrusted: ReadonlyMap<string, string>): { readonly defaultOrg?: string } {
  const names = [...orgs.map((org) => org.name), ...untrusted.keys()];
  return names.length === 1 && names[0] !== undefined ? { defaultOrg: names[0] } : {};
}

function providerFolders(file: YamlFile): readonly string[] {
  const value = file.content.providers;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((folder): folder is string => typeof folder === 'string')) {
    throw file.complain(['providers'], 'value', 'providers must be a list of folders', { hint: 'write  providers: [./providers]' });
  }
  return value;
}

function textSetting(file: YamlFile, key: string): string | undefined {
  const value = file.content[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string')
    throw file.complain([key], 'value', `${key} must be a text`, { hint: `write  ${key}: "${String(value)}"` });
  return value;
}

function budgetOf(inputs: ConfigInputs): number | undefined {
  const text = inputs.budget ?? (inputs.env.ORGQL_BUDGET === '' ? undefined : inputs.env.ORGQL_BUDGET);
  if (text === undefined) return undefined;
  const share = parseShare(text);
  if (share !== undefined) return share;
  const where = inputs.budget === undefined ? 'ORGQL_BUDGET' : '--budget';
  throw new OrgqlError(inputs.budget === undefined ? 'invalid_config' : 'usage', `${where}: "${text}" is no share`, {
    detail: 'a budget is above 0 and at most 100%',
    hint: 'write it as 25% or 0.25',
  });
}

function pinnedTime(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  throw new OrgqlError('invalid_config', `ORGQL_NOW is "${text}"`, { detail: 'it is no time', hint: 'write it as 2026-01-31T12:00:00Z' });
}

function shorten(path: string, home: string): string {
  const inside = relative(home, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : `~/${inside}`;
}
