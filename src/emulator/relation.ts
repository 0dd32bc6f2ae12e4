import { SortedIds } from './sorted-ids.ts';

const NONE: readonly string[] = [];

/** Pairs of ids, found from either side in order (members of a group, groups of a user). */
export class Relation {
  readonly #rights = new Map<string, SortedIds>();
  readonly #lefts = new Map<string, SortedIds>();

  /** Whether the pair was new. */
  add(left: string, right: string): boolean {
    if (!into(this.#rights, left).add(right)) return false;
    into(this.#lefts, right).add(left);
    return true;
  }

  /** Whether the pair was there. */
  delete(left: string, right: string): boolean {
    if (this.#rights.get(left)?.delete(right) !== true) return false;
    this.#lefts.get(right)?.delete(left);
    return true;
  }

  has(left: string, right: string): boolean {
    return this.#rights.get(left)?.has(right) ?? false;
  }

  rightsOf(left: string): readonly string[] {
    return this.#rights.get(left)?.all ?? NONE;
  }

  leftsOf(right: string): readonly string[] {
    return this.#lefts.get(right)?.all ?? NONE;
  }

  countRights(left: string): number {
    return this.#rights.get(left)?.size ?? 0;
  }

  /** Forgets all pairs of a left side; gives the right sides that were paired. */
  deleteLeft(left: string): readonly string[] {
    const rights = this.#rights.get(left)?.all ?? NONE;
    this.#rights.delete(left);
    for (const right of rights) this.#lefts.get(right)?.delete(left);
    return rights;
  }

  deleteRight(right: string): readonly string[] {
    const lefts = this.#lefts.get(right)?.all ?? NONE;
    this.#lefts.delete(right);
    for (const left of lefts) this.#rights.get(left)?.delete(right);
    return lefts;
  }
}

function into(map: Map<string, SortedIds>, key: string): SortedIds {
  let found = map.get(key);
  if (found === undefined) {
    found = new SortedIds();
    map.set(key, found);
  }
  return found;
}
