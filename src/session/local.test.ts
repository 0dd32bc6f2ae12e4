import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeGroup } from '../emulator/seeds/from-file.ts';
import { OrgqlError } from '../util/errors.ts';
import { openTestSession, rowsOf, TEST_TIME, type TestSession } from './test-session.ts';

let folder: string;
let test: TestSession;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orgql-local-'));
  test = await openTestSession({ dataDirectory: folder });
  for (const name of ['Sales', 'Legal', 'Lab'])
    makeGroup(test.emulator.org, { name, description: null }, Date.parse(TEST_TIME) - 86_400_000);
});
afterEach(async () => {
  await test.close();
  rmSync(folder, { recursive: true, force: true });
});

async function failure(sql: string, options?: Parameters<TestSession['session']['query']>[1]): Promise<OrgqlError> {
  try {
    await rowsOf(await test.session.query(sql, options));
  } catch (error) {
    if (error instanceof OrgqlError) return error;
    throw error;
  }
  throw new Error(`no error: ${sql}`);
}

const GROUPS = `SELECT profile.name AS name, type FROM okta.group.groups WHERE type = 'OKTA_GROUP'`;

describe('tables', () => {
  it('keep the rows of a query over an API, and stay when the session ends, in a file of mode 0600', async () => {
    const cursor = await test.session.query(`CREATE TABLE g AS ${GROUPS}`);
    expect([cursor.kind, cursor.message(), cursor.receipt().rows]).toEqual(['effect', 'table g created: 3 rows', 3]);
    await test.effect('CREATE TEMP TABLE only_here AS SELECT 1 AS one');
    await test.session.close();
    expect(statSync(join(folder, 'local.duckdb')).mode & 0o777).toBe(0o600);
    const again = await openTestSession({ dataDirectory: folder });
    expect(await again.rows('SELECT name FROM g ORDER BY name')).toEqual([{ name: 'Lab' }, { name: 'Legal' }, { name: 'Sales' }]);
    expect(await again.rows('SHOW TABLES')).toEqual([{ name: 'g', type: 'table' }]);
    await again.close();
  });

  it('are changed by statements whose sources and conditions read an API', async () => {
    await test.effect('CREATE TABLE t (name VARCHAR, note VARCHAR)');
    expect(await test.effect(`INSERT INTO t (name) SELECT name FROM (${GROUPS})`)).toBe('3 rows inserted');
    expect(
      await test.rows(
        `UPDATE t AS x SET note = lower(x.name) || g.type FROM okta.group.groups g WHERE g.profile.name = x.name AND x.name LIKE 'L%' RETURNING *`,
      ),
    ).toEqual(
      expect.arrayContaining([
        { name: 'Legal', note: 'legalOKTA_GROUP' },
        { name: 'Lab', note: 'labOKTA_GROUP' },
      ]),
    );
    expect(
      await test.rows(`DELETE FROM t WHERE name IN (SELECT profile.name FROM okta.group.groups WHERE profile.name = 'Lab') RETURNING name`),
    ).toEqual([{ name: 'Lab' }]);
    expect(
      await test.rows(`INSERT INTO t VALUES ($a, upper($a)), ('q', NULL) RETURNING name || '!' AS n`, { parameters: { a: 'p' } }),
    ).toEqual([{ n: 'p!' }, { n: 'q!' }]);
    expect(await test.rows('SELECT name, note FROM t ORDER BY name')).toEqual([
      { name: 'Legal', note: 'legalOKTA_GROUP' },
      { name: 'Sales', note: null },
      { name: 'p', note: 'P' },
      { name: 'q', note: null },
    ]);
  });

  it('are replaced only by a query that ends well, which may read the table itself', async () => {
    await test.effect('CREATE TABLE t AS SELECT 1 AS n');
    expect((await failure('CREATE TABLE t AS SELECT 2 AS n')).message).toBe('There is a table t already');
    expect((await failure("CREATE OR REPLACE TABLE t AS SELECT CAST('x' AS INTEGER) AS n")).code).toBe('type_mismatch');
    expect(await test.rows('SELECT n FROM t')).toEqual([{ n: 1 }]);
    await test.effect('CREATE OR REPLACE TABLE t AS SELECT n + 1 AS n FROM t');
    expect(await test.rows('SELECT n FROM t')).toEqual([{ n: 2 }]);
    expect(await test.effect('CREATE TABLE IF NOT EXISTS t AS SELECT 9 AS n')).toBe('t exists already');
    expect(await test.effect('DROP TABLE t')).toBe('table t dropped');
    expect(await test.effect('DROP TABLE IF EXISTS t')).toBe('t does not exist');
    expect((await failure('DROP TABLE t')).code).toBe('unknown_relation');
  });

  it('may not call in DEFAULT what a query may not call', async () => {
    expect((await failure("CREATE TABLE t (a VARCHAR DEFAULT getenv('HOME'))")).code).toBe('forbidden_by_sandbox');
    expect((await failure('INSERT INTO nowhere SELECT 1')).code).toBe('unknown_relation');
  });
});

