import type { AuthConfig, Catalog } from '../catalog/types.ts';
import type { OrgDirectory } from '../exec/environment.ts';
import type { Credential, OrgConnection } from '../http/types.ts';
import type { OrgConfig, SessionConfig } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import { DEMO_ORG, type DemoOrg } from './demo-org.ts';

/** Makes credentials: of a configured org, and of a provider by its document. Secrets are read when the first request needs them. */
export interface CredentialSource {
  /** `auth`: what the provider's document says about signing in; Okta's own needs none. */
  readonly ofOrg: (org: OrgConfig, auth: AuthConfig | undefined) => Credential;
  readonly ofToken: (token: string, url: string) => Credential;
  readonly ofDocument: (provider: string, auth: AuthConfig | undefined) => Credential;
}

export interface DirectoryOptions {
  readonly config: SessionConfig;
  readonly catalog: Catalog;
  readonly demo: DemoOrg;
  readonly credentials: CredentialSource;
}

/** One configured org, as SHOW ORGS prints it. */
export interface OrgFacts {
  readonly name: string;
  readonly provider: string;
  readonly url: string | undefined;
  readonly isDefault: boolean;
  readonly origin: string;
}

export interface SessionOrgs extends OrgDirectory {
  readonly list: () => readonly OrgFacts[];
}

const DEFAULT_BUDGET = 0.9;
const DEFAULT_CONCURRENCY = 30;
const DEFAULT_TIMEOUT_MS = 60_000;

/** The orgs of a session, each connection made once. */
export function createOrgDirectory(options: DirectoryOptions): SessionOrgs {
  const { config } = options;
  const connections = new Map<string, Promise<OrgConnection>>();
  const once = (key: string, make: () => Promise<OrgConnection>): Promise<OrgConnection> => {
    const known = connections.get(key);
    if (known !== undefined) return known;
    const made = make();
    connections.set(key, made);
    // A failure is not kept: the next statement tries again.
    made.catch(() => connections.delete(key));
    return made;
  };
  const orgsOf = (provider: string): readonly OrgConfig[] =>
    config.orgs.filter((org) => org.provider.toLowerCase() === provider.toLowerCase());
  const hasDemo = !config.orgs.some((org) => org.name.toLowerCase() === DEMO_ORG);
  const namesOf = (provider: string): readonly string[] => [
    ...orgsOf(provider).map((org) => org.name),
    ...(provider === 'okta' && hasDemo ? [DEMO_ORG] : []),
  ];

  const connect = (org: OrgConfig): Promise<OrgConnection> =>
    once(`org ${org.name}`, async () => {
      const auth = org.provider.toLowerCase() === 'okta' ? undefined : (await options.catalog.provider(org.provider)).auth;
      return connectionOf(org, options.credentials.ofOrg(org, auth));
    });
  const connectDemo = (): Promise<OrgConnection> =>
    once('demo', async () => {
      const { url, token } = await options.demo.start();
      return { ...defaults(DEMO_ORG, 'okta'), origin: new URL(url).origin, credential: options.credentials.ofToken(token, url) };
    });

  const okta = (subdomain: string | undefined): Promise<OrgConnection> => {
    const orgs = orgsOf('okta');
    const wanted = subdomain ?? config.defaultOrg ?? (orgs.length === 1 ? orgs[0]?.name : DEMO_ORG) ?? DEMO_ORG;
    const org = find(orgs, wanted);
    if (org !== undefined) return connect(org);
    if (hasDemo && wanted.toLowerCase() === DEMO_ORG) return connectDemo();
    // A default of another provider says nothing about this one.
    if (subdomain === undefined && find(config.orgs, wanted) !== undefined) {
      const [only] = orgs;
      return orgs.length === 1 && only !== undefined ? connect(only) : connectDemo();
    }
    throw unknownOrg(wanted, namesOf('okta'), config);
  };

  const other = async (provider: string, subdomain: string | undefined): Promise<OrgConnection> => {
    const orgs = orgsOf(provider);
    const fallback = config.defaultOrg === undefined ? undefined : find(orgs, config.defaultOrg);
    const org = subdomain === undefined ? (fallback ?? (orgs.length === 1 ? orgs[0] : undefined)) : find(orgs, subdomain);
    if (org !== undefined) return connect(org);
    if (orgs.length > 1 && subdomain === undefined) {
      throw new OrgqlError('unknown_org', `${provider} has several orgs and none is the default`, {
        detail: `They are ${orgs.map((one) => one.name).join(', ')}`,
        hint: `say which: WHERE subdomain = '${orgs[0]?.name ?? ''}', or set default_org`,
      });
    }
    // Its own documents say where it is and which variable holds its credential.
    return once(`provider ${provider} ${subdomain ?? ''}`, async () => {
      const { auth, name } = await options.catalog.provider(provider);
      const serverVariables = subdomain === undefined ? {} : { subdomain };
      return { ...defaults(name, name), origin: undefined, serverVariables, credential: options.credentials.ofDocument(name, auth) };
    });
  };

  return {
    resolve: async (provider, subdomain) => (provider.toLowerCase() === 'okta' ? okta(subdomain) : other(provider, subdomain)),
    names: () => [...config.orgs.map((org) => org.name), ...(hasDemo ? [DEMO_ORG] : [])],
    nameOf: (provider, subdomain) => {
      const orgs = orgsOf(provider);
      const only = orgs.length === 1 ? orgs[0]?.name : undefined;
      const wanted = subdomain ?? config.defaultOrg ?? only;
      const found = wanted === undefined ? undefined : find(orgs, wanted);
      if (found !== undefined) return found.name;
      const isOkta = provider.toLowerCase() === 'okta';
      return subdomain ?? only ?? (isOkta ? DEMO_ORG : provider.toLowerCase());
    },
    list: () => {
      const only = orgsOf('okta').length === 1 ? orgsOf('okta')[0]?.name : undefined;
      const standard = (config.defaultOrg ?? only ?? DEMO_ORG).toLowerCase();
      const configured = config.orgs.map((org) => ({
        name: org.name,
        provider: org.provider,
        url: org.orgUrl,
        isDefault: org.name.toLowerCase() === standard,
        origin: org.origin,
      }));
      return hasDemo
        ? [...configured, { name: DEMO_ORG, provider: 'okta', url: undefined, isDefault: standard === DEMO_ORG, origin: 'built in' }]
        : configured;
    },
  };
}

