import type { ObjectShape } from '../../shape.ts';

const LIST: ObjectShape = { include: ['string'], exclude: ['string'] };
const PERIOD: ObjectShape = { number: 'integer', unit: 'string' };
const PLATFORM: ObjectShape = {
  type: 'string',
  os: { expression: 'string', type: 'string', version: { matchType: 'string', value: 'string' } },
};
const APP: ObjectShape = { id: 'string', name: 'string', type: 'string' };
const ACCESS: ObjectShape = { access: 'string' };
const STATUS: ObjectShape = { status: 'string' };

/** What policies and rules apply to. */
const CONDITIONS: ObjectShape = {
  app: { include: [APP], exclude: [APP] },
  apps: LIST,
  authContext: { authType: 'string' },
  authProvider: { include: ['string'], provider: 'string' },
  beforeScheduledAction: { duration: PERIOD, lifecycleAction: STATUS },
  clients: { include: ['string'] },
  context: { expression: 'string' },
  device: {
    migrated: 'boolean',
    rooted: 'boolean',
    trustLevel: 'string',
    platform: { supportedMDMFrameworks: ['string'], types: ['string'] },
  },
  grantTypes: { include: ['string'] },
  groups: LIST,
  identityProvider: { idpIds: ['string'], provider: 'string' },
  mdmEnrollment: { blockNonSafeAndroid: 'boolean', enrollment: 'string' },
  network: { connection: 'string', ...LIST },
  people: { groups: LIST, users: LIST },
  platform: { include: [PLATFORM], exclude: [PLATFORM] },
  risk: { behaviors: ['string'] },
  riskScore: { level: 'string' },
  scopes: { include: ['string'] },
  userIdentifier: { attribute: 'string', type: 'string', patterns: [{ matchType: 'string', value: 'string' }] },
  userStatus: { value: 'string' },
  users: {
    ...LIST,
    inactivity: PERIOD,
    lifecycleExpiration: { lifecycleStatus: 'string', ...PERIOD },
    passwordExpiration: PERIOD,
    userLifecycleAttribute: { attributeName: 'string', matchingValue: 'string' },
  },
};

const SETTINGS: ObjectShape = {
  delegation: { options: { skipUnlock: 'boolean' } },
  password: {
    age: { expireWarnDays: 'integer', historyCount: 'integer', maxAgeDays: 'integer', minAgeMinutes: 'integer' },
    complexity: {
      dictionary: { common: { exclude: 'boolean' } },
      excludeAttributes: ['string'],
      excludeUsername: 'boolean',
      minLength: 'integer',
      minLowerCase: 'integer',
      minNumber: 'integer',
      minSymbol: 'integer',
      minUpperCase: 'integer',
    },
    lockout: {
      autoUnlockMinutes: 'integer',
      maxAttempts: 'integer',
      showLockoutFailures: 'boolean',
      userLockoutNotificationChannels: ['string'],
    },
  },
  recovery: {
    factors: {
      okta_call: STATUS,
      okta_email: { ...STATUS, properties: { recoveryToken: { tokenLifetimeMinutes: 'integer' } } },
      okta_sms: STATUS,
      recovery_question: { ...STATUS, properties: { complexity: { minLength: 'integer' } } },
    },
  },
};

const ACTIONS: ObjectShape = {
  enroll: { self: 'string' },
  idp: { providers: [{ id: 'string', type: 'string' }] },
  passwordChange: ACCESS,
  selfServicePasswordReset: ACCESS,
  selfServiceUnlock: ACCESS,
  signon: {
    access: 'string',
    factorLifetime: 'integer',
    factorPromptMode: 'string',
    rememberDeviceByDefault: 'boolean',
    requireFactor: 'boolean',
    session: { maxSessionIdleMinutes: 'integer', maxSessionLifetimeMinutes: 'integer', usePersistentCookie: 'boolean' },
  },
};

/** Types of what policies and rules hold; what is not named here may be anything. */
export const POLICY_BODY: ObjectShape = {
  description: 'string',
  priority: 'integer',
  conditions: CONDITIONS,
  settings: SETTINGS,
  actions: ACTIONS,
};
