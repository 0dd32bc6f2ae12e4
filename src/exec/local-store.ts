import { existsSync } from 'node:fs';
import type { Engine } from '../engine/types.ts';
import { quoteName } from './compose.ts';
import type { LocalObjects } from './environment.ts';

/** A view or materialized view of the user. */
export interface Definition {
  readonly name: string;
  readonly kind: 'view' | 'materialized view';
  readonly sql: string;
  /** Names given in the definition; empty where the query's own count. */
  readonly columns: readonly string[];
}

/** The user's views and materialized views, in a table of the local database; plain tables are the engine's. */
export interface LocalStore extends LocalObjects {
  /** The engine with the local database attached. Throws `io_error` where another process holds it. */
  readonly attached: () => Promise<Engine>;
  readonly find: (name: string) => Promise<Definition | undefined>;
  readonly definitions: () => Promise<readonly Definition[]>;
  readonly put: (definition: Definition) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  /** The engine is gone: what is known is read again from the next one. */
  readonly forget: () => void;
}

/** The catalogue of definitions. No name of the user's may be this one. */
export const DEFINITIONS_TABLE = 'orgql_definitions';
const DEFINITIONS = `local.main.${DEFINITIONS_TABLE}`;

/** The store of one session. `file` is the local database's; `undefined` keeps everything in memory. */
export function createLocalStore(engine: () => Promise<Engine>, file: string | undefined): LocalStore {
  let loaded: Promise<{ readonly engine: Engine; readonly known: Map<string, Definition> }> | undefined;
  const load = async (): Promise<{ engine: Engine; known: Map<string, Definition> }> => {
    const started = await engine();
    await started.attachLocal();
    const known = new Map<string, Definition>();
    if (await hasDefinitions(started)) {
      const { rows } = await started.rows(`SELECT name, kind, sql, columns FROM ${DEFINITIONS}`);
      for (const [name, kind, sql, columns] of rows) {
        const definition: Definition = {
          name: String(name),
          kind: kind === 'view' ? 'view' : 'materialized view',
          sql: String(sql),
          columns: JSON.parse(String(columns)) as string[],
        };
        known.set(definition.name.toLowerCase(), definition);
      }
    }
    return { engine: started, known };
  };
  const store = (): NonNullable<typeof loaded> => {
    loaded ??= load();
    // A database that is held by another process may be free later.
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
  // Where nothing was ever stored nothing is attached: a query over an API needs no local database.
  const isEmpty = (): boolean => loaded === undefined && (file === undefined || !existsSync(file));
  const find = async (name: string): Promise<Definition | undefined> =>
    isEmpty() ? undefined : (await store()).known.get(name.toLowerCase());
  const definitions = async (): Promise<readonly Definition[]> => (isEmpty() ? [] : [...(await store()).known.values()]);
  return {
    attached: async () => (await store()).engine,
    find,
    view: async (name) => {
      const found = await find(name);
      return found?.kind === 'view' ? { sql: found.sql, columns: found.columns } : undefined;
    },
    materialized: async () => (await definitions()).filter(({ kind }) => kind === 'materialized view'),
    forget: () => {
      loaded = undefined;
    },
    definitions,
    put: async (definition) => {
      const { engine: started, known } = await store();
      await started.execute(`CREATE TABLE IF NOT EXISTS ${DEFINITIONS} (name VARCHAR, kind VARCHAR, sql VARCHAR, columns VARCHAR)`);
      await started.execute(`DELETE FROM ${DEFINITIONS} WHERE lower(name) = lower($name)`, { name: definition.name });
      await started.execute(`INSERT INTO ${DEFINITIONS} VALUES ($name, $kind, $sql, $columns)`, {
        name: definition.name,
        kind: definition.kind,
        sql: definition.sql,
        columns: JSON.stringify(definition.columns),
      });
      known.set(definition.name.toLowerCase(), definition);
    },
    remove: async (name) => {
      const { engine: started, known } = await store();
      if (!known.delete(name.toLowerCase())) return;
      await started.execute(`DELETE FROM ${DEFINITIONS} WHERE lower(name) = lower($name)`, { name });
    },
  };
}

async function hasDefinitions(engine: Engine): Promise<boolean> {
  const { rows } = await engine.rows(`SELECT 1 FROM duckdb_tables() WHERE database_name = 'local' AND table_name = '${DEFINITIONS_TABLE}'`);
  return rows.length > 0;
}

/** Where a table of the user lives, or is to be made: temporary ones in the session's memory. */
export function tablePath(name: string, temporary: boolean): string {
  return `${temporary ? 'memory' : 'local'}.main.${quoteName(name)}`;
}
