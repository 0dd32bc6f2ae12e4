import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import { parseDescribe, parseRegistry, parseShow, parseUse } from './parse-catalog.ts';
import { parseExec } from './parse-exec.ts';
import { parseCopy, parseCreate, parseDrop, parseRefresh, parseTransaction } from './parse-local.ts';
import { parseDelete, parseInsert, parseReplace, parseUpdate } from './parse-write.ts';
import { type StatementTokens, splitStatements } from './split.ts';
import type { Statement, StatementBody, TextSlice } from './statement.ts';
import { StatementReader } from './statement-reader.ts';

/**
 * Reads a script: every statement of it, in order, cut into clauses. Queries and expressions stay text for the engine's parser.
 * Throws `syntax_error` or `unsupported_syntax` for the first statement that is wrong, before any has run.
 */
export function parseScript(script: string): Statement[] {
  return splitStatements(script).map((statement) => readStatement(script, statement));
}

/** Reads a text that must hold exactly one statement. */
export function parseStatement(source: string): Statement {
  const [first, second] = splitStatements(source);
  if (first === undefined)
    throw new OrgqlError('syntax_error', 'There is no statement here', { span: { offset: 0, length: source.length }, source });
  if (second !== undefined) {
    throw new OrgqlError('syntax_error', 'One statement was expected here, and there are more', {
      span: { offset: second.slice.offset, length: second.slice.text.length },
      source,
    });
  }
  return readStatement(source, first);
}

function readStatement(source: string, { slice, tokens }: StatementTokens): Statement {
  const reader = new StatementReader(source, tokens);
  const body = readBody(reader, slice);
  return { slice, ...body };
}

/** Kinds of statement that orgql understands and refuses, by their first word. */
const FORBIDDEN = new Set(
  (
    'ATTACH DETACH INSTALL LOAD PRAGMA SET RESET EXPORT IMPORT CALL CHECKPOINT VACUUM ALTER MERGE TRUNCATE GRANT REVOKE PREPARE EXECUTE DEALLOCATE COMMENT ' +
    'ANALYZE FORCE LISTEN NOTIFY LOCK CLUSTER REINDEX DISCARD DECLARE FETCH CLOSE SAVEPOINT RELEASE'
  ).split(' '),
);
const QUERIES = new Set('SELECT FROM VALUES TABLE PIVOT UNPIVOT PIVOT_WIDER PIVOT_LONGER SUMMARIZE'.split(' '));
const READERS: Readonly<Record<string, (reader: StatementReader) => StatementBody>> = {
  INSERT: (reader) => parseInsert(reader, undefined),
  UPDATE: (reader) => parseUpdate(reader, undefined),
  DELETE: (reader) => parseDelete(reader, undefined),
  REPLACE: (reader) => parseReplace(reader, undefined),
  EXEC: parseExec,
  SHOW: parseShow,
  DESCRIBE: parseDescribe,
  DESC: parseDescribe,
  USE: parseUse,
  REGISTRY: parseRegistry,
  CREATE: parseCreate,
  REFRESH: parseRefresh,
  DROP: parseDrop,
  COPY: parseCopy,
  BEGIN: parseTransaction,
  START: parseTransaction,
  COMMIT: parseTransaction,
  END: parseTransaction,
  ROLLBACK: parseTransaction,
  ABORT: parseTransaction,
  EXPLAIN: parseExplain,
};

function readBody(reader: StatementReader, slice: TextSlice): StatementBody {
  const first = reader.peek();
  if (reader.isNextSymbol('(')) return query(reader, slice);
  const keyword = first?.kind === 'word' ? first.text : '';
  if (keyword === 'WITH') return parseWith(reader, slice);
  if (QUERIES.has(keyword)) return query(reader, slice);
  if (FORBIDDEN.has(keyword)) return { kind: 'forbidden', keyword };
  const read = Object.hasOwn(READERS, keyword) ? READERS[keyword] : undefined;
  if (read === undefined) throw unknownStatement(reader);
  const body = read(reader);
  if (body.kind !== 'forbidden') reader.expectEnd();
  return body;
}

function query(reader: StatementReader, slice: TextSlice): StatementBody {
  reader.find(() => false, 0);
  return { kind: 'query', query: slice };
}

/** `WITH ...` leads a query, or a write whose WHERE and sources may use its names. */
function parseWith(reader: StatementReader, slice: TextSlice): StatementBody {
  const verb = reader.find((_, index) => {
    const word = reader.wordAt(index);
    const afterGroup = reader.tokens[index - 1]?.text === ')';
    return afterGroup && word !== undefined && word !== 'AS' && word !== 'USING';
  }, 1);
  const ctes = reader.sliceOf(0, verb);
  reader.position = verb;
  switch (reader.wordAt(verb)) {
    case 'INSERT':
      return ended(reader, parseInsert(reader, ctes));
    case 'UPDATE':
      return ended(reader, parseUpdate(reader, ctes));
    case 'DELETE':
      return ended(reader, parseDelete(reader, ctes));
    case 'REPLACE':
      return ended(reader, parseReplace(reader, ctes));
    case 'MERGE':
      return { kind: 'forbidden', keyword: 'MERGE' };
    default:
      return query(reader, slice);
  }
}

function ended(reader: StatementReader, body: StatementBody): StatementBody {
  reader.expectEnd();
  return body;
}

function parseExplain(reader: StatementReader): StatementBody {
  reader.expect('EXPLAIN');
  let analyze = false;
  if (reader.isNextSymbol('(') && ['ANALYZE', 'VERBOSE', 'FORMAT', 'COSTS'].includes(reader.wordAt(reader.position + 1) ?? '')) {
    analyze = /\banalyze\b/i.test(reader.parenthesised('options').text);
  } else if (reader.accept('ANALYZE')) analyze = true;
  else reader.accept('QUERY', 'PLAN');
  const rest = reader.tokens.slice(reader.position);
  if (rest.length === 0) throw reader.unexpected('a statement to explain');
  const statement = readStatement(reader.source, { slice: reader.sliceOf(reader.position, reader.tokens.length), tokens: rest });
  reader.position = reader.tokens.length;
  return { kind: 'explain', analyze, statement };
}

function unknownStatement(reader: StatementReader): OrgqlError {
  const word = reader.wordAt(0);
  const known = [...QUERIES, ...Object.keys(READERS), 'WITH'];
  if (word === undefined) return reader.unexpected('a statement');
  const meant =
    suggest(word, known) ??
    known.find((keyword) => keyword.length >= 4 && word.length >= 3 && (keyword.startsWith(word) || word.startsWith(keyword)));
  const hint =
    meant === undefined
      ? 'statements begin with SELECT, INSERT, UPDATE, REPLACE, DELETE, EXEC, SHOW, DESCRIBE, EXPLAIN, ...'
      : `did you mean ${meant}?`;
  return reader.error(0, `No statement begins with "${reader.source.slice(reader.peek()?.start, reader.peek()?.end)}"`, hint);
}
