import type { Method, Parameter } from '../catalog/types.ts';
import {
  type AccessPath,
  defaultValue,
  factsOf,
  isFor,
  isReady,
  type Missing,
  type ParameterSupply,
  type PathRequest,
  type Pushed,
  requiredOf,
  TYPICAL_PARENT_ROWS,
  usableFacts,
} from './access-path.ts';
import type { Supply } from './equalities.ts';
import { drivesEquivalent, equivalentPaths } from './equivalents.ts';
import { selectMethods } from './needed.ts';
import { chunkAttribute, chunked, restricted } from './path-variants.ts';
import { everything, leavesOut, pushFilters } from './pushdown.ts';
import type { Occurrence } from './types.ts';

/** Every way to fetch an occurrence with what is staged now, and what is missing for the others. */
export function accessPaths(request: PathRequest): { readonly paths: readonly AccessPath[]; readonly missing: readonly Missing[] } {
  const paths: AccessPath[] = [];
  const missing: Missing[] = [];
  for (const method of selectMethods(request.occurrence.relation)) {
    const base = pathOf(request, method);
    if ('missing' in base) {
      if (base.missing !== undefined) missing.push({ method, parameter: base.missing });
      continue;
    }
    paths.push(base.path);
    if (request.pushdown) paths.push(...chunked(request, base.path), ...restricted(request, base.path));
  }
  if (request.pushdown) paths.push(...equivalentPaths(request));
  const whole = paths.filter((path) => !leavesOut(request, path));
  if (whole.length > 0 || request.isWritten === undefined) return { paths: whole, missing };
  const { isWritten: _isWritten, ...anyhow } = request;
  return accessPaths(anyhow);
}

/** Occurrences that could supply a parameter or a key look-up once they are staged. */
export function possibleDrivers(request: Omit<PathRequest, 'staged'>): ReadonlySet<Occurrence> {
  const { relation } = request.occurrence;
  const found = new Set<Occurrence>();
  for (const equality of request.knowledge.equalities) {
    if (equality.supply.kind === 'constants') continue;
    const isUseful =
      (request.pushdown && drivesEquivalent(request, equality)) ||
      selectMethods(relation).some(
        (method) =>
          requiredOf(method).some((parameter) => isFor(request.occurrence, parameter.name, equality.access)) ||
          (factsOf(request.occurrence, method).filters ?? []).some((fact) => chunkAttribute(request, fact, equality) !== undefined),
      );
    if (isUseful) for (const occurrence of equality.supply.needs) found.add(occurrence);
  }
  return found;
}

function pathOf(request: PathRequest, method: Method): { readonly path: AccessPath } | { readonly missing: string | undefined } {
  const { occurrence, knowledge } = request;
  const { relation } = occurrence;
  const facts = usableFacts(request, method);
  const identity = relation.overlay.relation.identity ?? {};
  const supplies = new Map<string, ParameterSupply>();
  const filled: Record<string, string> = {};
  for (const equality of knowledge.equalities) {
    const { parameter } = equality.access;
    if (parameter === undefined || parameter === 'subdomain') continue;
    const own = method.parameters.find((candidate) => candidate.name === parameter);
    if (own === undefined && serverVariable(method, parameter) === undefined) {
      // What is read for each value of a parameter carries that value.
      if (identity[parameter] === undefined && facts.fanOut?.parameter !== parameter) return { missing: undefined };
      continue;
    }
    if (isReady(request, equality.supply)) offer(supplies, parameter, equality.supply);
    else if (own?.required !== true) return { missing: undefined };
  }
  for (const parameter of requiredOf(method)) {
    if (supplies.has(parameter.name) || facts.defaults?.[parameter.name] !== undefined || facts.fanOut?.parameter === parameter.name)
      continue;
    for (const equality of knowledge.equalities) {
      if (isFor(occurrence, parameter.name, equality.access) && isReady(request, equality.supply))
        offer(supplies, parameter.name, equality.supply);
    }
    if (supplies.has(parameter.name)) continue;
    const whole = enumerated(request, method, parameter.name);
    if (whole === undefined) return { missing: parameter.name };
    supplies.set(parameter.name, whole);
  }
  for (const [parameter, column] of Object.entries(identity)) if (!supplies.has(parameter)) filled[parameter] = column;
  const pushed: Pushed[] = [];
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts.defaults ?? {})) if (!supplies.has(name)) fixed[name] = defaultValue(value, request.now);
  const filter = request.pushdown
    ? pushFilters(request, facts, supplies, fixed, pushed)
    : everything(request, facts, supplies, fixed, pushed);
  const isKeyed = keyedBy(request, method, supplies);
  return {
    path: {
      method:
        facts.fanOut === undefined ? method : (relation.methods.find((candidate) => candidate.name === facts.fanOut?.method) ?? method),
      facts: facts.fanOut === undefined ? facts : (relation.overlay.methods[facts.fanOut.method] ?? facts),
      supplies: [...supplies].map(([parameter, supply]) => ({ parameter, supply })),
      fixed,
      chunk: undefined,
      pushed,
      isKeyed,
      isIndexed: filter?.fact?.indexed === true,
      identity: filled,
      isExact: knowledge.conditions.length === 0 || (filter?.isExactFor === knowledge.conditions.length && knowledge.conditions.length > 0),
      stand: undefined,
      by: undefined,
      restriction: undefined,
      fanOut:
        facts.fanOut === undefined
          ? undefined
          : { relation: facts.fanOut.over, parameter: facts.fanOut.parameter, column: facts.fanOut.column },
    },
  };
}

