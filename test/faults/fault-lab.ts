import { createEmulator } from '../../src/emulator/emulator.ts';
import { listen } from '../../src/emulator/listen.ts';
import type { FaultEffect, FaultRule } from '../../src/emulator/types.ts';
import type { SqlValue } from '../../src/engine/types.ts';
import type { ExecuteOptions, Receipt } from '../../src/exec/types.ts';
import { createHttpClient } from '../../src/http/client.ts';
import type { Clock } from '../../src/http/types.ts';
import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';
import type { OrgqlError } from '../../src/util/errors.ts';
import type { Shape } from './shapes.ts';

/** How a statement ended: with all rows that it gave until then. */
export interface Outcome {
  readonly rows: readonly string[];
  readonly error: OrgqlError | undefined;
  readonly receipt: Receipt | undefined;
  /** `GET /api/v1/users?limit=200`, in order. */
  readonly requests: readonly string[];
}

export interface FaultLab {
  readonly url: string;
  readonly run: (shape: Pick<Shape, 'sql' | 'pageRows'>, options?: ExecuteOptions) => Promise<Outcome>;
  /** From now on this fault befalls each of these requests, as `Outcome.requests` names them: `count` times, or always. */
  readonly befallEach: (requests: readonly string[], effect: FaultEffect, count?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const NOW = Date.parse('2026-03-01T12:00:00.000Z');

/**
 * The `demo` org behind real HTTP, whose pages are small and whose faults a test sets; waiting costs no time. A body that stops coming is
 * given up after `idleMs`.
 */
export async function openFaultLab(idleMs = 20_000): Promise<FaultLab> {
  const emulator = createEmulator({ now: NOW, subdomain: 'lab', seed: 'demo', rateLimits: 'off' });
  let requests: string[] = [];
  let mostOnAPage = 200;
  const listening = await listen((request) => {
    const url = withSmallPages(request.url, mostOnAPage);
    requests.push(`${request.method} ${url.pathname}${url.search}`);
    return emulator.handle({ ...request, url: url.href });
  }, emulator.org);
  const session = await openSession(
    {
      orgs: [
        {
          name: 'lab',
          provider: 'okta',
          orgUrl: listening.url,
          secret: { kind: 'literal', value: emulator.token },
          budget: 1,
          maxConcurrency: 4,
          origin: 'test',
        },
      ],
      defaultOrg: 'lab',
      now: NOW,
    },
    {
      http: async () =>
        createHttpClient({ clock: instantClock(), random: () => 0.5, userAgent: 'orgql/test', limits: { idleTimeoutMs: idleMs } }),
    },
  );
  const rules = async (faults: readonly FaultRule[]): Promise<void> => {
    await emulator.handle({ method: 'PUT', url: '/_emulator/faults', body: JSON.stringify(faults) });
  };
  const app = String((await firstRow(session, "SELECT id FROM okta.application.apps WHERE label = 'Slack'"))?.[0]);
  return {
    url: listening.url,
    run: async ({ sql, pageRows }, options) => {
      requests = [];
      mostOnAPage = pageRows;
      const rows: string[] = [];
      let receipt: (() => Receipt) | undefined;
      let error: OrgqlError | undefined;
      try {
        const cursor = await session.query(sql, sql.includes('$app') ? { ...options, parameters: { app } } : options);
        receipt = cursor.receipt;
        for await (const batch of cursor.batches) rows.push(...batch.map(textOf));
        await cursor.close();
      } catch (thrown) {
        error = thrown as OrgqlError;
      }
      return { rows, error, receipt: receipt?.(), requests };
    },
    befallEach: (befallen, effect, count) =>
      rules(
        befallen.map((request) => {
          const [method = '', url = ''] = request.split(' ');
          return { method, url, ...(count === undefined ? {} : { count }), effect };
        }),
      ),
    close: async () => {
      await session.close();
      await listening.close();
    },
  };
}

async function firstRow(session: Session, sql: string): Promise<readonly SqlValue[] | undefined> {
  for await (const [row] of (await session.query(sql)).batches) return row;
  return undefined;
}

/** A server may give smaller pages than it was asked for. */
function withSmallPages(address: string, most: number): URL {
  const url = new URL(address);
  if (Number(url.searchParams.get('limit') ?? '0') > most) url.searchParams.set('limit', String(most));
  return url;
}

function textOf(row: readonly SqlValue[]): string {
  return JSON.stringify(row, (_, value: SqlValue) => (typeof value === 'bigint' ? String(value) : value));
}

function instantClock(): Clock {
  let time = NOW;
  return {
    now: () => time,
    sleep: async (ms, signal) => {
      if (signal?.aborted) throw signal.reason;
      time += ms;
    },
  };
}
