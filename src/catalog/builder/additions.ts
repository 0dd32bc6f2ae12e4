import { OrgqlError } from '../../util/errors.ts';
import { asList, asObject, isObject, type JsonObject } from '../json.ts';
import type { Json } from '../types.ts';

/** Marks a property that is returned but not published. */
export const HIDDEN = 'x-orgql-hidden';

/**
 * A Swagger document with what it lacks put in: further query parameters by `operationId` (`parameters`), paths, schemas, and
 * `patches`, which are merged into the schemas that are there (`null` takes a member out);
 * `hidden` adds properties that are not to be published.
 * Throws `invalid_provider` where an addition names something that is not there, or is there already.
 */
export function applyAdditions(document: JsonObject, additions: JsonObject): JsonObject {
  const paths: Record<string, Json> = { ...asObject(document.paths) };
  const pending = new Map(Object.entries(asObject(additions.parameters)));
  for (const [path, item] of Object.entries(paths)) {
    const changed: Record<string, Json> = {};
    for (const [verb, operation] of Object.entries(asObject(item))) {
      const id = asObject(operation).operationId;
      const further = typeof id === 'string' ? asList(pending.get(id)).map((one) => ({ in: 'query', ...asObject(one) })) : [];
      if (typeof id === 'string') pending.delete(id);
      changed[verb] =
        further.length === 0 ? operation : { ...asObject(operation), parameters: [...asList(asObject(operation).parameters), ...further] };
    }
    paths[path] = changed;
  }
  if (pending.size > 0)
    throw new OrgqlError('invalid_provider', `Additions name operations that do not exist: ${[...pending.keys()].join(', ')}`);
  for (const [path, item] of Object.entries(asObject(additions.paths))) {
    if (paths[path] !== undefined)
      throw new OrgqlError('invalid_provider', `Additions bring the path ${path}, which the source has by now`);
    paths[path] = item;
  }
  const definitions: Record<string, Json> = { ...asObject(document.definitions), ...asObject(additions.schemas) };
  for (const [name, patch] of Object.entries(asObject(additions.patches))) {
    if (definitions[name] === undefined)
      throw new OrgqlError('invalid_provider', `Additions patch the schema ${name}, which does not exist`);
    definitions[name] = merge(definitions[name], patch);
  }
  for (const [name, properties] of Object.entries(asObject(additions.hidden))) {
    if (definitions[name] === undefined)
      throw new OrgqlError('invalid_provider', `Additions name the schema ${name}, which does not exist`);
    const marked = Object.entries(asObject(properties)).map(([property, schema]) => [property, { ...asObject(schema), [HIDDEN]: true }]);
    definitions[name] = merge(definitions[name], { properties: Object.fromEntries(marked) as JsonObject });
  }
  return { ...document, paths, definitions };
}

function merge(base: Json | undefined, patch: Json): Json {
  if (!isObject(base) || !isObject(patch)) return patch;
  const result: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(base[key], value);
  }
  return result;
}
