import type { Relation } from '../catalog/types.ts';
import { tokenise } from '../sql/lexer.ts';
import type { Statement, TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { compose } from './compose.ts';
import { closing, sliceOf, splitComma } from './conditions.ts';
import { type Evaluation, queryRows } from './expressions.ts';
import { literalOfTokens } from './literals.ts';
import type { Cursor } from './types.ts';
import { type GivenValue, OMITTED, planCall } from './write-calls.ts';
import { carryOut } from './write-effect.ts';
import { chooseMethod, type GivenName } from './write-inputs.ts';

type InsertStatement = Statement & { readonly kind: 'insert' };

/**
 * INSERT into an API relation: one request for each row, in the order of the source, every value checked before the first is sent.
 * Throws what method choice, values and the HTTP layer throw.
 */
export async function insertRows(evaluation: Evaluation, relation: Relation, statement: InsertStatement): Promise<Cursor> {
  if (statement.conflict !== 'error') {
    throw new OrgqlError('unsupported_syntax', `INSERT OR ${statement.conflict.toUpperCase()} works on local tables only`, {
      hint: 'leave out rows that exist already with WHERE NOT EXISTS (...), or use UPDATE or REPLACE',
      span: { offset: statement.slice.offset, length: statement.slice.text.length },
    });
  }
  const { names, rows } = await sourceRows(evaluation, relation, statement);
  const chosen = chooseMethod(relation, 'INSERT', names, 'insert');
  const calls = [];
  for (const [index, values] of rows.entries()) {
    // DEFAULT VALUES sends a body without properties where the method takes one.
    const body = names.length === 0 && chosen.method.body !== undefined && chosen.method.body.default === undefined ? {} : undefined;
    calls.push(
      await planCall(evaluation.context.environment, {
        relation,
        chosen,
        values,
        clause: 'insert',
        row: rows.length === 1 ? undefined : index + 1,
        body,
      }),
    );
  }
  return carryOut(evaluation, {
    statement,
    command: 'INSERT',
    relation,
    method: chosen.method,
    calls,
    participle: 'created',
    returning: statement.returning,
  });
}

interface SourceRows {
  readonly names: readonly GivenName[];
  readonly rows: readonly (readonly GivenValue[])[];
}

async function sourceRows(evaluation: Evaluation, relation: Relation, statement: InsertStatement): Promise<SourceRows> {
  const names = (statement.columns ?? []).map((column): GivenName => ({ parts: column.parts, slice: column, role: 'key' }));
  const { source } = statement;
  if (/^\s*DEFAULT\b/i.test(source.text)) return { names: [], rows: [[]] };
  const isValues = /^\s*VALUES\b/i.test(source.text);
  if (statement.columns === undefined && isValues) {
    throw new OrgqlError('unsupported_syntax', `INSERT INTO ${relation.id} needs a list of columns`, {
      detail: 'The order of what an API takes says nothing',
      hint: `write INSERT INTO ${relation.id} (column, ...) VALUES (...); SHOW EXTENDED METHODS IN ${relation.id} shows what it takes`,
      span: { offset: source.offset, length: source.text.length },
    });
  }
  if (isValues) return { names, rows: await valuesRows(evaluation, names.length, statement) };
  const { columns, rows } = await queryRows(evaluation, compose([...withCtes(statement.ctes), source]));
  // Without a list, and with BY NAME, the query's own column names say what is what.
  const given =
    statement.columns === undefined || statement.byName
      ? columns.map((column): GivenName => ({ parts: [column.name], slice: source, role: 'key' }))
      : names;
  if (given.length !== columns.length) throw wrongCount(given.length, columns.length, source);
  return { names: given, rows };
}

function withCtes(ctes: TextSlice | undefined): readonly (string | TextSlice)[] {
  return ctes === undefined ? [] : [ctes, ' '];
}

/** The rows of a VALUES list; literals are read at once, everything else is one query. `DEFAULT` leaves its place out. */
async function valuesRows(
  evaluation: Evaluation,
  width: number,
  { source, ctes }: InsertStatement,
): Promise<readonly (readonly GivenValue[])[]> {
  const tokens = tokenise(source.text);
  const cells: TextSlice[][] = [];
  for (let index = 1; index < tokens.length; ) {
    const end = closing(tokens, index);
    if (tokens[index]?.text !== '(' || end < 0) throw notValues(source);
    const row = splitComma(tokens.slice(index + 1, end)).map((group) => sliceOf(group, source));
    if (row.length !== width) throw wrongCount(width, row.length, source);
    cells.push(row);
    index = end + 1;
    if (index < tokens.length && tokens[index]?.text !== ',') throw notValues(source);
    index++;
  }
  const parameters = evaluation.options.parameters ?? {};
  const isDefault = (slice: TextSlice): boolean => /^\s*DEFAULT\s*$/i.test(slice.text);
  const literals = cells.map((row) =>
    row.map((slice) => (isDefault(slice) ? { value: null } : literalOfTokens(tokenise(slice.text), slice, parameters))),
  );
  const isOpen = literals.some((row) => row.includes(undefined));
  const computed = isOpen ? await computedRows(evaluation, cells, isDefault, ctes) : [];
  return cells.map((row, r) => row.map((slice, c) => (isDefault(slice) ? OMITTED : (literals[r]?.[c]?.value ?? computed[r]?.[c] ?? null))));
}

// One row a query: a VALUES list would give all rows one type.
async function computedRows(
  evaluation: Evaluation,
  cells: readonly (readonly TextSlice[])[],
  isDefault: (slice: TextSlice) => boolean,
  ctes: TextSlice | undefined,
): Promise<readonly (readonly GivenValue[])[]> {
  const rows: (readonly GivenValue[])[] = [];
  for (const row of cells) {
    const items = row.flatMap((slice, index) => [
      index === 0 ? '' : ', ',
      ...(isDefault(slice) ? ['NULL'] : ['(', slice, ')']),
      ` AS v${index}`,
    ]);
    const result = await queryRows(evaluation, compose([...withCtes(ctes), 'SELECT ', ...items]));
    rows.push(result.rows[0] ?? []);
  }
  return rows;
}

function wrongCount(columns: number, values: number, source: TextSlice): OrgqlError {
  return new OrgqlError('syntax_error', `INSERT has ${columns} columns and ${values} values`, {
    hint: 'give one value for each column',
    span: { offset: source.offset, length: source.text.length },
  });
}

function notValues(source: TextSlice): OrgqlError {
  return new OrgqlError('syntax_error', 'VALUES takes rows in parentheses, with commas between them', {
    span: { offset: source.offset, length: source.text.length },
  });
}
