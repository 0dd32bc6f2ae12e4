import { isDeepStrictEqual } from 'node:util';
import { target } from '../../log-writer.ts';
import { invalid, notFound, Refusal } from '../../refusal.ts';
import { empty, isObject, json } from '../../reply.ts';
import { readBody } from '../../shape.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, Json, JsonObject, Reply } from '../../types.ts';
import { APPS } from '../apps/store.ts';
import { defaultConditions, defaultSettings } from './defaults.ts';
import { policyJson } from './render.ts';
import { POLICY_BODY } from './shape.ts';
import {
  isPolicyType,
  isRanked,
  makePolicy,
  makeRule,
  POLICIES,
  POLICY_RULES,
  POLICY_TYPES,
  type Policy,
  policiesOf,
  rulesOf,
} from './store.ts';

export function policyOf(call: Call): Policy {
  const id = call.params.policyId ?? '';
  const policy = call.org.collection(POLICIES).get(id);
  if (policy === undefined) throw notFound(id, 'Policy');
  return policy;
}

/** POST /api/v1/policies */
export function createPolicy(call: Call): Reply {
  const { org } = call;
  const body = call.json();
  const { type } = body;
  if (type === undefined || type === null) throw invalid('type', ['type: The field cannot be left blank']);
  if (!isPolicyType(type)) throw invalid('type', [`type: '${String(type)}' is not a valid policy type`]);
  if (!POLICY_TYPES[type].canCreate) throw invalid('type', [`type: A policy of type ${type} cannot be created`]);
  const name = nameOf(body);
  if (policiesOf(org, type).some((policy) => policy.name === name)) throw invalid('name', ['name: Policy name already in use']);
  checkGroups(call, body);
  const settings = settingsOf(body, defaultSettings(type));
  const policy = makePolicy(org, {
    type,
    name,
    description: typeof body.description === 'string' ? body.description : null,
    status: body.status === 'INACTIVE' || call.query.get('activate') === 'false' ? 'INACTIVE' : 'ACTIVE',
    conditions: defaultConditions(org, type, body.conditions),
    ...(settings === undefined ? {} : { settings }),
    created: call.now,
  });
  if (type === 'ACCESS_POLICY') {
    makeRule(org, policy, {
      name: 'Catch-all Rule',
      system: true,
      created: call.now,
      actions: { appSignOn: { access: 'ALLOW', verificationMethod: { factorMode: '1FA', type: 'ASSURANCE', reauthenticateIn: 'PT12H' } } },
    });
  }
  if (isRanked(type) && typeof body.priority === 'number') rank(call, policy, body.priority);
  logPolicy(call, 'policy.lifecycle.create', policy);
  return json(200, policyJson(org, org.collection(POLICIES).get(policy.id) ?? policy, null));
}

/** PUT /api/v1/policies/{policyId} */
export function replacePolicy(call: Call): Reply {
  const { org } = call;
  const before = policyOf(call);
  const body = call.json();
  if (body.type !== undefined && body.type !== before.type) throw invalid('type', ['type: The type of a policy cannot be changed']);
  const name = nameOf(body);
  // The system's policies may get another description and other settings; their name and reach are fixed.
  if (before.system && name !== before.name) throw readOnly('name');
  if (before.system && changes(body.conditions, before.conditions)) throw readOnly('conditions');
  if (policiesOf(org, before.type).some((policy) => policy.id !== before.id && policy.name === name))
    throw invalid('name', ['name: Policy name already in use']);
  checkGroups(call, body);
  const settings = settingsOf(body, before.settings);
  const policy = org.collection(POLICIES).put({
    ...before,
    name,
    description: typeof body.description === 'string' ? body.description : before.system ? before.description : null,
    ...(before.system ? {} : { conditions: defaultConditions(org, before.type, body.conditions) }),
    ...(settings === undefined ? {} : { settings }),
    lastUpdated: wholeSecond(call.now),
  });
  if (!before.system && isRanked(before.type) && typeof body.priority === 'number') rank(call, policy, body.priority);
  logPolicy(call, 'policy.lifecycle.update', policy);
  return json(200, policyJson(org, org.collection(POLICIES).get(policy.id) ?? policy, null));
}

