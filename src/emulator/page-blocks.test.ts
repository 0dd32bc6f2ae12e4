import { expect, test } from 'vitest';
import { PageBlocks } from './page-blocks.ts';

const ids = Array.from({ length: 450 }, (_, index) => `id${index}`);
const blocks = new PageBlocks(ids, (id) => JSON.stringify({ id, name: 'Zoë' }));
const read = (start: number, end: number): string[] =>
  (JSON.parse(Buffer.concat(blocks.slice(start, end)).toString()) as { id: string }[]).map((item) => item.id);

test.each([
  [0, 200],
  [200, 400],
  [400, 450],
  [0, 450],
  [10, 20],
  [190, 210],
  [199, 201],
  [0, 1],
  [449, 450],
  [5, 5],
])('items %i to %i are cut from blocks', (start, end) => {
  expect(read(start, end)).toEqual(ids.slice(start, end));
});

test('a page that is a block is not copied', () => {
  expect(blocks.slice(200, 400)[0]).toBe(blocks.slice(200, 400)[0]);
});
