/**
 * Sizes of a run. `ORGQL_BENCH_SCALE` (0 to 1, default 1) shrinks every count, for trying the bench itself; `ORGQL_BENCH_ROUNDS` sets how often
 * each contender runs, `ORGQL_BENCH_DIST` which build is measured.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const scale = Math.min(1, Math.max(0.0005, Number(process.env.ORGQL_BENCH_SCALE ?? '1') || 1));

/** Counted rounds of each contender, after one that only warms up. Node compiles for some four more, and rounds differ by a tenth: of few of them the median is not the same twice. */
export const ROUNDS = Math.max(1, Math.trunc(Number(process.env.ORGQL_BENCH_ROUNDS ?? '15')) || 15);

/** The build under test. */
export const DIST = resolve(process.env.ORGQL_BENCH_DIST ?? fileURLToPath(new URL('../dist', import.meta.url)));

/** The built command line. */
export const CLI = resolve(DIST, 'cli/main.js');

/** Whether the sizes are those that the targets are for. */
export const isFullScale = scale === 1;

/** A count at the present scale. */
export function scaled(count: number): number {
  return Math.max(1, Math.round(count * scale));
}
