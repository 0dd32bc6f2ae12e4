import { defineCollection } from '../collection.ts';
import { compileFilter } from '../filter/compile.ts';
import { lifecycleLinks } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { page } from '../paging.ts';
import { invalid, notFound } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { oneOf, readBody, requiredText } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';

const PATH = '/api/v1/trustedOrigins';
const ORIGIN = `${PATH}/{trustedOriginId}`;
const TYPES = ['CORS', 'REDIRECT', 'IFRAME_EMBED'] as const;

interface TrustedOrigin {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  readonly scopes: readonly JsonObject[];
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: number;
  readonly createdBy: string;
  readonly lastUpdated: number;
  readonly lastUpdatedBy: string;
}

const ORIGINS = defineCollection<TrustedOrigin>('trustedOrigins');

/** Trusted origins: which sites may call the org from a browser, and be redirected to. */
export const trustedOrigins: Family = {
  name: 'trusted origins',
  routes: [
    { method: 'GET', path: PATH, handle: list },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: ORIGIN, handle: (call) => json(200, render(call.org, originOf(call))) },
    { method: 'PUT', path: ORIGIN, handle: replace },
    { method: 'DELETE', path: ORIGIN, handle: remove },
    { method: 'POST', path: `${ORIGIN}/lifecycle/activate`, handle: (call) => setStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${ORIGIN}/lifecycle/deactivate`, handle: (call) => setStatus(call, 'INACTIVE') },
  ],
};

function originOf(call: Call): TrustedOrigin {
  const id = call.params.trustedOriginId ?? '';
  const found = call.org.collection(ORIGINS).get(id);
  if (found === undefined) throw notFound(id, 'TrustedOrigin');
  return found;
}

function list(call: Call): Reply {
  const filter = call.query.get('filter');
  const q = (call.query.get('q') ?? '').toLowerCase();
  const test =
    filter === null || filter === ''
      ? () => true
      : compileFilter<TrustedOrigin>(filter, {
          isCaseSensitive: true,
          attribute: (name) => {
            if (name === 'type') return { type: 'text', operators: ['eq'], get: (one) => one.scopes.map((scope) => scope.type) };
            if (name === 'name' || name === 'origin' || name === 'status')
              return { type: 'text', operators: ['eq'], get: (one) => one[name] };
            return undefined;
          },
        });
  const found = call.org
    .collection(ORIGINS)
    .filter((one) => test(one) && (one.name.toLowerCase().startsWith(q) || one.origin.toLowerCase().startsWith(q)));
  return page(call, found, {
    limit: { fallback: 20, max: 200 },
    key: (one) => one.id,
    render: (one) => JSON.stringify(render(call.org, one)),
  });
}

function read(call: Call): Pick<TrustedOrigin, 'name' | 'origin' | 'scopes'> {
  const given = call.json();
  const name = requiredText(given, 'name');
  const origin = requiredText(given, 'origin', 1024);
  if (!/^https?:\/\/[^\s/?#]+\/?$/i.test(origin))
    throw invalid('origin', ['origin: The origin must be a scheme, a host and a port, such as https://www.example.com']);
  const body = readBody(given, { scopes: [{ type: oneOf(...TYPES), stringValue: 'string', allowedOktaApps: ['string'] }] });
  const scopes = (body.scopes ?? []) as readonly JsonObject[];
  if (scopes.length === 0) throw invalid('scopes', ['scopes: The field cannot be left blank']);
  return { name, origin, scopes };
}

function checkUnique(call: Call, values: Pick<TrustedOrigin, 'name' | 'origin'>, own: string | undefined): void {
  for (const field of ['name', 'origin'] as const) {
    if (call.org.collection(ORIGINS).find((one) => one.id !== own && one[field] === values[field]) !== undefined) {
      throw invalid(field, [`${field}: An object with this field already exists in the current organization`]);
    }
  }
}

function create(call: Call): Reply {
  const values = read(call);
  checkUnique(call, values, undefined);
  const now = wholeSecond(call.now);
  const by = call.actor.id;
  const origin = call.org
    .collection(ORIGINS)
    .put({ id: call.org.ids.next('tos'), ...values, status: 'ACTIVE', created: now, createdBy: by, lastUpdated: now, lastUpdatedBy: by });
  log(call, 'security.trusted_origin.create', origin);
  return json(200, render(call.org, origin));
}

function replace(call: Call): Reply {
  const before = originOf(call);
  const values = read(call);
  checkUnique(call, values, before.id);
  const origin = change(call, { ...before, ...values });
  log(call, 'security.trusted_origin.update', origin);
  return json(200, render(call.org, origin));
}

function change(call: Call, origin: TrustedOrigin): TrustedOrigin {
  return call.org.collection(ORIGINS).put({ ...origin, lastUpdated: wholeSecond(call.now), lastUpdatedBy: call.actor.id });
}

function remove(call: Call): Reply {
  const origin = originOf(call);
  call.org.collection(ORIGINS).delete(origin.id);
  log(call, 'security.trusted_origin.delete', origin);
  return empty(204);
}

function setStatus(call: Call, status: TrustedOrigin['status']): Reply {
  const before = originOf(call);
  if (before.status === status) return json(200, render(call.org, before));
  const origin = change(call, { ...before, status });
  log(call, status === 'ACTIVE' ? 'security.trusted_origin.activate' : 'security.trusted_origin.deactivate', origin);
  return json(200, render(call.org, origin));
}

function render(org: Org, origin: TrustedOrigin): JsonObject {
  return {
    id: origin.id,
    name: origin.name,
    origin: origin.origin,
    scopes: origin.scopes,
    status: origin.status,
    created: isoTime(origin.created),
    createdBy: origin.createdBy,
    lastUpdated: isoTime(origin.lastUpdated),
    lastUpdatedBy: origin.lastUpdatedBy,
    _links: lifecycleLinks(org, `${PATH}/${origin.id}`, origin.status, 'GET', 'PUT', 'DELETE'),
  };
}

function log(call: Call, eventType: string, origin: TrustedOrigin): void {
  call.log(eventType, { targets: [target('TrustedOrigin', origin.id, origin.name, origin.origin)] });
}
