import type { Method, Relation, SqlVerb } from '../catalog/types.ts';
import type { SqlValue } from '../engine/types.ts';
import type { TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { compose, quoteName, quotePath } from './compose.ts';
import { type Condition, conditionsOf } from './conditions.ts';
import { type Evaluation, evaluate, isConstant, queryRows } from './expressions.ts';
import {
  allParameters,
  type ChosenMethod,
  chooseMethod,
  findParameter,
  type GivenName,
  mandatoryParameters,
  methodsFor,
  missingNames,
} from './write-inputs.ts';

/** What an UPDATE, REPLACE or DELETE addresses. */
export interface TargetClauses {
  readonly verb: SqlVerb;
  readonly relation: Relation;
  readonly alias: string | undefined;
  /** `FROM` of UPDATE, `USING` of DELETE. */
  readonly others: TextSlice | undefined;
  readonly where: TextSlice | undefined;
  readonly ctes: TextSlice | undefined;
  /** Names that SET gives, with the expressions over the target's columns that must be read with it. */
  readonly set: readonly { readonly name: GivenName; readonly value: TextSlice }[];
  readonly statement: TextSlice;
  readonly allowAll: boolean;
  /** Columns of the target to read with it, given the method that will be called. */
  readonly carry?: (method: Method) => readonly string[];
}

/** The calls' values: one row a call, for the inputs of the method chosen. */
export interface Targets {
  readonly chosen: ChosenMethod;
  readonly rows: readonly (readonly SqlValue[])[];
  /** True when the targets were found by reading. */
  readonly wasRead: boolean;
  /** Of each target the columns that were to be carried, by name; empty records where nothing was. */
  readonly carried: readonly Readonly<Record<string, SqlValue>>[];
}

/**
 * The targets of a write. A WHERE of nothing but equalities and IN-lists on parameters addresses them directly, without a read;
 * otherwise they are read with the statement's own condition, whole, before the first is changed.
 * Throws `refused` without WHERE, `required_parameter_missing`, `unknown_parameter`, `unsupported_syntax`.
 */
export async function findTargets(evaluation: Evaluation, clauses: TargetClauses): Promise<Targets> {
  const { relation, verb, where } = clauses;
  if (methodsFor(relation, verb).length === 0) chooseMethod(relation, verb, [], 'where');
  const conditions = where === undefined ? [] : conditionsOf(where).map((condition) => unqualified(condition, clauses));
  const isReadable = relation.methods.some((method) => method.verbs.includes('SELECT')) || relation.views.length > 0;
  const direct = await directTargets(evaluation, clauses, conditions);
  if (direct !== undefined && !(isReadable && mustRead(clauses, conditions, direct.chosen.method))) return direct;
  if (where === undefined && clauses.others === undefined && !clauses.allowAll) throw noWhere(clauses);
  if (!isReadable) return unreadable(evaluation, clauses, conditions);
  return readTargets(evaluation, clauses, conditions);
}

/** Whether targets that could be addressed directly are read all the same, for what is to be carried. Not where a key is no condition of the read. */
function mustRead(clauses: TargetClauses, conditions: readonly Condition[], method: Method): boolean {
  const carry = clauses.carry?.(method) ?? [];
  return (
    carry.length > 0 &&
    !conditions.some((condition) => condition.kind !== 'other' && isWriteOnly(clauses.relation, method, condition.name.parts))
  );
}

/** Calls whose every value the statement gives, or `undefined` where something must be read. */
async function directTargets(
  evaluation: Evaluation,
  clauses: TargetClauses,
  conditions: readonly Condition[],
): Promise<Targets | undefined> {
  const { relation, verb, set } = clauses;
  const found = directMethod(clauses, conditions);
  if (found === undefined) return undefined;
  const { method, names, named } = found;
  const chosen = chooseMethod({ ...relation, methods: [method] }, verb, [...names, ...set.map(({ name }) => name)], 'where');
  const values = await evaluate(evaluation, [...named.flatMap((condition) => condition.values), ...set.map(({ value }) => value)]);
  let at = 0;
  const choices = named.map((condition) => {
    const own = values.slice(at, at + condition.values.length);
    at += condition.values.length;
    return own;
  });
  const assigned = values.slice(at);
  // name = NULL holds for nothing.
  const keys = product(choices.map((choice) => choice.filter((value) => value !== null)));
  return {
    chosen,
    rows: distinctRows(keys, keys.length === 0 ? 0 : (keys[0]?.length ?? 0)).map((row) => [...row, ...assigned]),
    wasRead: false,
    carried: [],
  };
}

/** The method and the number of calls of a write that addresses its targets directly, and so reads none; `undefined` where they must be read. */
export function addressed(clauses: TargetClauses): { readonly method: Method; readonly calls: number } | undefined {
  const conditions = clauses.where === undefined ? [] : conditionsOf(clauses.where).map((condition) => unqualified(condition, clauses));
  const found = directMethod(clauses, conditions);
  return found === undefined
    ? undefined
    : { method: found.method, calls: found.named.reduce((calls, { values }) => calls * values.length, 1) };
}

/** The method whose every parameter the conditions give by constants, and they. */
function directMethod(clauses: TargetClauses, conditions: readonly Condition[]) {
  const { relation, verb, set } = clauses;
  if (clauses.others !== undefined || !set.every(({ value }) => isConstant(value))) return undefined;
  const named = conditions.flatMap((condition) => (condition.kind === 'equality' || condition.kind === 'list' ? [condition] : []));
  if (named.length !== conditions.length || !named.every(({ values }) => values.every(isConstant))) return undefined;
  const names = named.map(({ name }): GivenName => ({ parts: name.parts, slice: name.slice, role: 'key' }));
  const method = methodsFor(relation, verb).find(
    (one) =>
      names.every((name) => findParameter(relation, one, name.parts.join('.')) !== undefined) &&
      mandatoryParameters(one).every((parameter) =>
        names.some((name) => findParameter(relation, one, name.parts.join('.'))?.name === parameter.name),
      ),
  );
  // A method that needs no key changes everything it reaches; for DELETE that is asked for in so many words.
  if (method === undefined || (verb === 'DELETE' && conditions.length === 0 && !clauses.allowAll)) return undefined;
  return { method, names, named };
}

/** A relation that cannot be read: a key may still come from `IN (SELECT ...)`. */
async function unreadable(evaluation: Evaluation, clauses: TargetClauses, conditions: readonly Condition[]): Promise<Targets> {
  const { relation, verb, set } = clauses;
  const named = conditions.flatMap((condition) => (condition.kind === 'other' ? [] : [condition]));
  if (named.length < conditions.length || clauses.others !== undefined || !set.every(({ value }) => isConstant(value))) {
    throw new OrgqlError('unsupported_syntax', `${relation.id} cannot be read, so WHERE can only give parameters their values`, {
      detail: 'The API has no call that returns its rows',
      hint: `write  ${mandatoryParameters(methodsFor(relation, verb)[0] ?? fail(relation))
        .map((parameter) => `${parameter.name} = '...'`)
        .join(' AND ')}  or  ... IN (SELECT ...)`,
      ...(clauses.where === undefined ? {} : { span: { offset: clauses.where.offset, length: clauses.where.text.length } }),
    });
  }
  const names = named.map(({ name }): GivenName => ({ parts: name.parts, slice: name.slice, role: 'key' }));
  const chosen = chooseMethod(relation, verb, [...names, ...set.map(({ name }) => name)], 'where');
  const choices: (readonly SqlValue[])[] = [];
  for (const condition of named) {
    const values =
      condition.kind === 'query'
        ? (await queryRows(evaluation, compose([...prefix(clauses.ctes), condition.query]))).rows.map((row) => row[0] ?? null)
        : await evaluate(evaluation, condition.values);
    choices.push(values.filter((value) => value !== null));
  }
  const assigned = await evaluate(
    evaluation,
    set.map(({ value }) => value),
  );
  return { chosen, rows: distinctRows(product(choices), names.length).map((row) => [...row, ...assigned]), wasRead: true, carried: [] };
}

/** Targets by a query: what the method needs of each row, and the values that SET computes from it. */
async function readTargets(evaluation: Evaluation, clauses: TargetClauses, conditions: readonly Condition[]): Promise<Targets> {
  const { relation, verb, set } = clauses;
  const equal = new Map(
    conditions.flatMap((condition) =>
      condition.kind === 'equality' && isConstant(condition.values[0] ?? condition.slice)
        ? [[condition.name.parts.join('.').toLowerCase(), condition] as const]
        : [],
    ),
  );
  const candidates = methodsFor(relation, verb).map((method) => ({ method, ...neededOf(relation, method, equal) }));
  const found = candidates.find((candidate) => candidate.missing.length === 0);
  const [nearest] = candidates;
  if (found === undefined) throw nearest === undefined ? fail(relation) : missingNames(relation, nearest.method, nearest.missing, 'where');
  const chosen = chooseMethod(
    { ...relation, methods: [found.method] },
    verb,
    [...found.needed.map((need) => need.name), ...set.map(({ name }) => name)],
    'where',
  );

  const qualifier = clauses.others === undefined ? '' : `${quoteName(clauses.alias ?? relation.name)}.`;
  const items = found.needed.map((need): readonly (string | TextSlice)[] =>
    need.from === 'column' ? [`${qualifier}${quoteName(need.column)}`] : ['(', need.value, ')'],
  );
  const carry = clauses.carry?.(found.method) ?? [];
  const list = [
    ...items,
    ...set.map(({ value }): readonly (string | TextSlice)[] => ['(', value, ')']),
    ...carry.map((column) => [`${qualifier}${quoteName(column)}`]),
  ];
  const select = list.flatMap((item, index) => [index === 0 ? '' : ', ', ...item, ` AS v${index}`]);
  // What only the write takes (oauthTokens = 'true') is no condition of the read.
  const kept = conditions.filter(
    (condition) => !(condition.kind === 'equality' && isWriteOnly(relation, found.method, condition.name.parts)),
  );
  const { rows } = await queryRows(
    evaluation,
    compose([
      ...prefix(clauses.ctes),
      'SELECT ',
      ...select,
      ` FROM ${quotePath(relation.id.split('.'))}`,
      clauses.alias === undefined ? '' : ` AS ${quoteName(clauses.alias)}`,
      ...(clauses.others === undefined ? [] : [', ', clauses.others]),
      ...kept.flatMap((condition, index) => [index === 0 ? ' WHERE (' : ' AND (', condition.slice, ')']),
    ]),
  );
  const distinct = distinctRows(rows, found.needed.length);
  const width = list.length - carry.length;
  return {
    chosen,
    rows: distinct.map((row) => row.slice(0, width)),
    wasRead: true,
    carried: distinct.map((row) => Object.fromEntries(carry.map((column, index) => [column, row[width + index] ?? null]))),
  };
}

type Need = { readonly name: GivenName } & (
  | { readonly from: 'column'; readonly column: string }
  | { readonly from: 'value'; readonly value: TextSlice }
);

/** How each value of a method's call is had from a row of its relation, and the parameters that cannot be. */
function neededOf(
  relation: Relation,
  method: Method,
  equal: ReadonlyMap<string, Extract<Condition, { readonly kind: 'equality' }>>,
): { readonly needed: readonly Need[]; readonly missing: readonly string[] } {
  const needed: Need[] = [];
  const missing: string[] = [];
  const mandatory = new Set(mandatoryParameters(method).map((parameter) => parameter.name));
  const selectable = new Set(
    relation.methods.filter((one) => one.verbs.includes('SELECT')).flatMap((one) => allParameters(one).map((parameter) => parameter.name)),
  );
  for (const parameter of allParameters(method)) {
    const name = (slice: TextSlice): GivenName => ({ parts: [parameter.name], slice, role: 'key' });
    const given = [...equal].find(([written]) => findParameter(relation, method, written)?.name === parameter.name)?.[1];
    const [value] = given?.values ?? [];
    if (value !== undefined && given !== undefined) {
      needed.push({ name: name(given.slice), from: 'value', value });
      continue;
    }
    const isOrg = parameter.location === 'server' && parameter.name === 'subdomain';
    if (!mandatory.has(parameter.name) && !isOrg) continue;
    const column =
      relation.overlay.relation.identity?.[parameter.name] ??
      relation.columns.find((one) => one.name.toLowerCase() === parameter.name.toLowerCase())?.name;
    const slice = { text: parameter.name, offset: 0 };
    if (column !== undefined) needed.push({ name: name(slice), from: 'column', column });
    else if (selectable.has(parameter.name)) needed.push({ name: name(slice), from: 'column', column: parameter.name });
    else if (!isOrg) missing.push(parameter.name);
  }
  return { needed, missing };
}

function isWriteOnly(relation: Relation, method: Method, path: readonly string[]): boolean {
  const name = path.join('.').toLowerCase();
  const isReadable = (one: Method): boolean => one.verbs.includes('SELECT') && findParameter(relation, one, name) !== undefined;
  return (
    findParameter(relation, method, name) !== undefined &&
    !relation.methods.some(isReadable) &&
    !relation.columns.some((column) => column.name.toLowerCase() === name) &&
    !(name in lowerKeys(relation))
  );
}

function lowerKeys(relation: Relation): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(relation.overlay.relation.identity ?? {}).map(([parameter, column]) => [parameter.toLowerCase(), column]),
  );
}

