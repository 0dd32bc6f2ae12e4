import { defineCollection } from '../collection.ts';
import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { page } from '../paging.ts';
import { profileAttributeNames } from '../profile-schema.ts';
import { invalid, notFound, refuse } from '../refusal.ts';
import { isObject, json } from '../reply.ts';
import { oneOf, readBody } from '../shape.ts';
import { systemId } from '../system-ids.ts';
import type { Call, Family, Json, JsonObject, Reply } from '../types.ts';
import { APPS } from './apps/store.ts';
import { IDPS } from './identity-providers/store.ts';
import { systemAppId } from './schemas/store.ts';
import { appAttributeNames } from './schemas.ts';

const PATH = '/api/v1/mappings';
const MAPPING = `${PATH}/{mappingId}`;
const SYSTEM_APP = 'Okta_Authenticator';

/** How profiles go from an app or identity provider to Okta (`toUser`) or back. */
interface Mapping {
  readonly id: string;
  /** The app's, or the identity provider's. */
  readonly appId: string;
  readonly isToUser: boolean;
  readonly properties: Readonly<Record<string, JsonObject>>;
}

const MAPPINGS = defineCollection<Mapping>('mappings', (mapping) => mapping.appId);

/** Profile mappings: every app has one to the user profile and one from it, every identity provider one to it. */
export const mappings: Family = {
  name: 'mappings',
  routes: [
    { method: 'GET', path: PATH, handle: list },
    { method: 'GET', path: MAPPING, handle: (call) => json(200, render(call.org, mappingOf(call), true)) },
    { method: 'POST', path: MAPPING, handle: update },
  ],
};

/** All mappings: those of apps that have come since are made now, those of apps that have gone are dropped. */
function allMappings(org: Org): readonly Mapping[] {
  const collection = org.collection(MAPPINGS);
  const apps = org.collection(APPS);
  const idps = org.collection(IDPS);
  const appIds = [systemAppId(org), ...apps.ids];
  for (const mapping of collection.list())
    if (mapping.appId !== appIds[0] && !apps.has(mapping.appId) && !idps.has(mapping.appId)) collection.delete(mapping.id);
  for (const idp of idps.values()) {
    if (collection.by(idp.id).length > 0) continue;
    collection.put({ id: systemId(org, 'prm', `${idp.id} to user`), appId: idp.id, isToUser: true, properties: attributesOf(idp.type) });
  }
  for (const appId of appIds) {
    if (collection.by(appId).length > 0) continue;
    for (const isToUser of [true, false]) {
      const isSystem = appId === appIds[0];
      const name = `${appId} ${isToUser ? 'to' : 'from'} user`;
      collection.put({
        id: systemId(org, 'prm', name),
        appId,
        isToUser,
        properties: isToUser
          ? { email: { expression: isSystem ? 'appuser.userName' : 'appuser.email', pushStatus: 'DONT_PUSH' } }
          : { userName: { expression: 'user.login', pushStatus: 'DONT_PUSH' } },
      });
    }
  }
  return collection.list();
}

/** What an identity provider of a type tells of users, and where it goes. */
function attributesOf(type: string): Readonly<Record<string, JsonObject>> {
  const sources = type === 'SAML2' ? SAML_ATTRIBUTES : OIDC_ATTRIBUTES;
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [name, { expression: `appuser.${source}`, pushStatus: 'DONT_PUSH' }]),
  );
}

const SAML_ATTRIBUTES = { firstName: 'firstName', lastName: 'lastName', email: 'email', mobilePhone: 'mobilePhone' };
const OIDC_ATTRIBUTES = {
  login: 'email',
  displayName: 'displayName',
  nickName: 'nickname',
  firstName: 'firstName',
  middleName: 'middleName',
  lastName: 'lastName',
  email: 'email',
  profileUrl: 'profile',
  timezone: 'zoneinfo',
  primaryPhone: 'phoneNumber',
  streetAddress: 'street_address',
  city: 'locality',
  state: 'region',
  zipCode: 'postalCode',
  countryCode: 'country',
};

