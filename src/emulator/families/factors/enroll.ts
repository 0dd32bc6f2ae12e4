import type { Factor } from '../../model.ts';
import { profileText, type User } from '../../model.ts';
import { invalid, refuse } from '../../refusal.ts';
import { isObject, json } from '../../reply.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, Json, JsonObject, Reply } from '../../types.ts';
import { logUser, userOf } from '../users/changes.ts';
import { BASE32, matchingCounter, SENT_CODE } from './codes.ts';
import { type FactorKind, kindOf, QUESTIONS } from './kinds.ts';
import { factorJson } from './render.ts';

const ENROLL = 'com.okta.dto.factors.EnrollRequest';

/** POST …/factors */
export function enroll(call: Call): Reply {
  return json(200, factorJson(call.org, makeFactor(call, userOf(call), call.json())));
}

/** A new factor of the user's, as the body asks for it. Refuses what cannot be enrolled. */
export function makeFactor(call: Call, user: User, body: JsonObject): Factor {
  const factorType = text(body.factorType);
  if (factorType === undefined) throw invalid('factorType', ['factorType: The field cannot be left blank']);
  const provider = text(body.provider) ?? 'OKTA';
  const kind = kindOf(factorType, provider);
  if (kind === undefined) throw invalid('factorType', [`factorType: ${factorType} of provider ${provider} is not supported`]);
  if (user.status === 'DEPROVISIONED' || user.status === 'SUSPENDED' || user.status === 'STAGED') throw refuse('E0000038');
  const asked = isObject(body.profile) ? body.profile : {};
  const profile = profileFor(kind, asked, user, body);
  replacePending(call, user, kind, profile);
  const secret = secretFor(call, kind, asked);
  const isActive =
    kind.activation === 'none' ||
    (call.query.get('activate') === 'true' && ['sms', 'call', 'email', 'token:hotp', 'hotp'].includes(factorType));
  if (kind.activation === 'none' && factorType.startsWith('token')) checkTokenCode(body);
  const now = wholeSecond(call.now);
  const factor = call.org.factors.put({
    id: call.org.ids.next(kind.idPrefix),
    userId: user.id,
    factorType,
    provider,
    vendorName: kind.vendorName,
    status: isActive ? 'ACTIVE' : 'PENDING_ACTIVATION',
    created: now,
    lastUpdated: now,
    profile,
    secret,
  });
  if (isActive) logFactor(call, 'user.mfa.factor.activate', user, factor);
  return factor;
}

/** POST …/factors/{factorId}/lifecycle/activate */
export function activateFactor(call: Call, user: User, factor: Factor): Reply {
  return json(200, factorJson(call.org, activate(call, user, factor, call.json({ optional: true }))));
}

/** The factor, active. Refuses a wrong code, and one that is active already. */
export function activate(call: Call, user: User, factor: Factor, body: JsonObject): Factor {
  if (factor.status !== 'PENDING_ACTIVATION') throw refuse('E0000107');
  const kind = kindOf(factor.factorType, factor.provider);
  if (kind?.activation === 'sent-code' && text(body.passCode) !== SENT_CODE) throw wrongCode();
  let { secret } = factor;
  if (kind?.activation === 'generated-code') {
    const counter = matchingCounter(String(secret.shared ?? ''), text(body.passCode) ?? '', call.now);
    if (counter === undefined) throw wrongCode();
    secret = { ...secret, usedCounter: counter };
  }
  if (factor.factorType === 'u2f' && (text(body.registrationData) === undefined || text(body.clientData) === undefined))
    throw invalid('registrationData', ['registrationData: The field cannot be left blank']);
  if (factor.factorType === 'webauthn' && (text(body.attestation) === undefined || text(body.clientData) === undefined))
    throw invalid('attestation', ['attestation: The field cannot be left blank']);
  const active = call.org.factors.put({ ...factor, secret, status: 'ACTIVE', lastUpdated: wholeSecond(call.now) });
  logFactor(call, 'user.mfa.factor.activate', user, active);
  return active;
}

/** POST …/factors/{factorId}/resend: at most every 30 seconds. */
export function resend(call: Call, factor: Factor): Reply {
  checkInterval(call, factor);
  return json(200, factorJson(call.org, call.org.factors.put({ ...factor, secret: { ...factor.secret, sentAt: call.now } })));
}

const TOO_SOON: Readonly<Record<string, string>> = { sms: 'E0000109', call: 'E0000133', email: 'E0000118' };

