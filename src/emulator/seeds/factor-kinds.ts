import { kindOf, QUESTIONS } from '../families/factors/kinds.ts';
import { type Factor, profileText, type User } from '../model.ts';
import type { Org } from '../org.ts';
import { wholeSecond } from '../time.ts';
import type { JsonObject } from '../types.ts';

interface SeedFactor {
  readonly factorType: string;
  readonly provider: string;
  readonly profile: (user: User, org: Org) => JsonObject;
}

const phone = (_: User, org: Org): JsonObject => ({ phoneNumber: `+1415555${String(org.random.below(10_000)).padStart(4, '0')}` });
const login = (user: User): JsonObject => ({ credentialId: profileText(user.profile, 'login') });
const serial = (org: Org): string => org.random.text(8, '0123456789');

/** The kinds of factor that Okta has, by the name that seeds use. A password is none of them. */
export const SEED_FACTORS = {
  push: {
    factorType: 'push',
    provider: 'OKTA',
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
    profile: (user) => ({
      credentialId: profileText(user.profile, 'login'),
      deviceType: 'Laptop',
      name: 'Okta Verify',
      platform: 'MACOS',
      version: '14.4',
    }),
  },
  totp: { factorType: 'token:software:totp', provider: 'OKTA', profile: login },
  googleTotp: { factorType: 'token:software:totp', provider: 'GOOGLE', profile: login },
  sms: { factorType: 'sms', provider: 'OKTA', profile: phone },
  call: { factorType: 'call', provider: 'OKTA', profile: phone },
  email: { factorType: 'email', provider: 'OKTA', profile: (user) => ({ email: profileText(user.profile, 'email') }) },
  question: {
    factorType: 'question',
    provider: 'OKTA',
    profile: () => ({ question: 'favorite_art_piece', questionText: QUESTIONS.favorite_art_piece }),
  },
  webauthn: {
    factorType: 'webauthn',
    provider: 'FIDO',
    profile: (_, org) => ({ credentialId: org.random.text(43), authenticatorName: 'Security key', appId: null, version: null }),
  },
  u2f: {
    factorType: 'u2f',
    provider: 'FIDO',
    profile: (_, org) => ({ credentialId: org.random.text(43), appId: org.origin, version: 'U2F_V2' }),
  },
  yubikey: { factorType: 'token:hardware', provider: 'YUBICO', profile: (_, org) => ({ credentialId: `0000${serial(org)}` }) },
  symantec: { factorType: 'token', provider: 'SYMANTEC', profile: (_, org) => ({ credentialId: `VSMT${serial(org)}` }) },
  rsa: { factorType: 'token', provider: 'RSA', profile: login },
  duo: { factorType: 'web', provider: 'DUO', profile: login },
  hotp: { factorType: 'token:hotp', provider: 'CUSTOM', profile: login },
} as const satisfies Readonly<Record<string, SeedFactor>>;

export type FactorKindName = keyof typeof SEED_FACTORS;
export const FACTOR_KIND_NAMES = Object.keys(SEED_FACTORS) as readonly FactorKindName[];

/** Puts a factor into the org as a seed wants it. Logs nothing. */
export function makeFactor(org: Org, user: User, name: FactorKindName, status: Factor['status'], createdMs: number): Factor {
  const made: SeedFactor = SEED_FACTORS[name];
  const kind = kindOf(made.factorType, made.provider);
  const created = wholeSecond(createdMs);
  return org.factors.put({
    id: org.ids.next(kind?.idPrefix ?? 'ufs'),
    userId: user.id,
    factorType: made.factorType,
    provider: made.provider,
    vendorName: kind?.vendorName ?? made.provider,
    status,
    created,
    lastUpdated: created,
    profile: made.profile(user, org),
    secret: secretOf(name),
  });
}

/** What verifies the factor: the emulator's families read these. */
function secretOf(name: FactorKindName): JsonObject {
  if (name === 'question') return { answer: 'mostly harmless' };
  if (name === 'totp' || name === 'googleTotp' || name === 'hotp') return { shared: 'JBSWY3DPEHPK3PXP' };
  return {};
}
