import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MethodFacts } from '../../src/catalog/overlay.ts';

const EVERY = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'pr'] as const;
const TEXT = ['eq', 'ne', 'sw', 'ew', 'co', 'pr'] as const;

/** What the service of `/exact/things` can do, as an overlay says it. */
const EXACT: MethodFacts = {
  filters: [
    {
      parameter: '$filter',
      grammar: 'odata',
      connectives: ['and', 'or', 'not'],
      attributes: {
        id: { operators: EVERY, exact: true },
        name: { operators: TEXT, exact: true },
        key: { operators: ['eq', 'ne', 'pr'], exact: false },
        price: { operators: EVERY, exact: true },
        active: { operators: ['eq', 'ne', 'pr'], exact: true },
        created: { operators: EVERY, exact: true },
        updated: { operators: EVERY, exact: true },
        day: { operators: ['eq', 'ne', 'pr'], exact: true },
        'owner.city': { operators: TEXT, exact: true },
      },
    },
  ],
  sort: { by: '$orderby', ascending: 'asc', descending: 'desc', attributes: { id: 'id', created: 'created' } },
  limit: { parameter: '$top' },
  projection: { parameter: '$select', grammar: 'list' },
};

/** What a published document says of the other: no more than that it is OData, and which operators it has. */
const FOLDING = {
  queryParamPushdown: {
    filter: {
      dialect: 'odata',
      supportedOperators: ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'startswith', 'endswith', 'contains', 'or', 'not'],
    },
    select: { dialect: 'odata' },
    top: { dialect: 'odata', maxValue: 50 },
  },
};

/** Writes the provider `lake` below a folder: JSON is YAML too. */
export function writeODataProvider(root: string, url: string): void {
  const list = (path: string, more: object): object => ({
    operation: { $ref: `#/paths/~1${path}~1things/get` },
    response: { mediaType: 'application/json', openAPIDocKey: '200', objectKey: '$.value' },
    ...more,
  });
  const resource = (name: string, method: object): object => ({
    id: `lake.rows.${name}`,
    name,
    methods: { list: method },
    sqlVerbs: { select: [{ $ref: `#/components/x-stackQL-resources/${name}/methods/list` }] },
  });
  const page = { type: 'object', properties: { value: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } } };
  const get = {
    parameters: ['$select', '$filter', '$orderby', '$top'].map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
    responses: { 200: { description: 'ok', content: { 'application/json': { schema: page } } } },
  };
  const nullable = (type: string, format?: string): object => ({ type, nullable: true, ...(format === undefined ? {} : { format }) });
  const files: Readonly<Record<string, object>> = {
    'provider.yaml': {
      id: 'lake',
      name: 'lake',
      version: 'v00.00.00000',
      providerServices: {
        rows: { id: 'rows:v1', name: 'rows', title: 'Rows', service: { $ref: 'lake/v00.00.00000/services/rows.yaml' } },
      },
      config: { auth: { type: 'null_auth' } },
    },
    'services/rows.yaml': {
      openapi: '3.0.0',
      info: { title: 'rows', version: '1' },
      servers: [{ url }],
      paths: {
        '/exact/things': { get: { operationId: 'listExact', ...get } },
        '/folding/things': { get: { operationId: 'listFolding', ...get } },
      },
      components: {
        schemas: {
          Thing: {
            type: 'object',
            properties: {
              id: { type: 'integer' },
              name: nullable('string'),
              key: nullable('string', 'uuid'),
              price: nullable('number'),
              active: nullable('boolean'),
              created: { type: 'string', format: 'date-time' },
              updated: nullable('string', 'date-time'),
              day: nullable('string', 'date'),
              owner: { type: 'object', nullable: true, properties: { city: nullable('string') } },
              tags: { type: 'array', items: { type: 'string' } },
            },
          },
        },
        'x-stackQL-resources': {
          exact: resource('exact', list('exact', { 'x-orgql-method': EXACT })),
          folding: resource('folding', list('folding', { config: FOLDING })),
        },
      },
    },
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, 'lake', 'v00.00.00000', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(content));
  }
}
