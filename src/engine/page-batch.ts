import { JOINED_NULL, PAGE_SEPARATOR, type RowShape } from './stage-source.ts';
import type { StageCounts, StageLayout } from './types.ts';

/** A page that is to be staged. */
export interface StagedPage {
  readonly bytes: Uint8Array;
  readonly rowsPath: readonly string[];
  readonly layout: StageLayout | undefined;
  /** The texts of the columns that have no path, in their order. */
  readonly texts: readonly (string | null)[];
}

/** What pages must have in common so that one statement can take them together. */
export interface PageForm {
  readonly rowsPath: readonly string[];
  readonly shape: RowShape;
  readonly layout: StageLayout | undefined;
}

/** Is told what became of pages, each by the number that it was given. What pages brought together is told with the first of them. */
export interface PageTaker {
  readonly staged: (counts: StageCounts, tag: number, byteLength: number) => void;
  readonly failed: (error: unknown, tag: number, byteLength: number) => void;
}

/**
 * Pages of one form that wait to be staged, copied into one text as they come: thousands of small ones, each an object with its buffers,
 * would cost more to keep than to stage. A page by itself stays as it is.
 */
export interface PageBatch {
  /** `undefined`: a page that must be looked at by itself. */
  readonly form: PageForm | undefined;
  readonly rowsPath: readonly string[];
  readonly layout: StageLayout | undefined;
  bytes: Uint8Array;
  /** Where each page ends in `bytes`; a separator follows. */
  readonly ends: number[];
  /** For each column that has no path, the texts of all pages. */
  readonly texts: readonly (string | null)[][];
  readonly takers: PageTaker[];
  readonly tags: number[];
}

const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const SEPARATOR = PAGE_SEPARATOR.charCodeAt(0);
const SMALLEST_BUFFER = 64 * 1024;

/** A batch of one page. */
export function startBatch(page: StagedPage, taker: PageTaker, tag: number): PageBatch {
  const { bytes, rowsPath, layout, texts } = page;
  return {
    form: formOf(page),
    rowsPath,
    layout,
    bytes,
    ends: [bytes.byteLength],
    texts: texts.map((text) => [text]),
    takers: [taker],
    tags: [tag],
  };
}

/** Adds a page of the same form; false where it cannot be joined with the others, or would make more than `mostBytes` of them. */
export function addToBatch(batch: PageBatch, page: StagedPage, taker: PageTaker, tag: number, mostBytes: number): boolean {
  const { form, ends } = batch;
  const own = formOf(page);
  const start = (ends.at(-1) ?? 0) + 1;
  const end = start + page.bytes.byteLength;
  if (form === undefined || own === undefined || end > mostBytes || !isSameForm(form, own)) return false;
  if (end > batch.bytes.byteLength || ends.length === 1) {
    const larger = Buffer.allocUnsafe(Math.max(SMALLEST_BUFFER, 4 * end));
    larger.set(batch.bytes.subarray(0, start - 1));
    batch.bytes = larger;
  }
  batch.bytes[start - 1] = SEPARATOR;
  batch.bytes.set(page.bytes, start);
  ends.push(end);
  for (const [index, texts] of batch.texts.entries()) texts.push(page.texts[index] ?? null);
  batch.takers.push(taker);
  batch.tags.push(tag);
  return true;
}

/** Pages as one text, and the joined texts of each column. The engine takes both apart before it reads any, so a page that is no JSON stays one. */
export interface JoinedPages {
  readonly bytes: Uint8Array;
  readonly texts: readonly string[];
}

/** The pages from one to before another. */
export function joinedPages({ bytes, ends, texts }: PageBatch, from: number, to: number): JoinedPages {
  return {
    bytes: bytes.subarray(startOf(ends, from), ends[to - 1]),
    texts: texts.map((column) =>
      column
        .slice(from, to)
        .map((text) => text ?? JOINED_NULL)
        .join(PAGE_SEPARATOR),
    ),
  };
}

/** One of the pages as it came. */
export function pageAt({ bytes, rowsPath, layout, ends, texts }: PageBatch, index: number): StagedPage {
  return {
    bytes: bytes.subarray(startOf(ends, index), ends[index]),
    rowsPath,
    layout,
    texts: texts.map((column) => column[index] ?? null),
  };
}

/** Its bytes. */
export function lengthAt({ ends }: PageBatch, index: number): number {
  return (ends[index] ?? 0) - startOf(ends, index);
}

function startOf(ends: readonly number[], index: number): number {
  return index === 0 ? 0 : (ends[index - 1] ?? 0) + 1;
}

/** The form of a page by its first byte. `undefined` where it must be looked at by itself, or has what stands between pages. */
function formOf({ bytes, rowsPath, layout, texts }: StagedPage): PageForm | undefined {
  const first = bytes[0];
  const isArray = first === OPEN_BRACKET && rowsPath.length === 0;
  if (!isArray && first !== OPEN_BRACE) return undefined;
  if (bytes.includes(SEPARATOR) || texts.some((text) => text !== null && (text === JOINED_NULL || text.includes(PAGE_SEPARATOR))))
    return undefined;
  return { rowsPath, shape: isArray || rowsPath.length > 0 ? 'array' : 'object', layout };
}

function isSameForm(one: PageForm, other: PageForm): boolean {
  if (one.shape !== other.shape || one.layout !== other.layout) return false;
  if (one.rowsPath === other.rowsPath) return true;
  return one.rowsPath.length === other.rowsPath.length && one.rowsPath.every((key, index) => key === other.rowsPath[index]);
}
