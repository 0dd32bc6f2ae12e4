import type { CollectionKey } from '../../collection.ts';
import { lifecycleLinks, link } from '../../links.ts';
import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { invalid, notFound } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { merge, type ObjectShape, objectAt, oneOf, readBody, requireAll, requiredText, textsAt } from '../../shape.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { clientIdOf } from '../apps/consents.ts';
import { APPS } from '../apps/store.ts';
import { type AuthorizationServer, PATH, SERVER_POLICIES, SERVER_RULES, type ServerPart, serverOf, slugOf } from './store.ts';

const PEOPLE: ObjectShape = { users: { include: ['string'], exclude: ['string'] }, groups: { include: ['string'], exclude: ['string'] } };
const POLICY: ObjectShape = {
  type: oneOf('OAUTH_AUTHORIZATION_POLICY'),
  status: oneOf('ACTIVE', 'INACTIVE'),
  description: 'string',
  priority: 'integer',
  conditions: { clients: { include: ['string'] } },
};
const RULE: ObjectShape = {
  type: oneOf('RESOURCE_ACCESS'),
  status: oneOf('ACTIVE', 'INACTIVE'),
  priority: 'integer',
  conditions: { people: PEOPLE, clients: { include: ['string'] }, grantTypes: { include: ['string'] }, scopes: { include: ['string'] } },
  actions: {
    token: {
      accessTokenLifetimeMinutes: 'integer',
      refreshTokenLifetimeMinutes: 'integer',
      refreshTokenWindowMinutes: 'integer',
      inlineHook: { id: 'string' },
    },
  },
};

export function listPolicies(call: Call): Reply {
  const server = serverOf(call);
  return json(
    200,
    inOrder(call.org, SERVER_POLICIES, server.id).map((policy) => policyJson(call.org, server, policy)),
  );
}

export function policyOf(call: Call): ServerPart {
  const server = serverOf(call);
  const id = call.params.policyId ?? '';
  const policy = call.org.collection(SERVER_POLICIES).get(id);
  if (policy === undefined || policy.parentId !== server.id) throw notFound(id, 'Policy');
  return policy;
}

function ruleOf(call: Call): ServerPart {
  const policy = policyOf(call);
  const id = call.params.ruleId ?? '';
  const rule = call.org.collection(SERVER_RULES).get(id);
  if (rule === undefined || rule.parentId !== policy.id) throw notFound(id, 'PolicyRule');
  return rule;
}

export function getPolicy(call: Call): Reply {
  return json(200, policyJson(call.org, serverOf(call), policyOf(call)));
}

function readPolicy(
  call: Call,
  server: AuthorizationServer,
  own: ServerPart | undefined,
): Partial<ServerPart> & Pick<ServerPart, 'name' | 'details'> {
  const given = call.json();
  const name = requiredText(given, 'name');
  const body = readBody(given, POLICY);
  requireAll(body, ['description']);
  checkName(call.org, SERVER_POLICIES, server.id, name, own);
  const clients = textsAt(objectAt(objectAt(body.conditions).clients).include);
  const known = new Set(
    call.org
      .collection(APPS)
      .filter((app) => app.signOnMode === 'OPENID_CONNECT')
      .map(clientIdOf),
  );
  const unknown = clients.find((id) => id !== 'ALL_CLIENTS' && !known.has(id));
  if (unknown !== undefined) throw invalid('conditions', [`conditions.clients.include: Invalid client id ${unknown}`]);
  return {
    name,
    ...statusOf(body),
    ...priorityOf(body),
    details: { description: body.description ?? null, conditions: { clients: { include: clients } } },
  };
}

