import { join } from 'node:path';
import type { OrgConfig, SecretSource } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';
import { DEFAULT_BUDGET, parseScopes } from './org-entry.ts';
import { checkOrgUrl, hostLabel } from './org-url.ts';
import { parseDurationMs } from './quantities.ts';
import { isObject, readYamlFile, type YamlFile } from './yaml-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentInputs {
  readonly env: Environment;
  readonly home: string;
  readonly cwd: string;
  /** `--subdomain`: the org that OKTA_API_TOKEN serves. */
  readonly subdomain: string | undefined;
  readonly isTrusted: (file: YamlFile) => Promise<boolean>;
  readonly notice: (message: string) => void;
}

/** Orgs that the environment describes in the manner of Okta's SDKs, Terraform or StackQL. The first is the one that a statement means. */
export async function environmentOrgs(inputs: EnvironmentInputs): Promise<OrgConfig[]> {
  const orgs = [namedOrg(inputs), await sdkOrg(inputs)].filter((org) => org !== undefined);
  // `--subdomain` was typed just now; else the SDKs' variables name an org more fully than Terraform's do.
  return inputs.subdomain === undefined ? orgs.reverse() : orgs;
}

/** Terraform's and StackQL's: OKTA_ORG_NAME or `--subdomain`, with OKTA_API_TOKEN. */
function namedOrg({ env, subdomain, notice }: EnvironmentInputs): OrgConfig | undefined {
  const name = subdomain ?? text(env, 'OKTA_ORG_NAME');
  if (name === undefined) return undefined;
  const origin = subdomain === undefined ? 'environment (OKTA_ORG_NAME)' : '--subdomain';
  const override = subdomain === undefined ? text(env, 'OKTA_HTTP_PROXY') : undefined;
  const address =
    override ??
    (/^https?:/i.test(name) ? name : `https://${name.includes('.') ? name : `${name}.${text(env, 'OKTA_BASE_URL') ?? 'okta.com'}`}`);
  const orgUrl = usableUrl(address, override === undefined ? origin : 'OKTA_HTTP_PROXY', notice);
  return { name: hostLabel(orgUrl), provider: 'okta', orgUrl, secret: terraformSecret(env), budget: DEFAULT_BUDGET, origin };
}

function terraformSecret(env: Environment): SecretSource | undefined {
  if (text(env, 'OKTA_API_TOKEN') !== undefined) return { kind: 'env', variable: 'OKTA_API_TOKEN' };
  if (text(env, 'OKTA_ACCESS_TOKEN') !== undefined) return { kind: 'bearer', token: { kind: 'env', variable: 'OKTA_ACCESS_TOKEN' } };
  const clientId = text(env, 'OKTA_API_CLIENT_ID');
  if (clientId === undefined || text(env, 'OKTA_API_PRIVATE_KEY') === undefined) return undefined;
  const keyId = text(env, 'OKTA_API_PRIVATE_KEY_ID');
  return {
    kind: 'oauth',
    clientId,
    privateKey: { kind: 'env', variable: 'OKTA_API_PRIVATE_KEY' },
    ...(keyId === undefined ? {} : { keyId }),
    scopes: parseScopes(env.OKTA_API_SCOPES) ?? [],
    dpop: false,
  };
}

