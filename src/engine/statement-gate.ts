import { StatementType } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';

const ALLOWED: ReadonlySet<StatementType> = new Set([
  StatementType.SELECT,
  StatementType.INSERT,
  StatementType.UPDATE,
  StatementType.DELETE,
  StatementType.MERGE_INTO,
  StatementType.EXPLAIN,
  StatementType.CREATE,
  StatementType.CREATE_FUNC,
  StatementType.ALTER,
  StatementType.DROP,
  StatementType.RELATION,
]);

/** Words that begin a statement which the engine itself would turn into a SELECT (PRAGMA), or refuse only when it is bound. */
const FORBIDDEN_START =
  /^(pragma|attach|detach|install|load|copy|export|import|call|set|reset|use|checkpoint|force|vacuum|analyze|prepare|execute|deallocate|update\s+extensions|create\s+(or\s+replace\s+)?(temp(orary)?\s+|persistent\s+)?secret|drop\s+(temp(orary)?\s+|persistent\s+)?secret)\b/i;

/**
 * Throws `forbidden_by_sandbox` for a statement that changes or reaches the machine: ATTACH, COPY, PRAGMA, SET, LOAD, CALL and the like.
 * The configuration of the engine refuses most of them as well; this says so earlier and by name.
 */
export function checkStatementText(sql: string): void {
  const match = FORBIDDEN_START.exec(withoutLeadingComments(sql));
  if (match !== null) throw refusal((match[1] ?? '').toUpperCase().replace(/\s+/g, ' '));
}

/** The same by the engine's own classification of the prepared statement. */
export function checkStatementType(type: StatementType): void {
  if (!ALLOWED.has(type)) throw refusal(StatementType[type]);
}

function refusal(kind: string): OrgqlError {
  return new OrgqlError('forbidden_by_sandbox', `${kind} is not allowed in SQL`, {
    detail: 'SQL reaches no file, network or setting of this machine.',
    hint: 'Settings are given by flags and configuration; files are read with read_csv, read_json or read_parquet and written with COPY on the command line.',
  });
}

function withoutLeadingComments(sql: string): string {
  return sql.replace(/^(?:\s+|;|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '').replace(/\/\*[\s\S]*?\*\/|--[^\n]*\n/g, ' ');
}
