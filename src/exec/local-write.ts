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

const WORK = `memory.main.${OWN_PREFIX}work`;

/**
 * INSERT, UPDATE and DELETE on a table of the user. Sources and conditions are queries like any other, over relations of APIs too:
 * their rows are gathered first, in a table of our own, and then the table is changed by row.
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
  await engine.execute(`DROP TABLE IF EXISTS ${WORK}`);
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
    await engine.execute(`DROP TABLE IF EXISTS ${WORK}`);
  }
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
  let source = 'DEFAULT VALUES';
  if (!/^\s*DEFAULT\b/i.test(statement.source.text)) {
    await queryInto(evaluation, [...prefix(statement.ctes), statement.source], WORK, 'create', false);
    source = `${statement.byName ? 'BY NAME ' : ''}SELECT * FROM ${WORK}`;
  }
  const { rows } = await engine.rows(`${verb} INTO ${table.path}${list} ${source} RETURNING rowid`);
  return finish(
    evaluation,
    statement,
    'INSERT',
    table,
    rows.map(([id]) => String(id)),
    'inserted',
  );
}

async function deleteLocal(
  evaluation: Evaluation,
  engine: Engine,
  table: LocalTable,
  statement: Statement & { readonly kind: 'delete' },
): Promise<Cursor> {
  const ids = await touched(evaluation, engine, table, statement, statement.using, []);
  // RETURNING shows rows as they were.
  const shown = statement.returning === undefined ? undefined : await finish(evaluation, statement, 'DELETE', table, ids, 'deleted');
  await engine.execute(`DELETE FROM ${table.path} WHERE rowid IN (SELECT orgql_row FROM ${WORK})`);
  return shown ?? finish(evaluation, statement, 'DELETE', table, ids, 'deleted');
}

async function updateLocal(
  evaluation: Evaluation,
  engine: Engine,
  table: LocalTable,
  statement: Statement & { readonly kind: 'update' | 'replace' },
): Promise<Cursor> {
  if (statement.kind === 'replace')
    throw new OrgqlError('unsupported_syntax', 'REPLACE ... SET is for relations of APIs', { hint: 'use UPDATE on a local table' });
  const ids = await touched(
    evaluation,
    engine,
    table,
    statement,
    statement.from,
    statement.assignments.map(({ value }) => value),
  );
  const set = statement.assignments.map(({ column }, index) => `${quoteName(column.parts.at(-1) ?? '')} = w.v${index}`).join(', ');
  await engine.execute(`UPDATE ${table.path} AS t SET ${set} FROM ${WORK} AS w WHERE t.rowid = w.orgql_row`);
  return finish(evaluation, statement, 'UPDATE', table, ids, 'updated');
}

/** Row numbers of the rows that a condition means, with the values that they get, in the work table; the numbers, each once. */
async function touched(
  evaluation: Evaluation,
  engine: Engine,
  table: LocalTable,
  statement: Statement & { readonly kind: 'update' | 'replace' | 'delete' },
  others: TextSlice | undefined,
  values: readonly TextSlice[],
): Promise<readonly string[]> {
  const alias = quoteName(statement.alias ?? table.name);
  await queryInto(
    evaluation,
    [
      ...prefix(statement.ctes),
      `SELECT ${alias}.rowid AS orgql_row`,
      ...values.flatMap((value, index) => [', (', value, `) AS v${index}`]),
      ` FROM ${quoteName(table.name)} AS ${alias}`,
      ...(others === undefined ? [] : [', ', others]),
      ...(statement.where === undefined ? [] : [' WHERE ', statement.where]),
    ],
    WORK,
    'create',
    false,
  );
  const { rows } = await engine.rows(`SELECT DISTINCT orgql_row FROM ${WORK}`);
  return rows.map(([id]) => String(id));
}

async function finish(
  evaluation: Evaluation,
  statement: WriteStatement,
  command: string,
  table: LocalTable,
  ids: readonly string[],
  participle: string,
): Promise<Cursor> {
  const message = `${count(ids.length, 'row')} ${participle}`;
  const { context, recorder, options } = evaluation;
  if (statement.returning === undefined) return cursorOf({ kind: 'effect', command, receipt: recorder.receipt(ids.length), message });
  const alias = quoteName(('alias' in statement ? statement.alias : undefined) ?? table.name);
  const chosen = ids.length === 0 ? 'false' : `${alias}.rowid IN (${ids.join(', ')})`;
  const composed = compose(['SELECT ', statement.returning, ` FROM ${quoteName(table.name)} AS ${alias} WHERE ${chosen}`]);
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
