import { describe, expect, it } from 'vitest';
import { OrgqlError } from '../util/errors.ts';
import { parseScript, parseStatement } from './parse-statement.ts';
import type { Statement } from './statement.ts';

/** A statement with each slice as its bare text; every slice is checked to stand where it says. */
function simplify(source: string): unknown {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const { text, offset } = value as { text?: unknown; offset?: unknown };
    if (typeof text === 'string' && typeof offset === 'number') {
      expect(source.slice(offset, offset + text.length)).toBe(text);
      if ('parts' in value) return (value.parts as string[]).join('|');
      return text;
    }
    return Object.fromEntries(
      entries.filter(([key, item]) => item !== undefined && key !== 'slice').map(([key, item]) => [key, strip(item)]),
    );
  };
  return strip(parseStatement(source));
}

function failure(source: string): OrgqlError {
  try {
    parseScript(source);
  } catch (error) {
    if (error instanceof OrgqlError) return error;
  }
  throw new Error(`no error for ${source}`);
}

describe('parseScript', () => {
  it('parts statements at semicolons outside of strings and comments, with their places', () => {
    const script = "-- first; one\nSELECT ';' ; ;\n/* ; */ SHOW PROVIDERS;";
    expect(parseScript(script).map(({ kind, slice }) => ({ kind, slice }))).toEqual([
      { kind: 'query', slice: { text: "SELECT ';'", offset: 14 } },
      { kind: 'show', slice: { text: 'SHOW PROVIDERS', offset: 37 } },
    ] satisfies Pick<Statement, 'kind' | 'slice'>[]);
  });

  it('refuses a script whose last statement is wrong, so that nothing of it runs', () => {
    expect(failure('SELECT 1; SELCT 2')).toMatchObject({
      code: 'syntax_error',
      hint: 'did you mean SELECT?',
      span: { offset: 10, length: 5 },
    });
  });

  it('wants exactly one statement where one is meant', () => {
    expect(() => parseStatement('SELECT 1; SELECT 2')).toThrow('One statement was expected');
    expect(() => parseStatement(' -- nothing')).toThrow('There is no statement here');
  });
});

describe('queries', () => {
  it.each([
    'SELECT 1',
    'WITH a AS (SELECT 1), b(x) AS MATERIALIZED (SELECT 2) SELECT * FROM a, b',
    'WITH RECURSIVE t(n) USING KEY (n) AS (SELECT 1) FROM t',
    'FROM t',
    'VALUES (1)',
    '(SELECT 1) UNION SELECT 2',
    'PIVOT t ON a USING sum(b)',
    'UNPIVOT t ON a, b INTO NAME n VALUE v',
    'SUMMARIZE t',
    'TABLE t',
  ])('leaves %s whole', (source) => {
    expect(parseStatement(source)).toEqual({ kind: 'query', slice: { text: source, offset: 0 }, query: { text: source, offset: 0 } });
  });

  it('says which bracket is open', () => {
    expect(failure('SELECT (1 + [2')).toMatchObject({ message: '"[" is never closed', span: { offset: 12, length: 1 } });
    expect(failure('SELECT (1])')).toMatchObject({ message: 'Expected ")" before "]"', span: { offset: 9, length: 1 } });
    expect(failure('SELECT 1)')).toMatchObject({ message: '")" closes nothing', span: { offset: 8, length: 1 } });
  });
});

