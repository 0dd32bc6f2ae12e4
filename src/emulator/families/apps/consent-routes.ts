import { target } from '../../log-writer.ts';
import { userEntity } from '../../membership.ts';
import type { User } from '../../model.ts';
import type { Org } from '../../org.ts';
import { page } from '../../paging.ts';
import { invalid, notFound, Refusal } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { isoTime } from '../../time.ts';
import type { Call, JsonObject, Reply, Route } from '../../types.ts';
import { CONSENTS, type Consent, clientIdOf, makeConsent, REFRESH_TOKENS, type RefreshToken } from './consents.ts';
import { objectOf } from './defaults.ts';
import { appOf } from './list.ts';
import { APPS, type App } from './store.ts';

const APP = '/api/v1/apps/{appId}';
const USER = '/api/v1/users/{userId}';
const CLIENT = `${USER}/clients/{clientId}`;
const LIMIT = { fallback: 20, max: 200 };

/** Consents and refresh tokens, seen from the app and from the user. */
export const consentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${APP}/grants`,
    handle: (call) =>
      json(
        200,
        appConsents(call).map((consent) => consentJson(call, consent)),
      ),
  },
  { method: 'POST', path: `${APP}/grants`, handle: grant },
  { method: 'GET', path: `${APP}/grants/{grantId}`, handle: (call) => json(200, consentJson(call, consentOf(call, appConsents(call)))) },
  { method: 'DELETE', path: `${APP}/grants/{grantId}`, handle: (call) => revokeConsents(call, [consentOf(call, appConsents(call))]) },
  { method: 'GET', path: `${APP}/tokens`, handle: (call) => pageOfTokens(call, call.org.collection(REFRESH_TOKENS).by(appOf(call).id)) },
  { method: 'DELETE', path: `${APP}/tokens`, handle: (call) => revokeTokens(call, call.org.collection(REFRESH_TOKENS).by(appOf(call).id)) },
  { method: 'GET', path: `${APP}/tokens/{tokenId}`, handle: (call) => json(200, tokenJson(call, appToken(call))) },
  { method: 'DELETE', path: `${APP}/tokens/{tokenId}`, handle: (call) => revokeTokens(call, [appToken(call)]) },
  { method: 'GET', path: `${USER}/grants`, handle: (call) => pageOfConsents(call, userConsents(call)) },
  { method: 'DELETE', path: `${USER}/grants`, handle: (call) => revokeConsents(call, userConsents(call)) },
  { method: 'GET', path: `${USER}/grants/{grantId}`, handle: (call) => json(200, consentJson(call, consentOf(call, userConsents(call)))) },
  { method: 'DELETE', path: `${USER}/grants/{grantId}`, handle: (call) => revokeConsents(call, [consentOf(call, userConsents(call))]) },
  { method: 'GET', path: `${USER}/clients`, handle: listClients },
  { method: 'GET', path: `${CLIENT}/grants`, handle: (call) => pageOfConsents(call, ofClient(call, userConsents(call))) },
  { method: 'DELETE', path: `${CLIENT}/grants`, handle: (call) => revokeConsents(call, ofClient(call, userConsents(call))) },
  { method: 'GET', path: `${CLIENT}/tokens`, handle: (call) => pageOfTokens(call, ofClient(call, userTokens(call))) },
  { method: 'DELETE', path: `${CLIENT}/tokens`, handle: (call) => revokeTokens(call, ofClient(call, userTokens(call))) },
  { method: 'GET', path: `${CLIENT}/tokens/{tokenId}`, handle: (call) => json(200, tokenJson(call, clientToken(call))) },
  { method: 'DELETE', path: `${CLIENT}/tokens/{tokenId}`, handle: (call) => revokeTokens(call, [clientToken(call)]) },
];

/** Ends what apps may do in a user's name: consents and refresh tokens. */
export function dropConsentsOfUser(org: Org, userId: string): void {
  for (const collection of [org.collection(CONSENTS), org.collection(REFRESH_TOKENS)]) {
    for (const record of collection.filter((one: { readonly userId: string | null }) => one.userId === userId))
      collection.delete(record.id);
  }
}

function appConsents(call: Call): Consent[] {
  return call.org
    .collection(CONSENTS)
    .by(appOf(call).id)
    .filter((consent) => consent.userId === null);
}

function userOf(call: Call): User {
  const given = call.params.userId ?? '';
  const user = call.org.users.resolve(given);
  if (user === undefined) throw notFound(given, 'User');
  return user;
}

function userConsents(call: Call): Consent[] {
  const { id } = userOf(call);
  const scopeId = call.query.get('scopeId');
  return call.org.collection(CONSENTS).filter((consent) => consent.userId === id && (scopeId === null || consent.scopeId === scopeId));
}

function userTokens(call: Call): RefreshToken[] {
  const { id } = userOf(call);
  return call.org.collection(REFRESH_TOKENS).filter((token) => token.userId === id);
}

function ofClient<T extends { readonly clientId: string }>(call: Call, records: readonly T[]): T[] {
  const clientId = call.params.clientId ?? '';
  if (clientOf(call, clientId) === undefined) throw notFound(clientId, 'PublicClientApp');
  return records.filter((record) => record.clientId === clientId);
}

function clientOf(call: Call, clientId: string): App | undefined {
  return call.org.collection(APPS).find((app) => app.signOnMode === 'OPENID_CONNECT' && clientIdOf(app) === clientId);
}

function consentOf(call: Call, among: readonly Consent[]): Consent {
  const id = call.params.grantId ?? '';
  const consent = among.find((one) => one.id === id);
  if (consent === undefined) throw notFound(id, 'OAuth2ScopeConsentGrant');
  return consent;
}

function appToken(call: Call): RefreshToken {
  return tokenOf(call, call.org.collection(REFRESH_TOKENS).by(appOf(call).id), call.params.appId ?? '');
}

function clientToken(call: Call): RefreshToken {
  return tokenOf(call, ofClient(call, userTokens(call)), call.params.clientId ?? '');
}

function tokenOf(call: Call, among: readonly RefreshToken[], owner: string): RefreshToken {
  const id = call.params.tokenId ?? '';
  const token = among.find((one) => one.id === id);
  if (token === undefined)
    throw new Refusal('E0000007', { summary: `Not found: Resource not found: ${owner}.${id} (OAuth2RefreshTokenTx)` });
  return token;
}

function grant(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const body = call.json();
  if (app.signOnMode !== 'OPENID_CONNECT') throw invalid('app', ['Scopes can be granted to OpenID Connect applications only.']);
  if (typeof body.scopeId !== 'string' || body.scopeId === '') throw invalid('scopeId', ['scopeId: The field cannot be left blank']);
  if (!body.scopeId.startsWith('okta.'))
    throw invalid('scopeId', [`scopeId: '${body.scopeId}' is not a scope of the org authorization server`]);
  if (typeof body.issuer === 'string' && !(URL.canParse(body.issuer) && new URL(body.issuer).pathname === '/'))
    throw invalid('issuer', ['issuer: must be the org authorization server']);
  const known = appConsents(call).find((consent) => consent.scopeId === body.scopeId);
  const consent = known ?? makeConsent(org, app, body.scopeId, { createdBy: call.actor.id, created: call.now });
  if (known === undefined) logConsent(call, 'app.oauth2.as.consent.grant', consent);
  return json(200, { ...consentJson(call, consent), _embedded: { scope: { id: consent.scopeId } } });
}

function revokeConsents(call: Call, consents: readonly Consent[]): Reply {
  for (const consent of consents) {
    call.org.collection(CONSENTS).delete(consent.id);
    logConsent(call, 'app.oauth2.as.consent.revoke', consent);
  }
  return empty(204);
}

function revokeTokens(call: Call, tokens: readonly RefreshToken[]): Reply {
  for (const token of tokens) {
    call.org.collection(REFRESH_TOKENS).delete(token.id);
    const user = call.org.users.get(token.userId);
    call.log('app.oauth2.token.revoke', {
      targets: [
        target('refresh_token', token.id, 'Refresh Token'),
        target('PublicClientApp', token.clientId, labelOf(call, token.appId)),
        ...(user === undefined ? [] : [userEntity(user)]),
      ],
    });
  }
  return empty(204);
}

function pageOfConsents(call: Call, consents: readonly Consent[]): Reply {
  return page(call, consents, {
    limit: LIMIT,
    key: (consent) => consent.id,
    render: (consent) => JSON.stringify(consentJson(call, consent)),
  });
}

function pageOfTokens(call: Call, tokens: readonly RefreshToken[]): Reply {
  return page(call, tokens, { limit: LIMIT, key: (token) => token.id, render: (token) => JSON.stringify(tokenJson(call, token)) });
}

/** GET /api/v1/users/{userId}/clients: those that hold a consent or a token of the user. */
function listClients(call: Call): Reply {
  const user = userOf(call);
  const held = new Set([...userConsents(call), ...userTokens(call)].map((record) => record.appId));
  const apps = [...held].sort().flatMap((id) => call.org.collection(APPS).get(id) ?? []);
  const base = `${call.org.origin}/api/v1/users/${user.id}/clients`;
  return json(
    200,
    apps.map((app) => {
      const settings = objectOf(app.settings.oauthClient);
      const clientId = clientIdOf(app);
      return {
        client_id: clientId,
        client_name: app.label,
        client_uri: settings.client_uri ?? null,
        logo_uri: settings.logo_uri ?? null,
        _links: {
          grants: { href: `${base}/${clientId}/grants`, hints: { allow: ['GET', 'DELETE'] } },
          tokens: { href: `${base}/${clientId}/tokens`, hints: { allow: ['GET', 'DELETE'] } },
        },
      };
    }),
  );
}

function issuerOf(call: Call, record: { readonly authorizationServerId?: string }): string {
  return record.authorizationServerId === undefined ? call.org.origin : `${call.org.origin}/oauth2/${record.authorizationServerId}`;
}

function labelOf(call: Call, appId: string): string {
  return call.org.collection(APPS).get(appId)?.label ?? 'unknown';
}

function consentJson(call: Call, consent: Consent): JsonObject {
  const { origin } = call.org;
  const title = labelOf(call, consent.appId);
  const self =
    consent.userId === null
      ? `${origin}/api/v1/apps/${consent.appId}/grants/${consent.id}`
      : `${origin}/api/v1/users/${consent.userId}/grants/${consent.id}`;
  return {
    id: consent.id,
    status: consent.status,
    created: isoTime(consent.created),
    createdBy: consent.createdBy,
    lastUpdated: isoTime(consent.lastUpdated),
    issuer: issuerOf(call, consent),
    clientId: consent.clientId,
    ...(consent.userId === null ? {} : { userId: consent.userId }),
    scopeId: consent.scopeId,
    source: consent.source,
    ...(call.query.get('expand') === 'scope'
      ? { _embedded: { scope: { id: consent.scopeId, displayName: consent.scopeId, description: null } } }
      : {}),
    _links: {
      app: { href: `${origin}/api/v1/apps/${consent.appId}`, title },
      self: { href: self, hints: { allow: ['GET', 'DELETE'] } },
      client: { href: `${origin}/oauth2/v1/clients/${consent.clientId}`, title },
      ...(consent.userId === null
        ? {}
        : { user: { href: `${origin}/api/v1/users/${consent.userId}`, title: titleOf(call, consent.userId) } }),
    },
  };
}

function tokenJson(call: Call, token: RefreshToken): JsonObject {
  const { origin } = call.org;
  const title = labelOf(call, token.appId);
  const asUser = call.params.userId !== undefined;
  const self = asUser
    ? `${origin}/api/v1/users/${token.userId}/clients/${token.clientId}/tokens/${token.id}`
    : `${origin}/api/v1/apps/${token.appId}/tokens/${token.id}`;
  const scopes = token.scopes.map((scope) => ({ id: scope, name: scope, displayName: null, description: null }));
  return {
    id: token.id,
    status: token.status,
    created: isoTime(token.created),
    lastUpdated: isoTime(token.lastUpdated),
    expiresAt: isoTime(token.expiresAt),
    issuer: issuerOf(call, token),
    clientId: token.clientId,
    userId: token.userId,
    scopes: token.scopes,
    ...(call.query.get('expand') === 'scope' ? { _embedded: { scopes } } : {}),
    _links: {
      app: { href: `${origin}/api/v1/apps/${token.appId}`, title },
      self: { href: self },
      revoke: { href: self, hints: { allow: ['DELETE'] } },
      client: { href: `${origin}/oauth2/v1/clients/${token.clientId}`, title },
      user: { href: `${origin}/api/v1/users/${token.userId}`, title: titleOf(call, token.userId) },
    },
  };
}

function titleOf(call: Call, userId: string): string {
  const user = call.org.users.get(userId);
  return user === undefined ? 'unknown' : (userEntity(user).displayName ?? 'unknown');
}

function logConsent(call: Call, eventType: string, consent: Consent): void {
  const user = consent.userId === null ? undefined : call.org.users.get(consent.userId);
  call.log(eventType, {
    targets: [
      target('ScopeConsentGrant', consent.id, consent.scopeId),
      target('PublicClientApp', consent.clientId, labelOf(call, consent.appId)),
      ...(user === undefined ? [] : [userEntity(user)]),
    ],
  });
}
