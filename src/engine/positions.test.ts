import { expect, test } from 'vitest';
import { tokenLength, utf16FromBytes, utf16FromCodePoints } from './positions.ts';

const text = 'aü😀"x y"::int';

test('bytes and code points become UTF-16 offsets', () => {
  expect([0, 1, 3, 7, 12, 99].map((offset) => utf16FromBytes(text, offset))).toEqual([0, 1, 2, 4, 9, text.length]);
  expect([0, 1, 2, 3, 8, 99].map((offset) => utf16FromCodePoints(text, offset))).toEqual([0, 1, 2, 4, 9, text.length]);
});

test('a token is a word, a quoted name, an operator, or nothing at the end', () => {
  expect([4, 9, 11, text.length].map((offset) => tokenLength(text, offset))).toEqual([5, 2, 3, 0]);
});
