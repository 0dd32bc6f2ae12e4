import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, PageCursor } from '../../http/types.ts';
import { type ApiFault, OrgqlError } from '../../util/errors.ts';
import { type FrameAt, frame, isPageHead, isRecord, type PageHead, readBytes, readFrames } from './frames.ts';
import { lockFolder } from './lock.ts';
import type { LoggedCall, PageLog } from './types.ts';

interface Entry {
  readonly pages: { readonly head: PageHead; readonly offset: number; readonly byteLength: number }[];
  /** Pages up to the last whose cursor is known. */
  known: number;
  next: PageCursor | undefined;
  isWhole: boolean;
  missing: OrgqlError | undefined;
}

export interface OpenLog extends PageLog {
  readonly isFinished: () => boolean;
  /** Lets the folder go; what is in it stays. */
  readonly release: () => Promise<void>;
}

/**
 * One file of frames, only ever added to: a page, then, once that is durable, its cursor. What a kill leaves half written at
 * the end is cut off. Throws `io_error` where another process has the folder.
 */
export async function openPageLog(directory: string, now: number, clock: () => number): Promise<OpenLog> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(directory);
  let file: FileHandle;
  try {
    file = await open(join(directory, 'pages.log'), 'a+', 0o600);
  } catch (error) {
    await unlock();
    throw error;
  }
  const { frames, end } = await readFrames(file);
  const started = statementOf(frames[0]);
  const entries = new Map<string, Entry>();
  if (started !== undefined) replay(frames, entries);
  const writer = appender(directory, file, started === undefined ? 0 : end);
  if (started === undefined) await file.truncate(0);
  else await file.truncate(end);
  if (started === undefined) await writer.append({ kind: 'statement', version: 1, now, at: clock() });
  const hasPages = entries.size > 0;
  let isFinished = false;

  const add = async (key: string, page: Page): Promise<void> => {
    const entry = entryOf(entries, key);
    const head: PageHead & { readonly key: string } = { kind: 'page', key, rowsPath: page.rowsPath, index: entry.known };
    const { offset } = await writer.append(head, page.bytes);
    entry.pages.length = entry.known;
    entry.pages.push({ head, offset, byteLength: page.bytes.byteLength });
    await writer.sync();
  };
  const addCursor = async (key: string, next: PageCursor | undefined): Promise<void> => {
    await writer.append({ kind: 'cursor', key, ...(next === undefined ? {} : { next }) });
    takeCursor(entryOf(entries, key), next);
  };
  return {
    directory,
    now: started?.now ?? now,
    ageMs: () => clock() - (started?.at ?? clock()),
    hasPages,
    find: (key) => found(file, entries.get(key)),
    page: add,
    cursor: addCursor,
    missing: async (key, error) => {
      const { api, message } = error;
      await writer.append({ kind: 'missing', key, message, ...(api === undefined ? {} : { api }) });
      entryOf(entries, key).missing = error;
    },
    replace: async (key, index, { rowsPath, bytes }, next) => {
      const head: PageHead & { readonly key: string } = { kind: 'page', key, rowsPath, index };
      const { offset } = await writer.append({ ...head, next }, bytes);
      takeInstead(entryOf(entries, key), { head, offset, byteLength: bytes.byteLength }, next);
      await writer.sync();
    },
    forget: async (key) => {
      await writer.append({ kind: 'forget', key });
      entries.delete(key);
    },
    finish: () => {
      isFinished = true;
    },
    isFinished: () => isFinished,
    release: async () => {
      await writer.sync();
      await file.close();
      await unlock();
    },
  };
}

function found(file: FileHandle, entry: Entry | undefined): LoggedCall | undefined {
  if (entry === undefined || (entry.known === 0 && entry.missing === undefined)) return undefined;
  const { known, next, isWhole, missing } = entry;
  const kept = entry.pages.slice(0, known);
  async function* pages(): AsyncGenerator<Page, void, undefined> {
    for (const [index, { head, offset, byteLength }] of kept.entries()) {
      const bytes = await readBytes(file, offset, byteLength);
      yield { bytes, rowsPath: head.rowsPath, index, isLast: isWhole && index === kept.length - 1, requestId: undefined };
    }
  }
  return { count: known, isWhole, pages: pages(), ...(next === undefined ? {} : { next }), ...(missing === undefined ? {} : { missing }) };
}

