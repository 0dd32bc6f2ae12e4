import type { OrgqlError } from '../util/errors.ts';
import { AbortListener, type AbortListeners, type CancelSignal, cancellation, RequestCancellation } from './cancellation.ts';
import type { Answer, Head } from './exchange.ts';
import type { CallObserver } from './types.ts';

/** A request under way as one of its callers sees it. */
export interface Flight {
  readonly answer: Promise<Answer>;
  /** This caller wants it no more: its `answer` rejects with what `error` makes. The request is aborted when nobody wants it. */
  readonly leave: (error: () => OrgqlError) => void;
}

/** Starts the request itself; `observer` stands for those of all its callers. */
export type Launch = (shared: {
  readonly signal: CancelSignal;
  readonly onHead: (head: Head) => void;
  readonly observer: CallObserver;
}) => Promise<Answer>;

/** Makes identical reads that are under way at the same time one request. Without a key a request is its caller's own. */
export interface FlightSharing {
  readonly join: (
    key: string | undefined,
    caller: {
      readonly onHead: (head: Head) => void;
      /** Its abort is the caller's leave. */
      readonly signal: AbortSignal | undefined;
      /** Of those who wait, the first is charged with the request; what befalls it all are told. What it throws concerns its caller alone. */
      readonly observer: CallObserver | undefined;
    },
    launch: Launch,
  ) => Flight;
}

/** Requests under way by their keys. An object without a prototype, and no Map: `createAbortListeners` says why. */
type Flights = Record<string, Shared>;

export function createFlightSharing(aborts: AbortListeners): FlightSharing {
  const flights: Flights = Object.create(null);
  return {
    join: (key, { onHead, signal, observer }, launch) => {
      let shared = key === undefined ? undefined : flights[key];
      const isNew = shared === undefined;
      shared ??= new Shared(flights, key);
      const caller = new Caller(shared, { onHead, signal, observer }, aborts);
      if (isNew) shared.launch(launch);
      else for (const head of shared.heads) onHead(head);
      return caller;
    },
  };
}

type Event<Name extends keyof CallObserver> = Parameters<NonNullable<CallObserver[Name]>>[0];

/** One request and those who wait for it. A class, as is `Caller`: a fan-out makes thousands, and an object takes less than closures. */
class Shared implements CallObserver {
  readonly cancellation = new RequestCancellation();
  heads: readonly Head[] = [];
  callers: readonly Caller[] = [];
  readonly #flights: Flights;
  readonly #key: string | undefined;

  constructor(flights: Flights, key: string | undefined) {
    this.#flights = flights;
    this.#key = key;
    if (key !== undefined) flights[key] = this;
  }

  launch(launch: Launch): void {
    launch({ signal: this.cancellation, onHead: (head) => this.#heard(head), observer: this }).then(
      (answer) => {
        for (const caller of this.#end()) caller.resolve(answer);
      },
      (error: unknown) => {
        for (const caller of this.#end()) caller.reject(error);
      },
    );
  }

  leave(caller: Caller): void {
    this.callers = this.callers.filter((one) => one !== caller);
    if (this.callers.length > 0) return;
    this.#forget();
    this.cancellation.abort('nobody waits any more');
  }

  request(event: Event<'request'>): void {
    for (;;) {
      const [first] = this.callers;
      try {
        first?.observer?.request?.(event);
        return;
      } catch (error) {
        first?.leave(() => error);
        if (this.callers.length === 0) throw error;
      }
    }
  }

  response(event: Event<'response'>): void {
    for (const { observer } of this.callers) observer?.response?.(event);
  }

  retry(event: Event<'retry'>): void {
    for (const { observer } of this.callers) observer?.retry?.(event);
  }

  throttled(event: Event<'throttled'>): void {
    for (const { observer } of this.callers) observer?.throttled?.(event);
  }

  waiting(event: Event<'waiting'>): void {
    for (const { observer } of this.callers) observer?.waiting?.(event);
  }

  #heard(head: Head): void {
    this.heads = [...this.heads, head];
    for (const caller of this.callers) caller.onHead(head);
  }

  #end(): readonly Caller[] {
    this.#forget();
    const { callers } = this;
    this.callers = [];
    return callers;
  }

  /** Who comes later asks anew: the answer is as old as its request. */
  #forget(): void {
    if (this.#key !== undefined && this.#flights[this.#key] === this) delete this.#flights[this.#key];
  }
}

class Caller extends AbortListener implements Flight {
  readonly answer: Promise<Answer>;
  readonly onHead: (head: Head) => void;
  readonly observer: CallObserver | undefined;
  readonly #shared: Shared;
  readonly #signal: AbortSignal | undefined;
  readonly #aborts: AbortListeners;
  #resolve!: (answer: Answer) => void;
  #reject!: (error: unknown) => void;

  constructor(shared: Shared, { onHead, signal, observer }: Parameters<FlightSharing['join']>[1], aborts: AbortListeners) {
    super();
    this.onHead = onHead;
    this.observer = observer;
    this.#shared = shared;
    this.#signal = signal;
    this.#aborts = aborts;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A failure that nobody awaits yet is no unhandled one.
    this.answer.catch(ignore);
    shared.callers = [...shared.callers, this];
    if (signal !== undefined) aborts.add(signal, this);
  }

  leave(error: () => unknown): void {
    if (!this.#shared.callers.includes(this)) return;
    this.#shared.leave(this);
    this.reject(error());
  }

  override onAbort(): void {
    this.leave(() => cancellation(this.#signal));
  }

  resolve(answer: Answer): void {
    this.#aborts.remove(this);
    this.#resolve(answer);
  }

  reject(error: unknown): void {
    this.#aborts.remove(this);
    this.#reject(error);
  }
}

function ignore(): void {}
