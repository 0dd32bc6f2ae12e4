import { isRecord } from '../paging/body-path.ts';
import type { MethodCall } from '../types.ts';

/** What a body turned out to be. */
export type PageBody =
  | { readonly kind: 'array' }
  | { readonly kind: 'object'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'scalar' }
  | { readonly kind: 'text' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'invalid'; readonly why: string };

/**
 * Looks at a 2xx body before its page is handed out. An array is not decoded (that is the engine's work): its first and last bytes
 * say whether all of it is there. An object is decoded, since a cursor or an error may stand in it.
 */
export function inspectBody(
  call: MethodCall,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  bytes: Uint8Array,
): PageBody {
  const type = answer.headers['content-type'] ?? '';
  if (answer.status === 204 || answer.status === 205 || call.method.http.verb === 'HEAD') return { kind: 'nothing' };
  const { start, end } = significant(bytes);
  if (start === end) return { kind: 'invalid', why: `The body is empty (status ${answer.status}).` };
  const isText = isTextExpected(call);
  const first = bytes[start];
  if (/html/i.test(type) && !isText)
    return {
      kind: 'invalid',
      why: `An HTML page came (${type}), where rows were expected. A proxy or a sign-in page may stand before the API.`,
    };
  if (isText) return { kind: 'text' };
  if (first === OPEN_BRACKET) {
    return bytes[end - 1] === CLOSE_BRACKET ? { kind: 'array' } : cut(bytes);
  }
  if (first === OPEN_BRACE) {
    if (bytes[end - 1] !== CLOSE_BRACE) return cut(bytes);
    try {
      const value: unknown = JSON.parse(decode(bytes));
      return isRecord(value) ? { kind: 'object', value } : cut(bytes);
    } catch {
      return cut(bytes);
    }
  }
  if (!/json/i.test(type)) return { kind: 'invalid', why: `The body is ${type === '' ? 'of no named type' : type} and not JSON.` };
  try {
    JSON.parse(decode(bytes));
    return { kind: 'scalar' };
  } catch {
    return cut(bytes);
  }
}

/** False where a JSON body ends before its bracket does, so that asking again may help. Looks at its ends only. */
export function isWhole({ bytes }: { readonly bytes: Uint8Array }): boolean {
  const { start, end } = significant(bytes);
  const first = bytes[start];
  const last = bytes[end - 1];
  return first === OPEN_BRACKET ? last === CLOSE_BRACKET : first === OPEN_BRACE ? last === CLOSE_BRACE : true;
}

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The part between leading and trailing blanks, a byte-order mark counted as blank. */
function significant(bytes: Uint8Array): { readonly start: number; readonly end: number } {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let end = bytes.byteLength;
  while (start < end && isBlank(bytes[start])) start++;
  while (end > start && isBlank(bytes[end - 1])) end--;
  return { start, end };
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function cut(bytes: Uint8Array): PageBody {
  return { kind: 'invalid', why: `The JSON is not well-formed or cut off, after ${bytes.byteLength} bytes.` };
}

// XML and plain text are expected where the document says so, and where a transform will make JSON of them.
function isTextExpected(call: MethodCall): boolean {
  const { mediaType, transform } = call.method.response;
  if (transform !== undefined && !/^golang_template_json/.test(transform.type)) return !/json/i.test(mediaType ?? '');
  return mediaType !== undefined && !/json|\*/i.test(mediaType) && mediaType.includes('/');
}

export function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '');
}
