import { describe, expect, test } from 'vitest';
import type { MethodCall, Page } from '../http/types.ts';
import { OrgqlError } from '../util/errors.ts';
import { readCalls } from './read-calls.ts';
import type { ScanCall, ScanRequest } from './scan.ts';

/** An API of lists whose pages are answered when the test says so. */
function lab(lists: Readonly<Record<string, number>>, options: { readonly bytes?: number; readonly pagesWanted?: number } = {}) {
  const asked: string[] = [];
  const closed: string[] = [];
  const waiting = new Map<string, () => void>();
  const failing = new Set<string>();
  const controller = new AbortController();
  async function* pages(call: MethodCall): AsyncGenerator<Page> {
    const { name = '' } = call.parameters as Record<string, string>;
    try {
      for (let index = 0; index < (lists[name] ?? 0); index++) {
        const id = `${name}${index}`;
        asked.push(id);
        await new Promise<void>((resolve, reject) => {
          const cancel = (): void => reject(new OrgqlError('cancelled', `${id} was cancelled`));
          if (call.signal?.aborted) cancel();
          call.signal?.addEventListener('abort', cancel);
          waiting.set(id, () => (failing.has(id) ? reject(new OrgqlError('api_error', `${id} failed`)) : resolve()));
        });
        yield { bytes: Buffer.alloc(options.bytes ?? 2, id), rowsPath: [], index, isLast: false, requestId: undefined };
      }
    } finally {
      closed.push(name);
    }
  }
  const record = { relation: 'r', pages: 0, notices: [] };
  const request = {
    environment: { http: () => Promise.resolve({ pages }) },
    options: {},
    recorder: { observer: () => ({}), notice: () => {}, markPartial: () => {} },
    record,
    occurrence: { relation: { id: 'r' } },
    path: { method: { http: { verb: 'GET', path: '/r' } }, facts: {}, fixed: {}, supplies: [], isKeyed: false },
    signal: controller.signal,
    ...(options.pagesWanted === undefined ? {} : { pagesWanted: options.pagesWanted }),
  } as unknown as ScanRequest;
  const calls = Object.keys(lists).map((name) => ({ tuple: { org: { maxConcurrency: 3 }, parameters: { name } }, query: {} }));
  const reading = readCalls(request, calls as unknown as ScanCall[]);
  return {
    reading,
    asked,
    closed,
    controller,
    failing,
    record,
    occurrence: { relation: { id: 'r' } },
    /** The page that comes next, as its id. */
    next: async (): Promise<string | undefined> => {
      const { value, done } = await reading.next();
      return done === true ? undefined : Buffer.from(value.page.bytes.subarray(0, 2)).toString();
    },
    answer: async (...ids: readonly string[]): Promise<void> => {
      for (const id of ids) {
        await settled();
        waiting.get(id)?.();
      }
      await settled();
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('The calls of a streamed statement', () => {
  test('are under way at once, as many as the org allows, and come in their order', async () => {
    const { next, asked, answer, record } = lab({ a: 1, b: 2, c: 1, d: 1 });
    const first = next();
    await settled();
    expect(asked).toEqual(['a0', 'b0', 'c0']);
    await answer('c0', 'b0', 'd0', 'a0', 'b1');
    expect([await first, await next(), await next(), await next(), await next(), await next()]).toEqual([
      'a0',
      'b0',
      'b1',
      'c0',
      'd0',
      undefined,
    ]);
    expect(record.pages).toBe(5);
  });

  test('are read no further than the buffer goes, and then as they are there', async () => {
    const { next, asked, answer } = lab({ a: 1, b: 9 }, { bytes: 2 ** 20 });
    const first = next();
    await answer('b0', 'b1', 'b2', 'b3', 'b4');
    expect(await first).toBe('b0');
    // With the second page out of its turn gone, the third and fourth fill the buffer.
    expect(asked).toEqual(['a0', 'b0', 'b1', 'b2', 'b3']);
    await answer('b3', 'b4', 'b5', 'a0');
    expect(asked).not.toContain('b5');
    expect(await next()).toBe('a0');
    expect([await next(), await next()]).toEqual(['b1', 'b2']);
  });

  test('are asked one after another where only so many rows are wanted', async () => {
    const { next, asked, answer, reading, closed } = lab({ a: 2, b: 1 }, { pagesWanted: 1 });
    const first = next();
    await answer('a0');
    expect(await first).toBe('a0');
    expect(asked).toEqual(['a0']);
    await reading.return();
    expect(closed).toEqual(['a']);
  });

  test('all end with the first that fails', async () => {
    const { next, answer, closed, failing, asked } = lab({ a: 1, b: 1, c: 1, d: 1 });
    failing.add('b0');
    const first = next();
    const outcome = expect(first).rejects.toMatchObject({ code: 'api_error', message: 'b0 failed' });
    await answer('b0');
    await outcome;
    expect(closed.toSorted()).toEqual(['a', 'b', 'c']);
    expect(asked).not.toContain('d0');
  });

  test('give what they have read before they fail', async () => {
    const { next, answer, failing, asked } = lab({ a: 1, b: 2, c: 1, d: 1 });
    failing.add('a0');
    const first = next();
    await answer('c0', 'b0', 'a0');
    expect(asked).toEqual(['a0', 'b0', 'c0', 'd0', 'b1']);
    expect([await first, await next()].toSorted()).toEqual(['b0', 'c0']);
    await expect(next()).rejects.toMatchObject({ message: 'a0 failed' });
  });

  test('all end with a reader that stops, or a statement that is cancelled', async () => {
    const stopped = lab({ a: 2, b: 2, c: 1, d: 1 });
    const first = stopped.next();
    await stopped.answer('a0');
    expect(await first).toBe('a0');
    await stopped.reading.return();
    expect(stopped.closed.toSorted()).toEqual(['a', 'b', 'c']);
    const cancelled = lab({ a: 2, b: 2 });
    const outcome = expect(cancelled.next()).rejects.toMatchObject({ code: 'cancelled' });
    await settled();
    cancelled.controller.abort();
    await outcome;
    expect(cancelled.closed.toSorted()).toEqual(['a', 'b']);
  });
});
