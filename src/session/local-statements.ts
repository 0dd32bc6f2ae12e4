import type { Evaluation } from '../exec/expressions.ts';
import { copyTo } from '../exec/local-copy.ts';
import {
  type CreateStatement,
  createObject,
  type DropStatement,
  dropObject,
  listObjects,
  type RefreshStatement,
  refreshView,
} from '../exec/local-define.ts';
import type { LocalStore } from '../exec/local-store.ts';
import { type LocalTarget, type WriteStatement, writeLocal } from '../exec/local-write.ts';
import type { FactTable } from '../exec/metadata.ts';
import { textTable } from '../exec/metadata.ts';
import type { Cursor, ExecuteOptions } from '../exec/types.ts';
import type { StatementContext } from '../exec/write-context.ts';
import type { Statement, TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';

/** Everything that concerns tables and views of the user. */
export interface LocalStatements {
  readonly write: (evaluation: Evaluation, target: LocalTarget, statement: WriteStatement) => Promise<Cursor>;
  readonly define: (evaluation: Evaluation, statement: CreateStatement | RefreshStatement | DropStatement) => Promise<Cursor>;
  readonly copy: (evaluation: Evaluation, statement: Statement & { readonly kind: 'copy' }) => Promise<Cursor>;
  readonly list: (matches: (name: string) => boolean) => Promise<FactTable>;
  readonly describeTable: (target: LocalTarget, context: StatementContext, options: ExecuteOptions) => Promise<FactTable | undefined>;
  readonly describeQuery: (context: StatementContext, query: TextSlice, options: ExecuteOptions) => Promise<FactTable>;
}

/** The local statements over one store. */
export function createLocalStatements(store: LocalStore): LocalStatements {
  const described = async ({ environment }: StatementContext, query: TextSlice, options: ExecuteOptions): Promise<FactTable> => {
    const { describeQuery } = await import('../exec/describe-query.ts');
    const columns = await describeQuery(environment, query, options);
    return textTable(
      ['name', 'type'],
      columns.map((column) => [column.name, column.type]),
    );
  };
  return {
    write: (evaluation, target, statement) => writeLocal(evaluation, store, target, statement),
    define: (evaluation, statement) => {
      switch (statement.kind) {
        case 'create':
          return createObject(evaluation, store, statement);
        case 'refresh':
          return refreshView(evaluation, store, statement);
        case 'drop':
          return dropObject(evaluation, store, statement);
      }
    },
    copy: (evaluation, statement) => copyTo(evaluation, store, statement),
    list: async (matches) => {
      const objects = (await listObjects(store)).filter((object) => matches(object.name));
      return textTable(
        ['name', 'type'],
        objects.map((object) => [object.name, object.type]),
      );
    },
    describeTable: async (target, context, options) => {
      const name = `"${target.name.replaceAll('"', '""')}"`;
      try {
        return await described(context, { text: `SELECT * FROM ${name}`, offset: 0 }, options);
      } catch (error) {
        if (error instanceof OrgqlError && error.code === 'unknown_relation') return undefined;
        throw error;
      }
    },
    describeQuery: described,
  };
}
