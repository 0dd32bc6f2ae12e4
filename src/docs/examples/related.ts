import type { Relation } from '../../catalog/types.ts';
import { inputsOf } from './inputs.ts';
import { listMethod, selectList, serverConditions, tellingPaths } from './probe.ts';
import type { ExampleValues, PlannedExample } from './select.ts';
import { parameterValue, probedValue } from './select.ts';
import { sqlName, sqlPath, sqlRelation, sqlText, whereClause } from './sql-text.ts';

/** Another relation that belongs to this one, and how. */
export interface RelatedRelation {
  readonly relation: Relation;
  readonly kind: 'parent' | 'child' | 'equivalent';
  /** The parameter of the child that the parent's column fills. */
  readonly parameter: string;
  readonly column: string;
}

/** Every relation's relatives, by its id, from what the overlay says. */
export function relatedRelations(relations: readonly Relation[]): ReadonlyMap<string, readonly RelatedRelation[]> {
  const byId = new Map(relations.map((relation) => [relation.id, relation]));
  const related = new Map<string, RelatedRelation[]>();
  const add = (id: string, one: RelatedRelation): void => {
    const known = related.get(id) ?? [];
    if (!known.some((other) => other.relation === one.relation && other.parameter === one.parameter && other.kind === one.kind))
      known.push(one);
    related.set(id, known);
  };
  for (const relation of relations) {
    for (const [parameter, fact] of Object.entries(relation.overlay.relation.parents ?? {})) {
      const parent = byId.get(fact.relation);
      if (parent === undefined || parent === relation) continue;
      add(relation.id, { relation: parent, kind: 'parent', parameter, column: fact.column });
      add(parent.id, { relation, kind: 'child', parameter, column: fact.column });
    }
    for (const fact of relation.overlay.relation.equivalents ?? []) {
      const other = byId.get(fact.relation);
      const [parameter, column] = Object.entries(fact.columns)[0] ?? [];
      if (other !== undefined && other !== relation && parameter !== undefined && column !== undefined)
        add(relation.id, { relation: other, kind: 'equivalent', parameter, column });
    }
  }
  return related;
}

/** Joins of the relation with its parents, then with its children. */
export function joinExamples(relation: Relation, related: readonly RelatedRelation[], values: ExampleValues): readonly PlannedExample[] {
  return related
    .filter((one) => one.kind !== 'equivalent' && listMethod(one.relation) !== undefined)
    .toSorted((a, b) => Number(b.kind === 'parent') - Number(a.kind === 'parent'))
    .flatMap((one) => joinExample(relation, one, values) ?? []);
}

function joinExample(relation: Relation, chosen: RelatedRelation, values: ExampleValues): PlannedExample | undefined {
  const [parent, child] = chosen.kind === 'parent' ? [chosen.relation, relation] : [relation, chosen.relation];
  const list = listMethod(child);
  const parentList = listMethod(parent);
  if (list === undefined || parentList === undefined) return undefined;
  const [outer, inner] = ['p', 'c'];
  const others = inputsOf(list).parameters.filter((parameter) => parameter.name !== chosen.parameter);
  // Values of further parameters are known of the relation's own row only.
  if (others.length > 0 && child !== relation) return undefined;
  const parentNeeds = inputsOf(parentList).parameters;
  if (parentNeeds.length > 0) return undefined;
  const on = `${sqlPath([inner, chosen.parameter])} = ${sqlPath([outer, ...chosen.column.split('.')])}`;
  const own = chosen.kind === 'parent' ? tellingPaths(child, values.probe, 3) : tellingPaths(child, undefined, 3);
  const theirs = tellingPaths(parent, chosen.kind === 'child' ? values.probe : undefined, 2).slice(0, 2);
  const known = probedValue(chosen.kind === 'parent' ? chosen.parameter : chosen.column, relation, values.probe);
  const conditions = [
    // One parent, so that a copy of the query costs little wherever it is run.
    ...(known === undefined ? [] : [`${sqlPath([outer, ...chosen.column.split('.')])} = ${sqlText(known)}`]),
    ...others.map((parameter) => `${sqlPath([inner, parameter.name])} = ${parameterValue(parameter, relation, values)}`),
    ...serverConditions(parentList, values.server).map((condition) => `${outer}.${condition}`),
  ];
  return {
    kind: 'example',
    title: `${parent.id} with ${child.id}`,
    intro: ['Each row of one feeds the other: its ', { kind: 'code', text: chosen.parameter }, ' is bound from the join.'],
    sql: `SELECT ${aliased(theirs, outer, own, inner)}\nFROM ${sqlRelation(parent.id)} ${outer}\nJOIN ${sqlRelation(child.id)} ${inner} ON ${on}${whereClause(conditions)}\nLIMIT 5;`,
  };
}

// Columns of both sides may share their names; the child's are then told apart by its resource's name.
function aliased(theirs: readonly (readonly string[])[], outer: string, own: readonly (readonly string[])[], inner: string): string {
  const taken = new Set(theirs.map((path) => path.at(-1)));
  const left = selectList(theirs, outer);
  const right = own.map((path) => {
    const name = path.at(-1) ?? '';
    const expression = sqlPath([inner, ...path]);
    return taken.has(name) ? `${expression} AS ${sqlName(`child_${name}`)}` : expression;
  });
  return [left, ...right].join(', ');
}
