import type { Org } from './org.ts';
import type { Json, JsonObject } from './types.ts';

/** The attributes of Okta's base user schema, in the order in which profiles show them. */
export const BASE_USER_ATTRIBUTES = [
  'firstName',
  'lastName',
  'mobilePhone',
  'middleName',
  'honorificPrefix',
  'honorificSuffix',
  'title',
  'displayName',
  'nickName',
  'profileUrl',
  'primaryPhone',
  'streetAddress',
  'city',
  'state',
  'zipCode',
  'countryCode',
  'postalAddress',
  'preferredLanguage',
  'locale',
  'timezone',
  'userType',
  'employeeNumber',
  'costCenter',
  'organization',
  'division',
  'department',
  'managerId',
  'manager',
  'secondEmail',
  'login',
  'email',
] as const;

const BASE: ReadonlySet<string> = new Set(BASE_USER_ATTRIBUTES);
/** Shown as null where unset, first and last; all others are left out. */
export const FIRST_ATTRIBUTES = ['firstName', 'lastName', 'mobilePhone'] as const;
/** See `FIRST_ATTRIBUTES`. */
export const LAST_ATTRIBUTES = ['secondEmail', 'login', 'email'] as const;
const FIXED: ReadonlySet<string> = new Set([...FIRST_ATTRIBUTES, ...LAST_ATTRIBUTES]);

/** Custom attributes that the org's user schemas define: the family of schemas adds to this set, and seeds do. */
export function customUserAttributes(org: Org): Set<string> {
  return org.value('customUserAttributes', () => new Set<string>()).value;
}

/** Names in a profile that no schema defines. */
export function undefinedAttributes(org: Org, profile: JsonObject): string[] {
  const custom = customUserAttributes(org);
  return Object.keys(profile).filter((name) => !BASE.has(name) && !custom.has(name));
}

/** Whether the attribute has its fixed place in a profile. */
export function isFixedAttribute(name: string): boolean {
  return FIXED.has(name);
}

/** A profile in Okta's order, with the nulls that it shows and without those that it leaves out. */
export function orderProfile(profile: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const name of FIRST_ATTRIBUTES) out[name] = profile[name] ?? null;
  for (const [name, value] of Object.entries(profile)) {
    if (FIXED.has(name) || value === undefined || value === null) continue;
    out[name] = value;
  }
  for (const name of LAST_ATTRIBUTES) out[name] = profile[name] ?? null;
  return out;
}

/** Every attribute that a user profile may have. */
export function profileAttributeNames(org: Org): ReadonlySet<string> {
  return new Set([...BASE, ...customUserAttributes(org)]);
}
