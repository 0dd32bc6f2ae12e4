import type { Json, RequestBody } from '../catalog/types.ts';
import { isJsonObject } from './write-json.ts';

/** One value within a body, at its keys on the wire. */
export interface BodyValue {
  readonly path: readonly string[];
  readonly value: Json;
}

/** The body that values at their places make together, over `base`; later values win. `undefined` where there is neither. */
export function buildBody(values: readonly BodyValue[], base: Json | undefined): Json | undefined {
  if (values.length === 0) return base;
  return values.reduce<Json>((body, { path, value }) => put(body, path, value), base ?? {});
}

function put(target: Json | undefined, path: readonly string[], value: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const object = isJsonObject(target) ? target : {};
  return { ...object, [key]: put(object[key], rest, value) };
}

/**
 * What a full replacement must send so that nothing else changes: an object as read, less what the API alone writes
 * (read-only properties, links, embedded objects).
 */
export function writable(body: RequestBody | undefined, current: Json): Json {
  if (!isJsonObject(current)) return {};
  const properties = body?.shape?.properties();
  return Object.fromEntries(Object.entries(current).filter(([key]) => !key.startsWith('_') && properties?.get(key)?.readOnly !== true));
}
