/*
 * The emulator: an Okta org as a function from request to response.
 *
 * How to add a family of endpoints (one file `families/<name>.ts`, one test beside it):
 *   1. Declare what it stores:   `const zones = defineCollection<Zone>('zones')` (collection.ts). Records are immutable JSON; a change
 *      is `collection.put({ ...record, name })`. Users, groups and everything the core knows stand in `org.users`, `org.groups`, ...
 *   2. Export a `Family`: `{ name, routes }`. A route is `{ method, path: '/api/v1/zones/{zoneId}', handle(call) }`. `call.params.zoneId`,
 *      `call.query.get('limit')`, `call.json()` (E0000003 if malformed), `call.org`, `call.now` (ms), `call.actor` (who calls).
 *   3. Answer with `json(200, body)`, `text(200, preRenderedJson)`, `empty(204)` (reply.ts) or `page(call, items, rules)` (paging.ts).
 *      Refuse with `throw notFound('zon1', 'NetworkZone')`, `throw invalid('name', ['name: The field cannot be left blank'])`,
 *      `throw refuse('E0000038')` (refusal.ts; the code table gives status and summary).
 *   4. Write the log on every change: `call.log('zone.create', { targets: [target('PolicyEntity', id, name)] })`.
 *   5. New ids: `call.org.ids.next('nzo')` (20 characters, ascending). Times: `isoTime(call.now)`. Chance: `call.org.random`. Never Date.now, Math.random.
 *   6. List the family in `families.ts`. Links start with `call.org.origin` (iam: `call.org.adminOrigin`); another host of the
 *      request is put in when the response leaves.
 *
 * A seed is a function `(org, options) => void` (seeds/*.ts, listed in `seeds.ts`): it puts records into the org's stores before the first request.
 */
import type { Clock } from './clock.ts';
import type { KeyPair } from './families/apps/certificates.ts';
import type { Org } from './org.ts';
import type { Capability } from './release.ts';

/** JSON as parsed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A request in plain form. `url` is absolute, or a path that is taken to be on the org's own origin. Header names in any case. */
export interface EmulatorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | Uint8Array;
}

/** A response in plain form. A header may occur more than once (`Link` does). */
export interface EmulatorResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /**
   * What a fault rule does to the connection: `reset` before anything was sent; with the whole length announced and the body's bytes
   * given here sent, it is closed (`truncate`) or left open and silent (`stall`).
   */
  readonly connection?: 'reset' | 'truncate' | 'stall';
}

/** What a handler gives back. A body of several pieces is sent as they are, one after another. */
export interface Reply {
  readonly status: number;
  readonly body?: string | readonly Uint8Array[];
  readonly contentType?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** Who makes a call: the API token's owner, or an OAuth client. */
export interface Actor {
  readonly id: string;
  readonly type: 'User' | 'PublicClientApp' | 'SystemPrincipal';
  readonly alternateId: string;
  readonly displayName: string;
  /** The API token or access token used; its share of a bucket is counted under this. */
  readonly credentialId: string;
  /** The scopes of an OAuth access token; an API token has none and may do all that its owner may. */
  readonly scopes?: readonly string[];
}

/** A target or actor in a log event. */
export interface LogEntity {
  readonly id: string;
  readonly type: string;
  readonly alternateId: string | null;
  readonly displayName: string | null;
  readonly detailEntry?: JsonObject | null;
}

export interface LogDetails {
  readonly targets?: readonly LogEntity[];
  readonly actor?: LogEntity;
  readonly outcome?: { readonly result: string; readonly reason?: string };
  readonly severity?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly displayMessage?: string;
  readonly debugData?: JsonObject;
}

/** Everything a handler knows of its call. */
export interface Call {
  readonly org: Org;
  readonly method: string;
  /** Path as normalised, without query. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly request: EmulatorRequest;
  readonly now: number;
  readonly actor: Actor;
  /** One header's value, by lower-case name. */
  header(name: string): string | undefined;
  /** The body as a JSON object. Refuses with E0000003 what is not one; an absent body is `{}` where `optional`. */
  json(options?: { readonly optional?: boolean }): JsonObject;
  /** The body as sent. */
  text(): string;
  /** Writes one event into the system log. */
  log(eventType: string, details?: LogDetails): void;
}

export interface Route {
  readonly method: string;
  /** Template with `{name}` for one segment. A literal segment wins over a parameter. */
  readonly path: string;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
  /** Answered without a credential (`/authn`, `/.well-known/*`, token endpoints). */
  readonly isPublic?: boolean;
  /** What the body may be; JSON unless said. */
  readonly consumes?: 'json' | 'form' | 'any';
  /** The OAuth scope that a bearer token needs; derived from path and method if absent, none if `null`. */
  readonly scope?: string | null;
}

/** One family of endpoints: a file in `families/`. */
export interface Family {
  readonly name: string;
  readonly routes: readonly Route[];
  /** Lays what every org has from the start (default policies, system types, ...), before the seed. */
  readonly initialise?: (org: Org) => void;
}

export interface SeedOptions {
  /** Users to make beside what the seed itself lays. */
  readonly users: number;
}

/** Fills an org. Deterministic: all chance from `org.random`, all time from `org.clock`, all ids from `org.ids`. */
export type Seed = (org: Org, options: SeedOptions) => void;

/** What a fault rule does. */
export type FaultEffect =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly errorCode?: string;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'reset' }
  /** The connection breaks after so many bytes of the body; half of it if absent. */
  | { readonly kind: 'truncate'; readonly bytes?: number }
  /** The same, but the connection stays open and nothing more comes. */
  | { readonly kind: 'stall'; readonly bytes?: number }
  /** The body ends after so many bytes and its length says so: only its reader can tell. Half of it if absent. */
  | { readonly kind: 'cut'; readonly bytes?: number }
  /** The next page's link: another URL, or the request's own (a list that never ends). Replaced where there is one, in header or body, else added. */
  | { readonly kind: 'nextLink'; readonly url: string }
  | { readonly kind: 'contentType'; readonly value: string; readonly body?: string }
  | { readonly kind: 'staleCursor' }
  /** The org does not heed a query parameter: it answers as if that had not been sent. */
  | { readonly kind: 'ignore'; readonly parameter: string }
  | { readonly kind: 'clockSkew'; readonly ms: number }
  | { readonly kind: 'lostResponse' };

