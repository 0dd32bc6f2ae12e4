import { SortedIds } from './sorted-ids.ts';

/** Names a collection and the type of its records; `org.collection(key)` gives the collection itself. */
export interface CollectionKey<T extends { readonly id: string }> {
  readonly name: string;
  /** What `by` finds records by. */
  readonly keyOf?: (record: T) => string;
  /** Never set: carries the record type. */
  readonly record?: T;
}

export function defineCollection<T extends { readonly id: string }>(name: string, keyOf?: (record: T) => string): CollectionKey<T> {
  return keyOf === undefined ? { name } : { name, keyOf };
}

/** Records by id, in order of id (which is the order of creation for ids of the org). A record is replaced, never changed in place. */
export class Collection<T extends { readonly id: string }> {
  readonly #byId = new Map<string, T>();
  readonly #order = new SortedIds();
  #texts = new WeakMap<T, string>();
  readonly #keyOf: ((record: T) => string) | undefined;
  readonly #byKey = new Map<string, SortedIds>();
  /** Grows with every change. */
  version = 0;

  /** @param keyOf what `by` finds records by: an owner's id, mostly */
  constructor(keyOf?: (record: T) => string) {
    this.#keyOf = keyOf;
  }

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
    this.#unindex(record.id);
    this.#byId.set(record.id, record);
    this.#order.add(record.id);
    if (this.#keyOf !== undefined) {
      const key = this.#keyOf(record);
      let ids = this.#byKey.get(key);
      if (ids === undefined) {
        ids = new SortedIds();
        this.#byKey.set(key, ids);
      }
      ids.add(record.id);
    }
    this.version++;
    return record;
  }

  delete(id: string): boolean {
    this.#unindex(id);
    if (!this.#byId.delete(id)) return false;
    this.#order.delete(id);
    this.version++;
    return true;
  }

  clear(): void {
    for (const id of [...this.#order.all]) this.delete(id);
  }

  /** Records of one key, in order of id. */
  by(key: string): T[] {
    return (this.#byKey.get(key)?.all ?? []).flatMap((id) => this.#byId.get(id) ?? []);
  }

  #unindex(id: string): void {
    const record = this.#byId.get(id);
    if (record !== undefined && this.#keyOf !== undefined) this.#byKey.get(this.#keyOf(record))?.delete(id);
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

  /** Drops all rendered text (the origin in its links has changed). */
  forgetTexts(): void {
    this.#texts = new WeakMap();
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
