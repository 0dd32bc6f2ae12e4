import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';
import { createRandom } from '../../random.ts';
import { notFound } from '../../refusal.ts';
import { systemId } from '../../system-ids.ts';
import type { Call, JsonObject } from '../../types.ts';
import { randomModulus } from '../apps/certificates.ts';

/** A custom authorization server. */
export interface AuthorizationServer {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly audiences: readonly string[];
  readonly issuerMode: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: number;
  readonly lastUpdated: number;
  readonly rotationMode: string;
  readonly lastRotated: number;
}

export interface ServerKey {
  readonly id: string;
  readonly serverId: string;
  readonly status: 'ACTIVE' | 'NEXT' | 'EXPIRED';
  readonly modulus: Buffer;
}

/** A scope, claim, policy or rule; `details` stand as they are shown. */
export interface ServerPart {
  readonly id: string;
  /** The server, or for a rule its policy. */
  readonly parentId: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly system: boolean;
  readonly created: number;
  readonly lastUpdated: number;
  readonly priority: number;
  readonly details: JsonObject;
}

const byParent = (part: ServerPart): string => part.parentId;
export const SERVERS = defineCollection<AuthorizationServer>('authorizationServers');
export const SERVER_KEYS = defineCollection<ServerKey>('authorizationServerKeys', (key) => key.serverId);
export const SCOPES = defineCollection<ServerPart>('authorizationServerScopes', byParent);
export const CLAIMS = defineCollection<ServerPart>('authorizationServerClaims', byParent);
export const SERVER_POLICIES = defineCollection<ServerPart>('authorizationServerPolicies', byParent);
export const SERVER_RULES = defineCollection<ServerPart>('authorizationServerRules', byParent);
export const PATH = '/api/v1/authorizationServers';

export function defaultServerId(org: Org): string {
  return systemId(org, 'aus', 'default');
}

/** The name by which paths and issuers know a server: the default one has a word of its own. */
export function slugOf(org: Org, serverId: string): string {
  return serverId === defaultServerId(org) ? 'default' : serverId;
}

/** The server that a path names. */
export function serverOf(call: Call): AuthorizationServer {
  const given = call.params.authServerId ?? '';
  const server = call.org.collection(SERVERS).get(given === 'default' ? defaultServerId(call.org) : given);
  if (server === undefined) throw notFound(given, 'AuthorizationServer');
  return server;
}

const OPENID_SCOPES: readonly (readonly [name: string, description: string])[] = [
  ['openid', 'Asks for an ID token.'],
  ['profile', 'Lets the app see names, time zone, picture and the like.'],
  ['email', 'Lets the app see the email address.'],
  ['address', 'Lets the app see the postal address.'],
  ['phone', 'Lets the app see the phone number.'],
  ['offline_access', 'Lets the app keep its access while the user is away.'],
  ['device_sso', 'Lets the app share its session with others on the device.'],
];

const OPENID_CLAIMS: Readonly<Record<string, readonly string[]>> = {
  address: ['address'],
  email: ['email', 'email_verified'],
  phone: ['phone_number'],
  profile: [
    'birthdate',
    'family_name',
    'gender',
    'given_name',
    'locale',
    'middle_name',
    'name',
    'nickname',
    'picture',
    'preferred_username',
    'profile',
    'updated_at',
    'website',
    'zoneinfo',
  ],
};

/** Lays the scopes and claims that every server has, and its key. `idOf` gives ids by prefix and name. */
export function furnish(org: Org, server: AuthorizationServer, idOf: (prefix: string, name: string) => string, modulus: Buffer): void {
  const times = { created: server.created, lastUpdated: server.created };
  const common = { parentId: server.id, status: 'ACTIVE', system: true, priority: 0, ...times } as const;
  for (const [name, description] of OPENID_SCOPES) {
    org
      .collection(SCOPES)
      .put({ ...common, id: idOf('scp', name), name, details: { description, metadataPublish: 'ALL_CLIENTS', default: false } });
  }
  const claim = (name: string, details: JsonObject): void =>
    void org.collection(CLAIMS).put({ ...common, id: idOf('ocl', name), name, details });
  claim('sub', {
    claimType: 'RESOURCE',
    valueType: 'EXPRESSION',
    value: '(appuser != null) ? appuser.userName : app.clientId',
    conditions: { scopes: [] },
    alwaysIncludeInToken: true,
  });
  for (const [scope, names] of Object.entries(OPENID_CLAIMS)) {
    for (const name of names) {
      claim(name, { claimType: 'IDENTITY', valueType: 'SYSTEM', conditions: { scopes: [scope] }, alwaysIncludeInToken: name === 'email' });
    }
  }
  org.collection(SERVER_KEYS).put({ id: idOf('kid', 'first'), serverId: server.id, status: 'ACTIVE', modulus });
}

/** The server that every org has, with its policy. */
export function layDefaultServer(org: Org): void {
  const created = org.groups.get(org.everyoneId)?.created ?? org.clock.now();
  const id = defaultServerId(org);
  const server = org.collection(SERVERS).put({
    id,
    name: 'default',
    description: 'Default Authorization Server for your Applications',
    audiences: ['api://default'],
    issuerMode: 'ORG_URL',
    status: 'ACTIVE',
    created,
    lastUpdated: created,
    rotationMode: 'AUTO',
    lastRotated: created,
  });
  furnish(org, server, (prefix, name) => systemId(org, prefix, `default ${name}`), randomModulus(createRandom(created)));
  const policy = org.collection(SERVER_POLICIES).put({
    id: systemId(org, '00p', 'default server'),
    parentId: id,
    name: 'Default Policy',
    status: 'ACTIVE',
    system: false,
    created,
    lastUpdated: created,
    priority: 1,
    details: { description: 'Lets every client ask for tokens.', conditions: { clients: { include: ['ALL_CLIENTS'] } } },
  });
  org.collection(SERVER_RULES).put({
    id: systemId(org, '0pr', 'default server'),
    parentId: policy.id,
    name: 'Default Policy Rule',
    status: 'ACTIVE',
    system: false,
    created,
    lastUpdated: created,
    priority: 1,
    details: {
      conditions: {
        people: { users: { include: [], exclude: [] }, groups: { include: ['EVERYONE'], exclude: [] } },
        grantTypes: { include: ['client_credentials', 'authorization_code', 'implicit', 'password'] },
        scopes: { include: ['*'] },
      },
      actions: { token: { accessTokenLifetimeMinutes: 60, refreshTokenLifetimeMinutes: 0, refreshTokenWindowMinutes: 10080 } },
    },
  });
}
