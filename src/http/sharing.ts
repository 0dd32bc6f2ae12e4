import { cancellation } from './cancellation.ts';
import type { Answer, Head } from './exchange.ts';

/** One exchange that any number of callers wait for; it is aborted when the last of them leaves. */
interface Flight {
  readonly answer: Promise<Answer>;
  readonly controller: AbortController;
  readonly heads: Head[];
  readonly listeners: Set<(head: Head) => void>;
  callers: number;
}

export interface Participant {
  readonly signal: AbortSignal;
  readonly onHead: (head: Head) => void;
}

/** Makes identical reads that are under way at the same time one request. */
export interface FlightSharing {
  readonly join: (key: string, participant: Participant, start: (shared: Participant) => Promise<Answer>) => Promise<Answer>;
}

export function createFlightSharing(): FlightSharing {
  const flights = new Map<string, Flight>();
  return {
    join: (key, { signal, onHead }, start) => {
      if (signal.aborted) return Promise.reject(cancellation(signal));
      const flight = flights.get(key) ?? begin(flights, key, start);
      flight.callers++;
      flight.listeners.add(onHead);
      for (const head of flight.heads) onHead(head);
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          signal.removeEventListener('abort', onAbort);
          flight.listeners.delete(onHead);
          flight.callers--;
          if (flight.callers === 0) {
            if (flights.get(key) === flight) flights.delete(key);
            flight.controller.abort();
          }
        };
        const onAbort = (): void => {
          leave();
          reject(cancellation(signal));
        };
        signal.addEventListener('abort', onAbort, { once: true });
        flight.answer.then(
          (answer) => {
            if (signal.aborted) return;
            leave();
            resolve(answer);
          },
          (error: unknown) => {
            if (signal.aborted) return;
            leave();
            reject(error);
          },
        );
      });
    },
  };
}

function begin(flights: Map<string, Flight>, key: string, start: (shared: Participant) => Promise<Answer>): Flight {
  const controller = new AbortController();
  const heads: Head[] = [];
  const listeners = new Set<(head: Head) => void>();
  const onHead = (head: Head): void => {
    heads.push(head);
    for (const listener of listeners) listener(head);
  };
  const answer = start({ signal: controller.signal, onHead });
  const flight: Flight = { answer, controller, heads, listeners, callers: 0 };
  flights.set(key, flight);
  // Who comes later asks anew: the answer is as old as its request.
  const end = (): void => {
    if (flights.get(key) === flight) flights.delete(key);
  };
  answer.then(end, end);
  return flight;
}
