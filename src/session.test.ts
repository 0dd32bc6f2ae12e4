import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeUser } from './emulator/seeds/make-user.ts';
import { openTestSession, rowsOf, TEST_TIME, type TestSession } from './session/test-session.ts';
import { OrgqlError } from './util/errors.ts';

let test: TestSession;
let userId: string;

beforeAll(async () => {
  test = await openTestSession();
  const user = makeUser(test.emulator.org, {
    status: 'ACTIVE',
    created: Date.parse(TEST_TIME) - 86_400_000,
    password: 'Passw0rd!x',
    profile: { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'Andersson' },
  });
  userId = user.id;
});
afterAll(() => test.close());

/** A session token as `/authn` gives one. */
async function signIn(): Promise<string> {
  const response = await test.emulator.handle({
    method: 'POST',
    url: '/api/v1/authn',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ada@example.com', password: 'Passw0rd!x' }),
  });
  const { sessionToken } = JSON.parse(Buffer.from(response.body).toString()) as { sessionToken: string };
  return sessionToken;
}

async function failure(sql: string): Promise<OrgqlError> {
  try {
    await rowsOf(await test.session.query(sql));
  } catch (error) {
    if (error instanceof OrgqlError) return error;
    throw error;
  }
  throw new Error(`no error: ${sql}`);
}

describe('the four methods of okta.session.sessions', () => {
  it('creates, reads, refreshes and deletes a session', async () => {
    const token = await signIn();
    const [created] = await test.rows(
      `INSERT INTO okta.session.sessions (data__sessionToken) VALUES ($token) RETURNING id, userId, status, amr`,
      { parameters: { token } },
    );
    expect(created).toEqual({ id: expect.stringMatching(/^102/), userId, status: 'ACTIVE', amr: '["pwd"]' });
    const id = String(created?.id);

    const read = await test.session.query(`SELECT * FROM okta.session.sessions WHERE sessionId = '${id}'`);
    expect(read.columns.map((column) => column.name)).toEqual([
      'id',
      '_links',
      'amr',
      'createdAt',
      'expiresAt',
      'idp',
      'lastFactorVerification',
      'lastPasswordVerification',
      'login',
      'status',
      'userId',
    ]);
    expect((await rowsOf(read)).map((row) => [row.id, row.login, row.status])).toEqual([[id, 'ada@example.com', 'ACTIVE']]);

    test.takeRequests();
    const [refreshed] = await test.rows(`EXEC okta.session.sessions.refresh @sessionId = '${id}', @subdomain = 'lab'`);
    expect(refreshed?.id).toBe(id);
    expect(test.takeRequests()).toEqual([`POST /api/v1/sessions/${id}/lifecycle/refresh`]);

    expect(await test.effect(`DELETE FROM okta.session.sessions WHERE sessionId = '${id}'`)).toBe(`1 session deleted: ${id}`);
    expect(test.takeRequests()).toEqual([`DELETE /api/v1/sessions/${id}`]);
    expect((await failure(`DELETE FROM okta.session.sessions WHERE sessionId = '${id}'`)).api?.errorCode).toBe('E0000007');
  });

  it("fails with Okta's own code when a session token is replayed", async () => {
    const token = await signIn();
    const insert = `INSERT INTO okta.session.sessions (sessionToken) VALUES ('${token}')`;
    expect(await test.effect(insert)).toMatch(/^1 session created: 102/);
    const error = await failure(insert);
    expect([error.api?.errorCode, error.api?.status]).toEqual(['E0000004', 401]);
  });

  it('names the missing sessionId and both remedies of every statement that needs it', async () => {
    const exec = await failure('EXEC okta.session.sessions.refresh');
    expect([exec.code, exec.message]).toEqual([
      'required_parameter_missing',
      'okta.session.sessions.refresh needs a value for "sessionId"',
    ]);
    expect(exec.hint).toContain("@sessionId = '...'");
    expect(exec.hint).toContain('FOR EACH (SELECT ... AS sessionId)');
    expect((await failure('SELECT * FROM okta.session.sessions')).message).toContain('sessionId');
  });
});

