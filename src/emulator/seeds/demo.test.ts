import { expect, test } from 'vitest';
import { createEmulator } from '../emulator.ts';
import { CONSENTS } from '../families/apps/consents.ts';
import { APPS, appUsers } from '../families/apps/store.ts';
import { ruleApplies } from '../families/group-rules/evaluate.ts';
import { POLICIES } from '../families/policies/store.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const { org } = createEmulator({ seed: 'demo', now: NOW });
const kinds = <T>(items: Iterable<T>, key: (item: T) => string): string[] => [...new Set([...items].map(key))].sort();

test('the demo org has something of everything', () => {
  expect(kinds(org.users.values(), (user) => user.status)).toEqual([
    'ACTIVE',
    'DEPROVISIONED',
    'LOCKED_OUT',
    'PASSWORD_EXPIRED',
    'PROVISIONED',
    'RECOVERY',
    'STAGED',
    'SUSPENDED',
  ]);
  expect(kinds(org.groups.values(), (group) => group.type)).toEqual(['APP_GROUP', 'BUILT_IN', 'OKTA_GROUP']);
  expect(kinds(org.groupRules.values(), (rule) => rule.status)).toEqual(['ACTIVE', 'INACTIVE', 'INVALID']);
  expect(kinds(org.collection(APPS).values(), (app) => app.signOnMode)).toHaveLength(8);
  expect(kinds(org.factors.values(), (factor) => factor.status)).toEqual(['ACTIVE', 'PENDING_ACTIVATION']);
  expect(kinds(org.roleAssignments.values(), (assignment) => assignment.principalType)).toEqual(['GROUP', 'USER']);
  expect(kinds(org.collection(POLICIES).values(), (policy) => policy.status)).toEqual(['ACTIVE', 'INACTIVE']);
  expect([org.users.size, org.apiTokens.size, org.sessions.size, org.collection(CONSENTS).size > 10, org.logs.size > 5000]).toEqual([
    320,
    6,
    13,
    true,
    true,
  ]);
});

test('memberships stand where the active rules would put them', () => {
  for (const rule of org.groupRules.filter((one) => one.status === 'ACTIVE')) {
    for (const user of org.users.values())
      if (ruleApplies(org, rule, user)) for (const groupId of rule.groupIds) expect(org.members.has(groupId, user.id)).toBe(true);
  }
});

test('the log is of the last week and in order', () => {
  const { events } = org.logs;
  expect(
    events.every(
      (event, i) => event.published <= NOW && event.published > NOW - 7 * 86_400_000 && (events[i - 1]?.published ?? 0) <= event.published,
    ),
  ).toBe(true);
});

test('the same clock gives the same org, and further users come with what everyone has', () => {
  const again = createEmulator({ seed: 'demo', now: NOW }).org;
  expect([[...again.users.values()], again.logs.events.map((event) => event.uuid)]).toEqual([
    [...org.users.values()],
    org.logs.events.map((event) => event.uuid),
  ]);
  const larger = createEmulator({ seed: 'demo', now: NOW, users: 50 }).org;
  const google = larger.collection(APPS).find((app) => app.name === 'google')?.id ?? '';
  expect([larger.users.size, appUsers(larger).rightsOf(google).length]).toEqual([370, larger.users.presentIds.length]);
});
