import { displayMessageOf } from '../log-messages.ts';
import { target } from '../log-writer.ts';
import { userEntity } from '../membership.ts';
import { profileText } from '../model.ts';
import type { Org } from '../org.ts';
import type { JsonObject, LogEntity } from '../types.ts';
import { type EventKind, type EventOrigin, SeedEvent } from './seed-event.ts';

interface Place {
  readonly city: string;
  readonly state: string | null;
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
  readonly network: string;
  readonly carrier: string;
}

/** Where people sign in from; the first is where most do. */
export const PLACES: readonly Place[] = [
  { city: 'Amsterdam', state: 'North Holland', country: 'Netherlands', lat: 52.37, lon: 4.89, network: '185.46.212', carrier: 'ams ix' },
  { city: 'Austin', state: 'Texas', country: 'United States', lat: 30.27, lon: -97.74, network: '64.91.226', carrier: 'lone star fiber' },
  { city: 'Bengaluru', state: 'Karnataka', country: 'India', lat: 12.97, lon: 77.59, network: '103.21.58', carrier: 'deccan net' },
  { city: 'Berlin', state: 'Berlin', country: 'Germany', lat: 52.52, lon: 13.4, network: '91.64.33', carrier: 'spree kabel' },
  { city: 'São Paulo', state: 'São Paulo', country: 'Brazil', lat: -23.55, lon: -46.63, network: '177.73.98', carrier: 'paulista' },
  { city: 'Tōkyō', state: 'Tōkyō', country: 'Japan', lat: 35.68, lon: 139.69, network: '126.72.11', carrier: 'kanto hikari' },
  { city: 'Lagos', state: 'Lagos', country: 'Nigeria', lat: 6.52, lon: 3.38, network: '105.112.24', carrier: 'eko mobile' },
  { city: 'Oslo', state: 'Oslo', country: 'Norway', lat: 59.91, lon: 10.75, network: '84.208.17', carrier: 'fjordnett' },
];

const AGENTS: readonly (readonly [agent: string, os: string, browser: string])[] = [
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    'Windows 10',
    'CHROME',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'Mac OS X',
    'SAFARI',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'Linux', 'FIREFOX'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'iOS 17 (iPhone)',
    'SAFARI',
  ],
];

export const SYSTEM: LogEntity = target('SystemPrincipal', 'system', 'Okta System', 'system@okta.com');

/** What a seed says of an event. */
export interface EventSketch {
  readonly type: string;
  readonly published: number;
  readonly actor: LogEntity;
  readonly targets?: readonly LogEntity[];
  readonly result?: 'SUCCESS' | 'FAILURE' | 'DENY' | 'ALLOW' | 'SKIPPED' | 'CHALLENGE' | 'UNKNOWN';
  readonly reason?: string;
  readonly origin: EventOrigin;
}

export interface EventWriter {
  write(sketch: EventSketch): void;
  /** A device's place, address (0 to 253) and browser (any number). */
  origin(place: number, address: number, agent: number): EventOrigin;
  user(id: string): LogEntity;
  app(id: string, label: string): LogEntity;
  group(id: string): LogEntity;
}

/** Writes events of a seed, oldest first. */
export function createEventWriter(org: Org): EventWriter {
  const origins = new Map<number, EventOrigin>();
  const entities = new Map<string, LogEntity>();
  const kinds = new Map<string, EventKind>();
  const serials = 1 + org.random.below(0x4000_0000);
  let count = 0;
  const entity = (id: string, make: () => LogEntity): LogEntity => {
    let found = entities.get(id);
    if (found === undefined) {
      found = make();
      entities.set(id, found);
    }
    return found;
  };
  return {
    write(sketch) {
      const result = sketch.result ?? 'SUCCESS';
      const key = `${sketch.type} ${result} ${sketch.reason ?? ''}`;
      let kind = kinds.get(key);
      if (kind === undefined) {
        const outcome: JsonObject = { result, reason: sketch.reason ?? null };
        const severity = result === 'FAILURE' || result === 'DENY' ? 'WARN' : 'INFO';
        kind = { eventType: sketch.type, severity, displayMessage: displayMessageOf(sketch.type), outcome };
        kinds.set(key, kind);
      }
      const targets =
        sketch.targets === undefined || sketch.targets.length === 0 ? null : (sketch.targets as unknown as readonly JsonObject[]);
      org.logs.append(
        new SeedEvent(serials + count++, sketch.published, kind, sketch.actor as unknown as JsonObject, sketch.origin, targets),
      );
    },
    origin(place, address, agent) {
      const number = (place * 256 + address) * AGENTS.length + (agent % AGENTS.length);
      let found = origins.get(number);
      if (found === undefined) {
        found = originOf(PLACES[place % PLACES.length] as Place, address, agent);
        origins.set(number, found);
      }
      return found;
    },
    user(id) {
      return entity(id, () => {
        const user = org.users.get(id);
        return user === undefined ? target('User', id, 'unknown', 'unknown') : userEntity(user);
      });
    },
    app: (id, label) => entity(id, () => target('AppInstance', id, label, label)),
    group: (id) => entity(id, () => target('UserGroup', id, profileText(org.groups.get(id)?.profile ?? {}, 'name'), 'unknown')),
  };
}

function originOf(place: Place, address: number, agent: number): EventOrigin {
  const [rawUserAgent, os, browser] = AGENTS[agent % AGENTS.length] as (typeof AGENTS)[number];
  const ipAddress = `${place.network}.${1 + (address % 254)}`;
  const geographicalContext: JsonObject = {
    city: place.city,
    state: place.state,
    country: place.country,
    postalCode: null,
    geolocation: { lat: place.lat, lon: place.lon },
  };
  return {
    client: {
      userAgent: { rawUserAgent, os, browser },
      zone: 'null',
      device: os.startsWith('iOS') ? 'Mobile' : 'Computer',
      id: null,
      ipAddress,
      geographicalContext,
    },
    request: { ipChain: [{ ip: ipAddress, geographicalContext, version: 'V4', source: null }] },
    securityContext: { asNumber: 64_500 + PLACES.indexOf(place), asOrg: place.carrier, isp: place.carrier, domain: null, isProxy: false },
  };
}
