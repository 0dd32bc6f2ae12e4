import { addMember } from '../membership.ts';
import type { Group, UserStatus } from '../model.ts';
import type { Org } from '../org.ts';
import { isObject } from '../reply.ts';
import { parseTime, wholeSecond } from '../time.ts';
import type { Json, JsonObject, SeedOptions } from '../types.ts';
import { bulkUsers } from './bulk-users.ts';
import { makeUser } from './make-user.ts';
import { seedTime } from './seed-time.ts';

/**
 * Fills an org from the content of a seed file: `{"users": [{"profile": {...}, "status"?, "password"?, "created"?, "lastLogin"?, "groups"?: [name]}],
 * "groups": [{"name", "description"?}]}`.
 */
export function seedFromFile(org: Org, content: JsonObject, options: SeedOptions): void {
  const now = seedTime(org);
  const groups = new Map<string, Group>();
  for (const entry of objectsOf(content.groups)) {
    const name = typeof entry.name === 'string' ? entry.name : '';
    groups.set(
      name,
      makeGroup(
        org,
        { name, description: entry.description ?? null, ...(isObject(entry.profile) ? entry.profile : {}) },
        timeOf(entry.created, now),
      ),
    );
  }
  for (const entry of objectsOf(content.users)) {
    const profile = isObject(entry.profile) ? entry.profile : {};
    const user = makeUser(org, {
      status: (typeof entry.status === 'string' ? entry.status : 'ACTIVE') as UserStatus,
      created: timeOf(entry.created, now),
      profile: { firstName: '', lastName: '', mobilePhone: null, secondEmail: null, ...profile },
      ...(typeof entry.password === 'string' ? { password: entry.password } : {}),
      ...(typeof entry.lastLogin === 'string' ? { lastLogin: timeOf(entry.lastLogin, now) } : {}),
    });
    for (const name of Array.isArray(entry.groups) ? entry.groups : []) {
      const group = typeof name === 'string' ? groups.get(name) : undefined;
      if (group !== undefined) addMember(org, group, user);
    }
  }
  bulkUsers(org, options.users);
}

/** Puts a group into the org as a seed wants it. Logs nothing. */
export function makeGroup(org: Org, profile: JsonObject, createdMs: number, type: Group['type'] = 'OKTA_GROUP'): Group {
  const created = wholeSecond(createdMs);
  return org.groups.put({
    id: org.ids.next('00g'),
    type,
    created,
    lastUpdated: created,
    lastMembershipUpdated: created,
    profile,
    objectClass: ['okta:user_group'],
  });
}

function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function timeOf(value: Json | undefined, fallback: number): number {
  return (typeof value === 'string' ? parseTime(value) : undefined) ?? fallback;
}
