import type { Method, Relation } from '../catalog/types.ts';
import type { EngineColumn, SqlValue, StageColumn } from '../engine/types.ts';
import type { MethodCall, Reply } from '../http/types.ts';
import { nameOf, tokenise } from '../sql/lexer.ts';
import type { TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import { compose, quoteName } from './compose.ts';
import { splitComma } from './conditions.ts';
import { type Evaluation, queryRows } from './expressions.ts';
import { findParameter } from './write-inputs.ts';
import { cellOf, engineType, jsonText, replyItems } from './write-reply.ts';

/** One call and its answer. */
export interface Answered {
  readonly call: MethodCall;
  readonly reply: Reply;
  /** Columns of the row as it was read before the call, by name. */
  readonly before?: Readonly<Record<string, SqlValue>>;
}

export interface Returned {
  readonly columns: readonly EngineColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** A column that RETURNING may name: of the relation, else a parameter of the call. */
interface Source {
  readonly name: string;
  readonly type: StageColumn['type'];
  readonly cell: (item: Item) => SqlValue;
}

/** Reads the answers of calls as a RETURNING list asks. */
export type ReadReturning = (answers: readonly Answered[]) => Promise<Returned>;

/**
 * Makes a RETURNING list ready: its names are checked before the first request is sent, so that a misspelt one changes nothing.
 * It gives one row for each object in the answers; a call without an answer body gives one row of its parameters.
 * A list of plain names is read directly; with anything else in it the rows are handed to the engine.
 */
export async function prepareReturning(
  evaluation: Evaluation,
  relation: Relation,
  method: Method,
  returning: TextSlice,
  alias: string | undefined,
): Promise<ReadReturning> {
  const sources = sourcesOf(relation, method);
  const itemsOf = (answers: readonly Answered[]): readonly Item[] =>
    answers.flatMap(({ call, reply, before }) => {
      const found = replyItems(reply.bytes, method.response.rowsPath);
      return (found.length === 0 ? [{}] : found).map((item) => ({ item: isRecord(item) ? unwrapped(relation, item) : {}, call, before }));
    });
  const plain = plainColumns(relation, sources, returning, alias);
  if (plain !== undefined) {
    return async (answers) => ({
      columns: plain.map(({ name, source }) => ({ name, type: engineName(source.type) })),
      rows: itemsOf(answers).map((item) => plain.map(({ source }) => source.cell(item))),
    });
  }
  // Over no rows at first: whatever is wrong with the list shows now.
  await evaluated(evaluation, relation, sources, [], returning, alias);
  return (answers) => evaluated(evaluation, relation, sources, itemsOf(answers), returning, alias);
}

interface Item {
  readonly item: Readonly<Record<string, unknown>>;
  readonly call: MethodCall;
  readonly before: Answered['before'];
}

/**
 * The columns that RETURNING of a DELETE names and that no parameter gives: its answers hold no row, so they are read before.
 * A name in any place counts, that of a function or label too: one column more is read then, which does no harm.
 */
export function columnsToRead(relation: Relation, method: Method, returning: TextSlice | undefined): readonly string[] {
  if (returning === undefined) return [];
  const tokens = tokenise(returning.text);
  const isWhole = tokens.some((token, index) => token.text === '*' && [undefined, ',', '.'].includes(tokens[index - 1]?.text));
  const names = new Set(
    tokens.filter(({ kind }) => kind === 'word' || kind === 'quoted').map((token) => nameOf(token, returning.text).toLowerCase()),
  );
  return relation.columns
    .filter((column) => (isWhole && column.published) || names.has(column.name.toLowerCase()))
    .filter((column) => findParameter(relation, method, column.name) === undefined)
    .map((column) => column.name);
}

/** Many APIs wrap the one object of an answer: `{"project": {...}}`, where the relation's own columns are those of the inner object. */
function unwrapped(relation: Relation, item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = new Set(relation.columns.map((column) => column.wireName));
  const isRow = (value: unknown): value is Readonly<Record<string, unknown>> =>
    isRecord(value) && Object.keys(value).some((key) => names.has(key));
  if (isRow(item)) return item;
  const inner = Object.values(item).filter(isRow);
  return inner.length === 1 && inner[0] !== undefined ? inner[0] : item;
}

function sourcesOf(relation: Relation, method: Method): readonly Source[] {
  const sources: Source[] = relation.columns.map((column) => ({
    name: column.name,
    type: column.shape.sqlType,
    cell: ({ item, call, before }) => {
      const value = item[column.wireName];
      if (value === undefined) return before?.[column.name] ?? identityValue(relation, method, column.name, call);
      const cell = cellOf(value, column.shape.sqlType);
      return cell === undefined ? (typeof value === 'string' ? value : jsonText(value)) : cell;
    },
  }));
  const known = new Set(sources.map((source) => source.name.toLowerCase()));
  for (const parameter of [...method.parameters, ...(method.http.servers[0]?.variables ?? [])]) {
    if (known.has(parameter.name.toLowerCase())) continue;
    known.add(parameter.name.toLowerCase());
    sources.push({
      name: parameter.name,
      type: 'VARCHAR',
      cell: ({ call }) =>
        parameter.name === 'subdomain' && parameter.location === 'server' ? call.org.name : parameterText(call, parameter.name),
    });
  }
  return sources;
}

// An answer without a body still has a key: the parameter that equals the column.
function identityValue(relation: Relation, method: Method, column: string, call: MethodCall): SqlValue {
  const parameter = findParameter(relation, method, column);
  return parameter === undefined ? null : parameterText(call, parameter.name);
}

function parameterText(call: MethodCall, name: string): SqlValue {
  const value = call.parameters[name];
  return value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
}

/** The columns of a list of plain names (`*`, `id`, `u.id`, `id AS x`), or `undefined` where it holds anything else. */
function plainColumns(
  relation: Relation,
  sources: readonly Source[],
  returning: TextSlice,
  alias: string | undefined,
): readonly { readonly name: string; readonly source: Source }[] | undefined {
  const columns: { name: string; source: Source }[] = [];
  const qualifiers = [alias ?? relation.name, relation.name].map((name) => name.toLowerCase());
  for (const group of splitComma(tokenise(returning.text))) {
    let tokens = group;
    if (tokens.length === 1 && tokens[0]?.text === '*') {
      columns.push(...starOf(relation, sources).map((source) => ({ name: source.name, source })));
      continue;
    }
    const [first, dot] = tokens;
    if (first !== undefined && dot?.text === '.' && qualifiers.includes(nameOf(first, returning.text).toLowerCase()))
      tokens = tokens.slice(2);
    const [token, as, label] = tokens;
    if (token === undefined || !['word', 'quoted'].includes(token.kind)) return undefined;
    const hasLabel = tokens.length === 3 && as?.text === 'AS' && label !== undefined && ['word', 'quoted'].includes(label.kind);
    if (tokens.length !== 1 && !hasLabel) return undefined;
    const written = nameOf(token, returning.text);
    const source = sources.find((one) => one.name.toLowerCase() === written.toLowerCase());
    if (source === undefined) {
      if (token.kind === 'word' && /^(null|true|false|current_timestamp|current_date)$/i.test(written)) return undefined;
      throw unknownColumn(relation, sources, written, { offset: returning.offset + token.start, length: token.end - token.start });
    }
    columns.push({ name: hasLabel && label !== undefined ? nameOf(label, returning.text) : source.name, source });
  }
  return columns;
}

function starOf(relation: Relation, sources: readonly Source[]): readonly Source[] {
  const published = new Set(relation.columns.filter((column) => column.published).map((column) => column.name));
  return published.size === 0 ? sources : sources.filter((source) => published.has(source.name));
}

function unknownColumn(
  relation: Relation,
  sources: readonly Source[],
  written: string,
  span: { offset: number; length: number },
): OrgqlError {
  const near = suggest(
    written,
    sources.map((source) => source.name),
  );
  return new OrgqlError('unknown_column', `${relation.id} has no column "${written}"`, {
    hint: near === undefined ? `DESCRIBE EXTENDED ${relation.id} lists them` : `did you mean "${near}"?`,
    span,
  });
}

/** The list as a query over the answers, which travel as one JSON parameter. */
async function evaluated(
  evaluation: Evaluation,
  relation: Relation,
  sources: readonly Source[],
  items: readonly Item[],
  returning: TextSlice,
  alias: string | undefined,
): Promise<Returned> {
  const columns = sources.map((source, index) => {
    const cells = items.map((item) => portable(source, source.cell(item)));
    const type = cells.every((cell) => cell.fits) ? source.type : 'VARCHAR';
    return { key: `c${index}`, name: quoteName(source.name), type, cells };
  });
  const rows = items.map((_, row) => `{${columns.map(({ key, cells }) => `"${key}":${cells[row]?.json ?? 'null'}`).join(',')}}`);
  const structure = JSON.stringify([Object.fromEntries(columns.map(({ key, type }) => [key, type]))]).replaceAll("'", "''");
  const name = quoteName(alias ?? relation.name);
  const selected = columns.map(({ key, name: column }) => `orgql_item.${key} AS ${column}`).join(', ');
  const star = starOf(relation, sources).map((source) => quoteName(source.name));
  const list = nestedNames(returning, sources, [alias, relation.name], star.join(', '));
  const composed = compose([
    `WITH ${name} AS (SELECT ${selected} FROM (SELECT unnest(from_json(CAST($orgql_items AS VARCHAR), '${structure}')) AS orgql_item) AS orgql_items) SELECT `,
    ...list,
    ` FROM ${name}`,
  ]);
  const parameters = { ...evaluation.options.parameters, orgql_items: `[${rows.join(',')}]` };
  return queryRows({ ...evaluation, options: { ...evaluation.options, parameters } }, composed);
}

/** A cell as JSON text: an object as it came, the rest as a JSON value. */
function portable(source: Source, cell: SqlValue): { readonly json: string; readonly fits: boolean } {
  if (cell === null) return { json: 'null', fits: true };
  if (source.type === 'JSON' && typeof cell === 'string') return { json: cell, fits: true };
  const isText = typeof cell === 'string';
  const fits = isText ? source.type === 'VARCHAR' || (source.type === 'TIMESTAMPTZ' && !Number.isNaN(Date.parse(cell))) : true;
  return { json: typeof cell === 'bigint' ? cell.toString() : JSON.stringify(cell), fits };
}

/** `profile.login` of a JSON column is the typed access that a SELECT makes of it: text at that path. `*` is the published columns. */
function nestedNames(
  returning: TextSlice,
  sources: readonly Source[],
  qualifiers: readonly (string | undefined)[],
  star: string,
): readonly (string | TextSlice)[] {
  const tokens = tokenise(returning.text);
  const pieces: (string | TextSlice)[] = [];
  let done = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.text === '*' && [tokens[index - 1], tokens[index + 1]].every((near) => near === undefined || near.text === ',')) {
      pieces.push({ text: returning.text.slice(done, token.start), offset: returning.offset + done }, star);
      done = token.end;
      continue;
    }
    if (token === undefined || !['word', 'quoted'].includes(token.kind) || tokens[index - 1]?.text === '.') continue;
    const names = [nameOf(token, returning.text)];
    let last = index;
    while (tokens[last + 1]?.text === '.' && tokens[last + 2] !== undefined && ['word', 'quoted'].includes(tokens[last + 2]?.kind ?? '')) {
      last += 2;
      const part = tokens[last];
      if (part !== undefined) names.push(nameOf(part, returning.text));
    }
    const path = qualifiers.some((one) => one?.toLowerCase() === names[0]?.toLowerCase()) && names.length > 1 ? names.slice(1) : names;
    const source = sources.find((one) => one.name.toLowerCase() === path[0]?.toLowerCase());
    const end = tokens[last]?.end ?? token.end;
    if (path.length > 1 && source?.type === 'JSON' && tokens[last + 1]?.text !== '(') {
      pieces.push({ text: returning.text.slice(done, token.start), offset: returning.offset + done });
      const keys = path.slice(1).map((key) => `."${key.replaceAll('"', '\\"')}"`);
      const access = `json_extract_string(${quoteName(source.name)}, '$${keys.join('').replaceAll("'", "''")}')`;
      // Alone in the list it keeps its last name as the column's.
      const isItem =
        (tokens[index - 1] === undefined || tokens[index - 1]?.text === ',') &&
        (tokens[last + 1] === undefined || tokens[last + 1]?.text === ',');
      pieces.push(isItem ? `${access} AS ${quoteName(path.at(-1) ?? '')}` : access);
      done = end;
    }
    index = last;
  }
  pieces.push({ text: returning.text.slice(done), offset: returning.offset + done });
  return pieces;
}

function engineName(type: StageColumn['type']): string {
  return type === 'JSON' || type === 'VARCHAR' || type === 'BIGINT' || type === 'DOUBLE' || type === 'BOOLEAN' || type === 'TIMESTAMPTZ'
    ? engineType(type)
    : type;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
