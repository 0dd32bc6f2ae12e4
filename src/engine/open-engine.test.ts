import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OrgqlError } from '../util/errors.ts';
import { openEngine } from './open-engine.ts';
import type { Engine, SqlValue } from './types.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ now: Date.UTC(2025, 8, 22, 7, 0, 23) });
});
afterAll(() => engine.close());

async function failure(task: Promise<unknown>): Promise<OrgqlError> {
  const error: unknown = await task.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OrgqlError)) throw new Error(`expected an OrgqlError, got ${String(error)}`);
  return error;
}

async function one(sql: string): Promise<SqlValue | undefined> {
  return (await engine.rows(sql)).rows[0]?.[0];
}

const marked = (error: OrgqlError) => error.source?.slice(error.span?.offset, (error.span?.offset ?? 0) + (error.span?.length ?? 0));

describe('parse and print', () => {
  test('a query survives parsing and printing, with quotes and wide integers', async () => {
    const tree = await engine.parse(`SELECT "a b", 'it''s', 170141183460469231731687303715884105727 FROM t`);
    expect(await engine.print(tree)).toBe(`SELECT "a b", 'it''s', 170141183460469231731687303715884105727 FROM t`);
  });

  test('nodes tell their place in bytes of UTF-8', async () => {
    expect(await engine.parse(`SELECT '😀ü', nope`)).toContain('"query_location":17,"column_names":["nope"]');
  });

  test('a syntax error marks the token, after characters beyond 16 bits too', async () => {
    const error = await failure(engine.parse(`SELECT '😀ü', from from t`));
    expect([error.code, error.message, error.span]).toEqual(['syntax_error', 'syntax error at or near "from"', { offset: 19, length: 4 }]);
  });

  test('a statement that is no query is not supported here', async () => {
    expect((await failure(engine.parse('INSERT INTO t VALUES (1)'))).code).toBe('unsupported_syntax');
  });

  test('text cannot break out of the call that parses it', async () => {
    expect((await failure(engine.parse(`'); DROP TABLE x; --`))).code).toBe('syntax_error');
  });
});

describe('values', () => {
  const cases: [string, SqlValue, string][] = [
    ['1::BIGINT', 1, 'BIGINT'],
    ['9007199254740993', 9007199254740993n, 'BIGINT'],
    ['170141183460469231731687303715884105727', 170141183460469231731687303715884105727n, 'HUGEINT'],
    ['sum(i) FROM range(3) t(i)', 3, 'HUGEINT'],
    ['18446744073709551615::UBIGINT', 18446744073709551615n, 'UBIGINT'],
    ['1.50::DECIMAL(10,2)', '1.50', 'DECIMAL(10,2)'],
    ['0.1::FLOAT', 0.1, 'FLOAT'],
    ["'nan'::DOUBLE", Number.NaN, 'DOUBLE'],
    ["'-inf'::DOUBLE", Number.NEGATIVE_INFINITY, 'DOUBLE'],
    ['true', true, 'BOOLEAN'],
    ["'short'", 'short', 'VARCHAR'],
    [`'${'long é 😀 '.repeat(5)}'`, 'long é 😀 '.repeat(5), 'VARCHAR'],
    ["'thirteen é 13'", 'thirteen é 13', 'VARCHAR'],
    ['\'{"a": [1]}\'::JSON', '{"a": [1]}', 'JSON'],
    ["TIMESTAMPTZ '2025-09-22 09:00:23+02'", '2025-09-22T07:00:23.000Z', 'TIMESTAMP WITH TIME ZONE'],
    ["TIMESTAMPTZ '2025-09-22 07:00:23.123456+00'", '2025-09-22T07:00:23.123456Z', 'TIMESTAMP WITH TIME ZONE'],
    ["TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'", '1969-12-31T23:59:59.999999Z', 'TIMESTAMP WITH TIME ZONE'],
    ["'infinity'::TIMESTAMPTZ", 'infinity', 'TIMESTAMP WITH TIME ZONE'],
    ["TIMESTAMP '2020-01-01 10:00:00'", '2020-01-01 10:00:00', 'TIMESTAMP'],
    ["DATE '2020-02-03'", '2020-02-03', 'DATE'],
    ["TIME '10:00:01.5'", '10:00:01.5', 'TIME'],
    ["INTERVAL '1 month 2 days 03:00:00'", '1 month 2 days 03:00:00', 'INTERVAL'],
    ["UUID '7b8e6a0c-0a39-4a8b-b68c-5e4f3b1d0001'", '7b8e6a0c-0a39-4a8b-b68c-5e4f3b1d0001', 'UUID'],
    ["'\\xAA\\x00b'::BLOB", new Uint8Array([0xaa, 0, 0x62]), 'BLOB'],
    ["'x'::ENUM('x', 'y')", 'x', "ENUM('x', 'y')"],
    ['[1, NULL, 3]', [1, null, 3], 'INTEGER[]'],
    ['[1, 2]::INTEGER[2]', [1, 2], 'INTEGER[2]'],
    [
      "{'a': 1, 'b c': [TIMESTAMPTZ '2025-09-22 07:00:23+00']}",
      { a: 1, 'b c': ['2025-09-22T07:00:23.000Z'] },
      'STRUCT("a" INTEGER, "b c" TIMESTAMP WITH TIME ZONE[])',
    ],
    ["MAP {'k': 1.5}", { k: '1.5' }, 'MAP(VARCHAR, DECIMAL(2,1))'],
    ['union_value(n := 5)', 5, 'UNION("n" INTEGER)'],
    ["'101'::BIT", '101', 'BIT'],
  ];
  test.each(cases)('%s is given as a value of its own', async (expression, value, type) => {
    const result = await engine.rows(`SELECT ${expression}`);
    expect([result.rows[0]?.[0], result.columns[0]?.type]).toEqual([value, type]);
  });

  test('NULL and short and long text in one column of several chunks keep their places', async () => {
    const { rows } = await engine.rows(
      `SELECT CASE WHEN i % 3 = 0 THEN NULL WHEN i % 3 = 1 THEN 's' || i ELSE repeat('x', 20) || i END FROM range(5000) t(i)`,
    );
    const expected = Array.from({ length: 5000 }, (_, i) => [i % 3 === 0 ? null : i % 3 === 1 ? `s${i}` : `${'x'.repeat(20)}${i}`]);
    expect(rows).toEqual(expected);
  });
});

