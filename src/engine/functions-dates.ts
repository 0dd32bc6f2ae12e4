import type { CompatibilityFunction, FunctionForm } from './function-types.ts';

const MODIFIERS = 4;
/** Days from the start of the Julian calendar to 1970. */
const JULIAN_1970 = '2440587.5';
const AMOUNT = String.raw`^\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*(second|minute|hour|day|month|year)s?\s*$`;
const CLOCK = String.raw`^\s*([+-]?)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}(?:\.[0-9]+)?))?\s*$`;

/** Forms `f(value, modifier...)` of a SQLite date function; `body` gets the instant as an expression. Without arguments it is now. */
function dateForms(body: (instant: string) => string, leading: readonly string[] = []): FunctionForm[] {
  const forms: FunctionForm[] = [{ parameters: leading, body: body('now()') }];
  for (let count = 0; count <= MODIFIERS; count++) {
    const modifiers = Array.from({ length: count }, (_, index) => `m${index + 1}`);
    const isEpoch = count === 0 ? 'false' : `(${modifiers.map((name) => `lower(CAST(${name} AS VARCHAR)) = 'unixepoch'`).join(' OR ')})`;
    const instant = shifted(`orgql_instant(v, ${isEpoch})`, modifiers);
    forms.push({ parameters: [...leading, 'v', ...modifiers], body: body(instant) });
  }
  return forms;
}

/**
 * The instant moved by the modifiers. From the second one on through subqueries, so that the expression does not multiply with each modifier; not
 * through a list and a lambda, which the engine works out for every row even when all arguments are constant (100 times slower, measured).
 */
function shifted(instant: string, modifiers: readonly string[]): string {
  const [first, ...rest] = modifiers.map((name) => `lower(CAST(${name} AS VARCHAR))`);
  if (first === undefined) return instant;
  const once = `orgql_shift_one(${instant}, ${first})`;
  if (rest.length === 0) return once;
  return `(${rest.reduce((query, modifier) => `SELECT orgql_shift_one(orgql_t, ${modifier}) AS orgql_t FROM (${query})`, `SELECT ${once} AS orgql_t`)})`;
}

const COUNT = `TRY_CAST(regexp_extract(m, '${AMOUNT}', 1) AS DOUBLE)`;
const UNIT = `regexp_extract(m, '${AMOUNT}', 2)`;
const PER_UNIT = `CASE ${UNIT} WHEN 'second' THEN 1000000 WHEN 'minute' THEN 60000000 WHEN 'hour' THEN 3600000000 ELSE 86400000000 END`;

const CLOCK_SHIFT = `(CASE WHEN regexp_extract(m, '${CLOCK}', 1) = '-' THEN -1 ELSE 1 END) * to_microseconds(CAST(round((CAST(regexp_extract(m, '${CLOCK}', 2) AS DOUBLE) * 3600 + CAST(regexp_extract(m, '${CLOCK}', 3) AS DOUBLE) * 60 + coalesce(TRY_CAST(regexp_extract(m, '${CLOCK}', 4) AS DOUBLE), 0)) * 1000000) AS BIGINT))`;

/** One modifier applied to the instant `t`. */
const SHIFT_ONE = [
  `CASE WHEN ${UNIT} IN ('second', 'minute', 'hour', 'day') THEN t + to_microseconds(CAST(round(${COUNT} * ${PER_UNIT}) AS BIGINT))`,
  // As SQLite: a day that the month lacks runs over into the next one.
  `WHEN ${UNIT} IN ('month', 'year') THEN date_trunc('month', t) + to_months(CAST(trunc(${COUNT}) AS INTEGER) * CASE ${UNIT} WHEN 'year' THEN 12 ELSE 1 END) + (t - date_trunc('month', t))`,
  "WHEN m IN ('start of day', 'start of month', 'start of year') THEN date_trunc(m[10:], t)",
  "WHEN regexp_full_match(m, 'weekday [0-6]') THEN t + to_days(CAST((CAST(m[9:] AS INTEGER) - dayofweek(t) + 7) % 7 AS INTEGER))",
  "WHEN m IN ('unixepoch', 'julianday', 'auto', 'utc', 'localtime', 'subsec', 'subsecond', 'ceiling', 'floor') THEN t",
  `WHEN regexp_full_match(m, '${CLOCK}') THEN t + ${CLOCK_SHIFT}`,
  "ELSE error('Unknown date modifier: ' || m) END",
].join(' ');

/** Format letters of SQLite and the engine's formats for them. `%s`, `%J` and `%%` are done apart. */
const LETTERS: Readonly<Record<string, string>> = {
  '%Y': '%Y',
  '%m': '%m',
  '%d': '%d',
  '%H': '%H',
  '%M': '%M',
  '%S': '%S',
  '%f': '%S.%g',
  '%j': '%j',
  '%w': '%w',
  '%W': '%W',
  '%u': '%u',
  '%U': '%U',
  '%V': '%V',
  '%G': '%G',
  '%e': '%-d',
  '%F': '%Y-%m-%d',
  '%T': '%H:%M:%S',
  '%R': '%H:%M',
  '%I': '%I',
  '%k': '%-H',
  '%l': '%-I',
  '%p': '%p',
};

