import type { DuckDBConnection, DuckDBMaterializedResult, DuckDBPreparedStatement } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';
import { jsonText } from './bind.ts';
import { readFault, toOrgqlError } from './engine-errors.ts';
import { createFeed } from './feed.ts';
import { createKeySet } from './key-set.ts';
import type { JoinedPages, PageForm, StagedPage } from './page-batch.ts';
import { createPageQueue } from './page-queue.ts';
import { excerpt, pageStart, withoutByteOrderMark } from './page-shape.ts';
import type { Queue } from './queue.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { fitted, MISFIT, restagedText } from './stage-fit.ts';
import {
  canUseStructure,
  carefulSource,
  constantName,
  EMPTY_ROW,
  jsonPointer,
  type RowShape,
  type StagePages,
  structuredSource,
} from './stage-source.ts';
import type { SqlValue, Stage, StageColumn, StageCounts, StageLayout, StageSpec } from './types.ts';

const CATALOG = 'memory';
export const STAGE_SCHEMA = 'stage';

/** Types that a staging table may have: a word or two, with or without precision. */
const TYPE = /^[A-Z][A-Z0-9_ ]*(\(\d+(, ?\d+)?\))?$/;

/** Makes a staging table on the writing connection. The caller's queue keeps its statements from overlapping with others. */
export async function createStage(connection: DuckDBConnection, queue: Queue, spec: StageSpec): Promise<Stage> {
  checkSpec(spec);
  const sqlName = `${CATALOG}.${STAGE_SCHEMA}.${quoteIdentifier(spec.name)}`;
  const definitions = spec.columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`);
  await attempt(() => queue.run(() => connection.run(`CREATE TABLE ${sqlName} (${definitions.join(', ')})`)));

  let columns: readonly StageColumn[] = spec.columns;
  const columnsIn = (layout: StageLayout | undefined): readonly StageColumn[] =>
    layout === undefined ? columns : columns.map((column, at) => ({ ...column, path: layout[at] }));
  // The witness lies where rows of its own have it.
  const witnessIn = (layout: StageLayout | undefined): readonly string[] | undefined =>
    layout === undefined && canUseStructure([...columns, witnessColumn(spec.witness)]) ? spec.witness : undefined;
  const structured = new Map<StageLayout | undefined, boolean>();
  let isCareful = false;
  function needsCare(layout: StageLayout | undefined): boolean {
    const can = structured.get(layout) ?? (canUseStructure(columnsIn(layout)) || witnessIn(layout) !== undefined);
    structured.set(layout, can);
    return isCareful || !can;
  }
  const statements = new Map<string, DuckDBPreparedStatement>();
  const keys = createKeySet();
  const keyHash = spec.key === undefined || spec.key.length === 0 ? undefined : hashOf(spec.key);

  function forget(): void {
    for (const statement of statements.values()) statement.destroySync();
    statements.clear();
    structured.clear();
  }

  async function insertStatement(
    rowsPath: readonly string[],
    shape: RowShape,
    count: StagePages['count'],
    layout: StageLayout | undefined,
  ): Promise<DuckDBPreparedStatement> {
    const isCarefully = needsCare(layout);
    const id = JSON.stringify([rowsPath, shape, isCarefully, count, layout?.map((path) => path ?? null)]);
    const known = statements.get(id);
    if (known !== undefined) return known;
    const options = { isCareful: isCarefully, keyHash, count, witness: witnessIn(layout) };
    const statement = await connection.prepare(insertSql(sqlName, columnsIn(layout), rowsPath, shape, options));
    statements.set(id, statement);
    return statement;
  }

  /** One column becomes VARCHAR, with the values that it has. */
  async function retype(index: number): Promise<string> {
    const column = columns[index];
    if (column === undefined) throw new OrgqlError('internal', `No staged column ${index}`);
    const name = quoteIdentifier(column.name);
    forget();
    await connection.run(`ALTER TABLE ${sqlName} ALTER COLUMN ${name} SET DATA TYPE VARCHAR USING ${restagedText(name, column.type)}`);
    columns = columns.map((other, at) => (at === index ? { ...other, type: 'VARCHAR' } : other));
    if (keyHash !== undefined && spec.key?.some((key) => sameName(key, column.name))) {
      keys.clear();
      await collectHashes(await connection.run(`SELECT ${keyHash} FROM ${sqlName}`), (low, high) => keys.addHash(low, high));
    }
    return column.name;
  }

  /** Runs the insert until every column fits; then drops the rows whose key was there. */
  async function insert(
    bytes: Uint8Array,
    rowsPath: readonly string[],
    shape: RowShape,
    constants: readonly (string | null)[],
    layout: StageLayout | undefined,
  ): Promise<StageCounts> {
    const retyped: string[] = [];
    let page = bytes;
    for (;;) {
      try {
        const statement = await insertStatement(rowsPath, shape, 'one', layout);
        bindPage(statement, page, constants);
        return { ...(await counted(await statement.run())), retyped };
      } catch (error) {
        const { message } = readFault(error instanceof Error ? error.message : String(error));
        const misfit = message.startsWith(MISFIT) ? Number.parseInt(message.slice(MISFIT.length), 10) : undefined;
        if (misfit !== undefined) {
          retyped.push(await retype(misfit));
        } else if (message.startsWith(EMPTY_ROW) && !needsCare(layout)) {
          isCareful = true;
        } else if (/surrogate/.test(message) && page === bytes) {
          page = withoutLoneSurrogates(bytes);
        } else {
          throw pageError(error, message, bytes);
        }
      }
    }
  }

  /** Stages several pages of one form by one statement. `undefined`, and nothing staged, where one of them needs more care than that. */
  async function insertTogether({ bytes, texts }: JoinedPages, { layout, rowsPath, shape }: PageForm): Promise<StageCounts | undefined> {
    try {
      const statement = await insertStatement(rowsPath, shape, 'many', layout);
      bindPage(statement, bytes, texts);
      return { ...(await counted(await statement.run())), retyped: [] };
    } catch {
      return undefined;
    }
  }

  async function counted(result: DuckDBMaterializedResult): Promise<{ rows: number; duplicates: number }> {
    return keyHash === undefined ? { rows: result.rowsChanged, duplicates: 0 } : dropDuplicates(result);
  }

  async function dropDuplicates(result: DuckDBMaterializedResult): Promise<{ rows: number; duplicates: number }> {
    const suspects = new Set<string>();
    const rows = await collectHashes(result, (low, high) => {
      if (keys.addHash(low, high)) suspects.add(String((BigInt(high) << 32n) | BigInt(low)));
    });
    if (suspects.size === 0) return { rows, duplicates: 0 };
    const partition = (spec.key ?? []).map(quoteIdentifier).join(', ');
    // Rows are numbered in the order in which they came: the first of equals stays.
    const later = `SELECT rowid FROM ${sqlName} WHERE ${keyHash} IN (${[...suspects].join(', ')}) QUALIFY row_number() OVER (PARTITION BY ${partition} ORDER BY rowid) > 1`;
    const dropped = await connection.run(`DELETE FROM ${sqlName} WHERE rowid IN (${later})`);
    return { rows, duplicates: dropped.rowsChanged };
  }

  /** Which kind of value lies at the path: asked only when a page brought no rows. */
  async function kindAt(bytes: Uint8Array, rowsPath: readonly string[]): Promise<string | null> {
    const statement = await connection.prepare(`SELECT json_type(decode($1)::JSON, ${quoteLiteral(jsonPointer(rowsPath))})`);
    try {
      statement.bindBlob(1, bytes);
      const kind = (await statement.runAndReadAll()).getRowsJS()[0]?.[0];
      return typeof kind === 'string' && kind !== 'NULL' ? kind : null;
    } finally {
      statement.destroySync();
    }
  }

  async function stagePage(page: StagedPage): Promise<StageCounts> {
    const { rowsPath, texts, layout } = page;
    const bytes = withoutByteOrderMark(page.bytes);
    const none: StageCounts = { rows: 0, duplicates: 0, retyped: [] };
    const start = pageStart(bytes);
    if (start === 'null') return none;
    if (rowsPath.length === 0) return insert(bytes, [], start, texts, layout);
    if (start === 'array')
      throw new OrgqlError('invalid_response', `The API sent an array where an object with "${rowsPath.join('.')}" was expected`);
    const counts = await insert(bytes, rowsPath, 'array', texts, layout);
    if (counts.rows > 0) return counts;
    for (let depth = 1; depth <= rowsPath.length; depth++) {
      const prefix = rowsPath.slice(0, depth);
      const kind = await kindAt(bytes, prefix);
      if (kind === null) return counts;
      if (depth === rowsPath.length && kind === 'ARRAY') return counts;
      if (kind !== 'OBJECT')
        throw new OrgqlError('invalid_response', `The API sent ${kind.toLowerCase()} at "${prefix.join('.')}" where rows were expected`, {
          detail: `The body begins with ${excerpt(bytes)}`,
        });
    }
    return insert(bytes, rowsPath, 'object', texts, layout);
  }

  const pages = createPageQueue(queue, { single: stagePage, together: insertTogether });
  /** How a page's constants become the texts of the columns that have no path. */
  const textsIn = (layout: StageLayout | undefined): ((constants: Readonly<Record<string, SqlValue>>) => StagedPage['texts']) => {
    const names = columnsIn(layout).flatMap(({ name, path }) => (path === undefined ? [name] : []));
    return (constants) => names.map((name) => constantText(constants[name]));
  };
  return {
    sqlName,
    catalogName: CATALOG,
    schemaName: STAGE_SCHEMA,
    tableName: spec.name,
    append: (bytes, rowsPath, constants, layout) =>
      new Promise((resolve, reject) => {
        pages.add({ bytes, rowsPath, layout, texts: textsIn(layout)(constants) }, { staged: resolve, failed: reject }, 0);
        pages.takeTurn();
      }),
    feed: (listener, layout) => createFeed(pages, layout, textsIn(layout), listener),
    drop: () =>
      attempt(() =>
        queue.run(async () => {
          forget();
          keys.clear();
          await connection.run(`DROP TABLE IF EXISTS ${sqlName}`);
        }),
      ),
  };
}

/** A constant as its column's text is made from. */
function constantText(value: SqlValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : jsonText(value);
}

function bindPage(statement: DuckDBPreparedStatement, bytes: Uint8Array, constants: readonly (string | null)[]): void {
  statement.bindBlob(1, bytes);
  constants.forEach((text, at) => {
    if (text === null) statement.bindNull(2 + at);
    else statement.bindVarchar(2 + at, text);
  });
}

/** Parameters: the bytes, then the texts of the columns that have no path. */
function insertSql(
  sqlName: string,
  columns: readonly StageColumn[],
  rowsPath: readonly string[],
  shape: RowShape,
  options: {
    readonly isCareful: boolean;
    readonly keyHash: string | undefined;
    readonly count: StagePages['count'];
    readonly witness: readonly string[] | undefined;
  },
): string {
  const { isCareful, keyHash, count, witness } = options;
  const pages = { count, constantCount: columns.filter(({ path }) => path === undefined).length };
  const source = isCareful ? carefulSource(columns, rowsPath, shape, pages) : structuredSource(columns, rowsPath, shape, pages, witness);
  let constant = 0;
  const expressions = columns.map(({ type }, index) => {
    const value = source.values[index];
    if (value !== undefined) return fitted(value, type, index);
    return fitted(`${constantName(constant++)}${type === 'JSON' ? '::JSON' : ''}`, type, index);
  });
  const returning = keyHash === undefined ? '' : ` RETURNING ${keyHash}`;
  return `INSERT INTO ${sqlName} SELECT ${expressions.join(', ')} ${source.from}${returning}`;
}

/** The witness as a column, so that it can be seen whether it stands in the way of another. Without one it changes nothing. */
function witnessColumn(witness: readonly string[] | undefined): StageColumn {
  return { name: '', type: 'VARCHAR', path: witness };
}

/** A hash of the key's text, so that it stays when a column becomes text. Zero: no key, since a part of it is NULL. */
function hashOf(key: readonly string[]): string {
  const columns = key.map(quoteIdentifier);
  const isNull = columns.map((column) => `${column} IS NULL`).join(' OR ');
  return `CASE WHEN ${isNull} THEN 0::UBIGINT ELSE hash(${columns.map((column) => `CAST(${column} AS VARCHAR)`).join(', ')}) END`;
}

/** Calls back with each hash that is not zero, in two halves, and counts the rows. */
async function collectHashes(result: DuckDBMaterializedResult, add: (low: number, high: number) => void): Promise<number> {
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return rows;
    rows += chunk.rowCount;
    // As halves: arithmetic on bigints would take longer than the rest of a page.
    const hashes = BigUint64Array.from(chunk.getColumnValues(0), (hash) => (typeof hash === 'bigint' ? hash : 0n));
    const halves = new Uint32Array(hashes.buffer);
    for (let index = 0; index < halves.length; index += 2) {
      const low = halves[index] ?? 0;
      const high = halves[index + 1] ?? 0;
      if (low !== 0 || high !== 0) add(low, high);
    }
  }
}

/** Half of a UTF-16 pair, written as an escape, is legal JSON and no legal text: it becomes the replacement character. */
function withoutLoneSurrogates(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  const mended = text.replace(
    /(\\\\)|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}/g,
    (match, backslash) => (backslash !== undefined || match.length > 6 ? match : '\\ufffd'),
  );
  return new TextEncoder().encode(mended);
}

function pageError(error: unknown, message: string, bytes: Uint8Array): unknown {
  if (/^Malformed JSON|^orgql:|Failure in decode|UTF-?8|Could not convert/i.test(message)) {
    const what = message.startsWith('orgql:') ? 'The API sent a row that is no object' : 'The API sent a body that is no valid JSON';
    const detail = message.startsWith('orgql:') ? `The body begins with ${excerpt(bytes)}` : message.replace(/\s+Input: "[\s\S]*$/, '');
    return new OrgqlError('invalid_response', what, { detail, cause: error });
  }
  return error;
}

function checkSpec(spec: StageSpec): void {
  const seen = new Set<string>();
  for (const { name, type } of spec.columns) {
    if (seen.has(name.toLowerCase())) throw new OrgqlError('internal', `Two staged columns are named "${name}", but for case`);
    seen.add(name.toLowerCase());
    if (!TYPE.test(type)) throw new OrgqlError('internal', `"${type}" is no type for the staged column "${name}"`);
  }
  if (spec.columns.length === 0) throw new OrgqlError('internal', `The stage "${spec.name}" has no columns`);
  for (const key of spec.key ?? [])
    if (!seen.has(key.toLowerCase())) throw new OrgqlError('internal', `The key column "${key}" is not staged`);
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

async function attempt<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw toOrgqlError(error);
  }
}
