import type { FilterFact } from '../catalog/overlay.ts';
import { type AccessPath, type Chunk, isReady, operandOf, type PathRequest, TYPICAL_DRIVER_ROWS } from './access-path.ts';
import type { Equality } from './equalities.ts';
import { grammarOf } from './filter-grammar.ts';
import { allOf, attributeOf, literalText } from './filters.ts';
import { admitsNoFilter } from './pushdown.ts';

/** Variants of a list that look rows up by a key, many to a call. */
export function chunked(request: PathRequest, base: AccessPath): AccessPath[] {
  const found: AccessPath[] = [];
  if (admitsNoFilter(base.facts, (parameter) => base.supplies.some((supplied) => supplied.parameter === parameter))) return found;
  for (const equality of request.knowledge.equalities) {
    if (!isReady(request, equality.supply)) continue;
    for (const fact of base.facts.filters ?? []) {
      const attribute = chunkAttribute(request, fact, equality);
      if (attribute === undefined || !isTextual(request, equality, attribute.sqlType)) continue;
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
          isKey: attribute.isKey,
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

/** False for constants that are no texts where texts are looked for: '007' equals the number 7. */
function isTextual({ constants }: PathRequest, { supply }: Equality, sqlType: string): boolean {
  if (sqlType !== 'VARCHAR' || supply.kind !== 'constants') return true;
  return supply.nodes.every((node) => ['text', 'null'].includes(constants.get(node)?.kind ?? 'text'));
}

export function chunkAttribute(
  request: Pick<PathRequest, 'bound' | 'occurrence'>,
  fact: FilterFact,
  equality: Equality,
):
  | { readonly name: string; readonly size: number; readonly isKey: boolean; readonly sqlType: string; readonly exact: boolean }
  | undefined {
  if (fact.grammar === 'value' || (fact.connectives !== undefined && !fact.connectives.includes('or'))) return undefined;
  const operand = operandOf(equality, request.bound);
  const attribute = operand === undefined ? undefined : attributeOf({ ...request, fact }, operand);
  if (attribute === undefined || !attribute.fact.operators.includes('eq')) return undefined;
  if (!['VARCHAR', 'BIGINT', 'DOUBLE', 'BOOLEAN'].includes(attribute.sqlType)) return undefined;
  // A value that is not of the format could not be asked for, and might be there all the same.
  if (grammarOf(fact).formatted(attribute.format, '') === undefined) return undefined;
  const path = [equality.access.column?.name ?? '', ...equality.access.path];
  const { maxValues, perCall, exact } = attribute.fact;
  const isKey = maxValues !== undefined || path.join('.') === (request.occurrence.relation.overlay.relation.key?.[0] ?? 'id');
  // Of constants a list with all of them in its filter is the better guess.
  const size = isKey ? (maxValues ?? 100) : equality.supply.kind === 'constants' ? undefined : perCall;
  return size === undefined ? undefined : { name: attribute.name, size, isKey, sqlType: attribute.sqlType, exact };
}

/** One value of a chunk in the server's syntax, or `undefined` where it cannot be a key there (then nothing can match it). */
export function chunkTerm({ attribute, fact, sqlType }: Chunk, value: string): string | undefined {
  const grammar = grammarOf(fact);
  const isNumber = sqlType === 'BIGINT' || sqlType === 'DOUBLE';
  if (isNumber) return value.trim() !== '' && Number.isFinite(Number(value)) ? grammar.compare(attribute, 'eq', value) : undefined;
  const kind = sqlType === 'BOOLEAN' ? 'boolean' : 'text';
  const written = literalText(fact, { fact: { operators: ['eq'], exact: true }, format: undefined, sqlType }, { text: value, kind }, 'eq');
  return written === undefined ? undefined : grammar.compare(attribute, 'eq', written.text);
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