describe('writes', () => {
  it('cuts INSERT with values, columns and RETURNING', () => {
    expect(
      simplify(
        `INSERT INTO okta.session.sessions (data__sessionToken, "sub""domain", \`x\`) VALUES ('a', 'RETURNING', (1)) RETURNING id, status;`,
      ),
    ).toEqual({
      kind: 'insert',
      relation: 'okta|session|sessions',
      columns: ['data__sessionToken', 'sub"domain', 'x'],
      source: `VALUES ('a', 'RETURNING', (1))`,
      conflict: 'error',
      returning: 'id, status',
      byName: false,
    });
  });

  it.each([
    ['INSERT INTO t SELECT 1', { source: 'SELECT 1' }],
    ['INSERT INTO t (SELECT a FROM b)', { source: '(SELECT a FROM b)' }],
    ['INSERT INTO t BY NAME FROM s', { source: 'FROM s', byName: true }],
    ['INSERT INTO t DEFAULT VALUES', { source: 'DEFAULT VALUES' }],
    ['INSERT INTO t (from, to, profile.email) VALUES (1, 2, 3)', { columns: ['from', 'to', 'profile|email'], source: 'VALUES (1, 2, 3)' }],
    ['INSERT OR IGNORE INTO t VALUES (1)', { source: 'VALUES (1)', conflict: 'ignore' }],
    ['INSERT OR REPLACE INTO t VALUES (1)', { source: 'VALUES (1)', conflict: 'replace' }],
    ['REPLACE INTO t VALUES (1)', { source: 'VALUES (1)', conflict: 'replace' }],
    [
      'INSERT INTO t SELECT * FROM a JOIN b ON conflict = 1 ON CONFLICT (id) DO NOTHING RETURNING *',
      { source: 'SELECT * FROM a JOIN b ON conflict = 1', conflict: 'ignore', returning: '*' },
    ],
    ['WITH s AS (SELECT 1 AS a) INSERT INTO t SELECT a FROM s', { source: 'SELECT a FROM s', ctes: 'WITH s AS (SELECT 1 AS a)' }],
  ])('cuts %s', (source, parts) => {
    expect(simplify(source)).toEqual({ kind: 'insert', relation: 't', conflict: 'error', byName: false, ...parts });
  });

  it('cuts UPDATE with alias, nested columns, FROM, WHERE and RETURNING', () => {
    expect(
      simplify(
        `UPDATE okta.user.users AS u SET profile.email = lower('A, b'), "from" = CASE WHEN a IS DISTINCT FROM b THEN (SELECT x FROM y WHERE z) END, to = 1 FROM src s WHERE u.id = s.id AND extract(year FROM d) = 1 RETURNING u.id`,
      ),
    ).toEqual({
      kind: 'update',
      relation: 'okta|user|users',
      alias: 'u',
      assignments: [
        { column: 'profile|email', value: `lower('A, b')` },
        { column: 'from', value: 'CASE WHEN a IS DISTINCT FROM b THEN (SELECT x FROM y WHERE z) END' },
        { column: 'to', value: '1' },
      ],
      from: 'src s',
      where: 'u.id = s.id AND extract(year FROM d) = 1',
      returning: 'u.id',
    });
  });

  it.each([
    [
      "REPLACE r SET data__profile = '{}' WHERE userId = 'x'",
      { kind: 'replace', relation: 'r', assignments: [{ column: 'data__profile', value: "'{}'" }], where: "userId = 'x'" },
    ],
    [
      'UPDATE r SET (a, b) = (1, f(2, 3))',
      {
        kind: 'update',
        relation: 'r',
        assignments: [
          { column: 'a', value: '1' },
          { column: 'b', value: 'f(2, 3)' },
        ],
      },
    ],
    ['DELETE FROM r', { kind: 'delete', relation: 'r' }],
    [
      'DELETE FROM r x USING s WHERE x.a = s.a RETURNING *',
      { kind: 'delete', relation: 'r', alias: 'x', using: 's', where: 'x.a = s.a', returning: '*' },
    ],
    [
      'WITH s AS (SELECT 1) DELETE FROM r WHERE a IN (FROM s)',
      { kind: 'delete', relation: 'r', where: 'a IN (FROM s)', ctes: 'WITH s AS (SELECT 1)' },
    ],
    [
      'WITH s AS (SELECT 1) UPDATE r SET a = 1',
      { kind: 'update', relation: 'r', assignments: [{ column: 'a', value: '1' }], ctes: 'WITH s AS (SELECT 1)' },
    ],
  ])('cuts %s', (source, expected) => {
    expect(simplify(source)).toEqual(expected);
  });

  it.each([
    ['UPDATE t SET a = 1 WHERE b LIMIT 5', 'unsupported_syntax', 'LIMIT is not supported in a write', 27],
    ['DELETE FROM t ORDER BY a', 'unsupported_syntax', 'ORDER is not supported in a write', 14],
    [
      'INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1',
      'unsupported_syntax',
      'An INSERT cannot update what exists already',
      25,
    ],
    ['UPDATE t SET a = 1,', 'syntax_error', 'Expected an assignment after the comma but found the end of the statement', 19],
    ['UPDATE t SET a = , b = 2', 'syntax_error', 'Expected a value but found ","', 17],
    ['UPDATE t SET a = 1 WHERE', 'syntax_error', 'Expected something after WHERE but found the end of the statement', 24],
    ['DELETE t', 'syntax_error', 'Expected FROM but found "t"', 7],
    ['INSERT INTO t (a, b)', 'syntax_error', 'Expected VALUES or a query but found the end of the statement', 20],
    ['DELETE FROM t x y', 'syntax_error', 'Expected the end of the statement but found "y"', 16],
  ])('refuses %s', (source, code, message, offset) => {
    expect(failure(source)).toMatchObject({ code, message, span: { offset } });
  });

  it.each([
    ['UPDTE t SET a = 1', 'did you mean UPDATE?'],
    ['DELET FROM t', 'did you mean DELETE?'],
    ['UPDATE t STE a = 1', 'did you mean SET?'],
    ['DELETE FROM t WHRE a = 1', 'did you mean WHERE?'],
    ['INSERT INTO t VALEUS (1)', 'did you mean VALUES?'],
    ['EXECUTION a.b', 'did you mean EXEC?'],
  ])('suggests a keyword for %s', (source, hint) => {
    expect(failure(source)).toMatchObject({ code: 'syntax_error', hint });
  });
});

