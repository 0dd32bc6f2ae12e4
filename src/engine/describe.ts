import { type DuckDBConnection, type DuckDBPreparedStatement, DuckDBTypeId } from '@duckdb/node-api';
import { withStatement } from './connection.ts';
import { typeName } from './type-names.ts';
import type { EngineColumn, EngineParameters } from './types.ts';

/** Names and types of a query's columns, without running it. Where a parameter's type decides them, the given values do. */
export async function describeColumns(connection: DuckDBConnection, sql: string, parameters: EngineParameters): Promise<EngineColumn[]> {
  const columns = await withStatement(connection, sql, parameters, async (statement) => preparedColumns(statement));
  if (columns !== undefined) return columns;
  return withStatement(connection, `DESCRIBE ${sql}`, parameters, async (statement) => {
    const rows = (await statement.runAndReadAll()).getRowsJS();
    return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
  });
}

/** `undefined` where the engine does not know the types before the parameters are bound. */
function preparedColumns(statement: DuckDBPreparedStatement): EngineColumn[] | undefined {
  const columns: EngineColumn[] = [];
  for (let index = 0; index < statement.columnCount; index++) {
    if (statement.columnTypeId(index) === DuckDBTypeId.INVALID) return undefined;
    columns.push({ name: statement.columnName(index), type: typeName(statement.columnType(index)) });
  }
  return columns;
}
