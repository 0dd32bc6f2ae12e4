import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPATIBILITY_FUNCTIONS, functionsIn, TEXT_REWRITES } from './functions.ts';
import { NOW_FUNCTIONS } from './now.ts';
import { openEngine } from './open-engine.ts';
import type { Engine, SqlValue } from './types.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ now: Date.UTC(2025, 8, 22, 7, 0, 23, 500) });
});
afterAll(() => engine.close());

const cases: [string, SqlValue][] = [
  ["datetime('now')", '2025-09-22T07:00:23.500Z'],
  ["datetime('now', '-90 days')", '2025-06-24T07:00:23.500Z'],
  ['datetime()', '2025-09-22T07:00:23.500Z'],
  ["datetime('NOW', '+1 hour', '-30 minutes', '+5 seconds')", '2025-09-22T07:30:28.500Z'],
  ["datetime('2024-01-31', '+1 month')", '2024-03-02T00:00:00.000Z'],
  ["datetime('2024-02-29 12:34', '+1 year')", '2025-03-01T12:34:00.000Z'],
  ["datetime('2024-05-06T01:02:03Z', 'start of month', '+1 month', '-1 day')", '2024-05-31T00:00:00.000Z'],
  ["datetime('2024-05-06 01:02:03', 'start of year')", '2024-01-01T00:00:00.000Z'],
  ["datetime('2024-05-06 01:02:03', 'start of day')", '2024-05-06T00:00:00.000Z'],
  ["datetime('2024-05-06', 'weekday 1')", '2024-05-06T00:00:00.000Z'],
  ["datetime('2024-05-06', 'weekday 0')", '2024-05-12T00:00:00.000Z'],
  ["datetime(1700000000, 'unixepoch')", '2023-11-14T22:13:20.000Z'],
  ["datetime('1700000000', 'unixepoch', '+1.5 days')", '2023-11-16T10:13:20.000Z'],
  ["datetime('2024-01-01', '-01:30')", '2023-12-31T22:30:00.000Z'],
  ['datetime(2460310.5)', '2024-01-01T00:00:00.000Z'],
  ["datetime('2024-05-06 01:02:03', 'utc', 'localtime')", '2024-05-06T01:02:03.000Z'],
  ["datetime(DATE '2024-05-06', '+1 day')", '2024-05-07T00:00:00.000Z'],
  ["datetime(TIMESTAMPTZ '2024-05-06 01:00:00+01')", '2024-05-06T00:00:00.000Z'],
  ['datetime(NULL)', null],
  ["datetime('no date')", null],
  ["datetime('now', '-1 day') < TIMESTAMPTZ '2025-09-22 00:00:00+00'", true],
  ["sqlite_date('now', '-1 day')", '2025-09-21'],
  ["sqlite_time('2024-05-06 01:02:03')", '01:02:03'],
  ["julianday('2000-01-01 12:00')", 2451545],
  ["unixepoch('2024-01-01')", 1704067200],
  ["unixepoch('now') - unixepoch('now', '-1 day')", 86400],
  ["strftime('%Y-%m-%d %H:%M:%S', '2024-05-06T01:02:03Z')", '2024-05-06 01:02:03'],
  ["strftime('%s %f %j %w %% %e', '2024-05-06 01:02:03.456')", '1714957323 03.456 127 1 % 6'],
  ["strftime('%Y', 'now', '+1 year')", '2026'],
  ["strftime('%Y-%m', TIMESTAMPTZ '2024-05-06 00:00:00+00')", '2024-05'],
  ["strftime(TIMESTAMPTZ '2024-05-06 00:00:00+00', '%Y-%m')", '2024-05'],
  ["strftime(DATE '2024-05-06', '%d')", '06'],
  ["strftime(TIMESTAMP '2024-05-06 00:00:00', '%d')", '06'],
  ["strftime('2024-05-06', '%d')", '06'],
  ["iif(1 > 2, 'a', 'b')", 'b'],
  ['iif(false, 1)', null],
  ['ifnull(NULL, 1)', 1],
  ["quote('it''s') || quote(5) || quote(NULL)", "'it''s'5NULL"],
  ['sqlite_char(72, 105)', 'Hi'],
  ['likely(1) + unlikely(2) + likelihood(3, 0.5)', 6],
  ["glob('a*', 'abc') AND 'abc' GLOB 'a?c'", true],
  ["regexp_like('ABC', 'b', 'i')", true],
  ["regexp_count('banana', 'an')", 2],
  ["regexp_substr('banana', 'n.')", 'na'],
  ["regexp_substr('banana', 'x')", null],
  ["btrim('  a ')", 'a'],
  ["initcap('hELLO wORLD-foo')", 'Hello World-Foo'],
  ["to_char(TIMESTAMPTZ '2024-05-06 13:02:03+00', 'YYYY-MM-DD HH24:MI:SS.MS Mon')", '2024-05-06 13:02:03.000 May'],
  ["to_char(DATE '2024-05-06', 'DD.MM.YY')", '06.05.24'],
  ["to_date('06.05.2024', 'DD.MM.YYYY')", '2024-05-06'],
  ["to_timestamp('2024-05-06 13:02', 'YYYY-MM-DD HH24:MI')", '2024-05-06T13:02:00.000Z'],
  ['to_timestamp(0)', '1970-01-01T00:00:00.000Z'],
  ["date_bin(INTERVAL '1 day', TIMESTAMPTZ '2024-05-06 13:00:00+00', TIMESTAMPTZ '2024-01-01 00:00:00+00')", '2024-05-06T00:00:00.000Z'],
  ['num_nonnulls(1, NULL, 2) * 10 + num_nulls(1, NULL, 2)', 21],
  ["json_build_object('a', 1, 'b', NULL)", '{"a":1,"b":null}'],
  ["jsonb_build_array(1, 'x')", '[1,"x"]'],
  ["to_jsonb('x')", '"x"'],
  ["json_typeof('1') || jsonb_typeof('\"x\"') || jsonb_typeof('null') || jsonb_typeof('[]')", 'numberstringnullarray'],
  ["jsonb_array_length('[1, 2]')", 2],
  ['jsonb_extract_path_text(\'{"a":{"b/c":"x"}}\', \'a\', \'b/c\')', 'x'],
  ['jsonb_extract_path(\'{"a":"x"}\', \'a\')', '"x"'],
  ['json_patch(\'{"a":1}\', \'{"a":null,"b":2}\')', '{"b":2}'],
  ["group_concat(x, '-' ORDER BY x DESC) FROM (VALUES ('a'), ('b')) t(x)", 'b-a'],
  ["split_part('a.b', '.', 2) || instr('abc', 'c') || substr('abcdef', -3, 2) || chr(65) || hex('a') || printf('%03d', 7)", 'b3deA61007'],
  ['total(x) FROM (SELECT 1 AS x WHERE false)', 0],
  ['every(x > 0) FROM range(1, 3) t(x)', true],
  ['json_agg(x) FROM (VALUES (1), (2)) t(x)', '[1,2]'],
  ["json_object_agg(k, v) FROM (VALUES ('a', 1), ('b', 2)) t(k, v)", '{"a":1,"b":2}'],
  ["json_group_object(k, 1) FROM (VALUES ('a')) t(k)", '{"a":1}'],
];
test.each(cases)('%s', async (expression, value) => {
  expect((await engine.rows(`SELECT ${expression}`)).rows).toEqual([[value]]);
});

