import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto';
import { OrgqlError } from '../../util/errors.ts';

/** A signed statement of who the client is (RFC 7523), good for five minutes. */
export async function clientAssertion(options: {
  readonly key: string;
  readonly clientId: string;
  readonly audience: string;
  readonly now: number;
  readonly keyId: string | undefined;
  readonly algorithm: string | undefined;
}): Promise<string> {
  const { key, keyId } = importKey(options.key);
  const { SignJWT } = await import('jose');
  const issuedAt = Math.floor(options.now / 1000);
  const kid = options.keyId ?? keyId;
  return new SignJWT({})
    .setProtectedHeader({ alg: options.algorithm ?? algorithmOf(key), ...(kid === undefined ? {} : { kid }) })
    .setIssuer(options.clientId)
    .setSubject(options.clientId)
    .setAudience(options.audience)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 300)
    .sign(key);
}

function importKey(text: string): { readonly key: KeyObject; readonly keyId: string | undefined } {
  try {
    if (text.trimStart().startsWith('{')) {
      const jwk = JSON.parse(text) as { readonly kid?: unknown };
      return { key: createPrivateKey({ key: jwk as never, format: 'jwk' }), keyId: typeof jwk.kid === 'string' ? jwk.kid : undefined };
    }
    // Environment variables often carry line breaks as two characters.
    return { key: createPrivateKey(text.replaceAll('\\n', '\n')), keyId: undefined };
  } catch {
    // The parser's own message may quote the key.
    throw new OrgqlError('missing_credential', 'The private key cannot be read', {
      hint: 'It must be PEM (BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY) without a passphrase, or a JWK as JSON.',
    });
  }
}

function algorithmOf(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case 'secp384r1':
      return 'ES384';
    case 'secp521r1':
      return 'ES512';
    default:
      return 'ES256';
  }
}
