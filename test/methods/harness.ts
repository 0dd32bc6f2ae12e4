import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Method } from '../../src/catalog/types.ts';
import type { VirtualClock } from '../../src/emulator/clock.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { listen } from '../../src/emulator/listen.ts';
import type { Emulator } from '../../src/emulator/types.ts';
import type { SqlValue } from '../../src/engine/types.ts';
import type { ExecuteOptions } from '../../src/exec/types.ts';
import { rowsOf } from '../../src/session/test-session.ts';
import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';
import { OrgqlError } from '../../src/util/errors.ts';

export type Row = Readonly<Record<string, SqlValue>>;
type Parameters = NonNullable<ExecuteOptions['parameters']>;

/** An emulated org behind HTTP, reached by SQL. */
export interface MethodOrg {
  readonly session: Session;
  readonly emulator: Emulator;
  readonly rows: (sql: string, parameters?: Parameters) => Promise<readonly Row[]>;
  /** The statement's only row. */
  readonly row: (sql: string, parameters?: Parameters) => Promise<Row>;
  /** The only row's first column, as text. */
  readonly text: (sql: string, parameters?: Parameters) => Promise<string>;
  /** The first column of every row. */
  readonly list: (sql: string, parameters?: Parameters) => Promise<readonly SqlValue[]>;
  /** What a statement that answers no rows says of itself. */
  readonly run: (sql: string, parameters?: Parameters) => Promise<string | undefined>;
  /** The API's code and status where it refuses the statement: `E0000016 403`. */
  readonly refusal: (sql: string, parameters?: Parameters) => Promise<string>;
  /** Event types that the log got since the last call. */
  readonly events: () => readonly string[];
  /** What a sign-in page would send; it is no SQL. */
  readonly post: (path: string, body: object) => Promise<Readonly<Record<string, unknown>>>;
  readonly advance: (ms: number) => void;
  readonly close: () => Promise<void>;
  /** `okta.user.users.suspend` for every method that a statement has called with success, `UPDATE okta.user.users` for every relation so changed. */
  readonly called: ReadonlySet<string>;
  /** Calls that the API refused. */
  readonly refused: readonly { readonly verb: string; readonly path: string }[];
}

/** Methods that the catalog has under another name: the list of rules is read policy by policy. */
const SERVED_BY: Readonly<Record<string, string>> = { 'okta.policy.rules.listOfPolicy': 'list' };

const NOW = '2026-03-01T12:00:00.000Z';

export async function openMethodOrg(seed: 'empty' | 'demo' = 'empty'): Promise<MethodOrg> {
  const emulator = createEmulator({ now: NOW, subdomain: 'lab', seed });
  const clock = emulator.clock as VirtualClock;
  const called = new Set<string>();
  const refused: { verb: string; path: string }[] = [];
  const listening = await listen(async (request) => {
    const response = await emulator.handle(request);
    if (response.status >= 400) refused.push({ verb: request.method, path: new URL(request.url).pathname });
    return response;
  }, emulator.org);
  const session = await openSession({
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
    // The org's clock runs on while the session's stands: what has just happened must not lie after its present.
    now: Date.parse(NOW) + 86_400_000,
  });
  const execute = async (sql: string, parameters: Parameters | undefined): Promise<[readonly Row[], string | undefined]> => {
    const cursor = await session.query(sql, parameters === undefined ? {} : { parameters });
    const rows = await rowsOf(cursor);
    for (const { relation, method, requests } of cursor.receipt().relations)
      if (requests > 0) called.add(`${relation}.${SERVED_BY[`${relation}.${method}`] ?? method}`);
    const { command } = cursor;
    if (command === 'UPDATE' || command === 'REPLACE') called.add(`${command} ${cursor.receipt().relations.at(-1)?.relation}`);
    return [rows, cursor.message()];
  };
  const row: MethodOrg['row'] = async (sql, parameters) => {
    const [rows] = await execute(sql, parameters);
    const [only] = rows;
    if (only === undefined || rows.length > 1) throw new Error(`${rows.length} rows instead of one: ${sql}`);
    return only;
  };
  let seen = emulator.org.logs.events.length;
  return {
    session,
    emulator,
    called,
    refused,
    row,
    rows: async (sql, parameters) => (await execute(sql, parameters))[0],
    text: async (sql, parameters) => String(Object.values(await row(sql, parameters))[0]),
    list: async (sql, parameters) => (await execute(sql, parameters))[0].map((one) => Object.values(one)[0] ?? null),
    run: async (sql, parameters) => (await execute(sql, parameters))[1],
    refusal: async (sql, parameters) => {
      try {
        await execute(sql, parameters);
      } catch (error) {
        if (error instanceof OrgqlError && error.api !== undefined) return `${error.api.errorCode} ${error.api.status}`;
        throw error;
      }
      throw new Error(`not refused: ${sql}`);
    },
    events: () => {
      const { events } = emulator.org.logs;
      const types = events.slice(seen).map((event) => event.eventType);
      seen = events.length;
      return types;
    },
    post: async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await emulator.handle({ method: 'POST', url: path, headers, body: JSON.stringify(body) });
      return JSON.parse(Buffer.from(response.body).toString()) as Readonly<Record<string, unknown>>;
    },
    advance: (ms) => clock.advance(ms),
    close: async () => {
      await session.close();
      await listening.close();
    },
  };
}

