import type { LogEvent } from './model.ts';

/** The system log, in order of publication. Events of equal time keep the order in which they were written. */
export class LogStore {
  readonly #events: LogEvent[] = [];
  #isSorted = true;
  readonly #persisted: LogEvent[] = [];

  get size(): number {
    return this.#events.length;
  }

  append(event: LogEvent): void {
    this.#persisted.push(event);
    const last = this.#events[this.#events.length - 1];
    if (last !== undefined && last.published > event.published) this.#isSorted = false;
    this.#events.push(event);
  }

  /** By publication time. */
  get events(): readonly LogEvent[] {
    if (!this.#isSorted) {
      // Stable, so events of one time stay as they were written. Seeds write in any order; sorting once is cheaper than 200 000 insertions.
      this.#events.sort((a, b) => a.published - b.published);
      this.#isSorted = true;
    }
    return this.#events;
  }

  /** In the order in which they were written, which is what polling follows. */
  get persisted(): readonly LogEvent[] {
    return this.#persisted;
  }

  /** Index of the first event published at `timeMs` or later. */
  indexFrom(timeMs: number): number {
    const { events } = this;
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((events[middle] as LogEvent).published < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