describe('EXEC', () => {
  it('reads parameters, a body, and values that hold commas', () => {
    expect(simplify(`EXEC okta.session.sessions.refresh @sessionId='a, b', @subdomain = lower('X'), @@json='{"a":1}'`)).toEqual({
      kind: 'exec',
      method: 'okta|session|sessions|refresh',
      parameters: [
        { name: 'sessionId', value: `'a, b'` },
        { name: 'subdomain', value: `lower('X')` },
      ],
      json: `'{"a":1}'`,
    });
  });

  it('reads parameters whose comma a comment swallowed', () => {
    const source = "EXEC r.m\n@a='1' --required, \n@b='2' --required\n@@json='{}';";
    expect(simplify(source)).toEqual({
      kind: 'exec',
      method: 'r|m',
      parameters: [
        { name: 'a', value: `'1'` },
        { name: 'b', value: `'2'` },
      ],
      json: `'{}'`,
    });
  });

  it('reads FOR EACH with and without parameters', () => {
    expect(simplify(`EXEC r.m FOR EACH (SELECT id AS userId FROM t)`)).toEqual({
      kind: 'exec',
      method: 'r|m',
      parameters: [],
      forEach: 'SELECT id AS userId FROM t',
    });
    expect(simplify(`EXEC r.m @a='x' FOR EACH (FROM t)`)).toEqual({
      kind: 'exec',
      method: 'r|m',
      parameters: [{ name: 'a', value: `'x'` }],
      forEach: 'FROM t',
    });
  });

  it.each([
    [`EXEC r.m @a='x',`, 'Expected a @parameter after the comma but found the end of the statement'],
    [`EXEC r.m @a='x', FOR EACH (FROM t)`, 'Expected a @parameter after the comma but found "FOR"'],
    [`EXEC r.m @a='x', @A='y'`, '@A is given twice'],
    [`EXEC r.m @@body='x'`, 'There is no option "@@body"'],
    [`EXEC r.m a='x'`, 'Expected @parameter or FOR EACH but found "a"'],
    [`EXEC r.m @a`, 'Expected "=" but found the end of the statement'],
    [`EXEC suspend @a='x'`, '"suspend" is no method: its relation is missing'],
    [`EXEC r.m FOR EACH SELECT 1`, 'Expected a query but found "SELECT"'],
  ])('refuses %s', (source, message) => {
    expect(failure(source)).toMatchObject({ code: 'syntax_error', message });
  });
});

