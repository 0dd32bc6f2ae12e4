import type { Engine } from '../engine/types.ts';
import { type Constant, constantOperands, fromEngine, isFixed } from '../plan/constants.ts';
import { driverQuery, subqueryDriver } from '../plan/drivers.ts';
import type { Equality, Knowledge } from '../plan/equalities.ts';
import type { BoundQuery, Occurrence } from '../plan/types.ts';
import { cast, columnRef, document, functionCall, integerConstant, selectNode, stringConstant } from '../sql/build.ts';
import { writeTree } from '../sql/lossless.ts';
import { child, children, cloneNode, isNode, type TreeNode, type TreeValue } from '../sql/tree.ts';

/** Most values that a filter names one by one. */
const MOST_VALUES = 100;

type Rows = (tree: TreeNode) => Promise<readonly (readonly unknown[])[]>;

/** What rows that are there before anything is fetched say of an occurrence: values of VALUES, of local tables, of a `params` expression. */
export interface FixedValues {
  readonly knowledge: ReadonlyMap<Occurrence, Knowledge>;
  readonly constants: ReadonlyMap<TreeNode, Constant>;
}

/**
 * Reads what conditions compare with where no relation has a part in it. An operand that has one value in every row counts as a
 * constant, and one of a few values that an equality names as a list of them. Requests nothing.
 */
export async function fixedValues(
  engine: Engine,
  bound: BoundQuery,
  knowledge: ReadonlyMap<Occurrence, Knowledge>,
  parametersFor: (tree: TreeNode) => Parameters<Engine['rows']>[1],
): Promise<FixedValues> {
  const constants = new Map<TreeNode, Constant>();
  const settled = new Map<Occurrence, Knowledge>();
  const rows: Rows = async (tree) => (await engine.rows(await engine.print(writeTree(tree)), parametersFor(tree))).rows;
  for (const [occurrence, known] of knowledge) {
    for (const node of constantOperands(bound, known.conditions, occurrence.scope, isFixed)) {
      const [only, ...others] = await valuesOf(rows, bound, occurrence, node);
      if (only !== undefined && others.length === 0) constants.set(node, only);
    }
    const listed: TreeNode[] = [];
    const equalities: Equality[] = [];
    for (const equality of known.equalities) {
      const values = await equalValues(rows, bound, occurrence, equality);
      const nodes = values.map((value) => {
        const node = stringConstant(value.text);
        constants.set(node, value);
        return node;
      });
      if (nodes.length === 0 || nodes.length > MOST_VALUES) {
        equalities.push(equality);
        continue;
      }
      equalities.push({ ...equality, supply: { kind: 'constants', nodes } });
      const operand = operandOf(bound, equality);
      if (operand !== undefined)
        listed.push({ class: 'OPERATOR', type: 'COMPARE_IN', alias: '', query_location: 0, children: [operand, ...nodes] });
    }
    settled.set(occurrence, { conditions: [...known.conditions, ...listed], equalities });
  }
  return { knowledge: settled, constants };
}

function operandOf(bound: BoundQuery, { access, node }: Equality): TreeNode | undefined {
  return [child(node, 'left'), child(node, 'right'), child(node, 'child')].find(
    (operand) => operand !== undefined && bound.resolutions.get(operand)?.access === access,
  );
}

/** The values that an equality can have, without NULL; none where a relation has a part in them. */
async function equalValues(rows: Rows, bound: BoundQuery, occurrence: Occurrence, { access, supply }: Equality): Promise<Constant[]> {
  // Which orgs are read is settled apart.
  if (supply.kind === 'constants' || supply.needs.size > 0 || access.parameter === 'subdomain') return [];
  const found =
    supply.kind === 'driver'
      ? await valuesOf(rows, bound, occurrence, supply.expression)
      : await read(rows, subqueryDriver(bound, supply.node, occurrence.scope, new Set()));
  return found.filter((value) => value.kind !== 'null');
}

function valuesOf(rows: Rows, bound: BoundQuery, occurrence: Occurrence, node: TreeNode): Promise<Constant[]> {
  const [inner = node] = node.type === 'OPERATOR_TRY' ? children(node, 'children') : [node];
  return read(rows, driverQuery(bound, occurrence, [inner], new Set()));
}

/** What is computed may turn out not to be computable: then nothing is known, and the query itself says why. */
async function read(rows: Rows, tree: TreeNode | undefined): Promise<Constant[]> {
  const node = tree === undefined ? undefined : child(children(tree, 'statements')[0] ?? {}, 'node');
  if (node === undefined) return [];
  const subquery: TreeNode = { node, named_param_map: [] };
  const from: TreeNode = { type: 'SUBQUERY', alias: 'd', sample: null, query_location: 0, subquery, column_name_alias: ['p'] };
  const limit: TreeNode = { type: 'LIMIT_MODIFIER', limit: integerConstant(MOST_VALUES + 1), offset: null };
  const found = await rows(document(selectNode({ select: described(columnRef(['d', 'p'])), from, modifiers: [limit] }))).catch(() => []);
  // The engine gives them in any order, and a request that is made again is known by its text.
  return found
    .map(([value, type, micros]) => fromEngine({ text: textOf(value), type: String(type), epochMicros: textOf(micros) }))
    .toSorted((one, other) => (one.text < other.text ? -1 : Number(one.text > other.text)));
}

const textOf = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

/** A value's text, its type, and its time where it can be read as one. */
export function described(node: TreeNode): TreeNode[] {
  const plain = (): TreeNode => ({ ...cloneNode(node), alias: '' });
  const moment = { ...cast(cast(plain(), 'VARCHAR'), 'TIMESTAMP WITH TIME ZONE'), try_cast: true };
  return [cast(plain(), 'VARCHAR'), functionCall('typeof', [plain()]), cast(functionCall('epoch_us', [moment]), 'VARCHAR')];
}

/** A condition with values in place of what was computed beforehand, so that it can be evaluated alone; `undefined` where one is not known. */
export function withValues(node: TreeNode, constants: ReadonlyMap<TreeNode, Constant>): TreeNode | undefined {
  let isKnown = true;
  const settle = (value: TreeValue): TreeValue => {
    if (Array.isArray(value)) return value.map(settle);
    if (!isNode(value)) return value;
    const constant = constants.get(value);
    const isAttempt = value.type === 'OPERATOR_TRY';
    if (constant !== undefined && value.class !== 'CONSTANT') return constantNode(constant);
    if (isAttempt) isKnown = false;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, settle(item)])) as TreeNode;
  };
  const settled = settle(node) as TreeNode;
  return isKnown ? settled : undefined;
}

function constantNode({ kind, text }: Constant): TreeNode {
  const written = stringConstant(text);
  switch (kind) {
    case 'time':
      return cast(written, 'TIMESTAMP WITH TIME ZONE');
    case 'number':
      return cast(written, 'DOUBLE');
    case 'boolean':
      return cast(written, 'BOOLEAN');
    case 'null':
      return functionCall('nullif', [stringConstant(''), stringConstant('')]);
    default:
      return written;
  }
}
