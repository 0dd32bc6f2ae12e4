import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';
import { toOrgqlError } from './engine-errors.ts';
import { tokenLength, utf16FromCodePoints } from './positions.ts';

/** The engine's parser and printer, on one connection; the two statements are prepared once. */
export interface Parser {
  readonly parse: (sql: string) => Promise<string>;
  readonly print: (tree: string) => Promise<string>;
}

/** A parser on this connection. Calls must not overlap. */
export function createParser(connection: DuckDBConnection): Parser {
  const parseStatement = once(() => connection.prepare('SELECT json_serialize_sql($1::VARCHAR)'));
  const printStatement = once(() => connection.prepare('SELECT json_deserialize_sql($1::JSON)'));
  return {
    async parse(sql) {
      const tree = await run(await parseStatement(), sql);
      // The form with `skip_null` and `skip_empty` is smaller, but the engine cannot read it back.
      if (tree.startsWith('{"error":false')) return tree;
      throw parseError(tree, sql);
    },
    async print(tree) {
      return run(await printStatement(), tree);
    },
  };
}

async function run(statement: DuckDBPreparedStatement, text: string): Promise<string> {
  try {
    statement.bindVarchar(1, text);
    const reader = await statement.runAndReadAll();
    return String(reader.getRowsJS()[0]?.[0]);
  } catch (error) {
    throw toOrgqlError(error);
  }
}

/** `json_serialize_sql` reports a text that it cannot read as an object with `error: true`. Its position counts code points. */
function parseError(answer: string, sql: string): OrgqlError {
  const fault = JSON.parse(answer) as { error_type?: string; error_message?: string; position?: string };
  const message = fault.error_message ?? 'The statement could not be parsed';
  if (fault.error_type === 'not implemented') return new OrgqlError('unsupported_syntax', message, { source: sql });
  const [first = message, ...rest] = message.split('\n').filter((line) => line.trim() !== '');
  if (/^Max expression depth/.test(first))
    return new OrgqlError('limit_reached', 'The statement is nested too deeply', {
      detail: `An expression may have ${/limit of (\d+)/.exec(first)?.[1] ?? 'so many'} levels; a chain of operators counts one for each.`,
      hint: 'Write IN (...) for a chain of OR, list_sum([...]) for a long sum, or take it apart by WITH.',
      source: sql,
    });
  const detail = rest.length === 0 ? {} : { detail: rest.join('\n') };
  const position = Number(fault.position);
  if (fault.position === undefined || !Number.isInteger(position)) return new OrgqlError('syntax_error', first, { ...detail, source: sql });
  const offset = utf16FromCodePoints(sql, position);
  return new OrgqlError('syntax_error', first, { ...detail, span: { offset, length: tokenLength(sql, offset) }, source: sql });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
