import { eastAsianWidth } from 'get-east-asian-width';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const INVISIBLE = /^(?:\p{Default_Ignorable_Code_Point}|\p{Control}|\p{Format}|\p{Mark}|\p{Surrogate})+$/u;
const EMOJI = /^\p{Regional_Indicator}{2}|^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f/u;

// Made when a text beyond ASCII is first measured: it costs 10 ms, and the package string-width, which would do all this, another 20 at every start.
let segmenter: Intl.Segmenter | undefined;

function segmentsOf(text: string): Iterable<{ readonly segment: string }> {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

/** Columns that a text takes on a terminal: wide characters and emoji two, combining marks none. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmentsOf(text)) width += segmentWidth(segment);
  return width;
}

/** Width of one grapheme: that of its first visible character. */
function segmentWidth(segment: string): number {
  if (INVISIBLE.test(segment)) return 0;
  if (EMOJI.test(segment)) return 2;
  const base = segment.replace(/^(?:\p{Default_Ignorable_Code_Point}|\p{Control}|\p{Format}|\p{Mark})+/u, '');
  return eastAsianWidth(base.codePointAt(0) ?? 0x20);
}

/** The text cut to at most `width` columns, with `…` where something was cut off. */
export function truncateToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 1) return '…'.slice(0, width);
  if (PRINTABLE_ASCII.test(text)) return `${text.slice(0, width - 1)}…`;
  let taken = '';
  let used = 0;
  for (const { segment } of segmentsOf(text)) {
    const next = segmentWidth(segment);
    if (used + next > width - 1) break;
    taken += segment;
    used += next;
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
