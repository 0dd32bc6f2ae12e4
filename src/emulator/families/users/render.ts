import type { User } from '../../model.ts';
import type { Org } from '../../org.ts';
import { FIRST_ATTRIBUTES, isFixedAttribute, LAST_ATTRIBUTES, orderProfile } from '../../profile-schema.ts';
import { isoTime } from '../../time.ts';
import type { Json, JsonObject } from '../../types.ts';

/** A user as it stands in lists: no link but the one to itself. */
export function listItem(org: Org, user: User): JsonObject {
  return org.shaping.shape('user', {
    ...fieldsOf(user),
    credentials: credentialsOf(user, true),
    _links: { self: { href: hrefOf(org, user) } },
  });
}

/** One field of a list item, and its JSON text. */
export interface ListPart {
  readonly name: string;
  readonly text: (org: Org, user: User) => string;
}

/** The fields of a list item in their order, written straight since lists of 100 000 must not be what a benchmark measures. */
export const LIST_PARTS: readonly ListPart[] = [
  { name: 'id', text: (_, user) => `"${user.id}"` },
  { name: 'status', text: (_, user) => `"${user.status}"` },
  { name: 'created', text: (_, user) => time(user.created) },
  { name: 'activated', text: (_, user) => time(user.activated) },
  { name: 'statusChanged', text: (_, user) => time(user.statusChanged) },
  { name: 'lastLogin', text: (_, user) => time(user.lastLogin) },
  { name: 'lastUpdated', text: (_, user) => time(user.lastUpdated) },
  { name: 'passwordChanged', text: (_, user) => time(user.passwordChanged) },
  { name: 'type', text: (_, user) => `{"id":"${user.typeId}"}` },
  { name: 'profile', text: (_, user) => profileTextOf(user) },
  { name: 'credentials', text: (org, user) => credentialsText(user, org.shaping.can('userEmails')) },
  { name: '_links', text: (org, user) => `{"self":{"href":"${hrefOf(org, user)}"}}` },
];

/** The JSON text of a list item. */
export function listItemText(org: Org, user: User): string {
  let text = '';
  for (const { name, text: write } of LIST_PARTS) text += `${text === '' ? '{' : ','}"${name}":${write(org, user)}`;
  return `${text}}`;
}

/** `orderProfile` as text, of the attributes that are wanted. */
export function profileTextOf(user: User, wanted?: { readonly has: (name: string) => boolean }): string {
  const { profile } = user;
  let out = '';
  const add = (name: string): void => {
    if (wanted === undefined || wanted.has(name)) out += `${out === '' ? '' : ','}${JSON.stringify(name)}:${value(profile[name])}`;
  };
  for (const name of FIRST_ATTRIBUTES) add(name);
  for (const name in profile) if (!isFixedAttribute(name) && profile[name] !== undefined && profile[name] !== null) add(name);
  for (const name of LAST_ATTRIBUTES) add(name);
  return `{${out}}`;
}

/** `credentialsOf` as text, for the credentials that most users have. */
function credentialsText(user: User, showsEmails: boolean): string {
  const { password, question, provider } = user.credentials;
  if (!showsEmails || question !== undefined || user.profile.secondEmail) return JSON.stringify(credentialsOf(user, showsEmails));
  return (
    `{${password === undefined ? '' : '"password":{},'}"emails":[{"value":${value(user.profile.email)},"status":"VERIFIED","type":"PRIMARY"}],` +
    `"provider":{"type":${value(provider.type)},"name":${value(provider.name)}}}`
  );
}

function value(json: Json | undefined): string {
  return json === undefined || json === null ? 'null' : JSON.stringify(json);
}

/** A user by itself: links to what its status allows. */
export function fullUser(org: Org, user: User): JsonObject {
  return org.shaping.shape('user', { ...fieldsOf(user), credentials: credentialsOf(user, true), _links: linksOf(org, user) });
}

/** The credentials part. Operations on credentials show no e-mail addresses. */
export function credentialsOf(user: User, showsEmails: boolean): JsonObject {
  const { password, question, provider } = user.credentials;
  return {
    ...(password === undefined ? {} : { password: {} }),
    ...(showsEmails ? { emails: emailsOf(user) } : {}),
    ...(question === undefined ? {} : { recovery_question: { question: question.question } }),
    provider: { type: provider.type, name: provider.name },
  };
}

