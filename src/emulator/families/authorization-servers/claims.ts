import { link } from '../../links.ts';
import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { invalid, notFound, refuse } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { objectAt, oneOf, readBody, requireAll, requiredText, textsAt } from '../../shape.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { type AuthorizationServer, CLAIMS, PATH, SCOPES, type ServerPart, serverOf, slugOf } from './store.ts';

const BODY = {
  status: oneOf('ACTIVE', 'INACTIVE'),
  claimType: oneOf('RESOURCE', 'IDENTITY'),
  valueType: oneOf('EXPRESSION', 'GROUPS', 'SYSTEM'),
  value: 'string',
  group_filter_type: oneOf('STARTS_WITH', 'EQUALS', 'CONTAINS', 'REGEX'),
  conditions: { scopes: ['string'] },
  alwaysIncludeInToken: 'boolean',
} as const;
const RESERVED: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'iat', 'jti', 'cid', 'uid', 'scp', 'ver']);

export function listClaims(call: Call): Reply {
  const server = serverOf(call);
  return json(
    200,
    call.org
      .collection(CLAIMS)
      .by(server.id)
      .map((claim) => render(call.org, server, claim)),
  );
}

export function getClaim(call: Call): Reply {
  return json(200, render(call.org, serverOf(call), claimOf(call)));
}

function claimOf(call: Call): ServerPart {
  const server = serverOf(call);
  const id = call.params.claimId ?? '';
  const claim = call.org.collection(CLAIMS).get(id);
  if (claim === undefined || claim.parentId !== server.id) throw notFound(id, 'OAuth2Claim');
  return claim;
}

function read(call: Call, server: AuthorizationServer, own: ServerPart | undefined): Pick<ServerPart, 'name' | 'status' | 'details'> {
  const given = call.json();
  const name = requiredText(given, 'name');
  const body = readBody(given, BODY);
  requireAll(body, ['claimType', 'valueType', 'value']);
  if (RESERVED.has(name)) throw invalid('name', [`name: ${name} is a reserved claim`]);
  if (body.valueType === 'SYSTEM') throw invalid('valueType', ['valueType: Only claims of Okta itself are of type SYSTEM']);
  if (body.valueType === 'GROUPS' && body.group_filter_type === undefined)
    throw invalid('group_filter_type', ['group_filter_type: The field cannot be left blank']);
  const others = call.org.collection(CLAIMS).by(server.id);
  if (others.some((claim) => claim.name === name && claim.details.claimType === body.claimType && claim.id !== own?.id)) {
    throw invalid('name', [`name: The authorization server has a claim ${name} already`]);
  }
  const scopes = textsAt(objectAt(body.conditions).scopes);
  const known = new Set(
    call.org
      .collection(SCOPES)
      .by(server.id)
      .map((scope) => scope.name),
  );
  const unknown = scopes.find((scope) => !known.has(scope));
  if (unknown !== undefined) throw invalid('conditions.scopes', [`conditions.scopes: The authorization server has no scope ${unknown}`]);
  return {
    name,
    status: body.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
    details: {
      claimType: body.claimType ?? null,
      valueType: body.valueType ?? null,
      value: body.value ?? null,
      ...(body.valueType === 'GROUPS' ? { group_filter_type: body.group_filter_type ?? null } : {}),
      conditions: { scopes },
      alwaysIncludeInToken: body.claimType === 'RESOURCE' ? true : (body.alwaysIncludeInToken ?? false),
    },
  };
}

export function createClaim(call: Call): Reply {
  const server = serverOf(call);
  const created = wholeSecond(call.now);
  const claim = call.org.collection(CLAIMS).put({
    id: call.org.ids.next('ocl'),
    parentId: server.id,
    ...read(call, server, undefined),
    system: false,
    created,
    lastUpdated: created,
    priority: 0,
  });
  log(call, 'oauth2.claim.created', server, claim);
  return json(201, render(call.org, server, claim));
}

export function replaceClaim(call: Call): Reply {
  const server = serverOf(call);
  const before = claimOf(call);
  if (before.system) throw refuse('E0000077', ['A system claim cannot be changed']);
  const claim = call.org.collection(CLAIMS).put({ ...before, ...read(call, server, before), lastUpdated: wholeSecond(call.now) });
  log(call, 'oauth2.claim.updated', server, claim);
  return json(200, render(call.org, server, claim));
}

export function deleteClaim(call: Call): Reply {
  const claim = claimOf(call);
  if (claim.system) throw refuse('E0000077', ['A system claim cannot be deleted']);
  call.org.collection(CLAIMS).delete(claim.id);
  log(call, 'oauth2.claim.deleted', serverOf(call), claim);
  return empty(204);
}

function render(org: Org, server: AuthorizationServer, claim: ServerPart): JsonObject {
  const { alwaysIncludeInToken, ...details } = claim.details;
  return {
    id: claim.id,
    name: claim.name,
    status: claim.status,
    ...details,
    system: claim.system,
    alwaysIncludeInToken: alwaysIncludeInToken ?? false,
    _links: { self: link(org, `${PATH}/${slugOf(org, server.id)}/claims/${claim.id}`, 'GET', 'PUT', 'DELETE') },
  };
}

function log(call: Call, eventType: string, server: AuthorizationServer, claim: ServerPart): void {
  call.log(eventType, { targets: [target('AuthorizationServer', server.id, server.name), target('OAuth2Claim', claim.id, claim.name)] });
}
