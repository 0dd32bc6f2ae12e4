import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LAB_TIME, type Lab, openLab, readAll, readCursor } from './test-lab.ts';

/** Pages of all users. */
const PAGES = 4;
let lab: Lab;
let directory: string;
beforeEach(async () => {
  lab = await openLab(450);
  directory = mkdtempSync(join(tmpdir(), 'orgql-test-'));
});
afterEach(async () => {
  await lab.close();
  rmSync(directory, { recursive: true, force: true });
});

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('identical calls', () => {
  test('of one statement are made once, also where other columns are wanted', async () => {
    const session = await lab.open();
    const { rows, receipt } = await readAll(
      session,
      'SELECT count(*) FROM okta.group.groups a JOIN okta.group.groups b ON a.id = b.id WHERE b.profile.name IS NOT NULL',
    );
    await session.close();
    expect(lab.taken().filter((request) => request.includes('/groups')).length).toBe(1);
    expect(rows.length).toBe(1);
    expect(receipt.cacheHits).toBe(1);
    expect(receipt.relations.map(({ source, requests }) => [source, requests])).toEqual([
      ['live', 1],
      ['cache', 0],
    ]);
  });

  test('of one script are made once', async () => {
    const session = await lab.open();
    const results = [];
    for await (const cursor of session.execute('SELECT id FROM okta.group.groups; SELECT profile.name FROM okta.group.groups'))
      results.push(await readCursor(cursor));
    await session.close();
    expect(lab.taken().length).toBe(1);
    expect(results[0]?.rows.length).toBe(results[1]?.rows.length);
    expect(results.map(({ receipt }) => [receipt.complete, receipt.requests, receipt.cacheHits])).toEqual([
      [true, 1, 0],
      [true, 0, 1],
    ]);
  });

  test('are made again after a write of the script', async () => {
    const session = await lab.open();
    const counts = [];
    const script = `SELECT count(*) FROM okta.group.groups; INSERT INTO okta.group.groups (data__profile) SELECT '{"name":"New"}'; SELECT count(*) FROM okta.group.groups`;
    for await (const cursor of session.execute(script)) counts.push((await readCursor(cursor)).rows);
    await session.close();
    const [before, , after] = counts.map(([row]) => Number(JSON.parse(row ?? '[0]')[0]));
    expect(after).toBe((before ?? 0) + 1);
  });
});

