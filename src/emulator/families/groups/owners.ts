import { defineCollection } from '../../collection.ts';
import { target } from '../../log-writer.ts';
import { displayName } from '../../membership.ts';
import { profileText } from '../../model.ts';
import type { Org } from '../../org.ts';
import { page } from '../../paging.ts';
import { invalid, notFound } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply, Route } from '../../types.ts';
import { groupOf } from './changes.ts';

/** A user or group that owns a group. `id` is `{groupId}/{ownerId}`. */
export interface GroupOwner {
  readonly id: string;
  readonly groupId: string;
  readonly ownerId: string;
  readonly type: 'USER' | 'GROUP';
  readonly lastUpdated: number;
}

export const groupOwners = defineCollection<GroupOwner>('groupOwners', (owner) => owner.groupId);

const PATH = '/api/v1/groups/{groupId}/owners';

export const ownerRoutes: readonly Route[] = [
  { method: 'GET', path: PATH, handle: listOwners },
  { method: 'POST', path: PATH, handle: assignOwner },
  { method: 'DELETE', path: `${PATH}/{ownerId}`, handle: removeOwner },
];

function listOwners(call: Call): Reply {
  const group = groupOf(call);
  const owners = call.org.collection(groupOwners).by(group.id);
  return page(call, owners, {
    limit: { fallback: 1000, max: 1000 },
    key: (owner) => owner.ownerId,
    render: (owner) => JSON.stringify(ownerJson(call.org, owner)),
    links: 'none',
  });
}

function assignOwner(call: Call): Reply {
  const group = groupOf(call);
  const { id, type } = call.json();
  if (type !== 'USER' && type !== 'GROUP') throw invalid('type', ['type: The field cannot be left blank']);
  if (typeof id !== 'string' || id === '') throw invalid('id', ['id: The field cannot be left blank']);
  const known = type === 'USER' ? call.org.users.get(id) !== undefined : call.org.groups.has(id);
  if (!known) throw notFound(id, type === 'USER' ? 'User' : 'UserGroup');
  const owners = call.org.collection(groupOwners);
  if (owners.has(`${group.id}/${id}`)) throw invalid('groupOwner', ['Provided owner is already assigned to this group']);
  const owner = owners.put({ id: `${group.id}/${id}`, groupId: group.id, ownerId: id, type, lastUpdated: wholeSecond(call.now) });
  call.log('group.owner.add', {
    targets: [
      target('UserGroup', group.id, profileText(group.profile, 'name')),
      target(type === 'USER' ? 'User' : 'UserGroup', id, nameOf(call.org, owner)),
    ],
  });
  return json(201, ownerJson(call.org, owner));
}

function removeOwner(call: Call): Reply {
  const group = groupOf(call);
  const ownerId = call.params.ownerId ?? '';
  const owner = call.org.collection(groupOwners).get(`${group.id}/${ownerId}`);
  if (owner === undefined) throw notFound(ownerId, 'GroupOwner');
  call.org.collection(groupOwners).delete(owner.id);
  call.log('group.owner.remove', {
    targets: [
      target('UserGroup', group.id, profileText(group.profile, 'name')),
      target(owner.type === 'USER' ? 'User' : 'UserGroup', ownerId, nameOf(call.org, owner)),
    ],
  });
  return empty(204);
}

function nameOf(org: Org, owner: GroupOwner): string | null {
  const user = owner.type === 'USER' ? org.users.get(owner.ownerId) : undefined;
  if (user !== undefined) return displayName(user);
  const group = org.groups.get(owner.ownerId);
  return group === undefined ? null : profileText(group.profile, 'name');
}

function ownerJson(org: Org, owner: GroupOwner): JsonObject {
  return {
    id: owner.ownerId,
    type: owner.type,
    resolved: true,
    originId: null,
    originType: 'OKTA_DIRECTORY',
    displayName: nameOf(org, owner),
    lastUpdated: isoTime(owner.lastUpdated),
  };
}
