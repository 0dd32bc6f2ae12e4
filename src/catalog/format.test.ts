import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCatalog } from './load.ts';
import type { Json, Relation } from './types.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'format-'));
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

/** The relation `things` of a service document with one operation at `GET /things`. */
async function relation(parts: {
  readonly provider?: string;
  readonly providerConfig?: Json;
  readonly schema?: Json;
  readonly schemas?: Readonly<Record<string, Json>>;
  readonly operation?: Readonly<Record<string, Json>>;
  readonly method?: Readonly<Record<string, Json>>;
  readonly resource?: Readonly<Record<string, Json>>;
  readonly verb?: string;
}): Promise<Relation> {
  const { provider = 'toy', verb = 'get' } = parts;
  const folder = join(root, provider, 'v1.0.0');
  await mkdir(join(folder, 'services'), { recursive: true });
  const entry = { name: 'a', service: { $ref: `${provider}/v1.0.0/services/a.yaml` } };
  await writeFile(join(folder, 'provider.json'), JSON.stringify({ providerServices: { a: entry }, config: parts.providerConfig ?? {} }));
  const operation = { responses: { '200': { content: { 'application/json': { schema: parts.schema ?? {} } } } }, ...parts.operation };
  const method = {
    operation: { $ref: `#/paths/~1things/${verb}` },
    response: { openAPIDocKey: '200', mediaType: 'application/json' },
    ...parts.method,
  };
  const resources = { things: { methods: { list: method }, ...parts.resource } };
  const document = {
    paths: { '/things': { [verb]: operation } },
    components: { schemas: parts.schemas ?? {}, 'x-stackQL-resources': resources },
  };
  await writeFile(join(folder, 'services', 'a.json'), JSON.stringify(document));
  return await openCatalog({ roots: [root] }).relation(provider, 'a', 'things');
}

const names = (of: Relation): readonly string[] => of.columns.map((column) => `${column.name}:${column.wireName}:${column.shape.sqlType}`);
const query = (name: string): Json => ({ name, in: 'query', schema: { type: 'string' } });

it('gives columns snake-case names where the provider asks for it, and remembers the wire', async () => {
  const schema = {
    properties: { DBInstanceId: { type: 'string' }, Tags: { type: 'array', xml: { name: 'TagSet' }, items: { type: 'string' } } },
  };
  const operation = {
    parameters: [{ name: 'MaxRecords', in: 'query', required: true, schema: { type: 'integer' } }],
    responses: { '200': { content: { 'application/json': { schema } } } },
  };
  const things = await relation({ providerConfig: { snake_case_aliases: true }, operation });
  expect(names(things)).toEqual(['db_instance_id:DBInstanceId:VARCHAR', 'tags:TagSet:JSON']);
  expect(things.methods[0]?.parameters[0]).toMatchObject({ name: 'MaxRecords', wireName: 'MaxRecords', aliases: ['max_records'] });
});

it('tells columns apart whose names differ in case only', async () => {
  const schema = { properties: { url: { type: 'string' }, URL: { type: 'string' }, Url: { type: 'boolean' } } };
  expect(names(await relation({ schema }))).toEqual(['url:url:VARCHAR', 'URL_1:URL:VARCHAR', 'Url_2:Url:BOOLEAN']);
});

it('has one nameless column for rows that are bare values', async () => {
  expect(names(await relation({ schema: { type: 'array', items: { type: 'string' } } }))).toEqual(['column_anon:column_anon:VARCHAR']);
});

it('takes a type that holds every alternative', async () => {
  const either = (...types: readonly Json[]): Json => ({ oneOf: types.map((type) => ({ type })) });
  const schema = {
    properties: {
      number: either('integer', 'number'),
      mixed: either('string', 'integer'),
      tree: either('string', 'object'),
      nullable: { type: ['null', 'integer'] },
      unsaid: {},
      map: { additionalProperties: { type: 'integer' } },
    },
  };
  expect(names(await relation({ schema })).map((name) => name.replace(/^(.*):.*:/, '$1 '))).toEqual([
    'number DOUBLE',
    'mixed VARCHAR',
    'tree JSON',
    'nullable BIGINT',
    'unsaid VARCHAR',
    'map JSON',
  ]);
});

