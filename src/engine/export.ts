import { realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';
import { bindParameters } from './bind.ts';
import { describeColumns } from './describe.ts';
import { toOrgqlError } from './engine-errors.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import type { EngineColumn, EngineParameters, ExportOptions } from './types.ts';

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
  const there = statSync(resolve(path), { throwIfNoEntry: false });
  if (there?.isDirectory() === true) throw new OrgqlError('io_error', `${path} is a folder`, { hint: 'Name a file.' });
  // A link stays one.
  const target = there === undefined ? resolve(path) : realpathSync(path);
  // Nothing may take the place of a device or pipe; it is written as it is.
  const isPlain = there === undefined || there.isFile();
  const partial = isPlain ? `${target}${partialSuffix}` : target;
  const columns = await describeColumns(connection, sql, parameters);
  const query = options.format === 'parquet' ? sql : withTimesAsText(sql, columns);
  try {
    const statement = await connection.prepare(`COPY (${query}\n) TO ${quoteLiteral(partial)} (${copyOptions(options)})`);
    try {
      bindParameters(statement, parameters);
      const result = await statement.run();
      if (isPlain) renameSync(partial, target);
      return result.rowsChanged;
    } finally {
      statement.destroySync();
    }
  } catch (error) {
    if (isPlain) rmSync(partial, { force: true });
    throw exportError(error, target, partial);
  }
}

function copyOptions({ format, header, delimiter, compression }: ExportOptions): string {
  const parts = [`FORMAT ${format}`, 'USE_TMP_FILE false'];
  if (format === 'csv') parts.push(`HEADER ${header ?? true}`);
  if (format === 'csv' && delimiter !== undefined) parts.push(`DELIMITER ${quoteLiteral(delimiter)}`);
  if (format === 'json') parts.push('ARRAY true');
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
