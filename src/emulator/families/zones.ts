import { compileFilter } from '../filter/compile.ts';
import { lifecycleLinks } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { page } from '../paging.ts';
import { invalid, notFound, refuse } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { objectAt, oneOf, readBody, requireAll, requiredText } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { POLICY_RULES } from './policies/store.ts';
import { isZoneExcluded } from './threat-insight.ts';
import { laySystemZones, ZONES, type Zone } from './zones/store.ts';

const PATH = '/api/v1/zones';
const ZONE = `${PATH}/{zoneId}`;
const ADDRESSES = [{ type: oneOf('CIDR', 'RANGE'), value: 'string' }] as const;
const BODY = {
  type: oneOf('IP', 'DYNAMIC'),
  name: 'string',
  status: oneOf('ACTIVE', 'INACTIVE'),
  usage: oneOf('POLICY', 'BLOCKLIST'),
  gateways: ADDRESSES,
  proxies: ADDRESSES,
  locations: [{ country: 'string', region: 'string' }],
  proxyType: 'string',
  asns: ['string'],
} as const;

/** Network zones, which policy rules refer to. */
export const zones: Family = {
  name: 'zones',
  routes: [
    { method: 'GET', path: PATH, handle: list },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: ZONE, handle: (call) => json(200, render(call.org, zoneOf(call))) },
    { method: 'PUT', path: ZONE, handle: replace },
    { method: 'DELETE', path: ZONE, handle: remove },
    { method: 'POST', path: `${ZONE}/lifecycle/activate`, handle: (call) => setStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${ZONE}/lifecycle/deactivate`, handle: (call) => setStatus(call, 'INACTIVE') },
  ],
  initialise: laySystemZones,
};

function zoneOf(call: Call): Zone {
  const id = call.params.zoneId ?? '';
  const zone = call.org.collection(ZONES).get(id);
  if (zone === undefined) throw notFound(id, 'NetworkZone');
  return zone;
}

function list(call: Call): Reply {
  const given = call.query.get('filter');
  const test =
    given === null || given === ''
      ? () => true
      : compileFilter<Zone>(given, {
          isCaseSensitive: true,
          attribute: (name) =>
            name === 'id'
              ? { type: 'text', operators: ['eq'], get: (zone) => zone.id }
              : name === 'usage'
                ? { type: 'text', operators: ['eq'], get: (zone) => zone.usage }
                : name === 'system'
                  ? { type: 'boolean', operators: ['eq'], get: (zone) => zone.system }
                  : undefined,
        });
  return page(call, call.org.collection(ZONES).filter(test), {
    limit: { fallback: 20, max: 200 },
    key: (zone) => zone.id,
    render: (zone) => JSON.stringify(render(call.org, zone)),
  });
}

function create(call: Call): Reply {
  const { org } = call;
  const body = read(call);
  const name = requiredText(body, 'name', 128);
  requireAll(body, ['type']);
  checkName(call, name, undefined);
  const created = wholeSecond(call.now);
  const zone = org.collection(ZONES).put({
    id: org.ids.next('nzo'),
    type: body.type as Zone['type'],
    name,
    status: body.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
    usage: body.usage === 'BLOCKLIST' ? 'BLOCKLIST' : 'POLICY',
    created,
    lastUpdated: created,
    system: false,
    details: detailsOf(body),
  });
  log(call, 'zone.create', zone);
  return json(200, render(org, zone));
}

function replace(call: Call): Reply {
  const before = zoneOf(call);
  const body = read(call);
  const name = requiredText(body, 'name', 128);
  if (body.type !== undefined && body.type !== before.type) throw invalid('type', ['type: The type of a network zone cannot be changed']);
  if (before.system && name !== before.name) throw invalid('name', ['name: The name of a system network zone cannot be changed']);
  checkName(call, name, before.id);
  const zone = call.org.collection(ZONES).put({
    ...before,
    name,
    usage: (body.usage as Zone['usage'] | undefined) ?? before.usage,
    lastUpdated: wholeSecond(call.now),
    details: detailsOf({ ...body, type: before.type }),
  });
  log(call, 'zone.update', zone);
  return json(200, render(call.org, zone));
}

function remove(call: Call): Reply {
  const zone = zoneOf(call);
  if (zone.system) throw invalid('system', ['A system network zone cannot be deleted']);
  if (zone.status === 'ACTIVE') throw invalid('status', ['The network zone must be deactivated before deletion']);
  refuseReferenced(call, zone);
  call.org.collection(ZONES).delete(zone.id);
  log(call, 'zone.delete', zone);
  return empty(204);
}

function setStatus(call: Call, status: Zone['status']): Reply {
  const before = zoneOf(call);
  if (status === 'INACTIVE') refuseReferenced(call, before);
  if (before.status === status) return json(200, render(call.org, before));
  const zone = call.org.collection(ZONES).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
  log(call, status === 'ACTIVE' ? 'zone.activate' : 'zone.deactivate', zone);
  return json(200, render(call.org, zone));
}

/** A zone that a policy rule or ThreatInsight names stays as it is. */
function refuseReferenced(call: Call, zone: Zone): void {
  const rule = call.org.collection(POLICY_RULES).find((one) => JSON.stringify(one.conditions ?? {}).includes(`"${zone.id}"`));
  if (rule !== undefined) throw refuse('E0000158', [`The network zone is used by the policy rule ${rule.name}`]);
  if (isZoneExcluded(call.org, zone.id)) throw refuse('E0000158', ['The network zone is excluded from ThreatInsight']);
}

function checkName(call: Call, name: string, own: string | undefined): void {
  if (call.org.collection(ZONES).find((zone) => zone.name === name && zone.id !== own) !== undefined) {
    throw invalid('name', ['name: An object with this field already exists in the current organization']);
  }
}

function read(call: Call): Record<string, JsonObject[string]> {
  const body = readBody(call.json(), BODY);
  for (const field of ['gateways', 'proxies'] as const) {
    for (const address of Array.isArray(body[field]) ? (body[field] as readonly JsonObject[]) : []) {
      if (typeof address.value !== 'string' || !/^[\d.:a-fA-F]+([/-][\d.:a-fA-F]+)?$/.test(address.value)) {
        throw invalid(field, [`${field}: '${String(address.value)}' is not a valid IP address, range or CIDR`]);
      }
    }
  }
  return body;
}

function detailsOf(body: Readonly<Record<string, JsonObject[string]>>): JsonObject {
  if (body.type === 'DYNAMIC')
    return {
      locations: Array.isArray(body.locations)
        ? body.locations.map((one) => ({ country: objectAt(one).country ?? null, region: objectAt(one).region ?? null }))
        : null,
      proxyType: body.proxyType ?? null,
      ...(body.asns === undefined ? {} : { asns: body.asns }),
    };
  return { gateways: body.gateways ?? null, proxies: body.proxies ?? null };
}

function render(org: Org, zone: Zone): JsonObject {
  return {
    type: zone.type,
    id: zone.id,
    name: zone.name,
    status: zone.status,
    usage: zone.usage,
    created: isoTime(zone.created),
    lastUpdated: isoTime(zone.lastUpdated),
    system: zone.system,
    ...zone.details,
    _links: lifecycleLinks(org, `${PATH}/${zone.id}`, zone.status, 'GET', 'PUT', 'DELETE'),
  };
}

function log(call: Call, eventType: string, zone: Zone): void {
  call.log(eventType, { targets: [target('PolicyEntity', zone.id, zone.name)] });
}
