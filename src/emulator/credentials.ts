import { type ApiToken, profileText } from './model.ts';
import type { Org } from './org.ts';
import { Refusal, refuse } from './refusal.ts';
import { wholeSecond } from './time.ts';
import type { Actor } from './types.ts';

const DAY_MS = 86_400_000;
const LIFETIME_MS = 30 * DAY_MS;

/** Each use moves a token's end to 30 days on; written down once a day, since it stands in the list of tokens. */
function slide(org: Org, token: ApiToken): void {
  const now = wholeSecond(org.clock.now());
  if (token.expiresAt - now < LIFETIME_MS - DAY_MS) org.apiTokens.put({ ...token, lastUpdated: now, expiresAt: now + LIFETIME_MS });
}

/** Lets an OAuth family check what comes with a bearer token (DPoP proofs). Throws a refusal if it does not hold. */
export type ProofCheck = (
  org: Org,
  token: string,
  scheme: string,
  header: (name: string) => string | undefined,
  method: string,
  url: string,
) => void;

/** The caller, by the Authorization header. Refuses with 401 E0000011. */
export function authenticate(
  org: Org,
  header: (name: string) => string | undefined,
  method: string,
  url: string,
  checkProof?: ProofCheck,
): Actor {
  const given = header('authorization') ?? '';
  const apiToken = apiTokenOf(given);
  if (apiToken !== undefined) return ofApiToken(org, apiToken);
  const space = given.indexOf(' ');
  const scheme = given.slice(0, space).toLowerCase();
  const credential = given.slice(space + 1).trim();
  if (scheme === 'bearer' || scheme === 'dpop') {
    const token = org.accessTokens.get(credential);
    if (token === undefined || token.expiresAt <= org.clock.now()) {
      throw new Refusal('E0000011', { headers: [['www-authenticate', `${scheme === 'dpop' ? 'DPoP' : 'Bearer'} error="invalid_token"`]] });
    }
    checkProof?.(org, credential, scheme, header, method, url);
    return {
      id: token.clientId,
      type: 'PublicClientApp',
      alternateId: token.clientId,
      displayName: token.clientId,
      credentialId: token.clientId,
      scopes: token.scopes,
    };
  }
  throw refuse('E0000011');
}

/** The API token of an `Authorization` header. Okta takes one that no space sets off from its scheme, which is how its Python SDK sends it. */
export function apiTokenOf(authorization: string): string | undefined {
  return /^SSWS\s*(\S+)\s*$/i.exec(authorization)?.[1];
}

function ofApiToken(org: Org, secret: string): Actor {
  const token = org.apiTokens.by(secret)[0];
  const owner = token === undefined ? undefined : org.users.get(token.userId);
  if (token === undefined || owner === undefined || token.expiresAt <= org.clock.now() || owner.status === 'DEPROVISIONED')
    throw refuse('E0000011');
  slide(org, token);
  return {
    id: owner.id,
    type: 'User',
    alternateId: profileText(owner.profile, 'login'),
    displayName: `${profileText(owner.profile, 'firstName')} ${profileText(owner.profile, 'lastName')}`.trim(),
    credentialId: token.id,
  };
}
