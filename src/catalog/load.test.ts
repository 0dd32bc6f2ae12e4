import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCatalog } from './load.ts';
import type { Method, Relation } from './types.ts';

let root: string;

const PROVIDER = `
id: toy
name: toy
version: v1.0.0
description: !<tag:yaml.org,2002:js/undefined> ''
providerServices:
  Things:
    id: things:v1
    name: Things
    title: Things
    description: All there is.
    service: {$ref: toy/v00.00.00000/services/things.yaml}
config:
  auth: {type: api_key, credentialsenvvar: TOY_KEY, valuePrefix: 'Key '}
  snake_case_aliases: false
`;

// The file is called Things.yaml and the entry says things.yaml, as one published provider has it.
const SERVICE = `
openapi: 3.0.0
info: {title: Things, version: '1'}
servers:
  - url: https://{region:^(?:eu|us{1,2})$}.toy.test/{tenant}
    variables:
      region: {default: eu}
      tenant: {x-stackQL-envVar: TOY_TENANT}
x-stackQL-config:
  pagination:
    requestToken: {key: cursor, location: query}
    responseToken: {key: $.meta.next, location: body}
  queryParamPushdown:
    top: {paramName: limit, maxValue: 50}
    filter: {dialect: odata, supportedOperators: [eq, startswith], supportedColumns: [name]}
paths:
  /things:
    parameters:
      - {name: trace, in: header, required: true, schema: {type: string, default: none}}
      - {name: fields, in: query, schema: {type: string}}
    get:
      operationId: listThings
      summary: Lists things.
      parameters:
        - {name: zone, in: query, required: true, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, maximum: 100, default: 10}}
        - {name: $filter, in: query, schema: {type: string}}
      responses:
        200: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/ThingList'}}}}
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewThing'}}}
      responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  /things/{thingId}:
    get:
      parameters: [{name: deep, in: query, required: true, schema: {type: boolean}}, {name: thingId, in: path, required: false, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  /things/{thingId}:purge?mode=full:
    post: {responses: {'204': {description: gone}}, deprecated: true}
components:
  schemas:
    ThingList:
      properties:
        data: {type: array, items: {$ref: '#/components/schemas/thing'}}
    Thing:
      type: object
      discriminator: {propertyName: kind, mapping: {box: '#/components/schemas/Box'}}
      properties:
        id: {type: string}
        kind: {type: string, enum: [box, bag]}
        madeAt: {type: string, format: date-time}
        size: {type: integer}
        parent: {$ref: '#/components/schemas/Thing'}
        detail: {type: object, properties: {weight: {type: number}}}
    Box:
      allOf:
        - $ref: '#/components/schemas/Thing'
        - properties:
            lid: {type: boolean}
            detail: {type: object, properties: {depth: {type: integer}}}
    NewThing:
      type: object
      required: [name]
      properties: {name: {type: string}, size: {type: integer}}
  x-stackQL-resources:
    things:
      id: toy.Things.things
      name: things
      title: Things
      methods:
        get: {operation: {$ref: '#/paths/~1things~1{thingId}/get'}, response: {openAPIDocKey: '200', mediaType: application/json}}
        list:
          operation: {$ref: '#/paths/~1things/get'}
          response: {openAPIDocKey: '200', mediaType: application/json, objectKey: $.data}
        insert:
          operation: {$ref: '#/paths/~1things/post'}
          request: {mediaType: application/json, base: '{"source": "sql"}'}
          response: {openAPIDocKey: '201', mediaType: application/json}
        purge: {operation: {$ref: '#/paths/~1things~1{thingId}:purge?mode=full/post'}, response: {openAPIDocKey: '204'}}
        gone: {operation: {$ref: '#/paths/~1nothing/get'}}
    summary:
      name: summary
      methods: {}
      config:
        views:
          select:
            predicate: 'sqlDialect == "sqlite3" && requiredParams == [ zone ]'
            ddl: SELECT count(*) AS n FROM toy.Things.things WHERE zone = 'x'
            fallback: {predicate: 'sqlDialect == "postgres"', ddl: SELECT 1}
    chosen:
      name: chosen
      methods:
        naive:
          operation: {$ref: '#/paths/~1things/post'}
          config: {requestBodyTranslate: {algorithm: naive}}
          request: {nativeCasing: camel}
        list: {operation: {$ref: '#/paths/~1things/get'}, response: {openAPIDocKey: '200', mediaType: text/plain}}
      sqlVerbs:
        select: []
        insert: [{$ref: '#/components/x-stackQL-resources/chosen/methods/naive'}]
        replace: [{$ref: '#/components/x-stackQL-resources/chosen/methods/naive'}]
`;

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'catalog-'));
  await write('toy/v1.0.0/provider.yaml', PROVIDER);
  await write('toy/v1.0.0/services/Things.yaml', SERVICE);
  await write('toy/v0.9.0/provider.yaml', 'name: old\nproviderServices: {}');
  await write('broken/v1.0.0/provider.yaml', ': : :\n\t- {');
  await write(
    'escape/v1.0.0/provider.json',
    JSON.stringify({ providerServices: { up: { service: { $ref: 'escape/v1.0.0/../../toy/v1.0.0/provider.yaml' } } } }),
  );
});

