import { X509Certificate } from 'node:crypto';
import { target } from '../../log-writer.ts';
import { invalid, notFound } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply, Route } from '../../types.ts';
import { certificateOf, makeKeyPair, signingRequestOf } from './certificates.ts';
import { objectOf } from './defaults.ts';
import { APP_KEYS, APP_REQUESTS, type AppKey, type AppSigningRequest, keyJson, keysOf } from './keys.ts';
import { appOf } from './list.ts';
import { APPS, type App, pairId } from './store.ts';

const APP = '/api/v1/apps/{appId}/credentials';
const CSR = `${APP}/csrs/{csrId}`;

/** Signing keys of apps, and the requests for certificates of one's own. */
export const keyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${APP}/keys`,
    handle: (call) =>
      json(
        200,
        keysOf(call.org, appOf(call)).map((key) => keyJson(call.org, key)),
      ),
  },
  { method: 'POST', path: `${APP}/keys/generate`, handle: generateKey },
  { method: 'GET', path: `${APP}/keys/{keyId}`, handle: (call) => json(200, keyJson(call.org, keyOf(call, appOf(call)))) },
  { method: 'POST', path: `${APP}/keys/{keyId}/clone`, handle: cloneKey },
  {
    method: 'GET',
    path: `${APP}/csrs`,
    handle: (call) =>
      json(
        200,
        call.org
          .collection(APP_REQUESTS)
          .by(appOf(call).id)
          .map((request) => requestJson(call, request)),
      ),
  },
  { method: 'POST', path: `${APP}/csrs`, handle: createRequest },
  { method: 'GET', path: CSR, handle: (call) => json(200, requestJson(call, requestOf(call))) },
  { method: 'DELETE', path: CSR, handle: deleteRequest },
  { method: 'POST', path: `${CSR}/lifecycle/publish`, handle: publish, consumes: 'any' },
];

function keyOf(call: Call, app: App): AppKey {
  const kid = call.params.keyId ?? '';
  const key = keysOf(call.org, app).find((one) => one.kid === kid);
  if (key === undefined) throw notFound(kid, 'JsonWebKey');
  return key;
}

function generateKey(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const years = Number(call.query.get('validityYears') ?? '2');
  if (!Number.isInteger(years) || years < 2 || years > 10) throw invalid('validityYears', ['validityYears: must be between 2 and 10']);
  const created = wholeSecond(call.now);
  const expires = new Date(created);
  expires.setUTCFullYear(expires.getUTCFullYear() + years);
  const { key, modulus } = makeKeyPair();
  const kid = org.random.text(43);
  const certificate = certificateOf({ subject: org.subdomain, from: created, until: expires.getTime(), modulus, key });
  const made = org.collection(APP_KEYS).put({
    id: pairId(app.id, kid),
    appId: app.id,
    kid,
    created,
    lastUpdated: created,
    expiresAt: expires.getTime(),
    modulus,
    certificate,
  });
  logKey(call, 'app.keys.generate', app, made);
  return json(201, keyJson(org, made));
}

function cloneKey(call: Call): Reply {
  const { org } = call;
  const key = keyOf(call, appOf(call));
  const targetId = call.query.get('targetAid') ?? '';
  if (targetId === '') throw invalid('targetAid', ['targetAid: The field cannot be left blank']);
  const app = org.collection(APPS).get(targetId);
  if (app === undefined) throw notFound(targetId, 'AppInstance');
  if (keysOf(org, app).some((one) => one.kid === key.kid))
    throw invalid('kid', [`kid: Key with kid ${key.kid} already exists in the application`]);
  const copy = org.collection(APP_KEYS).put({ ...key, id: pairId(app.id, key.kid), appId: app.id, lastUpdated: wholeSecond(call.now) });
  logKey(call, 'app.keys.clone', app, copy);
  return json(201, keyJson(org, copy));
}

const NAMES: readonly (readonly [property: string, id: readonly number[]])[] = [
  ['countryName', [2, 5, 4, 6]],
  ['stateOrProvinceName', [2, 5, 4, 8]],
  ['localityName', [2, 5, 4, 7]],
  ['organizationName', [2, 5, 4, 10]],
  ['organizationalUnitName', [2, 5, 4, 11]],
  ['commonName', [2, 5, 4, 3]],
];

function createRequest(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const body = call.json({ optional: true });
  const given = objectOf(body.subject);
  const subject = NAMES.flatMap(([property, id]): (readonly [readonly number[], string])[] => {
    const value = given[property];
    return typeof value === 'string' && value !== '' ? [[id, value]] : [];
  });
  const names = objectOf(body.subjectAltNames).dnsNames;
  const dnsNames = Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : [];
  const { key, modulus } = makeKeyPair();
  const csrId = org.random.text(43);
  const request = org.collection(APP_REQUESTS).put({
    id: pairId(app.id, csrId),
    appId: app.id,
    csrId,
    created: wholeSecond(call.now),
    text: signingRequestOf(subject, dnsNames, modulus, key).toString('base64'),
    modulus,
  });
  call.log('app.keys.generate_csr', { targets: [target('AppInstance', app.id, app.label, app.label)] });
  if ((call.header('accept') ?? '').includes('application/pkcs10'))
    return { status: 201, body: request.text, contentType: 'application/pkcs10; filename=okta.p10' };
  return json(201, requestJson(call, request));
}

function requestOf(call: Call): AppSigningRequest {
  const csrId = call.params.csrId ?? '';
  const request = call.org.collection(APP_REQUESTS).get(pairId(appOf(call).id, csrId));
  if (request === undefined) throw notFound(csrId, 'CSR');
  return request;
}

function requestJson(call: Call, request: AppSigningRequest): JsonObject {
  const self = `${call.org.origin}/api/v1/apps/${request.appId}/credentials/csrs/${request.csrId}`;
  return {
    id: request.csrId,
    created: isoTime(request.created),
    csr: request.text,
    kty: 'RSA',
    _links: {
      publish: { href: `${self}/lifecycle/publish`, hints: { allow: ['POST'] } },
      self: { href: self, hints: { allow: ['GET', 'DELETE'] } },
    },
  };
}

function deleteRequest(call: Call): Reply {
  call.org.collection(APP_REQUESTS).delete(requestOf(call).id);
  return empty(204);
}

/** Takes the certificate that somebody signed for a request: DER, PEM, or DER in base64. */
function publish(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const request = requestOf(call);
  const certificate = readCertificate(call);
  const jwk = certificate?.publicKey.export({ format: 'jwk' });
  if (certificate === undefined || jwk === undefined) throw invalid('certificate', ['The certificate is not valid.']);
  if (jwk.n !== request.modulus.toString('base64url')) throw invalid('certificate', ['The certificate does not match the CSR.']);
  const created = wholeSecond(call.now);
  const kid = request.csrId;
  org.collection(APP_REQUESTS).delete(request.id);
  const key = org.collection(APP_KEYS).put({
    id: pairId(app.id, kid),
    appId: app.id,
    kid,
    created,
    lastUpdated: created,
    expiresAt: Date.parse(certificate.validTo),
    modulus: request.modulus,
    certificate: certificate.raw,
  });
  logKey(call, 'app.keys.publish', app, key);
  return json(201, keyJson(org, key));
}

function readCertificate(call: Call): X509Certificate | undefined {
  const { body } = call.request;
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body ?? []);
  for (const candidate of [bytes, Buffer.from(bytes.toString('latin1').replace(/\s/g, ''), 'base64')]) {
    try {
      return new X509Certificate(candidate);
    } catch {
      // Not in this form: the next one is tried, and after the last the request is refused.
    }
  }
  return undefined;
}

function logKey(call: Call, eventType: string, app: App, key: AppKey): void {
  call.log(eventType, { targets: [target('AppInstance', app.id, app.label, app.label), target('AppKey', key.kid, key.kid)] });
}
