/**
 * Rows in bulk: the client library asks for each text beyond twelve bytes by a call and a buffer of its own, which takes half of the
 * time of an export. Here the engine gives each column as a whole, texts joined and with their lengths, in one row.
 */
import { type DuckDBConnection, DuckDBListVector, type DuckDBVector } from '@duckdb/node-api';
import { withStatement } from './connection.ts';
import type { EngineColumn, EngineParameters, SqlValue } from './types.ts';
import { columnReader, rowsOf } from './values.ts';

/** All rows of a query over one table whose columns are known: in their order up to 120 000, which one thread of the engine reads. */
export async function packedRows(
  connection: DuckDBConnection,
  sql: string,
  parameters: EngineParameters,
  columns: readonly EngineColumn[],
): Promise<SqlValue[][]> {
  const isText = columns.map(({ type }) => type === 'VARCHAR' || type === 'JSON');
  const parts = columns.flatMap((_, index) =>
    isText[index] ? [`string_agg(CAST(c${index} AS VARCHAR), '')`, `list(strlen(CAST(c${index} AS VARCHAR)))`] : [`list(c${index})`],
  );
  const packed = `SELECT ${parts.join(', ')} FROM (${sql}\n) AS packed(${columns.map((_, index) => `c${index}`).join(', ')})`;
  return withStatement(connection, packed, parameters, async (statement) => {
    const result = await statement.run();
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount !== 1) return [];
    let at = 0;
    const listed = (): SqlValue[] => {
      const vector = chunk.getColumnVector(at++);
      const items: DuckDBVector | null = vector instanceof DuckDBListVector ? vector.getItemVector(0) : null;
      return items === null ? [] : columnReader(items.type)(items, items.itemCount);
    };
    const values = isText.map((isJoined): SqlValue[] => {
      if (!isJoined) return listed();
      const joined = chunk.getColumnVector(at++).getItem(0);
      return cut(typeof joined === 'string' ? joined : '', listed());
    });
    return rowsOf(values, values[0]?.length ?? 0);
  });
}

/** The texts of these lengths in bytes; NULL where there is none. */
function cut(joined: string, lengths: readonly SqlValue[]): SqlValue[] {
  let total = 0;
  for (const length of lengths) total += Number(length ?? 0);
  // As many units as bytes: every character is one of both.
  const bytes = total === joined.length ? undefined : Buffer.from(joined);
  let at = 0;
  return lengths.map((length) => {
    if (length === null) return null;
    const start = at;
    at += Number(length);
    return bytes === undefined ? joined.slice(start, at) : bytes.toString('utf8', start, at);
  });
}
