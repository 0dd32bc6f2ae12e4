import { asList, asObject, asText, isObject, type JsonObject, textsOf } from './json.ts';
import type { ReferenceSpace } from './references.ts';
import type { ApiType, Json, Shape, SqlType } from './types.ts';

/** A schema node that adds to a shape; `isSubtype` where it comes in through a discriminator. */
export interface SchemaPart {
  readonly node: JsonObject;
  readonly isSubtype: boolean;
}

/** A property of merged schemas, before its own shape is looked at. */
export interface PropertyParts {
  readonly name: string;
  readonly parts: readonly SchemaPart[];
  /** Only subtypes have it. */
  readonly isSubtypeOnly: boolean;
}

/**
 * The shape that several schema nodes describe together: `$ref`, `allOf`, `anyOf`, `oneOf` and the subtypes of a discriminator are
 * merged, property by property, when they are looked at and not before, so recursive schemas are no trouble.
 */
export function shapeOf(space: ReferenceSpace, parts: readonly SchemaPart[]): Shape {
  const nodes = once(() => expand(space, parts));
  const properties = once(() => {
    const shapes = new Map<string, Shape>();
    for (const property of propertiesOf(space, parts)) shapes.set(property.name, shapeOf(space, property.parts));
    return shapes;
  });
  const items = once(() => {
    const inner = itemsOf(space, parts);
    return inner.length === 0 ? undefined : shapeOf(space, inner);
  });
  const apiType = once(() => apiTypeOf(nodes()));
  const first = (key: string): Json | undefined => nodes().find(({ node }) => node[key] !== undefined && node[key] !== null)?.node[key];
  const shape: { -readonly [K in keyof Shape]: Shape[K] } = {
    get apiType() {
      return apiType();
    },
    get sqlType() {
      return sqlTypeOf(apiType(), asText(first('format')));
    },
    properties,
    items,
  };
  // Optional facts are read when asked for, and absent (not `undefined`) where the schema does not state them.
  const format = asText(first('format'));
  if (format !== undefined) shape.format = format;
  const values = asList(first('enum'));
  if (values.length > 0 && values.every((value) => typeof value === 'string' || value === null))
    shape.enum = textsOf(values.filter((value) => value !== null));
  const description = asText(first('description'));
  if (description !== undefined && description !== '') shape.description = description;
  if (first('readOnly') === true) shape.readOnly = true;
  return shape;
}

/** The shape of a schema, or `undefined` where there is none. */
export function shapeOfSchema(space: ReferenceSpace, schema: Json | undefined): Shape | undefined {
  return isObject(schema) ? shapeOf(space, [{ node: schema, isSubtype: false }]) : undefined;
}

/** The properties of merged schemas in document order: the schema's own, then its parts', then those of subtypes. */
export function propertiesOf(space: ReferenceSpace, parts: readonly SchemaPart[]): readonly PropertyParts[] {
  const merged = new Map<string, SchemaPart[]>();
  for (const { node, isSubtype } of expand(space, parts)) {
    for (const [name, property] of Object.entries(asObject(node.properties))) {
      if (!isObject(property)) continue;
      const part = { node: property, isSubtype };
      const known = merged.get(name);
      if (known === undefined) merged.set(name, [part]);
      else known.push(part);
    }
  }
  return [...merged].map(([name, list]) => ({ name, parts: list, isSubtypeOnly: list.every((part) => part.isSubtype) }));
}

/** The schemas of an array's elements, or of a map's values; none where the schema names none. */
export function itemsOf(space: ReferenceSpace, parts: readonly SchemaPart[]): readonly SchemaPart[] {
  return expand(space, parts).flatMap(({ node, isSubtype }) => {
    const inner = isObject(node.items) ? node.items : node.additionalProperties;
    return isObject(inner) ? [{ node: inner, isSubtype }] : [];
  });
}

/** Every schema node that the parts lead to, each once, what stands nearer first, subtypes last. */
export function expand(space: ReferenceSpace, parts: readonly SchemaPart[]): readonly SchemaPart[] {
  const own: SchemaPart[] = [];
  const subtypes: SchemaPart[] = [];
  const seen = new Set<JsonObject>();
  const visit = (value: Json | undefined, isSubtype: boolean): void => {
    if (!isObject(value) || seen.has(value)) return;
    seen.add(value);
    // Beside a `$ref` stand remarks such as `readOnly` and `description`, which are nearer than what it points at.
    (isSubtype ? subtypes : own).push({ node: value, isSubtype });
    if (typeof value.$ref === 'string') visit(space.resolve(value.$ref), isSubtype);
    for (const key of ['allOf', 'anyOf', 'oneOf']) for (const member of asList(value[key])) visit(member, isSubtype);
    const mapping = asObject(asObject(value.discriminator).mapping);
    for (const reference of Object.values(mapping))
      if (typeof reference === 'string') visit(space.resolve(subtypeReference(reference)), true);
  };
  for (const part of parts) visit(part.node, part.isSubtype);
  return [...own, ...subtypes];
}

// A mapping may name a schema instead of pointing at it. @see OpenAPI 3.0.3, Discriminator Object
function subtypeReference(reference: string): string {
  return reference.includes('#') ? reference : `#/components/schemas/${reference}`;
}

const TYPE_WORDS: Readonly<Record<string, ApiType>> = {
  string: 'string',
  integer: 'integer',
  int: 'integer',
  long: 'integer',
  number: 'number',
  float: 'number',
  double: 'number',
  boolean: 'boolean',
  bool: 'boolean',
  object: 'object',
  array: 'array',
  null: 'null',
};

function apiTypeOf(nodes: readonly SchemaPart[]): ApiType {
  const own = new Set<ApiType>();
  const ofSubtypes = new Set<ApiType>();
  for (const { node, isSubtype } of nodes) for (const type of typesOf(node)) (isSubtype ? ofSubtypes : own).add(type);
  const types = own.size > 0 ? own : ofSubtypes;
  const known = [...types].filter((type) => type !== 'null');
  if (known.length === 0) return types.size > 0 ? 'null' : 'string';
  if (known.length === 1 && known[0] !== undefined) return known[0];
  // Alternatives: what can hold each of them without loss.
  if (known.every((type) => type === 'integer' || type === 'number')) return 'number';
  if (known.includes('object')) return 'object';
  return known.includes('array') ? 'array' : 'string';
}

function typesOf(node: JsonObject): readonly ApiType[] {
  const words = typeof node.type === 'string' ? [node.type] : textsOf(node.type);
  const types = words.flatMap((word) => TYPE_WORDS[word.toLowerCase()] ?? []);
  if (types.length > 0) return types;
  if (isObject(node.properties) || isObject(node.additionalProperties)) return ['object'];
  if (isObject(node.items)) return ['array'];
  return asList(node.enum).some((value) => typeof value === 'string') ? ['string'] : [];
}

function sqlTypeOf(apiType: ApiType, format: string | undefined): SqlType {
  switch (apiType) {
    case 'integer':
      return 'BIGINT';
    case 'number':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'object':
    case 'array':
      return 'JSON';
    case 'string':
      return format === 'date-time' ? 'TIMESTAMPTZ' : 'VARCHAR';
    case 'null':
      return 'VARCHAR';
  }
}

function once<T>(compute: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
