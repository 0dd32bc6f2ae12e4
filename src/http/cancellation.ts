import { OrgqlError } from '../util/errors.ts';

/** What the HTTP layer asks of an AbortSignal, so that something lighter can stand in for one. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  readonly addEventListener: (type: 'abort', listener: () => void, options?: { readonly once?: boolean }) => void;
  readonly removeEventListener: (type: 'abort', listener: () => void) => void;
}

/** The error that an aborted signal stands for: its own reason where that is one of ours (a time limit, say), else `cancelled`. */
export function cancellation(signal: CancelSignal | undefined): OrgqlError {
  const reason: unknown = signal?.reason;
  if (reason instanceof OrgqlError) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError')
    return new OrgqlError('timeout', 'The time allowed for the statement ran out', { cause: reason });
  return new OrgqlError('cancelled', 'The statement was cancelled');
}

/** Controller and signal of one request in one. A class, since a fan-out makes one for each of thousands: an AbortController takes 20 times as long. */
export class RequestCancellation implements CancelSignal {
  aborted = false;
  reason: unknown;
  /** One or two at a time, for which a Set would be large. */
  #listeners: readonly (() => void)[] = NOBODY;

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = NOBODY;
    for (const listener of listeners) listener();
  }

  /** Listeners are called once. */
  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = [...this.#listeners, listener];
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const left = this.#listeners.filter((one) => one !== listener);
    this.#listeners = left.length === 0 ? NOBODY : left;
  }
}

const NOBODY: readonly (() => void)[] = [];

/** A true AbortSignal that follows a signal, for what takes nothing else. `end` lets go of the other. */
export function abortSignalOf(signal: CancelSignal | undefined): { readonly signal: AbortSignal | undefined; readonly end: () => void } {
  if (signal === undefined || signal instanceof AbortSignal) return { signal, end: () => {} };
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return { signal: controller.signal, end: () => signal.removeEventListener('abort', onAbort) };
}

/** Many listeners of few signals: one for each signal in truth, since a signal searches its listeners at each that is added or removed. */
export interface AbortListeners {
  readonly add: (signal: AbortSignal, listener: () => void) => void;
  readonly remove: (signal: AbortSignal, listener: () => void) => void;
}

export function createAbortListeners(): AbortListeners {
  const bySignal = new WeakMap<AbortSignal, Set<() => void>>();
  return {
    add: (signal, listener) => {
      let listeners = bySignal.get(signal);
      if (listeners === undefined) {
        const own = new Set<() => void>();
        const onAbort = (): void => {
          const called = [...own];
          own.clear();
          for (const one of called) one();
        };
        signal.addEventListener('abort', onAbort, { once: true });
        bySignal.set(signal, own);
        listeners = own;
      }
      listeners.add(listener);
    },
    remove: (signal, listener) => {
      bySignal.get(signal)?.delete(listener);
    },
  };
}
