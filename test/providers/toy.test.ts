import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rowsOf } from '../../src/session/test-session.ts';
import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';
import { writeToyProvider } from './toy-provider.ts';
import { openToyServer, type ToyServer } from './toy-server.ts';

let server: ToyServer;
let folder: string;
let session: Session;

beforeAll(async () => {
  server = await openToyServer();
  folder = mkdtempSync(join(tmpdir(), 'orgql-toy-'));
  writeToyProvider(folder, server.url);
  session = await openSession({ orgs: [], providerRoots: [folder] }, { environment: { TOY_KEY: 's3cret' } });
});

beforeEach(() => {
  server.takeRequests();
});

afterAll(async () => {
  await session.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const rows = async (sql: string): Promise<readonly unknown[]> => await rowsOf(await session.query(sql));

describe('pages', () => {
  const ids = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }];
  test.each([
    ['by_token', ['GET /paging/token', 'GET /paging/token?cursor=2', 'GET /paging/token?cursor=4']],
    ['by_address', ['GET /paging/address', 'GET /paging/address?from=2', 'GET /paging/address?from=4']],
    ['by_link', ['GET /paging/link', 'GET /paging/link?from=2', 'GET /paging/link?from=4']],
    ['by_number', ['GET /paging/number', 'GET /paging/number?page=2', 'GET /paging/number?page=3']],
    [
      'by_body',
      [
        'POST /paging/post {"kind":"things"}',
        'POST /paging/post {"kind":"things","Marker":"2"}',
        'POST /paging/post {"kind":"things","Marker":"4"}',
      ],
    ],
  ])('of %s are read to the end', async (name, requests) => {
    expect(await rows(`SELECT id FROM toy.paging.${name} ORDER BY id`)).toEqual(ids);
    expect(server.takeRequests()).toEqual(requests);
  });

  test('counted by an offset are read to the end', async () => {
    expect(await rows('SELECT id FROM toy.rows.by_offset ORDER BY id')).toEqual(ids);
    expect(server.takeRequests()).toEqual(['GET /eu/rows/offset', 'GET /eu/rows/offset?offset=2', 'GET /eu/rows/offset?offset=4']);
  });

  test('that the API announces and the document does not tell how to ask for are no whole result', async () => {
    await expect(rows('SELECT id FROM toy.rows.unknown')).rejects.toMatchObject({ code: 'invalid_provider' });
    expect(await rows('SELECT id FROM toy.rows.unknown LIMIT 2')).toHaveLength(2);
  });

  test('stop where a LIMIT is met', async () => {
    expect(await rows('SELECT id FROM toy.paging.by_link LIMIT 2')).toHaveLength(2);
    expect(server.takeRequests()).toHaveLength(1);
  });
});

describe('rows', () => {
  test.each([
    ["SELECT id, score FROM toy.rows.deep WHERE region = 'us'", [{ id: 7, score: 3.5 }]],
    ['SELECT id FROM toy.rows.deep', [{ id: 1 }, { id: 2 }]],
    [
      "SELECT region, id FROM toy.rows.deep WHERE region IN ('us', 'eu') ORDER BY ALL",
      [
        { region: 'eu', id: 1 },
        { region: 'eu', id: 2 },
        { region: 'us', id: 7 },
      ],
    ],
    ['SELECT id FROM toy.rows.nested ORDER BY id', [{ id: 1 }, { id: 2 }, { id: 3 }]],
    [
      'SELECT id, name FROM toy.rows.bare ORDER BY id',
      [
        { id: 1, name: 'n1' },
        { id: 9007199254740993n, name: null },
      ],
    ],
    ['SELECT id, name FROM toy.rows.one', [{ id: 4, name: 'n4' }]],
    ['SELECT column_anon FROM toy.rows.strings ORDER BY 1', [{ column_anon: 'a' }, { column_anon: 'b' }]],
    ['SELECT id FROM toy.rows.own', [{ id: 8 }]],
    ["SELECT name FROM toy.rows.flows WHERE flow_id = 'main.yml'", [{ name: 'main' }]],
    [
      'SELECT id, name FROM toy.rows.xml ORDER BY id',
      [
        { id: 1, name: 'a & b' },
        { id: 2, name: 'c' },
      ],
    ],
    ["SELECT id FROM toy.rows.graph WHERE owner = 'me' ORDER BY id", [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }]],
    [
      "SELECT id, first_tag FROM toy.rows.viewed WHERE region = 'eu' ORDER BY id",
      [
        { id: 1, first_tag: 't1' },
        { id: 9007199254740993n, first_tag: null },
      ],
    ],
    ["SELECT o.id FROM toy.rows.odata o WHERE o.name = 'n3'", [{ id: 3 }]],
    ["SELECT tags[1] AS second FROM toy.rows.one WHERE tags->>0 = 't4'", [{ second: 'x' }]],
  ])('%s', async (sql, expected) => {
    expect(await rows(sql)).toEqual(expected);
  });

  test('a view of the provider takes the values that the query gives', async () => {
    expect(await rows("SELECT v.id FROM toy.rows.viewed v WHERE v.region = 'us'")).toEqual([{ id: 7 }]);
    expect(server.takeRequests()).toEqual(['GET /us/rows/bare']);
    expect(await rows('DESCRIBE toy.rows.viewed')).toMatchObject([{ name: 'id' }, { name: 'first_tag' }]);
    await expect(rows('SELECT id FROM toy.rows.viewed')).rejects.toMatchObject({
      code: 'required_parameter_missing',
      hint: "add  WHERE region = '...'",
    });
  });

  test('a path that is not there is an error where nothing but the server was named, and no row where a key was', async () => {
    await expect(rows("SELECT * FROM toy.rows.strings WHERE region = 'us'")).rejects.toMatchObject({ code: 'not_found' });
    expect(await rows('SELECT name FROM toy.rows.flows WHERE flow_id = 404')).toEqual([]);
  });

  test('OData conditions travel', async () => {
    await rows("SELECT id FROM toy.rows.odata WHERE name = 'n3'");
    expect(server.takeRequests()).toEqual(["GET /eu/rows/things?$filter=name eq 'n3'"]);
  });
});

