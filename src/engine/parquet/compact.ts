/** Thrift's compact protocol, as far as the footer of a Parquet file needs it: read into a tree, changed there, and written again. */

/** Type codes of the protocol. A boolean field has its value in its type. */
const BOOLEAN_TRUE = 1;
const BOOLEAN_FALSE = 2;
const BYTE = 3;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const STRUCT = 12;

export interface ThriftList {
  readonly elementType: number;
  items: ThriftValue[];
}

/** Fields in the order in which they came, by number. */
export type ThriftStruct = Map<number, { readonly type: number; value: ThriftValue }>;

/** Whole numbers are bigints; doubles and binaries stay bytes. */
export type ThriftValue = bigint | boolean | Uint8Array | ThriftList | ThriftStruct;

/** Reads one struct. Throws where the bytes are none. */
export function readStruct(bytes: Uint8Array): ThriftStruct {
  let at = 0;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new RangeError('The footer ends before its end');
    return value;
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const part = byte();
      value |= BigInt(part & 0x7f) << shift;
      if (part < 0x80) return value;
    }
  };
  const zigzag = (): bigint => {
    const value = varint();
    return (value >> 1n) ^ -(value & 1n);
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.byteLength) throw new RangeError('The footer ends before its end');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const list = (): ThriftList => {
    const head = byte();
    const size = head >> 4 === 15 ? Number(varint()) : head >> 4;
    const elementType = head & 0x0f;
    return { elementType, items: Array.from({ length: size }, () => value(elementType, true)) };
  };
  const struct = (): ThriftStruct => {
    const fields: ThriftStruct = new Map();
    for (let id = 0; ; ) {
      const head = byte();
      if (head === 0) return fields;
      id = head >> 4 === 0 ? Number(zigzag()) : id + (head >> 4);
      fields.set(id, { type: head & 0x0f, value: value(head & 0x0f, false) });
    }
  };
  const value = (type: number, isElement: boolean): ThriftValue => {
    if (type === BOOLEAN_TRUE || type === BOOLEAN_FALSE) return isElement ? byte() === BOOLEAN_TRUE : type === BOOLEAN_TRUE;
    if (type === BYTE) return BigInt(byte());
    if (type > BYTE && type <= I64) return zigzag();
    if (type === DOUBLE) return take(8);
    if (type === BINARY) return take(Number(varint()));
    if (type === LIST || type === SET) return list();
    if (type === STRUCT) return struct();
    throw new RangeError(`The footer holds a value of type ${type}`);
  };
  return struct();
}

/** Writes one struct. */
export function writeStruct(struct: ThriftStruct): Uint8Array {
  const pieces: Uint8Array[] = [];
  const varint = (given: bigint): void => {
    const out: number[] = [];
    let value = given;
    for (; value >= 0x80n; value >>= 7n) out.push(Number(value & 0x7fn) | 0x80);
    out.push(Number(value));
    pieces.push(Uint8Array.from(out));
  };
  const zigzag = (value: bigint): void => varint(value < 0n ? (-value << 1n) - 1n : value << 1n);
  const write = (type: number, value: ThriftValue, isElement: boolean): void => {
    if (typeof value === 'boolean') {
      if (isElement) pieces.push(Uint8Array.of(value ? BOOLEAN_TRUE : BOOLEAN_FALSE));
    } else if (typeof value === 'bigint') {
      if (type === BYTE) pieces.push(Uint8Array.of(Number(value)));
      else zigzag(value);
    } else if (value instanceof Uint8Array) {
      if (type === BINARY) varint(BigInt(value.byteLength));
      pieces.push(value);
    } else if (value instanceof Map) {
      writeFields(value);
    } else {
      const size = value.items.length;
      pieces.push(Uint8Array.of((Math.min(size, 15) << 4) | value.elementType));
      if (size >= 15) varint(BigInt(size));
      for (const item of value.items) write(value.elementType, item, true);
    }
  };
  const writeFields = (fields: ThriftStruct): void => {
    let last = 0;
    for (const [id, { type, value }] of fields) {
      const step = id - last;
      pieces.push(Uint8Array.of((step > 0 && step < 16 ? step << 4 : 0) | type));
      if (step <= 0 || step >= 16) zigzag(BigInt(id));
      write(type, value, false);
      last = id;
    }
    pieces.push(Uint8Array.of(0));
  };
  writeFields(struct);
  return Buffer.concat(pieces);
}
