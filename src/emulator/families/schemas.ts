import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid, notFound } from '../refusal.ts';
import { json } from '../reply.ts';
import { readBody } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, Json, JsonObject, Reply } from '../types.ts';
import { APPS, type App } from './apps/store.ts';
import { APP_BASE, APP_OIDC, GROUP_BASE, USER_BASE } from './schemas/base.ts';
import { baseProperty, customProperty, readSection } from './schemas/properties.ts';
import { changesOf, GROUP_SCHEMA, namesOf, putChanges, type SchemaChanges, USER_TYPES } from './schemas/store.ts';

const PATH = '/api/v1/meta/schemas';
const USER = `${PATH}/user/{schemaId}`;
const GROUP = `${PATH}/group/default`;
const APP = `${PATH}/apps/{appInstanceId}/default`;

/** A schema as it is known: what is the same in all orgs, and where it stands. */
interface Schema {
  /** Of its changes. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly base: Readonly<Record<string, JsonObject>>;
  /** Custom properties that came otherwise than by a schema call (a seed's attributes, an app's own). */
  readonly implied: Readonly<Record<string, JsonObject>>;
  readonly links: JsonObject;
  readonly created: number;
}

/** Profile schemas of users, groups and app users. */
export const schemas: Family = {
  name: 'schemas',
  routes: [
    { method: 'GET', path: USER, handle: (call) => json(200, render(call.org, userSchema(call))) },
    { method: 'POST', path: USER, handle: (call) => update(call, userSchema(call), 'directory.user_profile.update') },
    { method: 'GET', path: GROUP, handle: (call) => json(200, render(call.org, groupSchema(call.org))) },
    { method: 'POST', path: GROUP, handle: (call) => update(call, groupSchema(call.org), 'directory.group_profile.update') },
    { method: 'GET', path: APP, handle: (call) => json(200, render(call.org, appSchema(call))) },
    { method: 'POST', path: APP, handle: (call) => update(call, appSchema(call), 'directory.app_user_profile.update') },
  ],
};

function userSchema(call: Call): Schema {
  const { org } = call;
  const given = call.params.schemaId ?? '';
  const isDefault = given === 'default' || given === org.userSchemaId;
  const type = isDefault ? undefined : org.collection(USER_TYPES).find((one) => one.schemaId === given);
  if (!isDefault && type === undefined) throw notFound(given, 'Schema');
  const key = type?.schemaId ?? org.userSchemaId;
  const typeId = type?.id ?? org.userTypeId;
  return {
    key,
    id: `${org.origin}/meta/schemas/user/${type === undefined ? 'default' : key}`,
    name: type?.name ?? 'user',
    title: type?.displayName ?? 'User',
    description: type === undefined ? 'Okta user profile template with default permission settings' : (type.description ?? undefined),
    base: USER_BASE,
    implied: type === undefined ? impliedOf(org, org.userSchemaId) : {},
    links: {
      self: { rel: 'self', href: `${org.origin}${PATH}/user/${key}`, method: 'GET' },
      type: { rel: 'type', href: `${org.origin}/api/v1/meta/types/user/${typeId}`, method: 'GET' },
    },
    created: type?.created ?? createdOf(org),
  };
}

function groupSchema(org: Org): Schema {
  return {
    key: GROUP_SCHEMA,
    id: `${org.origin}/meta/schemas/group/default`,
    name: 'group',
    title: 'Okta group',
    description: 'Okta group profile template',
    base: GROUP_BASE,
    implied: impliedOf(org, GROUP_SCHEMA),
    links: { self: { rel: 'self', href: `${org.origin}${GROUP}`, method: 'GET' } },
    created: createdOf(org),
  };
}

function appSchema(call: Call): Schema {
  const { org } = call;
  const id = call.params.appInstanceId ?? '';
  const app = org.collection(APPS).get(id);
  if (app === undefined) throw notFound(id, 'AppInstance');
  return {
    key: app.id,
    id: `${org.origin}/meta/schemas/apps/${app.id}/default`,
    name: app.name,
    title: `${app.label} User`,
    description: undefined,
    base: APP_BASE,
    implied: appAttributes(app),
    links: { self: { rel: 'self', href: `${org.origin}${PATH}/apps/${app.id}/default`, method: 'GET' } },
    created: app.created,
  };
}

function createdOf(org: Org): number {
  return org.groups.get(org.everyoneId)?.created ?? 0;
}

