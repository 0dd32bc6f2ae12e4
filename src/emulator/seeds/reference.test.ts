/*
 * Every number of the reference org, counted over what is stored: no query language, no paging. The product's answers to the tasks rest on these.
 */
import { expect, test } from 'vitest';
import { createEmulator } from '../emulator.ts';
import { appUserOf } from '../families/apps/assignments.ts';
import { CONSENTS } from '../families/apps/consents.ts';
import { keysOf } from '../families/apps/keys.ts';
import { APP_GROUPS, APPS, type App, appGroups, appUsers } from '../families/apps/store.ts';
import { ruleApplies } from '../families/group-rules/evaluate.ts';
import { groupOwners } from '../families/groups/owners.ts';
import { POLICIES, type Policy, rulesOf } from '../families/policies/store.ts';
import { valueAt } from '../filter/compile.ts';
import { memberIds } from '../membership.ts';
import type { LogEvent, User } from '../model.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GROUP_SALES = '00gSALES000000000001';
const GROUP_OLD = '00gOLD00000000000001';
const GROUP_NEW = '00gNEW00000000000001';
const APP_X = '0oaX0000000000000001';
const USER_X = '00uX0000000000000001';

const { org } = createEmulator({ seed: 'reference', now: NOW });
const users = [...org.users.values()];
const active = users.filter((user) => user.status === 'ACTIVE');
const present = users.filter((user) => user.status !== 'DEPROVISIONED');
const groups = org.groups.list();
const apps = org.collection(APPS).list();
const agoOf = (days: number): number => NOW - days * DAY;
const text = (user: User, name: string): string => String(user.profile[name] ?? '');
const statusOf = (id: string): string => org.users.get(id)?.status ?? 'gone';
const countBy = <T>(items: readonly T[], key: (item: T) => string | number): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
};

test('users are 12,000, in every status', () => {
  expect(countBy(users, (user) => user.status)).toEqual({
    ACTIVE: 9000,
    STAGED: 300,
    PROVISIONED: 200,
    RECOVERY: 100,
    PASSWORD_EXPIRED: 150,
    LOCKED_OUT: 100,
    SUSPENDED: 150,
    DEPROVISIONED: 2000,
  });
  expect(active.filter((user) => user.created < agoOf(90))).toHaveLength(8350);
  expect(active.filter((user) => user.lastLogin !== null && user.lastLogin < agoOf(90))).toHaveLength(900);
  expect(active.filter((user) => user.lastLogin === null)).toHaveLength(300);
  expect(users.filter((user) => (user.status === 'STAGED' || user.status === 'PROVISIONED') && user.created < agoOf(14))).toHaveLength(430);
  expect(users.filter((user) => user.status === 'DEPROVISIONED' && (user.statusChanged ?? NOW) < agoOf(365))).toHaveLength(1300);
});

test('stale accounts have all four reasons to be one or not', () => {
  const isStale = (user: User): boolean => user.lastLogin === null || user.lastLogin < agoOf(90);
  expect(countBy(active, (user) => `${user.created < agoOf(90) ? 'old' : 'new'} ${isStale(user) ? 'stale' : 'used'}`)).toEqual({
    'old stale': 1160,
    'new stale': 40,
    'old used': 7190,
    'new used': 610,
  });
});

test('no time is within two hours of a line that a task draws, nor ahead of the clock, nor before what it follows', () => {
  const lines = [0, 1, 7, 14, 30, 60, 90, 365, -60].map(agoOf);
  const isClear = (time: number): boolean => lines.every((line) => Math.abs(time - line) >= 2 * HOUR);
  const bad: string[] = [];
  for (const user of users) {
    for (const time of [user.created, user.activated, user.statusChanged, user.lastLogin, user.lastUpdated, user.passwordChanged]) {
      if (time !== null && (!isClear(time) || time > NOW || time < agoOf(3 * 365 + 1))) bad.push(`${user.id} ${time}`);
    }
    if (user.lastLogin !== null && user.lastLogin < user.created) bad.push(`${user.id} signed in before it was made`);
    if (user.status === 'STAGED' && (user.activated !== null || user.lastLogin !== null)) bad.push(`${user.id} is staged and used`);
  }
  for (const record of [
    ...groups.flatMap((group) => [group.created, group.lastUpdated, group.lastMembershipUpdated]),
    ...apps.map((app) => app.created),
    ...org.apiTokens.list().flatMap((token) => [token.created, token.lastUpdated]),
  ]) {
    if (!isClear(record) && record !== org.groups.get(org.everyoneId)?.created) bad.push(String(record));
  }
  for (const app of apps)
    for (const key of keysOf(org, app)) if (app.signOnMode === 'SAML_2_0' && !isClear(key.expiresAt)) bad.push(`key ${key.kid}`);
  for (const event of org.logs.events) if (!isClear(event.published)) bad.push(event.uuid);
  expect(bad).toEqual([]);
});

