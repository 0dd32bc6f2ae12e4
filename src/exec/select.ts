import { setMaxListeners } from 'node:events';
import type { EngineColumn, Stage } from '../engine/types.ts';
import { wantedTogether } from '../plan/projection.ts';
import { assertFaithful } from '../sql/faithful.ts';
import { writeTree } from '../sql/lossless.ts';
import type { TextSlice } from '../sql/statement.ts';
import { OrgqlError, withParts } from '../util/errors.ts';
import { quoteName } from './compose.ts';
import type { Environment, Into, RunQuery } from './environment.ts';
import { inUserText } from './objections.ts';
import { assertOrgsMeant, assertOrgsRead, drivenOrgs } from './orgs.ts';
import { explaining, openStatementPages } from './pages/statement-pages.ts';
import { prepareQuery } from './prepare.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { stageColumns } from './scan.ts';
import { checkReachable, type QueryRun, stageAll } from './stage-query.ts';
import { streamPlan, streamRows } from './stream.ts';
import { streamInto } from './stream-into.ts';
import type { Cursor, ExecuteOptions } from './types.ts';

/** Runs a query: names are bound, relations staged in the cheapest order, and the whole query evaluated over what was staged. */
export const runQuery: RunQuery = async (environment, query, options) => {
  const { clock } = environment;
  const recorder = createRecorder({
    statement: query.text,
    startedAt: clock(),
    clock,
    ...(options.maxCalls === undefined ? {} : { maxCalls: options.maxCalls }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  options.onQuery?.(recorder.receipt);
  const opened = await openStatementPages(environment, query, options, recorder);
  const explain = async (error: unknown): Promise<unknown> => opened.explain(await withCheaper(error, opened.environment, query, options));
  try {
    return explaining(await start(opened.environment, query, opened.options, recorder, opened.fetched), explain);
  } catch (error) {
    await opened.fetched();
    throw await explain(error);
  }
};

/** What a statement that its limit of calls has stopped could do with fewer. Of a query that nobody typed there is nothing to change. */
async function withCheaper(error: unknown, environment: Environment, query: TextSlice, options: ExecuteOptions): Promise<unknown> {
  const isStopped = error instanceof OrgqlError && error.code === 'limit_reached' && options.maxCalls !== undefined;
  if (!isStopped || options.leaveOutSecrets === true) return error;
  const [{ cheaperThan }, { cheaperText }] = await Promise.all([import('./explain.ts'), import('./explain-text.ts')]);
  return withParts(error, { hint: cheaperText('Allow more calls', await cheaperThan(environment, query, options)) });
}

async function start(
  environment: Environment,
  query: TextSlice,
  options: ExecuteOptions & { readonly into?: Into },
  recorder: Recorder,
  fetched: () => Promise<void>,
): Promise<Cursor> {
  const controller = new AbortController();
  const signal = options.signal === undefined ? controller.signal : AbortSignal.any([options.signal, controller.signal]);
  // Every request under way listens to it.
  setMaxListeners(0, signal);
  const prepared = await prepareQuery(environment, query, options);
  const run: QueryRun = {
    environment,
    options,
    prepared,
    recorder,
    lacking: new Set(),
    signal,
    enumerate: async (relation, column, subdomain, where) => {
      const rows = await readParents(environment, options, recorder, { relation, columns: [quoteName(column)], subdomain, where });
      return rows.flatMap(([value]) => (value === null || value === undefined ? [] : [value]));
    },
    parents: (relation, { column, parameter = '', pointer, value = '' }, subdomain, where) => {
      const [holder = '', ...keys] = pointer.split('/').slice(1);
      const place =
        keys.length === 0 ? quoteName(holder) : `json_extract(${quoteName(holder)}, '$${keys.map((key) => `."${key}"`).join('')}')`;
      const columns = [quoteName(column), `CASE WHEN json_type(${place}) = 'ARRAY' THEN ${place}::VARCHAR END`];
      return readParents(environment, options, recorder, { relation, columns, subdomain, where: { ...where, [parameter]: value } });
    },
  };
  checkReachable(run);
  await assertOrgsMeant(run);
  for (const [relation, wanted] of wantedTogether(prepared.bound.occurrences)) options.pages?.share?.expect(relation, wanted);
  const plan = options.into === undefined ? streamPlan(run) : undefined;
  if (plan !== undefined) return streamRows(run, plan, controller);
  if (options.into !== undefined && 'path' in options.into) {
    // A place that cannot be written costs no request.
    await prepared.engine.exportParts(options.into.path, options.into.options)?.probe(signal);
    const streamed = streamPlan(run);
    const written = streamed === undefined ? undefined : await streamInto(run, streamed, options.into);
    if (written !== undefined) {
      await fetched();
      recorder.addRows(written);
      recorder.finish(true);
      return cursorOf(run, [], noRows(), () => Promise.resolve());
    }
  }
  let stages: readonly Pick<Stage, 'drop'>[] = [];
  const dropAll = async (): Promise<void> => {
    const dropped = stages;
    stages = [];
    await Promise.allSettled(dropped.map((stage) => stage.drop()));
  };
  try {
    await checkText(run);
    const reading: QueryRun = { ...run, drivenOrgs: await drivenOrgs(run) };
    stages = await stageAll(reading);
    await assertOrgsRead(reading);
    await fetched();
    // Parts of the tree may by now read what was kept of them.
    const sql = await prepared.engine.print(writeTree(prepared.bound.tree));
    return await residual(run, sql, options.into, controller, dropAll);
  } catch (error) {
    controller.abort();
    await dropAll();
    throw options.signal?.aborted === true ? cancelled(error) : error;
  }
}

/** Proves that the query is printed as it was meant. What the engine objects to in it is found over empty ones, before anything is requested. */
async function checkText(run: QueryRun): Promise<void> {
  const { engine, bound, parametersFor } = run.prepared;
  const sql = await engine.print(writeTree(bound.tree));
  await assertFaithful(bound.tree, sql, engine.parse);
  const empty: Stage[] = [];
  try {
    for (const occurrence of bound.occurrences)
      empty.push(await engine.createStage({ name: occurrence.id, columns: stageColumns(occurrence, undefined) }));
    await engine.describe(sql, parametersFor(bound.tree));
  } catch (error) {
    throw await inUserText(error, run.prepared, bound.tree, sql);
  } finally {
    await Promise.all(empty.map((stage) => stage.drop()));
  }
}

/** Evaluates the user's whole query over the staging tables. */
async function residual(
  run: QueryRun,
  sql: string,
  into: Into | undefined,
  controller: AbortController,
  dropAll: () => Promise<void>,
): Promise<Cursor> {
  const { engine, bound, parametersFor } = run.prepared;
  const parameters = parametersFor(bound.tree);
  const explain = (error: unknown): Promise<unknown> => inUserText(error, run.prepared, bound.tree, sql);
  const finish = async (isWhole: boolean): Promise<void> => {
    run.recorder.finish(isWhole);
    await dropAll();
  };
  if (into !== undefined) {
    const written = await write(run, sql, into).catch((error: unknown) => {
      // Its place is one in a longer text, which nobody typed.
      throw error instanceof OrgqlError ? withParts(error, { span: undefined, source: undefined }) : error;
    });
    run.recorder.addRows(written);
    await finish(true);
    return cursorOf(run, [], noRows(), () => Promise.resolve());
  }
  const result = await engine.stream(sql, parameters, run.signal).catch(async (error: unknown) => {
    throw await explain(error);
  });
  const batches = countRows(run, result.batches, finish, explain);
  return cursorOf(run, result.columns, batches, async () => {
    controller.abort();
    await finish(false);
  });
}

/** Evaluates the query into a table or a file; gives the number of rows. */
async function write(run: QueryRun, sql: string, into: Into): Promise<number> {
  const { engine, bound, parametersFor } = run.prepared;
  const parameters = parametersFor(bound.tree);
  if ('path' in into) return engine.exportQuery(sql, parameters, into.path, into.options, run.signal);
  const verb =
    into.mode === 'insert' ? `INSERT INTO ${into.table}` : `CREATE ${into.mode === 'replace' ? 'OR REPLACE ' : ''}TABLE ${into.table} AS`;
  const { rows } = await engine.rows(`${verb} ${sql}`, parameters);
  return Number(rows[0]?.[0] ?? 0);
}

async function* countRows(
  run: QueryRun,
  batches: Cursor['batches'],
  finish: (isWhole: boolean) => Promise<void>,
  explain: (error: unknown) => Promise<unknown>,
): Cursor['batches'] {
  let isWhole = false;
  try {
    for await (const batch of batches) {
      run.recorder.addRows(batch.length);
      yield batch;
    }
    isWhole = true;
  } catch (error) {
    throw await explain(error);
  } finally {
    await finish(isWhole);
  }
}

async function* noRows(): Cursor['batches'] {
  // A table took the rows.
}

export function cursorOf(run: QueryRun, columns: readonly EngineColumn[], batches: Cursor['batches'], close: () => Promise<void>): Cursor {
  return {
    kind: 'rows',
    command: 'SELECT',
    columns,
    batches,
    message: () => undefined,
    notices: () => run.recorder.notices(),
    receipt: () => run.recorder.receipt(),
    close,
  };
}

/** Reads the distinct rows of some columns of another relation, as part of the same statement. */
async function readParents(
  environment: Environment,
  options: ExecuteOptions & { readonly into?: Into },
  recorder: Recorder,
  wanted: {
    readonly relation: string;
    readonly columns: readonly string[];
    readonly subdomain: string;
    readonly where: Readonly<Record<string, string>>;
  },
): Promise<readonly (readonly (string | null)[])[]> {
  const { columns, relation, subdomain, where } = wanted;
  const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const conditions = Object.entries(where).map(([name, value]) => `"${name}" = ${quote(value)}`);
  if (subdomain !== '') conditions.push(`subdomain = ${quote(subdomain)}`);
  const name = relation
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
  const text = `SELECT DISTINCT ${columns.join(', ')} FROM ${name}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
  const { parameters: _parameters, into: _into, ...inherited } = options;
  // The statement goes on: it is not finished, and these rows are not its result.
  const inner: Recorder = { ...recorder, finish: () => {}, addRows: () => {}, whenWhole: () => {} };
  const cursor = await start(environment, { text, offset: 0 }, inherited, inner, () => Promise.resolve());
  const rows: (string | null)[][] = [];
  for await (const batch of cursor.batches)
    for (const row of batch) rows.push(row.map((value) => (value === null || value === undefined ? null : String(value))));
  return rows;
}

function cancelled(cause: unknown): OrgqlError {
  return cause instanceof OrgqlError && cause.code !== 'internal'
    ? cause
    : new OrgqlError('cancelled', 'The statement was cancelled', { cause });
}
