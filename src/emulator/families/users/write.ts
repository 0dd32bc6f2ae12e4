import { addMember, userEntity } from '../../membership.ts';
import type { User, UserCredentials, UserStatus } from '../../model.ts';
import { undefinedAttributes } from '../../profile-schema.ts';
import { invalid, notFound, refuse } from '../../refusal.ts';
import { empty, isObject, json } from '../../reply.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, Json, JsonObject, Reply } from '../../types.ts';
import { changeUser, logUser, userOf } from './changes.ts';
import { deactivate } from './lifecycle.ts';
import { userIndex } from './list.ts';
import { loginOf, readCredentials } from './passwords.ts';
import { fullUser } from './render.ts';

const OKTA_PROVIDER = { type: 'OKTA', name: 'OKTA' };

/** POST /api/v1/users */
export function createUser(call: Call): Reply {
  const { org, query } = call;
  const body = call.json();
  if (!isObject(body.profile)) throw invalid('profile', ['profile: The field cannot be left blank']);
  const profile = checkProfile(call, body.profile, 'newUser');
  const credentials = readCredentials(body.credentials, { provider: OKTA_PROVIDER }, loginOf(profile));
  const activates = query.get('activate') !== 'false';
  const expires = query.get('nextLogin') === 'changePassword';
  if (expires && credentials.password === undefined) throw refuse('E0000124');
  if (expires && !activates) throw refuse('E0000125');
  const groups = groupIdsIn(body.groupIds).map((id) => {
    const group = org.groups.get(id);
    if (group === undefined) throw notFound(id, 'UserGroup');
    return group;
  });
  const now = wholeSecond(call.now);
  const status = firstStatus(credentials, activates, expires);
  const hasPassword = credentials.password !== undefined;
  const user: User = {
    id: org.ids.next('00u'),
    status,
    created: now,
    activated: status === 'STAGED' ? null : now,
    statusChanged: status === 'STAGED' && !hasPassword ? null : now,
    lastLogin: null,
    lastUpdated: now,
    passwordChanged: hasPassword ? now : null,
    typeId: isObject(body.type) && typeof body.type.id === 'string' ? typeIn(call, body.type.id) : org.userTypeId,
    profile,
    credentials,
  };
  userIndex(org).note(user.id, undefined);
  org.users.put(user);
  logUser(call, 'user.lifecycle.create', user);
  if (activates) logUser(call, 'user.lifecycle.activate', user);
  org.hooks.emit('userChanged', { user });
  for (const group of groups) addMember(org, group, user, call);
  return json(200, fullUser(org, user));
}

/** POST (merges) and PUT (replaces) /api/v1/users/{userId} */
export function updateUser(call: Call, mode: 'merge' | 'replace'): Reply {
  const before = userOf(call);
  const body = call.json();
  if (before.status === 'DEPROVISIONED') throw refuse('E0000038');
  if (mode === 'replace' && !isObject(body.profile)) throw invalid('profile', ['profile: The field cannot be left blank']);
  const given = isObject(body.profile) ? body.profile : {};
  const merged = mode === 'merge' ? { ...before.profile, ...given } : given;
  const profile = checkProfile(call, withoutNulls(merged), 'user', before);
  const credentials = readCredentials(body.credentials, before.credentials, loginOf(profile));
  const now = wholeSecond(call.now);
  const changesPassword = credentials.password !== before.credentials.password;
  const typeId = isObject(body.type) && typeof body.type.id === 'string' ? typeIn(call, body.type.id) : before.typeId;
  const user = changeUser(call, before, { profile, credentials, typeId, ...(changesPassword ? { passwordChanged: now } : {}) });
  logUser(call, 'user.account.update_profile', user);
  if (changesPassword) logUser(call, 'user.account.update_password', user);
  return json(200, fullUser(call.org, user));
}

/** DELETE /api/v1/users/{userId}: the first call deactivates, the second removes for good. */
export function deleteUser(call: Call): Reply {
  const user = userOf(call);
  if (user.status !== 'DEPROVISIONED') {
    deactivate(call, user);
    return empty(204);
  }
  const { org } = call;
  logUser(call, 'user.lifecycle.delete.initiated', user);
  userIndex(org).note(user.id, user);
  org.members.deleteRight(user.id);
  for (const assignment of org.roleAssignments.by(user.id)) org.roleAssignments.delete(assignment.id);
  for (const factor of org.factors.by(user.id)) org.factors.delete(factor.id);
  org.hooks.emit('userDeleted', { user });
  org.users.delete(user.id);
  call.log('user.lifecycle.delete.completed', { targets: [userEntity(user)] });
  return empty(204);
}

function firstStatus(credentials: UserCredentials, activates: boolean, expires: boolean): UserStatus {
  if (!activates) return 'STAGED';
  if (credentials.provider.type === 'FEDERATION' || credentials.provider.type === 'SOCIAL') return 'ACTIVE';
  if (credentials.password === undefined) return 'PROVISIONED';
  return expires ? 'PASSWORD_EXPIRED' : 'ACTIVE';
}

/** Refuses a profile with unknown attributes, without required ones, with a login that is taken or malformed. */
function checkProfile(call: Call, profile: JsonObject, subject: string, before?: User): JsonObject {
  const { org } = call;
  const unknown = undefinedAttributes(org, profile);
  if (unknown.length > 0)
    throw invalid(
      subject,
      unknown.map((name) => `Property name '${name}' is not defined in profile`),
    );
  const blank = ['login', 'email', 'firstName', 'lastName'].filter((name) => isBlank(profile[name]));
  if (blank.length > 0)
    throw invalid(
      blank[0] as string,
      blank.map((name) => `${name}: The field cannot be left blank`),
    );
  const wrong = ['login', 'email', 'firstName', 'lastName'].find((name) => typeof profile[name] !== 'string');
  if (wrong !== undefined) throw refuse('E0000003');
  const login = loginOf(profile);
  if (!/^[^\s@]+@[^\s@]+$/.test(login)) throw invalid('login', ['login: Username must be in the form of an email address']);
  if (login.length < 5 || login.length > 100) throw invalid('login', ['login: Must be between 5 and 100 characters']);
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(String(profile.email))) throw invalid('email', ['email: Does not match required pattern']);
  const holder = org.users.byLogin(login);
  if (holder !== undefined && holder.id !== before?.id)
    throw invalid('login', ['login: An object with this field already exists in the current organization']);
  return withoutNulls(profile);
}

function isBlank(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function withoutNulls(profile: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null && value !== undefined));
}

function groupIdsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
}

/** A user type's id, if there is such a type. The family of types keeps the set. */
function typeIn(call: Call, id: string): string {
  const known = call.org.value('userTypeIds', () => new Set<string>()).value;
  if (id !== call.org.userTypeId && !known.has(id)) throw notFound(id, 'UserType');
  return id;
}
