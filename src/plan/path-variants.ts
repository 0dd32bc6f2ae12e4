import type { FilterFact } from '../catalog/overlay.ts';
import type { Method, Relation } from '../catalog/types.ts';
import {
  type AccessPath,
  type Chunk,
  defaultValue,
  isReady,
  operandOf,
  type PathRequest,
  requiredOf,
  type StandIn,
  type Supplied,
  TYPICAL_DRIVER_ROWS,
} from './access-path.ts';
import type { Equality } from './equalities.ts';
import { allOf, attributeOf, literalText } from './filters.ts';
import { selectMethods } from './needed.ts';
import { admitsNoFilter } from './pushdown.ts';
import type { Occurrence } from './types.ts';

/** Variants of a list that look rows up by a key, many to a call. */
export function chunked(request: PathRequest, base: AccessPath): AccessPath[] {
  const found: AccessPath[] = [];
  if (admitsNoFilter(base.facts, (parameter) => base.supplies.some((supplied) => supplied.parameter === parameter))) return found;
  for (const equality of request.knowledge.equalities) {
    if (!isReady(request, equality.supply)) continue;
    for (const fact of base.facts.filters ?? []) {
      const attribute = chunkAttribute(request, fact, equality);
      if (attribute === undefined) continue;
      const others = request.knowledge.conditions.filter((node) => node !== equality.node);
      const context = { bound: request.bound, occurrence: request.occurrence, fact, constants: request.constants };
      const conditions = allOf(context, others);
      const fixed = { ...base.fixed };
      for (const other of base.facts.filters ?? []) if (other.grammar !== 'value') delete fixed[other.parameter];
      found.push({
        ...base,
        fixed,
        pushed: [{ predicate: `${attribute.name} in (...)`, parameter: fact.parameter, exactness: attribute.exact ? 'exact' : 'inexact' }],
        chunk: {
          fact,
          attribute: attribute.name,
          sqlType: attribute.sqlType,
          supply: equality.supply,
          size: attribute.size,
          base: conditions !== undefined && conditions.text.length < 500 ? conditions : undefined,
        },
        isIndexed: fact.indexed === true,
        isKeyed: true,
        isExact: false,
      });
    }
  }
  return found;
}

export function chunkAttribute(
  request: Pick<PathRequest, 'bound' | 'occurrence'>,
  fact: FilterFact,
  equality: Equality,
): { readonly name: string; readonly size: number; readonly sqlType: string; readonly exact: boolean } | undefined {
  if (fact.grammar === 'value' || (fact.connectives !== undefined && !fact.connectives.includes('or'))) return undefined;
  const operand = operandOf(equality, request.bound);
  const attribute = operand === undefined ? undefined : attributeOf({ ...request, fact }, operand);
  if (attribute === undefined || !attribute.fact.operators.includes('eq')) return undefined;
  const path = [equality.access.column?.name ?? '', ...equality.access.path];
  const isLookUp =
    attribute.fact.maxValues !== undefined || path.join('.') === (request.occurrence.relation.overlay.relation.key?.[0] ?? 'id');
  return isLookUp
    ? { name: attribute.name, size: attribute.fact.maxValues ?? 100, sqlType: attribute.sqlType, exact: attribute.fact.exact }
    : undefined;
}

/** One value of a chunk in the server's syntax, or `undefined` where it cannot be a key there (then nothing can match it). */
export function chunkTerm(chunk: Chunk, value: string): string | undefined {
  const kind = chunk.sqlType === 'BIGINT' || chunk.sqlType === 'DOUBLE' ? 'number' : chunk.sqlType === 'BOOLEAN' ? 'boolean' : 'text';
  const written = literalText(chunk.fact, { operators: ['eq'], exact: true }, chunk.sqlType, { text: value, kind }, 'eq');
  return written === undefined ? undefined : `${chunk.attribute} eq ${written.text}`;
}

/** Variants that ask only for those parameter values that another relation lists as having rows. */
export function restricted(request: PathRequest, base: AccessPath): AccessPath[] {
  return (request.occurrence.relation.overlay.relation.drivers ?? []).flatMap((fact): AccessPath[] => {
    const supply = base.supplies.find((supplied) => supplied.parameter === fact.parameter)?.supply;
    if (supply === undefined || supply.kind === 'constants' || supply.kind === 'values' || fact.relation === request.occurrence.relation.id)
      return [];
    if (supply.kind === 'enumerate') {
      const supplies = base.supplies.map((supplied) =>
        supplied.supply === supply
          ? { ...supplied, supply: { ...supply, relation: fact.relation, column: fact.column, typicalRows: TYPICAL_DRIVER_ROWS } }
          : supplied,
      );
      return [{ ...base, supplies }];
    }
    return [{ ...base, restriction: { parameter: fact.parameter, relation: fact.relation, column: fact.column } }];
  });
}

/** Paths through relations that hold the same facts seen from the other side: the groups of a user for the members of a group. */
export function equivalentPaths(request: PathRequest): AccessPath[] {
  const { occurrence, knowledge } = request;
  return (occurrence.relation.overlay.relation.equivalents ?? []).flatMap((fact) => {
    const other = request.related.get(fact.relation);
    if (other === undefined || occurrence.wholeRow) return [];
    return selectMethods(other).flatMap((method) => {
      const columns = standIns(occurrence, other, method, fact.columns);
      if (columns === undefined) return [];
      const supplies: Supplied[] = [];
      for (const parameter of requiredOf(method)) {
        const names = Object.entries(fact.columns)
          .filter(([, theirs]) => theirs === parameter.name)
          .map(([ours]) => ours.toLowerCase());
        const equality = knowledge.equalities.find(
          ({ access, supply }) =>
            access.path.length === 0 &&
            names.includes((access.parameter ?? access.column?.name ?? '').toLowerCase()) &&
            isReady(request, supply),
        );
        if (equality === undefined) return [];
        supplies.push({ parameter: parameter.name, supply: equality.supply });
      }
      if (supplies.length === 0) return [];
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
        restriction: undefined,
      };
      return (facts.omits ?? []).length > 0 || facts.fanOut !== undefined ? [] : [path];
    });
  });
}

/** What stands for each column that the query needs, or `undefined` where the other relation cannot tell one of them. */
function standIns(
  occurrence: Occurrence,
  other: Relation,
  method: Method,
  columns: Readonly<Record<string, string>>,
): ReadonlyMap<string, StandIn> | undefined {
  const found = new Map<string, StandIn>();
  for (const needed of occurrence.needed.values()) {
    const name =
      needed.source.kind === 'parameter' ? needed.source.parameter : needed.source.path.length === 1 ? needed.source.path[0] : undefined;
    if (name === 'subdomain') continue;
    const theirs =
      name === undefined ? undefined : Object.entries(columns).find(([ours]) => ours.toLowerCase() === name.toLowerCase())?.[1];
    if (theirs === undefined) return undefined;
    const column = other.columns.find((candidate) => candidate.name === theirs);
    if (method.parameters.some((parameter) => parameter.name === theirs && parameter.required))
      found.set(needed.name.toLowerCase(), { kind: 'parameter', parameter: theirs });
    else if (column !== undefined) found.set(needed.name.toLowerCase(), { kind: 'property', wireName: column.wireName });
    else return undefined;
  }
  return found;
}
