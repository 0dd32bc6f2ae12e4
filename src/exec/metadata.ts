import type { Catalog, Column, Method, Provider, Relation, Shape } from '../catalog/types.ts';
import type { EngineColumn, SqlValue } from '../engine/types.ts';
import type { NameSlice, Statement } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import type { Environment } from './environment.ts';
import { located, resolveRelation } from './write-context.ts';
import { inputNames, mandatoryParameters } from './write-inputs.ts';

/** A small table of facts. */
export interface FactTable {
  readonly columns: readonly EngineColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
  readonly notice?: string;
}

type ShowStatement = Statement & { readonly kind: 'show' };

/** SHOW PROVIDERS, SERVICES, RESOURCES and METHODS, from the catalog alone: no engine, no request. */
export async function showCatalog(environment: Environment, statement: ShowStatement): Promise<FactTable> {
  const { what, extended, scope, like } = statement;
  const matches = likeMatcher(like);
  switch (what) {
    case 'providers':
      return showProviders(environment.catalog, extended, matches);
    case 'services': {
      const [provider] = await providersOf(environment, scope, statement);
      return provider === undefined ? textTable([], []) : showServices(provider, extended, matches);
    }
    case 'resources':
      return showResources(environment, statement, matches);
    case 'methods':
      return showMethods(await scopedRelation(environment, statement), extended, matches);
    default:
      throw new OrgqlError('internal', `SHOW ${what} is no matter of the catalog`);
  }
}

/** `DESCRIBE relation`: `name, type` of the published columns in catalog order; EXTENDED tells all that is known, hidden columns and parameters too. */
export function describeRelation(relation: Relation, extended: boolean): FactTable {
  const published = relation.columns.filter((column) => column.published);
  if (!extended) {
    const table = textTable(
      ['name', 'type'],
      published.map((column) => [column.name, column.shape.apiType]),
    );
    return published.length > 0
      ? table
      : { ...table, notice: `${relation.id} publishes no columns; DESCRIBE EXTENDED shows what its answers hold` };
  }
  const hidden = relation.columns.filter((column) => !column.published);
  const names = new Set(relation.columns.map((column) => column.name.toLowerCase()));
  return textTable(
    ['name', 'type', 'kind', 'sqlType', 'format', 'enum', 'description', 'requiredBy'],
    [
      ...published.map((column) => columnRow(column, 'column')),
      ...hidden.map((column) => columnRow(column, 'hidden column')),
      ...parametersOf(relation)
        .filter(({ name }) => !names.has(name.toLowerCase()))
        .map(({ name, shape, description, requiredBy }) => [
          ...shapeRow(name, shape, 'parameter', description),
          requiredBy === '' ? null : requiredBy,
        ]),
    ],
  );
}

function showProviders(catalog: Catalog, extended: boolean, matches: Matcher): Promise<FactTable> {
  return catalog.providers().then((providers) => {
    const shown = providers.filter((provider) => matches(provider.name));
    if (!extended)
      return textTable(
        ['name', 'version'],
        shown.map((provider) => [provider.name, provider.version]),
      );
    return textTable(
      ['name', 'version', 'title', 'description'],
      shown.map((provider) => [provider.name, provider.version, provider.title ?? null, provider.description ?? null]),
    );
  });
}

function showServices(provider: Provider, extended: boolean, matches: Matcher): FactTable {
  const shown = provider.services.filter((service) => matches(service.name));
  const rows = shown.map((service) => [
    `${provider.name}.${service.name}`,
    service.name,
    service.title,
    ...(extended ? [service.description] : []),
  ]);
  return textTable(['id', 'name', 'title', ...(extended ? ['description'] : [])], rows);
}

async function showResources(environment: Environment, statement: ShowStatement, matches: Matcher): Promise<FactTable> {
  const [provider] = await providersOf(environment, statement.scope, statement);
  if (provider === undefined) return textTable([], []);
  const parts = statement.scope?.parts ?? environment.scope();
  const wanted =
    parts.length === 1 && statement.scope !== undefined && parts[0]?.toLowerCase() !== provider.name.toLowerCase() ? parts[0] : parts[1];
  const services = wanted === undefined ? provider.services.map((service) => service.name) : [wanted];
  const relations: Relation[] = [];
  for (const service of services) {
    try {
      relations.push(...(await provider.relations(service)));
    } catch (error) {
      throw statement.scope === undefined ? error : located(error, statement.scope);
    }
  }
  const shown = relations.filter((relation) => matches(relation.name));
  if (!statement.extended)
    return textTable(
      ['id', 'name', 'title'],
      shown.map((relation) => [relation.id, relation.name, relation.title]),
    );
  return textTable(
    ['id', 'name', 'title', 'description', 'verbs', 'methods'],
    shown.map((relation) => {
      const methods = relation.methods.filter((method) => method.hidden !== true);
      return [
        relation.id,
        relation.name,
        relation.title,
        relation.description,
        [...new Set(methods.map((method) => method.verb))].join(', '),
        methods.map((method) => method.name).join(', '),
      ];
    }),
  );
}

