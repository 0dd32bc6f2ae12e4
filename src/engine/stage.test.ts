import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { useStages } from './test-stages.ts';

const { bytes, column, constant, stageOf, rowsOf, typesOf, codeOf } = useStages();
const none = { rows: 0, duplicates: 0, retyped: [] };

describe('values', () => {
  test('text, numbers, times, nested values and constants arrive as they are', async () => {
    const stage = await stageOf([
      column('id'),
      column('n', 'BIGINT'),
      column('profile.email', 'VARCHAR', ['profile', 'email']),
      column('at', 'TIMESTAMPTZ'),
      column('d', 'DOUBLE'),
      column('b', 'BOOLEAN'),
      column('j', 'JSON'),
      constant('$sub', 'VARCHAR'),
      constant('num', 'BIGINT'),
    ]);
    const page = [
      {
        id: 'Zoë 😀 "q" \\ \n',
        n: '#',
        profile: { email: 'a@b.c', other: 1 },
        at: '2025-09-22T09:00:23.5+02:00',
        d: 0.1,
        b: true,
        j: { a: [1, 'x', null] },
      },
      { id: null, n: null, profile: null, at: null, d: null, b: null, j: null },
      { id: 5, n: -1, profile: {}, at: '2025-09-22T07:00:23Z', d: 7, b: false, j: 'text' },
      { j: [1] },
      { j: 0, id: { a: 1 } },
    ];
    expect(await stage.append(bytes(JSON.stringify(page).replace('"#"', '9007199254740993')), [], { $sub: 'acme', num: 7 })).toEqual({
      rows: 5,
      duplicates: 0,
      retyped: [],
    });
    expect(await rowsOf(stage)).toEqual([
      ['Zoë 😀 "q" \\ \n', 9007199254740993n, 'a@b.c', '2025-09-22T07:00:23.500Z', 0.1, true, '{"a":[1,"x",null]}', 'acme', 7],
      [null, null, null, null, null, null, null, 'acme', 7],
      ['5', -1, null, '2025-09-22T07:00:23.000Z', 7, false, '"text"', 'acme', 7],
      [null, null, null, null, null, null, '[1]', 'acme', 7],
      ['{"a":1}', null, null, null, null, null, '0', 'acme', 7],
    ]);
  });

  test('what JSON.parse sees is what the stage has, for any text, integer, boolean and absence', async () => {
    const row = fc.record(
      {
        id: fc.option(fc.string({ unit: 'grapheme' })),
        n: fc.option(fc.maxSafeInteger()),
        b: fc.option(fc.boolean()),
        p: fc.option(fc.record({ 'a.b "c"': fc.option(fc.string({ unit: 'grapheme-composite' })) })),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (page) => {
        const stage = await stageOf([
          column('id'),
          column('n', 'BIGINT'),
          column('b', 'BOOLEAN'),
          column('x', 'VARCHAR', ['p', 'a.b "c"']),
        ]);
        await stage.append(bytes(page), [], {});
        expect(await rowsOf(stage)).toEqual(page.map(({ id, n, b, p }) => [id ?? null, n ?? null, b ?? null, p?.['a.b "c"'] ?? null]));
        await stage.drop();
      }),
      { numRuns: 60 },
    );
  });

  test('names with dots, dollars and quotes are columns; twins in case are refused', async () => {
    const stage = await stageOf([column('a.b', 'VARCHAR', ['a', 'b']), column('$x', 'VARCHAR', ['x']), column('q"q', 'VARCHAR', ['q"q'])]);
    await stage.append(bytes([{ a: { b: '1' }, x: '2', 'q"q': '3' }]), [], {});
    expect(await rowsOf(stage, '"q""q", "$x", "a.b"')).toEqual([['3', '2', '1']]);
    expect(await codeOf(stageOf([column('createdAt'), column('createdat')]))).toBe('internal');
  });

  test('keys that differ only in case, and a value together with its own parts, are kept apart', async () => {
    const stage = await stageOf([
      column('lower', 'VARCHAR', ['id']),
      column('upper', 'VARCHAR', ['ID']),
      column('whole', 'JSON', ['p']),
      column('part', 'VARCHAR', ['p', 'a/b~c']),
    ]);
    await stage.append(bytes([{ id: 'x', ID: 'y', p: { 'a/b~c': 'z' } }]), [], {});
    expect(await rowsOf(stage)).toEqual([['x', 'y', '{"a/b~c":"z"}', 'z']]);
  });

  test('rows that are no objects can be staged whole', async () => {
    const stage = await stageOf([column('value', 'VARCHAR', []), column('json', 'JSON', [])]);
    await stage.append(bytes(['a', 1, null, { b: 2 }]), [], {});
    expect(await rowsOf(stage)).toEqual([
      ['a', '"a"'],
      ['1', '1'],
      [null, null],
      ['{"b":2}', '{"b":2}'],
    ]);
  });
});

