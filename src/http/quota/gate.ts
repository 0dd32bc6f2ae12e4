import type { CancelSignal } from '../cancellation.ts';
import type { CallObserver, OrgConnection } from '../types.ts';

/** What a permit is asked for. Statements take turns by `statement`. */
export interface PermitRequest {
  readonly org: OrgConnection;
  readonly bucket: string;
  /** Calls a minute that the bucket is said to allow, until the API itself says. */
  readonly limitPerMinute: number | undefined;
  /** Identity of the statement that asks. */
  readonly statement: object;
  readonly observer: CallObserver | undefined;
  readonly signal: CancelSignal | undefined;
}

/** Why the API turned a request away, and for how long its bucket or the org rests. */
export interface Throttle {
  readonly kind: 'rate' | 'concurrency';
  readonly delayMs: number;
}

/** Leave to send one request. Ends with `release`, whatever happens; calls after that do nothing. */
export interface Permit {
  /** The headers came. Returns how to rest where they say that the request was turned away. */
  readonly answered: (answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly sentAt: number;
    readonly receivedAt: number;
  }) => Throttle | undefined;
  /** The request surely never reached the API. */
  readonly unsent: () => void;
  /** The last byte came, or nothing more will. */
  readonly release: () => void;
}

/** Hands out permits so that no bucket is overdrawn. */
export interface QuotaGate {
  /** A permit where nobody waits and the request may go at once. */
  readonly tryAcquire: (request: PermitRequest) => Permit | undefined;
  /** Waits for its turn. Rejects only with the reason of an abort. */
  readonly acquire: (request: PermitRequest) => Promise<Permit>;
}
