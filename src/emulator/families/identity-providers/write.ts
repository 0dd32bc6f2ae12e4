import { invalid } from '../../refusal.ts';
import { type ObjectShape, objectAt, oneOf, readBody, requireAll, requiredText } from '../../shape.ts';
import type { Call, JsonObject } from '../../types.ts';
import { type IdentityProvider, TRUST_KEYS } from './store.ts';

const ENDPOINT: ObjectShape = {
  url: 'string',
  binding: oneOf('HTTP-POST', 'HTTP-REDIRECT'),
  destination: 'string',
  type: oneOf('INSTANCE', 'ORG'),
};
const ALGORITHM: ObjectShape = { signature: { algorithm: 'string', scope: 'string' } };
const BODY: ObjectShape = {
  type: oneOf(
    'SAML2',
    'OIDC',
    'GOOGLE',
    'FACEBOOK',
    'LINKEDIN',
    'MICROSOFT',
    'APPLE',
    'GITHUB',
    'GITLAB',
    'AMAZON',
    'OKTA',
    'IWA',
    'AgentlessDSSO',
    'X509',
  ),
  issuerMode: oneOf('ORG_URL', 'CUSTOM_URL', 'DYNAMIC'),
  protocol: {
    type: oneOf('SAML2', 'OIDC', 'OAUTH2', 'MTLS'),
    algorithms: { request: ALGORITHM, response: ALGORITHM },
    endpoints: {
      authorization: ENDPOINT,
      token: ENDPOINT,
      userInfo: ENDPOINT,
      jwks: ENDPOINT,
      metadata: ENDPOINT,
      sso: ENDPOINT,
      acs: ENDPOINT,
      slo: ENDPOINT,
    },
    scopes: ['string'],
    issuer: ENDPOINT,
    settings: { nameFormat: 'string' },
    relayState: { format: oneOf('OPAQUE', 'FROM_URL') },
    credentials: {
      client: { client_id: 'string', client_secret: 'string' },
      trust: {
        issuer: 'string',
        audience: 'string',
        kid: 'string',
        revocation: oneOf('CRL', 'DELTA_CRL', 'OCSP'),
        revocationCacheLifetime: 'integer',
      },
      signing: { kid: 'string', teamId: 'string' },
    },
  },
  policy: {
    provisioning: {
      action: oneOf('AUTO', 'CALLOUT', 'DISABLED'),
      profileMaster: 'boolean',
      groups: {
        action: oneOf('NONE', 'APPEND', 'SYNC', 'ASSIGN'),
        assignments: ['string'],
        filter: ['string'],
        sourceAttributeName: 'string',
      },
      conditions: { deprovisioned: { action: oneOf('NONE', 'REACTIVATE') }, suspended: { action: oneOf('NONE', 'UNSUSPEND') } },
    },
    accountLink: { filter: { groups: { include: ['string'] } }, action: oneOf('AUTO', 'DISABLED') },
    subject: {
      userNameTemplate: { template: 'string' },
      filter: 'string',
      format: ['string'],
      matchType: oneOf('USERNAME', 'EMAIL', 'USERNAME_OR_EMAIL', 'CUSTOM_ATTRIBUTE'),
      matchAttribute: 'string',
    },
    maxClockSkew: 'integer',
  },
};

/** Protocol by type of provider, where it can have only one. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  SAML2: 'SAML2',
  OIDC: 'OIDC',
  GOOGLE: 'OIDC',
  MICROSOFT: 'OIDC',
  APPLE: 'OIDC',
  FACEBOOK: 'OAUTH2',
  X509: 'MTLS',
};

/** What a request says of a provider, with what Okta adds where it says nothing. */
export function readProvider(
  call: Call,
  before: IdentityProvider | undefined,
): Pick<IdentityProvider, 'type' | 'issuerMode' | 'name' | 'protocol' | 'policy'> {
  const given = call.json();
  const name = requiredText(given, 'name', 100);
  const body = readBody(given, BODY);
  requireAll(body, before === undefined ? ['type', 'protocol', 'policy'] : ['protocol', 'policy']);
  const type = String(body.type ?? before?.type);
  if (before !== undefined && type !== before.type) throw invalid('type', ['type: The type of an identity provider cannot be changed']);
  const protocol = objectAt(body.protocol);
  requireAll(protocol, ['type']);
  const needed = PROTOCOLS[type];
  if (needed !== undefined && protocol.type !== needed)
    throw invalid('protocol.type', [`protocol.type: A provider of type ${type} has the protocol ${needed}`]);
  checkProtocol(call, type, protocol);
  return {
    type,
    issuerMode: String(body.issuerMode ?? before?.issuerMode ?? 'ORG_URL'),
    name,
    protocol,
    policy: policyOf(objectAt(body.policy)),
  };
}

function checkProtocol(call: Call, type: string, protocol: JsonObject): void {
  const credentials = objectAt(protocol.credentials);
  if (protocol.type === 'SAML2') {
    const kid = objectAt(credentials.trust).kid;
    if (typeof kid !== 'string')
      throw invalid('protocol.credentials.trust.kid', ['protocol.credentials.trust.kid: The field cannot be left blank']);
    if (!call.org.collection(TRUST_KEYS).has(kid))
      throw invalid('protocol.credentials.trust.kid', [`protocol.credentials.trust.kid: No key has the kid ${kid}`]);
    if (objectAt(objectAt(protocol.endpoints).sso).url === undefined)
      throw invalid('protocol.endpoints.sso.url', ['protocol.endpoints.sso.url: The field cannot be left blank']);
    return;
  }
  if (protocol.type === 'MTLS') return;
  const client = objectAt(credentials.client);
  if (client.client_id === undefined) throw invalid('protocol.credentials.client.client_id', ['client_id: The field cannot be left blank']);
  if (type !== 'OIDC') return;
  for (const name of ['authorization', 'token', 'jwks']) {
    if (objectAt(objectAt(protocol.endpoints)[name]).url === undefined)
      throw invalid(`protocol.endpoints.${name}`, [`protocol.endpoints.${name}.url: The field cannot be left blank`]);
  }
}

function policyOf(given: JsonObject): JsonObject {
  const provisioning = objectAt(given.provisioning);
  const conditions = objectAt(provisioning.conditions);
  const accountLink = objectAt(given.accountLink);
  const subject = objectAt(given.subject);
  return {
    provisioning: {
      action: provisioning.action ?? 'AUTO',
      profileMaster: provisioning.profileMaster ?? false,
      groups: { action: 'NONE', ...objectAt(provisioning.groups) },
      conditions: {
        deprovisioned: { action: objectAt(conditions.deprovisioned).action ?? 'NONE' },
        suspended: { action: objectAt(conditions.suspended).action ?? 'NONE' },
      },
    },
    accountLink: { filter: accountLink.filter ?? null, action: accountLink.action ?? 'AUTO' },
    subject: {
      userNameTemplate: subject.userNameTemplate ?? { template: 'idpuser.email' },
      filter: subject.filter ?? null,
      ...(subject.format === undefined ? {} : { format: subject.format }),
      matchType: subject.matchType ?? 'USERNAME',
      matchAttribute: subject.matchAttribute ?? null,
    },
    maxClockSkew: given.maxClockSkew ?? 0,
  };
}
