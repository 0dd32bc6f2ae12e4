/** Runs tasks one after another: a connection of the engine serves one statement at a time. */
export interface Queue {
  readonly run: <T>(task: () => Promise<T>) => Promise<T>;
}

/** An empty queue. A task that fails does not stop those behind it. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const result = last.then(task, task);
      last = result.catch(() => undefined);
      return result;
    },
  };
}