test('departments and user types have their twins in other letter cases', () => {
  const sales = active.filter((user) => text(user, 'department').toLowerCase() === 'sales');
  expect(sales).toHaveLength(1195);
  expect(sales.filter((user) => user.profile.department === 'Sales')).toHaveLength(1180);
  expect(users.filter((user) => user.status !== 'ACTIVE' && user.profile.department === 'Sales').length).toBeGreaterThan(50);
  const contractors = present.filter((user) => text(user, 'userType').toLowerCase() === 'contractor');
  expect(contractors).toHaveLength(1520);
  expect(contractors.filter((user) => user.profile.userType === 'Contractor')).toHaveLength(1500);
  const isAway = (user: User): boolean => user.lastLogin === null || user.lastLogin < agoOf(60);
  expect(contractors.filter(isAway).length).toBeGreaterThan(50);
  expect(contractors.filter((user) => !isAway(user)).length).toBeGreaterThan(50);
  expect(users.some((user) => user.status === 'DEPROVISIONED' && user.profile.userType === 'Contractor')).toBe(true);
});

test('awkward values, nulls, absences and empty texts occur; logins are unique whatever the case', () => {
  const texts = users.flatMap((user) => [text(user, 'firstName'), text(user, 'lastName'), text(user, 'department')]);
  for (const mark of ["'", '"', '\\', '%', '_', ',', '\n', '=', 'ש', '田'])
    expect([mark, texts.some((value) => value.includes(mark))]).toEqual([mark, true]);
  expect(texts.some((value) => value.startsWith('='))).toBe(true);
  for (const value of [null, undefined, ''])
    expect([value, users.some((user) => user.profile.department === value), users.some((user) => user.profile.userType === value)]).toEqual(
      [value, true, true],
    );
  expect(new Set(users.map((user) => text(user, 'login').toLowerCase())).size).toBe(12_000);
  expect(users.every((user) => text(user, 'login') !== '' && text(user, 'employeeNumber') !== '')).toBe(true);
  const github = users.flatMap((user) => (user.profile.githubUsername === undefined ? [] : [text(user, 'githubUsername')]));
  expect(github.length).toBe(7200);
  expect(new Set(github.map((name) => name.toLowerCase())).size).toBe(7200);
  const names = groups.map((group) => String(group.profile.name));
  expect(new Set(names).size).toBe(1000);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBeLessThan(1000);
});

