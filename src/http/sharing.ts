import type { OrgqlError } from '../util/errors.ts';
import type { Answer, Head } from './exchange.ts';

/** A request under way as one of its callers sees it. */
export interface Flight {
  readonly answer: Promise<Answer>;
  /** This caller wants it no more: its `answer` rejects with what `error` makes. The request is aborted when nobody wants it. */
  readonly leave: (error: () => OrgqlError) => void;
}

/** Starts the request itself. */
export type Launch = (shared: { readonly signal: AbortSignal; readonly onHead: (head: Head) => void }) => Promise<Answer>;

/** Makes identical reads that are under way at the same time one request. Without a key a request is its caller's own. */
export interface FlightSharing {
  readonly join: (key: string | undefined, onHead: (head: Head) => void, launch: Launch) => Flight;
}

interface Shared {
  readonly answer: Promise<Answer>;
  readonly abort: () => void;
  readonly heads: Head[];
  readonly listeners: ((head: Head) => void)[];
  callers: number;
  isOver: boolean;
}

export function createFlightSharing(): FlightSharing {
  const flights = new Map<string, Shared>();
  return {
    join: (key, onHead, launch) => {
      const found = key === undefined ? undefined : flights.get(key);
      const shared = found ?? begin(flights, key, onHead, launch);
      shared.callers++;
      if (found !== undefined) {
        for (const head of shared.heads) onHead(head);
        shared.listeners.push(onHead);
      }
      let reject: (error: OrgqlError) => void = () => {};
      const answer = new Promise<Answer>((resolve, fail) => {
        reject = fail;
        shared.answer.then(resolve, fail);
      });
      let hasLeft = false;
      return {
        answer,
        leave: (error) => {
          if (hasLeft || shared.isOver) return;
          hasLeft = true;
          shared.callers--;
          if (shared.callers === 0) {
            if (key !== undefined && flights.get(key) === shared) flights.delete(key);
            shared.abort();
          }
          reject(error());
        },
      };
    },
  };
}

function begin(flights: Map<string, Shared>, key: string | undefined, onHead: (head: Head) => void, launch: Launch): Shared {
  const controller = new AbortController();
  const heads: Head[] = [];
  const listeners = [onHead];
  const answer = launch({
    signal: controller.signal,
    onHead: (head) => {
      heads.push(head);
      for (const listener of listeners) listener(head);
    },
  });
  // A reason of one's own spares the making of a DOMException.
  const shared: Shared = { answer, abort: () => controller.abort('nobody waits any more'), heads, listeners, callers: 0, isOver: false };
  if (key !== undefined) flights.set(key, shared);
  // Who comes later asks anew: the answer is as old as its request.
  const end = (): void => {
    shared.isOver = true;
    if (key !== undefined && flights.get(key) === shared) flights.delete(key);
  };
  answer.then(end, end);
  return shared;
}
