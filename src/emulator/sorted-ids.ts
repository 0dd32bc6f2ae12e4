/** A set of ids in ascending order: 8 bytes a member, cheap to page from any id. Ids are mostly added in order. */
export class SortedIds {
  readonly #ids: string[] = [];

  get size(): number {
    return this.#ids.length;
  }

  /** The ids themselves, ascending; not to be changed. */
  get all(): readonly string[] {
    return this.#ids;
  }

  /** Index of the first id that is greater than `id` (or not less, where `inclusive`). */
  after(id: string, options: { readonly inclusive?: boolean } = {}): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#ids[middle] as string;
      if (found < id || (found === id && options.inclusive !== true)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  has(id: string): boolean {
    return this.#ids[this.after(id, { inclusive: true })] === id;
  }

  /** Whether the id was new. */
  add(id: string): boolean {
    const last = this.#ids[this.#ids.length - 1];
    if (last === undefined || last < id) {
      this.#ids.push(id);
      return true;
    }
    const at = this.after(id, { inclusive: true });
    if (this.#ids[at] === id) return false;
    this.#ids.splice(at, 0, id);
    return true;
  }

  /** Whether the id was there. */
  delete(id: string): boolean {
    const at = this.after(id, { inclusive: true });
    if (this.#ids[at] !== id) return false;
    this.#ids.splice(at, 1);
    return true;
  }
}
