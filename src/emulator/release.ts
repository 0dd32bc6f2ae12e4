import { isObject } from './reply.ts';
import type { Json, JsonObject } from './types.ts';

/** What an org has or lacks by its licence or settings, where that shows in the shape of objects. */
export const CAPABILITIES = {
  universalLogout: 'apps tell whether they can be signed out of centrally; without it `universalLogout` is null',
  entitlements: 'apps carry `settings.emOptInStatus` (identity governance)',
  userEmails: "users' credentials list their email addresses",
  consent: 'OAuth clients carry `consent_method` (API access management)',
} as const;
export type Capability = keyof typeof CAPABILITIES;

/** Objects whose shape has changed over the years. */
export type ShapedObject =
  | 'app'
  | 'authenticator'
  | 'authorizationServer'
  | 'brand'
  | 'connection'
  | 'eventHook'
  | 'groupRule'
  | 'policy'
  | 'user';

interface FieldFact {
  readonly object: ShapedObject;
  /** Keys, joined by dots; several where one fact holds for all. */
  readonly paths: readonly string[];
  /** The month from which the field is shown: between the last recording without it and the first one with it. */
  readonly since?: string;
  /** The month up to which it was shown, with this value. */
  readonly until?: string;
  readonly value?: Json;
  /** Shown only by orgs that can do this. */
  readonly needs?: Capability;
  /** What stands there otherwise; the field is left out if absent. */
  readonly otherwise?: Json;
  /** Only of objects that this holds for. */
  readonly unless?: (json: JsonObject) => boolean;
}

const FIELDS: readonly FieldFact[] = [
  { object: 'app', paths: ['orn', 'universalLogout', 'settings.emOptInStatus'], since: '2024-06' },
  { object: 'app', paths: ['settings.oauthClient.dpop_bound_access_tokens'], since: '2023-10' },
  { object: 'app', paths: ['settings.manualProvisioning', 'settings.implicitAssignment'], since: '2023-06' },
  {
    object: 'app',
    paths: [
      'visibility.autoLaunch',
      'settings.notes',
      'credentials.oauthClient.pkce_required',
      'settings.oauthClient.idp_initiated_login',
      'settings.oauthClient.wildcard_redirect',
      'settings.oauthClient.consent_method',
      '_links.uploadLogo',
      '_links.clientCredentials',
    ],
    since: '2021-06',
  },
  { object: 'app', paths: ['settings.extendedProperties'], until: '2021-06', value: null },
  { object: 'app', paths: ['universalLogout'], needs: 'universalLogout', otherwise: null },
  { object: 'app', paths: ['settings.emOptInStatus'], needs: 'entitlements' },
  { object: 'app', paths: ['settings.oauthClient.consent_method'], needs: 'consent' },
  { object: 'authenticator', paths: ['settings.userVerificationMethods'], since: '2023-01' },
  { object: 'authorizationServer', paths: ['default'], since: '2021-06' },
  { object: 'brand', paths: ['name', 'agreeToCustomPrivacyPolicy', 'isDefault', 'defaultApp'], since: '2022-06' },
  { object: 'connection', paths: ['profile'], since: '2022-06' },
  { object: 'eventHook', paths: ['description', 'events.filter'], since: '2022-06' },
  { object: 'groupRule', paths: ['allGroupsValid'], since: '2024-01' },
  { object: 'policy', paths: ['_links.mappings'], since: '2024-01' },
  { object: 'user', paths: ['credentials.emails'], needs: 'userEmails' },
  // A password could at first be forgotten only by those who had a recovery question.
  { object: 'user', paths: ['_links.forgotPassword'], since: '2021-06', unless: (user) => hasRecoveryQuestion(user) },
];

/** How an org's objects look: as of a release of the API, and by what the org can do. */
export interface Shaping {
  /** Time of the release, ms; Infinity for the newest. */
  readonly releaseMs: number;
  can(capability: Capability): boolean;
  /** The object as the org shows it, given as the newest release shows it to an org that can do everything. */
  shape(object: ShapedObject, json: JsonObject): JsonObject;
}

/**
 * @param release of the API; the newest if absent
 * @param without what the org cannot do
 */
export function createShaping(release?: number, without: readonly Capability[] = []): Shaping {
  const releaseMs = release ?? Number.POSITIVE_INFINITY;
  const can = (capability: Capability): boolean => !without.includes(capability);
  const changes = new Map<ShapedObject, FieldFact[]>();
  for (const fact of FIELDS) {
    const isChange =
      (fact.since !== undefined && releaseMs < Date.parse(fact.since)) ||
      (fact.until !== undefined && releaseMs < Date.parse(fact.until)) ||
      (fact.needs !== undefined && !can(fact.needs));
    if (isChange) changes.set(fact.object, [...(changes.get(fact.object) ?? []), fact]);
  }
  return {
    releaseMs,
    can,
    shape(object, json) {
      let shaped = json;
      for (const fact of changes.get(object) ?? []) {
        if (fact.unless?.(json) === true) continue;
        for (const path of fact.paths)
          shaped = fact.until === undefined ? replaceAt(shaped, path, fact.otherwise) : addAt(shaped, path, fact.value);
      }
      return shaped;
    },
  };
}

function hasRecoveryQuestion(user: JsonObject): boolean {
  return isObject(user.credentials) && user.credentials.recovery_question !== undefined;
}

/** A copy with another value at the path, or without it; the same object where nothing stands there. */
function replaceAt(json: JsonObject, path: string, otherwise: Json | undefined): JsonObject {
  const [key = '', ...rest] = path.split('.');
  const value = json[key];
  if (value === undefined) return json;
  if (rest.length > 0) return isObject(value) ? { ...json, [key]: replaceAt(value, rest.join('.'), otherwise) } : json;
  if (otherwise !== undefined) return { ...json, [key]: otherwise };
  const { [key]: _gone, ...kept } = json;
  return kept;
}

function addAt(json: JsonObject, path: string, added: Json | undefined): JsonObject {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...json, [key]: added };
  const value = json[key];
  return isObject(value) ? { ...json, [key]: addAt(value, rest.join('.'), added) } : json;
}
