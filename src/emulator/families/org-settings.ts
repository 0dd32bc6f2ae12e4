import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid, notFound, refuse } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { type ObjectShape, readBody } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, Json, JsonObject, Reply } from '../types.ts';

const PATH = '/api/v1/org';
const SUPPORT = `${PATH}/privacy/oktaSupport`;
const COMMUNICATION = `${PATH}/privacy/oktaCommunication`;
const SUPPORT_MS = 8 * 3_600_000;
const EXTENSION_MS = 24 * 3_600_000;

/** What a request may set, in the order in which it is shown. */
const FIELDS: ObjectShape = {
  companyName: 'string',
  website: 'string',
  phoneNumber: 'string',
  endUserSupportHelpURL: 'string',
  supportPhoneNumber: 'string',
  address1: 'string',
  address2: 'string',
  city: 'string',
  state: 'string',
  country: 'string',
  postalCode: 'string',
};

interface OrgSettings {
  readonly fields: JsonObject;
  readonly created: number;
  readonly lastUpdated: number;
  readonly showEndUserFooter: boolean;
  readonly optOutEmailUsers: boolean;
  /** When Okta Support's access ends; `null` while it has none. */
  readonly supportUntil: number | null;
  /** User ids by type of contact. */
  readonly contacts: Readonly<Record<string, string>>;
}

const CONTACTS = ['BILLING', 'TECHNICAL'] as const;

/** The org's own settings, contacts, and what Okta may do in it. */
export const orgSettings: Family = {
  name: 'org settings',
  routes: [
    { method: 'GET', path: PATH, handle: (call) => json(200, render(call.org)) },
    { method: 'POST', path: PATH, handle: (call) => update(call, true) },
    { method: 'PUT', path: PATH, handle: (call) => update(call, false) },
    { method: 'POST', path: `${PATH}/logo`, handle: uploadLogo, consumes: 'any' },
    { method: 'GET', path: `${PATH}/contacts`, handle: listContacts },
    { method: 'GET', path: `${PATH}/contacts/{contactType}`, handle: getContact },
    { method: 'PUT', path: `${PATH}/contacts/{contactType}`, handle: setContact },
    { method: 'GET', path: `${PATH}/preferences`, handle: (call) => json(200, preferences(call.org)) },
    { method: 'POST', path: `${PATH}/preferences/hideEndUserFooter`, handle: (call) => setFooter(call, false) },
    { method: 'POST', path: `${PATH}/preferences/showEndUserFooter`, handle: (call) => setFooter(call, true) },
    { method: 'GET', path: COMMUNICATION, handle: (call) => json(200, communication(call.org)) },
    { method: 'POST', path: `${COMMUNICATION}/optIn`, handle: (call) => setOptOut(call, false) },
    { method: 'POST', path: `${COMMUNICATION}/optOut`, handle: (call) => setOptOut(call, true) },
    { method: 'GET', path: SUPPORT, handle: (call) => json(200, support(call.org)) },
    { method: 'POST', path: `${SUPPORT}/grant`, handle: grantSupport },
    { method: 'POST', path: `${SUPPORT}/extend`, handle: extendSupport },
    { method: 'POST', path: `${SUPPORT}/revoke`, handle: revokeSupport },
  ],
};

function state(org: Org): { value: OrgSettings } {
  return org.value<OrgSettings>('orgSettings', () => {
    const created = org.groups.get(org.everyoneId)?.created ?? wholeSecond(org.clock.now());
    return {
      fields: {
        companyName: org.subdomain,
        website: `https://www.${org.subdomain}.example.com`,
        phoneNumber: '',
        endUserSupportHelpURL: '',
        supportPhoneNumber: '',
      },
      created,
      lastUpdated: created,
      showEndUserFooter: true,
      optOutEmailUsers: false,
      supportUntil: null,
      contacts: {},
    };
  });
}

function change(org: Org, changes: Partial<OrgSettings>): void {
  const settings = state(org);
  settings.value = { ...settings.value, ...changes };
}

function update(call: Call, isPartial: boolean): Reply {
  const { org } = call;
  const given = call.json();
  const body = readBody(given, FIELDS);
  const before = state(org).value.fields;
  if (!isPartial && body.companyName === undefined) throw invalid('companyName', ['companyName: The field cannot be left blank']);
  if (body.companyName === '') throw invalid('companyName', ['companyName: The field cannot be left blank']);
  const cleared = Object.fromEntries(Object.keys(FIELDS).flatMap((name) => (given[name] === null ? [[name, null]] : [])));
  change(org, { fields: isPartial ? { ...before, ...cleared, ...body } : body, lastUpdated: wholeSecond(call.now) });
  log(call, 'system.org.settings.update');
  return json(200, render(org));
}

