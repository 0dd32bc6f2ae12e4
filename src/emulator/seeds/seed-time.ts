import type { Org } from '../org.ts';
import { wholeSecond } from '../time.ts';

/** The time that a seed is laid around: read once, as the clock runs on while the seed is made. */
export function seedTime(org: Org): number {
  return org.value('seedTime', () => wholeSecond(org.clock.now())).value;
}
