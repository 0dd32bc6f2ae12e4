import { createEmulator } from '../../src/emulator/emulator.ts';
import { listen } from '../../src/emulator/listen.ts';
import type { Emulator, EmulatorOptions } from '../../src/emulator/types.ts';
import type { SqlValue } from '../../src/engine/types.ts';
import type { ExecuteOptions, Notice, Receipt } from '../../src/exec/types.ts';
import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';
import type { Row, Value } from './task.ts';

/** An emulated org that is served over HTTP, and the requests that reached it. */
export interface OpenOrg {
  readonly emulator: Emulator;
  readonly url: string;
  /** A session that knows nothing of the org yet. Closed with the org, if not before. */
  readonly openSession: (dataDirectory?: string) => Promise<Session>;
  /** `GET /api/v1/users?limit=200`, in order, since this was last asked. */
  readonly takeRequests: () => readonly string[];
  readonly close: () => Promise<void>;
}

export interface Outcome {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly receipt: Receipt;
  readonly notices: readonly Notice[];
}

export async function openOrg(options: EmulatorOptions & { readonly now: number }): Promise<OpenOrg> {
  const emulator = createEmulator({ rateLimits: 'off', ...options });
  const requests: string[] = [];
  const listening = await listen((request) => {
    const url = new URL(request.url);
    requests.push(`${request.method} ${url.pathname}${decodeURIComponent(url.search.replaceAll('+', ' '))}`);
    return emulator.handle(request);
  }, emulator.org);
  const open: Session[] = [];
  const openAnother = async (dataDirectory?: string): Promise<Session> => {
    const session = await openSession({
      orgs: [
        {
          name: 'acme',
          provider: 'okta',
          orgUrl: listening.url,
          secret: { kind: 'literal', value: emulator.token },
          budget: 1,
          origin: 'test',
        },
      ],
      defaultOrg: 'acme',
      now: options.now,
      ...(dataDirectory === undefined ? {} : { dataDirectory }),
    });
    open.push(session);
    return session;
  };
  return {
    emulator,
    url: listening.url,
    openSession: openAnother,
    takeRequests: () => requests.splice(0),
    close: async () => {
      await Promise.all(open.map((session) => session.close()));
      await listening.close();
    },
  };
}

/** Every row of a query, with its receipt. */
export async function runQuery(session: Session, sql: string, options?: ExecuteOptions): Promise<Outcome> {
  const cursor = await session.query(sql, options);
  const rows: Row[] = [];
  for await (const batch of cursor.batches) for (const row of batch) rows.push(row.map(plain));
  return { columns: cursor.columns.map((column) => column.name), rows, receipt: cursor.receipt(), notices: cursor.notices() };
}

function plain(value: SqlValue): Value {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** Rows in an order of their own, to compare as multisets. */
export function sorted(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
