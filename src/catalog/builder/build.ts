import { OrgqlError } from '../../util/errors.ts';
import { asObject, type JsonObject } from '../json.ts';
import { requiredParameters } from '../method.ts';
import type { MethodFacts, RelationFacts } from '../overlay.ts';
import { operationParameters } from '../parameters.ts';
import { referenceSpace } from '../references.ts';
import { responseOf } from '../response.ts';
import { propertiesOf } from '../shape.ts';
import type { Json, SqlVerb } from '../types.ts';
import { HIDDEN } from './additions.ts';
import type { CuratedMethod, CuratedResource, CuratedService, Curation } from './curation.ts';
import { reachableSchemas } from './prune.ts';
import type { SourceApi, SourceOperation } from './swagger.ts';

/** The planner's facts about one resource, with its methods named as in the curation. */
export interface ResourceOverlay {
  readonly relation?: RelationFacts;
  readonly methods?: Readonly<Record<string, MethodFacts>>;
}

/** What an overlay is asked with. */
export interface OverlaySubject {
  /** `provider.service.resource`. */
  readonly relation: string;
  readonly methods: readonly OverlayMethod[];
  /** The published ones. */
  readonly columns: readonly string[];
}

/** A method, as an overlay sees it. */
export interface OverlayMethod {
  readonly name: string;
  readonly verbs: readonly SqlVerb[];
  /** `GET`, `POST`, ... */
  readonly http: string;
  readonly path: string;
  /** Names of the query parameters. */
  readonly query: readonly string[];
}

export interface ProviderSource {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly api: SourceApi;
  readonly curation: Curation;
  /** OpenAPI servers. Their variables come last among the required parameters. */
  readonly servers: readonly JsonObject[];
  readonly auth: JsonObject;
  /** Facts about a resource for the planner. */
  readonly overlay: (subject: OverlaySubject) => ResourceOverlay;
  /** OAuth scopes that an operation needs. */
  readonly scopes: (verb: string, path: string) => readonly string[];
}

/** The documents of a provider, by their path inside the provider's folder. */
export type ProviderDocuments = ReadonlyMap<string, JsonObject>;

/** Builds a StackQL-format provider: `provider.json` and one JSON document per service. Throws `invalid_provider`. */
export function buildProvider(source: ProviderSource): ProviderDocuments {
  const documents = new Map<string, JsonObject>();
  const services: Record<string, Json> = {};
  for (const service of source.curation.services) {
    const file = `services/${service.name}.json`;
    documents.set(file, buildService(source, service));
    services[service.name] = {
      id: `${service.name}:${source.version}`,
      name: service.name,
      title: service.title,
      version: source.version,
      description: service.about,
      preferred: true,
      service: { $ref: `${source.name}/${source.version}/${file}` },
    };
  }
  documents.set('provider.json', {
    id: source.name,
    name: source.name,
    title: source.title,
    version: source.version,
    description: source.description,
    providerServices: services,
    config: { auth: source.auth },
  });
  return documents;
}

function buildService(source: ProviderSource, service: CuratedService): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  const resources: Record<string, Json> = {};
  const extraSchemas: Record<string, Json> = {};
  for (const resource of service.resources) {
    for (const method of resource.methods) {
      const { path, verb, operation } = operationOf(source.api, method, `${service.name}.${resource.name}`);
      const scopes = source.scopes(verb.toUpperCase(), path);
      const item = paths[path] ?? {};
      item[verb] = scopes.length === 0 ? operation : { ...operation, security: [{ oauth2: scopes }] };
      paths[path] = item;
      if (method.rows !== undefined)
        extraSchemas[rowsSchema(method.rows)] = { type: 'array', items: { $ref: `#/components/schemas/${method.rows}` } };
    }
  }
  const schemas = { ...source.api.schemas, ...extraSchemas };
  const draft: JsonObject = { paths, components: { schemas } };
  for (const resource of service.resources) resources[resource.name] = buildResource(source, service, resource, draft);
  return {
    openapi: '3.0.3',
    info: { title: `${source.title}: ${service.title}`, version: source.version, description: service.about },
    servers: source.servers,
    paths,
    components: { schemas: reachableSchemas(schemas, [paths, resources]), 'x-stackQL-resources': resources },
  };
}

