import { bodyColumn, requestBodyOf } from './body.ts';
import { algorithm, type ConfigLevels, setting } from './config.ts';
import { asList, asObject, asText, isObject, type JsonObject, member, textsOf } from './json.ts';
import type { MethodFacts } from './overlay.ts';
import { paginationOf } from './pagination.ts';
import { operationParameters, serversOf } from './parameters.ts';
import { pointerSegments, type ReferenceSpace } from './references.ts';
import { responseOf } from './response.ts';
import type { SchemaPart } from './shape.ts';
import type { GraphQl, HttpVerb, Json, Method, Parameter, ParameterLocation, RequestBody, SqlVerb } from './types.ts';

/** What a service document's methods are read against. */
export interface MethodContext {
  readonly space: ReferenceSpace;
  readonly provider: string;
  /** Config of resource, service, provider service and provider, nearest first. */
  readonly levels: ConfigLevels;
  readonly hasSnakeNames: boolean;
}

/** A method and what the relation that owns it must know of it. */
export interface BuiltMethod {
  readonly method: Method;
  readonly facts: MethodFacts;
  readonly rowParts: readonly SchemaPart[];
}

/** Reads one entry of a resource's `methods`; `undefined` where the operation that it names is not in the document. */
export function buildMethod(context: MethodContext, name: string, node: JsonObject, verbs: readonly SqlVerb[]): BuiltMethod | undefined {
  const { space } = context;
  const target = operationAt(space, asText(asObject(node.operation).$ref) ?? '');
  if (target === undefined) return undefined;
  const { path, httpVerb, pathItem, operation } = target;
  const levels = [asObject(node.config), ...context.levels];
  const facts = asObject(node['x-orgql-method']) as MethodFacts & {
    readonly verbs?: Json;
    readonly hidden?: Json;
    readonly overloads?: Json;
    readonly requiredParams?: Json;
  };
  const parameters = operationParameters(space, path, pathItem, operation, context.hasSnakeNames);
  const body = requestBodyOf(space, node, operation);
  const response = responseOf(space, node, operation);
  const graphQl = graphQlOf(operation['x-stackQL-graphQL']);
  const servers = serversOf(space, serverNodes(space.root, pathItem, operation, node), context.hasSnakeNames);
  // A document of ours may say that a method which it publishes under one verb serves others too: the first is the one shown.
  const allVerbs = [...new Set([...(textsOf(facts.verbs) as readonly SqlVerb[]), ...verbs])];
  const documented = textsOf(facts.requiredParams);
  const overloads = asText(facts.overloads);
  const requestTranslate = algorithm(setting(levels, 'requestTranslate'));
  const queryTranspose = algorithm(setting(levels, 'queryParamTranspose'));
  const required = [
    ...requiredParameters(parameters),
    ...requiredBody(body),
    ...(servers[0]?.variables ?? []).map((variable) => variable.name),
  ];
  const method: Method = {
    name,
    verb: allVerbs[0] ?? 'EXEC',
    verbs: allVerbs.length === 0 ? ['EXEC'] : allVerbs,
    description: (asText(node.description) ?? asText(operation.description) ?? asText(operation.summary) ?? '').trim(),
    http: { verb: httpVerb, path, servers },
    requiredParams: documented.length > 0 ? documented : [...new Set(required)],
    parameters,
    body,
    response: response.rows,
    pagination: paginationOf(space, context.provider, levels, { bodyParts: response.bodyParts, parameters }),
    ...(graphQl === undefined ? {} : { graphQl }),
    scopes: scopesOf(operation),
    ...(requestTranslate === undefined ? {} : { requestTranslate }),
    ...(queryTranspose === undefined ? {} : { queryTranspose }),
    safe: httpVerb === 'GET' || httpVerb === 'HEAD' || facts.safe === true || graphQl !== undefined,
    deprecated: operation.deprecated === true,
    ...(facts.hidden === true ? { hidden: true } : {}),
    ...(overloads === undefined ? {} : { overloads }),
  };
  return { method, facts, rowParts: response.rowParts };
}

/** Names of the required parameters, by where they travel and within that in ASCII order. */
export function requiredParameters(parameters: readonly Parameter[]): readonly string[] {
  const names = (location: ParameterLocation): readonly string[] =>
    parameters
      .filter((parameter) => parameter.required && parameter.location === location)
      .map((parameter) => parameter.name)
      .sort();
  return (['path', 'query', 'header', 'cookie'] as const).flatMap(names);
}

// Of bodies that are files or forms a statement gives no single property.
function requiredBody(body: RequestBody | undefined): readonly string[] {
  if (body === undefined || !/json|xml/.test(body.mediaType)) return [];
  return body.requiredProperties.map((property) => bodyColumn(body.naming, property)).sort();
}

interface OperationTarget {
  readonly path: string;
  readonly httpVerb: HttpVerb;
  readonly pathItem: JsonObject;
  readonly operation: JsonObject;
}

const HTTP_VERBS: Readonly<Record<string, HttpVerb>> = {
  get: 'GET',
  head: 'HEAD',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
};

// `#/paths/~1users~1{id}/get`; older documents write the path without escapes.
function operationAt(space: ReferenceSpace, reference: string): OperationTarget | undefined {
  const segments = pointerSegments(reference.slice(reference.indexOf('#') + 1));
  const word = segments.at(-1)?.toLowerCase() ?? '';
  const httpVerb = HTTP_VERBS[word];
  if (segments[0] !== 'paths' || httpVerb === undefined) return undefined;
  const named = segments.slice(1, -1).join('/');
  const paths = asObject(space.root.paths);
  for (const path of [named, `/${named}`]) {
    const pathItem = space.follow(member(paths, path));
    const operation = member(pathItem, word);
    if (isObject(operation)) return { path: Object.hasOwn(paths, path) ? path : pathSpelling(paths, path), httpVerb, pathItem, operation };
  }
  return undefined;
}

function pathSpelling(paths: JsonObject, path: string): string {
  return Object.keys(paths).find((key) => key.toLowerCase() === path.toLowerCase()) ?? path;
}

function serverNodes(root: JsonObject, pathItem: JsonObject, operation: JsonObject, method: JsonObject): readonly Json[] {
  const lists = [operation.servers, pathItem.servers, method.servers, root.servers].map(asList);
  return lists.find((list) => list.length > 0) ?? [];
}

function scopesOf(operation: JsonObject): readonly string[] {
  return asList(operation.security).flatMap((entry) => Object.values(asObject(entry)).flatMap(textsOf));
}

function graphQlOf(value: Json | undefined): GraphQl | undefined {
  if (!isObject(value)) return undefined;
  const url = asText(value.url);
  const query = asText(value.query);
  if (query === undefined) return undefined;
  const cursor = asObject(value.cursor);
  const path = asText(cursor.jsonPath);
  const format = asText(cursor.format);
  const terminateOn = asText(cursor.terminateOnJsonPath);
  const pageSize = typeof cursor.pageSize === 'number' ? cursor.pageSize : undefined;
  return {
    url: url ?? '',
    query,
    rowsPath: asText(asObject(value.responseSelection).jsonPath) ?? '$',
    ...(path === undefined
      ? {}
      : {
          cursor: {
            path,
            strategy: asText(cursor.strategy) ?? 'cursor_after',
            ...(format === undefined ? {} : { format }),
            ...(terminateOn === undefined ? {} : { terminateOn }),
            ...(pageSize === undefined ? {} : { pageSize }),
          },
        }),
  };
}
