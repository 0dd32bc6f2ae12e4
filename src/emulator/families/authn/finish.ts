import { userEntity } from '../../membership.ts';
import type { User } from '../../model.ts';
import { refuse } from '../../refusal.ts';
import { json } from '../../reply.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, Reply } from '../../types.ts';
import { sessionTokens } from '../sessions/store.ts';
import { askForFactor } from './factors.ts';
import { passwordWarning } from './passwords.ts';
import { signOnOf } from './sign-on.ts';
import { begin, embeddedUser, end, move, step, type Transaction } from './transactions.ts';

const TOKEN_LIFETIME_MS = 5 * 60_000;

/** What a sign-in brings along. */
export type Context = Pick<Transaction, 'relayState' | 'deviceToken'> & { readonly warns?: boolean };

/** After the password: what the sign-on policies still ask for, or success. */
export function afterPassword(call: Call, user: User, context: Context, before?: Transaction): Reply {
  const signOn = signOnOf(call, user);
  if (!signOn.isAllowed) {
    call.log('user.session.start', { actor: userEntity(user), outcome: { result: 'FAILURE', reason: 'SIGN_ON_POLICY_DENY' } });
    throw refuse('E0000004');
  }
  const { warns, ...kept } = context;
  if (signOn.needsFactor && !(signOn.promptMode === 'DEVICE' && isRemembered(call, user, context.deviceToken))) {
    const transaction = before === undefined ? begin(call, user, 'MFA_REQUIRED', kept) : move(call, before, 'MFA_REQUIRED');
    return askForFactor(call, user, transaction);
  }
  const warning = warns === true ? passwordWarning(call, user, kept) : undefined;
  return warning ?? succeed(call, user, ['pwd'], context.relayState, before);
}

/** The end of a sign-in: a session token. */
export function succeed(call: Call, user: User, amr: readonly string[], relayState: string | undefined, before?: Transaction): Reply {
  const { org } = call;
  if (before !== undefined) end(call, before);
  // Signing in dates the login and nothing else.
  const signedIn = org.users.put({ ...user, lastLogin: wholeSecond(call.now) });
  const token = org
    .collection(sessionTokens)
    .put({ id: `20111${org.ids.opaque(97)}`, userId: user.id, expiresAt: wholeSecond(call.now) + TOKEN_LIFETIME_MS, amr });
  call.log('user.session.start', { actor: userEntity(user), targets: [userEntity(user)] });
  return json(200, {
    expiresAt: isoTime(token.expiresAt),
    status: 'SUCCESS',
    ...(relayState === undefined ? {} : { relayState }),
    sessionToken: token.id,
    _embedded: { user: embeddedUser(signedIn) },
    _links: { cancel: step(org, '/cancel') },
  });
}

function remembered(call: Call): Map<string, number> {
  return call.org.value('rememberedDevices', () => new Map<string, number>()).value;
}

function isRemembered(call: Call, user: User, deviceToken: string | undefined): boolean {
  return deviceToken !== undefined && (remembered(call).get(`${user.id} ${deviceToken}`) ?? 0) > call.now;
}

/** Keeps the device from being asked again, as long as the policy lets it. */
export function remember(call: Call, user: User, transaction: Transaction): void {
  const signOn = signOnOf(call, user);
  const wanted = call.query.get('rememberDevice') ?? String(signOn.remembersByDefault);
  if (wanted === 'true' && transaction.deviceToken !== undefined)
    remembered(call).set(`${user.id} ${transaction.deviceToken}`, call.now + signOn.rememberedMs);
}
