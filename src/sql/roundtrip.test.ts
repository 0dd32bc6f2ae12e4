import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseTable, cast, columnRef, conjunction, DISTINCT, selectNode } from './build.ts';
import { openTestEngine, type TestEngine } from './engine-fixture.test-support.ts';
import { assertFaithful } from './faithful.ts';
import { readTree, writeTree } from './lossless.ts';
import { normaliseQuery } from './normalise.ts';
import { readQuery } from './read-query.ts';
import { CONSTRUCTS, FIXTURE, JOINS, PARSED_ONLY } from './roundtrip-constructs.ts';
import type { TreeNode } from './tree.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await openTestEngine(FIXTURE);
});
afterAll(() => engine.close());

const lines = (text: string): string[] => text.trim().split('\n');

/** Unnamed columns whose name the printer spells in another way; their values and types are compared all the same. */
const RENAMED = /INTERVAL \d|lambda|FOR x|BIT|NUMERIC|CHAR\(|IS TRUE|typeof\(1e0\)|extract\(|->/;
/** A sample without a seed may be any rows. */
const RANDOM = /SAMPLE 10 ROWS/;

describe.each(Object.entries(CONSTRUCTS))('a round trip through the tree keeps %s', (_, text) => {
  it.each(lines(text))('%s', async (sql) => {
    const query = normaliseQuery({ text: sql, offset: 0 }).text;
    const tree = readTree(await engine.parse(query));
    const printed = await engine.print(writeTree(tree));
    await assertFaithful(tree, printed, engine.parse);
    const parameters = { ...(sql.includes('$1') ? { 1: 1 } : {}), ...(sql.includes('$name') ? { name: 'n' } : {}) };
    const before = await engine.outcome(query, parameters);
    const after = await engine.outcome(printed, parameters);
    expect(before).not.toHaveProperty('error');
    if (RANDOM.test(sql)) return;
    if (RENAMED.test(sql)) expect({ ...after, names: [] }).toEqual({ ...before, names: [] });
    else expect(after).toEqual(before);
  });
});

describe('a round trip through the tree, parsed only, keeps', () => {
  it.each(lines(PARSED_ONLY))('%s', async (sql) => {
    const { tree } = await readQuery({ text: sql, offset: 0 }, engine.parse);
    await assertFaithful(tree, await engine.print(writeTree(tree)), engine.parse);
  });
});

describe('a round trip through the tree keeps how joins group', () => {
  it.each(JOINS)('u x%s and any other', async (first) => {
    for (const second of JOINS) {
      const name = (join: string, right: string): string => join.replaceAll('L.', 'x.').replaceAll(/\bR(?=x?\b)/g, right);
      const sql = `SELECT * FROM u x${name(first, 'y')}${name(second, 'z')}`;
      const tree = readTree(await engine.parse(sql));
      const printed = await engine.print(writeTree(tree));
      await assertFaithful(tree, printed, engine.parse);
      expect(await engine.outcome(printed), sql).toEqual(await engine.outcome(sql));
    }
  });
});

describe('every construct with its operators rewritten', () => {
  it.each(Object.values(CONSTRUCTS).flatMap(lines))('is printed as its tree says: %s', async (sql) => {
    const { tree } = await readQuery({ text: sql, offset: 0 }, engine.parse);
    await assertFaithful(tree, await engine.print(writeTree(tree)), engine.parse);
  });
});

describe('what cannot be carried over', () => {
  it.each([
    ['SELECT 1e400', 'A number here is beyond the range of DOUBLE'],
    ['SELECT -1e400', 'A number here is beyond the range of DOUBLE'],
    ['PIVOT q ON year USING sum(amount)', 'PIVOT without IN is not supported'],
    ['SELECT * FROM (PIVOT q ON year USING sum(amount))', 'PIVOT without IN is not supported'],
  ])('is refused by name: %s', async (sql, message) => {
    await expect(readQuery({ text: sql, offset: 0 }, engine.parse)).rejects.toMatchObject({ code: 'unsupported_syntax', message });
  });

  it('is not what other makers of nodes leave out or nest', async () => {
    const same = async (sql: string, node: TreeNode): Promise<void> => assertFaithful({ statements: [{ node }] }, sql, engine.parse);
    const a = columnRef(['a']);
    const condition = conjunction([a, conjunction([columnRef(['b']), columnRef(['c'])]) ?? a]);
    await same(
      'SELECT CAST(a AS JSON) FROM x AS x WHERE a AND b AND c',
      selectNode({ select: [cast(a, 'JSON')], from: { type: 'BASE_TABLE', table_name: 'x', alias: 'x' }, where: condition }),
    );
    await same('SELECT DISTINCT a FROM x AS x', selectNode({ select: [a], from: baseTable({ table: 'x' }, 'x'), modifiers: [DISTINCT] }));
  });

  it.each([
    ['SELECT a + 1 FROM t', 'SELECT a + 2 FROM t', 'The construct VALUE_CONSTANT'],
    ['SELECT sum(a) FROM t', 'SELECT max(a) FROM t', 'The function sum'],
    ['SELECT a FROM t LEFT JOIN u USING (a)', 'SELECT a FROM t JOIN u USING (a)', 'JOIN'],
    ['SELECT 1e0', 'SELECT 1.0', 'The construct OPERATOR_CAST'],
    ['SELECT a FROM t GROUP BY CUBE (a, b)', 'SELECT a FROM t GROUP BY ROLLUP (a, b)', 'SELECT'],
    ['SELECT a FROM t LIMIT 1', 'SELECT a FROM t', 'SELECT'],
    ['SELECT a FROM t AS x', 'SELECT a FROM t AS y', 'A table reference'],
    ["SELECT '' FROM t", 'SELECT NULL FROM t', 'The construct VALUE_CONSTANT'],
    ['SELECT a AND b OR c FROM t', 'SELECT a AND (b OR c) FROM t', 'The construct CONJUNCTION_OR'],
    ['SELECT a::JSON FROM t', 'SELECT a::VARCHAR FROM t', 'The construct OPERATOR_CAST'],
  ])('is named when print alters it: %s against %s', async (sql, altered, name) => {
    const tree = readTree(await engine.parse(sql));
    await expect(assertFaithful(tree, altered, engine.parse)).rejects.toMatchObject({
      code: 'unsupported_syntax',
      message: `${name} cannot be carried over to the engine unaltered here`,
    });
  });
});
