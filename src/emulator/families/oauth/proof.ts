import { createHash } from 'node:crypto';
import type { ProofCheck } from '../../credentials.ts';
import type { Org } from '../../org.ts';
import { oauthError, type Refusal } from '../../refusal.ts';
import { isObject } from '../../reply.ts';
import { isSignedBy, readJwt, thumbprintOf } from './jwt.ts';

const NONCE_MS = 24 * 3_600_000;
const SKEW_MS = 5 * 60_000;

/** The nonce that proofs to the token endpoint must carry; a new one each day. */
export function currentNonce(org: Org): string {
  const state = org.value('dpopNonce', () => ({ text: '', until: 0 }));
  if (org.clock.now() >= state.value.until) state.value = { text: org.random.text(40), until: org.clock.now() + NONCE_MS };
  return state.value.text;
}

/** What a proof must be about. */
export interface ProofSubject {
  readonly method: string;
  readonly url: string;
  /** The access token that it goes with. */
  readonly accessToken?: string;
  /** Whether it must carry the org's nonce. */
  readonly needsNonce: boolean;
}

/** Checks a proof of possession; gives the thumbprint of its key. Refuses with 400 `invalid_dpop_proof` or `use_dpop_nonce`. @see RFC 9449 §4.3 */
export function checkProof(org: Org, proof: string, subject: ProofSubject): string {
  const jwt = readJwt(proof);
  const key = jwt?.header.jwk;
  if (jwt === undefined || jwt.header.typ !== 'dpop+jwt' || !isObject(key)) throw bad('The DPoP proof JWT is malformed.');
  if (key.d !== undefined) throw bad('The DPoP proof JWT header must not hold a private key.');
  if (!isSignedBy(jwt, key)) throw bad('The DPoP proof JWT signature is invalid.');
  const { htm, htu, iat, jti, nonce, ath } = jwt.payload;
  if (htm !== subject.method) throw bad("The DPoP proof JWT's 'htm' claim does not match the request.");
  if (typeof htu !== 'string' || !isSamePlace(htu, subject.url, org))
    throw bad("The DPoP proof JWT's 'htu' claim does not match the request.");
  if (typeof jti !== 'string' || jti === '') throw bad("The DPoP proof JWT has no 'jti' claim.");
  if (typeof iat !== 'number' || Math.abs(iat * 1000 - org.clock.now()) > SKEW_MS)
    throw bad("The DPoP proof JWT's 'iat' claim is too old or in the future.");
  if (subject.needsNonce && nonce !== currentNonce(org)) {
    throw oauthError(400, 'use_dpop_nonce', 'Authorization server requires nonce in DPoP proof.', [['dpop-nonce', currentNonce(org)]]);
  }
  if (subject.accessToken !== undefined && ath !== createHash('sha256').update(subject.accessToken).digest('base64url')) {
    throw bad("The DPoP proof JWT's 'ath' claim does not match the access token.");
  }
  if (!remember(org, `${thumbprintOf(key)} ${jti}`)) throw bad("The DPoP proof JWT's 'jti' claim has been used before.");
  return thumbprintOf(key);
}

function bad(description: string): Refusal {
  return oauthError(400, 'invalid_dpop_proof', description);
}

/** The same path on the org's origin or on the one that the request came by; the query does not count. */
function isSamePlace(htu: string, url: string, org: Org): boolean {
  if (!URL.canParse(htu)) return false;
  const [claimed, actual] = [new URL(htu), new URL(url)];
  return claimed.pathname === actual.pathname && (claimed.host === actual.host || claimed.host === new URL(org.origin).host);
}

/** Whether the text is new. Texts of proofs too old to be taken are forgotten. */
function remember(org: Org, text: string): boolean {
  const seen = org.value('dpopProofs', () => new Map<string, number>()).value;
  const now = org.clock.now();
  for (const [old, until] of seen) {
    if (until > now) break;
    seen.delete(old);
  }
  if (seen.has(text)) return false;
  seen.set(text, now + 2 * SKEW_MS);
  return true;
}

/** Holds an access token to the key that it is bound to. */
export const checkTokenProof: ProofCheck = (org, token, scheme, header, method, url) => {
  const bound = org.accessTokens.get(token)?.thumbprint;
  if (bound === undefined) {
    if (scheme === 'dpop') throw bad('The access token is not bound to a key: send it as a bearer token.');
    return;
  }
  const proof = header('dpop');
  if (scheme !== 'dpop' || proof === undefined) throw bad('The DPoP proof JWT header is missing.');
  if (checkProof(org, proof, { method, url, accessToken: token, needsNonce: false }) !== bound)
    throw bad('The access token is bound to another key.');
};
