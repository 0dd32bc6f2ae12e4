import { createHash, X509Certificate } from 'node:crypto';
import { target } from '../../log-writer.ts';
import { page } from '../../paging.ts';
import { invalid, notFound, Refusal } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { readBody, textsAt } from '../../shape.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { IDPS, TRUST_KEYS, type TrustKey } from './store.ts';

export function listTrustKeys(call: Call): Reply {
  return page(call, call.org.collection(TRUST_KEYS).list(), {
    limit: { fallback: 20, max: 200 },
    key: (key) => key.id,
    render: (key) => JSON.stringify(render(key)),
  });
}

function keyOf(call: Call): TrustKey {
  const id = call.params.keyId ?? '';
  const key = call.org.collection(TRUST_KEYS).get(id);
  if (key === undefined) throw notFound(id, 'IdpTrust');
  return key;
}

export function getTrustKey(call: Call): Reply {
  return json(200, render(keyOf(call)));
}

/** Takes one certificate, in base64 with whatever white space. One that is there already is refused with its kid. */
export function createTrustKey(call: Call): Reply {
  const { org } = call;
  const x5c = textsAt(readBody(call.json(), { x5c: ['string'] }).x5c);
  const [first] = x5c;
  if (first === undefined) throw invalid('x5c', ['x5c: The field cannot be left blank']);
  const certificate = parse(first);
  if (certificate === undefined) throw invalid('x5c', ['x5c: The certificate is not valid']);
  const known = org.collection(TRUST_KEYS).find((key) => key.certificate.equals(certificate.raw));
  if (known !== undefined) throw new Refusal('E0000096', { summary: `This certificate has already been uploaded with kid=${known.id}.` });
  const created = wholeSecond(call.now);
  const hex = org.random.text(32, '0123456789abcdef');
  const id = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
  const key = org.collection(TRUST_KEYS).put({ id, created, lastUpdated: created, x5c, certificate: certificate.raw });
  call.log('system.idp.key.create', { targets: [target('IdpKey', id, id)] });
  return json(200, render(key));
}

export function deleteTrustKey(call: Call): Reply {
  const key = keyOf(call);
  const user = call.org.collection(IDPS).find((idp) => JSON.stringify(idp.protocol).includes(`"${key.id}"`));
  if (user !== undefined) throw invalid('kid', [`The key is used by the identity provider ${user.name}`]);
  call.org.collection(TRUST_KEYS).delete(key.id);
  call.log('system.idp.key.delete', { targets: [target('IdpKey', key.id, key.id)] });
  return empty(204);
}

function parse(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(text.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, ''), 'base64'));
  } catch {
    return undefined;
  }
}

function render(key: TrustKey): JsonObject {
  const certificate = new X509Certificate(key.certificate);
  const jwk = certificate.publicKey.export({ format: 'jwk' });
  return {
    kty: 'RSA',
    created: isoTime(key.created),
    lastUpdated: isoTime(key.lastUpdated),
    expiresAt: isoTime(Date.parse(certificate.validTo)),
    alg: 'RSA',
    kid: key.id,
    use: 'sig',
    x5c: key.x5c,
    'x5t#S256': createHash('sha256').update(key.certificate).digest('base64url'),
    e: jwk.e ?? 'AQAB',
    n: jwk.n ?? '',
  };
}
