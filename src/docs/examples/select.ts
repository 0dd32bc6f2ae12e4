import type { FilterFact } from '../../catalog/overlay.ts';
import type { Method, Relation } from '../../catalog/types.ts';
import type { Example, Inlines } from '../model/page.ts';
import { code } from '../model/text.ts';
import { inputsOf, methodsFor } from './inputs.ts';
import { listMethod, type Probe, selectList, serverConditions, tellingPaths } from './probe.ts';
import { sqlName, sqlPath, sqlRelation, sqlText, whereClause } from './sql-text.ts';
import { sampleParameter } from './values.ts';

/** What an example is, before it was run. */
export interface PlannedExample extends Omit<Example, 'outcome'> {
  /** False: a value in it stands for one that nobody knows here, so running it would show nothing. */
  readonly isReal?: boolean;
  /** True: it shows what the API filters, which the plan must bear out. */
  readonly isPushed?: boolean;
}

/** Where the values of examples come from. */
export interface ExampleValues {
  readonly probe: Probe | undefined;
  readonly server: Readonly<Record<string, string>>;
}

/** Queries over one relation: a list, a look-up by key, a filter that the API evaluates. */
export function selectExamples(relation: Relation, values: ExampleValues): readonly PlannedExample[] {
  const list = listMethod(relation);
  if (list === undefined) return [];
  const examples = [listExample(relation, list, values)];
  const key = keyExample(relation, list, values);
  if (key !== undefined) examples.push(key);
  const filter = filterExample(relation, list, values);
  if (filter !== undefined) examples.push(filter);
  return examples;
}

/** True where the probed row knows a value of every parameter. */
export function areKnown(method: Method, relation: Relation, values: ExampleValues): boolean {
  return inputsOf(method).parameters.every((parameter) => probedValue(parameter.name, relation, values.probe) !== undefined);
}

/** `parameter = value` of everything that a method requires. */
export function conditionsOf(method: Method, relation: Relation, values: ExampleValues): readonly string[] {
  const own = inputsOf(method).parameters.map((parameter) => `${sqlName(parameter.name)} = ${parameterValue(parameter, relation, values)}`);
  return [...own, ...serverConditions(method, values.server)];
}

/** A value for a parameter: of the probed row where it has one, else one that fits. */
export function parameterValue(parameter: Parameters<typeof sampleParameter>[0], relation: Relation, values: ExampleValues): string {
  const known = probedValue(parameter.name, relation, values.probe);
  return known === undefined ? sampleParameter(parameter) : sqlText(known);
}

/** The probed row's value of a parameter, or of the column that equals it. */
export function probedValue(name: string, relation: Relation, probe: Probe | undefined): string | undefined {
  const column = relation.overlay.relation.identity?.[name];
  const value = probe?.row[name] ?? (column === undefined ? undefined : probe?.row[column]);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function listExample(relation: Relation, list: Method, values: ExampleValues): PlannedExample {
  const paths = tellingPaths(relation, values.probe, 4);
  return {
    kind: 'example',
    title: 'The first few',
    intro: [],
    isReal: areKnown(list, relation, values),
    sql: `SELECT ${selectList(paths)}\nFROM ${sqlRelation(relation.id)}${whereClause(conditionsOf(list, relation, values))}\nLIMIT 5;`,
  };
}

function keyExample(relation: Relation, list: Method, values: ExampleValues): PlannedExample | undefined {
  const needed = new Set(inputsOf(list).parameters.map((parameter) => parameter.name));
  const get = methodsFor(relation, 'SELECT').find(
    (method) => method.hidden !== true && method !== list && inputsOf(method).parameters.some((parameter) => !needed.has(parameter.name)),
  );
  if (get === undefined) return undefined;
  return {
    kind: 'example',
    title: 'One by key',
    isReal: areKnown(get, relation, values),
    intro: [code(`${get.http.verb} ${get.http.path}`), ' answers it with one request.'],
    sql: `SELECT ${selectList(tellingPaths(relation, values.probe, 6))}\nFROM ${sqlRelation(relation.id)}${whereClause(conditionsOf(get, relation, values))};`,
  };
}

function filterExample(relation: Relation, list: Method, values: ExampleValues): PlannedExample | undefined {
  const filters = relation.overlay.methods[list.name]?.filters ?? [];
  for (const filter of filters) {
    const found = pushable(filter, relation, list, values);
    if (found === undefined) continue;
    const intro: Inlines = ['The API can filter by ', code(found.path.join('.')), ' (parameter ', code(filter.parameter), ').'];
    const paths = tellingPaths(relation, values.probe, 4);
    const shown = paths.some((path) => path.join('.') === found.path.join('.')) ? paths : [...paths.slice(0, 3), found.path];
    const conditions = [`${sqlPath(found.path)} = ${sqlText(found.value)}`, ...conditionsOf(list, relation, values)];
    return {
      kind: 'example',
      title: 'Filtered by the API',
      intro,
      isPushed: true,
      isReal: areKnown(list, relation, values),
      sql: `SELECT ${selectList(shown)}\nFROM ${sqlRelation(relation.id)}${whereClause(conditions)}\nLIMIT 5;`,
    };
  }
  return undefined;
}

interface Pushable {
  readonly attribute: string;
  readonly path: readonly string[];
  readonly value: string;
}

/** An attribute that the filter compares for equality, with a value that a row has. */
function pushable(filter: FilterFact, relation: Relation, list: Method, values: ExampleValues): Pushable | undefined {
  const keys = new Set([...(relation.overlay.relation.key ?? ['id']), ...inputsOf(list).parameters.map((parameter) => parameter.name)]);
  const options: Pushable[] = [];
  for (const [attribute, fact] of Object.entries(filter.attributes)) {
    if (!fact.operators.includes('eq')) continue;
    if (attribute.endsWith('.*')) {
      const column = attribute.slice(0, -2);
      for (const path of tellingPaths(relation, values.probe, 12)) {
        if (path[0] !== column || path.length !== 2) continue;
        const value = probed(path, values.probe);
        if (value !== undefined) options.push({ attribute, path, value });
      }
    } else if (!keys.has(attribute) && !attribute.includes('*')) {
      const path = attribute.split('.');
      const value = probed(path, values.probe) ?? enumValue(relation, path);
      if (value !== undefined) options.push({ attribute, path, value });
    }
  }
  return options.find((option) => option.path.at(-1) === 'status') ?? options.find((option) => option.path.at(-1) === 'type') ?? options[0];
}

function probed(path: readonly string[], probe: Probe | undefined): string | undefined {
  let value: unknown = probe?.row;
  for (const part of path) value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function enumValue(relation: Relation, path: readonly string[]): string | undefined {
  const [head, ...rest] = path;
  let shape = relation.columns.find((column) => column.name === head)?.shape;
  for (const part of rest) shape = shape?.properties().get(part);
  return shape?.enum?.[0];
}
