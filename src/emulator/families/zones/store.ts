import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';
import { systemId } from '../../system-ids.ts';
import type { JsonObject } from '../../types.ts';

/** A network zone. `details` are the properties of its type, as they are shown. */
export interface Zone {
  readonly id: string;
  readonly type: 'IP' | 'DYNAMIC';
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly usage: 'POLICY' | 'BLOCKLIST';
  readonly created: number;
  readonly lastUpdated: number;
  readonly system: boolean;
  readonly details: JsonObject;
}

export const ZONES = defineCollection<Zone>('zones');

/** The zones that every org has. */
export function laySystemZones(org: Org): void {
  const created = org.groups.get(org.everyoneId)?.created ?? org.clock.now();
  for (const [name, usage] of [
    ['BlockedIpZone', 'BLOCKLIST'],
    ['LegacyIpZone', 'POLICY'],
  ] as const) {
    org.collection(ZONES).put({
      id: systemId(org, 'nzo', name),
      type: 'IP',
      name,
      status: 'ACTIVE',
      usage,
      created,
      lastUpdated: created,
      system: true,
      details: { gateways: null, proxies: null },
    });
  }
}
