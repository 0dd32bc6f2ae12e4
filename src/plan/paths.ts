/*
 * Access paths: which method reads a relation, and what supplies its parameters. Longer than a file should be: supplies, filters, chunks and
 * embedded rows are weighed against each other for one path, over the same few records.
 */
import type { FilterFact, MethodFacts } from '../catalog/overlay.ts';
import type { Method, Parameter, Relation } from '../catalog/types.ts';
import { child, type TreeNode, text } from '../sql/tree.ts';
import type { Constants } from './constants.ts';
import type { Equality, Knowledge, Supply } from './equalities.ts';
import { allOf, attributeOf, type Filter, literalText } from './filters.ts';
import { selectMethods } from './needed.ts';
import type { BoundQuery, ColumnAccess, Occurrence } from './types.ts';

/** Longest filter expression, in bytes as encoded: the URL may have 4 kB. */
export const LONGEST_FILTER = 3700;

/** Bytes of an expression in a query string, blanks as `+`. */
export function encodedLength(text: string): number {
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll('%20', '+').length;
}

/** Values taken for a parent relation, and for a cheaper driver, that were never counted: administrators are few. */
const TYPICAL_PARENT_ROWS = 1000;
export const TYPICAL_DRIVER_ROWS = 100;

/** Where a parameter's values come from. */
export type ParameterSupply =
  | Supply
  | { readonly kind: 'values'; readonly values: readonly string[] }
  /** Every value of a column of another relation, which is read for it. */
  | { readonly kind: 'enumerate'; readonly relation: string; readonly column: string; readonly typicalRows: number };

export interface Supplied {
  readonly parameter: string;
  readonly supply: ParameterSupply;
}

export interface Pushed {
  readonly predicate: string;
  readonly parameter: string;
  readonly exactness: 'exact' | 'inexact';
}

/** Look-ups by key that share a call: `id eq "..." or id eq "..."`. */
export interface Chunk {
  readonly fact: FilterFact;
  readonly attribute: string;
  readonly sqlType: string;
  readonly supply: Supply;
  /** Most values in one call. */
  readonly size: number;
  /** Further conditions that each call carries. */
  readonly base: Filter | undefined;
}

/** A method together with what supplies its parameters. */
export interface AccessPath {
  readonly method: Method;
  readonly facts: MethodFacts;
  readonly supplies: readonly Supplied[];
  /** Query parameters that are the same for every call: pushed filters, defaults. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly chunk: Chunk | undefined;
  readonly pushed: readonly Pushed[];
  /** True when the parameters name at most one row a call: a 404 is no row. */
  readonly isKeyed: boolean;
  /** Rows come from an eventually consistent index. */
  readonly isIndexed: boolean;
  /** Parameter columns that the response itself answers (`userId` is the row's `id`). */
  readonly identity: Readonly<Record<string, string>>;
  /** True when every condition on the occurrence is pushed exactly, so that LIMIT may stop the paging without the engine's help. */
  readonly isExact: boolean;
  /** Set for `rules of every policy of a type`: the values of `parameter` are read from another relation for each tuple. */
  readonly fanOut: { readonly relation: string; readonly parameter: string; readonly column: string } | undefined;
  /** Set where another relation holds the same facts: what of its calls stands for each column and parameter of this one, by lower-case name. */
  readonly stand: { readonly relation: Relation; readonly columns: ReadonlyMap<string, StandIn> } | undefined;
  /** Values of a parameter that have rows at all are listed elsewhere: only these are asked for. */
  readonly restriction: { readonly parameter: string; readonly relation: string; readonly column: string } | undefined;
}

/** What stands for a column when an equivalent relation is read in its place. */
export type StandIn = { readonly kind: 'property'; readonly wireName: string } | { readonly kind: 'parameter'; readonly parameter: string };

export interface PathRequest {
  readonly bound: BoundQuery;
  readonly occurrence: Occurrence;
  readonly knowledge: Knowledge;
  readonly constants: Constants;
  readonly staged: ReadonlySet<Occurrence>;
  /** RFC 3339 time of the statement. */
  readonly now: string;
  /** False: no filters, sorts or limits are pushed (for comparing answers). */
  readonly pushdown: boolean;
  /** Relations that the overlay of the occurrence's relation names as equivalent. */
  readonly related: ReadonlyMap<string, Relation>;
  /** True: a parameter that nothing binds is read from its parent relation even where the query does not mention it. */
  readonly enumerateUnmentioned: boolean;
}

