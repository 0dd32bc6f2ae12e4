/*
 * Who is assigned to which app. The pairs stand in a relation; a record exists only where something does not follow from the user, so that
 * an app for everyone costs one pair a user.
 */
import { memberIds } from '../../membership.ts';
import { type Group, profileText, type User } from '../../model.ts';
import type { Org } from '../../org.ts';
import { wholeSecond } from '../../time.ts';
import type { JsonObject } from '../../types.ts';
import { APP_GROUPS, APP_USERS, APPS, type App, type AppGroup, type AppUser, appGroups, appUsers, pairId } from './store.ts';

export interface AssignmentDetails {
  readonly userName?: string | null;
  readonly hasPassword?: boolean;
  readonly profile?: JsonObject;
  readonly externalId?: string | null;
}

/** A user's assignment, `undefined` if there is none. */
export function appUserOf(org: Org, appId: string, userId: string): AppUser | undefined {
  if (!appUsers(org).has(appId, userId)) return undefined;
  const own = org.collection(APP_USERS).get(pairId(appId, userId));
  if (own !== undefined) return own;
  const user = org.users.get(userId);
  const since = Math.max(user?.created ?? 0, groupsThatAssign(org, appId, userId)[0]?.created ?? 0);
  return {
    id: pairId(appId, userId),
    appId,
    userId,
    scope: 'GROUP',
    created: since,
    lastUpdated: since,
    statusChanged: since,
    passwordChanged: null,
    externalId: null,
    userName: user === undefined ? null : profileText(user.profile, 'login'),
    hasPassword: false,
    profile: {},
  };
}

/** The app's group assignments that the user comes under, by priority. */
export function groupsThatAssign(org: Org, appId: string, userId: string): AppGroup[] {
  const records = org.collection(APP_GROUPS);
  const found: AppGroup[] = [];
  for (const groupId of appGroups(org).rightsOf(appId)) {
    if (groupId !== org.everyoneId && !org.members.has(groupId, userId)) continue;
    const record = records.get(pairId(appId, groupId));
    if (record !== undefined) found.push(record);
  }
  return found.sort((a, b) => a.priority - b.priority);
}

/** Assigns a user by hand. */
export function assignUser(org: Org, app: App, user: User, details: AssignmentDetails = {}, createdMs = org.clock.now()): AppUser {
  const at = wholeSecond(createdMs);
  const before = appUserOf(org, app.id, user.id);
  appUsers(org).add(app.id, user.id);
  return org.collection(APP_USERS).put({
    id: pairId(app.id, user.id),
    appId: app.id,
    userId: user.id,
    scope: 'USER',
    created: before?.created ?? at,
    lastUpdated: at,
    statusChanged: before?.statusChanged ?? at,
    passwordChanged: details.hasPassword === true ? at : null,
    externalId: details.externalId ?? null,
    userName: details.userName === undefined ? profileText(user.profile, 'login') : details.userName,
    hasPassword: details.hasPassword ?? false,
    profile: details.profile ?? {},
  });
}

/** Ends an assignment by hand; one through groups takes its place where there is any. */
export function unassignUser(org: Org, appId: string, userId: string): void {
  org.collection(APP_USERS).delete(pairId(appId, userId));
  if (!isPresent(org, userId) || groupsThatAssign(org, appId, userId).length === 0) appUsers(org).delete(appId, userId);
}

/** Assigns a group, and with it its members. */
export function assignGroup(
  org: Org,
  app: App,
  group: Group,
  details: { readonly priority?: number; readonly profile?: JsonObject } = {},
  createdMs = org.clock.now(),
): AppGroup {
  const at = wholeSecond(createdMs);
  const records = org.collection(APP_GROUPS);
  const before = records.get(pairId(app.id, group.id));
  const record = records.put({
    id: pairId(app.id, group.id),
    appId: app.id,
    groupId: group.id,
    priority: details.priority ?? before?.priority ?? appGroups(org).countRights(app.id),
    profile: details.profile ?? before?.profile ?? {},
    created: before?.created ?? at,
    lastUpdated: at,
  });
  appGroups(org).add(app.id, group.id);
  for (const userId of memberIds(org, group.id)) if (isPresent(org, userId)) appUsers(org).add(app.id, userId);
  return record;
}

export function unassignGroup(org: Org, appId: string, groupId: string): void {
  org.collection(APP_GROUPS).delete(pairId(appId, groupId));
  if (!appGroups(org).delete(appId, groupId)) return;
  for (const userId of [...memberIds(org, groupId)]) dropIfUnfounded(org, appId, userId);
}

/** Drops an assignment through groups that no group gives any more. */
function dropIfUnfounded(org: Org, appId: string, userId: string): void {
  const own = org.collection(APP_USERS).get(pairId(appId, userId));
  if (own?.scope === 'USER' || groupsThatAssign(org, appId, userId).length > 0) return;
  if (own !== undefined) org.collection(APP_USERS).delete(own.id);
  appUsers(org).delete(appId, userId);
}

/** Takes away all that hangs on an app. */
export function dropApp(org: Org, appId: string): void {
  for (const groupId of appGroups(org).deleteLeft(appId)) org.collection(APP_GROUPS).delete(pairId(appId, groupId));
  for (const userId of appUsers(org).deleteLeft(appId)) org.collection(APP_USERS).delete(pairId(appId, userId));
}

/** Keeps assignments in step with memberships and users' statuses. */
export function followMemberships(org: Org): void {
  const leave = (userId: string): void => {
    for (const appId of appUsers(org).deleteRight(userId)) org.collection(APP_USERS).delete(pairId(appId, userId));
  };
  org.hooks.on('userDeactivated', (_, { user }) => leave(user.id));
  org.hooks.on('userDeleted', (_, { user }) => leave(user.id));
  org.hooks.on('memberAdded', (_, { group, user }) => {
    if (!isPresent(org, user.id)) return;
    for (const appId of appGroups(org).leftsOf(group.id)) appUsers(org).add(appId, user.id);
  });
  org.hooks.on('memberRemoved', (_, { group, user }) => {
    for (const appId of appGroups(org).leftsOf(group.id)) dropIfUnfounded(org, appId, user.id);
  });
  org.hooks.on('groupDeleted', (_, { group }) => {
    for (const appId of [...appGroups(org).leftsOf(group.id)]) {
      appGroups(org).delete(appId, group.id);
      org.collection(APP_GROUPS).delete(pairId(appId, group.id));
      for (const userId of [...appUsers(org).rightsOf(appId)]) dropIfUnfounded(org, appId, userId);
    }
  });
  org.hooks.on('userChanged', (_, { user, before }) => {
    const isBack = before === undefined || before.status === 'DEPROVISIONED';
    if (!isBack || user.status === 'DEPROVISIONED') return;
    for (const groupId of [org.everyoneId, ...org.members.leftsOf(user.id)]) {
      for (const appId of appGroups(org).leftsOf(groupId)) appUsers(org).add(appId, user.id);
    }
  });
}

/** Lays the assignments that follow from memberships anew, for seeds that put members in without telling. Members come in order, so each is cheap. */
export function assignMembers(org: Org): void {
  const pairs = appUsers(org);
  for (const app of org.collection(APPS).values()) {
    for (const groupId of appGroups(org).rightsOf(app.id)) {
      for (const userId of memberIds(org, groupId)) if (groupId === org.everyoneId || isPresent(org, userId)) pairs.add(app.id, userId);
    }
  }
}

function isPresent(org: Org, userId: string): boolean {
  const user = org.users.get(userId);
  return user !== undefined && user.status !== 'DEPROVISIONED';
}