function readRule(call: Call, policy: ServerPart, own: ServerPart | undefined): Partial<ServerPart> & Pick<ServerPart, 'name' | 'details'> {
  const given = call.json();
  const name = requiredText(given, 'name');
  const body = readBody(given, RULE);
  requireAll(body, ['conditions']);
  checkName(call.org, SERVER_RULES, policy.id, name, own);
  const conditions = objectAt(body.conditions);
  for (const part of ['grantTypes', 'scopes']) {
    if (textsAt(objectAt(conditions[part]).include).length === 0)
      throw invalid('conditions', [`conditions.${part}.include: The field cannot be left blank`]);
  }
  const people = objectAt(conditions.people);
  for (const group of textsAt(objectAt(people.groups).include)) {
    if (group !== 'EVERYONE' && !call.org.groups.has(group))
      throw invalid('conditions', [`conditions.people.groups.include: Invalid group id ${group}`]);
  }
  const token = {
    accessTokenLifetimeMinutes: 60,
    refreshTokenLifetimeMinutes: 0,
    refreshTokenWindowMinutes: 10080,
    ...objectAt(objectAt(body.actions).token),
  };
  if (token.accessTokenLifetimeMinutes < 5 || token.accessTokenLifetimeMinutes > 1440) {
    throw invalid('actions.token.accessTokenLifetimeMinutes', ['accessTokenLifetimeMinutes: The value must be between 5 and 1440']);
  }
  return {
    name,
    ...statusOf(body),
    ...priorityOf(body),
    details: { conditions: merge({ people: { users: { exclude: [] } } }, { ...conditions }), actions: { token } },
  };
}

function statusOf(body: JsonObject): { readonly status?: ServerPart['status'] } {
  return body.status === 'ACTIVE' || body.status === 'INACTIVE' ? { status: body.status } : {};
}

function priorityOf(body: JsonObject): { readonly priority?: number } {
  return typeof body.priority === 'number' ? { priority: body.priority } : {};
}

function checkName(org: Org, key: CollectionKey<ServerPart>, parentId: string, name: string, own: ServerPart | undefined): void {
  if (
    org
      .collection(key)
      .by(parentId)
      .some((one) => one.name === name && one.id !== own?.id)
  )
    throw invalid('name', ['name: The name is in use already']);
}

export function createPolicy(call: Call): Reply {
  const server = serverOf(call);
  const policy = create(call, SERVER_POLICIES, '00p', server.id, readPolicy(call, server, undefined));
  log(call, 'policy.lifecycle.create', policy);
  return json(201, policyJson(call.org, server, policy));
}

export function createRule(call: Call): Reply {
  const policy = policyOf(call);
  const rule = create(call, SERVER_RULES, '0pr', policy.id, readRule(call, policy, undefined));
  log(call, 'policy.rule.add', rule);
  return json(201, ruleJson(call.org, serverOf(call), rule));
}

function create(
  call: Call,
  key: CollectionKey<ServerPart>,
  prefix: string,
  parentId: string,
  values: Partial<ServerPart> & Pick<ServerPart, 'name' | 'details'>,
): ServerPart {
  const created = wholeSecond(call.now);
  const { priority, ...rest } = values;
  const part = call.org
    .collection(key)
    .put({ id: call.org.ids.next(prefix), parentId, status: 'ACTIVE', system: false, created, lastUpdated: created, priority: 0, ...rest });
  return rank(call.org, key, part, priority);
}

/** Gives a part its place among its siblings, last if it asks for none, and the others theirs. */
function rank(org: Org, key: CollectionKey<ServerPart>, part: ServerPart, priority: number | undefined): ServerPart {
  const others = inOrder(org, key, part.parentId).filter((one) => one.id !== part.id);
  const wanted = priority ?? (part.priority === 0 ? others.length + 1 : part.priority);
  others.splice(Math.min(Math.max(wanted, 1), others.length + 1) - 1, 0, part);
  others.forEach((one, at) => {
    if (one.priority !== at + 1) org.collection(key).put({ ...one, priority: at + 1 });
  });
  return org.collection(key).get(part.id) ?? part;
}

function inOrder(org: Org, key: CollectionKey<ServerPart>, parentId: string): ServerPart[] {
  return org
    .collection(key)
    .by(parentId)
    .sort((a, b) => a.priority - b.priority);
}

export function replacePolicy(call: Call): Reply {
  const server = serverOf(call);
  const before = policyOf(call);
  const policy = change(call, SERVER_POLICIES, before, readPolicy(call, server, before));
  log(call, 'policy.lifecycle.update', policy);
  return json(200, policyJson(call.org, server, policy));
}

export function replaceRule(call: Call): Reply {
  const before = ruleOf(call);
  const rule = change(call, SERVER_RULES, before, readRule(call, policyOf(call), before));
  log(call, 'policy.rule.update', rule);
  return json(200, ruleJson(call.org, serverOf(call), rule));
}

