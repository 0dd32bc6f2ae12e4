import { lifecycleLinks, link } from '../links.ts';
import { target } from '../log-writer.ts';
import { userEntity } from '../membership.ts';
import type { User } from '../model.ts';
import type { Org } from '../org.ts';
import { page } from '../paging.ts';
import { notFound } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { readBody, requireAll } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { createTrustKey, deleteTrustKey, getTrustKey, listTrustKeys } from './identity-providers/keys.ts';
import { IDP_KEYS, IDP_REQUESTS, IDP_USERS, IDPS, type IdentityProvider, type IdpUser } from './identity-providers/store.ts';
import { readProvider } from './identity-providers/write.ts';
import { signingKeyRoutes } from './signing-keys/routes.ts';

const PATH = '/api/v1/idps';
const IDP = `${PATH}/{idpId}`;
const KEYS = `${PATH}/credentials/keys`;
const SOCIAL_TOKEN_MS = 3_600_000;

/** Identity providers with their keys, certificates asked for, and the users linked to them. */
export const identityProviders: Family = {
  name: 'identity providers',
  routes: [
    { method: 'GET', path: PATH, handle: list },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: KEYS, handle: listTrustKeys },
    { method: 'POST', path: KEYS, handle: createTrustKey },
    { method: 'GET', path: `${KEYS}/{keyId}`, handle: getTrustKey },
    { method: 'DELETE', path: `${KEYS}/{keyId}`, handle: deleteTrustKey },
    { method: 'GET', path: IDP, handle: (call) => json(200, render(call.org, idpOf(call))) },
    { method: 'PUT', path: IDP, handle: replace },
    { method: 'DELETE', path: IDP, handle: remove },
    { method: 'POST', path: `${IDP}/lifecycle/activate`, handle: (call) => setStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${IDP}/lifecycle/deactivate`, handle: (call) => setStatus(call, 'INACTIVE') },
    ...signingKeyRoutes({
      base: PATH,
      parameter: 'idpId',
      ownerOf(org, id) {
        const idp = org.collection(IDPS).get(id);
        if (idp === undefined) throw notFound(id, 'IdpTrust');
        return { id, label: idp.name };
      },
      keysOf: (org, owner) => org.collection(IDP_KEYS).by(owner.id),
      keys: IDP_KEYS,
      requests: IDP_REQUESTS,
      cloneTo: 'targetIdpId',
      event: 'system.idp',
      entity: 'IdentityProvider',
    }),
    { method: 'GET', path: `${IDP}/users`, handle: listUsers },
    { method: 'GET', path: `${IDP}/users/{userId}`, handle: (call) => json(200, userJson(call.org, linkOf(call))) },
    { method: 'POST', path: `${IDP}/users/{userId}`, handle: linkUser },
    { method: 'DELETE', path: `${IDP}/users/{userId}`, handle: unlinkUser },
    { method: 'GET', path: `${IDP}/users/{userId}/credentials/tokens`, handle: listTokens },
    { method: 'GET', path: '/api/v1/users/{userId}/idps', handle: listOfUser },
  ],
  initialise: (org) =>
    org.hooks.on('userDeleted', (_org, { user }) => {
      for (const one of org.collection(IDP_USERS).filter((linked) => linked.userId === user.id)) org.collection(IDP_USERS).delete(one.id);
    }),
};

function idpOf(call: Call): IdentityProvider {
  const id = call.params.idpId ?? '';
  const idp = call.org.collection(IDPS).get(id);
  if (idp === undefined) throw notFound(id, 'IdpTrust');
  return idp;
}

function list(call: Call): Reply {
  const q = (call.query.get('q') ?? '').toLowerCase();
  const type = call.query.get('type') ?? '';
  const found = call.org.collection(IDPS).filter((idp) => idp.name.toLowerCase().startsWith(q) && (type === '' || idp.type === type));
  return page(call, found, {
    limit: { fallback: 20, max: 200 },
    key: (idp) => idp.id,
    render: (idp) => JSON.stringify(render(call.org, idp)),
    drops: ['q', 'type'],
  });
}

function create(call: Call): Reply {
  const { org } = call;
  const values = readProvider(call, undefined);
  const created = wholeSecond(call.now);
  const idp = org.collection(IDPS).put({ id: org.ids.next('0oa'), ...values, status: 'ACTIVE', created, lastUpdated: created });
  log(call, 'system.idp.lifecycle.create', idp);
  return json(200, render(org, idp));
}

function replace(call: Call): Reply {
  const before = idpOf(call);
  const values = readProvider(call, before);
  const idp = call.org.collection(IDPS).put({ ...before, ...values, lastUpdated: wholeSecond(call.now) });
  log(call, 'system.idp.lifecycle.update', idp);
  return json(200, render(call.org, idp));
}

function remove(call: Call): Reply {
  const { org } = call;
  const idp = idpOf(call);
  for (const collection of [IDP_KEYS, IDP_REQUESTS]) {
    for (const record of org.collection(collection as typeof IDP_KEYS).by(idp.id))
      org.collection(collection as typeof IDP_KEYS).delete(record.id);
  }
  for (const linked of org.collection(IDP_USERS).by(idp.id)) org.collection(IDP_USERS).delete(linked.id);
  org.collection(IDPS).delete(idp.id);
  log(call, 'system.idp.lifecycle.delete', idp);
  return empty(204);
}

function setStatus(call: Call, status: IdentityProvider['status']): Reply {
  const before = idpOf(call);
  if (before.status === status) return json(200, render(call.org, before));
  const idp = call.org.collection(IDPS).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
  log(call, status === 'ACTIVE' ? 'system.idp.lifecycle.activate' : 'system.idp.lifecycle.deactivate', idp);
  return json(200, render(call.org, idp));
}

function userOf(call: Call): User {
  const given = call.params.userId ?? '';
  const user = call.org.users.resolve(given);
  if (user === undefined) throw notFound(given, 'User');
  return user;
}

function listUsers(call: Call): Reply {
  return json(
    200,
    call.org
      .collection(IDP_USERS)
      .by(idpOf(call).id)
      .map((one) => userJson(call.org, one)),
  );
}

function linkOf(call: Call): IdpUser {
  const idp = idpOf(call);
  const user = userOf(call);
  const found = call.org.collection(IDP_USERS).get(`${idp.id}/${user.id}`);
  if (found === undefined) throw notFound(user.id, 'IdentityProviderApplicationUser');
  return found;
}

function linkUser(call: Call): Reply {
  const { org } = call;
  const idp = idpOf(call);
  const user = userOf(call);
  const body = readBody(call.json(), { externalId: 'string' });
  requireAll(body, ['externalId']);
  const now = wholeSecond(call.now);
  const linked = org.collection(IDP_USERS).put({
    id: `${idp.id}/${user.id}`,
    idpId: idp.id,
    userId: user.id,
    externalId: String(body.externalId),
    created: org.collection(IDP_USERS).get(`${idp.id}/${user.id}`)?.created ?? now,
    lastUpdated: now,
    token: { id: org.ids.next('000'), text: org.random.text(40) },
  });
  call.log('user.account.link_idp', { targets: [userEntity(user), target('IdentityProvider', idp.id, idp.name)] });
  return json(200, userJson(org, linked));
}

function unlinkUser(call: Call): Reply {
  const linked = linkOf(call);
  const idp = idpOf(call);
  call.org.collection(IDP_USERS).delete(linked.id);
  call.log('user.account.unlink_idp', { targets: [userEntity(userOf(call)), target('IdentityProvider', idp.id, idp.name)] });
  return empty(204);
}

/** What a social provider gave Okta for the user; providers of other kinds give nothing to show. */
function listTokens(call: Call): Reply {
  const idp = idpOf(call);
  const linked = linkOf(call);
  if (idp.type === 'SAML2' || idp.type === 'X509') return json(200, []);
  return json(200, [
    {
      id: linked.token.id,
      token: linked.token.text,
      tokenType: 'urn:ietf:params:oauth:token-type:access_token',
      tokenAuthScheme: 'Bearer',
      expiresAt: isoTime(linked.lastUpdated + SOCIAL_TOKEN_MS),
      scopes: idp.protocol.scopes ?? [],
    },
  ]);
}

function listOfUser(call: Call): Reply {
  const user = userOf(call);
  const { org } = call;
  const found = org.collection(IDP_USERS).filter((one) => one.userId === user.id);
  return json(
    200,
    found.flatMap((one) => {
      const idp = org.collection(IDPS).get(one.idpId);
      return idp === undefined ? [] : [render(org, idp)];
    }),
  );
}

function userJson(org: Org, linked: IdpUser): JsonObject {
  const user = org.users.get(linked.userId);
  const path = `${PATH}/${linked.idpId}/users/${linked.userId}`;
  return {
    id: linked.userId,
    externalId: linked.externalId,
    created: isoTime(linked.created),
    lastUpdated: isoTime(linked.lastUpdated),
    profile: { firstName: user?.profile.firstName ?? null, lastName: user?.profile.lastName ?? null, email: user?.profile.email ?? null },
    _links: {
      idp: link(org, `${PATH}/${linked.idpId}`),
      self: link(org, path, 'GET', 'DELETE'),
      user: link(org, `/api/v1/users/${linked.userId}`, 'GET'),
    },
  };
}

function render(org: Org, idp: IdentityProvider): JsonObject {
  const path = `${PATH}/${idp.id}`;
  const isSaml = idp.type === 'SAML2';
  const query =
    'client_id={clientId}&response_type={responseType}&response_mode={responseMode}&scope={scopes}&redirect_uri={redirectUri}&state={state}&nonce={nonce}';
  return {
    id: idp.id,
    type: idp.type,
    issuerMode: idp.issuerMode,
    name: idp.name,
    status: idp.status,
    created: isoTime(idp.created),
    lastUpdated: isoTime(idp.lastUpdated),
    protocol: idp.protocol,
    policy: idp.policy,
    _links: isSaml
      ? {
          metadata: { href: `${org.origin}${path}/metadata.xml`, type: 'application/xml', hints: { allow: ['GET'] } },
          acs: { href: `${org.origin}/sso/saml2/${idp.id}`, type: 'application/xml', hints: { allow: ['POST'] } },
          users: link(org, `${path}/users`, 'GET'),
          ...lifecycleLinks(org, path, idp.status, 'GET', 'PUT', 'DELETE'),
        }
      : {
          authorize: { href: `${org.origin}/oauth2/v1/authorize?idp=${idp.id}&${query}`, templated: true, hints: { allow: ['GET'] } },
          clientRedirectUri: link(org, '/oauth2/v1/authorize/callback', 'POST'),
        },
  };
}

function log(call: Call, eventType: string, idp: IdentityProvider): void {
  call.log(eventType, { targets: [target('IdentityProvider', idp.id, idp.name, idp.type)] });
}
