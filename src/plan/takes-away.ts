import { child, isNode, type TreeNode, type TreeValue, text } from '../sql/tree.ts';
import type { BoundQuery, Occurrence } from './types.ts';

/**
 * Occurrences whose rows can take rows of the result away, or change them: those under NOT, of an anti-join, of what EXCEPT subtracts,
 * of the optional side of an outer join, behind HAVING, QUALIFY or a value computed over them. Where rows of theirs are missing, the
 * result may have rows too many, and not only too few.
 */
export function takingAway(bound: BoundQuery): ReadonlySet<Occurrence> {
  const found = new Set<Occurrence>();
  const visit = (value: TreeValue | undefined, isTaking: boolean): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, isTaking);
    if (!isNode(value)) return;
    if (isTaking) for (const occurrence of bound.within.get(value) ?? []) found.add(occurrence);
    const sides = sidesOf(value);
    for (const [key, item] of Object.entries(value)) visit(item, isTaking || sides.includes(key));
  };
  visit(bound.tree, false);
  return found;
}

/** The parts of a node that take away. */
function sidesOf(node: TreeNode): readonly string[] {
  if (node.class === 'SUBQUERY') return ['EXISTS', 'ANY'].includes(text(node, 'subquery_type')) ? [] : ['subquery'];
  switch (text(node, 'type')) {
    case 'OPERATOR_NOT':
      return ['children'];
    case 'SET_OPERATION_NODE':
      return text(node, 'setop_type') === 'EXCEPT' ? ['right', 'children'] : [];
    case 'SELECT_NODE':
      return child(node, 'having') === undefined && child(node, 'qualify') === undefined ? [] : ['from_table'];
    case 'JOIN':
      switch (text(node, 'join_type')) {
        case 'ANTI':
        case 'LEFT':
          return ['right'];
        case 'RIGHT':
          return ['left'];
        case 'OUTER':
        case 'FULL':
          return ['left', 'right'];
        default:
          return [];
      }
    default:
      return [];
  }
}
