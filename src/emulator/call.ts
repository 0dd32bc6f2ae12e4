import type { Org } from './org.ts';
import { refuse } from './refusal.ts';
import { isObject } from './reply.ts';
import type { Actor, Call, EmulatorRequest, JsonObject, LogDetails, Route } from './types.ts';

export interface CallParts {
  readonly org: Org;
  readonly request: EmulatorRequest;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly now: number;
  readonly actor: Actor;
  readonly requestId: string;
  readonly header: (name: string) => string | undefined;
}

/** Who acts in a call that needs no credential. */
export const NOBODY: Actor = { id: 'unknown', type: 'User', alternateId: 'unknown', displayName: 'unknown', credentialId: 'public' };

export function createCall(parts: CallParts): Call {
  const { org, request, header } = parts;
  const text = (): string => bodyText(request.body);
  return {
    org,
    method: parts.method,
    path: parts.path,
    params: parts.params,
    query: parts.query,
    request,
    now: parts.now,
    actor: parts.actor,
    header,
    text,
    json(options): JsonObject {
      const body = text();
      if (body.trim() === '') {
        if (options?.optional === true) return {};
        throw refuse('E0000003');
      }
      const parsed = parseJson(body);
      if (!isObject(parsed)) throw refuse('E0000003');
      return parsed;
    },
    log(eventType: string, details: LogDetails = {}) {
      org.log(eventType, details, {
        actor: parts.actor,
        requestId: parts.requestId,
        requestUri: parts.path,
        ipAddress: header('x-forwarded-for')?.split(',')[0]?.trim() ?? '198.51.100.7',
        userAgent: header('user-agent') ?? '',
      });
    },
  };
}

/** Refuses a body that the route cannot take (411, E0000021). */
export function checkBody(
  route: Route,
  method: string,
  request: EmulatorRequest,
  header: (name: string) => string | undefined,
): Response411 | undefined {
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH') return undefined;
  const isEmpty = request.body === undefined || request.body.length === 0;
  if (isEmpty) return header('content-length') === undefined && header('transfer-encoding') === undefined ? '411' : undefined;
  if (route.consumes === 'any') return undefined;
  const type = (header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (route.consumes === 'form') {
    if (type !== 'application/x-www-form-urlencoded') throw refuse('E0000021');
    return undefined;
  }
  if (type !== '' && type !== 'application/json' && !type.endsWith('+json')) throw refuse('E0000021');
  return undefined;
}

/** That a length is required: answered by the web server in front of Okta, not by Okta. */
export type Response411 = '411';

export function bodyText(body: string | Uint8Array | undefined): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
