import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';
import { bindParameters } from './bind.ts';
import { toOrgqlError } from './engine-errors.ts';
import { checkStatementText, checkStatementType } from './statement-gate.ts';
import { typeName } from './type-names.ts';
import type { EngineColumn, EngineParameters, SqlValue } from './types.ts';
import { columnReader, readRows } from './values.ts';

/** Prepares one statement of a kind that SQL may use, binds it and hands it to `use`; errors come in our shape. */
export async function withStatement<T>(
  connection: DuckDBConnection,
  sql: string,
  parameters: EngineParameters,
  use: (statement: DuckDBPreparedStatement) => Promise<T>,
): Promise<T> {
  checkStatementText(sql);
  let statement: DuckDBPreparedStatement | undefined;
  try {
    statement = await connection.prepare(sql);
    checkStatementType(statement.statementType);
    bindParameters(statement, parameters);
    return await use(statement);
  } catch (error) {
    throw toOrgqlError(error, sql);
  } finally {
    statement?.destroySync();
  }
}

/** The result's columns as the engine names and types them. */
export function columnsOf(result: DuckDBResult): EngineColumn[] {
  return result.columnTypes().map((type, index) => ({ name: result.columnName(index), type: typeName(type) }));
}

/** Batches of rows, a chunk of the engine at a time, until the end, an abort or the reader's own end. `close` runs exactly once. */
export async function* readBatches(
  result: DuckDBResult,
  sql: string,
  signal: AbortSignal | undefined,
  close: () => void,
): AsyncGenerator<SqlValue[][], void, undefined> {
  const readers = result.columnTypes().map(columnReader);
  try {
    for (;;) {
      if (signal?.aborted) throw cancelled(signal);
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield readRows(chunk, readers);
    }
  } catch (error) {
    throw signal?.aborted ? cancelled(signal) : toOrgqlError(error, sql);
  } finally {
    close();
  }
}

/** The error of a statement whose signal was aborted. */
export function cancelled(signal: AbortSignal): OrgqlError {
  return new OrgqlError('cancelled', 'The statement was cancelled', { cause: signal.reason });
}
