import { afterEach, expect, test } from 'vitest';
import { type FakeApi, sendJson, startFakeApi } from '../http/testing/fake-api.ts';
import { openSession } from '../session.ts';
import type { Session } from '../session-types.ts';

let api: FakeApi;
let session: Session;
afterEach(async () => {
  await session.close();
  await api.close();
});

/** A list of groups of four pages, of which the last but one is answered when `released` is. */
async function slowList(released: Promise<void>): Promise<void> {
  api = await startFakeApi(async ({ path }, response) => {
    const page = Number(new URL(path, api.origin).searchParams.get('after') ?? 0);
    if (page === 2) await released;
    const link = page === 3 ? {} : { link: `<${api.origin}/api/v1/groups?after=${page + 1}>; rel="next"` };
    sendJson(response, [{ id: `g${page}` }], { headers: link });
  });
  session = await openSession({
    orgs: [{ name: 'slow', provider: 'okta', orgUrl: api.origin, secret: { kind: 'literal', value: 'x' }, budget: 1, origin: 'test' }],
  });
}

test('rows that are there do not wait for a page that is far away', async () => {
  let release = (): void => {};
  await slowList(
    new Promise((resolve) => {
      release = resolve;
    }),
  );
  const cursor = await session.query('SELECT id FROM okta.group.groups');
  const ids: unknown[] = [];
  for await (const batch of cursor.batches) {
    ids.push(...batch.map(([id]) => id));
    if (ids.includes('g1')) release();
  }
  expect(ids).toEqual(['g0', 'g1', 'g2', 'g3']);
  expect(cursor.receipt().complete).toBe(true);
});

test('a reader that stops does not wait for it either', async () => {
  await slowList(new Promise(() => {}));
  const cursor = await session.query('SELECT id FROM okta.group.groups');
  for await (const batch of cursor.batches) if (batch.some(([id]) => id === 'g1')) break;
  expect(cursor.receipt().complete).toBe(false);
});
