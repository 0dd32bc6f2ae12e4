import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from './open-engine.ts';
import type { Engine, ExportOptions, PartsExport } from './types.ts';

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orgql-text-'));
  engine = await openEngine({ allowedPaths: [folder] });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** Rows with everything that a writer must take care of. */
const rows = (from: number, to: number): string => `
  SELECT i AS id, CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a,"b"' WHEN 3 THEN E'two\\nlines\\r\\n' WHEN 4 THEN 'Zoë 🦆'
      WHEN 5 THEN ' ' WHEN 6 THEN ']' WHEN 7 THEN 'null' ELSE ',' END AS "te""xt, 1",
    '{ "k" :\n [ ${'1, '.repeat(3)} {"s": "]\\n"} ] }'::JSON AS nested, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_microseconds(i) AS at,
    DATE '2026-01-01' + i::INTEGER AS day, i / 3 AS third, i % 2 = 0 AS even, [i, NULL] AS list
  FROM range(${from}, ${to}) t(i)`;

const FORMS: Readonly<Record<string, ExportOptions>> = {
  csv: { format: 'csv' },
  'csv without header': { format: 'csv', header: false },
  'csv of another kind': {
    format: 'csv',
    delimiter: ';',
    forceQuote: ['id'],
    texts: { QUOTE: "'", ESCAPE: '\\', NULLSTR: 'NULL', DATEFORMAT: '%d.%m.%Y', TIMESTAMPFORMAT: '%Y' },
  },
  'csv, all quoted': { format: 'csv', forceQuote: '*' },
  'csv by gzip': { format: 'csv', compression: 'gzip' },
  'csv by zstd': { format: 'csv', compression: 'zstd' },
  'json array': { format: 'json' },
  'json array by gzip': { format: 'json', compression: 'gzip' },
  'json lines': { format: 'json', array: false, texts: { DATEFORMAT: '%d.%m.%Y' } },
  'json lines by gzip': { format: 'json', array: false, compression: 'gzip' },
  'json lines by zstd': { format: 'json', array: false, compression: 'zstd' },
};

const CUTS: Readonly<Record<string, readonly number[]>> = {
  'no rows': [0, 0],
  'no rows, twice': [0, 0, 0],
  'one row': [0, 1],
  'one part': [0, 100],
  'parts of one': [0, 1, 2, 3],
  'parts with none among them': [0, 0, 20, 20, 50, 5000, 5000],
};

const partsOf = (path: string, options: ExportOptions): PartsExport => {
  const file = engine.exportParts(path, options);
  if (file === undefined) throw new Error('It cannot be written in parts');
  return file;
};

async function plain(path: string, { compression, format }: ExportOptions): Promise<string> {
  const bytes = await readFile(path);
  if (compression === 'gzip') return gunzipSync(bytes).toString();
  if (compression === undefined) return bytes.toString();
  // Node reads no zstd everywhere; the engine does.
  const reader =
    format === 'csv'
      ? `read_csv('${path}', compression = 'zstd', all_varchar = true)`
      : `read_ndjson_objects('${path}', compression = 'zstd')`;
  return JSON.stringify((await engine.rows(`FROM ${reader}`)).rows);
}

describe.each(Object.entries(FORMS))('%s', (form, options) => {
  test.each(Object.entries(CUTS))('in parts has the bytes of one piece: %s', async (_, cuts) => {
    const [whole, parts] = [join(folder, `${form} whole`), join(folder, `${form} parts`)];
    await engine.exportQuery(rows(cuts[0] ?? 0, cuts.at(-1) ?? 0), {}, whole, options);
    const file = partsOf(parts, options);
    for (const [index, to] of cuts.slice(1).entries()) {
      const from = cuts[index] ?? 0;
      expect(await file.add(rows(from, to), {})).toBe(to - from);
    }
    await file.finish();
    expect(await plain(parts, options)).toBe(await plain(whole, options));
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
  });
});

test('what fails or is discarded leaves the file as it was; what is finished keeps its mode', async () => {
  for (const options of [FORMS.csv, FORMS['json array by gzip']] as readonly ExportOptions[]) {
    const path = join(folder, 'old');
    await writeFile(path, 'old');
    const { mode } = await stat(path);
    const file = partsOf(path, options);
    await file.add('SELECT 1 AS a', {});
    await expect(file.add("SELECT error('no')", {})).rejects.toThrow('no');
    expect(await readFile(path, 'utf8')).toBe('old');
    await file.discard();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
    await rm(path);
    await writeFile(path, 'old', { mode: 0o600 });
    const other = partsOf(path, options);
    await other.add('SELECT 1 AS a', {});
    await other.finish();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(mode & 0o777).not.toBe(0o600);
    await rm(path);
  }
});

test('an array by zstd cannot be written in parts', () => {
  expect(engine.exportParts(join(folder, 'x'), { format: 'json', compression: 'zstd' })).toBeUndefined();
  expect(engine.exportParts('/dev/null', { format: 'csv' })).toBeUndefined();
});
