import { isAbsolute, join, resolve } from 'node:path';
import type { OrgConfig, SecretSource } from '../session-types.ts';
import { suggest } from '../util/suggestions.ts';
import { checkOrgUrl } from './org-url.ts';
import { parseDurationMs, parseShare } from './quantities.ts';
import { keysBelow, needsTrust } from './settings.ts';
import { type ConfigObject, isObject, type YamlFile } from './yaml-file.ts';

export const DEFAULT_BUDGET = 0.9;

/** What one entry below `orgs:` says. `tuning` is what it may say without being trusted. */
export interface OrgEntry {
  readonly name: string;
  /** Keys that count only in a trusted file. */
  readonly sensitiveKeys: readonly string[];
  readonly tuning: Partial<Pick<OrgConfig, 'budget' | 'maxConcurrency' | 'timeoutMs'>>;
  /** The whole org; `undefined` where the entry only tunes one that another file defines. Throws `invalid_config`. */
  readonly org: () => OrgConfig | undefined;
}

export interface ReadEntryOptions {
  readonly home: string;
  readonly notice: (message: string) => void;
}

/** Reads `orgs.<name>`. Throws `invalid_config` for values of the wrong kind; unknown keys are noticed. */
export function readOrgEntry(file: YamlFile, name: string, entry: unknown, options: ReadEntryOptions): OrgEntry {
  const path = ['orgs', name];
  if (!isObject(entry))
    throw file.complain(path, 'value', `the org "${name}" must be a map of settings`, {
      hint: `write  ${name}: { org_url: https://${name}.okta.com, token_env: ${name.toUpperCase().replace(/\W/g, '_')}_TOKEN }`,
    });
  noticeUnknownKeys(file, path, entry, keysBelow('orgs.*.'), options.notice);
  const sensitiveKeys = Object.keys(entry).filter((key) => needsTrust(`orgs.*.${key}`));
  const tuning: { budget?: number; maxConcurrency?: number; timeoutMs?: number } = {};
  if (entry.budget !== undefined) {
    const budget = parseShare(entry.budget);
    if (budget === undefined)
      throw file.complain([...path, 'budget'], 'value', `${JSON.stringify(entry.budget)} is no share`, {
        detail: 'a budget is above 0 and at most 100%',
        hint: 'write it as 25% or 0.25',
      });
    tuning.budget = budget;
  }
  if (entry.max_concurrency !== undefined) {
    const value = entry.max_concurrency;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
      throw file.complain([...path, 'max_concurrency'], 'value', `${JSON.stringify(value)} is no whole number from 1`, {
        hint: 'write it as  max_concurrency: 8',
      });
    tuning.maxConcurrency = value;
  }
  if (entry.request_timeout !== undefined) {
    const ms = parseDurationMs(entry.request_timeout);
    if (ms === undefined || ms <= 0)
      throw file.complain([...path, 'request_timeout'], 'value', `${JSON.stringify(entry.request_timeout)} is no duration`, {
        hint: 'write it as 30s, 2m or 1m30s',
      });
    tuning.timeoutMs = ms;
  }
  return {
    name,
    sensitiveKeys,
    tuning,
    org: () => (sensitiveKeys.length === 0 && entry.provider === undefined ? undefined : orgOf(file, name, entry, tuning, options)),
  };
}

function orgOf(file: YamlFile, name: string, entry: ConfigObject, tuning: OrgEntry['tuning'], options: ReadEntryOptions): OrgConfig {
  const path = ['orgs', name];
  const provider = optionalText(file, path, entry, 'provider') ?? 'okta';
  const orgUrl = readOrgUrl(file, path, entry, provider, options);
  const secret = readSecret(file, path, entry, options);
  const variables = readVariables(file, path, entry);
  return {
    name,
    provider,
    orgUrl,
    secret,
    budget: DEFAULT_BUDGET,
    ...tuning,
    ...(variables === undefined ? {} : { serverVariables: variables }),
    origin: file.label,
  };
}

