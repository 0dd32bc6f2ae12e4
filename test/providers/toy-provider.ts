import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a provider `toy` below a folder: documents of our own with what published ones have, and some of what they have wrong. */
export function writeToyProvider(root: string, url: string): void {
  const files: Readonly<Record<string, string>> = {
    'provider.yaml': PROVIDER,
    'services/paging.yaml': PAGING.replaceAll('SERVER', url),
    'services/rows.yaml': ROWS.replaceAll('SERVER', url),
    'services/bodies.yaml': BODIES.replaceAll('SERVER', url),
    // The provider document spells this one otherwise, as published ones do.
    'services/Odd.yaml': ODD.replaceAll('SERVER', url),
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, 'toy', 'v00.00.00000', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

const PROVIDER = `
id: toy
name: toy
version: v00.00.00000
extra: !<tag:yaml.org,2002:js/undefined> ''
providerServices:
  paging: { id: 'paging:v1', name: paging, title: Paging, service: { $ref: toy/v00.00.00000/services/paging.yaml } }
  rows: { id: 'rows:v1', name: rows, title: Rows, service: { $ref: toy/v00.00.00000/services/rows.yaml } }
  bodies: { id: 'bodies:v1', name: bodies, title: Bodies, service: { $ref: toy/v00.00.00000/services/bodies.yaml } }
  odd: { id: 'odd:v1', name: odd, title: Odd, service: { $ref: toy/v00.00.00000/services/odd.yaml } }
config:
  auth: { type: api_key, credentialsenvvar: TOY_KEY, valuePrefix: 'Key ' }
`;

/** A list at a path, with the method that reads it. */
const list = (path: string, parameters = '', schema = '{ $ref: "#/components/schemas/Page" }'): string => `
  ${path}:
    get:
      operationId: list
      ${parameters === '' ? '' : `parameters: [${parameters}]`}
      responses: { '200': { description: ok, content: { application/json: { schema: ${schema} } } } }`;

const resource = (
  name: string,
  path: string,
  more = '',
  response = "mediaType: application/json, openAPIDocKey: '200', objectKey: $.items",
): string => `
    ${name}:
      id: toy.x.${name}
      name: ${name}
      methods:
        list:
          operation: { $ref: '#/paths/${path.replaceAll('/', '~1')}/get' }
          response: { ${response} }
          ${more}
      sqlVerbs: { select: [{ $ref: '#/components/x-stackQL-resources/${name}/methods/list' }] }`;

const query = (name: string): string => `{ name: ${name}, in: query, schema: { type: string } }`;

const PAGING = `
openapi: 3.0.0
info: { title: paging, version: '1' }
servers: [{ url: SERVER/paging }]
x-stackQL-config:
  pagination: { requestToken: { key: cursor, location: query }, responseToken: { key: $.meta.next, location: body } }
paths:${list('/token', query('cursor'))}${list('/address')}${list('/link', '', '{ type: array, items: { $ref: "#/components/schemas/Row" } }')}${list('/number', query('page'))}
  /post:
    post:
      requestBody: { content: { application/json: { schema: { type: object, properties: { Marker: { type: string }, kind: { type: string } } } } } }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } } }
components:
  schemas:
    Row: { type: object, properties: { id: { type: integer }, name: { type: string } } }
    Page: { type: object, properties: { items: { type: array, items: { $ref: '#/components/schemas/Row' } }, meta: { type: object, properties: { next: { type: string } } } } }
  x-stackQL-resources:${resource('by_token', '/token')}${resource(
    'by_address',
    '/address',
    "config: { pagination: { requestToken: { key: '', location: request }, responseToken: { key: $.meta.next, location: body } } }",
  )}${resource(
    'by_link',
    '/link',
    "config: { pagination: { requestToken: { key: '', location: request }, responseToken: { key: Link, location: header } } }",
    "mediaType: application/json, openAPIDocKey: '200'",
  )}${resource(
    'by_number',
    '/number',
    'config: { pagination: { algorithm: page_number, requestToken: { key: page, location: query }, responseToken: { key: page, location: body }, responseTerminator: { key: pages, location: body } } }',
  )}
    by_body:
      name: by_body
      methods:
        list:
          operation: { $ref: '#/paths/~1post/post' }
          x-orgql-method: { safe: true }
          request: { mediaType: application/json, base: '{"kind": "things"}' }
          response: { mediaType: application/json, openAPIDocKey: '200', objectKey: $.items }
          config:
            requestBodyTranslate: { algorithm: naive }
            pagination: { requestToken: { key: Marker, location: body }, responseToken: { key: Marker, location: body } }
      sqlVerbs: { select: [{ $ref: '#/components/x-stackQL-resources/by_body/methods/list' }] }
`;

const ROWS = `
openapi: 3.0.0
info: { title: rows, version: '1' }
servers:
  - url: SERVER/{region:^(?:eu|us)$}/rows
    variables: { region: { default: eu, enum: [eu, us] } }
paths:${list('/deep', '', '{ type: object, properties: { data: { type: object, properties: { list: { type: array, items: { $ref: "#/components/schemas/Row" } } } } } }')}${list(
  '/nested',
  '',
  '{ type: object, properties: { groups: { type: array, items: { type: object, properties: { value: { type: array, items: { $ref: "#/components/schemas/Row" } } } } } } }',
)}${list('/bare', '', '{ type: array, items: { $ref: "#/components/schemas/Row" } }')}${list('/one', '', '{ $ref: "#/components/schemas/Row" }')}${list('/strings', '', '{ type: array, items: { type: string } }')}${list('/offset', `${query('offset')}, ${query('limit')}`, '{ type: object, properties: { things: { type: array, items: { $ref: "#/components/schemas/Row" } }, more: { type: boolean } } }')}${list('/unknown', '', '{ type: object, properties: { things: { type: array, items: { $ref: "#/components/schemas/Row" } } } }')}
  /flows/{flow_id}:
    get:
      parameters: [{ name: flow_id, in: path, required: true, schema: { oneOf: [{ type: integer }, { type: string }] } }]
      responses: { '200': { description: ok, content: { application/json: { schema: { type: object, properties: { flow_id: { type: integer }, name: { type: string } } } } } } }
  /own:
    servers: [{ url: SERVER/elsewhere }]
    get:
      responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Row' } } } } } }
  /things:
    get:
      parameters: [${['$select', '$filter', '$orderby', '$top', '$skip'].map(query).join(', ')}]
      responses: { '200': { description: ok, content: { application/json: { schema: { type: object, properties: { value: { type: array, items: { $ref: '#/components/schemas/Row' } } } } } } } }
  /xml:
    get:
      responses: { '200': { description: ok, content: { text/xml: { schema: { type: object, properties: { items: { type: array, items: { $ref: '#/components/schemas/Row' } } } } } } } }
  /graphql:
    post:
      x-stackQL-graphQL:
        url: SERVER/graphql
        httpVerb: POST
        query: '{ things(first: 2, owner: "{{ .owner }}"{{ .cursor }}) { nodes { id name } pageInfo { endCursor } } }'
        responseSelection: { jsonPath: $.data.things.nodes }
        cursor: { jsonPath: $.data.things.pageInfo.endCursor, strategy: cursor_after }
      parameters: [{ name: owner, in: query, required: true, schema: { type: string } }]
      responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Row' } } } } } }
components:
  schemas:
    Row: { type: object, properties: { id: { type: integer }, name: { type: string }, score: { type: number }, tags: { type: array, items: { type: string } } } }
  x-stackQL-resources:${resource('deep', '/deep', '', "mediaType: application/json, openAPIDocKey: '200', objectKey: $.data.list")}${resource(
    'nested',
    '/nested',
    '',
    "mediaType: application/json, openAPIDocKey: '200', objectKey: '$.groups[*].value[*]'",
  )}${resource('bare', '/bare', '', "mediaType: application/json, openAPIDocKey: '200'")}${resource('one', '/one', '', "mediaType: application/json, openAPIDocKey: '200'")}${resource('strings', '/strings', '', "mediaType: application/json, openAPIDocKey: '200'")}${resource('by_offset', '/offset', '', "mediaType: application/json, openAPIDocKey: '200', objectKey: $.things")}${resource('unknown', '/unknown', '', "mediaType: application/json, openAPIDocKey: '200', objectKey: $.things")}${resource('flows', '/flows/{flow_id}', '', "mediaType: application/json, openAPIDocKey: '200'")}${resource('own', '/own', '', "mediaType: application/json, openAPIDocKey: '200'")}${resource(
    'odata',
    '/things',
    'config: { queryParamPushdown: { filter: { dialect: odata, supportedOperators: [eq, gt], supportedColumns: [name, id] }, top: { dialect: odata } } }',
    "mediaType: application/json, openAPIDocKey: '200', objectKey: $.value",
  )}${resource(
    'xml',
    '/xml',
    '',
    `mediaType: text/xml, openAPIDocKey: '200', objectKey: $.items, overrideMediaType: application/json, transform: { type: golang_template_mxj_v0.2.0, body: '{"items": [{{ range $i, $row := .things.thing }}{{ if $i }},{{ end }}{"id": {{ index $row "-id" }}, "name": {{ toJson $row.name }}}{{ end }}]}' }`,
  )}
    graph:
      name: graph
      methods:
        list: { operation: { $ref: '#/paths/~1graphql/post' }, response: { mediaType: application/json, openAPIDocKey: '200' } }
      sqlVerbs: { select: [{ $ref: '#/components/x-stackQL-resources/graph/methods/list' }] }
    viewed:
      name: viewed
      config:
        views:
          select:
            predicate: sqlDialect == "sqlite3" && requiredParams == [ region ]
            ddl: SELECT id, JSON_EXTRACT(tags, '$[0]') AS first_tag FROM toy.rows.bare WHERE region = 'eu'
`;

const BODIES = `
openapi: 3.0.0
info: { title: bodies, version: '1' }
servers: [{ url: SERVER/bodies }]
paths:
  /items:
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Item' } } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Item' } } } }
      responses: { '201': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Item' } } } } }
  /items/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Item' } } } } } }
    patch:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Item' } } } }
      responses: { '200': { description: ok } }
    delete: { responses: { '204': { description: gone } } }
  /items/{id}:restart:
    post:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '202': { description: on its way } }
  /wrapped:
    post:
      requestBody: { content: { application/json: { schema: { type: object, properties: { spec: { $ref: '#/components/schemas/Item' } } } } } }
      responses: { '200': { description: ok } }
components:
  schemas:
    Item:
      required: [displayName]
      properties: { id: { type: string, readOnly: true }, displayName: { type: string }, size: { type: integer }, labels: { type: object } }
  x-stackQL-resources:
    items:
      name: items
      methods:
        list: { operation: { $ref: '#/paths/~1items/get' }, response: { mediaType: application/json, openAPIDocKey: '200' } }
        get: { operation: { $ref: '#/paths/~1items~1{id}/get' }, response: { mediaType: application/json, openAPIDocKey: '200' } }
        insert: { operation: { $ref: '#/paths/~1items/post' }, response: { mediaType: application/json, openAPIDocKey: '201' } }
        patch:
          operation: { $ref: '#/paths/~1items~1{id}/patch' }
          config: { requestBodyTranslate: { algorithm: naive } }
          request: { mediaType: application/json, nativeCasing: camel }
          response: { openAPIDocKey: '200' }
        delete: { operation: { $ref: '#/paths/~1items~1{id}/delete' }, response: { openAPIDocKey: '204' } }
        restart: { operation: { $ref: '#/paths/~1items~1{id}:restart/post' }, response: { openAPIDocKey: '202' } }
      sqlVerbs:
        select: [{ $ref: '#/components/x-stackQL-resources/items/methods/get' }, { $ref: '#/components/x-stackQL-resources/items/methods/list' }]
        insert: [{ $ref: '#/components/x-stackQL-resources/items/methods/insert' }]
        update: [{ $ref: '#/components/x-stackQL-resources/items/methods/patch' }]
        delete: [{ $ref: '#/components/x-stackQL-resources/items/methods/delete' }]
    wrapped:
      name: wrapped
      methods:
        insert:
          operation: { $ref: '#/paths/~1wrapped/post' }
          config: { requestBodyTranslate: { algorithm: naive_spec } }
          response: { openAPIDocKey: '200' }
      sqlVerbs: { insert: [{ $ref: '#/components/x-stackQL-resources/wrapped/methods/insert' }] }
`;

const ODD = `
openapi: 3.1.0
info: { title: odd, version: '1' }
servers: [{ url: SERVER/odd }]
paths:
  /loop: { get: { responses: { 200: { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Loop' } } } } } } }
  /missing: { get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/NotThere' } } } } } } }
  /none: { get: { responses: { '404': { description: no } } } }
  /parts: { get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { allOf: [{ $ref: '#/components/schemas/Loop' }, { type: object, properties: { extra: { type: [string, 'null'] } } }] } } } } } } } }
  /versions?api-version=2: { get: { responses: { default: { description: ok, content: { application/json: { schema: { oneOf: [{ $ref: '#/components/schemas/Loop' }, { type: object, properties: { other: { type: boolean } } }] } } } } } } }
components:
  schemas:
    Loop: { type: object, properties: { id: { type: string }, child: { $ref: '#/components/schemas/Loop' }, parent: { $ref: '#/components/schemas/Again' } } }
    Again: { $ref: '#/components/schemas/Loop' }
    Circle: { $ref: '#/components/schemas/Circle' }
  x-stackQL-resources:${resource('loops', '/loop', '', 'mediaType: application/json')}${resource('missing', '/missing', '', "mediaType: application/json, openAPIDocKey: '200'")}${resource('none', '/none', '', 'mediaType: application/json')}${resource('parts', '/parts', '', "mediaType: application/json, openAPIDocKey: '200'")}${resource('versions', '/versions?api-version=2', '', 'mediaType: application/json')}${resource('gone', '/not-in-the-document', '', 'mediaType: application/json')}
    empty: { name: empty }
`;
