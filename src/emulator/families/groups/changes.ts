import { target } from '../../log-writer.ts';
import { type Group, profileText } from '../../model.ts';
import { invalid, notFound, refuse } from '../../refusal.ts';
import { isObject } from '../../reply.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, JsonObject } from '../../types.ts';
import { groupIndex } from './list.ts';

const BASE: ReadonlySet<string> = new Set(['name', 'description']);

/** The group that the path names. Refuses with 404. */
export function groupOf(call: Call, parameter = 'groupId'): Group {
  const id = call.params[parameter] ?? '';
  const group = call.org.groups.get(id);
  if (group === undefined) throw notFound(id, 'UserGroup');
  return group;
}

/** Refuses what is not an OKTA_GROUP: built-in and app groups are not edited here. */
export function checkEditable(group: Group): void {
  if (group.type !== 'OKTA_GROUP') throw refuse('E0000060', ['Only groups of type OKTA_GROUP can be changed.'], 501);
}

/** The profile in a body, checked; `before` is the group that is changed. */
export function readGroupProfile(call: Call, body: JsonObject, before?: Group): JsonObject {
  const { profile } = body;
  if (!isObject(profile)) throw invalid('profile', ['profile: The field cannot be left blank']);
  const { name } = profile;
  if (typeof name !== 'string' || name.trim() === '') throw invalid('name', ['name: The field cannot be left blank']);
  if (name.length > 255) throw invalid('name', ['name: The field is too long']);
  const custom = call.org.value('customGroupAttributes', () => new Set<string>()).value;
  const unknown = Object.keys(profile).filter((property) => !BASE.has(property) && !custom.has(property));
  if (unknown.length > 0)
    throw invalid(
      'profile',
      unknown.map((property) => `Property name '${property}' is not defined in profile`),
    );
  const twin = call.org.groups.find((group) => group.id !== before?.id && group.type === 'OKTA_GROUP' && group.profile.name === name);
  if (twin !== undefined) throw invalid('name', ['name: An object with this field already exists in the current organization']);
  return { ...profile, name, description: profile.description ?? null };
}

export function putGroup(call: Call, group: Group, before?: Group): Group {
  groupIndex(call.org).note(group.id, before);
  return call.org.groups.put({ ...group, lastUpdated: wholeSecond(call.now) });
}

export function logGroup(call: Call, eventType: string, group: Group): void {
  call.log(eventType, { targets: [target('UserGroup', group.id, profileText(group.profile, 'name'), 'unknown')] });
}
