import type { LogEvent } from '../model.ts';
import type { JsonObject } from '../types.ts';

/** Where an event came from: shared by all events of one device, so that 200 000 events stay small. */
export interface EventOrigin {
  readonly client: JsonObject;
  readonly request: JsonObject;
  readonly securityContext: JsonObject;
}

/** What happened and how it ended: shared by all events of a kind. */
export interface EventKind {
  readonly eventType: string;
  readonly severity: string;
  readonly displayMessage: string;
  readonly outcome: JsonObject;
}

const PATHS: readonly (readonly [string, string])[] = [
  ['user.session.start', '/api/v1/authn'],
  ['user.authentication.sso', '/app/saml/sso'],
  ['user.authentication', '/idp/idx/identify'],
  ['user.mfa', '/api/v1/authn/factors/verify'],
  ['app.oauth2', '/oauth2/v1/token'],
  ['policy.', '/idp/idx/identify'],
  ['group.', '/api/v1/groups'],
  ['application.', '/api/v1/apps'],
  ['user.', '/api/v1/users'],
];

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

/** A log event that holds only what no other event shares; ids and debug data are made from its number when somebody looks. */
export class SeedEvent implements LogEvent {
  readonly published: number;
  readonly kind: EventKind;
  readonly actor: JsonObject;
  readonly origin: EventOrigin;
  readonly target: readonly JsonObject[] | null;
  readonly #serial: number;

  constructor(
    serial: number,
    published: number,
    kind: EventKind,
    actor: JsonObject,
    origin: EventOrigin,
    target: readonly JsonObject[] | null,
  ) {
    this.#serial = serial;
    this.published = published;
    this.kind = kind;
    this.actor = actor;
    this.origin = origin;
    this.target = target;
  }

  get uuid(): string {
    const serial = this.#serial;
    const [a, b, c] = [scatter(serial), scatter(serial ^ 0x5bd1e995), scatter(serial + 0x27d4eb2f)];
    return `${a}-${b.slice(0, 4)}-11f0-${b.slice(4)}-${c.slice(0, 4)}${serial.toString(16).padStart(8, '0')}`;
  }

  get eventType(): string {
    return this.kind.eventType;
  }

  get severity(): string {
    return this.kind.severity;
  }

  get displayMessage(): string {
    return this.kind.displayMessage;
  }

  get outcome(): JsonObject {
    return this.kind.outcome;
  }

  get client(): JsonObject {
    return this.origin.client;
  }

  get request(): JsonObject {
    return this.origin.request;
  }

  get securityContext(): JsonObject {
    return this.origin.securityContext;
  }

  get version(): string {
    return '0';
  }

  get legacyEventType(): string | null {
    return null;
  }

  get transaction(): JsonObject {
    return { type: 'WEB', id: this.#requestId, detail: {} };
  }

  get authenticationContext(): JsonObject {
    return this.eventType.startsWith('user.')
      ? { ...AUTHENTICATION, externalSessionId: `102${this.uuid.replaceAll('-', '').slice(0, 22)}` }
      : AUTHENTICATION;
  }

  get debugContext(): JsonObject {
    const path = PATHS.find(([prefix]) => this.eventType.startsWith(prefix))?.[1] ?? '/api/v1';
    return { debugData: { requestId: this.#requestId, dtHash: this.uuid.replaceAll('-', ''), requestUri: path, url: `${path}?` } };
  }

  get #requestId(): string {
    return `Z${this.uuid.replaceAll('-', '').slice(6)}`;
  }
}

/** Eight hexadecimal digits that look like chance (the finalizer of MurmurHash3, which is public domain). */
function scatter(number: number): string {
  let bits = number | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
