/** One CSV or JSON file out of several: so rows that come page by page become one file, while only those of a part are in memory. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { FileJoin } from './parquet/join.ts';

/** As the engine writes a JSON array. */
const ARRAY = { open: '[\n\t', between: ',\n\t', close: '\n]\n' } as const;

/**
 * Begins a file at this path. Parts of lines are set one behind the other as they are; compressed ones are as good a file together. Parts that
 * are arrays (`isArray`), which come without compression, become one array, which is compressed here (`isGzipped`).
 */
export async function joinText(
  path: string,
  { isArray, isGzipped }: { readonly isArray: boolean; readonly isGzipped: boolean },
): Promise<FileJoin> {
  const handle = await open(path, 'w');
  let isEmpty = true;
  const append = async (content: () => AsyncIterable<Uint8Array>): Promise<void> => {
    const write = async (bytes: AsyncIterable<Uint8Array>): Promise<void> => {
      for await (const chunk of bytes) await handle.writeFile(chunk);
    };
    if (isGzipped && isArray) await pipeline(content, createGzip(), write);
    else await write(content());
  };
  return {
    add: async (file) => {
      const { size } = await stat(file);
      const [from, to] = isArray ? [ARRAY.open.length, size - ARRAY.close.length] : [0, size];
      if (to <= from) return;
      const before = isArray ? (isEmpty ? ARRAY.open : ARRAY.between) : '';
      await append(async function* () {
        if (before !== '') yield Buffer.from(before);
        yield* createReadStream(file, { start: from, end: to - 1 });
      });
      isEmpty = false;
    },
    finish: async () => {
      if (isArray)
        await append(async function* () {
          yield Buffer.from(`${isEmpty ? ARRAY.open : ''}${ARRAY.close}`);
        });
      await handle.sync();
      await handle.close();
    },
    discard: () => handle.close().catch(() => {}),
  };
}
