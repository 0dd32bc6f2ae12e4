import type { AccessPath, ParameterSupply } from '../plan/access-path.ts';
import { GUESSED_SHARE } from '../plan/cost.ts';
import type { Embedded } from '../plan/embeds.ts';
import type { Projection } from '../plan/projection.ts';
import type { Occurrence } from '../plan/types.ts';
import type { TextSlice } from '../sql/statement.ts';
import { text } from '../sql/tree.ts';
import { OrgqlError } from '../util/errors.ts';
import { cheaperWays } from './cheaper.ts';
import { type Choice, estimateOf, nextStep } from './choose-step.ts';
import { alongWith } from './embedded.ts';
import type { Environment } from './environment.ts';
import { callsGuessed, callsLimited, callsTaken, isNarrowed, type Known, rangeOf, tuplesGuessed } from './explain-calls.ts';
import { insideOf } from './inside-parents.ts';
import { statisticsOrg } from './known-counts.ts';
import { assertOrgsMeant, orgsOf } from './orgs.ts';
import { prepareQuery } from './prepare.ts';
import { printCondition } from './print-condition.ts';
import { createRecorder } from './recorder.ts';
import { createRehearsal, type Rehearsal } from './rehearse.ts';
import { limitedRead } from './rows-wanted.ts';
import { asked, askedFor, checkReachable, type QueryRun } from './stage-query.ts';
import { type StreamPlan, streamPlan } from './stream.ts';
import { constantText } from './tuples.ts';
import type { ExecuteOptions } from './types.ts';

/** One fetch step of a plan. A count that is not known is `null`. */
export interface ExplainStep {
  readonly relation: string;
  readonly method: string;
  readonly http: string;
  readonly bindings: Readonly<Record<string, string>>;
  readonly pushed: readonly { readonly predicate: string; readonly parameter: string; readonly exactness: 'exact' | 'inexact' }[];
  /** Relations whose rows come inside those of this step, at no calls of their own. */
  readonly along?: readonly string[];
  /** The relation in whose rows those of this step lie, with the parameter that asks for them: only it is asked for. */
  readonly inside?: string;
  /** The conditions that the engine evaluates again, all of them. */
  readonly residual: readonly string[];
  readonly pages: number | null;
  readonly calls: number | null;
  /** With `statistics`: as the org was when it was counted, and had it grown by a fifth since. Where `calls` is `null`: the least, and the most had it grown so. */
  readonly range?: { readonly from: number; readonly to: number };
  readonly basis: 'exact' | 'statistics' | 'guess';
  /** Rows that orgql itself has added to the relation since it was counted, or taken away if below 0: the count goes by them. */
  readonly added?: number;
}

/** What a statement would cost, as EXPLAIN prints it. */
export interface Explanation {
  readonly calls: number | null;
  /** The sum of the steps' ranges, where all have one or are known. */
  readonly range?: { readonly from: number; readonly to: number };
  /** Least seconds that the quota asks for: the first window's share can go at once. */
  readonly seconds: number | null;
  readonly buckets: readonly { readonly bucket: string; readonly calls: number | null; readonly limitPerMinute: number | null }[];
  readonly steps: readonly ExplainStep[];
  /** Where the calls are more than the statement may make, or may be: what would make it cheaper. Empty where nothing would. */
  readonly cheaper?: readonly string[];
}

/** A step of a plan with what it is made of. */
export interface PlannedStep {
  readonly step: ExplainStep;
  readonly path: AccessPath;
  readonly occurrence: Occurrence;
}

/** The plan of a query with its cost. Sends nothing. */
export async function explainQuery(environment: Environment, query: TextSlice, options: ExecuteOptions): Promise<Explanation> {
  const run = await planRun(environment, query, options);
  checkReachable(run);
  await assertOrgsMeant(run);
  const rehearsal = createRehearsal(run);
  try {
    const stream = streamPlan(run);
    const steps = await rehearsed(run, rehearsal, stream);
    const explanation = total(run, steps);
    const { maxCalls } = options;
    const most = explanation.calls ?? explanation.range?.to ?? Number.POSITIVE_INFINITY;
    const isOver = maxCalls !== undefined && most > maxCalls;
    return isOver ? { ...explanation, cheaper: await cheaperWays(run, steps, stream, query.text) } : explanation;
  } finally {
    await rehearsal.close();
  }
}

/** What would make a query cheaper that `maxCalls` has stopped. Sends nothing. */
export async function cheaperThan(environment: Environment, query: TextSlice, options: ExecuteOptions): Promise<readonly string[]> {
  const run = await planRun(environment, query, options);
  const rehearsal = createRehearsal(run);
  try {
    const stream = streamPlan(run);
    return await cheaperWays(run, await rehearsed(run, rehearsal, stream), stream, query.text);
  } finally {
    await rehearsal.close();
  }
}

