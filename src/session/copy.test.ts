import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmulator } from '../emulator/emulator.ts';
import { listen } from '../emulator/listen.ts';
import { openSession } from '../session.ts';
import type { Session } from '../session-types.ts';

/** Changes the body of a page of users, by the number of the page. */
let tamper: (page: number, body: string) => string | undefined = (_, body) => body;
let pages = 0;
let folder: string;
let session: Session;
let stop: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orgql-copy-'));
  const emulator = createEmulator({ now: '2026-03-01T12:00:00.000Z', seed: 'empty', users: 1000, rateLimits: 'off' });
  const listening = await listen(async (request) => {
    const response = await emulator.handle(request);
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