function readOrgUrl(
  file: YamlFile,
  path: readonly string[],
  entry: ConfigObject,
  provider: string,
  options: ReadEntryOptions,
): string | undefined {
  const value = optionalText(file, path, entry, 'org_url');
  if (value === undefined) {
    if (provider !== 'okta') return undefined;
    const near = suggestKey(Object.keys(entry), 'org_url');
    throw file.complain(path, 'key', `the org "${path[1]}" has no org_url`, {
      hint: near === undefined ? `add  org_url: https://${path[1]}.okta.com` : `rename "${near}" to org_url`,
    });
  }
  const check = checkOrgUrl(value);
  if (check.kind === 'bad')
    throw file.complain([...path, 'org_url'], 'value', `the org_url of "${path[1]}" cannot be used`, {
      detail: check.why,
      hint: check.fix,
    });
  if (check.notice !== undefined) options.notice(`${file.label}: ${check.notice}`);
  return check.origin;
}

const SECRET_KEYS = ['token', 'token_env', 'command', 'oauth'] as const;

function readSecret(file: YamlFile, path: readonly string[], entry: ConfigObject, options: ReadEntryOptions): SecretSource | undefined {
  const given = SECRET_KEYS.filter((key) => entry[key] !== undefined);
  if (given.length > 1) {
    throw file.complain([...path, given[1] ?? ''], 'key', `the org "${path[1]}" has more than one credential: ${given.join(', ')}`, {
      hint: `keep one of them`,
    });
  }
  const source = readSource(file, path, entry, given[0], options);
  const type = optionalText(file, path, entry, 'token_type')?.toLowerCase();
  if (type !== undefined && type !== 'ssws' && type !== 'bearer') {
    throw file.complain([...path, 'token_type'], 'value', `${JSON.stringify(type)} is no token type`, { hint: 'write ssws or bearer' });
  }
  return source !== undefined && type === 'bearer' ? { kind: 'bearer', token: source } : source;
}

function readSource(
  file: YamlFile,
  path: readonly string[],
  entry: ConfigObject,
  key: (typeof SECRET_KEYS)[number] | undefined,
  options: ReadEntryOptions,
): SecretSource | undefined {
  switch (key) {
    case undefined:
      return undefined;
    case 'token':
      return literalOrFile(requiredText(file, path, entry, 'token'), file, options);
    case 'token_env':
      return { kind: 'env', variable: variableName(file, path, entry, 'token_env') };
    case 'command': {
      const value = entry.command;
      const command = typeof value === 'string' ? value.trim().split(/\s+/) : value;
      if (
        !Array.isArray(command) ||
        command.length === 0 ||
        !command.every((part): part is string => typeof part === 'string' && part !== '')
      ) {
        throw file.complain([...path, 'command'], 'value', `the command of "${path[1]}" must be a list of texts`, {
          hint: 'write it as  command: [pass, show, okta/acme]',
        });
      }
      return { kind: 'command', command };
    }
    case 'oauth':
      return readOauth(file, [...path, 'oauth'], entry.oauth, options);
  }
}

function readOauth(file: YamlFile, path: readonly string[], value: unknown, options: ReadEntryOptions): SecretSource {
  if (!isObject(value))
    throw file.complain(path, 'value', 'oauth must be a map', {
      hint: 'write  oauth: { client_id: 0oa..., private_key: file:./key.pem, scopes: [okta.users.read] }',
    });
  noticeUnknownKeys(file, path, value, keysBelow('orgs.*.oauth.'), options.notice);
  const clientId = requiredText(file, path, value, 'client_id');
  const hasVariable = value.private_key_env !== undefined;
  const privateKey: SecretSource = hasVariable
    ? { kind: 'env', variable: variableName(file, path, value, 'private_key_env') }
    : literalOrFile(requiredText(file, path, value, 'private_key', 'add  private_key: file:./key.pem'), file, options);
  const keyId = optionalText(file, path, value, 'key_id');
  const scopes = parseScopes(value.scopes);
  if (scopes === undefined || scopes.length === 0) {
    throw file.complain([...path, 'scopes'], 'value', 'oauth needs the scopes to ask for', {
      detail: 'an access token without scopes may do nothing',
      hint: 'add  scopes: [okta.users.read, okta.groups.read]',
    });
  }
  if (value.dpop !== undefined && typeof value.dpop !== 'boolean')
    throw file.complain([...path, 'dpop'], 'value', 'dpop must be true or false');
  return { kind: 'oauth', clientId, privateKey, ...(keyId === undefined ? {} : { keyId }), scopes, dpop: value.dpop === true };
}

