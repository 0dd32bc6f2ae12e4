import { OrgqlError } from '../util/errors.ts';

/**
 * BEGIN ... COMMIT around calls to an API: a sequence that stops at its first failure. Nothing that was sent can be taken back by it,
 * and it says so. Tables of the engine are outside it.
 */
export interface Transaction {
  readonly begin: () => string;
  /** Ends it. `isWhole` is false when a statement in it failed. */
  readonly end: (action: 'commit' | 'rollback') => string;
  /** Before each statement. Throws `transaction_failed` after a failure. */
  readonly check: () => void;
  readonly wrote: (message: string) => void;
  readonly failed: () => void;
}

/** The transaction state of one session. */
export function createTransaction(): Transaction {
  let state: 'none' | 'open' | 'failed' = 'none';
  let writes: string[] = [];
  const close = (): readonly string[] => {
    const done = writes;
    state = 'none';
    writes = [];
    return done;
  };
  return {
    begin: () => {
      if (state !== 'none') throw new OrgqlError('transaction_failed', 'A transaction is open already', { hint: 'COMMIT it first' });
      state = 'open';
      return 'a sequence that stops at its first failure; what an API has done is not rolled back';
    },
    end: (action) => {
      const before = state;
      const done = close();
      if (before === 'none') return 'no transaction was open';
      const list =
        done.length === 0
          ? 'no statement in it changed anything'
          : `${done.length} ${done.length === 1 ? 'statement' : 'statements'} in it made changes, which stand: ${done.join('; ')}`;
      if (before === 'failed') return `stopped at the statement that failed; ${list}`;
      return action === 'commit' ? (done.length === 0 ? 'done' : `done: ${done.join('; ')}`) : `left; ${list}`;
    },
    check: () => {
      if (state !== 'failed') return;
      throw new OrgqlError('transaction_failed', 'A statement of this transaction has failed, so the rest of it does not run', {
        hint: 'end it with COMMIT or ROLLBACK; what was sent before stands',
      });
    },
    wrote: (message) => {
      if (state === 'open') writes.push(message);
    },
    failed: () => {
      if (state === 'open') state = 'failed';
    },
  };
}
