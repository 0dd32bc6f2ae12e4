import { target } from '../log-writer.ts';
import { removeMember } from '../membership.ts';
import { type GroupRule, profileText, type User } from '../model.ts';
import type { Org } from '../org.ts';
import { page } from '../paging.ts';
import { profileAttributeNames } from '../profile-schema.ts';
import { invalid, notFound } from '../refusal.ts';
import { empty, isObject, json } from '../reply.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, Json, JsonObject, Reply } from '../types.ts';
import { applyRule, applyRules, applyRuleToAll } from './group-rules/evaluate.ts';
import { attributesIn, ExpressionError, parseExpression } from './group-rules/expression.ts';

const ALL = '/api/v1/groups/rules';
const ONE = `${ALL}/{ruleId}`;

/** Rules that give group memberships by expression: evaluated when activated and whenever a user changes. */
export const groupRules: Family = {
  name: 'group-rules',
  routes: [
    { method: 'GET', path: ALL, handle: listRules },
    { method: 'POST', path: ALL, handle: createRule },
    { method: 'GET', path: ONE, handle: (call) => json(200, ruleJson(call.org, ruleOf(call), names(call))) },
    { method: 'PUT', path: ONE, handle: updateRule },
    { method: 'DELETE', path: ONE, handle: deleteRule },
    { method: 'POST', path: `${ONE}/lifecycle/activate`, handle: activateRule },
    { method: 'POST', path: `${ONE}/lifecycle/deactivate`, handle: deactivateRule },
  ],
  initialise(org) {
    org.hooks.on('userChanged', (inner, { user }) => applyRules(inner, user));
    // Rules may read memberships. One rule's gift may move another; a ring of rules is cut after a few rounds.
    let depth = 0;
    const follow = (inner: Org, user: User): void => {
      if (depth >= 4) return;
      depth++;
      for (const rule of inner.groupRules.values())
        if (rule.expression.includes('isMemberOf') || rule.excludedGroups.length > 0) applyRule(inner, rule, user);
      depth--;
    };
    org.hooks.on('memberAdded', (inner, { user }) => follow(inner, user));
    org.hooks.on('memberRemoved', (inner, { user }) => follow(inner, user));
    org.hooks.on('groupDeleted', (inner, { group }) => {
      for (const rule of inner.groupRules.filter((one) => one.groupIds.includes(group.id))) {
        inner.ruleMembers.deleteLeft(`${rule.id}/${group.id}`);
        if (rule.status === 'ACTIVE') inner.groupRules.put({ ...rule, status: 'INVALID' });
      }
    });
  },
};

function names(call: Call): boolean {
  return call.query.get('expand') === 'groupIdToGroupNameMap';
}

function ruleOf(call: Call): GroupRule {
  const id = call.params.ruleId ?? '';
  const rule = call.org.groupRules.get(id);
  if (rule === undefined) throw notFound(id, 'GroupRule');
  return rule;
}

function listRules(call: Call): Reply {
  const search = call.query.get('search')?.toLowerCase() ?? '';
  const rules = call.org.groupRules
    .list()
    .filter((rule) => search === '' || rule.name.toLowerCase().includes(search) || rule.expression.toLowerCase().includes(search));
  const withNames = names(call);
  return page(call, rules, {
    limit: { fallback: 50, max: 200 },
    key: (rule) => rule.id,
    render: (rule) => JSON.stringify(ruleJson(call.org, rule, withNames)),
  });
}

function createRule(call: Call): Reply {
  const body = call.json();
  const now = wholeSecond(call.now);
  const rule: GroupRule = { id: call.org.ids.next('0pr'), status: 'INACTIVE', created: now, lastUpdated: now, ...readRule(call, body) };
  const missing = rule.groupIds.find((id) => !call.org.groups.has(id));
  if (missing !== undefined) throw invalid('groupIds', [`assignUserToGroups: Invalid group id ${missing}`]);
  call.org.groupRules.put(rule);
  logRule(call, 'group.user_membership.rule.add', rule);
  return json(200, ruleJson(call.org, rule, false));
}

function updateRule(call: Call): Reply {
  const before = ruleOf(call);
  const read = readRule(call, call.json());
  if (before.status === 'ACTIVE') throw invalid('status', ['Cannot update a rule in ACTIVE state']);
  if (read.groupIds.length !== before.groupIds.length || read.groupIds.some((id) => !before.groupIds.includes(id)))
    throw invalid('actions', ['The actions of a rule cannot be changed']);
  const rule = call.org.groupRules.put({ ...before, ...read, lastUpdated: wholeSecond(call.now) });
  logRule(call, 'group.user_membership.rule.update', rule);
  return json(200, ruleJson(call.org, rule, false));
}

