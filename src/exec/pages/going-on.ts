/**
 * How a resumable run goes on with a list whose cursor has expired. The list is asked for in the order of a column whose values never
 * change. So rows that are not yet there come after those that are, and a range over the column asks for them alone.
 */
import { isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import type { Relation } from '../../catalog/types.ts';
import type { HttpClient, MethodCall, Page, PageCursor } from '../../http/types.ts';
import { type AccessPath, encodedLength, LONGEST_FILTER } from '../../plan/access-path.ts';
import { grammarOf } from '../../plan/filter-grammar.ts';
import { sortParameters } from '../../plan/sorting.ts';

/** A list in the order of its unchanging column, and the key to that column's value in its rows. */
export interface LastingOrder {
  readonly path: AccessPath;
  readonly key: string;
}

/** The path in that order, where its method declares one and the statement asks for no other; look-ups by key are short, and need none. */
export function inLastingOrder(path: AccessPath, relation: Relation): LastingOrder | undefined {
  const { sort } = path.facts;
  const column = sort?.unchanging;
  if (sort === undefined || column === undefined || path.stand !== undefined || path.chunk !== undefined) return undefined;
  const isGiven = (parameter: string): boolean =>
    path.fixed[parameter] !== undefined || path.supplies.some((supplied) => supplied.parameter === parameter);
  const asked = sortParameters(sort, sort.attributes[column] ?? column, 'ascending');
  if (Object.keys(asked).some(isGiven)) return undefined;
  if (sort.requires !== undefined && path.fixed[sort.requires] === undefined) return undefined;
  return { path: { ...path, fixed: { ...path.fixed, ...asked } }, key: keyOf(relation, column) };
}

function keyOf({ columns }: Relation, column: string): string {
  return columns.find(({ name }) => name === column)?.wireName ?? column;
}

/** What takes the place of a cursor: pages before `index` stay, that one has the rows of `page` instead, and the list goes on at `next`. */
export interface Continuation {
  readonly index: number;
  readonly page: Page;
  readonly next: PageCursor;
  /** The column of the range. */
  readonly column: string;
}

/**
 * How the call goes on after these pages by a range, or `undefined` where it was not asked for in a lasting order, or its rows did not
 * come in it.
 */
export async function continuationOf(
  http: HttpClient,
  relation: Relation,
  call: MethodCall,
  pages: AsyncIterable<Page>,
): Promise<Continuation | undefined> {
  const { sort } = call.facts;
  const column = sort?.unchanging;
  if (sort === undefined || column === undefined) return undefined;
  const asked = sortParameters(sort, sort.attributes[column] ?? column, 'ascending');
  if (Object.entries(asked).some(([name, value]) => call.parameters[name] !== value)) return undefined;
  const key = keyOf(relation, column);
  let last = Number.NEGATIVE_INFINITY;
  /** The earliest of the last times that follow each other by a millisecond, and the page where it is first met. */
  let from = last;
  let cut: Page | undefined;
  for await (const page of pages) {
    for (const row of rowsOf(JSON.parse(Buffer.from(page.bytes).toString()), page.rowsPath)) {
      const time = timeOf(row, key);
      // In another order than was asked for, or without a time: what is missing cannot be told.
      if (time === undefined || time < last) return undefined;
      if (time > last + 1) {
        from = time;
        cut = page;
      }
      last = time;
    }
  }
  if (cut === undefined) return undefined;
  // No row that is there, and so none before it, has this time: whether the range takes it in or not is all the same.
  const after = callAfter(call, column, from - 1);
  if (after === undefined) return undefined;
  const kept = keepRows(cut, (row) => (timeOf(row, key) ?? from) < from);
  if (cut.index === 0 && kept.count === 0) return undefined;
  const { pathname, search } = new URL(http.describe(after).url);
  return { index: cut.index, page: { ...cut, bytes: kept.bytes }, next: { pathAndQuery: `${pathname}${search}` }, column };
}

/** The call for rows of which the column is later; at that very time none is taken to be. */
function callAfter(call: MethodCall, column: string, afterMs: number): MethodCall | undefined {
  const time = new Date(afterMs).toISOString();
  for (const fact of call.facts.filters ?? []) {
    const attribute = fact.attributes[column];
    const operator = (['gt', 'ge'] as const).find((one) => attribute?.operators.includes(one));
    if (attribute === undefined || operator === undefined) continue;
    const given = call.parameters[fact.parameter];
    if (fact.grammar === 'value') return { ...call, parameters: { ...call.parameters, [fact.parameter]: time } };
    // One that is not sent might not go with those that are.
    if (typeof given !== 'string' || fact.connectives?.includes('and') === false) continue;
    const grammar = grammarOf(fact);
    const term = grammar.compare(attribute.as ?? grammar.attribute([column]), operator, grammar.time(time));
    const text = given === fact.everything ? term : `(${given}) and ${term}`;
    if (encodedLength(text) <= (fact.maxLength ?? LONGEST_FILTER))
      return { ...call, parameters: { ...call.parameters, [fact.parameter]: text } };
  }
  return undefined;
}

function timeOf(row: unknown, key: string): number | undefined {
  const value = typeof row === 'object' && row !== null ? (row as Readonly<Record<string, unknown>>)[key] : undefined;
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function rowsOf(body: unknown, rowsPath: readonly string[]): readonly unknown[] {
  let rows = body;
  for (const part of rowsPath) rows = (rows as Readonly<Record<string, unknown>> | null | undefined)?.[part];
  return Array.isArray(rows) ? rows : rows === undefined || rows === null ? [] : [rows];
}

/** The page's body with these rows alone, every value as it was. */
function keepRows({ bytes, rowsPath }: Page, keep: (row: unknown) => boolean): { readonly bytes: Uint8Array; readonly count: number } {
  const body = parse(Buffer.from(bytes).toString(), undefined, (number) =>
    isSafeNumber(number) && String(Number(number)) === number ? Number(number) : new LosslessNumber(number),
  );
  const rows = rowsOf(body, rowsPath).filter(keep);
  const whole = [...rowsPath].reverse().reduce<unknown>((inner, part) => ({ [part]: inner }), rows);
  return { bytes: Buffer.from(stringify(whole) ?? '[]'), count: rows.length };
}