/** What stands in the way of a relation that cannot be read. */
export interface Missing {
  readonly method: Method;
  readonly parameter: string;
}

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
  return { paths: paths.filter((path) => !leavesOut(request, path)), missing };
}

/** Occurrences that could supply a parameter or a key look-up once they are staged. */
export function possibleDrivers(request: Omit<PathRequest, 'staged'>): ReadonlySet<Occurrence> {
  const { relation } = request.occurrence;
  const found = new Set<Occurrence>();
  for (const equality of request.knowledge.equalities) {
    if (equality.supply.kind === 'constants') continue;
    const isUseful = selectMethods(relation).some(
      (method) =>
        requiredOf(method).some((parameter) => isFor(request.occurrence, parameter.name, equality.access)) ||
        (factsOf(request.occurrence, method).filters ?? []).some((fact) => chunkAttribute(request, fact, equality) !== undefined),
    );
    if (isUseful) for (const occurrence of equality.supply.needs) found.add(occurrence);
  }
  return found;
}

export function factsOf(occurrence: Occurrence, method: Method): MethodFacts {
  return occurrence.relation.overlay.methods[method.name] ?? {};
}

/** Inputs that a SELECT must supply; the org, and what has a default, is not among them. */
export function requiredOf(method: Method): readonly Parameter[] {
  return method.parameters.filter((parameter) => parameter.required && parameter.location !== 'server' && parameter.default === undefined);
}

