import { createHash } from 'node:crypto';
import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';
import { isoTime } from '../../time.ts';
import type { JsonObject } from '../../types.ts';
import { certificateOf, randomModulus } from './certificates.ts';
import { type App, pairId } from './store.ts';

/** A signing key of an app. `id` is `{appId}/{kid}`. */
export interface AppKey {
  readonly id: string;
  readonly appId: string;
  readonly kid: string;
  readonly created: number;
  readonly lastUpdated: number;
  readonly expiresAt: number;
  /** The RSA modulus, and the signature on the certificate where the real key made one. */
  readonly modulus: Buffer;
  /** The certificate in DER; made from the modulus when it is first shown, if absent. */
  readonly certificate?: Buffer;
}

export const APP_KEYS = defineCollection<AppKey>('appKeys', (key) => key.appId);

/** A certificate that an app has asked for. `id` is `{appId}/{csrId}`. */
export interface AppSigningRequest {
  readonly id: string;
  readonly appId: string;
  readonly csrId: string;
  readonly created: number;
  /** PKCS#10 in base64. */
  readonly text: string;
  readonly modulus: Buffer;
}

export const APP_REQUESTS = defineCollection<AppSigningRequest>('appSigningRequests', (request) => request.appId);

/** Keys of an app in order of creation. Apps without keys of their own show the org's. */
export function keysOf(org: Org, app: Pick<App, 'id' | 'created' | 'signOnMode'>): AppKey[] {
  const own = org.collection(APP_KEYS).by(app.id);
  const hasOwn = app.signOnMode === 'SAML_2_0' || app.signOnMode === 'SAML_1_1' || app.signOnMode === 'WS_FEDERATION';
  const keys = hasOwn
    ? own
    : [{ ...orgKey(org), id: pairId(app.id, orgKey(org).kid), appId: app.id, created: app.created, lastUpdated: app.created }, ...own];
  return keys.sort((a, b) => a.created - b.created || (a.kid < b.kid ? -1 : 1));
}

/** The key that apps of OpenID Connect are signed with: the org's own, made with the org. */
export function orgKey(org: Org): AppKey {
  return org.value('orgSigningKey', () => {
    const created = org.groups.get(org.everyoneId)?.created ?? org.clock.now();
    const kid = org.random.text(43);
    return {
      id: kid,
      appId: '',
      kid,
      created,
      lastUpdated: created,
      expiresAt: created + 10 * 365 * 86_400_000,
      modulus: randomModulus(org.random),
    };
  }).value;
}

export function keyJson(org: Org, key: AppKey): JsonObject {
  const certificate =
    key.certificate ?? certificateOf({ subject: org.subdomain, from: key.created, until: key.expiresAt, modulus: key.modulus });
  return {
    kty: 'RSA',
    created: isoTime(key.created),
    lastUpdated: isoTime(key.lastUpdated),
    expiresAt: isoTime(key.expiresAt),
    kid: key.kid,
    use: 'sig',
    x5c: [certificate.toString('base64')],
    'x5t#S256': createHash('sha256').update(certificate).digest('base64url'),
    e: 'AQAB',
    n: key.modulus.toString('base64url'),
  };
}
