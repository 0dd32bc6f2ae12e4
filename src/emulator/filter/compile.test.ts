import { expect, test } from 'vitest';
import { compileFilter, type FilterGrammar, valueAt } from './compile.ts';

type Row = Record<string, unknown>;
const ALL = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sw', 'ew', 'co', 'pr'] as const;
const grammar = (isCaseSensitive: boolean): FilterGrammar<Row> => ({
  isCaseSensitive,
  allowsNot: true,
  attribute: (name) =>
    name === 'secret'
      ? undefined
      : {
          type: name === 'created' ? 'date' : 'text',
          operators: name === 'id' ? ['eq'] : ALL,
          get: (row) => valueAt(row, name.split('.')),
        },
});
const rows: Row[] = [
  { id: 'a', name: 'Ada', created: '2026-01-01T00:00:00.000Z', tags: ['x', 'y'], profile: { n: 1 } },
  { id: 'b', name: 'ada', created: '2026-02-01T00:00:00.000Z', tags: [], profile: { n: 2, on: true } },
  { id: 'c', name: 'Bo "B"', created: '2026-03-01T00:00:00.000Z', profile: {} },
];
const ids = (filter: string, sensitive = true): unknown[] => rows.filter(compileFilter(filter, grammar(sensitive))).map((row) => row.id);

test('and binds tighter than or', () => {
  expect(ids('id eq "a" or id eq "b" and name eq "none"')).toEqual(['a']);
  expect(ids('(id eq "a" or id eq "b") and name eq "ada"')).toEqual(['b']);
});

test('operators are read in any case, attribute names as written', () => {
  expect(ids('id EQ "a" OR name Sw "Bo"')).toEqual(['a', 'c']);
  expect(ids('Name pr')).toEqual([]);
});

test('filter compares text by case, search does not', () => {
  expect(ids('name eq "ADA"')).toEqual([]);
  expect(ids('name eq "ADA"', false)).toEqual(['a', 'b']);
});

test('dates compare as times', () => {
  expect(ids('created ge "2026-02-01T01:00:00.000+01:00" and created lt "2026-03-01T00:00:00.000Z"')).toEqual(['b']);
});

test('one element of an array is enough, and ne is not-eq over all of them', () => {
  expect(ids('tags eq "y"')).toEqual(['a']);
  expect(ids('tags ne "y"')).toEqual(['b', 'c']);
  expect(ids('tags pr')).toEqual(['a']);
});

test('values may be numbers, booleans and escaped strings', () => {
  expect(ids('profile.n gt 1')).toEqual(['b']);
  expect(ids('profile.on eq true')).toEqual(['b']);
  expect(ids(String.raw`name eq "Bo \"B\""`)).toEqual(['c']);
  expect(ids('not (profile.n pr)')).toEqual(['c']);
});

test.each([
  ['', 'The expression ends too early.'],
  ['id eq', "A value is needed after 'id eq'."],
  ['id is "a"', "Unrecognized attribute operator 'is' after 'id'."],
  ['(id eq "a"', 'A closing parenthesis is missing.'],
  ['id eq "a" x', "Unexpected 'x'."],
  ['secret eq "a"', "Invalid attribute 'secret'."],
  ['id sw "a"', "Operator 'sw' is not supported for attribute 'id'."],
  ['created gt "yesterday"', "'yesterday' is not a valid date for attribute 'created'."],
  [`${'('.repeat(5000)}id eq "a"`, 'The expression is nested too deep.'],
])('%j is refused', (filter, cause) => {
  expect(() => ids(filter)).toThrowError(expect.objectContaining({ errorCode: 'E0000031', causes: [cause] }));
});
