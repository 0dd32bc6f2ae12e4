import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '../../http/types.ts';
import { both, type Wanted } from '../../plan/projection.ts';
import { readBytes } from './frames.ts';
import type { CallIdentity, PageShare } from './types.ts';

/** Bytes of shared pages that stay in memory; what goes beyond lies in a private temporary file. */
const MEMORY_BYTES = 32 << 20;

interface Kept {
  readonly rowsPath: readonly string[];
  readonly requestId: string | undefined;
  readonly bytes: Uint8Array | { readonly offset: number; readonly byteLength: number };
}

/** Pages kept while a script runs, each whole call once. Nothing of a relation is kept that is not expected to be read again. */
export function createPageShare(memoryBytes = MEMORY_BYTES): PageShare {
  const calls = new Map<string, readonly Kept[]>();
  const held = new Set<string>();
  const expected = new Map<string, Wanted>();
  let later = '';
  const spill = createSpill();
  let inMemory = 0;
  const keep = async (page: Page): Promise<Kept> => {
    const { rowsPath, requestId, bytes } = page;
    if (inMemory + bytes.byteLength > memoryBytes) return { rowsPath, requestId, bytes: await spill.add(bytes) };
    inMemory += bytes.byteLength;
    return { rowsPath, requestId, bytes };
  };
  // A relation of children names its parent's service at most.
  const isNamedLater = (relation: string): boolean => {
    const [, service = '', resource = ''] = relation.toLowerCase().split('.');
    return later !== '' && (later.includes(resource) || later.includes(service));
  };
  return {
    expect: (relation, wanted) => expected.set(relation, both(expected.get(relation) ?? [], wanted)),
    expectIn: (text) => {
      later = text.toLowerCase();
    },
    isExpected: (relation) => expected.has(relation) || isNamedLater(relation),
    // Nobody knows yet what a later statement wants.
    wanted: (relation) => (isNamedLater(relation) ? 'whole' : (expected.get(relation) ?? [])),
    holds: (relation) => held.has(relation),
    find: (identity) => {
      const kept = calls.get(keyOf(identity));
      if (kept === undefined) return undefined;
      return (async function* () {
        for (const [index, { rowsPath, requestId, bytes }] of kept.entries()) {
          yield {
            rowsPath,
            requestId,
            index,
            isLast: index === kept.length - 1,
            bytes: bytes instanceof Uint8Array ? bytes : await spill.read(bytes),
          };
        }
      })();
    },
    fill: async function* (identity, relation, pages) {
      const kept: Kept[] = [];
      for await (const page of pages) {
        kept.push(await keep(page));
        yield page;
      }
      calls.set(keyOf(identity), kept);
      held.add(relation);
    },
    close: async () => {
      calls.clear();
      held.clear();
      await spill.close();
    },
  };
}

/** What was fetched before a write is another thing after it. */
function keyOf({ key, epoch }: CallIdentity): string {
  return `${epoch} ${key}`;
}

function createSpill(): {
  readonly add: (bytes: Uint8Array) => Promise<{ readonly offset: number; readonly byteLength: number }>;
  readonly read: (place: { readonly offset: number; readonly byteLength: number }) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
} {
  let opened: Promise<FileHandle> | undefined;
  let end = 0;
  const file = (): Promise<FileHandle> => {
    opened ??= (async () => {
      const folder = await mkdtemp(join(tmpdir(), 'orgql-pages-'));
      try {
        return await open(join(folder, 'pages'), 'wx+', 0o600);
      } finally {
        // Without a name it vanishes with the process, however that ends.
        await rm(folder, { recursive: true, force: true }).catch(() => {});
      }
    })();
    return opened;
  };
  return {
    add: async (bytes) => {
      const handle = await file();
      const offset = end;
      end += bytes.byteLength;
      let done = 0;
      while (done < bytes.byteLength) done += (await handle.write(bytes, done, bytes.byteLength - done, offset + done)).bytesWritten;
      return { offset, byteLength: bytes.byteLength };
    },
    read: async ({ offset, byteLength }) => readBytes(await file(), offset, byteLength),
    close: async () => {
      const handle = opened;
      opened = undefined;
      await (await handle)?.close();
    },
  };
}
