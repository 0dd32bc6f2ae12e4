import stringWidth from 'string-width';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Columns that a text takes on a terminal: wide characters two, combining marks none. */
export function displayWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text);
}

/** The text cut to at most `width` columns, with `…` where something was cut off. */
export function truncateToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 1) return '…'.slice(0, width);
  if (PRINTABLE_ASCII.test(text)) return `${text.slice(0, width - 1)}…`;
  let taken = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const segmentWidth = stringWidth(segment);
    if (used + segmentWidth > width - 1) break;
    taken += segment;
    used += segmentWidth;
  }
  return `${taken}…`;
}

/** The text filled up with spaces to `width` columns. */
export function padToWidth(text: string, width: number, align: 'left' | 'right'): string {
  const missing = width - displayWidth(text);
  if (missing <= 0) return text;
  return align === 'left' ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

/**
 * Column widths that fit into `available`: a column that needs no more than its fair share keeps what it needs, the others share the rest evenly.
 * No column gets less than `least`, so that many columns may still overflow.
 */
export function fitWidths(wanted: readonly number[], available: number, least: number): number[] {
  const widths = [...wanted];
  const open = new Set(wanted.keys());
  let rest = available;
  for (;;) {
    const share = Math.floor(rest / Math.max(open.size, 1));
    const small = [...open].filter((index) => (wanted[index] ?? 0) <= share);
    if (small.length === 0) {
      // What the even share leaves over goes to the first ones, one column each.
      let left = rest - share * open.size;
      for (const index of open) {
        widths[index] = Math.max(least, share + (left > 0 ? 1 : 0));
        left--;
      }
      return widths;
    }
    for (const index of small) {
      rest -= wanted[index] ?? 0;
      open.delete(index);
    }
    if (open.size === 0) return widths;
  }
}
