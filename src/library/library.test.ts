import { afterAll, describe, expect, test } from 'vitest';
import type { Cursor } from '../exec/types.ts';
import { type Connection, OrgqlError, open } from '../index.ts';
import { sessionConfigOf } from './options.ts';
import { wrapCursor } from './result.ts';

let connection: Promise<Connection> | undefined;
const demo = (): Promise<Connection> => {
  connection ??= open({ now: new Date('2026-03-02T09:30:00Z') });
  return connection;
};
afterAll(async () => (await connection)?.close());

describe('a connection without options reaches the demo org', () => {
  test('rows are objects, JSON columns are values, and the receipt says that all is there', async () => {
    const db = await demo();
    const result = await db.query('SELECT status, profile FROM okta.user.users WHERE status = $status ORDER BY id LIMIT 1', {
      parameters: { status: 'SUSPENDED' },
    });
    expect(result.columns.map((column) => [column.name, column.type])).toEqual([
      ['status', 'VARCHAR'],
      ['profile', 'JSON'],
    ]);
    const rows = await result.toArray();
    expect(rows).toEqual([{ status: 'SUSPENDED', profile: expect.objectContaining({ login: expect.stringMatching(/@example\.com$/) }) }]);
    expect([result.receipt().complete, result.receipt().rows]).toEqual([true, 1]);
  });

  test('several statements run in order', async () => {
    const db = await demo();
    const seen: unknown[] = [];
    for await (const result of db.execute('CREATE TEMP TABLE t AS SELECT 42 AS n; SELECT n FROM t'))
      seen.push([result.command, await result.toArray()]);
    expect(seen.at(-1)).toEqual(['SELECT', [{ n: 42 }]]);
  });

  test('leaving the loop closes the result', async () => {
    const db = await demo();
    const result = await db.query('SELECT i FROM range(1000000) t(i)');
    for await (const row of result) {
      expect(row).toEqual({ i: 0 });
      break;
    }
    expect(await (await db.query('SELECT 1 AS one')).toArray()).toEqual([{ one: 1 }]);
  });

  test('an aborted signal stops the statement', async () => {
    const db = await demo();
    const controller = new AbortController();
    controller.abort();
    const work = async (): Promise<unknown> =>
      (await db.query('SELECT count(*) FROM okta.user.users', { signal: controller.signal })).toArray();
    await expect(work()).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('errors are of the one class, with a place', async () => {
    const db = await demo();
    const error = await db.query('SELECT emial FROM okta.user.users').then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(OrgqlError);
    expect(error).toMatchObject({ code: 'unknown_column', span: { offset: 7, length: 5 } });
  });
});

describe('options', () => {
  test('become what a session is opened with', () => {
    expect(
      sessionConfigOf({
        orgs: {
          acme: { orgUrl: 'https://acme-admin.okta.com', token: { env: 'T' }, budget: '25%' },
          app: { orgUrl: 'https://app.okta.com', oauth: { clientId: 'c', privateKey: { file: '/k' }, scopes: ['okta.users.read'] } },
        },
        defaultOrg: 'acme',
      }),
    ).toEqual({
      orgs: [
        {
          name: 'acme',
          provider: 'okta',
          orgUrl: 'https://acme.okta.com',
          secret: { kind: 'env', variable: 'T' },
          budget: 0.25,
          origin: 'open()',
        },
        {
          name: 'app',
          provider: 'okta',
          orgUrl: 'https://app.okta.com',
          secret: { kind: 'oauth', clientId: 'c', privateKey: { kind: 'file', path: '/k' }, scopes: ['okta.users.read'], dpop: false },
          budget: 0.9,
          origin: 'open()',
        },
      ],
      defaultOrg: 'acme',
    });
  });

  test.each([
    [{ orgs: { a: {} } }, 'The org "a" has no orgUrl'],
    [
      { orgs: { a: { orgUrl: 'http://a.okta.com' } } },
      'The orgUrl of "a" cannot be used: http would send the token in clear text; it is allowed to this machine only',
    ],
    [{ orgs: { a: { orgUrl: 'https://a.okta.com', budget: 2 } } }, 'The budget of "a" is 2'],
    [
      { orgs: { a: { orgUrl: 'https://a.okta.com', token: 't', bearer: 'b' } } },
      'The org "a" has more than one of token, bearer and oauth',
    ],
    [{ defaultOrg: 'x' }, 'defaultOrg names "x", which is no org of this connection'],
  ])('%j is refused', (options, message) => {
    expect(() => sessionConfigOf(options)).toThrow(expect.objectContaining({ code: 'invalid_config', message }));
  });
});

test('numbers in JSON that a double cannot hold keep their value', async () => {
  const cursor = {
    kind: 'rows',
    command: 'SELECT',
    columns: [{ name: 'j', type: 'JSON' }],
    batches: (async function* () {
      yield [['{"big":12345678901234567890,"small":1,"half":0.5}']];
    })(),
    close: async () => {},
  } as unknown as Cursor;
  expect(await wrapCursor(cursor).toArray()).toEqual([{ j: { big: 12345678901234567890n, small: 1, half: 0.5 } }]);
});
