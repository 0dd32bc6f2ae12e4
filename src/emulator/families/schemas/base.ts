import type { JsonObject } from '../../types.ts';

type Action = 'READ_WRITE' | 'READ_ONLY' | 'HIDE';
interface Details {
  readonly required?: boolean;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A property of a base schema, in the order in which Okta shows its settings. */
function property(title: string, action: Action, details: Details = {}): JsonObject {
  const { required, format, minLength, maxLength } = details;
  return {
    title,
    type: 'string',
    ...(required === undefined ? {} : { required }),
    ...(format === undefined ? {} : { format }),
    mutability: 'READ_WRITE',
    scope: 'NONE',
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    permissions: [{ principal: 'SELF', action }],
  };
}

/** Okta's base user profile. */
export const USER_BASE: Readonly<Record<string, JsonObject>> = {
  login: property('Username', 'READ_ONLY', { required: true, minLength: 5, maxLength: 100 }),
  firstName: property('First name', 'READ_WRITE', { required: true, minLength: 1, maxLength: 50 }),
  lastName: property('Last name', 'READ_WRITE', { required: true, minLength: 1, maxLength: 50 }),
  middleName: property('Middle name', 'READ_ONLY'),
  honorificPrefix: property('Honorific prefix', 'READ_ONLY'),
  honorificSuffix: property('Honorific suffix', 'READ_ONLY'),
  email: property('Primary email', 'READ_WRITE', { required: true, format: 'email' }),
  title: property('Title', 'READ_ONLY'),
  displayName: property('Display name', 'READ_ONLY'),
  nickName: property('Nickname', 'READ_ONLY'),
  profileUrl: property('Profile Url', 'READ_ONLY', { format: 'uri' }),
  secondEmail: property('Secondary email', 'READ_WRITE', { format: 'email' }),
  mobilePhone: property('Mobile phone', 'READ_WRITE', { maxLength: 100 }),
  primaryPhone: property('Primary phone', 'HIDE', { maxLength: 100 }),
  streetAddress: property('Street address', 'HIDE'),
  city: property('City', 'HIDE'),
  state: property('State', 'HIDE'),
  zipCode: property('Zip code', 'HIDE'),
  countryCode: property('Country code', 'HIDE', { format: 'country-code' }),
  postalAddress: property('Postal Address', 'HIDE'),
  preferredLanguage: property('Preferred language', 'READ_ONLY', { format: 'language-code' }),
  locale: property('Locale', 'READ_ONLY', { format: 'locale' }),
  timezone: property('Time zone', 'READ_ONLY', { format: 'timezone' }),
  userType: property('User type', 'READ_ONLY'),
  employeeNumber: property('Employee number', 'READ_ONLY'),
  costCenter: property('Cost center', 'READ_ONLY'),
  organization: property('Organization', 'READ_ONLY'),
  division: property('Division', 'READ_ONLY'),
  department: property('Department', 'READ_ONLY'),
  managerId: property('ManagerId', 'READ_ONLY'),
  manager: property('Manager', 'READ_ONLY'),
};

function groupProperty(title: string, maxLength: number, isRequired: boolean): JsonObject {
  return {
    title,
    description: title,
    type: 'string',
    ...(isRequired ? { required: true } : {}),
    mutability: 'READ_WRITE',
    scope: 'NONE',
    maxLength,
    permissions: [{ principal: 'SELF', action: 'READ_WRITE' }],
    master: { type: 'PROFILE_MASTER' },
  };
}

/** Okta's base group profile. */
export const GROUP_BASE: Readonly<Record<string, JsonObject>> = {
  name: groupProperty('Name', 255, true),
  description: groupProperty('Description', 1024, false),
};

/** What every app's user profile has. */
export const APP_BASE: Readonly<Record<string, JsonObject>> = {
  userName: { title: 'Username', type: 'string', required: true, scope: 'NONE', maxLength: 100, master: { type: 'PROFILE_MASTER' } },
};

/** What app users have by the kind of app: OpenID Connect claims, or names and addresses. */
export const APP_OIDC: readonly string[] = [
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'email',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'phone_number',
];
