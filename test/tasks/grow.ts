import { assignMembers, assignUser } from '../../src/emulator/families/apps/assignments.ts';
import { CONSENTS } from '../../src/emulator/families/apps/consents.ts';
import { APP_KEYS } from '../../src/emulator/families/apps/keys.ts';
import { APP_GROUPS, APPS, appGroups, appUsers, pairId } from '../../src/emulator/families/apps/store.ts';
import { groupOwners } from '../../src/emulator/families/groups/owners.ts';
import { POLICIES, POLICY_RULES, POLICY_TYPES } from '../../src/emulator/families/policies/store.ts';
import { administratorIds } from '../../src/emulator/families/roles/assignments.ts';
import { valueAt } from '../../src/emulator/filter/compile.ts';
import { memberIds } from '../../src/emulator/membership.ts';
import type { User } from '../../src/emulator/model.ts';
import type { Org } from '../../src/emulator/org.ts';
import { SeedEvent } from '../../src/emulator/seeds/seed-event.ts';
import { ago } from './task.ts';

/**
 * A fifth more of everything: of users of every kind and their factors, of the members of every group and the users and groups of every
 * app, of groups, rules, apps, policies, administrators, tokens and events. New groups and apps have nobody in them yet, so that
 * memberships and assignments are a fifth more as well.
 */
export function growByAFifth(org: Org): void {
  const twins = growUsers(org);
  growGroups(org, twins);
  growApps(org, twins);
  growAdministrators(org, twins);
  growPolicies(org);
  growLog(org);
}

/** A fifth of some items, and of each kind of them. */
function aFifth<T>(items: readonly T[], kindOf: (item: T) => string = () => ''): readonly T[] {
  return items
    .map((item) => ({ item, kind: kindOf(item) }))
    .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))
    .filter((_, index) => index % 5 === 2)
    .map(({ item }) => item);
}

/** New users, by the user whom each is like. */
function growUsers(org: Org): ReadonlyMap<string, User> {
  const kindOf = ({ status, created, profile }: User): string =>
    [status, String(profile.userType), String(profile.department), created < ago(90)].join();
  return new Map(
    aFifth([...org.users.values()], kindOf).map((user) => {
      const login = `new.${String(user.profile.login)}`;
      const twin = org.users.put({ ...user, id: org.ids.next('00u'), profile: { ...user.profile, login, email: login.toLowerCase() } });
      for (const factor of org.factors.by(user.id)) org.factors.put({ ...factor, id: org.ids.next('ost'), userId: twin.id });
      return [user.id, twin];
    }),
  );
}

/** A fifth more members of every group, who are like those who are in it, and a fifth more groups, rules and owners. */
function growGroups(org: Org, twins: ReadonlyMap<string, User>): void {
  const groups = org.groups.filter((group) => group.type !== 'BUILT_IN');
  const newcomers = [...twins.values()];
  const owners = org.collection(groupOwners);
  for (const { id } of groups) {
    const members = [...memberIds(org, id)];
    const alike = members.flatMap((member) => twins.get(member) ?? []);
    for (const user of [...new Set([...alike, ...newcomers])].slice(0, Math.round(members.length / 5))) org.members.add(id, user.id);
  }
  const newOwners = newcomers.slice(0, Math.round(new Set(owners.list().map(({ ownerId }) => ownerId)).size / 5));
  let owned = 0;
  for (const group of aFifth(groups, ({ id, type }) => `${type} ${owners.by(id).length}`)) {
    const { id } = org.groups.put({
      ...group,
      id: org.ids.next('00g'),
      profile: { ...group.profile, name: `New ${String(group.profile.name)}` },
    });
    for (const owner of owners.by(group.id)) {
      const ownerId = newOwners[owned++ % newOwners.length]?.id ?? '';
      owners.put({ ...owner, id: `${id}/${ownerId}`, groupId: id, ownerId, type: 'USER' });
    }
  }
  for (const rule of aFifth(org.groupRules.list(), ({ status }) => status))
    org.groupRules.put({ ...rule, id: org.ids.next('0pr'), name: `New ${rule.name}` });
}