it('merges alternatives and stops at references that run in a circle', async () => {
  const schemas = {
    A: { allOf: [{ $ref: '#/components/schemas/B' }], properties: { a: { type: 'string' } } },
    B: { anyOf: [{ $ref: '#/components/schemas/a' }, { properties: { b: { type: 'integer' } } }] },
    Loop: { $ref: '#/components/schemas/Loop' },
  };
  expect(names(await relation({ schema: { $ref: '#/components/schemas/A' }, schemas }))).toEqual(['a:a:VARCHAR', 'b:b:BIGINT']);
  expect(names(await relation({ schema: { $ref: '#/components/schemas/Loop' }, schemas }))).toEqual([]);
});

it('finds rows under a path of several names, and under items', async () => {
  const row = { type: 'array', items: { properties: { id: { type: 'string' } } } };
  const deep = await relation({
    schema: { properties: { a: { properties: { b: row } } } },
    method: { response: { openAPIDocKey: '200', mediaType: 'application/json', objectKey: '$.a.b[*]' } },
  });
  expect([deep.methods[0]?.response.rowsPath, names(deep)]).toEqual([['a', 'b'], ['id:id:VARCHAR']]);
  const implied = await relation({ schema: { properties: { kind: { type: 'string' }, items: row } } });
  expect([implied.methods[0]?.response.rowsPath, names(implied)]).toEqual([['items'], ['id:id:VARCHAR']]);
});

it('runs a response transform only where the document says what it makes', async () => {
  const transform = { type: 'golang_template_json_v0.1.0', body: '{{ . }}' };
  const response = { openAPIDocKey: '200', mediaType: 'application/json', transform };
  expect((await relation({ method: { response } })).methods[0]?.response.transform).toBeUndefined();
  const complete = await relation({ method: { response: { ...response, overrideMediaType: 'application/json' } } });
  expect(complete.methods[0]?.response.transform).toEqual({ ...transform, mediaType: 'application/json' });
});

it('pages by what is declared, each part from the nearest level that has it', async () => {
  const things = await relation({
    providerConfig: {
      pagination: {
        requestToken: { key: 'page', location: 'query' },
        responseToken: { key: 'pages.current', location: 'body' },
        responseTerminator: { key: 'pages.total' },
      },
    },
    resource: { config: { pagination: { algorithm: 'page_number', requestToken: { key: '', location: 'request' } } } },
  });
  expect(things.methods[0]?.pagination).toEqual({
    algorithm: 'page_number',
    request: { key: '', location: 'url' },
    response: { key: 'pages.current', location: 'body' },
    terminator: { key: 'pages.total' },
  });
});

it('pages by what the response shows where nothing is declared', async () => {
  const pagination = async (properties: Readonly<Record<string, Json>>, parameters: readonly Json[], provider = 'toy'): Promise<unknown> =>
    (
      await relation({
        provider,
        operation: { parameters, responses: { '200': { content: { 'application/json': { schema: { properties } } } } } },
      })
    ).methods[0]?.pagination;
  const usual = {
    algorithm: 'token',
    request: { key: 'pageToken', location: 'query' },
    response: { key: 'nextPageToken', location: 'body' },
  };
  expect(await pagination({}, [])).toEqual(usual);
  expect(await pagination({}, [], 'github')).toEqual({
    algorithm: 'token',
    request: { key: '', location: 'url' },
    response: { key: 'Link', location: 'header' },
  });
  expect(await pagination({ nextLink: { type: 'string' } }, [])).toEqual({
    algorithm: 'token',
    request: { key: '', location: 'url' },
    response: { key: 'nextLink', location: 'body' },
  });
  expect(await pagination({ data: { properties: { next_cursor: { type: 'string' } } } }, [query('cursor')])).toEqual({
    algorithm: 'token',
    request: { key: 'cursor', location: 'query' },
    response: { key: '$.data.next_cursor', location: 'body' },
  });
  expect(await pagination({ next_cursor: { type: 'string' } }, [])).toEqual(usual);
  expect(await pagination({ pagination: { properties: { next: { type: 'string' }, total: { type: 'integer' } } } }, [])).toEqual({
    algorithm: 'token',
    request: { key: '', location: 'url' },
    response: { key: '$.pagination.next', location: 'body' },
  });
  expect(await pagination({ more: { type: 'boolean' } }, [query('offset')])).toEqual({
    ...usual,
    offset: { parameter: 'offset', more: 'more' },
  });
});

