import { columnRef, functionCall } from '../sql/build.ts';
import { children, replaceNode, type TreeNode, text } from '../sql/tree.ts';
import type { BinderState } from './binder-state.ts';
import { needColumn, visibleColumns } from './needed.ts';
import type { Occurrence, Scope } from './types.ts';

/** A star, `COLUMNS(*)` or row reference sees every published column of its relations. */
export function useWholeRow(occurrence: Occurrence): void {
  occurrence.wholeRow = true;
  for (const column of visibleColumns(occurrence.relation)) needColumn(occurrence, column);
}

export function useStar(state: BinderState, node: TreeNode, scope: Scope): void {
  const qualifier = text(node, 'relation_name').toLowerCase();
  for (const source of scope.sources) {
    if (qualifier !== '' && source.alias.toLowerCase() !== qualifier) continue;
    if (source.kind !== 'relation') continue;
    if (state.unseenStars.has(node)) useNamed(state, source.occurrence);
    else useWholeRow(source.occurrence);
  }
  state.stars.push({ node, scope });
}

/** Of what an unseen star sees, the columns that the statement names somewhere, or one, as no list may be empty. */
function useNamed(state: BinderState, occurrence: Occurrence): void {
  const visible = visibleColumns(occurrence.relation);
  const [key] = occurrence.relation.overlay.relation.key ?? [];
  const named = visible.filter(({ name }) => isNamed(state, name));
  const one = visible.find(({ name }) => name === key) ?? visible[0];
  for (const column of named.length > 0 || one === undefined ? named : [one]) needColumn(occurrence, column);
}

/** True unless a column's name stands nowhere in the statement. */
export function isNamed(state: BinderState, column: string): boolean {
  return state.words.has(column.toLowerCase());
}

/** Keeps the columns that the relation hides out of every star, and gives qualified stars their settled alias. */
export function settleStars(state: BinderState): void {
  for (const { node, scope } of state.stars) {
    const qualifier = text(node, 'relation_name').toLowerCase();
    const hidden: TreeNode[] = [];
    for (const source of scope.sources) {
      if (source.kind !== 'relation' || (qualifier !== '' && source.alias.toLowerCase() !== qualifier)) continue;
      const alias = text(source.occurrence.node, 'alias');
      if (qualifier !== '') node.relation_name = alias;
      for (const column of source.occurrence.needed.values()) {
        if (!column.visible) hidden.push({ catalog: '', schema: '', table: alias, column: column.name });
      }
    }
    if (hidden.length > 0) node.qualified_exclude_list = [...children(node, 'qualified_exclude_list'), ...hidden];
  }
}

/** `u` alone, for a relation: a struct of its published columns. */
export function rowReference(state: BinderState, node: TreeNode, occurrence: Occurrence): void {
  useWholeRow(occurrence);
  const fields = visibleColumns(occurrence.relation).map((column) => {
    const reference = columnRef([occurrence.alias, column.name], column.name);
    state.references.push({ node: reference, occurrence, column: needColumn(occurrence, column) });
    return reference;
  });
  replaceNode(node, functionCall('struct_pack', fields, { alias: text(node, 'alias') || occurrence.alias }));
}
