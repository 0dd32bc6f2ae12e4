import { ALPHANUMERIC, type Random } from './random.ts';

/** Makes the org's ids. */
export interface Ids {
  /** A new id: `prefix`, then characters that ascend from id to id, 20 in all (or `length`). */
  next(prefix: string, length?: number): string;
  /** Text of the id alphabet that means nothing (secrets, tokens, handles). */
  opaque(length: number): string;
}

/**
 * Ids ascend in ASCII order, so that stores can keep themselves in order of creation by comparing ids, and end in the org's own three
 * characters, as Okta's do.
 */
export function createIds(random: Random): Ids {
  const cell = `${random.text(1, '123456789')}${random.text(1, 'dx')}${random.text(1, '67')}`;
  const era = random.text(2, 'abcdefghjkmnpqrs');
  let counter = 1_000_000_000 + random.below(1_000_000_000);
  const digits = (value: number, width: number): string => {
    let out = '';
    let rest = value;
    for (let i = 0; i < width; i++) {
      out = ALPHANUMERIC.charAt(rest % 62) + out;
      rest = Math.floor(rest / 62);
    }
    return out;
  };
  return {
    next(prefix, length = 20) {
      counter += 1 + random.below(9000);
      const tail = `${era}${digits(counter, 9)}`;
      const filler = length - prefix.length - tail.length - cell.length;
      return `${prefix}${tail}${filler > 0 ? random.text(filler) : ''}${cell}`;
    },
    opaque(length) {
      return random.text(length);
    },
  };
}