/** DELETE /api/v1/policies/{policyId} */
export function deletePolicy(call: Call): Reply {
  const { org } = call;
  const policy = policyOf(call);
  if (policy.system) throw readOnly('system');
  if (policy.type === 'ACCESS_POLICY' && org.collection(APPS).find((app) => app.accessPolicyId === policy.id) !== undefined) {
    throw invalid('policy', ['The policy cannot be deleted because it is assigned to applications.']);
  }
  for (const rule of rulesOf(org, policy.id)) org.collection(POLICY_RULES).delete(rule.id);
  org.collection(POLICIES).delete(policy.id);
  closeRanks(call, policy);
  logPolicy(call, 'policy.lifecycle.delete', policy);
  return empty(204);
}

/** POST /api/v1/policies/{policyId}/lifecycle/{activate,deactivate} */
export function setPolicyStatus(call: Call, status: Policy['status']): Reply {
  const before = policyOf(call);
  if (before.system) throw readOnly('system');
  if (before.status !== status) {
    const policy = call.org.collection(POLICIES).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
    logPolicy(call, status === 'ACTIVE' ? 'policy.lifecycle.activate' : 'policy.lifecycle.deactivate', policy);
  }
  return empty(204);
}

/** 403 E0000077: the system's own policies and rules stay as they are in this. */
export function readOnly(attribute: string): Refusal {
  return new Refusal('E0000077', { summary: `Cannot modify the ${attribute} attribute because it is read-only.` });
}

/** Whether a request gives a value, and another one. */
export function changes(given: Json | undefined, known: Json): boolean {
  return given !== undefined && given !== null && !isDeepStrictEqual(given, known);
}

function logPolicy(call: Call, eventType: string, policy: Policy): void {
  call.log(eventType, { targets: [target('PolicyEntity', policy.id, policy.name, policy.type)] });
}

/** The name of a policy or rule; refuses a body of which a part has the wrong type. */
export function nameOf(body: JsonObject): string {
  readBody(body, POLICY_BODY);
  if (typeof body.name !== 'string' || body.name.trim() === '') throw invalid('name', ['name: The field cannot be left blank']);
  return body.name;
}

function settingsOf(body: JsonObject, fallback: JsonObject | undefined): JsonObject | undefined {
  return isObject(body.settings) ? merged(fallback ?? {}, body.settings) : fallback;
}

/** Settings that a request leaves out keep their value, at any depth. */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const out: Record<string, JsonObject[string]> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = out[key];
    out[key] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return out;
}

function checkGroups(call: Call, body: JsonObject): void {
  const people = isObject(body.conditions) ? body.conditions.people : undefined;
  const groups = isObject(people) && isObject(people.groups) ? people.groups : {};
  for (const list of [groups.include, groups.exclude]) {
    for (const id of Array.isArray(list) ? list : []) {
      if (typeof id !== 'string' || !call.org.groups.has(id))
        throw invalid('conditions', [`conditions.people.groups: Invalid group id ${String(id)}`]);
    }
  }
}

/** Moves a policy to a place; the others make room. */
function rank(call: Call, policy: Policy, priority: number): void {
  const { org } = call;
  const others = policiesOf(org, policy.type).filter((other) => !other.system && other.id !== policy.id);
  others.splice(Math.min(Math.max(Math.trunc(priority), 1), others.length + 1) - 1, 0, policy);
  others.forEach((other, i) => {
    if (other.priority !== i + 1) org.collection(POLICIES).put({ ...other, priority: i + 1 });
  });
}

function closeRanks(call: Call, gone: Policy): void {
  if (!isRanked(gone.type)) return;
  policiesOf(call.org, gone.type)
    .filter((other) => !other.system)
    .forEach((other, i) => {
      if (other.priority !== i + 1) call.org.collection(POLICIES).put({ ...other, priority: i + 1 });
    });
}
