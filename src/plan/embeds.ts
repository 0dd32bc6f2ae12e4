import type { EmbedFact } from '../catalog/overlay.ts';
import type { Relation } from '../catalog/types.ts';
import type { TreeNode } from '../sql/tree.ts';
import type { AccessPath } from './access-path.ts';
import type { Knowledge } from './equalities.ts';
import { findColumn, overlaps } from './needed.ts';
import type { BoundQuery, ColumnAccess, Occurrence } from './types.ts';

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
  if (path.fanOut !== undefined) return [];
  const found: Embedded[] = [];
  for (const fact of embedsOf(host, path)) {
    const under = fact.pointer.split('/').slice(1);
    if (fact.parameter !== undefined && !(isFree(path, fact.parameter) && !found.some(excludes(fact)) && !sees(host, under))) continue;
    for (const occurrence of open) {
      if (occurrence === host || occurrence.relation.id !== fact.relation || found.some((other) => other.occurrence === occurrence))
        continue;
      if (isJoined(bound, knowledge.get(occurrence), host, path, fact) && asksNoMore(occurrence, fact))
        found.push({ occurrence, fact, under });
    }
  }
  return found;
}

/** The parents whose rows hold, when a parameter asks for it, what a path would read for each of them. */
export interface Inside {
  readonly relation: string;
  readonly fact: EmbedFact;
}

/** Where the rows of a path that goes along parents lie inside of these: of every policy of a type the rules, with `expand=rules`. */
export function insideParents(occurrence: Occurrence, path: AccessPath, related: ReadonlyMap<string, Relation>): Inside | undefined {
  if (path.stand !== undefined || path.chunk !== undefined || path.restriction !== undefined || Object.keys(path.fixed).length > 0)
    return undefined;
  const along = path.fanOut ?? enumeratedBy(path);
  const fact = (along === undefined ? undefined : related.get(along.relation))?.overlay.relation.embeds?.find(
    ({ column, holds, key, parameter, relation }) =>
      holds === 'rows' &&
      parameter !== undefined &&
      relation === occurrence.relation.id &&
      key === along?.parameter &&
      column === along.column,
  );
  if (along === undefined || fact === undefined) return undefined;
  const given = new Set(['subdomain', fact.key, ...path.supplies.map(({ parameter }) => parameter)]);
  const isTold = [...occurrence.needed.values()].every(
    ({ source }) => source.kind === 'property' || given.has(source.parameter) || path.identity[source.parameter] !== undefined,
  );
  return isTold ? { relation: along.relation, fact } : undefined;
}

/** The parents that a path reads whole, where it needs nothing beside them. */
function enumeratedBy({ supplies }: AccessPath): AccessPath['fanOut'] {
  const [only, ...more] = supplies;
  if (only?.supply.kind !== 'enumerate' || more.length > 0) return undefined;
  return { relation: only.supply.relation, parameter: only.parameter, column: only.supply.column };
}

/** What comes with the rows of a path. Where another relation is read in the host's place, these are that one's, and what always comes with them. */
function embedsOf(host: Occurrence, { by, stand }: AccessPath): readonly EmbedFact[] {
  if (stand === undefined) return host.relation.overlay.relation.embeds ?? [];
  const { embeds = [], key: [key, ...more] = [] } = stand.relation.overlay.relation;
  const inside = by?.fact.pointer?.split('/')[1];
  const itself: EmbedFact[] =
    key === undefined || more.length > 0
      ? []
      : [{ pointer: '', relation: stand.relation.id, key, column: key, ...(inside === undefined ? {} : { except: [inside] }) }];
  return [...itself, ...embeds.filter(({ parameter }) => parameter === undefined)];
}

/** True when neither the statement nor the plan sets the parameter. */
function isFree(path: AccessPath, parameter: string): boolean {
  return (
    path.method.parameters.some((own) => own.name === parameter) &&
    path.fixed[parameter] === undefined &&
    path.supplies.every((supplied) => supplied.parameter !== parameter)
  );
}

function excludes({ parameter, value }: EmbedFact): (other: Embedded) => boolean {
  return ({ fact }) => fact.parameter === parameter && fact.value !== value;
}

/** True when the statement looks at the place itself, and would see there what it did not ask for. */
function sees(host: Occurrence, under: readonly string[]): boolean {
  return [...host.needed.values()].some(({ source }) => source.kind === 'property' && overlaps(source.path, under));
}

/** True when every row that matters has its key equal to the host's column. */
function isJoined(bound: BoundQuery, known: Knowledge | undefined, host: Occurrence, path: AccessPath, fact: EmbedFact): boolean {
  return (known?.equalities ?? []).some(({ access: own, supply }) => {
    const key = fact.holds === 'rows' ? own.parameter : own.column?.name;
    if (key !== fact.key || own.path.length > 0 || supply.kind !== 'driver') return false;
    const access = behind(bound, supply.expression);
    return access?.occurrence === host && isColumn(access, path, fact.column);
  });
}

/** What a column is of a relation, also where it comes through queries that give it as it is. */
export function behind(bound: BoundQuery, node: TreeNode): ColumnAccess | undefined {
  const resolution = bound.resolutions.get(node);
  const [origin, ...others] = resolution?.column?.origins ?? [];
  if (resolution?.access !== undefined || origin === undefined || others.length > 0) return resolution?.access;
  return behind(bound, origin.node);
}

/** True when a reference to the host is one to this column of the rows that are read. */
function isColumn({ column, occurrence, parameter, path: below }: ColumnAccess, { stand }: AccessPath, wanted: string): boolean {
  if (below.length > 0) return false;
  if (stand === undefined)
    return wanted === (parameter === undefined ? column?.name : occurrence.relation.overlay.relation.identity?.[parameter]);
  const standIn = stand.columns.get((parameter ?? column?.name ?? '').toLowerCase());
  const wireName = stand.relation.columns.find(({ name }) => name === wanted)?.wireName;
  return standIn?.kind === 'property' && standIn.path.length === 1 && standIn.path[0] === wireName;
}

/** True when no column or parameter is read, or given, of which what comes embedded cannot tell the value. */
function asksNoMore({ needed, relation }: Occurrence, { except = [], holds, key }: EmbedFact): boolean {
  const lacking = new Set(except.map((name) => findColumn(relation, name)?.wireName ?? name));
  return [...needed.values()].every(({ source }) =>
    source.kind === 'property'
      ? !lacking.has(source.path[0] ?? '')
      : source.parameter === 'subdomain' || (holds === 'rows' && source.parameter === key),
  );
}
