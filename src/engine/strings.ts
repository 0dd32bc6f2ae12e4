/**
 * Strings of a VARCHAR vector. The client library decodes value after value with bigint arithmetic for NULLs; reading the vector's own
 * buffers takes a third of the time. Where its layout is not as expected (another version), its own accessors are used.
 */
import type { DuckDBVector } from '@duckdb/node-api';

/** Bytes of one entry: a length, then up to 12 bytes of text, or 4 bytes of prefix and a pointer. */
const ENTRY_BYTES = 16;
const INLINE_BYTES = 12;

/** All values of the vector, NULL as null. */
export function readStrings(vector: DuckDBVector, count: number): (string | null)[] {
  const values = new Array<string | null>(count);
  const { dataView, validity } = vector as unknown as VectorParts;
  const isRaw = dataView instanceof DataView && dataView.byteLength >= count * ENTRY_BYTES && typeof validity === 'object';
  const bytes = isRaw ? Buffer.from(dataView.buffer, dataView.byteOffset, dataView.byteLength) : undefined;
  const isValid = validityTest(validity);
  for (let index = 0; index < count; index++) {
    if (bytes === undefined || isValid === undefined) {
      values[index] = itemText(vector, index);
    } else if (!isValid(index)) {
      values[index] = null;
    } else {
      const start = index * ENTRY_BYTES;
      const length = bytes.readUInt32LE(start);
      values[index] = length <= INLINE_BYTES ? bytes.toString('utf8', start + 4, start + 4 + length) : itemText(vector, index);
    }
  }
  return values;
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
