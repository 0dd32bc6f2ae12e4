import { isObject } from '../../reply.ts';
import type { Json, JsonObject } from '../../types.ts';
import { INTEGRATIONS } from './catalog.ts';
import type { SignOnMode } from './store.ts';

/** An object out of a JSON value, `{}` for anything else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function accessibilityOf(given: JsonObject): JsonObject {
  return { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null, ...given };
}

/** OpenID Connect apps have no tile until somebody asks for one. */
export function visibilityOf(given: JsonObject, signOnMode: SignOnMode, name: string): JsonObject {
  const isHidden = signOnMode === 'OPENID_CONNECT';
  const link = INTEGRATIONS[name]?.link ?? (isHidden ? 'oidc_client_link' : `${name}_link`);
  return {
    autoLaunch: given.autoLaunch ?? false,
    autoSubmitToolbar: given.autoSubmitToolbar ?? false,
    hide: { iOS: isHidden, web: isHidden, ...objectOf(given.hide) },
    appLinks: isObject(given.appLinks) ? given.appLinks : { [link]: true },
  };
}

/** Parts that a request cannot set: the signing key, the client's id and secret. */
export interface FixedCredentials {
  readonly kid?: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const PASSWORD_MODES: ReadonlySet<SignOnMode> = new Set(['BASIC_AUTH', 'BROWSER_PLUGIN', 'SECURE_PASSWORD_STORE', 'AUTO_LOGIN']);

export function credentialsOf(given: JsonObject, signOnMode: SignOnMode, fixed: FixedCredentials): JsonObject {
  const asked = objectOf(given.userNameTemplate);
  const push = asked.type === 'CUSTOM' ? { pushStatus: 'DONT_PUSH' } : {};
  const template = { template: `\${source.login}`, type: 'BUILT_IN', ...push, ...asked };
  const password = objectOf(given.password).value;
  const signing = objectOf(given.signing);
  const hasKey =
    signOnMode === 'SAML_2_0' || signOnMode === 'SAML_1_1' || signOnMode === 'WS_FEDERATION' || signOnMode === 'OPENID_CONNECT';
  const kid = typeof signing.kid === 'string' ? signing.kid : fixed.kid;
  return {
    ...(PASSWORD_MODES.has(signOnMode)
      ? {
          scheme: given.scheme ?? 'EDIT_USERNAME_AND_PASSWORD',
          userNameTemplate: template,
          revealPassword: given.revealPassword ?? false,
          ...(given.userName === undefined || given.userName === '' ? {} : { userName: given.userName }),
          ...(password === undefined || password === '' ? {} : { password: {} }),
        }
      : { userNameTemplate: template }),
    signing: hasKey && kid !== undefined ? { kid } : {},
    ...(signOnMode === 'OPENID_CONNECT' ? { oauthClient: oauthClientOf(objectOf(given.oauthClient), fixed) } : {}),
  };
}

function oauthClientOf(given: JsonObject, fixed: FixedCredentials): JsonObject {
  const method = typeof given.token_endpoint_auth_method === 'string' ? given.token_endpoint_auth_method : 'client_secret_basic';
  const hasSecret = method.startsWith('client_secret');
  return {
    autoKeyRotation: given.autoKeyRotation ?? true,
    client_id: given.client_id ?? fixed.clientId,
    ...(hasSecret ? { client_secret: given.client_secret ?? fixed.clientSecret } : {}),
    token_endpoint_auth_method: method,
    pkce_required: given.pkce_required ?? method === 'none',
  };
}

/** What every WS-Federation app has, whoever made its integration. */
const WS_FEDERATION: JsonObject = {
  audienceRestriction: 'urn:example:app',
  authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  groupValueFormat: 'windowsDomainQualifiedName',
  nameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  siteURL: 'https://www.example.com',
  usernameAttribute: 'username',
  wReplyURL: 'https://www.example.com/reply',
};

export function settingsOf(given: JsonObject, signOnMode: SignOnMode, name: string): JsonObject {
  const vpn = objectOf(objectOf(given.notifications).vpn);
  const defaults = INTEGRATIONS[name]?.defaults ?? {};
  return {
    app: { ...(signOnMode === 'WS_FEDERATION' ? WS_FEDERATION : {}), ...defaults, ...objectOf(given.app) },
    notifications: {
      vpn: { network: { connection: 'DISABLED', ...objectOf(vpn.network) }, message: vpn.message ?? null, helpUrl: vpn.helpUrl ?? null },
    },
    manualProvisioning: given.manualProvisioning ?? false,
    implicitAssignment: given.implicitAssignment ?? false,
    emOptInStatus: given.emOptInStatus ?? 'NONE',
    ...(given.inlineHookId === undefined ? {} : { inlineHookId: given.inlineHookId }),
    notes: { admin: null, enduser: null, ...objectOf(given.notes) },
    ...signOnOf(given, signOnMode),
    ...(signOnMode === 'OPENID_CONNECT' ? { oauthClient: oauthSettingsOf(objectOf(given.oauthClient)) } : {}),
  };
}

function signOnOf(given: JsonObject, signOnMode: SignOnMode): JsonObject {
  const asked = objectOf(given.signOn);
  if (signOnMode === 'SAML_2_0' && typeof asked.ssoAcsUrl === 'string') return { signOn: customSignOn(asked) };
  if (signOnMode === 'SAML_2_0' || signOnMode === 'SAML_1_1') {
    return {
      signOn: {
        defaultRelayState: null,
        ssoAcsUrlOverride: null,
        audienceOverride: null,
        recipientOverride: null,
        destinationOverride: null,
        attributeStatements: [],
        ...objectOf(given.signOn),
      },
    };
  }
  if (signOnMode === 'AUTO_LOGIN') return { signOn: { redirectUrl: null, loginUrl: null, ...objectOf(given.signOn) } };
  return isObject(given.signOn) ? { signOn: given.signOn } : {};
}

/** Settings of a SAML app that nobody has made an integration for: its own addresses, and nothing to override. */
function customSignOn(asked: JsonObject): JsonObject {
  const {
    ssoAcsUrlOverride: _sso,
    audienceOverride: _audience,
    recipientOverride: _recipient,
    destinationOverride: _destination,
    ...given
  } = asked;
  return {
    defaultRelayState: null,
    ssoAcsUrl: null,
    idpIssuer: `http://www.okta.com/\${org.externalKey}`,
    audience: null,
    recipient: asked.ssoAcsUrl,
    destination: asked.ssoAcsUrl,
    subjectNameIdTemplate: `\${user.userName}`,
    subjectNameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
    responseSigned: true,
    assertionSigned: true,
    signatureAlgorithm: 'RSA_SHA256',
    digestAlgorithm: 'SHA256',
    honorForceAuthn: true,
    authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    spIssuer: null,
    requestCompressed: false,
    attributeStatements: [],
    inlineHooks: [],
    allowMultipleAcsEndpoints: false,
    acsEndpoints: [],
    samlSignedRequestEnabled: false,
    slo: { enabled: false },
    ...given,
  };
}

function oauthSettingsOf(given: JsonObject): JsonObject {
  const type = given.application_type ?? 'web';
  const refreshes = Array.isArray(given.grant_types) && given.grant_types.includes('refresh_token');
  return {
    client_uri: null,
    logo_uri: null,
    redirect_uris: [],
    response_types: type === 'service' ? ['token'] : ['code'],
    grant_types: type === 'service' ? ['client_credentials'] : ['authorization_code'],
    application_type: type,
    consent_method: 'TRUSTED',
    issuer_mode: 'DYNAMIC',
    idp_initiated_login: { mode: 'DISABLED', default_scope: [] },
    wildcard_redirect: 'DISABLED',
    dpop_bound_access_tokens: false,
    ...(refreshes ? { refresh_token: { rotation_type: 'STATIC' } } : {}),
    ...given,
  };
}
