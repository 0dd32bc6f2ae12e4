import { target } from '../log-writer.ts';
import type { ApiToken } from '../model.ts';
import type { Org } from '../org.ts';
import { notFound } from '../refusal.ts';
import { arrayOf, empty, isObject, json, text } from '../reply.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';

const ONE = '/api/v1/api-tokens/{apiTokenId}';

/** API tokens: read, restricted to a network, revoked. They are made in the admin console only. */
export const apiTokens: Family = {
  name: 'api-tokens',
  routes: [
    {
      method: 'GET',
      path: '/api/v1/api-tokens',
      handle: ({ org }) => text(200, arrayOf(org.apiTokens.list().map((token) => JSON.stringify(tokenJson(org, token))))),
    },
    { method: 'DELETE', path: '/api/v1/api-tokens/current', handle: (call) => revoke(call, tokenOf(call, call.actor.credentialId)) },
    { method: 'GET', path: ONE, handle: (call) => json(200, tokenJson(call.org, tokenOf(call))) },
    { method: 'PUT', path: ONE, handle: restrict },
    { method: 'DELETE', path: ONE, handle: (call) => revoke(call, tokenOf(call)) },
  ],
};

function tokenOf(call: Call, id = call.params.apiTokenId ?? ''): ApiToken {
  const token = call.org.apiTokens.get(id);
  if (token === undefined) throw notFound(id, 'Token');
  return token;
}

function restrict(call: Call): Reply {
  const before = tokenOf(call);
  const { network } = call.json();
  const token = call.org.apiTokens.put({ ...before, ...(isObject(network) ? { network } : {}), lastUpdated: wholeSecond(call.now) });
  call.log('system.api_token.update', { targets: [target('Token', token.id, token.name)] });
  return json(200, tokenJson(call.org, token));
}

function revoke(call: Call, token: ApiToken): Reply {
  call.org.apiTokens.delete(token.id);
  call.log('system.api_token.revoke', { targets: [target('Token', token.id, token.name)] });
  return empty(204);
}

function tokenJson(org: Org, token: ApiToken): JsonObject {
  return {
    id: token.id,
    name: token.name,
    userId: token.userId,
    clientName: token.clientName,
    tokenWindow: 'P30D',
    network: token.network,
    expiresAt: isoTime(token.expiresAt),
    created: isoTime(token.created),
    lastUpdated: isoTime(token.lastUpdated),
    _links: {
      self: { href: `${org.origin}/api/v1/api-tokens/${token.id}`, hints: { allow: ['GET', 'DELETE'] } },
      user: { href: `${org.origin}/api/v1/users/${token.userId}`, hints: { allow: ['GET'] } },
    },
  };
}
