import { deleteRows } from '../exec/delete.ts';
import { execMethod } from '../exec/exec-method.ts';
import type { Evaluation } from '../exec/expressions.ts';
import { insertRows } from '../exec/insert.ts';
import { describeRelation, type FactTable, likeMatcher, showCatalog, textTable } from '../exec/metadata.ts';
import type { Transaction } from '../exec/transaction.ts';
import type { Cursor, ExecuteOptions } from '../exec/types.ts';
import { updateRows } from '../exec/update.ts';
import { resolveRelation, resolveTarget, type StatementContext } from '../exec/write-context.ts';
import { cursorOf } from '../exec/write-cursor.ts';
import { recordEffect } from '../exec/write-receipt.ts';
import type { Statement } from '../sql/statement.ts';
import { assertNever, OrgqlError } from '../util/errors.ts';
import type { LocalStatements } from './local-statements.ts';
import type { SessionOrgs } from './org-directory.ts';

/** What running a statement needs beside the executors' context. */
export interface StatementSession {
  readonly context: StatementContext;
  readonly orgs: SessionOrgs;
  readonly transaction: Transaction;
  readonly local: LocalStatements;
  readonly use: (scope: readonly string[]) => void;
  readonly explain: (statement: Statement & { readonly kind: 'explain' }, options: ExecuteOptions) => Promise<Cursor>;
  readonly registry: (statement: Statement & { readonly kind: 'registry' }, options: ExecuteOptions) => Promise<FactTable>;
}

/** Runs one statement; its effects have happened when the cursor is there, its rows may still stream. */
export async function runStatement(session: StatementSession, statement: Statement, options: ExecuteOptions): Promise<Cursor> {
  const { context, local } = session;
  const { environment } = context;
  const evaluation = (): Evaluation => ({ context, options, recorder: recordEffect(context.clock, statement.slice.text, undefined) });
  switch (statement.kind) {
    case 'query':
      return context.runQuery(environment, statement.query, options);
    case 'insert':
    case 'update':
    case 'replace':
    case 'delete': {
      const target = await resolveTarget(environment, statement.relation);
      if (target.kind === 'local') return local.write(evaluation(), target, statement);
      const { relation } = target;
      const recorder = recordEffect(context.clock, statement.slice.text, { relation: relation.id, method: statement.kind });
      const recorded: Evaluation = { context, options, recorder };
      if (statement.kind === 'insert') return insertRows(recorded, relation, statement);
      if (statement.kind === 'delete') return deleteRows(recorded, relation, statement);
      return updateRows(recorded, relation, statement);
    }
    case 'exec': {
      const relation = statement.method.parts.slice(0, -1).join('.');
      return execMethod(
        {
          context,
          options,
          recorder: recordEffect(context.clock, statement.slice.text, { relation, method: statement.method.parts.at(-1) ?? '' }),
        },
        statement,
      );
    }
    case 'show':
      return facts(session, statement, 'SHOW', await show(session, statement));
    case 'describe':
      return facts(session, statement, 'DESCRIBE', await describe(session, statement, options));
    case 'explain':
      return session.explain(statement, options);
    case 'use':
      return use(session, statement);
    case 'registry':
      return facts(session, statement, 'REGISTRY', await session.registry(statement, options));
    case 'create':
    case 'refresh':
    case 'drop':
      return local.define(evaluation(), statement);
    case 'transaction':
      return said(
        session,
        statement,
        statement.action.toUpperCase(),
        statement.action === 'begin' ? session.transaction.begin() : session.transaction.end(statement.action),
      );
    case 'copy':
      return local.copy(evaluation(), statement);
    case 'forbidden':
      throw forbidden(statement);
    default:
      return assertNever(statement);
  }
}

