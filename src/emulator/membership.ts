import { target } from './log-writer.ts';
import { type Group, profileText, type User } from './model.ts';
import type { Org } from './org.ts';
import { wholeSecond } from './time.ts';
import type { Call } from './types.ts';

/** Ids of a group's members in order. Everyone has all users but the deprovisioned. */
export function memberIds(org: Org, groupId: string): readonly string[] {
  return groupId === org.everyoneId ? org.users.presentIds : org.members.rightsOf(groupId);
}

/** Ids of a user's groups in order, Everyone among them unless the user is deprovisioned. */
export function groupIdsOf(org: Org, userId: string): readonly string[] {
  const own = org.members.leftsOf(userId);
  return isMember(org, org.everyoneId, userId) ? [org.everyoneId, ...own].sort() : own;
}

export function isMember(org: Org, groupId: string, userId: string): boolean {
  if (groupId !== org.everyoneId) return org.members.has(groupId, userId);
  const user = org.users.get(userId);
  return user !== undefined && user.status !== 'DEPROVISIONED';
}

/** Makes a user a member; bumps `lastMembershipUpdated`, writes the log, tells the other families. Whether it was none before. */
export function addMember(org: Org, group: Group, user: User, call?: Call): boolean {
  if (group.id === org.everyoneId || !org.members.add(group.id, user.id)) return false;
  touch(org, group.id);
  write(org, call, 'group.user_membership.add', group, user);
  org.hooks.emit('memberAdded', { group, user });
  return true;
}

/** Whether the user was a member. */
export function removeMember(org: Org, group: Group, user: User, call?: Call): boolean {
  if (!org.members.delete(group.id, user.id)) return false;
  touch(org, group.id);
  write(org, call, 'group.user_membership.remove', group, user);
  org.hooks.emit('memberRemoved', { group, user });
  return true;
}

function touch(org: Org, groupId: string): void {
  const group = org.groups.get(groupId);
  if (group !== undefined) org.groups.put({ ...group, lastMembershipUpdated: wholeSecond(org.clock.now()) });
}

function write(org: Org, call: Call | undefined, eventType: string, group: Group, user: User): void {
  const details = { targets: [userEntity(user), target('UserGroup', group.id, profileText(group.profile, 'name'), 'unknown')] };
  if (call === undefined) org.log(eventType, details);
  else call.log(eventType, details);
}

/** A user as it stands in the log. */
export function userEntity(user: User): ReturnType<typeof target> {
  return target('User', user.id, displayName(user), profileText(user.profile, 'login'));
}

export function displayName(user: User): string {
  const own = profileText(user.profile, 'displayName');
  return own !== '' ? own : `${profileText(user.profile, 'firstName')} ${profileText(user.profile, 'lastName')}`.trim();
}
