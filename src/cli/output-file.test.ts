import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOutputFile } from './output-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orgql-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = async (path: string, text: string): Promise<void> => {
  const file = await openOutputFile(path);
  await file.sink.write(text);
  await file.commit();
};

test('a file has its name when it is complete, and what was there until then', async () => {
  const path = join(folder, 'out.csv');
  writeFileSync(path, 'old');
  const file = await openOutputFile(path);
  await file.sink.write('new');
  expect(readFileSync(path, 'utf8')).toBe('old');
  await file.commit();
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['new', ['out.csv']]);
});

test.skipIf(process.platform === 'win32')('a file that is there keeps its mode, and a link stays one', async () => {
  const path = join(folder, 'real.csv');
  writeFileSync(path, 'old');
  chmodSync(path, 0o600);
  symlinkSync(path, join(folder, 'link.csv'));
  await write(join(folder, 'link.csv'), 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(lstatSync(join(folder, 'link.csv')).isSymbolicLink()).toBe(true);
});

test.skipIf(!existsSync('/dev/full'))('a device is written as it is, and stays one', async () => {
  await write('/dev/null', 'rows');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  await expect(write('/dev/full', 'rows')).rejects.toMatchObject({ code: 'io_error', detail: 'the disk is full (ENOSPC)' });
  expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
});

test('a folder, and a path that leads nowhere, are refused before a row is written', async () => {
  await expect(openOutputFile(folder)).rejects.toMatchObject({ code: 'io_error', detail: 'it is a folder (EISDIR)' });
  await expect(openOutputFile(join(folder, 'none', 'x'))).rejects.toMatchObject({ code: 'io_error' });
});
