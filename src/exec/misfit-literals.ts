import type { Engine } from '../engine/types.ts';
import { literal } from '../plan/constants.ts';
import type { Knowledge } from '../plan/equalities.ts';
import type { BoundQuery, Occurrence } from '../plan/types.ts';
import { cast, document, selectNode } from '../sql/build.ts';
import { writeTree } from '../sql/lossless.ts';
import { child, children, cloneNode, location, type TreeNode, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import { OrgqlError, type Span } from '../util/errors.ts';

const STRICT = new Set(['TIMESTAMPTZ', 'BIGINT', 'DOUBLE', 'BOOLEAN']);
const EXAMPLES: Readonly<Record<string, string>> = {
  TIMESTAMPTZ: "write a time such as '2026-01-31' or '2026-01-31T12:00:00Z', or one in relation to now: now() - INTERVAL 90 DAY",
  BIGINT: 'write a whole number such as 5',
  DOUBLE: 'write a number such as 1.5',
  BOOLEAN: 'write true or false',
};

/**
 * Throws `type_mismatch` for a text that a condition compares with a column into whose type it cannot be read: the engine would find
 * it at the first row, when rows have been asked for already.
 */
export async function assertLiteralsFit(
  engine: Engine,
  bound: BoundQuery & { readonly source: string },
  knowledge: ReadonlyMap<Occurrence, Knowledge>,
  span: (byteOffset: number) => Span,
): Promise<void> {
  const pairs = [...knowledge.values()].flatMap(({ conditions }) => conditions.flatMap((condition) => comparedTexts(bound, condition)));
  if (pairs.length === 0) return;
  const select = pairs.map(({ literal: node, type }) => ({
    ...cast({ ...cloneNode(node), alias: '' }, type === 'TIMESTAMPTZ' ? 'TIMESTAMP WITH TIME ZONE' : type),
    try_cast: true,
  }));
  const tree = document(selectNode({ select, from: { type: 'EMPTY', alias: '', sample: null, query_location: 0 } }));
  const { rows } = await engine.rows(await engine.print(writeTree(tree)), {});
  const misfit = pairs.find((_, index) => rows[0]?.[index] === null);
  if (misfit === undefined) return;
  const { literal: node, type, column } = misfit;
  const at = location(node);
  throw new OrgqlError(
    'type_mismatch',
    `'${text(child(node, 'value') ?? {}, 'value')}' cannot be compared with ${column}, which is ${TYPES[type]}`,
    {
      detail: 'It cannot be read as one.',
      hint: EXAMPLES[type] ?? '',
      source: bound.source,
      ...(at === undefined ? {} : { span: span(at) }),
    },
  );
}

const TYPES: Readonly<Record<string, string>> = {
  TIMESTAMPTZ: 'a time',
  BIGINT: 'a whole number',
  DOUBLE: 'a number',
  BOOLEAN: 'true or false',
};

interface Compared {
  readonly literal: TreeNode;
  readonly type: string;
  readonly column: string;
}

function comparedTexts(bound: BoundQuery, condition: TreeNode): Compared[] {
  const found: Compared[] = [];
  const add = (column: TreeNode | undefined, literals: readonly (TreeNode | undefined)[]): void => {
    const resolution = column === undefined ? undefined : bound.resolutions.get(column);
    if (resolution?.sqlType === undefined || !STRICT.has(resolution.sqlType)) return;
    const name = resolution.access?.column?.name ?? 'a column';
    for (const node of literals)
      if (isText(node) && !isPlainTime(node, resolution.sqlType)) found.push({ literal: node, type: resolution.sqlType, column: name });
  };
  walk(condition, (node) => {
    if (node.class === 'COMPARISON') {
      add(child(node, 'left'), [child(node, 'right')]);
      add(child(node, 'right'), [child(node, 'left')]);
    } else if (node.class === 'BETWEEN') {
      add(child(node, 'input'), [child(node, 'lower'), child(node, 'upper')]);
    } else if (node.type === 'COMPARE_IN' || node.type === 'COMPARE_NOT_IN') {
      const [operand, ...values] = children(node, 'children');
      add(operand, values);
    }
    // What stands in a branch may never be evaluated.
    return node.class !== 'SUBQUERY' && node.class !== 'CASE';
  });
  return found;
}

/** The usual spelling of a time needs no asking of the engine. */
function isPlainTime(node: TreeNode, type: string): boolean {
  return type === 'TIMESTAMPTZ' && literal(node)?.time !== undefined;
}

function isText(node: TreeNode | undefined): node is TreeNode {
  const value = node?.class === 'CONSTANT' ? child(node, 'value') : undefined;
  return value !== undefined && value.is_null !== true && text(child(value, 'type') ?? {}, 'id') === 'VARCHAR';
}
