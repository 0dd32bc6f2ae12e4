import type { DuckDBConnection } from '@duckdb/node-api';
import { toOrgqlError } from './engine-errors.ts';
import { createMacro, functionsIn } from './functions.ts';
import type { Queue } from './queue.ts';

/** Makes compatibility functions known to the engine when a statement first calls them: all at once would take longer than the engine's start. */
export interface FunctionInstaller {
  readonly install: (sql: string) => Promise<void>;
}

/** An installer on this connection, in this queue. */
export function createFunctionInstaller(connection: DuckDBConnection, queue: Queue): FunctionInstaller {
  /** How many arguments the known forms of a function go up to. */
  const known = new Map<string, number>();
  return {
    async install(sql) {
      const called = functionsIn(sql);
      if (called.length === 0) return;
      const maxArguments = sql.split(',').length;
      const missing = called.filter(({ name }) => (known.get(name) ?? -1) < argumentsOf(name, maxArguments));
      if (missing.length === 0) return;
      await queue.run(async () => {
        try {
          await connection.run(missing.map((one) => createMacro(one, argumentsOf(one.name, maxArguments))).join('; '));
          for (const { name } of missing) known.set(name, argumentsOf(name, maxArguments));
        } catch (error) {
          throw toOrgqlError(error);
        }
      });
    },
  };
}

/** Building blocks are called by others, with arguments that the statement's text does not show. */
function argumentsOf(name: string, maxArguments: number): number {
  return name.startsWith('orgql_') ? Number.POSITIVE_INFINITY : maxArguments;
}
