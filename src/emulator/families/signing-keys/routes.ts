import { X509Certificate } from 'node:crypto';
import type { CollectionKey } from '../../collection.ts';
import { link } from '../../links.ts';
import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { invalid, notFound } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { objectAt, textsAt } from '../../shape.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply, Route } from '../../types.ts';
import { certificateOf, signingRequestOf } from '../apps/certificates.ts';
import { type AppKey, type AppSigningRequest, keyJson } from '../apps/keys.ts';
import { pairId } from '../apps/store.ts';

/** Whose keys they are. */
export interface KeyOwner {
  readonly id: string;
  readonly label: string;
}

/** What apps and identity providers differ in. `appId` of a key or request is its owner's id. */
export interface KeyArea {
  /** Path of the owners: `/api/v1/apps`. */
  readonly base: string;
  readonly parameter: string;
  /** The owner of an id; refuses one that does not exist. */
  readonly ownerOf: (org: Org, id: string) => KeyOwner;
  readonly keysOf: (org: Org, owner: KeyOwner) => readonly AppKey[];
  readonly keys: CollectionKey<AppKey>;
  readonly requests: CollectionKey<AppSigningRequest>;
  /** Query name of the owner that a key is cloned to. */
  readonly cloneTo: string;
  /** Beginning of its log events, and the type of the owner in them. */
  readonly event: string;
  readonly entity: string;
}

const NAMES: readonly (readonly [property: string, id: readonly number[]])[] = [
  ['countryName', [2, 5, 4, 6]],
  ['stateOrProvinceName', [2, 5, 4, 8]],
  ['localityName', [2, 5, 4, 7]],
  ['organizationName', [2, 5, 4, 10]],
  ['organizationalUnitName', [2, 5, 4, 11]],
  ['commonName', [2, 5, 4, 3]],
];

/** Signing keys of apps or identity providers, and the requests for certificates of one's own. */
export function signingKeyRoutes(area: KeyArea): readonly Route[] {
  const credentials = `${area.base}/{${area.parameter}}/credentials`;
  const csr = `${credentials}/csrs/{csrId}`;
  const owner = (call: Call): KeyOwner => area.ownerOf(call.org, call.params[area.parameter] ?? '');
  return [
    {
      method: 'GET',
      path: `${credentials}/keys`,
      handle: (call) =>
        json(
          200,
          area.keysOf(call.org, owner(call)).map((key) => keyJson(call.org, key)),
        ),
    },
    { method: 'POST', path: `${credentials}/keys/generate`, handle: (call) => generateKey(call, area, owner(call)) },
    { method: 'GET', path: `${credentials}/keys/{keyId}`, handle: (call) => json(200, keyJson(call.org, keyOf(call, area, owner(call)))) },
    { method: 'POST', path: `${credentials}/keys/{keyId}/clone`, handle: (call) => cloneKey(call, area, owner(call)) },
    {
      method: 'GET',
      path: `${credentials}/csrs`,
      handle: (call) =>
        json(
          200,
          call.org
            .collection(area.requests)
            .by(owner(call).id)
            .map((request) => requestJson(call, area, request)),
        ),
    },
    { method: 'POST', path: `${credentials}/csrs`, handle: (call) => createRequest(call, area, owner(call)) },
    { method: 'GET', path: csr, handle: (call) => json(200, requestJson(call, area, requestOf(call, area, owner(call)))) },
    { method: 'DELETE', path: csr, handle: (call) => deleteRequest(call, area, owner(call)) },
    { method: 'POST', path: `${csr}/lifecycle/publish`, handle: (call) => publish(call, area, owner(call)), consumes: 'any' },
  ];
}

function keyOf(call: Call, area: KeyArea, owner: KeyOwner): AppKey {
  const kid = call.params.keyId ?? '';
  const key = area.keysOf(call.org, owner).find((one) => one.kid === kid);
  if (key === undefined) throw notFound(kid, 'JsonWebKey');
  return key;
}

function generateKey(call: Call, area: KeyArea, owner: KeyOwner): Reply {
  const { org } = call;
  const years = Number(call.query.get('validityYears') ?? '2');
  if (!Number.isInteger(years) || years < 2 || years > 10) throw invalid('validityYears', ['validityYears: must be between 2 and 10']);
  const created = wholeSecond(call.now);
  const expires = new Date(created);
  expires.setUTCFullYear(expires.getUTCFullYear() + years);
  const { key, modulus } = org.makeKeyPair();
  const kid = org.random.text(43);
  const certificate = certificateOf({ subject: org.subdomain, from: created, until: expires.getTime(), modulus, key });
  const made = org.collection(area.keys).put({
    id: pairId(owner.id, kid),
    appId: owner.id,
    kid,
    created,
    lastUpdated: created,
    expiresAt: expires.getTime(),
    modulus,
    certificate,
  });
  log(call, area, 'keys.generate', owner, made);
  return json(201, keyJson(org, made));
}

