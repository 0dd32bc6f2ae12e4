import { columnsOf } from './columns.ts';
import type { ConfigLevels } from './config.ts';
import { methodFacts, relationFacts } from './facts.ts';
import { asObject, asText, isObject, type JsonObject } from './json.ts';
import { type BuiltMethod, buildMethod, type MethodContext } from './method.ts';
import type { MethodFacts, RelationFacts } from './overlay.ts';
import type { ReferenceSpace } from './references.ts';
import type { Relation, SqlVerb } from './types.ts';
import { type Candidates, verbCandidates, verbsOf } from './verbs.ts';
import { viewsOf } from './views.ts';

/** What the resources of one service document are read with. */
export interface ServiceContext {
  readonly space: ReferenceSpace;
  readonly provider: string;
  readonly service: string;
  /** Config of service, provider service and provider, nearest first. */
  readonly levels: ConfigLevels;
  readonly hasSnakeNames: boolean;
}

/** The resources of a service document, in document order. */
export function resourcesOf(space: ReferenceSpace): JsonObject {
  return asObject(asObject(space.root.components)['x-stackQL-resources'] ?? space.root.resources);
}

/** Reads one resource as a relation. Methods whose operation the document lacks are left out. */
export function buildRelation(context: ServiceContext, key: string, resource: JsonObject): Relation {
  const { space, provider, service } = context;
  const levels = [asObject(resource.config), ...context.levels];
  const methodContext: MethodContext = { space, provider, levels, hasSnakeNames: context.hasSnakeNames };
  const declared = verbCandidates(resource);
  const built = Object.entries(asObject(resource.methods)).flatMap(([name, node]) =>
    isObject(node) ? (buildMethod(methodContext, name, node, verbsOf(declared, name)) ?? []) : [],
  );
  const candidates = completeCandidates(declared, built);
  const reading = readingOrder(candidates.SELECT ?? [], built);
  const facts = asObject(resource['x-orgql-relation']) as RelationFacts;
  const columns = columnsOf({
    space,
    reading,
    published: resource['x-orgql-columns'],
    secrets: facts.secrets ?? [],
    hasSnakeNames: context.hasSnakeNames,
  });
  const methods = built.map((one) => one.method);
  const overlayMethods: Record<string, MethodFacts> = {};
  for (const one of built) {
    const config = asObject(asObject(asObject(resource.methods)[one.method.name]).config);
    overlayMethods[one.method.name] = methodFacts(one.facts, one.method, one.method.response.row, [config, ...levels]);
  }
  return {
    id: `${provider}.${service}.${key}`,
    provider,
    service,
    name: key,
    title: asText(resource.title) ?? key,
    description: (asText(resource.description) ?? '').trim(),
    columns,
    methods,
    candidates,
    overlay: { relation: relationFacts(facts, methods, columns), methods: overlayMethods },
    views: viewsOf(resource.config),
  };
}

function completeCandidates(declared: Candidates, built: readonly BuiltMethod[]): Candidates {
  const complete: Partial<Record<SqlVerb, readonly string[]>> = {};
  const names = new Set(built.map((one) => one.method.name));
  for (const verb of ['SELECT', 'INSERT', 'UPDATE', 'REPLACE', 'DELETE'] as const) {
    const further = built.filter((one) => one.method.verbs.includes(verb)).map((one) => one.method.name);
    const all = [...new Set([...(declared[verb] ?? []).filter((name) => names.has(name)), ...further])];
    if (all.length > 0) complete[verb] = all;
  }
  return complete;
}

// Whose rows are published: the first method named, unless its response has no schema and another's has.
function readingOrder(names: readonly string[], built: readonly BuiltMethod[]): readonly BuiltMethod[] {
  const reading = names.flatMap((name) => built.find((one) => one.method.name === name) ?? []);
  return [...reading.filter((one) => one.rowParts.length > 0), ...reading.filter((one) => one.rowParts.length === 0)];
}
