import { createEmulator } from '../emulator/emulator.ts';
import { listen } from '../emulator/listen.ts';
import type { Emulator } from '../emulator/types.ts';
import type { SqlValue } from '../engine/types.ts';
import type { Cursor, ExecuteOptions } from '../exec/types.ts';
import { openSession } from '../session.ts';
import type { OrgConfig, Session } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';

/** For tests only: a session on an emulated org of its own, with the requests that reached the org. */
export interface TestSession {
  readonly session: Session;
  readonly emulator: Emulator;
  /** `POST /api/v1/groups {"profile":...}`, in order, since the last call of `takeRequests`. */
  readonly takeRequests: () => readonly string[];
  readonly rows: (sql: string, options?: ExecuteOptions) => Promise<readonly Readonly<Record<string, SqlValue>>[]>;
  /** The error of a statement that must fail. */
  readonly failure: (sql: string) => Promise<OrgqlError>;
  /** The message of an effect. */
  readonly effect: (sql: string, options?: ExecuteOptions) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

export const TEST_TIME = '2026-03-01T12:00:00.000Z';

/** An org `lab`, empty but for its administrator unless a seed is named, and a session whose only configured org it is. */
export async function openTestSession(
  config: {
    readonly dataDirectory?: string;
    readonly orgs?: readonly OrgConfig[];
    readonly seed?: string;
    readonly indexDelayMs?: number;
  } = {},
): Promise<TestSession> {
  const emulator = createEmulator({
    now: TEST_TIME,
    subdomain: 'lab',
    seed: config.seed ?? 'empty',
    indexDelayMs: config.indexDelayMs ?? 0,
  });
  const requests: string[] = [];
  const listening = await listen(async (request) => {
    const url = new URL(request.url);
    const body = request.body === undefined || request.body.length === 0 ? '' : ` ${Buffer.from(request.body).toString()}`;
    requests.push(`${request.method} ${url.pathname}${decodeURIComponent(url.search)}${body}`);
    return emulator.handle(request);
  }, emulator.org);
  const lab: OrgConfig = {
    name: 'lab',
    provider: 'okta',
    orgUrl: listening.url,
    secret: { kind: 'literal', value: emulator.token },
    budget: 1,
    origin: 'test',
  };
  const session = await openSession({
    orgs: [lab, ...(config.orgs ?? [])],
    defaultOrg: 'lab',
    now: Date.parse(TEST_TIME),
    ...(config.dataDirectory === undefined ? {} : { dataDirectory: config.dataDirectory }),
  });
  return {
    session,
    emulator,
    takeRequests: () => requests.splice(0),
    rows: async (sql, options) => rowsOf(await session.query(sql, options)),
    failure: async (sql) => {
      try {
        await rowsOf(await session.query(sql));
      } catch (error) {
        if (error instanceof OrgqlError) return error;
        throw error;
      }
      throw new Error(`It did not fail: ${sql}`);
    },
    effect: async (sql, options) => {
      const cursor = await session.query(sql, options);
      await rowsOf(cursor);
      return cursor.message();
    },
    close: async () => {
      await session.close();
      await listening.close();
    },
  };
}

/** Every row of a cursor as a record; the cursor is closed. */
export async function rowsOf(cursor: Cursor): Promise<readonly Readonly<Record<string, SqlValue>>[]> {
  const rows: Record<string, SqlValue>[] = [];
  for await (const batch of cursor.batches)
    for (const row of batch) rows.push(Object.fromEntries(cursor.columns.map((column, index) => [column.name, row[index] ?? null])));
  await cursor.close();
  return rows;
}
