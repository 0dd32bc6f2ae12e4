/**
 * Pages on their way into the engine. Small ones are gathered, so that a statement of the engine takes many, and a reader goes on meanwhile;
 * it waits only while too much lies here.
 */
export interface Backlog {
  /** Takes a page; `stage` is called when its turn comes, in order. */
  readonly add: (byteLength: number, stage: () => Promise<void>) => void;
  /** A promise to wait for before the next page is read, or `undefined` where there is room. */
  readonly room: () => Promise<void> | undefined;
  /** A page could not be staged: no further one need be read. */
  readonly hasFailed: () => boolean;
  /** All that was added is staged. Throws the first failure. */
  readonly settle: () => Promise<void>;
}

/** Pages or bytes from which on what was gathered is handed over. */
const GATHERED_PAGES = 256;
const GATHERED_BYTES = 256 * 1024;
/** Handed over and not yet staged: the reader's pages ahead of the engine. */
const MOST_BYTES = 2 * 2 ** 20;

export function createBacklog(): Backlog {
  let gathered: { readonly byteLength: number; readonly stage: () => Promise<void> }[] = [];
  let gatheredBytes = 0;
  let bytes = 0;
  let pages = 0;
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
  const done = (byteLength: number): void => {
    bytes -= byteLength;
    pages--;
    change?.resolve();
    change = undefined;
  };
  const handOver = (): void => {
    const batch = gathered;
    gathered = [];
    gatheredBytes = 0;
    for (const { byteLength, stage } of batch) {
      stage().then(
        () => done(byteLength),
        (error: unknown) => {
          failure ??= { error };
          done(byteLength);
        },
      );
    }
  };
  const hasRoom = async (): Promise<void> => {
    while (bytes > MOST_BYTES && failure === undefined) await changed();
  };
  return {
    add: (byteLength, stage) => {
      gathered.push({ byteLength, stage });
      gatheredBytes += byteLength;
      bytes += byteLength;
      pages++;
      if (gathered.length >= GATHERED_PAGES || gatheredBytes >= GATHERED_BYTES) handOver();
    },
    hasFailed: () => failure !== undefined,
    room: () => (bytes > MOST_BYTES ? hasRoom() : undefined),
    settle: async () => {
      handOver();
      while (pages > 0 && failure === undefined) await changed();
      if (failure !== undefined) throw failure.error;
    },
  };
}
