import { stringValue } from './lexer.ts';
import type { StatementBody } from './statement.ts';
import { isWord, type StatementReader } from './statement-reader.ts';

type LocalObject = 'table' | 'view' | 'materialized view';

/** `CREATE [OR REPLACE] [TEMP] TABLE | VIEW | MATERIALIZED VIEW [IF NOT EXISTS] name [(columns)] [AS query]`; other things to create are `forbidden`. */
export function parseCreate(reader: StatementReader): StatementBody {
  reader.expect('CREATE');
  const orReplace = reader.accept('OR', 'REPLACE');
  const temporary = reader.accept('TEMP') || reader.accept('TEMPORARY');
  const object = localObject(reader);
  if (object === undefined) {
    const word = ['UNIQUE', 'PERSISTENT', 'RECURSIVE'].includes(reader.wordAt(reader.position) ?? '')
      ? reader.wordAt(reader.position + 1)
      : reader.wordAt(reader.position);
    if (word === undefined || !CREATED_ELSEWHERE.has(word))
      throw reader.unexpected('TABLE, VIEW or MATERIALIZED VIEW', ['TABLE', 'VIEW', 'MATERIALIZED', ...CREATED_ELSEWHERE]);
    return { kind: 'forbidden', keyword: `CREATE ${word}` };
  }
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const name = reader.name(`the name of a ${object}`);
  const columns = reader.isNextSymbol('(') ? reader.parenthesised('columns') : undefined;
  if (object === 'table' && columns !== undefined && reader.atEnd) {
    return { kind: 'create', object, orReplace, temporary, ifNotExists, name, columns, query: undefined };
  }
  reader.expect('AS');
  const query = reader.until(() => false, 'a query');
  return { kind: 'create', object, orReplace, temporary, ifNotExists, name, columns, query };
}

const CREATED_ELSEWHERE = new Set(
  'INDEX SEQUENCE TYPE MACRO FUNCTION SCHEMA SECRET DATABASE EXTENSION ROLE USER TRIGGER PROCEDURE'.split(' '),
);

/** `REFRESH MATERIALIZED VIEW name`. */
export function parseRefresh(reader: StatementReader): StatementBody {
  reader.expect('REFRESH', 'MATERIALIZED', 'VIEW');
  return { kind: 'refresh', name: reader.name('the name of a materialized view') };
}

/** `DROP TABLE | VIEW | MATERIALIZED VIEW [IF EXISTS] name`. */
export function parseDrop(reader: StatementReader): StatementBody {
  reader.expect('DROP');
  const object = localObject(reader);
  if (object === undefined) {
    const word = reader.wordAt(reader.position);
    if (word === undefined || !CREATED_ELSEWHERE.has(word))
      throw reader.unexpected('TABLE, VIEW or MATERIALIZED VIEW', ['TABLE', 'VIEW', 'MATERIALIZED']);
    return { kind: 'forbidden', keyword: `DROP ${word}` };
  }
  const ifExists = reader.accept('IF', 'EXISTS');
  const name = reader.name(`the name of a ${object}`);
  if (!reader.accept('RESTRICT') && reader.isNext('CASCADE'))
    throw reader.error(reader.position, 'DROP ... CASCADE is not supported', 'drop what depends on it first', 'unsupported_syntax');
  return { kind: 'drop', object, ifExists, name };
}

function localObject(reader: StatementReader): LocalObject | undefined {
  if (reader.accept('TABLE')) return 'table';
  if (reader.accept('VIEW')) return 'view';
  if (!reader.accept('MATERIALIZED')) return undefined;
  reader.expect('VIEW');
  return 'materialized view';
}

/** BEGIN, COMMIT and ROLLBACK in their spellings. */
export function parseTransaction(reader: StatementReader): StatementBody {
  const word = reader.wordAt(reader.position++) ?? '';
  if (word === 'START') reader.expect('TRANSACTION');
  else if (!reader.accept('TRANSACTION')) reader.accept('WORK');
  if (word === 'ROLLBACK' && reader.isNext('TO')) return { kind: 'forbidden', keyword: 'ROLLBACK TO' };
  if (word === 'BEGIN' || word === 'START') skipModes(reader);
  const action = word === 'BEGIN' || word === 'START' ? 'begin' : word === 'COMMIT' || word === 'END' ? 'commit' : 'rollback';
  return { kind: 'transaction', action };
}

/** Isolation levels and access modes, which clients send as a matter of course. */
function skipModes(reader: StatementReader): void {
  do {
    if (reader.accept('ISOLATION', 'LEVEL')) {
      if (!reader.accept('SERIALIZABLE') && !reader.accept('REPEATABLE', 'READ') && !reader.accept('READ', 'COMMITTED'))
        reader.expect('READ', 'UNCOMMITTED');
    } else if (!reader.accept('READ', 'ONLY') && !reader.accept('READ', 'WRITE')) reader.accept('NOT', 'DEFERRABLE');
  } while (reader.acceptSymbol(',') || reader.isNext('ISOLATION') || reader.isNext('READ'));
}

/** `COPY (query) TO 'path' [(options)]`, `COPY table TO 'path'`; COPY ... FROM is `forbidden`. */
export function parseCopy(reader: StatementReader): StatementBody {
  reader.expect('COPY');
  const query = reader.isNextSymbol('(') ? reader.parenthesised('a query') : undefined;
  const table = query === undefined ? reader.name('a table or a query in parentheses') : undefined;
  if (table !== undefined && reader.isNextSymbol('(')) {
    throw reader.error(
      reader.position,
      'COPY of chosen columns is not supported',
      'write COPY (SELECT columns FROM ...) TO',
      'unsupported_syntax',
    );
  }
  if (reader.isNext('FROM')) return { kind: 'forbidden', keyword: 'COPY FROM' };
  reader.expect('TO');
  const path = reader.peek();
  if (isWord(path, 'STDOUT'))
    throw reader.error(
      reader.position,
      'COPY ... TO STDOUT is not supported here',
      'run the query itself: its rows go to the output',
      'unsupported_syntax',
    );
  if (path?.kind !== 'string') throw reader.unexpected("a path in quotes, such as 'users.parquet'");
  reader.position++;
  const withWord = reader.accept('WITH');
  const options = reader.isNextSymbol('(') ? reader.parenthesised('options') : undefined;
  if (withWord && options === undefined) throw reader.unexpected('options in parentheses');
  return { kind: 'copy', query, table, path: stringValue(path), options };
}
