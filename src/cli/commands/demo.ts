import type { Session } from '../../session-types.ts';
import { OrgqlError } from '../../util/errors.ts';
import type { FlagValues } from '../flags.ts';
import type { Io } from '../io.ts';
import type { FormatName } from '../output/formats.ts';
import { runStatements } from '../statements.ts';
import { formatOf } from './exec.ts';

interface Step {
  readonly title: string;
  readonly sql: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * `orgql demo`: the main job on an emulated org that is served for as long as this takes: a session created, read, refreshed and deleted, users
 * queried, a join, a change.
 */
export async function demoCommand(io: Io, flags: FlagValues): Promise<number> {
  const format = formatOf(flags, 'table');
  const [{ createEmulator }, { openSession }] = await Promise.all([import('../../emulator/emulator.ts'), import('../../session.ts')]);
  // What a change says belongs between the statements, and wide rows are cut as on a terminal.
  const stdout = { ...io.stdout, width: io.stdout.width ?? 120 };
  const shown: Io = { ...io, stdout, stderr: { ...io.stderr, write: (text) => void stdout.write(text).catch(() => {}) } };
  const emulator = createEmulator({ seed: 'demo', subdomain: 'emulated' });
  const listening = await emulator.listen({ port: 0 });
  try {
    await io.stdout.write(`An Okta org is emulated at ${listening.url}\n`);
    const session = await openSession({
      orgs: [
        {
          name: 'emulated',
          provider: 'okta',
          orgUrl: listening.url,
          secret: { kind: 'literal', value: emulator.token },
          budget: 1,
          origin: 'orgql demo',
        },
      ],
      defaultOrg: 'emulated',
    });
    try {
      await showSessions(shown, session, format, listening.url);
      await showUsers(shown, session, format);
    } finally {
      await session.close();
    }
  } finally {
    await listening.close();
  }
  await io.stdout.write('\nNext:  orgql exec "SHOW RESOURCES IN okta.user"   (the org "demo" needs no account)\n');
  return 0;
}

async function showSessions(io: Io, session: Session, format: FormatName, url: string): Promise<void> {
  const person = await createPerson(io, session, format);
  await io.stdout.write('\n-- She signs in: POST /api/v1/authn gives a session token that can be used once\n');
  const response = await fetch(`${url}/api/v1/authn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ username: person.login, password: person.password }),
    signal: io.signal,
  });
  const { sessionToken } = (await response.json()) as { readonly sessionToken?: string };
  if (sessionToken === undefined) throw new OrgqlError('invalid_response', `Signing in gave no session token (HTTP ${response.status})`);
  const columns = 'id, login, userId, status, expiresAt';
  const created = await first(session, io, format, {
    title: 'A session is created with that token',
    sql: `INSERT INTO okta.session.sessions (data__sessionToken) SELECT $token RETURNING ${columns}`,
    parameters: { token: sessionToken },
  });
  const id = String(created[0]);
  await show(session, io, format, {
    title: 'It is read',
    sql: `SELECT ${columns} FROM okta.session.sessions WHERE sessionId = $id`,
    parameters: { id },
  });
  await show(session, io, format, {
    title: 'It is refreshed',
    sql: 'EXEC okta.session.sessions.refresh @sessionId = $id',
    parameters: { id },
  });
  await show(session, io, format, {
    title: 'It is deleted',
    sql: 'DELETE FROM okta.session.sessions WHERE sessionId = $id',
    parameters: { id },
  });
  await show(session, io, format, {
    title: 'It is gone',
    sql: `SELECT ${columns} FROM okta.session.sessions WHERE sessionId = $id`,
    parameters: { id },
  });
}

async function createPerson(io: Io, session: Session, format: FormatName): Promise<{ readonly login: string; readonly password: string }> {
  const login = 'maria.lind@example.com';
  const password = 'Grey-harbour-41';
  await show(session, io, format, {
    title: 'A user is created',
    sql: `INSERT INTO okta.user.users (profile, credentials)\nSELECT json_object('firstName', 'Maria', 'lastName', 'Lind', 'login', $login, 'email', $login), json_object('password', json_object('value', $password))`,
    parameters: { login, password },
  });
  return { login, password };
}

async function showUsers(io: Io, session: Session, format: FormatName): Promise<void> {
  await show(session, io, format, {
    title: 'How many users are in each state',
    sql: 'SELECT status, count(*) AS users FROM okta.user.users GROUP BY status ORDER BY users DESC',
  });
  await show(session, io, format, {
    title: 'Members of each group, a join',
    sql: 'SELECT g.profile.name AS "group", count(*) AS members\nFROM okta.group.groups g JOIN okta.group.users u ON u.groupId = g.id\nGROUP BY 1 ORDER BY members DESC, 1 LIMIT 5',
  });
  await show(session, io, format, {
    title: 'What that join would request',
    sql: 'EXPLAIN SELECT g.profile.name, count(*) FROM okta.group.groups g JOIN okta.group.users u ON u.groupId = g.id GROUP BY 1',
  });
  await show(session, io, format, {
    title: 'A change',
    sql: "INSERT INTO okta.group.groups (profile) SELECT json_object('name', 'Night shift', 'description', 'made by orgql demo') RETURNING id, type, profile.name",
  });
  await show(session, io, format, {
    title: 'The system log knows it',
    sql: 'SELECT published, eventType, displayMessage FROM okta.log.logs ORDER BY published DESC LIMIT 3',
  });
}

async function show(session: Session, io: Io, format: FormatName, step: Step): Promise<void> {
  await first(session, io, format, step);
}

/** Prints a statement and what it gives; the first row is handed back. */
async function first(session: Session, io: Io, format: FormatName, step: Step): Promise<readonly unknown[]> {
  await io.stdout.write(`\n-- ${step.title}\n${step.sql};\n\n`);
  let row: readonly unknown[] = [];
  const watched: Session = {
    ...session,
    execute: async function* (sql, options) {
      for await (const cursor of session.execute(sql, options)) {
        yield {
          ...cursor,
          batches: (async function* () {
            for await (const batch of cursor.batches) {
              if (row.length === 0) row = batch[0] ?? [];
              yield batch;
            }
          })(),
        };
      }
    },
  };
  await runStatements(watched, step.sql, io, {
    format,
    formatOptions: { hasHeader: true, delimiter: ',', isCsvSafe: false, clock: io.now },
    execute: { signal: io.signal, ...(step.parameters === undefined ? {} : { parameters: step.parameters }) },
    sink: io.stdout,
    receiptFile: undefined,
    isVerbose: false,
  });
  return row;
}
