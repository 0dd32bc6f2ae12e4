import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OrgqlError } from '../util/errors.ts';
import { directoriesOf } from './directories.ts';
import { type ConfigInputs, type LoadedConfig, loadConfig } from './load.ts';
import { openTrustStore } from './trust.ts';

let folder: string;
let home: string;
let cwd: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orgql-config-'));
  home = join(folder, 'home');
  cwd = join(folder, 'project');
  mkdirSync(join(home, '.config', 'orgql'), { recursive: true });
  mkdirSync(cwd);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const userFile = (text: string): void => writeFileSync(join(home, '.config', 'orgql', 'config.yaml'), text);
const projectFile = (text: string, name = 'orgql.yaml'): void => writeFileSync(join(cwd, name), text);
const load = (env: ConfigInputs['env'] = {}, more: Partial<ConfigInputs> = {}): Promise<LoadedConfig> =>
  loadConfig({ env, cwd, home, platform: 'linux', ...more });
const failure = async (work: Promise<unknown>): Promise<OrgqlError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof OrgqlError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
const parts = ({ code, message, detail, hint }: OrgqlError) => ({ code, message, detail, hint });

describe('orgs of a file', () => {
  test('each kind of credential becomes a source that is read later', async () => {
    userFile(`default_org: acme
orgs:
  acme: { org_url: "https://acme.okta.com/", token_env: ACME_TOKEN, budget: 25%, max_concurrency: 4, request_timeout: 1m30s }
  lab:  { org_url: http://127.0.0.1:8080, token: file:./lab.token }
  tok:  { org_url: https://tok.okta.com, token: abc }
  cmd:  { org_url: https://cmd.okta.com, command: [pass, show, okta], token_type: bearer }
  app:
    org_url: https://app.okta.com
    oauth: { client_id: 0oa1, private_key: file:~/key.pem, scopes: "okta.users.read okta.groups.read", dpop: true, key_id: k1 }
  gh: { provider: github, token_env: GH_TOKEN, variables: { region: eu, port: 443 } }
`);
    const { session } = await load();
    const origin = '~/.config/orgql/config.yaml';
    expect(session.defaultOrg).toBe('acme');
    expect(session.orgs).toEqual([
      {
        name: 'acme',
        provider: 'okta',
        orgUrl: 'https://acme.okta.com',
        secret: { kind: 'env', variable: 'ACME_TOKEN' },
        budget: 0.25,
        maxConcurrency: 4,
        timeoutMs: 90_000,
        origin,
      },
      {
        name: 'lab',
        provider: 'okta',
        orgUrl: 'http://127.0.0.1:8080',
        secret: { kind: 'file', path: join(home, '.config', 'orgql', 'lab.token') },
        budget: 0.9,
        origin,
      },
      { name: 'tok', provider: 'okta', orgUrl: 'https://tok.okta.com', secret: { kind: 'literal', value: 'abc' }, budget: 0.9, origin },
      {
        name: 'cmd',
        provider: 'okta',
        orgUrl: 'https://cmd.okta.com',
        secret: { kind: 'bearer', token: { kind: 'command', command: ['pass', 'show', 'okta'] } },
        budget: 0.9,
        origin,
      },
      {
        name: 'app',
        provider: 'okta',
        orgUrl: 'https://app.okta.com',
        secret: {
          kind: 'oauth',
          clientId: '0oa1',
          privateKey: { kind: 'file', path: join(home, 'key.pem') },
          keyId: 'k1',
          scopes: ['okta.users.read', 'okta.groups.read'],
          dpop: true,
        },
        budget: 0.9,
        origin,
      },
      {
        name: 'gh',
        provider: 'github',
        orgUrl: undefined,
        secret: { kind: 'env', variable: 'GH_TOKEN' },
        budget: 0.9,
        serverVariables: { region: 'eu', port: '443' },
        origin,
      },
    ]);
  });

  test('a console address becomes the org, with a notice', async () => {
    userFile('orgs: { acme: { org_url: https://acme-admin.okta.com, token_env: T } }');
    const { session, notices } = await load();
    expect(session.orgs[0]?.orgUrl).toBe('https://acme.okta.com');
    expect(notices).toEqual([
      '~/.config/orgql/config.yaml: acme-admin.okta.com is the address of the admin console; https://acme.okta.com is used',
    ]);
  });

  test.each([
    ['http://acme.okta.com', 'http would send the token in clear text; it is allowed to this machine only', 'write https://acme.okta.com'],
    ['acme.okta.com', 'it has no scheme', 'write https://acme.okta.com'],
    [
      'https://{yourOktaDomain}',
      '"https://{yourOktaDomain}" is a placeholder from documentation',
      "put your own org's address there, such as https://acme.okta.com",
    ],
    ['https://acme.okta.com/api/v1', 'it has a path (/api/v1)', 'write https://acme.okta.com'],
    ['https://acme.okta.com.com', 'it ends in .com.com', 'write https://acme.okta.com'],
    [
      'https://u:p@acme.okta.com',
      'it holds a user name or password',
      'take them out; the credential belongs into token_env, token: file:PATH or command',
    ],
  ])('the URL %s is refused', async (url, detail, hint) => {
    userFile(`orgs:\n  acme:\n    org_url: "${url}"\n    token_env: T\n`);
    const error = await failure(load());
    expect(parts(error)).toEqual({
      code: 'invalid_config',
      message: '~/.config/orgql/config.yaml: the org_url of "acme" cannot be used',
      detail,
      hint,
    });
    expect(error.source?.slice(error.span?.offset).split('"')[0]).toBe(url);
  });

  test.each([
    [
      'orgs: { a: { org_url: https://a.okta.com, token: x, token_env: Y } }',
      '~/.config/orgql/config.yaml: the org "a" has more than one credential: token, token_env',
    ],
    ['orgs: { a: { org_url: https://a.okta.com, budget: 150% } }', '~/.config/orgql/config.yaml: "150%" is no share'],
    ['orgs: { a: { token_env: T, orgurl: https://a.okta.com } }', '~/.config/orgql/config.yaml: the org "a" has no org_url'],
    [
      'orgs: { a: { org_url: https://a.okta.com, token_env: "00abc-secret" } }',
      '~/.config/orgql/config.yaml: token_env must be the name of an environment variable',
    ],
    ['orgs: { demo: { org_url: https://a.okta.com } }', '~/.config/orgql/config.yaml: the name "demo" is taken by the built-in org'],
    [
      'default_org: acm\norgs: { acme: { org_url: https://a.okta.com } }',
      '~/.config/orgql/config.yaml: default_org names "acm", which is no configured org',
    ],
    ['orgs: [1]', '~/.config/orgql/config.yaml: orgs must be a map of names'],
    ['- 1', '~/.config/orgql/config.yaml: the file must hold keys and values'],
    ['providers: ./x', '~/.config/orgql/config.yaml: providers must be a list of folders'],
  ])('%s is refused', async (text, message) => {
    userFile(text);
    const error = await failure(load());
    expect([error.code, error.message]).toEqual(['invalid_config', message]);
    expect(JSON.stringify(parts(error))).not.toContain('00abc-secret');
  });

  test('broken YAML is refused with its line', async () => {
    userFile('orgs:\n  a: [1,\nb: 2\n');
    const error = await failure(load());
    expect([error.code, error.detail, error.source?.slice(0, error.span?.offset).split('\n').length]).toEqual([
      'invalid_config',
      'the file is no valid YAML',
      3,
    ]);
  });

  test('unknown keys are noticed with line and suggestion', async () => {
    userFile('defalt_org: x\norgs:\n  acme:\n    org_url: https://acme.okta.com\n    budgett: 10%\n');
    expect((await load()).notices).toEqual([
      '~/.config/orgql/config.yaml:1: unknown key "defalt_org" is ignored; did you mean "default_org"?',
      '~/.config/orgql/config.yaml:5: unknown key "orgs.acme.budgett" is ignored; did you mean "budget"?',
    ]);
  });

  test('an empty file sets nothing', async () => {
    userFile('# nothing yet\n');
    const { session } = await load();
    expect([session.orgs, session.defaultOrg]).toEqual([[], undefined]);
  });
});