describe('the cache', () => {
  const SQL = 'SELECT id, status FROM okta.user.users ORDER BY id';
  const maxAgeMs = 600_000;

  test('answers a later session, and the receipt says so', async () => {
    const first = await lab.open(directory);
    const fresh = await readAll(first, SQL, { maxAgeMs });
    await first.close();
    const asked = lab.taken().length;
    const second = await lab.open(directory);
    const { rows, receipt, notices } = await readAll(second, SQL, { maxAgeMs });
    await second.close();
    expect(asked).toBe(PAGES);
    expect(lab.taken()).toEqual([]);
    expect(rows).toEqual(fresh.rows);
    expect([receipt.complete, receipt.requests, receipt.cacheHits, receipt.relations[0]?.source]).toEqual([true, 0, 1, 'cache']);
    expect(receipt.relations[0]?.notices.at(-1)).toMatch(/^1 call was answered from the cache, \d+ s old$/);
    expect(notices).toContain('cached');
  });

  test('is readable by its owner alone', async () => {
    const session = await lab.open(directory);
    await readAll(session, SQL, { maxAgeMs });
    await session.close();
    const files = filesUnder(join(directory, 'cache'));
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600]);
    expect(statSync(join(directory, 'cache', 'pages')).mode & 0o077).toBe(0);
  });

  test('that cannot be written costs no answer, and the receipt says so', async () => {
    writeFileSync(join(directory, 'cache'), 'no folder');
    const session = await lab.open(directory);
    const { rows, receipt, notices } = await readAll(session, SQL, { maxAgeMs });
    await session.close();
    expect(rows.length).toBeGreaterThan(450);
    expect(receipt.complete).toBe(true);
    expect(notices).toContain('not_stored');
  });

  test('is not asked where the statement allows no age', async () => {
    const session = await lab.open(directory);
    await readAll(session, SQL, { maxAgeMs });
    lab.taken();
    await readAll(session, SQL, { maxAgeMs: 0 });
    await readAll(session, SQL);
    await session.close();
    expect(lab.taken().length).toBe(2 * PAGES);
  });

  test('ignores a file that was cut off, and says so', async () => {
    const session = await lab.open(directory);
    await readAll(session, SQL, { maxAgeMs });
    const [file = ''] = filesUnder(join(directory, 'cache'));
    truncateSync(file, statSync(file).size - 20);
    lab.taken();
    const { rows, notices } = await readAll(session, SQL, { maxAgeMs });
    await session.close();
    expect(lab.taken().length).toBe(PAGES);
    expect(rows.length).toBeGreaterThan(450);
    expect(notices).toContain('cache_ignored');
  });

  test('forgets an org that was written to, for every session', async () => {
    const first = await lab.open(directory);
    await readAll(first, SQL, { maxAgeMs });
    await readCursor(await first.query(`INSERT INTO okta.group.groups (data__profile) SELECT '{"name":"New"}'`));
    await first.close();
    lab.taken();
    const second = await lab.open(directory);
    await readAll(second, SQL, { maxAgeMs });
    await second.close();
    expect(lab.taken().length).toBe(PAGES);
  });

  test('of one org never answers for another, even one of the same name', async () => {
    const first = await lab.open(directory);
    await readAll(first, SQL, { maxAgeMs });
    await first.close();
    const other = await openLab(3);
    const second = await other.open(directory);
    const { rows, receipt } = await readAll(second, SQL, { maxAgeMs });
    await second.close();
    await other.close();
    expect([rows.length, receipt.cacheHits]).toEqual([323, 0]);
  });

  test('never holds a secret, nor answers a query that wants one', async () => {
    lab.intercept = (_, path) =>
      path.startsWith('/api/v1/apps')
        ? {
            status: 200,
            body: JSON.stringify([
              { id: '0oa1', credentials: { oauthClient: { client_id: 'c', client_secret: 'SECRET-42' } }, big: 'BIG' },
            ]).replace('"BIG"', '12345678901234567890'),
          }
        : undefined;
    const session = await lab.open(directory);
    const plain = 'SELECT id, label FROM okta.application.apps';
    const wanting = 'SELECT credentials.oauthClient.client_secret FROM okta.application.apps';
    await readAll(session, plain, { maxAgeMs });
    const stored = filesUnder(join(directory, 'cache'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('');
    lab.taken();
    const { rows, notices } = await readAll(session, wanting, { maxAgeMs });
    await session.close();
    expect(stored).toContain('"client_id":"c"');
    expect(stored).not.toContain('SECRET-42');
    expect(rows).toEqual(['["SECRET-42"]']);
    expect(notices).toContain('not_stored');
    expect(lab.taken().length).toBe(1);
  });
});

