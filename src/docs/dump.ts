import type { Relation, Shape } from '../catalog/types.ts';
import type { ProviderFacts } from './facts.ts';
import { nestedProperties } from './pages/shape-rows.ts';

/** A provider as JSON, for programs that would else read the pages. */
export function providerDump(provider: ProviderFacts): unknown {
  return {
    name: provider.name,
    version: provider.version,
    description: provider.description,
    totals: provider.totals,
    serverParameters: provider.serverParameters.map((parameter) => ({ name: parameter.name, default: parameter.default })),
    services: provider.services.map((service) => ({
      name: service.name,
      title: service.title,
      description: service.description,
      resources: service.relations.map(relationDump),
    })),
  };
}

function relationDump(relation: Relation): unknown {
  return {
    id: relation.id,
    name: relation.name,
    description: relation.description,
    fields: relation.columns.filter((column) => column.published).map((column) => fieldDump(column.name, column.shape)),
    hiddenColumns: relation.columns.filter((column) => !column.published).map((column) => fieldDump(column.name, column.shape)),
    methods: relation.methods.map((method) => ({
      name: method.name,
      accessibleBy: method.verb,
      requiredParams: method.requiredParams,
      http: { verb: method.http.verb, path: method.http.path },
      scopes: method.scopes,
      ...(method.hidden === true ? { hidden: true } : {}),
      ...(method.deprecated ? { deprecated: true } : {}),
      description: method.description,
    })),
  };
}

function fieldDump(name: string, shape: Shape): unknown {
  const nested = shape.sqlType === 'JSON' ? nestedProperties(name, shape, 200).properties : [];
  return {
    name,
    datatype: shape.apiType,
    sqlType: shape.sqlType,
    ...(shape.format === undefined ? {} : { format: shape.format }),
    ...(shape.enum === undefined ? {} : { enum: shape.enum }),
    ...(shape.description === undefined ? {} : { description: shape.description }),
    ...(nested.length === 0 ? {} : { properties: nested.map((one) => ({ path: one.path.join('.'), datatype: one.shape.apiType })) }),
  };
}
