import { defineCollection } from '../../collection.ts';
import { profileText, type User } from '../../model.ts';
import type { Org } from '../../org.ts';
import { refuse } from '../../refusal.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, JsonObject } from '../../types.ts';

export type TransactionStatus =
  | 'PASSWORD_WARN'
  | 'PASSWORD_EXPIRED'
  | 'PASSWORD_RESET'
  | 'RECOVERY'
  | 'RECOVERY_CHALLENGE'
  | 'MFA_ENROLL'
  | 'MFA_ENROLL_ACTIVATE'
  | 'MFA_REQUIRED'
  | 'MFA_CHALLENGE';

/** A sign-in or recovery that has not ended: `id` is its state token. */
export interface Transaction {
  readonly id: string;
  readonly userId: string;
  readonly status: TransactionStatus;
  readonly expiresAt: number;
  readonly amr: readonly string[];
  readonly relayState?: string;
  readonly deviceToken?: string;
  /** What a recovery is for. */
  readonly recoveryType?: 'PASSWORD' | 'UNLOCK';
  /** SMS or CALL, of a recovery. */
  readonly recoveryFactor?: string;
  /** The factor that is being activated or asked for. */
  readonly factorId?: string;
  /** When a push was sent. */
  readonly askedAt?: number;
  /** What a security key has to sign. */
  readonly nonce?: string;
}

/** A token out of a mail or an administrator's hand: it begins a transaction, once. */
export interface OneTimeToken {
  readonly id: string;
  readonly userId: string;
  readonly kind: 'activation' | 'PASSWORD' | 'UNLOCK';
  readonly expiresAt: number;
}

export const TRANSACTIONS = defineCollection<Transaction>('authnTransactions');
export const ONE_TIME_TOKENS = defineCollection<OneTimeToken>('oneTimeTokens');

export const AUTHN = '/api/v1/authn';
const LIFETIME_MS = 5 * 60_000;

export function begin(call: Call, user: User, status: TransactionStatus, parts: Partial<Transaction> = {}): Transaction {
  const { org } = call;
  return org.collection(TRANSACTIONS).put({
    id: `00${org.ids.opaque(40)}`,
    userId: user.id,
    expiresAt: wholeSecond(call.now) + LIFETIME_MS,
    amr: ['pwd'],
    ...parts,
    status,
  });
}

/** The next state of a transaction, under the same token. What belonged to the former state alone goes. */
export function move(call: Call, transaction: Transaction, status: TransactionStatus, parts: Partial<Transaction> = {}): Transaction {
  const { factorId: _factor, askedAt: _asked, nonce: _nonce, ...kept } = transaction;
  return call.org.collection(TRANSACTIONS).put({ ...kept, expiresAt: wholeSecond(call.now) + LIFETIME_MS, ...parts, status });
}

export function end(call: Call, transaction: Transaction): void {
  call.org.collection(TRANSACTIONS).delete(transaction.id);
}

/**
 * The transaction that a body's state token names, and its user. Refuses an unknown or expired one with E0000011, one in another state with E0000079.
 * @param statuses in which the operation can be done; all if none is named
 */
export function transactionOf(
  call: Call,
  body: JsonObject,
  ...statuses: readonly TransactionStatus[]
): { transaction: Transaction; user: User } {
  const transaction = typeof body.stateToken === 'string' ? call.org.collection(TRANSACTIONS).get(body.stateToken) : undefined;
  const user = transaction === undefined ? undefined : call.org.users.get(transaction.userId);
  if (transaction === undefined || user === undefined || transaction.expiresAt <= call.now) throw refuse('E0000011');
  if (statuses.length > 0 && !statuses.includes(transaction.status)) throw refuse('E0000079');
  return { transaction, user };
}

/** Makes a token that begins a transaction. */
export function oneTimeToken(call: Call, user: User, kind: OneTimeToken['kind'], lifetimeMs: number): OneTimeToken {
  return call.org
    .collection(ONE_TIME_TOKENS)
    .put({ id: call.org.ids.opaque(20), userId: user.id, kind, expiresAt: wholeSecond(call.now) + lifetimeMs });
}

/** The user and kind of a token, which is used up. Refuses an unknown, used or expired one. */
export function useToken(call: Call, id: unknown, ...kinds: readonly OneTimeToken['kind'][]): { token: OneTimeToken; user: User } {
  const tokens = call.org.collection(ONE_TIME_TOKENS);
  const token = typeof id === 'string' ? tokens.get(id) : undefined;
  const user = token === undefined ? undefined : call.org.users.get(token.userId);
  if (token === undefined || user === undefined || !kinds.includes(token.kind)) throw refuse('E0000011');
  tokens.delete(token.id);
  if (token.expiresAt <= call.now) throw refuse('E0000105');
  return { token, user };
}

/** A link to a step of a transaction. */
export function step(org: Org, path: string, name?: string): JsonObject {
  return { ...(name === undefined ? {} : { name }), href: `${org.origin}${AUTHN}${path}`, hints: { allow: ['POST'] } };
}

/** A transaction as it is answered: what every state shows, then what this one embeds and links to. */
export function transactionJson(
  org: Org,
  transaction: Transaction,
  parts: { readonly fields?: JsonObject; readonly embedded: JsonObject; readonly links: JsonObject },
): JsonObject {
  return {
    stateToken: transaction.id,
    expiresAt: isoTime(transaction.expiresAt),
    status: transaction.status,
    ...(transaction.relayState === undefined ? {} : { relayState: transaction.relayState }),
    ...(transaction.recoveryType === undefined ? {} : { recoveryType: transaction.recoveryType }),
    ...parts.fields,
    _embedded: parts.embedded,
    _links: { ...parts.links, cancel: step(org, '/cancel') },
  };
}

export function embeddedUser(user: User, extra: JsonObject = {}): JsonObject {
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
    ...extra,
  };
}
