import { pickMediaType, transformOf } from './body.ts';
import { asObject, asText, isObject, type JsonObject, member } from './json.ts';
import type { ReferenceSpace } from './references.ts';
import { expand, itemsOf, propertiesOf, type SchemaPart, shapeOf } from './shape.ts';
import type { Json, ResponseRows } from './types.ts';

/** A method's rows together with the schema nodes that its columns come from. */
export interface ResponseParts {
  readonly rows: ResponseRows;
  readonly rowParts: readonly SchemaPart[];
  /** The body's own schema nodes: where a next link stands beside the rows. */
  readonly bodyParts: readonly SchemaPart[];
}

/** Where the rows are in the operation's response, and what they look like. */
export function responseOf(space: ReferenceSpace, method: JsonObject, operation: JsonObject): ResponseParts {
  const response = asObject(method.response);
  const declared = declaredResponse(space, response, asObject(operation.responses));
  const override = asObject(response.schema_override);
  const schema = Object.keys(override).length > 0 ? override : declared.schema;
  const bodyParts: readonly SchemaPart[] = isObject(schema) ? [{ node: schema, isSubtype: false }] : [];
  const objectKey = asText(response.objectKey);
  const rowsPath = objectKey === undefined || objectKey === '' ? impliedPath(space, bodyParts) : keyPath(objectKey);
  const rowParts = elementParts(space, descend(space, bodyParts, rowsPath));
  const transform = transformOf(response.transform);
  // The answer to a GraphQL query is JSON before and after.
  const overrideMediaType =
    asText(response.overrideMediaType) ?? (isObject(operation['x-stackQL-graphQL']) ? 'application/json' : undefined);
  return {
    rows: {
      mediaType: declared.mediaType,
      rowsPath,
      row: rowParts.length === 0 ? undefined : shapeOf(space, rowParts),
      ...(rowsPath.length === 0
        ? expand(space, bodyParts).some(({ node }) => isObject(node.items))
          ? { isList: true }
          : {}
        : { bodyNames: () => new Set(propertiesOf(space, bodyParts).map(({ name }) => name)) }),
      // A transform without the media type of what it makes never runs (it is left over in some documents).
      ...(transform === undefined || overrideMediaType === undefined ? {} : { transform: { ...transform, mediaType: overrideMediaType } }),
    },
    rowParts,
    bodyParts,
  };
}

function declaredResponse(
  space: ReferenceSpace,
  response: JsonObject,
  responses: JsonObject,
): { mediaType: string | undefined; schema: Json | undefined } {
  const code = asText(response.openAPIDocKey);
  const named = asText(response.mediaType);
  if (code !== undefined && named !== undefined) {
    const media = member(space.follow(member(responses, code)).content, named);
    return { mediaType: named, schema: asObject(media).schema };
  }
  const codes = code === undefined ? [...Object.keys(responses).filter(isSuccess).sort(), 'default'] : [code];
  for (const one of codes) {
    const content = asObject(space.follow(responses[one]).content);
    const mediaType = pickMediaType(content, named);
    const media = mediaType === undefined ? undefined : member(content, mediaType);
    if (media !== undefined) return { mediaType, schema: asObject(media).schema };
  }
  return { mediaType: named, schema: undefined };
}

function isSuccess(code: string): boolean {
  return /^2(\d\d|XX)$/i.test(code);
}

// `$.a.b[*]` or `a`: the names on the way. What cannot be a plain path (filters) ends it.
function keyPath(objectKey: string): readonly string[] {
  const path = objectKey.startsWith('/') ? objectKey.replaceAll('/', '.') : objectKey;
  return path
    .replace(/^\$/, '')
    .replace(/\[\?.*$/, '')
    .split(/[.[\]'"*]+/)
    .filter((name) => name !== '' && name !== '$');
}

function impliedPath(space: ReferenceSpace, parts: readonly SchemaPart[]): readonly string[] {
  const nodes = expand(space, parts);
  if (nodes.some(({ node }) => isObject(node.items))) return [];
  return propertiesOf(space, parts).some(({ name }) => name === 'items') ? ['items'] : [];
}

function descend(space: ReferenceSpace, parts: readonly SchemaPart[], path: readonly string[]): readonly SchemaPart[] {
  let current = parts;
  for (const name of path) {
    current = elementParts(space, current);
    const property = propertiesOf(space, current).find((one) => one.name === name);
    current = property?.parts ?? itemsOf(space, current);
  }
  return current;
}

// Of an array, what its elements are; of arrays of arrays too.
function elementParts(space: ReferenceSpace, parts: readonly SchemaPart[]): readonly SchemaPart[] {
  let current = parts;
  for (let depth = 0; depth < 8; depth++) {
    const elements = expand(space, current).flatMap(({ node, isSubtype }) =>
      isObject(node.items) ? [{ node: node.items, isSubtype }] : [],
    );
    if (elements.length === 0) return current;
    current = elements;
  }
  return current;
}
