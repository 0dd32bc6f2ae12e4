/** How far the API's clock is ahead of ours, between two bounds that every answer narrows. */
export interface ClockSkew {
  readonly observe: (date: number, sentAt: number, receivedAt: number) => void;
  /** The local time from which on the API's clock surely shows `serverTime` plus one second, the grain of its `Date` and `Reset`. */
  readonly surelyPast: (serverTime: number) => number;
}

/**
 * `Date` is cut to whole seconds: when it was written, the API's clock stood between `date` and `date` + 1 s, and that was between
 * sending and receiving. One answer gives the wait `Reset - Date + 1 s`; further ones take up to a second off that.
 */
export function createClockSkew(): ClockSkew {
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  return {
    observe: (date, sentAt, receivedAt) => {
      const lower = date - receivedAt;
      const upper = date + 1000 - sentAt;
      least = Math.max(least, lower);
      most = Math.min(most, upper);
      // One of the clocks was set: what was known before is void.
      if (least > most) {
        least = lower;
        most = upper;
      }
    },
    surelyPast: (serverTime) => serverTime + 1000 - (Number.isFinite(least) ? least : 0),
  };
}