describe('shapes', () => {
  test('the body is an array or one object; a path leads to either', async () => {
    const stage = await stageOf([column('id')]);
    expect(await stage.append(bytes([{ id: '1' }]), [], {})).toEqual({ rows: 1, duplicates: 0, retyped: [] });
    expect(await stage.append(bytes({ id: '2' }), [], {})).toEqual({ rows: 1, duplicates: 0, retyped: [] });
    expect(await stage.append(bytes({ a: { 'b/c': [{ id: '3' }, { id: '4' }] } }), ['a', 'b/c'], {})).toEqual({
      rows: 2,
      duplicates: 0,
      retyped: [],
    });
    expect(await stage.append(bytes({ a: { id: '5' } }), ['a'], {})).toEqual({ rows: 1, duplicates: 0, retyped: [] });
    expect(await stage.append(bytes('\ufeff [{"id":"6"}]'), [], {})).toEqual({ rows: 1, duplicates: 0, retyped: [] });
    expect(await rowsOf(stage)).toEqual([['1'], ['2'], ['3'], ['4'], ['5'], ['6']]);
  });

  test.each([
    ['null', []],
    ['[]', []],
    ['{}', ['a']],
    ['{"a":null}', ['a']],
    ['{"a":[]}', ['a']],
    ['{"a":null}', ['a', 'b']],
    ['null', ['a']],
  ])('%s at path %j is no rows', async (body, path) => {
    expect(await (await stageOf([column('id')])).append(bytes(body), path, {})).toEqual(none);
  });

  const invalid: [string, string[]][] = [
    ['', []],
    ['   ', []],
    ['<html>', []],
    ['"text"', []],
    ['5', []],
    ['nullx', []],
    ['[{"id":"1"}', []],
    ['[{"id":"1"}] more', []],
    ['[1]', []],
    ['[{"id":"1"},"x"]', []],
    ['[null]', []],
    ['[{"id":"1"}]', ['a']],
    ['{"a":"text"}', ['a']],
    ['{"a":[1]}', ['a']],
    ['{"a":[{}]}', ['a', 'b']],
    ['{"a":5}', ['a', 'b']],
    ['{"a":', ['a']],
  ];
  test.each(invalid)('%s at path %j is an invalid response', async (body, path) => {
    const stage = await stageOf([column('id')]);
    expect(await codeOf(stage.append(bytes(body), path, {}))).toBe('invalid_response');
    expect(await rowsOf(stage)).toEqual([]);
  });

  test('bytes that are no UTF-8 are an invalid response', async () => {
    const page = new Uint8Array([...bytes('[{"id":"'), 0xff, ...bytes('"}]')]);
    expect(await codeOf((await stageOf([column('id')])).append(page, [], {}))).toBe('invalid_response');
  });

  test('half a surrogate pair in an escape does not make the page unreadable', async () => {
    const stage = await stageOf([column('id')]);
    await stage.append(bytes('[{"id":"\\ud800 \\ud83d\\ude00 \\\\ud800"}]'), [], {});
    expect(await rowsOf(stage)).toEqual([['\ufffd 😀 \\ud800']]);
  });

  test('empty objects are rows', async () => {
    const stage = await stageOf([column('id')]);
    expect(await stage.append(bytes([{}, { id: 'a' }, { other: 1 }]), [], {})).toEqual({ rows: 3, duplicates: 0, retyped: [] });
  });
});