describe('parameters', () => {
  test('named, positional and list parameters are bound by their own types', async () => {
    const sql = "SELECT $n + 1, $s, $f, $none, $big, list_contains($ids, 2), $object ->> '$.a'";
    const { rows } = await engine.rows(sql, {
      n: 1,
      s: "x'y",
      f: 1.5,
      none: null,
      big: 2n ** 70n,
      ids: [1, 2],
      object: { a: [1] },
      unused: 1,
    });
    expect(rows).toEqual([[2, "x'y", 1.5, null, 2n ** 70n, true, '[1]']]);
    expect((await engine.rows('SELECT $1 || $2', { 1: 'a', 2: 'b' })).rows).toEqual([['ab']]);
  });

  test('a parameter without a value is named', async () => {
    const error = await failure(engine.rows('SELECT $a, $b', { a: 1 }));
    expect([error.code, error.message]).toEqual(['required_parameter_missing', 'No value for the parameter $b']);
  });
});

describe('describe', () => {
  test('gives names and types without running the query', async () => {
    expect(await engine.describe("SELECT error('never') AS a, now() AS b, '{}'::JSON AS c")).toEqual([
      { name: 'a', type: 'INTEGER' },
      { name: 'b', type: 'TIMESTAMP WITH TIME ZONE' },
      { name: 'c', type: 'JSON' },
    ]);
  });

  test('types that hang on a parameter come from its value', async () => {
    expect(await engine.describe('SELECT $x AS x, $y + 1 AS y', { x: 'text', y: 1 })).toEqual([
      { name: 'x', type: 'VARCHAR' },
      { name: 'y', type: 'BIGINT' },
    ]);
  });
});

describe('errors', () => {
  const cases: [string, string, string | undefined][] = [
    ["SELECT '😀ü', nope FROM range(1)", 'unknown_column', 'nope'],
    ['SELECT nope(1)', 'unknown_function', 'nope'],
    ['SELECT * FROM nope', 'unknown_relation', 'nope'],
    ["SELECT 'é', 'x'::INTEGER", 'type_mismatch', '::'],
    ['SELECT a FROM (SELECT 1 a) x, (SELECT 2 a) y', 'ambiguous_column', 'a'],
    ['SELECT 1 FROM', 'syntax_error', ''],
    ["SELECT error('boo')", 'query_failed', undefined],
    ["SELECT sum('a'::VARCHAR)", 'type_mismatch', 'sum'],
  ];
  test.each(cases)('%s is %s', async (sql, code, token) => {
    const error = await failure(engine.rows(sql));
    expect([error.code, error.span === undefined ? undefined : marked(error)]).toEqual([code, token]);
    expect(error.message).not.toMatch(/LINE 1|exception_type|\n/);
  });

  test('a closed engine says so', async () => {
    const other = await openEngine();
    await other.close();
    expect((await failure(other.rows('SELECT 1'))).message).toBe('The engine is closed');
  });
});

