import { type AccessPath, encodedLength } from './access-path.ts';
import type { Occurrence } from './types.ts';

/** The parameter by which a call asks for no more of each row than the query needs. */
export interface Projection {
  readonly parameter: string;
  readonly value: string;
}

/** Keys from a row to each value that is needed of it, or the whole row. */
export type Wanted = readonly (readonly string[])[] | 'whole';

/** Names that need no quoting in any grammar; another one makes what is around it be asked for whole. */
const PLAIN_NAME = /^[A-Za-z]\w*$/;
/** Longest encoded list, so that a filter still fits beside it. */
const LONGEST_LIST = 1000;

/** What a query needs of an occurrence's rows. */
export function wantedOf(occurrence: Occurrence): Wanted {
  if (occurrence.wholeRow) return 'whole';
  const { columns, overlay } = occurrence.relation;
  return [...occurrence.needed.values()].flatMap(({ source }) => {
    if (source.kind === 'property') return [source.path];
    const own = overlay.relation.identity?.[source.parameter];
    const column = columns.find(({ name }) => name === own);
    return column === undefined ? [] : [[column.wireName]];
  });
}

/**
 * What each relation is needed for that is read more than once: because it is mentioned twice, or because a child of it may list it, or a relation of which
 * it tells the values that have rows.
 * All of them ask alike, so that they can share one fetch.
 */
export function wantedTogether(occurrences: readonly Occurrence[]): ReadonlyMap<string, Wanted> {
  const found = new Map<string, { wanted: Wanted; times: number }>();
  const add = (relation: string, wanted: Wanted): void => {
    const known = found.get(relation);
    found.set(relation, { wanted: known === undefined ? wanted : both(known.wanted, wanted), times: (known?.times ?? 0) + 1 });
  };
  for (const occurrence of occurrences) {
    const { relation } = occurrence;
    add(relation.id, wantedOf(occurrence));
    const { parents = {}, drivers = [] } = relation.overlay.relation;
    for (const lister of [...Object.values(parents), ...drivers]) add(lister.relation, [[lister.column]]);
  }
  return new Map([...found].filter(([, { times }]) => times > 1).map(([relation, { wanted }]) => [relation, wanted]));
}

/** What covers both. */
export function both(one: Wanted, other: Wanted): Wanted {
  return one === 'whole' || other === 'whole' ? 'whole' : [...one, ...other];
}

/**
 * The projection of a path, where its method declares one that can name all that is wanted. The key of a row is always asked for, so
 * that no row comes empty. `undefined`: rows are asked for whole.
 */
export function projectionOf(path: AccessPath, key: readonly string[], wanted: Wanted): Projection | undefined {
  const fact = path.facts.projection;
  const declared = path.method.response.row?.properties();
  if (fact === undefined || declared === undefined || wanted === 'whole' || path.stand !== undefined) return undefined;
  // The statement itself may say what it wants.
  if (path.fixed[fact.parameter] !== undefined || path.supplies.some(({ parameter }) => parameter === fact.parameter)) return undefined;
  const always = fact.always ?? [];
  const isNameable = (name: string): boolean =>
    always.includes(name) || (PLAIN_NAME.test(name) && declared.has(name) && (fact.columns?.includes(name) ?? true));
  const names = new Map<string, Set<string> | 'all'>();
  for (const name of [...always, ...key]) if (isNameable(name)) names.set(name, 'all');
  for (const [name, inner] of wanted) {
    if (name === undefined || !isNameable(name)) return undefined;
    const known = names.get(name);
    if (known === 'all' || inner === undefined || !PLAIN_NAME.test(inner) || fact.nested?.includes(name) !== true) names.set(name, 'all');
    else names.set(name, (known ?? new Set<string>()).add(inner));
  }
  if (names.size === 0) return undefined;
  // In one order, whatever the statement's: calls that ask alike are one.
  const tops = [...names].toSorted(
    ([one], [other]) => Number(always.includes(other)) - Number(always.includes(one)) || compare(one, other),
  );
  const value = [
    tops.map(([name, inner]) => (inner === 'all' ? name : `${name}:(${[...inner].toSorted(compare).join(',')})`)),
    tops.map(([name]) => name),
  ]
    .map((list) => list.join(','))
    .find((list) => encodedLength(list) <= LONGEST_LIST);
  return value === undefined ? undefined : { parameter: fact.parameter, value };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
