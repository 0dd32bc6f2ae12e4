import { userEntity } from '../../membership.ts';
import type { User } from '../../model.ts';
import { notFound } from '../../refusal.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, LogDetails } from '../../types.ts';
import { userIndex } from './list.ts';

/** The user that the path names: by id, login, short login, or `me` for the caller. Refuses with 404. */
export function userOf(call: Call, parameter = 'userId'): User {
  const given = call.params[parameter] ?? '';
  const user = call.org.users.resolve(given === 'me' ? call.actor.id : given);
  if (user === undefined) throw notFound(given, 'User');
  return user;
}

/** Puts a changed user, dates it, and tells the index and the other families. */
export function changeUser(call: Call, before: User, patch: Partial<User>): User {
  const user = { ...before, lastUpdated: wholeSecond(call.now), ...patch };
  userIndex(call.org).note(user.id, before);
  call.org.users.put(user);
  call.org.hooks.emit('userChanged', { user, before });
  return user;
}

/** Changes the status, with its dates. */
export function changeStatus(call: Call, before: User, status: User['status'], patch: Partial<User> = {}): User {
  return changeUser(call, before, { status, statusChanged: wholeSecond(call.now), ...patch });
}

/** Writes an event about a user. */
export function logUser(call: Call, eventType: string, user: User, details: LogDetails = {}): void {
  call.log(eventType, { targets: [userEntity(user)], ...details });
}
