import { isObject } from './id-map.ts';

/** What Okta adds to an object; no request sends it. */
const ADDED: ReadonlySet<string> = new Set([
  'id',
  'created',
  'createdBy',
  'createdDate',
  'lastUpdated',
  'lastUpdatedBy',
  'lastMembershipUpdated',
  'activated',
  'statusChanged',
  'lastLogin',
  'passwordChanged',
  'objectClass',
  'system',
  'verificationStatus',
  '_links',
  '_embedded',
]);

/** A password that meets the default policy, for recordings that keep none. */
const PASSWORD = 'Replayed!Pass-1';

/**
 * The body of a request whose recording kept only the response (recordings of 2020 did): what the response shows, without what Okta adds.
 * `undefined` where a response says too little.
 */
export function bodyFromResponse(template: string, method: string, response: unknown, passwords: ReadonlyMap<string, string>): unknown {
  if (template.endsWith('/credentials/csrs')) {
    return {
      subject: {
        countryName: 'US',
        stateOrProvinceName: 'California',
        localityName: 'San Francisco',
        organizationName: 'Example',
        organizationalUnitName: 'Dev',
        commonName: 'SP Issuer',
      },
      subjectAltNames: { dnsNames: ['dev.example.com'] },
    };
  }
  if (template === '/api/v1/authn') return credentials(response, passwords);
  if (template.endsWith('/keyRotate')) return { use: 'sig' };
  if (template.endsWith('/credentials/change_password'))
    return { oldPassword: { value: PASSWORD }, newPassword: { value: `${PASSWORD}2` } };
  if (!isObject(response)) return undefined;
  const body: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(response)) if (!ADDED.has(key)) body[key] = value;
  if (template.endsWith('/roles')) return { type: response.type };
  if (template.endsWith('/features/{name}')) return body;
  if (template === '/api/v1/apps/{appId}/users' || template === '/api/v1/apps/{appId}/users/{userId}') return appUser(response, template);
  if (template === '/api/v1/apps/{appId}/groups/{groupId}') return { priority: response.priority, profile: response.profile };
  if (template.endsWith('/change_recovery_question')) return recoveryQuestion(response);
  if (template.startsWith('/api/v1/users')) return template.includes('/factors') ? factor(response) : user(response);
  if (template === '/api/v1/apps') return app(body);
  if (template.startsWith('/api/v1/idps/credentials')) return { x5c: response.x5c };
  if (template.startsWith('/api/v1/idps') && method === 'POST') delete body.status;
  if (template.includes('Hooks')) withAuthValue(body);
  if (template === '/api/v1/groups/rules') delete body.status;
  if (template === '/api/v1/apps/{appId}/grants') return { issuer: response.issuer, scopeId: response.scopeId };
  return body;
}

/** Who signs in, by the response; with what, by the request that made the user. */
function credentials(response: unknown, passwords: ReadonlyMap<string, string>): unknown {
  const embedded = isObject(response) && isObject(response._embedded) ? response._embedded : {};
  const profile = isObject(embedded.user) && isObject(embedded.user.profile) ? embedded.user.profile : {};
  const login = String(profile.login ?? '');
  return { username: login, password: passwords.get(login) ?? PASSWORD };
}

function user(response: Record<string, unknown>): unknown {
  const credentials = isObject(response.credentials) ? response.credentials : {};
  const question = isObject(credentials.recovery_question) ? credentials.recovery_question : undefined;
  const provider = isObject(credentials.provider) ? credentials.provider : undefined;
  const sent = {
    ...(isObject(credentials.password) ? { password: { value: PASSWORD } } : {}),
    ...(question === undefined ? {} : { recovery_question: { ...question, answer: 'Answer of the replay' } }),
    ...(provider === undefined || provider.type === 'OKTA' ? {} : { provider }),
  };
  const type = isObject(response.type) ? { type: { id: response.type.id } } : {};
  return { profile: withoutNulls(response.profile), ...type, ...(Object.keys(sent).length === 0 ? {} : { credentials: sent }) };
}

function withoutNulls(profile: unknown): unknown {
  return isObject(profile) ? Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null)) : profile;
}

function recoveryQuestion(response: Record<string, unknown>): unknown {
  const question = isObject(response.recovery_question) ? response.recovery_question : {};
  return { password: { value: PASSWORD }, recovery_question: { ...question, answer: 'Another answer of the replay' } };
}

function factor(response: Record<string, unknown>): unknown {
  const profile = isObject(response.profile) ? { ...response.profile } : {};
  if (response.factorType === 'question') profile.answer = 'Answer of the replay';
  return { factorType: response.factorType, provider: response.provider, profile };
}

function appUser(response: Record<string, unknown>, template: string): unknown {
  const credentials = isObject(response.credentials) ? response.credentials : undefined;
  return {
    ...(template.endsWith('/users') ? { id: response.id, scope: response.scope } : {}),
    ...(credentials === undefined
      ? {}
      : { credentials: { userName: credentials.userName, ...(isObject(credentials.password) ? { password: { value: PASSWORD } } : {}) } }),
    profile: withoutNulls(response.profile),
  };
}

function app(body: Record<string, unknown>): unknown {
  const { status: _status, name, ...rest } = body;
  // Apps made from scratch get their name from Okta; those of the catalog, and templates, are asked for by name.
  const isOwn = typeof name === 'string' && /_\d+$/.test(name);
  return isOwn ? rest : { name, ...rest };
}

function withAuthValue(body: Record<string, unknown>): void {
  const channel = isObject(body.channel) ? body.channel : undefined;
  const config = channel !== undefined && isObject(channel.config) ? channel.config : undefined;
  if (channel === undefined || config === undefined || !isObject(config.authScheme)) return;
  body.channel = { ...channel, config: { ...config, authScheme: { ...config.authScheme, value: 'secret of the replay' } } };
  delete body.status;
}