function deleteRule(call: Call): Reply {
  const rule = ruleOf(call);
  if (rule.status === 'ACTIVE') throw invalid('status', ['Cannot delete a rule in ACTIVE state']);
  const removes = call.query.get('removeUsers') === 'true';
  for (const groupId of rule.groupIds) {
    const group = call.org.groups.get(groupId);
    for (const userId of [...call.org.ruleMembers.deleteLeft(`${rule.id}/${groupId}`)]) {
      const user = call.org.users.get(userId);
      if (removes && group !== undefined && user !== undefined) removeMember(call.org, group, user, call);
    }
  }
  call.org.groupRules.delete(rule.id);
  logRule(call, 'group.user_membership.rule.delete', rule);
  return { status: 202, body: '{}' };
}

function activateRule(call: Call): Reply {
  const before = ruleOf(call);
  if (before.groupIds.some((id) => !call.org.groups.has(id)))
    throw invalid('groupIds', ['The rule assigns to a group that no longer exists']);
  if (before.status !== 'ACTIVE') {
    const rule = call.org.groupRules.put({ ...before, status: 'ACTIVE', lastUpdated: wholeSecond(call.now) });
    logRule(call, 'group.user_membership.rule.activate', rule);
    applyRuleToAll(call.org, rule, call);
  }
  return empty(204);
}

/** Memberships that the rule gave stay. */
function deactivateRule(call: Call): Reply {
  const before = ruleOf(call);
  if (before.status === 'ACTIVE') {
    const rule = call.org.groupRules.put({ ...before, status: 'INACTIVE', lastUpdated: wholeSecond(call.now) });
    logRule(call, 'group.user_membership.rule.deactivate', rule);
  }
  return empty(204);
}

type RuleContent = Pick<GroupRule, 'name' | 'expression' | 'excludedUsers' | 'excludedGroups' | 'hasPeople' | 'groupIds'>;

function readRule(call: Call, body: JsonObject): RuleContent {
  const { name } = body;
  if (typeof name !== 'string' || name === '') throw invalid('name', ['name: The field cannot be left blank']);
  if (name.length > 50) throw invalid('name', ['name: The field is too long']);
  const expression = inside(body, 'conditions', 'expression', 'value');
  if (typeof expression !== 'string' || expression === '') throw invalid('conditions', ['conditions: The field cannot be left blank']);
  const groupIds = textsIn(inside(body, 'actions', 'assignUserToGroups', 'groupIds'));
  if (groupIds.length === 0) throw invalid('actions', ['actions: The field cannot be left blank']);
  try {
    const known = profileAttributeNames(call.org);
    const unknown = attributesIn(parseExpression(expression)).find(
      (attribute) => !known.has(attribute) && attribute !== 'status' && attribute !== 'id',
    );
    if (unknown !== undefined) throw new ExpressionError(`Invalid property ${unknown} in expression user.${unknown}`);
  } catch (error) {
    if (error instanceof ExpressionError) throw invalid('condition', [`Invalid group rule expression: ${error.message}.`]);
    throw error;
  }
  return {
    name,
    expression,
    excludedUsers: textsIn(inside(body, 'conditions', 'people', 'users', 'exclude')),
    excludedGroups: textsIn(inside(body, 'conditions', 'people', 'groups', 'exclude')),
    hasPeople: isObject(inside(body, 'conditions', 'people')),
    groupIds,
  };
}

function inside(root: Json | undefined, ...path: string[]): Json | undefined {
  let value = root;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return value;
}

function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function ruleJson(org: Org, rule: GroupRule, withNames: boolean): JsonObject {
  const excludes = rule.hasPeople ?? (rule.excludedUsers.length > 0 || rule.excludedGroups.length > 0);
  return org.shaping.shape('groupRule', {
    type: 'group_rule',
    id: rule.id,
    status: rule.status,
    name: rule.name,
    created: isoTime(rule.created),
    lastUpdated: isoTime(rule.lastUpdated),
    conditions: {
      ...(excludes ? { people: { users: { exclude: rule.excludedUsers }, groups: { exclude: rule.excludedGroups } } } : {}),
      expression: { value: rule.expression, type: 'urn:okta:expression:1.0' },
    },
    actions: { assignUserToGroups: { groupIds: rule.groupIds } },
    allGroupsValid: rule.groupIds.every((id) => org.groups.has(id)),
    ...(withNames ? { _embedded: { groupIdToGroupNameMap: Object.fromEntries(rule.groupIds.flatMap((id) => nameOf(org, id))) } } : {}),
  });
}

function nameOf(org: Org, groupId: string): [string, string][] {
  const group = org.groups.get(groupId);
  return group === undefined ? [] : [[groupId, profileText(group.profile, 'name')]];
}

function logRule(call: Call, eventType: string, rule: GroupRule): void {
  call.log(eventType, { targets: [target('GroupRule', rule.id, rule.name)] });
}
