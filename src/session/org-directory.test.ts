import { describe, expect, it } from 'vitest';
import type { Catalog } from '../catalog/types.ts';
import type { OrgConfig, SessionConfig } from '../session-types.ts';
import { createCredentials } from './credentials.ts';
import { createOrgDirectory, type SessionOrgs } from './org-directory.ts';

const CLOCK = { now: () => 0, sleep: async () => {} };

function org(name: string, url: string | undefined, parts: Partial<OrgConfig> = {}): OrgConfig {
  return { name, provider: 'okta', orgUrl: url, secret: { kind: 'env', variable: 'TOKEN' }, budget: 0.9, origin: 'test', ...parts };
}

function directory(
  config: Partial<SessionConfig>,
  environment: Record<string, string> = {},
): { readonly orgs: SessionOrgs; readonly started: () => number } {
  let starts = 0;
  const catalog = {
    provider: async (name: string) => ({
      name,
      auth: { type: 'basic', raw: { type: 'basic', username_var: 'NAME', password_var: 'PASS' } },
    }),
  } as unknown as Catalog;
  const orgs = createOrgDirectory({
    config: { orgs: [], ...config },
    catalog,
    demo: {
      start: async () => {
        starts++;
        return { url: 'http://127.0.0.1:4000', token: 'demo-token' };
      },
      close: async () => {},
    },
    credentials: createCredentials({ environment, clock: CLOCK, userAgent: 'test' }),
  });
  return { orgs, started: () => starts };
}

const ACME = org('acme', 'https://acme-prod.okta.com');
const LAB = org('Lab', 'http://127.0.0.1:8080');

describe('an Okta org', () => {
  it('is found by name, host or first label, without regard to case', async () => {
    const { orgs } = directory({ orgs: [ACME, LAB] });
    for (const wanted of ['acme', 'ACME', 'acme-prod', 'acme-prod.okta.com'])
      expect((await orgs.resolve('okta', wanted)).name, wanted).toBe('acme');
    expect((await orgs.resolve('okta', 'lab')).origin).toBe('http://127.0.0.1:8080');
    expect((await orgs.resolve('okta', '127.0.0.1:8080')).name).toBe('Lab');
  });

  it('that nothing names is the default one, else the only one, else demo', async () => {
    expect((await directory({ orgs: [ACME, LAB], defaultOrg: 'lab' }).orgs.resolve('okta', undefined)).name).toBe('Lab');
    expect((await directory({ orgs: [ACME] }).orgs.resolve('okta', undefined)).name).toBe('acme');
    expect((await directory({ orgs: [ACME, LAB] }).orgs.resolve('okta', undefined)).name).toBe('demo');
    expect((await directory({}).orgs.resolve('okta', undefined)).name).toBe('demo');
  });

  it('called demo starts once, when it is first asked for', async () => {
    const { orgs, started } = directory({ orgs: [ACME] });
    await orgs.resolve('okta', 'acme');
    expect(started()).toBe(0);
    const [first, second] = await Promise.all([orgs.resolve('okta', 'demo'), orgs.resolve('okta', 'DEMO')]);
    expect([first === second, first.origin, started()]).toEqual([true, 'http://127.0.0.1:4000', 1]);
  });

  it('that is unknown is refused with the known ones and a suggestion', async () => {
    await expect(directory({ orgs: [ACME] }).orgs.resolve('okta', 'acne')).rejects.toMatchObject({
      code: 'unknown_org',
      detail: 'Configured are acme, demo',
      hint: 'did you mean "acme"?',
    });
  });

  it('of an untrusted file is refused with the file and the command', async () => {
    await expect(directory({ untrustedOrgs: [{ name: 'evil', file: './orgql.yaml' }] }).orgs.resolve('okta', 'evil')).rejects.toMatchObject(
      { code: 'untrusted_config', hint: expect.stringContaining('orgql org trust') },
    );
  });

  it('reads its secret when a request needs it, and names the place but not the content when it is missing', async () => {
    const { credential } = await directory({ orgs: [ACME] }, { TOKEN: 's3cret\n' }).orgs.resolve('okta', 'acme');
    expect(await credential.authorize({ verb: 'GET', url: new URL('https://acme-prod.okta.com/api/v1/users') })).toEqual({
      headers: { authorization: 'SSWS s3cret' },
    });
    const missing = await directory({ orgs: [ACME] }).orgs.resolve('okta', 'acme');
    await expect(missing.credential.authorize({ verb: 'GET', url: new URL('https://acme-prod.okta.com/') })).rejects.toMatchObject({
      code: 'missing_credential',
      message: 'The org acme has no credential: the environment variable TOKEN is not set',
    });
  });

  it('has a credential that goes to its own origin only', async () => {
    const { credential } = await directory({ orgs: [ACME] }, { TOKEN: 's3cret' }).orgs.resolve('okta', 'acme');
    await expect(credential.authorize({ verb: 'GET', url: new URL('https://other.okta.com/') })).rejects.toMatchObject({
      code: 'insecure_origin',
    });
  });
});

describe('another provider', () => {
  it('needs no org: its document says where the credential is', async () => {
    const { orgs } = directory({ orgs: [ACME], defaultOrg: 'acme' }, { NAME: 'ann', PASS: 'pw' });
    const connection = await orgs.resolve('github', undefined);
    expect([connection.name, connection.origin]).toEqual(['github', undefined]);
    expect(await connection.credential.authorize({ verb: 'GET', url: new URL('https://api.github.com/') })).toEqual({
      headers: { authorization: `Basic ${Buffer.from('ann:pw').toString('base64')}` },
    });
  });

  it('with an org of its own takes place and token from it', async () => {
    const hub = org('hub', 'https://ghe.example.com', {
      provider: 'github',
      secret: { kind: 'bearer', token: { kind: 'literal', value: 'tok' } },
    });
    const connection = await directory({ orgs: [ACME, hub], defaultOrg: 'acme' }).orgs.resolve('github', undefined);
    expect([connection.name, connection.origin]).toEqual(['hub', 'https://ghe.example.com']);
    expect(await connection.credential.authorize({ verb: 'GET', url: new URL('https://ghe.example.com/x') })).toEqual({
      headers: { authorization: 'Bearer tok' },
    });
  });
});
