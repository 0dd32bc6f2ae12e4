/* What an OData service is asked for never changes an answer: random queries with pushdown on and off, over HTTP, on awkward data. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';
import { writeODataProvider } from '../odata/provider.ts';
import { type ODataServer, openODataServer } from '../odata/server.ts';
import { DAY_MS, EPOCH, makeThings, NAMES } from '../odata/things.ts';
import { comparison, condition, text } from './random-conditions.ts';

const RUNS = Number(process.env.ORGQL_PROPERTY_RUNS ?? 60);

let server: ODataServer;
let folder: string;
let session: Session;

beforeAll(async () => {
  server = await openODataServer();
  folder = mkdtempSync(join(tmpdir(), 'orgql-odata-'));
  writeODataProvider(folder, server.url);
  session = await openSession({ orgs: [], providerRoots: [folder] });
});
afterAll(async () => {
  await session.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const names = NAMES.filter((name) => typeof name === 'string');
const keys = makeThings().flatMap(({ key }) => (typeof key === 'string' ? [key] : []));
const time = fc.integer({ min: -2, max: 140 }).map((halves) => new Date(EPOCH + (halves * DAY_MS) / 2).toISOString());
const textColumn = fc.constantFrom('t.name', 't.owner.city', "t.owner->>'city'", "json_extract(t.owner,'$.city')");
const number = fc.constantFrom('0', '1', '-5', '2.5', '1e0', '0.1', '7::DOUBLE', '22', '9007199254740993', "'4'");

const atom: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(textColumn, comparison, fc.constantFrom(...names)).map(([column, operator, value]) => `${column} ${operator} ${text(value)}`),
  fc
    .tuple(textColumn, fc.constantFrom('IN', 'NOT IN'), fc.subarray(names, { minLength: 1, maxLength: 4 }))
    .map(([column, word, values]) => `${column} ${word} (${values.map(text).join(', ')})`),
  fc
    .tuple(
      textColumn,
      fc.constantFrom('LIKE', 'ILIKE', 'NOT LIKE'),
      fc.constantFrom('S%', '%s', '%a%', "O'%", '100\\%', 'a_%', '%', "%''%", 'sales'),
    )
    .map(([column, word, pattern]) => `${column} ${word} ${text(pattern)}`),
  fc
    .tuple(fc.constantFrom('starts_with', 'ends_with', 'contains'), textColumn, fc.constantFrom('S', 's', "'", 'ä', 'c)', '日', ''))
    .map(([name, column, part]) => `${name}(${column}, ${text(part)})`),
  fc.tuple(fc.constantFrom('t.id', 't.price'), comparison, number).map(([column, operator, value]) => `${column} ${operator} ${value}`),
  fc
    .tuple(fc.constantFrom('t.id', 't.price'), number, number)
    .map(([column, low, high]) => `${column} BETWEEN ${low.replaceAll("'", '')} AND ${high.replaceAll("'", '')}`),
  fc
    .tuple(fc.constantFrom('t.created', 't.updated'), comparison, time)
    .map(([column, operator, at]) => `${column} ${operator} ${text(at)}`),
  fc
    .tuple(comparison, fc.constantFrom('2024-01-05', '2024-01-1', 'never', "it's"))
    .map(([operator, day]) => `t.day ${operator} ${text(day)}`),
  fc
    .tuple(
      fc.constantFrom('=', '<>', 'LIKE'),
      fc.constantFrom(...keys.slice(0, 6), ...keys.slice(0, 6).map((key) => key.toLowerCase()), 'no key'),
    )
    .map(([operator, key]) => `t.key ${operator} ${text(key)}`),
  fc.constantFrom('t.active', 'NOT t.active', 't.active = true', 't.active <> false', 't.active IS TRUE', 't.active IS NOT FALSE'),
  fc
    .tuple(
      fc.constantFrom('t.name', 't.owner.city', 't.owner', 't.price', 't.active', 't.updated', 't.day', 't.key', 't.tags'),
      fc.constantFrom('IS NULL', 'IS NOT NULL'),
    )
    .map(([column, word]) => `${column} ${word}`),
);

const relation = fc.constantFrom('lake.rows.exact', 'lake.rows.folding');
const columns = fc
  .subarray(['t.id', 't.name', 't.owner', 't.owner.city', 't.price', 't.updated', 't.tags', 't.tags[0]', 't'], {
    minLength: 1,
    maxLength: 4,
  })
  .map((list) => list.join(', '));

const query: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(columns, relation, condition(atom)).map(([list, from, where]) => `SELECT ${list} FROM ${from} t WHERE ${where}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(relation, condition(atom))
      .map(([from, where]) => `SELECT t.active, count(*), min(t.name) FROM ${from} t WHERE ${where} GROUP BY ALL`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        relation,
        condition(atom),
        fc.constantFrom('id', 'id DESC', 'created, id', 'price NULLS FIRST, id'),
        fc.constantFrom(0, 1, 4, 20, 60),
        fc.constantFrom(0, 3),
      )
      .map(
        ([from, where, order, limit, offset]) =>
          `SELECT t.id FROM ${from} t WHERE ${where} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`,
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        relation,
        relation,
        fc.constantFrom('t.id = u.id + 3', 't.name = u.name', 't.price = u.price', 't.key = u.key', 't.owner.city = u.name'),
        condition(atom),
      )
      .map(([one, other, on, where]) => `SELECT t.id, u.id FROM ${other} u JOIN ${one} t ON ${on} WHERE u.id < 20 AND ${where}`),
  },
);

async function rowsOf(sql: string, pushdown: boolean): Promise<string[]> {
  const cursor = await session.query(sql, { pushdown });
  const rows: string[] = [];
  for await (const batch of cursor.batches)
    for (const row of batch) rows.push(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
  return rows.sort();
}

test('pushdown to OData never changes an answer', { timeout: 600_000 }, async () => {
  let filtered = 0;
  await fc.assert(
    fc.asyncProperty(query, async (sql) => {
      let plain: string[];
      try {
        plain = await rowsOf(sql, false);
      } catch (error) {
        await expect(rowsOf(sql, true)).rejects.toThrow((error as Error).message.slice(0, 20));
        return;
      }
      server.takeRequests();
      expect(await rowsOf(sql, true)).toEqual(plain);
      if (server.takeRequests().some((request) => request.includes('$filter='))) filtered++;
    }),
    { numRuns: RUNS },
  );
  expect(filtered).toBeGreaterThan(RUNS / 4);
});
