import type { Org } from '../../org.ts';
import { isObject } from '../../reply.ts';
import type { Json, JsonObject } from '../../types.ts';
import { makePolicy, makeRule, type PolicyType } from './store.ts';

/** What a new policy's settings are, where the request does not say. */
export function defaultSettings(type: PolicyType): JsonObject | undefined {
  switch (type) {
    case 'PASSWORD':
      return {
        password: {
          complexity: {
            minLength: 8,
            minLowerCase: 1,
            minUpperCase: 1,
            minNumber: 1,
            minSymbol: 0,
            excludeUsername: true,
            dictionary: { common: { exclude: false } },
            excludeAttributes: [],
          },
          age: { maxAgeDays: 0, expireWarnDays: 0, minAgeMinutes: 0, historyCount: 4 },
          lockout: { maxAttempts: 10, autoUnlockMinutes: 0, userLockoutNotificationChannels: [], showLockoutFailures: false },
        },
        recovery: {
          factors: {
            recovery_question: { status: 'ACTIVE', properties: { complexity: { minLength: 4 } } },
            okta_email: { status: 'ACTIVE', properties: { recoveryToken: { tokenLifetimeMinutes: 60 } } },
            okta_sms: { status: 'INACTIVE' },
            okta_call: { status: 'INACTIVE' },
          },
        },
        delegation: { options: { skipUnlock: false } },
      };
    case 'MFA_ENROLL':
      return {
        type: 'AUTHENTICATORS',
        authenticators: [
          { key: 'okta_email', enroll: { self: 'OPTIONAL' } },
          { key: 'okta_password', enroll: { self: 'REQUIRED' } },
          { key: 'okta_verify', enroll: { self: 'OPTIONAL' } },
        ],
      };
    default:
      return undefined;
  }
}

/** What a policy's conditions are, where the request does not say. */
export function defaultConditions(org: Org, type: PolicyType, given: Json | undefined): JsonObject | null {
  const own = isObject(given) ? given : undefined;
  if (type === 'PASSWORD') return { people: { groups: { include: [org.everyoneId] } }, authProvider: { provider: 'OKTA' }, ...own };
  if (type === 'OKTA_SIGN_ON' || type === 'MFA_ENROLL') return { people: { groups: { include: [org.everyoneId] } }, ...own };
  return own ?? null;
}

const ANYWHERE: JsonObject = { connection: 'ANYWHERE' };
const NOBODY_EXCLUDED: JsonObject = { users: { exclude: [] } };

export function defaultRuleConditions(type: PolicyType, given: Json | undefined): JsonObject | null {
  const own = isObject(given) ? given : undefined;
  switch (type) {
    case 'OKTA_SIGN_ON':
      return { people: NOBODY_EXCLUDED, network: ANYWHERE, authContext: { authType: 'ANY' }, ...own };
    case 'PASSWORD':
    case 'MFA_ENROLL':
      return { people: NOBODY_EXCLUDED, network: ANYWHERE, ...own };
    case 'IDP_DISCOVERY':
      return {
        network: ANYWHERE,
        platform: { include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [] },
        userIdentifier: { patterns: [], type: 'IDENTIFIER' },
        app: { include: [], exclude: [] },
        ...own,
      };
    default:
      return own ?? null;
  }
}

/** What a rule does, where the request says only part of it. */
export function defaultActions(type: PolicyType, given: Json | undefined): JsonObject {
  const own = isObject(given) ? given : {};
  switch (type) {
    case 'OKTA_SIGN_ON': {
      const signon = isObject(own.signon) ? own.signon : {};
      const session = isObject(signon.session) ? signon.session : {};
      return {
        ...own,
        signon: {
          access: 'ALLOW',
          requireFactor: false,
          primaryFactor: 'PASSWORD_IDP',
          rememberDeviceByDefault: false,
          ...signon,
          session: { usePersistentCookie: false, maxSessionIdleMinutes: 720, maxSessionLifetimeMinutes: 0, ...session },
        },
      };
    }
    case 'PASSWORD':
      return {
        passwordChange: { access: 'ALLOW' },
        selfServicePasswordReset: { access: 'ALLOW' },
        selfServiceUnlock: { access: 'DENY' },
        ...own,
      };
    case 'MFA_ENROLL':
      return { enroll: { self: 'CHALLENGE' }, ...own };
    case 'ACCESS_POLICY':
      return { appSignOn: isObject(own.appSignOn) ? own.appSignOn : accessBy('2FA') };
    default:
      return own;
  }
}

/** What an access rule asks for when it lets people in. */
export function accessBy(factorMode: string, reauthenticateIn = 'PT2H'): JsonObject {
  return {
    access: 'ALLOW',
    verificationMethod: {
      factorMode,
      reauthenticateIn,
      type: 'ASSURANCE',
      constraints: [{ knowledge: { types: ['password'], reauthenticateIn } }],
    },
  };
}

/** The policies that every org has. */
export function layDefaultPolicies(org: Org): void {
  const created = org.groups.get(org.everyoneId)?.created ?? org.clock.now();
  const add = (type: PolicyType, name: string, description: string, ruleName: string, actions: Json | undefined): string => {
    const settings = type === 'PROFILE_ENROLLMENT' ? undefined : defaultSettings(type);
    const policy = makePolicy(org, {
      type,
      name,
      description,
      system: true,
      created,
      conditions: defaultConditions(org, type, undefined),
      ...(settings === undefined ? {} : { settings }),
    });
    makeRule(org, policy, {
      name: ruleName,
      system: true,
      created,
      conditions: defaultRuleConditions(type, undefined),
      actions: defaultActions(type, actions),
    });
    return policy.id;
  };
  add(
    'OKTA_SIGN_ON',
    'Default Policy',
    'The default policy applies in all situations if no other policy applies.',
    'Default Rule',
    undefined,
  );
  add('PASSWORD', 'Default Policy', 'The default policy applies in all situations if no other policy applies.', 'Default Rule', undefined);
  add(
    'MFA_ENROLL',
    'Default Policy',
    'The default policy applies in all situations if no other policy applies.',
    'Default Rule',
    undefined,
  );
  add('IDP_DISCOVERY', 'Idp Discovery Policy', 'Routes sign-ins to identity providers.', 'Default Rule', {
    idp: { providers: [{ type: 'OKTA', id: null }], idpSelectionType: 'SPECIFIC' },
  });
  add('ACCESS_POLICY', 'Any two factors', 'Require two factors to access.', 'Catch-all Rule', { appSignOn: accessBy('2FA') });
  const enrollment = add(
    'PROFILE_ENROLLMENT',
    'Default Policy',
    'The default policy applies in all situations if no other policy applies.',
    'Catch-all Rule',
    {
      profileEnrollment: {
        access: 'DENY',
        preRegistrationInlineHooks: null,
        profileAttributes: [{ name: 'email', label: 'Email', required: true }],
        targetGroupIds: null,
        unknownUserAction: 'DENY',
        activationRequirements: { emailVerification: true },
        uiSchemaId: null,
        progressiveProfilingAction: 'DISABLED',
      },
    },
  );
  org.value('defaultProfileEnrollmentPolicy', () => '').value = enrollment;
}