describe('a resumed run', () => {
  const SQL = 'SELECT id, profile.login AS login FROM okta.user.users WHERE created < now() - INTERVAL 1 SECOND';

  test('goes on after the last page whose cursor is known, and clears up at the end', async () => {
    const plain = await lab.open();
    const whole = await readAll(plain, SQL);
    await plain.close();
    lab.taken();
    let answered = 0;
    lab.intercept = () => (++answered > 2 ? { status: 400, body: '{"errorCode":"E0000001"}' } : undefined);
    const first = await lab.open();
    await expect(readAll(first, SQL, { resumeDirectory: directory })).rejects.toMatchObject({
      code: 'api_error',
      hint: expect.stringContaining(`--resume-dir ${directory}`),
    });
    await first.close();
    lab.intercept = undefined;
    const before = lab.taken();
    // An hour later: the statement still means the time at which it began.
    const second = await lab.open(undefined, LAB_TIME + 3_600_000);
    const resumed = await readAll(second, SQL, { resumeDirectory: directory });
    await second.close();
    const after = lab.taken();
    // A list that can be resumed comes in the order of its creation.
    expect(resumed.rows.toSorted()).toEqual(whole.rows.toSorted());
    expect(before.length + after.length).toBe(PAGES + 1);
    expect(after.length).toBe(PAGES - 2);
    expect(resumed.notices).toContain('resumed');
    expect(readdirSync(directory)).toEqual([]);
  });

  /** Runs a statement until its requests are refused from the `from`th on. */
  const interrupted = async (sql: string, from: number): Promise<void> => {
    let answered = 0;
    lab.intercept = () => (++answered >= from ? { status: 403, body: '{"errorCode":"E0000006"}' } : undefined);
    const session = await lab.open();
    await expect(readAll(session, sql, { resumeDirectory: directory })).rejects.toMatchObject({ code: 'permission_denied' });
    await session.close();
    lab.intercept = undefined;
    lab.taken();
  };
  /** Runs it again; the cursor that it has is refused. */
  const resumed = async (sql: string): Promise<Awaited<ReturnType<typeof readAll>> & { readonly taken: string[] }> => {
    let isFirst = true;
    lab.intercept = (_, path) => {
      const refuses = isFirst && path.includes('after=');
      isFirst = false;
      return refuses
        ? {
            status: 400,
            body: '{"errorCode":"E0000031","errorSummary":"Invalid search criteria.","errorCauses":[{"errorSummary":"Invalid cursor."}]}',
          }
        : undefined;
    };
    const session = await lab.open();
    const read = await readAll(session, sql, { resumeDirectory: directory });
    await session.close();
    return { ...read, taken: lab.taken() };
  };
  const wholeOf = async (sql: string): Promise<string[]> => {
    const session = await lab.open();
    const { rows } = await readAll(session, sql);
    await session.close();
    lab.taken();
    return rows.toSorted();
  };

  test('goes on by a range over created where the cursor has expired, with the same rows', async () => {
    const whole = await wholeOf(SQL);
    await interrupted(SQL, 4);
    const { rows, notices, taken } = await resumed(SQL);
    expect(rows.toSorted()).toEqual(whole);
    expect(notices).toContain('resume_by_range');
    // The refused cursor, and what was missing.
    expect(taken.length).toBe(1 + PAGES - 3);
    expect(taken[1]).toMatch(/search=\(created\+lt\+"[^"]+"\)\+and\+created\+gt\+"20/);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('goes on by a range more than once, also after a run that ended with the first page of the range', async () => {
    const whole = await wholeOf(SQL);
    await interrupted(SQL, 2);
    let answered = 0;
    lab.intercept = (_, path) =>
      path.includes('after=') || ++answered > 1 ? { status: 404, body: '{"errorCode":"E0000007"}' } : undefined;
    const session = await lab.open();
    await expect(readAll(session, SQL, { resumeDirectory: directory })).rejects.toMatchObject({ code: 'not_found' });
    await session.close();
    lab.taken();
    const { rows, notices, taken } = await resumed(SQL);
    expect(rows.toSorted()).toEqual(whole);
    expect(new Set(rows).size).toBe(rows.length);
    expect(notices).toContain('resume_by_range');
    // Two pages are there, and two are not.
    expect(taken.length).toBe(1 + 2);
  });

  test('reads events on from the time of the last', async () => {
    const sql = 'SELECT uuid, eventType FROM okta.log.logs';
    const whole = await wholeOf(sql);
    expect(whole.length).toBeGreaterThan(1000);
    await interrupted(sql, 2);
    const { rows, notices, taken } = await resumed(sql);
    expect(rows.toSorted()).toEqual(whole);
    expect(notices).toContain('resume_by_range');
    expect(taken.length).toBe(1 + Math.ceil(whole.length / 1000) - 1);
  });

  test('starts a list anew that was not asked for in a lasting order, with the same rows', async () => {
    // The plain list, which cannot be sorted.
    const sql = "SELECT id FROM okta.user.users WHERE status <> 'DEPROVISIONED'";
    const whole = await wholeOf(sql);
    await interrupted(sql, 2);
    const { rows, notices, taken } = await resumed(sql);
    expect(rows.toSorted()).toEqual(whole);
    expect(notices).toContain('resume_restarted');
    expect(taken.length).toBe(1 + Math.ceil(whole.length / 200));
  });

  test('keeps the order that the statement asks for', async () => {
    const session = await lab.open();
    await readAll(session, 'SELECT id FROM okta.user.users ORDER BY lastUpdated DESC LIMIT 5', { resumeDirectory: directory });
    await session.close();
    expect(lab.taken()[0]).toMatch(/sortBy=lastUpdated&sortOrder=desc/);
  });

  test('of another statement is left alone', async () => {
    lab.intercept = (_, path) => (path.includes('after=') ? { status: 403, body: '{}' } : undefined);
    const first = await lab.open();
    await expect(readAll(first, SQL, { resumeDirectory: directory })).rejects.toThrow();
    await first.close();
    lab.intercept = undefined;
    lab.taken();
    const second = await lab.open();
    await readAll(second, 'SELECT id FROM okta.group.groups', { resumeDirectory: directory });
    await second.close();
    expect(lab.taken().length).toBe(1);
    expect(readdirSync(directory).length).toBe(1);
  });

  test('is refused while another process has the folder', async () => {
    lab.intercept = (_, path) => (path.includes('after=') ? { status: 403, body: '{}' } : undefined);
    const first = await lab.open();
    await expect(readAll(first, SQL, { resumeDirectory: directory })).rejects.toThrow();
    await first.close();
    const [folder = ''] = readdirSync(directory);
    const { hostname } = await import('node:os');
    writeFileSync(join(directory, folder, 'lock'), `${process.ppid} ${hostname()}\n`);
    const second = await lab.open();
    await expect(readAll(second, SQL, { resumeDirectory: directory })).rejects.toMatchObject({ code: 'io_error' });
    await second.close();
  });

  test('of several calls keeps what was under way when the calls were at their limit', async () => {
    const session = await lab.open();
    const groups = (await readAll(session, 'SELECT id FROM okta.group.groups LIMIT 12')).rows.map((row) => `'${JSON.parse(row)[0]}'`);
    const sql = `SELECT groupId, id FROM okta.group.users WHERE groupId IN (${groups.join(', ')})`;
    const whole = await readAll(session, sql);
    await session.close();
    const all = lab.taken().length - 1;
    expect(all).toBeGreaterThanOrEqual(12);
    const first = await lab.open();
    await expect(readAll(first, sql, { resumeDirectory: directory, maxCalls: 5 })).rejects.toMatchObject({ code: 'limit_reached' });
    await first.close();
    expect(lab.taken().length).toBe(5);
    const second = await lab.open();
    const resumed = await readAll(second, sql, { resumeDirectory: directory });
    await second.close();
    expect(resumed.rows.toSorted()).toEqual(whole.rows.toSorted());
    expect(lab.taken().length).toBe(all - 5);
  });

  test('of children does not ask again what was missing or whole', async () => {
    const sql = 'SELECT g.id, u.id AS userId FROM okta.group.groups g JOIN okta.group.users u ON u.groupId = g.id ORDER BY 1, 2';
    const plain = await lab.open();
    const whole = await readAll(plain, sql);
    await plain.close();
    const all = lab.taken().length;
    let answered = 0;
    lab.intercept = () => (++answered > 3 ? { status: 403, body: '{"errorCode":"E0000006"}' } : undefined);
    const first = await lab.open();
    await expect(readAll(first, sql, { resumeDirectory: directory })).rejects.toThrow();
    await first.close();
    lab.intercept = undefined;
    lab.taken();
    const second = await lab.open();
    const resumed = await readAll(second, sql, { resumeDirectory: directory });
    await second.close();
    expect(resumed.rows).toEqual(whole.rows);
    expect(lab.taken().length).toBe(all - 3);
  });
});
