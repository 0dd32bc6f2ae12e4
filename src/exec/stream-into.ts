import type { ExportOptions, FeedListener } from '../engine/types.ts';
import { assertFaithful } from '../sql/faithful.ts';
import { writeTree } from '../sql/lossless.ts';
import { learn } from './learn.ts';
import { inUserText } from './objections.ts';
import { readCalls } from './read-calls.ts';
import { excuse, noteCounts, rowConstants, stageColumns, witnessOf } from './scan.ts';
import { callsOf, type QueryRun } from './stage-query.ts';
import { type StreamPlan, streamRequest, withoutLimits } from './stream.ts';

/** Rows that are written together: of Parquet as many as the engine puts into one row group, less a large page. Rows that are large count by the bytes of their pages. */
const TOGETHER = {
  parquet: { rows: 120_000, bytes: 32 * 2 ** 20 },
  csv: { rows: 30_000, bytes: 16 * 2 ** 20 },
  json: { rows: 30_000, bytes: 16 * 2 ** 20 },
} as const;

/**
 * Writes a streamed query to a file, some pages at a time, so that its rows need not all be staged. Gives their number, or `undefined`
 * where the whole must be staged: where the file cannot be written in parts, and where a column turned out to hold other values than
 * declared after rows were written with its type.
 */
export async function streamInto(
  run: QueryRun,
  plan: StreamPlan,
  { path: file, options }: { readonly path: string; readonly options: ExportOptions },
): Promise<number | undefined> {
  const { engine, parametersFor } = run.prepared;
  const { occurrence, path } = plan;
  const parts = engine.exportParts(file, options);
  if (parts === undefined) return undefined;
  const calls = await callsOf(run, occurrence, path, new Set(), new Map());
  // One row may answer two of them, so that all are staged by their key: no more than about the values that are looked up.
  if (path.chunk !== undefined && calls.length > 1) return undefined;
  const tree = withoutLimits(run);
  const sql = await engine.print(writeTree(tree));
  await assertFaithful(tree, sql, engine.parse);
  const parameters = parametersFor(tree);
  const explain = async (error: unknown): Promise<never> => {
    throw await inUserText(error, run.prepared, tree, sql);
  };
  let columns = stageColumns(occurrence, path);
  const makeStage = () => engine.createStage({ name: occurrence.id, columns, ...witnessOf(occurrence, path) });
  let stage = await makeStage();
  const most = { rows: options.rowGroupSize ?? TOGETHER[options.format].rows, bytes: TOGETHER[options.format].bytes };
  const request = streamRequest(run, plan);
  const { record } = request;
  const constantsOf = rowConstants(occurrence, path);
  const group = { rows: 0, bytes: 0 };
  let groups = 0;
  let written = 0;
  let isRetyped = false;
  let staged = 0;
  const listener: FeedListener = {
    staged: (counts) => {
      staged++;
      record.rows += counts.rows;
      group.rows += counts.rows;
      noteCounts(request, counts);
      columns = columns.map((column) => (counts.retyped.includes(column.name) ? { ...column, type: 'VARCHAR' } : column));
      isRetyped ||= counts.retyped.length > 0 && groups > 0;
    },
    failed: (error, index) => excuse(request, index, error),
  };
  let feed = stage.feed(listener);
  let isFinished = false;
  try {
    // What the engine objects to is found before anything is requested.
    await engine.describe(sql, parameters).catch(explain);
    let skip = plan.offset;
    let left = plan.limit ?? Number.POSITIVE_INFINITY;
    const isLimited = plan.limit !== undefined || plan.offset > 0;
    /** How many of the group's rows the query gives. */
    const passing = async (): Promise<number> => {
      const { rows } = await engine.rows(`SELECT count(*) FROM (${sql}\n)`, parameters).catch(explain);
      return Number(rows[0]?.[0]);
    };
    const writeGroup = async (): Promise<void> => {
      await feed.settle();
      if (isRetyped || (group.rows === 0 && groups > 0)) return;
      const skipped = isLimited ? Math.min(skip, await passing()) : 0;
      const limits = `${Number.isFinite(left) ? `\nLIMIT ${left}` : ''}${skipped > 0 ? `\nOFFSET ${skipped}` : ''}`;
      const added = await parts.add(`${sql}${limits}`, parameters, run.signal).catch(explain);
      written += added;
      left -= added;
      skip -= skipped;
      groups++;
      group.rows = 0;
      group.bytes = 0;
      await stage.drop();
      stage = await makeStage();
      feed = stage.feed(listener);
    };
    /** Rows of the group from which on the limit may be met: fewer could not give what is still wanted. */
    let enough = left + skip;
    const isMet = async (): Promise<boolean> => {
      await feed.settle();
      if (group.rows < enough) return false;
      const lacking = left + skip - (await passing());
      enough = group.rows + lacking;
      return lacking <= 0;
    };
    let read = 0;
    /** Pages on their way are taken to hold as many rows as those before. */
    const expected = (): number => group.rows + (staged === 0 ? 0 : ((read - staged) * record.rows) / staged);
    for await (const { page, call } of left === 0 ? [] : readCalls(request, calls)) {
      read++;
      group.bytes += page.bytes.byteLength;
      feed.add(page.bytes, page.rowsPath, constantsOf(call), page.index);
      // The first tells how many rows a page holds.
      if (read === 1) await feed.settle();
      const room = feed.room();
      if (room !== undefined) await room;
      if (feed.hasFailed() || isRetyped || (plan.limit !== undefined && (await isMet()))) break;
      if (expected() < most.rows && group.bytes < most.bytes) continue;
      await writeGroup();
      enough = left + skip;
    }
    await writeGroup();
    if (isRetyped) return undefined;
    await parts.finish();
    isFinished = true;
    if (plan.limit === undefined) learn(run, occurrence, path, calls.length, record);
    return written;
  } catch (error) {
    // The error tells how many rows were read; what is stopped waits for nothing.
    if (!run.signal.aborted) await feed.settle().catch(() => {});
    throw error;
  } finally {
    if (!isFinished) await parts.discard();
    await stage.drop();
  }
}