describe('statements about the catalog and the session', () => {
  it.each([
    ['SHOW PROVIDERS', { kind: 'show', what: 'providers', extended: false }],
    ["SHOW EXTENDED RESOURCES IN okta.user LIKE '%s'", { kind: 'show', what: 'resources', extended: true, scope: 'okta|user', like: '%s' }],
    ['show extended methods in okta.user.users', { kind: 'show', what: 'methods', extended: true, scope: 'okta|user|users' }],
    ["SHOW SERVICES FROM okta LIKE 'u%'", { kind: 'show', what: 'services', extended: false, scope: 'okta', like: 'u%' }],
    ['SHOW METHODS EXTENDED IN okta.user.users', { kind: 'show', what: 'methods', extended: true, scope: 'okta|user|users' }],
    ['SHOW EXTENDED METHODS IN okta.user.users', { kind: 'show', what: 'methods', extended: true, scope: 'okta|user|users' }],
    ['SHOW TABLES', { kind: 'show', what: 'tables', extended: false }],
    ['DESCRIBE okta.userschema.default', { kind: 'describe', extended: false, relation: 'okta|userschema|default' }],
    ['DESC EXTENDED okta.user.users', { kind: 'describe', extended: true, relation: 'okta|user|users' }],
    ['DESCRIBE TABLE t', { kind: 'describe', extended: false, relation: 't' }],
    ['DESCRIBE SELECT 1 AS a', { kind: 'describe', extended: false, query: 'SELECT 1 AS a' }],
    ['USE okta.user', { kind: 'use', scope: 'okta|user' }],
    ['REGISTRY LIST', { kind: 'registry', action: 'list' }],
    ['REGISTRY PULL okta v24.01.00001', { kind: 'registry', action: 'pull', provider: 'okta', version: 'v24.01.00001' }],
    ["REGISTRY PULL 'googleapis.com'", { kind: 'registry', action: 'pull', provider: 'googleapis.com' }],
    ['REGISTRY PULL okta:v24.01.00001', { kind: 'registry', action: 'pull', provider: 'okta', version: 'v24.01.00001' }],
    ['EXPLAIN SELECT 1', { kind: 'explain', analyze: false, statement: { kind: 'query', query: 'SELECT 1' } }],
    ['EXPLAIN (ANALYZE, COSTS off) DELETE FROM t', { kind: 'explain', analyze: true, statement: { kind: 'delete', relation: 't' } }],
    ['EXPLAIN ANALYZE EXEC r.m', { kind: 'explain', analyze: true, statement: { kind: 'exec', method: 'r|m', parameters: [] } }],
    [
      'CREATE TABLE t (a INT, b DECIMAL(5, 2))',
      {
        kind: 'create',
        object: 'table',
        orReplace: false,
        temporary: false,
        ifNotExists: false,
        name: 't',
        columns: 'a INT, b DECIMAL(5, 2)',
      },
    ],
    [
      'CREATE OR REPLACE TEMP TABLE t AS SELECT 1',
      { kind: 'create', object: 'table', orReplace: true, temporary: true, ifNotExists: false, name: 't', query: 'SELECT 1' },
    ],
    [
      'CREATE VIEW IF NOT EXISTS v (a) AS FROM t',
      { kind: 'create', object: 'view', orReplace: false, temporary: false, ifNotExists: true, name: 'v', columns: 'a', query: 'FROM t' },
    ],
    [
      'CREATE OR REPLACE MATERIALIZED VIEW v AS SELECT 1',
      { kind: 'create', object: 'materialized view', orReplace: true, temporary: false, ifNotExists: false, name: 'v', query: 'SELECT 1' },
    ],
    ['REFRESH MATERIALIZED VIEW v', { kind: 'refresh', name: 'v' }],
    ['DROP MATERIALIZED VIEW IF EXISTS v', { kind: 'drop', object: 'materialized view', ifExists: true, name: 'v' }],
    ['BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY', { kind: 'transaction', action: 'begin' }],
    ['START TRANSACTION', { kind: 'transaction', action: 'begin' }],
    ['END', { kind: 'transaction', action: 'commit' }],
    ['ROLLBACK WORK', { kind: 'transaction', action: 'rollback' }],
    [
      "COPY (SELECT ')') TO 'a''b.csv' (HEADER, FORMAT csv)",
      { kind: 'copy', query: "SELECT ')'", path: "a'b.csv", options: 'HEADER, FORMAT csv' },
    ],
    ["COPY t TO 'x.parquet'", { kind: 'copy', table: 't', path: 'x.parquet' }],
  ])('reads %s', (source, expected) => {
    expect(simplify(source)).toEqual(expected);
  });

  it.each([
    ["ATTACH 'x.db' AS x", 'ATTACH'],
    ['INSTALL httpfs', 'INSTALL'],
    ['LOAD httpfs', 'LOAD'],
    ['PRAGMA version', 'PRAGMA'],
    ["SET memory_limit = '1GB'", 'SET'],
    ["COPY t FROM 'x.csv'", 'COPY FROM'],
    ['CALL f()', 'CALL'],
    ['CREATE OR REPLACE MACRO f(a) AS a', 'CREATE MACRO'],
    ['CREATE UNIQUE INDEX i ON t (a)', 'CREATE INDEX'],
    ['WITH a AS (SELECT 1) MERGE INTO t USING a ON true WHEN MATCHED THEN DELETE', 'MERGE'],
    ['EXPLAIN PRAGMA version', undefined],
  ])('names %s as forbidden', (source, keyword) => {
    const statement = parseStatement(source);
    if (keyword === undefined) expect(statement).toMatchObject({ kind: 'explain', statement: { kind: 'forbidden', keyword: 'PRAGMA' } });
    else expect(statement).toMatchObject({ kind: 'forbidden', keyword });
  });

  it.each([
    ['SHOW METHODS', 'Expected IN and a relation, such as IN okta.user.users but found the end of the statement', undefined],
    [
      'SHOW PROVDERS',
      'Expected one of PROVIDERS, SERVICES, RESOURCES, METHODS, TABLES, ORGS, SETTINGS but found "PROVDERS"',
      'did you mean PROVIDERS?',
    ],
    ['USE a.b.c', '"a.b.c" names more than a provider and a service', undefined],
    ['CREATE TABEL t (a INT)', 'Expected TABLE, VIEW or MATERIALIZED VIEW but found "TABEL"', 'did you mean TABLE?'],
    ['COPY (SELECT 1) TO users.csv', 'Expected a path in quotes, such as \'users.parquet\' but found "users"', undefined],
    ['REGISTRY PULL', 'Expected a provider but found the end of the statement', undefined],
    ['DESCRIBE okta.', 'Expected a name after the dot but found the end of the statement', undefined],
  ])('refuses %s', (source, message, hint) => {
    expect(failure(source)).toMatchObject({ code: 'syntax_error', message, hint });
  });
});