describe('which file counts', () => {
  test('a file named by flag or environment is the only one, and is trusted', async () => {
    userFile('orgs: { u: { org_url: https://u.okta.com } }');
    projectFile('orgs: { f: { org_url: https://f.okta.com, token: t } }', 'other.yaml');
    const flag = await load({}, { configFile: 'other.yaml' });
    const env = await load({ ORGQL_CONFIG: 'other.yaml' });
    expect([flag, env].map((config) => config.session.orgs.map((org) => [org.name, org.secret]))).toEqual([
      [['f', { kind: 'literal', value: 't' }]],
      [['f', { kind: 'literal', value: 't' }]],
    ]);
  });

  test('a file that is named and missing is an error', async () => {
    expect(parts(await failure(load({}, { configFile: 'none.yaml' })))).toEqual({
      code: 'invalid_config',
      message: 'There is no configuration file none.yaml',
      detail: '--config names it',
      hint: 'check the path',
    });
  });
});

describe('trust of a project file', () => {
  const text =
    'default_org: evil\norgs:\n  acme: { org_url: https://evil.example, budget: 10% }\n  evil: { org_url: https://evil.example, command: [sh, -c, x] }\nproviders: [./p]\n';

  test('until it is trusted, nothing in it moves a credential or runs a command', async () => {
    userFile('orgs: { acme: { org_url: https://acme.okta.com, token_env: T } }');
    projectFile(text);
    const { session, notices } = await load();
    expect(session.orgs).toEqual([
      {
        name: 'acme',
        provider: 'okta',
        orgUrl: 'https://acme.okta.com',
        secret: { kind: 'env', variable: 'T' },
        budget: 0.1,
        origin: '~/.config/orgql/config.yaml',
      },
    ]);
    expect(session.untrustedOrgs).toEqual([{ name: 'evil', file: './orgql.yaml' }]);
    expect(session.providerRoots).toEqual([join(home, '.local', 'share', 'orgql', 'providers')]);
    expect(notices).toEqual([
      './orgql.yaml: org_url of the org "acme" do not count, as nobody has trusted the file; to trust it:  orgql org trust ./orgql.yaml',
      './orgql.yaml: providers do not count, as nobody has trusted the file; to trust it:  orgql org trust ./orgql.yaml',
    ]);
  });

  test('once trusted it counts, and a token of another file never meets its address', async () => {
    userFile('orgs: { acme: { org_url: https://acme.okta.com, token_env: T } }');
    projectFile(text);
    const store = openTrustStore(directoriesOf({ env: {}, home, platform: 'linux' }).state);
    await store.trust(join(cwd, 'orgql.yaml'), text);
    const { session } = await load();
    expect(session.defaultOrg).toBe('evil');
    expect(session.orgs.map(({ name, orgUrl, secret }) => ({ name, orgUrl, secret }))).toEqual([
      { name: 'acme', orgUrl: 'https://evil.example', secret: undefined },
      { name: 'evil', orgUrl: 'https://evil.example', secret: { kind: 'command', command: ['sh', '-c', 'x'] } },
    ]);
    expect(session.providerRoots).toEqual([join(cwd, 'p'), join(home, '.local', 'share', 'orgql', 'providers')]);
    expect(statSync(join(home, '.local', 'state', 'orgql', 'trusted.json')).mode & 0o777).toBe(0o600);
  });

  test('a change to the file ends the trust', async () => {
    projectFile(text);
    await openTrustStore(directoriesOf({ env: {}, home, platform: 'linux' }).state).trust(join(cwd, 'orgql.yaml'), text);
    projectFile(`${text}\n# changed`);
    expect((await load()).session.untrustedOrgs?.map((org) => org.name)).toEqual(['acme', 'evil']);
  });

  test('the only org of an untrusted file is the default, so that demo does not take its place', async () => {
    projectFile('orgs: { acme: { org_url: https://acme.okta.com, token_env: T } }');
    const { session } = await load();
    expect([session.defaultOrg, session.orgs]).toEqual(['acme', []]);
  });
});

