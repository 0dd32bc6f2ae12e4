import { describe, expect, it } from 'vitest';
import { type Condition, conditionsOf } from './conditions.ts';

/** Kind, name and values of each member, at its place. */
function read(where: string): readonly unknown[] {
  const text = `xx${where}`.slice(2);
  return conditionsOf({ text, offset: 10 }).map((condition: Condition) => {
    expect(text.slice(condition.slice.offset - 10).startsWith(condition.slice.text)).toBe(true);
    switch (condition.kind) {
      case 'equality':
      case 'list':
        return [condition.kind, condition.name.parts.join('.'), condition.values.map((value) => value.text)];
      case 'query':
        return [condition.kind, condition.name.parts.join('.'), condition.query.text];
      default:
        return [condition.kind, condition.slice.text];
    }
  });
}

describe('the members of a WHERE clause', () => {
  it.each([
    [
      `userId = 'a' AND groupId = 'b'`,
      [
        ['equality', 'userId', [`'a'`]],
        ['equality', 'groupId', [`'b'`]],
      ],
    ],
    [
      `(u.id = 'a' AND (x = 1))`,
      [
        ['equality', 'u.id', [`'a'`]],
        ['equality', 'x', ['1']],
      ],
    ],
    [`'a' = "User Id"`, [['equality', 'User Id', [`'a'`]]]],
    [`id IN ('a', lower('B'))`, [['list', 'id', [`'a'`, `lower('B')`]]]],
    [
      `id IN (SELECT id FROM t WHERE a = 1 AND b = 2) AND x = 1`,
      [
        ['query', 'id', 'SELECT id FROM t WHERE a = 1 AND b = 2'],
        ['equality', 'x', ['1']],
      ],
    ],
    [
      `id = 'a' || 'b' AND y = f(a = b)`,
      [
        ['equality', 'id', [`'a' || 'b'`]],
        ['equality', 'y', ['f(a = b)']],
      ],
    ],
    [
      `a BETWEEN 1 AND 2 AND b = CASE WHEN c AND d THEN 1 ELSE 2 END`,
      [
        ['other', 'a BETWEEN 1 AND 2'],
        ['equality', 'b', ['CASE WHEN c AND d THEN 1 ELSE 2 END']],
      ],
    ],
    [`a = 1 OR b = 2`, [['other', 'a = 1 OR b = 2']]],
    [
      `(a = 1 OR b = 2) AND c = 3`,
      [
        ['other', 'a = 1 OR b = 2'],
        ['equality', 'c', ['3']],
      ],
    ],
    [`a = b = c`, [['other', 'a = b = c']]],
    [
      `NOT a = 1 AND a <> 2 AND a LIKE 'x' AND lower(a) = 'x'`,
      [
        ['other', 'NOT a = 1'],
        ['other', 'a <> 2'],
        ['other', `a LIKE 'x'`],
        ['other', `lower(a) = 'x'`],
      ],
    ],
    [
      `id NOT IN ('a') AND id IN (1) = true`,
      [
        ['other', `id NOT IN ('a')`],
        ['other', 'id IN (1) = true'],
      ],
    ],
    [`a = 1 IS NULL`, [['other', 'a = 1 IS NULL']]],
  ])('%s', (where, expected) => {
    expect(read(where)).toEqual(expected);
  });
});
