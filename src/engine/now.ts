/**
 * Pinned time. Every function below is shadowed by a macro that gives the pinned instant; keywords without parentheses
 * (`current_timestamp`, `current_date`, `localtime`, ...) reach the same macros, since the engine parses them as calls.
 */

/** Functions that give the time of the statement; the names that `pinnedNow` shadows. */
export const NOW_FUNCTIONS: readonly string[] = [
  'now',
  'get_current_timestamp',
  'current_timestamp',
  'transaction_timestamp',
  'statement_timestamp',
  'clock_timestamp',
  'today',
  'current_date',
  'get_current_time',
  'current_time',
  'localtime',
  'current_localtime',
  'localtimestamp',
  'current_localtimestamp',
  'age',
];

/**
 * What a macro cannot shadow, for whoever rewrites the query's tree: a call that names the catalog (`system.main.now()`) reaches the engine's own
 * clock. `'now'::timestamp` and `timestamp 'today'` are errors of the engine, not its clock.
 */
export const QUALIFIED_NOW_CATALOGS: readonly string[] = ['system', 'pg_catalog'];

/** Statements that pin the time to `nowMs`, milliseconds since 1970. */
export function pinnedNow(nowMs: number): string[] {
  const instant = `make_timestamptz(${Math.trunc(nowMs)}000)`;
  const plain = `CAST(${instant} AS TIMESTAMP)`;
  const bodies: Readonly<Record<string, string>> = {
    today: `CAST(${instant} AS DATE)`,
    current_date: `CAST(${instant} AS DATE)`,
    get_current_time: `CAST(${instant} AS TIMETZ)`,
    current_time: `CAST(${instant} AS TIMETZ)`,
    localtime: `CAST(${plain} AS TIME)`,
    current_localtime: `CAST(${plain} AS TIME)`,
    localtimestamp: plain,
    current_localtimestamp: plain,
  };
  const macros = NOW_FUNCTIONS.filter((name) => name !== 'age').map(
    (name) => `CREATE MACRO memory.main."${name}"() AS ${bodies[name] ?? instant}`,
  );
  return [...macros, `CREATE MACRO memory.main."age"(a) AS system.main.age(${instant}, a), (a, b) AS system.main.age(a, b)`];
}
