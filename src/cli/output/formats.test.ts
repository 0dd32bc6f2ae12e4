import { describe, expect, test } from 'vitest';
import type { EngineColumn } from '../../engine/types.ts';
import type { FormatOptions, Row } from './format.ts';
import { FORMATS, type FormatName } from './formats.ts';

const OPTIONS: FormatOptions = { hasHeader: true, delimiter: ',', isCsvSafe: false, clock: () => 0 };

interface Given {
  readonly columns?: readonly EngineColumn[];
  readonly batches?: readonly (readonly Row[])[];
  readonly options?: Partial<FormatOptions>;
  readonly isTerminal?: boolean;
  readonly width?: number;
  readonly useColour?: boolean;
}

const COLUMNS: readonly EngineColumn[] = [
  { name: 'id', type: 'VARCHAR' },
  { name: 'n', type: 'BIGINT' },
  { name: 'profile', type: 'JSON' },
];
const ROWS: readonly Row[] = [
  ['00u1', 7, '{"a": 1}'],
  ['日本', 22n, null],
];

async function print(format: FormatName, given: Given = {}): Promise<string> {
  let text = '';
  const sink = {
    write: async (piece: string) => {
      text += piece;
    },
    isTerminal: given.isTerminal ?? false,
    width: given.width,
    useColour: given.useColour ?? false,
  };
  const formatter = FORMATS[format].make(sink, { ...OPTIONS, ...given.options });
  await formatter.begin(given.columns ?? COLUMNS);
  for (const batch of given.batches ?? [ROWS]) await formatter.rows(batch);
  await formatter.end();
  return text;
}

const column = (name: string, type = 'VARCHAR'): EngineColumn => ({ name, type });

describe('table', () => {
  test('aligns wide characters, and numbers at the right', async () => {
    expect(await print('table')).toBe('id   |  n | profile\n-----+----+---------\n00u1 |  7 | {"a": 1}\n日本 | 22 | NULL\n');
  });

  test('fits the terminal by cutting the widest columns', async () => {
    const long = 'x'.repeat(60);
    expect(await print('table', { columns: [column('id'), column('text')], batches: [[['a', long]]], isTerminal: true, width: 20 })).toBe(
      `id | text\n---+${'-'.repeat(16)}\na  | ${'x'.repeat(14)}…\n`,
    );
  });

  test('cuts nothing where the output is no terminal', async () => {
    const long = 'x'.repeat(300);
    expect(await print('table', { columns: [column('t')], batches: [[[long]]] })).toBe(`t\n${'-'.repeat(300)}\n${long}\n`);
  });

  test('shows control, escape and bidi characters escaped', async () => {
    expect(await print('table', { columns: [column('t')], batches: [[['a\u001b[31mb\n\u202ec\u0007']]] })).toBe(
      `t\n${'-'.repeat(27)}\na\\u001b[31mb\\n\\u202ec\\u0007\n`,
    );
  });

  test('measures emoji and combining marks as terminals do', async () => {
    expect(
      await print('table', {
        columns: [column('a'), column('b')],
        batches: [
          [
            ['👩‍👩‍👧‍👦', 'x'],
            ['e\u0301', 'y'],
          ],
        ],
      }),
    ).toBe('a  | b\n---+--\n👩‍👩‍👧‍👦 | x\ne\u0301  | y\n');
  });

  test('writes the rows that come after the measured ones as they come', async () => {
    const batches = Array.from({ length: 3 }, (_, batch) => Array.from({ length: 700 }, (_, index): Row => [String(batch * 700 + index)]));
    const text = await print('table', { columns: [column('t')], batches });
    expect(text.split('\n').slice(2, -1)).toEqual(Array.from({ length: 2100 }, (_, index) => String(index)));
  });

  test('prints the header of an empty result, and none where it is not wanted', async () => {
    expect(await print('table', { batches: [] })).toBe('id | n | profile\n---+---+--------\n');
    expect(await print('table', { options: { hasHeader: false } })).toBe('00u1 |  7 | {"a": 1}\n日本 | 22 | NULL\n');
  });

  test('shows NULL and the header apart where there is colour', async () => {
    expect(await print('table', { columns: [column('t')], batches: [[[null], ['NULL']]], useColour: true })).toBe(
      '\u001b[1mt\u001b[22m\n----\n\u001b[2mNULL\u001b[22m\nNULL\n',
    );
  });
});

