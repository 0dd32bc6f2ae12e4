import { narrowingOf } from '../plan/narrowing.ts';
import type { Occurrence } from '../plan/types.ts';
import type { TreeNode } from '../sql/tree.ts';
import { text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import type { PlannedStep } from './explain.ts';
import { statisticsOrg } from './known-counts.ts';
import { fetchedBefore } from './pages/pages-of.ts';
import { printCondition } from './print-condition.ts';
import { asked, callsOf, type QueryRun } from './stage-query.ts';
import type { StreamPlan } from './stream.ts';

/** Columns that are named of those that the API can filter by. */
const MOST_COLUMNS = 7;

/** In place of an empty list. */
export const NOTHING_CHEAPER = 'The planner knows of nothing that would make it cheaper';

/**
 * What would make a statement cheaper, each as a phrase: conditions that the API could take, keys, counts in place of lists, copies
 * that are there already. Only what holds for this query, by its plan, the overlay and what is kept on this machine. Sends nothing.
 */
export async function cheaperWays(
  run: QueryRun,
  steps: readonly PlannedStep[],
  stream: StreamPlan | undefined,
  query: string,
): Promise<readonly string[]> {
  const ways: string[] = [];
  for (const step of steps) {
    const driven = steps.filter((other) => other !== step && isDrivenBy(other, step.occurrence) && isLong(other));
    if (isLong(step) || driven.length > 0) ways.push(...(await conditions(run, step, driven)));
    if (isLong(step)) ways.push(...parents(step), ...otherSide(run, step), ...counts(run, step, steps));
    ways.push(...(await copies(run, step, query)));
  }
  const [first] = steps;
  if (stream !== undefined && stream.limit === undefined && first !== undefined && isLong(first)) {
    const size = stream.path.facts.pageSize?.size;
    ways.push(`LIMIT, which stops the paging${size === undefined ? '' : `: a call brings up to ${size} rows`}`);
  }
  ways.push(...unknown(run, steps));
  return [...new Set(ways)];
}

function isLong({ step }: PlannedStep): boolean {
  return step.calls === null || step.calls > 1;
}

/** True where each row of an occurrence may cost a call of its own. */
function isDrivenBy({ path }: PlannedStep, driver: Occurrence): boolean {
  return path.supplies.some(({ supply }) => (supply.kind === 'driver' || supply.kind === 'subquery') && supply.needs.has(driver));
}

async function conditions(run: QueryRun, planned: PlannedStep, driven: readonly PlannedStep[]): Promise<string[]> {
  const { occurrence, path } = planned;
  const { bound, constants, knowledge } = run.prepared;
  const own = knowledge.get(occurrence)?.conditions ?? [];
  const { unused, keys, wrapped } = narrowingOf({ bound, constants, conditions: own }, occurrence, path);
  const { id } = occurrence.relation;
  const saved = [...new Set(driven.map((other) => other.occurrence.relation.id))];
  const ways: string[] = [];
  // Lists that are of one page each, however few rows they have, are as many as before.
  if (saved.length === 0 && !hasManyPages(planned)) return ways;
  for (const { column, node } of wrapped)
    ways.push(
      `${column} of ${id} compared as it stands, not as in ${await printCondition(run.prepared.engine, node)}: the API knows the column, not what is made of it`,
    );
  if (unused.length > 0)
    ways.push(
      `a condition on ${listed([...unused.slice(0, MOST_COLUMNS).map(columnText), ...moreText(unused.length - MOST_COLUMNS)])} of ${id}, which the API can filter by${saved.length === 0 ? '' : `: each row less saves a call for ${listed(saved)}`}`,
    );
  if (keys.length > 0 && isLong(planned))
    ways.push(
      `naming the rows of ${id}, or joining fewer to them, by ${listed(keys.map(({ column, perCall }) => `${column} (${perCall} to a call)`))}`,
    );
  return ways;
}

function hasManyPages({ step, path }: PlannedStep): boolean {
  const lists = path.supplies.reduce(
    (count, { supply }) =>
      count * (supply.kind === 'values' ? supply.values.length : supply.kind === 'constants' ? supply.nodes.length : 1),
    1,
  );
  return path.facts.pageSize !== undefined && (step.calls === null || step.calls > lists);
}

function moreText(count: number): string[] {
  return count > 0 ? [`one of ${count} more`] : [];
}

function columnText(column: string): string {
  return column.endsWith('.*') ? `an attribute of ${column.slice(0, -2)}` : column;
}

/** A list for every value of a parameter that the query does not name. */
function parents({ occurrence, path }: PlannedStep): string[] {
  return path.supplies.flatMap(({ parameter, supply }) => {
    if (supply.kind === 'enumerate')
      return [
        `${parameter} = '...' on ${occurrence.relation.id}, or a join on it with fewer rows of ${supply.relation}: now it is read along every one`,
      ];
    return supply.kind === 'values' && supply.values.length > 1
      ? [`${parameter} = '...' on ${occurrence.relation.id}: now it is asked for each of ${supply.values.length} values`]
      : [];
  });
}

/** The same facts, seen from a side that the query does not name. */
function otherSide(run: QueryRun, { occurrence, path }: PlannedStep): string[] {
  if (path.stand !== undefined || path.isKeyed || occurrence.wholeRow) return [];
  const equalities = run.prepared.knowledge.get(occurrence)?.equalities ?? [];
  return (occurrence.relation.overlay.relation.equivalents ?? []).flatMap(({ relation, columns }) => {
    const isTold = [...occurrence.needed.values()].every(({ name, source }) => source.kind === 'parameter' || columns[name] !== undefined);
    return Object.entries(columns).flatMap(([ours]) => {
      const isParameter = path.supplies.some(({ parameter }) => parameter === ours);
      const isBound = equalities.some(({ access }) => (access.parameter ?? access.column?.name) === ours);
      return isTold && !isParameter && !isBound
        ? [`${ours} = '...' on ${occurrence.relation.id}: the same rows come from ${relation}, a list for each value`]
        : [];
    });
  });
}

/** How many children each parent has may come along with the parents. */
function counts(run: QueryRun, { occurrence }: PlannedStep, steps: readonly PlannedStep[]): string[] {
  return steps.flatMap((parent) =>
    (parent.occurrence.relation.overlay.relation.sizes ?? []).flatMap(({ relation, parameter, value, pointer }) =>
      relation === occurrence.relation.id &&
      isDrivenBy({ ...parent, ...stepOf(steps, occurrence) }, parent.occurrence) &&
      isOnlyCounted(run, occurrence)
        ? [
            `${parameter} = '${value}' on ${parent.occurrence.relation.id}: ${pointer.slice(1).replaceAll('/', '.')} says how many rows of ${relation} each has, without a list`,
          ]
        : [],
    ),
  );
}

function stepOf(steps: readonly PlannedStep[], occurrence: Occurrence): Partial<PlannedStep> {
  return steps.find((step) => step.occurrence === occurrence) ?? {};
}

/** True where nothing but the number of an occurrence's rows reaches the result: count(...), and the join that brings them. */
function isOnlyCounted(run: QueryRun, occurrence: Occurrence): boolean {
  const { bound, knowledge } = run.prepared;
  const own = knowledge.get(occurrence);
  const joins = new Set((own?.equalities ?? []).filter(({ supply }) => supply.kind === 'driver').map(({ node }) => node));
  if (occurrence.wholeRow || own?.conditions.some((node) => !joins.has(node)) !== false) return false;
  let isCounted = false;
  let isRead = false;
  walk(occurrence.scope.select, (node: TreeNode) => {
    if (joins.has(node)) return false;
    if (node.class === 'FUNCTION' && ['count', 'count_star'].includes(text(node, 'function_name')) && node.distinct !== true) {
      isCounted = true;
      return false;
    }
    if (bound.resolutions.get(node)?.access?.occurrence === occurrence) isRead = true;
    return undefined;
  });
  return isCounted && !isRead;
}

/** What was read before and is still there. */
async function copies(run: QueryRun, { occurrence, path }: PlannedStep, query: string): Promise<string[]> {
  const { environment, options } = run;
  const { id } = occurrence.relation;
  const mentions = new RegExp(`(^|[^\\w.])${id.replaceAll('.', '\\.')}($|[^\\w.])`, 'i');
  const kept = (await environment.local.materialized()).filter(({ sql }) => sql !== query && mentions.test(sql));
  const ways = kept.map(({ name }) => `the materialized view ${name}, which has what it took from ${id}, for no call`);
  const isKnown = path.fanOut === undefined && path.supplies.every(({ supply }) => supply.kind === 'constants' || supply.kind === 'values');
  // Whose pages they are is asked of the org's connection, which a plan otherwise has no need of.
  if (!isKnown || !(await environment.pages.cache.hasAny()) || (path.chunk !== undefined && path.chunk.supply.kind !== 'constants'))
    return ways;
  const [call] = await callsOf(run, occurrence, path, new Set(), new Map());
  if (call === undefined) return ways;
  const record = run.recorder.relation(id, path.method.name);
  const request = {
    environment,
    options,
    recorder: run.recorder,
    record,
    occurrence,
    signal: run.signal,
    // As it would be asked for with --max-age.
    ...asked({ ...run, options: { ...options, maxAgeMs: options.maxAgeMs ?? 0 } }, occurrence, path),
  };
  const ageMs = await fetchedBefore(request, call);
  if (ageMs === undefined || (options.maxAgeMs ?? 0) >= ageMs) return ways;
  return [...ways, `--max-age ${Math.ceil((ageMs + 1) / 60_000)}m, which takes ${id} from what was fetched before`];
}

function unknown(run: QueryRun, steps: readonly PlannedStep[]): string[] {
  const uncounted = new Map<string, Set<string>>();
  for (const { step, occurrence } of steps) {
    const org = statisticsOrg(run, occurrence);
    const { id } = occurrence.relation;
    if (step.basis !== 'guess' || run.environment.statistics.synopsis(org, id) !== undefined) continue;
    uncounted.set(org, (uncounted.get(org) ?? new Set()).add(id));
  }
  return [...uncounted].map(
    ([org, relations]) =>
      `\`orgql org analyze ${org}\`, after which the plan goes by the size of ${listed([...relations])}, which nothing is known of`,
  );
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
