import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmulator } from '../emulator/emulator.ts';
import { listen } from '../emulator/listen.ts';
import { openSession } from '../session.ts';
import type { Session } from '../session-types.ts';

/** Changes the body of a page of users, by the number of the page. */
let tamper: (page: number, body: string) => string | undefined = (_, body) => body;
let pages = 0;
let groupPages = 0;
let folder: string;
let session: Session;
let stop: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orgql-copy-'));
  const emulator = createEmulator({ now: '2026-03-01T12:00:00.000Z', seed: 'empty', users: 1000, rateLimits: 'off' });
  const listening = await listen(async (request) => {
    const response = await emulator.handle(request);
    if (/\/groups\/\w+\/users/.test(request.url)) groupPages++;
    if (!request.url.includes('/api/v1/users?')) return response;
    const body = tamper(++pages, Buffer.from(response.body).toString());
    return body === undefined
      ? {
          ...response,
          status: 400,
          headers: [['content-type', 'application/json']],
          body: Buffer.from('{"errorCode":"E0000001","errorSummary":"no"}'),
        }
      : { ...response, headers: response.headers.filter(([name]) => name !== 'content-length'), body: Buffer.from(body) };
  }, emulator.org);
  stop = listening.close;
  session = await openSession({
    orgs: [
      {
        name: 'lab',
        provider: 'okta',
        orgUrl: listening.url,
        secret: { kind: 'literal', value: emulator.token },
        budget: 1,
        origin: 'test',
      },
    ],
    defaultOrg: 'lab',
    allowedPaths: [folder],
  });
});

