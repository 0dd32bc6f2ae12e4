import type { User } from '../../model.ts';
import { refuse } from '../../refusal.ts';
import { json } from '../../reply.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, Json, JsonObject, Reply } from '../../types.ts';
import { changeUser, logUser } from '../users/changes.ts';
import { isPassword, loginOf, passwordFault, readCredentials } from '../users/passwords.ts';
import { afterPassword, type Context, succeed } from './finish.ts';
import { passwordRulesOf } from './sign-on.ts';
import { begin, embeddedUser, step, type Transaction, transactionJson, transactionOf } from './transactions.ts';

const DAY_MS = 86_400_000;

/** Days until a user's password is too old; `undefined` where passwords do not age. */
export function daysLeft(call: Call, user: User): number | undefined {
  const { maxAgeDays } = passwordRulesOf(call.org, user);
  if (maxAgeDays === 0 || user.passwordChanged === null) return undefined;
  return maxAgeDays - Math.floor((call.now - user.passwordChanged) / DAY_MS);
}

/** A transaction that asks for a new password. */
export function passwordState(call: Call, user: User, transaction: Transaction): Reply {
  const { org } = call;
  const isReset = transaction.status === 'PASSWORD_RESET';
  const next = isReset
    ? step(org, '/credentials/reset_password', 'resetPassword')
    : step(org, '/credentials/change_password', 'changePassword');
  const days = daysLeft(call, user);
  const policy = {
    ...(transaction.status === 'PASSWORD_WARN' && days !== undefined ? { expiration: { passwordExpireDays: days } } : {}),
    ...policyOf(call, user),
  };
  return json(
    200,
    transactionJson(org, transaction, {
      embedded: { user: embeddedUser(user), policy },
      links: { next, ...(transaction.status === 'PASSWORD_WARN' ? { skip: step(org, '/skip', 'skip') } : {}) },
    }),
  );
}

function policyOf(call: Call, user: User): JsonObject {
  const { complexity, historyCount } = passwordRulesOf(call.org, user);
  const { minLength, minLowerCase, minUpperCase, minNumber, minSymbol, excludeUsername } = complexity;
  return {
    complexity: { minLength, minLowerCase, minUpperCase, minNumber, minSymbol, excludeUsername },
    age: { minAgeMinutes: 0, historyCount },
  };
}

/** Tells a user whose password is about to expire; `undefined` for all others. */
export function passwordWarning(call: Call, user: User, context: Context): Reply | undefined {
  const days = daysLeft(call, user);
  if (days === undefined || days > passwordRulesOf(call.org, user).warnDays) return undefined;
  return passwordState(call, user, begin(call, user, 'PASSWORD_WARN', context));
}

/** POST /authn/skip */
export function skip(call: Call): Reply {
  const { transaction, user } = transactionOf(call, call.json(), 'PASSWORD_WARN');
  return succeed(call, user, transaction.amr, transaction.relayState, transaction);
}

/** POST /authn/credentials/change_password */
export function changePassword(call: Call): Reply {
  const body = call.json();
  const { transaction, user } = transactionOf(call, body, 'PASSWORD_EXPIRED', 'PASSWORD_WARN');
  if (!isPassword(user, body.oldPassword)) throw refuse('E0000014', ['Old Password is not correct']);
  return withNewPassword(call, transaction, user, body.newPassword);
}

/** POST /authn/credentials/reset_password */
export function resetPassword(call: Call): Reply {
  const body = call.json();
  const { transaction, user } = transactionOf(call, body, 'PASSWORD_RESET');
  return withNewPassword(call, transaction, user, body.newPassword);
}

function withNewPassword(call: Call, transaction: Transaction, user: User, given: Json | undefined): Reply {
  const login = loginOf(user.profile);
  const { complexity, historyCount } = passwordRulesOf(call.org, user);
  const fault = typeof given === 'string' ? passwordFault(given, login, complexity) : 'newPassword: The field cannot be left blank';
  if (typeof given !== 'string' || fault !== undefined) throw refuse('E0000080', [fault ?? '']);
  const former = [user.credentials.password, ...(user.credentials.history ?? [])].slice(0, historyCount);
  if (former.includes(given)) throw refuse('E0000080', ['Password has been used too recently']);
  const now = wholeSecond(call.now);
  const changed = changeUser(call, user, {
    status: 'ACTIVE',
    ...(user.status === 'ACTIVE' ? {} : { statusChanged: now }),
    ...(user.activated === null ? { activated: now } : {}),
    passwordChanged: now,
    credentials: readCredentials({ password: { value: given } }, user.credentials, login),
  });
  logUser(call, 'user.account.update_password', changed);
  return afterPassword(call, changed, {}, transaction);
}
