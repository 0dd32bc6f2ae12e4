import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';
import { customUserAttributes } from '../../profile-schema.ts';
import { systemId } from '../../system-ids.ts';
import type { JsonObject } from '../../types.ts';

export interface UserType {
  readonly id: string;
  readonly schemaId: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly created: number;
  readonly createdBy: string;
  readonly lastUpdated: number;
  readonly lastUpdatedBy: string;
}

/** What was changed in a schema: its own properties, and settings of the base ones. Everything else is the same in every org. */
export interface SchemaChanges {
  /** The schema's id: `osc…`, `group`, or an app's id. */
  readonly id: string;
  readonly title?: string;
  readonly custom: Readonly<Record<string, JsonObject>>;
  readonly base: Readonly<Record<string, JsonObject>>;
  readonly lastUpdated: number;
}

/** User types beside the default one. */
export const USER_TYPES = defineCollection<UserType>('userTypes');
const CHANGES = defineCollection<SchemaChanges>('schemaChanges');
export const GROUP_SCHEMA = 'group';

/** The id of a schema in its changes; `default` is the default type's. */
export function changesOf(org: Org, id: string): SchemaChanges {
  return org.collection(CHANGES).get(id) ?? { id, custom: {}, base: {}, lastUpdated: org.groups.get(org.everyoneId)?.created ?? 0 };
}

/** Stores changes; profiles may have from now on what the schemas define. */
export function putChanges(org: Org, changes: SchemaChanges): void {
  const before = changesOf(org, changes.id);
  org.collection(CHANGES).put(changes);
  const names = namesOf(org, changes.id);
  if (names === undefined) return;
  for (const name of Object.keys(before.custom))
    if (changes.custom[name] === undefined && !isDefinedElsewhere(org, name)) names.delete(name);
  for (const name of Object.keys(changes.custom)) names.add(name);
}

export function dropSchema(org: Org, id: string): void {
  const changes = org.collection(CHANGES).get(id);
  if (changes !== undefined) putChanges(org, { ...changes, custom: {} });
  org.collection(CHANGES).delete(id);
}

function isDefinedElsewhere(org: Org, name: string): boolean {
  return org.collection(CHANGES).find((one) => one.id.startsWith('osc') && one.custom[name] !== undefined) !== undefined;
}

/** The set of custom attribute names that profiles are checked against; `undefined` for schemas of apps. */
export function namesOf(org: Org, id: string): Set<string> | undefined {
  if (id === GROUP_SCHEMA) return org.value('customGroupAttributes', () => new Set<string>()).value;
  return id.startsWith('osc') ? customUserAttributes(org) : undefined;
}

/** The app that stands for Okta's own in mappings: every org has one, outside the list of apps. */
export function systemAppId(org: Org): string {
  return systemId(org, '0oa', 'Okta_Authenticator');
}