/** The plan step by step, each as it would go by what is known of the org. */
async function rehearsed(run: QueryRun, rehearsal: Rehearsal, stream: StreamPlan | undefined): Promise<readonly PlannedStep[]> {
  const steps: PlannedStep[] = [];
  const staged = new Set<Occurrence>();
  const known = new Map<Occurrence, Known>();
  const counter = async (occurrence: Occurrence, path: AccessPath): Promise<number> =>
    (await rehearsal.count(occurrence, path)) ?? tuplesGuessed(run, occurrence, path, known).count;
  while (staged.size < run.prepared.bound.occurrences.length) {
    const { occurrence, choice } =
      stream === undefined
        ? await nextStep(run, staged, counter)
        : { occurrence: stream.occurrence, choice: await choiceOf(run, stream.occurrence, stream.path, known) };
    const taken = await rehearsal.take(occurrence, choice.path);
    const guessed = tuplesGuessed(run, occurrence, choice.path, known);
    const wanted =
      stream === undefined
        ? limitedRead(run, occurrence, choice.path)?.rows
        : stream.limit === undefined
          ? undefined
          : stream.limit + stream.offset;
    const rows = Math.min(taken?.rows ?? choice.estimate.rows, wanted ?? Number.POSITIVE_INFINITY);
    const isKnown = taken === undefined ? guessed.most !== undefined && choice.estimate.basis !== 'guess' : taken.basis !== 'guess';
    const most = isKnown ? rows : undefined;
    known.set(occurrence, { rows: rows * (isNarrowed(run, occurrence, choice.path) ? GUESSED_SHARE : 1), most });
    const open = run.prepared.bound.occurrences.filter((candidate) => !staged.has(candidate));
    const embedded = alongWith(run, occurrence, choice.path, open);
    for (const inner of embedded) {
      staged.add(inner.occurrence);
      known.set(inner.occurrence, { rows, most });
      await rehearsal.takeAlong(inner.occurrence, occurrence);
    }
    staged.add(occurrence);
    const { projection } = asked(run, occurrence, choice.path, embedded);
    const calls = taken === undefined ? callsGuessed(run, occurrence, choice, guessed) : callsTaken(taken);
    const cost = wanted === undefined ? calls : callsLimited(run, occurrence, calls, stream?.path ?? choice.path, wanted);
    const added =
      cost.basis === 'statistics' ? run.environment.statistics.added(statisticsOrg(run, occurrence), occurrence.relation.id) : 0;
    const step = await stepOf(run, occurrence, choice, added === 0 ? cost : { ...cost, added }, projection, embedded);
    steps.push({ step, path: choice.path, occurrence });
  }
  return rounded(steps);
}

/** The steps with figures that add up to that of the whole, what is above the counts shared out in proportion: of a few pages alone a tenth is none. */
function rounded(steps: readonly PlannedStep[]): readonly PlannedStep[] {
  const ranges = steps.flatMap(({ step }) => (step.calls === null ? [] : [step.range ?? { from: step.calls, to: step.calls }]));
  const low = ranges.reduce((sum, { from }) => sum + from, 0);
  const high = ranges.reduce((sum, { to }) => sum + to, 0);
  const spare = likely(low, high) - low;
  let [room, given] = [0, 0];
  return steps.map((planned) => {
    const { step } = planned;
    if (step.calls === null || step.range === undefined) return planned;
    room += step.range.to - step.range.from;
    const more = Math.round((spare * room) / (high - low)) - given;
    given += more;
    const calls = step.range.from + more;
    return { ...planned, step: { ...step, calls, pages: calls } };
  });
}

async function planRun(environment: Environment, query: TextSlice, options: ExecuteOptions): Promise<QueryRun> {
  const prepared = await prepareQuery(environment, query, options);
  return {
    environment,
    options,
    prepared,
    recorder: createRecorder({ statement: query.text, startedAt: environment.clock(), clock: environment.clock }),
    signal: options.signal ?? new AbortController().signal,
    lacking: new Set(),
    enumerate: () => Promise.reject(new OrgqlError('internal', 'EXPLAIN sends nothing')),
    parents: () => Promise.reject(new OrgqlError('internal', 'EXPLAIN sends nothing')),
  };
}

async function choiceOf(run: QueryRun, occurrence: Occurrence, path: AccessPath, known: ReadonlyMap<Occurrence, Known>): Promise<Choice> {
  return { path, estimate: estimateOf(run, occurrence, path, tuplesGuessed(run, occurrence, path, known).count) };
}

