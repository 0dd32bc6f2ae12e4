/** The records that more than one family works with. Times are milliseconds; `null` where Okta says null. */
import type { Json, JsonObject } from './types.ts';

export type UserStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'LOCKED_OUT'
  | 'PASSWORD_EXPIRED'
  | 'SUSPENDED'
  | 'DEPROVISIONED';

export interface UserCredentials {
  /** The password in clear (an emulated org has no real ones), or a hash that was imported. */
  readonly password?: string | { readonly hash: JsonObject } | { readonly hook: JsonObject };
  readonly question?: { readonly question: string; readonly answer: string };
  readonly provider: { readonly type: string; readonly name: string };
  /** Passwords used before, latest first. */
  readonly history?: readonly string[];
}

export interface User {
  readonly id: string;
  readonly status: UserStatus;
  readonly created: number;
  readonly activated: number | null;
  readonly statusChanged: number | null;
  readonly lastLogin: number | null;
  readonly lastUpdated: number;
  readonly passwordChanged: number | null;
  readonly typeId: string;
  readonly profile: JsonObject;
  readonly credentials: UserCredentials;
}

export interface Group {
  readonly id: string;
  readonly type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  readonly created: number;
  readonly lastUpdated: number;
  readonly lastMembershipUpdated: number;
  readonly profile: JsonObject;
  readonly objectClass: readonly string[];
  /** The app that an APP_GROUP comes from. */
  readonly sourceId?: string;
}

export interface GroupRule {
  readonly id: string;
  readonly name: string;
  readonly status: 'INACTIVE' | 'ACTIVE' | 'INVALID';
  readonly created: number;
  readonly lastUpdated: number;
  readonly expression: string;
  readonly excludedUsers: readonly string[];
  readonly excludedGroups: readonly string[];
  /** Whether it was told whom to exclude, be it nobody: only then does it say so. */
  readonly hasPeople?: boolean;
  readonly groupIds: readonly string[];
}

export interface Factor {
  readonly id: string;
  readonly userId: string;
  readonly factorType: string;
  readonly provider: string;
  readonly vendorName: string;
  readonly status: 'PENDING_ACTIVATION' | 'ACTIVE' | 'NOT_SETUP' | 'ENROLLED' | 'INACTIVE';
  readonly created: number;
  readonly lastUpdated: number;
  readonly profile: JsonObject;
  /** Shared secret, answer to a question, last code: never shown. */
  readonly secret: JsonObject;
}

/** An administrator role given to a user, a group or a client. */
export interface RoleAssignment {
  /** `{principalId}/{assignmentId}`: Okta's own assignment ids are unique only within their principal. */
  readonly id: string;
  readonly assignmentId: string;
  readonly principalId: string;
  readonly principalType: 'USER' | 'GROUP' | 'CLIENT';
  readonly type: string;
  /** Custom role and resource set, for type CUSTOM. */
  readonly role?: string;
  readonly resourceSet?: string;
  readonly created: number;
  readonly lastUpdated: number;
  readonly groupTargets: readonly string[];
  /** App names (`salesforce`) or `name.instanceId`; `undefined` while the role is not limited. */
  readonly appTargets: readonly string[];
}

export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly status: 'ACTIVE' | 'MFA_REQUIRED' | 'MFA_ENROLL';
  readonly lastPasswordVerification: number | null;
  readonly lastFactorVerification: number | null;
  readonly amr: readonly string[];
}

export interface ApiToken {
  readonly id: string;
  readonly secret: string;
  readonly name: string;
  readonly userId: string;
  readonly clientName: string;
  readonly created: number;
  readonly lastUpdated: number;
  readonly expiresAt: number;
  readonly network: JsonObject;
}

/** An OAuth access token of the org's authorization server. `id` is the token itself. */
export interface AccessToken {
  readonly id: string;
  readonly clientId: string;
  readonly userId: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  /** Thumbprint of the key that it is bound to (DPoP). */
  readonly thumbprint?: string;
}

export interface LogEvent {
  readonly uuid: string;
  readonly published: number;
  readonly eventType: string;
  readonly version: string;
  readonly severity: string;
  readonly legacyEventType: string | null;
  readonly displayMessage: string | null;
  readonly actor: JsonObject;
  readonly client: JsonObject | null;
  readonly outcome: JsonObject | null;
  readonly target: readonly JsonObject[] | null;
  readonly transaction: JsonObject;
  readonly debugContext: JsonObject;
  readonly authenticationContext: JsonObject;
  readonly securityContext: JsonObject;
  readonly request: JsonObject;
}

/** One property of a profile. */
export function profileValue(profile: JsonObject, name: string): Json | undefined {
  return profile[name];
}

/** A profile property as text, or the empty string. */
export function profileText(profile: JsonObject, name: string): string {
  const value = profile[name];
  return typeof value === 'string' ? value : '';
}
