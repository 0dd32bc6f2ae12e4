import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RowChange, Statistics } from '../exec/environment.ts';
import type { Synopsis, SynopsisRow } from '../exec/synopsis.ts';

interface RowCount {
  readonly rows: number;
  readonly at: number;
}

/** What counts of added rows are kept under, alone and with a parent. */
const ADDED = '#added';

export interface StatisticsStore extends Statistics {
  /** Writes what was learnt, if there is a file. Counts are estimates: a file that cannot be written is no error. */
  readonly save: () => void;
}

/**
 * Row counts per org and relation in a file, and beside it a folder of what `org analyze` kept, all of mode 0600; in memory where
 * there is no file. The file is read at first use.
 */
export function openStatistics(file: string | undefined, now: () => number): StatisticsStore {
  let counts: Map<string, RowCount> | undefined;
  const learnt = new Map<string, RowCount>();
  const synopses = new Map<string, Synopsis | undefined>();
  /** Rows of synopses that this session has changed and not yet written. */
  const changed = new Map<string, SynopsisRow[]>();
  const known = (): Map<string, RowCount> => {
    counts ??= file === undefined ? new Map() : readCounts(file);
    return counts;
  };
  const set = (org: string, relation: string, predicate: string, rows: number, at = now()): void => {
    const count = { rows, at };
    known().set(keyOf(org, relation, predicate), count);
    learnt.set(keyOf(org, relation, predicate), count);
  };
  const get = (org: string, relation: string, predicate: string): number | undefined => known().get(keyOf(org, relation, predicate))?.rows;
  /** Predicates that a relation has counts under, with the beginning of a kind. */
  const predicates = (org: string, relation: string, kind: string): string[] => {
    const start = keyOf(org, relation, '');
    return [...known().keys()].filter((key) => key.startsWith(`${start}${kind}`)).map((key) => key.slice(start.length));
  };
  const counted = (org: string, relation: string): void => {
    for (const predicate of predicates(org, relation, ADDED)) if (get(org, relation, predicate) !== 0) set(org, relation, predicate, 0);
  };
  const kept = (org: string, relation: string): Synopsis | undefined => {
    const key = keyOf(org, relation, '');
    if (!synopses.has(key)) synopses.set(key, file === undefined ? undefined : readSynopsis(placeOf(file, org, relation)));
    return synopses.get(key);
  };
  /** Puts a row to those that are kept of a list, or takes it away. A sample stays, and goes by its total. */
  const changeRows = (org: string, relation: string, { rows: count, row, gone }: RowChange): boolean => {
    const synopsis = kept(org, relation);
    if (synopsis === undefined || synopsis.sizes !== undefined) return false;
    const key = keyOf(org, relation, '');
    // Copied once: a statement may add thousands.
    const own = changed.get(key) ?? [...synopsis.rows];
    const isSample = synopsis.total > 1.5 * own.length && own.length > 0;
    if (row !== undefined && !isSample) own.push(row);
    const place = gone === undefined || isSample ? -1 : own.findIndex((candidate) => candidate[gone.column] === gone.value);
    if (place >= 0) own.splice(place, 1);
    changed.set(key, own);
    synopses.set(key, { ...synopsis, total: Math.max(0, synopsis.total + count), rows: own });
    return true;
  };
  return {
    rows: (org, relation, predicate) => {
      const count = known().get(keyOf(org, relation, predicate));
      return count === undefined ? undefined : { ...count, rows: Math.round(count.rows) };
    },
    record: (org, relation, predicate, rows) => {
      if (predicate === '') counted(org, relation);
      set(org, relation, predicate, rows);
    },
    adjust: (org, relation, change) => {
      const { rows, parent } = change;
      set(org, relation, ADDED, (get(org, relation, ADDED) ?? 0) + rows);
      if (parent !== undefined) {
        set(org, relation, `${ADDED} ${parent}`, (get(org, relation, `${ADDED} ${parent}`) ?? 0) + rows);
        return;
      }
      const isKept = changeRows(org, relation, change);
      const whole = get(org, relation, '');
      if (whole === undefined) return;
      const grown = Math.max(0, whole + rows);
      for (const predicate of predicates(org, relation, '')) {
        if (predicate.startsWith('#') || predicate === '' || whole === 0) continue;
        // The rows that are kept tell which filters a new one passes; without them a share of all is the best guess.
        const at = isKept ? 0 : now();
        set(org, relation, predicate, ((get(org, relation, predicate) ?? 0) * grown) / whole, at);
      }
      set(org, relation, '', grown);
    },
    added: (org, relation) => get(org, relation, ADDED) ?? 0,
    synopsis: (org, relation) => {
      const synopsis = kept(org, relation);
      if (synopsis?.sizes === undefined) return synopsis;
      const added = predicates(org, relation, `${ADDED} `).flatMap((predicate) => {
        const parent = predicate.slice(ADDED.length + 1);
        const [rows = 0, size] = [get(org, relation, predicate), synopsis.sizes?.[parent]];
        // A parent that was not looked at has more than what was added to it.
        return rows === 0 || size === undefined ? [] : [[parent, Math.max(0, size + rows)] as const];
      });
      return added.length === 0 ? synopsis : { ...synopsis, sizes: { ...synopsis.sizes, ...Object.fromEntries(added) } };
    },
    keep: (org, synopsis) => {
      const key = keyOf(org, synopsis.relation, '');
      counted(org, synopsis.relation);
      changed.delete(key);
      synopses.set(key, synopsis);
      if (file !== undefined) writeSynopsis(file, org, synopsis);
    },
    save: () => {
      if (file === undefined) return;
      for (const key of changed.keys()) {
        const synopsis = synopses.get(key);
        if (synopsis !== undefined) writeSynopsis(file, key.split('\n')[0] ?? '', synopsis);
      }
      changed.clear();
      if (learnt.size === 0) return;
      // Another process may have learnt something too, so the file is read again.
      const merged = new Map([...readCounts(file), ...learnt]);
      learnt.clear();
      write(file, JSON.stringify({ version: 1, counts: Object.fromEntries(merged) }));
    },
  };
}