/** The SDKs': OKTA_CLIENT_* over ./okta.yaml or ./.okta.yaml (if trusted) over ~/.okta/okta.yaml. */
async function sdkOrg(inputs: EnvironmentInputs): Promise<OrgConfig | undefined> {
  const { env, notice } = inputs;
  const files = await sdkFiles(inputs);
  const fromFiles = (key: string): string | undefined => {
    for (const { client } of files) {
      const value = client[key];
      if (typeof value === 'string' && value !== '') return value;
    }
    return undefined;
  };
  const given = text(env, 'OKTA_CLIENT_ORGURL');
  const address = given ?? fromFiles('orgUrl');
  if (address === undefined) return undefined;
  const origin =
    given === undefined
      ? (files.find(({ client }) => client.orgUrl === address)?.label ?? 'okta.yaml')
      : 'environment (OKTA_CLIENT_ORGURL)';
  const orgUrl = usableUrl(address, given === undefined ? origin : 'OKTA_CLIENT_ORGURL', notice);
  const source = (variables: readonly string[], key: string): SecretSource | undefined => {
    const variable = variables.find((name) => text(env, name) !== undefined);
    if (variable !== undefined) return { kind: 'env', variable };
    const value = fromFiles(key);
    return value === undefined ? undefined : { kind: 'literal', value };
  };
  const mode = (text(env, 'OKTA_CLIENT_AUTHORIZATIONMODE') ?? fromFiles('authorizationMode') ?? 'SSWS').toLowerCase();
  const timeoutMs = parseDurationMs(text(env, 'OKTA_CLIENT_REQUEST_TIMEOUT'));
  const org = {
    name: hostLabel(orgUrl),
    provider: 'okta',
    orgUrl,
    budget: DEFAULT_BUDGET,
    origin,
    ...(timeoutMs === undefined || timeoutMs === 0 ? {} : { timeoutMs }),
  };
  const token = source(['OKTA_CLIENT_TOKEN'], 'token');
  switch (mode) {
    case 'ssws':
      return { ...org, secret: token };
    case 'bearer':
      return { ...org, secret: token === undefined ? undefined : { kind: 'bearer', token } };
    case 'privatekey': {
      const clientId = text(env, 'OKTA_CLIENT_CLIENTID') ?? fromFiles('clientId');
      const privateKey = source(['OKTA_CLIENT_PRIVATEKEY'], 'privateKey');
      if (clientId === undefined || privateKey === undefined) return { ...org, secret: undefined };
      const keyId =
        text(env, 'OKTA_CLIENT_KEYID') ?? text(env, 'OKTA_CLIENT_PRIVATEKEYID') ?? fromFiles('keyId') ?? fromFiles('privateKeyId');
      const scopes =
        parseScopes(env.OKTA_CLIENT_SCOPES) ??
        files.map(({ client }) => parseScopes(client.scopes)).find((found) => found !== undefined) ??
        [];
      return { ...org, secret: { kind: 'oauth', clientId, privateKey, ...(keyId === undefined ? {} : { keyId }), scopes, dpop: false } };
    }
    default:
      throw new OrgqlError('invalid_config', `OKTA_CLIENT_AUTHORIZATIONMODE is "${mode}"`, {
        detail: 'the modes are SSWS, Bearer and PrivateKey',
        hint: 'set one of these',
      });
  }
}

interface SdkFile {
  readonly label: string;
  readonly client: Readonly<Record<string, unknown>>;
}

async function sdkFiles({ home, cwd, isTrusted, notice }: EnvironmentInputs): Promise<SdkFile[]> {
  const files: SdkFile[] = [];
  for (const name of ['okta.yaml', '.okta.yaml']) {
    const file = await readYamlFile(join(cwd, name), `./${name}`);
    const client = file === undefined ? undefined : clientOf(file);
    if (file === undefined || client === undefined) continue;
    if (await isTrusted(file)) files.push({ label: file.label, client });
    else notice(`./${name} does not count, as nobody has trusted it; to trust it:  orgql org trust ./${name}`);
  }
  const file = await readYamlFile(join(home, '.okta', 'okta.yaml'), '~/.okta/okta.yaml');
  const client = file === undefined ? undefined : clientOf(file);
  if (client !== undefined) files.push({ label: '~/.okta/okta.yaml', client });
  return files;
}

function clientOf(file: YamlFile): SdkFile['client'] | undefined {
  const okta = file.content.okta;
  return isObject(okta) && isObject(okta.client) ? okta.client : undefined;
}

function usableUrl(address: string, where: string, notice: (message: string) => void): string {
  const check = checkOrgUrl(address);
  if (check.kind === 'bad')
    throw new OrgqlError('invalid_config', `The org URL of ${where} cannot be used: ${address}`, { detail: check.why, hint: check.fix });
  if (check.notice !== undefined) notice(`${where}: ${check.notice}`);
  return check.origin;
}

function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}
