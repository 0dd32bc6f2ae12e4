/* What an OData service is asked for, in its own words. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rowsOf } from '../../src/session/test-session.ts';
import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';
import { BadFilter, parseFilter } from './filter.ts';
import { writeODataProvider } from './provider.ts';
import { type ODataServer, openODataServer } from './server.ts';
import { makeThings } from './things.ts';

let server: ODataServer;
let folder: string;
let session: Session;

beforeAll(async () => {
  server = await openODataServer();
  folder = mkdtempSync(join(tmpdir(), 'orgql-odata-'));
  writeODataProvider(folder, server.url);
  session = await openSession({ orgs: [], providerRoots: [folder] });
});
beforeEach(() => void server.takeRequests());
afterAll(async () => {
  await session.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function requestsOf(sql: string): Promise<readonly string[]> {
  await rowsOf(await session.query(sql));
  return server.takeRequests();
}

async function filterOf(where: string, relation = 'exact'): Promise<string | undefined> {
  const [first = ''] = await requestsOf(`SELECT * FROM lake.rows.${relation} t WHERE ${where}`);
  return /\$filter=(.*?)(&\$|$)/s.exec(first)?.[1];
}

describe('a filter', () => {
  test.each([
    ["name = 'O''Brien'", "name eq 'O''Brien'"],
    ["'a+b&c=d#e' = name", "name eq 'a+b&c=d#e'"],
    ["name <> 'Sales'", "name ne 'Sales'"],
    ["name IN ('a', 'b''c')", "name eq 'a' or name eq 'b''c'"],
    ["name IN ('a', 'b') AND id > 3", "(name eq 'a' or name eq 'b') and id gt 3"],
    ["id = 1 OR (id > 5 AND name = 'x')", "id eq 1 or (id gt 5 and name eq 'x')"],
    ["NOT (name = 'x' AND id > 3)", "name ne 'x' or id le 3"],
    ["NOT (name LIKE 'x%')", "not (startswith(name,'x'))"],
    ['name IS NULL', 'name eq null'],
    ['name IS NOT NULL', 'name ne null'],
    ["name LIKE 'S%'", "startswith(name,'S')"],
    ["name LIKE '%es'", "endswith(name,'es')"],
    ["name LIKE 'a%''c%z'", "startswith(name,'a')"],
    ["contains(name, 'al')", "contains(name,'al')"],
    ["owner.city = 'Sales'", "owner/city eq 'Sales'"],
    ["owner->>'city' LIKE '%a_b%'", "contains(owner/city,'a')"],
    ['price >= 2.5', 'price ge 2.5'],
    ['price BETWEEN -1 AND 2', 'price ge -1 and price le 2'],
    ['id = 9007199254740993', 'id eq 9007199254740993'],
    ['active', 'active eq true'],
    ['NOT active', 'active eq false'],
    ['active = false', 'active eq false'],
    ["created > '2024-01-05'", 'created gt 2024-01-05T00:00:00.000Z'],
    ["created >= TIMESTAMPTZ '2024-01-05 02:00:00+02'", 'created ge 2024-01-05T00:00:00.000Z'],
    ["day = '2024-01-05'", 'day eq 2024-01-05'],
    ["key = '0a1b2c3d-0000-4000-8000-000000000002'", 'key eq 0a1b2c3d-0000-4000-8000-000000000002'],
  ])('%s', async (where, filter) => {
    expect(await filterOf(where)).toBe(filter);
  });

  test.each([
    ["name ILIKE 's%'", 'the service minds letter case'],
    ["name > 'M'", 'texts are ordered otherwise'],
    ["day = 'never'", 'it is no day'],
    ["day LIKE '2024%'", 'a day is no text there'],
    ["key = 'no key'", 'it is no key of that form'],
    ["key <> '0a1b2c3d-0000-4000-8000-000000000002'", 'its letters have no case there'],
    ["price = 'inf'::DOUBLE", 'it has no such number'],
    ['price = 0.1 + 0.2::DOUBLE', 'it may read the number otherwise'],
    ["id = '4'", 'it does not convert'],
    ["tags[0] = 'Sales'", 'the relation does not say that it can'],
    ['name = NULL', 'nothing equals NULL'],
    ["id = 1 OR tags[0] = 'x'", 'one branch cannot be said'],
  ])('says nothing of %s: %s', async (where) => {
    expect(await filterOf(where)).toBeUndefined();
  });

  test('of a document without facts has what it lists, and no opposite of a text', async () => {
    expect(await filterOf("name = 'sales' OR id = 1", 'folding')).toBe("name eq 'sales' or id eq 1");
    expect(await filterOf("name <> 'sales'", 'folding')).toBeUndefined();
    expect(await filterOf('price <> 2', 'folding')).toBe('price ne 2');
    expect(await filterOf('name IS NOT NULL', 'folding')).toBe('name ne null');
  });
});

describe('a bound', () => {
  test('is sent where nothing is left to check, in the order that is asked for', async () => {
    expect(await requestsOf('SELECT id FROM lake.rows.exact WHERE active ORDER BY created DESC LIMIT 3 OFFSET 2')).toEqual([
      '/exact/things?$select=active,created,id&$filter=active eq true&$orderby=created desc&$top=5',
    ]);
    expect(await requestsOf('SELECT id FROM lake.rows.folding LIMIT 4')).toEqual(['/folding/things?$select=id&$top=4']);
  });

  test('is read over the pages that the service makes of it', async () => {
    expect(await rowsOf(await session.query('SELECT id FROM lake.rows.exact LIMIT 20'))).toHaveLength(20);
    expect(server.takeRequests()).toHaveLength(3);
  });

  test.each([
    ['the engine must check rows', "SELECT id FROM lake.rows.exact WHERE tags[0] = 'Sales' LIMIT 1"],
    ['the service finds more than is wanted', "SELECT id FROM lake.rows.folding WHERE name = 'Sales' LIMIT 2"],
    ['it counts what has no value among what differs', "SELECT id FROM lake.rows.exact WHERE name <> 'Sales' LIMIT 70"],
    ['it is more than the service takes', 'SELECT id FROM lake.rows.folding LIMIT 60'],
    ['there is none', 'SELECT id FROM lake.rows.folding'],
    ['rows are counted', 'SELECT count(*) FROM lake.rows.folding LIMIT 1'],
  ])('is not sent where %s', async (_, sql) => {
    expect((await requestsOf(sql)).filter((request) => request.includes('$top'))).toEqual([]);
  });
});

test('every row is read, by the next links that the document does not speak of', async () => {
  const [counted] = await rowsOf(await session.query('SELECT count(*)::INT AS n FROM lake.rows.exact'));
  expect(counted).toEqual({ n: makeThings().length });
  expect(server.takeRequests()).toHaveLength(11);
});

describe('the service of these tests', () => {
  const found = (filter: string, foldsCase = false): number => makeThings().filter(parseFilter(filter, foldsCase)).length;
  const byHand = (test: (thing: Readonly<Record<string, unknown>>) => boolean): number => makeThings().filter(test).length;

  test('evaluates filters', () => {
    expect(found("name eq 'Sales'")).toBe(byHand(({ name }) => name === 'Sales'));
    expect(found("name eq 'SALES'", true)).toBe(byHand(({ name }) => String(name).toLowerCase() === 'sales'));
    expect(found("name ne 'Sales'")).toBe(byHand(({ name }) => name !== 'Sales'));
    expect(found("not startswith(name,'S')")).toBe(byHand(({ name }) => typeof name === 'string' && !name.startsWith('S')));
    expect(found("id lt 10 and active or name eq ''''''")).toBe(
      byHand(({ id, active, name }) => (Number(id) < 10 && active === true) || name === "''"),
    );
    expect(found('not (id lt 10 or active eq null)')).toBe(byHand(({ id, active }) => Number(id) >= 10 && active !== null));
  });

  test.each([
    'name eq 5',
    "name sw 'S'",
    'nope eq 1',
    "id eq '1'",
    'created gt 2024-01-01',
    "startswith(id,'1')",
    'name',
    "name eq 'a",
    '(id eq 1',
  ])('refuses %s', (filter) => {
    expect(() => found(filter)).toThrow(BadFilter);
  });
});
