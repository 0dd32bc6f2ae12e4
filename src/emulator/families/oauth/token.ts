import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { oauthError } from '../../refusal.ts';
import { isObject, json } from '../../reply.ts';
import { objectAt } from '../../shape.ts';
import type { Actor, Call, JsonObject, Reply } from '../../types.ts';
import { CONSENTS, clientIdOf } from '../apps/consents.ts';
import { APPS, type App } from '../apps/store.ts';
import { isSignedBy, type Jwt, readJwt } from './jwt.ts';
import { checkProof } from './proof.ts';

const PATH = '/oauth2/v1/token';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LIFETIME_SECONDS = 3600;
const MAX_ASSERTION_SECONDS = 3600;

/** POST /oauth2/v1/token: an access token to Okta's own API for a service app that proves its key. */
export function issueToken(call: Call): Reply {
  const { org } = call;
  const form = new URLSearchParams(call.text());
  const grant = form.get('grant_type');
  if (grant === null || grant === '') throw oauthError(400, 'invalid_request', "The token request must have a 'grant_type' parameter.");
  if (grant !== 'client_credentials')
    throw oauthError(400, 'unsupported_grant_type', 'The authorization grant type is not supported by the authorization server.');
  const app = authenticateClient(call, form);
  const scopes = scopesOf(org, app, form.get('scope') ?? '');
  const thumbprint = thumbprintFor(call, app);
  const token = org.random.text(64);
  org.accessTokens.put({
    id: token,
    clientId: clientIdOf(app),
    userId: null,
    scopes,
    expiresAt: call.now + LIFETIME_SECONDS * 1000,
    ...(thumbprint === undefined ? {} : { thumbprint }),
  });
  const actor: Actor = {
    id: clientIdOf(app),
    type: 'PublicClientApp',
    alternateId: clientIdOf(app),
    displayName: app.label,
    credentialId: app.id,
  };
  call.log('app.oauth2.token.grant.access_token', {
    actor,
    targets: [target('PublicClientApp', clientIdOf(app), app.label), target('access_token', token.slice(0, 20), 'Access Token')],
  });
  return json(
    200,
    {
      token_type: thumbprint === undefined ? 'Bearer' : 'DPoP',
      expires_in: LIFETIME_SECONDS,
      access_token: token,
      scope: scopes.join(' '),
    },
    [['cache-control', 'no-store']],
  );
}

function invalidClient(description: string): ReturnType<typeof oauthError> {
  return oauthError(401, 'invalid_client', description);
}

/** The client that an assertion signed by its private key names: the only way to authenticate here. */
function authenticateClient(call: Call, form: URLSearchParams): App {
  const assertion = form.get('client_assertion');
  if (assertion === null || form.get('client_assertion_type') !== ASSERTION_TYPE) {
    throw invalidClient(
      'Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.',
    );
  }
  const jwt = readJwt(assertion);
  if (jwt === undefined) throw invalidClient('The client_assertion token is malformed.');
  const { iss, sub } = jwt.payload;
  if (typeof sub !== 'string' || iss !== sub)
    throw invalidClient("The 'iss' and 'sub' claims of the client_assertion must be the client id.");
  const app = call.org.collection(APPS).find((one) => one.signOnMode === 'OPENID_CONNECT' && clientIdOf(one) === sub);
  if (app === undefined || app.status !== 'ACTIVE') throw invalidClient('Invalid value for client_id parameter.');
  checkClaims(call, jwt);
  if (!keysOf(app, jwt).some((key) => isSignedBy(jwt, key))) throw invalidClient('The client_assertion signature is invalid.');
  if (!remember(call.org, `${sub} ${String(jwt.payload.jti)}`, jwt)) throw invalidClient('The client_assertion has been used before.');
  return app;
}

function checkClaims(call: Call, jwt: Jwt): void {
  const { aud, exp } = jwt.payload;
  const now = call.now / 1000;
  const places = [`${call.org.origin}${PATH}`, `${originOf(call)}${PATH}`, call.org.origin, originOf(call)];
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.some((audience) => places.includes(String(audience))))
    throw invalidClient("The 'aud' claim of the client_assertion must be the token endpoint.");
  if (typeof exp !== 'number') throw invalidClient("The client_assertion has no 'exp' claim.");
  if (exp <= now) throw invalidClient('The client_assertion token is expired.');
  if (exp > now + MAX_ASSERTION_SECONDS + 60) throw invalidClient('The client_assertion token has an expiration too far into the future.');
}

/** The origin by which the request came. */
function originOf(call: Call): string {
  return URL.canParse(call.request.url) ? new URL(call.request.url).origin : call.org.origin;
}

function keysOf(app: App, jwt: Jwt): JsonObject[] {
  const keys = objectAt(objectAt(app.settings.oauthClient).jwks).keys;
  const all = Array.isArray(keys) ? keys.filter(isObject) : [];
  const { kid } = jwt.header;
  return kid === undefined ? all : all.filter((key) => key.kid === undefined || key.kid === kid);
}

/** An assertion with an id is taken once. */
function remember(org: Org, text: string, jwt: Jwt): boolean {
  if (typeof jwt.payload.jti !== 'string') return true;
  const seen = org.value('clientAssertions', () => new Map<string, number>()).value;
  for (const [old, until] of seen) if (until <= org.clock.now()) seen.delete(old);
  if (seen.has(text)) return false;
  seen.set(text, Number(jwt.payload.exp) * 1000);
  return true;
}

/** The scopes asked for that an administrator has granted. */
function scopesOf(org: Org, app: App, asked: string): string[] {
  const names = asked.split(' ').filter((name) => name !== '');
  if (names.length === 0) throw oauthError(400, 'invalid_scope', 'The token request must ask for at least one scope.');
  if (names.some((name) => !/^okta\.[A-Za-z.]+\.(read|manage)$/.test(name) && !/^okta\.[A-Za-z.]+$/.test(name))) {
    throw oauthError(400, 'invalid_scope', 'One or more scopes are not configured for the authorization server resource.');
  }
  const granted = new Set(
    org
      .collection(CONSENTS)
      .by(app.id)
      .filter((consent) => consent.userId === null && consent.status === 'ACTIVE')
      .map((consent) => consent.scopeId),
  );
  const given = names.filter((name) => granted.has(name));
  if (given.length === 0) throw oauthError(400, 'consent_required', 'You are not allowed any of the requested scopes.');
  return given;
}

/** The key that the token is bound to; `undefined` for a bearer token. */
function thumbprintFor(call: Call, app: App): string | undefined {
  const proof = call.header('dpop');
  const isBound = objectAt(app.settings.oauthClient).dpop_bound_access_tokens === true;
  if (proof === undefined) {
    if (isBound) throw oauthError(400, 'invalid_dpop_proof', 'The DPoP proof JWT header is missing.');
    return undefined;
  }
  return checkProof(call.org, proof, { method: 'POST', url: `${originOf(call)}${PATH}`, needsNonce: true });
}
