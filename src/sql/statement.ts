/** A piece of the statement's text. `offset` counts UTF-16 units from the start of the whole text given. */
export interface TextSlice {
  readonly text: string;
  readonly offset: number;
}

/** A dotted name with its parts unquoted. */
export interface NameSlice extends TextSlice {
  readonly parts: readonly string[];
}

export interface Assignment {
  readonly column: NameSlice;
  readonly value: TextSlice;
}

/** One statement of the user, cut into clauses; queries and expressions in it stay text, for the engine's parser. */
export type Statement = { readonly slice: TextSlice } & StatementBody;

export type StatementBody =
  /** SELECT, WITH, FROM, VALUES, TABLE, PIVOT, UNPIVOT, SUMMARIZE, parenthesised queries. */
  | { readonly kind: 'query'; readonly query: TextSlice }
  | {
      readonly kind: 'insert';
      readonly relation: NameSlice;
      readonly columns: readonly NameSlice[] | undefined;
      /** `VALUES (...)`, a query, or `DEFAULT VALUES`. */
      readonly source: TextSlice;
      readonly conflict: 'error' | 'ignore' | 'replace';
      readonly returning: TextSlice | undefined;
      readonly ctes: TextSlice | undefined;
      /** StackQL's leading comment options such as `@@json` or the keyword AWAIT are not clauses; unknown ones are errors. */
      readonly byName: boolean;
    }
  | {
      /** `UPDATE r SET ...` and StackQL's `REPLACE r SET ...`. */
      readonly kind: 'update' | 'replace';
      readonly relation: NameSlice;
      readonly alias: string | undefined;
      readonly assignments: readonly Assignment[];
      readonly from: TextSlice | undefined;
      readonly where: TextSlice | undefined;
      readonly returning: TextSlice | undefined;
      readonly ctes: TextSlice | undefined;
    }
  | {
      readonly kind: 'delete';
      readonly relation: NameSlice;
      readonly alias: string | undefined;
      readonly using: TextSlice | undefined;
      readonly where: TextSlice | undefined;
      readonly returning: TextSlice | undefined;
      readonly ctes: TextSlice | undefined;
    }
  | {
      readonly kind: 'exec';
      /** Relation and method: the last part is the method. */
      readonly method: NameSlice;
      /** `@name = expression`. */
      readonly parameters: readonly { readonly name: string; readonly slice: TextSlice; readonly value: TextSlice }[];
      /** `@@json = expression`. */
      readonly json: TextSlice | undefined;
      readonly forEach: TextSlice | undefined;
    }
  | {
      readonly kind: 'show';
      readonly what: 'providers' | 'services' | 'resources' | 'methods' | 'tables' | 'orgs' | 'settings';
      readonly extended: boolean;
      /** Of `IN` or `FROM`. */
      readonly scope: NameSlice | undefined;
      readonly like: string | undefined;
    }
  | {
      readonly kind: 'describe';
      readonly extended: boolean;
      readonly relation: NameSlice | undefined;
      readonly query: TextSlice | undefined;
    }
  | { readonly kind: 'explain'; readonly analyze: boolean; readonly statement: Statement }
  | { readonly kind: 'use'; readonly scope: NameSlice }
  | {
      readonly kind: 'registry';
      readonly action: 'list' | 'pull' | 'remove';
      readonly provider: string | undefined;
      readonly version: string | undefined;
    }
  | {
      readonly kind: 'create';
      readonly object: 'table' | 'view' | 'materialized view';
      readonly orReplace: boolean;
      readonly temporary: boolean;
      readonly ifNotExists: boolean;
      readonly name: NameSlice;
      /** Column list of a view, or column definitions of a table without AS, as written. */
      readonly columns: TextSlice | undefined;
      readonly query: TextSlice | undefined;
    }
  | { readonly kind: 'refresh'; readonly name: NameSlice }
  | { readonly kind: 'drop'; readonly object: 'table' | 'view' | 'materialized view'; readonly ifExists: boolean; readonly name: NameSlice }
  | { readonly kind: 'transaction'; readonly action: 'begin' | 'commit' | 'rollback' }
  | {
      readonly kind: 'copy';
      readonly query: TextSlice | undefined;
      readonly table: NameSlice | undefined;
      readonly path: string;
      readonly options: TextSlice | undefined;
    }
  /** ATTACH, INSTALL, LOAD, PRAGMA, SET, EXPORT, CALL, ...: understood and refused by name. */
  | { readonly kind: 'forbidden'; readonly keyword: string };
