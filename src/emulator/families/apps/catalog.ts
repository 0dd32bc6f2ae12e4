import type { SignOnMode } from './store.ts';

/** What Okta's integration network says of an integration. */
export interface Integration {
  readonly signOnMode: SignOnMode;
  /** What users' tiles are called in links. */
  readonly link: string;
  /** Settings that a new app cannot do without. */
  readonly required?: readonly string[];
  /** Settings of a new app that were not given. */
  readonly defaults?: Readonly<Record<string, string | boolean | null>>;
  /** Whether it can create users in the app. */
  readonly hasProvisioning?: boolean;
}

/** The templates, and the integrations that can provision. A name that is not here is taken as given, with the sign-on mode of the request. */
export const INTEGRATIONS: Readonly<Record<string, Integration>> = {
  bookmark: { signOnMode: 'BOOKMARK', link: 'login', required: ['url'], defaults: { requestIntegration: false } },
  template_basic_auth: { signOnMode: 'BASIC_AUTH', link: 'login', required: ['url', 'authURL'], defaults: { loginUrlRegex: null } },
  template_swa: {
    signOnMode: 'BROWSER_PLUGIN',
    link: 'login',
    required: ['url', 'usernameField', 'passwordField', 'buttonField'],
    defaults: { loginUrlRegex: null, redirectUrl: null, checkbox: null },
  },
  template_swa3field: {
    signOnMode: 'BROWSER_PLUGIN',
    link: 'login',
    required: ['targetURL', 'userNameSelector', 'passwordSelector', 'buttonSelector', 'extraFieldSelector', 'extraFieldValue'],
    defaults: { loginUrlRegex: null, redirectUrl: null },
  },
  template_sps: {
    signOnMode: 'SECURE_PASSWORD_STORE',
    link: 'login',
    required: ['url', 'usernameField', 'passwordField'],
    defaults: {
      optionalField1: null,
      optionalField1Value: null,
      optionalField2: null,
      optionalField2Value: null,
      optionalField3: null,
      optionalField3Value: null,
    },
  },
  template_wsfed: {
    signOnMode: 'WS_FEDERATION',
    link: 'login',
    required: ['realm', 'wReplyURL', 'audienceRestriction', 'nameIDFormat', 'authnContextClassRef', 'siteURL'],
    defaults: {
      wReplyOverride: null,
      attributeStatements: null,
      groupFilter: null,
      groupName: null,
      groupValueFormat: null,
      usernameAttribute: null,
    },
  },
  oidc_client: { signOnMode: 'OPENID_CONNECT', link: 'oidc_client_link' },
  okta_org2org: { signOnMode: 'SAML_2_0', link: 'login', required: ['baseUrl'], hasProvisioning: true },
  google: { signOnMode: 'SAML_2_0', link: 'login', hasProvisioning: true },
  office365: { signOnMode: 'WS_FEDERATION', link: 'login', hasProvisioning: true },
  slack: { signOnMode: 'SAML_2_0', link: 'login', hasProvisioning: true },
  zoomus: { signOnMode: 'SAML_2_0', link: 'login', hasProvisioning: true },
  salesforce: { signOnMode: 'SAML_2_0', link: 'login', hasProvisioning: true },
};

/** The template behind a sign-on mode, for apps that name none. */
export const TEMPLATES: Readonly<Partial<Record<SignOnMode, string>>> = {
  BOOKMARK: 'bookmark',
  BASIC_AUTH: 'template_basic_auth',
  BROWSER_PLUGIN: 'template_swa',
  SECURE_PASSWORD_STORE: 'template_sps',
  WS_FEDERATION: 'template_wsfed',
  OPENID_CONNECT: 'oidc_client',
};
