import type { ErrorCode } from '../../util/error-codes.ts';
import { type ApiFault, OrgqlError } from '../../util/errors.ts';
import type { MethodCall } from '../types.ts';

/** Okta's codes whose meaning is narrower than their status. */
const OKTA_CODES: Readonly<Record<string, ErrorCode>> = {
  E0000006: 'permission_denied',
  E0000007: 'not_found',
  E0000011: 'authentication_failed',
  E0000015: 'feature_unavailable',
  E0000047: 'rate_limited',
};

/** The API's refusal as an error of ours: code by the API's own code, then by status; hints that name method, scopes and feature. */
export function apiError(call: MethodCall, fault: ApiFault): OrgqlError {
  const code = codeOf(fault);
  const said =
    fault.summary === undefined
      ? `status ${fault.status}`
      : `${fault.summary}${fault.errorCode === undefined ? ` (${fault.status})` : ` (${fault.status}, ${fault.errorCode})`}`;
  const hint = hintOf(code, call, fault);
  return new OrgqlError(code, `${TITLES[code] ?? 'The API refused'} ${label(call)}: ${said}`, {
    ...detailOf(fault),
    ...(hint === undefined ? {} : { hint }),
    api: fault,
  });
}

const TITLES: Partial<Record<ErrorCode, string>> = {
  authentication_failed: 'The API refused the credential for',
  permission_denied: 'Not permitted:',
  feature_unavailable: 'The org lacks the feature for',
  not_found: 'Not found by',
  rate_limited: 'Too many requests:',
};

function codeOf(fault: ApiFault): ErrorCode {
  const known = fault.errorCode === undefined ? undefined : OKTA_CODES[fault.errorCode];
  if (known !== undefined) return known;
  const isOkta = /^E\d{7}$/.test(fault.errorCode ?? '');
  switch (fault.status) {
    case 401:
      // Okta's other codes with 401 speak of the values sent (a wrong password, a replayed session token), not of the credential.
      return isOkta ? 'api_error' : 'authentication_failed';
    case 403:
      if (fault.errorCode === 'insufficient_scope' || !isOkta) return 'permission_denied';
      return 'api_error';
    case 404:
      // E0000008 and E0000022: the path itself is unknown, which is no missing object.
      return isOkta ? 'api_error' : 'not_found';
    case 410:
      return 'not_found';
    case 429:
      return 'rate_limited';
    default:
      return fault.errorCode === 'invalid_client' || fault.errorCode === 'invalid_token' ? 'authentication_failed' : 'api_error';
  }
}

function hintOf(code: ErrorCode, call: MethodCall, fault: ApiFault): string | undefined {
  const { method, org } = call;
  const scopes = method.scopes.length === 0 ? '' : ` With OAuth it takes the scope ${method.scopes.join(' or ')}.`;
  switch (code) {
    case 'authentication_failed':
      return `Check the credential of the org "${org.name}": it may be wrong, expired (Okta's tokens expire after 30 days without use) or revoked, or belong to another org.`;
    case 'permission_denied':
      return `The credential of "${org.name}" may not call ${method.name} (${method.http.verb} ${method.http.path}).${scopes} An API token has the rights of the administrator who made it.`;
    case 'feature_unavailable':
      return `${method.name} (${method.http.verb} ${method.http.path}) belongs to a feature that is not enabled in "${org.name}". Leave it out, or use --unavailable=null.`;
    case 'rate_limited':
      return 'Others use the same limit. Lower the budget of the org, or try again later.';
    case 'api_error':
      return fault.status >= 500 || fault.status < 400
        ? 'The API failed. Try again later; the request id helps its support to find the cause.'
        : undefined;
    default:
      return undefined;
  }
}

function detailOf(fault: ApiFault): { readonly detail?: string } {
  const causes = fault.causes === undefined || fault.causes.length === 0 ? '' : fault.causes.join('; ');
  const request = fault.requestId === undefined ? '' : `request id ${fault.requestId}`;
  const detail = [causes, request].filter((part) => part !== '').join(' - ');
  return detail === '' ? {} : { detail };
}

/** `GET /api/v1/users/{userId}`: what was called, without anybody's data. */
export function label(call: MethodCall): string {
  return `${call.method.http.verb} ${call.method.http.path.split('?')[0]}`;
}
