import type { Factor, User } from '../../model.ts';
import { notFound, refuse } from '../../refusal.ts';
import { json } from '../../reply.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { activate, checkInterval, makeFactor } from '../factors/enroll.ts';
import { FACTOR_KINDS, QUESTIONS } from '../factors/kinds.ts';
import { factorJson } from '../factors/render.ts';
import { APPROVED_AFTER_MS, prove } from '../factors/verify.ts';
import { remember, succeed } from './finish.ts';
import { signOnOf } from './sign-on.ts';
import { embeddedUser, move, step, type Transaction, transactionJson, transactionOf } from './transactions.ts';

const SENDS_CODE: ReadonlySet<string> = new Set(['sms', 'call', 'email']);

/** What a kind of factor proves (RFC 8176). */
const AMR: Readonly<Record<string, string>> = {
  sms: 'sms',
  call: 'tel',
  question: 'kba',
  email: 'otp',
  push: 'swk',
  webauthn: 'hwk',
  u2f: 'hwk',
};

/** Asks for one of the user's factors; who has none is to enroll one. */
export function askForFactor(call: Call, user: User, transaction: Transaction): Reply {
  const own = activeFactors(call, user);
  return stateJson(call, user, own.length === 0 ? move(call, transaction, 'MFA_ENROLL') : transaction);
}

function activeFactors(call: Call, user: User): Factor[] {
  return call.org.factors.by(user.id).filter((factor) => factor.status === 'ACTIVE');
}

/** POST /authn/factors: enrolls a factor within a transaction. */
export function enrollInTransaction(call: Call): Reply {
  const body = call.json();
  const { transaction, user } = transactionOf(call, body, 'MFA_ENROLL');
  const factor = makeFactor(call, user, body);
  if (factor.status === 'ACTIVE') return finishWith(call, user, transaction, factor);
  return stateJson(call, user, move(call, transaction, 'MFA_ENROLL_ACTIVATE', { factorId: factor.id }));
}

/** POST /authn/factors/{factorId}/lifecycle/activate, and `/poll` of it for pushes. */
export function activateInTransaction(call: Call): Reply {
  const body = call.json();
  const { transaction, user } = transactionOf(call, body, 'MFA_ENROLL_ACTIVATE');
  const factor = factorOf(call, transaction);
  // The emulated user scans the code of a push factor within two seconds.
  const waits = factor.factorType === 'push' && call.now - factor.created < APPROVED_AFTER_MS;
  if (waits) return stateJson(call, user, transaction);
  return finishWith(call, user, transaction, activate(call, user, factor, body));
}

/** POST /authn/factors/{factorId}/verify: asks for the code, takes it, or polls a push. */
export function verifyInTransaction(call: Call): Reply {
  const body = call.json();
  const { transaction, user } = transactionOf(call, body, 'MFA_REQUIRED', 'MFA_CHALLENGE');
  const id = call.params.factorId ?? '';
  const factor = activeFactors(call, user).find((one) => one.id === id);
  if (factor === undefined) throw notFound(id, 'UserFactor');
  if (transaction.status === 'MFA_CHALLENGE' && transaction.factorId === id && transaction.askedAt !== undefined) {
    const hasApproved = call.now - transaction.askedAt >= APPROVED_AFTER_MS;
    return hasApproved ? finishWith(call, user, transaction, factor) : stateJson(call, user, transaction);
  }
  const proof = prove(call, user, factor, body);
  if (proof.kind === 'passed') return finishWith(call, user, transaction, factor);
  const asked = proof.kind === 'waiting' ? { askedAt: call.now } : proof.nonce === undefined ? {} : { nonce: proof.nonce };
  return stateJson(call, user, move(call, transaction, 'MFA_CHALLENGE', { factorId: id, ...asked }));
}

/** POST …/verify/resend and …/lifecycle/activate/resend */
export function resendInTransaction(call: Call): Reply {
  const { transaction, user } = transactionOf(call, call.json(), 'MFA_CHALLENGE', 'MFA_ENROLL_ACTIVATE');
  const factor = factorOf(call, transaction);
  if (!SENDS_CODE.has(factor.factorType)) throw refuse('E0000079');
  checkInterval(call, factor);
  call.org.factors.put({ ...factor, secret: { ...factor.secret, sentAt: call.now } });
  return stateJson(call, user, transaction);
}

/** POST /authn/previous */
export function previous(call: Call): Reply {
  const { transaction, user } = transactionOf(call, call.json(), 'MFA_CHALLENGE', 'MFA_ENROLL_ACTIVATE');
  if (transaction.status === 'MFA_CHALLENGE') return stateJson(call, user, move(call, transaction, 'MFA_REQUIRED'));
  call.org.factors.delete(factorOf(call, transaction).id);
  return stateJson(call, user, move(call, transaction, 'MFA_ENROLL'));
}

