import { afterAll, beforeAll } from 'vitest';
import { OrgqlError } from '../util/errors.ts';
import { openEngine } from './open-engine.ts';
import type { Engine, SqlValue, Stage, StageColumn } from './types.ts';

/** For tests only: an engine of the file's own, and words for its stages. */
export interface Stages {
  readonly bytes: (body: unknown) => Uint8Array;
  readonly column: (name: string, type?: string, path?: readonly string[]) => StageColumn;
  /** A column whose text comes with each page. */
  readonly constant: (name: string, type?: string) => StageColumn;
  readonly stageOf: (columns: readonly StageColumn[], key?: readonly string[]) => Promise<Stage>;
  readonly rowsOf: (stage: Stage, select?: string) => Promise<readonly (readonly SqlValue[])[]>;
  readonly typesOf: (stage: Stage) => Promise<string[]>;
  /** The code of the error that a task must end with. */
  readonly codeOf: (task: Promise<unknown>) => Promise<string>;
}

/** Opens the engine before the tests of a file and closes it after them. */
export function useStages(): Stages {
  let engine: Engine;
  let count = 0;
  beforeAll(async () => {
    engine = await openEngine();
  });
  afterAll(() => engine.close());
  return {
    bytes: (body) => new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
    column: (name, type = 'VARCHAR', path = [name]) => ({ name, type, path }),
    constant: (name, type = 'VARCHAR') => ({ name, type, path: undefined }),
    stageOf: (columns, key) => engine.createStage({ name: `s${count++}`, columns, ...(key === undefined ? {} : { key }) }),
    rowsOf: async (stage, select = '*') => (await engine.rows(`SELECT ${select} FROM ${stage.sqlName}`)).rows,
    typesOf: async (stage) => (await engine.describe(`FROM ${stage.sqlName}`)).map(({ type }) => type),
    codeOf: async (task) => {
      const error: unknown = await task.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      return error instanceof OrgqlError ? error.code : `no OrgqlError: ${String(error)}`;
    },
  };
}
