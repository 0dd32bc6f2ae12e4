import type { PageTaker, StagedPage } from './page-batch.ts';
import type { PageQueue } from './page-queue.ts';
import type { Feed, FeedListener, SqlValue, StageLayout } from './types.ts';

/** Pages or bytes from which on what was gathered is handed over. */
const GATHERED_PAGES = 512;
const GATHERED_BYTES = 768 * 1024;
/** Given and not yet staged: the reader's pages ahead of the engine. */
const MOST_BYTES = 2 * 2 ** 20;

/** Pours pages into the queue of a staging table. `textsOf` gives the texts of the columns that have no path. */
export function createFeed(
  pages: PageQueue,
  layout: StageLayout | undefined,
  textsOf: (constants: Readonly<Record<string, SqlValue>>) => StagedPage['texts'],
  listener: FeedListener,
): Feed {
  let gathered = 0;
  let gatheredBytes = 0;
  let underWay = 0;
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;
  let change: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  const changed = (): Promise<void> => {
    if (change === undefined) {
      let resolve = (): void => {};
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      change = { promise, resolve };
    }
    return change.promise;
  };
  const done = (byteLength: number, tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      failure ??= { error };
    }
    bytes -= byteLength;
    underWay--;
    change?.resolve();
    change = undefined;
  };
  const taker: PageTaker = {
    staged: (counts, _tag, byteLength) => done(byteLength, () => listener.staged(counts)),
    failed: (error, tag, byteLength) => done(byteLength, () => listener.failed(error, tag)),
  };
  const handOver = (): void => {
    gathered = 0;
    gatheredBytes = 0;
    pages.takeTurn();
  };
  const hasRoom = async (): Promise<void> => {
    while (bytes > MOST_BYTES && failure === undefined) await changed();
  };
  return {
    add: (page, rowsPath, constants, tag) => {
      pages.add({ bytes: page, rowsPath, layout, texts: textsOf(constants) }, taker, tag);
      gathered++;
      gatheredBytes += page.byteLength;
      bytes += page.byteLength;
      underWay++;
      if (gathered >= GATHERED_PAGES || gatheredBytes >= GATHERED_BYTES) handOver();
    },
    room: () => (bytes > MOST_BYTES ? hasRoom() : undefined),
    hasFailed: () => failure !== undefined,
    settle: async () => {
      handOver();
      while (underWay > 0 && failure === undefined) await changed();
      if (failure !== undefined) throw failure.error;
    },
  };
}
