import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestEngine, type TestEngine } from './engine-fixture.test-support.ts';
import { normaliseQuery, utf16Offset } from './normalise.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await openTestEngine();
});
afterAll(() => engine.close());

const normalised = (text: string): string => normaliseQuery({ text, offset: 0 }).text;

/** Text before, text for the engine, and what the engine answers (one row). */
const HABITS: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['SELECT `a``b` FROM (SELECT 1 AS `a``b`)', 'SELECT "a`b" FROM (SELECT 1 AS "a`b")', [1]],
  [
    "SELECT 'a' IS 'a', 'a' IS NOT 'b', NULL IS NOT 1",
    "SELECT 'a' IS NOT DISTINCT FROM 'a', 'a' IS DISTINCT FROM 'b', NULL IS DISTINCT FROM 1",
    [true, true, true],
  ],
  ['SELECT x.a IS x.b FROM (SELECT 1 AS a, NULL AS b) x', 'SELECT x.a IS NOT DISTINCT FROM x.b FROM (SELECT 1 AS a, NULL AS b) x', [false]],
  ['SELECT \'{"x":[{"b c":7}]}\' #>> \'{x,0,"b c"}\'', 'SELECT \'{"x":[{"b c":7}]}\' ->> \'$.x[0]."b c"\'', ['7']],
  ["SELECT 1 WHERE true AND '{\"x\":1}'::JSON ? 'x'", "SELECT 1 WHERE true AND json_exists('{\"x\":1}'::JSON , '$.x')", [1]],
  ["SELECT '{\"a.b\":1}'::JSON ? 'a.b'", 'SELECT json_exists(\'{"a.b":1}\'::JSON , \'$."a.b"\')', [true]],
  ['SELECT n FROM range(9) r (n) ORDER BY n LIMIT 3, 1', 'SELECT n FROM range(9) r (n) ORDER BY n LIMIT 1 OFFSET 3', ['3']],
  [
    "SELECT 0xFF + 0x10, X'4142', typeof(X''), B'101'",
    "SELECT 255 + 16, '\\x41\\x42'::BLOB, typeof(''::BLOB), '101'::BIT",
    [271, expect.anything(), 'BLOB', expect.anything()],
  ],
  ["SELECT E'\\u00e9\\n'", "SELECT 'é\n'", ['é\n']],
  ["SELECT 'a b'\u00a0AS\u3000x\ufeff", "SELECT 'a b' AS x ", ['a b']],
];

describe('calls that the engine takes for types', () => {
  const names = { date: 'our_date', time: 'our_time', char: 'our_char' };
  const renamed = (text: string): string => normaliseQuery({ text, offset: 0 }, names).text;

  it.each([
    ["SELECT date('now', '-1 day')", "SELECT our_date('now', '-1 day')"],
    ["SELECT 1 WHERE created > DATE ( 'NOW' ) AND time('now') = x", "SELECT 1 WHERE created > our_date ( 'NOW' ) AND our_time('now') = x"],
    ['SELECT char(72, char(105)) || char(33)', 'SELECT our_char(72, our_char(105)) || our_char(33)'],
    ['SELECT CASE WHEN a THEN time(b) ELSE time(c) END', 'SELECT CASE WHEN a THEN our_time(b) ELSE our_time(c) END'],
  ])('%s becomes %s', (text, expected) => expect(renamed(text)).toBe(expected));

  it.each([
    "SELECT date(created), date(max(a, b)), date('2024-05-06')",
    "SELECT x::char(2), CAST(x AS time(3)), x::STRUCT(code char(2)), DATE '2024-05-06'",
    'SELECT t.date(1, 2), "char"(1, 2), date, time FROM t AS char(a, b)',
    "SELECT 'char(1)' -- time(2)",
  ])('%s stays', (text) => expect(renamed(text)).toBe(text));

  it('places after a renamed call are those of the text', () => {
    const { text, sourceOffset } = normaliseQuery({ text: "SELECT date('now', '1 day'), nope", offset: 10 }, names);
    expect(sourceOffset(text.indexOf('nope'))).toBe(39);
  });
});

