import { randomBytes } from 'node:crypto';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { OrgqlError } from '../util/errors.ts';
import { type BatchSource, columnsOf, readBatches, throwIfAborted, withStatement } from './connection.ts';
import { describeColumns } from './describe.ts';
import { toOrgqlError } from './engine-errors.ts';
import { exportParts, exportQuery } from './export.ts';
import { createFunctionInstaller } from './function-installer.ts';
import { attachLocalDatabase, LOCAL_SEARCH_PATH } from './local-database.ts';
import { pinnedNow } from './now.ts';
import { createParser } from './parse.ts';
import { createQueue, type Queue } from './queue.ts';
import { quoteLiteral } from './quote.ts';
import { createRunning } from './running.ts';
import { sandboxSettings } from './settings.ts';
import { makeSpillDirectory } from './spill.ts';
import { createStage, STAGE_SCHEMA } from './stage.ts';
import type { Engine, EngineOptions, EngineResult, SqlValue } from './types.ts';
import { columnReader, readRows } from './values.ts';

/** Commas for the installer, which takes their number for the most arguments that a call can have. */
const MANY_ARGUMENTS = ','.repeat(32);

/**
 * Starts an engine of its own for one session: in memory, closed off from files, network and settings, with our functions.
 * Whoever opens it closes it.
 *
 * It has three kinds of connections: one that parses, describes and executes; one that stages pages; and one for each open stream, since a
 * result that is being read ends with the next statement of its connection. TEMP objects of the engine belong to one connection, so
 * callers make them as plain tables of `memory.main`.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const spill = makeSpillDirectory(options.spillDirectory);
  const partialSuffix = `.${randomBytes(6).toString('hex')}.part`;
  let instance: DuckDBInstance;
  let main: DuckDBConnection;
  let writer: DuckDBConnection;
  try {
    instance = await DuckDBInstance.create(':memory:');
    main = await instance.connect();
    await main.run(
      [
        `CREATE SCHEMA ${STAGE_SCHEMA}`,
        ...(options.now === undefined ? [] : pinnedNow(options.now)),
        ...sandboxSettings(options, spill.path, partialSuffix),
      ].join('; '),
    );
    writer = await instance.connect();
  } catch (error) {
    spill.remove();
    throw toOrgqlError(error);
  }

  const running = createRunning();
  const closed = new AbortController();
  const mainQueue = queueFor(main);
  const writerQueue = queueFor(writer);
  const parser = createParser(main);
  const functions = createFunctionInstaller(writer, writerQueue);
  const streams = new Set<DuckDBConnection>();
  let attached: Promise<void> | undefined;
  let isAttached = false;
  let releaseLocal: () => void = () => undefined;
  let closing: Promise<void> | undefined;

  function queueFor(connection: DuckDBConnection): Queue {
    const queue = createQueue();
    return { run: (task) => queue.run(() => running.run(connection, [closed.signal], task)) };
  }

  /** Runs one statement on the main connection, in turn, once the functions that it calls are known. */
  async function onMainWith<T>(sql: string, task: () => Promise<T>): Promise<T> {
    await functions.install(sql);
    return onMain(task);
  }

  /** Runs one task on the main connection, in turn. */
  function onMain<T>(task: () => Promise<T>): Promise<T> {
    if (closed.signal.aborted) return Promise.reject(new OrgqlError('internal', 'The engine is closed'));
    return mainQueue.run(task);
  }

  /** Gives the task a connection of its own, which `close` ends; an abort of the signal, or the engine's end, interrupts it. */
  async function withConnection<T>(
    sql: string,
    signal: AbortSignal | undefined,
    task: (connection: DuckDBConnection, source: BatchSource) => Promise<T>,
  ): Promise<T> {
    const signals = signal === undefined ? [closed.signal] : [signal, closed.signal];
    throwIfAborted(signals);
    await functions.install(sql);
    throwIfAborted(signals);
    const connection = await instance.connect();
    streams.add(connection);
    const close = () => {
      if (streams.delete(connection)) connection.closeSync();
    };
    const run = <R>(step: () => Promise<R>) => running.run(connection, signals, step);
    try {
      if (isAttached) await connection.run(`SET search_path = ${quoteLiteral(LOCAL_SEARCH_PATH)}`);
      throwIfAborted(signals);
      return await run(() => task(connection, { sql, signals, run, close }));
    } catch (error) {
      close();
      throwIfAborted(signals);
      throw toOrgqlError(error, sql);
    }
  }

  function openStream(sql: string, parameters: Readonly<Record<string, SqlValue>>, signal: AbortSignal | undefined): Promise<EngineResult> {
    return withConnection(sql, signal, async (connection, source) => {
      const result = await withStatement(connection, sql, parameters, (statement) => statement.stream());
      return { columns: columnsOf(result), batches: readBatches(result, source) };
    });
  }

  async function closeAll(): Promise<void> {
    closed.abort(new Error('The engine was closed'));
    running.interruptAll();
    await Promise.allSettled([mainQueue.run(async () => undefined), writerQueue.run(async () => undefined)]);
    await running.settled();
    for (const connection of [...streams, main, writer]) connection.closeSync();
    streams.clear();
    instance.closeSync();
    releaseLocal();
    spill.remove();
  }

  return {
    parse: (sql) => onMain(() => parser.parse(sql)),
    print: (tree) => onMain(() => parser.print(tree)),
    createStage: (spec) => createStage(writer, writerQueue, spec),
    execute: (sql, parameters = {}) =>
      onMainWith(sql, async () => {
        await withStatement(main, sql, parameters, (statement) => statement.run());
      }),
    rows: (sql, parameters = {}) =>
      onMainWith(sql, () =>
        withStatement(main, sql, parameters, async (statement) => {
          const result = await statement.run();
          const readers = result.columnTypes().map(columnReader);
          const rows = (await result.fetchAllChunks()).flatMap((chunk) => readRows(chunk, readers));
          return { columns: columnsOf(result), rows };
        }),
      ),
    stream: (sql, parameters = {}, signal) => openStream(sql, parameters, signal),
    describe: (sql, parameters = {}) => onMainWith(sql, () => describeColumns(main, sql, parameters)),
    exportQuery: (sql, parameters, path, exportOptions, signal) =>
      withConnection(sql, signal, async (connection, { close }) => {
        const rows = await exportQuery(connection, sql, parameters, path, exportOptions, partialSuffix);
        close();
        return rows;
      }),
    exportParts: (path, exportOptions) =>
      exportParts(
        (sql, signal, task) =>
          withConnection(sql, signal, async (connection, { close }) => {
            const result = await task(connection);
            close();
            return result;
          }),
        path,
        exportOptions,
        partialSuffix,
      ),
    attachLocal() {
      attached ??= onMain(async () => {
        releaseLocal = await attachLocalDatabase(main, options.localDatabase);
        await main.run(`SET search_path = ${quoteLiteral(LOCAL_SEARCH_PATH)}`);
        isAttached = true;
        // Views call functions by name when they are read: their text says which.
        const views = await main.runAndReadAll("SELECT sql FROM duckdb_views() WHERE database_name = 'local' AND NOT internal");
        await functions.install(
          views
            .getRowsJS()
            .map(([sql]) => `${String(sql)}${MANY_ARGUMENTS}`)
            .join('; '),
        );
      }).catch((error: unknown) => {
        // The other process may be gone at the next attempt.
        attached = undefined;
        throw toOrgqlError(error);
      });
      return attached;
    },
    interrupt: () => running.interruptAll(),
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
