import { asList, asObject, asText, isObject, type JsonObject } from '../json.ts';
import type { Json } from '../types.ts';

/** An operation of the source, in OpenAPI 3 form. */
export interface SourceOperation {
  readonly path: string;
  /** Lower case, as a key of a path item. */
  readonly verb: string;
  readonly operation: JsonObject;
}

/** A source in OpenAPI 3 form, before it is cut into services. */
export interface SourceApi {
  /** By `operationId` and by `VERB /path`. */
  readonly operations: ReadonlyMap<string, SourceOperation>;
  readonly schemas: JsonObject;
}

const VERBS = ['get', 'put', 'post', 'delete', 'head', 'patch'];

/** Turns a Swagger 2.0 document into OpenAPI 3 operations and schemas. @see https://swagger.io/specification/v2/ */
export function readSwagger(document: JsonObject): SourceApi {
  const operations = new Map<string, SourceOperation>();
  for (const [path, item] of Object.entries(asObject(document.paths))) {
    for (const verb of VERBS) {
      const node = asObject(item)[verb];
      if (!isObject(node)) continue;
      const entry = { path, verb, operation: convertOperation(node, asList(asObject(item).parameters)) };
      const id = asText(node.operationId);
      if (id !== undefined) operations.set(id, entry);
      operations.set(`${verb.toUpperCase()} ${path}`, entry);
    }
  }
  const definitions = asObject(document.definitions);
  const schemas: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(definitions)) schemas[name] = convertSchema(schema);
  return { operations, schemas };
}

function convertOperation(node: JsonObject, shared: readonly Json[]): JsonObject {
  const parameters = [...asList(node.parameters), ...shared].map(asObject);
  const body = parameters.find((parameter) => parameter.in === 'body');
  const responses: Record<string, Json> = {};
  for (const [code, response] of Object.entries(asObject(node.responses))) {
    const { schema, description } = asObject(response);
    responses[code] = {
      description: asText(description) ?? '',
      ...(isObject(schema) ? { content: { 'application/json': { schema: convertSchema(schema) } } } : {}),
    };
  }
  const description = describe(node);
  return {
    ...pick(node, ['operationId', 'deprecated']),
    ...(description === '' ? {} : { description }),
    parameters: parameters.filter((parameter) => parameter.in !== 'body' && parameter.in !== 'formData').map(convertParameter),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            ...(body.required === true ? { required: true } : {}),
            content: { 'application/json': { schema: convertSchema(body.schema ?? {}) } },
          },
        }),
    responses,
  };
}

// Some operations say nothing, or only "Success". Then their title speaks, or the words that their id is made of.
function describe(node: JsonObject): string {
  const texts = [node.description, node.summary]
    .map((text) => (asText(text) ?? '').trim())
    .filter((text) => text !== '' && text !== 'Success');
  const words = (asText(node.operationId) ?? '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace('O Auth', 'OAuth');
  const text =
    texts[0] ??
    words.charAt(0).toUpperCase() +
      words
        .slice(1)
        .toLowerCase()
        .replace(/\boauth2/g, 'OAuth 2.0')
        .replace(/\bid\b/g, 'ID');
  // Links into the page that the text was taken from lead nowhere here.
  return text.replace(/\[([^\]]*)\]\(#[^)]*\)/g, '$1').replace(/[^.!?:]$/, '$&.');
}

/** A Swagger parameter in OpenAPI 3 form: what describes its value moves into a schema. */
export function convertParameter(node: JsonObject): JsonObject {
  const schema = pick(node, ['type', 'format', 'enum', 'default', 'items', 'minimum', 'maximum', 'pattern']);
  return { ...pick(node, ['name', 'in', 'required', 'description']), schema };
}

/** A Swagger schema in OpenAPI 3 form: references moved, subtypes made from Okta's `x-okta-parent`, remarks for generators dropped. */
export function convertSchema(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(convertSchema);
  if (!isObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    if ((key.startsWith('x-') && !key.startsWith('x-orgql-')) || key === 'discriminator') continue;
    if (key === '$ref') result.$ref = moveReference(asText(child) ?? '');
    else if (key === 'additionalProperties' && isObject(child) && child.type === 'object' && Object.keys(child).length === 1)
      result[key] = {};
    else if (key === 'properties')
      result.properties = Object.fromEntries(Object.entries(asObject(child)).map(([name, schema]) => [name, convertSchema(schema)]));
    else result[key] = convertSchema(child);
  }
  const parent = asText(value['x-okta-parent']);
  if (parent !== undefined) result.allOf = [{ $ref: moveReference(parent) }];
  const discriminator = value['x-openapi-v3-discriminator'];
  if (isObject(discriminator)) {
    const mapping = Object.entries(asObject(discriminator.mapping)).map(([name, reference]) => [
      name,
      moveReference(asText(reference) ?? ''),
    ]);
    result.discriminator = { propertyName: discriminator.propertyName ?? 'type', mapping: Object.fromEntries(mapping) as JsonObject };
  }
  return result;
}

function moveReference(reference: string): string {
  return reference.replace('#/definitions/', '#/components/schemas/');
}

function pick(node: JsonObject, keys: readonly string[]): JsonObject {
  const result: Record<string, Json> = {};
  for (const key of keys) {
    const value = node[key];
    if (value !== undefined && value !== null && value !== false && value !== '')
      result[key] = key === 'items' ? convertSchema(value) : value;
  }
  return result;
}
