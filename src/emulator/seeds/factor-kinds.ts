import { type Factor, profileText, type User } from '../model.ts';
import type { Org } from '../org.ts';
import { wholeSecond } from '../time.ts';
import type { JsonObject } from '../types.ts';

interface FactorKind {
  readonly factorType: string;
  readonly provider: string;
  readonly vendorName: string;
  /** First three characters of ids. */
  readonly prefix: string;
  readonly profile: (user: User, org: Org) => JsonObject;
}

const phone = (_: User, org: Org): JsonObject => ({ phoneNumber: `+1415555${String(org.random.below(10_000)).padStart(4, '0')}` });
const login = (user: User): JsonObject => ({ credentialId: profileText(user.profile, 'login') });

/** The kinds of factor that Okta has, by the name that seeds use. A password is none of them. */
export const FACTOR_KINDS = {
  push: {
    factorType: 'push',
    provider: 'OKTA',
    vendorName: 'OKTA',
    prefix: 'opf',
    profile: (user, org) => ({
      credentialId: profileText(user.profile, 'login'),
      deviceType: 'SmartPhone_IPhone',
      keys: [{ kty: 'EC', use: 'sig', kid: 'default', x: org.random.text(43), y: org.random.text(43), crv: 'P-256' }],
      name: `${profileText(user.profile, 'firstName')}'s phone`,
      platform: 'IOS',
      version: '17.5',
    }),
  },
  signed_nonce: {
    factorType: 'signed_nonce',
    provider: 'OKTA',
    vendorName: 'OKTA',
    prefix: 'lff',
    profile: (user) => ({
      credentialId: profileText(user.profile, 'login'),
      deviceType: 'Laptop',
      name: 'Okta Verify',
      platform: 'MACOS',
      version: '14.4',
    }),
  },
  totp: { factorType: 'token:software:totp', provider: 'OKTA', vendorName: 'OKTA', prefix: 'ost', profile: login },
  googleTotp: { factorType: 'token:software:totp', provider: 'GOOGLE', vendorName: 'GOOGLE', prefix: 'uft', profile: login },
  sms: { factorType: 'sms', provider: 'OKTA', vendorName: 'OKTA', prefix: 'mbl', profile: phone },
  call: { factorType: 'call', provider: 'OKTA', vendorName: 'OKTA', prefix: 'clf', profile: phone },
  email: {
    factorType: 'email',
    provider: 'OKTA',
    vendorName: 'OKTA',
    prefix: 'emf',
    profile: (user) => ({ email: profileText(user.profile, 'email') }),
  },
  question: {
    factorType: 'question',
    provider: 'OKTA',
    vendorName: 'OKTA',
    prefix: 'ufs',
    profile: () => ({ question: 'favorite_sports_player', questionText: 'Who is your favorite sports player?' }),
  },
  webauthn: {
    factorType: 'webauthn',
    provider: 'FIDO',
    vendorName: 'FIDO',
    prefix: 'fwf',
    profile: (_, org) => ({ credentialId: org.random.text(43), authenticatorName: 'Security key', appId: null, version: null }),
  },
  u2f: {
    factorType: 'u2f',
    provider: 'FIDO',
    vendorName: 'FIDO',
    prefix: 'fuf',
    profile: (_, org) => ({ credentialId: org.random.text(43), appId: org.origin, version: 'U2F_V2' }),
  },
  yubikey: {
    factorType: 'token:hardware',
    provider: 'YUBICO',
    vendorName: 'YUBICO',
    prefix: 'ykf',
    profile: (_, org) => ({ credentialId: `0000${org.random.text(8, '0123456789')}` }),
  },
  symantec: {
    factorType: 'token',
    provider: 'SYMANTEC',
    vendorName: 'SYMANTEC',
    prefix: 'ufv',
    profile: (_, org) => ({ credentialId: `VSMT${org.random.text(8, '0123456789')}` }),
  },
  rsa: { factorType: 'token', provider: 'RSA', vendorName: 'RSA', prefix: 'rsa', profile: login },
  duo: { factorType: 'web', provider: 'DUO', vendorName: 'DUO', prefix: 'ufd', profile: login },
  hotp: { factorType: 'token:hotp', provider: 'CUSTOM', vendorName: 'Custom token', prefix: 'hto', profile: login },
} as const satisfies Readonly<Record<string, FactorKind>>;

export type FactorKindName = keyof typeof FACTOR_KINDS;
export const FACTOR_KIND_NAMES = Object.keys(FACTOR_KINDS) as readonly FactorKindName[];

/** Puts a factor into the org as a seed wants it. Logs nothing. */
export function makeFactor(org: Org, user: User, name: FactorKindName, status: Factor['status'], createdMs: number): Factor {
  const kind: FactorKind = FACTOR_KINDS[name];
  const created = wholeSecond(createdMs);
  return org.factors.put({
    id: org.ids.next(kind.prefix),
    userId: user.id,
    factorType: kind.factorType,
    provider: kind.provider,
    vendorName: kind.vendorName,
    status,
    created,
    lastUpdated: created,
    profile: kind.profile(user, org),
    secret: secretOf(name),
  });
}

/** What verifies the factor: the emulator's families read these. */
function secretOf(name: FactorKindName): JsonObject {
  if (name === 'question') return { answer: 'mostly harmless' };
  if (name === 'totp' || name === 'googleTotp' || name === 'hotp') return { sharedSecret: 'JBSWY3DPEHPK3PXP' };
  return {};
}
