import { join } from 'node:path';
import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import { readDocument } from './documents.ts';
import { findProviders, type InstalledProvider } from './installed.ts';
import { asObject, asText, isObject, type JsonObject } from './json.ts';
import { referenceSpace } from './references.ts';
import { buildRelation, resourcesOf, type ServiceContext } from './relation.ts';
import type { AuthConfig, Catalog, Json, Provider, ProviderSummary, Relation, ServiceSummary } from './types.ts';

export interface CatalogOptions {
  /** Folders of `<provider>/<version>/provider.{json,yaml}`; of one name, the first folder's counts. */
  readonly roots: readonly string[];
}

/** What a loaded service offers; relations are built when asked for. */
interface LoadedService {
  readonly names: readonly string[];
  readonly relation: (key: string) => Relation;
}

/**
 * The providers below the given folders. Nothing is read before it is asked for: a provider document when its name comes up, a
 * service document when a statement names the service; each once.
 * Throws `invalid_provider` where a document cannot be read, and the errors that `Catalog` names.
 */
export function openCatalog({ roots }: CatalogOptions): Catalog {
  let installed: readonly InstalledProvider[] | undefined;
  const loaded = new Map<string, Promise<LoadedProvider>>();
  const scan = (): readonly InstalledProvider[] => {
    installed = findProviders(roots);
    return installed;
  };

  const load = async (name: string): Promise<LoadedProvider> => {
    const find = (all: readonly InstalledProvider[]): InstalledProvider | undefined =>
      all.find((one) => one.name.toLowerCase() === name.toLowerCase());
    // One that was installed since the last look is found by a second look.
    const match = find(installed ?? scan()) ?? find(scan());
    if (match === undefined) {
      const names = (installed ?? scan()).map((one) => one.name);
      throw unknown('unknown_provider', `No provider "${name}" is installed`, name, names, 'REGISTRY LIST shows what can be installed.');
    }
    return await memoized(loaded, match.name, () => loadProvider(match));
  };

  return {
    providers: async () => await Promise.all(scan().map(async (one) => await summaryOf(one, () => load(one.name)))),
    provider: async (name) => (await load(name)).provider,
    relation: async (providerName, serviceName, resourceName) => {
      const { provider, service } = await load(providerName);
      const { names, relation } = await service(serviceName);
      const key = fold(names, resourceName);
      if (key === undefined) {
        const title = `${provider.name}.${serviceName}.${resourceName}`;
        throw unknown(
          'unknown_relation',
          `Relation "${title}" does not exist`,
          resourceName,
          names,
          `SHOW RESOURCES IN ${provider.name}.${serviceName} lists what there is.`,
        );
      }
      return relation(key);
    },
  };
}

interface LoadedProvider {
  readonly provider: Provider;
  readonly service: (name: string) => Promise<LoadedService>;
}

async function loadProvider(installed: InstalledProvider): Promise<LoadedProvider> {
  const document = await readDocument(join(installed.directory, 'provider.yaml'));
  const name = installed.name;
  const entries = asObject(document.providerServices);
  const names = Object.keys(entries);
  const loaded = new Map<string, Promise<LoadedService>>();

  const service = async (wanted: string): Promise<LoadedService> => {
    const key = fold(names, wanted);
    if (key === undefined)
      throw unknown(
        'unknown_service',
        `Provider "${name}" has no service "${wanted}"`,
        wanted,
        names,
        `SHOW SERVICES IN ${name} lists what there is.`,
      );
    return await memoized(loaded, key, () => loadService(installed, document, key));
  };

  const title = asText(document.title);
  const description = asText(document.description);
  const provider: Provider = {
    name,
    version: installed.version,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    services: names.map((key) => serviceSummary(key, asObject(entries[key]))),
    auth: authOf(asObject(document.config).auth),
    relations: async (wanted) => {
      const { names: resources, relation } = await service(wanted);
      return resources.map(relation);
    },
  };
  return { provider, service };
}

async function loadService(installed: InstalledProvider, provider: JsonObject, key: string): Promise<LoadedService> {
  const entry = asObject(asObject(provider.providerServices)[key]);
  const reference = asText(asObject(entry.service).$ref) ?? `${installed.name}/${installed.version}/services/${key}.yaml`;
  const space = referenceSpace(await readDocument(join(installed.directory, ...servicePath(reference))));
  const resources = resourcesOf(space);
  const context: ServiceContext = {
    space,
    provider: installed.name,
    service: key,
    levels: [space.root['x-stackQL-config'], entry.config, provider.config].map(asObject),
    hasSnakeNames: asObject(provider.config).snake_case_aliases === true,
  };
  const built = new Map<string, Relation>();
  return {
    names: Object.keys(resources),
    relation: (name) => {
      const relation = built.get(name) ?? buildRelation(context, name, asObject(resources[name]));
      built.set(name, relation);
      return relation;
    },
  };
}

// `okta/v00.00.00000/services/users.yaml` is relative to the tree of all providers; the version is the one that is installed.
function servicePath(reference: string): readonly string[] {
  const segments = reference.split(/[\\/]+/).filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..'))
    throw new OrgqlError('invalid_provider', `A service document may not lie outside its provider: "${reference}"`);
  return segments.length > 2 ? segments.slice(2) : segments;
}

async function summaryOf(installed: InstalledProvider, load: () => Promise<LoadedProvider>): Promise<ProviderSummary> {
  // A document that cannot be read must not hide the other providers; it speaks up when it is used.
  const provider = await load().then(
    (loaded) => loaded.provider,
    () => undefined,
  );
  return {
    name: installed.name,
    version: installed.version,
    ...(provider?.title === undefined ? {} : { title: provider.title }),
    ...(provider?.description === undefined ? {} : { description: provider.description }),
  };
}

function serviceSummary(key: string, entry: JsonObject): ServiceSummary {
  return { name: key, title: asText(entry.title) ?? key, description: (asText(entry.description) ?? '').trim() };
}

function authOf(value: Json | undefined): AuthConfig | undefined {
  if (!isObject(value)) return undefined;
  const credentialsEnvVar = asText(value.credentialsenvvar);
  const valuePrefix = asText(value.valuePrefix);
  return {
    type: asText(value.type) ?? 'null_auth',
    ...(credentialsEnvVar === undefined ? {} : { credentialsEnvVar }),
    ...(valuePrefix === undefined ? {} : { valuePrefix }),
    raw: value,
  };
}

function fold(names: readonly string[], wanted: string): string | undefined {
  if (names.includes(wanted)) return wanted;
  const folded = wanted.toLowerCase();
  return names.find((name) => name.toLowerCase() === folded);
}

function unknown(
  code: 'unknown_provider' | 'unknown_service' | 'unknown_relation',
  message: string,
  word: string,
  names: readonly string[],
  listing: string,
): OrgqlError {
  const near = suggest(word, names);
  return new OrgqlError(code, message, { hint: near === undefined ? listing : `Did you mean "${near}"? ${listing}` });
}

// A failed load is forgotten: the file may be put right while the session lives.
async function memoized<T>(results: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  let result = results.get(key);
  if (result === undefined) {
    result = load();
    results.set(key, result);
    result.catch(() => results.delete(key));
  }
  return await result;
}
