import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../src/emulator/listen.ts';
import { openTestSession, type TestSession } from '../../src/session/test-session.ts';
import { openSession } from '../../src/session.ts';
import { textsOf } from './ask.ts';

let lab: TestSession;

beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
});

afterEach(() => {
  lab.takeRequests();
});

afterAll(() => lab.close());

/** What each request of a statement asks of a row, once each; `undefined` for whole rows. */
async function fieldsOf(sql: string, options: Parameters<TestSession['rows']>[1] = {}): Promise<(string | undefined)[]> {
  lab.takeRequests();
  await lab.rows(sql, options);
  return [...new Set(lab.takeRequests().map((request) => /[?&]fields=([^&]*)/.exec(request)?.[1]))];
}

describe('a projection', () => {
  test('names the columns that the query needs, in the select list and elsewhere', async () => {
    expect(await fieldsOf("SELECT profile.login FROM okta.user.users WHERE status <> 'STAGED' ORDER BY created")).toEqual([
      'id,created,profile:(login),status',
    ]);
  });

  test('asks for the key alone where rows are only counted', async () => {
    expect(await fieldsOf('SELECT count(*) FROM okta.user.users')).toEqual(['id']);
  });

  test('asks for an object whole where it is needed whole, or a key of it has no plain name', async () => {
    expect(await fieldsOf('SELECT profile, profile.login FROM okta.user.users')).toEqual(['id,profile']);
    expect(await fieldsOf('SELECT profile."odd name", profile.login FROM okta.user.users')).toEqual(['id,profile']);
    expect(await fieldsOf('SELECT type.id FROM okta.user.users')).toEqual(['id,type']);
  });

  test('is left out where it could not name a column, and where every column is wanted', async () => {
    expect(await fieldsOf('SELECT id, credentials.provider.type FROM okta.user.users')).toEqual([undefined]);
    expect(await fieldsOf('SELECT id, _links FROM okta.user.users')).toEqual([undefined]);
    expect(await fieldsOf('SELECT * FROM okta.user.users')).toEqual([undefined]);
    expect(await fieldsOf('SELECT u FROM okta.user.users u')).toEqual([undefined]);
  });

  test('is left out without pushdown, for a single look-up, and where the list would grow too long', async () => {
    expect(await fieldsOf('SELECT id FROM okta.user.users', { pushdown: false })).toEqual([undefined]);
    const [{ id } = {}] = await lab.rows('SELECT id FROM okta.user.users LIMIT 1');
    expect(await fieldsOf(`SELECT status FROM okta.user.users WHERE id = '${id}'`)).toEqual([undefined]);
    const many = Array.from({ length: 150 }, (_, index) => `profile.attribute${index}`).join(', ');
    expect(await fieldsOf(`SELECT ${many} FROM okta.user.users LIMIT 1`)).toEqual(['id,profile']);
  });

  test('gives way to the parameter in the statement', async () => {
    expect(await fieldsOf("SELECT id, status FROM okta.user.users WHERE fields = 'status'")).toEqual(['status']);
  });

  test('covers every mention of the relation, so that they share one fetch', async () => {
    const sql =
      "SELECT u.profile.login, m.profile.email FROM okta.user.users u LEFT JOIN okta.user.users m ON m.profile.login = u.profile.manager AND m.status <> 'STAGED'";
    lab.takeRequests();
    await lab.rows(sql);
    expect(lab.takeRequests().filter((request) => request.includes('after=')).length).toBeLessThanOrEqual(1);
    const sides = await fieldsOf(sql);
    expect(sides).toEqual(['id,profile:(email,login,manager),status']);
  });

  test('is left out where a later statement of the script may want more of the same rows', async () => {
    lab.takeRequests();
    const script = 'SELECT id FROM okta.user.users; SELECT profile.login FROM okta.user.users';
    const counts: number[] = [];
    for await (const cursor of lab.session.execute(script)) {
      let rows = 0;
      for await (const batch of cursor.batches) rows += batch.length;
      counts.push(rows);
    }
    expect(counts[0]).toBe(counts[1]);
    expect(lab.takeRequests().filter((request) => !request.includes('after='))).toEqual([expect.not.stringContaining('fields=')]);
  });

  test('stands in the plan', async () => {
    const [{ plan, plan_json: json } = {}] = await lab.rows('EXPLAIN SELECT status FROM okta.user.users');
    expect(plan).toContain('fields = id,status');
    expect(JSON.parse(String(json)).steps[0].bindings).toEqual({ fields: 'id,status' });
  });
});

const BUSY = "(SELECT * FROM okta.user.users WHERE status <> 'ACTIVE')";