function cloneKey(call: Call, area: KeyArea, owner: KeyOwner): Reply {
  const { org } = call;
  const key = keyOf(call, area, owner);
  const targetId = call.query.get(area.cloneTo) ?? '';
  if (targetId === '') throw invalid(area.cloneTo, [`${area.cloneTo}: The field cannot be left blank`]);
  const receiver = area.ownerOf(org, targetId);
  if (area.keysOf(org, receiver).some((one) => one.kid === key.kid))
    throw invalid('kid', [`kid: Key with kid ${key.kid} already exists in the target`]);
  const copy = org
    .collection(area.keys)
    .put({ ...key, id: pairId(receiver.id, key.kid), appId: receiver.id, lastUpdated: wholeSecond(call.now) });
  log(call, area, 'keys.clone', receiver, copy);
  return json(201, keyJson(org, copy));
}

function createRequest(call: Call, area: KeyArea, owner: KeyOwner): Reply {
  const { org } = call;
  const body = call.json({ optional: true });
  const given = objectAt(body.subject);
  const subject = NAMES.flatMap(([property, id]): (readonly [readonly number[], string])[] => {
    const value = given[property];
    return typeof value === 'string' && value !== '' ? [[id, value]] : [];
  });
  const { key, modulus } = org.makeKeyPair();
  const csrId = org.random.text(43);
  const text = signingRequestOf(subject, textsAt(objectAt(body.subjectAltNames).dnsNames), modulus, key).toString('base64');
  const request = org
    .collection(area.requests)
    .put({ id: pairId(owner.id, csrId), appId: owner.id, csrId, created: wholeSecond(call.now), text, modulus });
  log(call, area, 'keys.generate_csr', owner, undefined);
  if ((call.header('accept') ?? '').includes('application/pkcs10')) {
    return { status: 201, body: request.text, contentType: 'application/pkcs10; filename=okta.p10' };
  }
  return json(201, requestJson(call, area, request));
}

function requestOf(call: Call, area: KeyArea, owner: KeyOwner): AppSigningRequest {
  const csrId = call.params.csrId ?? '';
  const request = call.org.collection(area.requests).get(pairId(owner.id, csrId));
  if (request === undefined) throw notFound(csrId, 'CertificateSigningRequest');
  return request;
}

function requestJson(call: Call, area: KeyArea, request: AppSigningRequest): JsonObject {
  const path = `${area.base}/${request.appId}/credentials/csrs/${request.csrId}`;
  return {
    id: request.csrId,
    created: isoTime(request.created),
    csr: request.text,
    kty: 'RSA',
    _links: { publish: link(call.org, `${path}/lifecycle/publish`, 'POST'), self: link(call.org, path, 'GET', 'DELETE') },
  };
}

function deleteRequest(call: Call, area: KeyArea, owner: KeyOwner): Reply {
  call.org.collection(area.requests).delete(requestOf(call, area, owner).id);
  log(call, area, 'keys.revoke_csr', owner, undefined);
  return empty(204);
}

/** Takes the certificate that somebody signed for a request: DER, PEM, or DER in base64. */
function publish(call: Call, area: KeyArea, owner: KeyOwner): Reply {
  const { org } = call;
  const request = requestOf(call, area, owner);
  const certificate = readCertificate(call.request.body);
  const jwk = certificate?.publicKey.export({ format: 'jwk' });
  if (certificate === undefined || jwk === undefined) throw invalid('certificate', ['The certificate is not valid.']);
  if (jwk.n !== request.modulus.toString('base64url')) throw invalid('certificate', ['The certificate does not match the CSR.']);
  const created = wholeSecond(call.now);
  org.collection(area.requests).delete(request.id);
  const key = org.collection(area.keys).put({
    id: pairId(owner.id, request.csrId),
    appId: owner.id,
    kid: request.csrId,
    created,
    lastUpdated: created,
    expiresAt: Date.parse(certificate.validTo),
    modulus: request.modulus,
    certificate: certificate.raw,
  });
  log(call, area, 'keys.publish', owner, key);
  return json(201, keyJson(org, key));
}

/** A certificate in any of the forms that it is sent in; `undefined` for what is none. */
export function readCertificate(body: string | Uint8Array | undefined): X509Certificate | undefined {
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

function log(call: Call, area: KeyArea, event: string, owner: KeyOwner, key: AppKey | undefined): void {
  call.log(`${area.event}.${event}`, {
    targets: [target(area.entity, owner.id, owner.label), ...(key === undefined ? [] : [target('Key', key.kid, key.kid)])],
  });
}
