import { addMember, groupIdsOf, removeMember } from '../../membership.ts';
import { type GroupRule, profileText, type User } from '../../model.ts';
import type { Org } from '../../org.ts';
import type { Call } from '../../types.ts';
import { type Expression, ExpressionError, evaluate, parseExpression } from './expression.ts';

function parsed(org: Org, text: string): Expression | undefined {
  const cache = org.value('parsedRuleExpressions', () => new Map<string, Expression | undefined>()).value;
  if (!cache.has(text)) {
    let expression: Expression | undefined;
    try {
      expression = parseExpression(text);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
    }
    cache.set(text, expression);
  }
  return cache.get(text);
}

/** Whether a rule gives its groups to a user. */
export function ruleApplies(org: Org, rule: GroupRule, user: User): boolean {
  if (user.status === 'DEPROVISIONED' || rule.excludedUsers.includes(user.id)) return false;
  const expression = parsed(org, rule.expression);
  if (expression === undefined) return false;
  const readsGroups = rule.excludedGroups.length > 0 || rule.expression.includes('isMemberOf');
  const groupIds = readsGroups ? groupIdsOf(org, user.id) : [];
  if (rule.excludedGroups.some((id) => groupIds.includes(id))) return false;
  const groupNames = groupIds.flatMap((id) => {
    const group = org.groups.get(id);
    return group === undefined ? [] : [profileText(group.profile, 'name')];
  });
  return evaluate(expression, { profile: user.profile, properties: { status: user.status, id: user.id }, groupIds, groupNames }) === true;
}

/** Gives or takes one rule's groups for one user. */
export function applyRule(org: Org, rule: GroupRule, user: User, call?: Call): void {
  if (rule.status !== 'ACTIVE') return;
  const applies = ruleApplies(org, rule, user);
  for (const groupId of rule.groupIds) {
    const group = org.groups.get(groupId);
    if (group === undefined) continue;
    const key = `${rule.id}/${groupId}`;
    if (applies) {
      if (addMember(org, group, user, call)) org.ruleMembers.add(key, user.id);
    } else if (org.ruleMembers.delete(key, user.id) && !heldByOther(org, rule, groupId, user.id)) removeMember(org, group, user, call);
  }
}

function heldByOther(org: Org, rule: GroupRule, groupId: string, userId: string): boolean {
  return org.ruleMembers.leftsOf(userId).some((key) => key.endsWith(`/${groupId}`) && !key.startsWith(`${rule.id}/`));
}

/** Evaluates all active rules for a user whose profile or status changed. */
export function applyRules(org: Org, user: User): void {
  for (const rule of org.groupRules.values()) applyRule(org, rule, user);
}

/** Evaluates a rule for all users. */
export function applyRuleToAll(org: Org, rule: GroupRule, call?: Call): void {
  for (const user of org.users.values()) applyRule(org, rule, user, call);
}

/** A user taken out of a group by hand is put on the exclude lists of the rules that gave the membership, as Okta does. */
export function excludeFromRules(call: Call, groupId: string, userId: string): void {
  for (const key of [...call.org.ruleMembers.leftsOf(userId)]) {
    const [ruleId = '', ofGroup] = key.split('/');
    const rule = call.org.groupRules.get(ruleId);
    if (ofGroup !== groupId) continue;
    call.org.ruleMembers.delete(key, userId);
    if (rule !== undefined) call.org.groupRules.put({ ...rule, excludedUsers: [...rule.excludedUsers, userId] });
  }
}
