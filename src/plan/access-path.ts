import type { EquivalentFact, FilterFact, MethodFacts } from '../catalog/overlay.ts';
import type { Method, Parameter, Relation } from '../catalog/types.ts';
import type { TreeNode } from '../sql/tree.ts';
import type { Constants } from './constants.ts';
import type { Equality, Knowledge, Supply } from './equalities.ts';
import type { Filter } from './filters.ts';
import type { BoundQuery, ColumnAccess, Occurrence } from './types.ts';

/** Longest filter expression, in bytes as encoded: the URL may have 4 kB. */
export const LONGEST_FILTER = 3700;

/** Bytes of an expression in a query string, blanks as `+`. */
export function encodedLength(text: string): number {
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll('%20', '+').length;
}

/** Values taken for a parent relation, and for a cheaper driver, that were never counted: administrators are few. */
export const TYPICAL_PARENT_ROWS = 1000;

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

/** In place of a parameter's name: the method does it unasked. */
export const BY_DEFAULT = '';

export interface Pushed {
  readonly predicate: string;
  /** The parameter that carries it, or `BY_DEFAULT`. */
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
  /** False where several rows may have the same value. */
  readonly isKey: boolean;
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
  /** Set where rows lie in those of the relation that stands: the supplied value that narrows its list, and the parameters that it is written into. */
  readonly by: { readonly value: string; readonly texts: Readonly<Record<string, string>>; readonly fact: EquivalentFact } | undefined;
  /** Values of a parameter that have rows at all are listed elsewhere: only these are asked for. */
  readonly restriction: { readonly parameter: string; readonly relation: string; readonly column: string } | undefined;
}

/** What stands for a column when an equivalent relation is read in its place. */
export type StandIn =
  | { readonly kind: 'property'; readonly path: readonly string[] }
  | { readonly kind: 'parameter'; readonly parameter: string };

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
  /** True for a method whose rows this session wrote lately: they come from the primary where they can, not from an index that lags. */
  readonly isWritten?: (method: Method) => boolean;
  /** True for an equivalent whose rows this org was found not to send. */
  readonly isLacking?: (fact: EquivalentFact) => boolean;
  /** True: rows are wanted in an order that the server might give. */
  readonly isOrdered?: boolean;
  /** True: a parameter that nothing binds is read from its parent relation even where the query does not mention it. */
  readonly enumerateUnmentioned: boolean;
}

/** What stands in the way of a relation that cannot be read. */
export interface Missing {
  readonly method: Method;
  readonly parameter: string;
}

export function factsOf(occurrence: Occurrence, method: Method): MethodFacts {
  return occurrence.relation.overlay.methods[method.name] ?? {};
}

/** Inputs that a SELECT must supply; the org, and what has a default, is not among them. */
export function requiredOf(method: Method): readonly Parameter[] {
  return method.parameters.filter((parameter) => parameter.required && parameter.location !== 'server' && parameter.default === undefined);
}

/** What a method can do for this request: after a write of its rows without the filters that read an index which may not have seen it. */
export function usableFacts(request: PathRequest, method: Method): MethodFacts {
  const facts = factsOf(request.occurrence, method);
  if (facts.filters === undefined || request.isWritten?.(method) !== true) return facts;
  return { ...facts, filters: facts.filters.filter((fact) => fact.indexed !== true) };
}

export function isReady(request: PathRequest, supply: Supply): boolean {
  return supply.kind === 'constants' || [...supply.needs].every((occurrence) => request.staged.has(occurrence));
}

/** True when a condition on this column is one on the parameter: the parameter itself, its namesake, or the key column that equals it. */
export function isFor(occurrence: Occurrence, parameter: string, access: ColumnAccess): boolean {
  if (access.path.length > 0) return false;
  if (access.parameter !== undefined) return access.parameter.toLowerCase() === parameter.toLowerCase();
  const column = access.column?.name;
  if (column === undefined) return false;
  return column.toLowerCase() === parameter.toLowerCase() || occurrence.relation.overlay.relation.identity?.[parameter] === column;
}

export function operandOf(equality: Equality, bound: BoundQuery): TreeNode | undefined {
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

export function defaultValue(value: string, now: string): string {
  const match = /^\$now(?:-(\d+)d)?$/.exec(value);
  return match === null ? value : new Date(Date.parse(now) - Number(match[1] ?? 0) * 86_400_000).toISOString();
}