test('720 active users have no active factor, 180 of these one that is pending; nobody has more than four', () => {
  const byUser = new Map<string, string[]>();
  for (const factor of org.factors.values()) byUser.set(factor.userId, [...(byUser.get(factor.userId) ?? []), factor.status]);
  const without = active.filter((user) => !(byUser.get(user.id) ?? []).includes('ACTIVE'));
  expect(without).toHaveLength(720);
  expect(countBy(without, (user) => (byUser.get(user.id) ?? []).join())).toEqual({ '': 540, PENDING_ACTIVATION: 180 });
  expect(Math.max(...[...byUser.values()].map((statuses) => statuses.length))).toBe(4);
  expect([...byUser.keys()].every((id) => org.users.get(id) !== undefined)).toBe(true);
  expect(Object.keys(countBy(org.factors.list(), (factor) => `${factor.factorType} ${factor.provider}`)).length).toBe(15);
  expect(byUser.get(USER_X)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
});

test('groups are 1,000 with 80,000 memberships, 3,000 of them of people who left', () => {
  expect(countBy(groups, (group) => group.type)).toEqual({ BUILT_IN: 1, OKTA_GROUP: 700, APP_GROUP: 299 });
  expect(memberIds(org, org.everyoneId)).toHaveLength(10_000);
  const own = groups.filter((group) => group.type !== 'BUILT_IN');
  const bucket = (size: number): string =>
    size === 990 || size === 300 || size === 0 ? String(size) : size > 0 && size < 200 ? 'few' : `odd ${size}`;
  expect(countBy(own, (group) => bucket(memberIds(org, group.id).length))).toEqual({ 990: 20, 300: 100, few: 834, 0: 45 });
  const memberships = own.flatMap((group) => [...memberIds(org, group.id)]);
  expect(memberships).toHaveLength(80_000);
  expect(memberships.filter((id) => statusOf(id) === 'DEPROVISIONED')).toHaveLength(3000);
  const okta = own.filter((group) => group.type === 'OKTA_GROUP' && memberIds(org, group.id).length === 0);
  const targets = new Set(org.groupRules.list().flatMap((rule) => rule.groupIds));
  const reasons = countBy(
    okta,
    (group) => `${appGroups(org).leftsOf(group.id).length > 0 ? 'app' : '-'} ${targets.has(group.id) ? 'rule' : '-'}`,
  );
  expect(Object.keys(reasons).sort()).toEqual(['- -', '- rule', 'app -', 'app rule']);
});

test('the groups of fixed ids are as the tasks need them', () => {
  const sales = memberIds(org, GROUP_SALES);
  expect(sales).toHaveLength(990);
  expect(sales.filter((id) => statusOf(id) === 'ACTIVE' && org.users.get(id)?.profile.department === 'Sales')).toHaveLength(900);
  const [old, fresh] = [memberIds(org, GROUP_OLD), memberIds(org, GROUP_NEW)];
  expect([old.length, fresh.length, fresh.filter((id) => old.includes(id)).length]).toEqual([300, 40, 10]);
  expect(old.filter((id) => org.ruleMembers.leftsOf(id).some((key) => key.endsWith(`/${GROUP_OLD}`)))).toHaveLength(30);
  expect([...old, ...fresh].filter((id) => statusOf(id) === 'DEPROVISIONED')).toEqual([]);
});

test('620 groups have owners, 180 of them distinct', () => {
  const owners = org.collection(groupOwners).list();
  const counts = Object.values(countBy(owners, (owner) => owner.groupId));
  expect(counts).toHaveLength(620);
  expect(new Set(counts)).toEqual(new Set([1, 2]));
  expect(owners.every((owner) => org.groups.get(owner.groupId)?.type === 'OKTA_GROUP')).toBe(true);
  const distinct = [...new Map(owners.map((owner) => [owner.ownerId, owner])).values()];
  expect(countBy(distinct, (owner) => owner.type)).toEqual({ USER: 170, GROUP: 10 });
  expect(distinct.filter((owner) => owner.type === 'USER' && statusOf(owner.ownerId) === 'DEPROVISIONED')).toHaveLength(12);
});

test('group rules are 400 over 520 targets', () => {
  const rules = org.groupRules.list();
  expect(countBy(rules, (rule) => rule.status)).toEqual({ ACTIVE: 360, INACTIVE: 35, INVALID: 5 });
  const targets = new Set(rules.flatMap((rule) => rule.groupIds));
  expect(targets.size).toBe(520);
  expect([...targets].filter((id) => !org.groups.has(id))).toHaveLength(15);
  expect(rules.filter((rule) => rule.excludedUsers.length > 80)).toHaveLength(6);
  expect(rules.every((rule) => rule.excludedUsers.length <= 100)).toBe(true);
  const isGone = (id: string): boolean => !org.groups.has(id);
  expect(
    countBy(
      rules.filter((rule) => rule.groupIds.some(isGone)),
      (rule) => rule.status,
    ),
  ).toEqual({ ACTIVE: 8, INACTIVE: 4, INVALID: 3 });
  expect(
    countBy(
      rules.filter((rule) => rule.excludedUsers.length > 80),
      (rule) => rule.status,
    ),
  ).toEqual({ ACTIVE: 6 });
});

test('evaluating the active rules again would change nothing', () => {
  const centres = new Map<string, User[]>();
  for (const user of present) centres.set(text(user, 'costCenter'), [...(centres.get(text(user, 'costCenter')) ?? []), user]);
  let given = 0;
  for (const rule of org.groupRules.filter((one) => one.status === 'ACTIVE')) {
    const code = /CC-\d{4}/.exec(rule.expression)?.[0] ?? '';
    const fitting = (centres.get(code) ?? [])
      .filter((user) => ruleApplies(org, rule, user))
      .map((user) => user.id)
      .sort();
    for (const groupId of rule.groupIds.filter((id) => org.groups.has(id))) {
      expect(fitting.filter((id) => !org.members.has(groupId, id))).toEqual([]);
      expect([...org.ruleMembers.rightsOf(`${rule.id}/${groupId}`)]).toEqual(fitting);
      given += fitting.length;
    }
    for (const user of users.slice(0, 40)) if (text(user, 'costCenter') !== code) expect(ruleApplies(org, rule, user)).toBe(false);
  }
  expect(given).toBeGreaterThan(1000);
});

test('apps are 300 in every sign-on mode', () => {
  expect(countBy(apps, (app) => app.status)).toEqual({ ACTIVE: 270, INACTIVE: 30 });
  expect(countBy(apps, (app) => app.signOnMode)).toEqual({
    SAML_2_0: 110,
    OPENID_CONNECT: 100,
    BOOKMARK: 30,
    BROWSER_PLUGIN: 20,
    SECURE_PASSWORD_STORE: 15,
    AUTO_LOGIN: 10,
    BASIC_AUTH: 8,
    WS_FEDERATION: 7,
  });
  const service = apps.filter((app) => valueAt(app.settings, ['oauthClient', 'application_type']) === 'service');
  expect(countBy(service, (app) => app.status)).toEqual({ ACTIVE: 12, INACTIVE: 3 });
  const legacy = apps.filter((app) => !['SAML_2_0', 'OPENID_CONNECT', 'BOOKMARK'].includes(app.signOnMode));
  expect(new Set(legacy.map((app) => app.status))).toEqual(new Set(['ACTIVE', 'INACTIVE']));
  const manages = (app: App): boolean =>
    org
      .collection(CONSENTS)
      .by(app.id)
      .some((consent) => /^okta\..*\.manage$/.test(consent.scopeId));
  expect(countBy(service, (app) => `${app.status} ${manages(app)}`)).toEqual({
    'ACTIVE true': expect.any(Number),
    'ACTIVE false': expect.any(Number),
    'INACTIVE true': expect.any(Number),
    ...(service.some((app) => app.status === 'INACTIVE' && !manages(app)) ? { 'INACTIVE false': expect.any(Number) } : {}),
  });
  expect(apps.filter((app) => !service.includes(app) && manages(app)).length).toBeGreaterThan(2);
});

test('each SAML app has one to three keys; some in use end within 60 days, others only beside the one in use', () => {
  const saml = apps.filter((app) => app.signOnMode === 'SAML_2_0');
  expect(Object.keys(countBy(saml, (app) => keysOf(org, app).length)).sort()).toEqual(['1', '2', '3']);
  const isSoon = (time: number): boolean => time < agoOf(-60);
  const inUse = (app: App): string => String(valueAt(app.credentials, ['signing', 'kid']));
  expect(saml.every((app) => keysOf(org, app).some((key) => key.kid === inUse(app)))).toBe(true);
  const soon = saml.filter((app) => keysOf(org, app).some((key) => key.kid === inUse(app) && isSoon(key.expiresAt)));
  expect(soon).toHaveLength(14);
  expect(soon.some((app) => keysOf(org, app).some((key) => key.kid === inUse(app) && key.expiresAt < NOW))).toBe(true);
  expect(saml.filter((app) => !soon.includes(app) && keysOf(org, app).some((key) => isSoon(key.expiresAt))).length).toBeGreaterThan(3);
});

test('60,000 assignments of users, 900 of groups', () => {
  const sizes = apps.map((app) => ({ app, users: appUsers(org).rightsOf(app.id).length, groups: appGroups(org).rightsOf(app.id).length }));
  expect(countBy(sizes, ({ app, users: count }) => `${app.status} ${count}`)).toEqual({
    'ACTIVE 10000': 3,
    'ACTIVE 1600': 10,
    'ACTIVE 260': 40,
    'ACTIVE 20': 168,
    'INACTIVE 20': 12,
    'ACTIVE 0': 49,
    'INACTIVE 0': 18,
  });
  expect(sizes.reduce((sum, one) => sum + one.users, 0)).toBe(60_000);
  expect(sizes.reduce((sum, one) => sum + one.groups, 0)).toBe(900);
  expect(org.collection(APP_GROUPS).size).toBe(900);
  expect(Math.max(...sizes.map((one) => one.groups))).toBeLessThanOrEqual(40);
  expect(sizes.some((one) => one.users === 0 && one.groups === 0)).toBe(true);
  const everyone = apps.filter((app) => appGroups(org).has(app.id, org.everyoneId));
  expect(everyone.map((app) => appUsers(org).rightsOf(app.id).length)).toEqual([10_000, 10_000, 10_000]);
});

test('an assignment of scope GROUP follows from a membership of somebody present, and each such membership gives one', () => {
  const wrong: string[] = [];
  const scopes = { USER: 0, GROUP: 0 };
  for (const app of apps) {
    const reach = new Set<string>();
    for (const groupId of appGroups(org).rightsOf(app.id))
      for (const id of memberIds(org, groupId)) if (statusOf(id) !== 'DEPROVISIONED') reach.add(id);
    const assigned = appUsers(org).rightsOf(app.id);
    for (const id of reach) if (!appUsers(org).has(app.id, id)) wrong.push(`${app.id} lacks ${id}`);
    for (const id of assigned) {
      const scope = appUserOf(org, app.id, id)?.scope ?? 'USER';
      scopes[scope]++;
      if (statusOf(id) === 'DEPROVISIONED' || (scope === 'GROUP' && !reach.has(id))) wrong.push(`${app.id} has ${id}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(scopes.USER + scopes.GROUP).toBe(60_000);
  expect(scopes.USER).toBeGreaterThan(2000);
});

test('app X is reached by 100 users directly and by 1,500 through nine groups', () => {
  const ids = appUsers(org).rightsOf(APP_X);
  expect(countBy(ids, (id) => appUserOf(org, APP_X, id)?.scope ?? '')).toEqual({ USER: 100, GROUP: 1500 });
  const nine = appGroups(org).rightsOf(APP_X);
  expect(nine.map((id) => memberIds(org, id).length)).toEqual(Array.from({ length: 9 }, () => 300));
  expect(nine.flatMap((id) => [...memberIds(org, id)]).some((id) => statusOf(id) === 'DEPROVISIONED')).toBe(true);
  const ruled = new Set(org.groupRules.filter((rule) => rule.status === 'ACTIVE').flatMap((rule) => rule.groupIds));
  expect(nine.filter((id) => ruled.has(id))).toHaveLength(5);
  expect(org.collection(APPS).get(APP_X)).toMatchObject({ status: 'ACTIVE', signOnMode: 'SAML_2_0' });
});

test('40 people administer', () => {
  const byUser = org.roleAssignments.filter((assignment) => assignment.principalType === 'USER');
  const byGroup = org.roleAssignments.filter((assignment) => assignment.principalType === 'GROUP');
  const direct = new Set(byUser.map((assignment) => assignment.principalId));
  const through = new Set(byGroup.flatMap((assignment) => [...memberIds(org, assignment.principalId)]));
  expect([direct.size, byGroup.length, through.size, new Set([...direct, ...through]).size]).toEqual([25, 3, 15, 40]);
  expect(Object.values(countBy(byUser, (assignment) => assignment.principalId)).filter((count) => count === 2)).toHaveLength(3);
  const supers = byUser.filter((assignment) => assignment.type === 'SUPER_ADMIN').map((assignment) => assignment.principalId);
  const isStrong = (id: string): boolean =>
    org.factors.by(id).some((factor) => factor.status === 'ACTIVE' && ['webauthn', 'u2f', 'signed_nonce'].includes(factor.factorType));
  expect(countBy(supers, (id) => String(isStrong(id)))).toEqual({ true: 3, false: 2 });
  expect(new Set([...direct].map(statusOf)).size).toBeGreaterThan(2);
});

test('60 API tokens have 24 owners', () => {
  const tokens = org.apiTokens.list();
  const owners = [...new Set(tokens.map((token) => token.userId))];
  const roles = new Set(
    org.roleAssignments
      .list()
      .flatMap((assignment) =>
        assignment.principalType === 'GROUP' ? [...memberIds(org, assignment.principalId)] : [assignment.principalId],
      ),
  );
  expect(tokens).toHaveLength(60);
  expect(countBy(owners, (id) => (roles.has(id) ? 'administrator' : statusOf(id)))).toEqual({
    administrator: 19,
    ACTIVE: 3,
    DEPROVISIONED: 2,
  });
});

test('policies are 20 with 60 rules', () => {
  const policies = org.collection(POLICIES).list();
  const count = (policy: Policy): number => rulesOf(org, policy.id).length;
  expect(countBy(policies, (policy) => policy.type)).toEqual({
    ACCESS_POLICY: 6,
    PASSWORD: 4,
    OKTA_SIGN_ON: 3,
    MFA_ENROLL: 3,
    PROFILE_ENROLLMENT: 2,
    IDP_DISCOVERY: 1,
    ENTITY_RISK: 1,
  });
  expect(
    countBy(
      policies.flatMap((policy) => Array.from({ length: count(policy) }, () => policy)),
      (policy) => policy.type,
    ),
  ).toEqual({
    ACCESS_POLICY: 24,
    PASSWORD: 8,
    OKTA_SIGN_ON: 9,
    MFA_ENROLL: 7,
    PROFILE_ENROLLMENT: 2,
    IDP_DISCOVERY: 6,
    ENTITY_RISK: 4,
  });
  const accessIds = new Set(policies.filter((policy) => policy.type === 'ACCESS_POLICY').map((policy) => policy.id));
  expect(apps.every((app) => accessIds.has(app.accessPolicyId ?? ''))).toBe(true);
  const used = new Set(apps.map((app) => app.accessPolicyId));
  expect([...accessIds].filter((id) => !used.has(id)).length).toBeGreaterThanOrEqual(2);
});

test('the log has 200,000 events of a week', () => {
  const events = org.logs.events;
  expect(events).toHaveLength(200_000);
  expect(
    events.every((event, i) => event.published <= NOW && event.published > agoOf(7) && (events[i - 1]?.published ?? 0) <= event.published),
  ).toBe(true);
  expect(new Set(events.map((event) => event.eventType)).size).toBeGreaterThanOrEqual(60);
  expect(new Set(events.map((event) => event.uuid)).size).toBe(200_000);
  const result = (event: LogEvent): unknown => event.outcome?.result;
  const failed = events.filter((event) => result(event) === 'FAILURE' || result(event) === 'DENY');
  expect(failed.filter((event) => event.published > agoOf(1))).toHaveLength(2400);
  expect(failed.length).toBeGreaterThan(10_000);
  expect(
    events.filter(
      (event) =>
        event.eventType === 'user.mfa.okta_verify.deny_push' || (event.eventType === 'user.session.start' && result(event) === 'SUCCESS'),
    ),
  ).toHaveLength(52_940);
  const isX = (entity: unknown): boolean => valueAt(entity, ['id']) === USER_X;
  const ofX = events.filter((event) => isX(event.actor) || (event.target ?? []).some(isX));
  expect(ofX).toHaveLength(340);
  expect(ofX.filter((event) => !isX(event.actor) && !isX(event.target?.[0])).length).toBeGreaterThan(10);
});

test('the log holds guessed passwords, tired thumbs and trips abroad, and what only looks like them', () => {
  const today = org.logs.events.filter((event) => event.published > agoOf(1));
  const failures = Object.values(
    countBy(
      today.filter((event) => ['FAILURE', 'DENY'].includes(String(event.outcome?.result))),
      (event) => `${event.actor.alternateId} ${event.client?.ipAddress} ${event.outcome?.result}`,
    ),
  );
  expect([failures.filter((count) => count >= 10).length > 20, failures.includes(10), failures.includes(9), failures.includes(1)]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  const denials = Object.values(
    countBy(
      today.filter((event) => event.eventType.endsWith('deny_push')),
      (event) => String(event.actor.id),
    ),
  );
  expect([denials.filter((count) => count >= 3).length, denials.filter((count) => count < 3).length > 5]).toEqual([9, true]);
  const countries = new Map<string, Set<unknown>>();
  for (const event of org.logs.events) {
    if (event.eventType !== 'user.session.start' || event.outcome?.result !== 'SUCCESS') continue;
    const own = countries.get(String(event.actor.id)) ?? new Set();
    countries.set(String(event.actor.id), own.add(valueAt(event.client, ['geographicalContext', 'country'])));
  }
  const travellers = [...countries.values()].filter((own) => own.size > 1).length;
  expect([travellers > 5, travellers < 40]).toEqual([true, true]);
});

test('user X is active, has factors and grants', () => {
  expect(org.users.get(USER_X)).toMatchObject({ status: 'ACTIVE' });
  expect(org.collection(CONSENTS).filter((consent) => consent.userId === USER_X)).toHaveLength(3);
});
