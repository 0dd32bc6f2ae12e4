import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestEngine, type TestEngine } from './engine-fixture.test-support.ts';
import { firstDifference } from './faithful.ts';
import { readTree } from './lossless.ts';
import { normaliseQuery } from './normalise.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await openTestEngine();
});
afterAll(() => engine.close());

/** Asserts that the bare expression, normalised, has the tree of the one whose every grouping is spelt out. */
async function expectSame(
  bare: string,
  grouped: string,
  frame: (expression: string) => string = (expression) => `SELECT ${expression} FROM t WINDOW w AS ()`,
): Promise<void> {
  const text = normaliseQuery({ text: frame(bare), offset: 0 }).text;
  const [before, after] = [readTree(await engine.parse(text)), readTree(await engine.parse(frame(grouped)))];
  expect(firstDifference(before, after), `${frame(bare)}\nwas read as ${text}\nnot as ${frame(grouped)}`).toBeUndefined();
}

const FRAMES: readonly (readonly [string, (expression: string) => string])[] = [
  ['the select list', (e) => `SELECT ${e} FROM t`],
  ['a later item with an alias', (e) => `SELECT b, ${e} AS x FROM t`],
  ['WHERE', (e) => `SELECT 1 FROM t WHERE ${e}`],
  ['WHERE after AND', (e) => `SELECT 1 FROM t WHERE b = 1 AND (${e})`],
  ['JOIN ... ON', (e) => `SELECT 1 FROM t JOIN u ON ${e}`],
  ['GROUP BY and HAVING', (e) => `SELECT 1 FROM t GROUP BY ${e}, b HAVING ${e}`],
  ['ORDER BY', (e) => `SELECT 1 FROM t ORDER BY b, ${e} DESC NULLS LAST`],
  ['QUALIFY', (e) => `SELECT 1 FROM t QUALIFY ${e}`],
  ['CASE', (e) => `SELECT CASE WHEN ${e} THEN ${e} ELSE ${e} END FROM t`],
  ['CASE with an operand', (e) => `SELECT CASE ${e} WHEN ${e} THEN 1 END FROM t`],
  ['a call', (e) => `SELECT f(${e}, x := ${e}, ${e}) FROM t`],
  ['a filter and a window', (e) => `SELECT sum(b) FILTER (WHERE ${e}) OVER (PARTITION BY ${e} ORDER BY ${e}) FROM t`],
  ['a list, a struct and a subscript', (e) => `SELECT [${e}, ${e}], {'k': ${e}}, l[${e}] FROM t`],
  ['a subquery in IN', (e) => `SELECT 1 FROM t WHERE b IN (SELECT ${e} FROM u WHERE ${e})`],
  ['a lambda', (e) => `SELECT list_filter(l, x -> ${e}) FROM t`],
  ['a lambda with its keyword', (e) => `SELECT list_filter(l, lambda x: ${e}) FROM t`],
  ['a list comprehension', (e) => `SELECT [${e} FOR x IN l IF ${e}] FROM t`],
  ['a CTE and a set operation', (e) => `WITH c AS (SELECT ${e} FROM t) SELECT ${e} FROM c UNION ALL SELECT ${e} FROM c`],
  ['LIMIT', (e) => `SELECT 1 FROM t LIMIT (${e})`],
];

const BINARY = [
  '=',
  '<>',
  '<',
  '>=',
  'AND',
  'OR',
  'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM',
  'LIKE',
  'NOT LIKE',
  'ILIKE',
  'SIMILAR TO',
  'GLOB',
  '||',
  '+',
  '-',
  '*',
  '/',
  '%',
  '//',
  '**',
  '&',
  '~',
  '!~',
  '@>',
  '^@',
];
const OPERANDS = [
  "j->>'k'",
  "t.j->'k'->>'n'",
  "j->'k'",
  "j->>'n'->'k'",
  "f(j)->>'k'",
  "(j)->>'k'",
  "l[1]->>'k'",
  "j::json->>'k'",
  "CASE WHEN a THEN j END->>'k'",
  "j->'a'->0",
  'j->>$1',
  "f(a) OVER (ORDER BY b)->>'k'",
  "count(*) FILTER (WHERE a)->>'k'",
  "[j][1]->>'k'",
  "(SELECT j)->>'k'",
  'j->>k',
  '"j"->>\'k\'',
];

