import { toSnake } from './casing.ts';
import { algorithm } from './config.ts';
import { asList, asObject, asText, isObject, type JsonObject, member, textsOf } from './json.ts';
import type { ReferenceSpace } from './references.ts';
import { propertiesOf, type SchemaPart, shapeOf } from './shape.ts';
import type { Json, RequestBody, Transform } from './types.ts';

const PREFERRED_MEDIA_TYPES = ['application/json', 'application/xml', 'application/octet-stream'];

/** The media type that a `content` object is read or written in: the one named, else JSON, XML, bytes, else the first. */
export function pickMediaType(content: JsonObject, named: string | undefined): string | undefined {
  if (named !== undefined) return named;
  return PREFERRED_MEDIA_TYPES.find((type) => content[type] !== undefined) ?? Object.keys(content)[0];
}

/** `{type, body}` as a transform, or `undefined`. */
export function transformOf(value: Json | undefined): Transform | undefined {
  const type = asText(asObject(value).type);
  const body = asText(asObject(value).body);
  return type === undefined || body === undefined ? undefined : { type, body };
}

/** How a statement's columns become the operation's request body; `undefined` where it takes none. */
export function requestBodyOf(space: ReferenceSpace, method: JsonObject, operation: JsonObject): RequestBody | undefined {
  const request = asObject(method.request);
  if (!isObject(operation.requestBody) && !isObject(method.request)) return undefined;
  const requestBody = space.follow(operation.requestBody);
  const content = asObject(requestBody.content);
  const mediaType = pickMediaType(content, asText(request.mediaType));
  const override = asObject(request.schema_override);
  const schema =
    Object.keys(override).length > 0 ? override : asObject(mediaType === undefined ? undefined : member(content, mediaType)).schema;
  const base = baseOf(request.base);
  const fallback = asText(request.default);
  if (schema === undefined && base === undefined && fallback === undefined && Object.keys(content).length === 0) return undefined;

  const naming = namingOf(algorithm(asObject(method.config).requestBodyTranslate));
  const parts = keyedParts(space, isObject(schema) ? [{ node: schema, isSubtype: false }] : [], naming);
  const properties = propertiesOf(space, parts);
  // Only what every alternative requires is required: a member of `anyOf` or `oneOf` speaks for itself alone.
  const required = [...new Set(requiredOf(space, parts))];
  const aliases = asText(request.nativeCasing) === undefined ? {} : aliasesOf(properties.map((property) => property.name));
  const textProperties = properties
    .filter(({ parts: nodes }) => nodes.some(({ node }) => node['x-stackQL-stringOnly'] === true))
    .map(({ name }) => name);
  const transform = transformOf(request.transform);
  return {
    mediaType: mediaType ?? 'application/json',
    required: requestBody.required === true,
    shape: isObject(schema) ? shapeOf(space, [{ node: schema, isSubtype: false }]) : undefined,
    requiredProperties: [...new Set([...required, ...textsOf(request.required)])],
    naming,
    ...(Object.keys(aliases).length === 0 ? {} : { aliases }),
    ...(textProperties.length === 0 ? {} : { textProperties }),
    ...(base === undefined ? {} : { base }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(transform === undefined ? {} : { transform }),
  };
}

/** The name under which a statement gives a body property. */
export function bodyColumn(naming: RequestBody['naming'], property: string): string {
  return naming.kind === 'data__' ? `data__${property}` : property;
}

function namingOf(name: string | undefined): RequestBody['naming'] {
  if (name === undefined || !name.startsWith('naive')) return { kind: 'data__' };
  const under = name.slice('naive_'.length);
  return under === '' ? { kind: 'naive' } : { kind: 'naive', under };
}

// With `naive_<path>` the keys are those of a schema further down.
function keyedParts(space: ReferenceSpace, parts: readonly SchemaPart[], naming: RequestBody['naming']): readonly SchemaPart[] {
  if (naming.kind !== 'naive' || naming.under === undefined) return parts;
  return naming.under
    .split('.')
    .reduce<readonly SchemaPart[]>(
      (level, name) => propertiesOf(space, level).find((property) => property.name === name)?.parts ?? [],
      parts,
    );
}

function requiredOf(space: ReferenceSpace, parts: readonly SchemaPart[], seen: ReadonlySet<JsonObject> = new Set()): readonly string[] {
  return parts.flatMap(({ node }) => {
    const target = space.follow(node);
    if (seen.has(target)) return [];
    const members = asList(target.allOf)
      .filter(isObject)
      .map((one) => ({ node: one, isSubtype: false }));
    return [...textsOf(target.required), ...requiredOf(space, members, new Set([...seen, target]))];
  });
}

function baseOf(value: Json | undefined): Readonly<Record<string, Json>> | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  try {
    const parsed = JSON.parse(value) as Json;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function aliasesOf(names: readonly string[]): Record<string, string> {
  const aliases: Record<string, string> = {};
  for (const name of names) {
    const snake = toSnake(name);
    if (snake !== name && !names.includes(snake) && !Object.hasOwn(aliases, snake)) aliases[snake] = name;
  }
  return aliases;
}