function fieldsOf(user: User): JsonObject {
  return {
    id: user.id,
    status: user.status,
    created: isoTime(user.created),
    activated: isoOrNull(user.activated),
    statusChanged: isoOrNull(user.statusChanged),
    lastLogin: isoOrNull(user.lastLogin),
    lastUpdated: isoTime(user.lastUpdated),
    passwordChanged: isoOrNull(user.passwordChanged),
    type: { id: user.typeId },
    profile: orderProfile(user.profile),
  };
}

function emailsOf(user: User): Json {
  const { email, secondEmail } = user.profile;
  const emails: JsonObject[] = [{ value: email ?? null, status: 'VERIFIED', type: 'PRIMARY' }];
  if (typeof secondEmail === 'string' && secondEmail !== '') emails.push({ value: secondEmail, status: 'VERIFIED', type: 'SECONDARY' });
  return emails;
}

function hrefOf(org: Org, user: User): string {
  return `${org.origin}/api/v1/users/${user.id}`;
}

/** Which links a status shows, in Okta's order. */
const LINKS_BY_STATUS: Readonly<Record<User['status'], readonly string[]>> = {
  ACTIVE: [
    'suspend',
    'schema',
    'resetPassword',
    'forgotPassword',
    'expirePassword',
    'changeRecoveryQuestion',
    'self',
    'resetFactors',
    'type',
    'changePassword',
    'deactivate',
  ],
  PASSWORD_EXPIRED: [
    'suspend',
    'schema',
    'resetPassword',
    'forgotPassword',
    'expirePassword',
    'changeRecoveryQuestion',
    'self',
    'resetFactors',
    'type',
    'changePassword',
    'deactivate',
  ],
  RECOVERY: ['schema', 'resetPassword', 'expirePassword', 'reactivate', 'self', 'resetFactors', 'type', 'deactivate'],
  LOCKED_OUT: ['schema', 'unlock', 'resetPassword', 'expirePassword', 'self', 'resetFactors', 'type', 'deactivate'],
  PROVISIONED: ['suspend', 'schema', 'resetPassword', 'reactivate', 'self', 'resetFactors', 'type', 'deactivate'],
  SUSPENDED: ['schema', 'unsuspend', 'self', 'resetFactors', 'type', 'deactivate'],
  STAGED: ['schema', 'activate', 'self', 'resetFactors', 'type'],
  DEPROVISIONED: ['schema', 'activate', 'self', 'resetFactors', 'type', 'delete'],
};

const LINK_PATHS: Readonly<Record<string, string>> = {
  suspend: 'lifecycle/suspend',
  unsuspend: 'lifecycle/unsuspend',
  unlock: 'lifecycle/unlock',
  activate: 'lifecycle/activate',
  reactivate: 'lifecycle/reactivate',
  deactivate: 'lifecycle/deactivate',
  resetPassword: 'lifecycle/reset_password',
  expirePassword: 'lifecycle/expire_password',
  resetFactors: 'lifecycle/reset_factors',
  forgotPassword: 'credentials/forgot_password',
  changePassword: 'credentials/change_password',
  changeRecoveryQuestion: 'credentials/change_recovery_question',
};

function linksOf(org: Org, user: User): JsonObject {
  const self = hrefOf(org, user);
  const links: Record<string, Json> = {};
  for (const name of LINKS_BY_STATUS[user.status]) {
    if (name === 'self') links[name] = { href: self };
    else if (name === 'schema') links[name] = { href: `${org.origin}/api/v1/meta/schemas/user/${org.userSchemaId}` };
    else if (name === 'type') links[name] = { href: `${org.origin}/api/v1/meta/types/user/${user.typeId}` };
    else if (name === 'delete') links[name] = { href: self, method: 'DELETE' };
    else links[name] = { href: `${self}/${LINK_PATHS[name]}`, method: 'POST' };
  }
  return links;
}

function isoOrNull(value: number | null): string | null {
  return value === null ? null : isoTime(value);
}

function time(value: number | null): string {
  return value === null ? 'null' : `"${isoTime(value)}"`;
}
