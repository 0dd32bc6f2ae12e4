import type { AuthConfig, Catalog, Method, Parameter, Provider, Relation } from '../catalog/types.ts';

/** A provider as its pages need it: everything read from the catalog. */
export interface ProviderFacts {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly auth: AuthConfig | undefined;
  /** True where it comes with orgql, false where REGISTRY PULL brings it. */
  readonly isBuiltIn: boolean;
  readonly services: readonly ServiceFacts[];
  readonly totals: Totals;
  /** Parameters of the server's address, each once. */
  readonly serverParameters: readonly Parameter[];
}

export interface ServiceFacts {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly relations: readonly Relation[];
  readonly totals: Totals;
}

export interface Totals {
  readonly services: number;
  readonly resources: number;
  readonly selectable: number;
  readonly methods: number;
}

/** Reads a whole provider. Throws what the catalog throws. */
export async function readProvider(catalog: Catalog, name: string, isBuiltIn: boolean): Promise<ProviderFacts> {
  const provider: Provider = await catalog.provider(name);
  const services: ServiceFacts[] = [];
  for (const { name: service, title, description } of provider.services) {
    const relations = await provider.relations(service);
    services.push({ name: service, title, description, relations, totals: totalsOf(1, relations) });
  }
  const relations = services.flatMap((service) => service.relations);
  return {
    name: provider.name,
    version: provider.version,
    title: provider.title ?? provider.name,
    description: provider.description ?? '',
    auth: provider.auth,
    isBuiltIn,
    services,
    totals: totalsOf(services.length, relations),
    serverParameters: serverParameters(relations),
  };
}

/** The methods that SHOW METHODS prints. */
export function publishedMethods(relation: Relation): readonly Method[] {
  return relation.methods.filter((method) => method.hidden !== true);
}

/** True where `SELECT ... FROM` the relation has a method or a view. */
export function isSelectable(relation: Relation): boolean {
  return relation.views.length > 0 || publishedMethods(relation).some((method) => method.verb === 'SELECT');
}

/** Addresses of the pages of a provider. */
export const providerPath = (provider: string): string => `/providers/${segment(provider)}/`;
export const servicePath = (provider: string, service: string): string => `${providerPath(provider)}${segment(service)}/`;
export const resourcePath = (relation: { readonly provider: string; readonly service: string; readonly name: string }): string =>
  `${servicePath(relation.provider, relation.service)}${segment(relation.name)}/`;

// Names come from documents of others: nothing in them may leave the folder.
function segment(name: string): string {
  const safe = name.replace(/[^\w.-]/g, '_');
  return /^\.+$/.test(safe) ? safe.replaceAll('.', '_') : safe;
}

function totalsOf(services: number, relations: readonly Relation[]): Totals {
  return {
    services,
    resources: relations.length,
    selectable: relations.filter(isSelectable).length,
    methods: relations.reduce((sum, relation) => sum + publishedMethods(relation).length, 0),
  };
}

function serverParameters(relations: readonly Relation[]): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  for (const relation of relations)
    for (const method of relation.methods)
      for (const server of method.http.servers)
        for (const variable of server.variables) if (!found.has(variable.name)) found.set(variable.name, variable);
  return [...found.values()];
}
