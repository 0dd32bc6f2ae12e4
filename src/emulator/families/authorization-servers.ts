import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { page } from '../paging.ts';
import { invalid } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { objectAt, oneOf, readBody, requireAll, requiredText, textsAt } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { randomModulus } from './apps/certificates.ts';
import { createClaim, deleteClaim, getClaim, listClaims, replaceClaim } from './authorization-servers/claims.ts';
import { getToken, listClients, listTokens, revokeToken, revokeTokens } from './authorization-servers/clients.ts';
import * as policies from './authorization-servers/policies.ts';
import { createScope, deleteScope, getScope, listScopes, replaceScope } from './authorization-servers/scopes.ts';
import {
  type AuthorizationServer,
  CLAIMS,
  defaultServerId,
  furnish,
  layDefaultServer,
  PATH,
  SCOPES,
  SERVER_KEYS,
  SERVER_POLICIES,
  SERVERS,
  type ServerKey,
  serverOf,
  slugOf,
} from './authorization-servers/store.ts';

const SERVER = `${PATH}/{authServerId}`;
const SCOPE = `${SERVER}/scopes/{scopeId}`;
const CLAIM = `${SERVER}/claims/{claimId}`;
const POLICY = `${SERVER}/policies/{policyId}`;
const RULE = `${POLICY}/rules/{ruleId}`;
const TOKENS = `${SERVER}/clients/{clientId}/tokens`;
const ROTATION_MS = 90 * 86_400_000;
const BODY = {
  description: 'string',
  audiences: ['string'],
  issuerMode: oneOf('ORG_URL', 'CUSTOM_URL', 'DYNAMIC'),
  credentials: { signing: { rotationMode: oneOf('AUTO', 'MANUAL') } },
} as const;