/**
 * The engine's own strftime wants a constant format, which a macro's argument is not yet when the macro is made. So each letter is replaced by
 * itself; for a literal format the engine folds away those that it does not have.
 */
function formatted(): string {
  const piece = (letter: string, text: string) => `CASE WHEN contains(f, '${letter}') THEN ${text} ELSE '' END`;
  const special: [string, string][] = [
    ['%s', 'CAST(CAST(floor(epoch(t)) AS BIGINT) AS VARCHAR)'],
    ['%J', `CAST(epoch(t) / 86400 + ${JULIAN_1970} AS VARCHAR)`],
  ];
  const pieces = [
    ...Object.entries(LETTERS).map(([letter, format]): [string, string] => [letter, `system.main.strftime(t, '${format}')`]),
    ...special,
  ];
  const marked = "replace(f, '%%', chr(1))";
  return `replace(${pieces.reduce((text, [letter, value]) => `replace(${text}, '${letter}', ${piece(letter, value)})`, marked)}, chr(1), '%')`;
}

const INSTANT = `CASE WHEN lower(CAST(v AS VARCHAR)) = 'now' THEN now() WHEN TRY_CAST(CAST(v AS VARCHAR) AS DOUBLE) IS NOT NULL THEN to_timestamp(CASE WHEN e THEN TRY_CAST(CAST(v AS VARCHAR) AS DOUBLE) ELSE (TRY_CAST(CAST(v AS VARCHAR) AS DOUBLE) - ${JULIAN_1970}) * 86400 END) ELSE TRY_CAST(CAST(v AS VARCHAR) AS TIMESTAMPTZ) END`;

/** Date functions as SQLite has them. Where the value is text without a zone, the session's zone is meant (UTC unless set). */
export const DATE_FUNCTIONS: readonly CompatibilityFunction[] = [
  {
    name: 'orgql_instant',
    kind: 'scalar',
    origin: 'orgql',
    description: 'The instant that a SQLite time value means: text, `now`, a Julian day, or (with e) seconds since 1970.',
    forms: [{ parameters: ['v', 'e'], body: INSTANT }],
  },
  {
    name: 'orgql_shift_one',
    kind: 'scalar',
    origin: 'orgql',
    description: 'An instant moved by one SQLite modifier.',
    forms: [{ parameters: ['t', 'm'], body: SHIFT_ONE }],
  },
  {
    name: 'orgql_format',
    kind: 'scalar',
    origin: 'orgql',
    description: 'An instant as text, with the format letters of SQLite.',
    forms: [{ parameters: ['f', 't'], body: formatted() }],
  },
  {
    name: 'datetime',
    kind: 'scalar',
    origin: 'SQLite',
    description:
      "A point in time, moved by modifiers: `datetime('now', '-90 days')`. A TIMESTAMPTZ, so that it compares with the API's times.",
    forms: dateForms((instant) => instant),
  },
  {
    name: 'sqlite_date',
    kind: 'scalar',
    origin: 'SQLite',
    description: "The day of a point in time; `date('now', '-1 day')` is rewritten to this.",
    forms: dateForms((instant) => `CAST(${instant} AS DATE)`),
  },
  {
    name: 'sqlite_time',
    kind: 'scalar',
    origin: 'SQLite',
    description: "The time of day of a point in time; `time('now')` is rewritten to this.",
    forms: dateForms((instant) => `CAST(CAST(${instant} AS TIMESTAMP) AS TIME)`),
  },
  {
    name: 'julianday',
    kind: 'scalar',
    origin: 'SQLite',
    description: 'Days since noon in Greenwich on 24 November 4714 B.C., as a DOUBLE.',
    forms: dateForms((instant) => `epoch(${instant}) / 86400 + ${JULIAN_1970}`),
  },
  {
    name: 'unixepoch',
    kind: 'scalar',
    origin: 'SQLite',
    description: 'Whole seconds since 1970.',
    forms: dateForms((instant) => `CAST(floor(epoch(${instant})) AS BIGINT)`),
  },
  {
    name: 'strftime',
    kind: 'scalar',
    origin: 'SQLite',
    description: "Text of a time: `strftime('%Y-%m', value, modifier...)` as in SQLite, or `strftime(value, '%Y-%m')` as in DuckDB.",
    forms: [
      { parameters: ['a TIMESTAMPTZ', 'b'], body: 'system.main.strftime(a, b)' },
      { parameters: ['a TIMESTAMP', 'b'], body: 'system.main.strftime(a, b)' },
      { parameters: ['a DATE', 'b'], body: 'system.main.strftime(a, b)' },
      {
        parameters: ['a VARCHAR', 'b'],
        body: "CASE WHEN NOT contains(a, '%') AND contains(CAST(b AS VARCHAR), '%') THEN (SELECT orgql_format(CAST(b AS VARCHAR), orgql_t) FROM (SELECT orgql_instant(a, false) AS orgql_t)) ELSE (SELECT orgql_format(a, orgql_t) FROM (SELECT orgql_instant(b, false) AS orgql_t)) END",
      },
      ...dateForms((instant) => `(SELECT orgql_format(f, orgql_t) FROM (SELECT ${instant} AS orgql_t))`, ['f']).filter(
        ({ parameters }) => parameters.length !== 2,
      ),
    ],
  },
];
