import type { Queue } from './queue.ts';
import type { SqlValue, StageCounts } from './types.ts';

/** A page that waits to be staged. */
export interface WaitingPage {
  readonly bytes: Uint8Array;
  readonly rowsPath: readonly string[];
  readonly constants: Readonly<Record<string, SqlValue>>;
}

interface Waiting extends WaitingPage {
  readonly resolve: (counts: StageCounts) => void;
  readonly reject: (error: unknown) => void;
}

/** A statement costs half a millisecond, whatever it inserts: so many pages share one at most. */
const MOST_PAGES = 64;
/** The engine takes several times this much while it parses them. */
const MOST_BYTES = 2 * 2 ** 20;

/**
 * Stages pages in the order in which they came: one alone by `single`; those that came while the engine was busy by `together`, which gives
 * `undefined`, and has staged nothing, where they must go one by one.
 */
export function createAppendQueue(
  queue: Queue,
  single: (page: WaitingPage) => Promise<StageCounts>,
  together: (pages: readonly WaitingPage[]) => Promise<StageCounts | undefined>,
): (page: WaitingPage) => Promise<StageCounts> {
  const waiting: Waiting[] = [];

  function takeBatch(): Waiting[] {
    let count = 0;
    let byteLength = 0;
    for (const { bytes } of waiting) {
      byteLength += bytes.byteLength;
      if (count > 0 && (count === MOST_PAGES || byteLength > MOST_BYTES)) break;
      count++;
    }
    return waiting.splice(0, count);
  }

  async function stage(batch: readonly Waiting[]): Promise<void> {
    if (batch.length > 1) {
      const counts = await together(batch);
      if (counts !== undefined) {
        // What they brought together is told with the first.
        for (const [index, { resolve }] of batch.entries()) resolve(index === 0 ? counts : { rows: 0, duplicates: 0, retyped: [] });
        return;
      }
    }
    for (const page of batch) await single(page).then(page.resolve, page.reject);
  }

  return (page) =>
    new Promise((resolve, reject) => {
      const own: Waiting = { ...page, resolve, reject };
      waiting.push(own);
      // Every page has its turn in the queue, so that other statements have theirs; those whose page went with another's find nothing to do.
      queue.run(async () => (waiting.includes(own) ? stage(takeBatch()) : undefined)).catch(reject);
    });
}
