/**
 * One Parquet file out of several of the same columns: their row groups are set one behind the other as they are, and a footer is written
 * that names them all. So rows that come page by page become one file, while only those of a row group are in memory.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { readStruct, type ThriftList, type ThriftStruct, writeStruct } from './compact.ts';

const MAGIC = Buffer.from('PAR1');
/** Length of the footer, and the magic behind it. */
const TAIL_BYTES = 8;

// Numbers of fields. @see parquet.thrift of the Apache Parquet format
const FILE = { schema: 2, rows: 3, rowGroups: 4 } as const;
const GROUP = { columns: 1, fileOffset: 5, ordinal: 7 } as const;
const CHUNK = { fileOffset: 2, metadata: 3, offsetIndex: 4, columnIndex: 6 } as const;
const COLUMN = { dataPage: 9, indexPage: 10, dictionaryPage: 11, bloomFilter: 14 } as const;

/** A file in the making out of several. One of `finish` and `discard` ends it. */
export interface FileJoin {
  /** Takes over the rows of a whole file. Throws where its columns are others, or it has parts that cannot be moved. */
  readonly add: (file: string) => Promise<void>;
  readonly finish: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** Begins a file at this path. */
export async function joinParquet(path: string): Promise<FileJoin> {
  const handle = await open(path, 'w');
  let end = 0;
  let whole: ThriftStruct | undefined;
  let schema: Buffer | undefined;
  const append = async (bytes: Uint8Array): Promise<void> => {
    await writeAll(handle, bytes, end);
    end += bytes.byteLength;
  };
  return {
    async add(file) {
      const bytes = await readFile(file);
      const { footer, start } = footerOf(bytes);
      const own = Buffer.from(writeStruct(new Map([...footer].filter(([id]) => id === FILE.schema))));
      if (schema !== undefined && !schema.equals(own)) throw new Error('The parts of a Parquet file have different columns');
      schema = own;
      if (end === 0) await append(MAGIC);
      const groups = listOf(footer, FILE.rowGroups);
      const known = whole === undefined ? undefined : listOf(whole, FILE.rowGroups);
      groups.items.forEach((group, index) => {
        if (group instanceof Map) moveGroup(group, BigInt(end - MAGIC.byteLength), (known?.items.length ?? 0) + index);
      });
      await append(bytes.subarray(MAGIC.byteLength, start));
      if (whole === undefined || known === undefined) {
        whole = footer;
        return;
      }
      known.items.push(...groups.items);
      const rows = whole.get(FILE.rows);
      if (rows !== undefined) rows.value = integer(whole, FILE.rows) + integer(footer, FILE.rows);
    },
    async finish() {
      if (whole === undefined) throw new Error('A Parquet file was begun, and nothing came');
      const footer = writeStruct(whole);
      const tail = Buffer.alloc(TAIL_BYTES);
      tail.writeUInt32LE(footer.byteLength);
      MAGIC.copy(tail, 4);
      await append(footer);
      await append(tail);
      await handle.sync();
      await handle.close();
    },
    discard: () => handle.close().catch(() => {}),
  };
}

/** The footer, and where it begins. */
function footerOf(bytes: Buffer): { readonly footer: ThriftStruct; readonly start: number } {
  const length = bytes.byteLength < MAGIC.byteLength + TAIL_BYTES ? -1 : bytes.readUInt32LE(bytes.byteLength - TAIL_BYTES);
  const start = bytes.byteLength - TAIL_BYTES - length;
  if (length < 0 || start < MAGIC.byteLength || !bytes.subarray(-MAGIC.byteLength).equals(MAGIC))
    throw new Error('A part is no Parquet file');
  return { footer: readStruct(bytes.subarray(start, bytes.byteLength - TAIL_BYTES)), start };
}

/** Adds to every place in the file that a row group names. */
function moveGroup(group: ThriftStruct, by: bigint, ordinal: number): void {
  move(group, GROUP.fileOffset, by);
  const own = group.get(GROUP.ordinal);
  if (own !== undefined) own.value = BigInt(ordinal);
  for (const chunk of listOf(group, GROUP.columns).items) {
    if (!(chunk instanceof Map)) continue;
    // Page indexes hold places of their own.
    if (chunk.has(CHUNK.offsetIndex) || chunk.has(CHUNK.columnIndex)) throw new Error('A part of a Parquet file has page indexes');
    move(chunk, CHUNK.fileOffset, by);
    const metadata = chunk.get(CHUNK.metadata)?.value;
    if (metadata instanceof Map) for (const field of Object.values(COLUMN)) move(metadata, field, by);
  }
}

/** Zero means: not said. */
function move(struct: ThriftStruct, field: number, by: bigint): void {
  const known = struct.get(field);
  if (known !== undefined && typeof known.value === 'bigint' && known.value > 0n) known.value += by;
}

function integer(struct: ThriftStruct, field: number): bigint {
  const value = struct.get(field)?.value;
  return typeof value === 'bigint' ? value : 0n;
}

function listOf(struct: ThriftStruct, field: number): ThriftList {
  const value = struct.get(field)?.value;
  if (typeof value === 'object' && 'items' in value) return value;
  throw new Error('A Parquet footer lacks its lists');
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    done += (await handle.write(bytes, done, bytes.byteLength - done, position + done)).bytesWritten;
  }
}
