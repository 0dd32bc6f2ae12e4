import type { Relation } from '../../catalog/types.ts';
import { inputsOf, methodsFor } from './inputs.ts';
import { sqlName, sqlPath, sqlRelation, sqlText, whereClause } from './sql-text.ts';
import type { ExampleRunner } from './types.ts';
import { sampleParameter } from './values.ts';

/** One real row of a relation, from which examples take their values. */
export interface Probe {
  /** Values by column, parameters included; objects as parsed JSON. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly types: Readonly<Record<string, string>>;
}

/** Looks at some rows of the relation and takes the one that says most. `undefined` where none can be read. */
export async function probeRelation(relation: Relation, runner: ExampleRunner): Promise<Probe | undefined> {
  const list = listMethod(relation);
  if (list === undefined) return undefined;
  const { parameters } = inputsOf(list);
  const columns = relation.columns.filter((column) => column.published);
  const extra = parameters
    .filter((parameter) => !columns.some((column) => column.name === parameter.name))
    .map((parameter) => sqlName(parameter.name));
  const server = serverConditions(list, runner.serverValues);
  const sql = `SELECT ${[...extra, columns.length > 0 ? '*' : ''].filter((part) => part !== '').join(', ') || '*'} FROM ${sqlRelation(relation.id)}${whereClause(server)} LIMIT 5`;
  const result = await runner.run(sql);
  if (result.kind !== 'rows') return undefined;
  const full = [...result.rows].sort((a, b) => b.filter(isGiven).length - a.filter(isGiven).length)[0];
  if (full === undefined) return undefined;
  const row: Record<string, unknown> = {};
  const types: Record<string, string> = {};
  for (const [index, column] of result.columns.entries()) {
    const value = full[index];
    types[column.name] = column.type;
    if (value !== undefined) row[column.name] = column.type === 'JSON' ? parse(value) : value;
  }
  return { row, types };
}

/** The method that a SELECT without a key uses: of those with fewest required parameters, the first. */
export function listMethod(relation: Relation): ReturnType<typeof methodsFor>[number] | undefined {
  const methods = methodsFor(relation, 'SELECT').filter((method) => method.hidden !== true);
  const identity = Object.keys(relation.overlay.relation.identity ?? {});
  const needs = (method: (typeof methods)[number]): number =>
    inputsOf(method).parameters.reduce((sum, parameter) => sum + (identity.includes(parameter.name) ? 1.5 : 1), 0);
  return [...methods].sort((a, b) => needs(a) - needs(b))[0];
}

/** Conditions that name the org, and what else the server's address needs. */
export function serverConditions(
  method: NonNullable<ReturnType<typeof listMethod>>,
  values: Readonly<Record<string, string>>,
): readonly string[] {
  return inputsOf(method).server.map((variable) => {
    const known = values[variable.name];
    return `${sqlName(variable.name)} = ${known === undefined ? sampleParameter(variable) : sqlText(known)}`;
  });
}

/** Paths of the row's plain values, most telling first: `id`, `profile.login`, `status`. */
export function tellingPaths(relation: Relation, probe: Probe | undefined, count: number): readonly (readonly string[])[] {
  const candidates: { readonly path: readonly string[]; readonly rank: number }[] = [];
  for (const column of relation.columns) {
    if (!column.published || column.secret) continue;
    const { apiType } = column.shape;
    const value = probe?.row[column.name];
    if (apiType !== 'object' && apiType !== 'array') {
      if (probe === undefined || value !== undefined) candidates.push({ path: [column.name], rank: rank(column.name) });
    } else if (apiType === 'object' && !column.name.startsWith('_')) {
      for (const [name, shape] of column.shape.properties()) {
        if (shape.apiType === 'object' || shape.apiType === 'array' || name.startsWith('_')) continue;
        const inner = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
        if (probe === undefined || (inner !== undefined && inner !== null))
          candidates.push({ path: [column.name, name], rank: nestedRank(column.name, name) });
      }
    }
  }
  const order = relation.columns.map((column) => column.name);
  const chosen: (readonly string[])[] = [];
  for (const { path } of [...candidates].sort((a, b) => a.rank - b.rank)) {
    // Two columns of one name could not be told apart in the output.
    if (chosen.length < count && !chosen.some((other) => other.at(-1) === path.at(-1))) chosen.push(path);
  }
  return chosen.sort((a, b) => weight(a, order) - weight(b, order));
}

/** Select list of those paths; the relation's own alias in front where there is one. */
export function selectList(paths: readonly (readonly string[])[], alias?: string): string {
  if (paths.length === 0) return alias === undefined ? '*' : `${alias}.*`;
  return paths.map((path) => sqlPath(alias === undefined ? path : [alias, ...path])).join(', ');
}

const TELLING = [
  'id',
  'name',
  'label',
  'login',
  'title',
  'type',
  'status',
  'key',
  'email',
  'displayName',
  'number',
  'state',
  'description',
  'created',
  'created_at',
  'published',
  'eventType',
];

function rank(name: string): number {
  const place = TELLING.indexOf(name);
  return place >= 0 ? place : 40;
}

// Of nested values those of a profile say most; the id, type or status of something else would be mistaken for the row's own.
function nestedRank(column: string, name: string): number {
  if (name === 'id' || name === 'type' || name === 'status') return 90;
  const isTelling = TELLING.includes(name);
  return column === 'profile' ? (isTelling ? 1 : 30) : isTelling ? 25 : 60;
}

function weight(path: readonly string[], order: readonly string[]): number {
  const [column = ''] = path;
  return column === 'id' ? -1 : path.length === 2 ? 0 : 1 + order.indexOf(column);
}

function isGiven(value: string | undefined): boolean {
  return value !== undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
