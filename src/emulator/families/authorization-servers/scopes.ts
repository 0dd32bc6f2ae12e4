import { link } from '../../links.ts';
import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { invalid, notFound, refuse } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { oneOf, readBody, requiredText } from '../../shape.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { type AuthorizationServer, PATH, SCOPES, type ServerPart, serverOf, slugOf } from './store.ts';

const BODY = {
  displayName: 'string',
  description: 'string',
  consent: oneOf('REQUIRED', 'IMPLICIT', 'FLEXIBLE', 'ADMIN'),
  metadataPublish: oneOf('ALL_CLIENTS', 'NO_CLIENTS'),
  default: 'boolean',
} as const;

export function listScopes(call: Call): Reply {
  const server = serverOf(call);
  const q = (call.query.get('q') ?? '').toLowerCase();
  const found = call.org
    .collection(SCOPES)
    .by(server.id)
    .filter((scope) => scope.name.toLowerCase().startsWith(q));
  return json(
    200,
    found.map((scope) => render(call.org, server, scope)),
  );
}

export function getScope(call: Call): Reply {
  return json(200, render(call.org, serverOf(call), scopeOf(call)));
}

function scopeOf(call: Call): ServerPart {
  const server = serverOf(call);
  const id = call.params.scopeId ?? '';
  const scope = call.org.collection(SCOPES).get(id);
  if (scope === undefined || scope.parentId !== server.id) throw notFound(id, 'OAuth2Scope');
  return scope;
}

function read(
  call: Call,
  server: AuthorizationServer,
  own: ServerPart | undefined,
): { readonly name: string; readonly details: JsonObject } {
  const given = call.json();
  const name = requiredText(given, 'name');
  if (/[\s"\\]/.test(name)) throw invalid('name', ['name: A scope holds no blanks, quotes or backslashes']);
  if (/^okta\./.test(name)) throw invalid('name', ['name: The prefix okta. is reserved']);
  const other = call.org
    .collection(SCOPES)
    .by(server.id)
    .find((scope) => scope.name === name && scope.id !== own?.id);
  if (other !== undefined) throw invalid('name', [`name: The authorization server has a scope ${name} already`]);
  const { description, metadataPublish, default: isDefault, ...rest } = readBody(given, BODY);
  return {
    name,
    details: { ...rest, description: description ?? null, metadataPublish: metadataPublish ?? 'NO_CLIENTS', default: isDefault ?? false },
  };
}

export function createScope(call: Call): Reply {
  const server = serverOf(call);
  const created = wholeSecond(call.now);
  const scope = call.org.collection(SCOPES).put({
    id: call.org.ids.next('scp'),
    parentId: server.id,
    ...read(call, server, undefined),
    status: 'ACTIVE',
    system: false,
    created,
    lastUpdated: created,
    priority: 0,
  });
  log(call, 'oauth2.scope.created', server, scope);
  return json(201, render(call.org, server, scope));
}

export function replaceScope(call: Call): Reply {
  const server = serverOf(call);
  const before = scopeOf(call);
  if (before.system) throw refuse('E0000077', ['A system scope cannot be changed']);
  const scope = call.org.collection(SCOPES).put({ ...before, ...read(call, server, before), lastUpdated: wholeSecond(call.now) });
  log(call, 'oauth2.scope.updated', server, scope);
  return json(200, render(call.org, server, scope));
}

export function deleteScope(call: Call): Reply {
  const scope = scopeOf(call);
  if (scope.system) throw refuse('E0000077', ['A system scope cannot be deleted']);
  call.org.collection(SCOPES).delete(scope.id);
  log(call, 'oauth2.scope.deleted', serverOf(call), scope);
  return empty(204);
}

function render(org: Org, server: AuthorizationServer, scope: ServerPart): JsonObject {
  const { displayName, description, ...rest } = scope.details;
  return {
    id: scope.id,
    name: scope.name,
    ...(displayName === undefined ? {} : { displayName }),
    description: description ?? null,
    system: scope.system,
    ...rest,
    _links: { self: link(org, `${PATH}/${slugOf(org, server.id)}/scopes/${scope.id}`, 'GET', 'PUT', 'DELETE') },
  };
}

function log(call: Call, eventType: string, server: AuthorizationServer, scope: ServerPart): void {
  call.log(eventType, { targets: [target('AuthorizationServer', server.id, server.name), target('OAuth2Scope', scope.id, scope.name)] });
}
