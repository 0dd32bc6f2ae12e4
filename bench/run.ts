/**
 * `npm run bench [part ...]`: measures the build in `dist/` and prints a table, then the same as JSON. Every ratio is to a baseline of the same
 * run; the baselines are in `contenders/`. Parts: scan, lookups, export, start-up, emulator, calls; and quota, which takes three minutes of waiting
 * and runs only when it is named. Exit status 1 where a target is missed.
 */
import { cpus } from 'node:os';
import { measureCalls } from './calls.ts';
import { measureEmulator } from './emulator-speed.ts';
import { measureExport } from './export.ts';
import { type Figure, meets, table } from './figures.ts';
import { measureLookups } from './lookups.ts';
import { measureQuota } from './quota.ts';
import { isFullScale, ROUNDS } from './scale.ts';
import { measureScan } from './scan.ts';
import { measureStartUp } from './start-up.ts';

const PARTS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  scan: measureScan,
  lookups: measureLookups,
  export: measureExport,
  'start-up': measureStartUp,
  emulator: measureEmulator,
  quota: measureQuota,
  calls: measureCalls,
};
/** Parts that run only when they are named. */
const ON_DEMAND = new Set(['quota']);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}: they are ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.length === 0 ? ON_DEMAND.has(name) : !wanted.includes(name)) continue;
  console.error(`${name} ...`);
  figures.push(...(await measure()));
}
const machine = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
};
console.log(`${table(figures)}\n`);
console.log(
  JSON.stringify(
    { machine, rounds: ROUNDS, isFullScale, figures: figures.map((figure) => ({ ...figure, met: meets(figure) })) },
    undefined,
    2,
  ),
);
// A small run finds faults in the bench, and says nothing about the targets.
process.exit(isFullScale && figures.some((figure) => !meets(figure)) ? 1 : 0);
