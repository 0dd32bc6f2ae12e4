import { chmodSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';
import { bindParameters } from './bind.ts';
import { describeColumns } from './describe.ts';
import { toOrgqlError } from './engine-errors.ts';
import { type FileJoin, joinParquet } from './parquet/join.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { joinText } from './text-join.ts';
import type { EngineColumn, EngineParameters, ExportOptions, PartsExport } from './types.ts';

/**
 * Writes a query's rows to a file, under another name until it is complete: whoever looks sees the whole file or none.
 * The sandbox must allow the path. Gives the number of rows. Throws `forbidden_by_sandbox`, `io_error` or the query's own error.
 */
export async function exportQuery(
  connection: DuckDBConnection,
  sql: string,
  parameters: EngineParameters,
  path: string,
  options: ExportOptions,
  partialSuffix: string,
): Promise<number> {
  const place = placeOf(path);
  const { target, isPlain } = place;
  const partial = isPlain ? `${target}${partialSuffix}` : target;
  try {
    const rows = await copyInto(connection, sql, parameters, partial, options);
    if (isPlain) putInPlace(partial, place);
    return rows;
  } catch (error) {
    if (isPlain) rmSync(partial, { force: true });
    throw exportError(error, target, partial);
  }
}

const NO_ROWS = 'SELECT NULL::VARCHAR AS nothing LIMIT 0';

type RunOnConnection = <T>(sql: string, signal: AbortSignal | undefined, task: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;

/**
 * A file written a query at a time: each adds rows of the same columns. It has its own name when it is finished. `run` gives the
 * connection for one query. `undefined` for a device or pipe, and a compressed array other than by gzip. Throws as `exportQuery` does.
 */
export function exportParts(run: RunOnConnection, path: string, options: ExportOptions, partialSuffix: string): PartsExport | undefined {
  const place = placeOf(path);
  const isArray = options.format === 'json' && options.array !== false;
  const isGzipped = options.compression === 'gzip';
  if (!place.isPlain || (isArray && options.compression !== undefined && !isGzipped)) return undefined;
  // What the engine writes, where the sandbox lets it, and what is made of that.
  const part = `${place.target}${partialSuffix}`;
  const whole = `${part}.whole`;
  const { compression: _compression, ...plain } = options;
  const own = isArray ? plain : options;
  let join: FileJoin | undefined;
  const attempt = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      throw exportError(error, place.target, part);
    }
  };
  return {
    probe: (signal) =>
      attempt(async () => {
        // Names of columns are known only to the query.
        const { forceQuote: _forceQuote, ...general } = own;
        try {
          await run(NO_ROWS, signal, (connection) => copyInto(connection, NO_ROWS, {}, part, general));
        } finally {
          rmSync(part, { force: true });
        }
      }),
    add: (sql, parameters, signal) =>
      attempt(async () => {
        const isFirst = join === undefined;
        try {
          const rows = await run(sql, signal, (connection) =>
            copyInto(connection, sql, parameters, part, isFirst ? own : { ...own, header: false }),
          );
          join ??= options.format === 'parquet' ? await joinParquet(whole) : await joinText(whole, { isArray, isGzipped });
          await join.add(part);
          return rows;
        } finally {
          rmSync(part, { force: true });
        }
      }),
    finish: () =>
      attempt(async () => {
        await join?.finish();
        putInPlace(whole, place);
      }),
    discard: async () => {
      await join?.discard();
      rmSync(whole, { force: true });
    },
  };
}

interface Place {
  readonly target: string;
  /** False for a device or pipe. */
  readonly isPlain: boolean;
  /** Of a file that is there. */
  readonly mode: number | undefined;
}

/** Where a file is written. A link stays one, and nothing may take the place of a device or pipe: that is written as it is. */
function placeOf(path: string): Place {
  const there = statSync(resolve(path), { throwIfNoEntry: false });
  if (there?.isDirectory() === true) throw new OrgqlError('io_error', `${path} is a folder`, { hint: 'Name a file.' });
  return {
    target: there === undefined ? resolve(path) : realpathSync(path),
    isPlain: there === undefined || there.isFile(),
    mode: there === undefined ? undefined : there.mode & 0o777,
  };
}

