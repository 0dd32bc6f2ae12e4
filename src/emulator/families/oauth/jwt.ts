import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { isObject } from '../../reply.ts';
import type { JsonObject } from '../../types.ts';

/** A JSON Web Token taken apart. Nothing of it is verified. */
export interface Jwt {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** What the signature is over. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** A token in compact form; `undefined` for what is none. @see RFC 7519 */
export function readJwt(text: string): Jwt | undefined {
  const [header, payload, signature, ...rest] = text.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return undefined;
  const [head, body] = [parsePart(header), parsePart(payload)];
  if (head === undefined || body === undefined) return undefined;
  return { header: head, payload: body, signed: `${header}.${payload}`, signature: Buffer.from(signature, 'base64url') };
}

function parsePart(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const HASHES: Readonly<Record<string, string>> = {
  RS256: 'sha256',
  RS384: 'sha384',
  RS512: 'sha512',
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
};

/** Whether a public key made the signature. A symmetric or unknown algorithm never did. */
export function isSignedBy(jwt: Jwt, key: JsonObject): boolean {
  const algorithm = String(jwt.header.alg);
  const hash = HASHES[algorithm];
  if (hash === undefined || key.kty !== (algorithm.startsWith('RS') ? 'RSA' : 'EC')) return false;
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
  } catch {
    return false;
  }
  return verify(hash, Buffer.from(jwt.signed), { key: publicKey, dsaEncoding: 'ieee-p1363' }, jwt.signature);
}

/** @see RFC 7638 */
export function thumbprintOf(key: JsonObject): string {
  const members = key.kty === 'RSA' ? { e: key.e, kty: key.kty, n: key.n } : { crv: key.crv, kty: key.kty, x: key.x, y: key.y };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
