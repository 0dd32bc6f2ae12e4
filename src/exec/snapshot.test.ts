import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isBuilt, runKilled } from './pages/test-kill.ts';
import { LAB_TIME, type Lab, openLab, readAll } from './pages/test-lab.ts';
import { clearFinished, type SnapshotManifest, takeSnapshot } from './snapshot.ts';

const RELATIONS = ['okta.user.users', 'okta.group.users', 'okta.group.groups'];
/** The page being stored, and the one after it, which is asked for ahead; calls go one by one here. */
const IN_FLIGHT = 2;

let lab: Lab;
let home: string;
let requests: number;
let whole: readonly number[];
beforeAll(async () => {
  lab = await openLab(450);
  home = mkdtempSync(join(tmpdir(), 'orgql-snapshot-'));
  writeFileSync(
    join(home, 'orgql.yaml'),
    `default_org: lab\norgs:\n  lab: { org_url: ${lab.url}, token: "${lab.token}", max_concurrency: 1 }\n`,
  );
  const manifest = await snapshot(join(home, 'whole'), false);
  whole = manifest.files.map(({ rows }) => rows);
  requests = lab.taken().length;
});
afterAll(async () => {
  await lab.close();
  rmSync(home, { recursive: true, force: true });
});

async function snapshot(directory: string, isResumed: boolean): Promise<SnapshotManifest> {
  const session = await lab.open(undefined, LAB_TIME, [directory]);
  try {
    return await takeSnapshot(session, {
      relations: RELATIONS,
      directory,
      org: 'lab',
      isResumed,
      now: LAB_TIME,
      options: { leaveOutSecrets: true },
    });
  } finally {
    await session.close();
    await clearFinished(directory);
  }
}

const named = (directory: string): string[] =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
        (name) => name.endsWith('.parquet') && !name.startsWith('.unfinished'),
      )
    : [];

// The first two renames are that of the time of its beginning and of the first file; the last is that of the manifest.
test
  .skipIf(!isBuilt)
  .each([
    '3:half',
    `${4 + Math.floor(Math.random() * 30)}:after`,
    'rename:2:before',
    'rename:3:after',
    'rename:5:before',
    'rename:5:after',
  ])('a snapshot that is killed at %s goes on, whole and with no more requests than were under way', { timeout: 60_000 }, async (point) => {
  const directory = mkdtempSync(join(home, 'taken-'));
  expect(await runKilled(['snapshot', ...RELATIONS, '--to', directory, '--config', join(home, 'orgql.yaml')], point, home)).toBe('SIGKILL');
  const before = lab.taken().length;
  // No file has its name before all are complete.
  expect(named(directory).length).toBe(/rename:[35]/.test(point) ? (point.includes(':3') ? 2 : 3) : 0);
  const manifest = await snapshot(directory, true);
  const after = lab.taken().length;
  expect(manifest.files.map(({ rows }) => rows)).toEqual(whole);
  expect(manifest.files.every(({ receipt }) => receipt.complete)).toBe(true);
  expect(before + after).toBeLessThanOrEqual(requests + IN_FLIGHT);
  expect(named(directory).length).toBe(3);
  expect(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'))).toEqual(manifest);
  expect(existsSync(join(directory, '.unfinished'))).toBe(false);
});

test('an interrupted snapshot is not begun anew without a word', async () => {
  const directory = join(home, 'interrupted');
  lab.intercept = (_, path) => (path.includes('after=') ? { status: 403, body: '{"errorCode":"E0000006"}' } : undefined);
  await expect(snapshot(directory, false)).rejects.toMatchObject({ hint: expect.stringContaining('run the same command with --resume') });
  lab.intercept = undefined;
  expect(named(directory)).toEqual([]);
  await expect(snapshot(directory, false)).rejects.toMatchObject({ code: 'usage' });
});

test('an interrupted snapshot whose cursor has expired asks for what is missing, and the refused cursor is all that it costs', async () => {
  const directory = join(home, 'expired');
  let answered = 0;
  lab.intercept = () => (++answered > 2 ? { status: 403, body: '{"errorCode":"E0000006"}' } : undefined);
  await expect(snapshot(directory, false)).rejects.toMatchObject({ code: 'permission_denied' });
  lab.taken();
  let isFirst = true;
  lab.intercept = (_, path) => {
    const refuses = isFirst && path.includes('after=');
    isFirst = false;
    return refuses ? { status: 400, body: '{"errorCode":"E0000031","errorSummary":"Invalid search criteria."}' } : undefined;
  };
  const manifest = await snapshot(directory, true);
  lab.intercept = undefined;
  expect(manifest.files.map(({ rows }) => rows)).toEqual(whole);
  expect(manifest.files[0]?.receipt.relations[0]?.notices).toContainEqual(expect.stringContaining('by a range over created'));
  expect(lab.taken().length).toBe(requests - 2 + 1);
});

test('what a finished snapshot left behind is not taken for what the next one reads', async () => {
  const directory = join(home, 'left');
  const first = await lab.open(undefined, LAB_TIME, [directory]);
  await takeSnapshot(first, { relations: RELATIONS, directory, org: 'lab', isResumed: false, now: LAB_TIME, options: {} });
  // Killed before its session was closed: the pages lie there still.
  const kept = join(home, 'kept');
  mkdirSync(kept);
  cpSync(join(directory, '.unfinished'), kept, { recursive: true });
  await first.close();
  rmSync(join(directory, '.unfinished'), { recursive: true, force: true });
  cpSync(kept, join(directory, '.unfinished'), { recursive: true });
  rmSync(join(directory, '.unfinished', 'lock'), { force: true });
  lab.taken();
  const manifest = await snapshot(directory, false);
  expect(lab.taken().length).toBe(requests);
  expect(manifest.files.map(({ rows }) => rows)).toEqual(whole);
});

test('the snapshot of a relation has the rows that the relation has', async () => {
  const directory = join(home, 'read');
  await snapshot(directory, false);
  const session = await lab.open(undefined, LAB_TIME, [directory]);
  const file = join(directory, named(directory).find((name) => name.includes('okta.user.users')) ?? '');
  const stored = await readAll(session, `SELECT id, status FROM read_parquet('${file}') ORDER BY id`, { allowFiles: true });
  const live = await readAll(session, 'SELECT id, status FROM okta.user.users ORDER BY id');
  await session.close();
  expect(stored.rows).toEqual(live.rows);
});
