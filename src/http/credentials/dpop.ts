import { createHash, randomUUID } from 'node:crypto';
import type { Address } from '../request/address.ts';
import type { Clock } from '../types.ts';

/** Proves possession of a key that lives as long as this process (RFC 9449 §4). */
export interface Prover {
  readonly prove: (request: {
    readonly verb: string;
    readonly url: Address;
    readonly nonce?: string;
    readonly accessToken?: string;
  }) => Promise<string>;
}

/** Makes the key pair. */
export async function createProver(clock: Clock): Promise<Prover> {
  const { exportJWK, generateKeyPair, SignJWT } = await import('jose');
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return {
    prove: ({ verb, url, nonce, accessToken }) =>
      new SignJWT({
        htm: verb,
        htu: `${url.origin}${url.pathname}`,
        ...(nonce === undefined ? {} : { nonce }),
        ...(accessToken === undefined ? {} : { ath: createHash('sha256').update(accessToken).digest('base64url') }),
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt(Math.floor(clock.now() / 1000))
        .setJti(randomUUID())
        .sign(privateKey),
  };
}
