import { link } from '../../links.ts';
import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { page } from '../../paging.ts';
import { notFound, Refusal } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { objectAt } from '../../shape.ts';
import { isoTime } from '../../time.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { clientIdOf, REFRESH_TOKENS, type RefreshToken } from '../apps/consents.ts';
import { APPS, type App } from '../apps/store.ts';
import { type AuthorizationServer, PATH, SCOPES, serverOf, slugOf } from './store.ts';

/** GET …/clients: those that hold refresh tokens of the server. */
export function listClients(call: Call): Reply {
  const server = serverOf(call);
  const holders = new Set(tokensOf(call.org, server).map((token) => token.appId));
  const apps = [...holders].sort().flatMap((id) => call.org.collection(APPS).get(id) ?? []);
  return json(
    200,
    apps.map((app) => {
      const settings = objectAt(app.settings.oauthClient);
      const path = `${PATH}/${slugOf(call.org, server.id)}/clients/${clientIdOf(app)}`;
      return {
        client_id: clientIdOf(app),
        client_name: app.label,
        client_uri: settings.client_uri ?? null,
        logo_uri: settings.logo_uri ?? null,
        _links: { tokens: link(call.org, `${path}/tokens`, 'GET', 'DELETE') },
      };
    }),
  );
}

function tokensOf(org: Org, server: AuthorizationServer): RefreshToken[] {
  const slug = slugOf(org, server.id);
  return org
    .collection(REFRESH_TOKENS)
    .filter((token) => token.authorizationServerId === server.id || token.authorizationServerId === slug);
}

function clientOf(call: Call): App {
  const id = call.params.clientId ?? '';
  const app = call.org.collection(APPS).find((one) => one.signOnMode === 'OPENID_CONNECT' && clientIdOf(one) === id);
  if (app === undefined) throw notFound(id, 'PublicClientApp');
  return app;
}

function tokensOfClient(call: Call): RefreshToken[] {
  const server = serverOf(call);
  const app = clientOf(call);
  return tokensOf(call.org, server).filter((token) => token.appId === app.id);
}

function tokenOf(call: Call): RefreshToken {
  const id = call.params.tokenId ?? '';
  const token = tokensOfClient(call).find((one) => one.id === id);
  if (token === undefined) {
    throw new Refusal('E0000007', { summary: `Not found: Resource not found: ${call.params.clientId ?? ''}.${id} (OAuth2RefreshTokenTx)` });
  }
  return token;
}

export function listTokens(call: Call): Reply {
  return page(call, tokensOfClient(call), {
    limit: { fallback: 20, max: 200 },
    key: (token) => token.id,
    render: (token) => JSON.stringify(tokenJson(call, token)),
  });
}

export function getToken(call: Call): Reply {
  return json(200, tokenJson(call, tokenOf(call)));
}

export function revokeTokens(call: Call): Reply {
  for (const token of tokensOfClient(call)) revoke(call, token);
  return empty(204);
}

export function revokeToken(call: Call): Reply {
  revoke(call, tokenOf(call));
  return empty(204);
}

function revoke(call: Call, token: RefreshToken): void {
  call.org.collection(REFRESH_TOKENS).delete(token.id);
  call.log('app.oauth2.as.token.revoke', {
    targets: [target('refresh_token', token.id, 'Refresh Token'), target('PublicClientApp', token.clientId, clientOf(call).label)],
  });
}

function tokenJson(call: Call, token: RefreshToken): JsonObject {
  const { org } = call;
  const server = serverOf(call);
  const slug = slugOf(org, server.id);
  const scopes = org.collection(SCOPES).by(server.id);
  return {
    id: token.id,
    status: token.status,
    created: isoTime(token.created),
    lastUpdated: isoTime(token.lastUpdated),
    expiresAt: isoTime(token.expiresAt),
    issuer: `${org.origin}/oauth2/${slug}`,
    clientId: token.clientId,
    userId: token.userId,
    scopes: token.scopes,
    ...(call.query.get('expand') === 'scope'
      ? {
          _embedded: {
            scopes: scopes
              .filter((scope) => token.scopes.includes(scope.name))
              .map((scope) => ({ id: scope.id, name: scope.name, description: scope.details.description ?? null })),
          },
        }
      : {}),
    _links: {
      app: link(org, `/api/v1/apps/${token.appId}`),
      self: link(org, `${PATH}/${slug}/clients/${token.clientId}/tokens/${token.id}`, 'GET', 'DELETE'),
      revoke: link(org, `${PATH}/${slug}/clients/${token.clientId}/tokens/${token.id}`, 'DELETE'),
      client: link(org, `/oauth2/v1/clients/${token.clientId}`),
      user: link(org, `/api/v1/users/${token.userId}`),
      authorizationServer: link(org, `${PATH}/${slug}`),
    },
  };
}