function factorOf(call: Call, transaction: Transaction): Factor {
  const id = call.params.factorId ?? transaction.factorId ?? '';
  const factor = call.org.factors.get(id);
  if (factor === undefined || factor.id !== transaction.factorId) throw notFound(id, 'UserFactor');
  return factor;
}

function finishWith(call: Call, user: User, transaction: Transaction, factor: Factor): Reply {
  remember(call, user, transaction);
  const amr = [...new Set([...transaction.amr, 'mfa', AMR[factor.factorType] ?? 'otp'])];
  return succeed(call, user, amr, transaction.relayState, transaction);
}

/** A transaction about factors, as it stands. */
export function stateJson(call: Call, user: User, transaction: Transaction): Reply {
  const { org } = call;
  const embedded = { user: embeddedUser(user) };
  switch (transaction.status) {
    case 'MFA_ENROLL':
      return json(200, transactionJson(org, transaction, { embedded: { ...embedded, factors: offered(call, user) }, links: {} }));
    case 'MFA_ENROLL_ACTIVATE': {
      const factor = factorOf(call, transaction);
      const path = `/factors/${factor.id}/lifecycle/activate`;
      const isPush = factor.factorType === 'push';
      return json(
        200,
        transactionJson(org, transaction, {
          ...(isPush ? { fields: { factorResult: 'WAITING' } } : {}),
          embedded: { ...embedded, factor: { ...shown(call, factor), ...activationOf(call, factor) } },
          links: {
            next: isPush ? step(org, `${path}/poll`, 'poll') : step(org, path, 'activate'),
            prev: step(org, '/previous'),
            ...(SENDS_CODE.has(factor.factorType) ? { resend: [step(org, `${path}/resend`, factor.factorType)] } : {}),
          },
        }),
      );
    }
    case 'MFA_CHALLENGE': {
      const factor = factorOf(call, transaction);
      const path = `/factors/${factor.id}/verify`;
      const isPush = transaction.askedAt !== undefined;
      const challenge = transaction.nonce === undefined ? {} : { _embedded: { challenge: challengeOf(transaction.nonce) } };
      return json(
        200,
        transactionJson(org, transaction, {
          ...(isPush ? { fields: { factorResult: 'WAITING' } } : {}),
          embedded: { ...embedded, factor: { ...shown(call, factor), ...challenge }, policy: policyOf(call, user) },
          links: {
            next: step(org, path, isPush ? 'poll' : 'verify'),
            prev: step(org, '/previous'),
            ...(SENDS_CODE.has(factor.factorType) ? { resend: [step(org, `${path}/resend`, factor.factorType)] } : {}),
          },
        }),
      );
    }
    default: {
      const factors = activeFactors(call, user).map((factor) => ({
        ...shown(call, factor),
        _links: { verify: step(org, `/factors/${factor.id}/verify`) },
      }));
      return json(200, transactionJson(org, transaction, { embedded: { ...embedded, factors, policy: policyOf(call, user) }, links: {} }));
    }
  }
}

function challengeOf(nonce: string): JsonObject {
  return { challenge: nonce, nonce, timeoutSeconds: 20, userVerification: 'preferred' };
}

function shown(call: Call, factor: Factor): JsonObject {
  const { id, factorType, provider, vendorName, profile } = factorJson(call.org, factor);
  return { id, factorType, provider, vendorName, profile };
}

function activationOf(call: Call, factor: Factor): JsonObject {
  const { _embedded: activation } = factorJson(call.org, factor);
  return activation === undefined ? {} : { _embedded: activation };
}

function policyOf(call: Call, user: User): JsonObject {
  const signOn = signOnOf(call, user);
  return {
    allowRememberDevice: signOn.promptMode === 'DEVICE',
    rememberDeviceLifetimeInMinutes: signOn.rememberedMs / 60_000,
    rememberDeviceByDefault: signOn.remembersByDefault,
    factorsPolicyInfo: {},
  };
}

function offered(call: Call, user: User): JsonObject[] {
  const { org } = call;
  const own = call.org.factors.by(user.id);
  return FACTOR_KINDS.filter((kind) => kind.isOffered).map(({ factorType, provider, vendorName }) => ({
    factorType,
    provider,
    vendorName,
    ...(factorType === 'question'
      ? { _embedded: { questions: Object.entries(QUESTIONS).map(([question, questionText]) => ({ question, questionText })) } }
      : {}),
    _links: { enroll: step(org, '/factors') },
    status: own.find((factor) => factor.factorType === factorType && factor.provider === provider)?.status ?? 'NOT_SETUP',
    enrollment: 'OPTIONAL',
  }));
}
