/** Answers a call with its parsed body, `{}` for what is refused. */
export type Ask = (method: string, url: string, body?: unknown) => Promise<Readonly<Record<string, never>>>;

const CHANNEL = {
  type: 'HTTP',
  version: '1.0.0',
  config: { uri: 'https://hooks.example.com/a', authScheme: { type: 'HEADER', key: 'authorization', value: 'secret' } },
};
const endpoint = (path: string): object => ({ url: `https://idp.example.com/${path}`, binding: 'HTTP-REDIRECT' });

/**
 * Makes something of every kind, so that random requests find what they ask for: chance alone hardly ever makes what stands three levels deep.
 * @param name unlike that of an earlier call
 */
export async function furnish(ask: Ask, name: string): Promise<void> {
  const make = async (url: string, body: unknown): Promise<string> => String((await ask('POST', url, body)).id);
  const login = `${name}@example.com`;
  const user = await make('/api/v1/users', {
    profile: { firstName: 'Fuzz', lastName: name, login, email: login },
    credentials: { password: { value: 'Passw0rd!x' } },
  });
  const group = await make('/api/v1/groups', { profile: { name, description: 'of chance' } });
  await ask('PUT', `/api/v1/groups/${group}/users/${user}`);
  await make('/api/v1/groups/rules', {
    type: 'group_rule',
    name,
    conditions: { expression: { value: `user.lastName=="${name}"`, type: 'urn:okta:expression:1.0' } },
    actions: { assignUserToGroups: { groupIds: [group] } },
  });
  await furnishApps(ask, make, name, user, group);
  await furnishRoles(ask, make, user, group);
  await make(`/api/v1/users/${user}/factors?activate=true`, {
    factorType: 'sms',
    provider: 'OKTA',
    profile: { phoneNumber: '+15551234567' },
  });
  const question = { question: 'disliked_food', answer: 'mayonnaise' };
  await make(`/api/v1/users/${user}/factors`, { factorType: 'question', provider: 'OKTA', profile: question });
  await make(`/api/v1/users/${user}/factors`, { factorType: 'push', provider: 'OKTA' });
  const { sessionToken } = await ask('POST', '/api/v1/authn', { username: login, password: 'Passw0rd!x' });
  await ask('POST', '/api/v1/sessions', { sessionToken });
  await furnishSettings(ask, make, name, user, group);
  await furnishServer(make, name);
  for (const list of LISTS) await ask('GET', list);
}

type Make = (url: string, body: unknown) => Promise<string>;

async function furnishApps(ask: Ask, make: Make, name: string, user: string, group: string): Promise<void> {
  const app = await make('/api/v1/apps', {
    name: 'oidc_client',
    label: `Client ${name}`,
    signOnMode: 'OPENID_CONNECT',
    settings: { oauthClient: { redirect_uris: ['https://app.example.com/callback'] } },
  });
  const path = `/api/v1/apps/${app}`;
  await make(`${path}/users`, { id: user, scope: 'USER' });
  await ask('PUT', `${path}/groups/${group}`, {});
  await make(`${path}/credentials/keys/generate?validityYears=2`, {});
  await make(`${path}/credentials/secrets`, {});
  await make(`${path}/credentials/csrs`, { subject: { commonName: 'Fuzz', organizationName: 'Fuzz' } });
  await make(`${path}/grants`, { scopeId: 'okta.users.read', issuer: 'https://demo.okta.com' });
  for (const list of ['users', 'groups', 'credentials/keys', 'credentials/secrets', 'credentials/csrs', 'grants'])
    await ask('GET', `${path}/${list}`);
  await make('/api/v1/apps', {
    name: 'bookmark',
    label: `Link ${name}`,
    signOnMode: 'BOOKMARK',
    settings: { app: { url: 'https://a.example.com' } },
  });
}

async function furnishRoles(ask: Ask, make: Make, user: string, group: string): Promise<void> {
  for (const path of [`/api/v1/users/${user}/roles`, `/api/v1/groups/${group}/roles`]) {
    await make(path, { type: 'APP_ADMIN' });
    const role = await make(path, { type: 'USER_ADMIN' });
    await ask('PUT', `${path}/${role}/targets/groups/${group}`);
    await ask('GET', path);
  }
}

