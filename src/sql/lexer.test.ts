import { describe, expect, it } from 'vitest';
import { OrgqlError } from '../util/errors.ts';
import { nameOf, stringValue, tokenise } from './lexer.ts';

const texts = (source: string): string[] => tokenise(source).map((token) => `${token.kind} ${token.text}`);

describe('tokenise', () => {
  it('reads words in upper case, names in quotes, strings, numbers, parameters and operators', () => {
    expect(texts(`select u.a->>'x' "Q""q" \`b\` $1 $name ? 1_0.5e-3 .5 a::int #1 [b:=2]`)).toEqual([
      'word SELECT',
      'word U',
      'symbol .',
      'word A',
      'symbol ->>',
      `string 'x'`,
      'quoted "Q""q"',
      'backtick `b`',
      'parameter $1',
      'parameter $name',
      'parameter ?',
      'number 1_0.5e-3',
      'number .5',
      'word A',
      'symbol ::',
      'word INT',
      'symbol #',
      'number 1',
      'symbol [',
      'word B',
      'symbol :=',
      'number 2',
      'symbol ]',
    ]);
  });

  it('lets line comments and nested block comments fall away, also inside operators', () => {
    expect(texts('1 -- it\'s "open\n+/* a /* b */ c */2--')).toEqual(['number 1', 'symbol +', 'number 2']);
  });

  it('parts an operator from a sign as the engine does', () => {
    expect(texts('a=-1')).toEqual(['word A', 'symbol =', 'symbol -', 'number 1']);
    expect(texts('a->-1')).toEqual(['word A', 'symbol ->', 'symbol -', 'number 1']);
    expect(texts('a@-1')).toEqual(['word A', 'symbol @-', 'number 1']);
  });

  it('counts offsets in UTF-16 units', () => {
    expect(tokenise("'😀é' x").map((token) => [token.start, token.end])).toEqual([
      [0, 5],
      [6, 7],
    ]);
  });

  it('takes no keyword from letters that only capitalise to one', () => {
    expect(texts('lımıt')).toEqual(['word lımıt']);
  });

  it.each([
    [`'it''s'`, "it's"],
    [`E'a\\'b\\n\\x41\\u00e9\\\\'''`, "a'b\nA\u00e9\\'"],
    ['$$a$b$$', 'a$b'],
    ['$tag$a $$ b$tag$', 'a $$ b'],
  ])('reads the string %s', (source, value) => {
    expect(tokenise(source).map(stringValue)).toEqual([value]);
  });

  it('reads names of all three spellings', () => {
    const source = 'UserId "a""b" `c``d`';
    expect(tokenise(source).map((token) => nameOf(token, source))).toEqual(['UserId', 'a"b', 'c`d']);
  });

  it.each([
    [`select 'abc\nx`, 7, 4, 'This string is never closed'],
    ['select "abc', 7, 4, 'This quoted name is never closed'],
    ['select `abc', 7, 4, 'This quoted name is never closed'],
    ['select /* /* */ 1', 7, 10, 'This comment is never closed'],
    ['select $a$ b', 7, 5, 'This string is never closed'],
    [`select E'a\\'`, 7, 5, 'This string is never closed'],
  ])('says what is open in %j', (source, offset, length, message) => {
    try {
      tokenise(source);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(OrgqlError);
      expect(error).toMatchObject({ code: 'syntax_error', message, span: { offset, length }, source });
    }
  });
});