function buildResource(source: ProviderSource, service: CuratedService, resource: CuratedResource, draft: JsonObject): Json {
  const id = `${source.name}.${service.name}.${resource.name}`;
  const space = referenceSpace(draft);
  const serverVariables = source.servers.flatMap((server) => Object.keys(asObject(server.variables)));
  const built = resource.methods.map((method) => {
    const target = operationOf(source.api, method, id);
    const node = methodNode(method, target);
    const parameters = operationParameters(space, target.path, {}, target.operation, false);
    const required = requiredParameters(parameters);
    const verbs = verbsOf(method, target, resource);
    return { method, target, node, verbs, required, query: parameters.filter((one) => one.location === 'query').map((one) => one.name) };
  });
  const reading = built.find(({ method }) => method.name === 'list') ?? built.find(({ verbs }) => verbs[0] === 'SELECT');
  const columns = resource.fields ?? (reading === undefined ? [] : publishedColumns(space, reading.node, reading.target, resource.hide));
  const overlay = source.overlay({
    relation: id,
    methods: built.map(({ method, verbs, target, query }) => ({
      name: method.name,
      verbs,
      http: target.verb.toUpperCase(),
      path: target.path,
      query,
    })),
    columns,
  });
  const stray = Object.keys(overlay.methods ?? {}).find((name) => !built.some(({ method }) => method.name === name));
  if (stray !== undefined) throw new OrgqlError('invalid_provider', `The overlay of ${id} names a method "${stray}" that it does not have`);

  const methods: Record<string, Json> = {};
  for (const { method, node, verbs, required } of built) {
    const ordered = [...required].sort();
    const impliedVerbs = impliedVerb(method.name);
    const facts: Record<string, Json> = {
      ...((overlay.methods?.[method.name] ?? {}) as JsonObject),
      ...(verbs.length === 1 && verbs[0] === impliedVerbs ? {} : { verbs }),
      ...(method.hidden ? { hidden: true } : {}),
      ...(method.overloads === undefined ? {} : { overloads: method.overloads }),
      ...(ordered.join() === required.join() ? {} : { requiredParams: [...ordered, ...serverVariables] }),
    };
    methods[method.name] = { ...node, ...(Object.keys(facts).length === 0 ? {} : { 'x-orgql-method': facts }) };
  }
  return {
    id,
    name: resource.name,
    title: resource.name,
    description: resource.about,
    methods,
    sqlVerbs: sqlVerbsOf(resource.name, built),
    'x-orgql-columns': columns,
    ...(overlay.relation === undefined ? {} : { 'x-orgql-relation': overlay.relation as unknown as JsonObject }),
  };
}

function operationOf(api: SourceApi, method: CuratedMethod, owner: string): SourceOperation {
  const found = api.operations.get(method.operation);
  if (found === undefined)
    throw new OrgqlError(
      'invalid_provider',
      `${owner}.${method.name} names the operation "${method.operation}", which the source does not have`,
    );
  return found;
}

function methodNode(method: CuratedMethod, { path, verb, operation }: SourceOperation): JsonObject {
  const responses = asObject(operation.responses);
  const success = Object.keys(responses)
    .filter((code) => code.startsWith('2'))
    .sort();
  const code = success.find((one) => asObject(responses[one]).content !== undefined) ?? success[0] ?? '200';
  const hasContent = asObject(responses[code]).content !== undefined;
  return {
    ...(method.about === undefined ? {} : { description: method.about }),
    operation: { $ref: `#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${verb}` },
    ...(operation.requestBody === undefined ? {} : { request: { mediaType: 'application/json' } }),
    response: {
      openAPIDocKey: code,
      ...(hasContent ? { mediaType: 'application/json' } : {}),
      ...(method.rowsPath === undefined ? {} : { objectKey: method.rowsPath }),
      ...(method.rows === undefined ? {} : { schema_override: { $ref: `#/components/schemas/${rowsSchema(method.rows)}` } }),
    },
  };
}

function rowsSchema(name: string): string {
  return `${name}Rows`;
}

function publishedColumns(
  space: ReturnType<typeof referenceSpace>,
  node: JsonObject,
  target: SourceOperation,
  hide: readonly string[],
): readonly string[] {
  const { rowParts } = responseOf(space, node, target.operation);
  const names = propertiesOf(space, rowParts).filter(
    (property) =>
      !property.isSubtypeOnly && !hide.includes(property.name) && property.parts.every(({ node: schema }) => schema[HIDDEN] !== true),
  );
  return names.map((property) => property.name).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function rank(name: string): number {
  const index = ['id', 'name', 'description'].indexOf(name);
  return index < 0 ? 3 : index;
}

function impliedVerb(name: string): SqlVerb {
  return name === 'get' || name === 'list' ? 'SELECT' : name === 'insert' ? 'INSERT' : name === 'delete' ? 'DELETE' : 'EXEC';
}

// An update by PUT replaces the whole object; where a merging update stands beside it, UPDATE means that one.
function verbsOf(method: CuratedMethod, target: SourceOperation, resource: CuratedResource): readonly SqlVerb[] {
  if (method.verbs !== undefined) return method.verbs;
  if (!['update', 'partialUpdate', 'put'].includes(method.name)) return [impliedVerb(method.name)];
  if (target.verb !== 'put') return ['EXEC', 'UPDATE'];
  return resource.methods.some((other) => other.name === 'partialUpdate') ? ['EXEC', 'REPLACE'] : ['EXEC', 'UPDATE', 'REPLACE'];
}

// Most specific first, as readers take the first method whose required parameters are all given.
function sqlVerbsOf(
  resource: string,
  built: readonly { readonly method: CuratedMethod; readonly verbs: readonly SqlVerb[]; readonly required: readonly string[] }[],
): JsonObject {
  const result: Record<string, Json> = {};
  for (const verb of ['SELECT', 'INSERT', 'UPDATE', 'REPLACE', 'DELETE'] as const) {
    const serving = built.filter(({ verbs }) => verbs.includes(verb)).sort((a, b) => b.required.length - a.required.length);
    result[verb.toLowerCase()] = serving.map(({ method }) => ({
      $ref: `#/components/x-stackQL-resources/${resource}/methods/${method.name}`,
    }));
  }
  return result;
}
