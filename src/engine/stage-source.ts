/** SQL that takes a page apart: one `from_json` over the page's bytes for the columns that are needed, and an expression for each. */
import { quoteLiteral } from './quote.ts';
import { rawType } from './stage-fit.ts';
import type { StageColumn } from './types.ts';

/** Starts the error by which a statement says that a row has none of the columns: an empty object, or no object at all. */
export const EMPTY_ROW = 'orgql:empty-row';
/** Starts the error for a row that is no object. */
export const NOT_AN_OBJECT = 'orgql:not-an-object';

/** Rows in an array, or one row that is an object. */
export type RowShape = 'array' | 'object';

/** How many pages a statement takes: one, or as many as are joined by `PAGE_SEPARATOR`; and how many texts come with each. */
export interface StagePages {
  readonly count: 'one' | 'many';
  readonly constantCount: number;
}

/** Between joined pages, and between the texts that come with them: no JSON has this byte as it stands (RFC 7464 puts it before each text). */
export const PAGE_SEPARATOR = '\x1e';
/** Stands for NULL among the joined texts that come with pages. */
export const JOINED_NULL = '\x1f';
/** Starts the error of a statement for many pages where one has no array at its path: what there is instead must be looked at. */
const NO_ARRAY = 'orgql:no-array';

export interface StageSource {
  /** A FROM clause with its WHERE; parameters are the bytes followed by the texts, which it names as `constantName` says. */
  readonly from: string;
  /** One expression for each column with a path, in the raw type of its SQL type; `undefined` for a constant. */
  readonly values: readonly (string | undefined)[];
}

/** Keys to the types below them; the form that `from_json` takes as its schema. */
interface Structure {
  [key: string]: Structure | string;
}

/** True where one `from_json` structure can hold all paths: none leads through another's value, into itself, or differs from another only in case. */
export function canUseStructure(columns: readonly StageColumn[]): boolean {
  const paths = columns.flatMap((column) => (column.path === undefined ? [] : [column]));
  if (paths.length === 0) return false;
  const seen = new Map<string, string>();
  for (const { path = [], type } of paths) {
    if (path.length === 0) return false;
    for (let depth = 1; depth <= path.length; depth++) {
      const prefix = path.slice(0, depth);
      const exact = `${JSON.stringify(prefix)}${depth === path.length ? rawType(type) : ''}`;
      const folded = JSON.stringify(prefix).toLowerCase();
      const other = seen.get(folded);
      if (other !== undefined && other !== exact) return false;
      seen.set(folded, exact);
    }
  }
  return true;
}

/** The fast form: the engine reads only the needed keys. A row with nothing in them raises `EMPTY_ROW`, since `from_json` shows `1` and `{}` alike. */
export function structuredSource(
  columns: readonly StageColumn[],
  rowsPath: readonly string[],
  shape: RowShape,
  pages: StagePages,
  witness?: readonly string[],
): StageSource {
  const row: Structure = {};
  for (const { path, type } of columns) if (path !== undefined) place(row, path, rawType(type));
  if (witness !== undefined) place(row, witness, 'VARCHAR');
  const valueAt = (path: readonly string[]): string => path.reduce((from, key) => `struct_extract(${from}, ${quoteLiteral(key)})`, 'r');
  const values = columns.map(({ path }) => (path === undefined ? undefined : valueAt(path)));
  const proofs = [...(witness === undefined ? [] : [valueAt(witness)]), ...values.filter((value) => value !== undefined)];
  const present = [...new Set(proofs)].map((value) => `${value} IS NOT NULL`);
  return {
    from: `${rowsOf(row, rowsPath, shape, pages)} WHERE CASE WHEN ${present.join(' OR ')} THEN true ELSE error('${EMPTY_ROW}') END`,
    values,
  };
}

