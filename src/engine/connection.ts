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

/** Batches of rows, a chunk of the engine at a time, until the end, an abort or the reader's own end. */
export async function* readBatches(result: DuckDBResult, source: BatchSource): AsyncGenerator<SqlValue[][], void, undefined> {
  const readers = result.columnTypes().map(columnReader);
  try {
    for (;;) {
      throwIfAborted(source.signals);
      const chunk = await source.run(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield readRows(chunk, readers);
    }
  } catch (error) {
    throwIfAborted(source.signals);
    throw toOrgqlError(error, source.sql);
  } finally {
    source.close();
  }
}

/** What stands behind a result that is being read. */
export interface BatchSource {
  readonly sql: string;
  readonly signals: readonly AbortSignal[];
  readonly run: <T>(task: () => Promise<T>) => Promise<T>;
  /** Called once, when nothing more will be read. */
  readonly close: () => void;
}

/** Throws `cancelled` where one of the signals was aborted. */
export function throwIfAborted(signals: readonly AbortSignal[]): void {
  for (const signal of signals) if (signal.aborted) throw cancelled(signal);
}

/** The error of a statement whose signal was aborted. */
function cancelled(signal: AbortSignal): OrgqlError {
  return new OrgqlError('cancelled', 'The statement was cancelled', { cause: signal.reason });
}