function change(call: Call, key: CollectionKey<ServerPart>, before: ServerPart, values: Partial<ServerPart>): ServerPart {
  const { priority, ...rest } = values;
  const part = call.org.collection(key).put({ ...before, ...rest, lastUpdated: wholeSecond(call.now) });
  return rank(call.org, key, part, priority);
}

export function deletePolicy(call: Call): Reply {
  const policy = policyOf(call);
  dropPolicy(call.org, policy);
  closeRanks(call.org, SERVER_POLICIES, policy.parentId);
  log(call, 'policy.lifecycle.delete', policy);
  return empty(204);
}

/** A policy with its rules. */
export function dropPolicy(org: Org, policy: ServerPart): void {
  for (const rule of org.collection(SERVER_RULES).by(policy.id)) org.collection(SERVER_RULES).delete(rule.id);
  org.collection(SERVER_POLICIES).delete(policy.id);
}

function closeRanks(org: Org, key: CollectionKey<ServerPart>, parentId: string): void {
  inOrder(org, key, parentId).forEach((one, at) => {
    if (one.priority !== at + 1) org.collection(key).put({ ...one, priority: at + 1 });
  });
}

export function deleteRule(call: Call): Reply {
  const rule = ruleOf(call);
  call.org.collection(SERVER_RULES).delete(rule.id);
  closeRanks(call.org, SERVER_RULES, rule.parentId);
  log(call, 'policy.rule.delete', rule);
  return empty(204);
}

export function setPolicyStatus(call: Call, status: ServerPart['status']): Reply {
  return setStatus(call, SERVER_POLICIES, policyOf(call), status, `policy.lifecycle.${status === 'ACTIVE' ? 'activate' : 'deactivate'}`);
}

export function setRuleStatus(call: Call, status: ServerPart['status']): Reply {
  return setStatus(call, SERVER_RULES, ruleOf(call), status, `policy.rule.${status === 'ACTIVE' ? 'activate' : 'deactivate'}`);
}

function setStatus(call: Call, key: CollectionKey<ServerPart>, before: ServerPart, status: ServerPart['status'], eventType: string): Reply {
  if (before.status !== status)
    log(call, eventType, call.org.collection(key).put({ ...before, status, lastUpdated: wholeSecond(call.now) }));
  return empty(204);
}

function policyJson(org: Org, server: AuthorizationServer, policy: ServerPart): JsonObject {
  const path = `${PATH}/${slugOf(org, server.id)}/policies/${policy.id}`;
  const { self, ...transition } = lifecycleLinks(org, path, policy.status, 'GET', 'PUT', 'DELETE');
  return {
    type: 'OAUTH_AUTHORIZATION_POLICY',
    id: policy.id,
    status: policy.status,
    name: policy.name,
    description: policy.details.description ?? null,
    priority: policy.priority,
    system: policy.system,
    conditions: policy.details.conditions ?? null,
    created: isoTime(policy.created),
    lastUpdated: isoTime(policy.lastUpdated),
    _links: { self, rules: link(org, `${path}/rules`, 'GET'), ...transition },
  };
}

export function listRules(call: Call): Reply {
  const server = serverOf(call);
  return json(
    200,
    inOrder(call.org, SERVER_RULES, policyOf(call).id).map((rule) => ruleJson(call.org, server, rule)),
  );
}

export function getRule(call: Call): Reply {
  return json(200, ruleJson(call.org, serverOf(call), ruleOf(call)));
}

function ruleJson(org: Org, server: AuthorizationServer, rule: ServerPart): JsonObject {
  const path = `${PATH}/${slugOf(org, server.id)}/policies/${rule.parentId}/rules/${rule.id}`;
  return {
    id: rule.id,
    status: rule.status,
    name: rule.name,
    priority: rule.priority,
    created: isoTime(rule.created),
    lastUpdated: isoTime(rule.lastUpdated),
    system: rule.system,
    conditions: rule.details.conditions ?? null,
    actions: rule.details.actions ?? null,
    _links: lifecycleLinks(org, path, rule.status, 'GET', 'PUT', 'DELETE'),
    type: 'RESOURCE_ACCESS',
  };
}

function log(call: Call, eventType: string, part: ServerPart): void {
  const server = serverOf(call);
  call.log(eventType, { targets: [target('AuthorizationServer', server.id, server.name), target('PolicyEntity', part.id, part.name)] });
}
