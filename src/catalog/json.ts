import type { Json } from './types.ts';

/** A JSON object of a provider document. */
export type JsonObject = { readonly [key: string]: Json };

const NOTHING: JsonObject = Object.freeze({});

/** Is the value an object (no array, no null)? */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one where it is something else. */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : NOTHING;
}

/** The value as a list; an empty one where it is something else. */
export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The value as text, numbers and booleans included (YAML writers leave quotes out); `undefined` where it is something else. */
export function asText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The texts of a list. */
export function textsOf(value: Json | undefined): readonly string[] {
  return asList(value).flatMap((item) => asText(item) ?? []);
}

/** The member of that name; where there is none, the one whose name differs in case only (documents written on file systems that ignore case). */
export function member(object: Json | undefined, name: string): Json | undefined {
  const members = asObject(object);
  if (Object.hasOwn(members, name)) return members[name];
  const folded = name.toLowerCase();
  for (const key of Object.keys(members)) if (key.toLowerCase() === folded) return members[key];
  return undefined;
}

/** The value at a path of member names. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const name of path) {
    if (!isObject(current)) return undefined;
    current = Object.hasOwn(current, name) ? current[name] : undefined;
  }
  return current;
}
