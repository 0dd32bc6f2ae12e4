import type { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import type { Assignment, NameSlice, StatementBody, TextSlice } from './statement.ts';
import { isName, isSymbol, isWord, type StatementReader } from './statement-reader.ts';

type Ctes = TextSlice | undefined;
type Stop = (reader: StatementReader, position: number) => boolean;

/** `INSERT [OR IGNORE | OR REPLACE] INTO relation [(columns)] [BY NAME] VALUES ... | query | DEFAULT VALUES [ON CONFLICT DO NOTHING] [RETURNING ...]`. */
export function parseInsert(reader: StatementReader, ctes: Ctes): StatementBody {
  reader.expect('INSERT');
  let conflict: 'error' | 'ignore' | 'replace' = 'error';
  if (reader.accept('OR')) {
    if (reader.accept('IGNORE')) conflict = 'ignore';
    else if (reader.accept('REPLACE')) conflict = 'replace';
    else if (!reader.accept('ABORT')) throw reader.unexpected('IGNORE or REPLACE', ['IGNORE', 'REPLACE']);
  }
  return parseInsertInto(reader, ctes, conflict);
}

function parseInsertInto(reader: StatementReader, ctes: Ctes, verb: 'error' | 'ignore' | 'replace'): StatementBody {
  reader.expect('INTO');
  const relation = reader.name('a relation, such as okta.user.users');
  if (reader.isNext('AS')) throw reader.error(reader.position, 'An alias is not supported in INSERT', 'leave it out', 'unsupported_syntax');
  const columns = columnList(reader);
  const byName = reader.accept('BY', 'NAME');
  if (!byName) reader.accept('BY', 'POSITION');
  if (reader.isNext('SET'))
    throw reader.error(reader.position, 'INSERT ... SET is not supported', 'write (columns) VALUES (values)', 'unsupported_syntax');
  const starts = 'VALUES SELECT WITH FROM TABLE DEFAULT PIVOT UNPIVOT SUMMARIZE'.split(' ');
  if (!reader.isNextSymbol('(') && !starts.includes(reader.wordAt(reader.position) ?? ''))
    throw reader.unexpected('VALUES or a query', starts);
  const source = reader.until(anyOf(startsConflict, keyword('RETURNING')), 'VALUES or a query');
  const given = conflictClause(reader);
  const returning = clause(reader, 'RETURNING', never);
  return { kind: 'insert', relation, columns, source, conflict: given ?? verb, returning, ctes, byName };
}

/** A list of names in parentheses; a query in parentheses is none. */
function columnList(reader: StatementReader): NameSlice[] | undefined {
  if (!reader.isNextSymbol('(')) return undefined;
  const close = reader.closing(reader.position);
  for (let index = reader.position + 1, wantsName = true; index < close; index++, wantsName = !wantsName) {
    const token = reader.tokens[index];
    if (wantsName ? !isName(token) : !(isSymbol(token, ',') || isSymbol(token, '.'))) return undefined;
  }
  reader.position++;
  const columns: NameSlice[] = [];
  do columns.push(reader.name('a column'));
  while (reader.acceptSymbol(','));
  reader.expectSymbol(')');
  return columns;
}

function startsConflict(reader: StatementReader, position: number): boolean {
  if (reader.wordAt(position) !== 'ON') return false;
  const next = reader.tokens[position + 2];
  if (reader.wordAt(position + 1) === 'DUPLICATE') return isWord(next, 'KEY');
  return reader.wordAt(position + 1) === 'CONFLICT' && (isWord(next, 'DO') || isSymbol(next, '('));
}

function conflictClause(reader: StatementReader): 'ignore' | undefined {
  const start = reader.position;
  if (!reader.accept('ON')) return undefined;
  if (reader.accept('CONFLICT')) {
    if (reader.isNextSymbol('(')) reader.parenthesised('columns');
    if (reader.accept('DO', 'NOTHING')) return 'ignore';
  }
  throw reader.error(
    start,
    'An INSERT cannot update what exists already',
    'use ON CONFLICT DO NOTHING, INSERT OR REPLACE, or UPDATE',
    'unsupported_syntax',
  );
}

/** `UPDATE relation [alias] SET ... [FROM ...] [WHERE ...] [RETURNING ...]`. */
export function parseUpdate(reader: StatementReader, ctes: Ctes): StatementBody {
  reader.expect('UPDATE');
  return parseSet(reader, ctes, 'update');
}

/** StackQL's `REPLACE relation SET ... WHERE ...`, or `REPLACE INTO`, which is INSERT OR REPLACE. */
export function parseReplace(reader: StatementReader, ctes: Ctes): StatementBody {
  reader.expect('REPLACE');
  return reader.isNext('INTO') ? parseInsertInto(reader, ctes, 'replace') : parseSet(reader, ctes, 'replace');
}

function parseSet(reader: StatementReader, ctes: Ctes, kind: 'update' | 'replace'): StatementBody {
  const relation = reader.name('a relation, such as okta.user.users');
  const alias = optionalAlias(reader, ['SET']);
  if (!reader.isNext('SET')) throw misspelt(reader, alias, ['SET']) ?? reader.unexpected('SET', ['SET']);
  reader.position++;
  const assignments: Assignment[] = [];
  do assignments.push(...assignment(reader, assignments.length > 0));
  while (reader.acceptSymbol(','));
  const from = clause(reader, 'FROM', anyOf(keyword('WHERE'), keyword('RETURNING')));
  return { kind, relation, alias, assignments, from, ...ending(reader), ctes };
}

/** `column = value`, or `(a, b) = (x, y)`, which is two of them. */
function assignment(reader: StatementReader, isLater: boolean): Assignment[] {
  if (isLater && (reader.atEnd || (isClauseWord(reader) && !reader.isNextSymbol('=', 1))))
    throw reader.unexpected('an assignment after the comma');
  if (!reader.isNextSymbol('(')) {
    const column = reader.name('a column to set');
    reader.expectSymbol('=');
    return [{ column, value: reader.until(endsAssignment, 'a value') }];
  }
  const start = reader.position;
  const columns = columnList(reader);
  if (columns === undefined) throw reader.unexpected('columns to set');
  reader.expectSymbol('=');
  reader.accept('ROW');
  const close = reader.isNextSymbol('(') ? reader.closing(reader.position) : reader.position;
  const values: TextSlice[] = [];
  reader.position++;
  while (reader.position < close) {
    values.push(reader.until((_, index) => index >= close || isSymbol(reader.tokens[index], ','), 'a value'));
    reader.position++;
  }
  if (values.length !== columns.length) {
    throw reader.error(
      start,
      'This list of columns needs one value for each, in parentheses',
      'write column = value, column = value',
      'unsupported_syntax',
    );
  }
  reader.position = close + 1;
  return columns.map((column, index) => ({ column, value: values[index] ?? column }));
}

function isClauseWord(reader: StatementReader): boolean {
  return ['FROM', 'WHERE', 'RETURNING'].includes(reader.wordAt(reader.position) ?? '');
}

const endsAssignment: Stop = (reader, position) => isSymbol(reader.tokens[position], ',') || endsExpression(reader, position);

/** A clause's keyword, but not the FROM of IS DISTINCT FROM. */
function endsExpression(reader: StatementReader, position: number): boolean {
  const word = reader.wordAt(position);
  if (word === 'FROM') return reader.wordAt(position - 1) !== 'DISTINCT';
  return word === 'WHERE' || word === 'RETURNING' || word === 'ORDER' || word === 'LIMIT';
}

/** `DELETE FROM relation [alias] [USING ...] [WHERE ...] [RETURNING ...]`. */
export function parseDelete(reader: StatementReader, ctes: Ctes): StatementBody {
  reader.expect('DELETE', 'FROM');
  const relation = reader.name('a relation, such as okta.user.users');
  const alias = optionalAlias(reader, ['USING', 'WHERE', 'RETURNING', 'ORDER', 'LIMIT']);
  const clauses = ['USING', 'WHERE', 'RETURNING'];
  if (!reader.atEnd && !clauses.includes(reader.wordAt(reader.position) ?? '')) {
    const error = misspelt(reader, alias, clauses);
    if (error !== undefined) throw error;
  }
  const using = clause(reader, 'USING', anyOf(keyword('WHERE'), keyword('RETURNING')));
  return { kind: 'delete', relation, alias, using, ...ending(reader), ctes };
}

function optionalAlias(reader: StatementReader, clauses: readonly string[]): string | undefined {
  const isMarked = reader.accept('AS');
  const token = reader.peek();
  if (!isMarked && (!isName(token) || (token.kind === 'word' && (clauses.includes(token.text) || reader.isNextSymbol('=', 1)))))
    return undefined;
  return reader.name('an alias').parts.join('.');
}

/** The error for an alias that looks like a clause's keyword gone wrong. */
function misspelt(reader: StatementReader, alias: string | undefined, clauses: readonly string[]): OrgqlError | undefined {
  const meant = alias === undefined ? undefined : suggest(alias, clauses);
  return meant === undefined
    ? undefined
    : reader.error(reader.position - 1, `Expected ${meant} but found "${alias}"`, `did you mean ${meant}?`);
}

function ending(reader: StatementReader): { readonly where: TextSlice | undefined; readonly returning: TextSlice | undefined } {
  const where = clause(reader, 'WHERE', anyOf(keyword('RETURNING'), keyword('ORDER'), keyword('LIMIT')));
  if (reader.isNext('ORDER') || reader.isNext('LIMIT')) {
    const word = reader.wordAt(reader.position);
    throw reader.error(
      reader.position,
      `${word} is not supported in a write`,
      'choose the rows in WHERE, such as id IN (SELECT id ... LIMIT 10)',
      'unsupported_syntax',
    );
  }
  return { where, returning: clause(reader, 'RETURNING', never) };
}

function clause(reader: StatementReader, word: string, stop: Stop): TextSlice | undefined {
  return reader.accept(word) ? reader.until(stop, `something after ${word}`) : undefined;
}

const never: Stop = () => false;

function keyword(word: string): Stop {
  return (reader, position) => reader.wordAt(position) === word;
}

function anyOf(...stops: readonly Stop[]): Stop {
  return (reader, position) => stops.some((stop) => stop(reader, position));
}
