import { userEntity } from '../membership.ts';
import type { User } from '../model.ts';
import { refuse } from '../refusal.ts';
import { json } from '../reply.ts';
import { objectAt } from '../shape.ts';
import { wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply, Route } from '../types.ts';
import {
  activateInTransaction,
  enrollInTransaction,
  previous,
  resendInTransaction,
  stateJson,
  verifyInTransaction,
} from './authn/factors.ts';
import { afterPassword, type Context } from './authn/finish.ts';
import { changePassword, daysLeft, passwordState, resetPassword, skip } from './authn/passwords.ts';
import { answer, challengeState, recover, recoveryState, redeem, resendRecovery, verifyRecovery } from './authn/recovery.ts';
import { passwordRulesOf } from './authn/sign-on.ts';
import { AUTHN, begin, end, step, transactionOf, useToken } from './authn/transactions.ts';
import { changeStatus, changeUser, logUser } from './users/changes.ts';
import { isPassword } from './users/passwords.ts';

const post = (path: string, handle: (call: Call) => Reply): Route => ({ method: 'POST', path: `${AUTHN}${path}`, handle, isPublic: true });
const FACTOR = '/factors/{factorId}';

/** Primary and multifactor authentication and recovery: transactions under a state token that end in a session token. */
export const authn: Family = {
  name: 'authn',
  routes: [
    post('', signIn),
    post('/cancel', cancel),
    post('/previous', previous),
    post('/skip', skip),
    post('/credentials/change_password', changePassword),
    post('/credentials/reset_password', resetPassword),
    post('/factors', enrollInTransaction),
    post(`${FACTOR}/lifecycle/activate`, activateInTransaction),
    post(`${FACTOR}/lifecycle/activate/poll`, activateInTransaction),
    post(`${FACTOR}/lifecycle/activate/resend`, resendInTransaction),
    post(`${FACTOR}/verify`, verifyInTransaction),
    post(`${FACTOR}/verify/resend`, resendInTransaction),
    post('/recovery/password', (call) => recover(call, 'PASSWORD')),
    post('/recovery/unlock', (call) => recover(call, 'UNLOCK')),
    post('/recovery/token', redeem),
    post('/recovery/answer', answer),
    post('/recovery/factors/{factorType}/verify', verifyRecovery),
    post('/recovery/factors/{factorType}/resend', resendRecovery),
  ],
};

/** POST /authn: by name and password, by the token of an activation, or by a state token, which tells where its transaction stands. */
function signIn(call: Call): Reply {
  const body = call.json();
  if (body.token !== undefined) return byActivation(call, body);
  if (body.stateToken !== undefined && body.username === undefined) return whereItStands(call, body);
  const user = typeof body.username === 'string' ? call.org.users.resolve(body.username) : undefined;
  if (user?.status === 'LOCKED_OUT') return lockedOut(call, user, body);
  if (user === undefined || (user.status !== 'ACTIVE' && user.status !== 'PASSWORD_EXPIRED') || user.credentials.password === undefined) {
    throw failed(call, user, 'VERIFICATION_ERROR');
  }
  return byPassword(call, user, body);
}

function byPassword(call: Call, user: User, body: JsonObject): Reply {
  const failures = call.org.value('authnFailures', () => new Map<string, number>()).value;
  if (!isPassword(user, body.password)) {
    const count = (failures.get(user.id) ?? 0) + 1;
    failures.set(user.id, count);
    const refusal = failed(call, user, 'INVALID_CREDENTIALS');
    const { maxAttempts } = passwordRulesOf(call.org, user);
    if (maxAttempts > 0 && count >= maxAttempts) {
      failures.delete(user.id);
      logUser(call, 'user.account.lock', changeStatus(call, user, 'LOCKED_OUT'));
    }
    throw refusal;
  }
  failures.delete(user.id);
  const context = contextOf(body);
  const { warns: _warns, ...kept } = context;
  if (user.status === 'PASSWORD_EXPIRED') return passwordState(call, user, begin(call, user, 'PASSWORD_EXPIRED', kept));
  // A password's age is looked at when it is used, and not before.
  if ((daysLeft(call, user) ?? 1) <= 0) {
    const expired = changeUser(call, user, { status: 'PASSWORD_EXPIRED', statusChanged: wholeSecond(call.now) });
    return passwordState(call, expired, begin(call, expired, 'PASSWORD_EXPIRED', kept));
  }
  return afterPassword(call, user, context);
}

function contextOf(body: JsonObject): Context {
  const { deviceToken } = objectAt(body.context);
  return {
    ...(typeof body.relayState === 'string' ? { relayState: body.relayState } : {}),
    ...(typeof deviceToken === 'string' ? { deviceToken } : {}),
    warns: objectAt(body.options).warnBeforePasswordExpired === true,
  };
}

function failed(call: Call, user: User | undefined, reason: string): ReturnType<typeof refuse> {
  call.log('user.session.start', { outcome: { result: 'FAILURE', reason }, ...(user === undefined ? {} : { actor: userEntity(user) }) });
  return refuse('E0000004');
}

/** Locked out: until the policy's time is over, and told only where the policy tells. */
function lockedOut(call: Call, user: User, body: JsonObject): Reply {
  const { autoUnlockMs, showsLockout } = passwordRulesOf(call.org, user);
  if (autoUnlockMs > 0 && call.now - (user.statusChanged ?? call.now) >= autoUnlockMs) {
    const unlocked = changeStatus(call, user, 'ACTIVE');
    logUser(call, 'user.account.unlock', unlocked);
    return byPassword(call, unlocked, body);
  }
  const refusal = failed(call, user, 'LOCKED_OUT');
  if (!showsLockout || !isPassword(user, body.password)) throw refusal;
  return json(200, { status: 'LOCKED_OUT', _embedded: {}, _links: { next: step(call.org, '/recovery/unlock', 'unlock') } });
}

function byActivation(call: Call, body: JsonObject): Reply {
  const { user } = useToken(call, body.token, 'activation');
  if (user.status !== 'PROVISIONED') throw refuse('E0000011');
  const { warns: _warns, ...context } = contextOf(body);
  return passwordState(call, user, begin(call, user, 'PASSWORD_RESET', context));
}

function whereItStands(call: Call, body: JsonObject): Reply {
  const { transaction, user } = transactionOf(call, body);
  switch (transaction.status) {
    case 'PASSWORD_EXPIRED':
    case 'PASSWORD_RESET':
    case 'PASSWORD_WARN':
      return passwordState(call, user, transaction);
    case 'RECOVERY':
      return recoveryState(call, user, transaction);
    case 'RECOVERY_CHALLENGE':
      return challengeState(call, transaction);
    default:
      return stateJson(call, user, transaction);
  }
}

function cancel(call: Call): Reply {
  const { transaction } = transactionOf(call, call.json());
  end(call, transaction);
  return json(200, transaction.relayState === undefined ? {} : { relayState: transaction.relayState });
}
