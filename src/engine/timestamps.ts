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
