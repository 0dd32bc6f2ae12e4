import { DuckDBInstance } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';

/** The engine as tests of this folder need it: its parser, its printer, and rows. */
export interface TestEngine {
  readonly parse: (sql: string) => Promise<string>;
  readonly print: (tree: string) => Promise<string>;
  /** Names, types and rows (in no order) of a query, or what the engine says against it. */
  readonly outcome: (sql: string, parameters?: Readonly<Record<string, string | number>>) => Promise<Outcome>;
  readonly close: () => void;
}

export type Outcome =
  | { readonly names: readonly string[]; readonly types: readonly string[]; readonly rows: readonly string[] }
  | { readonly error: string };

/** An engine in memory, after `setup`. */
export async function openTestEngine(setup = ''): Promise<TestEngine> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone = 'UTC'; SET threads = 1");
  if (setup !== '') await connection.run(setup);
  const call = async (name: string, type: string, text: string): Promise<string> => {
    const reader = await connection.runAndReadAll(`SELECT ${name}($1::${type})`, [text]);
    return String(reader.getRowsJS()[0]?.[0]);
  };
  return {
    async parse(sql) {
      const tree = await call('json_serialize_sql', 'VARCHAR', sql);
      if (tree.startsWith('{"error":false')) return tree;
      const fault = JSON.parse(tree) as { error_type: string; error_message: string; position?: string };
      const offset = fault.position === undefined ? undefined : [...sql].slice(0, Number(fault.position)).join('').length;
      const span = offset === undefined ? {} : { span: { offset, length: /^\w*/.exec(sql.slice(offset))?.[0].length ?? 0 } };
      throw new OrgqlError(fault.error_type === 'not implemented' ? 'unsupported_syntax' : 'syntax_error', fault.error_message, {
        ...span,
        source: sql,
      });
    },
    print: (tree) => call('json_deserialize_sql', 'JSON', tree),
    async outcome(sql, parameters = {}) {
      try {
        const statement = await connection.prepare(sql);
        for (const [name, value] of Object.entries(parameters)) {
          const index = statement.parameterIndex(name);
          if (typeof value === 'number') statement.bindInteger(index, value);
          else statement.bindVarchar(index, value);
        }
        const reader = await statement.runAndReadAll();
        const rows = reader
          .getRows()
          .map((row) =>
            JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : Object.is(value, -0) ? '-0' : value)),
          );
        return { names: reader.columnNames(), types: reader.columnTypes().map(String), rows: rows.sort() };
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => connection.closeSync(),
  };
}
