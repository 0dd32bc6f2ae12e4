/** A value as the engine returns it. JSON columns arrive as JSON text (`EngineColumn.type` is `JSON`); TIMESTAMPTZ as RFC 3339 text with milliseconds and `Z`. */
export type SqlValue = null | boolean | number | bigint | string | Uint8Array | readonly SqlValue[] | { readonly [key: string]: SqlValue };

export interface EngineColumn {
  readonly name: string;
  /** The engine's type as it prints it: `VARCHAR`, `BIGINT`, `TIMESTAMP WITH TIME ZONE`, `JSON`, `STRUCT(...)`. */
  readonly type: string;
}

/** Values of `$name` and `$1` parameters. */
export type EngineParameters = Readonly<Record<string, SqlValue>>;

/** The rows of one statement, in batches as the engine makes them. Not reading further stops the work. */
export interface EngineResult {
  readonly columns: readonly EngineColumn[];
  /** Batches of rows; each row has the columns' order. */
  readonly batches: AsyncIterable<readonly (readonly SqlValue[])[]>;
}

/** A column of a staging table. */
export interface StageColumn {
  readonly name: string;
  /** `VARCHAR`, `BIGINT`, `DOUBLE`, `BOOLEAN`, `TIMESTAMPTZ` or `JSON`. */
  readonly type: string;
  /** Keys from the row object to the value, such as `['profile', 'email']`. `undefined`: supplied per page in `constants` (a bound parameter). */
  readonly path: readonly string[] | undefined;
}

/** Where the columns of a staging table, in their order, lie in pages of another kind. `undefined`: supplied with the page. */
export type StageLayout = readonly StageColumn['path'][];

export interface StageSpec {
  readonly name: string;
  readonly columns: readonly StageColumn[];
  /** Columns that identify a row: a later row with the same values is dropped and counted. */
  readonly key?: readonly string[];
  /** Keys to a value that a row always has, such as `['id']`: a row that has it is none without content, though every column of it is NULL. */
  readonly witness?: readonly string[];
}

export interface StageCounts {
  /** Rows that the page brought. */
  readonly rows: number;
  /** Rows dropped because their key was staged before. */
  readonly duplicates: number;
  /** Columns that had to be restaged as text because a value did not fit their type. */
  readonly retyped: readonly string[];
}

/** A table that pages are poured into as bytes, unparsed by JavaScript. */
export interface Stage {
  /** Name to use in SQL, quoted where needed. */
  readonly sqlName: string;
  /** The same name in parts, unquoted, as the nodes of a parse tree hold them. */
  readonly catalogName: string;
  readonly schemaName: string;
  readonly tableName: string;
  /**
   * Adds a page's rows. `rowsPath` leads to the array (or the one object) in the body; a missing or null array is no rows.
   * A value that does not fit its column's type is never lost: the column becomes VARCHAR and is reported.
   * Pages that are appended without waiting for those before may be staged together: the first of them then counts for all.
   * Throws `invalid_response` when the body is no JSON, or has another shape.
   */
  readonly append: (
    bytes: Uint8Array,
    rowsPath: readonly string[],
    constants: Readonly<Record<string, SqlValue>>,
    layout?: StageLayout,
  ) => Promise<StageCounts>;
  /** The same for pages that come by the thousand: they are gathered, and the listener is told of them as they are staged. */
  readonly feed: (listener: FeedListener, layout?: StageLayout) => Feed;
  readonly drop: () => Promise<void>;
}

/** What becomes of the pages of a feed. What it throws is the feed's failure. */
export interface FeedListener {
  /** Called for each page; of pages that were staged together, the first counts for all. */
  readonly staged: (counts: StageCounts) => void;
  /** A page could not be staged; `tag` came with it. */
  readonly failed: (error: unknown, tag: number) => void;
}

/** Pages on their way into a stage: their reader goes on meanwhile, and waits only while too much lies here. */
export interface Feed {
  /** Takes a page. Small ones are copied, so that nothing else of them need be kept. */
  readonly add: (bytes: Uint8Array, rowsPath: readonly string[], constants: Readonly<Record<string, SqlValue>>, tag: number) => void;
  /** A promise to wait for before the next page is read, or `undefined` where there is room. */
  readonly room: () => Promise<void> | undefined;
  /** The listener threw: no further page need be read. */
  readonly hasFailed: () => boolean;
  /** All that was added is staged. Throws the first failure. */
  readonly settle: () => Promise<void>;
}

