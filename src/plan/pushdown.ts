import type { FilterFact, MethodFacts } from '../catalog/overlay.ts';
import { child, children, type TreeNode, text } from '../sql/tree.ts';
import {
  type AccessPath,
  BY_DEFAULT,
  encodedLength,
  LONGEST_FILTER,
  operandOf,
  type ParameterSupply,
  type PathRequest,
  type Pushed,
} from './access-path.ts';
import { allOf, attributeOf, type Filter, isWord } from './filters.ts';

export interface ChosenFilter {
  /** `undefined`: the method itself leaves out what the conditions do not want. */
  readonly fact: FilterFact | undefined;
  /** How many of the conditions it says exactly. */
  readonly isExactFor: number;
}

/** Adds the parameters that let the server filter; expression languages exclude each other, so the one that says most is taken. */
export function pushFilters(
  request: PathRequest,
  facts: MethodFacts,
  supplies: Map<string, ParameterSupply>,
  fixed: Record<string, string>,
  pushed: Pushed[],
): ChosenFilter | undefined {
  const { bound, occurrence, constants, knowledge } = request;
  let best: { readonly fact: FilterFact; readonly filter: Filter; readonly parts: readonly TreeNode[] } | undefined;
  const isSorted = request.isOrdered === true && facts.sort?.requires !== undefined;
  const isFull = admitsNoFilter(facts, (parameter) => supplies.has(parameter));
  for (const fact of facts.filters ?? []) {
    if (supplies.has(fact.parameter) || (isFull && fact.grammar !== 'value')) continue;
    // The server sorts what one of its languages finds.
    if (isSorted && fact.grammar !== 'value' && fact.parameter !== facts.sort?.requires) continue;
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
      parts.length > best.parts.length ||
      (parts.length === best.parts.length &&
        (filter.atoms > best.filter.atoms ||
          (filter.atoms === best.filter.atoms && !(fact.indexed ?? false) && (best.fact.indexed ?? false))));
    if (isBetter) best = { fact, filter, parts };
  }
  const byItself = leavesOutItself(request, facts, best?.parts ?? []);
  if (byItself !== undefined) {
    pushed.push(...byItself.map(({ predicate }) => ({ predicate, parameter: BY_DEFAULT, exactness: 'exact' as const })));
    return { fact: undefined, isExactFor: byItself.length };
  }
  if (best === undefined && isSorted) {
    const all = (facts.filters ?? []).find((fact) => fact.parameter === facts.sort?.requires);
    if (all?.everything !== undefined && fixed[all.parameter] === undefined && !isFull) {
      fixed[all.parameter] = all.everything;
      pushed.push({ predicate: all.everything, parameter: all.parameter, exactness: 'exact' });
      return { fact: all, isExactFor: 0 };
    }
  }
  if (best === undefined) return everything(request, facts, supplies, fixed, pushed);
  const isUnionExact = best.filter.isExact;
  fixed[best.fact.parameter] = best.filter.text;
  pushed.push({ predicate: best.filter.text, parameter: best.fact.parameter, exactness: isUnionExact ? 'exact' : 'inexact' });
  return { fact: best.fact, isExactFor: isUnionExact ? best.parts.length : 0 };
}

/** True when a path has the API check a condition, wholly or in part. */
export function isPushed(request: PathRequest, path: AccessPath, node: TreeNode): boolean {
  const { bound, occurrence, constants } = request;
  return (path.facts.filters ?? []).some((fact) => {
    const isUsed = path.fixed[fact.parameter] !== undefined || path.supplies.some((supplied) => supplied.parameter === fact.parameter);
    if (!isUsed || path.fixed[fact.parameter] === fact.everything) return false;
    if (fact.grammar !== 'value') return allOf({ bound, occurrence, fact, constants }, [node]) !== undefined;
    return [child(node, 'left'), child(node, 'right'), child(node, 'input'), ...children(node, 'children')].some(
      (operand) => operand !== undefined && attributeOf({ bound, occurrence, fact }, operand) !== undefined,
    );
  });
}

