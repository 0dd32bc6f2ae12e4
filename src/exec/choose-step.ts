import { type AccessPath, type PathRequest, TYPICAL_DRIVER_ROWS, TYPICAL_PARENT_ROWS } from '../plan/access-path.ts';
import { countedAs, type Estimate, estimatePath, GUESSED_ROWS } from '../plan/cost.ts';
import { accessPaths, possibleDrivers } from '../plan/paths.ts';
import type { Occurrence } from '../plan/types.ts';
import { columnReferences } from '../sql/walk.ts';
import { OrgqlError } from '../util/errors.ts';
import { alongWith } from './embedded.ts';
import { countsFor } from './known-counts.ts';
import { missingParameter, mostTelling } from './missing-parameter.ts';
import { pathRequest, type QueryRun } from './stage-query.ts';

/** Look-ups by key that are taken to share a call. */
const LOOKED_UP_AT_ONCE = 100;

/** Values of a cheaper driver that are taken to come with one call. */
const LISTED_AT_ONCE = 100;

/** A path with the tuples that it would be called with. */
export interface Choice {
  readonly path: AccessPath;
  readonly estimate: Estimate;
  /** For a list: the look-ups by key that could take its place. */
  readonly instead?: Choice;
}

interface Step {
  readonly occurrence: Occurrence;
  readonly choice: Choice;
  /** True where another relation lists what there is to ask for, which the caller may not be allowed to read. */
  readonly isListedElsewhere?: boolean;
}

/** How many combinations of parameters a path would be called with; `undefined` while that cannot be known. */
export type TupleCounter = (occurrence: Occurrence, path: AccessPath) => Promise<number | undefined>;

/** What to fetch next: the cheapest of what nothing else that is still to come could make cheaper. */
export async function nextStep(
  run: QueryRun,
  staged: ReadonlySet<Occurrence>,
  count: TupleCounter,
  notListed: ReadonlySet<Occurrence> = new Set(),
): Promise<Step> {
  const open = run.prepared.bound.occurrences.filter((occurrence) => !staged.has(occurrence));
  const feasible = await feasibleSteps(run, open, staged, count, false);
  const ready = feasible.filter(({ occurrence }) => {
    const drivers = [...possibleDrivers(pathRequest(run, occurrence, staged))].filter(
      (driver) => !staged.has(driver) && driver !== occurrence,
    );
    return !drivers.some((driver) => canComeFirst(run, driver, occurrence, staged));
  });
  // Values that no query over what is staged can give, or only what is driven by this very relation: then its parent is read whole.
  const candidates = ready.length > 0 ? ready : feasible.length > 0 ? feasible : await feasibleSteps(run, open, staged, count, true);
  const [best] = candidates.toSorted((left, right) => left.choice.estimate.calls - right.choice.estimate.calls);
  if (best !== undefined) {
    const listed = candidates.filter(({ occurrence }) => !notListed.has(occurrence));
    return bringing(run, best, candidates, open) ?? (await listedElsewhere(run, best, listed, staged, count)) ?? best;
  }
  const [stuck] = open;
  if (stuck === undefined) throw new OrgqlError('internal', 'Nothing is left to fetch');
  const { missing } = accessPaths(undriven(pathRequest(run, stuck, staged)));
  throw missingParameter(run.prepared.bound.source, stuck, mostTelling(stuck, missing));
}

/**
 * A step that the chosen one would come along with, where that takes no more calls than the two one after the other: no more than the
 * chosen one alone; or, where nothing else says which of its rows are wanted, than one call more for each of them.
 */
function bringing(run: QueryRun, chosen: Step, candidates: readonly Step[], open: readonly Occurrence[]): Step | undefined {
  const { calls, rows } = chosen.choice.estimate;
  return candidates.find(({ occurrence, choice }) => {
    if (occurrence === chosen.occurrence) return false;
    const own = choice.estimate.calls;
    const isNoMore = own <= calls || (own <= rows && !isNarrowed(run, chosen.occurrence, occurrence));
    return isNoMore && alongWith(run, occurrence, choice.path, open).some((inner) => inner.occurrence === chosen.occurrence);
  });
}

/**
 * A step that could drive the chosen one, where another relation lists the few values that it has rows for: users and their roles
 * are few, if the administrators are read first. It takes the chosen one's place where both together take fewer calls then.
 */
async function listedElsewhere(
  run: QueryRun,
  chosen: Step,
  candidates: readonly Step[],
  staged: ReadonlySet<Occurrence>,
  count: TupleCounter,
): Promise<Step | undefined> {
  const drivers = possibleDrivers(pathRequest(run, chosen.occurrence, staged));
  for (const { occurrence, choice } of candidates) {
    const facts = occurrence.relation.overlay.relation.drivers ?? [];
    const isListed = choice.path.supplies.some(
      ({ supply }) => supply.kind === 'enumerate' && facts.some((fact) => fact.relation === supply.relation),
    );
    if (!isListed || !drivers.has(occurrence)) continue;
    const values = (await count(occurrence, choice.path)) ?? choice.estimate.calls;
    const counts = countsFor(run, chosen.occurrence);
    const total = counts.rows(chosen.occurrence.relation.id, '') ?? counts.typical ?? GUESSED_ROWS;
    const share = Math.min(1, chosen.choice.estimate.rows / Math.max(1, total));
    const after = chosen.choice.estimate.calls + values * share;
    if (values + Math.ceil(values / LOOKED_UP_AT_ONCE) < after) return { occurrence, choice, isListedElsewhere: true };
  }
  return undefined;
}