/** A fault and the requests it befalls. All conditions must hold. */
export interface FaultRule {
  readonly method?: string;
  /** Path with `*` for any run of characters, or a template such as `/api/v1/users/{id}`. The query is not looked at. */
  readonly path?: string;
  /** Path and query exactly as sent: one page of a list. */
  readonly url?: string;
  /** Text that the query must contain, decoded. */
  readonly query?: string;
  /** Matching requests let through first. */
  readonly after?: number;
  /** How many requests it befalls; without end if absent. */
  readonly count?: number;
  /** Chance for each matching request, 0 to 1. */
  readonly probability?: number;
  readonly effect: FaultEffect;
}

export interface RateLimitTable {
  readonly name: string;
  /** Calls under way at once before a 429 with limit 0; no limit if absent. */
  readonly concurrent?: number;
  /** Requests a minute by bucket name (see rate-limits.ts for which request counts where); `default` for the rest. */
  readonly perMinute: Readonly<Record<string, number>>;
}

export interface EmulatorOptions {
  /** A named seed (`demo`, `reference`, `empty`), a seed function, or the parsed content of a seed file. Default `empty`. */
  readonly seed?: string | Seed | JsonObject;
  /** Users to make beside the seed's own. */
  readonly users?: number;
  /** `workforce`, `integrator`, `one-app`, `off` (default), or a table. */
  readonly rateLimits?: string | RateLimitTable;
  /** The part of each bucket that one token may use. Default 0.5. */
  readonly tokenShare?: number;
  readonly faults?: readonly FaultRule[];
  /** Where the clock starts, and runs on from. Default: the real time. */
  readonly now?: string | number | Date;
  /** A clock shared with the caller, in place of `now`. */
  readonly clock?: Clock;
  /** How long `search` lags behind writes. Default 0. */
  readonly indexDelayMs?: number;
  /** Whether a list's last page links to one more, which is empty, as some of Okta's lists do at times. Default false. */
  readonly emptyLastPages?: boolean;
  /** The release of the API whose shapes are shown, by its time. Default: the newest. */
  readonly release?: string | number | Date;
  /** What the org cannot do, where objects show it (release.ts). Default: nothing. */
  readonly without?: readonly Capability[];
  readonly subdomain?: string;
  /** Origin in links until `listen` binds one. Default `https://{subdomain}.okta.com`. */
  readonly origin?: string;
  /** The API token accepted at first. Default: made from the random source. */
  readonly token?: string;
  /** Seed of the random source: a number. */
  readonly random?: number;
  /** Makes the key pairs of the keys and signing requests that the API is asked for. Default: real ones, each fresh. */
  readonly makeKeyPair?: () => KeyPair;
  /** Waits, for delay faults. */
  readonly sleep?: (ms: number) => Promise<void>;
}

export interface ListenOptions {
  readonly port?: number;
  readonly host?: string;
}

export interface Listening {
  readonly url: string;
  /** Ends all connections and frees the port. */
  close(): Promise<void>;
}

export interface Emulator {
  /** Answers one request, no socket involved. */
  handle(request: EmulatorRequest): Promise<EmulatorResponse>;
  /** Serves over HTTP; links then carry the bound URL. The caller closes it. */
  listen(options?: ListenOptions): Promise<Listening>;
  readonly token: string;
  readonly subdomain: string;
  readonly clock: Clock;
  /** The org itself, for tests and seeds. */
  readonly org: Org;
}
