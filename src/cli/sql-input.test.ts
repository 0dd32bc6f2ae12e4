import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Io } from './io.ts';
import { readSql } from './sql-input.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orgql-sql-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fromFile = (bytes: Uint8Array | string): Promise<string | undefined> => {
  writeFileSync(join(folder, 'q.sql'), bytes);
  return readSql({ cwd: folder } as Io, undefined, 'q.sql');
};
const fromStdin = (...pieces: readonly Uint8Array[]): Promise<string | undefined> =>
  readSql({ cwd: folder, stdin: Readable.from(pieces) as unknown as NodeJS.ReadStream } as Io, '-', undefined);

test('SQL is UTF-8, with a byte order mark or without, or UTF-16 as PowerShell writes it', async () => {
  expect(await fromFile("SELECT 'é'")).toBe("SELECT 'é'");
  expect(await fromFile("\ufeffSELECT 'é'\r\n")).toBe("SELECT 'é'\r\n");
  expect(await fromFile(Buffer.from("\ufeffSELECT 'é'", 'utf16le'))).toBe("SELECT 'é'");
});

test('a character that the pieces of the standard input part is one', async () => {
  const bytes = Buffer.from("SELECT 'é'");
  expect(await fromStdin(bytes.subarray(0, 9), bytes.subarray(9))).toBe("SELECT 'é'");
});

test('other bytes are refused with their place, since a replaced character is another condition', async () => {
  const latin = Buffer.from("SELECT 1\nWHERE 'M\u00fcller' = x", 'latin1');
  const refused = { code: 'usage', detail: 'line 2, column 9 holds bytes of another encoding', hint: 'save it as UTF-8' };
  await expect(fromFile(latin)).rejects.toMatchObject({ ...refused, message: 'The SQL of q.sql is not UTF-8' });
  await expect(fromStdin(latin)).rejects.toMatchObject({ ...refused, message: 'The SQL of the standard input is not UTF-8' });
});
