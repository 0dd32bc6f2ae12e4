import { defineCollection } from '../collection.ts';
import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import { userEntity } from '../membership.ts';
import type { User } from '../model.ts';
import type { Org } from '../org.ts';
import { page } from '../paging.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import type { Relation } from '../relation.ts';
import { empty, json } from '../reply.ts';
import { objectAt, oneOf, readBody, requireAll } from '../shape.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';

const PATH = '/api/v1/meta/schemas/user/linkedObjects';
const DEFINITION = `${PATH}/{linkedObjectName}`;
const VALUE = '/api/v1/users/{userId}/linkedObjects';
const MAX_DEFINITIONS = 200;

/** A kind of link between users: many associated ones have one primary. `id` is the primary's name. */
interface Definition {
  readonly id: string;
  readonly primary: JsonObject;
  readonly associated: JsonObject;
}

const DEFINITIONS = defineCollection<Definition>('linkedObjects');
const SIDE = { name: 'string', title: 'string', description: 'string', type: oneOf('USER') } as const;

/** Linked objects: what kinds of links there are, and who is linked to whom. */
export const linkedObjects: Family = {
  name: 'linked objects',
  routes: [
    {
      method: 'GET',
      path: PATH,
      handle: (call) =>
        json(
          200,
          call.org
            .collection(DEFINITIONS)
            .list()
            .map((one) => render(call.org, one)),
        ),
    },
    { method: 'POST', path: PATH, handle: create },
    {
      method: 'GET',
      path: DEFINITION,
      handle: (call) => json(200, render(call.org, definitionOf(call.org, call.params.linkedObjectName ?? ''))),
    },
    { method: 'DELETE', path: DEFINITION, handle: remove },
    { method: 'GET', path: `${VALUE}/{relationshipName}`, handle: listValues, scope: 'okta.users.read' },
    { method: 'PUT', path: `${VALUE}/{primaryRelationshipName}/{primaryUserId}`, handle: setValue, scope: 'okta.users.manage' },
    { method: 'DELETE', path: `${VALUE}/{relationshipName}`, handle: deleteValue, scope: 'okta.users.manage' },
  ],
  initialise: forgetDeletedUsers,
};

function forgetDeletedUsers(org: Org): void {
  org.hooks.on('userDeleted', (_org, { user }) => {
    for (const definition of org.collection(DEFINITIONS).values()) {
      linksOf(org, definition).deleteLeft(user.id);
      linksOf(org, definition).deleteRight(user.id);
    }
  });
}

/** Primary user id, associated user id. */
function linksOf(org: Org, definition: Definition): Relation {
  return org.relation(`linkedObjects/${definition.id}`);
}

function definitionOf(org: Org, name: string): Definition {
  const found = org.collection(DEFINITIONS).find((one) => one.primary.name === name || one.associated.name === name);
  if (found === undefined) throw notFound(name, 'LinkedObjectProperty');
  return found;
}

function create(call: Call): Reply {
  const { org } = call;
  const body = readBody(call.json(), { primary: SIDE, associated: SIDE });
  requireAll(body, ['primary', 'associated']);
  const [primary, associated] = [sideOf(objectAt(body.primary), 'primary'), sideOf(objectAt(body.associated), 'associated')];
  const definitions = org.collection(DEFINITIONS);
  const taken = new Set(definitions.list().flatMap((one) => [one.primary.name, one.associated.name]));
  for (const [side, { name }] of [['primary', primary] as const, ['associated', associated] as const]) {
    if (taken.has(name))
      throw new Refusal('E0000001', {
        status: 409,
        summary: `Api validation failed: ${side}.name`,
        causes: [`name: '${String(name)}' is in use by another linked object`],
      });
  }
  if (primary.name === associated.name) throw invalid('associated.name', ['name: Primary and associated names must differ']);
  if (definitions.size >= MAX_DEFINITIONS) throw invalid('linkedObject', [`An org has at most ${MAX_DEFINITIONS} linked objects`]);
  const definition = definitions.put({ id: String(primary.name), primary, associated });
  log(call, 'directory.linked_object.create', definition);
  return json(201, render(org, definition));
}

function sideOf(side: JsonObject, name: string): JsonObject {
  requireAll(side, ['name', 'title']);
  if (!/^[A-Za-z_]\w*$/.test(String(side.name)))
    throw invalid(`${name}.name`, [`name: '${String(side.name)}' must begin with a letter and hold letters, digits and underscores`]);
  return { name: side.name, title: side.title, description: side.description ?? '', type: 'USER' };
}

function remove(call: Call): Reply {
  const definition = definitionOf(call.org, call.params.linkedObjectName ?? '');
  const links = linksOf(call.org, definition);
  for (const user of call.org.users.values()) links.deleteLeft(user.id);
  call.org.collection(DEFINITIONS).delete(definition.id);
  log(call, 'directory.linked_object.delete', definition);
  return empty(204);
}

function userOf(call: Call, given: string): User {
  const user = given === 'me' ? call.org.users.get(call.actor.id) : call.org.users.resolve(given);
  if (user === undefined) throw notFound(given, 'User');
  return user;
}

/** By the primary name: the user's primary. By the associated name: all whose primary the user is. */
function listValues(call: Call): Reply {
  const { org } = call;
  const user = userOf(call, call.params.userId ?? '');
  const name = call.params.relationshipName ?? '';
  const definition = definitionOf(org, name);
  const links = linksOf(org, definition);
  const ids = definition.primary.name === name ? links.leftsOf(user.id) : links.rightsOf(user.id);
  return page(call, ids, {
    limit: { fallback: 200, max: 1000 },
    key: (id) => id,
    render: (id) => JSON.stringify({ _links: { self: link(org, `/api/v1/users/${id}`) } }),
    links: 'none',
  });
}

/** PUT /users/{associated}/linkedObjects/{primary name}/{primary}: the primary takes the place of the one before. */
function setValue(call: Call): Reply {
  const { org } = call;
  const associated = userOf(call, call.params.userId ?? '');
  const primary = userOf(call, call.params.primaryUserId ?? '');
  const name = call.params.primaryRelationshipName ?? '';
  const definition = definitionOf(org, name);
  if (definition.primary.name !== name)
    throw invalid('primaryRelationshipName', [`'${name}' is the associated name of its linked object, not the primary`]);
  if (associated.id === primary.id) throw invalid('primaryUserId', ['A user cannot be linked to itself']);
  const links = linksOf(org, definition);
  links.deleteRight(associated.id);
  links.add(primary.id, associated.id);
  call.log('user.account.update_linked_object', {
    targets: [userEntity(associated), userEntity(primary), target('LinkedObject', definition.id, name)],
  });
  return empty(204);
}

function deleteValue(call: Call): Reply {
  const { org } = call;
  const user = userOf(call, call.params.userId ?? '');
  const name = call.params.relationshipName ?? '';
  const definition = definitionOf(org, name);
  const links = linksOf(org, definition);
  if (definition.primary.name === name) links.deleteRight(user.id);
  else links.deleteLeft(user.id);
  call.log('user.account.remove_linked_object', { targets: [userEntity(user), target('LinkedObject', definition.id, name)] });
  return empty(204);
}

function render(org: Org, definition: Definition): JsonObject {
  return { primary: definition.primary, associated: definition.associated, _links: { self: link(org, `${PATH}/${definition.id}`) } };
}

function log(call: Call, eventType: string, definition: Definition): void {
  call.log(eventType, { targets: [target('LinkedObject', definition.id, definition.id)] });
}