/** Attributes that profiles have by a seed: text, unless a user shows another type. */
function impliedOf(org: Org, key: string): Readonly<Record<string, JsonObject>> {
  const known = changesOf(org, key).custom;
  const others = new Set(
    org
      .collection(USER_TYPES)
      .list()
      .flatMap((type) => Object.keys(changesOf(org, type.schemaId).custom)),
  );
  const out: Record<string, JsonObject> = {};
  for (const name of namesOf(org, key) ?? []) {
    if (known[name] === undefined && !(key !== GROUP_SCHEMA && others.has(name)))
      out[name] = customProperty(name, { title: name, type: 'string' }, undefined, key === GROUP_SCHEMA);
  }
  return out;
}

/** What users of an app have by its kind. */
export function appAttributes(app: App): Readonly<Record<string, JsonObject>> {
  if (app.signOnMode !== 'OPENID_CONNECT') return {};
  return Object.fromEntries(
    APP_OIDC.map((name) => [name, { title: name, type: 'string', scope: 'NONE', master: { type: 'PROFILE_MASTER' } }]),
  );
}

function update(call: Call, schema: Schema, eventType: string): Reply {
  const { org } = call;
  const body = call.json();
  const { title } = readBody(body, { title: 'string' });
  const before = changesOf(org, schema.key);
  const isGroup = schema.key === GROUP_SCHEMA;
  const custom: Record<string, JsonObject> = { ...schema.implied, ...before.custom };
  const removed: string[] = [];
  for (const [name, given] of Object.entries(readSection(body.definitions, 'custom'))) {
    if (schema.base[name] !== undefined) throw invalid(name, [`${name}: A base property has this name`]);
    if (given === null) {
      delete custom[name];
      removed.push(name);
    } else custom[name] = customProperty(name, given, custom[name], isGroup);
  }
  const base: Record<string, JsonObject> = { ...before.base };
  for (const [name, given] of Object.entries(readSection(body.definitions, 'base'))) {
    const known = base[name] ?? schema.base[name];
    if (known === undefined) throw invalid(name, [`${name}: The base schema has no such property`]);
    if (given === null) throw invalid(name, [`${name}: A base property cannot be removed`]);
    base[name] = baseProperty(name, given, known);
  }
  const changes: SchemaChanges = {
    ...before,
    ...(typeof title === 'string' && title !== '' ? { title } : {}),
    custom,
    base,
    lastUpdated: wholeSecond(call.now),
  };
  putChanges(org, changes);
  for (const name of removed) dropValues(org, schema, name);
  call.log(eventType, { targets: [target('Schema', schema.key, changes.title ?? schema.title)] });
  return json(200, render(org, fresh(call, schema)));
}

/** The schema again, after its changes. */
function fresh(call: Call, schema: Schema): Schema {
  return schema.key === GROUP_SCHEMA ? groupSchema(call.org) : schema.key.startsWith('osc') ? userSchema(call) : appSchema(call);
}

/** A property that is gone takes its values along. */
function dropValues(org: Org, schema: Schema, name: string): void {
  const without = (profile: JsonObject): JsonObject => Object.fromEntries(Object.entries(profile).filter(([key]) => key !== name));
  namesOf(org, schema.key)?.delete(name);
  if (schema.key === GROUP_SCHEMA) {
    for (const group of org.groups.list()) if (name in group.profile) org.groups.put({ ...group, profile: without(group.profile) });
  } else if (schema.key.startsWith('osc')) {
    const typeId = org.collection(USER_TYPES).find((type) => type.schemaId === schema.key)?.id ?? org.userTypeId;
    for (const user of [...org.users.values()])
      if (user.typeId === typeId && name in user.profile) org.users.put({ ...user, profile: without(user.profile) });
  }
}

/** Names that users of an app may have in their profile: the targets of a mapping. */
export function appAttributeNames(org: Org, app: App): ReadonlySet<string> {
  return new Set([...Object.keys(APP_BASE), ...Object.keys(appAttributes(app)), ...Object.keys(changesOf(org, app.id).custom)]);
}

function render(org: Org, schema: Schema): JsonObject {
  const changes = changesOf(org, schema.key);
  const base = Object.fromEntries(Object.entries(schema.base).map(([name, known]) => [name, changes.base[name] ?? known]));
  const custom: Record<string, JsonObject> = { ...schema.implied, ...changes.custom };
  const section = (id: string, properties: Readonly<Record<string, JsonObject>>): Json => ({
    id,
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => properties[name]?.required === true),
  });
  return {
    id: schema.id,
    $schema: 'http://json-schema.org/draft-04/schema#',
    name: schema.name,
    title: changes.title ?? schema.title,
    ...(schema.description === undefined ? {} : { description: schema.description }),
    lastUpdated: isoTime(Math.max(changes.lastUpdated, schema.created)),
    created: isoTime(schema.created),
    definitions: { custom: section('#custom', custom), base: section('#base', base) },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    _links: schema.links,
  };
}