/** The careful form: each row is kept as JSON and asked for each value. A row that is no object raises `NOT_AN_OBJECT`, unless a column wants the row itself. */
export function carefulSource(
  columns: readonly StageColumn[],
  rowsPath: readonly string[],
  shape: RowShape,
  pages: StagePages,
): StageSource {
  const values = columns.map(({ path, type }) => (path === undefined ? undefined : carefulValue(path, rawType(type))));
  const wantsAnyRow = columns.some(({ path }) => path?.length === 0);
  const check = wantsAnyRow ? '' : ` WHERE CASE WHEN json_type(r) = 'OBJECT' THEN true ELSE error('${NOT_AN_OBJECT}') END`;
  return { from: `${rowsOf('JSON', rowsPath, shape, pages)}${check}`, values };
}

/** A JSON pointer (RFC 6901). */
export function jsonPointer(path: readonly string[]): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function carefulValue(path: readonly string[], raw: 'VARCHAR' | 'JSON'): string {
  const pointer = quoteLiteral(jsonPointer(path));
  const json = path.length === 0 ? 'r' : `json_extract(r, ${pointer})`;
  if (raw === 'JSON') return `CASE WHEN json_type(${json}) = 'NULL' THEN NULL ELSE ${json} END`;
  return path.length === 0 ? `(r ->> '$')` : `json_extract_string(r, ${pointer})`;
}

/** The name of a text that comes with a page, by its number. */
export function constantName(index: number): string {
  return `constant${index}`;
}

function rowsOf(row: Structure | string, rowsPath: readonly string[], shape: RowShape, pages: StagePages): string {
  let schema: unknown = shape === 'array' ? [row] : row;
  for (const key of [...rowsPath].reverse()) schema = { [key]: schema };
  const isOne = pages.count === 'one';
  const parsed = `from_json(${isOne ? 'decode(body)' : 'body'}, ${quoteLiteral(JSON.stringify(schema))})`;
  const there = rowsPath.reduce((from, key) => `struct_extract(${from}, ${quoteLiteral(key)})`, parsed);
  const rows = isOne || rowsPath.length === 0 ? there : `coalesce(${there}, error('${NO_ARRAY}'))`;
  const constants = Array.from({ length: pages.constantCount }, (_, index) => constantName(index));
  const source = isOne ? onePage(constants) : manyPages(constants);
  return `FROM (SELECT ${[`${shape === 'array' ? `unnest(${rows})` : rows} AS r`, ...constants].join(', ')} FROM ${source})`;
}

function onePage(constants: readonly string[]): string {
  const values = ['$1::BLOB', ...constants.map((_, index) => `$${2 + index}::VARCHAR`)];
  return `(VALUES (${values.join(', ')})) AS pages(${['body', ...constants].join(', ')})`;
}

function manyPages(constants: readonly string[]): string {
  const split = (text: string): string => `unnest(string_split(${text}, chr(${PAGE_SEPARATOR.charCodeAt(0)})))`;
  const pages = [
    `${split('decode($1::BLOB)')} AS body`,
    ...constants.map((name, index) => `${split(`$${2 + index}::VARCHAR`)} AS ${name}`),
  ];
  // Beside the splitting, which the engine would do once more for each mention.
  const texts = constants.map((name) => `nullif(${name}, chr(${JOINED_NULL.charCodeAt(0)})) AS ${name}`);
  return `(SELECT ${['body', ...texts].join(', ')} FROM (SELECT ${pages.join(', ')}))`;
}

function place(structure: Structure, path: readonly string[], type: string): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    define(structure, key, type);
    return;
  }
  const below = Object.hasOwn(structure, key) ? structure[key] : undefined;
  const next: Structure = typeof below === 'object' ? below : {};
  if (next !== below) define(structure, key, next);
  place(next, rest, type);
}

/** Sets an own property, also one named `__proto__`. */
function define(structure: Structure, key: string, value: Structure | string): void {
  Object.defineProperty(structure, key, { value, enumerable: true, configurable: true, writable: true });
}