describe('a JSON arrow takes the value right before it', () => {
  it.each(BINARY)('on the right of %s, and on its left', async (operator) => {
    for (const operand of OPERANDS) {
      await expectSame(`a ${operator} ${operand}`, `a ${operator} (${operand})`);
      // A key that is a name or a parameter binds to arithmetic first, as in Postgres.
      if (operand.endsWith("'k'") || operand.endsWith("'n'")) await expectSame(`${operand} ${operator} a`, `(${operand}) ${operator} a`);
    }
  });

  it.each(FRAMES)('in %s', async (_, frame) => {
    for (const [bare, grouped] of [
      ["a = 1 AND j->>'x' = 'y'", "(a = 1) AND ((j->>'x') = 'y')"],
      ["NOT j->>'x' = 'y' OR 1 = j->>'z'", "(NOT ((j->>'x') = 'y')) OR (1 = (j->>'z'))"],
      ["j->>'x'", "(j->>'x')"],
      ["j->'x' = '1' AND b", "((j->'x') = '1') AND b"],
      ["j->'x'->>'y' IS NULL AND j->>'x' IN ('a', 'b')", "((j->'x'->>'y') IS NULL) AND ((j->>'x') IN ('a', 'b'))"],
    ] as const) {
      await expectSame(bare, grouped, frame);
    }
  });

  it.each([
    ["NOT j->>'k'", "NOT (j->>'k')"],
    ["NOT NOT j->>'k'", "NOT (NOT (j->>'k'))"],
    ["- j->>'k'", "- (j->>'k')"],
    ["a BETWEEN j->>'x' AND j->>'y' AND b", "(a BETWEEN (j->>'x') AND (j->>'y')) AND b"],
    ["j->>'k' BETWEEN j->>'x' AND j->>'y'", "(j->>'k') BETWEEN (j->>'x') AND (j->>'y')"],
    ["a NOT BETWEEN 1 AND j->>'y' OR b", "(a NOT BETWEEN 1 AND (j->>'y')) OR b"],
    ["a IN (j->>'x', b = j->>'y')", "a IN ((j->>'x'), (b = (j->>'y')))"],
    ["j->>'k' NOT IN ('a') AND b", "((j->>'k') NOT IN ('a')) AND b"],
    ["a LIKE j->>'x' ESCAPE '!'", "a LIKE (j->>'x') ESCAPE '!'"],
    ["a ILIKE j->>'x' ESCAPE j->>'y'", "a ILIKE (j->>'x') ESCAPE (j->>'y')"],
    ["a IS NULL AND j->>'x' IS NOT NULL", "(a IS NULL) AND ((j->>'x') IS NOT NULL)"],
    ["a IS TRUE AND j->>'x' IS TRUE", "(a IS TRUE) AND ((j->>'x') IS TRUE)"],
    ["a ISNULL OR j->>'x' NOTNULL", "(a ISNULL) OR ((j->>'x') NOTNULL)"],
    ["a = j->>'x' AND b = j->>'y' OR c", "((a = (j->>'x')) AND (b = (j->>'y'))) OR c"],
    ["a AND (b OR j->>'x' = 'y') AND c->>'z'", "a AND (b OR ((j->>'x') = 'y')) AND (c->>'z')"],
    ["a AND (b AND j) ->> 'x'", "a AND ((b AND j) ->> 'x')"],
    ["a = ANY(SELECT j->>'x' FROM u WHERE b AND j->>'y')", "a = ANY(SELECT (j->>'x') FROM u WHERE b AND (j->>'y'))"],
    ["EXISTS (SELECT 1) AND j->>'x' = 'y'", "EXISTS (SELECT 1) AND ((j->>'x') = 'y')"],
    ["coalesce(a AND j->>'x', b)->>'y' = c AND d", "((coalesce(a AND (j->>'x'), b)->>'y') = c) AND d"],
    ["extract(year FROM j->>'d')", "extract(year FROM (j->>'d'))"],
    ["CAST(a || j->>'x' AS INTEGER)", "CAST(a || (j->>'x') AS INTEGER)"],
    ["(a, j->>'x') = (1, b = j->>'y')", "(a, (j->>'x')) = (1, (b = (j->>'y')))"],
    ['a AND j->k + 1 = 2', 'a AND ((j -> (k + 1)) = 2)'],
    ['a AND j->-1 = 2', 'a AND ((j -> -1) = 2)'],
    ["a AND sum(b) OVER w->>'x'", "a AND ((sum(b) OVER w)->>'x')"],
    ["a AND mode() WITHIN GROUP (ORDER BY b AND j->>'k')->>'x'", "a AND ((mode() WITHIN GROUP (ORDER BY b AND (j->>'k')))->>'x')"],
    ["a AND b COLLATE NOCASE->>'x'", "a AND ((b COLLATE NOCASE)->>'x')"],
    ["a AND {'k': j}->>'x'", "a AND ({'k': j}->>'x')"],
    ["a AND json '{}'->>'x'", "a AND ((json '{}')->>'x')"],
    ["a = 'é😀' AND 'ü' = j->>'x'", "(a = 'é😀') AND ('ü' = (j->>'x'))"],
    ["a AND j->>'x' COLLATE NOCASE = 'y'", "a AND (((j->>'x') COLLATE NOCASE) = 'y')"],
    ["a /* j->>'no' */ AND -- ->\n j->>'x'", "a AND (j->>'x')"],
    ['a AND "j" -> "k" ->> \'x\' = \'->\'', 'a AND (("j" -> "k" ->> \'x\') = \'->\')'],
  ])('%s', async (bare, grouped) => {
    await expectSame(bare, grouped);
  });
});

