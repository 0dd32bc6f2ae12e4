import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from './open-engine.ts';
import type { Engine, SqlValue } from './types.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orgql-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function streamed(engine: Engine, sql: string): Promise<readonly (readonly SqlValue[])[]> {
  const rows: (readonly SqlValue[])[] = [];
  for await (const batch of (await engine.stream(sql)).batches) rows.push(...batch);
  return rows;
}

describe('the local database', () => {
  test('keeps tables and views from one session to the next, in a file of the user alone', async () => {
    const localDatabase = join(folder, 'data', 'orgql', 'local.db');
    const first = await openEngine({ localDatabase });
    await Promise.all([first.attachLocal(), first.attachLocal()]);
    await first.execute('CREATE TABLE kept AS SELECT 1 AS a');
    await first.execute("CREATE VIEW late AS SELECT a, datetime('2024-01-01', '+1 day', '+1 day') AS d FROM kept");
    expect(await streamed(first, 'SELECT * FROM late')).toEqual([[1, '2024-01-03T00:00:00.000Z']]);
    await first.close();
    expect([statSync(localDatabase).mode & 0o777, statSync(join(folder, 'data', 'orgql')).mode & 0o777]).toEqual([0o600, 0o700]);

    const second = await openEngine({ localDatabase });
    await second.attachLocal();
    expect(await streamed(second, 'SELECT * FROM late, local.kept')).toEqual([[1, '2024-01-03T00:00:00.000Z', 1]]);
    await second.execute('CREATE TABLE memory.main.passing AS SELECT 2 AS b');
    expect(await streamed(second, 'SELECT * FROM passing')).toEqual([[2]]);
    await second.close();
  });

  test('is not there before it is attached, and lives in memory without a path', async () => {
    const engine = await openEngine();
    await expect(engine.rows('SELECT * FROM local.x')).rejects.toMatchObject({ code: 'unknown_relation' });
    await engine.attachLocal();
    await engine.execute('CREATE TABLE x AS SELECT 1 AS a');
    expect((await engine.rows('SELECT a FROM local.x')).rows).toEqual([[1]]);
    await engine.close();
  });

  test('survives a checkpoint, which writes beside it', async () => {
    const localDatabase = join(folder, 'checkpoint.db');
    const engine = await openEngine({ localDatabase });
    await engine.attachLocal();
    await engine.execute("CREATE TABLE big AS SELECT i, repeat('x', 100) || i AS s FROM range(300000) t(i)");
    await engine.execute('DELETE FROM big WHERE i % 2 = 0');
    expect((await engine.rows('SELECT count(*) FROM big')).rows).toEqual([[150000]]);
    await engine.close();
    const again = await openEngine({ localDatabase });
    await again.attachLocal();
    expect((await again.rows('SELECT count(*) FROM big')).rows).toEqual([[150000]]);
    await again.close();
  });

  test('that another session of this process holds is refused, until it is free', async () => {
    const localDatabase = join(folder, 'held.db');
    const holder = await openEngine({ localDatabase });
    await holder.attachLocal();
    const engine = await openEngine({ localDatabase: join(folder, '.', 'held.db') });
    await expect(engine.attachLocal()).rejects.toMatchObject({ code: 'io_error', message: 'The local database is in use' });
    await holder.close();
    await engine.attachLocal();
    await engine.execute('CREATE TABLE x AS SELECT 1 AS a');
    await engine.close();
  });

  test('that another process holds says which', async () => {
    const localDatabase = join(folder, 'foreign.db');
    const script = `require('@duckdb/node-api').DuckDBInstance.create(process.argv[1]).then(() => { console.log('held'); setInterval(() => {}, 1000); })`;
    const child = spawn(process.execPath, ['-e', script, localDatabase], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout, 'data');
      const engine = await openEngine({ localDatabase });
      await expect(engine.attachLocal()).rejects.toMatchObject({
        code: 'io_error',
        message: 'The local database is in use',
        detail: expect.stringContaining(`process ${child.pid}`),
      });
      expect((await engine.rows('SELECT 1')).rows).toEqual([[1]]);
      await engine.close();
    } finally {
      child.kill();
    }
  });

  test('that is no database says so', async () => {
    const localDatabase = join(folder, 'text.db');
    writeFileSync(localDatabase, 'x'.repeat(20000));
    const engine = await openEngine({ localDatabase });
    await expect(engine.attachLocal()).rejects.toMatchObject({ code: 'io_error', message: 'The local database cannot be read' });
    await engine.close();
  });
});

describe('export', () => {
  test('writes each format, with times as everywhere', async () => {
    const out = join(folder, 'out');
    mkdirSync(out);
    const engine = await openEngine({ allowedPaths: [out] });
    const sql = 'SELECT $id AS id, TIMESTAMPTZ \'2025-09-22 07:00:23+00\' AS "at", \'{"a":1}\'::JSON AS j';
    expect(await engine.exportQuery(sql, { id: 'x,y' }, join(out, 'a.csv'), { format: 'csv' })).toBe(1);
    await engine.exportQuery(sql, { id: 'x' }, join(out, 'a.tsv'), { format: 'csv', header: false, delimiter: '\t' });
    await engine.exportQuery(sql, { id: 'x' }, join(out, 'a.json'), { format: 'json' });
    await engine.exportQuery(sql, { id: 'x' }, join(out, 'a.parquet'), { format: 'parquet' });
    expect(readFileSync(join(out, 'a.csv'), 'utf8')).toBe('id,at,j\n"x,y",2025-09-22T07:00:23.000Z,"{""a"":1}"\n');
    expect(readFileSync(join(out, 'a.tsv'), 'utf8')).toBe('x\t2025-09-22T07:00:23.000Z\t"{""a"":1}"\n');
    expect(JSON.parse(readFileSync(join(out, 'a.json'), 'utf8'))).toEqual([{ id: 'x', at: '2025-09-22T07:00:23.000Z', j: { a: 1 } }]);
    expect((await engine.rows(`FROM read_parquet('${join(out, 'a.parquet')}')`)).rows).toEqual([
      ['x', '2025-09-22T07:00:23.000Z', '{"a":1}'],
    ]);
    await engine.close();
  });

  test('to one allowed file leaves the old one whole when the query fails', async () => {
    const path = join(folder, 'one.csv');
    writeFileSync(path, 'old');
    const engine = await openEngine({ allowedPaths: [path] });
    await expect(
      engine.exportQuery("SELECT CASE WHEN i < 90000 THEN i ELSE error('late') END FROM range(100000) t(i)", {}, path, { format: 'csv' }),
    ).rejects.toMatchObject({ code: 'query_failed', message: 'late' });
    expect(readFileSync(path, 'utf8')).toBe('old');
    await engine.exportQuery('SELECT 1 AS a', {}, path, { format: 'csv' });
    expect(readFileSync(path, 'utf8')).toBe('a\n1\n');
    await engine.close();
  });

  test('to any other path is refused', async () => {
    const engine = await openEngine();
    await expect(engine.exportQuery('SELECT 1', {}, join(folder, 'no.csv'), { format: 'csv' })).rejects.toMatchObject({
      code: 'forbidden_by_sandbox',
    });
    await engine.close();
  });
});