async function stepOf(
  run: QueryRun,
  occurrence: Occurrence,
  choice: Choice,
  cost: Pick<ExplainStep, 'calls' | 'range' | 'basis' | 'added'>,
  projection: Projection | undefined,
  embedded: readonly Embedded[],
): Promise<ExplainStep> {
  const { path } = choice;
  const inside = insideOf(run, occurrence, path);
  const { knowledge, engine } = run.prepared;
  const residual: string[] = [];
  for (const condition of knowledge.get(occurrence)?.conditions ?? []) residual.push(await printCondition(engine, condition));
  return {
    relation: occurrence.relation.id,
    method: path.method.name,
    http: `${path.method.http.verb} ${path.method.http.path}`,
    bindings: Object.fromEntries([
      ...path.supplies.flatMap(({ parameter, supply }) =>
        parameter === path.by?.value
          ? Object.entries(path.by.texts).map(([name, text]) => [name, text.replaceAll('{}', `{${describeSupply(run, supply)}}`)] as const)
          : [[parameter, describeSupply(run, supply)] as const],
      ),
      ...(path.chunk === undefined
        ? []
        : [
            [
              path.chunk.fact.parameter,
              `${path.chunk.attribute} in ${describeSupply(run, path.chunk.supply)}, ${path.chunk.size} a call`,
            ] as const,
          ]),
      ...(projection === undefined ? [] : [[projection.parameter, projection.value] as const]),
      ...Object.entries(askedFor(embedded)),
      ...(inside === undefined ? [] : [[inside.fact.key, `every ${inside.fact.column} of ${inside.relation}`] as const]),
    ]),
    pushed: path.pushed,
    ...(inside === undefined ? {} : { inside: `${inside.relation} (${inside.fact.parameter}=${inside.fact.value})` }),
    ...(embedded.length === 0 ? {} : { along: embedded.map((inner) => inner.occurrence.relation.id) }),
    residual,
    pages: cost.calls,
    ...cost,
  };
}

/**
 * The figure for an org that is as it was when it was counted or has grown since, nobody knows which: a tenth above what was counted, but
 * no more than a fifth more of everything would take. It is within a tenth of both, wherever a whole number is.
 */
function likely(low: number, high: number): number {
  return Math.min(high, Math.floor((low * 11) / 10));
}

function describeSupply(run: QueryRun, supply: ParameterSupply): string {
  switch (supply.kind) {
    case 'constants':
      return supply.nodes.map((node) => constantText(run.prepared.constants.get(node), 'VARCHAR') ?? 'NULL').join(', ');
    case 'values':
      return `${supply.values.length} values`;
    case 'enumerate':
      return `every ${supply.column} of ${supply.relation}`;
    case 'driver':
    case 'subquery': {
      const from = [...supply.needs].map((occurrence) => text(occurrence.node, 'alias'));
      return from.length === 0 ? 'values of the query' : `values from ${from.join(', ')}`;
    }
  }
}

function total(run: QueryRun, steps: readonly PlannedStep[]): Explanation {
  const buckets = new Map<string, { calls: number | null; limit: number | null }>();
  let calls: number | null = 0;
  for (const { step, path, occurrence } of steps) {
    const orgs = orgsOf(run, occurrence).length;
    const own = step.calls === null ? null : step.calls * orgs;
    calls = calls === null || own === null ? null : calls + own;
    const name = path.facts.bucket ?? 'other';
    const bucket = buckets.get(name) ?? { calls: 0, limit: path.facts.limitPerMinute ?? null };
    bucket.calls = bucket.calls === null || own === null ? null : bucket.calls + own;
    buckets.set(name, bucket);
  }
  let seconds: number | null = 0;
  for (const bucket of buckets.values()) {
    if (bucket.calls === null) seconds = null;
    else if (seconds !== null && bucket.limit !== null)
      seconds = Math.max(seconds, 60 * Math.max(0, Math.ceil(bucket.calls / (bucket.limit * 0.9)) - 1));
  }
  const ranges = steps.map(({ step }) => rangeOf(step));
  const sum = (end: 'from' | 'to'): number =>
    steps.reduce((whole, { occurrence }, index) => whole + (ranges[index]?.[end] ?? 0) * orgsOf(run, occurrence).length, 0);
  const hasRange = steps.some(({ step }) => step.range !== undefined) && ranges.every((range) => range !== undefined);
  return {
    calls,
    ...(hasRange ? { range: { from: sum('from'), to: sum('to') } } : {}),
    seconds,
    buckets: [...buckets].map(([bucket, entry]) => ({ bucket, calls: entry.calls, limitPerMinute: entry.limit })),
    steps: steps.map(({ step }) => step),
  };
}