/** One test of some methods of a relation, named without provider: `user.users`. */
export type MethodCase = (relation: string, methods: readonly string[], sentence: string, run: (org: MethodOrg) => Promise<void>) => void;

/** Methods by whose name or path the state of a thing changes: each is to be refused once. */
function changesState({ name, http }: Method): boolean {
  return /\/lifecycle\//.test(http.path) || /\/verify$|\/features\/\{featureId\}\/\{lifecycle\}$/.test(http.path) || name === 'extend';
}

function refusedBy({ verb, path }: { readonly verb: string; readonly path: string }, method: Method): boolean {
  const pattern = method.http.path.replace(/\?.*/, '').replace(/\{\w+\}/g, '[^/]+');
  return verb === method.http.verb && new RegExp(`^${pattern}$`).test(path);
}

/**
 * The cases of one service. After each, every method it names must have been called with success by a statement; after the last,
 * every method of the service that SHOW METHODS shows must have had a case, every one that changes a state must have been refused,
 * and UPDATE and REPLACE must have been run wherever a method serves them.
 */
export function serviceMethods(service: string, options: { readonly seed?: 'empty' | 'demo' }, define: (method: MethodCase) => void): void {
  describe(`okta.${service}`, () => {
    let org: MethodOrg;
    const covered = new Set<string>();
    beforeAll(async () => {
      org = await openMethodOrg(options.seed);
    });
    afterAll(() => org.close());

    define((relation, methods, sentence, run) => {
      const ids = methods.map((name) => `okta.${relation}.${name}`);
      for (const id of ids) covered.add(id);
      it(`${relation} (${methods.join(', ')}): ${sentence}`, async () => {
        org.events();
        await run(org);
        expect(ids.filter((id) => !org.called.has(id))).toEqual([]);
      });
    });

    it(`has called every method, and met a refusal of each that changes a state`, async () => {
      const provider = await org.session.catalog.provider('okta');
      const relations = await provider.relations(service);
      const methods = relations.flatMap((relation) =>
        relation.methods.filter((method) => method.hidden !== true).map((method) => ({ id: `${relation.id}.${method.name}`, method })),
      );
      expect({
        withoutCase: methods.filter(({ id }) => !covered.has(id)).map(({ id }) => id),
        neverRefused: methods
          .filter(({ method }) => changesState(method) && !org.refused.some((call) => refusedBy(call, method)))
          .map(({ id }) => id),
        neverRun: relations.flatMap((relation) =>
          (['UPDATE', 'REPLACE'] as const)
            .filter((verb) => relation.methods.some((method) => method.verbs.includes(verb)))
            .map((verb) => `${verb} ${relation.id}`)
            .filter((statement) => !org.called.has(statement)),
        ),
      }).toEqual({ withoutCase: [], neverRefused: [], neverRun: [] });
    });
  });
}
