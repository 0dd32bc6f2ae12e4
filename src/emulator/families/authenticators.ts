import { defineCollection } from '../collection.ts';
import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid, notFound, refuse } from '../refusal.ts';
import { json } from '../reply.ts';
import { merge, objectAt, oneOf, readBody, requireAll } from '../shape.ts';
import { systemId } from '../system-ids.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { POLICIES } from './policies/store.ts';

const PATH = '/api/v1/authenticators';
const AUTHENTICATOR = `${PATH}/{authenticatorId}`;

interface Authenticator {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: number;
  readonly lastUpdated: number;
  readonly settings?: JsonObject;
  readonly provider?: JsonObject;
}

/** What the catalog of authenticators holds. */
interface Kind {
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly settings?: JsonObject;
  /** In every org from the start, in this status. */
  readonly first?: Authenticator['status'];
  /** Can be created only with a provider's configuration. */
  readonly needsProvider?: boolean;
}

const KINDS: readonly Kind[] = [
  { key: 'okta_email', type: 'email', name: 'Email', settings: { allowedFor: 'recovery', tokenLifetimeInMinutes: 5 }, first: 'ACTIVE' },
  {
    key: 'okta_verify',
    type: 'app',
    name: 'Okta Verify',
    settings: {
      compliance: { fips: 'OPTIONAL' },
      channelBinding: { style: 'NUMBER_CHALLENGE', required: 'NEVER' },
      userVerification: 'PREFERRED',
      userVerificationMethods: ['PIN', 'BIOMETRICS'],
      appInstanceId: '',
    },
    first: 'ACTIVE',
  },
  { key: 'okta_password', type: 'password', name: 'Password', first: 'ACTIVE' },
  { key: 'phone_number', type: 'phone', name: 'Phone', settings: { allowedFor: 'recovery' }, first: 'INACTIVE' },
  { key: 'webauthn', type: 'security_key', name: 'Security Key or Biometric', first: 'INACTIVE' },
  { key: 'security_question', type: 'security_question', name: 'Security Question', settings: { allowedFor: 'recovery' }, first: 'ACTIVE' },
  { key: 'google_otp', type: 'app', name: 'Google Authenticator' },
  { key: 'duo', type: 'app', name: 'Duo Security', needsProvider: true },
  { key: 'symantec_vip', type: 'app', name: 'Symantec VIP', needsProvider: true },
  { key: 'onprem_mfa', type: 'security_key', name: 'On-Prem MFA', needsProvider: true },
  { key: 'external_idp', type: 'federated', name: 'IdP Authenticator', needsProvider: true },
];

/** From when orgs bring a telephony provider of their own. */
const OWN_TELEPHONY = Date.parse('2023-01');

const AUTHENTICATORS = defineCollection<Authenticator>('authenticators');
const BODY = {
  key: 'string',
  name: 'string',
  type: 'string',
  status: oneOf('ACTIVE', 'INACTIVE'),
  settings: {
    allowedFor: oneOf('any', 'none', 'recovery', 'sso'),
    tokenLifetimeInMinutes: 'integer',
    compliance: { fips: oneOf('OPTIONAL', 'REQUIRED') },
    channelBinding: { style: 'string', required: oneOf('ALWAYS', 'HIGH_RISK_ONLY', 'NEVER') },
    userVerification: oneOf('DISCOURAGED', 'PREFERRED', 'REQUIRED'),
    userVerificationMethods: ['string'],
    appInstanceId: 'string',
  },
  provider: { type: 'string', configuration: 'object' },
} as const;

