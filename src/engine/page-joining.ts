import { jsonText } from './bind.ts';
import { JOINED_NULL, PAGE_SEPARATOR, type RowShape } from './stage-source.ts';
import type { SqlValue, StageLayout } from './types.ts';

/** A page that waits to be staged. */
export interface WaitingPage {
  readonly bytes: Uint8Array;
  readonly rowsPath: readonly string[];
  readonly constants: Readonly<Record<string, SqlValue>>;
  readonly layout: StageLayout | undefined;
}

/** What pages must have in common so that one statement can take them together. */
export interface PageForm {
  readonly rowsPath: readonly string[];
  readonly shape: RowShape;
  readonly layout: StageLayout | undefined;
}

export interface JoinedPages {
  readonly bytes: Uint8Array;
  /** For each column that has no path, the texts of all pages. */
  readonly constants: readonly string[];
}

const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const SEPARATOR = Buffer.from(PAGE_SEPARATOR);

/** The form of a page by its first byte, or `undefined` where it must be looked at by itself. */
export function formOf({ bytes, layout, rowsPath }: WaitingPage): PageForm | undefined {
  const first = bytes[0];
  if (rowsPath.length > 0) return first === OPEN_BRACE ? { rowsPath, shape: 'array', layout } : undefined;
  return first === OPEN_BRACKET
    ? { rowsPath, shape: 'array', layout }
    : first === OPEN_BRACE
      ? { rowsPath, shape: 'object', layout }
      : undefined;
}

/** True where pages of the two forms can be joined. */
export function isSameForm(one: PageForm, other: PageForm): boolean {
  if (one.shape !== other.shape || one.layout !== other.layout) return false;
  if (one.rowsPath === other.rowsPath) return true;
  return one.rowsPath.length === other.rowsPath.length && one.rowsPath.every((key, index) => key === other.rowsPath[index]);
}

/**
 * Many pages as one text, and what comes with each. The engine takes them apart again before it reads any, so a page that is no JSON
 * stays one. `undefined` where a page or a text has one of the bytes that this needs.
 */
export function joinPages(pages: readonly WaitingPage[], constantNames: readonly string[]): JoinedPages | undefined {
  const parts: Uint8Array[] = [];
  for (const { bytes } of pages) {
    if (bytes.includes(SEPARATOR[0] as number)) return undefined;
    if (parts.length > 0) parts.push(SEPARATOR);
    parts.push(bytes);
  }
  const constants: string[] = [];
  for (const name of constantNames) {
    let joined = '';
    for (const [index, page] of pages.entries()) {
      const text = constantText(page.constants[name]);
      if (text !== null && (text === JOINED_NULL || text.includes(PAGE_SEPARATOR))) return undefined;
      joined += `${index === 0 ? '' : PAGE_SEPARATOR}${text ?? JOINED_NULL}`;
    }
    constants.push(joined);
  }
  return { bytes: Buffer.concat(parts), constants };
}

/** A constant as its column's text is made from. */
export function constantText(value: SqlValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : jsonText(value);
}
