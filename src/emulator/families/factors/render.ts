import type { Factor } from '../../model.ts';
import type { Org } from '../../org.ts';
import { isoTime } from '../../time.ts';
import type { Json, JsonObject } from '../../types.ts';

const RESENDABLE: ReadonlySet<string> = new Set(['sms', 'call', 'email']);

/** A factor as it is shown; what activation needs stands in `_embedded` while it is pending. */
export function factorJson(org: Org, factor: Factor): JsonObject {
  const user = `${org.origin}/api/v1/users/${factor.userId}`;
  const self = `${user}/factors/${factor.id}`;
  const isPending = factor.status === 'PENDING_ACTIVATION';
  const post = { allow: ['POST'] };
  const links: Record<string, Json> = {};
  if (isPending && RESENDABLE.has(factor.factorType)) links.resend = [{ name: factor.factorType, href: `${self}/resend`, hints: post }];
  if (isPending) links[factor.factorType === 'push' ? 'poll' : 'activate'] = { href: `${self}/lifecycle/activate`, hints: post };
  links.self = { href: self, hints: { allow: isPending ? ['GET'] : ['GET', 'DELETE'] } };
  if (!isPending) links.verify = { href: `${self}/verify`, hints: post };
  if (factor.factorType === 'question') links.questions = { href: `${user}/factors/questions`, hints: { allow: ['GET'] } };
  links.user = { href: user, hints: { allow: ['GET'] } };
  const activation = isPending ? activationOf(org, factor) : undefined;
  return {
    id: factor.id,
    factorType: factor.factorType,
    provider: factor.provider,
    vendorName: factor.vendorName,
    status: factor.status,
    created: isoTime(factor.created),
    lastUpdated: isoTime(factor.lastUpdated),
    profile: factor.profile,
    _links: links,
    ...(activation === undefined ? {} : { _embedded: { activation } }),
  };
}

function activationOf(org: Org, factor: Factor): JsonObject | undefined {
  const { secret } = factor;
  const qrcode = {
    href: `${org.origin}/api/v1/users/${factor.userId}/factors/${factor.id}/qr/${String(secret.handle ?? '')}`,
    type: 'image/png',
  };
  switch (factor.factorType) {
    case 'token:software:totp':
      return { timeStep: 30, sharedSecret: secret.shared ?? null, encoding: 'base32', keyLength: 6, _links: { qrcode } };
    case 'push':
      return { expiresAt: isoTime(factor.created + 300_000), factorResult: 'WAITING', _links: { qrcode } };
    case 'u2f':
      return { version: 'U2F_V2', appId: org.origin, nonce: secret.handle ?? null, timeoutSeconds: 20 };
    case 'webauthn':
      return {
        attestation: 'direct',
        authenticatorSelection: { userVerification: 'optional', requireResidentKey: false },
        challenge: secret.handle ?? null,
        excludeCredentials: [],
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        user: { id: factor.userId, name: String(factor.profile.name ?? ''), displayName: String(factor.profile.name ?? '') },
      };
    default:
      return undefined;
  }
}