function entryOf(entries: Map<string, Entry>, key: string): Entry {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const made: Entry = { pages: [], known: 0, next: undefined, isWhole: false, missing: undefined };
  entries.set(key, made);
  return made;
}

function takeInstead(entry: Entry, page: Entry['pages'][number], next: PageCursor): void {
  entry.pages.length = page.head.index;
  entry.pages.push(page);
  takeCursor(entry, next);
}

function takeCursor(entry: Entry, next: PageCursor | undefined): void {
  entry.known = entry.pages.length;
  entry.next = next;
  entry.isWhole = next === undefined;
}

function replay(frames: readonly FrameAt[], entries: Map<string, Entry>): void {
  for (const { head, offset, byteLength } of frames) {
    if (!isRecord(head) || typeof head.key !== 'string') continue;
    const { key } = head;
    const entry = entryOf(entries, key);
    const instead = isPageHead(head) ? cursorOf(head.next) : undefined;
    if (isPageHead(head) && instead !== undefined) {
      takeInstead(entry, { head, offset, byteLength }, instead);
    } else if (isPageHead(head)) {
      // A page whose cursor was lost was asked for again: the later one counts.
      entry.pages.length = entry.known;
      entry.pages.push({ head, offset, byteLength });
    } else if (head.kind === 'cursor') {
      takeCursor(entry, cursorOf(head.next));
    } else if (head.kind === 'missing') {
      const api = head.api;
      entry.missing = new OrgqlError('not_found', String(head.message), isRecord(api) ? { api: api as unknown as ApiFault } : {});
    } else if (head.kind === 'forget') {
      entries.delete(key);
    }
  }
}

function cursorOf(value: unknown): PageCursor | undefined {
  return isRecord(value) && typeof value.pathAndQuery === 'string' ? (value as unknown as PageCursor) : undefined;
}

function statementOf(first: FrameAt | undefined): { readonly now: number; readonly at: number } | undefined {
  const head = first?.head;
  if (!isRecord(head) || head.kind !== 'statement' || head.version !== 1) return undefined;
  return typeof head.now === 'number' && typeof head.at === 'number' ? { now: head.now, at: head.at } : undefined;
}

interface Appender {
  readonly append: (head: unknown, body?: Uint8Array) => Promise<{ readonly offset: number }>;
  /** Resolves when all that was appended before the call is on the disk; calls that come together share one flush. */
  readonly sync: () => Promise<void>;
}

function appender(directory: string, file: FileHandle, from: number): Appender {
  let end = from;
  let tail: Promise<unknown> = Promise.resolve();
  let flushing: Promise<void> = Promise.resolve();
  let upcoming: Promise<void> | undefined;
  return {
    append: (head, body) => {
      const parts = frame(head, body);
      const byteLength = parts.reduce((sum, part) => sum + part.byteLength, 0);
      end += byteLength;
      const offset = end - (body?.byteLength ?? 0);
      const written = tail
        .then(() => writeAll(file, parts))
        .catch((error: NodeJS.ErrnoException) => {
          throw unwritten(directory, error);
        });
      tail = written.catch(() => {});
      return written.then(() => ({ offset }));
    },
    sync: () => {
      upcoming ??= flushing
        .catch(() => {})
        .then(() => {
          flushing = upcoming ?? flushing;
          upcoming = undefined;
          return file.datasync().catch((error: NodeJS.ErrnoException) => {
            throw unwritten(directory, error);
          });
        });
      return upcoming;
    },
  };
}

function unwritten(directory: string, error: NodeJS.ErrnoException): OrgqlError {
  return new OrgqlError('io_error', `The progress cannot be kept in ${directory}`, {
    detail: error.code === 'ENOSPC' ? 'The disk is full (ENOSPC).' : error.message,
    hint: 'What is there is whole, and can be gone on with once there is room.',
    cause: error,
  });
}

async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const bytes = Buffer.concat(parts);
  // Opened for appending: every write goes to the end.
  await file.appendFile(bytes);
}