/** True when conditions that do not read `beside` leave out rows of an occurrence, so that fewer may drive what comes after. */
function isNarrowed(run: QueryRun, occurrence: Occurrence, beside: Occurrence): boolean {
  const { bound, knowledge } = run.prepared;
  return (knowledge.get(occurrence)?.conditions ?? []).some((condition) => {
    const read = columnReferences(condition).map((reference) => bound.resolutions.get(reference)?.access?.occurrence);
    return read.includes(occurrence) && !read.includes(beside);
  });
}

async function feasibleSteps(
  run: QueryRun,
  open: readonly Occurrence[],
  staged: ReadonlySet<Occurrence>,
  count: TupleCounter,
  isUndriven: boolean,
): Promise<Step[]> {
  const feasible: Step[] = [];
  for (const occurrence of open) {
    const request = pathRequest(run, occurrence, staged);
    const choice = await bestPath(run, isUndriven ? undriven(request) : request, count);
    if (choice !== undefined) feasible.push({ occurrence, choice });
  }
  return feasible;
}

/** The request as if no other relation gave values. */
function undriven(request: PathRequest): PathRequest {
  const { conditions, equalities } = request.knowledge;
  return { ...request, knowledge: { conditions, equalities: equalities.filter(({ supply }) => supply.kind !== 'driver') } };
}

/** True when `driver` can be fetched, by some order, before `occurrence` is. */
function canComeFirst(run: QueryRun, driver: Occurrence, occurrence: Occurrence, staged: ReadonlySet<Occurrence>): boolean {
  const reached = new Set(staged);
  const open = run.prepared.bound.occurrences.filter((candidate) => candidate !== occurrence && !staged.has(candidate));
  for (let grew = true; grew; ) {
    grew = false;
    for (const candidate of open) {
      if (reached.has(candidate) || accessPaths(pathRequest(run, candidate, reached)).paths.length === 0) continue;
      reached.add(candidate);
      grew = true;
    }
  }
  if (!reached.has(driver)) return false;
  // Two that could drive each other: the one that is cheaper on its own goes first, so neither waits.
  const back = possibleDrivers(pathRequest(run, driver, staged));
  return !back.has(occurrence);
}

async function bestPath(run: QueryRun, request: PathRequest, counter: TupleCounter): Promise<Choice | undefined> {
  const { occurrence } = request;
  let best: Choice | undefined;
  let lookUp: Choice | undefined;
  for (const path of accessPaths(request).paths) {
    const count = await counter(occurrence, path);
    if (count === undefined) continue;
    const choice = { path, estimate: estimateOf(run, occurrence, path, count) };
    if (best === undefined || byPreference(choice, best) < 0) best = choice;
    if (isLookUp(path) && (lookUp === undefined || byPreference(choice, lookUp) < 0)) lookUp = choice;
  }
  return best === undefined || lookUp === undefined || isLookUp(best.path) ? best : { ...best, instead: lookUp };
}

/** True for a path whose calls are known before the first is made. */
function isLookUp(path: AccessPath): boolean {
  return path.chunk !== undefined || path.isKeyed;
}

/**
 * Pages after which a list is given up for look-ups by key: when it has cost as much as they would, and is longer than it was counted
 * to be by half. So a wrong count at most doubles the calls.
 */
export function mostPages({ path, estimate, instead }: Choice): number | undefined {
  if (instead === undefined || instead.estimate.calls < 1 || path.supplies.length > 0) return undefined;
  return Math.max(instead.estimate.calls, estimate.basis === 'statistics' ? Math.ceil(1.5 * estimate.calls) : 1);
}

/** A path's cost, what must be read beside it included. */
export function estimateOf(run: QueryRun, occurrence: Occurrence, path: AccessPath, tuples: number): Estimate {
  const counts = countsFor(run, occurrence);
  if (path.restriction === undefined) return estimatePath(path, countedAs(path, occurrence.relation.id), tuples, counts);
  const listed = counts.rows(path.restriction.relation, '');
  const number = listed ?? TYPICAL_DRIVER_ROWS;
  const parent = occurrence.relation.overlay.relation.parents?.[path.restriction.parameter]?.relation;
  // Of values that come from elsewhere as many have rows as of all that there are.
  const all = Math.max(number, (parent === undefined ? undefined : counts.rows(parent, '')) ?? TYPICAL_PARENT_ROWS);
  const some = Math.min(tuples, number, Math.ceil((tuples * number) / all));
  const estimate = estimatePath(path, occurrence.relation.id, some, counts);
  const isGuess = listed === undefined || some < Math.min(tuples, number);
  return { ...estimate, calls: estimate.calls + listingCalls(number), basis: isGuess ? 'guess' : estimate.basis };
}

/** Calls that list so many values of a cheaper driver. */
export function listingCalls(rows: number): number {
  return Math.max(1, Math.ceil(rows / LISTED_AT_ONCE));
}

/** The order in which paths are to be preferred: fewer calls first; of as many, those whose number is known, then what is surely up to date, in few parts. */
export function byPreference(one: Choice, other: Choice): number {
  return (
    one.estimate.calls - other.estimate.calls ||
    Number(one.estimate.basis === 'guess') - Number(other.estimate.basis === 'guess') ||
    Number(one.path.isIndexed) - Number(other.path.isIndexed) ||
    Number(one.path.chunk !== undefined) - Number(other.path.chunk !== undefined) ||
    Number(other.path.isKeyed) - Number(one.path.isKeyed) ||
    other.path.pushed.length - one.path.pushed.length
  );
}
