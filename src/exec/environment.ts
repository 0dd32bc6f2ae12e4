import type { Catalog } from '../catalog/types.ts';
import type { Engine, ExportOptions } from '../engine/types.ts';
import type { HttpClient, OrgConnection } from '../http/types.ts';
import type { TextSlice } from '../sql/statement.ts';
import type { PageSources } from './pages/types.ts';
import type { Synopsis, SynopsisRow } from './synopsis.ts';
import type { Cursor, ExecuteOptions } from './types.ts';

/** What every executor works with: made by the session, one per session. */
export interface Environment {
  readonly catalog: Catalog;
  /** Starts at first use; SHOW, DESCRIBE and EXEC with literals never ask for it. */
  readonly engine: () => Promise<Engine>;
  readonly http: () => Promise<HttpClient>;
  readonly orgs: OrgDirectory;
  readonly local: LocalObjects;
  /** The time that `now()` shows, epoch milliseconds: the pinned one, else the wall clock at the statement's start. */
  readonly now: () => number;
  /** The time that passes, epoch milliseconds, whatever `now()` is pinned to: what a receipt measures. */
  readonly clock: () => number;
  /** Pages from elsewhere than the API: shared, cached, of interrupted runs. */
  readonly pages: PageSources;
  /** Counts of rows, kept per org. */
  readonly statistics: Statistics;
  /** The reason why SQL may not call a function, or `undefined`. `files`: the statement may read the files that it names. */
  readonly forbiddenFunction: (name: string, files: boolean, place?: 'table' | 'scalar') => string | undefined;
  /** A name for the next statement's staging tables, unique in the session. */
  readonly statementId: () => string;
  /** `USE provider.service`. */
  readonly scope: () => readonly string[];
}

export interface OrgDirectory {
  /** The connection that a `subdomain` value names, or the default for `undefined`. Throws `unknown_org` (names the known ones), `missing_credential`, `untrusted_config`. */
  readonly resolve: (provider: string, subdomain: string | undefined) => Promise<OrgConnection>;
  readonly names: () => readonly string[];
  /** The name of the org that a `subdomain` value means, as statistics are kept under; connects to nothing. */
  readonly nameOf: (provider: string, subdomain: string | undefined) => string;
}

/** Views and materialized views of the user; plain tables live in the engine's local database. */
export interface LocalObjects {
  /** A view's query by its name without regard to case, or `undefined`. Materialized views are tables and are not found here. */
  readonly view: (name: string) => Promise<{ readonly sql: string; readonly columns: readonly string[] } | undefined>;
  /** The materialized views with their queries. */
  readonly materialized: () => Promise<readonly { readonly name: string; readonly sql: string }[]>;
}

/** Rows that a write has added, or taken away if below 0. */
export interface RowChange {
  readonly rows: number;
  /** Of children: whose they are. */
  readonly parent?: string;
  /** The row that there is now, in the shape of those that `org analyze` keeps. */
  readonly row?: SynopsisRow;
  /** The row that is gone. */
  readonly gone?: { readonly column: string; readonly value: string };
}

/** What is known of the sizes of an org's relations, from complete scans and `org analyze`. */
export interface Statistics {
  /** `predicate` is a stable text of the pushed filter, `''` for the whole relation. */
  readonly rows: (org: string, relation: string, predicate: string) => { readonly rows: number; readonly at: number } | undefined;
  readonly record: (org: string, relation: string, predicate: string, rows: number) => void;
  /** Counts rows that this program has added or taken away. Of what was never counted nothing is known afterwards either. */
  readonly adjust: (org: string, relation: string, change: RowChange) => void;
  /** Net rows so added since the relation was counted last. */
  readonly added: (org: string, relation: string) => number;
  /** What `org analyze` kept of a relation, its sizes with what was added since. */
  readonly synopsis: (org: string, relation: string) => Synopsis | undefined;
  readonly keep: (org: string, synopsis: Synopsis) => void;
}

/** Where a query's rows go instead of to the caller: into `CREATE [OR REPLACE] [TEMP] TABLE <table> AS` or the like, or a file. */
export type Into =
  | { readonly table: string; readonly mode: 'create' | 'replace' | 'insert' }
  | { readonly path: string; readonly options: ExportOptions };

/**
 * Runs one query (any SELECT-like text, possibly over API relations) and streams its rows: `src/exec/select.ts`.
 * With `into`, the rows go to a table or a file instead and the cursor yields none.
 */
export type RunQuery = (environment: Environment, query: TextSlice, options: ExecuteOptions & { readonly into?: Into }) => Promise<Cursor>;