function showMethods(relation: Relation, extended: boolean, matches: Matcher): FactTable {
  const shown = relation.methods.filter((method) => (extended || method.hidden !== true) && matches(method.name));
  const facts = (method: Method): readonly string[] => [method.name, method.requiredParams.join(', '), method.verb];
  if (!extended) return textTable(['MethodName', 'RequiredParams', 'SQLVerb'], shown.map(facts));
  return textTable(
    ['MethodName', 'RequiredParams', 'SQLVerb', 'description', 'http', 'scopes', 'furtherVerbs', 'optionalParams'],
    shown.map((method) => [
      ...facts(method),
      method.description,
      `${method.http.verb} ${method.http.path}`,
      method.scopes.join(', '),
      method.verbs.filter((verb) => verb !== method.verb).join(', '),
      inputNames(method)
        .filter((name) => !method.requiredParams.includes(name) && !method.requiredParams.includes(`data__${name}`))
        .join(', '),
    ]),
  );
}

async function scopedRelation(environment: Environment, { scope, slice }: ShowStatement): Promise<Relation> {
  if (scope !== undefined) return resolveRelation(environment, scope);
  throw new OrgqlError('syntax_error', 'SHOW METHODS needs a relation', {
    hint: 'write SHOW METHODS IN provider.service.resource',
    span: { offset: slice.offset, length: slice.text.length },
  });
}

/** The provider that IN or USE names; the only installed one where neither does. */
async function providersOf(environment: Environment, scope: NameSlice | undefined, statement: ShowStatement): Promise<readonly Provider[]> {
  const used = environment.scope();
  const [first] = scope?.parts ?? used;
  if (first !== undefined) {
    try {
      return [await environment.catalog.provider(first)];
    } catch (error) {
      // After USE okta, IN user means okta.user.
      if (scope?.parts.length === 1 && used[0] !== undefined && statement.what === 'resources') {
        const provider = await environment.catalog.provider(used[0]);
        if (provider.services.some((service) => service.name.toLowerCase() === first.toLowerCase())) return [provider];
      }
      throw scope === undefined ? error : located(error, scope);
    }
  }
  const providers = await environment.catalog.providers();
  const [only] = providers;
  if (only !== undefined && providers.length === 1) return [await environment.catalog.provider(only.name)];
  throw new OrgqlError('syntax_error', `SHOW ${statement.what.toUpperCase()} needs to know where`, {
    hint: `write SHOW ${statement.what.toUpperCase()} IN ${only?.name ?? 'provider'}, or USE a provider first`,
    span: { offset: statement.slice.offset, length: statement.slice.text.length },
  });
}

interface ParameterFacts {
  readonly name: string;
  readonly shape: Shape;
  readonly description: string | undefined;
  /** Methods that need it. */
  readonly requiredBy: string;
}

function parametersOf(relation: Relation): readonly ParameterFacts[] {
  const found = new Map<string, { shape: Shape; description: string | undefined; requiredBy: string[] }>();
  for (const method of relation.methods) {
    const mandatory = new Set(mandatoryParameters(method).map((parameter) => parameter.name));
    for (const parameter of [...method.parameters, ...(method.http.servers[0]?.variables ?? [])]) {
      const known = found.get(parameter.name) ?? {
        shape: parameter.shape,
        description: parameter.description ?? parameter.shape.description,
        requiredBy: [],
      };
      if (mandatory.has(parameter.name) && !known.requiredBy.includes(method.name)) known.requiredBy.push(method.name);
      found.set(parameter.name, known);
    }
  }
  return [...found].map(([name, { shape, description, requiredBy }]) => ({ name, shape, description, requiredBy: requiredBy.join(', ') }));
}

function columnRow(column: Column, kind: string): readonly (string | null)[] {
  return [...shapeRow(column.name, column.shape, kind, column.shape.description), null];
}

function shapeRow(name: string, shape: Shape, kind: string, description: string | undefined): readonly (string | null)[] {
  return [
    name,
    shape.apiType,
    kind,
    shape.sqlType,
    shape.format ?? null,
    shape.enum === undefined ? null : shape.enum.join(', '),
    description ?? null,
  ];
}

type Matcher = (name: string) => boolean;

/** SQL's LIKE without regard to case. */
export function likeMatcher(pattern: string | undefined): Matcher {
  if (pattern === undefined) return () => true;
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[^]*')
    .replaceAll('_', '[^]');
  const expression = new RegExp(`^${source}$`, 'i');
  return (name) => expression.test(name);
}

/** A table of text. */
export function textTable(names: readonly string[], rows: readonly (readonly (string | null)[])[]): FactTable {
  return { columns: names.map((name) => ({ name, type: 'VARCHAR' })), rows };
}

/** The nearest of some names, as a hint. */
export function nearestHint(word: string, names: readonly string[]): { readonly hint: string } | Record<string, never> {
  const near = suggest(word, names);
  return near === undefined ? {} : { hint: `did you mean "${near}"?` };
}
