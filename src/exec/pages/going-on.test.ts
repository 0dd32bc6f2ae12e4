import { describe, expect, test } from 'vitest';
import type { Relation } from '../../catalog/types.ts';
import type { HttpClient, MethodCall, Page } from '../../http/types.ts';
import { continuationOf } from './going-on.ts';

const relation = { columns: [{ name: 'created', wireName: 'created' }] } as unknown as Relation;
const http = {
  describe: (call: MethodCall) => ({
    url: `https://x/list?${new URLSearchParams(call.parameters as Record<string, string>).toString()}`,
  }),
} as unknown as HttpClient;
const call = {
  facts: {
    sort: {
      by: 'sortBy',
      order: 'sortOrder',
      ascending: 'asc',
      descending: 'desc',
      attributes: { created: 'created' },
      requires: 'search',
      unchanging: 'created',
    },
    filters: [
      { parameter: 'filter', grammar: 'okta', attributes: { created: { operators: ['gt'], exact: true } } },
      { parameter: 'search', grammar: 'okta', attributes: { created: { operators: ['ge', 'gt'], exact: true } } },
    ],
  },
  parameters: { search: 'status eq "ACTIVE" or id pr', sortBy: 'created', sortOrder: 'asc' },
} as unknown as MethodCall;

const at = (ms: number): string => new Date(Date.parse('2026-01-01T00:00:00.000Z') + ms).toISOString();

/** How the call goes on after pages of rows created then: rows that stay of the page that is cut, its number, and where the list goes on. */
async function continued(pages: readonly (readonly (number | undefined)[])[], given: MethodCall = call) {
  async function* stored(): AsyncGenerator<Page> {
    for (const [index, times] of pages.entries()) {
      const rows = times.map((ms, row) => ({ id: `${index}.${row}`, ...(ms === undefined ? {} : { created: at(ms) }) }));
      const text = JSON.stringify({ data: { rows } }).replaceAll('}', ',"n":12345678901234567890.10}').replaceAll('{,', '{');
      yield { bytes: Buffer.from(text), rowsPath: ['data', 'rows'], index, isLast: false, requestId: undefined };
    }
  }
  const found = await continuationOf(http, relation, given, stored());
  if (found === undefined) return undefined;
  const body = Buffer.from(found.page.bytes).toString();
  const { rows } = (JSON.parse(body) as { readonly data: { readonly rows: readonly { readonly id: string }[] } }).data;
  if (rows.length > 0) expect(body).toContain('12345678901234567890.10');
  return [found.index, rows.map(({ id }) => id), new URLSearchParams(found.next.pathAndQuery.split('?')[1]).get('search')];
}
const search = (ms: number): string => `(status eq "ACTIVE" or id pr) and created gt "${at(ms)}"`;

describe('A list goes on by a range', () => {
  test('from the time of its last row, which is asked for again', async () => {
    expect(
      await continued([
        [1, 5],
        [9, 20],
      ]),
    ).toEqual([1, ['1.0'], search(19)]);
  });

  test('with all rows of that time, on whichever page', async () => {
    expect(await continued([[1, 5], [9, 20], [20, 20], [20]])).toEqual([1, ['1.0'], search(19)]);
    expect(
      await continued([
        [1, 5],
        [20, 20],
      ]),
    ).toEqual([1, [], search(19)]);
  });

  test('from a time that no row has, as nobody knows whether the range takes its end in', async () => {
    expect(
      await continued([
        [1, 5],
        [18, 19, 19, 20],
      ]),
    ).toEqual([1, [], search(17)]);
  });

  test('nowhere where the rows did not come in that order, have no time, or are all of the end', async () => {
    expect(
      await continued([
        [1, 5],
        [4, 20],
      ]),
    ).toBeUndefined();
    expect(
      await continued([
        [1, undefined],
        [4, 20],
      ]),
    ).toBeUndefined();
    expect(
      await continued([
        [7, 7],
        [7, 8],
      ]),
    ).toBeUndefined();
    expect(await continued([])).toBeUndefined();
  });

  test('nowhere where another order was asked for, or the filter is not sent', async () => {
    const parameters = call.parameters as Record<string, string>;
    expect(await continued([[1, 5]], { ...call, parameters: { ...parameters, sortOrder: 'desc' } })).toBeUndefined();
    expect(await continued([[1, 5]], { ...call, parameters: { ...parameters, sortBy: 'lastUpdated' } })).toBeUndefined();
    expect(await continued([[1, 5]], { ...call, parameters: { sortBy: 'created', sortOrder: 'asc' } })).toBeUndefined();
  });
});
