import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '../../http/types.ts';
import { type FrameAt, frame, isPageHead, isRecord, readBytes, readFrames } from './frames.ts';
import { withoutSecrets } from './secrets.ts';
import type { CachedPages, PageCache } from './types.ts';

/** Most bytes that stay on disk between sessions, and how long: the oldest go first. */
const MAX_BYTES = 2 * 1024 ** 3;
const MAX_AGE_MS = 7 * 86_400_000;
/** A write says that it may be followed by more: what is fetched this soon after it may have seen only some of them. */
const WRITE_LEASE_MS = 2000;

export interface OpenCache extends PageCache {
  /** What was fetched of an org before now is not to be used any more, by no process. */
  readonly outdate: (org: string) => Promise<void>;
  /** Removes what is too old or too much, where this session added something. */
  readonly sweep: () => Promise<void>;
}

/** Whole fetches in files `<org>/<call>.pages` below a folder that appears with the first. */
export function openPageCache(folder: () => Promise<string>, clock: () => number): OpenCache {
  let serial = 0;
  let hasAdded = false;
  const find: PageCache['find'] = async (identity, maxAgeMs, onBroken) => {
    const path = join(await folder(), identity.org, `${identity.key}.pages`);
    const file = await open(path, 'r').catch(() => undefined);
    if (file === undefined) return undefined;
    let isKept = false;
    try {
      const { frames, isWhole } = await readFrames(file);
      const begun = beginning(frames[0]);
      const end = frames.at(-1)?.head;
      const pages = frames.slice(1, -1);
      const isSound =
        isWhole &&
        begun !== undefined &&
        isRecord(end) &&
        end.kind === 'end' &&
        end.pages === pages.length &&
        pages.every(({ head }) => isPageHead(head));
      if (!isSound) {
        onBroken('it is cut off or damaged');
        await rm(path, { force: true });
        return undefined;
      }
      const ageMs = clock() - begun;
      if (ageMs > maxAgeMs || ageMs < 0 || begun <= (await outdatedAt(join(await folder(), identity.org)))) return undefined;
      isKept = true;
      return { ageMs, pages: stored(file, pages), leave: () => file.close() } satisfies CachedPages;
    } catch {
      onBroken('it cannot be read');
      return undefined;
    } finally {
      if (!isKept) await file.close();
    }
  };
  return {
    hasAny: async () => (await readdir(await folder()).catch(() => [])).length > 0,
    find,
    fill: async function* (identity, secrets, pages, onLost) {
      const parent = join(await folder(), identity.org);
      const path = join(parent, `${identity.key}.pages`);
      const beside = `${path}.${process.pid}.${++serial}.part`;
      let file: FileHandle | undefined;
      // The cache is an aid: a disk that is full must not cost the answer.
      const attempt = async (action: () => Promise<void>): Promise<void> => {
        try {
          await action();
        } catch (error) {
          onLost((error as NodeJS.ErrnoException).code ?? String(error));
          await file?.close().catch(() => {});
          file = undefined;
          await rm(beside, { force: true }).catch(() => {});
        }
      };
      await attempt(async () => {
        await mkdir(parent, { recursive: true, mode: 0o700 });
        file = await open(beside, 'wx', 0o600);
        await append(file, { kind: 'fetch', version: 1, begun: clock() });
      });
      let count = 0;
      let isDone = false;
      try {
        for await (const page of pages) {
          await attempt(async () => {
            if (file !== undefined)
              await append(
                file,
                { kind: 'page', rowsPath: page.rowsPath, index: count },
                withoutSecrets(page.bytes, page.rowsPath, secrets),
              );
          });
          count++;
          yield page;
        }
        isDone = true;
      } finally {
        await attempt(async () => {
          if (file === undefined) return;
          if (isDone) await append(file, { kind: 'end', pages: count });
          await file.close();
          file = undefined;
          if (isDone) await rename(beside, path);
          else await rm(beside, { force: true });
          hasAdded ||= isDone;
        });
      }
    },
    outdate: async (org) => {
      const parent = join(await folder(), org);
      await mkdir(parent, { recursive: true, mode: 0o700 });
      await writeFile(join(parent, 'written'), `${clock() + WRITE_LEASE_MS}\n`, { mode: 0o600 });
    },
    sweep: async () => {
      if (hasAdded) await sweep(await folder(), clock());
    },
  };
}

async function append(file: FileHandle, head: unknown, body?: Uint8Array): Promise<void> {
  await file.appendFile(Buffer.concat(frame(head, body)));
}

async function* stored(file: FileHandle, pages: readonly FrameAt[]): AsyncGenerator<Page, void, undefined> {
  try {
    for (const [index, { head, offset, byteLength }] of pages.entries()) {
      if (!isPageHead(head)) continue;
      yield {
        bytes: await readBytes(file, offset, byteLength),
        rowsPath: head.rowsPath,
        index,
        isLast: index === pages.length - 1,
        requestId: undefined,
      };
    }
  } finally {
    await file.close();
  }
}

function beginning(first: FrameAt | undefined): number | undefined {
  const head = first?.head;
  return isRecord(head) && head.kind === 'fetch' && head.version === 1 && typeof head.begun === 'number' ? head.begun : undefined;
}

/** When a session last wrote to the org; a stamp that cannot be read makes everything old. */
async function outdatedAt(parent: string): Promise<number> {
  try {
    const time = Number(await readFile(join(parent, 'written'), 'utf8'));
    return Number.isFinite(time) ? time : Number.POSITIVE_INFINITY;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 0 : Number.POSITIVE_INFINITY;
  }
}

async function sweep(root: string, now: number): Promise<void> {
  const files: { path: string; at: number; byteLength: number }[] = [];
  for (const org of await readdir(root).catch(() => [])) {
    for (const name of await readdir(join(root, org)).catch(() => [])) {
      if (name === 'written') continue;
      const path = join(root, org, name);
      const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: now, size: 0 }));
      files.push({ path, at: mtimeMs, byteLength: size });
    }
  }
  let total = 0;
  for (const { path, at, byteLength } of files.toSorted((left, right) => right.at - left.at)) {
    total += byteLength;
    if (total > MAX_BYTES || now - at > MAX_AGE_MS) await rm(path, { force: true });
  }
}
