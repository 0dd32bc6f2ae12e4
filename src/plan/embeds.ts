import type { AccessPath } from './access-path.ts';
import type { Knowledge } from './equalities.ts';
import type { BoundQuery, Occurrence } from './types.ts';

/** An occurrence whose rows come inside those of another when a parameter asks for them. */
export interface Embedded {
  readonly occurrence: Occurrence;
  readonly parameter: string;
  readonly value: string;
  /** Keys from an element of the page to the embedded row. */
  readonly under: readonly string[];
  /** The embedded relation's key column. */
  readonly key: string;
}

/**
 * Occurrences that a join wants for exactly the rows that a path reads, and that the API can send along:
 * `okta.user.users u ON u.id = x.id` with `expand=user` on the users of an app.
 */
export function embeddedAlong(
  bound: BoundQuery,
  knowledge: ReadonlyMap<Occurrence, Knowledge>,
  host: Occurrence,
  path: AccessPath,
  open: readonly Occurrence[],
): readonly Embedded[] {
  const found: Embedded[] = [];
  for (const fact of host.relation.overlay.relation.embeds ?? []) {
    const isFree =
      path.method.parameters.some((own) => own.name === fact.parameter) &&
      path.fixed[fact.parameter] === undefined &&
      path.supplies.every((supplied) => supplied.parameter !== fact.parameter);
    if (!isFree || found.some((other) => other.parameter === fact.parameter)) continue;
    const occurrence = open.find(
      (candidate) =>
        candidate !== host &&
        candidate.relation.id === fact.relation &&
        isJoined(bound, knowledge.get(candidate), host, fact.key, fact.column),
    );
    if (
      occurrence === undefined ||
      [...occurrence.needed.values()].some((column) => column.source.kind === 'parameter' && column.source.parameter !== 'subdomain')
    )
      continue;
    found.push({ occurrence, parameter: fact.parameter, value: fact.value, under: fact.pointer.split('/').slice(1), key: fact.key });
  }
  return found;
}

/** True when every row that matters has its key equal to the host's column. */
function isJoined(bound: BoundQuery, known: Knowledge | undefined, host: Occurrence, key: string, column: string): boolean {
  return (known?.equalities ?? []).some((equality) => {
    if (equality.access.column?.name !== key || equality.access.path.length > 0 || equality.supply.kind !== 'driver') return false;
    const access = bound.resolutions.get(equality.supply.expression)?.access;
    return access?.occurrence === host && access.column?.name === column && access.path.length === 0;
  });
}
