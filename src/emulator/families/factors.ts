import type { Factor, User } from '../model.ts';
import { notFound } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { activateFactor, enroll, logFactor, resend } from './factors/enroll.ts';
import { FACTOR_KINDS, QUESTIONS } from './factors/kinds.ts';
import { factorJson } from './factors/render.ts';
import { cancelTransaction, pollTransaction, verify } from './factors/verify.ts';
import { userOf } from './users/changes.ts';

const ALL = '/api/v1/users/{userId}/factors';
const ONE = `${ALL}/{factorId}`;

/** Users' factors: enrolled, activated, verified and taken away. Never paged. */
export const factors: Family = {
  name: 'factors',
  routes: [
    { method: 'GET', path: ALL, handle: listFactors },
    { method: 'POST', path: ALL, handle: enroll },
    { method: 'GET', path: `${ALL}/catalog`, handle: catalog },
    { method: 'GET', path: `${ALL}/questions`, handle: questions },
    { method: 'GET', path: ONE, handle: withFactor((call, _user, factor) => json(200, factorJson(call.org, factor))) },
    { method: 'DELETE', path: ONE, handle: withFactor(unenroll) },
    { method: 'POST', path: `${ONE}/lifecycle/activate`, handle: withFactor(activateFactor) },
    { method: 'POST', path: `${ONE}/resend`, handle: withFactor((call, _user, factor) => resend(call, factor)) },
    { method: 'POST', path: `${ONE}/verify`, handle: withFactor(verify) },
    { method: 'GET', path: `${ONE}/transactions/{transactionId}`, handle: withFactor(pollTransaction) },
    {
      method: 'DELETE',
      path: `${ONE}/transactions/{transactionId}`,
      handle: withFactor((call, _user, factor) => cancelTransaction(call, factor)),
    },
  ],
};

function withFactor(handle: (call: Call, user: User, factor: Factor) => Reply): (call: Call) => Reply {
  return (call) => {
    const user = userOf(call);
    const id = call.params.factorId ?? '';
    const factor = call.org.factors.get(id);
    if (factor === undefined || factor.userId !== user.id) throw notFound(id, 'UserFactor');
    return handle(call, user, factor);
  };
}

function listFactors(call: Call): Reply {
  const user = userOf(call);
  return json(
    200,
    call.org.factors.by(user.id).map((factor) => factorJson(call.org, factor)),
  );
}

function unenroll(call: Call, user: User, factor: Factor): Reply {
  call.org.factors.delete(factor.id);
  logFactor(call, 'user.mfa.factor.deactivate', user, factor);
  return empty(204);
}

function catalog(call: Call): Reply {
  const user = userOf(call);
  const own = call.org.factors.by(user.id);
  const href = `${call.org.origin}/api/v1/users/${user.id}/factors`;
  const items = FACTOR_KINDS.filter((kind) => kind.isOffered).map((kind): JsonObject => {
    const enrolled = own.find((factor) => factor.factorType === kind.factorType && factor.provider === kind.provider);
    return {
      factorType: kind.factorType,
      provider: kind.provider,
      vendorName: kind.vendorName,
      _links: {
        ...(kind.factorType === 'question' ? { questions: { href: `${href}/questions`, hints: { allow: ['GET'] } } } : {}),
        enroll: { href, hints: { allow: ['POST'] } },
      },
      status: enrolled?.status ?? 'NOT_SETUP',
      enrollment: 'OPTIONAL',
    };
  });
  return json(200, items);
}

function questions(call: Call): Reply {
  userOf(call);
  return json(
    200,
    Object.entries(QUESTIONS).map(([question, questionText]) => ({ question, questionText })),
  );
}