afterAll(async () => await rm(root, { recursive: true, force: true }));

async function relation(name: string): Promise<Relation> {
  return await openCatalog({ roots: [root] }).relation('TOY', 'things', name);
}

function method(of: Relation, name: string): Method {
  const found = of.methods.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no method ${name}`);
  return found;
}

describe('a catalog of provider documents', () => {
  it('lists the newest version of each provider, those that cannot be read included', async () => {
    expect(await openCatalog({ roots: [join(root, 'nowhere'), root] }).providers()).toEqual([
      { name: 'broken', version: 'v1.0.0' },
      { name: 'escape', version: 'v1.0.0' },
      { name: 'toy', version: 'v1.0.0', description: '' },
    ]);
  });

  it('names services and authentication', async () => {
    const provider = await openCatalog({ roots: [root] }).provider('Toy');
    expect(provider.services).toEqual([{ name: 'Things', title: 'Things', description: 'All there is.' }]);
    expect(provider.auth).toEqual({
      type: 'api_key',
      credentialsEnvVar: 'TOY_KEY',
      valuePrefix: 'Key ',
      raw: { type: 'api_key', credentialsenvvar: 'TOY_KEY', valuePrefix: 'Key ' },
    });
  });

  it('says what is unknown and what was likely meant', async () => {
    const catalog = openCatalog({ roots: [root] });
    await expect(catalog.provider('tay')).rejects.toMatchObject({ code: 'unknown_provider', hint: expect.stringContaining('"toy"') });
    await expect(catalog.relation('toy', 'thins', 'things')).rejects.toMatchObject({
      code: 'unknown_service',
      hint: expect.stringContaining('"Things"'),
    });
    await expect(catalog.relation('toy', 'things', 'thigns')).rejects.toMatchObject({
      code: 'unknown_relation',
      hint: expect.stringContaining('"things"'),
    });
  });

  it('refuses a document that is broken, and one outside its provider', async () => {
    const catalog = openCatalog({ roots: [root] });
    await expect(catalog.provider('broken')).rejects.toMatchObject({ code: 'invalid_provider' });
    await expect(catalog.relation('escape', 'up', 'x')).rejects.toMatchObject({
      code: 'invalid_provider',
      message: expect.stringContaining('outside'),
    });
  });

  it('finds a provider that was installed after it was opened', async () => {
    const catalog = openCatalog({ roots: [root] });
    await expect(catalog.provider('later')).rejects.toMatchObject({ code: 'unknown_provider' });
    await write('later/v1.0.0/provider.json', JSON.stringify({ providerServices: {}, title: 'Later' }));
    expect((await catalog.provider('later')).title).toBe('Later');
    await rm(join(root, 'later'), { recursive: true });
  });
});

describe('a relation', () => {
  it('has the properties of the first reading method as columns, those of subtypes hidden', async () => {
    const { columns } = await relation('THINGS');
    expect(columns.map(({ name, shape, published }) => [name, shape.apiType, shape.sqlType, published])).toEqual([
      ['id', 'string', 'VARCHAR', true],
      ['kind', 'string', 'VARCHAR', true],
      ['madeAt', 'string', 'TIMESTAMPTZ', true],
      ['size', 'integer', 'BIGINT', true],
      ['parent', 'object', 'JSON', true],
      ['detail', 'object', 'JSON', true],
      ['lid', 'boolean', 'BOOLEAN', false],
    ]);
  });

  it('merges what subtypes add to an object, and follows recursive schemas as far as asked', async () => {
    const { columns } = await relation('things');
    const detail = columns.find((column) => column.name === 'detail')?.shape.properties() ?? new Map();
    expect([...detail].map(([name, shape]) => [name, shape.sqlType])).toEqual([
      ['weight', 'DOUBLE'],
      ['depth', 'BIGINT'],
    ]);
    const parent = columns.find((column) => column.name === 'parent')?.shape;
    expect(parent?.properties().get('parent')?.properties().get('id')?.sqlType).toBe('VARCHAR');
  });

  it('takes verbs from method names where the document has no sqlVerbs, list before get', async () => {
    expect((await relation('things')).candidates).toEqual({ SELECT: ['list', 'get'], INSERT: ['insert'] });
  });

  it('takes an empty list of verbs for what it says', async () => {
    const chosen = await relation('chosen');
    expect(chosen.candidates).toEqual({ INSERT: ['naive'], REPLACE: ['naive'] });
    expect(method(chosen, 'list').verbs).toEqual(['EXEC']);
    expect(method(chosen, 'naive').verbs).toEqual(['INSERT', 'REPLACE']);
  });

  it('leaves out a method whose operation is not in the document', async () => {
    expect((await relation('things')).methods.map((one) => one.name)).toEqual(['get', 'list', 'insert', 'purge']);
  });

  it('keeps the views that are written in its dialect', async () => {
    expect((await relation('summary')).views).toEqual([
      { requiredParams: ['zone'], sql: "SELECT count(*) AS n FROM toy.Things.things WHERE zone = 'x'" },
    ]);
  });

  it('derives key, identity, page size and filters that the document leaves unsaid', async () => {
    const { overlay } = await relation('things');
    expect(overlay.relation).toEqual({ key: ['id'], identity: { thingId: 'id' } });
    expect(overlay.methods.list).toEqual({
      pageSize: { parameter: 'limit', size: 100, max: 100, default: 10 },
      filters: [
        { parameter: '$filter', grammar: 'odata', connectives: ['and'], attributes: { name: { operators: ['eq', 'sw'], exact: false } } },
      ],
    });
  });
});

describe('a method', () => {
  it('requires path, query, header and server parameters, in that order', async () => {
    const things = await relation('things');
    expect(method(things, 'list').requiredParams).toEqual(['zone', 'trace', 'region', 'tenant']);
    expect(method(things, 'get').requiredParams).toEqual(['thingId', 'deep', 'region', 'tenant']);
    expect(method(things, 'insert').requiredParams).toEqual(['trace', 'data__name', 'region', 'tenant']);
    expect(method(await relation('chosen'), 'naive').requiredParams).toEqual(['trace', 'name', 'region', 'tenant']);
  });

  it('leaves optional parameters of the whole path alone', async () => {
    expect(method(await relation('things'), 'list').parameters.map((one) => one.name)).toEqual(['zone', 'limit', '$filter', 'trace']);
  });

  it('strips patterns from server variables and keeps defaults and environment variables', async () => {
    const [server] = method(await relation('things'), 'get').http.servers;
    expect(server?.url).toBe('https://{region}.toy.test/{tenant}');
    expect(server?.variables.map(({ name, default: fallback, envVar }) => ({ name, fallback, envVar }))).toEqual([
      { name: 'region', fallback: 'eu', envVar: undefined },
      { name: 'tenant', fallback: undefined, envVar: 'TOY_TENANT' },
    ]);
  });

  it('knows where its rows are and how it pages', async () => {
    const list = method(await relation('things'), 'list');
    expect(list.response.rowsPath).toEqual(['data']);
    expect(list.response.row?.properties().has('madeAt')).toBe(true);
    expect(list.pagination).toEqual({
      algorithm: 'token',
      request: { key: 'cursor', location: 'query' },
      response: { key: '$.meta.next', location: 'body' },
    });
  });

  it('has no rows where the media type it names is not in the response', async () => {
    expect(method(await relation('chosen'), 'list').response).toEqual({ mediaType: 'text/plain', rowsPath: [], row: undefined });
  });

  it('describes the body it sends', async () => {
    const body = method(await relation('things'), 'insert').body;
    expect({ ...body, shape: [...(body?.shape?.properties().keys() ?? [])] }).toEqual({
      mediaType: 'application/json',
      required: true,
      shape: ['name', 'size'],
      requiredProperties: ['name'],
      naming: { kind: 'data__' },
      base: { source: 'sql' },
    });
  });

  it('keeps a query that is part of the path, and says what is deprecated and what only reads', async () => {
    const things = await relation('things');
    const purge = method(things, 'purge');
    expect([purge.http.verb, purge.http.path, purge.deprecated, purge.safe]).toEqual([
      'POST',
      '/things/{thingId}:purge?mode=full',
      true,
      false,
    ]);
    expect([method(things, 'list').safe, method(things, 'list').description]).toEqual([true, 'Lists things.']);
  });
});