/** Refuses a further code within 30 seconds (mail: 5). */
export function checkInterval(call: Call, factor: Factor): void {
  const waitMs = factor.factorType === 'email' ? 5_000 : 30_000;
  const { sentAt } = factor.secret;
  if (typeof sentAt === 'number' && call.now - sentAt < waitMs) throw refuse(TOO_SOON[factor.factorType] ?? 'E0000109');
}

export function wrongCode(): ReturnType<typeof refuse> {
  return refuse('E0000068', ["Your passcode doesn't match our records. Please try again."]);
}

export function logFactor(call: Call, eventType: string, user: User, factor: Factor): void {
  logUser(call, eventType, user, {
    outcome: { result: 'SUCCESS', reason: `User set up ${factor.provider} ${factor.factorType} factor` },
    debugData: { factor: factor.factorType, factorId: factor.id },
  });
}

function profileFor(kind: FactorKind, asked: JsonObject, user: User, body: JsonObject): JsonObject {
  const login = profileText(user.profile, 'login');
  switch (kind.factorType) {
    case 'question': {
      const question = text(asked.question);
      const answer = text(asked.answer);
      if (question === undefined || !Object.hasOwn(QUESTIONS, question))
        throw invalid('factorEnrollRequest', ['Invalid security question.']);
      if (answer === undefined || answer.length < 4)
        throw invalid('factorEnrollRequest', ['The security question answer must be at least 4 characters in length']);
      return { question, questionText: QUESTIONS[question] };
    }
    case 'sms':
    case 'call': {
      const phoneNumber = text(asked.phoneNumber);
      if (phoneNumber === undefined || !/^\+?[0-9][0-9 ().-]{5,20}$/.test(phoneNumber))
        throw invalid('factorEnrollRequest', ['Invalid Phone Number.']);
      const shown = phoneNumber.replace(/[ ().-]/g, '');
      const extension = text(asked.phoneExtension);
      return {
        phoneNumber: shown.startsWith('+') ? shown : `+${shown}`,
        ...(kind.factorType === 'call' && extension !== undefined ? { phoneExtension: extension } : {}),
      };
    }
    case 'email':
      return { email: text(asked.email) ?? profileText(user.profile, 'email') };
    case 'webauthn':
      return { credentialId: login, authenticatorName: text(asked.authenticatorName) ?? 'Security key' };
    case 'token:hotp':
    case 'hotp':
      if (text(body.factorProfileId) === undefined) throw invalid('factorProfileId', ['factorProfileId: The field cannot be left blank']);
      return { ...(text(asked.sharedSecret) === undefined ? {} : { sharedSecret: asked.sharedSecret }) };
    default:
      return { credentialId: text(asked.credentialId) ?? login };
  }
}

/** One factor of a kind: a pending one is replaced, an active one stands in the way. */
function replacePending(call: Call, user: User, kind: FactorKind, profile: JsonObject): void {
  for (const other of call.org.factors.by(user.id)) {
    if (other.factorType !== kind.factorType || other.provider !== kind.provider) continue;
    if (kind.factorType === 'webauthn' || kind.factorType === 'u2f') {
      if (other.status === 'PENDING_ACTIVATION') call.org.factors.delete(other.id);
      continue;
    }
    if (other.status !== 'PENDING_ACTIVATION') {
      const isPhone = kind.factorType === 'sms' || kind.factorType === 'call';
      const mayMove = isPhone && call.query.get('updatePhone') === 'true' && other.profile.phoneNumber !== profile.phoneNumber;
      if (!mayMove)
        throw invalid('factorEnrollRequest', [
          isPhone ? 'There is an existing verified phone number.' : 'A factor of this type is already set up.',
        ]);
    }
    call.org.factors.delete(other.id);
  }
}

function secretFor(call: Call, kind: FactorKind, asked: JsonObject): JsonObject {
  const { random } = call.org;
  switch (kind.activation) {
    case 'sent-code':
      return { sentAt: call.now };
    case 'generated-code':
      return { shared: text(asked.sharedSecret) ?? random.text(16, BASE32), handle: random.text(20) };
    case 'device':
      return { handle: random.text(20) };
    case 'none':
      return { ...(text(asked.answer) === undefined ? {} : { answer: asked.answer }) };
  }
}

function checkTokenCode(body: JsonObject): void {
  const passCode = isObject(body.verify) ? text(body.verify.passCode) : text(body.passCode);
  if (passCode === undefined) throw invalid(ENROLL, ['passCode: The field cannot be left blank']);
}

export function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