test('json_each gives strings without quotes, the types of SQLite and the paths', async () => {
  const sql = `SELECT key, value, type, atom, fullkey, path FROM json_each('{"a":"x","b":1,"c":null,"d":[1],"e":true,"f":1.5}') AS e`;
  expect((await engine.rows(sql)).rows).toEqual([
    ['a', 'x', 'text', 'x', '$.a', '$'],
    ['b', '1', 'integer', '1', '$.b', '$'],
    ['c', null, 'null', null, '$.c', '$'],
    ['d', '[1]', 'array', null, '$.d', '$'],
    ['e', 'true', 'true', 'true', '$.e', '$'],
    ['f', '1.5', 'real', '1.5', '$.f', '$'],
  ]);
});

test('json_each reads a column of the row beside it, and takes a path', async () => {
  const sql = `SELECT t.id, e.value FROM (VALUES (1, '{"r":["x","y"]}'::JSON), (2, '{}')) t(id, j), json_each(t.j, '$.r') AS e WHERE e.value <> 'y'`;
  expect((await engine.rows(sql)).rows).toEqual([[1, 'x']]);
});

test('json_tree goes to every depth', async () => {
  expect((await engine.rows(`SELECT fullkey, value FROM json_tree('{"a":["x"]}') AS t ORDER BY id`)).rows).toEqual([
    ['$', '{"a":["x"]}'],
    ['$.a', '["x"]'],
    ['$.a[0]', 'x'],
  ]);
});

