import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';
import type { Relation } from '../../relation.ts';
import type { JsonObject } from '../../types.ts';

export type SignOnMode =
  | 'BOOKMARK'
  | 'BASIC_AUTH'
  | 'BROWSER_PLUGIN'
  | 'SECURE_PASSWORD_STORE'
  | 'AUTO_LOGIN'
  | 'WS_FEDERATION'
  | 'SAML_2_0'
  | 'SAML_1_1'
  | 'OPENID_CONNECT';

/** An application. Its nested objects stand as they are shown. */
export interface App {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: number;
  readonly lastUpdated: number;
  readonly signOnMode: SignOnMode;
  readonly accessibility: JsonObject;
  readonly visibility: JsonObject;
  readonly features: readonly string[];
  readonly credentials: JsonObject;
  readonly settings: JsonObject;
  readonly profile?: JsonObject;
  readonly licensing?: JsonObject;
  /** The authentication policy that guards it. */
  readonly accessPolicyId: string | null;
}

/** A group's assignment. `id` is `{appId}/{groupId}`. */
export interface AppGroup {
  readonly id: string;
  readonly appId: string;
  readonly groupId: string;
  readonly priority: number;
  readonly profile: JsonObject;
  readonly created: number;
  readonly lastUpdated: number;
}

/** A user's assignment. `id` is `{appId}/{userId}`. */
export interface AppUser {
  readonly id: string;
  readonly appId: string;
  readonly userId: string;
  readonly scope: 'USER' | 'GROUP';
  readonly created: number;
  readonly lastUpdated: number;
  readonly statusChanged: number;
  readonly passwordChanged: number | null;
  readonly externalId: string | null;
  readonly userName: string | null;
  readonly hasPassword: boolean;
  readonly profile: JsonObject;
}

export const APPS = defineCollection<App>('apps');
export const APP_GROUPS = defineCollection<AppGroup>('appGroups');
/** Only what does not follow from a membership: assignments by hand, and group ones that somebody has changed. */
export const APP_USERS = defineCollection<AppUser>('appUsers');

/** App id, group id. */
export function appGroups(org: Org): Relation {
  return org.relation('appGroups');
}

/** App id, user id, of both scopes. */
export function appUsers(org: Org): Relation {
  return org.relation('appUsers');
}

export function pairId(appId: string, otherId: string): string {
  return `${appId}/${otherId}`;
}
