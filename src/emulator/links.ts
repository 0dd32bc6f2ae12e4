import type { Org } from './org.ts';
import type { JsonObject } from './types.ts';

/** A link to a path of the org, with the methods that it allows. */
export function link(org: Org, path: string, ...allow: readonly string[]): JsonObject {
  const href = `${org.origin}${path}`;
  return allow.length === 0 ? { href } : { href, hints: { allow } };
}

/**
 * The links of an object that can be activated and deactivated: the transition it can make now, and itself.
 * @param path of the object
 */
export function lifecycleLinks(org: Org, path: string, status: string, ...selfAllows: readonly string[]): JsonObject {
  const self = link(org, path, ...selfAllows);
  return status === 'ACTIVE'
    ? { self, deactivate: link(org, `${path}/lifecycle/deactivate`, 'POST') }
    : { activate: link(org, `${path}/lifecycle/activate`, 'POST'), self };
}