describe('names', () => {
  it('are looked for in the scope of USE, without regard to case', async () => {
    await test.effect('USE OKTA.session');
    expect(await test.rows('SHOW METHODS IN Sessions')).toEqual([
      { MethodName: 'get', RequiredParams: 'sessionId, subdomain', SQLVerb: 'SELECT' },
      { MethodName: 'insert', RequiredParams: 'subdomain', SQLVerb: 'INSERT' },
      { MethodName: 'delete', RequiredParams: 'sessionId, subdomain', SQLVerb: 'DELETE' },
      { MethodName: 'refresh', RequiredParams: 'sessionId, subdomain', SQLVerb: 'EXEC' },
    ]);
    await test.effect('USE okta');
    expect((await test.rows('SHOW METHODS IN session.sessions')).length).toBe(4);
  });

  it('that are wrong get a suggestion and their place', async () => {
    const error = await failure("INSERT INTO okta.session.sessions (sessionTokn) VALUES ('x')");
    expect([error.code, error.hint, error.span]).toEqual(['unknown_parameter', 'did you mean "sessionToken"?', { offset: 35, length: 11 }]);
    const method = await failure('EXEC okta.session.sessions.refesh @sessionId = $x');
    expect([method.code, method.hint]).toEqual(['unknown_method', 'did you mean "refresh"?']);
    expect((await failure('SHOW METHODS IN okta.session.sesions')).code).toBe('unknown_relation');
  });

  it('of orgs select a connection, and an unknown one is an error before a request', async () => {
    test.takeRequests();
    const error = await failure("DELETE FROM okta.session.sessions WHERE sessionId = 'x' AND subdomain = 'lap'");
    expect([error.code, error.detail, error.hint]).toEqual(['unknown_org', 'Configured are lab, demo', 'did you mean "lab"?']);
    expect(test.takeRequests()).toEqual([]);
  });
});

describe('several statements', () => {
  it('run in order, and one that fails ends the text', async () => {
    const seen: string[] = [];
    const run = async (): Promise<void> => {
      for await (const cursor of test.session.execute("SHOW ORGS; EXEC okta.user.users.suspend @userId = 'none'; SHOW PROVIDERS"))
        seen.push(cursor.command);
    };
    await expect(run()).rejects.toMatchObject({ code: 'not_found' });
    expect(seen).toEqual(['SHOW']);
  });

  it('in a transaction stop at the first failure, and COMMIT says what stands', async () => {
    await test.effect('BEGIN');
    await test.effect(`EXEC okta.user.users.suspend @userId = '${userId}'`);
    expect((await failure("EXEC okta.user.users.suspend @userId = 'none'")).code).toBe('not_found');
    expect((await failure(`EXEC okta.user.users.unsuspend @userId = '${userId}'`)).code).toBe('transaction_failed');
    expect(await test.effect('COMMIT')).toBe(
      `stopped at the statement that failed; 1 statement in it made changes, which stand: suspend: 1 call made (${userId})`,
    );
    expect(await test.effect(`EXEC okta.user.users.unsuspend @userId = '${userId}'`)).toBe(`unsuspend: 1 call made (${userId})`);
  });

  it('refuse by name what reaches the machine', async () => {
    for (const sql of [
      "ATTACH 'x.db'",
      'PRAGMA version',
      "SET memory_limit = '1GB'",
      'INSTALL httpfs',
      "COPY (SELECT 1) TO '/tmp/x.csv'",
    ]) {
      expect((await failure(sql)).code, sql).toBe('forbidden_by_sandbox');
    }
  });
});

describe('the receipt of an effect', () => {
  it('counts its requests', async () => {
    const cursor = await test.session.query(`UPDATE okta.user.users SET profile.nickName = 'Addie' WHERE userId = '${userId}'`);
    expect(cursor.receipt()).toMatchObject({
      complete: true,
      rows: 1,
      requests: 1,
      retries: 0,
      relations: [{ relation: 'okta.user.users', requests: 1, rows: 1, source: 'live' }],
    });
  });
});
