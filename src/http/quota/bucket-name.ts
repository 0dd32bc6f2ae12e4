import type { MethodCall } from '../types.ts';

/** The bucket that a call counts in: the document's fact, else the constant head of its path, at most three segments of it. */
export function bucketOf(call: MethodCall): string {
  if (call.facts.bucket !== undefined) return call.facts.bucket;
  if (call.method.graphQl !== undefined) return 'graphql';
  const segments = (call.method.http.path.split('?')[0] ?? '').split('/').filter((segment) => segment !== '');
  const end = segments.findIndex((segment) => segment.includes('{'));
  return `/${segments.slice(0, Math.min(end < 0 ? segments.length : end, 3)).join('/')}`;
}
