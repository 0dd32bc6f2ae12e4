import type { MethodOrg } from './harness.ts';

/** The password of every user that `newUser` makes with one. */
export const PASSWORD = 'Passw0rd!x';

/** Makes a user `{name}@example.com` by SQL: ACTIVE, or as `status` says. Its id. */
export function newUser(org: MethodOrg, name: string, status: 'ACTIVE' | 'STAGED' | 'PROVISIONED' = 'ACTIVE'): Promise<string> {
  const profile = JSON.stringify({ login: `${name}@example.com`, email: `${name}@example.com`, firstName: name, lastName: 'Test' });
  const hasPassword = status === 'ACTIVE';
  return org.text(
    `INSERT INTO okta.user.users (data__profile, activate${hasPassword ? ', data__credentials' : ''})
     VALUES ('${profile}', ${status !== 'STAGED'}${hasPassword ? `, '{"password": {"value": "${PASSWORD}"}}'` : ''}) RETURNING id`,
  );
}

export function newGroup(org: MethodOrg, name: string): Promise<string> {
  return org.text(`INSERT INTO okta.group.groups (data__profile) VALUES (json_object('name', '${name}')) RETURNING id`);
}

/** Makes an app of one of the simplest kinds. */
export function newBookmark(org: MethodOrg, label: string): Promise<string> {
  return org.text(
    `INSERT INTO okta.application.apps (name, label, signOnMode, data__settings)
     VALUES ('bookmark', '${label}', 'BOOKMARK', '{"app": {"url": "https://example.com/${label.toLowerCase().replace(/\W/g, '-')}"}}') RETURNING id`,
  );
}

/** Makes an OAuth client of the web. Its id is its client id. */
export function newClient(org: MethodOrg, label: string): Promise<string> {
  return org.text(
    `INSERT INTO okta.application.apps (name, label, signOnMode, data__settings, data__credentials)
     VALUES ('oidc_client', '${label}', 'OPENID_CONNECT', $settings, '{"oauthClient": {"token_endpoint_auth_method": "client_secret_post"}}') RETURNING id`,
    {
      settings: JSON.stringify({
        oauthClient: {
          application_type: 'web',
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          redirect_uris: ['https://app.example.com/callback'],
        },
      }),
    },
  );
}

const endpoint = (path: string, binding = 'HTTP-REDIRECT'): object => ({ url: `https://idp.example.com/${path}`, binding });
/** What an OpenID Connect provider is made from. */
export const IDP_PROTOCOL = {
  type: 'OIDC',
  endpoints: { authorization: endpoint('authorize'), token: endpoint('token', 'HTTP-POST'), jwks: endpoint('keys') },
  scopes: ['openid', 'email'],
  issuer: { url: 'https://idp.example.com' },
  credentials: { client: { client_id: 'client', client_secret: 'secret' } },
};
export const IDP_POLICY = {
  provisioning: { action: 'AUTO', profileMaster: false, groups: { action: 'NONE' } },
  accountLink: { filter: null, action: 'AUTO' },
  subject: { userNameTemplate: { template: 'idpuser.email' }, matchType: 'USERNAME' },
  maxClockSkew: 0,
};

/** Makes an OpenID Connect provider. */
export const newProvider = (org: MethodOrg, name: string): Promise<string> =>
  org.text(
    `INSERT INTO okta.identityprovider.idps (data__type, data__name, data__protocol, data__policy) VALUES ('OIDC', '${name}', $protocol, $policy) RETURNING id`,
    {
      protocol: JSON.stringify(IDP_PROTOCOL),
      policy: JSON.stringify(IDP_POLICY),
    },
  );
