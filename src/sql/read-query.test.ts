import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrgqlError } from '../util/errors.ts';
import { openTestEngine, type TestEngine } from './engine-fixture.test-support.ts';
import { assertFaithful } from './faithful.ts';
import { writeTree } from './lossless.ts';
import { parseScript } from './parse-statement.ts';
import { readQuery } from './read-query.ts';
import type { Statement, TextSlice } from './statement.ts';
import { location } from './tree.ts';
import { columnReferences, walk } from './walk.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await openTestEngine();
});
afterAll(() => engine.close());

async function printed(sql: string): Promise<string> {
  const { tree } = await readQuery({ text: sql, offset: 0 }, engine.parse);
  return engine.print(writeTree(tree));
}

async function failure(source: string, slice: TextSlice = { text: source, offset: 0 }): Promise<OrgqlError> {
  try {
    await readQuery(slice, engine.parse, { source });
  } catch (error) {
    if (error instanceof OrgqlError) return error;
  }
  throw new Error(`no error for ${source}`);
}

describe('readQuery', () => {
  it('gives the places of columns in the whole text', async () => {
    const source = "SHOW PROVIDERS; /* é */ SELECT `a`, 'ü😀' AS u FROM t WHERE b = 1 AND c->>'k' = `d` -- é";
    const slice = { text: source.slice(source.indexOf('SELECT')), offset: source.indexOf('SELECT') };
    const { tree, sourceOffset } = await readQuery(slice, engine.parse, { source });
    const places = columnReferences(tree).map((node) => source.slice(sourceOffset(location(node) ?? 0)).split(/[ ,-]/)[0]);
    expect(places).toEqual(['`a`', 'b', 'c', '`d`']);
  });

  it('gives offsets within the slice when no whole text is given', async () => {
    const { tree, sourceOffset } = await readQuery({ text: 'SELECT ab', offset: 100 }, engine.parse);
    expect(columnReferences(tree).map((node) => sourceOffset(location(node) ?? 0))).toEqual([7]);
  });

  it('makes functions of JSON arrows and leaves lambdas', async () => {
    const { tree } = await readQuery(
      {
        text: "SELECT j->'a'->0, list_filter(l, x -> x->'k' = y), l.list_filter(x -> x), list_filter(j->'l', lambda x, i: i->'z') FROM t",
        offset: 0,
      },
      engine.parse,
    );
    const found: string[] = [];
    walk(tree, (node) => {
      if (node.class === 'LAMBDA' || node.function_name === '->') found.push(String(node.function_name ?? node.class));
      return undefined;
    });
    expect(found).toEqual(['->', '->', 'LAMBDA', '->', 'LAMBDA', '->', 'LAMBDA', '->']);
  });

  it.each([
    ["SELECT 'abc' ~ 'b', 'abc' !~ 'b', 'aBc' ~* 'bC', 'abc' !~* 'X', e'a\\nb' ~ 'a.b'", [true, false, true, true, true]],
    [
      "SELECT 'abc' REGEXP 'b', 'abc' NOT RLIKE 'b', 'abc' SIMILAR TO 'b', 'abc' NOT SIMILAR TO 'b', regexp_full_match('abc', 'b')",
      [true, false, false, true, false],
    ],
    ["SELECT NOT ('abc' ~ 'b'), NOT 'abc' SIMILAR TO 'b' AS x", [false, true]],
    [
      `SELECT '{"a":1,"b":2}'::jsonb @> '{"a":1}', '{"a":1}' <@ '{"a":1,"b":2}'::jsonb, [1, 2] @> [1], '{"a":2}'::JSON @> '{"a":1}'`,
      [true, true, true, false],
    ],
    [
      `SELECT j->'a'->0->>'b' = '2' AND j ? 'a', list_transform((j->'a')::JSON[], x -> x->>'b')[1], typeof(CAST(j AS jsonb)) FROM (SELECT '{"a":[{"b":2}]}'::JSON AS j)`,
      [true, '2', 'JSON'],
    ],
  ])('gives operators their usual meaning: %s', async (sql, row) => {
    const outcome = await engine.outcome(await printed(sql));
    if ('error' in outcome) throw new Error(outcome.error);
    expect(outcome.rows.map((item) => JSON.parse(item) as unknown)).toEqual([row]);
  });

  it('keeps the alias of an operator that it rewrites', async () => {
    expect(await printed("SELECT a ~ 'x' AS m, b ~* 'y' AS n, c !~* 'z' AS o, j->'k' AS p, j @> '{}' AS q FROM t")).toBe(
      "SELECT regexp_matches(a, 'x', 's') AS m, regexp_matches(b, 'y', 'is') AS n, (NOT regexp_matches(c, 'z', 'is')) AS o, (j -> 'k') AS p, json_contains(j, '{}') AS q FROM t",
    );
  });
});