describe('stream', () => {
  test('rows come in batches before the query is through, and two streams run side by side', async () => {
    const endless = await engine.stream('SELECT i FROM range(1000000000000) t(i)');
    const short = await engine.stream('SELECT 1 AS one');
    expect(short.columns).toEqual([{ name: 'one', type: 'INTEGER' }]);
    const rows: unknown[] = [];
    for await (const batch of short.batches) rows.push(...batch);
    expect(rows).toEqual([[1]]);
    for await (const batch of endless.batches) {
      expect(batch[0]).toEqual([0]);
      break;
    }
    expect(await one('SELECT 5')).toBe(5);
  });

  test('an abort ends a query that gives no rows yet', async () => {
    const controller = new AbortController();
    const running = engine
      .stream('SELECT count(*) FROM range(1000000000000) t(i) WHERE i % 3 = 1', {}, controller.signal)
      .then(async ({ batches }) => {
        for await (const _ of batches) throw new Error('no rows expected');
      });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect((await failure(running)).code).toBe('cancelled');
  });

  test('an abort between batches ends the reading', async () => {
    const controller = new AbortController();
    const { batches } = await engine.stream('SELECT i FROM range(1000000000000) t(i)', {}, controller.signal);
    const reading = (async () => {
      for await (const _ of batches) controller.abort();
    })();
    expect((await failure(reading)).code).toBe('cancelled');
  });

  test('an engine with an open stream closes', async () => {
    const other = await openEngine();
    const { batches } = await other.stream('SELECT i FROM range(1000000000000) t(i)');
    const iterator = batches[Symbol.asyncIterator]();
    await iterator.next();
    await other.close();
    expect((await failure(iterator.next())).code).toBe('cancelled');
  });
});

describe('session', () => {
  test('time is pinned for every function and keyword that gives it', async () => {
    const { rows } = await engine.rows(
      "SELECT now(), current_timestamp, today(), current_date, localtime, localtimestamp, age(TIMESTAMPTZ '2025-09-21 07:00:23+00')",
    );
    expect(rows).toEqual([
      ['2025-09-22T07:00:23.000Z', '2025-09-22T07:00:23.000Z', '2025-09-22', '2025-09-22', '07:00:23', '2025-09-22 07:00:23', '1 day'],
    ]);
  });

  test('times without a zone are in UTC, whatever the zone of the machine', async () => {
    expect((await engine.rows("SELECT TIMESTAMPTZ '2025-07-01 00:00:00', hour(TIMESTAMPTZ '2025-07-01 00:00:00+02')")).rows).toEqual([
      ['2025-07-01T00:00:00.000Z', 22],
    ]);
  });

  test('a query beyond the memory limit spills into a private directory, which goes with the engine', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'orgql-test-'));
    const other = await openEngine({ spillDirectory: join(parent, 'spill'), memoryLimit: '60MB', threads: 1 });
    const [made] = readdirSync(join(parent, 'spill'));
    const { rows } = await other.rows(
      "SELECT count(*) FROM (SELECT hash(i)::VARCHAR || repeat('x', 60) AS s FROM range(1500000) t(i) ORDER BY s)",
    );
    expect(rows).toEqual([[1500000]]);
    expect(made).toMatch(/^orgql-spill-/);
    await other.close();
    expect(existsSync(join(parent, 'spill'))).toBe(false);
    rmSync(parent, { recursive: true });
  });

  test('a query that fits neither memory nor disk says which limit', async () => {
    const other = await openEngine({ memoryLimit: '10MB', threads: 1 });
    expect(
      (await failure(other.rows("SELECT length(string_agg(i::VARCHAR || repeat('x', 1000), '')) FROM range(1000000) t(i)"))).code,
    ).toBe('limit_reached');
    await other.close();
  });
});
