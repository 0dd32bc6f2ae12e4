import type { Engine } from '../engine/types.ts';
import { tokenise } from '../sql/lexer.ts';
import type { NameSlice, Statement, TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { compose, quoteName } from './compose.ts';
import { describeQuery } from './describe-query.ts';
import type { Into } from './environment.ts';
import type { Evaluation } from './expressions.ts';
import { type LocalStore, tablePath } from './local-store.ts';
import { findTable, type LocalTable, localTables, OWN_PREFIX } from './local-tables.ts';
import type { Cursor, Receipt } from './types.ts';
import { located } from './write-context.ts';
import { cursorOf, readAll } from './write-cursor.ts';

export type CreateStatement = Statement & { readonly kind: 'create' };
export type RefreshStatement = Statement & { readonly kind: 'refresh' };
export type DropStatement = Statement & { readonly kind: 'drop' };

/** CREATE TABLE, VIEW and MATERIALIZED VIEW. A materialized view is written only from a complete result. */
export async function createObject(evaluation: Evaluation, store: LocalStore, statement: CreateStatement): Promise<Cursor> {
  const name = localName(statement.name);
  const engine = await store.attached();
  const existing = (await store.find(name))?.kind ?? ((await findTable(engine, name)) === undefined ? undefined : 'table');
  if (existing !== undefined) {
    if (statement.ifNotExists) return done(evaluation, `CREATE ${word(statement)}`, `${name} exists already`);
    if (!statement.orReplace || existing !== statement.object) throw exists(statement, name, existing);
  }
  switch (statement.object) {
    case 'view':
      return createView(evaluation, store, statement, name);
    case 'materialized view':
      return createMaterialized(evaluation, store, statement, name);
    case 'table':
      return createTable(evaluation, engine, statement, name);
  }
}

/** REFRESH MATERIALIZED VIEW: its query runs again, and the new rows take the place of the old ones when they are all there. */
export async function refreshView(evaluation: Evaluation, store: LocalStore, statement: RefreshStatement): Promise<Cursor> {
  const name = localName(statement.name);
  const definition = await store.find(name);
  if (definition?.kind !== 'materialized view') {
    throw located(
      new OrgqlError('unknown_relation', `There is no materialized view ${name}`, { hint: 'SHOW TABLES lists what there is' }),
      statement.name,
    );
  }
  const receipt = await fill(
    evaluation,
    await store.attached(),
    definition.name,
    { text: definition.sql, offset: 0 },
    definition.columns,
    (error) => error,
  );
  return done(evaluation, 'REFRESH MATERIALIZED VIEW', `${definition.name}: ${rowsText(receipt)}`, receipt.rows);
}

/** DROP TABLE, VIEW and MATERIALIZED VIEW. */
export async function dropObject(evaluation: Evaluation, store: LocalStore, statement: DropStatement): Promise<Cursor> {
  const name = localName(statement.name);
  const engine = await store.attached();
  const definition = await store.find(name);
  const table = await findTable(engine, name, schemaOf(statement.name));
  const kind = definition?.kind ?? (table === undefined ? undefined : 'table');
  if (kind !== statement.object) {
    if (kind === undefined && statement.ifExists)
      return done(evaluation, `DROP ${statement.object.toUpperCase()}`, `${name} does not exist`);
    throw located(
      new OrgqlError('unknown_relation', `There is no ${statement.object} ${name}`, {
        hint: kind === undefined ? 'SHOW TABLES lists what there is' : `it is a ${kind}: DROP ${kind.toUpperCase()} ${name}`,
      }),
      statement.name,
    );
  }
  if (table !== undefined) await engine.execute(`DROP TABLE ${table.path}`);
  if (definition !== undefined) await store.remove(name);
  return done(evaluation, `DROP ${statement.object.toUpperCase()}`, `${kind} ${name} dropped`);
}

/** Everything of the user's, for SHOW TABLES. */
export async function listObjects(store: LocalStore): Promise<readonly { readonly name: string; readonly type: string }[]> {
  const definitions = await store.definitions();
  const materialized = new Set(definitions.filter((one) => one.kind === 'materialized view').map((one) => one.name.toLowerCase()));
  const tables = (await localTables(await store.attached())).filter((table) => !materialized.has(table.name.toLowerCase()));
  const listed = [
    ...tables.map((table: LocalTable) => ({ name: table.name, type: table.temporary ? 'temporary table' : 'table' })),
    ...definitions.map(({ name, kind }) => ({ name, type: kind })),
  ];
  return listed.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Runs a query into a table or a file. `isWhole` refuses a result that lacks something. */
export async function queryInto(
  evaluation: Evaluation,
  pieces: readonly (string | TextSlice)[],
  into: Into,
  isWhole: boolean,
): Promise<Receipt> {
  const { context, options, recorder } = evaluation;
  const composed = compose(pieces);
  const { confirm: _confirm, ...rest } = options;
  const { partial: _partial, ...strict } = rest;
  try {
    const cursor = await context.runQuery(context.environment, composed.query, { ...(isWhole ? strict : rest), into });
    await readAll(cursor);
    const receipt = cursor.receipt();
    recorder.include(receipt);
    return receipt;
  } catch (error) {
    throw composed.relocate(error);
  }
}

async function createTable(evaluation: Evaluation, engine: Engine, statement: CreateStatement, name: string): Promise<Cursor> {
  const path = tablePath(name, statement.temporary);
  if (statement.query === undefined) {
    if (statement.columns === undefined) throw new OrgqlError('syntax_error', 'CREATE TABLE needs columns or AS query');
    checkFunctions(evaluation, statement.columns);
    await engine.execute(`CREATE ${statement.orReplace ? 'OR REPLACE ' : ''}TABLE ${path} (${statement.columns.text})`);
    return done(evaluation, 'CREATE TABLE', `table ${name} created`);
  }
  // Beside the old table first: a query that fails, or reads the old table, leaves it as it was.
  const beside = tablePath(`${OWN_PREFIX}new_${name}`, statement.temporary);
  await engine.execute(`DROP TABLE IF EXISTS ${beside}`);
  try {
    const receipt = await queryInto(
      evaluation,
      named(statement.query, columnNames(statement.columns)),
      { table: beside, mode: 'create' },
      false,
    );
    await swap(engine, beside, path, name);
    return done(evaluation, 'CREATE TABLE AS', `table ${name} created: ${rowsText(receipt)}`, receipt.rows);
  } catch (error) {
    await engine.execute(`DROP TABLE IF EXISTS ${beside}`);
    throw error;
  }
}

async function createView(evaluation: Evaluation, store: LocalStore, statement: CreateStatement, name: string): Promise<Cursor> {
  const { query } = statement;
  if (query === undefined) throw new OrgqlError('syntax_error', 'CREATE VIEW needs AS query');
  if (statement.temporary)
    throw new OrgqlError('unsupported_syntax', 'Views are kept in the local database; there are no temporary ones', {
      hint: 'use WITH, or CREATE VIEW and DROP VIEW',
    });
  await store.attached();
  const composed = compose([query]);
  // Names are checked now, not when somebody reads the view.
  await describeQuery(evaluation.context.environment, composed.query, evaluation.options).catch((error: unknown) => {
    throw composed.relocate(error);
  });
  await store.put({ name, kind: 'view', sql: query.text, columns: columnNames(statement.columns) });
  return done(evaluation, 'CREATE VIEW', `view ${name} created`);
}

async function createMaterialized(evaluation: Evaluation, store: LocalStore, statement: CreateStatement, name: string): Promise<Cursor> {
  const { query } = statement;
  if (query === undefined) throw new OrgqlError('syntax_error', 'CREATE MATERIALIZED VIEW needs AS query');
  const columns = columnNames(statement.columns);
  const receipt = await fill(evaluation, await store.attached(), name, query, columns, (error) => error);
  await store.put({ name, kind: 'materialized view', sql: query.text, columns });
  return done(evaluation, 'CREATE MATERIALIZED VIEW', `materialized view ${name} created: ${rowsText(receipt)}`, receipt.rows);
}

async function fill(
  evaluation: Evaluation,
  engine: Engine,
  name: string,
  query: TextSlice,
  columns: readonly string[],
  relocate: (error: unknown) => unknown,
): Promise<Receipt> {
  const beside = tablePath(`${OWN_PREFIX}new_${name}`, false);
  await engine.execute(`DROP TABLE IF EXISTS ${beside}`);
  try {
    const receipt = await queryInto(evaluation, named(query, columns), { table: beside, mode: 'create' }, true);
    if (!receipt.complete) {
      throw new OrgqlError('partial_result', `${name} was not written: its query did not give a complete result`, {
        detail: receipt.relations.flatMap((relation) => relation.notices).join('; ') || 'The receipt says what is missing',
      });
    }
    await swap(engine, beside, tablePath(name, false), name);
    return receipt;
  } catch (error) {
    await engine.execute(`DROP TABLE IF EXISTS ${beside}`);
    throw relocate(error);
  }
}

async function swap(engine: Engine, beside: string, path: string, name: string): Promise<void> {
  await engine.execute(`DROP TABLE IF EXISTS ${path}`);
  await engine.execute(`ALTER TABLE ${beside} RENAME TO ${quoteName(name)}`);
}

/** The query under the column names of the definition, where it gives some. */
function named(query: TextSlice, columns: readonly string[]): readonly (string | TextSlice)[] {
  return columns.length === 0 ? [query] : ['SELECT * FROM (', query, `) AS q(${columns.map(quoteName).join(', ')})`];
}

function columnNames(columns: TextSlice | undefined): readonly string[] {
  if (columns === undefined) return [];
  return tokenise(columns.text).flatMap((token) =>
    token.kind === 'quoted'
      ? [token.text.slice(1, -1).replaceAll('""', '"')]
      : token.kind === 'word'
        ? [columns.text.slice(token.start, token.end)]
        : [],
  );
}

/** Column definitions may hold expressions (DEFAULT, CHECK, generated columns); what SQL may not call it may not call there. */
function checkFunctions({ context, options }: Evaluation, columns: TextSlice): void {
  const tokens = tokenise(columns.text);
  tokens.forEach((token, index) => {
    if (tokens[index + 1]?.text !== '(' || !['word', 'quoted'].includes(token.kind)) return;
    const name = token.kind === 'quoted' ? token.text.slice(1, -1) : columns.text.slice(token.start, token.end);
    const reason = context.environment.forbiddenFunction(name.toLowerCase(), options.allowFiles === true);
    if (reason === undefined) return;
    throw new OrgqlError('forbidden_by_sandbox', `${name}() is not allowed here`, {
      detail: reason,
      span: { offset: columns.offset + token.start, length: token.end - token.start },
    });
  });
}

/** The last part of a local object's name, checked. */
export function localName(name: NameSlice): string {
  const last = name.parts.at(-1) ?? '';
  const schema = name.parts.length > 1 ? name.parts[0]?.toLowerCase() : undefined;
  if (name.parts.length > 2 || (schema !== undefined && !['local', 'main', 'temp', 'memory'].includes(schema))) {
    throw located(
      new OrgqlError('unsupported_syntax', `${name.parts.join('.')} is no name for a local object`, {
        detail: 'A dotted name is a relation of an API',
        hint: `use a name of one part, such as ${last}`,
      }),
      name,
    );
  }
  if (last.toLowerCase().startsWith(OWN_PREFIX))
    throw located(new OrgqlError('unsupported_syntax', `Names that begin with ${OWN_PREFIX} are reserved`), name);
  return last;
}

function schemaOf(name: NameSlice): string | undefined {
  return name.parts.length > 1 ? name.parts[0] : undefined;
}

function word(statement: CreateStatement): string {
  return statement.object.toUpperCase();
}

function exists(statement: CreateStatement, name: string, existing: string): unknown {
  const hint =
    existing === statement.object
      ? `write CREATE OR REPLACE ${word(statement)}, or DROP it first`
      : `DROP ${existing.toUpperCase()} ${name} first, or take another name`;
  return located(new OrgqlError('unsupported_syntax', `There is a ${existing} ${name} already`, { hint }), statement.name);
}

function rowsText(receipt: Receipt): string {
  return `${receipt.rows} ${receipt.rows === 1 ? 'row' : 'rows'}`;
}

function done({ recorder }: Evaluation, command: string, message: string, rows = 0): Cursor {
  return cursorOf({ kind: 'effect', command, receipt: recorder.receipt(rows), message });
}