/** `u.id`, `users.id`, `okta.user.users.id`: the name without what it is qualified by. */
function unqualified(condition: Condition, { relation, alias }: TargetClauses): Condition {
  if (condition.kind === 'other') return condition;
  return { ...condition, name: { ...condition.name, parts: stripQualifier(condition.name.parts, relation, alias) } };
}

/** A column's path without the alias or relation name before it. */
export function stripQualifier(parts: readonly string[], relation: Relation, alias: string | undefined): readonly string[] {
  const qualifiers = alias === undefined ? [[relation.name], relation.id.split('.')] : [[alias]];
  for (const qualifier of qualifiers) {
    const isPrefix =
      parts.length > qualifier.length && qualifier.every((part, index) => part.toLowerCase() === parts[index]?.toLowerCase());
    if (isPrefix) return parts.slice(qualifier.length);
  }
  return parts;
}

/** Rows once each. Two rows for one target that ask for different values are an error: which of them should win? */
function distinctRows(rows: readonly (readonly SqlValue[])[], keyWidth: number): readonly (readonly SqlValue[])[] {
  const seen = new Map<string, string>();
  const kept: (readonly SqlValue[])[] = [];
  for (const row of rows) {
    const key = stable(row.slice(0, keyWidth));
    const whole = stable(row);
    const before = seen.get(key);
    if (before === undefined) kept.push(row);
    else if (before !== whole) {
      throw new OrgqlError('invalid_parameter_value', 'One target would be set to different values', {
        detail: `More than one row of FROM matches it (${row.slice(0, keyWidth).map(String).join(', ')})`,
        hint: 'make the join match at most one row for each target',
      });
    }
    seen.set(key, whole);
  }
  return kept;
}

function stable(row: readonly SqlValue[]): string {
  return JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

function product(choices: readonly (readonly SqlValue[])[]): readonly (readonly SqlValue[])[] {
  return choices.reduce<readonly (readonly SqlValue[])[]>(
    (rows, choice) => rows.flatMap((row) => choice.map((value) => [...row, value])),
    [[]],
  );
}

function prefix(ctes: TextSlice | undefined): readonly (string | TextSlice)[] {
  return ctes === undefined ? [] : [ctes, ' '];
}

function noWhere({ verb, relation, statement }: TargetClauses): OrgqlError {
  return new OrgqlError('refused', `${verb} of ${relation.id} without WHERE would reach every row`, {
    hint: 'say which rows in WHERE, or allow all of them: --all (option allowAll)',
    span: { offset: statement.offset, length: statement.text.length },
  });
}

function fail(relation: Relation): never {
  throw new OrgqlError('internal', `${relation.id}: no method for the write`);
}
