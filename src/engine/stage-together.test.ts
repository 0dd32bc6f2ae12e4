import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { useStages } from './test-stages.ts';

const { bytes, column, constant, stageOf, rowsOf, typesOf, codeOf } = useStages();

describe('pages that wait together', () => {
  const columns = [column('id'), column('n', 'BIGINT'), constant('from'), constant('rank', 'BIGINT')];

  test('are staged in their order, each with its own constants', async () => {
    const stage = await stageOf(columns);
    const given = [
      { from: 'a', rank: 1 },
      { from: null, rank: null },
      { from: '', rank: 2 },
      { from: '\x1e', rank: 3 },
      { from: '\x1f', rank: 4 },
      { from: 'Zoë\n"', rank: 5 },
    ];
    await Promise.all(given.map((constants, index) => stage.append(bytes([{ id: `${index}` }, { id: `${index}b` }]), [], constants)));
    expect(await rowsOf(stage)).toEqual(
      given.flatMap(({ from, rank }, index) => [
        [`${index}`, null, from, rank],
        [`${index}b`, null, from, rank],
      ]),
    );
  });

  test('give what they give one by one, whatever stands among them', async () => {
    const page = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('[{"id":"a","n":1}]', '[]', '[{"id":"b"},{"id":"c","n":2}]', ' [{"id":"d"}] ') },
      fc.constantFrom(
        '{"id":"object"}',
        'null',
        '[{}]',
        '[{"id":"x","n":"no number"}]',
        '[{"id":"cut"',
        '[1]',
        '',
        '<html>',
        '[{"id":"e"}]\x1e[{"id":"f"}]',
        '[{"id":"g\x1e"}]',
        '[{"id":"h"}],[{"id":"i"}]',
        '[{"id":"j"}]]',
        '[[{"id":"k"}]',
      ),
    );
    const outcome = async (append: Promise<unknown>) => append.then(() => 'staged', codeOf.bind(undefined, append));
    await fc.assert(
      fc.asyncProperty(fc.array(page, { minLength: 2, maxLength: 40 }), async (pages) => {
        const [together, single] = [await stageOf(columns), await stageOf(columns)];
        const constants = (index: number) => ({ from: `page ${index}`, rank: index });
        const joined = await Promise.all(pages.map((one, index) => outcome(together.append(bytes(one), [], constants(index)))));
        const alone: string[] = [];
        for (const [index, one] of pages.entries()) alone.push(await outcome(single.append(bytes(one), [], constants(index))));
        expect(joined).toEqual(alone);
        expect(await rowsOf(together)).toEqual(await rowsOf(single));
        expect(await typesOf(together)).toEqual(await typesOf(single));
        await Promise.all([together.drop(), single.drop()]);
      }),
      { numRuns: 30 },
    );
  });

  test('may hold their rows at a path, in an array or as an object, or none', async () => {
    const stage = await stageOf([column('id'), constant('from')]);
    const pages = ['{"a":[{"id":"1"},{"id":"2"}]}', '{"a":{"id":"3"}}', '{"a":[]}', '{"a":null}', '{}', 'null', '{"a":[{"id":"4"}]}'];
    await Promise.all(pages.map((one, index) => stage.append(bytes(one), ['a'], { from: String(index) })));
    const wrong = [stage.append(bytes('{"a":[{"id":"5"}]}'), ['a'], { from: 'x' }), stage.append(bytes('{"a":5}'), ['a'], { from: 'y' })];
    expect(await Promise.all(wrong.map((append) => append.then(() => 'staged', codeOf.bind(undefined, append))))).toEqual([
      'staged',
      'invalid_response',
    ]);
    expect(await rowsOf(stage)).toEqual([
      ['1', '0'],
      ['2', '0'],
      ['3', '1'],
      ['4', '6'],
      ['5', 'x'],
    ]);
  });

  test('are told together: the rows of all count with the first', async () => {
    const stage = await stageOf([column('id')], ['id']);
    const counts = await Promise.all(Array.from({ length: 3000 }, (_, index) => stage.append(bytes([{ id: `${index % 2900}` }]), [], {})));
    const sum = (pick: (one: (typeof counts)[number]) => number) => counts.reduce((total, one) => total + pick(one), 0);
    expect([sum((one) => one.rows), sum((one) => one.duplicates), (await rowsOf(stage)).length]).toEqual([3000, 100, 2900]);
  });
});

test('appends that overlap in time are taken one after another', async () => {
  const one = await stageOf([column('id')], ['id']);
  const other = await stageOf([column('id')]);
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).append(bytes([{ id: String(index) }]), [], {})),
  );
  expect([(await rowsOf(one)).length, (await rowsOf(other)).length]).toEqual([10, 10]);
});