describe('the environment', () => {
  const orgs = async (env: ConfigInputs['env'], more: Partial<ConfigInputs> = {}) => {
    const { session } = await load(env, more);
    return { default: session.defaultOrg, orgs: session.orgs.map(({ name, orgUrl, secret }) => ({ name, orgUrl, secret })) };
  };
  const token = { kind: 'env', variable: 'OKTA_API_TOKEN' };

  test("of Okta's SDKs", async () => {
    expect(await orgs({ OKTA_CLIENT_ORGURL: 'https://acme.okta.com', OKTA_CLIENT_TOKEN: 'x' })).toEqual({
      default: 'acme',
      orgs: [{ name: 'acme', orgUrl: 'https://acme.okta.com', secret: { kind: 'env', variable: 'OKTA_CLIENT_TOKEN' } }],
    });
    expect(
      await orgs({
        OKTA_CLIENT_ORGURL: 'https://acme.okta.com',
        OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
        OKTA_CLIENT_CLIENTID: 'c',
        OKTA_CLIENT_PRIVATEKEY: 'k',
        OKTA_CLIENT_SCOPES: 'a b',
      }),
    ).toEqual({
      default: 'acme',
      orgs: [
        {
          name: 'acme',
          orgUrl: 'https://acme.okta.com',
          secret: {
            kind: 'oauth',
            clientId: 'c',
            privateKey: { kind: 'env', variable: 'OKTA_CLIENT_PRIVATEKEY' },
            scopes: ['a', 'b'],
            dpop: false,
          },
        },
      ],
    });
  });

  test('of ~/.okta/okta.yaml', async () => {
    mkdirSync(join(home, '.okta'));
    writeFileSync(join(home, '.okta', 'okta.yaml'), 'okta:\n  client:\n    orgUrl: https://acme.okta.com\n    token: tok\n');
    expect(await orgs({})).toEqual({
      default: 'acme',
      orgs: [{ name: 'acme', orgUrl: 'https://acme.okta.com', secret: { kind: 'literal', value: 'tok' } }],
    });
  });

  test('./okta.yaml of a project that nobody trusts does not meet the token of the environment', async () => {
    projectFile('okta: { client: { orgUrl: https://evil.example } }', 'okta.yaml');
    const { session, notices } = await load({ OKTA_CLIENT_TOKEN: 'x' });
    expect([session.orgs, notices]).toEqual([
      [],
      ['./okta.yaml does not count, as nobody has trusted it; to trust it:  orgql org trust ./okta.yaml'],
    ]);
  });

  test("of Terraform's provider", async () => {
    expect(await orgs({ OKTA_ORG_NAME: 'acme', OKTA_BASE_URL: 'oktapreview.com', OKTA_API_TOKEN: 'x' })).toEqual({
      default: 'acme',
      orgs: [{ name: 'acme', orgUrl: 'https://acme.oktapreview.com', secret: token }],
    });
    expect((await orgs({ OKTA_ORG_NAME: 'acme', OKTA_HTTP_PROXY: 'http://localhost:8080', OKTA_ACCESS_TOKEN: 'x' })).orgs).toEqual([
      {
        name: 'localhost',
        orgUrl: 'http://localhost:8080',
        secret: { kind: 'bearer', token: { kind: 'env', variable: 'OKTA_ACCESS_TOKEN' } },
      },
    ]);
  });

  test('OKTA_API_TOKEN alone serves no org, and with --subdomain that one', async () => {
    expect(await orgs({ OKTA_API_TOKEN: 'x' })).toEqual({ default: undefined, orgs: [] });
    expect(await orgs({ OKTA_API_TOKEN: 'x' }, { subdomain: 'acme' })).toEqual({
      default: 'acme',
      orgs: [{ name: 'acme', orgUrl: 'https://acme.okta.com', secret: token }],
    });
  });

  test('--subdomain of a configured org means that one, with its own credential', async () => {
    userFile('orgs: { prod: { org_url: https://acme.okta.com, token_env: T } }');
    expect(await orgs({ OKTA_API_TOKEN: 'x' }, { subdomain: 'acme' })).toEqual({
      default: 'acme',
      orgs: [{ name: 'prod', orgUrl: 'https://acme.okta.com', secret: { kind: 'env', variable: 'T' } }],
    });
  });

  test('an org of the same name at another address keeps its place, and the other gets its host as its name', async () => {
    userFile('orgs: { acme: { org_url: https://acme.okta.com, token_env: T } }');
    expect(await orgs({ OKTA_CLIENT_ORGURL: 'https://acme.oktapreview.com', OKTA_CLIENT_TOKEN: 'x' })).toEqual({
      default: 'acme.oktapreview.com',
      orgs: [
        { name: 'acme', orgUrl: 'https://acme.okta.com', secret: { kind: 'env', variable: 'T' } },
        { name: 'acme.oktapreview.com', orgUrl: 'https://acme.oktapreview.com', secret: { kind: 'env', variable: 'OKTA_CLIENT_TOKEN' } },
      ],
    });
  });

  test("StackQL's --auth names the variable of the token, and may not hold it", async () => {
    const auth =
      '{"okta": {"type": "api_key", "valuePrefix": "SSWS ", "credentialsenvvar": "MY_TOKEN"}, "github": {"type": "bearer", "credentialsenvvar": "GH"}}';
    expect(await orgs({}, { subdomain: 'acme', stackqlAuth: auth })).toEqual({
      default: 'acme',
      orgs: [
        { name: 'acme', orgUrl: 'https://acme.okta.com', secret: { kind: 'env', variable: 'MY_TOKEN' } },
        { name: 'github', orgUrl: undefined, secret: { kind: 'bearer', token: { kind: 'env', variable: 'GH' } } },
      ],
    });
    expect((await failure(load({}, { stackqlAuth: '{"okta": {"api_key": "00secret"}}' }))).message).toBe(
      '--auth: the secret of "okta" stands in the command line',
    );
  });

  test('ORGQL_NOW pins the time, and rubbish is refused', async () => {
    expect((await load({ ORGQL_NOW: '2026-01-31T12:00:00Z' })).session.now).toBe(Date.UTC(2026, 0, 31, 12));
    expect((await failure(load({ ORGQL_NOW: 'soon' }))).code).toBe('invalid_config');
  });

  test('--org must name an org', async () => {
    userFile('orgs: { acme: { org_url: https://acme.okta.com } }');
    expect(parts(await failure(load({}, { org: 'acmee' })))).toEqual({
      code: 'unknown_org',
      message: '--org names "acmee", which is no configured org',
      detail: 'configured are: acme, demo',
      hint: 'did you mean "acme"?',
    });
    expect((await load({ ORGQL_ORG: 'demo' })).session.defaultOrg).toBe('demo');
  });
});