/** Custom authorization servers with their scopes, claims, policies, rules, keys, clients and tokens. */
export const authorizationServers: Family = {
  name: 'authorization servers',
  routes: [
    { method: 'GET', path: PATH, handle: list },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: SERVER, handle: (call) => json(200, render(call.org, serverOf(call))) },
    { method: 'PUT', path: SERVER, handle: replace },
    { method: 'DELETE', path: SERVER, handle: remove },
    { method: 'POST', path: `${SERVER}/lifecycle/activate`, handle: (call) => setStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${SERVER}/lifecycle/deactivate`, handle: (call) => setStatus(call, 'INACTIVE') },
    { method: 'GET', path: `${SERVER}/credentials/keys`, handle: (call) => json(200, keysJson(call.org, serverOf(call))) },
    { method: 'POST', path: `${SERVER}/credentials/lifecycle/keyRotate`, handle: rotate },
    { method: 'GET', path: `${SERVER}/scopes`, handle: listScopes },
    { method: 'POST', path: `${SERVER}/scopes`, handle: createScope },
    { method: 'GET', path: SCOPE, handle: getScope },
    { method: 'PUT', path: SCOPE, handle: replaceScope },
    { method: 'DELETE', path: SCOPE, handle: deleteScope },
    { method: 'GET', path: `${SERVER}/claims`, handle: listClaims },
    { method: 'POST', path: `${SERVER}/claims`, handle: createClaim },
    { method: 'GET', path: CLAIM, handle: getClaim },
    { method: 'PUT', path: CLAIM, handle: replaceClaim },
    { method: 'DELETE', path: CLAIM, handle: deleteClaim },
    { method: 'GET', path: `${SERVER}/policies`, handle: policies.listPolicies },
    { method: 'POST', path: `${SERVER}/policies`, handle: policies.createPolicy },
    { method: 'GET', path: POLICY, handle: policies.getPolicy },
    { method: 'PUT', path: POLICY, handle: policies.replacePolicy },
    { method: 'DELETE', path: POLICY, handle: policies.deletePolicy },
    { method: 'POST', path: `${POLICY}/lifecycle/activate`, handle: (call) => policies.setPolicyStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${POLICY}/lifecycle/deactivate`, handle: (call) => policies.setPolicyStatus(call, 'INACTIVE') },
    { method: 'GET', path: `${POLICY}/rules`, handle: policies.listRules },
    { method: 'POST', path: `${POLICY}/rules`, handle: policies.createRule },
    { method: 'GET', path: RULE, handle: policies.getRule },
    { method: 'PUT', path: RULE, handle: policies.replaceRule },
    { method: 'DELETE', path: RULE, handle: policies.deleteRule },
    { method: 'POST', path: `${RULE}/lifecycle/activate`, handle: (call) => policies.setRuleStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${RULE}/lifecycle/deactivate`, handle: (call) => policies.setRuleStatus(call, 'INACTIVE') },
    { method: 'GET', path: `${SERVER}/clients`, handle: listClients },
    { method: 'GET', path: TOKENS, handle: listTokens },
    { method: 'DELETE', path: TOKENS, handle: revokeTokens },
    { method: 'GET', path: `${TOKENS}/{tokenId}`, handle: getToken },
    { method: 'DELETE', path: `${TOKENS}/{tokenId}`, handle: revokeToken },
  ],
  initialise: layDefaultServer,
};

function list(call: Call): Reply {
  const q = (call.query.get('q') ?? '').toLowerCase();
  const found = call.org
    .collection(SERVERS)
    .filter(
      (server) => server.name.toLowerCase().startsWith(q) || server.audiences.some((audience) => audience.toLowerCase().startsWith(q)),
    );
  return page(call, found, {
    limit: { fallback: 200, max: 200 },
    key: (server) => server.id,
    render: (server) => JSON.stringify(render(call.org, server)),
  });
}

function read(
  call: Call,
  own: AuthorizationServer | undefined,
): Pick<AuthorizationServer, 'name' | 'description' | 'audiences' | 'issuerMode' | 'rotationMode'> {
  const given = call.json();
  const name = requiredText(given, 'name');
  const body = readBody(given, BODY);
  requireAll(body, ['audiences']);
  const audiences = textsAt(body.audiences);
  if (audiences.length !== 1) throw invalid('audiences', ['audiences: An authorization server has exactly one audience']);
  if (call.org.collection(SERVERS).find((server) => server.name === name && server.id !== own?.id) !== undefined) {
    throw invalid('name', ['name: An object with this field already exists in the current organization']);
  }
  return {
    name,
    description: typeof body.description === 'string' ? body.description : null,
    audiences,
    issuerMode: String(body.issuerMode ?? own?.issuerMode ?? 'ORG_URL'),
    rotationMode: String(objectAt(objectAt(body.credentials).signing).rotationMode ?? own?.rotationMode ?? 'AUTO'),
  };
}

function create(call: Call): Reply {
  const { org } = call;
  const values = read(call, undefined);
  const created = wholeSecond(call.now);
  const server = org
    .collection(SERVERS)
    .put({ id: org.ids.next('aus'), ...values, status: 'ACTIVE', created, lastUpdated: created, lastRotated: created });
  furnish(org, server, (prefix) => (prefix === 'kid' ? org.random.text(43) : org.ids.next(prefix)), randomModulus(org.random));
  log(call, 'oauth2.as.created', server);
  return json(201, render(org, server));
}

function replace(call: Call): Reply {
  const before = serverOf(call);
  const server = call.org.collection(SERVERS).put({ ...before, ...read(call, before), lastUpdated: wholeSecond(call.now) });
  log(call, 'oauth2.as.updated', server);
  return json(200, render(call.org, server));
}

function remove(call: Call): Reply {
  const { org } = call;
  const server = serverOf(call);
  if (server.id === defaultServerId(org)) throw invalid('authorizationServer', ['The default authorization server cannot be deleted']);
  for (const key of [SCOPES, CLAIMS]) for (const part of org.collection(key).by(server.id)) org.collection(key).delete(part.id);
  for (const policy of org.collection(SERVER_POLICIES).by(server.id)) policies.dropPolicy(org, policy);
  for (const key of org.collection(SERVER_KEYS).by(server.id)) org.collection(SERVER_KEYS).delete(key.id);
  org.collection(SERVERS).delete(server.id);
  log(call, 'oauth2.as.deleted', server);
  return empty(204);
}

function setStatus(call: Call, status: AuthorizationServer['status']): Reply {
  const before = serverOf(call);
  if (before.status !== status) {
    const server = call.org.collection(SERVERS).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
    log(call, status === 'ACTIVE' ? 'oauth2.as.activated' : 'oauth2.as.deactivated', server);
  }
  return empty(204);
}

/** The next key takes the active one's place; the active one expires. */
function rotate(call: Call): Reply {
  const { org } = call;
  const server = serverOf(call);
  const { use } = readBody(call.json(), { use: oneOf('sig') });
  if (use === undefined) throw invalid('use', ['use: The field cannot be left blank']);
  const keys = org.collection(SERVER_KEYS);
  for (const key of keys.by(server.id)) {
    if (key.status === 'EXPIRED') keys.delete(key.id);
    else keys.put({ ...key, status: 'EXPIRED' });
  }
  keys.put({ id: org.random.text(43), serverId: server.id, status: 'ACTIVE', modulus: randomModulus(org.random) });
  org.collection(SERVERS).put({ ...server, lastRotated: wholeSecond(call.now) });
  log(call, 'app.oauth2.as.key.rollover', server);
  return json(200, keysJson(org, server));
}

function keysOf(org: Org, server: AuthorizationServer): ServerKey[] {
  return org
    .collection(SERVER_KEYS)
    .by(server.id)
    .sort((a, b) => (a.status < b.status ? -1 : 1));
}

function keysJson(org: Org, server: AuthorizationServer): readonly JsonObject[] {
  const path = `${PATH}/${slugOf(org, server.id)}/credentials/keys`;
  return keysOf(org, server).map((key) => ({
    kty: 'RSA',
    status: key.status,
    alg: 'RS256',
    kid: key.id,
    use: 'sig',
    _links: { self: link(org, `${path}/${key.id}`, 'GET') },
    e: 'AQAB',
    n: key.modulus.toString('base64url'),
  }));
}

function render(org: Org, server: AuthorizationServer): JsonObject {
  const slug = slugOf(org, server.id);
  const path = `${PATH}/${slug}`;
  const issuer = `/oauth2/${slug}`;
  const transition = server.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return org.shaping.shape('authorizationServer', {
    id: server.id,
    name: server.name,
    description: server.description,
    audiences: server.audiences,
    issuer: `${org.origin}${issuer}`,
    issuerMode: server.issuerMode,
    status: server.status,
    created: isoTime(server.created),
    lastUpdated: isoTime(server.lastUpdated),
    credentials: {
      signing: {
        rotationMode: server.rotationMode,
        lastRotated: isoTime(server.lastRotated),
        nextRotation: isoTime(server.lastRotated + ROTATION_MS),
        kid: keysOf(org, server)[0]?.id ?? null,
      },
    },
    default: slug === 'default',
    _links: {
      rotateKey: link(org, `${path}/credentials/lifecycle/keyRotate`, 'POST'),
      metadata: ['oauth-authorization-server', 'openid-configuration'].map((name) => ({
        name,
        ...link(org, `${issuer}/.well-known/${name}`, 'GET'),
      })),
      keys: link(org, `${path}/credentials/keys`, 'GET'),
      claims: link(org, `${path}/claims`, 'GET', 'POST'),
      policies: link(org, `${path}/policies`, 'GET', 'POST'),
      self: link(org, path, 'GET', 'DELETE', 'PUT'),
      scopes: link(org, `${path}/scopes`, 'GET', 'POST'),
      [transition]: link(org, `${path}/lifecycle/${transition}`, 'POST'),
    },
  });
}

function log(call: Call, eventType: string, server: AuthorizationServer): void {
  call.log(eventType, { targets: [target('AuthorizationServer', server.id, server.name)] });
}
