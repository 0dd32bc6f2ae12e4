import { OrgqlError } from '../util/errors.ts';

/** What a page's first byte says that it holds. */
export type PageStart = 'array' | 'object' | 'null';

/** A byte order mark taken off. */
export function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The kind of JSON that begins here. Throws `invalid_response` for anything that can hold no rows: nothing, HTML, a bare string or number. */
export function pageStart(bytes: Uint8Array): PageStart {
  const start = firstByte(bytes, 0);
  if (start === undefined) throw new OrgqlError('invalid_response', 'The API sent an empty body where rows were expected');
  switch (bytes[start]) {
    case 0x5b:
      return 'array';
    case 0x7b:
      return 'object';
    default:
      if (/^null\s*$/.test(Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(16, bytes.byteLength - start)).toString('latin1')))
        return 'null';
      throw new OrgqlError('invalid_response', 'The API sent something that is no JSON array or object', {
        detail: `It begins with ${excerpt(bytes.subarray(start))}`,
      });
  }
}

/** The beginning of a body for an error message: one line, at most 60 characters, controls escaped. */
export function excerpt(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes.subarray(0, 60)).toString('utf8'));
}

function firstByte(bytes: Uint8Array, from: number): number | undefined {
  for (let index = from; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return index;
  }
  return undefined;
}
