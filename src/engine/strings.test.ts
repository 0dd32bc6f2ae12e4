import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from './open-engine.ts';
import type { Engine } from './types.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  await engine.execute(
    `CREATE TABLE t AS SELECT i, CASE WHEN i % 5 = 0 THEN NULL WHEN i % 5 = 1 THEN '' ELSE 'a text longer than twelve bytes ' || i END AS ascii,
      CASE WHEN i % 3 = 0 THEN NULL WHEN i % 3 = 1 THEN 'Zoë 🙂' ELSE '日本 Zoë 🙂 ' || i END AS wide FROM range(5000) r(i)`,
  );
});
afterAll(() => engine.close());

const ascii = (i: number): string | null => (i % 5 === 0 ? null : i % 5 === 1 ? '' : `a text longer than twelve bytes ${i}`);
const wide = (i: number): string | null => (i % 3 === 0 ? null : i % 3 === 1 ? 'Zoë 🙂' : `日本 Zoë 🙂 ${i}`);

test.each([
  ['as they lie in the table', 'SELECT i, ascii, wide FROM t', [...Array(5000).keys()]],
  ['in the opposite order', 'SELECT i, ascii, wide FROM t ORDER BY i DESC', [...Array(5000).keys()].reverse()],
  ['in no order', 'SELECT i, ascii, wide FROM t ORDER BY hash(i)', undefined],
  ['again and again', 'SELECT t.i, ascii, wide FROM t, range(4) WHERE i BETWEEN 100 AND 1200', undefined],
  ['from both sides of a join', 'SELECT a.i, b.ascii, a.wide FROM t a JOIN t b USING (i)', undefined],
  ['where some are left out', 'SELECT i, ascii, wide FROM t WHERE i % 7 = 2', undefined],
] as const)('texts of every length are read whole, %s', async (_, sql, order) => {
  const { rows } = await engine.rows(sql);
  expect(rows).toEqual(rows.map(([i]) => [i, ascii(Number(i)), wide(Number(i))]));
  if (order !== undefined) expect(rows.map(([i]) => i)).toEqual(order);
});

test('texts that the query makes are read whole', async () => {
  const { rows } = await engine.rows(
    "SELECT upper(ascii), 'the same text for every row', repeat('ä', i::INT) FROM t WHERE i < 3000 AND ascii <> '' ORDER BY i",
  );
  const kept = [...Array(3000).keys()].filter((i) => i % 5 > 1);
  expect(rows).toEqual(kept.map((i) => [ascii(i)?.toUpperCase(), 'the same text for every row', 'ä'.repeat(i)]));
});
