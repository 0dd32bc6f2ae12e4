import { toSnake } from './casing.ts';
import { asList, asObject, asText, type JsonObject } from './json.ts';
import type { ReferenceSpace } from './references.ts';
import { shapeOf } from './shape.ts';
import type { Json, Parameter, ParameterLocation, Server } from './types.ts';

const LOCATIONS: readonly ParameterLocation[] = ['path', 'query', 'header', 'cookie'];

/**
 * The parameters of an operation, in order path, query, header, cookie and within these as the document has them. Parameters
 * of the whole path count only where they are required. Path parameters always are, whatever the document says.
 */
export function operationParameters(
  space: ReferenceSpace,
  path: string,
  pathItem: JsonObject,
  operation: JsonObject,
  hasSnakeNames: boolean,
): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  const add = (node: JsonObject, isShared: boolean): void => {
    const name = asText(node.name);
    const location = LOCATIONS.find((word) => word === node.in);
    if (name === undefined || location === undefined || found.has(name)) return;
    if (location === 'path' && !path.includes(`{${name}}`)) return;
    const required = location === 'path' || (node.required === true && node.allowEmptyValue !== true);
    if (isShared && !required) return;
    const schema = asObject(node.schema);
    const { default: given, minimum, maximum } = space.follow(schema);
    const fallback = asText(given);
    const description = asText(node.description);
    found.set(name, {
      name,
      wireName: name,
      location,
      required,
      shape: shapeOf(space, [{ node: schema, isSubtype: false }]),
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(typeof minimum === 'number' ? { minimum } : {}),
      ...(typeof maximum === 'number' ? { maximum } : {}),
      ...(description === undefined ? {} : { description }),
      ...(hasSnakeNames ? snakeAlias(name) : {}),
    });
  };
  for (const node of asList(operation.parameters)) add(space.follow(node), false);
  for (const node of asList(pathItem.parameters)) add(space.follow(node), true);
  // A template may name a parameter that the document forgot to describe.
  for (const match of path.split('?')[0]?.matchAll(/\{([^{}]+)\}/g) ?? []) {
    if (match[1] !== undefined) add({ name: match[1], in: 'path', schema: { type: 'string' } }, false);
  }
  const parameters = [...found.values()];
  return LOCATIONS.flatMap((location) => parameters.filter((parameter) => parameter.location === location));
}

/** Servers with their variables. A placeholder's pattern (`{region:^(?:eu|us)$}`) is no part of its name. */
export function serversOf(space: ReferenceSpace, nodes: readonly Json[], hasSnakeNames: boolean): readonly Server[] {
  return nodes.flatMap((value) => {
    const node = asObject(value);
    const url = asText(node.url);
    if (url === undefined) return [];
    const described = asObject(node.variables);
    const variables: Parameter[] = [];
    const plain = replacePlaceholders(url, (name) => {
      const variable = asObject(described[name]);
      const fallback = asText(variable.default);
      const description = asText(variable.description);
      const envVar = asText(variable['x-stackQL-envVar']);
      const schema: JsonObject = { type: 'string', ...(variable.enum === undefined ? {} : { enum: variable.enum }) };
      variables.push({
        name,
        wireName: name,
        location: 'server',
        required: true,
        shape: shapeOf(space, [{ node: schema, isSubtype: false }]),
        ...(fallback === undefined || fallback === '' ? {} : { default: fallback }),
        ...(envVar === undefined ? {} : { envVar }),
        ...(description === undefined ? {} : { description }),
        ...(hasSnakeNames ? snakeAlias(name) : {}),
      });
    });
    return [{ url: plain, variables }];
  });
}

// Placeholders may hold a pattern with braces of its own, so braces are counted.
function replacePlaceholders(url: string, visit: (name: string) => void): string {
  let plain = '';
  for (let index = 0; index < url.length; index++) {
    if (url[index] !== '{') {
      plain += url[index];
      continue;
    }
    const start = index + 1;
    for (let depth = 1; depth > 0 && ++index < url.length; ) depth += url[index] === '{' ? 1 : url[index] === '}' ? -1 : 0;
    const name = url.slice(start, index).split(':')[0] ?? '';
    visit(name);
    plain += `{${name}}`;
  }
  return plain;
}

function snakeAlias(name: string): { readonly aliases?: readonly string[] } {
  const snake = toSnake(name);
  return snake === name ? {} : { aliases: [snake] };
}
