import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Catalog } from '../catalog/types.ts';
import { OrgqlError } from '../util/errors.ts';
import { lockFolder } from './pages/lock.ts';
import { snapshotQuery } from './snapshot-query.ts';
import type { Cursor, ExecuteOptions, Receipt } from './types.ts';

/** What a snapshot needs of a session. */
export interface SnapshotSession {
  readonly catalog: Catalog;
  readonly execute: (sql: string, options?: ExecuteOptions) => AsyncIterable<Cursor>;
}

export interface SnapshotRequest {
  readonly relations: readonly string[];
  readonly directory: string;
  readonly org: string;
  /** Go on with a snapshot that was interrupted. */
  readonly isResumed: boolean;
  readonly now: number;
  readonly options: ExecuteOptions;
  readonly onRelation?: (relation: string, rows: number) => void;
}

/** One file of a snapshot, as the manifest names it. */
export interface SnapshotFile {
  readonly relation: string;
  /** Below the snapshot's folder. */
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly string[];
  readonly leftOut: readonly string[];
  readonly takenAt: string;
  readonly receipt: Receipt;
}

export interface SnapshotManifest {
  readonly version: 1;
  readonly files: readonly SnapshotFile[];
}

const UNFINISHED = '.unfinished';

/**
 * Reads relations whole into `org=/relation=/day=/snapshot.parquet` below a folder. Files have their names, and the manifest is
 * written, when all are complete; an interrupted snapshot goes on where it was. Several snapshots may share the folder.
 */
export async function takeSnapshot(session: SnapshotSession, request: SnapshotRequest): Promise<SnapshotManifest> {
  const { directory } = request;
  const unfinished = join(directory, UNFINISHED);
  const queries = [];
  for (const name of request.relations) {
    const relation = await session.catalog.relation(...threeParts(name));
    queries.push({ relation: relation.id, ...snapshotQuery(relation, request.org) });
  }
  if (existsSync(join(unfinished, 'begun.json')) && !request.isResumed) {
    throw new OrgqlError('usage', `${directory} holds a snapshot that was interrupted`, {
      hint: `Go on with --resume, or remove ${unfinished} to begin anew.`,
    });
  }
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(unfinished);
  try {
    // What a finished snapshot left, killed as it cleared up, is not of this one.
    if (!existsSync(join(unfinished, 'begun.json'))) await rm(join(unfinished, 'progress'), { recursive: true, force: true });
    const takenAt = await beginning(unfinished, request.now);
    const day = takenAt.slice(0, 10);
    const places = queries.map(({ relation }) =>
      join(`org=${encodeURIComponent(request.org)}`, `relation=${relation}`, `day=${day}`, 'snapshot.parquet'),
    );
    for (const place of places) await mkdir(dirname(join(unfinished, place)), { recursive: true, mode: 0o700 });
    const script = queries
      .map(
        ({ sql }, index) =>
          `COPY (${sql}) TO '${join(unfinished, places[index] ?? '').replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
      )
      .join(';\n');
    const files: SnapshotFile[] = [];
    for await (const cursor of session.execute(script, {
      ...request.options,
      allowFiles: true,
      resumeDirectory: join(unfinished, 'progress'),
      howToResume: 'To go on from there, run the same command with --resume.',
    })) {
      for await (const _ of cursor.batches) {
        // COPY gives no rows.
      }
      const query = queries[files.length];
      const file = places[files.length];
      if (query === undefined || file === undefined) break;
      const receipt = cursor.receipt();
      const { size } = await stat(join(unfinished, file));
      files.push({
        relation: query.relation,
        file,
        rows: receipt.rows,
        bytes: size,
        columns: query.columns,
        leftOut: query.leftOut,
        takenAt,
        receipt: { ...receipt, statement: query.sql },
      });
      request.onRelation?.(query.relation, receipt.rows);
    }
    if (!files.every(({ receipt }) => receipt.complete))
      throw new OrgqlError('partial_result', 'The snapshot is incomplete, so none of its files was given its name', {
        hint: 'Go on with --resume.',
      });
    return await publish(directory, unfinished, files);
  } finally {
    await unlock();
  }
}

/** Every file gets its name, then the manifest says so, then what was kept for going on is removed. */
async function publish(directory: string, unfinished: string, files: readonly SnapshotFile[]): Promise<SnapshotManifest> {
  for (const { file } of files) {
    await sync(join(unfinished, file));
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await rename(join(unfinished, file), join(directory, file));
  }
  const path = join(directory, 'manifest.json');
  const replaced = new Set(files.map(({ file }) => file));
  const manifest: SnapshotManifest = { version: 1, files: [...(await filesOf(path)).filter(({ file }) => !replaced.has(file)), ...files] };
  const handle = await open(`${path}.part`, 'w');
  try {
    await handle.writeFile(`${JSON.stringify(manifest, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.part`, path);
  await rm(join(unfinished, 'begun.json'), { force: true });
  return manifest;
}

/** Removes what an ended snapshot kept for going on, once the session that made it is closed. */
export async function clearFinished(directory: string): Promise<void> {
  const unfinished = join(directory, UNFINISHED);
  if (!existsSync(join(unfinished, 'begun.json'))) await rm(unfinished, { recursive: true, force: true });
}

async function filesOf(path: string): Promise<readonly SnapshotFile[]> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const content: unknown = JSON.parse(text);
  return typeof content === 'object' && content !== null && 'files' in content && Array.isArray(content.files)
    ? (content.files as SnapshotFile[])
    : [];
}

/** When the snapshot began: its day, and what now() means in it, are those of its first run. */
async function beginning(unfinished: string, now: number): Promise<string> {
  const path = join(unfinished, 'begun.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const content: unknown = text === undefined ? undefined : JSON.parse(text);
  if (typeof content === 'object' && content !== null && 'takenAt' in content && typeof content.takenAt === 'string')
    return content.takenAt;
  const takenAt = new Date(now).toISOString();
  const handle = await open(`${path}.part`, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify({ takenAt }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.part`, path);
  return takenAt;
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function threeParts(name: string): [string, string, string] {
  const parts = name.split('.');
  const [provider = '', service = '', resource = ''] = parts.length === 2 ? ['okta', ...parts] : parts;
  if (parts.length < 2 || parts.length > 3)
    throw new OrgqlError('usage', `${name} is no relation`, { hint: 'Name it as provider.service.resource, such as okta.user.users.' });
  return [provider, service, resource];
}
