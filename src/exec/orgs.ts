import { isConstant } from '../plan/constants.ts';
import type { Supply } from '../plan/equalities.ts';
import { enclosing } from '../plan/inherited.ts';
import type { Occurrence, Scope } from '../plan/types.ts';
import { child, children, type TreeNode, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import { OrgqlError } from '../util/errors.ts';
import { evaluate } from './prepare.ts';
import type { QueryRun } from './stage-query.ts';
import { constantText, driverRows } from './tuples.ts';

/**
 * The orgs that an occurrence is read in, as the statement names them; `''` is the default org. Without a word of its own a
 * relation follows the others of its provider, the nearest first: those that its parameters come from, those of its SELECT and of the
 * SELECTs around it, then any. Throws `required_parameter_missing` where equally near ones name different orgs.
 */
export function orgsOf(run: QueryRun, occurrence: Occurrence): readonly string[] {
  return ownOrgs(run, occurrence) ?? followedOrgs(run, occurrence, new Set([occurrence])) ?? [''];
}

function ownOrgs(run: QueryRun, occurrence: Occurrence): readonly string[] | undefined {
  return namedOrgs(run, occurrence) ?? run.drivenOrgs?.get(occurrence);
}

function followedOrgs(run: QueryRun, occurrence: Occurrence, seen: ReadonlySet<Occurrence>): readonly string[] | undefined {
  const { bound, knowledge } = run.prepared;
  const others = bound.occurrences.filter((other) => other.relation.provider === occurrence.relation.provider && !seen.has(other));
  const drivers = new Set(
    (knowledge.get(occurrence)?.equalities ?? []).flatMap(({ access: { parameter }, supply }) =>
      parameter === undefined || parameter === 'subdomain' || supply.kind === 'constants' ? [] : [...supply.needs],
    ),
  );
  // Where several drive, a row may lie in the org of any.
  const driven = others
    .filter((other) => drivers.has(other))
    .flatMap((other) => ownOrgs(run, other) ?? followedOrgs(run, other, new Set([...seen, other])) ?? []);
  if (driven.length > 0) return [...new Set(driven)];
  for (let scope: Scope | undefined = occurrence.scope; scope !== undefined; scope = enclosing(bound, scope)) {
    const near = others.filter((other) => other.scope === scope);
    const agreed = agreedOrgs(run, occurrence, near);
    if (agreed !== undefined) return agreed;
  }
  return agreedOrgs(run, occurrence, others);
}

/** The orgs that some relations name, where any does. */
function agreedOrgs(run: QueryRun, occurrence: Occurrence, others: readonly Occurrence[]): readonly string[] | undefined {
  const named = others.map((other) => ownOrgs(run, other)).filter((orgs) => orgs !== undefined);
  const [first] = named;
  if (new Set(named.map((orgs) => orgs.toSorted().join('\n'))).size < 2) return first;
  const { alias, relation } = occurrence;
  const names = [...new Set(named.flat())].map((name) => `'${name}'`);
  throw new OrgqlError('required_parameter_missing', `${relation.id} needs a value for "subdomain"`, {
    detail: `Other relations of the statement are read in ${names.join(', ')}, and nothing says in which of them this one is.`,
    hint: `add  WHERE ${alias}.subdomain = ${names[0]}`,
  });
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

/**
 * Throws where a condition speaks of an org that is not read, as under OR: `subdomain = 'a' OR status = 'ACTIVE'` names none, so the
 * default org is meant, and the rows of the other would be missing without a word. Requests nothing.
 */
export async function assertOrgsMeant(run: QueryRun): Promise<void> {
  for (const { occurrence, name } of await mentionedOrgs(run)) {
    const read = orgsOf(run, occurrence);
    const names = await Promise.all(
      [...read, name].map((one) => run.environment.orgs.resolve(occurrence.relation.provider, one || undefined)),
    );
    const meant = names.pop()?.name;
    if (names.some((org) => org.name === meant)) continue;
    throw unread(
      occurrence,
      names.map((org) => org.name),
      name,
      'a condition',
    );
  }
}

/** Orgs that conditions compare `subdomain` of relations with that name none, be it through the columns of queries inside. */
async function mentionedOrgs(run: QueryRun): Promise<{ readonly occurrence: Occurrence; readonly name: string }[]> {
  const { bound, constants, engine, knowledge, parametersFor } = run.prepared;
  const found: { readonly occurrence: Occurrence; readonly operand: TreeNode }[] = [];
  for (const condition of conditionsOf(bound.tree)) {
    walk(condition, (node) => {
      if (!EQUALITIES.has(text(node, 'type'))) return node.class !== 'SUBQUERY';
      const operands = [child(node, 'left'), child(node, 'right'), ...children(node, 'children')].filter((part) => part !== undefined);
      const named = new Set(operands.flatMap((operand) => orgReferences(run, operand)));
      for (const occurrence of named) for (const operand of operands) found.push({ occurrence, operand });
      return true;
    });
  }
  const isNamed = (occurrence: Occurrence): boolean =>
    knowledge
      .get(occurrence)
      ?.equalities.some(
        ({ access, supply }) => access.parameter === 'subdomain' && (supply.kind === 'constants' || supply.needs.size === 0),
      ) ?? false;
  const mentions = found.filter(({ occurrence, operand }) => !isNamed(occurrence) && isConstant(bound, operand, occurrence.scope));
  const unknown = mentions.map(({ operand }) => operand).filter((operand) => !constants.has(operand));
  // What cannot be computed may never have to be.
  const computed = await evaluate(engine, unknown, parametersFor).catch(() => []);
  const values = new Map([...constants, ...computed]);
  return mentions.flatMap(({ occurrence, operand }) => {
    const name = constantText(values.get(operand), 'VARCHAR');
    return name === undefined ? [] : [{ occurrence, name }];
  });
}

const EQUALITIES: ReadonlySet<string> = new Set(['COMPARE_EQUAL', 'COMPARE_NOT_DISTINCT_FROM', 'COMPARE_IN']);

/** Every condition that decides which rows there are: of WHERE, HAVING, QUALIFY and joins. */
function conditionsOf(tree: TreeNode): TreeNode[] {
  const found: TreeNode[] = [];
  walk(tree, (node) => {
    const names = node.type === 'SELECT_NODE' ? ['where_clause', 'having', 'qualify'] : node.type === 'JOIN' ? ['condition'] : [];
    found.push(...names.map((name) => child(node, name)).filter((condition) => condition !== undefined));
    return true;
  });
  return found;
}

/** The relations of whose `subdomain` an expression is the value. */
function orgReferences(run: QueryRun, node: TreeNode): Occurrence[] {
  const resolution = run.prepared.bound.resolutions.get(node);
  if (resolution?.access !== undefined) return resolution.access.parameter === 'subdomain' ? [resolution.access.occurrence] : [];
  return (resolution?.column?.origins ?? []).flatMap((origin) => orgReferences(run, origin.node));
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
      throw unread(occurrence, read, value, 'a row');
    }
  }
}

function unread({ relation }: Occurrence, read: readonly string[], name: string, where: string): OrgqlError {
  return new OrgqlError('unsupported_syntax', `${relation.id} is read in ${read.join(', ')}, but ${where} names the org "${name}"`, {
    detail: 'Which orgs are read must be known before the first row is.',
    hint: `name them:  WHERE subdomain IN (${[...read, name].map((one) => `'${one}'`).join(', ')})`,
  });
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
