import type { ExportOptions } from '../engine/types.ts';
import { assertFaithful } from '../sql/faithful.ts';
import { writeTree } from '../sql/lossless.ts';
import { createBacklog } from './backlog.ts';
import { learn } from './learn.ts';
import { noteSource } from './note-source.ts';
import { inUserText } from './objections.ts';
import { pageReader } from './pages/pages-of.ts';
import { excuse, noteCounts, rowConstants, type ScanRequest, stageColumns, witnessOf } from './scan.ts';
import { callsOf, projected, type QueryRun } from './stage-query.ts';
import type { StreamPlan } from './stream.ts';

/** Rows that are written together: as many as the engine puts into one row group, less a large page. */
const GROUP_ROWS = 120_000;
/** The same for rows that are large, in bytes of pages. */
const GROUP_BYTES = 64 * 2 ** 20;

/**
 * Writes a streamed query to a Parquet file, a row group at a time, so that its rows need not all be staged. Gives their number, or
 * `undefined` where the whole must be staged: for another format, a LIMIT, several calls, and where a column turned out to hold
 * other values than declared after rows were written with its type.
 */
export async function streamInto(
  run: QueryRun,
  plan: StreamPlan,
  { path: file, options }: { readonly path: string; readonly options: ExportOptions },
): Promise<number | undefined> {
  if (options.format !== 'parquet' || plan.limit !== undefined || plan.offset > 0) return undefined;
  const { engine, bound, parametersFor } = run.prepared;
  const { occurrence, path } = plan;
  const [call, ...others] = await callsOf(run, occurrence, path, new Set(), new Map());
  if (call === undefined || others.length > 0) return undefined;
  const sql = await engine.print(writeTree(bound.tree));
  await assertFaithful(bound.tree, sql, engine.parse);
  const parameters = parametersFor(bound.tree);
  const explain = async (error: unknown): Promise<never> => {
    throw await inUserText(error, run.prepared, bound.tree, sql);
  };
  let columns = stageColumns(occurrence, path);
  const makeStage = () => engine.createStage({ name: occurrence.id, columns, ...witnessOf(occurrence, path) });
  let stage = await makeStage();
  const parts = engine.exportParts(file, options);
  let isFinished = false;
  try {
    if (parts === undefined) return undefined;
    // What the engine objects to is found before anything is requested.
    await engine.describe(sql, parameters).catch(explain);
    const record = run.recorder.relation(occurrence.relation.id, path.method.name);
    noteSource(run, occurrence, path, record);
    const { environment, recorder, signal } = run;
    const request: ScanRequest = {
      environment,
      options: run.options,
      recorder,
      record,
      occurrence,
      path,
      ...projected(run, occurrence, path),
      signal,
    };
    const constants = rowConstants(occurrence, path)(call);
    const pagesOf = await pageReader(request);
    const backlog = createBacklog();
    const group = { rows: 0, bytes: 0 };
    let groups = 0;
    let written = 0;
    let isRetyped = false;
    const writeGroup = async (): Promise<void> => {
      await backlog.settle();
      if (isRetyped || (group.rows === 0 && groups > 0)) return;
      written += await parts.add(sql, parameters, signal).catch(explain);
      groups++;
      group.rows = 0;
      group.bytes = 0;
      await stage.drop();
      stage = await makeStage();
    };
    let read = 0;
    let staged = 0;
    /** Pages on their way are taken to hold as many rows as those before. */
    const expected = (): number => group.rows + (staged === 0 ? 0 : ((read - staged) * record.rows) / staged);
    try {
      for await (const page of pagesOf(call)) {
        record.pages++;
        read++;
        group.bytes += page.bytes.byteLength;
        backlog.add(page.bytes.byteLength, async () => {
          try {
            const counts = await stage.append(page.bytes, page.rowsPath, constants);
            staged++;
            record.rows += counts.rows;
            group.rows += counts.rows;
            noteCounts(request, counts);
            columns = columns.map((column) => (counts.retyped.includes(column.name) ? { ...column, type: 'VARCHAR' } : column));
            isRetyped ||= counts.retyped.length > 0 && groups > 0;
          } catch (error) {
            excuse(request, page.index, error);
          }
        });
        // The first tells how many rows a page holds.
        if (read === 1) await backlog.settle();
        const room = backlog.room();
        if (room !== undefined) await room;
        if (backlog.hasFailed() || isRetyped) break;
        if (expected() >= (options.rowGroupSize ?? GROUP_ROWS) || group.bytes >= GROUP_BYTES) await writeGroup();
      }
    } catch (error) {
      excuse(request, read, error);
    }
    await writeGroup();
    if (isRetyped) return undefined;
    await parts.finish();
    isFinished = true;
    learn(run, occurrence, path, 1, record);
    return written;
  } finally {
    if (!isFinished) await parts?.discard();
    await stage.drop();
  }
}
