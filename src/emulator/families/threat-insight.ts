import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid } from '../refusal.ts';
import { json } from '../reply.ts';
import { oneOf, readBody, textsAt } from '../shape.ts';
import { wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { ZONES } from './zones/store.ts';

const PATH = '/api/v1/threats/configuration';

interface ThreatInsight {
  readonly action: string;
  readonly excludeZones: readonly string[];
  readonly created: number;
  readonly lastUpdated: number;
}

/** Okta ThreatInsight: what to do about requests from addresses known as malicious. */
export const threatInsight: Family = {
  name: 'threat insight',
  routes: [
    { method: 'GET', path: PATH, handle: (call) => json(200, render(call.org, state(call.org).value)) },
    { method: 'POST', path: PATH, handle: update },
  ],
};

/** Whether a zone is excluded from ThreatInsight, so that it cannot be deleted. */
export function isZoneExcluded(org: Org, zoneId: string): boolean {
  return state(org).value.excludeZones.includes(zoneId);
}

function state(org: Org): { value: ThreatInsight } {
  return org.value<ThreatInsight>('threatInsight', () => {
    const created = org.groups.get(org.everyoneId)?.created ?? wholeSecond(org.clock.now());
    return { action: 'none', excludeZones: [], created, lastUpdated: created };
  });
}

function update(call: Call): Reply {
  const { org } = call;
  const before = state(org);
  const body = readBody(call.json(), { action: oneOf('none', 'audit', 'block'), excludeZones: ['string'] });
  if (body.action === undefined) throw invalid('action', ['action: The field cannot be left blank']);
  const excludeZones = body.excludeZones === undefined ? before.value.excludeZones : textsAt(body.excludeZones);
  const unknown = excludeZones.find((id) => !org.collection(ZONES).has(id));
  if (unknown !== undefined) throw invalid('excludeZones', [`excludeZones: The network zone ${unknown} does not exist`]);
  before.value = { ...before.value, action: String(body.action), excludeZones, lastUpdated: wholeSecond(call.now) };
  call.log('security.threat.configuration.update', { targets: [target('ThreatInsight', org.id, before.value.action)] });
  return json(200, render(org, before.value));
}

function render(org: Org, settings: ThreatInsight): JsonObject {
  return {
    action: settings.action,
    excludeZones: settings.excludeZones,
    created: plainTime(settings.created),
    lastUpdated: plainTime(settings.lastUpdated),
    _links: { self: link(org, PATH, 'GET', 'POST') },
  };
}

/** This endpoint alone writes times without a `T`. */
function plainTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ');
}
