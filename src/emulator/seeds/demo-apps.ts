import { assignGroup, assignUser } from '../families/apps/assignments.ts';
import { makeConsent, makeRefreshToken } from '../families/apps/consents.ts';
import type { App } from '../families/apps/store.ts';
import { makeApp, makeKey, type NewApp } from '../families/apps/write.ts';
import { policiesOf } from '../families/policies/store.ts';
import type { Group, User } from '../model.ts';
import type { Org } from '../org.ts';
import type { JsonObject } from '../types.ts';
import { seedTime } from './seed-time.ts';

const DAY_MS = 86_400_000;
const swa: JsonObject = {
  settings: { app: { url: 'https://example.com/login', usernameField: 'user', passwordField: 'pass', buttonField: 'go' } },
};
const bookmark = (url: string): JsonObject => ({ settings: { app: { url } } });
const client = (type: string, grants: readonly string[]): JsonObject => ({
  credentials: {
    oauthClient: {
      token_endpoint_auth_method: type === 'service' ? 'private_key_jwt' : type === 'browser' ? 'none' : 'client_secret_basic',
    },
  },
  settings: {
    oauthClient: {
      application_type: type,
      grant_types: [...grants],
      response_types: [type === 'service' ? 'token' : 'code'],
      redirect_uris: type === 'service' ? [] : ['https://app.example.com/callback'],
    },
  },
});

/** App, and the groups that are assigned to it. */
const APPS_OF_DEMO: readonly (readonly [NewApp, readonly string[]])[] = [
  [{ name: 'google', label: 'Google Workspace', signOnMode: 'SAML_2_0' }, ['Everyone']],
  [{ name: 'slack', label: 'Slack', signOnMode: 'SAML_2_0' }, ['Everyone']],
  [{ name: 'zoomus', label: 'Zoom', signOnMode: 'SAML_2_0' }, ['Everyone']],
  [{ name: 'salesforce', label: 'Salesforce', signOnMode: 'SAML_2_0' }, ['Sales', 'Support']],
  [{ name: 'amazon_aws', label: 'AWS (production)', signOnMode: 'SAML_2_0' }, ['On call', 'Administrators']],
  [{ name: 'github_enterprise', label: 'GitHub', signOnMode: 'SAML_2_0' }, ['GitHub', 'Engineering']],
  [{ name: 'workday', label: 'Workday', signOnMode: 'SAML_2_0' }, ['Employees']],
  [{ name: 'expensify', label: 'Expensify', signOnMode: 'SAML_2_0', status: 'INACTIVE' }, ['Finance']],
  [{ name: 'office365', label: 'Microsoft 365', signOnMode: 'WS_FEDERATION' }, ['Employees']],
  [{ label: 'Intranet', signOnMode: 'OPENID_CONNECT', body: client('web', ['authorization_code', 'refresh_token']) }, ['Everyone']],
  [
    { label: 'Field app', signOnMode: 'OPENID_CONNECT', body: client('native', ['authorization_code', 'refresh_token']) },
    ['Sales', 'Operations'],
  ],
  [{ label: 'Status page', signOnMode: 'OPENID_CONNECT', body: client('browser', ['authorization_code']) }, []],
  [{ label: 'HR sync', signOnMode: 'OPENID_CONNECT', body: client('service', ['client_credentials']) }, []],
  [{ label: 'SIEM export', signOnMode: 'OPENID_CONNECT', body: client('service', ['client_credentials']) }, []],
  [{ label: 'Old importer', signOnMode: 'OPENID_CONNECT', status: 'INACTIVE', body: client('service', ['client_credentials']) }, []],
  [{ label: 'Cafeteria menu', signOnMode: 'BOOKMARK', body: bookmark('https://menu.example.com') }, ['Everyone']],
  [{ label: 'Parking', signOnMode: 'BOOKMARK', body: bookmark('https://parking.example.com') }, []],
  [{ label: 'Bank portal', signOnMode: 'BROWSER_PLUGIN', body: swa }, ['Finance']],
  [{ label: 'Travel desk', signOnMode: 'SECURE_PASSWORD_STORE', body: swa }, ['Project 03']],
  [
    {
      label: 'Printer console',
      signOnMode: 'BASIC_AUTH',
      body: { settings: { app: { url: 'https://printer.example.com', authURL: 'https://printer.example.com/auth' } } },
    },
    ['Help desk'],
  ],
  [
    { label: 'Trade press', signOnMode: 'AUTO_LOGIN', body: { settings: { signOn: { loginUrl: 'https://press.example.com/login' } } } },
    ['Marketing'],
  ],
];

export function layDemoApps(org: Org, users: readonly User[], groups: ReadonlyMap<string, Group>): void {
  const now = seedTime(org);
  const policies = policiesOf(org, 'ACCESS_POLICY').filter((policy) => policy.status === 'ACTIVE');
  const everyone = org.groups.get(org.everyoneId);
  const active = users.filter((user) => user.status === 'ACTIVE');
  const made = new Map<string, App>();
  APPS_OF_DEMO.forEach(([parts, groupNames], i) => {
    const created = now - (30 + i * 31) * DAY_MS;
    const app = makeApp(org, { ...parts, created, accessPolicyId: policies[i % policies.length]?.id ?? null });
    made.set(app.label, app);
    if (app.signOnMode === 'SAML_2_0' && i % 3 === 1) makeKey(org, app.id, created + DAY_MS, now + 40 * DAY_MS);
    for (const name of groupNames) {
      const group = name === 'Everyone' ? everyone : groups.get(name);
      if (group !== undefined) assignGroup(org, app, group, {}, created + DAY_MS);
    }
    active
      .filter((_, n) => n % (17 + i) === 3)
      .forEach((user) => {
        if (app.label !== 'Parking') assignUser(org, app, user, {}, Math.max(created, user.created) + DAY_MS);
      });
  });
  const admin = active[0];
  if (admin === undefined) return;
  const consent = (label: string, scopes: readonly string[]): void => {
    const app = made.get(label);
    if (app !== undefined) for (const scope of scopes) makeConsent(org, app, scope, { createdBy: admin.id, created: app.created + DAY_MS });
  };
  consent('HR sync', ['okta.users.manage', 'okta.groups.manage', 'okta.users.read']);
  consent('SIEM export', ['okta.logs.read']);
  consent('Old importer', ['okta.users.manage']);
  const fieldApp = made.get('Field app');
  if (fieldApp === undefined) return;
  active.slice(0, 20).forEach((user) => {
    makeConsent(org, fieldApp, 'offline_access', { createdBy: user.id, userId: user.id, created: now - 20 * DAY_MS });
    makeRefreshToken(org, fieldApp, user.id, ['openid', 'offline_access'], now - 20 * DAY_MS);
  });
}
