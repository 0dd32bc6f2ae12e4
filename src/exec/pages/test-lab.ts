import { createEmulator } from '../../emulator/emulator.ts';
import { listen } from '../../emulator/listen.ts';
import type { SqlValue } from '../../engine/types.ts';
import { openSession } from '../../session.ts';
import type { Session } from '../../session-types.ts';
import type { Cursor, ExecuteOptions, Receipt } from '../types.ts';

export const LAB_TIME = Date.parse('2026-03-01T12:00:00.000Z');

/** For tests only: an emulated org that outlives sessions, with what reached it. */
export interface Lab {
  readonly url: string;
  readonly token: string;
  /** `GET /api/v1/users?limit=200`, since the last call. */
  readonly taken: () => string[];
  /** Answers in place of the org; `undefined` lets it answer. */
  intercept: ((method: string, path: string) => { readonly status: number; readonly body: string } | undefined) | undefined;
  readonly open: (directory?: string, now?: number, allowedPaths?: readonly string[]) => Promise<Session>;
  readonly close: () => Promise<void>;
}

export async function openLab(users = 0, seed = 'demo'): Promise<Lab> {
  const emulator = createEmulator({ now: LAB_TIME, subdomain: 'lab', seed, users, rateLimits: 'off' });
  const requests: string[] = [];
  const listening = await listen(async (request) => {
    const url = new URL(request.url);
    const path = `${url.pathname}${decodeURIComponent(url.search)}`;
    requests.push(`${request.method} ${path}`);
    const given = lab.intercept?.(request.method, path);
    if (given !== undefined)
      return { status: given.status, headers: [['content-type', 'application/json']], body: Buffer.from(given.body) };
    return emulator.handle(request);
  }, emulator.org);
  const lab: Lab = {
    url: listening.url,
    token: emulator.token,
    taken: () => requests.splice(0),
    intercept: undefined,
    open: (directory, now = LAB_TIME, allowedPaths = []) =>
      openSession({
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
        now,
        allowedPaths,
        ...(directory === undefined ? {} : { dataDirectory: directory }),
      }),
    close: listening.close,
  };
  return lab;
}

/** Every row of a statement as text, its receipt and its notices. */
export async function readAll(
  session: Session,
  sql: string,
  options: ExecuteOptions = {},
): Promise<{ rows: string[]; receipt: Receipt; notices: string[] }> {
  return readCursor(await session.query(sql, options));
}

export async function readCursor(cursor: Cursor): Promise<{ rows: string[]; receipt: Receipt; notices: string[] }> {
  const rows: string[] = [];
  for await (const batch of cursor.batches)
    for (const row of batch) rows.push(JSON.stringify(row, (_, value: SqlValue) => (typeof value === 'bigint' ? String(value) : value)));
  await cursor.close();
  return { rows, receipt: cursor.receipt(), notices: cursor.notices().map((notice) => notice.code) };
}