describe('misfits', () => {
  const cases: [string, unknown, string][] = [
    ['BIGINT', 1.5, '1.5'],
    ['BIGINT', 'five', 'five'],
    ['BIGINT', true, 'true'],
    ['BIGINT', '007', '007'],
    ['BIGINT', { a: 1 }, '{"a":1}'],
    ['INTEGER', 3000000000, '3000000000'],
    ['BOOLEAN', 'yes', 'yes'],
    ['BOOLEAN', 1, '1'],
    ['DOUBLE', '0.50', '0.50'],
    ['DOUBLE', [1], '[1]'],
    ['TIMESTAMPTZ', 'yesterday', 'yesterday'],
    ['TIMESTAMPTZ', '2025-09-22', '2025-09-22'],
    ['TIMESTAMPTZ', '2025-09-22T07:00:00', '2025-09-22T07:00:00'],
    ['TIMESTAMPTZ', '2025-02-30T07:00:00Z', '2025-02-30T07:00:00Z'],
    ['TIMESTAMPTZ', '2025-09-22T07:00:00.1234567Z', '2025-09-22T07:00:00.1234567Z'],
    ['TIMESTAMPTZ', 1758524423, '1758524423'],
  ];
  test.each(cases)('a %s column keeps %j as the text %s', async (type, value, text) => {
    const stage = await stageOf([column('id'), column('v', type)]);
    await stage.append(bytes([{ id: '1' }]), [], {});
    expect(await stage.append(bytes([{ id: '2', v: value }, { id: '3' }]), [], {})).toEqual({ rows: 2, duplicates: 0, retyped: ['v'] });
    expect(await rowsOf(stage)).toEqual([
      ['1', null],
      ['2', text],
      ['3', null],
    ]);
    expect(await typesOf(stage)).toEqual(['VARCHAR', 'VARCHAR']);
    expect(await stage.append(bytes([{ id: '4', v: value }]), [], {})).toEqual({ rows: 1, duplicates: 0, retyped: [] });
  });

  test('integers beyond what a double holds stay exact', async () => {
    const stage = await stageOf([column('v', 'DOUBLE')]);
    expect((await stage.append(bytes('[{"v":9007199254740993}]'), [], {})).retyped).toEqual(['v']);
    expect(await rowsOf(stage)).toEqual([['9007199254740993']]);
  });

  test('numbers that only look different fit', async () => {
    const stage = await stageOf([column('n', 'BIGINT'), column('d', 'DOUBLE'), column('t', 'TIMESTAMPTZ')]);
    expect(
      (
        await stage.append(
          bytes('[{"n":5.0,"d":1e-7,"t":"2025-09-22T07:00:00.123000000Z"},{"n":"12","d":1e21,"t":"2025-09-22T07:00:00+0000"}]'),
          [],
          {},
        )
      ).retyped,
    ).toEqual([]);
    expect(await rowsOf(stage)).toEqual([
      [5, 1e-7, '2025-09-22T07:00:00.123Z'],
      [12, 1e21, '2025-09-22T07:00:00.000Z'],
    ]);
  });

  test('values that were staged before keep their spelling when their column becomes text', async () => {
    const stage = await stageOf([column('n', 'BIGINT'), column('d', 'DOUBLE'), column('t', 'TIMESTAMPTZ'), column('b', 'BOOLEAN')]);
    await stage.append(
      bytes([
        { n: 5, d: 2, t: '2025-09-22T07:00:23.000Z', b: true },
        { d: 2.5, t: '2025-09-22T07:00:23.000001Z' },
      ]),
      [],
      {},
    );
    expect((await stage.append(bytes([{ n: 'x', d: 'x', t: 'x', b: 'x' }]), [], {})).retyped.toSorted()).toEqual(['b', 'd', 'n', 't']);
    expect(await rowsOf(stage)).toEqual([
      ['5', '2', '2025-09-22T07:00:23.000Z', 'true'],
      [null, '2.5', '2025-09-22T07:00:23.000001Z', null],
      ['x', 'x', 'x', 'x'],
    ]);
  });

  test('a constant that does not fit makes its column text', async () => {
    const stage = await stageOf([column('id'), constant('c', 'BIGINT')]);
    expect((await stage.append(bytes([{ id: '1' }]), [], { c: 'x' })).retyped).toEqual(['c']);
    expect(await rowsOf(stage)).toEqual([['1', 'x']]);
  });
});

