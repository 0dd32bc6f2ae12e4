import { apiTokenOf } from '../../credentials.ts';
import { profileText, type User } from '../../model.ts';
import { invalid, refuse } from '../../refusal.ts';
import { json } from '../../reply.ts';
import { objectAt } from '../../shape.ts';
import { isoTime } from '../../time.ts';
import type { Call, Json, Reply } from '../../types.ts';
import { SENT_CODE } from '../factors/codes.ts';
import { wrongCode } from '../factors/enroll.ts';
import { changeStatus, logUser } from '../users/changes.ts';
import { sendMail } from './mail.ts';
import { passwordState } from './passwords.ts';
import { passwordRulesOf } from './sign-on.ts';
import {
  begin,
  embeddedUser,
  end,
  move,
  oneTimeToken,
  step,
  type Transaction,
  transactionJson,
  transactionOf,
  useToken,
} from './transactions.ts';

type RecoveryType = 'PASSWORD' | 'UNLOCK';
const FACTORS: Readonly<Record<string, string>> = { EMAIL: 'okta_email', SMS: 'okta_sms', CALL: 'okta_call' };
const HOUR_MS = 3_600_000;

/** POST /authn/recovery/password and /authn/recovery/unlock */
export function recover(call: Call, recoveryType: RecoveryType): Reply {
  const body = call.json();
  const user = typeof body.username === 'string' ? call.org.users.resolve(body.username) : undefined;
  const factorType = typeof body.factorType === 'string' ? body.factorType.toUpperCase() : undefined;
  if (factorType !== undefined && FACTORS[factorType] === undefined)
    throw invalid('factorType', [`factorType: '${factorType}' is not supported`]);
  const trusted = isTrusted(call);
  if (factorType === undefined && !trusted) throw invalid('factorType', ['factorType: The field cannot be left blank']);
  if (user === undefined) throw refuse('E0000095');
  checkStatus(call, user, recoveryType);
  const relay = typeof body.relayState === 'string' ? { relayState: body.relayState } : {};
  logUser(call, recoveryType === 'PASSWORD' ? 'user.account.reset_password' : 'user.account.unlock_token', user);
  if (factorType === undefined) return withToken(call, user, recoveryType, relay);
  if (!trusted && objectAt(passwordRulesOf(call.org, user).recovery[FACTORS[factorType] ?? '']).status !== 'ACTIVE')
    throw refuse('E0000034');
  if (factorType === 'EMAIL') {
    const token = oneTimeToken(call, user, recoveryType, HOUR_MS);
    sendMail(call, user, recoveryType === 'PASSWORD' ? 'ForgotPassword' : 'UnlockAccount', token.id);
    return json(200, { status: 'RECOVERY_CHALLENGE', factorResult: 'WAITING', ...relay, factorType, recoveryType });
  }
  if (!hasPhone(call, user, factorType)) throw refuse('E0000097');
  const transaction = begin(call, user, 'RECOVERY_CHALLENGE', { amr: [], recoveryType, recoveryFactor: factorType, ...relay });
  return challengeState(call, transaction);
}

/** An application that sends an API token is trusted by the administrator. */
function isTrusted(call: Call): boolean {
  const secret = apiTokenOf(call.header('authorization') ?? '');
  return secret !== undefined && call.org.apiTokens.by(secret).length > 0;
}

function checkStatus(call: Call, user: User, recoveryType: RecoveryType): void {
  const { selfService } = passwordRulesOf(call.org, user);
  if (recoveryType === 'UNLOCK') {
    if (user.status !== 'LOCKED_OUT') throw refuse('E0000032', ['The user is not locked out.']);
    return;
  }
  const canReset =
    user.credentials.password !== undefined && ['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY', 'LOCKED_OUT'].includes(user.status);
  if (!canReset || !selfService.reset) throw refuse('E0000034');
}

function hasPhone(call: Call, user: User, factorType: string): boolean {
  const isEnrolled = call.org.factors.by(user.id).some((one) => one.factorType === factorType.toLowerCase() && one.status === 'ACTIVE');
  return isEnrolled || profileText(user.profile, 'mobilePhone') !== '';
}

