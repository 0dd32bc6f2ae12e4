import { createHash } from 'node:crypto';
import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';
import { isoTime } from '../../time.ts';
import type { JsonObject } from '../../types.ts';
import { certificateOf } from './certificates.ts';

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

/** Keys of an app in order of creation. */
export function keysOf(org: Org, appId: string): AppKey[] {
  return org
    .collection(APP_KEYS)
    .by(appId)
    .sort((a, b) => a.created - b.created || (a.kid < b.kid ? -1 : 1));
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