function mappingOf(call: Call): Mapping {
  const id = call.params.mappingId ?? '';
  const found = allMappings(call.org).find((mapping) => mapping.id === id);
  if (found === undefined) throw notFound(id, 'ProfileMapping');
  return found;
}

/** The links forget `sourceId` and `targetId`, as Okta's do. */
function list(call: Call): Reply {
  const { org } = call;
  const [sourceId, targetId] = [call.query.get('sourceId') ?? '', call.query.get('targetId') ?? ''];
  const found = allMappings(org).filter((mapping) => {
    const [source, goal] = mapping.isToUser ? [mapping.appId, org.userTypeId] : [org.userTypeId, mapping.appId];
    return (sourceId === '' || sourceId === source) && (targetId === '' || targetId === goal);
  });
  return page(call, found, {
    limit: { fallback: 20, max: 200 },
    key: (mapping) => mapping.id,
    render: (mapping) => JSON.stringify(render(org, mapping, false)),
    drops: ['sourceId', 'targetId'],
  });
}

function update(call: Call): Reply {
  const { org } = call;
  const before = mappingOf(call);
  const { properties } = call.json();
  if (!isObject(properties))
    throw properties === undefined || properties === null
      ? invalid('properties', ['properties: The field cannot be left blank'])
      : refuse('E0000003');
  const targets = targetNames(org, before);
  const changed: Record<string, JsonObject> = { ...before.properties };
  for (const [name, given] of Object.entries(properties)) {
    if (given === null) {
      delete changed[name];
      continue;
    }
    if (!isObject(given)) throw refuse('E0000003');
    if (!targets.has(name)) throw invalid('updateMapping', [`Invalid target field ${name}`]);
    const { expression, pushStatus } = readBody(given, { expression: 'string', pushStatus: oneOf('PUSH', 'DONT_PUSH') });
    if (typeof expression !== 'string' || expression.trim() === '') throw invalid('updateMapping', [`Invalid expression for ${name}`]);
    changed[name] = { expression, pushStatus: (pushStatus as Json | undefined) ?? 'DONT_PUSH' };
  }
  const mapping = org.collection(MAPPINGS).put({ ...before, properties: changed });
  call.log('directory.mapping.update', { targets: [target('ProfileMapping', mapping.id, nameOf(org, mapping))] });
  return json(200, render(org, mapping, true));
}

/** Names that the mapping's target has. */
function targetNames(org: Org, mapping: Mapping): ReadonlySet<string> {
  if (mapping.isToUser) return profileAttributeNames(org);
  const app = org.collection(APPS).get(mapping.appId);
  return app === undefined ? new Set(['userName']) : appAttributeNames(org, app);
}

function nameOf(org: Org, mapping: Mapping): string {
  const idp = org.collection(IDPS).get(mapping.appId);
  if (idp !== undefined) return idp.type === 'SAML2' ? 'saml_idp' : `${idp.type.toLowerCase()}_idp`;
  return org.collection(APPS).get(mapping.appId)?.name ?? SYSTEM_APP;
}

function render(org: Org, mapping: Mapping, isWhole: boolean): JsonObject {
  const app: JsonObject = {
    id: mapping.appId,
    name: nameOf(org, mapping),
    type: 'appuser',
    _links: { self: link(org, `/api/v1/apps/${mapping.appId}`), schema: link(org, `/api/v1/meta/schemas/apps/${mapping.appId}/default`) },
  };
  const user: JsonObject = {
    id: org.userTypeId,
    name: 'user',
    type: 'user',
    _links: {
      self: link(org, `/api/v1/meta/types/user/${org.userTypeId}`),
      schema: link(org, `/api/v1/meta/schemas/user/${org.userSchemaId}`),
    },
  };
  return {
    id: mapping.id,
    source: mapping.isToUser ? app : user,
    target: mapping.isToUser ? user : app,
    ...(isWhole ? { properties: mapping.properties } : {}),
    _links: { self: link(org, `${PATH}/${mapping.id}`) },
  };
}
