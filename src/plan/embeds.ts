import type { EmbedFact } from '../catalog/overlay.ts';
import type { AccessPath } from './access-path.ts';
import type { Knowledge } from './equalities.ts';
import { overlaps } from './needed.ts';
import type { BoundQuery, Occurrence } from './types.ts';

/** An occurrence whose rows come inside those of another when a parameter asks for them. */
export interface Embedded {
  readonly occurrence: Occurrence;
  readonly fact: EmbedFact;
  /** Keys from an element of the page to the embedded row, or to the array of them. */
  readonly under: readonly string[];
}

/**
 * Occurrences that a join wants for exactly the rows that a path reads, and that the API can send along:
 * `okta.user.users u ON u.id = x.id` with `expand=user` on the users of an app, `okta.policy.rules r ON r.policyId = p.id` with
 * `expand=rules` on the policies.
 */
export function embeddedAlong(
  bound: BoundQuery,
  knowledge: ReadonlyMap<Occurrence, Knowledge>,
  host: Occurrence,
  path: AccessPath,
  open: readonly Occurrence[],
): readonly Embedded[] {
  if (path.stand !== undefined || path.fanOut !== undefined) return [];
  const found: Embedded[] = [];
  for (const fact of host.relation.overlay.relation.embeds ?? []) {
    const under = fact.pointer.split('/').slice(1);
    const isFree =
      path.method.parameters.some((own) => own.name === fact.parameter) &&
      path.fixed[fact.parameter] === undefined &&
      path.supplies.every((supplied) => supplied.parameter !== fact.parameter);
    const isTaken = found.some(({ fact: other }) => other.parameter === fact.parameter && other.value !== fact.value);
    if (!isFree || isTaken || sees(host, under)) continue;
    for (const occurrence of open) {
      if (occurrence === host || occurrence.relation.id !== fact.relation || found.some((other) => other.occurrence === occurrence))
        continue;
      if (isJoined(bound, knowledge.get(occurrence), host, fact) && asksNoMore(occurrence, fact)) found.push({ occurrence, fact, under });
    }
  }
  return found;
}

/** True when the statement looks at the place itself, and would see there what it did not ask for. */
function sees(host: Occurrence, under: readonly string[]): boolean {
  return [...host.needed.values()].some(({ source }) => source.kind === 'property' && overlaps(source.path, under));
}

/** True when every row that matters has its key equal to the host's column. */
function isJoined(bound: BoundQuery, known: Knowledge | undefined, host: Occurrence, fact: EmbedFact): boolean {
  return (known?.equalities ?? []).some(({ access: own, supply }) => {
    const key = fact.holds === 'rows' ? own.parameter : own.column?.name;
    if (key !== fact.key || own.path.length > 0 || supply.kind !== 'driver') return false;
    const access = bound.resolutions.get(supply.expression)?.access;
    return access?.occurrence === host && access.column?.name === fact.column && access.path.length === 0;
  });
}

/** True when no parameter is read, or given, of which what comes embedded cannot tell the value. */
function asksNoMore({ needed }: Occurrence, fact: EmbedFact): boolean {
  return [...needed.values()].every(
    ({ source }) =>
      source.kind === 'property' || source.parameter === 'subdomain' || (fact.holds === 'rows' && source.parameter === fact.key),
  );
}
