import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { invalid, refuse } from '../../refusal.ts';
import { done, empty, isObject, json } from '../../reply.ts';
import { readBody } from '../../shape.ts';
import { wholeSecond } from '../../time.ts';
import type { Call, Json, JsonObject, Reply } from '../../types.ts';
import { defaultAccessPolicyId } from '../policies/store.ts';
import { dropApp } from './assignments.ts';
import { INTEGRATIONS, TEMPLATES } from './catalog.ts';
import { randomModulus } from './certificates.ts';
import { CONSENTS, REFRESH_TOKENS } from './consents.ts';
import { accessibilityOf, credentialsOf, objectOf, settingsOf, visibilityOf } from './defaults.ts';
import { APP_KEYS, type AppKey, keysOf, orgKey } from './keys.ts';
import { appOf } from './list.ts';
import { appJson } from './render.ts';
import { APP_SECRETS } from './secrets.ts';
import { APP_BODY } from './shape.ts';
import { APPS, type App, pairId, type SignOnMode } from './store.ts';

const YEAR_MS = 365 * 86_400_000;
const MODES: ReadonlySet<string> = new Set<SignOnMode>([
  'BOOKMARK',
  'BASIC_AUTH',
  'BROWSER_PLUGIN',
  'SECURE_PASSWORD_STORE',
  'AUTO_LOGIN',
  'WS_FEDERATION',
  'SAML_2_0',
  'SAML_1_1',
  'OPENID_CONNECT',
]);

/** What an app is made from; everything else has its defaults. */
export interface NewApp {
  readonly id?: string;
  readonly name?: string;
  readonly label: string;
  readonly signOnMode: SignOnMode;
  readonly status?: App['status'];
  readonly created?: number;
  readonly body?: JsonObject;
  readonly accessPolicyId?: string | null;
  /** The signing key, for modes that have one of their own; made if absent. */
  readonly kid?: string;
}

/** Puts an app into the org, as creation does. Logs nothing. */
export function makeApp(org: Org, parts: NewApp): App {
  const id = parts.id ?? org.ids.next('0oa');
  const created = wholeSecond(parts.created ?? org.clock.now());
  const body = parts.body ?? {};
  const mode = parts.signOnMode;
  const name = parts.name ?? TEMPLATES[mode] ?? customName(org, parts.label);
  const hasOwnKey = mode === 'SAML_2_0' || mode === 'SAML_1_1' || mode === 'WS_FEDERATION';
  const kid = parts.kid ?? (hasOwnKey ? makeKey(org, id, created, created + 10 * YEAR_MS).kid : orgKey(org).kid);
  const given = objectOf(body.credentials);
  const credentials = credentialsOf(given, mode, { kid, clientId: id, clientSecret: org.random.text(64) });
  return org.collection(APPS).put({
    id,
    name,
    label: parts.label,
    status: parts.status ?? 'ACTIVE',
    created,
    lastUpdated: created,
    signOnMode: mode,
    accessibility: accessibilityOf(objectOf(body.accessibility)),
    visibility: visibilityOf(objectOf(body.visibility), mode, name),
    features: Array.isArray(body.features) ? body.features.filter((feature): feature is string => typeof feature === 'string') : [],
    credentials,
    settings: settingsOf(objectOf(body.settings), mode, name),
    ...(isObject(body.profile) ? { profile: body.profile } : {}),
    ...(isObject(body.licensing) ? { licensing: body.licensing } : {}),
    accessPolicyId: parts.accessPolicyId === undefined ? defaultAccessPolicyId(org) : parts.accessPolicyId,
  });
}

/** Puts a key whose modulus is chance. */
export function makeKey(org: Org, appId: string, created: number, expiresAt: number, kid = org.random.text(43)): AppKey {
  return org
    .collection(APP_KEYS)
    .put({ id: pairId(appId, kid), appId, kid, created, lastUpdated: created, expiresAt, modulus: randomModulus(org.random) });
}

function customName(org: Org, label: string): string {
  const word = label.toLowerCase().replace(/[^a-z0-9]/g, '') || 'app';
  const stem = `${org.subdomain.replace(/-/g, '')}_${word}`;
  let number = 1;
  for (const app of org.collection(APPS).values()) if (app.name.startsWith(`${stem}_`)) number++;
  return `${stem}_${number}`;
}

/** POST /api/v1/apps */
export function createApp(call: Call): Reply {
  const { org } = call;
  const body = call.json();
  readBody(body, APP_BODY);
  const { name, signOnMode, label } = identityOf(body);
  checkSettings(body, signOnMode, name);
  const app = makeApp(org, {
    ...(name === undefined ? {} : { name }),
    label,
    signOnMode,
    status: call.query.get('activate') === 'false' ? 'INACTIVE' : 'ACTIVE',
    created: call.now,
    body,
  });
  logApp(call, 'application.lifecycle.create', app);
  if (app.status === 'ACTIVE') logApp(call, 'application.lifecycle.activate', app);
  return json(200, appJson(org, app, { showsSecret: true }));
}

