import { displayMessageOf } from './log-messages.ts';
import type { LogEvent } from './model.ts';
import type { Org } from './org.ts';
import type { Actor, JsonObject, LogDetails, LogEntity } from './types.ts';

/** Where an event comes from: the call's client and transaction. */
export interface LogOrigin {
  readonly actor: Actor;
  readonly requestId: string;
  readonly requestUri: string;
  readonly ipAddress: string;
  readonly userAgent: string;
}

/** Writes an event, published now or (seeds) at `published`. */
export type LogWriter = (eventType: string, details: LogDetails & { readonly published?: number }, origin?: Partial<LogOrigin>) => LogEvent;

/** A log entity of a user. */
export function target(type: string, id: string, displayName: string | null, alternateId: string | null = displayName): LogEntity {
  return { id, type, alternateId, displayName, detailEntry: null };
}

const PLACE: JsonObject = {
  city: 'Stockholm',
  state: 'Stockholm',
  country: 'Sweden',
  postalCode: '111 22',
  geolocation: { lat: 59.3294, lon: 18.0687 },
};

/** Clients by user agent and address, shared between events so that 200 000 of them stay small. */
function createClients(): (userAgent: string, ipAddress: string) => { client: JsonObject; request: JsonObject } {
  const known = new Map<string, { client: JsonObject; request: JsonObject }>();
  return (userAgent, ipAddress) => {
    const key = `${ipAddress} ${userAgent}`;
    let found = known.get(key);
    if (found === undefined) {
      const browser = /Firefox/i.test(userAgent)
        ? 'FIREFOX'
        : /Chrome/i.test(userAgent)
          ? 'CHROME'
          : /Safari/i.test(userAgent)
            ? 'SAFARI'
            : 'UNKNOWN';
      const os = /Windows/i.test(userAgent)
        ? 'Windows 10'
        : /Mac OS/i.test(userAgent)
          ? 'Mac OS X'
          : /Linux/i.test(userAgent)
            ? 'Linux'
            : 'Unknown';
      found = {
        client: {
          userAgent: { rawUserAgent: userAgent, os, browser },
          zone: 'null',
          device: browser === 'UNKNOWN' ? 'Unknown' : 'Computer',
          id: null,
          ipAddress,
          geographicalContext: PLACE,
        },
        request: { ipChain: [{ ip: ipAddress, geographicalContext: PLACE, version: 'V4', source: null }] },
      };
      if (known.size > 10_000) known.clear();
      known.set(key, found);
    }
    return found;
  };
}

const AUTHENTICATION: JsonObject = {
  authenticationProvider: null,
  credentialProvider: null,
  credentialType: null,
  issuer: null,
  interface: null,
  authenticationStep: 0,
  rootSessionId: null,
  externalSessionId: 'unknown',
};
const SECURITY: JsonObject = { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: null };

export function createLogWriter(org: () => Org): LogWriter {
  const clientOf = createClients();
  return (eventType, details, origin = {}) => {
    const { random, clock, logs } = org();
    const actor = details.actor ??
      origin.actor ?? { id: 'system', type: 'SystemPrincipal', alternateId: 'system@okta.com', displayName: 'Okta System' };
    const { client, request } = clientOf(origin.userAgent ?? 'orgql', origin.ipAddress ?? '203.0.113.10');
    const requestId = origin.requestId ?? random.text(27);
    const event: LogEvent = {
      uuid: uuid(random.text(32, '0123456789abcdef')),
      published: details.published ?? clock.now(),
      eventType,
      version: '0',
      severity: details.severity ?? (details.outcome?.result === 'FAILURE' ? 'WARN' : 'INFO'),
      legacyEventType: null,
      displayMessage: details.displayMessage ?? displayMessageOf(eventType),
      actor: { id: actor.id, type: actor.type, alternateId: actor.alternateId, displayName: actor.displayName, detailEntry: null },
      client,
      outcome: { result: details.outcome?.result ?? 'SUCCESS', reason: details.outcome?.reason ?? null },
      target:
        details.targets === undefined || details.targets.length === 0
          ? null
          : details.targets.map((entity) => ({ detailEntry: null, ...entity })),
      transaction: { type: 'WEB', id: requestId, detail: {} },
      debugContext: {
        debugData: { requestId, requestUri: origin.requestUri ?? '/', url: `${origin.requestUri ?? '/'}?`, ...details.debugData },
      },
      authenticationContext: AUTHENTICATION,
      securityContext: SECURITY,
      request,
    };
    logs.append(event);
    return event;
  };
}

function uuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-11f0-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
