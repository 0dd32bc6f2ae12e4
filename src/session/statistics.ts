import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Statistics } from '../exec/environment.ts';

interface RowCount {
  readonly rows: number;
  readonly at: number;
}

export interface StatisticsStore extends Statistics {
  /** Writes what was learnt, if there is a file. Counts are estimates: a file that cannot be written is no error. */
  readonly save: () => void;
}

/** Row counts per org and relation, in a file (mode 0600), or in memory where there is none. The file is read at first use. */
export function openStatistics(file: string | undefined, now: () => number): StatisticsStore {
  let counts: Map<string, RowCount> | undefined;
  const learnt = new Map<string, RowCount>();
  const known = (): Map<string, RowCount> => {
    counts ??= file === undefined ? new Map() : readCounts(file);
    return counts;
  };
  return {
    rows: (org, relation, predicate) => known().get(keyOf(org, relation, predicate)),
    record: (org, relation, predicate, rows) => {
      const count = { rows, at: now() };
      known().set(keyOf(org, relation, predicate), count);
      learnt.set(keyOf(org, relation, predicate), count);
    },
    save: () => {
      if (file === undefined || learnt.size === 0) return;
      // Another process may have learnt something too, so the file is read again.
      const merged = new Map([...readCounts(file), ...learnt]);
      learnt.clear();
      const beside = `${file}.${process.pid}.tmp`;
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(beside, JSON.stringify({ version: 1, counts: Object.fromEntries(merged) }), { mode: 0o600 });
        renameSync(beside, file);
      } catch {
        // The next session estimates without them.
      }
    },
  };
}

function keyOf(org: string, relation: string, predicate: string): string {
  return `${org}\n${relation}\n${predicate}`;
}

function readCounts(file: string): Map<string, RowCount> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (
      typeof content !== 'object' ||
      content === null ||
      !('counts' in content) ||
      typeof content.counts !== 'object' ||
      content.counts === null
    )
      return new Map();
    return new Map(Object.entries(content.counts).filter((entry): entry is [string, RowCount] => isRowCount(entry[1])));
  } catch {
    // Absent or damaged: nothing is known.
    return new Map();
  }
}

function isRowCount(value: unknown): value is RowCount {
  return (
    typeof value === 'object' &&
    value !== null &&
    'rows' in value &&
    typeof value.rows === 'number' &&
    'at' in value &&
    typeof value.at === 'number'
  );
}