/** Scopes as a list, or as one text with spaces or commas. */
export function parseScopes(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((scope) => scope !== '');
  return Array.isArray(value) && value.every((scope): scope is string => typeof scope === 'string') ? value : undefined;
}

function literalOrFile(text: string, file: YamlFile, options: ReadEntryOptions): SecretSource {
  if (!text.startsWith('file:')) return { kind: 'literal', value: text };
  const path = text.slice('file:'.length);
  return { kind: 'file', path: resolvePath(path, file.path, options.home) };
}

/** A path of a configuration file: `~` is the home folder, and relative ones start from the file's folder. */
export function resolvePath(path: string, filePath: string, home: string): string {
  if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1));
  return isAbsolute(path) ? path : resolve(filePath, '..', path);
}

function readVariables(file: YamlFile, path: readonly string[], entry: ConfigObject): Readonly<Record<string, string>> | undefined {
  if (entry.variables === undefined) return undefined;
  const value = entry.variables;
  if (!isObject(value) || !Object.values(value).every((item) => ['string', 'number', 'boolean'].includes(typeof item))) {
    throw file.complain([...path, 'variables'], 'value', 'variables must be a map of texts', {
      hint: 'write  variables: { region: eu-west-1 }',
    });
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}

function variableName(file: YamlFile, path: readonly string[], entry: ConfigObject, key: string): string {
  const name = requiredText(file, path, entry, key);
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  // A token that was pasted here must not be repeated in an error.
  throw file.complain([...path, key], 'key', `${key} must be the name of an environment variable`, {
    detail: 'what stands there is no such name; if it is the secret itself, take it out of the file',
    hint: `write  ${key}: ACME_TOKEN`,
  });
}

function requiredText(file: YamlFile, path: readonly string[], entry: ConfigObject, key: string, hint?: string): string {
  const value = optionalText(file, path, entry, key);
  if (value === undefined || value.trim() === '')
    throw file.complain([...path, key], 'key', `${path.join('.')} needs ${key}`, { hint: hint ?? `add  ${key}: ...` });
  return value;
}

function optionalText(file: YamlFile, path: readonly string[], entry: ConfigObject, key: string): string | undefined {
  const value = entry[key];
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw file.complain([...path, key], 'value', `${key} must be a text`, { hint: `write  ${key}: "..."` });
}

/** Says which keys mean nothing, with a suggestion. */
export function noticeUnknownKeys(
  file: YamlFile,
  path: readonly string[],
  entry: ConfigObject,
  known: readonly string[],
  notice: (message: string) => void,
): void {
  for (const key of Object.keys(entry)) {
    if (known.includes(key)) continue;
    const near = suggest(key, known);
    const error = file.complain([...path, key], 'key', '');
    const line = error.span === undefined ? '' : `:${file.text.slice(0, error.span.offset).split('\n').length}`;
    notice(
      `${file.label}${line}: unknown key "${[...path, key].join('.')}" is ignored${near === undefined ? `; known are ${known.join(', ')}` : `; did you mean "${near}"?`}`,
    );
  }
}

function suggestKey(keys: readonly string[], wanted: string): string | undefined {
  const near = suggest(wanted, keys);
  return (
    near ?? keys.find((key) => key.toLowerCase().replace(/[^a-z]/g, '') === wanted.replace(/[^a-z]/g, '') || key.toLowerCase() === 'url')
  );
}
