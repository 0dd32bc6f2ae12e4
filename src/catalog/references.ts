import { asObject, isObject, type JsonObject, member } from './json.ts';
import type { Json } from './types.ts';

/** A service document whose `$ref`s are followed on demand. */
export interface ReferenceSpace {
  readonly root: JsonObject;
  /** What a reference such as `#/components/schemas/User` points at. Remembered. `undefined` where it points nowhere or outside. */
  readonly resolve: (reference: string) => Json | undefined;
  /** The value itself, or what its chain of `$ref`s ends in. A circle ends in an empty object. */
  readonly follow: (value: Json | undefined) => JsonObject;
}

/** The reference space of a service document. */
export function referenceSpace(root: JsonObject): ReferenceSpace {
  const resolved = new Map<string, Json | undefined>();
  const resolve = (reference: string): Json | undefined => {
    if (!resolved.has(reference)) resolved.set(reference, walk(root, reference));
    return resolved.get(reference);
  };
  const follow = (value: Json | undefined): JsonObject => {
    const seen = new Set<string>();
    let current = value;
    while (isObject(current) && typeof current.$ref === 'string') {
      if (seen.has(current.$ref)) return {};
      seen.add(current.$ref);
      current = resolve(current.$ref);
    }
    return asObject(current);
  };
  return { root, resolve, follow };
}

function walk(root: JsonObject, reference: string): Json | undefined {
  const hash = reference.indexOf('#');
  // Published documents refer to themselves only; a file name before the hash names the document itself.
  if (hash < 0) return undefined;
  let current: Json | undefined = root;
  for (const segment of pointerSegments(reference.slice(hash + 1))) {
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(segment)];
    else current = member(current, segment);
    if (current === undefined) return undefined;
  }
  return current;
}

/** The segments of a JSON pointer, unescaped. @see RFC 6901 */
export function pointerSegments(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
