import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from './open-engine.ts';
import { forbiddenKind, isClassified, isForbiddenFunction } from './sandbox.ts';
import { sandboxSettings } from './settings.ts';
import type { Engine } from './types.ts';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orgql-test-'));
  writeFileSync(join(folder, 'secret.csv'), 'a\n1\n');
  writeFileSync(join(folder, 'open.csv'), 'a\n2\n');
  engine = await openEngine({ allowedPaths: [join(folder, 'open.csv')] });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

describe('the engine refuses', () => {
  const statements = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_parquet('/etc/passwd')",
    "SELECT * FROM '/etc/passwd.csv'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
    "SELECT * FROM read_csv('https://example.com/x.csv')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''/etc/passwd'')'))",
    "ATTACH '/tmp/orgql-x.db'",
    "ATTACH ':memory:' AS other",
    'DETACH memory',
    "COPY (SELECT 1) TO '/tmp/orgql-x.csv'",
    "COPY x FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/orgql-x'",
    "IMPORT DATABASE '/tmp/orgql-x'",
    'INSTALL httpfs',
    'LOAD httpfs',
    "LOAD '/tmp/x.duckdb_extension'",
    'PRAGMA version',
    'PRAGMA database_list',
    '/* c */ -- d\n pragma version',
    'CALL pragma_version()',
    'CHECKPOINT',
    'SET threads = 1',
    'RESET threads',
    'SET VARIABLE a = 1',
    'SET enable_external_access = true',
    'USE memory',
    'CREATE SECRET s (TYPE s3)',
    'CREATE PERSISTENT SECRET s (TYPE s3)',
    'PREPARE p AS SELECT 1',
    'VACUUM',
    'ANALYZE',
    'BEGIN',
    'UPDATE EXTENSIONS',
  ];
  test.each(statements)('%s', async (sql) => {
    for (const run of [() => engine.rows(sql), () => engine.execute(sql), () => engine.stream(sql)]) {
      const error: unknown = await run().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      // A JSON document that is no plan, and a PRAGMA that COPY does not find, are refused for what they are.
      expect(error).toMatchObject({ code: expect.stringMatching(/^(forbidden_by_sandbox|unknown_relation|query_failed|io_error)$/) });
    }
  });

  test('a file inside the text of a query, too', async () => {
    const { rows } = await engine.rows("SELECT json_serialize_plan('SELECT * FROM read_text(''/etc/passwd'')')");
    expect(String(rows[0]?.[0])).toMatch(/"error":true.*file system operations are disabled/);
  });

  test('more than one statement at a time', async () => {
    await expect(engine.rows("SELECT 1; SELECT * FROM read_text('/etc/passwd')")).rejects.toMatchObject({ code: 'query_failed' });
  });

  test('and hands out no environment', async () => {
    await expect(engine.rows("SELECT getenv('HOME')")).rejects.toMatchObject({ code: 'unknown_function' });
  });
});

test('a file that was allowed can be read, and none beside it', async () => {
  expect((await engine.rows(`SELECT a FROM read_csv('${join(folder, 'open.csv')}')`)).rows).toEqual([[2]]);
  await expect(engine.rows(`SELECT a FROM read_csv('${join(folder, 'secret.csv')}')`)).rejects.toMatchObject({
    code: 'forbidden_by_sandbox',
  });
});

test('the configuration itself refuses, without our gate before it', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(sandboxSettings({}, join(folder, 'spill'), '.part').join('; '));
  for (const sql of [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
    `ATTACH '${folder}/x.db'`,
    `COPY (SELECT 1) TO '${folder}/x.csv'`,
    `EXPORT DATABASE '${folder}/x'`,
    'INSTALL httpfs',
    'SET enable_external_access = true',
    'SET lock_configuration = false',
    "SET allowed_configs = ['threads']",
    "SET allowed_paths = ['/etc/passwd']",
    "SET temp_directory = '/tmp'",
    "SET memory_limit = '100GB'",
    'RESET memory_limit',
    "SET secret_directory = '/tmp'",
    `PRAGMA enable_profiling; SET profile_output = '${folder}/profile'`,
    `SET log_query_path = '${folder}/log'`,
  ]) {
    await expect(connection.run(sql), sql).rejects.toThrow();
  }
  expect([existsSync(join(folder, 'x.csv')), existsSync(join(folder, 'x.db')), existsSync(join(folder, 'log'))]).toEqual([
    false,
    false,
    false,
  ]);
  connection.closeSync();
  instance.closeSync();
});

describe('classification', () => {
  test('every function of the engine is allowed or forbidden by name', async () => {
    const { rows } = await engine.rows('SELECT DISTINCT function_name, function_type FROM duckdb_functions() ORDER BY ALL');
    expect(rows.length).toBeGreaterThan(800);
    expect(rows.filter(([name, type]) => !isClassified(String(name), String(type)))).toEqual([]);
  });

  test('a function that nobody has decided about would be found', () => {
    expect([isClassified('read_everything', 'table'), isClassified('run_program', 'scalar'), isClassified('wipe', 'pragma')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('readers of files are forbidden, but for the plain ones where files are allowed', () => {
    const names = ['read_csv', 'READ_JSON', 'read_parquet', 'read_text', 'read_blob', 'glob', 'sniff_csv', 'read_duckdb'];
    expect(names.map((name) => isForbiddenFunction(name, 'sandboxed', 'table'))).toEqual([true, true, true, true, true, true, true, true]);
    expect(names.map((name) => isForbiddenFunction(name, 'files', 'table'))).toEqual([false, false, false, true, true, true, true, true]);
  });

  test('what runs SQL text or shows settings is forbidden everywhere, by kind', () => {
    const kinds = [
      'query',
      'query_table',
      'json_execute_serialized_sql',
      'duckdb_settings',
      'duckdb_secrets',
      'which_secret',
      'current_setting',
      'getenv',
      'checkpoint',
    ].map((name) => forbiddenKind(name, 'files'));
    expect(kinds).toEqual([
      'runs SQL text',
      'runs SQL text',
      'runs SQL text',
      'reads settings',
      'reads settings',
      'reads settings',
      'reads settings',
      'reads settings',
      'changes settings',
    ]);
  });

  test('a name that is a table function and something harmless elsewhere is told by its place', () => {
    expect([
      isForbiddenFunction('glob', 'sandboxed', 'scalar'),
      isForbiddenFunction('histogram', 'sandboxed', 'scalar'),
      isForbiddenFunction('histogram', 'sandboxed', 'table'),
      isForbiddenFunction('lower', 'sandboxed'),
    ]).toEqual([false, false, true, false]);
  });
});
