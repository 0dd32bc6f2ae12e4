import type { Emulator } from '../../src/emulator/types.ts';
import { parseJson } from './compare.ts';
import { type IdMap, isObject } from './id-map.ts';
import type { Recorded } from './recording.ts';
import { bodyFromResponse } from './request-body.ts';
import type { Scope } from './scope.ts';

/** Calls the emulated org; gives what it answered, `undefined` for a refusal. */
export type Call = (method: string, url: string, body?: unknown) => Promise<unknown>;

export function callerOf(emulator: Emulator): Call {
  return async (method, url, body) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const response = await emulator.handle({
      method,
      url,
      headers: { authorization: `SSWS ${emulator.token}`, 'content-length': String(Buffer.byteLength(sent ?? '')) },
      ...(sent === undefined ? {} : { body: sent }),
    });
    return response.status < 300 ? parseJson(Buffer.from(response.body).toString('utf8')) : undefined;
  };
}

/** Adds the custom attributes that the recorded org's schemas had before the test touched them, and those that its groups show. */
export async function layCustomAttributes(requests: readonly Recorded[], call: Call): Promise<void> {
  const seen = new Set<string>();
  for (const { path, requestBody, body, status } of requests) {
    if (status >= 300) continue;
    if (/^\/api\/v1\/meta\/schemas\/(user|group)\/default$/.test(path) && !seen.has(path)) {
      seen.add(path);
      const sent = customOf(parseJson(requestBody));
      const before = Object.entries(customOf(parseJson(body))).filter(([name]) => sent[name] === undefined);
      if (before.length > 0) await addAttributes(call, path, Object.fromEntries(before));
    }
    const group = /^\/api\/v1\/groups\/[^/]+$/.test(path) ? parseJson(body) : undefined;
    if (!isObject(group) || !isObject(group.profile)) continue;
    const own = Object.keys(group.profile).filter((name) => name !== 'name' && name !== 'description');
    const attributes = Object.fromEntries(own.map((name) => [name, { title: name, type: 'string' }]));
    if (own.length > 0 && !seen.has(own.join())) await addAttributes(call, '/api/v1/meta/schemas/group/default', attributes);
    seen.add(own.join());
  }
}

async function addAttributes(call: Call, path: string, properties: Readonly<Record<string, unknown>>): Promise<void> {
  await call('POST', path, { definitions: { custom: { id: '#custom', type: 'object', properties, required: [] } } });
}

function customOf(schema: unknown): Record<string, unknown> {
  const definitions = isObject(schema) && isObject(schema.definitions) ? schema.definitions : {};
  const custom = isObject(definitions.custom) ? definitions.custom.properties : undefined;
  return isObject(custom) ? custom : {};
}

/**
 * Makes the objects that a recorded list shows though neither the test nor the org had made them. Tells whether there was one that it could make.
 */
export async function makeWhatWasListed(recorded: Recorded, template: string, scope: Scope, ids: IdMap, call: Call): Promise<boolean> {
  const listed = parseJson(recorded.body);
  if (!Array.isArray(listed) || recorded.method !== 'GET' || scope.templateOf('POST', template) !== template || template.includes('{'))
    return false;
  let hasMade = false;
  for (const item of listed.slice(0, MOST_MADE)) {
    if (!isObject(item) || typeof item.id !== 'string' || item.system === true || ids.get(item.id) !== undefined) continue;
    const body = bodyFromResponse(template, 'POST', item, new Map());
    const made = body === undefined ? undefined : await call('POST', template, JSON.parse(ids.apply(JSON.stringify(body))));
    if (!isObject(made) || typeof made.id !== 'string') continue;
    hasMade = true;
    ids.set(item.id, made.id);
    ids.learn(item, made);
  }
  return hasMade;
}

const MOST_MADE = 50;

/**
 * Makes the object that a recorded request found though the test had not made it: by the collection's own POST, with what the response shows.
 * Tells whether it could.
 */
export async function makeWhatWasThere(recorded: Recorded, template: string, scope: Scope, ids: IdMap, call: Call): Promise<boolean> {
  const collection = /^(.*)\/\{[^}]+\}$/.exec(template)?.[1];
  const id = recorded.path.split('/').at(-1) ?? '';
  const found = parseJson(recorded.body);
  if (collection?.includes('{') !== false || !isObject(found) || found.id !== id || ids.get(id) !== undefined) return false;
  if (scope.templateOf('POST', collection) !== collection) return false;
  const body = bodyFromResponse(collection, 'POST', found, new Map());
  const made = body === undefined ? undefined : await call('POST', collection, JSON.parse(ids.apply(JSON.stringify(body))));
  if (!isObject(made) || typeof made.id !== 'string') return false;
  ids.set(id, made.id);
  ids.learn(found, made);
  return true;
}
