import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { WireFailure } from './failure.ts';
import type { WireBody } from './transport.ts';

const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/** Reads a body into memory, checks that all of it came, and decompresses it. Never rejects. */
export async function collectBody(
  response: IncomingMessage,
  options: { readonly maxBytes: number; readonly interrupted: () => WireFailure | undefined },
): Promise<WireBody> {
  const raw = await readAll(response, options);
  if (raw.kind === 'failed') return raw;
  return decompress(raw.bytes, response.headers['content-encoding'], options.maxBytes);
}

/** Undoes a content encoding. Never rejects. */
export async function decompress(bytes: Uint8Array, contentEncoding: string | undefined, maxBytes: number): Promise<WireBody> {
  const encoding = (contentEncoding ?? 'identity').trim().toLowerCase();
  if (bytes.byteLength === 0 || encoding === 'identity' || encoding === '') return { kind: 'complete', bytes };
  const decode = encoding in DECODERS ? DECODERS[encoding as keyof typeof DECODERS] : undefined;
  if (decode === undefined) return failed('lost', 'unknown_encoding', `The body is encoded as ${encoding}, which was not asked for.`);
  try {
    return { kind: 'complete', bytes: await decode(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes);
    return failed('lost', 'truncated', `The compressed body is damaged: ${message}.`);
  }
}

function readAll(
  response: IncomingMessage,
  { maxBytes, interrupted }: { readonly maxBytes: number; readonly interrupted: () => WireFailure | undefined },
): Promise<WireBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let byteLength = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      byteLength += chunk.length;
      if (byteLength > maxBytes) {
        resolve(tooLarge(maxBytes));
        response.destroy();
      }
    });
    response.on('end', () => {
      const bytes = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, byteLength);
      resolve(
        response.complete
          ? { kind: 'complete', bytes }
          : failed('lost', 'truncated', `The body ended after ${byteLength} bytes, before its announced end.`),
      );
    });
    const broken = (error?: NodeJS.ErrnoException): void => {
      const failure = interrupted();
      resolve(
        failure === undefined
          ? failed('lost', error?.code ?? 'truncated', `The connection broke after ${byteLength} bytes of the body.`)
          : { kind: 'failed', failure },
      );
    };
    response.on('error', broken);
    response.on('close', () => broken());
  });
}

function failed(kind: WireFailure['kind'], code: string, message: string): WireBody {
  return { kind: 'failed', failure: { kind, code, message } };
}

/** The failure of a body beyond the limit. */
export function tooLarge(maxBytes: number): WireBody {
  return failed('too_large', 'too_large', `It exceeds ${maxBytes} bytes (limit maxPageBytes).`);
}