function write(file: string, content: string | Uint8Array): void {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(beside, content, { mode: 0o600 });
    renameSync(beside, file);
  } catch {
    // The next session estimates without it.
  }
}

function writeSynopsis(file: string, org: string, synopsis: Synopsis): void {
  write(placeOf(file, org, synopsis.relation), gzipSync(JSON.stringify({ version: 1, synopsis })));
}

function keyOf(org: string, relation: string, predicate: string): string {
  return `${org}\n${relation}\n${predicate}`;
}

/** The org's name may hold what a file's name may not. */
function placeOf(file: string, org: string, relation: string): string {
  const folder = createHash('sha256').update(org).digest('hex').slice(0, 16);
  return join(dirname(file), 'statistics', folder, `${relation.replaceAll(/[^\w.-]/g, '_')}.json.gz`);
}

function readSynopsis(place: string): Synopsis | undefined {
  try {
    const content: unknown = JSON.parse(gunzipSync(readFileSync(place)).toString());
    if (typeof content !== 'object' || content === null || !('version' in content) || content.version !== 1 || !('synopsis' in content))
      return undefined;
    const { synopsis } = content;
    return isSynopsis(synopsis) ? synopsis : undefined;
  } catch {
    // Absent or damaged: nothing is known.
    return undefined;
  }
}

function isSynopsis(value: unknown): value is Synopsis {
  return (
    typeof value === 'object' &&
    value !== null &&
    'relation' in value &&
    typeof value.relation === 'string' &&
    'total' in value &&
    typeof value.total === 'number' &&
    'takenAt' in value &&
    typeof value.takenAt === 'number' &&
    'rows' in value &&
    Array.isArray(value.rows) &&
    'columns' in value &&
    Array.isArray(value.columns) &&
    'leftOut' in value &&
    typeof value.leftOut === 'object' &&
    value.leftOut !== null
  );
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
