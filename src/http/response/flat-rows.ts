import type { Shape } from '../../catalog/types.ts';
import { isRecord } from '../paging/body-path.ts';
import { parseExact, stringifyExact } from '../transform/exact-json.ts';

/** What StackQL calls the one column of rows that are bare values. */
const ANONYMOUS_COLUMN = 'column_anon';

/**
 * The rows of a body as one array of objects, where they are not that already: a path that leads through arrays
 * (`$.groups[*].value[*]`) gives the rows of all of them, and bare values become rows of one column. `undefined` where nothing is to be done.
 */
export function flatRows(text: () => string, body: unknown, rowsPath: readonly string[], row: Shape | undefined): Uint8Array | undefined {
  const areBare = row !== undefined && row.apiType !== 'object' && row.apiType !== 'array' && row.properties().size === 0;
  if (!areBare && !crossesArray(body, rowsPath)) return undefined;
  let rows: readonly unknown[] = [parseExact(text())];
  for (const key of rowsPath) {
    rows = rows.flat().flatMap((item) => (isRecord(item) && Object.hasOwn(item, key) ? [item[key]] : []));
  }
  const flat = rows.flat().filter((item) => item !== null && item !== undefined);
  const named = flat.map((item) => (areBare && (typeof item !== 'object' || !isRecordOrList(item)) ? { [ANONYMOUS_COLUMN]: item } : item));
  return Buffer.from(stringifyExact(named));
}

/** True where an array stands on the way to the rows. */
function crossesArray(body: unknown, rowsPath: readonly string[]): boolean {
  let current = body;
  for (const key of rowsPath) {
    if (Array.isArray(current)) return true;
    current = isRecord(current) ? current[key] : undefined;
  }
  return false;
}

// An exact number is an object too, but no row.
function isRecordOrList(item: object | null): boolean {
  return Array.isArray(item) || Object.getPrototypeOf(item) === Object.prototype;
}
