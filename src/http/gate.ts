import type { HttpVerb, Method } from '../catalog/types.ts';
import { OrgqlError } from '../util/errors.ts';
import type { MethodCall } from './types.ts';

/** True where the request can change nothing at the API: GET, HEAD, a POST declared safe, or a GraphQL query. */
export function isSafe(method: Method, facts: MethodCall['facts'], verb: HttpVerb): boolean {
  if (verb === 'GET' || verb === 'HEAD') return true;
  if (verb !== 'POST') return false;
  if (method.graphQl !== undefined) return !isMutation(method.graphQl.query);
  // A GET that the provider has sent as a form is a GET by its document.
  if (method.http.verb === 'GET') return method.verbs.includes('SELECT');
  return method.verbs.includes('SELECT') && (method.safe || facts.safe === true);
}

/** The one gate of I8: throws `read_only` when a reading call would do more than read. Nothing has been sent yet. */
export function assertReadable(call: MethodCall, verb: HttpVerb): void {
  if (call.intent === 'write' || isSafe(call.method, call.facts, verb)) return;
  throw new OrgqlError('read_only', `A reading statement cannot call ${call.method.name}`, {
    detail: `${verb} ${call.method.http.path} may change the org. A read uses GET or HEAD, and a POST only where its document says that it is safe.`,
    hint: 'If a change is meant, use EXEC, INSERT, UPDATE or DELETE.',
  });
}

function isMutation(query: string): boolean {
  return /(^|[\s}])(mutation|subscription)\b/.test(query.replace(/#[^\n]*/g, '').replace(/"(?:[^"\\]|\\.)*"/g, '""'));
}