test('the set-returning functions of PostgreSQL stand in FROM', async () => {
  const sql = `SELECT a.value, b.value, c.key FROM jsonb_array_elements('["x"]') a, jsonb_array_elements_text('["x"]') b, json_object_keys('{"k":1}') c`;
  expect((await engine.rows(sql)).rows).toEqual([['"x"', 'x', 'k']]);
  expect((await engine.rows(`SELECT a.key, a.value, b.value FROM jsonb_each('{"k":"v"}') a, json_each_text('{"k":"v"}') b`)).rows).toEqual([
    ['k', '"v"', 'v'],
  ]);
});

test('a constant date is worked out once, not for each row', async () => {
  const plan = JSON.stringify(
    (await engine.rows("EXPLAIN SELECT count(*) FROM range(10) t(i) WHERE to_timestamp(i) > datetime('2024-01-05', '-1 day')")).rows,
  );
  expect(plan).not.toContain('regexp');
});

test('an unknown date modifier is an error that names it', async () => {
  await expect(engine.rows("SELECT datetime('2024-01-01', 'start of week')")).rejects.toMatchObject({
    code: 'query_failed',
    message: 'Unknown date modifier: start of week',
  });
});

test('a function is made with as many arguments as a later statement needs', async () => {
  const other = await openEngine();
  expect((await other.rows("SELECT datetime('2024-01-01')")).rows).toEqual([['2024-01-01T00:00:00.000Z']]);
  expect((await other.rows("SELECT datetime('2024-01-01', '+1 day', '+1 day', '+1 day')")).rows).toEqual([['2024-01-04T00:00:00.000Z']]);
  await other.close();
});

describe('the table of functions', () => {
  test('every function can be made, in every form', async () => {
    const other = await openEngine();
    for (const { name, kind, forms } of COMPATIBILITY_FUNCTIONS) {
      const most = Math.max(...forms.map(({ parameters }) => parameters.length));
      // Finding the call is enough to make it: the call itself is wrong, and never reached.
      await other.rows(`SELECT 1 /* ${name}(${','.repeat(most)} */`);
      const found = await other.rows(
        'SELECT count(*) FROM duckdb_functions() WHERE function_name = $name AND function_type = $type AND NOT internal',
        { name, type: kind === 'table' ? 'table_macro' : 'macro' },
      );
      expect([name, found.rows[0]?.[0]]).toEqual([name, forms.length]);
    }
    await other.close();
  });

  test("names are found by their calls, not in others' names", () => {
    expect(functionsIn('SELECT system.main.strftime(a), my_datetime(b), x.iif (c), datetime').map(({ name }) => name)).toEqual([]);
    expect(functionsIn('SELECT IIF (a, "glob"(b, c))').map(({ name }) => name)).toEqual(['iif', 'glob']);
  });

  test('what must be rewritten before parsing is a known function', () => {
    const names = COMPATIBILITY_FUNCTIONS.map(({ name }) => name);
    expect(Object.values(TEXT_REWRITES).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('no clock of the engine is left unpinned', async () => {
    const clocks = (
      await engine.rows(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE internal AND function_type = 'scalar' AND len(parameters) = 0 AND function_name ~ '(.*_)?(now|today|date|(local)?time(stamp)?|clock)' ORDER BY 1",
      )
    ).rows.map(([name]) => String(name));
    expect(clocks.filter((name) => !NOW_FUNCTIONS.includes(name))).toEqual([]);
  });
});
