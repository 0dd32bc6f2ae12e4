import { profileText } from '../../model.ts';
import type { Org } from '../../org.ts';
import { isObject } from '../../reply.ts';
import { isoTime } from '../../time.ts';
import type { Json, JsonObject } from '../../types.ts';
import { fullUser } from '../users/render.ts';
import { groupsThatAssign } from './assignments.ts';
import type { App, AppGroup, AppUser } from './store.ts';

export interface AppRendering {
  /** Shows the client secret, as only the answer to creation does. */
  readonly showsSecret?: boolean;
  readonly embedded?: JsonObject;
}

export function appJson(org: Org, app: App, options: AppRendering = {}): JsonObject {
  return org.shaping.shape('app', {
    id: app.id,
    orn: `orn:okta:idp:${org.id}:apps:${app.name}:${app.id}`,
    name: app.name,
    label: app.label,
    status: app.status,
    lastUpdated: isoTime(app.lastUpdated),
    created: isoTime(app.created),
    accessibility: app.accessibility,
    visibility: app.visibility,
    features: app.features,
    signOnMode: app.signOnMode,
    credentials: options.showsSecret === true ? app.credentials : withoutSecret(app.credentials),
    universalLogout: app.signOnMode === 'OPENID_CONNECT' ? OIDC_LOGOUT : { status: 'UNSUPPORTED' },
    settings: app.settings,
    ...(app.profile === undefined ? {} : { profile: app.profile }),
    ...(app.licensing === undefined ? {} : { licensing: app.licensing }),
    ...(options.embedded === undefined ? {} : { _embedded: options.embedded }),
    _links: linksOf(org, app),
  });
}

function withoutSecret(credentials: JsonObject): JsonObject {
  const client = credentials.oauthClient;
  if (!isObject(client) || client.client_secret === undefined) return credentials;
  const { client_secret: _secret, ...shown } = client;
  return { ...credentials, oauthClient: shown };
}

const OIDC_LOGOUT: JsonObject = {
  status: 'DISABLED',
  supportType: 'FULL',
  identityStack: 'NOT_SHARED',
  protocol: 'GLOBAL_TOKEN_REVOCATION',
};

export function appText(org: Org, app: App): string {
  return JSON.stringify(appJson(org, app));
}

function linksOf(org: Org, app: App): JsonObject {
  const self = `${org.origin}/api/v1/apps/${app.id}`;
  const links: Record<string, Json> = {};
  if (app.signOnMode === 'SAML_2_0' || app.signOnMode === 'WS_FEDERATION' || app.signOnMode === 'SAML_1_1') {
    const kind = app.signOnMode === 'WS_FEDERATION' ? 'wsfed' : 'saml';
    links.help = { href: `${org.adminOrigin}/app/${app.name}/${app.id}/setup/help/${app.signOnMode}/external-doc`, type: 'text/html' };
    links.metadata = { href: `${self}/sso/${kind}/metadata`, type: 'application/xml' };
  }
  links.uploadLogo = { href: `${self}/logo`, hints: { allow: ['POST'] } };
  const shown = typeof app.visibility.appLinks === 'object' && app.visibility.appLinks !== null ? Object.keys(app.visibility.appLinks) : [];
  links.appLinks = shown.map((name) => ({
    name,
    href: `${org.origin}/home/${app.name}/${app.id}/${catalogNumber(app.name)}`,
    type: 'text/html',
  }));
  links.profileEnrollment = { href: `${org.origin}/api/v1/policies/${org.value('defaultProfileEnrollmentPolicy', () => '').value}` };
  links.policies = { href: `${self}/policies`, hints: { allow: ['PUT'] } };
  links.groups = { href: `${self}/groups` };
  links.logo = [{ name: 'medium', href: `${org.origin}/assets/img/logos/${app.name}.png`, type: 'image/png' }];
  if (app.signOnMode === 'OPENID_CONNECT') links.clientCredentials = [{ name: 'secrets', href: `${self}/credentials/secrets` }];
  if (app.accessPolicyId !== null) links.accessPolicy = { href: `${org.origin}/api/v1/policies/${app.accessPolicyId}` };
  links.users = { href: `${self}/users` };
  if (app.status === 'ACTIVE') links.deactivate = { href: `${self}/lifecycle/deactivate` };
  else links.activate = { href: `${self}/lifecycle/activate` };
  return links;
}

/** The number that an integration has in links to its apps: the same for all of one name. */
export function catalogNumber(name: string): number {
  let sum = 2000;
  for (let i = 0; i < name.length; i++) sum = (sum * 31 + name.charCodeAt(i)) % 90_000;
  return sum;
}

export function appUserJson(org: Org, assignment: AppUser, expand: string | null): JsonObject {
  const base = org.origin;
  const user = org.users.get(assignment.userId);
  const links: Record<string, Json> = {
    app: { href: `${base}/api/v1/apps/${assignment.appId}` },
    user: { href: `${base}/api/v1/users/${assignment.userId}` },
  };
  if (assignment.scope === 'GROUP') {
    const through = groupsThatAssign(org, assignment.appId, assignment.userId)[0];
    const group = through === undefined ? undefined : org.groups.get(through.groupId);
    if (group !== undefined) links.group = { name: profileText(group.profile, 'name'), href: `${base}/api/v1/groups/${group.id}` };
  }
  return {
    id: assignment.userId,
    externalId: assignment.externalId,
    created: isoTime(assignment.created),
    lastUpdated: isoTime(assignment.lastUpdated),
    scope: assignment.scope,
    status: statusOf(user?.status),
    statusChanged: isoTime(assignment.statusChanged),
    passwordChanged: assignment.passwordChanged === null ? null : isoTime(assignment.passwordChanged),
    syncState: 'DISABLED',
    credentials: { userName: assignment.userName, ...(assignment.hasPassword ? { password: {} } : {}) },
    profile: assignment.profile,
    ...(expand === 'user' && user !== undefined ? { _embedded: { user: fullUser(org, user) } } : {}),
    _links: links,
  };
}

/** An assignment waits while its user has not come in, and rests while the user does. */
function statusOf(status: string | undefined): string {
  if (status === 'STAGED') return 'STAGED';
  return status === 'SUSPENDED' ? 'SUSPENDED' : 'ACTIVE';
}

export function appGroupJson(
  org: Org,
  assignment: AppGroup,
  expand: string | null,
  groupBody: (groupId: string) => JsonObject | undefined,
): JsonObject {
  const self = `${org.origin}/api/v1/apps/${assignment.appId}`;
  const group = expand === 'group' ? groupBody(assignment.groupId) : undefined;
  return {
    id: assignment.groupId,
    lastUpdated: isoTime(assignment.lastUpdated),
    priority: assignment.priority,
    profile: assignment.profile,
    ...(group === undefined ? {} : { _embedded: { group } }),
    _links: {
      app: { href: self },
      self: { href: `${self}/groups/${assignment.groupId}` },
      group: { href: `${org.origin}/api/v1/groups/${assignment.groupId}` },
    },
  };
}
