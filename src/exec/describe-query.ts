import type { EngineColumn, Stage } from '../engine/types.ts';
import { writeTree } from '../sql/lossless.ts';
import type { TextSlice } from '../sql/statement.ts';
import type { Environment } from './environment.ts';
import { prepareQuery } from './prepare.ts';
import { stageColumns } from './scan.ts';
import type { ExecuteOptions } from './types.ts';

/** Names and types of a query's columns, from the engine over empty staging tables. Requests nothing. Throws the query's errors of names and types. */
export async function describeQuery(environment: Environment, query: TextSlice, options: ExecuteOptions): Promise<readonly EngineColumn[]> {
  const { engine, bound, parametersFor } = await prepareQuery(environment, query, options);
  const stages: Stage[] = [];
  try {
    for (const occurrence of bound.occurrences)
      stages.push(await engine.createStage({ name: occurrence.id, columns: stageColumns(occurrence, undefined) }));
    return await engine.describe(await engine.print(writeTree(bound.tree)), parametersFor(bound.tree));
  } finally {
    await Promise.allSettled(stages.map((stage) => stage.drop()));
  }
}
