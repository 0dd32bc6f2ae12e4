import type { OrgqlError } from '../util/errors.ts';
import { type AbortListeners, type CancelSignal, cancellation, RequestCancellation } from './cancellation.ts';
import type { Answer, Head } from './exchange.ts';

/** A request under way as one of its callers sees it. */
export interface Flight {
  readonly answer: Promise<Answer>;
  /** This caller wants it no more: its `answer` rejects with what `error` makes. The request is aborted when nobody wants it. */
  readonly leave: (error: () => OrgqlError) => void;
}

/** Starts the request itself. */
export type Launch = (shared: { readonly signal: CancelSignal; readonly onHead: (head: Head) => void }) => Promise<Answer>;

/** Makes identical reads that are under way at the same time one request. Without a key a request is its caller's own. */
export interface FlightSharing {
  readonly join: (
    key: string | undefined,
    caller: {
      readonly onHead: (head: Head) => void;
      /** Its abort is the caller's leave. */
      readonly signal: AbortSignal | undefined;
    },
    launch: Launch,
  ) => Flight;
}

interface Caller {
  readonly onHead: (head: Head) => void;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Shared {
  readonly request: RequestCancellation;
  readonly heads: Head[];
  callers: readonly Caller[];
}

export function createFlightSharing(aborts: AbortListeners): FlightSharing {
  const flights = new Map<string, Shared>();

  const begin = (key: string | undefined, launch: Launch): Shared => {
    const shared: Shared = { request: new RequestCancellation(), heads: [], callers: [] };
    if (key !== undefined) flights.set(key, shared);
    const onHead = (head: Head): void => {
      shared.heads.push(head);
      for (const caller of shared.callers) caller.onHead(head);
    };
    const end = (tell: (caller: Caller) => void): void => {
      // Who comes later asks anew: the answer is as old as its request.
      if (key !== undefined && flights.get(key) === shared) flights.delete(key);
      const { callers } = shared;
      shared.callers = [];
      for (const caller of callers) tell(caller);
    };
    launch({ signal: shared.request, onHead }).then(
      (answer) => end((caller) => caller.resolve(answer)),
      (error: unknown) => end((caller) => caller.reject(error)),
    );
    return shared;
  };

  return {
    join: (key, { onHead, signal }, launch) => {
      const shared = (key === undefined ? undefined : flights.get(key)) ?? begin(key, launch);
      let leave: Flight['leave'] = () => {};
      const answer = new Promise<Answer>((resolve, reject) => {
        const onAbort = (): void => leave(() => cancellation(signal));
        const settle = (): void => {
          if (signal !== undefined) aborts.remove(signal, onAbort);
        };
        const caller: Caller = {
          onHead,
          resolve: (given) => {
            settle();
            resolve(given);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
        };
        leave = (error) => {
          if (!shared.callers.includes(caller)) return;
          shared.callers = shared.callers.filter((one) => one !== caller);
          if (shared.callers.length === 0) {
            if (key !== undefined && flights.get(key) === shared) flights.delete(key);
            shared.request.abort('nobody waits any more');
          }
          caller.reject(error());
        };
        shared.callers = [...shared.callers, caller];
        if (signal !== undefined) aborts.add(signal, onAbort);
      });
      // A failure that nobody awaits yet is no unhandled one.
      answer.catch(() => {});
      for (const head of shared.heads) onHead(head);
      return { answer, leave };
    },
  };
}
