import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '../open-engine.ts';
import type { Engine, PartsExport } from '../types.ts';
import { readStruct, writeStruct } from './compact.ts';

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orgql-parquet-'));
  engine = await openEngine({ allowedPaths: [folder] });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const partsOf = (...given: Parameters<Engine['exportParts']>): PartsExport => {
  const file = engine.exportParts(...given);
  if (file === undefined) throw new Error('No plain file');
  return file;
};
const part = (from: number, to: number): string =>
  `SELECT i AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE 'Zoë ' || i END AS name, to_json({'n': i, 'l': [i, NULL]}) AS nested, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(i) AS at, i % 2 = 0 AS even, i / 3 AS third, [i, i + 1] AS list FROM range(${from}, ${to}) t(i)`;

test.each([undefined, 'zstd'])('rows added in parts are read back as rows of one file (compression %s)', async (compression) => {
  const path = join(folder, `parts-${compression}.parquet`);
  const file = partsOf(path, { format: 'parquet', ...(compression === undefined ? {} : { compression }) });
  expect(await file.add(part(0, 130_000), {})).toBe(130_000);
  expect(await file.add(part(130_000, 130_001), {})).toBe(1);
  expect(await file.add(part(5, 5), {})).toBe(0);
  expect(await file.add(`${part(0, 140_000)} WHERE i >= $from AND i < $to`, { from: 130_001, to: 131_000 })).toBe(999);
  await file.finish();
  const difference = (one: string, other: string): string => `SELECT count(*) FROM (${one} EXCEPT ALL ${other})`;
  const read = `SELECT * FROM read_parquet('${path}')`;
  expect((await engine.rows(difference(read, part(0, 131_000)))).rows).toEqual([[0]]);
  expect((await engine.rows(difference(part(0, 131_000), read))).rows).toEqual([[0]]);
  // A filter that skips row groups by their statistics finds them where they are.
  expect((await engine.rows(`SELECT count(*), min(name) FROM read_parquet('${path}') WHERE id = 130000`)).rows).toEqual([
    [1, 'Zoë 130000'],
  ]);
  expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
});

test('a file without rows has its columns', async () => {
  const path = join(folder, 'none.parquet');
  const file = partsOf(path, { format: 'parquet' });
  await file.add(part(5, 5), {});
  await file.finish();
  expect((await engine.describe(`FROM read_parquet('${path}')`)).map(({ name }) => name)).toEqual([
    'id',
    'name',
    'nested',
    'at',
    'even',
    'third',
    'list',
  ]);
  expect((await engine.rows(`SELECT count(*) FROM read_parquet('${path}')`)).rows).toEqual([[0]]);
});

test('what is discarded, fails, or has other columns leaves the file as it was', async () => {
  const path = join(folder, 'old.parquet');
  await writeFile(path, 'old');
  const file = partsOf(path, { format: 'parquet' });
  await file.add('SELECT 1 AS a', {});
  await expect(file.add("SELECT 'x' AS a", {})).rejects.toThrow();
  await expect(file.add("SELECT error('no')", {})).rejects.toThrow('no');
  await file.discard();
  expect(await readFile(path, 'utf8')).toBe('old');
  expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
  await expect(partsOf('/nowhere/x.parquet', { format: 'parquet' }).add('SELECT 1', {})).rejects.toMatchObject({
    code: 'forbidden_by_sandbox',
  });
});

test('a footer is written as it was read', async () => {
  const path = join(folder, 'footer.parquet');
  await engine.exportQuery(part(0, 1000), {}, path, { format: 'parquet' });
  const bytes = await readFile(path);
  const footer = bytes.subarray(bytes.byteLength - 8 - bytes.readUInt32LE(bytes.byteLength - 8), bytes.byteLength - 8);
  expect(Buffer.from(writeStruct(readStruct(footer))).equals(footer)).toBe(true);
  expect(() => readStruct(footer.subarray(0, footer.byteLength >> 1))).toThrow(RangeError);
});