describe('a star of a query inside', () => {
  test.each([
    ['a derived table', `SELECT u.created FROM ${BUSY} u`, 'id,created,status'],
    [
      'a common table expression that is used twice',
      `WITH u AS ${BUSY} SELECT created FROM u UNION SELECT lastLogin FROM u`,
      'created,id,lastLogin,status',
    ],
    [
      'a star of a star',
      `WITH u AS ${BUSY}, v AS (SELECT u.* FROM u ORDER BY u.created) SELECT max(v.lastLogin) FROM v`,
      'created,id,lastLogin,status',
    ],
    ['one that leaves columns out', 'SELECT u.created FROM (SELECT * EXCLUDE (status) FROM okta.user.users) u', 'created,id,status'],
    ['rows that are counted', 'SELECT count(*) FROM (SELECT * FROM okta.user.users)', 'id'],
    ['EXISTS', 'SELECT 1 WHERE EXISTS (SELECT * FROM okta.user.users u WHERE u.created IS NULL)', 'created,id'],
    ['a join by name', `SELECT u.created FROM ${BUSY} u JOIN (SELECT id FROM okta.iam.assignees) a USING (id)`, 'created,id,status'],
  ])('is no more than what is used of it: %s', async (_, sql, fields) => {
    const asked = await fieldsOf(sql);
    expect(asked.map((list) => list?.split(',').toSorted().join(',')).filter((list) => list !== undefined)).toEqual([
      fields.split(',').toSorted().join(','),
    ]);
    expect(textsOf(await lab.rows(sql))).toEqual(textsOf(await lab.rows(sql, { pushdown: false })));
  });

  test.each([
    `SELECT * FROM ${BUSY} u`,
    `SELECT u.* FROM ${BUSY} u`,
    `SELECT u FROM ${BUSY} u`,
    `SELECT to_json(u) FROM ${BUSY} u`,
    `SELECT * EXCLUDE (id) FROM ${BUSY} u`,
    `SELECT COLUMNS('^cre') FROM ${BUSY} u`,
    `SELECT 1 FROM ${BUSY} u WHERE u IS NOT NULL`,
    `SELECT count(*) FROM (SELECT DISTINCT * FROM okta.user.users) u`,
    `SELECT id FROM (SELECT * FROM okta.user.users ORDER BY 2) u`,
    `SELECT a FROM ${BUSY} u(a)`,
    `WITH u(a) AS ${BUSY} SELECT a FROM u`,
    `WITH u AS ${BUSY} SELECT id FROM u UNION ALL SELECT id FROM (SELECT * FROM u EXCEPT SELECT * FROM u WHERE status = 'STAGED')`,
    `SELECT id FROM ${BUSY} u NATURAL JOIN ${BUSY} v`,
    `SELECT #1 FROM ${BUSY} u`,
    `PIVOT ${BUSY} ON status IN ('STAGED') USING count(*) GROUP BY id`,
  ])('is whole in %s', async (sql) => {
    expect(await fieldsOf(sql)).toEqual([undefined]);
  });

  test('keeps the second column of a name', async () => {
    const sql =
      'SELECT status_1 FROM (SELECT * FROM okta.user.users u JOIN okta.application.apps a ON a.label = u.profile.department OR u.created < a.created) x, (PIVOT (SELECT 1 AS a) ON a IN (1) USING count(*))';
    expect(await fieldsOf(sql)).toContain('id,created,profile,status');
  });
});

test('an API that minds no projection, or loses it after the first page, gives the same rows', async () => {
  const sql = "SELECT id, status, profile.department FROM okta.user.users WHERE profile.department IS NOT NULL OR status = 'STAGED'";
  const wanted = await lab.rows(`${sql} ORDER BY id`);
  for (const isKept of [() => false, (url: URL) => !url.searchParams.has('after')]) {
    const listening = await listen(async (request) => {
      const url = new URL(request.url);
      if (!isKept(url)) url.searchParams.delete('fields');
      return lab.emulator.handle({ ...request, url: url.href });
    }, lab.emulator.org);
    const session = await openSession({
      orgs: [
        {
          name: 'other',
          provider: 'okta',
          orgUrl: listening.url,
          secret: { kind: 'literal', value: lab.emulator.token },
          budget: 1,
          origin: 'test',
        },
      ],
      defaultOrg: 'other',
    });
    const rows: unknown[] = [];
    for await (const batch of (await session.query(sql)).batches)
      for (const [id, status, department] of batch) rows.push({ id, status, department });
    expect(rows.toSorted((one, other) => (String((one as { id: string }).id) < String((other as { id: string }).id) ? -1 : 1))).toEqual(
      wanted,
    );
    await session.close();
    await listening.close();
  }
});
