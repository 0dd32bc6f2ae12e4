import { afterEach, describe, expect, it } from 'vitest';
import { call, client, method, parameter, readAll } from '../testing/calls.ts';
import { type FakeAnswer, type FakeApi, sendJson, startFakeApi } from '../testing/fake-api.ts';
import type { HttpClient } from '../types.ts';

let api: FakeApi;
let http: HttpClient;
afterEach(async () => {
  await http.close();
  await api.close();
});

async function serve(answer: FakeAnswer): Promise<void> {
  api = await startFakeApi(answer);
  http = client();
}

/** What a document is taken for that is silent about pages. */
const UNSAID = {
  algorithm: 'token',
  request: { key: 'pageToken', location: 'query' },
  response: { key: 'nextPageToken', location: 'body' },
} as const;

describe('a list whose description says nothing of its pages', () => {
  const list = method({ path: '/api/v1/users', response: { ...method().response, rowsPath: ['items'] }, pagination: UNSAID });
  const read = async (first: (next: string) => object, more: Partial<Parameters<typeof call>[1]> = {}): Promise<unknown[]> => {
    await serve((request, response) => {
      if (request.path.includes('p=2')) sendJson(response, { items: [{ id: '1a' }], next: null, page: 2, pages: 2, pagination: {} });
      else sendJson(response, { items: [{ id: '0a' }], ...first(`${api.origin}/api/v1/users?p=2`) });
    });
    return readAll(http.pages(call(api.origin, { method: list, ...more })));
  };

  it.each([
    ['next', (next: string) => ({ next })],
    ['nextLink', (nextLink: string) => ({ nextLink })],
    ['links.next', (next: string) => ({ links: { next } })],
    ['links.next.href', (href: string) => ({ links: { next: { href } } })],
    ['links.pages.next', (next: string) => ({ links: { pages: { next } } })],
    ['meta.next, without a host', () => ({ meta: { next: '?p=2' } })],
    ['meta.links.next', (next: string) => ({ meta: { links: { next } } })],
    [
      'a list of links',
      (href: string) => ({
        links: [
          { rel: 'self', href: '?' },
          { rel: 'next', href },
        ],
      }),
    ],
    ['paging.next.link', (link: string) => ({ paging: { next: { after: '2', link } } })],
  ])('is read on by the address in %s', async (_, first) => {
    expect(await read(first)).toEqual([{ id: '0a' }, { id: '1a' }]);
  });

  it.each([
    ['a token', () => ({ next_cursor: 'abc' })],
    ['a token in an object', () => ({ response_metadata: { next_cursor: 'abc' } })],
    ['a number', () => ({ pagination: { count: 1, next: 1571 } })],
    ['an address elsewhere', () => ({ next: 'https://elsewhere.example.com/other?p=2' })],
    ['a count of pages', () => ({ page: 1, pages: 2 })],
    ['a count of pages in an object', () => ({ result_info: { page: 1, total_pages: 2 } })],
    ['a count of pages in an object in an object', () => ({ meta: { pagination: { page: 1, last_page: 2 } } })],
    ['a count of pages from 0', () => ({ page: { size: 1, number: 0, totalPages: 2 } })],
    ['a token in an object of the next page', () => ({ pages: { page: 1, next: { starting_after: 'abc' } } })],
    ['the word that there is more', () => ({ IsTruncated: true })],
  ])('is an error where more follows by %s', async (_, first) => {
    await expect(read(first)).rejects.toMatchObject({ code: 'invalid_provider', message: expect.stringMatching(/^More rows follow/) });
  });

  it.each([
    ['nothing', () => ({})],
    ['null and empty texts', () => ({ next: null, next_cursor: '', links: { next: '' } })],
    ['links to other pages', () => ({ links: [{ rel: 'self', href: '?p=1' }, { rel: 'first', href: '?p=1' }, null] })],
    ['a token of 0', () => ({ next_cursor: 0, next: '0' })],
    ['no address', () => ({ links: { next: { href: null, rel: 'next' } }, paging: { next: {} } })],
    ['one page', () => ({ page: 1, pages: 1, result_info: { page: 0, total_pages: 1 } })],
    ['a token, and that nothing follows', () => ({ next_cursor: 'abc', has_more: false })],
  ])('is whole where %s is said', async (_, first) => {
    expect(await read(first)).toEqual([{ id: '0a' }]);
  });

  it.each([1571, 'abc', '/api/v1/lists/2?p=2'])('does not take what leads to another list for its next page: %s', async (next) => {
    const ofOne = method({ ...list, http: { ...list.http, path: '/api/v1/lists/{listId}' }, parameters: [parameter('listId', 'path')] });
    await expect(read(() => ({ next }), { method: ofOne, parameters: { listId: '1' } })).rejects.toMatchObject({
      code: 'invalid_provider',
    });
    expect(api.seen.map(({ path }) => path)).toEqual(['/api/v1/lists/1']);
  });

  it('is read on under the id of what was asked for by a name', async () => {
    const mine = method({ ...list, http: { ...list.http, path: '/api/v1/{user}/lists' }, parameters: [parameter('user', 'path')] });
    const rows = read(() => ({ paging: { next: '/api/v1/17/lists?p=2' } }), { method: mine, parameters: { user: 'me' } });
    expect(await rows).toEqual([{ id: '0a' }, { id: '1a' }]);
  });

  it('is whole at the last page of those that are counted from 0', async () => {
    await serve((request, response) => {
      const number = request.path.includes('p=1') ? 1 : 0;
      const _links = number === 0 ? { next: { href: '?p=1' } } : {};
      sendJson(response, { items: [{ id: `${number}a` }], _links, page: { size: 1, number, totalPages: 2 } });
    });
    expect(await readAll(http.pages(call(api.origin, { method: list })))).toEqual([{ id: '0a' }, { id: '1a' }]);
  });

  it('is an error where the object that the list lies in says that more follows', async () => {
    const nested = method({ ...list, path: '/api/v1/users', response: { ...method().response, rowsPath: ['data', 'items'] } });
    await serve((_, response) => sendJson(response, { data: { items: [{ id: '0a' }], next_cursor: 'abc' } }));
    await expect(readAll(http.pages(call(api.origin, { method: nested })))).rejects.toMatchObject({ code: 'invalid_provider' });
  });

  it('is the page that a statement asks for by itself', async () => {
    const paged = method({ ...list, path: '/api/v1/users', parameters: [parameter('page', 'query')] });
    expect(await read(() => ({ page: 1, pages: 2, next_cursor: 'abc' }), { method: paged, parameters: { page: '1' } })).toEqual([
      { id: '0a' },
    ]);
  });
});
