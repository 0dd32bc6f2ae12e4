/** A bound of the HTTP layer: its default and what it bounds. The unit is part of the name. */
export interface HttpLimits {
  /** Further attempts after a failed one, per request. */
  readonly maxRetries: number;
  /** Until a connection (TCP, proxy and TLS) stands. */
  readonly connectTimeoutMs: number;
  /** Without a byte from the API, before the headers or within a body. */
  readonly idleTimeoutMs: number;
  /** The longest single wait that a `Retry-After` or a rate-limit reset may ask for. */
  readonly maxRetryAfterMs: number;
  /** Decompressed size of one page. */
  readonly maxPageBytes: number;
}

/** Defaults of every bound; errors name the bound that bit. */
export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  maxRetries: 5,
  connectTimeoutMs: 15_000,
  idleTimeoutMs: 30_000,
  maxRetryAfterMs: 3_700_000,
  maxPageBytes: 512 * 1024 * 1024,
};
