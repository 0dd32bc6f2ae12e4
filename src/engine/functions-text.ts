import { type CompatibilityFunction, formsByCount } from './function-types.ts';

/** Template patterns of PostgreSQL and their strftime letters, longer ones first. */
const TEMPLATE: readonly (readonly [string, string])[] = [
  ['YYYY', '%Y'],
  ['yyyy', '%Y'],
  ['YY', '%y'],
  ['HH24', '%H'],
  ['hh24', '%H'],
  ['HH12', '%I'],
  ['hh12', '%I'],
  ['HH', '%I'],
  ['MI', '%M'],
  ['mi', '%M'],
  ['Month', '%B'],
  ['Mon', '%b'],
  ['MM', '%m'],
  ['mm', '%m'],
  ['Day', '%A'],
  ['Dy', '%a'],
  ['DDD', '%j'],
  ['DD', '%d'],
  ['dd', '%d'],
  ['SS', '%S'],
  ['ss', '%S'],
  ['MS', '%g'],
  ['US', '%f'],
  ['AM', '%p'],
  ['PM', '%p'],
  ['TZ', '%Z'],
  ['OF', '%z'],
  ['IW', '%V'],
  ['IYYY', '%G'],
];

/** As in the date functions: piece by piece, since the engine's strftime wants a constant format. */
function templated(instant: string): string {
  // Each pattern becomes a mark first, so that no pattern is found in another's text.
  const marked = TEMPLATE.reduce((text, [from], index) => `replace(${text}, '${from}', chr(${MARKS + index}))`, `replace(f, '"', '')`);
  return TEMPLATE.reduce(
    (text, [from, to], index) =>
      `replace(${text}, chr(${MARKS + index}), CASE WHEN contains(f, '${from}') THEN system.main.strftime(${instant}, '${to}') ELSE '' END)`,
    marked,
  );
}

/** The first of a range of code points that no text has. */
const MARKS = 0xe000;

/** The number at the place of a pattern in a template of fixed widths; `otherwise` where the template lacks it. */
function field(patterns: readonly string[], width: number, otherwise: number): string {
  const template = "replace(replace(upper(f), 'HH24', 'HH'), 'HH12', 'HH')";
  const place = patterns.map((pattern) => `nullif(strpos(${template}, '${pattern}'), 0)`).join(', ');
  return `coalesce(CAST(substr(s, CAST(coalesce(${place}) AS BIGINT), ${width}) AS BIGINT), ${otherwise})`;
}

const PARSED = `CASE WHEN regexp_matches(f, '(?i)(mon|day|dy|[ap]m|tz)') THEN error('This template cannot be read: ' || f) ELSE make_timestamp(${field(['YYYY'], 4, 1970)}, ${field(['MM'], 2, 1)}, ${field(['DD'], 2, 1)}, ${field(['HH'], 2, 0)}, ${field(['MI'], 2, 0)}, CAST(${field(['SS'], 2, 0)} AS DOUBLE)) END`;

function simple(
  name: string,
  origin: 'SQLite' | 'PostgreSQL',
  parameters: readonly string[],
  body: string,
  description: string,
): CompatibilityFunction {
  return { name, kind: 'scalar', origin, description, forms: [{ parameters, body }] };
}

