/** SQL expressions that turn a value's text into a column's type, or fail by name where that would lose or change the value. */

/** Starts the error by which a statement says that a column must become text. */
export const MISFIT = 'orgql:misfit:';

/** RFC 3339 with at most microseconds; ISO 8601's `+0000` is accepted too. Without a zone the instant would be a guess. */
const INSTANT = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6}0*)?(Z|[+-]\d\d:?\d\d)`;

/** How a column's value is taken out of the page: as text, or as JSON where a number must be told from a string. */
export function rawType(type: string): 'VARCHAR' | 'JSON' {
  return type === 'JSON' || type === 'DOUBLE' || type === 'FLOAT' ? 'JSON' : 'VARCHAR';
}

/**
 * The value of `raw` (an expression of the column's raw type) in the column's type. NULL stays NULL.
 * A value that does not fit raises an error that starts with `MISFIT` and ends in the column's number.
 */
export function fitted(raw: string, type: string, columnIndex: number): string {
  const misfit = `error('${MISFIT}${columnIndex}:')`;
  switch (type) {
    case 'VARCHAR':
    case 'JSON':
      return raw;
    case 'BOOLEAN':
      return `CASE WHEN ${raw} IS NULL THEN NULL WHEN ${raw} = 'true' THEN true WHEN ${raw} = 'false' THEN false ELSE ${misfit} END`;
    case 'TIMESTAMPTZ':
    case 'TIMESTAMP WITH TIME ZONE':
      return `CASE WHEN ${raw} IS NULL THEN NULL WHEN regexp_full_match(${raw}, '${INSTANT}') THEN coalesce(TRY_CAST(${raw} AS TIMESTAMPTZ), ${misfit}) ELSE ${misfit} END`;
    case 'DOUBLE':
    case 'FLOAT':
      return fittedDouble(`CAST(${raw} AS VARCHAR)`, misfit);
    default:
      // The text of a number such as 5.0 is not that of the integer 5, but their value is the same.
      return `CASE WHEN ${raw} IS NULL THEN NULL WHEN CAST(TRY_CAST(${raw} AS ${type}) AS VARCHAR) IN (${raw}, regexp_replace(${raw}, '\\.0+$', '')) THEN TRY_CAST(${raw} AS ${type}) ELSE ${misfit} END`;
  }
}

/** A JSON number as DOUBLE: no string, not infinite, and no integer that a double cannot hold. */
function fittedDouble(text: string, misfit: string): string {
  const number = `TRY_CAST(${text} AS DOUBLE)`;
  const isExact = `length(${text}) < 16 OR NOT regexp_full_match(${text}, '-?\\d+') OR CAST(TRY_CAST(${number} AS HUGEINT) AS VARCHAR) = ${text}`;
  return `CASE WHEN ${text} IS NULL THEN NULL WHEN isfinite(${number}) AND (${isExact}) THEN ${number} ELSE ${misfit} END`;
}

/** The text of values staged before their column became VARCHAR, as the API would have spelled them. */
export function restagedText(column: string, type: string): string {
  switch (type) {
    case 'TIMESTAMPTZ':
    case 'TIMESTAMP WITH TIME ZONE': {
      const utc = `timezone('UTC', ${column})`;
      return `CASE WHEN epoch_us(${column}) % 1000 = 0 THEN system.main.strftime(${utc}, '%Y-%m-%dT%H:%M:%S.%gZ') ELSE system.main.strftime(${utc}, '%Y-%m-%dT%H:%M:%S.%fZ') END`;
    }
    case 'DOUBLE':
    case 'FLOAT':
      return `CASE WHEN ${column} = trunc(${column}) AND abs(${column}) < 9007199254740992 THEN CAST(CAST(${column} AS BIGINT) AS VARCHAR) ELSE CAST(${column} AS VARCHAR) END`;
    default:
      return `CAST(${column} AS VARCHAR)`;
  }
}