describe('a syntax error', () => {
  it.each([
    'name',
    'owner',
    'policy',
    'rule',
    'mode',
    'type',
    'value',
    'label',
    'role',
    'group',
    'order',
    'user',
    'key',
    'method',
    'filter',
  ])('shows the line with AS before the alias %s', async (alias) => {
    expect(await failure(`SELECT id,\n  json_extract(p, '$.x') ${alias}\nFROM t`)).toMatchObject({
      code: 'syntax_error',
      hint: `"${alias}" is a keyword: it needs AS to be an alias\n    json_extract(p, '$.x') AS ${alias}`,
    });
  });

  it('mends several aliases at once, in a statement that is not the first', async () => {
    const source = "SHOW PROVIDERS;\nSELECT p.name policy, r.name rule, j->>'k' type,\n  `é` mode FROM t WHERE a IS 'x'";
    const error = await failure(source, { text: source.slice(16), offset: 16 });
    expect(source.slice(error.span?.offset, (error.span?.offset ?? 0) + (error.span?.length ?? 0))).toBe('policy');
    expect(error.hint).toBe(
      '"policy", "rule", "type", "mode" are keywords: they need AS to be aliases\n    SELECT p.name AS policy, r.name AS rule, j->>\'k\' AS type,\n    `é` AS mode FROM t WHERE a IS \'x\'',
    );
    expect(error.source).toBe(source);
  });

  it.each([
    ['SELECT a FORM t', 'did you mean FROM?\n    SELECT a FROM t'],
    ['SELECT a FROM t WHER a = 1', 'did you mean WHERE?\n    SELECT a FROM t WHERE a = 1'],
    ['SELECT a FROM t GRUOP BY a', 'did you mean GROUP?\n    SELECT a FROM t GROUP BY a'],
    ['SELECT a FROM t ODER BY a', 'did you mean ORDER?\n    SELECT a FROM t ORDER BY a'],
    ['SELECT order FROM t', '"order" is a keyword: it needs quotes to be a name\n    SELECT "order" FROM t'],
    ['SELECT a FROM t WHERE group = 1', '"group" is a keyword: it needs quotes to be a name\n    SELECT a FROM t WHERE "group" = 1'],
    ['SELECT count(*) FROM t WHERE a = 1,', 'leave out the comma\n    SELECT count(*) FROM t WHERE a = 1'],
  ])('shows the corrected line of %s', async (sql, hint) => {
    expect(await failure(sql)).toMatchObject({ code: 'syntax_error', hint });
  });

  it('has its place in the text that the user wrote, and no hint where none helps', async () => {
    const source = 'SELECT `é`, 0xFF WHERE a = = 1 = ';
    expect(await failure(source)).toMatchObject({
      code: 'syntax_error',
      hint: undefined,
      span: { offset: source.indexOf('= 1'), length: 1 },
      source,
    });
  });
});

const TASKS = '../shared/tasks.md';

describe.skipIf(!existsSync(TASKS))('the statements of the real tasks', () => {
  const blocks = existsSync(TASKS)
    ? [...readFileSync(TASKS, 'utf8').matchAll(/```(?:sql|text)\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
    : [];

  it('are there', () => {
    expect(blocks.length).toBeGreaterThan(30);
  });

  it.each(blocks.map((script, index) => [index + 1, script] as const))('parse, and print as they are: block %i', async (_, script) => {
    for (const statement of parseScript(script)) {
      for (const query of queriesOf(statement)) {
        const { tree } = await readQuery(query, engine.parse, { source: script });
        await assertFaithful(tree, await engine.print(writeTree(tree)), engine.parse);
      }
    }
  });
});

function queriesOf(statement: Statement): TextSlice[] {
  const condition = (where: TextSlice | undefined): TextSlice[] =>
    where === undefined ? [] : [{ text: `SELECT ${where.text}`, offset: 0 }];
  switch (statement.kind) {
    case 'query':
      return [statement.query];
    case 'create':
      return statement.query === undefined ? [] : [statement.query];
    case 'insert':
      return [statement.source];
    case 'exec':
      return statement.forEach === undefined ? [] : [statement.forEach];
    case 'delete':
      return condition(statement.where);
    default:
      return [];
  }
}

it.each(['SELECT * FROM', 'SELECT a FROM t WHERE', 'SELECT a FROM t GROUP'])(
  'of a clause that breaks off, no name is made: %s',
  async (sql) => {
    expect((await failure(sql)).hint).toBe(undefined);
  },
);