/** PUT /api/v1/apps/{appId}: replaces what can be replaced; name, mode, status and the client's id stay. */
export function replaceApp(call: Call): Reply {
  const { org } = call;
  const before = appOf(call);
  const body = call.json();
  readBody(body, APP_BODY);
  const label = typeof body.label === 'string' ? body.label.trim() : '';
  if (label === '') throw invalid('label', ['label: The field cannot be left blank']);
  if (body.signOnMode !== undefined && body.signOnMode !== before.signOnMode)
    throw invalid('signOnMode', ['signOnMode: The sign on mode cannot be changed']);
  if (typeof body.name === 'string' && body.name !== before.name)
    throw invalid('name', ['name: The name of an application cannot be changed']);
  checkSettings(body, before.signOnMode, before.name);
  const given = objectOf(body.credentials);
  const kid = objectOf(given.signing).kid;
  if (typeof kid === 'string' && kid !== objectOf(before.credentials.signing).kid && !keysOf(org, before).some((key) => key.kid === kid)) {
    throw invalid('credentials.signing.kid', [`credentials.signing.kid: Key ${kid} is not a key of the application`]);
  }
  const known = objectOf(before.credentials.oauthClient);
  const app = org.collection(APPS).put({
    ...before,
    label,
    lastUpdated: wholeSecond(call.now),
    accessibility: accessibilityOf(objectOf(body.accessibility)),
    visibility: visibilityOf(objectOf(body.visibility), before.signOnMode, before.name),
    credentials: credentialsOf(given, before.signOnMode, {
      ...textPart('kid', objectOf(before.credentials.signing).kid),
      clientId: String(known.client_id ?? before.id),
      clientSecret: String(known.client_secret ?? org.random.text(64)),
    }),
    settings: settingsOf(objectOf(body.settings), before.signOnMode, before.name),
    ...(isObject(body.profile) ? { profile: body.profile } : {}),
    ...(isObject(body.licensing) ? { licensing: body.licensing } : {}),
  });
  logApp(call, 'application.lifecycle.update', app);
  return json(200, appJson(org, app));
}

/** POST /api/v1/apps/{appId}/lifecycle/{activate,deactivate} */
export function setAppStatus(call: Call, status: App['status']): Reply {
  const before = appOf(call);
  if (before.status !== status) {
    const app = call.org.collection(APPS).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
    logApp(call, status === 'ACTIVE' ? 'application.lifecycle.activate' : 'application.lifecycle.deactivate', app);
  }
  return done();
}

/** DELETE /api/v1/apps/{appId} */
export function deleteApp(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  if (app.status === 'ACTIVE') throw refuse('E0000056', ['The application must be deactivated before deletion.']);
  dropApp(org, app.id);
  for (const key of org.collection(APP_KEYS).by(app.id)) org.collection(APP_KEYS).delete(key.id);
  for (const consent of org.collection(CONSENTS).by(app.id)) org.collection(CONSENTS).delete(consent.id);
  for (const token of org.collection(REFRESH_TOKENS).by(app.id)) org.collection(REFRESH_TOKENS).delete(token.id);
  for (const secret of org.collection(APP_SECRETS).by(app.id)) org.collection(APP_SECRETS).delete(secret.id);
  org.collection(APPS).delete(app.id);
  logApp(call, 'application.lifecycle.delete', app);
  return empty(204);
}

export function logApp(call: Call, eventType: string, app: App): void {
  call.log(eventType, { targets: [target('AppInstance', app.id, app.label, app.label)] });
}

function identityOf(body: JsonObject): { readonly name: string | undefined; readonly signOnMode: SignOnMode; readonly label: string } {
  const label = typeof body.label === 'string' ? body.label.trim() : '';
  if (label === '') throw invalid('label', ['label: The field cannot be left blank']);
  const name = typeof body.name === 'string' && body.name !== '' ? body.name : undefined;
  const mode = body.signOnMode ?? (name === undefined ? undefined : INTEGRATIONS[name]?.signOnMode);
  if (typeof mode !== 'string') throw invalid('signOnMode', ['signOnMode: The field cannot be left blank']);
  if (!MODES.has(mode)) throw invalid('signOnMode', [`signOnMode: '${mode}' is not a valid sign on mode`]);
  return { name, signOnMode: mode as SignOnMode, label };
}

function checkSettings(body: JsonObject, mode: SignOnMode, name: string | undefined): void {
  const settings = objectOf(body.settings);
  const template = name ?? TEMPLATES[mode];
  const app = objectOf(settings.app);
  const missing = (template === undefined ? [] : (INTEGRATIONS[template]?.required ?? [])).filter((key) => isBlank(app[key]));
  if (missing.length > 0) {
    throw invalid(
      'settings.app',
      missing.map((key) => `settings.app.${key}: The field cannot be left blank`),
    );
  }
  if (mode === 'OPENID_CONNECT' && template === 'oidc_client') checkClient(objectOf(settings.oauthClient));
}

function checkClient(client: JsonObject): void {
  const type = client.application_type ?? 'web';
  if (!['web', 'native', 'browser', 'service'].includes(String(type))) {
    throw invalid('settings.oauthClient.application_type', ["application_type: must be one of 'web', 'native', 'browser', 'service'"]);
  }
  const grants = listOf(client.grant_types);
  if (type === 'service') {
    if (grants.some((grant) => grant !== 'client_credentials' && !grant.startsWith('urn:'))) {
      throw invalid('settings.oauthClient.grant_types', ["grant_types: Only 'client_credentials' is allowed for a service application"]);
    }
    return;
  }
  const redirects = grants.length === 0 || grants.includes('authorization_code') || grants.includes('implicit');
  if (redirects && listOf(client.redirect_uris).length === 0) {
    throw invalid('settings.oauthClient.redirect_uris', ['redirect_uris: At least one redirect URI is required']);
  }
}

function listOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function isBlank(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function textPart<K extends string>(key: K, value: Json | undefined): { [P in K]?: string } {
  return (typeof value === 'string' ? { [key]: value } : {}) as { [P in K]?: string };
}