async function furnishSettings(ask: Ask, make: Make, name: string, user: string, group: string): Promise<void> {
  await make('/api/v1/eventHooks', { name, events: { type: 'EVENT_TYPE', items: ['user.lifecycle.create'] }, channel: CHANNEL });
  await make('/api/v1/inlineHooks', { name, type: 'com.okta.oauth2.tokens.transform', version: '1.0.0', channel: CHANNEL });
  await make('/api/v1/zones', { type: 'IP', name, gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] });
  await make('/api/v1/trustedOrigins', { name, origin: `https://${name}.example.com`, scopes: [{ type: 'CORS' }] });
  await make('/api/v1/templates/sms', { name, type: 'SMS_VERIFY_CODE', template: `Code \${code}` });
  await make('/api/v1/meta/types/user', { name, displayName: name, description: 'of chance' });
  const linked = { primary: { name: `p${name}`, title: 'Of', type: 'USER' }, associated: { name: `a${name}`, title: 'To', type: 'USER' } };
  await make('/api/v1/meta/schemas/user/linkedObjects', linked);
  await ask('GET', `/api/v1/meta/schemas/user/linkedObjects/p${name}`);
  await ask('PUT', `/api/v1/users/${user}/linkedObjects/p${name}/${user}`);
  const people = { groups: { include: [group] } };
  const policy = await make('/api/v1/policies', { type: 'OKTA_SIGN_ON', name, conditions: { people } });
  await make(`/api/v1/policies/${policy}/rules`, { type: 'SIGN_ON', name, actions: { signon: { access: 'ALLOW', requireFactor: false } } });
  const idp = await make('/api/v1/idps', {
    type: 'OIDC',
    name,
    protocol: {
      type: 'OIDC',
      endpoints: { authorization: endpoint('authorize'), token: { ...endpoint('token'), binding: 'HTTP-POST' }, jwks: endpoint('keys') },
      scopes: ['openid', 'email'],
      issuer: { url: 'https://idp.example.com' },
      credentials: { client: { client_id: 'client', client_secret: 'secret' } },
    },
    policy: {
      provisioning: { action: 'AUTO', profileMaster: false, groups: { action: 'NONE' } },
      accountLink: { filter: null, action: 'AUTO' },
      subject: { userNameTemplate: { template: 'idpuser.email' }, matchType: 'USERNAME' },
      maxClockSkew: 0,
    },
  });
  const [key] = [await ask('POST', `/api/v1/idps/${idp}/credentials/keys/generate?validityYears=2`)];
  await make(`/api/v1/idps/${idp}/credentials/csrs`, { subject: { commonName: 'Fuzz', organizationName: 'Fuzz' } });
  await ask('POST', `/api/v1/idps/${idp}/users/${user}`, { externalId: name });
  const { kid } = await ask('POST', '/api/v1/idps/credentials/keys', { x5c: key?.x5c });
  await ask('GET', `/api/v1/idps/credentials/keys/${String(kid)}`);
  await make('/api/v1/domains', { domain: `${name}.acme.example.org`, certificateSourceType: 'OKTA_MANAGED' });
}

async function furnishServer(make: Make, name: string): Promise<void> {
  const server = await make('/api/v1/authorizationServers', { name, audiences: ['api://fuzz'] });
  const path = `/api/v1/authorizationServers/${server}`;
  await make(`${path}/scopes`, { name: `scope${name}` });
  await make(`${path}/claims`, { name: `claim${name}`, valueType: 'EXPRESSION', claimType: 'RESOURCE', value: 'user.email' });
  const conditions = { clients: { include: ['ALL_CLIENTS'] } };
  const policy = await make(`${path}/policies`, { type: 'OAUTH_AUTHORIZATION_POLICY', name, description: name, priority: 1, conditions });
  await make(`${path}/policies/${policy}/rules`, {
    type: 'RESOURCE_ACCESS',
    name,
    priority: 1,
    conditions: {
      people: { groups: { include: ['EVERYONE'] } },
      grantTypes: { include: ['client_credentials'] },
      scopes: { include: ['*'] },
    },
    actions: { token: { accessTokenLifetimeMinutes: 60 } },
  });
}

const LISTS: readonly string[] = [
  'apps',
  'users',
  'groups',
  'groups/rules',
  'idps',
  'brands',
  'features',
  'mappings',
  'domains',
  'authenticators',
].map((list) => `/api/v1/${list}`);
