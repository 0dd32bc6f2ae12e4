import type { Engine } from '../engine/types.ts';
import type { Statement, TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { compose, quoteName } from './compose.ts';
import type { Evaluation } from './expressions.ts';
import { queryInto } from './local-define.ts';
import type { LocalStore } from './local-store.ts';
import { findTable, type LocalTable, OWN_PREFIX } from './local-tables.ts';
import type { Cursor } from './types.ts';
import { located, type Target } from './write-context.ts';
import { cursorOf, readAll } from './write-cursor.ts';
import { count } from './write-run.ts';

export type WriteStatement = Statement & { readonly kind: 'insert' | 'update' | 'replace' | 'delete' };
export type LocalTarget = Target & { readonly kind: 'local' };

/** Rows that a statement means: their numbers, and the values that they get. */
const WORK = `memory.main.${OWN_PREFIX}work`;
/** The table as conditions and RETURNING see it. */
const SEEN = `${OWN_PREFIX}seen`;

/**
 * INSERT, UPDATE and DELETE on a table of the user. Sources and conditions are queries like any other, over relations of APIs too:
 * their rows are gathered first, in a table of our own, and then the table is changed by row number.
 */
export async function writeLocal(
  evaluation: Evaluation,
  store: LocalStore,
  target: LocalTarget,
  statement: WriteStatement,
): Promise<Cursor> {
  const engine = await store.attached();
  const table = await findTable(engine, target.name, target.schema);
  if (table === undefined || (await store.find(target.name)) !== undefined)
    throw located(await notATable(store, target.name), statement.relation);
  await clean(engine);
  try {
    switch (statement.kind) {
      case 'insert':
        return await insertLocal(evaluation, engine, table, statement);
      case 'delete':
        return await deleteLocal(evaluation, engine, table, statement);
      default:
        return await updateLocal(evaluation, engine, table, statement);
    }
  } finally {
    await clean(engine);
  }
}

async function clean(engine: Engine): Promise<void> {
  await engine.execute(`DROP VIEW IF EXISTS memory.main.${SEEN}`);
  await engine.execute(`DROP TABLE IF EXISTS ${WORK}`);
}

async function insertLocal(
  evaluation: Evaluation,
  engine: Engine,
  table: LocalTable,
  statement: Statement & { readonly kind: 'insert' },
): Promise<Cursor> {
  const verb = { error: 'INSERT', ignore: 'INSERT OR IGNORE', replace: 'INSERT OR REPLACE' }[statement.conflict];
  const columns = statement.columns?.map((column) => quoteName(column.parts.join('.'))).join(', ');
  const list = columns === undefined ? '' : ` (${columns})`;
  const source = `${OWN_PREFIX}source`;
  let rows = 'DEFAULT VALUES';
  try {
    if (!/^\s*DEFAULT\b/i.test(statement.source.text)) {
      await queryInto(
        evaluation,
        [...prefix(statement.ctes), statement.source],
        { table: `memory.main.${source}`, mode: 'replace' },
        false,
      );
      rows = `${statement.byName ? 'BY NAME ' : ''}SELECT * FROM memory.main.${source}`;
    }
    // New rows are appended, so their numbers are above those that were.
    const before = (await engine.rows(`SELECT coalesce(max(rowid), -1) FROM ${table.path}`)).rows[0]?.[0];
    const inserted = await engine.rows(`${verb} INTO ${table.path}${list} ${rows}`);
    if (statement.returning !== undefined)
      await engine.execute(`CREATE TABLE ${WORK} AS SELECT rowid AS orgql_row FROM ${table.path} WHERE rowid > ${String(before)}`);
    return await finish(evaluation, engine, statement, 'INSERT', table, Number(inserted.rows[0]?.[0] ?? 0), 'inserted');
  } finally {
    await engine.execute(`DROP TABLE IF EXISTS memory.main.${source}`);
  }
}

async function deleteLocal(
  evaluation: Evaluation,
  engine: Engine,
  table: LocalTable,
  statement: Statement & { readonly kind: 'delete' },
): Promise<Cursor> {
  const rows = await gather(evaluation, engine, table, statement, statement.using, []);
  // RETURNING shows rows as they were.
  const cursor = await finish(evaluation, engine, statement, 'DELETE', table, rows, 'deleted');
  await engine.execute(`DELETE FROM ${table.path} WHERE rowid IN (SELECT orgql_row FROM ${WORK})`);
  return cursor;
}

async function updateLocal(
  evaluation: Evaluation,
  engine: Engine,
  table: LocalTable,
  statement: Statement & { readonly kind: 'update' | 'replace' },
): Promise<Cursor> {
  if (statement.kind === 'replace')
    throw new OrgqlError('unsupported_syntax', 'REPLACE ... SET is for relations of APIs', { hint: 'use UPDATE on a local table' });
  const values = statement.assignments.map(({ value }) => value);
  const rows = await gather(evaluation, engine, table, statement, statement.from, values);
  const set = statement.assignments.map(({ column }, index) => `${quoteName(column.parts.at(-1) ?? '')} = w.v${index}`).join(', ');
  await engine.execute(`UPDATE ${table.path} AS t SET ${set} FROM ${WORK} AS w WHERE t.rowid = w.orgql_row`);
  return finish(evaluation, engine, statement, 'UPDATE', table, rows, 'updated');
}

/** Puts the rows that a condition means into the work table, with the values that they get. Gives their number. */
async function gather(
  evaluation: Evaluation,
  engine: Engine,
  table: LocalTable,
  statement: Statement & { readonly kind: 'update' | 'replace' | 'delete' },
  others: TextSlice | undefined,
  values: readonly TextSlice[],
): Promise<number> {
  const alias = quoteName(statement.alias ?? table.name);
  await engine.execute(`CREATE VIEW memory.main.${SEEN} AS SELECT rowid AS orgql_row, * FROM ${table.path}`);
  await queryInto(
    evaluation,
    [
      ...prefix(statement.ctes),
      `SELECT ${alias}.orgql_row`,
      ...values.flatMap((value, index) => [', (', value, `) AS v${index}`]),
      ` FROM ${SEEN} AS ${alias}`,
      ...(others === undefined ? [] : [', ', others]),
      ...(statement.where === undefined ? [] : [' WHERE ', statement.where]),
    ],
    { table: WORK, mode: 'create' },
    false,
  );
  await engine.execute(`DROP VIEW memory.main.${SEEN}`);
  const { rows } = await engine.rows(`SELECT count(DISTINCT orgql_row) FROM ${WORK}`);
  return Number(rows[0]?.[0] ?? 0);
}

async function finish(
  evaluation: Evaluation,
  engine: Engine,
  statement: WriteStatement,
  command: string,
  table: LocalTable,
  changed: number,
  participle: string,
): Promise<Cursor> {
  const message = `${count(changed, 'row')} ${participle}`;
  const { context, recorder, options } = evaluation;
  if (statement.returning === undefined) return cursorOf({ kind: 'effect', command, receipt: recorder.receipt(changed), message });
  const alias = quoteName(('alias' in statement ? statement.alias : undefined) ?? table.name);
  await engine.execute(`CREATE VIEW memory.main.${SEEN} AS SELECT * FROM ${table.path} WHERE rowid IN (SELECT orgql_row FROM ${WORK})`);
  const composed = compose(['SELECT ', statement.returning, ` FROM ${SEEN} AS ${alias}`]);
  try {
    const { confirm: _confirm, ...rest } = options;
    const cursor = await context.runQuery(context.environment, composed.query, rest);
    const rows = await readAll(cursor);
    return cursorOf({ kind: 'rows', command, columns: cursor.columns, rows, receipt: recorder.receipt(rows.length), message });
  } catch (error) {
    throw composed.relocate(error);
  }
}

function prefix(ctes: TextSlice | undefined): readonly (string | TextSlice)[] {
  return ctes === undefined ? [] : [ctes, ' '];
}

async function notATable(store: LocalStore, name: string): Promise<OrgqlError> {
  const definition = await store.find(name);
  if (definition === undefined) {
    return new OrgqlError('unknown_relation', `There is no table ${name}`, {
      hint: 'SHOW TABLES lists the local ones; a relation of an API has a name of three parts, such as okta.user.users',
    });
  }
  return new OrgqlError('unsupported_syntax', `${definition.name} is a ${definition.kind}: it cannot be written to`, {
    hint:
      definition.kind === 'view' ? 'write to the relation below it' : `REFRESH MATERIALIZED VIEW ${definition.name} brings it up to date`,
  });
}
