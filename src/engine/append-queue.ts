import { toOrgqlError } from './engine-errors.ts';
import { formOf, isSameForm, type PageForm, type WaitingPage } from './page-joining.ts';
import type { Queue } from './queue.ts';
import type { StageCounts } from './types.ts';

interface Waiting extends WaitingPage {
  readonly form: PageForm | undefined;
  readonly resolve: (counts: StageCounts) => void;
  readonly reject: (error: unknown) => void;
}

/** A statement costs half a millisecond, whatever it inserts: so many pages share one at most. */
const MOST_PAGES = 1024;
/** The engine takes several times this much while it parses them. */
const MOST_BYTES = 2 * 2 ** 20;
const NOTHING_MORE: StageCounts = { rows: 0, duplicates: 0, retyped: [] };

/**
 * Stages pages in the order in which they came: one alone by `single`; those that came while the engine was busy by `together`, which gives
 * `undefined`, and has staged nothing, where they must go by fewer.
 */
export function createAppendQueue(
  queue: Queue,
  single: (page: WaitingPage) => Promise<StageCounts>,
  together: (pages: readonly WaitingPage[], form: PageForm) => Promise<StageCounts | undefined>,
): (page: WaitingPage) => Promise<StageCounts> {
  let waiting: Waiting[] = [];
  let hasTurn = false;

  function takeBatch(): Waiting[] {
    const form = waiting[0]?.form;
    let count = 0;
    let byteLength = 0;
    for (const { bytes, form: other } of waiting) {
      byteLength += bytes.byteLength;
      if (count > 0 && (count === MOST_PAGES || byteLength > MOST_BYTES || !canJoin(form, other))) break;
      count++;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  }

  async function stage(batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    if (batch.length === 1) return single(first).then(first.resolve, (error: unknown) => first.reject(toOrgqlError(error)));
    const counts = first.form === undefined ? undefined : await together(batch, first.form);
    if (counts === undefined) {
      const middle = batch.length >> 1;
      await stage(batch.slice(0, middle));
      return stage(batch.slice(middle));
    }
    // What they brought together is told with the first.
    for (const { resolve } of batch) resolve(resolve === first.resolve ? counts : NOTHING_MORE);
  }

  /** One turn in the queue for each batch, so that other statements have theirs between. */
  function takeTurn(): void {
    if (hasTurn || waiting.length === 0) return;
    hasTurn = true;
    const turn = queue.run(async () => {
      const batch = takeBatch();
      hasTurn = false;
      takeTurn();
      await stage(batch);
    });
    turn.catch((error: unknown) => {
      hasTurn = false;
      const rejected = waiting;
      waiting = [];
      for (const { reject } of rejected) reject(toOrgqlError(error));
    });
  }

  return (page) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...page, form: formOf(page), resolve, reject });
      takeTurn();
    });
}

function canJoin(form: PageForm | undefined, other: PageForm | undefined): boolean {
  return form !== undefined && other !== undefined && isSameForm(form, other);
}
