import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../session/test-session.ts';

let lab: TestSession;
beforeAll(async () => {
  lab = await openTestSession({ seed: 'empty' });
  await lab.effect('CREATE TEMP TABLE t AS SELECT CASE WHEN range < 122880 THEN NULL ELSE 1 END AS b FROM range(200000)');
});
afterAll(() => lab.close());

test.each([
  ['b = 7 OR b IS DISTINCT FROM 1', 122_880],
  ['b IS DISTINCT FROM 1 OR b IS DISTINCT FROM 2', 200_000],
  ['b = 7 OR NOT (b IS NOT DISTINCT FROM 1)', 122_880],
  ['(b = 1) IS NOT FALSE OR b = 5', 200_000],
  ['b > 5 OR (b > 7 OR b IS DISTINCT FROM 1)', 122_880],
  ['b = 7 OR b IS NOT DISTINCT FROM NULL', 122_880],
])('rows in parts of a table that have no value are found: %s', async (where, n) => {
  expect(await lab.rows(`SELECT count(*)::INT AS n FROM t WHERE ${where}`)).toEqual([{ n }]);
});

test('a condition is shown as it was typed', async () => {
  const [{ plan } = {}] = await lab.rows("EXPLAIN SELECT id FROM okta.group.groups WHERE type IS DISTINCT FROM 'BUILT_IN' OR id = 'x'");
  expect(plan).toContain("IS DISTINCT FROM 'BUILT_IN'");
});
