import type { EquivalentFact } from '../catalog/overlay.ts';
import type { Method, Relation } from '../catalog/types.ts';
import { type AccessPath, defaultValue, isReady, type PathRequest, requiredOf, type StandIn, type Supplied } from './access-path.ts';
import type { Equality } from './equalities.ts';
import { selectMethods } from './needed.ts';
import type { ColumnAccess } from './types.ts';

/** Paths through relations that hold the same facts seen from the other side: the groups of a user for the members of a group. */
export function equivalentPaths(request: PathRequest): AccessPath[] {
  const { occurrence } = request;
  return (occurrence.relation.overlay.relation.equivalents ?? []).flatMap((fact) => {
    const other = request.related.get(fact.relation);
    if (other === undefined || (occurrence.wholeRow && fact.pointer === undefined) || request.isLacking?.(fact) === true) return [];
    return selectMethods(other).flatMap((method) => {
      const texts = fact.by?.parameters ?? {};
      if (!Object.keys(texts).every((name) => method.parameters.some((parameter) => parameter.name === name))) return [];
      const columns = standIns(request, other, method, fact);
      const supplies = columns === undefined ? undefined : standSupplies(request, method, fact);
      if (columns === undefined || supplies === undefined) return [];
      const facts = other.overlay.methods[method.name] ?? {};
      const path: AccessPath = {
        method,
        facts,
        supplies,
        fixed: Object.fromEntries(Object.entries(facts.defaults ?? {}).map(([name, value]) => [name, defaultValue(value, request.now)])),
        chunk: undefined,
        pushed: [],
        isKeyed: false,
        isIndexed: false,
        identity: {},
        isExact: false,
        fanOut: undefined,
        stand: { relation: other, columns },
        by: fact.by === undefined ? undefined : { value: fact.by.column, texts, fact },
        restriction: undefined,
      };
      return (facts.omits ?? []).length > 0 || facts.fanOut !== undefined ? [] : [path];
    });
  });
}

/** True when an equality could supply what an equivalent relation is read by. */
export function drivesEquivalent(request: Omit<PathRequest, 'staged'>, { access }: Equality): boolean {
  return (request.occurrence.relation.overlay.relation.equivalents ?? []).some((fact) => {
    const other = request.related.get(fact.relation);
    if (other === undefined || request.isLacking?.(fact) === true) return false;
    return selectMethods(other).some(
      (method) =>
        standIns(request, other, method, fact) !== undefined &&
        (isBy(fact, access) || requiredOf(method).some(({ name }) => isOf(fact, name, access))),
    );
  });
}

/** True for a column whose value the other's list is narrowed to. */
function isBy({ by }: EquivalentFact, { column, parameter, path }: ColumnAccess): boolean {
  return by !== undefined && parameter === undefined && path.length === 0 && column?.name === by.column;
}

/** True for a column or parameter whose value is the other's parameter. */
function isOf({ columns }: EquivalentFact, parameter: string, access: ColumnAccess): boolean {
  const name = (access.parameter ?? access.column?.name ?? '').toLowerCase();
  return access.path.length === 0 && Object.entries(columns).some(([own, theirs]) => theirs === parameter && own.toLowerCase() === name);
}

/** What supplies the other relation's parameters, or `undefined` where something is missing. */
function standSupplies(request: PathRequest, method: Method, fact: EquivalentFact): readonly Supplied[] | undefined {
  const supplies: Supplied[] = [];
  const supply = (parameter: string, isMeant: (access: ColumnAccess) => boolean): boolean => {
    const ready = request.knowledge.equalities.filter((equality) => isMeant(equality.access) && isReady(request, equality.supply));
    const equality = ready.find((one) => one.supply.kind === 'constants') ?? ready[0];
    if (equality !== undefined) supplies.push({ parameter, supply: equality.supply });
    return equality !== undefined;
  };
  for (const { name } of requiredOf(method)) if (!supply(name, (access) => isOf(fact, name, access))) return undefined;
  if (fact.by !== undefined && !supply(fact.by.column, (access) => isBy(fact, access))) return undefined;
  return supplies.length === 0 ? undefined : supplies;
}

/** What stands for each column that the query needs, or `undefined` where the other relation cannot tell one of them. */
function standIns(
  { occurrence, knowledge }: Pick<PathRequest, 'occurrence' | 'knowledge'>,
  other: Relation,
  method: Method,
  { columns, pointer }: EquivalentFact,
): ReadonlyMap<string, StandIn> | undefined {
  const found = new Map<string, StandIn>();
  const { identity = {} } = occurrence.relation.overlay.relation;
  for (const { name: neededName, source } of occurrence.needed.values()) {
    const name = source.kind === 'parameter' ? source.parameter : source.path.length === 1 ? source.path[0] : undefined;
    if (name === 'subdomain') continue;
    const theirs =
      name === undefined ? undefined : Object.entries(columns).find(([ours]) => ours.toLowerCase() === name.toLowerCase())?.[1];
    const column = theirs === undefined ? undefined : other.columns.find((candidate) => candidate.name === theirs);
    const set = (standIn: StandIn): unknown => found.set(neededName.toLowerCase(), standIn);
    if (theirs !== undefined && method.parameters.some((parameter) => parameter.name === theirs && parameter.required))
      set({ kind: 'parameter', parameter: theirs });
    else if (column !== undefined) set({ kind: 'property', path: [column.wireName] });
    else if (pointer === undefined) return undefined;
    else if (source.kind === 'property') set({ kind: 'property', path: [...pointer.split('/').slice(1), ...source.path] });
    else {
      // A parameter that is the row's own key; given by the statement it may be written in another way than the key is.
      const key = occurrence.relation.columns.find((candidate) => candidate.name === identity[source.parameter])?.wireName;
      const isGiven = knowledge.equalities.some(({ access }) => access.parameter === source.parameter);
      if (key === undefined || isGiven) return undefined;
      set({ kind: 'property', path: [...pointer.split('/').slice(1), key] });
    }
  }
  return found;
}

/** The parameters of a call that narrows the list of a relation that stands to one value. In quotes it is written as a filter has it, else as part of a path. */
export function textsFor(by: NonNullable<AccessPath['by']>, value: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(by.texts).map(([name, text]) => [
      name,
      text.replaceAll('"{}"', () => JSON.stringify(value)).replaceAll('{}', () => encodeURIComponent(value)),
    ]),
  );
}
