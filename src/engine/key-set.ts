/**
 * A set of 64-bit hashes in one flat array: 16 bytes a key at its fullest, where a Set of bigints takes some hundred.
 * It may only raise suspicion: two keys can share a hash, so whoever asks compares the keys themselves.
 */
export interface KeySet {
  /** Adds a hash, given as its two halves; true where it was there before. */
  readonly addHash: (low: number, high: number) => boolean;
  readonly clear: () => void;
}

const START_SLOTS = 1024;

/** An empty set. */
export function createKeySet(): KeySet {
  let slots = new Uint32Array(START_SLOTS * 2);
  let count = 0;

  function place(low: number, high: number): boolean {
    const mask = slots.length / 2 - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const there = slots[slot * 2];
      const thereHigh = slots[slot * 2 + 1];
      if (there === low && thereHigh === high) return true;
      if (there === 0 && thereHigh === 0) {
        slots[slot * 2] = low;
        slots[slot * 2 + 1] = high;
        return false;
      }
    }
  }

  function grow(): void {
    const old = slots;
    slots = new Uint32Array(old.length * 2);
    for (let index = 0; index < old.length; index += 2) {
      const low = old[index] ?? 0;
      const high = old[index + 1] ?? 0;
      if (low !== 0 || high !== 0) place(low, high);
    }
  }

  return {
    addHash(low, high) {
      // A pair of zeros marks an empty slot.
      const isThere = low === 0 && high === 0 ? place(1, 0) : place(low, high);
      if (!isThere && ++count * 2 > slots.length / 2) grow();
      return isThere;
    },
    clear() {
      slots = new Uint32Array(START_SLOTS * 2);
      count = 0;
    },
  };
}
