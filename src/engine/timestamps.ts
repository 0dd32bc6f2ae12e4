const MICROS_PER_MS = 1000n;
/** The largest distance from 1970 that `Date` can show, in microseconds. */
const DATE_LIMIT = 8_640_000_000_000_000n * MICROS_PER_MS;
const INFINITY = 9_223_372_036_854_775_807n;

/** RFC 3339 text of a TIMESTAMPTZ: milliseconds and `Z`; six decimals where the microseconds need them. Beyond `Date`'s years: the engine's own words. */
export function zonedText(micros: bigint, engineText: () => string): string {
  const instant = isoText(micros);
  return instant === undefined ? special(micros, engineText) : instant;
}

/** Text of a TIMESTAMP without zone as the engine writes it: `2025-09-22 07:00:23` with as many decimals as needed. */
export function plainText(micros: bigint, engineText: () => string): string {
  return isSpecial(micros) ? special(micros, engineText) : engineText();
}

const DAY_MS = 86_400_000;
const TWO = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));
const THREE = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

/** Texts of whole milliseconds, as `Date.toISOString` gives them, in a third of its time: a column has few days. Made once per result. */
export function isoWriter(): (ms: number) => string {
  const days = new Map<number, string>();
  return (ms) => {
    const day = Math.floor(ms / DAY_MS);
    let date = days.get(day);
    if (date === undefined) {
      if (days.size >= 10_000) days.clear();
      date = new Date(day * DAY_MS).toISOString().slice(0, -13);
      days.set(day, date);
    }
    const rest = ms - day * DAY_MS;
    const seconds = Math.floor(rest / 1000);
    const minutes = Math.floor(seconds / 60);
    return `${date}${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${THREE[rest % 1000]}Z`;
  };
}

function isoText(micros: bigint): string | undefined {
  if (micros > DATE_LIMIT || micros < -DATE_LIMIT) return undefined;
  // Numbers are exact up to 2^53 microseconds, the year 2255: the common case needs no further bigint.
  if (micros >= -9_007_199_254_740_991n && micros <= 9_007_199_254_740_991n) {
    const whole = Number(micros);
    const rest = ((whole % 1000) + 1000) % 1000;
    return withMicros(new Date((whole - rest) / 1000).toISOString(), rest);
  }
  const rest = ((micros % MICROS_PER_MS) + MICROS_PER_MS) % MICROS_PER_MS;
  return withMicros(new Date(Number((micros - rest) / MICROS_PER_MS)).toISOString(), Number(rest));
}

function withMicros(iso: string, rest: number): string {
  return rest === 0 ? iso : `${iso.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

function isSpecial(micros: bigint): boolean {
  return micros === INFINITY || micros === -INFINITY;
}

function special(micros: bigint, engineText: () => string): string {
  if (micros === INFINITY) return 'infinity';
  return micros === -INFINITY ? '-infinity' : engineText();
}