describe('views', () => {
  it('are expanded where they are used, and cannot be written to', async () => {
    await test.effect(`CREATE VIEW names (n) AS SELECT profile.name FROM okta.group.groups WHERE type = 'OKTA_GROUP'`);
    test.takeRequests();
    expect(await test.rows("SELECT n FROM names WHERE n = 'Sales'")).toEqual([{ n: 'Sales' }]);
    expect(test.takeRequests().length).toBe(1);
    expect((await failure("INSERT INTO names VALUES ('x')")).message).toBe('names is a view: it cannot be written to');
    expect((await failure('DROP TABLE names')).hint).toBe('it is a view: DROP VIEW names');
    expect(await test.effect('DROP VIEW names')).toBe('view names dropped');
  });

  it('that are materialized are written from a complete result and refreshed on demand', async () => {
    expect(await test.effect(`CREATE MATERIALIZED VIEW m AS ${GROUPS}`)).toBe('materialized view m created: 3 rows');
    makeGroup(test.emulator.org, { name: 'New', description: null }, Date.parse(TEST_TIME));
    test.takeRequests();
    expect(await test.rows('SELECT count(*) AS n FROM m')).toEqual([{ n: 3 }]);
    expect(test.takeRequests()).toEqual([]);
    expect(await test.effect('REFRESH MATERIALIZED VIEW m')).toBe('m: 4 rows');
    expect(await test.rows('SHOW TABLES')).toEqual([{ name: 'm', type: 'materialized view' }]);
  });

  it('that are materialized keep their rows when a refresh fails', async () => {
    await test.effect(`CREATE MATERIALIZED VIEW m AS ${GROUPS}`);
    await test.emulator.handle({
      method: 'PUT',
      url: '/_emulator/faults',
      body: JSON.stringify([{ path: '/api/v1/groups', effect: { kind: 'status', status: 403, errorCode: 'E0000006' } }]),
    });
    expect((await failure('REFRESH MATERIALIZED VIEW m')).code).toBe('permission_denied');
    expect(await test.rows('SELECT count(*) AS n FROM m')).toEqual([{ n: 3 }]);
  });
});

describe('files', () => {
  it('are read and written where they stand literally in a statement of the command line', async () => {
    const input = join(folder, 'names.csv');
    const output = join(folder, 'out.csv');
    writeFileSync(input, 'name\nSales\nNobody\n');
    const sql = `COPY (SELECT c.name, g.type FROM read_csv('${input}') c LEFT JOIN okta.group.groups g ON g.profile.name = c.name ORDER BY 1) TO '${output}' (FORMAT csv)`;
    expect((await failure(sql)).code).toBe('forbidden_by_sandbox');
    expect((await failure(`SELECT * FROM read_csv('${input}')`)).code).toBe('forbidden_by_sandbox');
    expect(await test.effect('SELECT 1')).toBeUndefined();
    expect(await test.effect(sql, { allowFiles: true })).toBe(`2 rows written to ${output}`);
    expect(readFileSync(output, 'utf8')).toBe('name,type\nNobody,\nSales,OKTA_GROUP\n');
  });
});

describe('DESCRIBE', () => {
  it('tells the columns of a table, and of a query without running it', async () => {
    await test.effect('CREATE TABLE t (a INTEGER, b VARCHAR)');
    expect(await test.rows('DESCRIBE t')).toEqual([
      { name: 'a', type: 'INTEGER' },
      { name: 'b', type: 'VARCHAR' },
    ]);
    test.takeRequests();
    expect(await test.rows('DESCRIBE SELECT id, created, count(*) AS n FROM okta.group.groups GROUP BY ALL')).toEqual([
      { name: 'id', type: 'VARCHAR' },
      { name: 'created', type: 'TIMESTAMP WITH TIME ZONE' },
      { name: 'n', type: 'BIGINT' },
    ]);
    expect(test.takeRequests()).toEqual([]);
  });
});
