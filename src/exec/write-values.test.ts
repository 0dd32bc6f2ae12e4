import { describe, expect, it } from 'vitest';
import type { ApiType, Parameter, Shape } from '../catalog/types.ts';
import { toBodyValue, toParameterValue } from './write-values.ts';

const shape = (apiType: ApiType): Shape => ({ apiType, sqlType: 'VARCHAR', properties: () => new Map(), items: () => undefined });
const use = { label: 'p' };

describe('a body value', () => {
  it.each([
    ['string', 5, '5'],
    ['string', '{"a":1}', '{"a":1}'],
    ['integer', '12', 12],
    ['integer', 12n, 12],
    ['number', '1.5e3', 1500],
    ['boolean', 'TRUE', true],
    ['object', '{"a":{"b":[1,2.50]}}', { a: { b: [1, 2.5] } }],
    ['object', { a: 1n, b: ['x'] }, { a: 1, b: ['x'] }],
    ['array', '["x"]', ['x']],
    ['array', ['x', null], ['x', null]],
    ['integer', null, null],
  ] as const)('for %s: %s', (type, value, expected) => {
    expect(toBodyValue(value, shape(type), use)).toEqual(expected);
  });

  it.each([
    ['integer', '1.5', 'p takes an integer, not this text'],
    ['integer', 9007199254740993n, 'p: the number 9007199254740993 cannot be sent exactly'],
    ['number', 'ten', 'p takes a number, not this text'],
    ['boolean', 1, 'p takes true or false, not 1'],
    ['object', '["a"]', 'p takes an object, not a JSON array'],
    ['array', 'a', 'p takes an array, not this text'],
    ['string', ['a'], 'p takes a string, not a list'],
  ] as const)('for %s is refused: %s', (type, value, message) => {
    expect(() => toBodyValue(value, shape(type), use)).toThrow(expect.objectContaining({ code: 'type_mismatch', message }) as Error);
  });

  it('without a known shape embeds text that holds a JSON object or array, and no other text', () => {
    expect([
      toBodyValue('{"a":1}', undefined, use),
      toBodyValue('[1]', undefined, use),
      toBodyValue('1', undefined, use),
      toBodyValue('{broken', undefined, use),
    ]).toEqual([{ a: 1 }, [1], '1', '{broken']);
    expect(toBodyValue('{"a":1}', undefined, { label: 'p', isText: true })).toBe('{"a":1}');
  });
});

describe('a parameter value', () => {
  const parameter = (apiType: ApiType): Parameter => ({
    name: 'p',
    wireName: 'p',
    location: 'query',
    required: false,
    shape: shape(apiType),
  });

  it('is text, and several for an array', () => {
    expect([
      toParameterValue(true, parameter('boolean'), use),
      toParameterValue(5n, parameter('integer'), use),
      toParameterValue(['a', 2], parameter('array'), use),
      toParameterValue('["a","b"]', parameter('array'), use),
    ]).toEqual(['true', '5', ['a', '2'], ['a', 'b']]);
  });

  it('that does not fit is refused before anything is sent', () => {
    expect(() => toParameterValue('x', parameter('integer'), use)).toThrow(
      expect.objectContaining({ code: 'invalid_parameter_value', message: 'p takes an integer, not this text' }) as Error,
    );
  });
});
