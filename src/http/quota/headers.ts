/** What an answer says of its bucket. Times are the API's own clock, epoch milliseconds. */
export interface RateObservation {
  /** Requests that the window allows. 0 with status 429: too many at once, which says nothing of the bucket. */
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly resetsAt: number | undefined;
  readonly date: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Header families: Okta's, the common one, the draft standard's; per-request ones before per-token ones. */
const FAMILIES = [
  { limit: 'x-rate-limit-limit', remaining: 'x-rate-limit-remaining', reset: 'x-rate-limit-reset' },
  { limit: 'x-ratelimit-limit', remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' },
  { limit: 'x-ratelimit-limit-requests', remaining: 'x-ratelimit-remaining-requests', reset: 'x-ratelimit-reset-requests' },
  { limit: 'ratelimit-limit', remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' },
] as const;

/** Reads whichever rate-limit headers an answer carries. One for each API, since answers of the same second share their times. */
export interface RateHeaderReader {
  readonly read: (headers: Readonly<Record<string, string>>, receivedAt: number) => RateObservation;
}

export function createRateHeaderReader(): RateHeaderReader {
  let dateText: string | undefined;
  let date: number | undefined;
  return {
    read: (headers, receivedAt) => {
      if (headers.date !== dateText) {
        dateText = headers.date;
        date = dateOf(dateText);
      }
      const family = FAMILIES.find((one) => headers[one.limit] !== undefined || headers[one.remaining] !== undefined);
      return {
        limit: family === undefined ? undefined : count(headers[family.limit]),
        remaining: family === undefined ? undefined : count(headers[family.remaining]),
        resetsAt: family === undefined ? undefined : resetOf(headers[family.reset], date ?? receivedAt),
        date,
        retryAfterMs: retryAfter(headers['retry-after'], date ?? receivedAt),
      };
    },
  };
}

/** Reads the rate-limit headers of one answer. */
export function readRateHeaders(headers: Readonly<Record<string, string>>, receivedAt: number): RateObservation {
  return createRateHeaderReader().read(headers, receivedAt);
}

// `100`, `100, 100;w=60`: the first number. A list of different values would mean several limits; the first is the one that binds.
function count(text: string | undefined): number | undefined {
  const match = /^\s*(\d+)/.exec(text ?? '');
  return match === null ? undefined : Number(match[1]);
}

// Epoch seconds (Okta, GitHub), epoch milliseconds, seconds from now (the draft), or a duration such as `1m30s` or `120ms`.
function resetOf(text: string | undefined, serverNow: number): number | undefined {
  if (text === undefined) return undefined;
  const first = (text.split(',')[0] ?? '').trim();
  if (/^\d+(\.\d+)?$/.test(first)) {
    const value = Number(first);
    if (value > 1e11) return value;
    return value > 1e8 ? value * 1000 : serverNow + value * 1000;
  }
  if (/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(first)) {
    let ms = 0;
    for (const [, amount, , unit] of first.matchAll(/(\d+(\.\d+)?)(ms|h|m|s)/g))
      ms += Number(amount) * (unit === 'h' ? 3_600_000 : unit === 'm' ? 60_000 : unit === 's' ? 1000 : 1);
    return serverNow + ms;
  }
  return dateOf(first);
}

function retryAfter(text: string | undefined, serverNow: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000;
  const date = dateOf(text);
  return date === undefined ? undefined : Math.max(0, date - serverNow);
}

function dateOf(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isFinite(value) ? value : undefined;
}