function render(org: Org): JsonObject {
  const { fields, created, lastUpdated } = state(org).value;
  const shown = (name: string): Json => fields[name] ?? null;
  return {
    id: org.id,
    subdomain: org.subdomain,
    companyName: shown('companyName'),
    status: 'ACTIVE',
    expiresAt: null,
    created: isoTime(created),
    lastUpdated: isoTime(lastUpdated),
    ...Object.fromEntries(Object.keys(FIELDS).flatMap((name) => (name === 'companyName' ? [] : [[name, shown(name)]]))),
    _links: {
      preferences: link(org, `${PATH}/preferences`),
      uploadLogo: link(org, `${PATH}/logo`, 'POST'),
      oktaCommunication: link(org, COMMUNICATION),
      logo: { href: `${org.origin}/fs/bco/1/${logoOf(org).value}` },
      oktaSupport: link(org, SUPPORT),
      contacts: link(org, `${PATH}/contacts`),
    },
  };
}

function logoOf(org: Org): { value: string } {
  return org.value('orgLogo', () => org.ids.next('fs0'));
}

function uploadLogo(call: Call): Reply {
  if (call.text().length === 0) throw invalid('file', ['file: The field cannot be left blank']);
  logoOf(call.org).value = call.org.ids.next('fs0');
  log(call, 'system.org.logo.update');
  return empty(201);
}

function listContacts(call: Call): Reply {
  return json(
    200,
    CONTACTS.map((type) => ({
      contactType: type,
      _links: { [type.toLowerCase()]: link(call.org, `${PATH}/contacts/${type.toLowerCase()}`) },
    })),
  );
}

function contactType(call: Call): string {
  const given = call.params.contactType ?? '';
  const type = given.toUpperCase();
  if (!CONTACTS.some((known) => known === type)) throw notFound(given, 'OrgContact');
  return type;
}

function contactId(org: Org, type: string): string {
  const chosen = state(org).value.contacts[type];
  if (chosen !== undefined && org.users.get(chosen) !== undefined) return chosen;
  return org.apiTokens.list()[0]?.userId ?? org.users.values().next().value?.id ?? '';
}

function getContact(call: Call): Reply {
  const userId = contactId(call.org, contactType(call));
  return json(200, contactJson(call.org, userId));
}

function contactJson(org: Org, userId: string): JsonObject {
  return { userId, _links: { user: link(org, `/api/v1/users/${userId}`) } };
}

function setContact(call: Call): Reply {
  const { org } = call;
  const type = contactType(call);
  const { userId } = readBody(call.json(), { userId: 'string' });
  if (typeof userId !== 'string' || userId === '') throw invalid('userId', ['userId: The field cannot be left blank']);
  if (org.users.get(userId) === undefined) throw notFound(userId, 'User');
  change(org, { contacts: { ...state(org).value.contacts, [type]: userId } });
  log(call, 'system.org.contact.update');
  return json(200, contactJson(org, userId));
}

function preferences(org: Org): JsonObject {
  const { showEndUserFooter } = state(org).value;
  const next = showEndUserFooter ? 'hideEndUserFooter' : 'showEndUserFooter';
  return { showEndUserFooter, _links: { [next]: link(org, `${PATH}/preferences/${next}`, 'POST') } };
}

function setFooter(call: Call, showEndUserFooter: boolean): Reply {
  change(call.org, { showEndUserFooter });
  log(call, 'system.org.preferences.update');
  return json(200, preferences(call.org));
}

function communication(org: Org): JsonObject {
  const { optOutEmailUsers } = state(org).value;
  const next = optOutEmailUsers ? 'optIn' : 'optOut';
  return { optOutEmailUsers, _links: { [next]: link(org, `${COMMUNICATION}/${next}`, 'POST') } };
}

function setOptOut(call: Call, optOutEmailUsers: boolean): Reply {
  change(call.org, { optOutEmailUsers });
  log(call, 'system.org.communication.update');
  return json(200, communication(call.org));
}

/** The end of Okta Support's access, if it has any now. */
function supportEnd(org: Org): number | null {
  const { supportUntil } = state(org).value;
  return supportUntil !== null && supportUntil > org.clock.now() ? supportUntil : null;
}

function support(org: Org): JsonObject {
  const until = supportEnd(org);
  if (until === null) return { support: 'DISABLED', expiration: null, _links: { grant: link(org, `${SUPPORT}/grant`, 'POST') } };
  return {
    support: 'ENABLED',
    expiration: isoTime(until),
    _links: { extend: link(org, `${SUPPORT}/extend`, 'POST'), revoke: link(org, `${SUPPORT}/revoke`, 'POST') },
  };
}

function grantSupport(call: Call): Reply {
  change(call.org, { supportUntil: wholeSecond(call.now) + SUPPORT_MS });
  log(call, 'user.session.impersonation.grant');
  return json(200, support(call.org));
}

function extendSupport(call: Call): Reply {
  const until = supportEnd(call.org);
  if (until === null) throw refuse('E0000001', ['Okta Support has no access to extend']);
  change(call.org, { supportUntil: until + EXTENSION_MS });
  log(call, 'user.session.impersonation.extend');
  return json(200, support(call.org));
}

function revokeSupport(call: Call): Reply {
  change(call.org, { supportUntil: null });
  log(call, 'user.session.impersonation.revoke');
  return json(200, support(call.org));
}

function log(call: Call, eventType: string): void {
  call.log(eventType, { targets: [target('Organization', call.org.id, call.org.subdomain)] });
}
