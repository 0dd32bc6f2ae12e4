import { displayMessageOf } from '../log-messages.ts';
import type { LogEvent } from '../model.ts';
import type { JsonObject } from '../types.ts';

/** Where an event came from: shared by all events of one device, so that 200 000 events stay small. */
export interface EventOrigin {
  readonly client: JsonObject;
  readonly request: JsonObject;
  readonly securityContext: JsonObject;
}

export interface EventParts {
  readonly uuid: string;
  readonly published: number;
  readonly eventType: string;
  readonly actor: JsonObject;
  readonly target: readonly JsonObject[] | null;
  readonly outcome: JsonObject;
  readonly origin: EventOrigin;
  readonly severity: string;
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

/** A log event whose unshared parts (request id, debug data) are made from its uuid when somebody looks. */
export class SeedEvent implements LogEvent {
  readonly uuid: string;
  readonly published: number;
  readonly eventType: string;
  readonly severity: string;
  readonly displayMessage: string;
  readonly actor: JsonObject;
  readonly client: JsonObject;
  readonly outcome: JsonObject;
  readonly target: readonly JsonObject[] | null;
  readonly request: JsonObject;
  readonly securityContext: JsonObject;

  constructor(parts: EventParts) {
    this.uuid = parts.uuid;
    this.published = parts.published;
    this.eventType = parts.eventType;
    this.severity = parts.severity;
    this.displayMessage = displayMessageOf(parts.eventType);
    this.actor = parts.actor;
    this.client = parts.origin.client;
    this.outcome = parts.outcome;
    this.target = parts.target;
    this.request = parts.origin.request;
    this.securityContext = parts.origin.securityContext;
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
