import { describe, expect, it } from 'vitest';
import { readTree, writeTree } from './lossless.ts';
import { RawNumber } from './tree.ts';

describe('readTree and writeTree', () => {
  it('give back every number as it was', () => {
    const json =
      '{"statements":[{"query_location":18446744073709551615,"small":-12,"zero":0,"big":9007199254740993,"minusZero":-0.0,"one":1.0,"half":0.5,' +
      '"tiny":5e-324,"text":"18446744073709551615 \\"q\\" \\u0001 é😀","none":null,"yes":true,"list":[],"object":{}}]}';
    expect(writeTree(readTree(json))).toBe(json);
  });

  it('make numbers of integers that fit, and keep the text of all others', () => {
    expect(readTree('{"a":42,"b":18446744073709551615,"c":1.5,"d":1234567890123456}')).toEqual({
      a: 42,
      b: new RawNumber('18446744073709551615'),
      c: new RawNumber('1.5'),
      d: new RawNumber('1234567890123456'),
    });
  });

  it('name a number beyond DOUBLE, which the engine writes as Infinity', () => {
    expect(() => readTree('{"value":Infinity}')).toThrow('A number here is beyond the range of DOUBLE');
    expect(() => readTree('{"value":-Infinity}')).toThrow('A number here is beyond the range of DOUBLE');
    expect(() => readTree('{"value":"Infinity"')).toThrow('no JSON');
  });

  it('write a DOUBLE that would print like a DECIMAL as a cast, under the same column name', () => {
    const constant = (value: string): string =>
      `{"class":"CONSTANT","type":"VALUE_CONSTANT","alias":"","query_location":7,"value":{"type":{"id":"DOUBLE","type_info":null},"is_null":false,"value":${value}}}`;
    const tree = readTree(`{"type":"SELECT_NODE","select_list":[${constant('1.0')},${constant('1e+22')}],"having":${constant('2.0')}}`);
    expect(JSON.parse(writeTree(tree))).toMatchObject({
      select_list: [
        { class: 'CAST', alias: '1.0', child: { value: { value: '1.0' } }, cast_type: { id: 'DOUBLE' } },
        { class: 'CONSTANT' },
      ],
      having: { class: 'CAST', alias: '', child: { value: { value: '2.0' } } },
    });
    expect(tree.having).toMatchObject({ class: 'CONSTANT' });
  });
});