/** For applications that the administrator trusts: the token itself. */
function withToken(call: Call, user: User, recoveryType: RecoveryType, relay: { readonly relayState?: string }): Reply {
  const token = oneTimeToken(call, user, recoveryType, HOUR_MS);
  return json(200, {
    expiresAt: isoTime(token.expiresAt),
    status: 'RECOVERY',
    ...relay,
    recoveryToken: token.id,
    recoveryType,
    _embedded: { user: embeddedUser(user, questionOf(user)) },
    _links: { next: step(call.org, '/recovery/token', 'recovery') },
  });
}

function questionOf(user: User): { readonly recovery_question?: { readonly question: string } } {
  const { question } = user.credentials;
  return question === undefined ? {} : { recovery_question: { question: question.question } };
}

/** POST /authn/recovery/token */
export function redeem(call: Call): Reply {
  const { token, user } = useToken(call, call.json().recoveryToken, 'PASSWORD', 'UNLOCK');
  return proven(call, user, begin(call, user, 'RECOVERY', { amr: [], recoveryType: token.kind === 'UNLOCK' ? 'UNLOCK' : 'PASSWORD' }));
}

/** POST /authn/recovery/factors/{factorType}/verify */
export function verifyRecovery(call: Call): Reply {
  const body = call.json();
  const { transaction, user } = transactionOf(call, body, 'RECOVERY_CHALLENGE');
  if (transaction.recoveryFactor !== call.params.factorType?.toUpperCase()) throw refuse('E0000079');
  if (body.passCode !== SENT_CODE) throw wrongCode();
  return proven(call, user, move(call, transaction, 'RECOVERY'));
}

/** POST /authn/recovery/factors/{factorType}/resend */
export function resendRecovery(call: Call): Reply {
  const { transaction } = transactionOf(call, call.json(), 'RECOVERY_CHALLENGE');
  return challengeState(call, transaction);
}

/** POST /authn/recovery/answer */
export function answer(call: Call): Reply {
  const body = call.json();
  const { transaction, user } = transactionOf(call, body, 'RECOVERY');
  if (!isAnswer(user, body.answer)) throw refuse('E0000087');
  return granted(call, user, transaction);
}

function isAnswer(user: User, given: Json | undefined): boolean {
  return typeof given === 'string' && given.toLowerCase() === user.credentials.question?.answer.toLowerCase();
}

/** Who holds the token has still to answer the recovery question, if there is one. */
function proven(call: Call, user: User, transaction: Transaction): Reply {
  if (user.credentials.question === undefined) return granted(call, user, transaction);
  return recoveryState(call, user, transaction);
}

function granted(call: Call, user: User, transaction: Transaction): Reply {
  if (transaction.recoveryType !== 'UNLOCK') return passwordState(call, user, move(call, transaction, 'PASSWORD_RESET'));
  end(call, transaction);
  const unlocked = user.status === 'LOCKED_OUT' ? changeStatus(call, user, 'ACTIVE') : user;
  logUser(call, 'user.account.unlock', unlocked);
  const relay = transaction.relayState === undefined ? {} : { relayState: transaction.relayState };
  return json(200, { status: 'SUCCESS', ...relay, recoveryType: 'UNLOCK', _embedded: { user: embeddedUser(unlocked) } });
}

export function recoveryState(call: Call, user: User, transaction: Transaction): Reply {
  return json(
    200,
    transactionJson(call.org, transaction, {
      embedded: { user: embeddedUser(user, questionOf(user)) },
      links: { next: step(call.org, '/recovery/answer', 'answer') },
    }),
  );
}

export function challengeState(call: Call, transaction: Transaction): Reply {
  const { recoveryFactor = '' } = transaction;
  const path = `/recovery/factors/${recoveryFactor}`;
  return json(
    200,
    transactionJson(call.org, transaction, {
      fields: { factorType: recoveryFactor },
      embedded: {},
      links: { next: step(call.org, `${path}/verify`, 'verify'), resend: step(call.org, `${path}/resend`, recoveryFactor.toLowerCase()) },
    }),
  );
}
