import { COMPATIBILITY_FUNCTIONS } from './functions.ts';
import { ALLOWED_AGGREGATES, ALLOWED_SCALARS, ALLOWED_TABLES, PRAGMA_FUNCTIONS } from './sandbox-names.ts';

/** `files`: a statement of the command line, which may read the files that it names. `sandboxed`: everything else. */
export type SandboxContext = 'sandboxed' | 'files';

/** Where the call stands. Some names are one thing in FROM and another elsewhere: `glob`, `histogram`. */
export type CallPlace = 'table' | 'scalar';

/** Why SQL may not call a function. */
export type ForbiddenKind =
  | 'reads files'
  | 'reads settings'
  | 'changes settings'
  | 'runs SQL text'
  | 'reads memory'
  | 'writes the log'
  | 'blocks the engine';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** Readers that are allowed where files are: their paths are still checked by the engine's own list. */
const FILE_READERS = words(
  'read_csv read_csv_auto read_json read_json_auto read_json_objects read_json_objects_auto read_ndjson read_ndjson_auto read_ndjson_objects read_parquet parquet_scan parquet_metadata parquet_schema parquet_file_metadata parquet_kv_metadata parquet_full_metadata parquet_bloom_probe',
);

const FORBIDDEN_TABLES: Readonly<Record<ForbiddenKind, ReadonlySet<string>>> = {
  'reads files': new Set([...FILE_READERS, ...words('read_text read_blob read_duckdb glob sniff_csv')]),
  'reads settings': words(
    'duckdb_settings duckdb_secrets duckdb_secret_types which_secret duckdb_extensions duckdb_databases duckdb_optimizers duckdb_memory duckdb_temporary_files duckdb_external_file_cache duckdb_logs duckdb_logs_parsed duckdb_log_contexts duckdb_profiling_settings duckdb_connection_count duckdb_approx_database_count duckdb_prepared_statements duckdb_table_sample pragma_database_size pragma_metadata_info pragma_platform pragma_show pragma_storage_info pragma_table_info pragma_user_agent pragma_version',
  ),
  'changes settings': words(
    'checkpoint force_checkpoint disable_logging enable_logging truncate_duckdb_logs disable_profiling enable_profiling enable_peg_parser disable_peg_parser',
  ),
  'runs SQL text': words('query query_table json_execute_serialized_sql check_peg_parser sql_auto_complete histogram histogram_values'),
  'reads memory': words('arrow_scan arrow_scan_dumb seq_scan'),
  'writes the log': words(''),
  'blocks the engine': words(''),
};

const FORBIDDEN_SCALARS: Readonly<Record<ForbiddenKind, ReadonlySet<string>>> = {
  'reads files': words(''),
  'reads settings': words('current_setting getenv current_query'),
  'changes settings': words(''),
  // It binds the text, which opens the files that the text names.
  'runs SQL text': words('json_serialize_plan'),
  'reads memory': words(''),
  'writes the log': words('write_log'),
  'blocks the engine': words('sleep_ms pg_sleep'),
};

/** Views of the engine that show settings, paths or secrets; the names of views are their functions' in most cases. */
export const FORBIDDEN_VIEWS: ReadonlySet<string> = new Set([
  ...FORBIDDEN_TABLES['reads settings'],
  'pg_settings',
  'duckdb_logs',
  'pragma_database_list',
]);

const ALLOWED_SCALAR_NAMES = new Set([
  ...words(ALLOWED_SCALARS),
  ...words(ALLOWED_AGGREGATES),
  ...COMPATIBILITY_FUNCTIONS.filter(({ kind }) => kind !== 'table').map(({ name }) => name),
]);
const ALLOWED_TABLE_NAMES = new Set([
  ...words(ALLOWED_TABLES),
  ...COMPATIBILITY_FUNCTIONS.filter(({ kind }) => kind === 'table').map(({ name }) => name),
]);
const PRAGMA_NAMES = words(PRAGMA_FUNCTIONS);

/** Why the function may not be called; `undefined` where it may, or where nobody knows it (then the engine says so). Without a place, the stricter answer. */
export function forbiddenKind(name: string, context: SandboxContext, place?: CallPlace): ForbiddenKind | undefined {
  const folded = name.toLowerCase();
  if (context === 'files' && FILE_READERS.has(folded)) return undefined;
  if (place !== 'scalar') {
    const kind = kindIn(FORBIDDEN_TABLES, folded);
    if (kind !== undefined) return kind;
  }
  if (place === 'table') return undefined;
  if (folded.startsWith('__internal')) return 'reads memory';
  return kindIn(FORBIDDEN_SCALARS, folded);
}

/** True where SQL may not call the function. */
export function isForbiddenFunction(name: string, context: SandboxContext, place?: CallPlace): boolean {
  return forbiddenKind(name, context, place) !== undefined;
}

/** True where someone has decided about the function, either way: a test holds this for all that the engine has. `type` as `duckdb_functions()` gives it. */
export function isClassified(name: string, type: string): boolean {
  switch (type) {
    case 'pragma':
      return PRAGMA_NAMES.has(name);
    case 'table':
    case 'table_macro':
      return ALLOWED_TABLE_NAMES.has(name) || isForbiddenFunction(name, 'sandboxed', 'table');
    default:
      return /^(icu_collate_|[^A-Za-z_])/.test(name) || ALLOWED_SCALAR_NAMES.has(name) || isForbiddenFunction(name, 'sandboxed', 'scalar');
  }
}

function kindIn(table: Readonly<Record<ForbiddenKind, ReadonlySet<string>>>, name: string): ForbiddenKind | undefined {
  for (const [kind, names] of Object.entries(table)) if (names.has(name)) return kind as ForbiddenKind;
  return undefined;
}
