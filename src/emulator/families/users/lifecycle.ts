import type { User, UserStatus } from '../../model.ts';
import { invalid, refuse } from '../../refusal.ts';
import { done, json } from '../../reply.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, Reply } from '../../types.ts';
import { oneTimeToken } from '../authn/transactions.ts';
import { endSessions } from '../sessions/store.ts';
import { changeStatus, changeUser, logUser, userOf } from './changes.ts';
import { fullUser } from './render.ts';

const DAY_MS = 86_400_000;

/** Sign-in statuses: those of a user who has once been active. */
const HAS_PASSWORD_STATE: readonly UserStatus[] = ['ACTIVE', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'RECOVERY'];

function allow(user: User, statuses: readonly UserStatus[], errorCode = 'E0000038', causes: readonly string[] = []): void {
  if (!statuses.includes(user.status)) throw refuse(errorCode, causes);
}

/** The answer to what sends a mail, or gives the link that would stand in it. */
function mailed(call: Call, answer: () => Record<string, string>): Reply {
  return call.query.get('sendEmail') === 'false' ? json(200, answer()) : done();
}

export function activate(call: Call): Reply {
  const user = userOf(call);
  allow(user, ['STAGED', 'DEPROVISIONED'], 'E0000016');
  const keepsPassword = user.status === 'STAGED' && user.credentials.password !== undefined;
  const status =
    keepsPassword || user.credentials.provider.type === 'FEDERATION' || user.credentials.provider.type === 'SOCIAL'
      ? 'ACTIVE'
      : 'PROVISIONED';
  logUser(call, 'user.lifecycle.activate', changeStatus(call, user, status, { activated: wholeSecond(call.now) }));
  return mailed(call, () => activationLink(call, user));
}

export function reactivate(call: Call): Reply {
  const user = userOf(call);
  allow(user, ['PROVISIONED', 'RECOVERY']);
  logUser(call, 'user.lifecycle.reactivate', changeUser(call, user, {}));
  return mailed(call, () => activationLink(call, user));
}

function activationLink(call: Call, user: User): Record<string, string> {
  const token = oneTimeToken(call, user, 'activation', 7 * DAY_MS).id;
  return { activationUrl: `${call.org.origin}/welcome/${token}`, activationToken: token };
}

export function deactivateUser(call: Call): Reply {
  const user = userOf(call);
  if (user.status === 'DEPROVISIONED') throw refuse('E0000038');
  deactivate(call, user);
  return done();
}

/** Deprovisions: the password, sessions and app assignments go; memberships stay. */
export function deactivate(call: Call, user: User): void {
  const { password: _password, question: _question, ...credentials } = user.credentials;
  const gone = changeStatus(call, user, 'DEPROVISIONED', { credentials });
  endSessions(call.org, user.id);
  logUser(call, 'user.lifecycle.deactivate', gone);
  call.org.hooks.emit('userDeactivated', { user: gone });
}

export function suspend(call: Call): Reply {
  const user = userOf(call);
  if (!['ACTIVE', 'PASSWORD_EXPIRED', 'PROVISIONED'].includes(user.status))
    throw invalid('suspendUser', ['Cannot suspend a user that is not active']);
  logUser(call, 'user.lifecycle.suspend', changeStatus(call, user, 'SUSPENDED'));
  endSessions(call.org, user.id);
  return done();
}

export function unsuspend(call: Call): Reply {
  const user = userOf(call);
  if (user.status !== 'SUSPENDED') throw invalid('unsuspendUser', ['Cannot unsuspend a user that is not suspended']);
  logUser(call, 'user.lifecycle.unsuspend', changeStatus(call, user, 'ACTIVE'));
  return done();
}

export function unlock(call: Call): Reply {
  const user = userOf(call);
  allow(user, ['LOCKED_OUT'], 'E0000032', ['The user is not locked out.']);
  logUser(call, 'user.account.unlock_by_admin', changeStatus(call, user, 'ACTIVE'));
  return done();
}

export function resetPassword(call: Call): Reply {
  const user = userOf(call);
  allow(user, [...HAS_PASSWORD_STATE, 'PROVISIONED']);
  logUser(call, 'user.account.reset_password', changeStatus(call, user, 'RECOVERY'));
  revokeIfAsked(call, user);
  return mailed(call, () => ({ resetPasswordUrl: `${call.org.origin}/reset_password/${oneTimeToken(call, user, 'PASSWORD', DAY_MS).id}` }));
}

/** POST …/expire_password, also with `tempPassword=true` in the query. */
export function expirePassword(call: Call): Reply {
  if (call.query.get('tempPassword') === 'true') return expireWithTemporary(call);
  const user = userOf(call);
  allow(user, HAS_PASSWORD_STATE);
  // The status's own date stays, as recorded.
  const expired = changeUser(call, user, { status: 'PASSWORD_EXPIRED' });
  logUser(call, 'user.account.expire_password', expired);
  return json(200, fullUser(call.org, expired));
}

export function expireWithTemporary(call: Call): Reply {
  const user = userOf(call);
  allow(user, HAS_PASSWORD_STATE);
  const tempPassword = `${call.org.ids.opaque(6)}aA1`;
  logUser(
    call,
    'user.account.expire_password',
    changeUser(call, user, { status: 'PASSWORD_EXPIRED', credentials: { ...user.credentials, password: tempPassword } }),
  );
  revokeIfAsked(call, user);
  return json(200, { tempPassword });
}

export function resetFactors(call: Call): Reply {
  const user = userOf(call);
  for (const factor of call.org.factors.by(user.id)) call.org.factors.delete(factor.id);
  logUser(call, 'user.mfa.factor.reset_all', user);
  return done();
}

function revokeIfAsked(call: Call, user: User): void {
  if (call.query.get('revokeSessions') === 'true') endSessions(call.org, user.id);
}