afterAll(async () => {
  await session.close();
  await stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(sql: string): Promise<readonly (readonly unknown[])[]> {
  const cursor = await session.query(sql, { allowFiles: true });
  const rows: (readonly unknown[])[] = [];
  for await (const batch of cursor.batches) rows.push(...batch);
  await cursor.close();
  return rows;
}

const QUERY = "SELECT id, upper(status) AS status, created, profile.login, profile FROM okta.user.users WHERE status <> 'DEPROVISIONED'";
const reset = (change: typeof tamper = (_, body) => body): void => {
  tamper = change;
  pages = 0;
  groupPages = 0;
};

describe('COPY of a relation to Parquet', () => {
  test('writes the rows of all pages, a row group at a time', async () => {
    reset();
    const path = join(folder, 'users.parquet');
    const cursor = await session.query(`COPY (${QUERY}) TO '${path}' (ROW_GROUP_SIZE 300)`, { allowFiles: true });
    for await (const _ of cursor.batches) expect.fail('COPY gives no rows');
    const [[count] = []] = await run("SELECT count(*) FROM okta.user.users WHERE status <> 'DEPROVISIONED'");
    expect(cursor.receipt()).toMatchObject({ complete: true, rows: count });
    expect(await run(`SELECT count(*), count(DISTINCT id) FROM read_parquet('${path}')`)).toEqual([[count, count]]);
    const shown = "SELECT id, status, strftime(created, '%Y') , login, profile FROM";
    expect(await run(`${shown} read_parquet('${path}') ORDER BY id`)).toEqual(await run(`${shown} (${QUERY}) ORDER BY id`));
    expect((await run(`SELECT count(DISTINCT row_group_id) FROM parquet_metadata('${path}')`))[0]?.[0]).toBeGreaterThan(1);
  });

  test('stages everything where a value on a later page does not fit, and no value is another', async () => {
    const path = join(folder, 'misfit.parquet');
    reset((page, body) => (page === 4 ? body.replace(/"created":"[^"]+"/, '"created":"yesterday"') : body));
    await run(`COPY (${QUERY}) TO '${path}' (ROW_GROUP_SIZE 200)`);
    // The second reading has no such value any more.
    const types = await run(`SELECT typeof(created), count(*) FROM read_parquet('${path}') GROUP BY ALL`);
    expect(types.length).toBe(1);
    reset((_, body) => body.replace(/"created":"2[^"]+"/, '"created":"yesterday"'));
    await run(`COPY (${QUERY}) TO '${path}' (ROW_GROUP_SIZE 200)`);
    expect(await run(`SELECT typeof(created), count(*) FROM read_parquet('${path}') WHERE created = 'yesterday' GROUP BY ALL`)).toEqual([
      ['VARCHAR', 5],
    ]);
  });

  test('a page that fails leaves no file', async () => {
    reset((page, body) => (page === 3 ? undefined : body));
    const path = join(folder, 'failed.parquet');
    await expect(run(`COPY (${QUERY}) TO '${path}' (ROW_GROUP_SIZE 100)`)).rejects.toMatchObject({ code: 'api_error' });
    reset((page, body) => (page === 3 ? `${body.slice(0, 300)}}]` : body));
    await expect(run(`COPY (${QUERY}) TO '${path}' (ROW_GROUP_SIZE 100)`)).rejects.toMatchObject({ code: 'invalid_response' });
    expect((await readdir(folder)).filter((name) => name.includes('failed'))).toEqual([]);
  });
});

describe('COPY of a relation to text', () => {
  test.each([
    ['users.csv', ''],
    ['users.csv', "(HEADER false, DELIMITER ';', QUOTE '''', NULLSTR 'none', FORCE_QUOTE (id, login))"],
    ['users.json', ''],
    ['users.jsonl', ''],
    ['users.json', '(ARRAY false)'],
    ['users.csv.gz', ''],
    ['users.json.gz', ''],
  ])('has the bytes of one piece: %s %s', async (name, options) => {
    reset();
    const [parts, whole] = [join(folder, `parts.${name}`), join(folder, `whole.${name}`)];
    await run(`COPY (${QUERY}) TO '${parts}' ${options}`);
    // A query of a query is staged as a whole.
    await run(`COPY (SELECT * FROM (${QUERY})) TO '${whole}' ${options}`);
    const bytes = (path: string) => readFile(path).then((read) => (path.endsWith('.gz') ? gunzipSync(read) : read).toString());
    expect(await bytes(parts)).toBe(await bytes(whole));
    expect((await bytes(parts)).split('\n').length).toBeGreaterThan(500);
  });

  test('stops the paging where a LIMIT is met, and writes the rows of the query itself', async () => {
    for (const limits of ['LIMIT 250 OFFSET 30', 'LIMIT 7', 'LIMIT 0', 'OFFSET 600', 'LIMIT 300 OFFSET 350']) {
      const [csv, parquet] = [join(folder, 'limited.csv'), join(folder, 'limited.parquet')];
      const query = `${QUERY} AND id <> 'x' ${limits}`;
      reset();
      const ids = (await run(query)).map(([id]) => id);
      const asked = pages;
      for (const [path, options, reader] of [
        [csv, '', 'read_csv'],
        [parquet, '(ROW_GROUP_SIZE 150)', 'read_parquet'],
      ]) {
        reset();
        await run(`COPY (${query}) TO '${path}' ${options}`);
        expect([limits, pages]).toEqual([limits, asked]);
        expect((await run(`SELECT id FROM ${reader}('${path}')`)).map(([id]) => id)).toEqual(ids);
      }
    }
    reset();
    const few = join(folder, 'few.csv');
    await run(`COPY (SELECT id FROM okta.user.users WHERE profile.login LIKE '%9%' LIMIT 40) TO '${few}'`);
    const asked = pages;
    reset();
    expect((await run("SELECT id FROM okta.user.users WHERE profile.login LIKE '%9%' LIMIT 40")).map(([id]) => id)).toEqual(
      (await run(`SELECT id FROM read_csv('${few}')`)).map(([id]) => id),
    );
    expect(pages).toBe(asked);
  });

  test('takes the rows of several calls', async () => {
    const groups = (await run('SELECT id FROM okta.group.groups')).map(([id]) => `'${String(id)}'`);
    const query = `SELECT groupId, id FROM okta.group.users WHERE groupId IN (${groups.join(', ')}, '${'00g'.padEnd(20, 'x')}')`;
    const path = join(folder, 'several.jsonl');
    reset();
    await run(`COPY (${query}) TO '${path}'`);
    expect(groupPages).toBeGreaterThan(groups.length);
    const read = await run(`SELECT groupId, id FROM read_json('${path}') ORDER BY ALL`);
    expect(read).toEqual(await run(`${query} ORDER BY ALL`));
    expect(read.length).toBeGreaterThan(900);
  });

  test('what fails leaves no file, and one that is there as it was', async () => {
    const path = join(folder, 'kept.csv');
    await writeFile(path, 'kept');
    reset((page, body) => (page === 3 ? undefined : body));
    await expect(run(`COPY (${QUERY}) TO '${path}'`)).rejects.toMatchObject({ code: 'api_error' });
    expect(await readFile(path, 'utf8')).toBe('kept');
    const controller = new AbortController();
    reset((page, body) => {
      if (page === 3) controller.abort();
      return body;
    });
    await expect(session.query(`COPY (${QUERY}) TO '${path}'`, { allowFiles: true, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await readFile(path, 'utf8')).toBe('kept');
    expect((await readdir(folder)).filter((name) => name.includes('kept'))).toEqual(['kept.csv']);
  });

  test('a place that cannot be written, or options that the engine does not take, cost no request', async () => {
    reset();
    const failure = (sql: string) => expect(run(sql)).rejects;
    for (const query of [QUERY, `SELECT * FROM (${QUERY})`]) {
      await failure(`COPY (${query}) TO '${join(folder, 'none', 'x.csv')}'`).toMatchObject({ code: 'io_error' });
      await failure(`COPY (${query}) TO '${folder}'`).toMatchObject({ code: 'io_error' });
      await failure(`COPY (${query}) TO '${join(folder, 'x.csv')}' (COMPRESSION lzma)`).toMatchObject({ message: /lzma/i });
      await failure(`COPY (${query}) TO '${join(folder, 'x.csv')}' (QUOTE 'long')`).toThrow(/quote/i);
    }
    expect(pages).toBe(0);
    expect((await readdir(folder)).filter((name) => name.startsWith('x.csv'))).toEqual([]);
  });

  test('options that the format does not have are refused with those that it has', async () => {
    await expect(run(`COPY (SELECT 1) TO '${join(folder, 'x.csv')}' (PARTITION_BY (a))`)).rejects.toMatchObject({
      code: 'unsupported_syntax',
      message: 'COPY to csv has no option PARTITION_BY here',
      hint: expect.stringContaining('HEADER, DELIMITER, QUOTE'),
    });
    await expect(run(`COPY (SELECT 1) TO '${join(folder, 'x.parquet')}' (HEADER)`)).rejects.toMatchObject({ code: 'unsupported_syntax' });
  });
});

test('a file is read with named arguments, written with = or :=', async () => {
  const path = join(folder, 'named.txt');
  await writeFile(path, 'a;b\n1;2\n');
  for (const sign of ['=', ':='])
    expect(await run(`SELECT * FROM read_csv('${path}', header ${sign} true, delim ${sign} ';', all_varchar ${sign} true)`)).toEqual([
      ['1', '2'],
    ]);
  await expect(run(`SELECT * FROM read_csv('${path}', header = a)`)).rejects.toMatchObject({ code: 'unknown_column' });
});