describe('where the reading of Postgres is an error whatever the data, an arrow takes what it can use', () => {
  it.each([
    ["a || j->>'x' || b", "(a || (j->>'x')) || b"],
    ["1 + j->>'n' * 2", "1 + ((j->>'n') * 2)"],
    ["j->>'n' + 1 > 2", "((j->>'n') + 1) > 2"],
    ["j->>'n'::INTEGER > 2 AND a", "(((j->>'n')::INTEGER) > 2) AND a"],
    ["j->'e'[1]", "(j->'e')[1]"],
    ["a AND j->>'d' AT TIME ZONE 'UTC' = b", "a AND (((j->>'d') AT TIME ZONE 'UTC') = b)"],
  ])('%s', async (bare, grouped) => {
    await expectSame(bare, grouped);
  });

  it.each([
    ["a AND '{\"k\":' || b || '}' ->> 'k' = 'x'", "a AND ((('{\"k\":' || b || '}') ->> 'k') = 'x')"],
    ["a AND j->>'k'::TEXT = 'x'", "a AND ((j->>('k'::TEXT)) = 'x')"],
    ["a AND j->'0'::INTEGER = 'x'", "a AND ((j->('0'::INTEGER)) = 'x')"],
  ])('but not in %s', async (bare, grouped) => {
    await expectSame(bare, grouped);
  });
});

describe('the arrow of a lambda stays one', () => {
  it.each([
    ["list_transform(l, x -> x->>'k' = 'v' AND x->>'n' IS NULL)", "list_transform(l, x -> (((x->>'k') = 'v') AND ((x->>'n') IS NULL)))"],
    ["list_filter(l, (x, i) -> i > 1 AND x->>'k')", "list_filter(l, (x, i) -> ((i > 1) AND (x->>'k')))"],
    ['list_reduce(l, (x, y) -> x + y)', 'list_reduce(l, (x, y) -> (x + y))'],
    ["l.list_filter(x -> x->>'k' = 'v')", "l.list_filter(x -> ((x->>'k') = 'v'))"],
    ["a AND list_filter(l, x -> a = x->'k')->>'n'", "a AND (list_filter(l, x -> (a = (x->'k')))->>'n')"],
    ["list_transform(j->'items', x -> x->>'k')", "list_transform((j->'items'), x -> (x->>'k'))"],
    ["COLUMNS(c -> c = a->>'k')", "COLUMNS(c -> (c = (a->>'k')))"],
  ])('%s', async (bare, grouped) => {
    await expectSame(bare, grouped);
  });
});

