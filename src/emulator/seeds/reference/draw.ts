import type { Random } from '../../random.ts';

/** The items in an order of chance; the array itself is left as it is. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const item = out[i] as T;
    out[i] = out[j] as T;
    out[j] = item;
  }
  return out;
}

/** Each value as often as it says, in an order of chance. */
export function dealt<T>(random: Random, shares: readonly (readonly [value: T, count: number])[]): T[] {
  return shuffled(
    random,
    shares.flatMap(([value, count]) => Array.from({ length: count }, () => value)),
  );
}

/** Adds items of `pool` drawn by chance, none of them twice, until the set has `size`. The pool must be well larger. */
export function fill<T>(
  random: Random,
  into: Set<T>,
  pool: readonly T[],
  size: number,
  isAllowed: (item: T) => boolean = () => true,
): Set<T> {
  for (let tries = 0; into.size < size; tries++) {
    if (tries > 200 * pool.length) throw new RangeError(`Only ${into.size} of ${size} items could be drawn`);
    const item = random.pick(pool);
    if (isAllowed(item)) into.add(item);
  }
  return into;
}
