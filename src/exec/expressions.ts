import type { EngineColumn, SqlValue } from '../engine/types.ts';
import { tokenise } from '../sql/lexer.ts';
import type { TextSlice } from '../sql/statement.ts';
import type { ComposedQuery } from './compose.ts';
import { compose } from './compose.ts';
import type { RunQuery } from './environment.ts';
import { literalOf } from './literals.ts';
import type { ExecuteOptions } from './types.ts';
import type { StatementContext } from './write-context.ts';
import { readAll } from './write-cursor.ts';
import type { EffectRecorder } from './write-receipt.ts';

/** The rows of a query inside a statement, with JSON scalars undone. */
export interface QueryRows {
  readonly columns: readonly EngineColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** What runs the queries inside a statement: with its options, into its receipt. */
export interface Evaluation {
  readonly context: StatementContext;
  readonly recorder: EffectRecorder;
  readonly options: ExecuteOptions;
}

/** Runs a query of the statement to its end and enters it into the receipt. Targets and sources are read whole before anything is written. */
export async function queryRows({ context, recorder, options }: Evaluation, composed: ComposedQuery): Promise<QueryRows> {
  try {
    const cursor = await context.runQuery(context.environment, composed.query, inner(options));
    const rows = await readAll(cursor);
    recorder.include(cursor.receipt());
    return { columns: cursor.columns, rows: undoJson(cursor.columns, rows) };
  } catch (error) {
    throw composed.relocate(error);
  }
}

/** The values of expressions that stand alone (no column of a target in them): literals at once, the rest in one query. */
export async function evaluate(evaluation: Evaluation, slices: readonly TextSlice[]): Promise<readonly SqlValue[]> {
  const literals = slices.map((slice) => literalOf(slice, evaluation.options.parameters ?? {}));
  const open = slices.filter((_, index) => literals[index] === undefined);
  if (open.length === 0) return literals.map((literal) => literal?.value ?? null);
  const items = open.flatMap((slice, index) => [index === 0 ? '(' : ', (', slice, `) AS v${index}`]);
  const { rows } = await queryRows(evaluation, compose(['SELECT ', ...items]));
  const computed = [...(rows[0] ?? [])];
  return literals.map((literal) => (literal === undefined ? (computed.shift() ?? null) : literal.value));
}

/** True for an expression that names no column: literals, parameters, functions of them. May say false of one that names none. */
export function isConstant(slice: TextSlice): boolean {
  const tokens = tokenise(slice.text);
  return tokens.every((token, index) => {
    if (token.kind === 'quoted' || token.kind === 'backtick') return false;
    if (token.kind !== 'word') return token.text !== '*' || index > 0;
    if (tokens[index + 1]?.text === '(') return token.text !== 'EXISTS';
    const before = tokens[index - 1]?.text;
    return before === '::' || before === 'AS' || before === '.' || CONSTANT_WORDS.has(token.text);
  });
}

const CONSTANT_WORDS = new Set(
  (
    'NULL TRUE FALSE AND OR NOT IS IN LIKE ILIKE BETWEEN CASE WHEN THEN ELSE END INTERVAL CURRENT_DATE CURRENT_TIMESTAMP CURRENT_TIME LOCALTIMESTAMP DATE TIMESTAMP TIMESTAMPTZ TIME JSON ' +
    'SECOND SECONDS MINUTE MINUTES HOUR HOURS DAY DAYS WEEK WEEKS MONTH MONTHS YEAR YEARS WITH WITHOUT ZONE AT'
  ).split(' '),
);

// A write asks once, for the write; its reads count against the same limit of calls but are not confirmed.
function inner(options: ExecuteOptions): Parameters<RunQuery>[2] {
  const { confirm: _confirm, partial: _partial, ...rest } = options;
  return rest;
}

/** JSON columns arrive as text; a JSON string, number, boolean or null among them is that value. */
function undoJson(columns: readonly EngineColumn[], rows: readonly (readonly SqlValue[])[]): readonly (readonly SqlValue[])[] {
  const json = columns.map((column) => column.type === 'JSON');
  if (!json.includes(true)) return rows;
  return rows.map((row) => row.map((value, index) => (json[index] === true && typeof value === 'string' ? scalarOf(value) : value)));
}

function scalarOf(text: string): SqlValue {
  if (/^\s*"/.test(text)) return JSON.parse(text) as string;
  if (/^\s*(true|false|null)\s*$/.test(text)) return JSON.parse(text) as boolean | null;
  if (/^\s*-?\d{1,15}\s*$/.test(text)) return Number(text);
  return text;
}