/** Text, number and logic functions of SQLite and PostgreSQL that the engine lacks. */
export const TEXT_FUNCTIONS: readonly CompatibilityFunction[] = [
  {
    name: 'iif',
    kind: 'scalar',
    origin: 'SQLite',
    description: 'The second argument where the first is true, else the third (or NULL).',
    forms: [
      { parameters: ['c', 'y'], body: 'CASE WHEN c THEN y END' },
      { parameters: ['c', 'y', 'n'], body: 'CASE WHEN c THEN y ELSE n END' },
    ],
  },
  simple('likely', 'SQLite', ['x'], 'x', 'The argument itself: a hint to a planner.'),
  simple('unlikely', 'SQLite', ['x'], 'x', 'The argument itself: a hint to a planner.'),
  simple('likelihood', 'SQLite', ['x', 'p'], 'x', 'The first argument itself: a hint to a planner.'),
  {
    name: 'total',
    kind: 'aggregate',
    origin: 'SQLite',
    description: 'The sum as a DOUBLE; 0.0 of no rows.',
    forms: [{ parameters: ['x'], body: 'coalesce(CAST(sum(x) AS DOUBLE), 0.0)' }],
  },
  {
    name: 'every',
    kind: 'aggregate',
    origin: 'PostgreSQL',
    description: 'True where the argument is true in every row.',
    forms: [{ parameters: ['x'], body: 'bool_and(x)' }],
  },
  {
    name: 'sqlite_char',
    kind: 'scalar',
    origin: 'SQLite',
    description: 'The text of code points; `char(72, 105)` is rewritten to this.',
    forms: formsByCount(1, 16, (names) => names.map((name) => `chr(${name})`).join(' || ')),
  },
  simple('glob', 'SQLite', ['p', 's'], 's GLOB p', 'True where the text fits the pattern with * and ?.'),
  simple('orgql_total', 'SQLite', ['x'], 'coalesce(CAST(x AS DOUBLE), 0.0)', "A sum as SQLite's total gives it."),
  simple(
    'quote',
    'SQLite',
    ['x'],
    "CASE WHEN x IS NULL THEN 'NULL' WHEN typeof(x) IN ('VARCHAR', 'JSON') THEN '''' || replace(CAST(x AS VARCHAR), '''', '''''') || '''' ELSE CAST(x AS VARCHAR) END",
    'The argument as a literal of SQL.',
  ),
  {
    name: 'regexp_like',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: 'True where the pattern is found anywhere in the text.',
    forms: [
      { parameters: ['s', 'p'], body: 'regexp_matches(s, p)' },
      { parameters: ['s', 'p', 'o'], body: "regexp_matches(s, '(?' || o || ')' || p)" },
    ],
  },
  simple('regexp_count', 'PostgreSQL', ['s', 'p'], 'len(regexp_extract_all(s, p))', 'How often the pattern is found.'),
  simple(
    'regexp_substr',
    'PostgreSQL',
    ['s', 'p'],
    'CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END',
    'The first part of the text that fits the pattern; NULL where none does.',
  ),
  simple('btrim', 'PostgreSQL', ['s'], 'trim(s)', 'The text without spaces at both ends.'),
  simple(
    'initcap',
    'PostgreSQL',
    ['s'],
    "array_to_string(list_transform(regexp_extract_all(s, '[A-Za-z0-9]+|[^A-Za-z0-9]+'), lambda w: upper(w[1]) || lower(w[2:])), '')",
    'Each word with a capital first letter.',
  ),
  {
    name: 'to_char',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: "Text of a time by a template: `to_char(created, 'YYYY-MM-DD HH24:MI:SS')`.",
    forms: [
      {
        parameters: ['t', 'f'],
        body: `(SELECT ${templated('orgql_t')} FROM (SELECT TRY_CAST(CAST(t AS VARCHAR) AS TIMESTAMPTZ) AS orgql_t))`,
      },
    ],
  },
  simple(
    'to_date',
    'PostgreSQL',
    ['s', 'f'],
    `CAST(${PARSED} AS DATE)`,
    'The date that a text means by a template of fixed widths, such as YYYY-MM-DD.',
  ),
  {
    name: 'to_timestamp',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: 'The instant of seconds since 1970, or of a text by a template of fixed widths.',
    forms: [
      { parameters: ['s'], body: 'system.main.to_timestamp(s)' },
      { parameters: ['s', 'f'], body: `CAST(${PARSED} AS TIMESTAMPTZ)` },
    ],
  },
  simple(
    'date_bin',
    'PostgreSQL',
    ['w', 't', 'o'],
    'time_bucket(w, t, o)',
    'The start of the interval of width w, counted from o, that t lies in.',
  ),
  {
    name: 'num_nonnulls',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: 'How many arguments are not NULL.',
    forms: formsByCount(1, 12, (names) => names.map((name) => `CAST(${name} IS NOT NULL AS INTEGER)`).join(' + ')),
  },
  {
    name: 'num_nulls',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: 'How many arguments are NULL.',
    forms: formsByCount(1, 12, (names) => names.map((name) => `CAST(${name} IS NULL AS INTEGER)`).join(' + ')),
  },
];
