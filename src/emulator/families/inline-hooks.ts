import { defineCollection } from '../collection.ts';
import { lifecycleLinks, link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid, notFound } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { oneOf, readBody, requireAll, requiredText } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { type Channel, channelJson, readChannel, statusIn } from './hooks/channel.ts';

const PATH = '/api/v1/inlineHooks';
const HOOK = `${PATH}/{inlineHookId}`;
const TYPES = [
  'com.okta.oauth2.tokens.transform',
  'com.okta.import.transform',
  'com.okta.saml.tokens.transform',
  'com.okta.user.pre-registration',
  'com.okta.user.credential.password.import',
  'com.okta.telephony.provider',
] as const;

interface InlineHook {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly version: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: number;
  readonly lastUpdated: number;
  readonly channel: Channel;
}

const HOOKS = defineCollection<InlineHook>('inlineHooks');

/** Inline hooks: whom Okta asks in the middle of a flow. */
export const inlineHooks: Family = {
  name: 'inline hooks',
  routes: [
    { method: 'GET', path: PATH, handle: list },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: HOOK, handle: (call) => json(200, render(call.org, hookOf(call))) },
    { method: 'PUT', path: HOOK, handle: replace },
    { method: 'POST', path: HOOK, handle: replace },
    { method: 'DELETE', path: HOOK, handle: remove },
    { method: 'POST', path: `${HOOK}/lifecycle/activate`, handle: (call) => setStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${HOOK}/lifecycle/deactivate`, handle: (call) => setStatus(call, 'INACTIVE') },
    { method: 'POST', path: `${HOOK}/execute`, handle: execute },
  ],
};

function hookOf(call: Call): InlineHook {
  const id = call.params.inlineHookId ?? '';
  const hook = call.org.collection(HOOKS).get(id);
  if (hook === undefined) throw notFound(id, 'InlineHook');
  return hook;
}

function list(call: Call): Reply {
  const type = call.query.get('type');
  const hooks = call.org.collection(HOOKS).filter((hook) => type === null || type === '' || hook.type === type);
  return json(
    200,
    hooks.map((hook) => render(call.org, hook)),
  );
}

function read(
  call: Call,
): Pick<InlineHook, 'name' | 'version' | 'channel'> & Partial<Pick<InlineHook, 'status'>> & { readonly type: string | undefined } {
  const given = call.json();
  const name = requiredText(given, 'name');
  const body = readBody(given, { type: oneOf(...TYPES), version: 'string', status: oneOf('ACTIVE', 'INACTIVE'), channel: 'object' });
  requireAll(body, ['version', 'channel']);
  return {
    name,
    type: typeof body.type === 'string' ? body.type : undefined,
    ...statusIn(body),
    version: String(body.version),
    channel: readChannel(body.channel),
  };
}

function create(call: Call): Reply {
  const { org } = call;
  const { type, ...rest } = read(call);
  if (type === undefined) throw invalid('type', ['type: The field cannot be left blank']);
  checkName(call, rest.name, undefined);
  const created = wholeSecond(call.now);
  const hook = org.collection(HOOKS).put({ id: org.ids.next('cal'), status: 'ACTIVE', ...rest, type, created, lastUpdated: created });
  log(call, 'inline_hook.created', hook);
  return json(200, render(org, hook));
}

function replace(call: Call): Reply {
  const before = hookOf(call);
  const { type, ...rest } = read(call);
  if (type !== undefined && type !== before.type) throw invalid('type', ['type: The type of an inline hook cannot be changed']);
  checkName(call, rest.name, before.id);
  const hook = call.org.collection(HOOKS).put({ ...before, ...rest, lastUpdated: wholeSecond(call.now) });
  log(call, 'inline_hook.updated', hook);
  return json(200, render(call.org, hook));
}

function remove(call: Call): Reply {
  const hook = hookOf(call);
  if (hook.status === 'ACTIVE') throw invalid('status', ['An active inline hook cannot be deleted: deactivate it first']);
  call.org.collection(HOOKS).delete(hook.id);
  log(call, 'inline_hook.deleted', hook);
  return empty(204);
}

function setStatus(call: Call, status: InlineHook['status']): Reply {
  const before = hookOf(call);
  if (before.status === status) return json(200, render(call.org, before));
  const hook = call.org.collection(HOOKS).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
  log(call, status === 'ACTIVE' ? 'inline_hook.activated' : 'inline_hook.deactivated', hook);
  return json(200, render(call.org, hook));
}

/** The emulated org calls nobody: an active hook answers with no commands, as a service does that leaves all as it is. */
function execute(call: Call): Reply {
  const hook = hookOf(call);
  call.json();
  if (hook.status !== 'ACTIVE') throw invalid('status', ['An inactive inline hook cannot be executed: activate it first']);
  log(call, 'inline_hook.executed', hook);
  return json(200, { commands: [] });
}

function checkName(call: Call, name: string, own: string | undefined): void {
  if (call.org.collection(HOOKS).find((hook) => hook.name === name && hook.id !== own) !== undefined) {
    throw invalid('name', ['name: An object with this field already exists in the current organization']);
  }
}

function render(org: Org, hook: InlineHook): JsonObject {
  const path = `${PATH}/${hook.id}`;
  const links = lifecycleLinks(org, path, hook.status);
  return {
    id: hook.id,
    status: hook.status,
    name: hook.name,
    type: hook.type,
    version: hook.version,
    channel: channelJson(hook.channel),
    created: isoTime(hook.created),
    lastUpdated: isoTime(hook.lastUpdated),
    _links:
      hook.status === 'ACTIVE'
        ? { ...links, execute: link(org, `${path}/execute`, 'POST') }
        : { ...links, delete: link(org, path, 'DELETE') },
  };
}

function log(call: Call, eventType: string, hook: InlineHook): void {
  call.log(eventType, { targets: [target('InlineHook', hook.id, hook.name)] });
}