/** By name without regard to case, else by host, else by the host's first label. */
function find(orgs: readonly OrgConfig[], wanted: string): OrgConfig | undefined {
  const name = wanted.toLowerCase();
  const byName = orgs.find((org) => org.name.toLowerCase() === name);
  if (byName !== undefined) return byName;
  const hosts = orgs.flatMap((org) => (org.orgUrl === undefined ? [] : [{ org, host: new URL(org.orgUrl).host.toLowerCase() }]));
  const byHost = hosts.find(({ host }) => host === name);
  if (byHost !== undefined) return byHost.org;
  const byLabel = hosts.filter(({ host }) => !/^[\d.:[\]]+$/.test(host) && host.split('.')[0] === name);
  return byLabel.length === 1 ? byLabel[0]?.org : undefined;
}

function connectionOf(org: OrgConfig, credential: Credential): OrgConnection {
  return {
    ...defaults(org.name, org.provider),
    origin: org.orgUrl === undefined ? undefined : new URL(org.orgUrl).origin,
    serverVariables: org.serverVariables ?? {},
    credential,
    budget: org.budget,
    ...(org.maxConcurrency === undefined ? {} : { maxConcurrency: org.maxConcurrency }),
    ...(org.timeoutMs === undefined ? {} : { timeoutMs: org.timeoutMs }),
  };
}

function defaults(name: string, provider: string): Omit<OrgConnection, 'origin' | 'credential'> {
  return {
    name,
    provider,
    serverVariables: {},
    budget: DEFAULT_BUDGET,
    maxConcurrency: DEFAULT_CONCURRENCY,
    timeoutMs: DEFAULT_TIMEOUT_MS,
  };
}

function unknownOrg(wanted: string, names: readonly string[], config: SessionConfig): OrgqlError {
  const untrusted = config.untrustedOrgs?.find((org) => org.name.toLowerCase() === wanted.toLowerCase());
  if (untrusted !== undefined) {
    return new OrgqlError('untrusted_config', `The org "${wanted}" stands in a project file that is not trusted`, {
      detail: `${untrusted.file} could send a token anywhere, so it does not count until you say so`,
      hint: 'read the file, then run: orgql org trust',
    });
  }
  const near = suggest(wanted, names);
  return new OrgqlError('unknown_org', `No configured org is called "${wanted}"`, {
    detail: `Configured are ${names.join(', ')}`,
    hint: near === undefined ? 'name one of these in subdomain, or add the org to the configuration' : `did you mean "${near}"?`,
  });
}
