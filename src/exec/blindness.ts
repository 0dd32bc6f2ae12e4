import type { ParameterSupply } from '../plan/access-path.ts';
import { readsOf } from '../plan/conditions.ts';
import { behind } from '../plan/embeds.ts';
import type { Knowledge } from '../plan/equalities.ts';
import type { BoundQuery, Occurrence } from '../plan/types.ts';
import { child, children, type TreeNode } from '../sql/tree.ts';
import { columnReferences } from '../sql/walk.ts';
import { type Blind, isOuterCondition } from './rehearse-estimates.ts';
import type { Synopsis } from './synopsis.ts';

/** What the rows that `org analyze` kept cannot tell, since they were kept without it. */
export interface Blindness {
  /** What a condition reads that was left out, or never asked for. */
  readonly blindPaths: (node: TreeNode) => readonly Blind[];
  /** True where the values that a supply would give were left out. */
  readonly isBlindSupply: (supply: ParameterSupply) => boolean;
  /** True where what is staged is joined by what was left out of it: a driver query would see every pair of rows. */
  readonly isTangled: (knowledge: ReadonlyMap<Occurrence, Knowledge>, target: Occurrence, staged: ReadonlySet<Occurrence>) => boolean;
  /** What a condition reads; `undefined` for what is no relation. */
  readonly occurrencesIn: (node: TreeNode, occurrence: Occurrence) => readonly (Occurrence | undefined)[];
}

export function createBlindness(bound: BoundQuery, synopsisOf: (occurrence: Occurrence) => Synopsis | undefined): Blindness {
  const blindPaths = (node: TreeNode): readonly Blind[] =>
    columnReferences(node).flatMap((reference): Blind[] => {
      const access = behind(bound, reference);
      if (access?.column === undefined || access === undefined) return [];
      const path = [access.column.wireName, ...access.path.filter((step) => typeof step === 'string')].join('.');
      const kept = synopsisOf(access.occurrence);
      if (kept === undefined) return [];
      if (kept.columns.length > 0 && !kept.columns.includes(access.column.wireName))
        return [{ occurrence: access.occurrence, distinct: undefined }];
      const found = Object.entries(kept.leftOut).find(([own]) => own === path || path.startsWith(`${own}.`));
      return found === undefined ? [] : [{ occurrence: access.occurrence, distinct: found[1] }];
    });
  const isBlindSupply = (supply: ParameterSupply): boolean => {
    if (supply.kind === 'driver') return blindPaths(supply.expression).length > 0;
    const query = supply.kind === 'subquery' ? child(child(supply.node, 'subquery') ?? {}, 'node') : undefined;
    return query !== undefined && children(query, 'select_list').some((item) => blindPaths(item).length > 0);
  };
  const occurrencesIn = (node: TreeNode, occurrence: Occurrence): readonly (Occurrence | undefined)[] =>
    readsOf(bound, node, occurrence.scope).outer.map(({ source }) => (source.kind === 'relation' ? source.occurrence : undefined));
  const isTangled: Blindness['isTangled'] = (knowledge, target, staged) =>
    [...staged].some((occurrence) =>
      (knowledge.get(occurrence)?.conditions ?? []).some((node) => {
        // Of an outer join that cannot be evaluated a driver query keeps the one side only.
        if (isOuterCondition(occurrence, node)) return false;
        const joined = occurrencesIn(node, occurrence);
        return (
          joined.some((other) => other !== occurrence) &&
          joined.every((other) => other !== undefined && other !== target && staged.has(other)) &&
          blindPaths(node).length > 0
        );
      }),
    );
  return { blindPaths, isBlindSupply, isTangled, occurrencesIn };
}
