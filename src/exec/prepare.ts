import type { Relation } from '../catalog/types.ts';
import { FORBIDDEN_VIEWS } from '../engine/sandbox.ts';
import type { Engine, SqlValue } from '../engine/types.ts';
import { type Binding, bind } from '../plan/bind.ts';
import type { BindContext } from '../plan/binder-state.ts';
import { type Constant, type Constants, constantOperands, fromEngine, literal } from '../plan/constants.ts';
import { type Knowledge, knowledgeOf } from '../plan/equalities.ts';
import type { Occurrence, OutputColumn } from '../plan/types.ts';
import { document, selectNode, star } from '../sql/build.ts';
import { writeTree } from '../sql/lossless.ts';
import type { TextSlice } from '../sql/statement.ts';
import { children, cloneNode, location, type TreeNode, text } from '../sql/tree.ts';
import { parameterNames, walk } from '../sql/walk.ts';
import { OrgqlError, type Span, withParts } from '../util/errors.ts';
import type { Environment } from './environment.ts';
import { described, fixedValues } from './fixed-values.ts';
import { assertLiteralsFit } from './misfit-literals.ts';
import { nowConstant } from './now.ts';
import { parseQuery } from './parse-query.ts';
import { testedValues } from './tested-values.ts';
import type { ExecuteOptions } from './types.ts';

/** A query that is ready to be planned: names bound, constants known. */
export interface PreparedQuery {
  readonly bound: Binding;
  readonly knowledge: ReadonlyMap<Occurrence, Knowledge>;
  readonly constants: Constants;
  readonly engine: Engine;
  /** Relations that the overlay names as equivalent to those of the query. */
  readonly related: ReadonlyMap<string, Relation>;
  /** Epoch milliseconds that the statement takes for now. */
  readonly now: number;
  /** Where in the user's text a node stands, from its byte offset. */
  readonly span: (byteOffset: number) => Span;
  /** Values for the engine of the parameters that a tree names. */
  readonly parametersFor: (tree: TreeNode) => Readonly<Record<string, SqlValue>>;
}

/** Parses and binds a query, and evaluates the constants that its conditions compare with. Requests nothing. */
export async function prepareQuery(environment: Environment, query: TextSlice, options: ExecuteOptions): Promise<PreparedQuery> {
  const engine = await environment.engine();
  const now = environment.now();
  const parsed = await parseQuery(engine, query);
  const bound = await bind(parsed.tree, bindContext(environment, engine, parsed, options, now));
  for (const { item, original } of bound.renames) if (text(item, 'alias') === '') item.alias = await printedName(engine, original);
  const plain = new Map(bound.occurrences.map((occurrence) => [occurrence, knowledgeOf(bound, occurrence)]));
  await assertLiteralsFit(engine, bound, plain, parsed.span);
  const values = options.parameters ?? {};
  const parametersFor = (tree: TreeNode): Record<string, SqlValue> => {
    const names = parameterNames(tree);
    return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
  };
  const knowledge = await testedValues(engine, bound, plain, parametersFor);
  const operands = [...knowledge].flatMap(([occurrence, { conditions, equalities }]) => [
    ...constantOperands(bound, conditions, occurrence.scope),
    ...equalities.flatMap(({ supply }) => (supply.kind === 'constants' ? supply.nodes : [])),
  ]);
  const constants = await evaluate(engine, operands, parametersFor).catch(async (error: unknown) => {
    throw await atOperand(engine, operands, parametersFor, parsed, error);
  });
  const fixed = await fixedValues(engine, bound, knowledge, parametersFor);
  return {
    bound,
    knowledge: fixed.knowledge,
    constants: new Map([...constants, ...fixed.constants]),
    engine,
    related: await relatedRelations(environment, bound.occurrences),
    now,
    span: parsed.span,
    parametersFor,
  };
}

async function relatedRelations(environment: Environment, occurrences: readonly Occurrence[]): Promise<ReadonlyMap<string, Relation>> {
  const related = new Map<string, Relation>();
  for (const id of new Set(
    occurrences.flatMap(({ relation: { overlay } }) => [
      ...(overlay.relation.equivalents ?? []).map((fact) => fact.relation),
      ...Object.values(overlay.methods).flatMap(({ fanOut }) => (fanOut === undefined ? [] : [fanOut.over])),
    ]),
  )) {
    const [provider = '', service = '', resource = ''] = id.split('.');
    related.set(id, await environment.catalog.relation(provider, service, resource));
  }
  return related;
}

