import { expect, test } from 'vitest';
import { createFeed } from './feed.ts';
import { createPageQueue } from './page-queue.ts';
import { createQueue } from './queue.ts';

test('a feed fails, and does not wait, where its pages cannot be staged at all', async () => {
  const pages = createPageQueue(createQueue(), {
    single: () => Promise.reject(new Error('one cannot be staged')),
    together: () => Promise.reject(new Error('they cannot be staged')),
  });
  const failed: string[] = [];
  const feed = createFeed(pages, undefined, () => [], {
    staged: () => expect.unreachable('Nothing is staged'),
    failed: (error, tag) => {
      failed.push(`${tag}: ${(error as Error).message}`);
      if (failed.length === 3) throw error;
    },
  });
  for (const tag of [1, 2, 3]) feed.add(Buffer.from('[{"id":"a"}]'), [], {}, tag);
  await expect(feed.settle()).rejects.toThrow('they cannot be staged');
  expect(failed).toEqual(['1: they cannot be staged', '2: they cannot be staged', '3: they cannot be staged']);
});
