import { link } from '../links.ts';
import type { Org } from '../org.ts';
import { page } from '../paging.ts';
import { notFound } from '../refusal.ts';
import { json } from '../reply.ts';
import { objectAt } from '../shape.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { clientIdOf } from './apps/consents.ts';
import { keyJson, orgKey } from './apps/keys.ts';
import { APPS, type App } from './apps/store.ts';
import { type AuthorizationServer, CLAIMS, SCOPES, SERVER_KEYS, serverOf, slugOf } from './authorization-servers/store.ts';
import { issueToken } from './oauth/token.ts';

const CLIENTS = '/oauth2/v1/clients';
const SERVER = '/oauth2/{authServerId}';

/** OAuth: tokens to Okta's own API, the org's clients, and what authorization servers say of themselves. */
export const oauth: Family = {
  name: 'oauth',
  routes: [
    { method: 'POST', path: '/oauth2/v1/token', handle: issueToken, isPublic: true, consumes: 'form' },
    { method: 'GET', path: CLIENTS, handle: listClients, scope: 'okta.clients.read' },
    { method: 'GET', path: `${CLIENTS}/{clientId}`, handle: getClient, scope: 'okta.clients.read' },
    { method: 'GET', path: '/oauth2/v1/keys', handle: (call) => json(200, { keys: [publicKey(call.org)] }), isPublic: true },
    {
      method: 'GET',
      path: '/.well-known/oauth-authorization-server',
      handle: (call) => json(200, metadataOfOrg(call.org)),
      isPublic: true,
    },
    { method: 'GET', path: '/.well-known/openid-configuration', handle: (call) => json(200, metadataOfOrg(call.org)), isPublic: true },
    { method: 'GET', path: `${SERVER}/v1/keys`, handle: serverKeys, isPublic: true },
    { method: 'GET', path: `${SERVER}/.well-known/oauth-authorization-server`, handle: serverMetadata, isPublic: true },
    { method: 'GET', path: `${SERVER}/.well-known/openid-configuration`, handle: serverMetadata, isPublic: true },
  ],
};

function publicKey(org: Org): JsonObject {
  const { kty, kid, use, e, n } = keyJson(org, orgKey(org));
  return { kty, alg: 'RS256', kid, use, e, n };
}

function serverKeys(call: Call): Reply {
  const keys = call.org
    .collection(SERVER_KEYS)
    .by(serverOf(call).id)
    .map((key) => ({ kty: 'RSA', alg: 'RS256', kid: key.id, use: 'sig', e: 'AQAB', n: key.modulus.toString('base64url') }));
  return json(200, { keys });
}

function metadataOfOrg(org: Org): JsonObject {
  return metadata(
    org,
    org.origin,
    `${org.origin}/oauth2/v1`,
    ['openid', 'email', 'profile', 'address', 'phone', 'offline_access', 'groups'],
    ['sub'],
  );
}

function serverMetadata(call: Call): Reply {
  const { org } = call;
  const server: AuthorizationServer = serverOf(call);
  const issuer = `${org.origin}/oauth2/${slugOf(org, server.id)}`;
  const published = org
    .collection(SCOPES)
    .by(server.id)
    .filter((scope) => scope.details.metadataPublish === 'ALL_CLIENTS');
  const claims = org.collection(CLAIMS).by(server.id);
  return json(
    200,
    metadata(
      org,
      issuer,
      `${issuer}/v1`,
      published.map((scope) => scope.name),
      claims.map((claim) => claim.name),
    ),
  );
}

function metadata(_org: Org, issuer: string, base: string, scopes: readonly string[], claims: readonly string[]): JsonObject {
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    userinfo_endpoint: `${base}/userinfo`,
    registration_endpoint: `${base}/clients`,
    jwks_uri: `${base}/keys`,
    response_types_supported: ['code', 'token', 'id_token', 'code id_token', 'code token', 'id_token token', 'code id_token token'],
    response_modes_supported: ['query', 'fragment', 'form_post', 'okta_post_message'],
    grant_types_supported: ['authorization_code', 'implicit', 'refresh_token', 'password', 'client_credentials'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: scopes,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
    claims_supported: claims,
    code_challenge_methods_supported: ['S256'],
    introspection_endpoint: `${base}/introspect`,
    revocation_endpoint: `${base}/revoke`,
    end_session_endpoint: `${base}/logout`,
    dpop_signing_alg_values_supported: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
  };
}

function clientsOf(org: Org): App[] {
  return org.collection(APPS).filter((app) => app.signOnMode === 'OPENID_CONNECT');
}

function listClients(call: Call): Reply {
  const q = (call.query.get('q') ?? '').toLowerCase();
  return page(
    call,
    clientsOf(call.org).filter((app) => app.label.toLowerCase().startsWith(q) || clientIdOf(app).toLowerCase().startsWith(q)),
    { limit: { fallback: 50, max: 200 }, key: (app) => app.id, render: (app) => JSON.stringify(clientJson(call.org, app)) },
  );
}

function getClient(call: Call): Reply {
  const id = call.params.clientId ?? '';
  const app = clientsOf(call.org).find((one) => clientIdOf(one) === id);
  if (app === undefined) throw notFound(id, 'PublicClientApp');
  return json(200, clientJson(call.org, app));
}

function clientJson(org: Org, app: App): JsonObject {
  const settings = objectAt(app.settings.oauthClient);
  const credentials = objectAt(app.credentials.oauthClient);
  return {
    client_id: clientIdOf(app),
    client_id_issued_at: Math.floor(app.created / 1000),
    client_name: app.label,
    client_uri: settings.client_uri ?? null,
    logo_uri: settings.logo_uri ?? null,
    application_type: settings.application_type ?? null,
    redirect_uris: settings.redirect_uris ?? [],
    response_types: settings.response_types ?? [],
    grant_types: settings.grant_types ?? [],
    token_endpoint_auth_method: credentials.token_endpoint_auth_method ?? null,
    ...(settings.jwks === undefined ? {} : { jwks: settings.jwks }),
    _links: { app: link(org, `/api/v1/apps/${app.id}`, 'GET') },
  };
}
