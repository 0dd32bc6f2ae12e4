import type { EngineColumn, SqlValue, Stage } from '../engine/types.ts';
import type { AccessPath } from '../plan/access-path.ts';
import { countedAs, estimatePath } from '../plan/cost.ts';
import { accessPaths } from '../plan/paths.ts';
import type { Occurrence } from '../plan/types.ts';
import { writeTree } from '../sql/lossless.ts';
import { child, children, cloneNode, queryNodes, type TreeNode, text } from '../sql/tree.ts';
import { byPreference } from './choose-step.ts';
import { insideOf } from './inside-parents.ts';
import { countsFor } from './known-counts.ts';
import { learn } from './learn.ts';
import { noteSource } from './note-source.ts';
import { inUserText } from './objections.ts';
import { type CallPage, readCalls } from './read-calls.ts';
import { isPlainSelect, limitsOf } from './row-by-row.ts';
import { excuse, noteCounts, rowConstants, type ScanRequest, stageColumns, witnessOf } from './scan.ts';
import { cursorOf } from './select.ts';
import { sortedPath, tupleGuess } from './sorted-path.ts';
import { asked, callsOf, pathRequest, type QueryRun } from './stage-query.ts';
import type { Cursor } from './types.ts';

/** A query whose rows can be given page by page: no row of it depends on a later one. */
export interface StreamPlan {
  readonly occurrence: Occurrence;
  readonly path: AccessPath;
  readonly limit: number | undefined;
  readonly offset: number;
}

/** Pages that are evaluated together at most, and how long the first of them waits for the others: the next may be a minute away. */
const BATCH_PAGES = 128;
const BATCH_BYTES = 2 * 2 ** 20;
const BATCH_WAIT_MS = 150;

/** How a query can be streamed, or `undefined` when it must see all rows first. */
export function streamPlan(run: QueryRun): StreamPlan | undefined {
  const { bound } = run.prepared;
  const [occurrence] = bound.occurrences;
  const [select, ...others] = queryNodes(bound.tree);
  if (occurrence === undefined || bound.occurrences.length !== 1 || select === undefined || others.length > 0) return undefined;
  if (text(select, 'type') !== 'SELECT_NODE' || child(select, 'from_table') !== occurrence.node || occurrence.isBarred) return undefined;
  if (!isPlainSelect(select)) return undefined;
  const modifiers = children(select, 'modifiers');
  const limits = limitsOf(modifiers.filter((modifier) => text(modifier, 'type') !== 'ORDER_MODIFIER'));
  if (limits === undefined) return undefined;
  const order = modifiers.find((modifier) => text(modifier, 'type') === 'ORDER_MODIFIER');
  // Without a LIMIT all rows are needed anyway, and the engine sorts them as well. Servers sort by one key.
  if (order !== undefined && (children(order, 'orders').length > 1 || limits.limit === undefined || run.options.pushdown === false))
    return undefined;
  const { paths } = accessPaths({ ...pathRequest(run, occurrence, new Set()), isOrdered: order !== undefined });
  const single = paths
    .flatMap((path) => (order === undefined ? [path] : (sortedPath(run, occurrence, path, order)?.path ?? [])))
    .filter(
      (path) =>
        path.supplies.every((supplied) => supplied.supply.kind !== 'driver' && supplied.supply.kind !== 'subquery') &&
        (path.chunk === undefined || path.chunk.supply.kind === 'constants'),
    )
    .map((path) => {
      const counts = countsFor(run, occurrence);
      return { path, estimate: estimatePath(path, countedAs(path, occurrence.relation.id), tupleGuess(path, counts), counts) };
    })
    .toSorted(byPreference);
  const [best] = single;
  // Of what lies in the rows of another relation it is known only in the end whether all came.
  return best === undefined || best.path.by !== undefined || insideOf(run, occurrence, best.path) !== undefined
    ? undefined
    : { occurrence, path: best.path, ...limits };
}

/** The query's tree without LIMIT, OFFSET, and an ORDER BY that the server sees to. */
export function withoutLimits(run: QueryRun): TreeNode {
  const tree = cloneNode(run.prepared.bound.tree);
  for (const node of queryNodes(tree)) node.modifiers = [];
  return tree;
}

/** The path with the LIMIT as a parameter, where the API takes one for the whole list. */
function cutShort({ path, limit, offset }: StreamPlan): AccessPath {
  const fact = path.facts.limit;
  if (fact === undefined || limit === undefined || !path.isExact) return path;
  const wanted = limit + offset;
  const isFree = path.fixed[fact.parameter] === undefined && path.supplies.every(({ parameter }) => parameter !== fact.parameter);
  if (!isFree || wanted < 1 || wanted > (fact.max ?? Number.POSITIVE_INFINITY)) return path;
  return { ...path, fixed: { ...path.fixed, [fact.parameter]: String(wanted) } };
}

/** How a streamed query's pages are asked for; begins their record. */
export function streamRequest(run: QueryRun, plan: StreamPlan): ScanRequest {
  const { occurrence } = plan;
  const path = cutShort(plan);
  const record = run.recorder.relation(occurrence.relation.id, path.method.name);
  noteSource(run, occurrence, path, record);
  const wanted = plan.limit === undefined ? undefined : plan.limit + plan.offset;
  const size = path.facts.pageSize;
  const pageSize =
    size !== undefined && wanted !== undefined && path.isExact ? Math.max(size.min ?? 1, Math.min(size.size, wanted)) : undefined;
  return {
    environment: run.environment,
    options: run.options,
    recorder: run.recorder,
    record,
    occurrence,
    ...asked(run, occurrence, path),
    signal: run.signal,
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(wanted === undefined ? {} : { pagesWanted: pageSize === undefined ? 1 : Math.max(1, Math.ceil(wanted / pageSize)) }),
  };
}