function putInPlace(written: string, { target, mode }: Place): void {
  if (mode !== undefined) chmodSync(written, mode);
  renameSync(written, target);
}

async function copyInto(
  connection: DuckDBConnection,
  sql: string,
  parameters: EngineParameters,
  file: string,
  options: ExportOptions,
): Promise<number> {
  const columns = await describeColumns(connection, sql, parameters);
  const isEngines = options.format === 'parquet' || options.texts?.TIMESTAMPFORMAT !== undefined;
  const query = isEngines ? sql : withTimesAsText(sql, columns);
  const statement = await connection.prepare(`COPY (${query}\n) TO ${quoteLiteral(file)} (${copyOptions(options)})`);
  try {
    bindParameters(statement, parameters);
    return (await statement.run()).rowsChanged;
  } finally {
    statement.destroySync();
  }
}

function copyOptions({ format, header, delimiter, forceQuote, texts, array, compression, rowGroupSize }: ExportOptions): string {
  const parts = [`FORMAT ${format}`, 'USE_TMP_FILE false'];
  if (format === 'csv') parts.push(`HEADER ${header ?? true}`);
  if (format === 'csv' && delimiter !== undefined) parts.push(`DELIMITER ${quoteLiteral(delimiter)}`);
  if (format === 'csv' && forceQuote !== undefined)
    parts.push(`FORCE_QUOTE ${forceQuote === '*' ? '*' : `(${forceQuote.map(quoteIdentifier).join(', ')})`}`);
  if (format === 'json') parts.push(`ARRAY ${array ?? true}`);
  if (format === 'parquet' && rowGroupSize !== undefined) parts.push(`ROW_GROUP_SIZE ${rowGroupSize}`);
  for (const [name, text] of Object.entries(texts ?? {})) parts.push(`${name} ${quoteLiteral(text)}`);
  if (compression !== undefined) parts.push(`COMPRESSION ${quoteLiteral(compression)}`);
  return parts.join(', ');
}

/** TIMESTAMPTZ as everywhere in orgql, `2025-09-22T07:00:23.000Z`, where the engine would write its own form. */
function withTimesAsText(sql: string, columns: readonly EngineColumn[]): string {
  if (!columns.some(({ type }) => type === 'TIMESTAMP WITH TIME ZONE')) return sql;
  const names = columns.map((_, index) => `c${index}`);
  const values = columns.map(
    ({ name, type }, index) => `${type === 'TIMESTAMP WITH TIME ZONE' ? timeText(`c${index}`) : `c${index}`} AS ${quoteIdentifier(name)}`,
  );
  return `SELECT ${values.join(', ')} FROM (${sql}\n) AS exported(${names.join(', ')})`;
}

function timeText(column: string): string {
  const utc = `timezone('UTC', ${column})`;
  return `CASE WHEN NOT isfinite(${column}) THEN CAST(${column} AS VARCHAR) WHEN epoch_us(${column}) % 1000 = 0 THEN system.main.strftime(${utc}, '%Y-%m-%dT%H:%M:%S.%gZ') ELSE system.main.strftime(${utc}, '%Y-%m-%dT%H:%M:%S.%fZ') END`;
}

function exportError(error: unknown, target: string, partial: string): OrgqlError {
  const known = toOrgqlError(error);
  if (known.code === 'forbidden_by_sandbox')
    return new OrgqlError('forbidden_by_sandbox', `SQL may not write ${target}`, { hint: 'Allow it with --allow-path.', cause: error });
  if (error instanceof Error && 'code' in error && !(error instanceof OrgqlError))
    return new OrgqlError('io_error', `${target} could not be written`, { detail: error.message, cause: error });
  if (known.code !== 'io_error') return known;
  return new OrgqlError('io_error', `${target} could not be written`, { detail: known.message.replaceAll(partial, target), cause: error });
}
