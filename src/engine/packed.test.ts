import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from './open-engine.ts';
import type { Engine } from './types.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

const both = async (sql: string, parameters = {}): Promise<void> => {
  const { columns, rows } = await engine.rows(sql, parameters);
  expect(await engine.manyRows(sql, parameters, columns)).toEqual(rows);
};

test('rows in bulk are the rows, in their order', async () => {
  await engine.execute(
    `CREATE TABLE t AS SELECT i, CASE WHEN i % 5 = 0 THEN NULL WHEN i % 5 = 1 THEN '' ELSE 'a text longer than twelve bytes ' || i END AS ascii,
      CASE WHEN i % 3 = 0 THEN NULL ELSE '日本 Zoë 🙂 ' || i END AS wide, to_json({'i': i, 'w': 'Zoë'}) AS j, i % 2 = 0 AS b, i / 7 AS d,
      TIMESTAMPTZ '2025-01-01 00:00:00+00' + to_milliseconds(i * 977) AS at, CASE WHEN i % 2 = 0 THEN [i, NULL] END AS l, {'x': i, 'y': 'z' || i} AS s,
      i::HUGEINT * 10000000000000000000 AS h, i::DECIMAL(9, 2) AS m, CASE WHEN i % 2 = 0 THEN TIMESTAMPTZ '2025-01-01 00:00:00+00' END AS n, NULL AS nothing
      FROM range(5000) r(i)`,
  );
  await both('SELECT * FROM t');
  await both('SELECT ascii, upper(wide), ascii FROM t WHERE i > $low', { low: 4000 });
  await both('SELECT i FROM t WHERE false');
  await both('SELECT wide FROM t WHERE wide IS NULL');
  await both('SELECT nothing, ascii FROM t WHERE i % 5 < 2');
});