function pathOf(request: PathRequest, method: Method): { readonly path: AccessPath } | { readonly missing: string | undefined } {
  const { occurrence, knowledge } = request;
  const { relation } = occurrence;
  const facts = factsOf(occurrence, method);
  const identity = relation.overlay.relation.identity ?? {};
  const supplies = new Map<string, ParameterSupply>();
  const filled: Record<string, string> = {};
  for (const equality of knowledge.equalities) {
    const { parameter } = equality.access;
    if (parameter === undefined || parameter === 'subdomain') continue;
    const own = method.parameters.find((candidate) => candidate.name === parameter);
    if (own === undefined && serverVariable(method, parameter) === undefined) {
      if (identity[parameter] === undefined) return { missing: undefined };
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
    ? pushFilters(request, method, facts, supplies, fixed, pushed)
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
      isIndexed: filter?.fact.indexed === true,
      identity: filled,
      isExact: knowledge.conditions.length === 0 || (filter?.isExactFor === knowledge.conditions.length && knowledge.conditions.length > 0),
      stand: undefined,
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

function isReady(request: PathRequest, supply: Supply): boolean {
  return supply.kind === 'constants' || [...supply.needs].every((occurrence) => request.staged.has(occurrence));
}

/** True when a condition on this column is one on the parameter: the parameter itself, its namesake, or the key column that equals it. */
function isFor(occurrence: Occurrence, parameter: string, access: ColumnAccess): boolean {
  if (access.path.length > 0) return false;
  if (access.parameter !== undefined) return access.parameter.toLowerCase() === parameter.toLowerCase();
  const column = access.column?.name;
  if (column === undefined) return false;
  return column.toLowerCase() === parameter.toLowerCase() || occurrence.relation.overlay.relation.identity?.[parameter] === column;
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

interface ChosenFilter {
  readonly fact: FilterFact;
  /** How many of the conditions it says exactly. */
  readonly isExactFor: number;
}

/** Adds the parameters that let the server filter; expression languages exclude each other, so the one that says most is taken. */
function pushFilters(
  request: PathRequest,
  method: Method,
  facts: MethodFacts,
  supplies: Map<string, ParameterSupply>,
  fixed: Record<string, string>,
  pushed: Pushed[],
): ChosenFilter | undefined {
  const { bound, occurrence, constants, knowledge } = request;
  let best: { readonly fact: FilterFact; readonly filter: Filter; readonly parts: number } | undefined;
  for (const fact of facts.filters ?? []) {
    if (supplies.has(fact.parameter)) continue;
    if (fact.grammar === 'value') {
      pushValue(request, fact, supplies, fixed, pushed);
      continue;
    }
    const context = { bound, occurrence, fact, constants };
    const parts = knowledge.conditions.filter((node) => allOf(context, [node]) !== undefined);
    const filter =
      fits(fact, allOf(context, parts)) ??
      fits(
        fact,
        firstThatFits(
          parts.map((node) => allOf(context, [node])),
          fact,
        ),
      );
    if (filter === undefined) continue;
    const isBetter =
      best === undefined ||
      parts.length > best.parts ||
      (parts.length === best.parts && !(fact.indexed ?? false) && (best.fact.indexed ?? false));
    if (isBetter) best = { fact, filter, parts: parts.length };
  }
  if ((facts.filters ?? []).some((fact) => fact.grammar !== 'value' && supplies.has(fact.parameter))) best = undefined;
  if (best === undefined) return everything(request, facts, supplies, fixed, pushed);
  const isUnionExact = best.filter.isExact;
  fixed[best.fact.parameter] = best.filter.text;
  pushed.push({ predicate: best.filter.text, parameter: best.fact.parameter, exactness: isUnionExact ? 'exact' : 'inexact' });
  void method;
  return { fact: best.fact, isExactFor: isUnionExact ? best.parts : 0 };
}

function firstThatFits(filters: readonly (Filter | undefined)[], fact: FilterFact): Filter | undefined {
  return filters.find((filter) => fits(fact, filter) !== undefined);
}

function fits(fact: FilterFact, filter: Filter | undefined): Filter | undefined {
  return filter !== undefined && encodedLength(filter.text) <= (fact.maxLength ?? LONGEST_FILTER) ? filter : undefined;
}

/** A method that leaves rows out is told to leave nothing out, unless the conditions do not want those rows anyway. */
function everything(
  request: PathRequest,
  facts: MethodFacts,
  supplies: ReadonlyMap<string, ParameterSupply>,
  fixed: Record<string, string>,
  pushed: Pushed[],
): ChosenFilter | undefined {
  if (!mayLeaveOut(request, facts)) return undefined;
  const fact = (facts.filters ?? []).find((candidate) => candidate.everything !== undefined);
  if (fact?.everything === undefined || supplies.has(fact.parameter)) return undefined;
  fixed[fact.parameter] = fact.everything;
  pushed.push({ predicate: fact.everything, parameter: fact.parameter, exactness: 'exact' });
  return { fact, isExactFor: 0 };
}

/** True when rows that the method omits by default could be wanted. */
function mayLeaveOut(request: PathRequest, facts: MethodFacts): boolean {
  return (facts.omits ?? []).some((omit) => !request.pushdown || !excludes(request, omit.column, omit.value));
}

function leavesOut(request: PathRequest, path: AccessPath): boolean {
  if (!mayLeaveOut(request, path.facts)) return false;
  return !(path.facts.filters ?? []).some(
    (fact) =>
      fact.includesOmitted === true &&
      (path.fixed[fact.parameter] !== undefined ||
        path.chunk?.fact === fact ||
        path.supplies.some((supplied) => supplied.parameter === fact.parameter)),
  );
}

/** True when the conditions rule a column's value out. */
function excludes(request: PathRequest, column: string, value: string): boolean {
  for (const equality of request.knowledge.equalities) {
    if (equality.access.column?.name !== column || equality.access.path.length > 0 || equality.supply.kind !== 'constants') continue;
    const values = equality.supply.nodes.map((node) => request.constants.get(node));
    if (values.every((constant) => constant?.kind === 'text' && constant.text !== value)) return true;
  }
  return request.knowledge.conditions.some((node) => {
    if (text(node, 'type') !== 'COMPARE_NOTEQUAL') return false;
    const left = child(node, 'left');
    const right = child(node, 'right');
    return [
      [left, right],
      [right, left],
    ].some(([operand, other]) => {
      if (operand === undefined || other === undefined) return false;
      const access = request.bound.resolutions.get(operand)?.access;
      return (
        access?.occurrence === request.occurrence &&
        access.column?.name === column &&
        access.path.length === 0 &&
        request.constants.get(other)?.text === value
      );
    });
  });
}

/** Equality parameters, and bounds such as since and until. */
function pushValue(
  request: PathRequest,
  fact: FilterFact,
  supplies: Map<string, ParameterSupply>,
  fixed: Record<string, string>,
  pushed: Pushed[],
): void {
  const { bound, occurrence, constants, knowledge } = request;
  const context = { bound, occurrence, fact };
  for (const equality of knowledge.equalities) {
    if (equality.supply.kind !== 'constants' || fixed[fact.parameter] !== undefined) continue;
    const operand = operandOf(equality, bound);
    const attribute = operand === undefined ? undefined : attributeOf(context, operand);
    if (attribute === undefined || !attribute.fact.operators.includes('eq')) continue;
    const values = equality.supply.nodes.map((node) => constants.get(node));
    if (!values.every((constant) => constant !== undefined && ['text', 'number', 'boolean'].includes(constant.kind))) continue;
    supplies.set(fact.parameter, equality.supply);
    pushed.push({
      predicate: `${attribute.name} = ${values.map((constant) => constant?.text).join(', ')}`,
      parameter: fact.parameter,
      exactness: attribute.fact.exact ? 'exact' : 'inexact',
    });
    return;
  }
  pushBound(request, fact, fixed, pushed);
}

function operandOf(equality: Equality, bound: BoundQuery): TreeNode | undefined {
  let found: TreeNode | undefined;
  const visit = (node: TreeNode): void => {
    if (bound.resolutions.get(node)?.access === equality.access) found ??= node;
    for (const value of Object.values(node)) {
      if (Array.isArray(value))
        for (const item of value) if (typeof item === 'object' && item !== null && !Array.isArray(item)) visit(item as TreeNode);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) visit(value as TreeNode);
    }
  };
  visit(equality.node);
  return found;
}

const LOWER = new Set(['COMPARE_GREATERTHAN', 'COMPARE_GREATERTHANOREQUALTO']);
const UPPER = new Set(['COMPARE_LESSTHAN', 'COMPARE_LESSTHANOREQUALTO']);

/** The tightest bound that the conditions set on a date column, a little wider than asked: servers differ on whether bounds count. */
function pushBound(request: PathRequest, fact: FilterFact, fixed: Record<string, string>, pushed: Pushed[]): void {
  const times: { ms: number; isLower: boolean; name: string }[] = [];
  const note = (operand: TreeNode | undefined, value: TreeNode | undefined, isLower: boolean): void => {
    if (operand === undefined || value === undefined) return;
    const attribute = attributeOf({ bound: request.bound, occurrence: request.occurrence, fact }, operand);
    const constant = request.constants.get(value);
    const wanted = isLower ? ['ge', 'gt'] : ['le', 'lt'];
    if (attribute === undefined || constant?.time === undefined || !attribute.fact.operators.some((operator) => wanted.includes(operator)))
      return;
    const widen = attribute.fact.widenMs ?? 1;
    times.push({ ms: constant.time.ms + (isLower ? -widen : widen + (constant.time.isRounded ? 1 : 0)), isLower, name: attribute.name });
  };
  for (const node of request.knowledge.conditions) {
    const type = text(node, 'type');
    if (LOWER.has(type) || UPPER.has(type)) {
      note(child(node, 'left'), child(node, 'right'), LOWER.has(type));
      note(child(node, 'right'), child(node, 'left'), UPPER.has(type));
    }
    if (type === 'COMPARE_EQUAL') {
      note(child(node, 'left'), child(node, 'right'), true);
      note(child(node, 'left'), child(node, 'right'), false);
    }
    if (type === 'COMPARE_BETWEEN') {
      note(child(node, 'input'), child(node, 'lower'), true);
      note(child(node, 'input'), child(node, 'upper'), false);
    }
  }
  const [first] = times;
  if (first === undefined) return;
  const ms = first.isLower ? Math.max(...times.map((time) => time.ms)) : Math.min(...times.map((time) => time.ms));
  fixed[fact.parameter] = new Date(ms).toISOString();
  pushed.push({
    predicate: `${first.name} ${first.isLower ? '>=' : '<='} ${new Date(ms).toISOString()}`,
    parameter: fact.parameter,
    exactness: 'inexact',
  });
}

/** Variants of a list that look rows up by a key, many to a call. */
function chunked(request: PathRequest, base: AccessPath): AccessPath[] {
  const found: AccessPath[] = [];
  for (const equality of request.knowledge.equalities) {
    if (!isReady(request, equality.supply)) continue;
    for (const fact of base.facts.filters ?? []) {
      const attribute = chunkAttribute(request, fact, equality);
      if (attribute === undefined || base.supplies.some((supplied) => supplied.parameter === fact.parameter)) continue;
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

function chunkAttribute(
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

function defaultValue(value: string, now: string): string {
  const match = /^\$now(?:-(\d+)d)?$/.exec(value);
  return match === null ? value : new Date(Date.parse(now) - Number(match[1] ?? 0) * 86_400_000).toISOString();
}

/** Variants that ask only for those parameter values that another relation lists as having rows. */
function restricted(request: PathRequest, base: AccessPath): AccessPath[] {
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
function equivalentPaths(request: PathRequest): AccessPath[] {
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
