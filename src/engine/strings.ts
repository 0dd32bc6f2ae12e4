/**
 * Strings of a VARCHAR vector. The client library asks for each text beyond twelve bytes by a call and a buffer of its own, which takes half
 * of the time of a long result; here texts that lie side by side in the engine's memory are read together. Where the vector's layout is not
 * as expected (another version), the library's own accessors are used.
 */
import { isAscii } from 'node:buffer';
import type { DuckDBVector } from '@duckdb/node-api';
import bindings from '@duckdb/node-bindings';

/** Bytes of one entry: a length, then up to 12 bytes of text, or 4 bytes of prefix and a pointer. */
const ENTRY_BYTES = 16;
const INLINE_BYTES = 12;
const TEXT_OFFSET = 4;
const POINTER_OFFSET = 8;
/** The engine aligns texts: what lies between two that are less apart than this is on their own pages of memory. */
const ALIGNMENT = 8;

/** All values of the vector, NULL as null. */
export function readStrings(vector: DuckDBVector, count: number): (string | null)[] {
  const { dataView, validity } = vector as unknown as VectorParts;
  const isValid = validityTest(validity);
  if (!(dataView instanceof DataView) || !(dataView.buffer instanceof ArrayBuffer) || dataView.byteLength < count * ENTRY_BYTES || !isValid)
    return Array.from({ length: count }, (_, index) => itemText(vector, index));
  const bytes = Buffer.from(dataView.buffer, dataView.byteOffset, count * ENTRY_BYTES);
  const values = new Array<string | null>(count);
  /** Addresses between which texts lie side by side, the entry whose text begins at the lower one, and all entries that lie within. */
  let low = 0;
  let high = 0;
  let lowest = 0;
  let within: number[] = [];
  for (let index = 0; index < count; index++) {
    if (!isValid(index)) {
      values[index] = null;
      continue;
    }
    const entry = index * ENTRY_BYTES;
    const length = bytes.readUInt32LE(entry);
    if (length <= INLINE_BYTES) {
      values[index] = bytes.toString('utf8', entry + TEXT_OFFSET, entry + TEXT_OFFSET + length);
      continue;
    }
    const start = addressOf(bytes, entry);
    const end = start + length;
    if (start >= high && start < high + ALIGNMENT) {
      high = end;
    } else if (end <= low && end > low - ALIGNMENT) {
      low = start;
      lowest = index;
    } else if (start < low || end > high) {
      readTogether(bytes, lowest, high - low, within, values);
      low = start;
      high = end;
      lowest = index;
      within = [];
    }
    within.push(index);
  }
  readTogether(bytes, lowest, high - low, within, values);
  return values;
}

/** Reads so many bytes from where the lowest entry's text begins, and the texts that lie within. */
function readTogether(entries: Buffer, lowest: number, byteLength: number, within: readonly number[], values: (string | null)[]): void {
  if (within.length === 0) return;
  const pointer = entries.byteOffset + lowest * ENTRY_BYTES + POINTER_OFFSET;
  const data = bindings.get_data_from_pointer(entries.buffer as ArrayBuffer, pointer, byteLength);
  const texts = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  // One text for all, where a byte is a character.
  const joined = isAscii(texts) ? texts.toString('latin1') : undefined;
  const low = addressOf(entries, lowest * ENTRY_BYTES);
  for (const index of within) {
    const entry = index * ENTRY_BYTES;
    const start = addressOf(entries, entry) - low;
    const end = start + entries.readUInt32LE(entry);
    values[index] = joined === undefined ? texts.toString('utf8', start, end) : joined.slice(start, end);
  }
}

/** An address as a number: no processor uses more than 53 bits of one. */
function addressOf(entries: Buffer, entry: number): number {
  return entries.readUInt32LE(entry + POINTER_OFFSET) + entries.readUInt32LE(entry + POINTER_OFFSET + 4) * 0x1_0000_0000;
}

export interface VectorParts {
  readonly dataView: unknown;
  readonly validity: unknown;
}

function itemText(vector: DuckDBVector, index: number): string | null {
  const item: unknown = vector.getItem(index);
  return item === null || item === undefined ? null : String(item);
}

/** A test of the validity bits by bytes; `undefined` where they cannot be seen. */
export function validityTest(validity: unknown): ((index: number) => boolean) | undefined {
  if (typeof validity !== 'object' || validity === null || !('data' in validity) || !('offset' in validity)) return undefined;
  const { data, offset } = validity;
  if (data === null) return () => true;
  if (!(data instanceof BigUint64Array) || typeof offset !== 'number') return undefined;
  const bits = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return (index) => (((bits[(index + offset) >> 3] ?? 0) >> ((index + offset) & 7)) & 1) === 1;
}
