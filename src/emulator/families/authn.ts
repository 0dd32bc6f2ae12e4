import { defineCollection } from '../collection.ts';
import { userEntity } from '../membership.ts';
import { profileText, type User } from '../model.ts';
import { refuse } from '../refusal.ts';
import { json } from '../reply.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { sessionTokens } from './sessions/store.ts';
import { changeStatus, changeUser, logUser } from './users/changes.ts';
import { isPassword, loginOf, passwordFault, readCredentials } from './users/passwords.ts';

const TOKEN_LIFETIME_MS = 5 * 60_000;
/** Wrong passwords in a row before a user is locked out. */
const MAX_FAILURES = 10;

/** A sign-in that has not ended: `id` is its state token. */
interface Transaction {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: number;
}
const transactions = defineCollection<Transaction>('authnTransactions');

/** Primary authentication, as far as passwords go: what sessions are made from. */
export const authn: Family = {
  name: 'authn',
  routes: [
    { method: 'POST', path: '/api/v1/authn', handle: signIn, isPublic: true },
    { method: 'POST', path: '/api/v1/authn/cancel', handle: cancel, isPublic: true },
    { method: 'POST', path: '/api/v1/authn/credentials/change_password', handle: changePassword, isPublic: true },
  ],
};

function signIn(call: Call): Reply {
  const { username, password, relayState } = call.json();
  const user = typeof username === 'string' ? call.org.users.resolve(username) : undefined;
  if (user === undefined || (user.status !== 'ACTIVE' && user.status !== 'PASSWORD_EXPIRED') || user.credentials.password === undefined) {
    call.log('user.session.start', {
      outcome: { result: 'FAILURE', reason: user?.status === 'LOCKED_OUT' ? 'LOCKED_OUT' : 'VERIFICATION_ERROR' },
      ...(user === undefined ? {} : { actor: userEntity(user) }),
    });
    throw refuse('E0000004');
  }
  const failures = call.org.value('authnFailures', () => new Map<string, number>()).value;
  if (!isPassword(user, password)) {
    const count = (failures.get(user.id) ?? 0) + 1;
    failures.set(user.id, count);
    call.log('user.session.start', { actor: userEntity(user), outcome: { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' } });
    if (count >= MAX_FAILURES) {
      failures.delete(user.id);
      logUser(call, 'user.account.lock', changeStatus(call, user, 'LOCKED_OUT'));
    }
    throw refuse('E0000004');
  }
  failures.delete(user.id);
  if (user.status === 'PASSWORD_EXPIRED') return expired(call, user);
  return success(call, user, typeof relayState === 'string' ? relayState : undefined);
}

function success(call: Call, user: User, relayState?: string): Reply {
  const { org } = call;
  // Signing in dates the login and nothing else.
  const signedIn = org.users.put({ ...user, lastLogin: wholeSecond(call.now) });
  const token = org
    .collection(sessionTokens)
    .put({ id: `20111${org.ids.opaque(97)}`, userId: user.id, expiresAt: wholeSecond(call.now) + TOKEN_LIFETIME_MS, amr: ['pwd'] });
  call.log('user.session.start', { actor: userEntity(user), targets: [userEntity(user)] });
  return json(200, {
    expiresAt: isoTime(token.expiresAt),
    status: 'SUCCESS',
    ...(relayState === undefined ? {} : { relayState }),
    sessionToken: token.id,
    _embedded: { user: embeddedUser(signedIn) },
    _links: { cancel: { href: `${org.origin}/api/v1/authn/cancel`, hints: { allow: ['POST'] } } },
  });
}

function expired(call: Call, user: User): Reply {
  const { org } = call;
  const transaction = org
    .collection(transactions)
    .put({ id: `00${org.ids.opaque(40)}`, userId: user.id, expiresAt: wholeSecond(call.now) + TOKEN_LIFETIME_MS });
  return json(200, {
    stateToken: transaction.id,
    expiresAt: isoTime(transaction.expiresAt),
    status: 'PASSWORD_EXPIRED',
    _embedded: {
      user: embeddedUser(user),
      policy: {
        complexity: { minLength: 8, minLowerCase: 1, minUpperCase: 1, minNumber: 1, minSymbol: 0, excludeUsername: true },
        age: { minAgeMinutes: 0, historyCount: 4 },
      },
    },
    _links: {
      next: { name: 'changePassword', href: `${org.origin}/api/v1/authn/credentials/change_password`, hints: { allow: ['POST'] } },
      cancel: { href: `${org.origin}/api/v1/authn/cancel`, hints: { allow: ['POST'] } },
    },
  });
}

function transactionOf(call: Call, body: JsonObject): Transaction {
  const transaction = typeof body.stateToken === 'string' ? call.org.collection(transactions).get(body.stateToken) : undefined;
  if (transaction === undefined || transaction.expiresAt <= call.now) throw refuse('E0000011');
  return transaction;
}

function cancel(call: Call): Reply {
  const transaction = transactionOf(call, call.json());
  call.org.collection(transactions).delete(transaction.id);
  return json(200, {});
}

function changePassword(call: Call): Reply {
  const body = call.json();
  const transaction = transactionOf(call, body);
  const user = call.org.users.get(transaction.userId);
  if (user === undefined || user.status !== 'PASSWORD_EXPIRED') throw refuse('E0000079');
  if (!isPassword(user, body.oldPassword)) throw refuse('E0000014', ['Old Password is not correct']);
  const login = loginOf(user.profile);
  const fault =
    typeof body.newPassword === 'string' ? passwordFault(body.newPassword, login) : 'newPassword: The field cannot be left blank';
  if (fault !== undefined) throw refuse('E0000080', [fault]);
  call.org.collection(transactions).delete(transaction.id);
  const credentials = readCredentials({ password: { value: body.newPassword ?? null } }, user.credentials, login);
  const changed = changeUser(call, user, {
    status: 'ACTIVE',
    statusChanged: wholeSecond(call.now),
    passwordChanged: wholeSecond(call.now),
    credentials,
  });
  logUser(call, 'user.account.update_password', changed);
  return success(call, changed);
}

function embeddedUser(user: User): JsonObject {
  const { profile } = user;
  return {
    id: user.id,
    passwordChanged: user.passwordChanged === null ? null : isoTime(user.passwordChanged),
    profile: {
      login: profileText(profile, 'login'),
      firstName: profileText(profile, 'firstName'),
      lastName: profileText(profile, 'lastName'),
      locale: profileText(profile, 'locale') || 'en_US',
      timeZone: profileText(profile, 'timezone') || 'America/Los_Angeles',
    },
  };
}
