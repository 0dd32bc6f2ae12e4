import { asText, isObject, type JsonObject } from '../json.ts';
import type { Json } from '../types.ts';

const SCHEMAS = '#/components/schemas/';

/** Those of the schemas that the values refer to, straight or through others, in their order. */
export function reachableSchemas(schemas: JsonObject, values: readonly Json[]): JsonObject {
  const reached = new Set<string>();
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) visit(item);
    else if (isObject(value)) for (const child of Object.values(value)) visit(child);
    else if (typeof value === 'string' && value.startsWith(SCHEMAS)) {
      const name = asText(value.slice(SCHEMAS.length)) ?? '';
      if (reached.has(name)) return;
      reached.add(name);
      visit(schemas[name]);
    }
  };
  for (const value of values) visit(value);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => reached.has(name)));
}
