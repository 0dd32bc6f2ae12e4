import { join, resolve } from 'node:path';
import { openCatalog } from './catalog/load.ts';
import { forbiddenKind } from './engine/sandbox.ts';
import type { Environment, RunQuery } from './exec/environment.ts';
import { createLocalStore } from './exec/local-store.ts';
import { localTables } from './exec/local-tables.ts';
import { createPageSources } from './exec/pages/sources.ts';
import { createTransaction } from './exec/transaction.ts';
import type { Cursor, ExecuteOptions } from './exec/types.ts';
import type { ProxySettings } from './http/transport/transport.ts';
import type { Clock, HttpClient } from './http/types.ts';
import { builtinProviders } from './session/builtin-providers.ts';
import { createCredentials } from './session/credentials.ts';
import { createDemoOrg } from './session/demo-org.ts';
import { literalPaths } from './session/literal-paths.ts';
import { createLocalStatements } from './session/local-statements.ts';
import { createOrgDirectory } from './session/org-directory.ts';
import { runStatement, type StatementSession } from './session/run-statement.ts';
import type { EnvironmentVariables } from './session/secrets.ts';
import { openStatistics } from './session/statistics.ts';
import type { Session, SessionConfig } from './session-types.ts';
import { parseScript, parseStatement } from './sql/parse-statement.ts';
import type { Statement } from './sql/statement.ts';
import { OrgqlError, withParts } from './util/errors.ts';

