/**
 * How the emulated org says no. These are answers of the emulated API, not faults of orgql, hence not the error class of `util`.
 */
import { OKTA_ERRORS } from './okta-errors.ts';
import type { JsonObject } from './types.ts';

/** Thrown by a handler; the emulator turns it into an Okta error body with its status. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly errorCode: string;
  readonly causes: readonly string[];
  /** Replaces the five-key body (OAuth's own error form). */
  readonly body: JsonObject | undefined;
  readonly headers: readonly (readonly [string, string])[];

  constructor(
    errorCode: string,
    parts: {
      status?: number;
      summary?: string;
      causes?: readonly string[];
      body?: JsonObject;
      headers?: readonly (readonly [string, string])[];
    } = {},
  ) {
    const entry = OKTA_ERRORS[errorCode];
    super(parts.summary ?? entry?.summary ?? errorCode);
    this.errorCode = errorCode;
    this.status = parts.status ?? entry?.status ?? 400;
    this.causes = parts.causes ?? [];
    this.body = parts.body;
    this.headers = parts.headers ?? [];
  }
}

/** A refusal by its code; status and summary from the table. */
export function refuse(errorCode: string, causes: readonly string[] = [], status?: number): Refusal {
  return new Refusal(errorCode, status === undefined ? { causes } : { causes, status });
}

/** 404 E0000007 in Okta's wording. */
export function notFound(id: string, entity: string): Refusal {
  return new Refusal('E0000007', { summary: `Not found: Resource not found: ${id} (${entity})` });
}

/** 400 E0000001: `subject` is the field or entity that failed. */
export function invalid(subject: string, causes: readonly string[] = []): Refusal {
  return new Refusal('E0000001', { summary: `Api validation failed: ${subject}`, causes });
}

/** An error in OAuth's form (RFC 6749 §5.2). */
export function oauthError(
  status: number,
  error: string,
  description: string,
  headers: readonly (readonly [string, string])[] = [],
): Refusal {
  return new Refusal(error, { status, body: { error, error_description: description }, headers });
}
