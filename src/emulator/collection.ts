import { SortedIds } from './sorted-ids.ts';

/** Names a collection and the type of its records; `org.collection(key)` gives the collection itself. */
export interface CollectionKey<T extends { readonly id: string }> {
  readonly name: string;
  /** Never set: carries the record type. */
  readonly record?: T;
}

export function defineCollection<T extends { readonly id: string }>(name: string): CollectionKey<T> {
  return { name };
}

/** Records by id, in order of id (which is the order of creation for ids of the org). A record is replaced, never changed in place. */
export class Collection<T extends { readonly id: string }> {
  readonly #byId = new Map<string, T>();
  readonly #order = new SortedIds();
  readonly #texts = new WeakMap<T, string>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Adds the record, or replaces the one with its id. */
  put(record: T): T {
    this.#byId.set(record.id, record);
    this.#order.add(record.id);
    return record;
  }

  delete(id: string): boolean {
    if (!this.#byId.delete(id)) return false;
    this.#order.delete(id);
    return true;
  }

  clear(): void {
    for (const id of [...this.#order.all]) this.delete(id);
  }

  /** Ids in order. */
  get ids(): readonly string[] {
    return this.#order.all;
  }

  /** Index in `ids` of the first id greater than this one. */
  indexAfter(id: string): number {
    return this.#order.after(id);
  }

  *values(): IterableIterator<T> {
    for (const id of this.#order.all) {
      const record = this.#byId.get(id);
      if (record !== undefined) yield record;
    }
  }

  /** A fresh array of all records in order. */
  list(): T[] {
    return [...this.values()];
  }

  find(test: (record: T) => boolean): T | undefined {
    for (const record of this.values()) if (test(record)) return record;
    return undefined;
  }

  filter(test: (record: T) => boolean): T[] {
    const found: T[] = [];
    for (const record of this.values()) if (test(record)) found.push(record);
    return found;
  }

  /** The record's JSON text, rendered once for as long as the record stands. */
  text(record: T, render: (record: T) => string): string {
    let rendered = this.#texts.get(record);
    if (rendered === undefined) {
      rendered = render(record);
      this.#texts.set(record, rendered);
    }
    return rendered;
  }
}
