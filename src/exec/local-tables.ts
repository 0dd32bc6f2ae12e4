import type { Engine } from '../engine/types.ts';
import { DEFINITIONS_TABLE, tablePath } from './local-store.ts';

/** A table that the engine holds for the user. */
export interface LocalTable {
  readonly name: string;
  readonly temporary: boolean;
  /** As SQL reads it. */
  readonly path: string;
}

/** Tables of our own in the engine begin with this. */
export const OWN_PREFIX = 'orgql_';

/** The user's tables: the local database's, then the session's own. */
export async function localTables(engine: Engine): Promise<readonly LocalTable[]> {
  const { rows } = await engine.rows(
    `SELECT table_name, database_name = 'memory' FROM duckdb_tables() WHERE database_name IN ('local', 'memory') AND schema_name = 'main' AND table_name <> '${DEFINITIONS_TABLE}' AND NOT starts_with(table_name, '${OWN_PREFIX}') ORDER BY 2, 1`,
  );
  return rows.map(([name, temporary]) => ({
    name: String(name),
    temporary: temporary === true,
    path: tablePath(String(name), temporary === true),
  }));
}

/** A table by its name without regard to case; a temporary one hides a stored one, as it does elsewhere. */
export async function findTable(engine: Engine, name: string, schema?: string): Promise<LocalTable | undefined> {
  const tables = (await localTables(engine)).filter((table) => table.name.toLowerCase() === name.toLowerCase());
  if (schema?.toLowerCase() === 'local') return tables.find((table) => !table.temporary);
  if (schema?.toLowerCase() === 'temp' || schema?.toLowerCase() === 'memory') return tables.find((table) => table.temporary);
  return tables.find((table) => !table.temporary) ?? tables[0];
}