it('reads a GraphQL operation, which only reads whatever its verb', async () => {
  const graphQl = {
    url: 'https://toy.test/graphql',
    query: '{ things }',
    responseSelection: { jsonPath: '$.data.things[*]' },
    cursor: { jsonPath: '$.data.end', strategy: 'page_info', terminateOnJsonPath: '$.data.more', pageSize: 50 },
  };
  const [list] = (await relation({ verb: 'post', operation: { 'x-stackQL-graphQL': graphQl } })).methods;
  expect([list?.safe, list?.graphQl]).toEqual([
    true,
    {
      url: graphQl.url,
      query: graphQl.query,
      rowsPath: '$.data.things[*]',
      cursor: { path: '$.data.end', strategy: 'page_info', terminateOn: '$.data.more', pageSize: 50 },
    },
  ]);
});

it('writes a body under the path that the document names, by wire or snake-case names', async () => {
  const schema = {
    properties: {
      DesiredState: {
        required: ['BucketName'],
        properties: { BucketName: { type: 'string', 'x-stackQL-stringOnly': true }, Tags: { type: 'array' } },
      },
    },
  };
  const [list] = (
    await relation({
      verb: 'post',
      operation: { requestBody: { content: { 'application/json': { schema } } } },
      method: {
        config: { requestBodyTranslate: { algorithm: 'naive_DesiredState' } },
        request: { nativeCasing: 'pascal', base: '{"TypeName":"T"}', default: '{}' },
      },
    })
  ).methods;
  expect({ ...list?.body, shape: undefined }).toEqual({
    mediaType: 'application/json',
    required: false,
    shape: undefined,
    requiredProperties: ['BucketName'],
    naming: { kind: 'naive', under: 'DesiredState' },
    aliases: { bucket_name: 'BucketName', tags: 'Tags' },
    textProperties: ['BucketName'],
    base: { TypeName: 'T' },
    default: '{}',
  });
});

it('believes a sentence about the size of pages where the schema is silent, and nothing vaguer', async () => {
  const size = async (description: string): Promise<unknown> =>
    (
      await relation({
        operation: { parameters: [{ name: 'per_page', in: 'query', description, schema: { type: 'integer', default: 30 } }] },
      })
    ).overlay.methods.list?.pageSize;
  expect(await size('The number of results per page (max 100).')).toEqual({ parameter: 'per_page', size: 100, max: 100, default: 30 });
  expect(await size('Accepts a number in the range 1..1000')).toMatchObject({ size: 1000 });
  expect(await size('How many results you want')).toBeUndefined();
});

it('requires parameters by where they travel, whatever order the document has, and survives one that refers to itself', async () => {
  const parameter = (name: string, location: string): Json => ({ name, in: location, required: true, schema: { type: 'string' } });
  const [list] = (
    await relation({
      operation: {
        parameters: [parameter('x', 'header'), parameter('b', 'query'), parameter('a', 'query'), { $ref: '#/components/schemas/Self' }],
      },
      schemas: { Self: { $ref: '#/components/schemas/Self' } },
    })
  ).methods;
  expect(list?.requiredParams).toEqual(['a', 'b', 'x']);
});