function serverVariable(method: Method, name: string): Parameter | undefined {
  return method.http.servers[0]?.variables.find((variable) => variable.name === name);
}

/** Constants go before drivers: they are fewer, and known. */
function offer(supplies: Map<string, ParameterSupply>, parameter: string, supply: Supply): void {
  const existing = supplies.get(parameter);
  const isBetter =
    existing === undefined ||
    (existing.kind !== 'constants' && supply.kind === 'constants') ||
    (existing.kind === 'constants' && supply.kind === 'constants' && supply.nodes.length < existing.nodes.length);
  if (isBetter) supplies.set(parameter, supply);
}

function enumerated(request: PathRequest, method: Method, parameter: string): ParameterSupply | undefined {
  const facts = request.occurrence.relation.overlay.relation;
  const known = facts.domains?.[parameter];
  if (known !== undefined) return { kind: 'values', values: known };
  if (!request.enumerateUnmentioned && !isMentioned(request, parameter)) return undefined;
  // A look-up by key of every key there is would be a list in disguise.
  const own = facts.identity?.[parameter];
  if (
    own !== undefined &&
    (facts.key ?? []).includes(own) &&
    selectMethods(request.occurrence.relation).length > 1 &&
    !isListed(request, method, parameter)
  )
    return undefined;
  const parent = facts.parents?.[parameter];
  return parent === undefined || parent.relation === request.occurrence.relation.id
    ? undefined
    : { kind: 'enumerate', relation: parent.relation, column: parent.column, typicalRows: TYPICAL_PARENT_ROWS };
}

function isListed(request: PathRequest, method: Method, parameter: string): boolean {
  return selectMethods(request.occurrence.relation).every(
    (other) => other === method || other.parameters.some((candidate) => candidate.name === parameter && candidate.required),
  );
}

/** A query that names the parameter, or joins on it, means to read along it. */
function isMentioned(request: PathRequest, parameter: string): boolean {
  const { occurrence } = request;
  const identity = occurrence.relation.overlay.relation.identity?.[parameter];
  return [...occurrence.needed.values()].some(
    (column) =>
      (column.source.kind === 'parameter' && column.source.parameter === parameter) ||
      (identity !== undefined && column.name === identity) ||
      column.name.toLowerCase() === parameter.toLowerCase(),
  );
}

/** True when the method gives the one row of a key: its URL ends in the key, or it has no pages. (Documents may declare paging for every method.) */
function keyedBy(request: PathRequest, method: Method, supplies: ReadonlyMap<string, ParameterSupply>): boolean {
  const identity = request.occurrence.relation.overlay.relation.identity ?? {};
  const key = request.occurrence.relation.overlay.relation.key ?? [];
  return requiredOf(method).some(
    ({ name }) =>
      supplies.has(name) &&
      key.includes(identity[name] ?? '') &&
      (method.pagination.algorithm === 'none' || method.http.path.endsWith(`{${name}}`)),
  );
}