/** Authenticators: the ways to prove oneself that the org allows. */
export const authenticators: Family = {
  name: 'authenticators',
  routes: [
    {
      method: 'GET',
      path: PATH,
      handle: (call) =>
        json(
          200,
          call.org
            .collection(AUTHENTICATORS)
            .list()
            .sort(byCatalog)
            .map((one) => render(call.org, one)),
        ),
    },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: AUTHENTICATOR, handle: (call) => json(200, render(call.org, authenticatorOf(call))) },
    { method: 'PUT', path: AUTHENTICATOR, handle: replace },
    { method: 'POST', path: `${AUTHENTICATOR}/lifecycle/activate`, handle: (call) => setStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${AUTHENTICATOR}/lifecycle/deactivate`, handle: (call) => setStatus(call, 'INACTIVE') },
    { method: 'GET', path: `${AUTHENTICATOR}/methods`, handle: listMethods },
  ],
  initialise: layFirst,
};

function layFirst(org: Org): void {
  const created = org.groups.get(org.everyoneId)?.created ?? org.clock.now();
  for (const { key, type, name, settings, first } of KINDS) {
    if (first === undefined) continue;
    const times = { created, lastUpdated: created };
    org
      .collection(AUTHENTICATORS)
      .put({ id: systemId(org, 'aut', key), key, type, name, status: first, ...times, ...(settings === undefined ? {} : { settings }) });
  }
}

function byCatalog(a: Authenticator, b: Authenticator): number {
  return KINDS.findIndex((kind) => kind.key === a.key) - KINDS.findIndex((kind) => kind.key === b.key);
}

function authenticatorOf(call: Call): Authenticator {
  const id = call.params.authenticatorId ?? '';
  const found = call.org.collection(AUTHENTICATORS).get(id);
  if (found === undefined) throw notFound(id, 'Authenticator');
  return found;
}

function create(call: Call): Reply {
  const { org } = call;
  const body = readBody(call.json(), BODY);
  requireAll(body, ['key', 'name']);
  const kind = KINDS.find((one) => one.key === body.key);
  const isThere = org.collection(AUTHENTICATORS).find((one) => one.key === body.key) !== undefined;
  if (kind === undefined || isThere)
    throw invalid('com.okta.services.factors.iface.dto.AuthenticatorCatalog', ['The field has an invalid value']);
  if (body.type !== undefined && body.type !== kind.type)
    throw invalid('type', [`type: An authenticator with key ${kind.key} has type ${kind.type}`]);
  if (kind.needsProvider === true && body.provider === undefined) throw invalid('provider', ['provider: The field cannot be left blank']);
  const created = wholeSecond(call.now);
  const settings = merge(kind.settings ?? {}, objectAt(body.settings));
  const authenticator = org.collection(AUTHENTICATORS).put({
    id: org.ids.next('aut'),
    key: kind.key,
    type: kind.type,
    name: String(body.name),
    status: call.query.get('activate') === 'false' ? 'INACTIVE' : 'ACTIVE',
    created,
    lastUpdated: created,
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(body.provider === undefined ? {} : { provider: withoutSecrets(objectAt(body.provider)) }),
  });
  log(call, 'security.authenticator.lifecycle.create', authenticator);
  return json(200, render(org, authenticator));
}

function withoutSecrets(provider: JsonObject): JsonObject {
  const { secretKey: _secret, sharedSecret: _shared, ...configuration } = objectAt(provider.configuration);
  return { ...provider, configuration };
}

function replace(call: Call): Reply {
  const before = authenticatorOf(call);
  const body = readBody(call.json(), BODY);
  requireAll(body, ['name']);
  if (body.key !== undefined && body.key !== before.key) throw invalid('key', ['key: The key of an authenticator cannot be changed']);
  if (body.type !== undefined && body.type !== before.type) throw invalid('type', ['type: The type of an authenticator cannot be changed']);
  refuseWithoutTelephony(call.org, before);
  const settings = merge(before.settings ?? {}, objectAt(body.settings));
  const minutes = settings.tokenLifetimeInMinutes;
  if (typeof minutes === 'number' && (minutes < 1 || minutes > 60))
    throw invalid('settings.tokenLifetimeInMinutes', ['tokenLifetimeInMinutes: The value must be between 1 and 60']);
  const authenticator = call.org.collection(AUTHENTICATORS).put({
    ...before,
    name: String(body.name),
    lastUpdated: wholeSecond(call.now),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(body.provider === undefined ? {} : { provider: withoutSecrets(objectAt(body.provider)) }),
  });
  log(call, 'security.authenticator.lifecycle.update', authenticator);
  return json(200, render(call.org, authenticator));
}

/** An org sends no messages of its own: a phone needs an active hook to a telephony provider. */
function refuseWithoutTelephony(org: Org, authenticator: Authenticator): void {
  const needsHook = org.shaping.releaseMs >= OWN_TELEPHONY;
  if (needsHook && authenticator.key === 'phone_number' && authenticator.status === 'INACTIVE') throw refuse('E0000226');
}

function setStatus(call: Call, status: Authenticator['status']): Reply {
  const before = authenticatorOf(call);
  if (status === 'INACTIVE') {
    if (before.key === 'okta_password') throw invalid('status', ['The password authenticator cannot be deactivated']);
    if (isRequired(call.org, before.key)) throw refuse('E0000148');
  } else refuseWithoutTelephony(call.org, before);
  if (before.status === status) return json(200, render(call.org, before));
  const authenticator = call.org.collection(AUTHENTICATORS).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
  log(
    call,
    status === 'ACTIVE' ? 'security.authenticator.lifecycle.activate' : 'security.authenticator.lifecycle.deactivate',
    authenticator,
  );
  return json(200, render(call.org, authenticator));
}

/** Whether an enrollment policy requires it. */
function isRequired(org: Org, key: string): boolean {
  return (
    org.collection(POLICIES).find((policy) => {
      const list = objectAt(policy.settings).authenticators;
      return Array.isArray(list) && list.some((one: JsonObject) => one.key === key && objectAt(one.enroll).self === 'REQUIRED');
    }) !== undefined
  );
}

const METHODS: Readonly<Record<string, readonly string[]>> = {
  okta_email: ['email'],
  okta_verify: ['push', 'totp', 'signed_nonce'],
  okta_password: ['password'],
  phone_number: ['sms', 'voice'],
  webauthn: ['webauthn'],
  security_question: ['security_question'],
  google_otp: ['otp'],
  duo: ['duo'],
};

function listMethods(call: Call): Reply {
  const one = authenticatorOf(call);
  const path = `${PATH}/${one.id}/methods`;
  return json(
    200,
    (METHODS[one.key] ?? []).map((type) => ({ type, status: one.status, _links: { self: link(call.org, `${path}/${type}`, 'GET') } })),
  );
}

function render(org: Org, one: Authenticator): JsonObject {
  const path = `${PATH}/${one.id}`;
  const transition = one.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return org.shaping.shape('authenticator', {
    type: one.type,
    id: one.id,
    key: one.key,
    status: one.status,
    name: one.name,
    created: isoTime(one.created),
    lastUpdated: isoTime(one.lastUpdated),
    ...(one.settings === undefined ? {} : { settings: one.settings }),
    ...(one.provider === undefined ? {} : { provider: one.provider }),
    _links: {
      self: link(org, path, 'GET', 'PUT'),
      ...(one.key === 'okta_password' ? {} : { [transition]: link(org, `${path}/lifecycle/${transition}`, 'POST') }),
      methods: link(org, `${path}/methods`, 'GET'),
      ...(one.key === 'okta_verify' ? { enroll: link(org, '/idp/authenticators', 'POST') } : {}),
    },
  });
}

function log(call: Call, eventType: string, one: Authenticator): void {
  call.log(eventType, { targets: [target('Authenticator', one.id, one.name, one.key)] });
}
