import type { Column, Shape } from '../catalog/types.ts';
import { findColumn, findParameter, selectMethods, visibleColumns } from './needed.ts';
import type { Occurrence, OutputColumn, Scope, Source } from './types.ts';

/** Where a dotted name leads. */
export type Found =
  | {
      readonly kind: 'column';
      readonly source: Source & { kind: 'relation' };
      readonly scope: Scope;
      readonly column: Column;
      readonly rest: readonly string[];
    }
  | {
      readonly kind: 'parameter';
      readonly source: Source & { kind: 'relation' };
      readonly scope: Scope;
      readonly parameter: string;
      readonly shape: Shape | undefined;
      readonly rest: readonly string[];
    }
  | {
      readonly kind: 'derived';
      readonly source: Source & { kind: 'derived' };
      readonly scope: Scope;
      readonly column: OutputColumn | undefined;
      readonly name: string;
      readonly rest: readonly string[];
    }
  | { readonly kind: 'row'; readonly source: Source; readonly scope: Scope }
  | { readonly kind: 'ambiguous'; readonly sources: readonly Source[] }
  /** The qualifier is known, the column is not. */
  | { readonly kind: 'missing'; readonly source: Source; readonly name: string }
  /** Something in reach has columns that are not known yet: the engine decides. */
  | { readonly kind: 'open' };

/** Resolves a dotted name from the inside out; `undefined` when nothing in reach can have it. */
export function lookUp(scope: Scope, names: readonly string[]): Found | undefined {
  let isOpen = false;
  let below: Found | undefined;
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    const qualified = names.length > 1 ? lookUpQualified(current, names) : undefined;
    if (qualified !== undefined) return qualified;
    const plain = lookUpPlain(current, names);
    // A parameter has nothing below it: `q.id` means the outer FROM item q, not the parameter q.
    if (plain?.kind === 'parameter' && plain.rest.length > 0) below ??= plain;
    else if (plain !== undefined) return plain;
    if (names.length === 1) {
      const row = current.sources.find((source) => same(source.alias, names[0] ?? ''));
      if (row !== undefined) return { kind: 'row', source: row, scope: current };
    }
    isOpen ||= current.sources.some((source) => source.kind === 'derived' && source.columns === undefined);
  }
  return isOpen ? { kind: 'open' } : below;
}

function lookUpQualified(scope: Scope, names: readonly string[]): Found | undefined {
  let missing: Found | undefined;
  for (const source of scope.sources) {
    const rest = afterQualifier(source, names);
    const [name, ...below] = rest ?? [];
    if (name === undefined) continue;
    const found = inSource(source, scope, name, below);
    if (found !== undefined) return found;
    missing ??= { kind: 'missing', source, name };
  }
  return missing;
}

/** The names after the part that names the source: its alias, or `service.resource`, or `provider.service.resource`. */
function afterQualifier(source: Source, names: readonly string[]): readonly string[] | undefined {
  const [first = ''] = names;
  if (source.kind === 'relation' && source.names.length > 1) {
    for (let take = source.names.length; take > 1; take--) {
      const qualifier = source.names.slice(source.names.length - take);
      if (names.length > take && qualifier.every((part, index) => same(part, names[index] ?? ''))) return names.slice(take);
    }
  }
  return same(source.alias, first) ? names.slice(1) : undefined;
}

function inSource(source: Source, scope: Scope, name: string, rest: readonly string[]): Found | undefined {
  if (source.kind === 'derived') {
    if (source.columns === undefined) return { kind: 'derived', source, scope, column: undefined, name, rest };
    const column = source.columns.find((candidate) => same(candidate.name, name));
    return column === undefined ? undefined : { kind: 'derived', source, scope, column, name: column.name, rest };
  }
  const { relation } = source.occurrence;
  const column = findColumn(relation, name);
  if (column !== undefined) return { kind: 'column', source, scope, column, rest };
  const parameter = findParameter(relation, name);
  if (parameter === undefined) {
    // A parameter that only other methods take, but that is this relation's key by another name.
    const key = Object.entries(relation.overlay.relation.identity ?? {}).find(([own]) => same(own, name))?.[1];
    const keyColumn = key === undefined ? undefined : findColumn(relation, key);
    return keyColumn === undefined ? undefined : { kind: 'column', source, scope, column: keyColumn, rest };
  }
  return { kind: 'parameter', source, scope, parameter: parameter.name, shape: parameter.shape, rest };
}

/** An unqualified column. What a relation publishes goes before what it hides; a parameter that it cannot do without before one that it can. */
function lookUpPlain(scope: Scope, names: readonly string[]): Found | undefined {
  const [name = '', ...rest] = names;
  const ranked = scope.sources
    .map((source) => ({
      found: source.kind === 'derived' && source.columns === undefined ? undefined : inSource(source, scope, name, rest),
      source,
    }))
    .flatMap(({ found, source }) => (found === undefined ? [] : [{ found, source, rank: rankOf(found) }]))
    .sort((left, right) => right.rank - left.rank);
  const [best, second] = ranked;
  if (best === undefined) return undefined;
  if (second !== undefined && second.rank === best.rank && !scope.merged.has(name.toLowerCase()) && !same(name, 'subdomain')) {
    return { kind: 'ambiguous', sources: ranked.filter((entry) => entry.rank === best.rank).map((entry) => entry.source) };
  }
  return best.found;
}

function rankOf(found: Found): number {
  if (found.kind === 'derived') return 4;
  if (found.kind === 'column') return visibleColumns(found.source.occurrence.relation).includes(found.column) ? 4 : 3;
  if (found.kind === 'parameter') return isAlwaysRequired(found.source.occurrence, found.parameter) ? 2 : 1;
  return 0;
}

function isAlwaysRequired(occurrence: Occurrence, parameter: string): boolean {
  return selectMethods(occurrence.relation).every((method) => method.requiredParams.some((required) => same(required, parameter)));
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
