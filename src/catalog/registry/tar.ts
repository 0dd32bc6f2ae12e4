import { OrgqlError } from '../../util/errors.ts';

/** A regular file of an archive. */
export interface TarEntry {
  /** With forward slashes, relative, without `..`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;

/**
 * The regular files of an unpacked tar archive (ustar, with pax and GNU long names), in order. Folders, links and devices are passed over.
 * Throws `invalid_provider` for a damaged archive and for a path that would leave the folder it is unpacked in.
 */
export function* readTar(archive: Uint8Array): Generator<TarEntry> {
  let longName: string | undefined;
  for (let offset = 0; offset + BLOCK <= archive.length; ) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    verifyChecksum(header);
    const size = readNumber(header, 124, 12);
    const start = offset + BLOCK;
    if (start + size > archive.length) throw damaged('it ends in the middle of a file');
    const bytes = archive.subarray(start, start + size);
    const type = String.fromCharCode(header[156] ?? 0);
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'x') longName = paxPath(bytes) ?? longName;
    else if (type === 'L') longName = text(bytes);
    else if (type !== 'g') {
      const path = longName ?? headerPath(header);
      longName = undefined;
      if (type === '0' || type === '\0') yield { path: safePath(path), bytes };
    }
  }
}

function headerPath(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  const isUstar = text(header.subarray(257, 262)) === 'ustar';
  const prefix = isUstar ? text(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

// Whoever made the archive may not choose where its files go.
function safePath(path: string): string {
  const segments = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
  const isAbsolute = /^([/\\]|[A-Za-z]:)/.test(path);
  if (isAbsolute || segments.length === 0 || segments.includes('..')) throw damaged(`it names the path ${JSON.stringify(path)}`);
  return segments.join('/');
}

function verifyChecksum(header: Uint8Array): void {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  if (sum !== readNumber(header, 148, 8)) throw damaged('a header has a wrong checksum');
}

function readNumber(header: Uint8Array, offset: number, length: number): number {
  const digits = text(header.subarray(offset, offset + length)).trim();
  const value = Number.parseInt(digits === '' ? '0' : digits, 8);
  if (!Number.isSafeInteger(value) || value < 0) throw damaged('a header has no readable number');
  return value;
}

// Records of `length key=value\n`. @see POSIX.1-2001, pax
function paxPath(bytes: Uint8Array): string | undefined {
  for (const record of text(bytes).split('\n')) {
    const match = /^\d+ path=(.*)$/.exec(record);
    if (match !== null) return match[1];
  }
  return undefined;
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function damaged(reason: string): OrgqlError {
  return new OrgqlError('invalid_provider', `The provider package cannot be unpacked: ${reason}`);
}