describe('keys', () => {
  test('a later row with the same key is dropped and counted, within a page and across pages', async () => {
    const stage = await stageOf([column('id'), column('v'), constant('sub', 'VARCHAR')], ['id', 'sub']);
    const at = (sub: string) => ({ sub });
    expect(
      await stage.append(
        bytes([
          { id: 'a', v: '1' },
          { id: 'b', v: '2' },
          { id: 'a', v: '3' },
        ]),
        [],
        at('x'),
      ),
    ).toEqual({ rows: 3, duplicates: 1, retyped: [] });
    expect(
      await stage.append(
        bytes([
          { id: 'b', v: '4' },
          { id: 'c', v: '5' },
        ]),
        [],
        at('x'),
      ),
    ).toEqual({ rows: 2, duplicates: 1, retyped: [] });
    expect(await stage.append(bytes([{ id: 'a', v: '6' }]), [], at('y'))).toEqual({ rows: 1, duplicates: 0, retyped: [] });
    expect(await rowsOf(stage)).toEqual([
      ['a', '1', 'x'],
      ['b', '2', 'x'],
      ['c', '5', 'x'],
      ['a', '6', 'y'],
    ]);
  });

  test('rows without a key are all kept', async () => {
    const stage = await stageOf([column('id'), column('v')], ['id']);
    expect(await stage.append(bytes([{ v: '1' }, { v: '2' }, { id: null, v: '3' }]), [], {})).toEqual({
      rows: 3,
      duplicates: 0,
      retyped: [],
    });
  });

  test('a key column that becomes text still finds its twins', async () => {
    const stage = await stageOf([column('at', 'TIMESTAMPTZ')], ['at']);
    await stage.append(bytes([{ at: '2025-09-22T07:00:00.000Z' }]), [], {});
    await stage.append(bytes([{ at: 'never' }]), [], {});
    expect(await stage.append(bytes([{ at: '2025-09-22T07:00:00.000Z' }, { at: 'never' }]), [], {})).toEqual({
      rows: 2,
      duplicates: 2,
      retyped: [],
    });
  });

  test('thousands of keys over many pages are told apart', async () => {
    const stage = await stageOf([column('id')], ['id']);
    let duplicates = 0;
    for (let page = 0; page < 20; page++) {
      const rows = Array.from({ length: 500 }, (_, index) => ({ id: `user-${page * 499 + index}` }));
      duplicates += (await stage.append(bytes(rows), [], {})).duplicates;
    }
    expect([duplicates, (await rowsOf(stage)).length]).toEqual([19, 9981]);
  });
});

test('pages of another kind go into the same table, each column from where it lies there', async () => {
  const stage = await stageOf([column('id'), column('status'), constant('groupId', 'VARCHAR')], ['id']);
  const hosts = [{ id: 'g1', _embedded: { user: { id: 'u1', status: 'ACTIVE' } } }, { id: 'g2' }];
  const layout = [['_embedded', 'user', 'id'], ['_embedded', 'user', 'status'], ['id']];
  await stage.append(bytes([{ id: 'u0', status: 'STAGED' }]), [], { groupId: 'g0' });
  await stage.append(bytes(hosts), [], {}, layout);
  await Promise.all([
    stage.append(bytes([{ id: 'u2', status: 'STAGED' }]), [], { groupId: 'g3' }),
    stage.append(bytes([{ id: 'g4', _embedded: { user: { id: 'u1' } } }]), [], {}, layout),
  ]);
  expect(await rowsOf(stage)).toEqual([
    ['u0', 'STAGED', 'g0'],
    ['u1', 'ACTIVE', 'g1'],
    [null, null, 'g2'],
    ['u2', 'STAGED', 'g3'],
  ]);
});

test('a dropped stage is gone', async () => {
  const stage = await stageOf([column('id')]);
  await stage.drop();
  expect(await codeOf(rowsOf(stage))).toBe('unknown_relation');
});
