import type { MethodFacts } from '../catalog/overlay.ts';
import type { Json, Method } from '../catalog/types.ts';
import type { Address } from './request/address.ts';

/** Supplies the Authorization of a request, and renews it. Never printed. */
export interface Credential {
  readonly kind: 'ssws' | 'bearer' | 'basic' | 'header' | 'query' | 'oauth' | 'none';
  /** Headers (lower-case names) or query parameters to add. `url` is the request's, for proofs bound to it (DPoP). */
  readonly authorize: (request: {
    readonly verb: string;
    readonly url: Address;
    readonly nonce?: string;
  }) => Authorization | Promise<Authorization>;
  /** The API refused it: forget cached tokens. */
  readonly renew?: () => Promise<boolean>;
}

export interface Authorization {
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** One configured org (or account of another provider): where it is, and what may be sent there. */
export interface OrgConnection {
  readonly name: string;
  readonly provider: string;
  /** Scheme, host and port. `undefined`: the document's servers, with `serverVariables`. */
  readonly origin: string | undefined;
  readonly serverVariables: Readonly<Record<string, string>>;
  readonly credential: Credential;
  /** Share of every bucket that this process may use, 0 to 1. */
  readonly budget: number;
  /** Most requests under way at once. */
  readonly maxConcurrency: number;
  /** Per request, headers to last byte of a page; default 60000. */
  readonly timeoutMs: number;
}

/** One use of a method: what a fetch step or an effect asks the HTTP layer to do. */
export interface MethodCall {
  readonly method: Method;
  readonly facts: MethodFacts;
  readonly org: OrgConnection;
  /** By parameter name; an array is sent as a repeated key. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** Body properties, already nested as on the wire. */
  readonly body?: Json;
  /** `read`: the gate lets only GET, HEAD and declared-safe POST through, and lost answers are retried. `write`: sent once. */
  readonly intent: 'read' | 'write';
  /** Sent when the method declares a page size. */
  readonly pageSize?: number;
  /** The reader may stop after this many pages (a LIMIT): from there on none is asked for before it is wanted. Default: all are wanted. */
  readonly pagesWanted?: number;
  readonly observer?: CallObserver;
  readonly signal?: AbortSignal;
}

/** One page of a reading call. */
export interface Page {
  /** The body as received (decompressed), or as a response transform rewrote it. */
  readonly bytes: Uint8Array;
  /** Path to the rows in it; `[]`: the body is the array of rows, or one row. */
  readonly rowsPath: readonly string[];
  /** 0 for the first. */
  readonly index: number;
  /** True when no page follows. */
  readonly isLast: boolean;
  /** Enough to ask for the following page in a later process. Absent on the last. */
  readonly next?: PageCursor;
  readonly requestId: string | undefined;
}

/** Where a list goes on: what a resumed run stores. Holds no secret. */
export interface PageCursor {
  readonly pathAndQuery: string;
  readonly body?: Json;
}

/** The answer to a write, or to a look-up. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly requestId: string | undefined;
}

/** What happens on the wire, as it happens: for receipts and progress. */
export interface CallObserver {
  readonly request?: (event: { readonly verb: string; readonly path: string; readonly bucket: string; readonly attempt: number }) => void;
  readonly response?: (event: { readonly status: number; readonly byteLength: number; readonly bucket: string }) => void;
  readonly retry?: (event: { readonly reason: string; readonly delayMs: number; readonly attempt: number }) => void;
  readonly throttled?: (event: { readonly bucket: string; readonly kind: 'rate' | 'concurrency'; readonly delayMs: number }) => void;
  /** The scheduler holds a request back for quota. */
  readonly waiting?: (event: { readonly bucket: string; readonly delayMs: number }) => void;
}

/** What the scheduler knows of one bucket. Times are epoch milliseconds of the local clock. */
export interface BucketState {
  readonly bucket: string;
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly resetsAt: number | undefined;
}

/** The one way to the API. Closed by the session. */
export interface HttpClient {
  /**
   * The pages of a reading call, each asked for as soon as the one before announces it.
   * Throws `api_error`, `authentication_failed`, `permission_denied`, `feature_unavailable`, `not_found`, `rate_limited`, `unreachable`, `invalid_response`, `cancelled`, `timeout`.
   */
  readonly pages: (call: MethodCall, from?: PageCursor) => AsyncIterable<Page>;
  /** One request, one answer. A write whose answer is lost throws `outcome_unknown`. */
  readonly send: (call: MethodCall) => Promise<Reply>;
  /** The request a call would make, without secrets: for EXPLAIN and previews. */
  readonly describe: (call: MethodCall) => { readonly verb: string; readonly url: string; readonly bucket: string };
  readonly buckets: (org: string) => readonly BucketState[];
  readonly close: () => Promise<void>;
}

/** Time, as the scheduler and the retries see it; tests own it. */
export interface Clock {
  readonly now: () => number;
  /** The same in steady time, which nobody sets back or forward; absent where `now` is steady itself. What is waited for is reckoned in it. */
  readonly steady?: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}