async function show(session: StatementSession, statement: Statement & { readonly kind: 'show' }): Promise<FactTable> {
  const matches = likeMatcher(statement.like);
  switch (statement.what) {
    case 'orgs': {
      const shown = session.orgs.list().filter((org) => matches(org.name));
      return textTable(
        ['name', 'provider', 'url', 'default', 'origin'],
        shown.map((org) => [org.name, org.provider, org.url ?? null, org.isDefault ? 'yes' : 'no', org.origin]),
      );
    }
    case 'tables':
      return session.local.list(matches);
    case 'settings': {
      const scope = session.context.environment.scope();
      const settings: readonly (readonly [string, string | null])[] = [
        ['scope', scope.length === 0 ? null : scope.join('.')],
        ['now', new Date(session.context.environment.now()).toISOString()],
        ['default_org', session.orgs.list().find((org) => org.isDefault)?.name ?? null],
        ['timezone', 'UTC'],
      ];
      return textTable(
        ['name', 'value'],
        settings.filter(([name]) => matches(name)),
      );
    }
    default:
      return showCatalog(session.context.environment, statement);
  }
}

async function describe(
  session: StatementSession,
  statement: Statement & { readonly kind: 'describe' },
  options: ExecuteOptions,
): Promise<FactTable> {
  const { context } = session;
  if (statement.query !== undefined) return session.local.describeQuery(context, statement.query, options);
  if (statement.relation === undefined) return session.local.list(() => true);
  const target = await resolveTarget(context.environment, statement.relation);
  if (target.kind === 'relation') {
    const { columns, views } = target.relation;
    const [view] = columns.length === 0 ? views : [];
    return view === undefined
      ? describeRelation(target.relation, statement.extended)
      : session.local.describeQuery(context, { text: view.sql.replace(/;\s*$/, ''), offset: 0 }, options);
  }
  const found = await session.local.describeTable(target, context, options);
  return found ?? describeRelation(await resolveRelation(context.environment, statement.relation), statement.extended);
}

async function use(session: StatementSession, statement: Statement & { readonly kind: 'use' }): Promise<Cursor> {
  const { catalog } = session.context.environment;
  const [first = '', second] = statement.scope.parts;
  const provider = await catalog.provider(first);
  const scope = [provider.name];
  if (second !== undefined) {
    const service = provider.services.find((one) => one.name.toLowerCase() === second.toLowerCase());
    // Throws unknown_service, with a suggestion.
    if (service === undefined) await provider.relations(second);
    scope.push(service?.name ?? second);
  }
  session.use(scope);
  return said(session, statement, 'USE', `names without a provider are looked for in ${scope.join('.')}`);
}

function facts(session: StatementSession, statement: Statement, command: string, table: FactTable): Cursor {
  const { receipt } = recordEffect(session.context.clock, statement.slice.text, undefined);
  const notices = table.notice === undefined ? [] : [{ code: 'notice', message: table.notice }];
  return cursorOf({ kind: 'rows', command, columns: table.columns, rows: table.rows, receipt: receipt(table.rows.length), notices });
}

function said(session: StatementSession, statement: Statement, command: string, message: string): Cursor {
  const { receipt } = recordEffect(session.context.clock, statement.slice.text, undefined);
  return cursorOf({ kind: 'effect', command, receipt: receipt(0), message });
}

const REASONS: Readonly<Record<string, string>> = {
  ATTACH: 'it opens files of this machine',
  DETACH: 'the databases of a session are fixed',
  INSTALL: 'it loads code into the engine',
  LOAD: 'it loads code into the engine',
  PRAGMA: 'it changes settings of the engine',
  SET: 'it changes settings of the engine',
  RESET: 'it changes settings of the engine',
  EXPORT: 'it writes files of this machine',
  IMPORT: 'it reads files of this machine',
  CALL: 'it runs functions of the engine outside a query',
};

function forbidden(statement: Statement & { readonly kind: 'forbidden' }): OrgqlError {
  const reason = REASONS[statement.keyword.split(' ')[0] ?? ''] ?? 'it is no statement over relations or local tables';
  return new OrgqlError('forbidden_by_sandbox', `${statement.keyword} is not allowed: ${reason}`, {
    detail: 'SQL reaches relations and local tables, but no file, network or setting of this machine',
    span: { offset: statement.slice.offset, length: statement.keyword.length },
  });
}
