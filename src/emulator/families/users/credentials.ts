import type { User, UserStatus } from '../../model.ts';
import { refuse } from '../../refusal.ts';
import { done, isObject, json } from '../../reply.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, Json, Reply } from '../../types.ts';
import { changeStatus, changeUser, logUser, userOf } from './changes.ts';
import { isPassword, loginOf, passwordFault, readCredentials } from './passwords.ts';
import { credentialsOf } from './render.ts';

const CAN_CHANGE: readonly UserStatus[] = ['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY', 'STAGED'];

function passwordIn(value: Json | undefined): string | undefined {
  return isObject(value) && typeof value.value === 'string' ? value.value : undefined;
}

/** POST …/credentials/change_password */
export function changePassword(call: Call): Reply {
  const user = userOf(call);
  const body = call.json();
  if (!CAN_CHANGE.includes(user.status) || user.credentials.password === undefined) throw refuse('E0000035');
  if (!isPassword(user, passwordIn(body.oldPassword))) throw refuse('E0000014', ['Old Password is not correct']);
  const changed = setPassword(call, user, passwordIn(body.newPassword));
  return json(200, credentialsOf(changed, false));
}

function setPassword(call: Call, user: User, password: string | undefined): User {
  const login = loginOf(user.profile);
  const fault = password === undefined ? 'password: The field cannot be left blank' : passwordFault(password, login);
  if (password === undefined || fault !== undefined) throw refuse('E0000080', [fault ?? '']);
  if ([user.credentials.password, ...(user.credentials.history ?? [])].includes(password))
    throw refuse('E0000014', ['Password has been used too recently']);
  const credentials = readCredentials({ password: { value: password } }, user.credentials, login);
  const patch = { credentials, passwordChanged: wholeSecond(call.now) };
  const isBack = user.status === 'PASSWORD_EXPIRED' || user.status === 'RECOVERY';
  const changed = isBack ? changeStatus(call, user, 'ACTIVE', patch) : changeUser(call, user, patch);
  logUser(call, 'user.account.update_password', changed);
  return changed;
}

/** POST …/credentials/change_recovery_question */
export function changeQuestion(call: Call): Reply {
  const user = userOf(call);
  const body = call.json();
  if (!CAN_CHANGE.includes(user.status)) throw refuse('E0000036');
  if (!isPassword(user, passwordIn(body.password))) throw refuse('E0000014', ['Password is not correct']);
  const question = body.recovery_question;
  const credentials = readCredentials(
    question === undefined ? undefined : { recovery_question: question },
    user.credentials,
    loginOf(user.profile),
  );
  const changed = changeUser(call, user, { credentials });
  logUser(call, 'user.account.update_profile', changed);
  return json(200, credentialsOf(changed, false));
}

/** POST …/credentials/forgot_password: a link to reset, or with `password` and `recovery_question` in the body the reset itself. */
export function forgotPassword(call: Call): Reply {
  const user = userOf(call);
  const body = call.json({ optional: true });
  if (body.password !== undefined || body.recovery_question !== undefined) return recoverByQuestion(call);
  if (user.status !== 'ACTIVE' && user.status !== 'PASSWORD_EXPIRED' && user.status !== 'RECOVERY') throw refuse('E0000034');
  const changed = changeStatus(call, user, 'RECOVERY');
  logUser(call, 'user.account.reset_password', changed);
  if (call.query.get('sendEmail') !== 'false') return done();
  return json(200, { resetPasswordUrl: `${call.org.origin}/signin/reset-password/${call.org.ids.opaque(20)}` });
}

/** POST …/credentials/forgot_password_recovery_question */
export function recoverByQuestion(call: Call): Reply {
  const user = userOf(call);
  const body = call.json();
  const { question } = user.credentials;
  if (question === undefined || (user.status !== 'ACTIVE' && user.status !== 'PASSWORD_EXPIRED' && user.status !== 'RECOVERY'))
    throw refuse('E0000034');
  const given = isObject(body.recovery_question) ? body.recovery_question.answer : undefined;
  if (typeof given !== 'string' || given.toLowerCase() !== question.answer.toLowerCase()) throw refuse('E0000087');
  return json(200, credentialsOf(setPassword(call, user, passwordIn(body.password)), false));
}
