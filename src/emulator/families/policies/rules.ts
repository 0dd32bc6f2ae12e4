import { target } from '../../log-writer.ts';
import { invalid, notFound } from '../../refusal.ts';
import { arrayOf, empty, json, text } from '../../reply.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, Reply } from '../../types.ts';
import { defaultActions, defaultRuleConditions } from './defaults.ts';
import { ruleJson } from './render.ts';
import { makeRule, POLICY_RULES, POLICY_TYPES, type Policy, type PolicyRule, type PolicyType, rulesOf } from './store.ts';
import { changes, nameOf, policyOf, readOnly } from './write.ts';

/** Types whose default rule is fixed whole. */
const FIXED_RULES: ReadonlySet<PolicyType> = new Set(['MFA_ENROLL', 'IDP_DISCOVERY']);

/** GET /api/v1/policies/{policyId}/rules: not paged. */
export function listRules(call: Call): Reply {
  return text(200, arrayOf(rulesOf(call.org, policyOf(call).id).map((rule) => JSON.stringify(ruleJson(call.org, rule)))));
}

/** GET /api/v1/policies/{policyId}/rules/{ruleId} */
export function getRule(call: Call): Reply {
  return json(200, ruleJson(call.org, ruleOf(call)));
}

/** POST /api/v1/policies/{policyId}/rules */
export function createRule(call: Call): Reply {
  const { org } = call;
  const policy = policyOf(call);
  const body = call.json();
  const name = nameOf(body);
  checkType(policy, body.type);
  if (rulesOf(org, policy.id).some((rule) => rule.name === name)) throw invalid('name', ['name: Policy rule name already in use']);
  const rule = makeRule(org, policy, {
    name,
    status: body.status === 'INACTIVE' || call.query.get('activate') === 'false' ? 'INACTIVE' : 'ACTIVE',
    conditions: defaultRuleConditions(policy.type, body.conditions),
    actions: defaultActions(policy.type, body.actions),
    created: call.now,
  });
  if (typeof body.priority === 'number') rank(call, policy, rule, body.priority);
  logRule(call, 'policy.rule.add', policy, rule);
  return json(200, ruleJson(org, org.collection(POLICY_RULES).get(rule.id) ?? rule));
}

/** PUT /api/v1/policies/{policyId}/rules/{ruleId} */
export function replaceRule(call: Call): Reply {
  const { org } = call;
  const policy = policyOf(call);
  const before = ruleOf(call);
  const body = call.json();
  const name = nameOf(body);
  checkType(policy, body.type);
  // Of a system rule only the actions can be changed, and of some not even those.
  if (before.system && name !== before.name) throw readOnly('name');
  if (before.system && changes(body.conditions, before.conditions)) throw readOnly('conditions');
  if (before.system && FIXED_RULES.has(policy.type) && changes(body.actions, before.actions)) throw readOnly('actions');
  if (rulesOf(org, policy.id).some((rule) => rule.id !== before.id && rule.name === name))
    throw invalid('name', ['name: Policy rule name already in use']);
  const rule = org.collection(POLICY_RULES).put({
    ...before,
    name,
    ...(before.system ? {} : { conditions: defaultRuleConditions(policy.type, body.conditions) }),
    actions: defaultActions(policy.type, body.actions),
    lastUpdated: wholeSecond(call.now),
  });
  if (!before.system && typeof body.priority === 'number') rank(call, policy, rule, body.priority);
  logRule(call, 'policy.rule.update', policy, rule);
  return json(200, ruleJson(org, org.collection(POLICY_RULES).get(rule.id) ?? rule));
}

/** DELETE /api/v1/policies/{policyId}/rules/{ruleId} */
export function deleteRule(call: Call): Reply {
  const { org } = call;
  const policy = policyOf(call);
  const rule = ruleOf(call);
  if (rule.system) throw readOnly('system');
  org.collection(POLICY_RULES).delete(rule.id);
  rulesOf(org, policy.id)
    .filter((other) => !other.system)
    .forEach((other, i) => {
      if (other.priority !== i + 1) org.collection(POLICY_RULES).put({ ...other, priority: i + 1 });
    });
  logRule(call, 'policy.rule.delete', policy, rule);
  return empty(204);
}

/** POST /api/v1/policies/{policyId}/rules/{ruleId}/lifecycle/{activate,deactivate} */
export function setRuleStatus(call: Call, status: PolicyRule['status']): Reply {
  const policy = policyOf(call);
  const before = ruleOf(call);
  if (before.system) throw readOnly('system');
  if (before.status !== status) {
    const rule = call.org.collection(POLICY_RULES).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
    logRule(call, status === 'ACTIVE' ? 'policy.rule.activate' : 'policy.rule.deactivate', policy, rule);
  }
  return empty(204);
}

function ruleOf(call: Call): PolicyRule {
  const policy = policyOf(call);
  const id = call.params.ruleId ?? '';
  const rule = call.org.collection(POLICY_RULES).get(id);
  if (rule === undefined || rule.policyId !== policy.id) throw notFound(id, 'PolicyRule');
  return rule;
}

function checkType(policy: Policy, type: unknown): void {
  const wanted = POLICY_TYPES[policy.type].ruleType;
  if (type !== undefined && type !== null && type !== wanted && type !== policy.type)
    throw invalid('type', [`type: A rule of this policy is of type ${wanted}`]);
}

function rank(call: Call, policy: Policy, rule: PolicyRule, priority: number): void {
  const { org } = call;
  const others = rulesOf(org, policy.id).filter((other) => !other.system && other.id !== rule.id);
  others.splice(Math.min(Math.max(Math.trunc(priority), 1), others.length + 1) - 1, 0, rule);
  others.forEach((other, i) => {
    if (other.priority !== i + 1) org.collection(POLICY_RULES).put({ ...other, priority: i + 1 });
  });
}

function logRule(call: Call, eventType: string, policy: Policy, rule: PolicyRule): void {
  call.log(eventType, {
    targets: [target('PolicyEntity', policy.id, policy.name, policy.type), target('PolicyRule', rule.id, rule.name, rule.type)],
  });
}