/** Runs a streamed query: rows come out as pages come in, and a LIMIT that is met stops the paging. */
export async function streamRows(run: QueryRun, plan: StreamPlan, controller: AbortController): Promise<Cursor> {
  const { engine, parametersFor } = run.prepared;
  const { occurrence, path } = plan;
  const tree = withoutLimits(run);
  const sql = await engine.print(writeTree(tree));
  const parameters = parametersFor(tree);
  const explain = (error: unknown): Promise<unknown> => inUserText(error, run.prepared, tree, sql);
  const request = streamRequest(run, plan);
  const { record } = request;
  const wanted = request.pagesWanted;
  const makeStage = (): Promise<Stage> =>
    engine.createStage({ name: occurrence.id, columns: stageColumns(occurrence, path), ...witnessOf(occurrence, path) });
  // An empty staging table tells the result's columns, and finds the engine's objections, before anything is requested.
  let stage: Stage | undefined = await makeStage();
  const dropStage = async (): Promise<void> => {
    const dropped = stage;
    stage = undefined;
    await dropped?.drop();
  };
  let columns: readonly EngineColumn[];
  try {
    columns = await engine.describe(sql, parameters);
  } catch (error) {
    await dropStage();
    throw await explain(error);
  }
  const evaluate = async (): Promise<(readonly SqlValue[])[]> => {
    const { rows } = await engine.rows(sql, parameters).catch(async (error: unknown) => {
      throw await explain(error);
    });
    await dropStage();
    return [...rows];
  };
  const source = { calls: 0 };
  async function* produce(): AsyncGenerator<readonly (readonly SqlValue[])[]> {
    let skip = plan.offset;
    let left = plan.limit ?? Number.POSITIVE_INFINITY;
    let pagesRead: ReturnType<typeof readCalls> | undefined;
    const cut = (rows: (readonly SqlValue[])[]): (readonly SqlValue[])[] => {
      const kept = rows.slice(skip, skip + Math.min(left, rows.length));
      skip = Math.max(0, skip - rows.length);
      left -= kept.length;
      run.recorder.addRows(kept.length);
      return kept;
    };
    try {
      if (left <= 0) {
        run.recorder.finish(true);
        return;
      }
      const calls = await callsOf(run, occurrence, path, new Set(), new Map());
      source.calls = calls.length;
      const held: CallPage[] = [];
      let heldBytes = 0;
      let since = 0;
      let isFirst = true;
      const constantsOf = rowConstants(occurrence, path);
      /** Appended without waiting for each other, pages share a statement of the engine. */
      const evaluateHeld = async (): Promise<(readonly SqlValue[])[]> => {
        const pages = held.splice(0);
        heldBytes = 0;
        let staged = 0;
        stage ??= await makeStage();
        const made = stage;
        const outcomes = await Promise.allSettled(pages.map(({ page, call }) => made.append(page.bytes, page.rowsPath, constantsOf(call))));
        for (const [index, outcome] of outcomes.entries()) {
          if (outcome.status === 'rejected') {
            excuse(request, pages[index]?.page.index ?? 0, outcome.reason);
            continue;
          }
          staged += outcome.value.rows;
          noteCounts(request, outcome.value);
        }
        record.rows += staged;
        return cut(await evaluate());
      };
      const pages = readCalls(request, calls);
      pagesRead = pages;
      let upcoming: Promise<IteratorResult<CallPage, void>> | undefined;
      try {
        for (;;) {
          upcoming ??= pages.next();
          const next = held.length === 0 ? await upcoming : await within(upcoming, BATCH_WAIT_MS - (performance.now() - since));
          if (next?.done === true) break;
          if (next !== undefined) {
            upcoming = undefined;
            if (held.length === 0) since = performance.now();
            held.push(next.value);
            heldBytes += next.value.page.bytes.byteLength;
          }
          const isFull = next === undefined || held.length >= BATCH_PAGES || heldBytes >= BATCH_BYTES;
          if (!isFirst && wanted === undefined && !isFull) continue;
          isFirst = false;
          const rows = await evaluateHeld();
          if (rows.length > 0) yield rows;
          if (left <= 0) {
            run.recorder.finish(true);
            return;
          }
        }
      } catch (error) {
        // What was read before is given, and counted; what is stopped waits for nothing.
        const rows = held.length > 0 && !run.signal.aborted ? await evaluateHeld().catch(() => []) : [];
        if (rows.length > 0) yield rows;
        throw error;
      }
      if (held.length > 0) {
        const rows = await evaluateHeld();
        if (rows.length > 0) yield rows;
      }
      learn(run, occurrence, path, source.calls, record);
      run.recorder.finish(true);
    } finally {
      run.recorder.finish(false);
      controller.abort();
      await pagesRead?.return();
      await dropStage();
    }
  }
  return cursorOf(run, columns, produce(), async () => {
    controller.abort();
    run.recorder.finish(false);
    await dropStage();
  });
}

/** What a promise gives, or `undefined` where that takes longer. */
async function within<T>(promise: Promise<T>, waitMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, waitMs, undefined);
  });
  try {
    return await Promise.race([promise, waited]);
  } finally {
    clearTimeout(timer);
  }
}