/** An expression with its text under the precedence of Postgres, and with every grouping spelt out. */
interface Expression {
  readonly level: number;
  readonly bare: string;
  readonly full: string;
  /** Whether it is a chain of arrows, and nothing else, that ends in a key in quotes: what may do without the parentheses of Postgres. */
  readonly isChain?: boolean;
}

/** Precedence of Postgres, loosest first; arrows and `||` share a level there. */
const LEVELS: readonly (readonly [number, readonly string[]])[] = [
  [1, ['OR']],
  [2, ['AND']],
  [4, ['IS DISTINCT FROM', 'IS NOT DISTINCT FROM']],
  [5, ['=', '<', '<>', '>=']],
  [6, ['LIKE', 'NOT LIKE', 'ILIKE', 'SIMILAR TO']],
  [7, ['||', '&', '^@']],
  [8, ['+', '-']],
  [9, ['*', '/', '%']],
];
/** Operators that group with none of their own level. */
const NON_ASSOCIATIVE = new Set([4, 5, 6]);

const json = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('j', 't.j', '"j"', 'f(j)', 'coalesce(j, k)', 'l[1]', '(j)', 'j::json'),
    fc
      .tuple(tie('json'), fc.constantFrom('->', '->>'), fc.constantFrom("'k'", '0', "'$.k.n'", '$1'))
      .map(([left, arrow, key]) => `${left}${arrow}${key}`),
  ),
})).json;

const expression = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    json.map((text) => ({
      level: text.includes('->') ? 7 : 20,
      bare: text,
      full: `(${text})`,
      isChain: text.includes('->') && text.endsWith("'"),
    })),
    fc.constantFrom('a', '1', "'s'", 'NULL', 'x.y').map((text) => ({ level: 20, bare: text, full: text })),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom(...LEVELS.flatMap(([level, operators]) => operators.map((operator) => [level, operator] as const))),
        tie('expression'),
      )
      .map(([left, [level, operator], right]) => {
        const needsLeft = left.level < level || (left.level === level && NON_ASSOCIATIVE.has(level));
        const needsRight = right.level <= level && right.isChain !== true;
        const bare = `${needsLeft && !(left.isChain === true) ? `(${left.bare})` : left.bare} ${operator} ${needsRight ? `(${right.bare})` : right.bare}`;
        return { level, bare, full: `(${left.full} ${operator} ${right.full})` };
      }),
    tie('expression').map((inner) => ({
      level: 3,
      bare: inner.level < 3 ? `NOT (${inner.bare})` : `NOT ${inner.bare}`,
      full: `(NOT ${inner.full})`,
    })),
    fc.tuple(tie('expression'), fc.constantFrom('IS NULL', 'IS NOT NULL', 'IS TRUE')).map(([inner, suffix]) => ({
      level: 4,
      bare: `${inner.level <= 4 ? `(${inner.bare})` : inner.bare} ${suffix}`,
      full: `(${inner.full} ${suffix})`,
    })),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([input, low, high]) => {
      const wrap = (side: Expression): string => (side.level <= 6 ? `(${side.bare})` : side.bare);
      return {
        level: 6,
        bare: `${wrap(input)} BETWEEN ${wrap(low)} AND ${wrap(high)}`,
        full: `(${input.full} BETWEEN ${low.full} AND ${high.full})`,
      };
    }),
    fc.tuple(tie('expression'), tie('expression')).map(([first, second]) => ({
      level: 20,
      bare: `CASE WHEN ${first.bare} THEN ${second.bare} END`,
      full: `(CASE WHEN ${first.full} THEN ${second.full} END)`,
    })),
    fc
      .tuple(tie('expression'), tie('expression'))
      .map(([first, second]) => ({ level: 20, bare: `g(${first.bare}, ${second.bare})`, full: `g(${first.full}, ${second.full})` })),
  ),
}));

describe('any expression', () => {
  it('reads as under the precedence of Postgres', async () => {
    await fc.assert(
      fc.asyncProperty(expression.expression, async ({ bare, full }) => {
        await expectSame(bare, full);
      }),
      { numRuns: 400 },
    );
  });
});