describe('writes', () => {
  test.each([
    [
      `INSERT INTO toy.bodies.items (data__displayName, data__labels) VALUES ('new', '{"a": 1}') RETURNING id, displayName`,
      [{ id: 'i2', displayName: 'new' }],
      ['POST /bodies/items {"displayName":"new","labels":{"a":1}}'],
    ],
    [
      "UPDATE toy.bodies.items SET display_name = 'x', size = 5 WHERE id = 'i1'",
      [],
      ['PATCH /bodies/items/i1 {"displayName":"x","size":5}'],
    ],
    ["DELETE FROM toy.bodies.items WHERE id = 'i1'", [], ['DELETE /bodies/items/i1']],
    [
      "INSERT INTO toy.bodies.wrapped (displayName, size) VALUES ('w', 3)",
      [],
      ['POST /bodies/wrapped {"spec":{"displayName":"w","size":3}}'],
    ],
    ["EXEC toy.bodies.items.restart @id = 'i1'", [], ['POST /bodies/items/i1:restart']],
  ])('%s', async (sql, expected, requests) => {
    expect(await rows(sql)).toEqual(expected);
    expect(server.takeRequests().filter((request) => !request.startsWith('GET'))).toEqual(requests);
  });

  test('the method is chosen by what is given', async () => {
    await rows("SELECT displayName FROM toy.bodies.items WHERE id = 'i1'");
    expect(server.takeRequests()).toEqual(['GET /bodies/items/i1']);
    await rows('SELECT displayName FROM toy.bodies.items');
    expect(server.takeRequests()).toEqual(['GET /bodies/items']);
  });
});

describe('documents with faults', () => {
  test.each([
    ['SELECT id, child.id AS c, child.child.id AS d FROM toy.odd.loops', [{ id: 'a', c: 'b', d: 'c' }]],
    ['SELECT id, extra FROM toy.odd.parts', [{ id: 'p', extra: null }]],
    ['SELECT id, other FROM toy.odd.versions', [{ id: '2', other: true }]],
  ])('%s', async (sql, expected) => {
    expect(await rows(sql)).toEqual(expected);
  });

  test('everything can be shown, described and explained', async () => {
    for (const { name: service } of (await session.catalog.provider('toy')).services) {
      const relations = (await rows(`SHOW EXTENDED RESOURCES IN toy.${service}`)) as readonly { readonly id: string }[];
      for (const { id } of relations) {
        const methods = (await rows(`SHOW METHODS EXTENDED IN ${id}`)) as readonly { readonly SQLVerb: string }[];
        await rows(`DESCRIBE EXTENDED ${id}`);
        if (methods.some(({ SQLVerb }) => SQLVerb === 'SELECT'))
          await rows(`EXPLAIN SELECT * FROM ${id}`).catch((error: unknown) =>
            expect(error).toMatchObject({ code: 'required_parameter_missing' }),
          );
      }
    }
    expect(server.takeRequests()).toEqual([]);
  });

  test('a relation without a method to read it says so', async () => {
    await expect(rows('SELECT * FROM toy.odd.empty')).rejects.toMatchObject({ message: expect.stringContaining('toy.odd.empty') });
    await expect(rows('SELECT * FROM toy.odd.gone')).rejects.toMatchObject({ message: expect.stringContaining('toy.odd.gone') });
  });
});

describe('credentials', () => {
  test('travel as the document says', async () => {
    await rows('SELECT id FROM toy.rows.bare');
    expect(server.headers().authorization).toBe('Key s3cret');
  });
});
