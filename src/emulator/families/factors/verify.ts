import { defineCollection } from '../../collection.ts';
import type { Factor, User } from '../../model.ts';
import { notFound, refuse } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { isoTime } from '../../time.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { logUser } from '../users/changes.ts';
import { matchingCounter, SENT_CODE } from './codes.ts';
import { checkInterval, text, wrongCode } from './enroll.ts';

/** A push that waits for its user. */
interface PushTransaction {
  readonly id: string;
  readonly factorId: string;
  readonly startedAt: number;
}
const pushTransactions = defineCollection<PushTransaction>('pushTransactions');

/** After this long the emulated user approves; after five minutes nobody does any more. */
export const APPROVED_AFTER_MS = 2_000;
const PUSH_LIFETIME_MS = 300_000;

/** POST …/factors/{factorId}/verify */
export function verify(call: Call, user: User, factor: Factor): Reply {
  const proof = prove(call, user, factor, call.json({ optional: true }));
  switch (proof.kind) {
    case 'passed':
      return json(200, { factorResult: 'SUCCESS' });
    case 'asked':
      return json(200, challenge(call, factor, proof.nonce));
    case 'waiting': {
      const transaction = call.org
        .collection(pushTransactions)
        .put({ id: `v2mst.${call.org.ids.opaque(22)}`, factorId: factor.id, startedAt: call.now });
      return json(201, waiting(call, factor, transaction));
    }
  }
}

/** What came of a try: passed, a code or signature asked for, or a push that waits for its user. */
export type Proof = { readonly kind: 'passed' } | { readonly kind: 'asked'; readonly nonce?: string } | { readonly kind: 'waiting' };

const PASSED: Proof = { kind: 'passed' };

/** Takes what the body holds as proof, or asks for one. Refuses a wrong one. */
export function prove(call: Call, user: User, factor: Factor, body: JsonObject): Proof {
  if (factor.status !== 'ACTIVE') throw refuse('E0000107');
  const passCode = text(body.passCode);
  switch (factor.factorType) {
    case 'question': {
      const wanted = String(factor.secret.answer ?? '').toLowerCase();
      if (wanted === '' || text(body.answer)?.toLowerCase() !== wanted)
        throw failed(call, user, "Your answer doesn't match our records. Please try again.");
      break;
    }
    case 'sms':
    case 'call':
    case 'email':
      if (passCode === undefined) return sendCode(call, factor);
      if (passCode !== SENT_CODE) throw failed(call, user);
      break;
    case 'token:software:totp':
    case 'token:hotp':
    case 'hotp': {
      const counter = matchingCounter(String(factor.secret.shared ?? ''), passCode ?? '', call.now);
      if (counter === undefined) throw failed(call, user);
      if (factor.secret.usedCounter === counter) throw refuse('E0000082');
      call.org.factors.put({ ...factor, secret: { ...factor.secret, usedCounter: counter } });
      break;
    }
    case 'push':
    case 'signed_nonce':
      return { kind: 'waiting' };
    case 'u2f':
    case 'webauthn':
      if (text(body.clientData) === undefined || text(body.signatureData) === undefined)
        return { kind: 'asked', nonce: call.org.ids.opaque(20) };
      break;
    default:
      if (passCode === undefined || !/^\w{6,44}$/.test(passCode)) throw failed(call, user);
  }
  logUser(call, 'user.authentication.auth_via_mfa', user);
  return PASSED;
}

function failed(call: Call, user: User, cause?: string): ReturnType<typeof refuse> {
  logUser(call, 'user.authentication.auth_via_mfa', user, { outcome: { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' } });
  return cause === undefined ? wrongCode() : refuse('E0000068', [cause]);
}

function sendCode(call: Call, factor: Factor): Proof {
  checkInterval(call, factor);
  call.org.factors.put({ ...factor, secret: { ...factor.secret, sentAt: call.now } });
  return { kind: 'asked' };
}

function challenge(call: Call, factor: Factor, nonce?: string): JsonObject {
  const self = hrefOf(call, factor);
  return {
    factorResult: 'CHALLENGE',
    profile: factor.profile,
    ...(nonce === undefined
      ? {}
      : { _embedded: { challenge: { challenge: nonce, nonce, timeoutSeconds: 20, userVerification: 'preferred' } } }),
    _links: { verify: { href: `${self}/verify`, hints: { allow: ['POST'] } }, factor: { href: self, hints: { allow: ['GET', 'DELETE'] } } },
  };
}

function waiting(call: Call, factor: Factor, transaction: PushTransaction): JsonObject {
  const href = `${hrefOf(call, factor)}/transactions/${transaction.id}`;
  return {
    factorResult: 'WAITING',
    expiresAt: isoTime(transaction.startedAt + PUSH_LIFETIME_MS),
    profile: factor.profile,
    _links: { poll: { href, hints: { allow: ['GET'] } }, cancel: { href, hints: { allow: ['DELETE'] } } },
  };
}

function transactionOf(call: Call, factor: Factor): PushTransaction {
  const id = call.params.transactionId ?? '';
  const transaction = call.org.collection(pushTransactions).get(id);
  if (transaction === undefined || transaction.factorId !== factor.id) throw notFound(id, 'FactorTransaction');
  return transaction;
}

/** GET …/transactions/{transactionId} */
export function pollTransaction(call: Call, user: User, factor: Factor): Reply {
  const transaction = transactionOf(call, factor);
  const age = call.now - transaction.startedAt;
  if (age > PUSH_LIFETIME_MS)
    return json(200, {
      factorResult: 'TIMEOUT',
      _links: { verify: { href: `${hrefOf(call, factor)}/verify`, hints: { allow: ['POST'] } } },
    });
  if (age < APPROVED_AFTER_MS) return json(200, waiting(call, factor, transaction));
  logUser(call, 'user.authentication.auth_via_mfa', user);
  return json(200, { factorResult: 'SUCCESS' });
}

/** DELETE …/transactions/{transactionId} */
export function cancelTransaction(call: Call, factor: Factor): Reply {
  call.org.collection(pushTransactions).delete(transactionOf(call, factor).id);
  return empty(204);
}

function hrefOf(call: Call, factor: Factor): string {
  return `${call.org.origin}/api/v1/users/${factor.userId}/factors/${factor.id}`;
}