describe('normaliseQuery', () => {
  it.each(HABITS)('turns %s', async (text, expected, row) => {
    expect(normalised(text)).toBe(expected);
    const outcome = await engine.outcome(expected);
    if ('error' in outcome) throw new Error(outcome.error);
    expect(
      outcome.rows.map((item) =>
        (JSON.parse(item) as unknown[]).map((value) => (typeof value === 'string' && /^\d+n$/.test(value) ? value.slice(0, -1) : value)),
      ),
    ).toEqual([row]);
  });

  it.each([
    'SELECT a IS NULL, a IS NOT NULL, a IS TRUE, a IS NOT FALSE, a IS UNKNOWN, a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b FROM t',
    'SELECT "is", t.limit, t.regexp FROM t WHERE a == b AND b GLOB \'x*\' LIMIT 5 OFFSET 2',
    'SELECT * FROM t WHERE a = ? AND b IN (?, ?) AND c BETWEEN ? AND ? LIMIT ?',
    "SELECT list_transform(l, x -> x + 1), j->>'a', #1 FROM t",
    "SELECT 'it''s `not` 0xFF #>> {a} -> IS ''x''', $$ `a` -> $$, \"`\" /* `a` IS 'x' */ FROM t -- `b`",
    "SELECT 'a\u00a0b' FROM t",
  ])('leaves %s as it is', (text) => {
    expect(normalised(text)).toBe(text);
  });

  it('takes REGEXP for a match that rewriteOperators makes partial', () => {
    expect(normalised("SELECT a REGEXP 'x' || 'y', a NOT RLIKE b FROM t")).toBe(
      "SELECT a SIMILAR TO 'x' || 'y', a NOT SIMILAR TO b FROM t",
    );
    expect(normalised('SELECT regexp(a), rlike FROM t')).toBe('SELECT regexp(a), rlike FROM t');
  });

  it('leads every token back to where it stands in the whole text', () => {
    const source = "-- é😀\nSELECT `é`, 'ü😀' IS 'b', a AND j->>'k' = zz FROM `t`";
    const slice = { text: source.slice(source.indexOf('SELECT')), offset: source.indexOf('SELECT') };
    const { text, sourceOffset, sourceOffsetOfByte } = normaliseQuery(slice);
    expect(text).toBe("SELECT \"é\", 'ü😀' IS NOT DISTINCT FROM 'b', a AND (j->>'k') = zz FROM \"t\"");
    for (const token of ['SELECT', "'ü😀'", "'b'", 'a AND', 'j->>', "->>'k'", "'k'", '= zz', 'zz', 'FROM `t`']) {
      const place = text.indexOf(token.replaceAll('`', '"'));
      const found = token.startsWith('FROM') ? text.lastIndexOf('FROM') : place;
      expect(source.startsWith(token, sourceOffset(found)), token).toBe(true);
      expect(sourceOffsetOfByte(Buffer.byteLength(text.slice(0, found)))).toBe(sourceOffset(found));
    }
    expect(sourceOffset(text.length)).toBe(source.length);
  });

  it('reads expressions as well as queries', () => {
    expect(normalised("a AND j->>'k' = `b`")).toBe('a AND (j->>\'k\') = "b"');
  });

  it('does not throw on any text that can be cut into tokens, and loses nothing that it does not replace', () => {
    const words = fc.constantFrom(
      'a',
      'j',
      '->',
      '->>',
      "'k'",
      '(',
      ')',
      '[',
      ']',
      'CASE',
      'END',
      'AND',
      'NOT',
      'IS',
      '?',
      '#>>',
      "'{a}'",
      ',',
      '.',
      '::',
      'int',
      '||',
      '1',
      'x ->',
      'f(',
      'OVER',
      'LIMIT',
      '`q`',
      '\u00a0',
      '{',
      '}',
      'FILTER',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 14 }), (parts) => {
        const text = parts.join(' ');
        const result = normaliseQuery({ text, offset: 5 });
        for (let offset = 0; offset <= result.text.length; offset++) {
          const back = result.sourceOffset(offset);
          if (back < 5 || back > text.length + 5) return false;
        }
        return true;
      }),
      { numRuns: 2000 },
    );
  });
});

describe('utf16Offset', () => {
  it('agrees with the encoder on every boundary of characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite' }), (text) => {
        let index = 0;
        for (const character of text) {
          if (utf16Offset(text, Buffer.byteLength(text.slice(0, index))) !== index) return false;
          index += character.length;
        }
        return utf16Offset(text, Buffer.byteLength(text)) === text.length;
      }),
    );
  });
});
