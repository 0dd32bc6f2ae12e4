import { invalid, refuse } from './refusal.ts';
import { isObject } from './reply.ts';
import type { Json, JsonObject } from './types.ts';

/**
 * What a request's body may hold: a type by its name, `[shape]` for an array, an object of shapes for an object of which only these properties are
 * kept, `mapOf` for one with any names, `oneOf` for an enumeration.
 */
export type Shape = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'any' | readonly [Shape] | MapShape | EnumShape | ObjectShape;
export interface ObjectShape {
  readonly [name: string]: Shape;
}
class MapShape {
  readonly of: Shape;
  constructor(of: Shape) {
    this.of = of;
  }
}
class EnumShape {
  readonly values: readonly string[];
  constructor(values: readonly string[]) {
    this.values = values;
  }
}

export function mapOf(of: Shape): Shape {
  return new MapShape(of);
}

export function oneOf(...values: readonly string[]): Shape {
  return new EnumShape(values);
}

/**
 * The properties of a body that the shape names, in the shape's order; what is absent or null is left out. Refuses with E0000003 a value of another type and
 * with E0000001 one that an enumeration lacks.
 */
export function readBody(body: JsonObject, shape: ObjectShape, path = ''): Record<string, Json> {
  const out: Record<string, Json> = {};
  for (const [name, of] of Object.entries(shape)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    out[name] = read(value, of, path === '' ? name : `${path}.${name}`);
  }
  return out;
}

function read(value: Json, shape: Shape, path: string): Json {
  if (shape === 'any') return value;
  if (shape === 'object') {
    if (!isObject(value)) throw refuse('E0000003');
    return value;
  }
  if (typeof shape === 'string') {
    const isRight = shape === 'integer' ? Number.isInteger(value) : typeof value === shape;
    if (!isRight) throw refuse('E0000003');
    return value;
  }
  if (isArrayShape(shape)) {
    if (!Array.isArray(value)) throw refuse('E0000003');
    return value.map((item: Json) => read(item, shape[0], path));
  }
  if (shape instanceof EnumShape) {
    if (typeof value !== 'string') throw refuse('E0000003');
    if (!shape.values.includes(value)) throw invalid(path, [`${path}: '${value}' is not one of ${shape.values.join(', ')}`]);
    return value;
  }
  if (!isObject(value)) throw refuse('E0000003');
  if (shape instanceof MapShape) {
    const out: Record<string, Json> = {};
    for (const [name, inner] of Object.entries(value))
      if (inner !== undefined) out[name] = inner === null ? null : read(inner, shape.of, `${path}.${name}`);
    return out;
  }
  return readBody(value, shape as ObjectShape, path);
}

function isArrayShape(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

/** A property that must be there and not blank. */
export function requiredText(body: JsonObject, name: string, maxLength = 255): string {
  const value = body[name];
  if (typeof value !== 'string' || value.trim() === '') throw invalid(name, [`${name}: The field cannot be left blank`]);
  if (value.length > maxLength) throw invalid(name, [`${name}: The field is too long`]);
  return value;
}

/** Refuses, all at once, the properties that are missing. */
export function requireAll(body: JsonObject, names: readonly string[]): void {
  const missing = names.filter((name) => body[name] === undefined || body[name] === null || body[name] === '');
  const [first] = missing;
  if (first === undefined) return;
  throw invalid(
    first,
    missing.map((name) => `${name}: The field cannot be left blank`),
  );
}

/** The property as an object, empty if it is none. */
export function objectAt(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The property's texts, if it is an array. */
export function textsAt(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** `over` laid over `base`, objects merged at every depth. */
export function merge(base: JsonObject, over: JsonObject): JsonObject {
  const out: Record<string, Json | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = out[key];
    out[key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return out;
}