/** True when the statement itself gives a parameter beside which the API takes no filter expression of ours. */
export function admitsNoFilter(facts: MethodFacts, isSupplied: (parameter: string) => boolean): boolean {
  return (
    (facts.alone ?? []).some(isSupplied) ||
    (facts.filters ?? []).some(({ grammar, parameter }) => grammar !== 'value' && isSupplied(parameter))
  );
}

function firstThatFits(filters: readonly (Filter | undefined)[], fact: FilterFact): Filter | undefined {
  return filters.find((filter) => fits(fact, filter) !== undefined);
}

function fits(fact: FilterFact, filter: Filter | undefined): Filter | undefined {
  return filter !== undefined && encodedLength(filter.text) <= (fact.maxLength ?? LONGEST_FILTER) ? filter : undefined;
}

/** A method that leaves rows out is told to leave nothing out, unless the conditions do not want those rows anyway. */
export function everything(
  request: PathRequest,
  facts: MethodFacts,
  supplies: ReadonlyMap<string, ParameterSupply>,
  fixed: Record<string, string>,
  pushed: Pushed[],
): ChosenFilter | undefined {
  if (!mayLeaveOut(request, facts)) return undefined;
  const fact = (facts.filters ?? []).find((candidate) => candidate.everything !== undefined);
  if (fact?.everything === undefined || admitsNoFilter(facts, (parameter) => supplies.has(parameter))) return undefined;
  fixed[fact.parameter] = fact.everything;
  pushed.push({ predicate: fact.everything, parameter: fact.parameter, exactness: 'exact' });
  return { fact, isExactFor: 0 };
}

/** True when rows that the method omits by default could be wanted. */
function mayLeaveOut(request: PathRequest, facts: MethodFacts): boolean {
  return (facts.omits ?? []).some((omit) => !request.pushdown || !excludes(request, omit.column, omit.value));
}

/** True when a path could leave out rows that are wanted. What the statement asks the API to find is what the API finds. */
export function leavesOut(request: PathRequest, path: AccessPath): boolean {
  if (!mayLeaveOut(request, path.facts) || path.supplies.some(({ parameter }) => path.facts.alone?.includes(parameter))) return false;
  return !(path.facts.filters ?? []).some(
    (fact) =>
      fact.includesOmitted === true &&
      (path.fixed[fact.parameter] !== undefined ||
        path.chunk?.fact === fact ||
        path.supplies.some((supplied) => supplied.parameter === fact.parameter)),
  );
}

/**
 * Conditions that ask for no more than the rows which the method leaves out by default: nothing needs to be said then, and the plain
 * list is no index that lags. `undefined` where a filter has more to say, or a sort needs one.
 */
function leavesOutItself(
  request: PathRequest,
  facts: MethodFacts,
  parts: readonly TreeNode[],
): readonly { readonly predicate: string }[] | undefined {
  if (mayLeaveOut(request, facts) || (request.isOrdered === true && facts.sort?.requires !== undefined)) return undefined;
  const said = (facts.omits ?? []).flatMap(({ column, value }) =>
    inequalities(request, column, value).map((node) => ({ node, predicate: `${column} <> ${JSON.stringify(value)}` })),
  );
  return said.length > 0 && parts.every((part) => said.some(({ node }) => node === part)) ? said : undefined;
}

/** True when the conditions rule a column's value out. */
function excludes(request: PathRequest, column: string, value: string): boolean {
  for (const equality of request.knowledge.equalities) {
    if (equality.access.column?.name !== column || equality.access.path.length > 0 || equality.supply.kind !== 'constants') continue;
    const values = equality.supply.nodes.map((node) => request.constants.get(node));
    if (values.every((constant) => constant?.kind === 'text' && constant.text !== value)) return true;
  }
  return inequalities(request, column, value).length > 0;
}

/** Conditions that say: the column is not this value. */
function inequalities(request: PathRequest, column: string, value: string): readonly TreeNode[] {
  return request.knowledge.conditions.filter((node) => {
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
    if (
      !values.every(
        (constant) => constant !== undefined && ['text', 'number', 'boolean'].includes(constant.kind) && isWord(attribute, constant),
      )
    )
      continue;
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
