import type { Stage } from '../engine/types.ts';
import type { AccessPath } from '../plan/access-path.ts';
import { filterKey } from '../plan/cost.ts';
import type { Supply } from '../plan/equalities.ts';
import { isPushed } from '../plan/pushdown.ts';
import type { Occurrence } from '../plan/types.ts';
import { conjunction, document, functionCall, selectNode } from '../sql/build.ts';
import { writeTree } from '../sql/lossless.ts';
import { cloneNode, type TreeNode } from '../sql/tree.ts';
import { createBlindness } from './blindness.ts';
import { createCallsMade } from './calls-made.ts';
import { withValues } from './fixed-values.ts';
import { insideOf } from './inside-parents.ts';
import { statisticsOrg } from './known-counts.ts';
import type { PreparedQuery } from './prepare.ts';
import {
  atLeastOne,
  childCalls,
  childParameter,
  constantOf,
  everythingParameter,
  GROWTH,
  growthOf,
  isKeyOf,
  isPaged,
  lookedUp,
  oneUnknown,
  pageSizeOf,
  pagesOf,
  passedOn,
  rowsWithin,
  type Standing,
  shareOf,
  sizesBy,
  type Taken,
  type Tuples,
} from './rehearse-estimates.ts';
import { limitedRead, mostValues } from './rows-wanted.ts';
import { stageColumns } from './scan.ts';
import { pathRequest, type QueryRun } from './stage-query.ts';
import type { Synopsis, SynopsisRow } from './synopsis.ts';
import { type DriverCache, driverRows, tuplesOf } from './tuples.ts';

/**
 * Runs a plan over what `org analyze` kept in place of the org: the same driver queries over staging tables that hold the kept
 * rows. Sends nothing. `undefined` stands for what the kept rows cannot tell.
 */
export interface Rehearsal {
  /** Combinations of parameters that a path would be called with. */
  readonly count: (occurrence: Occurrence, path: AccessPath) => Promise<number | undefined>;
  /** What a step takes; from then on its rows are there for the steps after it. */
  readonly take: (occurrence: Occurrence, path: AccessPath) => Promise<Taken | undefined>;
  /** Rows that came along with those of another step. */
  readonly takeAlong: (occurrence: Occurrence, host: Occurrence) => Promise<void>;
  readonly close: () => Promise<void>;
}

