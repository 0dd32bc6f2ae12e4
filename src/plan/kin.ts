import { columnRef } from '../sql/build.ts';
import { text } from '../sql/tree.ts';
import { isFor, requiredOf } from './access-path.ts';
import type { Equality } from './equalities.ts';
import { findParameter, needParameter, selectMethods } from './needed.ts';
import type { BoundQuery, Occurrence, Resolution } from './types.ts';

/**
 * What a join with a parent says beside its own equality: a child lies under what the parent lies under. `r.policyId = p.id` binds
 * the authorization server of the rules too, for it is that of the policy.
 */
export function kinship(bound: BoundQuery, occurrence: Occurrence, equalities: readonly Equality[]): Equality[] {
  const parents = occurrence.relation.overlay.relation.parents ?? {};
  return equalities.flatMap((equality) => {
    if (equality.supply.kind !== 'driver') return [];
    const resolution = bound.resolutions.get(equality.supply.expression);
    const host = resolution?.access?.occurrence;
    const joined = Object.entries(parents).find(
      ([parameter, fact]) =>
        fact.relation === host?.relation.id &&
        fact.column === resolution?.access?.column?.name &&
        resolution.access.path.length === 0 &&
        isFor(occurrence, parameter, equality.access),
    );
    if (resolution === undefined || host === undefined || joined === undefined) return [];
    return sharedParameters(occurrence, host).map((parameter): Equality => {
      const column = needParameter(host, parameter, findParameter(host.relation, parameter)?.shape);
      const expression = columnRef([text(host.node, 'alias'), column.name]);
      const access = { occurrence: host, column: undefined, parameter, path: [] };
      (bound.resolutions as Map<typeof expression, Resolution>).set(expression, {
        source: resolution.source,
        scope: resolution.scope,
        shape: column.shape,
        sqlType: column.sqlType,
        access,
      });
      return {
        access: { occurrence, column: undefined, parameter, path: [] },
        supply: { kind: 'driver', expression, needs: new Set([host]) },
        node: equality.node,
      };
    });
  });
}

/** Parameters that a child cannot do without and that its parent is read by as well, for values of the same list. */
function sharedParameters(child: Occurrence, parent: Occurrence): string[] {
  const own = child.relation.overlay.relation.parents ?? {};
  const theirs = parent.relation.overlay.relation.parents ?? {};
  const required = new Set(selectMethods(child.relation).flatMap((method) => requiredOf(method).map(({ name }) => name)));
  return [...required].filter(
    (name) =>
      own[name] !== undefined && own[name]?.relation === theirs[name]?.relation && findParameter(parent.relation, name) !== undefined,
  );
}
