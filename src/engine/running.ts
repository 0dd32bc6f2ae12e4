import type { DuckDBConnection } from '@duckdb/node-api';

/** What the engine is doing at the moment, so that it can be stopped. */
export interface Running {
  /** Runs a task on its connection; an abort of a signal, or `interruptAll`, ends it. */
  readonly run: <T>(connection: DuckDBConnection, signals: readonly AbortSignal[], task: () => Promise<T>) => Promise<T>;
  readonly interruptAll: () => void;
  /** Resolves when nothing runs. */
  readonly settled: () => Promise<void>;
}

/** The engine forgets an interrupt that comes before its thread has begun the query: so it is repeated until the task ends. */
const REPEAT_MS = 5;

export function createRunning(): Running {
  const tasks = new Map<Promise<unknown>, () => void>();
  return {
    async run(connection, signals, task) {
      let timer: NodeJS.Timeout | undefined;
      const interrupt = () => {
        connection.interrupt();
        timer ??= setInterval(() => connection.interrupt(), REPEAT_MS);
      };
      for (const signal of signals) signal.addEventListener('abort', interrupt);
      const running = task();
      tasks.set(running, interrupt);
      if (signals.some(({ aborted }) => aborted)) interrupt();
      try {
        return await running;
      } finally {
        tasks.delete(running);
        clearInterval(timer);
        for (const signal of signals) signal.removeEventListener('abort', interrupt);
      }
    },
    interruptAll() {
      for (const interrupt of tasks.values()) interrupt();
    },
    async settled() {
      while (tasks.size > 0) await Promise.allSettled(tasks.keys());
    },
  };
}
