import type { Supply } from '../plan/equalities.ts';
import type { Occurrence } from '../plan/types.ts';
import { OrgqlError } from '../util/errors.ts';
import type { QueryRun } from './stage-query.ts';
import { constantText, driverRows } from './tuples.ts';

/**
 * The orgs that an occurrence is read in, as the statement names them; `''` is the default org. Without a word of its own a
 * relation follows the others of its provider.
 */
export function orgsOf(run: QueryRun, occurrence: Occurrence): readonly string[] {
  const own = namedOrgs(run, occurrence) ?? run.drivenOrgs?.get(occurrence);
  if (own !== undefined) return own;
  for (const other of run.prepared.bound.occurrences) {
    if (other.relation.provider !== occurrence.relation.provider) continue;
    const named = namedOrgs(run, other) ?? run.drivenOrgs?.get(other);
    if (named !== undefined) return named;
  }
  return [''];
}

/**
 * The orgs that rows of VALUES, of local tables or of subqueries over these name, by occurrence. Throws `unknown_org` for a name that is
 * none, before anything is requested.
 */
export async function drivenOrgs(run: QueryRun): Promise<ReadonlyMap<Occurrence, readonly string[]>> {
  const found = new Map<Occurrence, readonly string[]>();
  for (const { occurrence, supply } of drivenNames(run)) {
    if (supply.needs.size > 0) continue;
    const values = await valuesOf(run, occurrence, supply, new Set());
    for (const value of values) await run.environment.orgs.resolve(occurrence.relation.provider, value);
    const before = found.get(occurrence);
    found.set(occurrence, before === undefined ? values : before.filter((value) => values.includes(value)));
  }
  return found;
}

/** Throws where rows of relations name orgs that were not read: their rows would be missing without a word. */
export async function assertOrgsRead(run: QueryRun): Promise<void> {
  for (const { occurrence, supply } of drivenNames(run)) {
    if (supply.needs.size === 0) continue;
    const read = await Promise.all(
      orgsOf(run, occurrence).map(async (name) =>
        name === '' ? (await run.environment.orgs.resolve(occurrence.relation.provider, undefined)).name : name,
      ),
    );
    const values = await valuesOf(run, occurrence, supply, new Set(run.prepared.bound.occurrences));
    for (const value of values.filter((name) => !read.includes(name))) {
      await run.environment.orgs.resolve(occurrence.relation.provider, value);
      throw new OrgqlError(
        'unsupported_syntax',
        `${occurrence.relation.id} is read in ${read.join(', ')}, but a row names the org "${value}"`,
        {
          detail: 'Which orgs are read must be known before the first row is.',
          hint: `name them:  WHERE subdomain IN (${[...read, value].map((name) => `'${name}'`).join(', ')})`,
        },
      );
    }
  }
}

type DrivenSupply = Extract<Supply, { readonly kind: 'driver' | 'subquery' }>;

function drivenNames(run: QueryRun): { readonly occurrence: Occurrence; readonly supply: DrivenSupply }[] {
  return run.prepared.bound.occurrences.flatMap((occurrence) =>
    (run.prepared.knowledge.get(occurrence)?.equalities ?? []).flatMap(({ access, supply }) =>
      access.parameter === 'subdomain' && supply.kind !== 'constants' ? [{ occurrence, supply }] : [],
    ),
  );
}

async function valuesOf(run: QueryRun, occurrence: Occurrence, supply: DrivenSupply, staged: ReadonlySet<Occurrence>): Promise<string[]> {
  const rows = (await driverRows(run.prepared, occurrence, [supply], staged, new Map())) ?? [];
  return [...new Set(rows.flatMap(([value]) => (value === null || value === undefined ? [] : [value])))];
}

function namedOrgs(run: QueryRun, occurrence: Occurrence): readonly string[] | undefined {
  let found: readonly string[] | undefined;
  for (const equality of run.prepared.knowledge.get(occurrence)?.equalities ?? []) {
    if (equality.access.parameter !== 'subdomain' || equality.supply.kind !== 'constants') continue;
    const values = equality.supply.nodes
      .map((node) => constantText(run.prepared.constants.get(node), 'VARCHAR'))
      .filter((value) => value !== undefined);
    const before = found;
    found = before === undefined ? [...new Set(values)] : before.filter((value) => values.includes(value));
  }
  return found;
}