export function createRehearsal(run: QueryRun): Rehearsal {
  const { statistics } = run.environment;
  const standing = new Map<Occurrence, Standing>();
  const stages: Stage[] = [];
  const cache: DriverCache = new Map();
  const beside = new Map<AccessPath, number>();
  const listings = new Map<AccessPath, ReadonlySet<string>>();
  const called = new Map<Occurrence, Tuples>();
  const made = createCallsMade();
  const enough = new Map<Occurrence, number>();
  const brought = new Map<Occurrence, number>();
  const visible = (): ReadonlySet<Occurrence> => new Set(standing.keys());
  const synopsisOf = (occurrence: Occurrence, relation = occurrence.relation.id): Synopsis | undefined =>
    statistics.synopsis(statisticsOrg(run, occurrence), relation);

  const { blindPaths, isBlindSupply, isTangled, occurrencesIn } = createBlindness(run.prepared.bound, synopsisOf);
  const prepared: PreparedQuery = {
    ...run.prepared,
    bound: { ...run.prepared.bound, isBlind: (node) => blindPaths(node).length > 0 },
  };

  const tuplesFor = async (occurrence: Occurrence, path: AccessPath): Promise<Tuples | undefined> => {
    let isExact = true;
    const scales: number[] = [];
    let seen = 1;
    let isPicked = false;
    let listing = 0;
    const asked = new Set<string>();
    const clear = path.supplies.filter(({ supply }) => !isBlindSupply(supply));
    const sizes = synopsisOf(occurrence, path.stand?.relation.id ?? occurrence.relation.id)?.sizes;
    if (clear.length === 0 && path.supplies.length > 0) return oneUnknown(occurrence, path, sizes);
    for (const { parameter, supply } of clear) {
      if (supply.kind === 'enumerate') isExact = false;
      if (supply.kind !== 'driver' && supply.kind !== 'subquery') continue;
      if (supply.needs.size > 0) isExact = false;
      const own = scaleOf(occurrence, supply);
      if (own === undefined) {
        const passed = clear.length === 1 ? passedOn(run, called, supply) : undefined;
        return passed === undefined ? undefined : { ...passed, values: passed.values.map((value) => ({ [parameter]: value })) };
      }
      scales.push(own.scale);
      seen = Math.max(seen, own.seen);
      isPicked ||= own.isPicked;
    }
    const relationOf = (id: string): Synopsis => {
      const found = synopsisOf(occurrence, id);
      if (found === undefined) throw UNKNOWN;
      return found;
    };
    if (path.restriction !== undefined || path.fanOut !== undefined) isExact = false;
    try {
      const values = await tuplesOf({
        prepared,
        occurrence,
        path: { ...path, supplies: clear },
        staged: visible(),
        cache,
        enumerate: async (relation, column, where) => {
          const kept = relationOf(relation);
          const growth = growthOf(run, occurrence, kept);
          const key = JSON.stringify([relation, where]);
          if (!made.isListed(key))
            listing += pagesOf({ ...kept, total: kept.total * growth }, await pageSizeOf(run, relation), Object.keys(where).length > 0);
          asked.add(key);
          scales.push((kept.total / Math.max(1, kept.rows.length)) * growth);
          seen = Math.max(seen, growth);
          return [
            ...new Set(
              kept.rows
                .filter((row) => Object.entries(where).every(([name, value]) => (row[name] ?? row[`$${name}`]) === value))
                .map((row) => row[column] ?? row[`$${column}`])
                .filter((value) => typeof value === 'string'),
            ),
          ];
        },
      });
      beside.set(path, listing);
      listings.set(path, asked);
      if (values === undefined) return oneUnknown(occurrence, path, sizes);
      const most = Math.min(...clear.map(({ supply }) => mostValues(supply, enough)));
      const scale = scales.length === 0 ? 1 : Math.max(...scales);
      // Which of them a LIMIT takes is not known.
      return values.length * scale > most
        ? { values, scale: most / values.length, seen: 1, isExact, isPicked: true }
        : { values, scale: atLeastOne(scale, values.length), seen, isExact, isPicked };
    } catch (error) {
      if (error === UNKNOWN) return undefined;
      throw error;
    }
  };

  const chunkValues = async (occurrence: Occurrence, path: AccessPath): Promise<Tuples | undefined> => {
    const { chunk } = path;
    if (chunk === undefined) return undefined;
    if (chunk.supply.kind === 'constants') {
      const texts = chunk.supply.nodes
        .map((node) => run.prepared.constants.get(node))
        .flatMap((constant) => (constant === undefined || constant.kind === 'null' ? [] : [constant.text]));
      return { values: texts.map((value) => ({ value })), scale: 1, seen: 1, isExact: true, isPicked: false };
    }
    const isBlind = isBlindSupply(chunk.supply);
    const own = isBlind ? undefined : scaleOf(occurrence, chunk.supply);
    const rows = own === undefined ? undefined : await driverRows(prepared, occurrence, [chunk.supply], visible(), cache, chunk);
    if (rows === undefined || own === undefined) {
      const passed = passedOn(run, called, chunk.supply);
      return passed === undefined ? undefined : { ...passed, values: passed.values.map((value) => ({ value })) };
    }
    const values = new Set(rows.flatMap((row) => row.slice(0, 1)).filter((value) => value !== null));
    return {
      values: [...values].map((value) => ({ value })),
      scale: atLeastOne(own.scale, values.size),
      seen: own.seen,
      isExact: chunk.supply.needs.size === 0,
      isPicked: own.isPicked,
    };
  };

  /** How many distinct values of the org each distinct value that a supply gives over the kept rows stands for. */
  const scaleOf = (target: Occurrence, supply: Supply): Pick<Tuples, 'scale' | 'seen' | 'isPicked'> | undefined => {
    if (supply.kind === 'constants') return { scale: 1, seen: 1, isPicked: false };
    if (isTangled(run.prepared.knowledge, target, visible())) return undefined;
    let [scale, seen] = [1, 1];
    let isPicked = false;
    for (const driver of supply.needs) {
      const known = standing.get(driver);
      if (known?.share === undefined) return undefined;
      // A key of more rows is more values; of what repeats, as owners do, most of the values are among few rows already.
      const isKey = supply.kind === 'driver' && isKeyOf(driver, run.prepared.bound.resolutions.get(supply.expression)?.access);
      scale = Math.max(scale, isKey ? known.weight : Math.sqrt(known.weight)) * known.share;
      seen = Math.max(seen, isKey ? known.seen : Math.sqrt(known.seen));
      isPicked ||= known.share < 1;
    }
    return { scale, seen, isPicked };
  };

  /** Rows of a list. `growth`: how many times as many as the kept rows would say, as far as that was seen since they were kept. */
  const rowsUnder = async (
    occurrence: Occurrence,
    path: AccessPath,
  ): Promise<{ readonly rows: number | undefined; readonly growth: number }> => {
    const org = statisticsOrg(run, occurrence);
    const key = filterKey(path, run.prepared.now);
    const seen = statistics.rows(org, occurrence.relation.id, key);
    const kept = synopsisOf(occurrence);
    const isSeen = seen !== undefined && (kept === undefined || key === '' || seen.at > kept.takenAt);
    if (kept === undefined || kept.rows.length === 0) return { rows: isSeen ? seen.rows : kept === undefined ? undefined : 0, growth: 1 };
    const told = await keptUnder(occurrence, path, kept);
    if (isSeen) return { rows: seen.rows, growth: told === undefined || told === 0 ? growthOf(run, occurrence, kept) : seen.rows / told };
    const growth = growthOf(run, occurrence, kept);
    return { rows: told === undefined ? undefined : Math.round(told * growth), growth };
  };

  /** Rows of a list by what was kept of it. */
  const keptUnder = async (occurrence: Occurrence, path: AccessPath, kept: Synopsis): Promise<number | undefined> => {
    const weight = kept.total / kept.rows.length;
    const request = pathRequest(run, occurrence, visible());
    const pushed = request.knowledge.conditions.filter((node) => isPushed(request, path, node));
    let share = 1;
    const clear: TreeNode[] = [];
    for (const node of pushed) {
      const blind = blindPaths(node);
      if (blind.length === 0) clear.push(node);
      else {
        const one = shareOf(run, node, blind);
        if (one === undefined) return undefined;
        share *= one;
      }
    }
    const within = rowsWithin(kept.rows, path, run);
    const omitted = path.facts.omits ?? [];
    const isAll = pushed.length > 0 || path.fixed[everythingParameter(path)] !== undefined;
    const rows = isAll ? within : within.filter((row) => omitted.every((omit) => row[omit.column] !== omit.value));
    if (clear.length === 0) return rows.length * weight * share;
    const stage = await fill(occurrence, path, rows);
    const where = conjunction(clear.map((node) => withValues(node, run.prepared.constants)).filter((node) => node !== undefined));
    const tree = document(selectNode({ select: [functionCall('count_star', [])], from: cloneNode(occurrence.node), where }));
    try {
      const { rows: counted } = await run.prepared.engine.rows(
        await run.prepared.engine.print(writeTree(tree)),
        run.prepared.parametersFor(tree),
      );
      return Number(counted[0]?.[0] ?? 0) * weight * share;
    } finally {
      await stage.drop();
      stages.splice(stages.indexOf(stage), 1);
    }
  };

  /** A staging table of an occurrence with rows that were kept. */
  const fill = async (occurrence: Occurrence, path: AccessPath | undefined, rows: readonly SynopsisRow[]): Promise<Stage> => {
    const constants: Record<string, string> = {};
    const columns = stageColumns(occurrence, undefined).map((column) => {
      const needed = [...occurrence.needed.values()].find((candidate) => candidate.name === column.name);
      const parameter = needed?.source.kind === 'parameter' ? needed.source.parameter : undefined;
      if (parameter === undefined) return column;
      const given =
        parameter === 'subdomain'
          ? statisticsOrg(run, occurrence)
          : (path?.fixed[parameter] ?? constantOf(run, path?.supplies ?? [], parameter));
      if (given !== undefined) constants[column.name] = given;
      const own = path?.identity[parameter] ?? occurrence.relation.overlay.relation.identity?.[parameter];
      return { ...column, path: given !== undefined ? undefined : own === undefined ? [`$${parameter}`] : [own] };
    });
    const stage = await run.prepared.engine.createStage({ name: occurrence.id, columns });
    stages.push(stage);
    const read = new Set(columns.flatMap((column) => column.path?.[0] ?? []));
    const bare = rows.map((row) => Object.fromEntries([...read].map((name) => [name, row[name] ?? null])));
    if (rows.length > 0) await stage.append(Buffer.from(JSON.stringify(bare)), [], constants);
    return stage;
  };

  /** The rows of an occurrence are there for what comes after. */
  const stand = async (
    occurrence: Occurrence,
    path: AccessPath | undefined,
    rows: readonly SynopsisRow[],
    weight: number,
    seen = 1,
  ): Promise<void> => {
    const conditions = run.prepared.knowledge.get(occurrence)?.conditions ?? [];
    let share: number | undefined = 1;
    for (const node of conditions) {
      const blind = blindPaths(node);
      if (blind.length === 0 || occurrencesIn(node, occurrence).some((other) => other !== occurrence)) continue;
      const one = shareOf(run, node, blind);
      share = share === undefined || one === undefined ? undefined : share * one;
    }
    await fill(occurrence, path, rows);
    standing.set(occurrence, { weight: weight * seen, seen, share });
  };

  const take = async (occurrence: Occurrence, path: AccessPath): Promise<Taken | undefined> => {
    const taken = await takeAll(occurrence, path);
    if (taken !== undefined) brought.set(occurrence, taken.rows);
    const most = limitedRead(run, occurrence, path)?.rows;
    if (most !== undefined) enough.set(occurrence, most);
    const besides = beside.get(path) ?? 0;
    for (const key of listings.get(path) ?? []) made.list(key);
    const share = made.newShare(occurrence, path, await tuplesFor(occurrence, path), await chunkValues(occurrence, path));
    if (taken === undefined || share === 1) return taken;
    const shared = (calls: number): number => Math.round((calls - besides) * share) + besides;
    return { ...taken, calls: shared(taken.calls), grown: shared(taken.grown) };
  };

  const takeAll = async (occurrence: Occurrence, path: AccessPath): Promise<Taken | undefined> => {
    const own = synopsisOf(occurrence);
    const relation = path.stand?.relation.id ?? occurrence.relation.id;
    const tuples = await tuplesFor(occurrence, path);
    if (tuples !== undefined) called.set(occurrence, tuples);
    const besides = beside.get(path) ?? 0;
    const weight = own === undefined || own.rows.length === 0 ? 1 : own.total / own.rows.length;
    if (path.chunk !== undefined) {
      const values = await chunkValues(occurrence, path);
      if (values === undefined || tuples === undefined) return undefined;
      const taken = lookedUp(path, own, values, tuples.values.length);
      if (taken !== undefined && own !== undefined) await stand(occurrence, path, own.rows, weight);
      return taken;
    }
    if (tuples === undefined) return undefined;
    const count = tuples.values.length * tuples.scale;
    const growth = tuples.isExact ? 1 : GROWTH;
    if (path.isKeyed) {
      if (own !== undefined) await stand(occurrence, path, own.rows, weight);
      const basis = tuples.isExact ? 'exact' : 'statistics';
      return { calls: Math.round(count) + besides, grown: Math.round(count * growth) + besides, rows: count, basis };
    }
    const size = path.facts.pageSize?.size;
    const parameter = childParameter(path);
    if (parameter !== undefined) {
      const sizes = path.by === undefined ? synopsisOf(occurrence, relation)?.sizes : own && sizesBy(own, path.by.value);
      const children = childCalls(run, occurrence, path, tuples, parameter, sizes, size);
      if (own !== undefined && own.sizes !== undefined && own.rows.length > 0) {
        const named = path.stand === undefined ? `$${parameter}` : undefined;
        const wanted = new Set(tuples.values.map((tuple) => tuple[parameter]));
        const rows = named === undefined ? own.rows : own.rows.filter((row) => wanted.has(String(row[named])));
        const looked =
          named === undefined ? 0 : [...wanted].filter((value) => value !== undefined && own.sizes?.[value] !== undefined).length;
        if (named === undefined || looked > 0)
          await stand(occurrence, path, rows, named === undefined ? weight : wanted.size / Math.max(1, looked));
      }
      if (children === undefined) return undefined;
      // Only the parents are asked for.
      if (insideOf(run, occurrence, path) !== undefined)
        return { calls: besides, grown: besides, rows: Math.round(children.rows * tuples.scale), basis: 'statistics' };
      if (children.picked !== undefined)
        return {
          calls: children.picked.least + besides,
          grown: children.picked.most + besides,
          rows: Math.round(children.rows * tuples.scale),
          basis: 'guess',
        };
      // Parents that have come since have a call each, and as many rows as the others only at the other end.
      const before = tuples.scale / tuples.seen;
      const fresh = tuples.values.length * before * (tuples.seen - 1);
      return {
        calls: Math.round(children.calls * before + fresh) + besides,
        grown: Math.round((tuples.isExact ? children.grown : children.calls * growth) * tuples.scale) + besides,
        rows: Math.round(children.rows * tuples.scale),
        basis: children.isExact && tuples.isExact ? 'exact' : 'statistics',
      };
    }
    const { rows, growth: seen } = await rowsUnder(occurrence, path);
    if (own !== undefined) await stand(occurrence, path, rowsWithin(own.rows, path, run), weight, seen);
    if (size === undefined && !isPaged(path))
      return { calls: Math.round(count) + besides, grown: Math.round(count * growth) + besides, rows: rows ?? 0, basis: 'exact' };
    if (rows === undefined) return undefined;
    const perPage = size ?? own?.perPage ?? Number.POSITIVE_INFINITY;
    const pages = (total: number): number => Math.max(1, Math.ceil(total / Math.max(1, count) / perPage)) * Math.max(count, 0);
    return { calls: Math.round(pages(rows)) + besides, grown: Math.round(pages(rows * GROWTH)) + besides, rows, basis: 'statistics' };
  };

  return {
    count: async (occurrence, path) => {
      const tuples = await tuplesFor(occurrence, path);
      if (tuples === undefined) return undefined;
      const factor = path.chunk === undefined ? tuples : await chunkValues(occurrence, path);
      if (factor === undefined) return undefined;
      return Math.round(factor.values.length * factor.scale);
    },
    take,
    takeAlong: async (occurrence, host) => {
      const own = synopsisOf(occurrence);
      if (own === undefined) return;
      const [weight, growth] = [own.rows.length === 0 ? 1 : own.total / own.rows.length, growthOf(run, occurrence, own)];
      await stand(occurrence, undefined, own.rows, weight, growth);
      const [stood, rows] = [standing.get(occurrence), brought.get(host)];
      if (stood === undefined || standing.has(host)) return;
      // Of a host whose rows were not kept nothing tells which rows came with it, but how many.
      const share = rows === undefined ? undefined : Math.min(1, rows / Math.max(1, own.total * growth));
      standing.set(occurrence, { ...stood, share: stood.share === undefined || share === undefined ? undefined : stood.share * share });
    },
    close: async () => {
      await Promise.allSettled(stages.map((stage) => stage.drop()));
    },
  };
}

const UNKNOWN = new Error('Nothing is known of the relation');
