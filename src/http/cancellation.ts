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

/** What hears of an abort: an object, since a fan-out has thousands that would each need a function of its own. Linked with others while it listens. */
export abstract class AbortListener {
  previous: AbortListener | undefined;
  following: AbortListener | undefined;
  abstract onAbort(): void;
}

/** Many listeners of few signals: one for each signal in truth, since a signal searches its listeners at each that is added or removed. */
export interface AbortListeners {
  readonly add: (signal: AbortSignal, listener: AbortListener) => void;
  readonly remove: (listener: AbortListener) => void;
}

/**
 * The listeners of a signal are a ring, and no Set: each table that a Set outgrows keeps its successor alive, and with it what was in it, until
 * the next full collection, which for the listeners of a fan-out is every other request.
 */
export function createAbortListeners(): AbortListeners {
  const rings = new WeakMap<AbortSignal, AbortListener>();
  return {
    add: (signal, listener) => {
      let ring = rings.get(signal);
      if (ring === undefined) {
        ring = new Ring();
        const head = ring;
        signal.addEventListener('abort', () => head.onAbort(), { once: true });
        rings.set(signal, ring);
      }
      insertBefore(ring, listener);
    },
    remove,
  };
}

/** Its own neighbour where nobody listens. */
class Ring extends AbortListener {
  constructor() {
    super();
    this.previous = this;
    this.following = this;
  }

  /** Tells everyone, who then listens no more; some leave when others are told. */
  onAbort(): void {
    for (;;) {
      const { following } = this;
      if (following === undefined || following === this) return;
      remove(following);
      following.onAbort();
    }
  }
}

function insertBefore(ring: AbortListener, listener: AbortListener): void {
  const { previous = ring } = ring;
  listener.previous = previous;
  listener.following = ring;
  previous.following = listener;
  ring.previous = listener;
}

/** Nothing is left that points from it to its former neighbours. */
function remove(listener: AbortListener): void {
  const { previous, following } = listener;
  if (previous === undefined || following === undefined) return;
  previous.following = following;
  following.previous = previous;
  listener.previous = undefined;
  listener.following = undefined;
}
