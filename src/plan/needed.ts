import type { Column, Method, Parameter, Relation, Shape } from '../catalog/types.ts';
import type { NeededColumn, Occurrence } from './types.ts';

/** The methods that serve SELECT. */
export function selectMethods(relation: Relation): readonly Method[] {
  return relation.methods.filter((method) => method.verbs.includes('SELECT'));
}

/** A response column by its name without regard to case. */
export function findColumn(relation: Relation, name: string): Column | undefined {
  const wanted = name.toLowerCase();
  return relation.columns.find((column) => column.name.toLowerCase() === wanted);
}

/** An input of one of the SELECT methods, by its name without regard to case. */
export function findParameter(relation: Relation, name: string): Parameter | undefined {
  const wanted = name.toLowerCase();
  for (const method of selectMethods(relation)) {
    const found = method.parameters.find((parameter) => parameter.name.toLowerCase() === wanted);
    if (found !== undefined) return found;
    const server = method.http.servers[0]?.variables.find((parameter) => parameter.name.toLowerCase() === wanted);
    if (server !== undefined) return server;
  }
  return undefined;
}

/** Columns that `*` shows: the published ones, or all of a relation that publishes none. */
export function visibleColumns(relation: Relation): readonly Column[] {
  const published = relation.columns.filter((column) => column.published);
  return published.length > 0 ? published : relation.columns;
}

/** The shape below a column, following keys without regard to case where the schema knows them. */
export function descend(
  shape: Shape | undefined,
  path: readonly (string | number)[],
): { readonly shape: Shape | undefined; readonly path: readonly (string | number)[] } {
  let current = shape;
  const spelled: (string | number)[] = [];
  for (const step of path) {
    if (typeof step === 'number') {
      spelled.push(step);
      current = current?.items();
      continue;
    }
    const properties = current?.properties();
    const known =
      properties?.get(step) !== undefined ? step : [...(properties?.keys() ?? [])].find((key) => key.toLowerCase() === step.toLowerCase());
    spelled.push(known ?? step);
    current = known === undefined ? (current?.apiType === 'object' ? current.items() : undefined) : properties?.get(known);
  }
  return { shape: current, path: spelled };
}

/** The engine type of a value below a column: text, but number or boolean where the schema says so, and JSON for objects and arrays. */
export function nestedType(shape: Shape | undefined): string {
  switch (shape?.sqlType) {
    case 'BIGINT':
    case 'DOUBLE':
    case 'BOOLEAN':
    case 'JSON':
      return shape.sqlType;
    default:
      return 'VARCHAR';
  }
}

/** True where one of two paths leads to the other's value, or through it. */
export function overlaps(one: readonly string[], other: readonly string[]): boolean {
  return one.slice(0, other.length).every((key, index) => key === other[index]);
}

/** Notes that an occurrence's column is needed, and names it in the staging table. */
export function needColumn(occurrence: Occurrence, column: Column): NeededColumn {
  const isVisible = visibleColumns(occurrence.relation).includes(column);
  return need(occurrence, `c:${column.name}`, column.name, {
    source: { kind: 'property', path: [column.wireName] },
    sqlType: column.shape.sqlType,
    shape: column.shape,
    visible: isVisible,
  });
}

/** Notes that a value below a column is needed as a column of its own. `path` starts with the column's wire name. */
export function needNested(occurrence: Occurrence, path: readonly string[], shape: Shape | undefined): NeededColumn {
  return need(occurrence, `n:${JSON.stringify(path)}`, path.join('.'), {
    source: { kind: 'property', path },
    sqlType: nestedType(shape),
    shape,
    visible: false,
  });
}

/** Notes that the value which a call was made with is needed. */
export function needParameter(occurrence: Occurrence, name: string, shape: Shape | undefined): NeededColumn {
  return need(occurrence, `p:${name}`, name, {
    source: { kind: 'parameter', parameter: name },
    sqlType: shape === undefined || shape.sqlType === 'JSON' ? 'VARCHAR' : shape.sqlType,
    shape,
    visible: false,
  });
}

function need(occurrence: Occurrence, key: string, name: string, column: Omit<NeededColumn, 'name'>): NeededColumn {
  const existing = occurrence.needed.get(key);
  if (existing !== undefined) return existing;
  const taken = new Set([...occurrence.needed.values()].map((other) => other.name.toLowerCase()));
  // A published column keeps its name whatever came before it; the others step aside.
  const reserved = column.visible
    ? new Set<string>()
    : new Set(visibleColumns(occurrence.relation).map((other) => other.name.toLowerCase()));
  let unique = name;
  for (let count = 2; taken.has(unique.toLowerCase()) || reserved.has(unique.toLowerCase()); count++) unique = `${name}#${count}`;
  const needed: NeededColumn = { ...column, name: unique };
  occurrence.needed.set(key, needed);
  return needed;
}
