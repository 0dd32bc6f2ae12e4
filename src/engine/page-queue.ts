import { toOrgqlError } from './engine-errors.ts';
import {
  addToBatch,
  type JoinedPages,
  joinedPages,
  lengthAt,
  type PageBatch,
  type PageForm,
  type PageTaker,
  pageAt,
  type StagedPage,
  startBatch,
} from './page-batch.ts';
import type { Queue } from './queue.ts';
import type { StageCounts } from './types.ts';

/** A statement costs half a millisecond, whatever it inserts: so many pages share one at most. */
const MOST_PAGES = 1024;
/** The engine takes several times this much while it parses them. */
const MOST_BYTES = 2 * 2 ** 20;
const NOTHING_MORE: StageCounts = { rows: 0, duplicates: 0, retyped: [] };

/** Stages pages in the order in which they came, those that wait together by one statement. */
export interface PageQueue {
  /** Takes a page, which waits until a turn is asked for. */
  readonly add: (page: StagedPage, taker: PageTaker, tag: number) => void;
  /** Asks for a turn for what waits; pages that come before it begins may go along. */
  readonly takeTurn: () => void;
}

export interface PageStatements {
  readonly single: (page: StagedPage) => Promise<StageCounts>;
  /** `undefined`, and nothing is staged, where they must go by fewer. */
  readonly together: (pages: JoinedPages, form: PageForm) => Promise<StageCounts | undefined>;
}

export function createPageQueue(queue: Queue, { single, together }: PageStatements): PageQueue {
  let waiting: PageBatch[] = [];
  let hasTurn = false;

  async function stage(batch: PageBatch, from: number, to: number): Promise<void> {
    if (to - from === 1) {
      try {
        tellStaged(batch, from, await single(pageAt(batch, from)));
      } catch (error) {
        tellFailed(batch, from, error);
      }
      return;
    }
    let counts: StageCounts | undefined;
    try {
      counts = batch.form === undefined ? undefined : await together(joinedPages(batch, from, to), batch.form);
    } catch (error) {
      // Whoever gave a page waits until it is told what became of it.
      for (let index = from; index < to; index++) tellFailed(batch, index, error);
      return;
    }
    if (counts === undefined) {
      // Among fewer of them, the page at fault is found, and the others are staged.
      const middle = (from + to) >> 1;
      await stage(batch, from, middle);
      return stage(batch, middle, to);
    }
    tellStaged(batch, from, counts);
    for (let index = from + 1; index < to; index++) tellStaged(batch, index, NOTHING_MORE);
  }

  /** One turn in the queue for each batch, so that other statements have theirs between. */
  function takeTurn(): void {
    if (hasTurn || waiting.length === 0) return;
    hasTurn = true;
    const turn = queue.run(async () => {
      const batch = waiting.shift();
      hasTurn = false;
      takeTurn();
      if (batch !== undefined) await stage(batch, 0, batch.ends.length);
    });
    turn.catch((error: unknown) => {
      hasTurn = false;
      const rejected = waiting;
      waiting = [];
      for (const batch of rejected) for (const index of batch.ends.keys()) tellFailed(batch, index, error);
    });
  }

  return {
    add: (page, taker, tag) => {
      const last = waiting.at(-1);
      if (last === undefined || last.ends.length === MOST_PAGES || !addToBatch(last, page, taker, tag, MOST_BYTES))
        waiting.push(startBatch(page, taker, tag));
    },
    takeTurn,
  };
}

function tellStaged(batch: PageBatch, index: number, counts: StageCounts): void {
  batch.takers[index]?.staged(counts, batch.tags[index] ?? 0, lengthAt(batch, index));
}

function tellFailed(batch: PageBatch, index: number, error: unknown): void {
  batch.takers[index]?.failed(toOrgqlError(error), batch.tags[index] ?? 0, lengthAt(batch, index));
}
