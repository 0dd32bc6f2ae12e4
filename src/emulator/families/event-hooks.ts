import { defineCollection } from '../collection.ts';
import { lifecycleLinks, link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid, notFound } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { oneOf, readBody, requiredText, textsAt } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { type Channel, channelJson, readChannel, statusIn } from './hooks/channel.ts';

const PATH = '/api/v1/eventHooks';
const HOOK = `${PATH}/{eventHookId}`;

interface EventHook {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly verificationStatus: 'UNVERIFIED' | 'VERIFIED';
  readonly created: number;
  readonly createdBy: string;
  readonly lastUpdated: number;
  readonly events: readonly string[];
  /** Conditions on the events. */
  readonly filter: JsonObject | null;
  readonly channel: Channel;
}

export const HOOKS = defineCollection<EventHook>('eventHooks');

/** Event hooks: which log events are told to which address. */
export const eventHooks: Family = {
  name: 'event hooks',
  routes: [
    {
      method: 'GET',
      path: PATH,
      handle: (call) =>
        json(
          200,
          call.org
            .collection(HOOKS)
            .list()
            .map((hook) => render(call.org, hook)),
        ),
    },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: HOOK, handle: (call) => json(200, render(call.org, hookOf(call))) },
    { method: 'PUT', path: HOOK, handle: replace },
    { method: 'DELETE', path: HOOK, handle: remove },
    { method: 'POST', path: `${HOOK}/lifecycle/activate`, handle: (call) => setStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${HOOK}/lifecycle/deactivate`, handle: (call) => setStatus(call, 'INACTIVE') },
    { method: 'POST', path: `${HOOK}/lifecycle/verify`, handle: verify },
  ],
};

function hookOf(call: Call): EventHook {
  const id = call.params.eventHookId ?? '';
  const hook = call.org.collection(HOOKS).get(id);
  if (hook === undefined) throw notFound(id, 'Webhook');
  return hook;
}

type Content = Pick<EventHook, 'name' | 'description' | 'events' | 'filter' | 'channel'> & Partial<Pick<EventHook, 'status'>>;

function read(call: Call): Content {
  const given = call.json();
  const name = requiredText(given, 'name');
  const body = readBody(given, {
    description: 'string',
    status: oneOf('ACTIVE', 'INACTIVE'),
    events: { type: 'string', items: ['string'], filter: 'object' },
    channel: 'object',
  });
  const events = body.events === undefined ? [] : textsAt((body.events as JsonObject).items);
  if (events.length === 0) throw invalid('events', ['events: The field cannot be left blank']);
  return {
    name,
    description: typeof body.description === 'string' ? body.description : null,
    ...statusIn(body),
    events,
    filter: ((body.events as JsonObject).filter as JsonObject | undefined) ?? null,
    channel: readChannel(body.channel),
  };
}

function create(call: Call): Reply {
  const created = wholeSecond(call.now);
  const hook = call.org.collection(HOOKS).put({
    id: call.org.ids.next('who'),
    status: 'ACTIVE',
    ...read(call),
    verificationStatus: 'UNVERIFIED',
    created,
    createdBy: call.actor.id,
    lastUpdated: created,
  });
  log(call, 'event_hook.created', hook);
  return json(200, render(call.org, hook));
}

function replace(call: Call): Reply {
  const before = hookOf(call);
  const changes = read(call);
  // Another address must prove itself again.
  const verificationStatus = changes.channel.uri === before.channel.uri ? before.verificationStatus : 'UNVERIFIED';
  const hook = call.org.collection(HOOKS).put({ ...before, ...changes, verificationStatus, lastUpdated: wholeSecond(call.now) });
  log(call, 'event_hook.updated', hook);
  return json(200, render(call.org, hook));
}

function remove(call: Call): Reply {
  const hook = hookOf(call);
  if (hook.status === 'ACTIVE') throw invalid('status', ['An active event hook cannot be deleted: deactivate it first']);
  call.org.collection(HOOKS).delete(hook.id);
  log(call, 'event_hook.deleted', hook);
  return empty(204);
}

function setStatus(call: Call, status: EventHook['status']): Reply {
  const before = hookOf(call);
  const hook = call.org.collection(HOOKS).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
  if (before.status !== status) log(call, status === 'ACTIVE' ? 'event_hook.activated' : 'event_hook.deactivated', hook);
  return json(200, render(call.org, hook));
}

function verify(call: Call): Reply {
  const before = hookOf(call);
  if (before.status !== 'ACTIVE') throw invalid('status', ['An inactive event hook cannot be verified: activate it first']);
  const hook = call.org.collection(HOOKS).put({ ...before, verificationStatus: 'VERIFIED', lastUpdated: wholeSecond(call.now) });
  log(call, 'event_hook.verified', hook);
  return json(200, render(call.org, hook));
}

function render(org: Org, hook: EventHook): JsonObject {
  const path = `${PATH}/${hook.id}`;
  const links = lifecycleLinks(org, path, hook.status);
  return org.shaping.shape('eventHook', {
    id: hook.id,
    status: hook.status,
    verificationStatus: hook.verificationStatus,
    name: hook.name,
    description: hook.description,
    created: isoTime(hook.created),
    createdBy: hook.createdBy,
    lastUpdated: isoTime(hook.lastUpdated),
    events: { type: 'EVENT_TYPE', items: hook.events, filter: hook.filter },
    channel: channelJson(hook.channel),
    _links:
      hook.status === 'ACTIVE'
        ? { ...links, verify: link(org, `${path}/lifecycle/verify`, 'POST') }
        : { ...links, delete: link(org, path, 'DELETE') },
  });
}

function log(call: Call, eventType: string, hook: EventHook): void {
  call.log(eventType, { targets: [target('EventHook', hook.id, hook.name)] });
}
