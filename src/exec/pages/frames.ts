import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

// A frame: magic, length of head and of body (32 bits each), SHA-256 of head and body, head (JSON), body (bytes).
const MAGIC = Buffer.from('OQP1');
const PREFIX_BYTES = MAGIC.length + 4 + 4 + 32;
/** More than any page: a length beyond it is damage. */
const MAX_FRAME_BYTES = 1 << 30;

/** One frame of a file, its body still in the file. */
export interface FrameAt {
  readonly head: unknown;
  readonly offset: number;
  readonly byteLength: number;
}

/** A frame as it is written. */
export function frame(head: unknown, body: Uint8Array = new Uint8Array()): readonly Uint8Array[] {
  const text = Buffer.from(JSON.stringify(head));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(text.length, 4);
  prefix.writeUInt32LE(body.byteLength, 8);
  createHash('sha256').update(text).update(body).digest().copy(prefix, 12);
  return [prefix, text, body];
}

/** The frames of a file up to the first that is broken or cut off; `end` is where that one begins, or the file's end. */
export async function readFrames(
  file: FileHandle,
): Promise<{ readonly frames: readonly FrameAt[]; readonly end: number; readonly isWhole: boolean }> {
  const { size } = await file.stat();
  const frames: FrameAt[] = [];
  let at = 0;
  while (at < size) {
    const found = await readFrame(file, at, size);
    if (found === undefined) return { frames, end: at, isWhole: false };
    frames.push(found);
    at = found.offset + found.byteLength;
  }
  return { frames, end: at, isWhole: true };
}

async function readFrame(file: FileHandle, at: number, size: number): Promise<FrameAt | undefined> {
  if (at + PREFIX_BYTES > size) return undefined;
  const prefix = await readBytes(file, at, PREFIX_BYTES);
  const headLength = prefix.readUInt32LE(4);
  const bodyLength = prefix.readUInt32LE(8);
  const end = at + PREFIX_BYTES + headLength + bodyLength;
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC) || headLength + bodyLength > MAX_FRAME_BYTES || end > size) return undefined;
  const content = await readBytes(file, at + PREFIX_BYTES, headLength + bodyLength);
  if (!createHash('sha256').update(content).digest().equals(prefix.subarray(12, PREFIX_BYTES))) return undefined;
  return { head: JSON.parse(content.subarray(0, headLength).toString()), offset: at + PREFIX_BYTES + headLength, byteLength: bodyLength };
}

/** So many bytes of a file, or fewer where it ends before. */
export async function readBytes(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** A page without its bytes, as a frame's head holds it. */
export interface PageHead {
  readonly kind: 'page';
  readonly rowsPath: readonly string[];
  readonly index: number;
}

/** True for the head of a page; what else it is belongs to the file's reader. */
export function isPageHead(head: unknown): head is PageHead {
  return isRecord(head) && head.kind === 'page' && Array.isArray(head.rowsPath) && typeof head.index === 'number';
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