export interface EngineOptions {
  /** Directory for spilling, private to this session; made and removed by the engine. */
  readonly spillDirectory?: string;
  /** e.g. `2GB`. Default: half of the machine's memory. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Files and folders that `read_csv`, `read_json`, `read_parquet` and COPY may reach. Default none. */
  readonly allowedPaths?: readonly string[];
  /** The local database file, made at first need, mode 0600. `undefined`: local objects live in memory. */
  readonly localDatabase?: string;
  /** Pins `now()` and its kin, for tests. Epoch milliseconds. */
  readonly now?: number;
}

/** How a query's rows are written to a file. */
export interface ExportOptions {
  readonly format: 'csv' | 'json' | 'parquet';
  /** CSV: names in the first line. Default true. */
  readonly header?: boolean;
  /** CSV: default a comma. */
  readonly delimiter?: string;
  /** CSV: columns whose values are quoted always; `*` for all. */
  readonly forceQuote?: '*' | readonly string[];
  /** CSV and JSON: what else the engine is told, by its names for it: `QUOTE`, `ESCAPE`, `NULLSTR`, `DATEFORMAT`, `TIMESTAMPFORMAT`. */
  readonly texts?: Readonly<Partial<Record<ExportText, string>>>;
  /** JSON: one array; false: an object a line. Default true. */
  readonly array?: boolean;
  /** Parquet: rows that are written together. Default about 120 000. */
  readonly rowGroupSize?: number;
  /** `gzip`, `zstd`, `snappy`, ... as the format allows. */
  readonly compression?: string;
}

export type ExportText = 'QUOTE' | 'ESCAPE' | 'NULLSTR' | 'DATEFORMAT' | 'TIMESTAMPFORMAT';

/** A file that takes the rows of one query after the other, all of the same columns. One of `finish` and `discard` ends it. */
export interface PartsExport {
  /** Finds out whether the file can be made, and the engine knows the options, without leaving anything. */
  readonly probe: (signal?: AbortSignal) => Promise<void>;
  /** Gives the number of rows. */
  readonly add: (sql: string, parameters: EngineParameters, signal?: AbortSignal) => Promise<number>;
  /** The file gets its name. */
  readonly finish: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** The SQL engine of one session. */
export interface Engine {
  /** The engine's own parse tree as JSON text (integers unharmed). One or more SELECT-like statements. Throws `syntax_error` with a span in UTF-16 units. */
  readonly parse: (sql: string) => Promise<string>;
  /** SQL text of such a tree. */
  readonly print: (tree: string) => Promise<string>;
  readonly createStage: (spec: StageSpec) => Promise<Stage>;
  readonly execute: (sql: string, parameters?: EngineParameters) => Promise<void>;
  /** All rows of a small result. */
  readonly rows: (
    sql: string,
    parameters?: EngineParameters,
  ) => Promise<{ readonly columns: readonly EngineColumn[]; readonly rows: readonly (readonly SqlValue[])[] }>;
  readonly stream: (sql: string, parameters?: EngineParameters, signal?: AbortSignal) => Promise<EngineResult>;
  /** Names and types of a query's columns, without running it. */
  readonly describe: (sql: string, parameters?: EngineParameters) => Promise<readonly EngineColumn[]>;
  /** Attaches the local database (tables, views, materialized views of the user) under the schema search path. */
  readonly attachLocal: () => Promise<void>;
  /** Writes the rows to a file that `allowedPaths` names, complete or not at all; gives their number. An existing file is replaced. */
  readonly exportQuery: (
    sql: string,
    parameters: EngineParameters,
    path: string,
    options: ExportOptions,
    signal?: AbortSignal,
  ) => Promise<number>;
  /**
   * The same for rows that come in parts, so that they need not all be staged. `undefined` where that cannot be done: the path is a device or
   * pipe, or the format is a compressed array other than by gzip.
   */
  readonly exportParts: (path: string, options: ExportOptions) => PartsExport | undefined;
  readonly interrupt: () => void;
  readonly close: () => Promise<void>;
}
