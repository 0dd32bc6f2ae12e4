import { expect, test } from 'vitest';
import { useStages } from './test-stages.ts';

const { bytes, column, constant, stageOf, rowsOf } = useStages();

test('pages of a feed are staged in their order, and what becomes of each is told', async () => {
  const stage = await stageOf([column('id'), constant('of')]);
  const told: unknown[] = [];
  const feed = stage.feed({ staged: ({ rows }) => told.push(rows), failed: (_, tag) => told.push(`failed ${tag}`) });
  const pages = ['[{"id":"a"},{"id":"b"}]', '[]', '[{"id" "c"}]', '[{"id":"d"}]'];
  for (const [index, page] of pages.entries()) feed.add(bytes(page), [], { of: String(index) }, index);
  await feed.settle();
  expect(told.filter((one) => typeof one === 'string')).toEqual(['failed 2']);
  expect(told.reduce((sum: number, one) => sum + (typeof one === 'number' ? one : 0), 0)).toBe(3);
  expect(feed.hasFailed()).toBe(false);
  expect(await rowsOf(stage)).toEqual([
    ['a', '0'],
    ['b', '0'],
    ['d', '3'],
  ]);
});

test('what a listener throws is the failure of the feed', async () => {
  const stage = await stageOf([column('id')]);
  const failed = (error: unknown): never => {
    throw error;
  };
  const feed = stage.feed({ staged: () => {}, failed });
  for (const [index, page] of ['[{"id":"a"}]', '[{"id" "b"}]'].entries()) feed.add(bytes(page), [], {}, index);
  await expect(feed.settle()).rejects.toMatchObject({ code: 'invalid_response' });
  expect(feed.hasFailed()).toBe(true);
});
