import { addMember, memberIds, removeMember } from '../membership.ts';
import type { Group } from '../model.ts';
import { cursorOf, goesOn, limitOf, linkHeaders, PLAIN_CURSOR } from '../paging.ts';
import { notFound, refuse } from '../refusal.ts';
import { arrayBytes, empty, text } from '../reply.ts';
import { wholeSecond } from '../time.ts';
import type { Call, Family, Reply } from '../types.ts';
import { excludeFromRules } from './group-rules/evaluate.ts';
import { checkEditable, groupOf, logGroup, putGroup, readGroupProfile } from './groups/changes.ts';
import { groupIndex, listGroups } from './groups/list.ts';
import { groupOwners, ownerRoutes } from './groups/owners.ts';
import { groupJson, groupText } from './groups/render.ts';
import { firstAfter, renderer } from './users/list.ts';

const ONE = '/api/v1/groups/{groupId}';

/** Groups, their members and owners. */
export const groups: Family = {
  name: 'groups',
  routes: [
    { method: 'GET', path: '/api/v1/groups', handle: listGroups },
    { method: 'POST', path: '/api/v1/groups', handle: createGroup },
    { method: 'GET', path: ONE, handle: getGroup },
    { method: 'PUT', path: ONE, handle: updateGroup },
    { method: 'DELETE', path: ONE, handle: deleteGroup },
    { method: 'GET', path: `${ONE}/users`, handle: listMembers },
    { method: 'PUT', path: `${ONE}/users/{userId}`, handle: putMember },
    { method: 'DELETE', path: `${ONE}/users/{userId}`, handle: dropMember },
    ...ownerRoutes,
  ],
};

function createGroup(call: Call): Reply {
  const now = wholeSecond(call.now);
  const profile = readGroupProfile(call, call.json());
  const group = putGroup(call, {
    id: call.org.ids.next('00g'),
    type: 'OKTA_GROUP',
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
    profile,
    objectClass: ['okta:user_group'],
  });
  logGroup(call, 'group.lifecycle.create', group);
  return text(200, groupText(call.org, group));
}

function getGroup(call: Call): Reply {
  const expand = new Set((call.query.get('expand') ?? '').split(',').filter((name) => name !== ''));
  return text(200, JSON.stringify(groupJson(call.org, groupOf(call), expand)));
}

function updateGroup(call: Call): Reply {
  const before = groupOf(call);
  checkEditable(before);
  const group = putGroup(call, { ...before, profile: readGroupProfile(call, call.json(), before) }, before);
  logGroup(call, 'group.profile.update', group);
  return text(200, groupText(call.org, group));
}

function deleteGroup(call: Call): Reply {
  const { org } = call;
  const group = groupOf(call);
  if (group.type === 'BUILT_IN') throw refuse('E0000006');
  groupIndex(org).note(group.id, group);
  org.groups.delete(group.id);
  org.members.deleteLeft(group.id);
  for (const assignment of org.roleAssignments.by(group.id)) org.roleAssignments.delete(assignment.id);
  const owners = org.collection(groupOwners);
  for (const owner of owners.by(group.id)) owners.delete(owner.id);
  logGroup(call, 'group.lifecycle.delete', group);
  org.hooks.emit('groupDeleted', { group });
  return empty(204);
}

function listMembers(call: Call): Reply {
  const group = groupOf(call);
  const limit = limitOf(call, { fallback: 1000, max: 1000 });
  const after = cursorOf(call, PLAIN_CURSOR);
  if (after !== undefined && !after.startsWith('00u')) throw refuse('E0000029', ['Invalid cursor.']);
  const ids = memberIds(call.org, group.id);
  const start = after === undefined ? 0 : firstAfter(ids, after);
  const shown = ids.slice(start, start + limit);
  const next = goesOn(call.org, start + limit, ids.length) ? shown[shown.length - 1] : undefined;
  const render = renderer(call);
  const texts = shown.flatMap((id) => {
    const user = call.org.users.get(id);
    return user === undefined ? [] : [render(user)];
  });
  return { status: 200, body: arrayBytes(texts), headers: linkHeaders(call, limit, next) };
}

function memberChange(call: Call): { group: Group; user: NonNullable<ReturnType<Call['org']['users']['get']>> } {
  const group = groupOf(call);
  const id = call.params.userId ?? '';
  const user = call.org.users.resolve(id);
  if (user === undefined) throw notFound(id, 'User');
  checkEditable(group);
  return { group, user };
}

function putMember(call: Call): Reply {
  const { group, user } = memberChange(call);
  if (user.status === 'DEPROVISIONED') throw refuse('E0000038');
  addMember(call.org, group, user, call);
  return empty(204);
}

function dropMember(call: Call): Reply {
  const { group, user } = memberChange(call);
  excludeFromRules(call, group.id, user.id);
  removeMember(call.org, group, user, call);
  return empty(204);
}