/** What a session takes from its surroundings; tests and embedders put their own in place. */
export interface SessionDependencies {
  /** Variables that credentials and providers name. Default: none are known. */
  readonly environment?: EnvironmentVariables;
  readonly clock?: Clock;
  /** 0 (inclusive) to 1. */
  readonly random?: () => number;
  readonly userAgent?: string;
  readonly runQuery?: RunQuery;
  readonly http?: () => Promise<HttpClient>;
  /** For REGISTRY, which reads no org. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * A session: SQL text in, cursors out. Engine, HTTP client and the `demo` org start when they are first needed.
 * The caller closes it.
 */
export async function openSession(config: SessionConfig, dependencies: SessionDependencies = {}): Promise<Session> {
  const variables = dependencies.environment ?? {};
  const clock = dependencies.clock ?? SYSTEM_CLOCK;
  const userAgent = dependencies.userAgent ?? 'orgql';
  const catalog = openCatalog({ roots: [...(config.providerRoots ?? []), ...builtinProviders(import.meta.url)] });
  const demo = createDemoOrg(config.now);
  const statistics = openStatistics(inData(config, 'statistics.json'), clock.now);
  const paths = new Set((config.allowedPaths ?? []).map((path) => resolve(path)));
  const engine = lazily(async () => (await import('./engine/open-engine.ts')).openEngine(engineOptions(config, [...paths])));
  const pages = createPageSources(config.dataDirectory, clock.now);
  const http = lazily(
    dependencies.http ??
      (async () =>
        (await import('./http/client.ts')).createHttpClient({
          clock,
          random: dependencies.random ?? Math.random,
          userAgent,
          proxy: proxyOf(variables),
        })),
  );
  const orgs = createOrgDirectory({
    config,
    catalog,
    demo,
    credentials: createCredentials({ environment: variables, clock, userAgent, proxy: proxyOf(variables) }),
  });
  const store = createLocalStore(engine.get, inData(config, 'local.duckdb'));
  const transaction = createTransaction();
  let scope: readonly string[] = [];
  let statementNow = config.now ?? clock.now();
  let statements = 0;

  const environment: Environment = {
    catalog,
    engine: engine.get,
    http: async () => pages.watch(await http.get()),
    pages,
    orgs,
    local: store,
    now: () => statementNow,
    clock: clock.now,
    statistics,
    scope: () => scope,
    forbiddenFunction: (name, files, place) => forbiddenKind(name, files ? 'files' : 'sandboxed', place),
    statementId: () => `s${++statements}`,
  };
  const session: StatementSession = {
    context: { environment, clock, runQuery: dependencies.runQuery ?? plannedQuery },
    orgs,
    transaction,
    local: createLocalStatements(store),
    use: (names) => {
      scope = names;
    },
    explain: async (statement, options) =>
      (await import('./exec/explain-statement.ts')).explainStatement(environment, statement, options, (inner, given) =>
        runStatement(session, inner, given),
      ),
    registry: async (statement, options) =>
      (await import('./session/registry-statement.ts')).runRegistry(statement, config, dependencies.fetch ?? globalThis.fetch, options),
  };

  const run = async (sql: string, typed: Statement, options: ExecuteOptions): Promise<Cursor> => {
    const statement = options.explain === true ? explained(typed) : typed;
    statementNow = config.now ?? clock.now();
    const isEnd = statement.kind === 'transaction';
    try {
      if (!isEnd) transaction.check();
      const cursor = await runStatement(session, statement, READS.has(statement.kind) ? options : withoutOldPages(options));
      if (WRITES.has(statement.kind)) transaction.wrote(cursor.message() ?? cursor.command);
      return cursor;
    } catch (error) {
      if (!isEnd) transaction.failed();
      throw inSource(error, sql);
    }
  };

  // What the engine may reach is fixed when it starts; a statement of the command line that names another file has it started anew.
  const allowFiles = async (sql: string, options: ExecuteOptions): Promise<void> => {
    if (options.allowFiles !== true) return;
    const wanted = literalPaths(sql).map((path) => resolve(path));
    if (wanted.every((path) => paths.has(path))) return;
    for (const path of wanted) paths.add(path);
    if (!engine.isStarted()) return;
    const temporary = (await localTables(await engine.get())).filter((table) => table.temporary || config.dataDirectory === undefined);
    if (temporary.length > 0) {
      for (const path of wanted) paths.delete(path);
      throw new OrgqlError('forbidden_by_sandbox', `${wanted.join(', ')} cannot be allowed while the session keeps tables in memory`, {
        detail: `They are ${temporary.map((table) => table.name).join(', ')}, and would be lost`,
        hint: 'allow the path from the start: --allow-path',
      });
    }
    await engine.close();
    store.forget();
  };

  return {
    catalog,
    execute: async function* (sql, options = {}) {
      const script = parseScript(sql);
      await allowFiles(sql, options);
      // What one statement has fetched answers the identical calls of those after it.
      const share = script.length > 1 && options.pages === undefined ? pages.share() : undefined;
      const shared = share === undefined ? options : { ...options, pages: { share } };
      try {
        for (const [index, statement] of script.entries()) {
          share?.expectIn(
            script
              .slice(index + 1)
              .map((later) => later.slice.text)
              .join('\n'),
          );
          const cursor = await run(sql, statement, shared);
          try {
            yield cursor;
          } finally {
            await cursor.close();
          }
        }
      } finally {
        await share?.close();
      }
    },
    query: async (sql, options = {}) => {
      const statement = parseStatement(sql);
      await allowFiles(sql, options);
      return run(sql, statement, options);
    },
    analyze: async ({ org, relations = [], onRelation, ...options } = {}) => {
      const named = org === undefined ? undefined : config.orgs.find((one) => one.name.toLowerCase() === org.toLowerCase());
      const provider =
        named?.provider ?? (org === undefined ? (config.orgs.find((one) => one.name === config.defaultOrg)?.provider ?? 'okta') : 'okta');
      const { analyzeOrg } = await import('./exec/analyze.ts');
      const analysis = await analyzeOrg(
        {
          catalog,
          statistics,
          query: (sql, given = {}) => run(sql, parseStatement(sql), given),
        },
        {
          org: named?.name ?? org ?? orgs.nameOf(provider, undefined),
          provider,
          relations,
          now: config.now ?? clock.now(),
          options,
          ...(onRelation === undefined ? {} : { onRelation }),
        },
      );
      statistics.save();
      return analysis;
    },
    close: async () => {
      statistics.save();
      // Each is closed even where another fails to.
      await Promise.allSettled([engine.close(), http.close(), demo.close(), pages.close()]);
    },
  };
}

/** EXPLAIN of a statement, as if it had been typed so. */
function explained(statement: Statement): Statement {
  if (statement.kind === 'use' || statement.kind === 'explain') return statement;
  return { kind: 'explain', analyze: false, statement, slice: statement.slice };
}

/** Statements that change something, which no ROLLBACK takes back. */
const WRITES: ReadonlySet<string> = new Set(['insert', 'update', 'replace', 'delete', 'exec', 'create', 'refresh', 'drop', 'copy']);

/** Statements that may be answered from what was fetched before; a change looks at the org as it is. */
const READS: ReadonlySet<string> = new Set(['query', 'create', 'refresh', 'copy', 'explain']);

function withoutOldPages({ maxAgeMs: _maxAge, resumeDirectory: _resume, ...options }: ExecuteOptions): ExecuteOptions {
  return options;
}

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  steady: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      // A signal outlives its sleeps: each takes its listener away.
      const wake = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

// The planner is loaded with the first query: SHOW, DESCRIBE and EXEC need none of it.
const plannedQuery: RunQuery = async (environment, query, options) =>
  (await import('./exec/select.ts')).runQuery(environment, query, options);

interface Lazy<T> {
  readonly get: () => Promise<T>;
  readonly isStarted: () => boolean;
  readonly close: () => Promise<void>;
}

/** Something started once, at first use, and closed only if it was. A failed start is tried again. */
function lazily<T extends { readonly close: () => Promise<void> }>(start: () => Promise<T>): Lazy<T> {
  let started: Promise<T> | undefined;
  return {
    get: () => {
      started ??= start();
      started.catch(() => {
        started = undefined;
      });
      return started;
    },
    isStarted: () => started !== undefined,
    close: async () => {
      const running = started;
      started = undefined;
      await (await running?.catch(() => undefined))?.close();
    },
  };
}

function proxyOf(variables: EnvironmentVariables): ProxySettings {
  return {
    httpsProxy: variables.HTTPS_PROXY ?? variables.https_proxy,
    noProxy: variables.NO_PROXY ?? variables.no_proxy,
    extraCaFile: variables.NODE_EXTRA_CA_CERTS,
  };
}

function engineOptions(
  config: SessionConfig,
  allowedPaths: readonly string[],
): Parameters<typeof import('./engine/open-engine.ts').openEngine>[0] {
  const localDatabase = inData(config, 'local.duckdb');
  return {
    ...(config.memoryLimit === undefined ? {} : { memoryLimit: config.memoryLimit }),
    allowedPaths,
    ...(localDatabase === undefined ? {} : { localDatabase }),
  };
}

function inData(config: SessionConfig, file: string): string | undefined {
  return config.dataDirectory === undefined ? undefined : join(config.dataDirectory, file);
}

/** An error of a statement with the whole text that its place points into. */
function inSource(error: unknown, sql: string): unknown {
  if (!(error instanceof OrgqlError)) return error;
  const others = error.others.flatMap((other) => {
    const placed = inSource(other, sql);
    return placed instanceof OrgqlError ? [placed] : [];
  });
  if (error.span === undefined) return others.length === 0 ? error : withParts(error, { others });
  // A query inside a script tells its place within itself.
  const base = error.source === undefined ? 0 : sql.indexOf(error.source);
  if (base < 0) return error;
  return withParts(error, { span: { offset: base + error.span.offset, length: error.span.length }, source: sql, others });
}