/** A fifth more groups and users of every app, as far as there are new ones, and a fifth more apps. */
function growApps(org: Org, twins: ReadonlyMap<string, User>): void {
  const apps = org.collection(APPS).list();
  const [pairs, grants, keys] = [org.collection(APP_GROUPS), org.collection(CONSENTS), org.collection(APP_KEYS)];
  const sizes = apps.map(({ id }) => appUsers(org).countRights(id));
  // The newest groups, which are empty.
  const newGroups = [...org.groups.ids].slice(-Math.round(org.groups.size / 6));
  let [old, fresh] = [0, 0];
  for (const { id: appId } of apps) {
    const own = appGroups(org).rightsOf(appId);
    const first = pairs.get(pairId(appId, own[0] ?? ''));
    old += own.length;
    for (; first !== undefined && fresh < Math.round(old / 5); fresh++) {
      const groupId = newGroups[fresh % newGroups.length] ?? '';
      appGroups(org).add(appId, groupId);
      pairs.put({ ...first, id: pairId(appId, groupId), groupId });
    }
  }
  assignMembers(org);
  apps.forEach((app, index) => {
    const missing = Math.round((sizes[index] ?? 0) * 1.2) - appUsers(org).countRights(app.id);
    const alike = [...twins].filter(([id, twin]) => appUsers(org).has(app.id, id) && !appUsers(org).has(app.id, twin.id));
    const others = [...twins].filter(([, twin]) => twin.status === 'ACTIVE' && !appUsers(org).has(app.id, twin.id));
    for (const [, user] of [...alike, ...others].slice(0, Math.max(0, missing))) assignUser(org, app, user);
  });
  for (const app of aFifth(apps, ({ signOnMode, status, settings }) =>
    [signOnMode, status, String(valueAt(settings, ['oauthClient', 'application_type']))].join(),
  )) {
    const { id } = org.collection(APPS).put({ ...app, id: org.ids.next('0oa'), label: `New ${app.label}` });
    for (const key of keys.by(app.id)) keys.put({ ...key, id: pairId(id, key.kid), appId: id });
    for (const grant of grants.by(app.id)) grants.put({ ...grant, id: org.ids.next('oag'), appId: id });
  }
}

/** A fifth more of those who administer, by themselves and through a group, and of API tokens and who owns them. */
function growAdministrators(org: Org, twins: ReadonlyMap<string, User>): void {
  const direct = org.roleAssignments.filter(({ principalType }) => principalType === 'USER');
  const people = [...new Set(direct.map(({ principalId }) => principalId))];
  const isFree = ({ id, status }: User): boolean =>
    status === 'ACTIVE' && org.members.leftsOf(id).every((group) => org.roleAssignments.by(group).length === 0);
  const free = [...twins.values()].filter(isFree).map(({ id }) => id);
  const administrators = new Set(administratorIds(org));
  const isAdministrator = (id: string): boolean => administrators.has(id);
  const owners = [...new Set(org.apiTokens.list().map(({ userId }) => userId))];
  const newOwners = aFifth(owners, (id) => String(isAdministrator(id))).map((id, index) => free[isAdministrator(id) ? index : index + 100]);
  aFifth(people, (id) => String(org.roleAssignments.by(id)[0]?.type === 'SUPER_ADMIN')).forEach((id, index) => {
    const principalId = free[index] ?? '';
    for (const role of org.roleAssignments.by(id))
      org.roleAssignments.put({ ...role, id: `${principalId}/${role.assignmentId}`, principalId });
  });
  aFifth(org.apiTokens.list()).forEach((token, index) => {
    const userId = newOwners[index % newOwners.length] ?? '';
    org.apiTokens.put({ ...token, id: org.ids.next('00T'), secret: `${token.secret}-new`, userId });
  });
}

/** A fifth more policies of every type, with their rules. */
function growPolicies(org: Org): void {
  const rules = org.collection(POLICY_RULES);
  for (const policy of aFifth(org.collection(POLICIES).list(), ({ type }) => type)) {
    const { prefix, rulePrefix } = POLICY_TYPES[policy.type];
    const twin = org.collection(POLICIES).put({ ...policy, id: org.ids.next(prefix), name: `New ${policy.name}`, system: false });
    for (const rule of rules.by(policy.id)) rules.put({ ...rule, id: org.ids.next(rulePrefix), policyId: twin.id });
  }
}

/** A fifth more events of every type and outcome, of the last day and before it. */
function growLog(org: Org): void {
  const events = org.logs.events.filter((event) => event instanceof SeedEvent);
  const kindOf = (event: SeedEvent): string => `${event.eventType} ${String(event.outcome.result)} ${event.published > ago(1)}`;
  aFifth(events, kindOf).forEach(({ published, kind, actor, origin, target }, index) => {
    org.logs.append(new SeedEvent(0x70000000 + index, published, kind, actor, origin, target));
  });
}