function bindContext(
  environment: Environment,
  engine: Engine,
  parsed: Awaited<ReturnType<typeof parseQuery>>,
  options: ExecuteOptions,
  now: number,
): BindContext {
  const cteNames = new Set<string>();
  walk(parsed.tree, (node) => {
    for (const entry of children(node, 'map')) if (typeof entry.key === 'string') cteNames.add(entry.key.toLowerCase());
    return undefined;
  });
  return {
    catalog: environment.catalog,
    parse: async (sql) => (await parseQuery(engine, { text: sql, offset: 0 })).tree,
    view: async (name) => (cteNames.has(name.toLowerCase()) ? undefined : environment.local.view(name)),
    describeTable: (node) => describeTable(engine, node, cteNames),
    forbidden: (name, place) => environment.forbiddenFunction(name, options.allowFiles === true, place),
    scope: environment.scope(),
    now: (name) => nowConstant(name, now),
    stagePrefix: `${environment.statementId()}_`,
    nowText: new Date(now).toISOString(),
    source: parsed.source,
    span: parsed.span,
  };
}

async function describeTable(engine: Engine, node: TreeNode, cteNames: ReadonlySet<string>): Promise<readonly OutputColumn[] | undefined> {
  const name = text(node, 'table_name');
  if (FORBIDDEN_VIEWS.has(name.toLowerCase())) {
    throw new OrgqlError('forbidden_by_sandbox', `The view ${name} may not be read here`, {
      detail: 'It shows settings of the engine and of this machine.',
    });
  }
  if (text(node, 'schema_name') === '' && cteNames.has(name.toLowerCase())) return undefined;
  await engine.attachLocal();
  const reference: TreeNode = { ...cloneNode(node), alias: '', column_name_alias: [], sample: null };
  try {
    const columns = await engine.describe(await engine.print(writeTree(document(selectNode({ select: [star()], from: reference })))));
    return columns.map((column) => ({
      name: column.name,
      shape: undefined,
      sqlType: column.type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMPTZ' : column.type,
    }));
  } catch {
    // Nothing of this name here: the binder looks further, and says so if that fails too.
    return undefined;
  }
}

/** The name that the engine gives to a select item without an alias. */
async function printedName(engine: Engine, item: TreeNode): Promise<string> {
  const sql = await engine.print(
    writeTree(document(selectNode({ select: [item], from: { type: 'EMPTY', alias: '', sample: null, query_location: 0 } }))),
  );
  return sql.replace(/^SELECT /, '').replace(/;?\s*$/, '');
}

/** The engine's objection to a constant of the statement, at its place in the user's text: what it was given then nobody wrote. */
async function atOperand(
  engine: Engine,
  operands: readonly TreeNode[],
  parametersFor: (tree: TreeNode) => Readonly<Record<string, SqlValue>>,
  parsed: Awaited<ReturnType<typeof parseQuery>>,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof OrgqlError)) return error;
  for (const operand of new Set(operands)) {
    const own = await evaluate(engine, [operand], parametersFor).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    const at = location(operand);
    if (own instanceof OrgqlError && at !== undefined) return withParts(own, { source: parsed.source, span: parsed.span(at) });
  }
  return withParts(error, { span: undefined, source: undefined });
}

/** The values of constant expressions, as the engine computes them. */
export async function evaluate(
  engine: Engine,
  operands: readonly TreeNode[],
  parametersFor: (tree: TreeNode) => Readonly<Record<string, SqlValue>>,
): Promise<Constants> {
  const constants = new Map<TreeNode, Constant>();
  const computed: TreeNode[] = [];
  const attempts: TreeNode[] = [];
  for (const node of new Set(operands)) {
    const known = literal(node);
    if (known !== undefined) constants.set(node, known);
    else if (node.type === 'OPERATOR_TRY') attempts.push(node);
    else computed.push(node);
  }
  for (const [node, constant] of await computedConstants(engine, computed, parametersFor)) constants.set(node, constant);
  for (const node of attempts) {
    // The engine's own TRY refuses functions that could be volatile.
    const [inner] = children(node, 'children');
    const found = inner === undefined ? undefined : await computedConstants(engine, [inner], parametersFor).catch(() => undefined);
    const constant = inner === undefined ? undefined : found?.get(inner);
    if (constant !== undefined) constants.set(node, constant);
  }
  return constants;
}

async function computedConstants(
  engine: Engine,
  computed: readonly TreeNode[],
  parametersFor: (tree: TreeNode) => Readonly<Record<string, SqlValue>>,
): Promise<ReadonlyMap<TreeNode, Constant>> {
  const constants = new Map<TreeNode, Constant>();
  if (computed.length === 0) return constants;
  const select = computed.flatMap(described);
  const tree = document(selectNode({ select, from: { type: 'EMPTY', alias: '', sample: null, query_location: 0 } }));
  const { rows } = await engine.rows(await engine.print(writeTree(tree)), parametersFor(tree));
  const [row = []] = rows;
  computed.forEach((node, index) => {
    const [value, type, micros] = row.slice(index * 3, index * 3 + 3);
    constants.set(
      node,
      fromEngine({
        text: value === null || value === undefined ? null : String(value),
        type: String(type),
        epochMicros: micros === null || micros === undefined ? null : String(micros),
      }),
    );
  });
  return constants;
}
