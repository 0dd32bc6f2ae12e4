import type { Org } from './org.ts';

/**
 * What `search` sees of records that change: with an index delay, a record stands in the index as it was that long ago.
 * Without a delay it costs nothing.
 */
export class SearchIndex<T extends { readonly id: string }> {
  readonly #org: Org;
  /** Changes not indexed yet: what stood before, oldest first. */
  #pending: { readonly id: string; readonly at: number; readonly before: T | undefined }[] = [];

  constructor(org: Org) {
    this.#org = org;
  }

  /** Notes that a record changes now; `before` is absent for a new one. */
  note(id: string, before: T | undefined): void {
    if (this.#org.indexDelayMs > 0) this.#pending.push({ id, at: this.#org.clock.now(), before });
  }

  /** Records that the index still shows otherwise than they are: as they were, or `undefined` if it does not know them yet. */
  stale(): ReadonlyMap<string, T | undefined> {
    const stale = new Map<string, T | undefined>();
    if (this.#org.indexDelayMs <= 0) return stale;
    const horizon = this.#org.clock.now() - this.#org.indexDelayMs;
    this.#pending = this.#pending.filter((change) => change.at > horizon);
    for (const change of this.#pending) if (!stale.has(change.id)) stale.set(change.id, change.before);
    return stale;
  }

  /** Names the state of the index, for caches of results. */
  get generation(): number {
    return this.#pending.length;
  }
}
