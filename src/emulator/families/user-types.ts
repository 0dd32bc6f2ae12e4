import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid, notFound } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { readBody, requiredText } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { dropSchema, USER_TYPES, type UserType } from './schemas/store.ts';

const PATH = '/api/v1/meta/types/user';
const TYPE = `${PATH}/{typeId}`;
const MAX_TYPES = 10;

/** User types: each has a profile schema of its own. */
export const userTypes: Family = {
  name: 'user types',
  routes: [
    {
      method: 'GET',
      path: PATH,
      handle: (call) =>
        json(
          200,
          [...call.org.collection(USER_TYPES).list(), defaultType(call.org)].map((type) => render(call.org, type)),
        ),
    },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: TYPE, handle: (call) => json(200, render(call.org, typeOf(call))) },
    { method: 'POST', path: TYPE, handle: (call) => update(call, true) },
    { method: 'PUT', path: TYPE, handle: (call) => update(call, false) },
    { method: 'DELETE', path: TYPE, handle: remove },
  ],
};

function defaultType(org: Org): UserType {
  return org.value<UserType>('defaultUserType', () => {
    const created = org.groups.get(org.everyoneId)?.created ?? wholeSecond(org.clock.now());
    const by = org.userTypeId.replace(/^oty/, 'spr');
    return {
      id: org.userTypeId,
      schemaId: org.userSchemaId,
      name: 'user',
      displayName: 'User',
      description: 'Okta user profile template with default permission settings',
      created,
      createdBy: by,
      lastUpdated: created,
      lastUpdatedBy: by,
    };
  }).value;
}

function typeOf(call: Call): UserType {
  const id = call.params.typeId ?? '';
  if (id === 'default' || id === call.org.userTypeId) return defaultType(call.org);
  const type = call.org.collection(USER_TYPES).get(id);
  if (type === undefined) throw notFound(id, 'CVDType');
  return type;
}

function knownIds(org: Org): Set<string> {
  return org.value('userTypeIds', () => new Set<string>()).value;
}

function create(call: Call): Reply {
  const { org } = call;
  const given = call.json();
  const name = requiredText(given, 'name', 50);
  const displayName = requiredText(given, 'displayName');
  const { description } = readBody(given, { description: 'string' });
  if (!/^[A-Za-z_][\w]*$/.test(name))
    throw invalid('name', ['name: The name must begin with a letter and hold letters, digits and underscores']);
  if (name === 'user' || org.collection(USER_TYPES).find((type) => type.name.toLowerCase() === name.toLowerCase()) !== undefined) {
    throw invalid('name', ['name: A type with this name already exists']);
  }
  if (org.collection(USER_TYPES).size + 1 >= MAX_TYPES) throw invalid('type', [`An org has at most ${MAX_TYPES} user types`]);
  const id = org.ids.next('oty');
  const now = wholeSecond(call.now);
  const by = call.actor.id;
  const times = { created: now, createdBy: by, lastUpdated: now, lastUpdatedBy: by };
  const type = org.collection(USER_TYPES).put({
    id,
    schemaId: `osc${id.slice(3)}`,
    name,
    displayName,
    description: typeof description === 'string' ? description : null,
    ...times,
  });
  knownIds(org).add(id);
  log(call, 'directory.non_default_user_profile.create', type);
  return json(200, render(org, type));
}

function update(call: Call, isPartial: boolean): Reply {
  const before = typeOf(call);
  const given = call.json();
  const body = readBody(given, { name: 'string', displayName: 'string', description: 'string' });
  if (!isPartial) {
    requiredText(given, 'name', 50);
    requiredText(given, 'displayName');
  }
  if (body.name !== undefined && body.name !== before.name) throw invalid('name', ['name: The name of a type cannot be changed']);
  if (body.displayName === '') throw invalid('displayName', ['displayName: The field cannot be left blank']);
  const type: UserType = {
    ...before,
    displayName: String(body.displayName ?? before.displayName),
    description: typeof body.description === 'string' ? body.description : isPartial ? before.description : null,
    lastUpdated: wholeSecond(call.now),
    lastUpdatedBy: call.actor.id,
  };
  if (type.id === call.org.userTypeId) call.org.value('defaultUserType', () => type).value = type;
  else call.org.collection(USER_TYPES).put(type);
  log(call, 'directory.user_profile.update', type);
  return json(200, render(call.org, type));
}

function remove(call: Call): Reply {
  const type = typeOf(call);
  if (type.id === call.org.userTypeId) throw invalid('type', ['The default type cannot be deleted']);
  for (const user of call.org.users.values()) {
    if (user.typeId === type.id) throw invalid('type', ['The type has users: it cannot be deleted']);
  }
  call.org.collection(USER_TYPES).delete(type.id);
  knownIds(call.org).delete(type.id);
  dropSchema(call.org, type.schemaId);
  log(call, 'directory.non_default_user_profile.delete', type);
  return empty(204);
}

function render(org: Org, type: UserType): JsonObject {
  return {
    id: type.id,
    displayName: type.displayName,
    name: type.name,
    ...(type.description === null ? {} : { description: type.description }),
    createdBy: type.createdBy,
    lastUpdatedBy: type.lastUpdatedBy,
    created: isoTime(type.created),
    lastUpdated: isoTime(type.lastUpdated),
    default: type.id === org.userTypeId,
    _links: {
      schema: { rel: 'schema', href: `${org.origin}/api/v1/meta/schemas/user/${type.schemaId}`, method: 'GET' },
      self: { rel: 'self', href: `${org.origin}${PATH}/${type.id}`, method: 'GET' },
    },
  };
}

function log(call: Call, eventType: string, type: UserType): void {
  call.log(eventType, { targets: [target('UserType', type.id, type.displayName, type.name)] });
}