describe('json', () => {
  test('keeps types: JSON columns stay objects, integers of any size stay digits', async () => {
    const columns = [
      column('j', 'JSON'),
      column('big', 'BIGINT'),
      column('huge', 'HUGEINT'),
      column('d', 'DECIMAL(10,2)'),
      column('b', 'BOOLEAN'),
      column('t'),
    ];
    const text = await print('json', {
      columns,
      batches: [[['{"a":[1,{"b":null}]}', 9007199254740993n, '170141183460469231731687303715884105727', '1.50', true, '1']]],
    });
    expect(text).toBe(
      '[{"j":{"a":[1,{"b":null}]},"big":9007199254740993,"huge":170141183460469231731687303715884105727,"d":1.50,"b":true,"t":"1"}]\n',
    );
  });

  test('keeps the JSON inside of lists and structs', async () => {
    const columns = [column('l', 'JSON[]'), column('s', 'STRUCT(a JSON, "b c" DECIMAL(4,1))'), column('m', 'MAP(VARCHAR, JSON)')];
    expect(await print('jsonl', { columns, batches: [[[['{"x":1}', '2'], { a: '[1]', 'b c': '2.0' }, { k: '{"z":0}' }]]] })).toBe(
      '{"l":[{"x":1},2],"s":{"a":[1],"b c":2.0},"m":{"k":{"z":0}}}\n',
    );
  });

  test('writes hostile characters as \\u, and the value stays the same', async () => {
    const text = await print('json', {
      columns: [column('t'), column('j', 'JSON')],
      batches: [[['a\u001b\u202e\u2028', '{"x":\n "\u202e"}']]],
    });
    expect(text).toBe('[{"t":"a\\u001b\\u202e\\u2028","j":{"x":  "\\u202e"}}]\n');
    expect(JSON.parse(text)).toEqual([{ t: 'a\u001b\u202e\u2028', j: { x: '\u202e' } }]);
  });

  test('numbers that JSON lacks come as text', async () => {
    expect(await print('json', { columns: [column('x', 'DOUBLE')], batches: [[[Number.NaN], [Number.NEGATIVE_INFINITY]]] })).toBe(
      '[{"x":"NaN"},\n{"x":"-Infinity"}]\n',
    );
  });

  test('columns of one name keep all their values', async () => {
    expect(await print('jsonl', { columns: [column('id'), column('id'), column('id_2')], batches: [[['a', 'b', 'c']]] })).toBe(
      '{"id":"a","id_3":"b","id_2":"c"}\n',
    );
  });

  test('no rows are an empty array', async () => {
    expect(await print('json', { batches: [] })).toBe('[]\n');
    expect(await print('jsonl', { batches: [] })).toBe('');
  });
});

describe('csv, tsv and text', () => {
  const awkward = [column('a'), column('b')];

  test('csv quotes what needs it, and tells NULL from an empty text', async () => {
    expect(
      await print('csv', {
        columns: awkward,
        batches: [
          [
            ['x,y', 'say "hi"'],
            ['line\nbreak', ''],
            [null, ' lead'],
          ],
        ],
      }),
    ).toBe('a,b\n"x,y","say ""hi"""\n"line\nbreak",""\n," lead"\n');
  });

  test('csv takes another delimiter', async () => {
    expect(await print('csv', { columns: awkward, batches: [[['x,y', 'p;q']]], options: { delimiter: ';' } })).toBe('a;b\nx,y;"p;q"\n');
  });

  test('--csv-safe makes formulas text, and leaves numbers alone', async () => {
    const columns = [column('t'), column('n', 'BIGINT')];
    const text = await print('csv', {
      columns,
      batches: [
        [
          ['=1+1', -5],
          ['@SUM(A1)', 1],
          ['-x', 2],
          ['+49', 3],
          ['\t=x', 4],
          ['fine', 5],
        ],
      ],
      options: { isCsvSafe: true },
    });
    expect(text).toBe(`t,n\n'=1+1,-5\n'@SUM(A1),1\n'-x,2\n'+49,3\n'\t=x,4\nfine,5\n`);
  });

  test('a file keeps control characters as they are, a terminal shows them escaped', async () => {
    const given = { columns: [column('t')], batches: [[['\u001b[31m']]] };
    expect(await print('csv', given)).toBe('t\n\u001b[31m\n');
    expect(await print('csv', { ...given, isTerminal: true })).toBe('t\n\\u001b[31m\n');
  });

  test('tsv and text keep one row on one line', async () => {
    const given = {
      columns: awkward,
      batches: [
        [
          ['a\tb', 'c\nd\\'],
          [null, ''],
        ],
      ],
    };
    expect(await print('tsv', given)).toBe('a\tb\na\\tb\tc\\nd\\\\\n\\N\t\n');
    expect(await print('text', given)).toBe('a\\tb\tc\\nd\\\\\n\t\n');
  });

  test('bytes are shown as hexadecimal digits', async () => {
    expect(await print('csv', { columns: [column('x', 'BLOB')], batches: [[[new Uint8Array([0, 171])]]] })).toBe('x\n\\x00ab\n');
  });
});

test('markdown escapes what Markdown would act on', async () => {
  expect(await print('markdown', { columns: [column('a|b'), column('n', 'INTEGER')], batches: [[['<b>*x*', 1]]] })).toBe(
    '| a\\|b       |   n |\n| ---------- | --: |\n| \\<b\\>\\*x\\* |   1 |\n',
  );
});

test('vertical prints a value a line', async () => {
  expect(await print('vertical')).toBe(
    '-[ row 1 ]-\nid      | 00u1\nn       | 7\nprofile | {"a": 1}\n-[ row 2 ]-\nid      | 日本\nn       | 22\nprofile | NULL\n',
  );
});
