import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';

/** The type as the engine prints it; `JSON` is a VARCHAR with a name. */
export function typeName(type: DuckDBType): string {
  if (type.alias !== undefined) return type.alias;
  return type.typeId === DuckDBTypeId.SQLNULL ? 'NULL' : String(type);
}
