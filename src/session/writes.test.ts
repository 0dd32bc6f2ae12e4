import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeGroup } from '../emulator/seeds/from-file.ts';
import { makeUser } from '../emulator/seeds/make-user.ts';
import type { WritePreview } from '../exec/types.ts';
import { OrgqlError } from '../util/errors.ts';
import { openTestSession, rowsOf, TEST_TIME, type TestSession } from './test-session.ts';

const CREATED = Date.parse(TEST_TIME) - 86_400_000;
let test: TestSession;
let users: readonly string[];
let sales: string;

beforeEach(async () => {
  test = await openTestSession();
  const { org } = test.emulator;
  users = ['ada', 'bea', 'cyd'].map(
    (name) =>
      makeUser(org, {
        status: 'ACTIVE',
        created: CREATED,
        profile: { login: `${name}@example.com`, email: `${name}@example.com`, firstName: name, lastName: 'Test' },
      }).id,
  );
  sales = makeGroup(org, { name: 'Sales', description: 'Sells' }, CREATED).id;
  for (const id of users.slice(0, 2)) org.members.add(sales, id);
});
afterEach(() => test.close());

async function failure(sql: string, options?: Parameters<TestSession['session']['query']>[1]): Promise<OrgqlError> {
  try {
    await rowsOf(await test.session.query(sql, options));
  } catch (error) {
    if (error instanceof OrgqlError) return error;
    throw error;
  }
  throw new Error(`no error: ${sql}`);
}

/** Only the requests that change something. */
const writes = (): readonly string[] => test.takeRequests().filter((request) => !request.startsWith('GET'));

describe('INSERT', () => {
  it('sends one request a row, in order, with bodies from data__ names, bare names, dotted names and JSON text', async () => {
    const message = await test.effect(`INSERT INTO okta.group.groups (data__profile) VALUES ('{"name":"A"}'), (json_object('name', 'B'))`);
    expect(message).toMatch(/^2 groups created: 00g\w{17}, 00g\w{17}$/);
    expect(writes()).toEqual(['POST /api/v1/groups {"profile":{"name":"A"}}', 'POST /api/v1/groups {"profile":{"name":"B"}}']);
    await test.effect(`INSERT INTO okta.group.groups (profile.name, data__profile.description) VALUES ('C', $d)`, {
      parameters: { d: 'of C' },
    });
    expect(writes()).toEqual(['POST /api/v1/groups {"profile":{"name":"C","description":"of C"}}']);
  });

  it('takes query parameters and typed values, and leaves DEFAULT out', async () => {
    await test.effect(
      `INSERT INTO okta.user.users (profile, groupIds, activate, type) VALUES ('{"login":"d@example.com","email":"d@example.com","firstName":"D","lastName":"T"}', ['${sales}'], false, DEFAULT)`,
    );
    expect(writes()).toEqual([
      `POST /api/v1/users?activate=false {"profile":{"login":"d@example.com","email":"d@example.com","firstName":"D","lastName":"T"},"groupIds":["${sales}"]}`,
    ]);
  });

  it('takes its rows from a query, by position or by name', async () => {
    await test.effect(
      `INSERT INTO okta.group.users (groupId, userId) SELECT '${sales}', id FROM okta.user.users WHERE profile.login = 'cyd@example.com'`,
    );
    expect(writes()).toEqual([`PUT /api/v1/groups/${sales}/users/${users[2]}`]);
    await test.effect(
      `WITH c AS (SELECT json_object('name', 'From ' || (profile->>'name')) AS profile FROM okta.group.groups WHERE id = '${sales}') INSERT INTO okta.group.groups SELECT * FROM c`,
    );
    expect(writes()).toEqual(['POST /api/v1/groups {"profile":{"name":"From Sales"}}']);
  });

  it('checks every row before the first is sent', async () => {
    const mismatch = await failure(`INSERT INTO okta.group.groups (profile) VALUES ('{"name":"A"}'), ('no object')`);
    expect([mismatch.code, mismatch.message]).toEqual([
      'type_mismatch',
      '"profile" of okta.group.groups.insert (row 2) takes an object, not this text',
    ]);
    const missing = await failure(`INSERT INTO okta.group.users (groupId, userId) VALUES ('${sales}', 'x'), ('${sales}', NULL)`);
    expect([missing.code, missing.message]).toEqual([
      'required_parameter_missing',
      'okta.group.users.insert needs a value for "userId", which is NULL or empty (row 2)',
    ]);
    expect((await failure(`INSERT INTO okta.group.users (userId) VALUES ('x')`)).message).toBe(
      'okta.group.users.insert needs a value for "groupId"',
    );
    expect((await failure(`INSERT INTO okta.user.users (profile, activate) VALUES ('{}', 'maybe')`)).code).toBe('invalid_parameter_value');
    expect((await failure(`INSERT INTO okta.group.groups VALUES ('{}')`)).code).toBe('unsupported_syntax');
    expect(writes()).toEqual([]);
  });

  it('stops at the first failure and says what was done', async () => {
    const error = await failure(`INSERT INTO okta.group.groups (profile) VALUES ('{"name":"A"}'), ('{"name":"Sales"}'), ('{"name":"B"}')`);
    expect(error.api?.errorCode).toBe('E0000001');
    expect(error.detail).toMatch(/\. 1 of 3 calls were done \(00g\w{17}\); call 2 failed; 1 was not sent\. What was done is not undone\.$/);
    expect(writes().length).toBe(2);
  });

  it('returns columns of the answers, expressions over them, and checks the list before anything is sent', async () => {
    expect(
      await test.rows(
        `INSERT INTO okta.group.groups (profile) VALUES ('{"name":"A"}') RETURNING type, profile.name, upper(profile.name) || '!' AS loud, created`,
      ),
    ).toEqual([{ type: 'OKTA_GROUP', name: 'A', loud: 'A!', created: TEST_TIME }]);
    writes();
    const error = await failure(`INSERT INTO okta.group.groups (profile) VALUES ('{"name":"B"}') RETURNING tpe`);
    expect([error.code, error.hint]).toEqual(['unknown_column', 'did you mean "type"?']);
    expect((await failure(`INSERT INTO okta.group.groups (profile) VALUES ('{"name":"B"}') RETURNING upper(tpe)`)).code).toBe(
      'unknown_column',
    );
    expect(writes()).toEqual([]);
  });

  it('returns the parameters of a call that answers nothing', async () => {
    expect(
      await test.rows(`INSERT INTO okta.group.users (groupId, userId) VALUES ('${sales}', '${users[2]}') RETURNING id, groupId, subdomain`),
    ).toEqual([{ id: users[2], groupId: sales, subdomain: 'lab' }]);
  });
});

describe('UPDATE and REPLACE', () => {
  it('address one row by its key without reading, a key column counting as its parameter', async () => {
    await test.effect(`UPDATE okta.user.users AS u SET profile.nickName = 'Ad', profile.title = NULL WHERE u.id = '${users[0]}'`);
    expect(test.takeRequests()).toEqual([`POST /api/v1/users/${users[0]} {"profile":{"nickName":"Ad","title":null}}`]);
  });

  it('find their rows by any condition, with values computed from each', async () => {
    const rows = await test.rows(
      `UPDATE okta.user.users SET profile.nickName = upper(profile.firstName) WHERE profile.login LIKE '%a@example.com' RETURNING profile.nickName AS nick`,
    );
    expect(rows.map((row) => row.nick).sort()).toEqual(['ADA', 'BEA']);
    expect([...writes()].sort()).toEqual(
      [
        `POST /api/v1/users/${users[0]} {"profile":{"nickName":"ADA"}}`,
        `POST /api/v1/users/${users[1]} {"profile":{"nickName":"BEA"}}`,
      ].sort(),
    );
  });

  it('keep what SET does not name where the API only replaces whole, and REPLACE does not', async () => {
    await test.effect(`UPDATE okta.group.groups SET profile.name = 'Vendor' WHERE groupId = '${sales}'`);
    const [get, put] = test.takeRequests();
    expect(get).toBe(`GET /api/v1/groups/${sales}`);
    expect(put).toContain('"profile":{"name":"Vendor","description":"Sells"}');
    await test.effect(`REPLACE okta.group.groups SET profile = '{"name":"Sold"}' WHERE groupId = '${sales}'`);
    expect(test.takeRequests()).toEqual([`PUT /api/v1/groups/${sales} {"profile":{"name":"Sold"}}`]);
  });

  it('join other relations with FROM, and refuse two values for one row', async () => {
    await test.effect(
      `UPDATE okta.user.users AS u SET profile.title = g.profile->>'name' FROM okta.group.groups g WHERE g.id = '${sales}' AND u.profile.login = 'ada@example.com'`,
    );
    expect(writes()).toEqual([`POST /api/v1/users/${users[0]} {"profile":{"title":"Sales"}}`]);
    const error = await failure(
      `UPDATE okta.user.users AS u SET profile.title = v.t FROM (VALUES ('a'), ('b')) v(t) WHERE u.profile.login = 'ada@example.com'`,
    );
    expect(error.message).toBe('One target would be set to different values');
    expect(writes()).toEqual([]);
  });

  it('refuse unknown properties, with a suggestion, and a missing WHERE', async () => {
    const error = await failure(`UPDATE okta.user.users SET profle = '{}' WHERE id = '${users[0]}'`);
    expect([error.code, error.hint]).toEqual(['unknown_parameter', 'did you mean "profile"?']);
    expect((await failure(`UPDATE okta.user.users SET profile.title = 'x'`)).code).toBe('refused');
    expect(writes()).toEqual([]);
    expect(await test.effect(`UPDATE okta.group.groups SET profile.description = 'x' WHERE type = 'NONE'`)).toBe('0 groups updated');
  });
});

describe('DELETE', () => {
  it('sends one request for each value of an IN-list', async () => {
    await test.effect(
      `DELETE FROM okta.group.users WHERE groupId = '${sales}' AND userId IN ('${users[0]}', '${users[1]}', '${users[0]}')`,
    );
    expect(test.takeRequests()).toEqual([
      `DELETE /api/v1/groups/${sales}/users/${users[0]}`,
      `DELETE /api/v1/groups/${sales}/users/${users[1]}`,
    ]);
  });

  it('removes the rows that its condition finds, each read before the first goes', async () => {
    await test.effect(`DELETE FROM okta.group.users WHERE groupId = '${sales}'`);
    const requests = test.takeRequests();
    expect(requests.filter((request) => request.startsWith('DELETE')).sort()).toEqual(
      [`DELETE /api/v1/groups/${sales}/users/${users[0]}`, `DELETE /api/v1/groups/${sales}/users/${users[1]}`].sort(),
    );
    expect(requests[0]).toContain(`GET /api/v1/groups/${sales}/users`);
  });

  it('takes keys from a subquery, by rows that are there only', async () => {
    await test.effect(
      `DELETE FROM okta.group.users WHERE groupId = '${sales}' AND userId IN (SELECT id FROM okta.user.users WHERE profile.login IN ('bea@example.com', 'cyd@example.com'))`,
    );
    expect(writes()).toEqual([`DELETE /api/v1/groups/${sales}/users/${users[1]}`]);
  });

  it('of a relation that cannot be read takes its keys and options from equalities and subqueries', async () => {
    await test.effect(`DELETE FROM okta.user.sessions WHERE userId = '${users[0]}' AND oauthTokens = 'true' AND forgetDevices = 'true'`);
    expect(test.takeRequests()).toEqual([`DELETE /api/v1/users/${users[0]}/sessions?oauthTokens=true&forgetDevices=true`]);
    await test.effect(`DELETE FROM okta.user.sessions WHERE userId IN (SELECT id FROM okta.group.users WHERE groupId = '${sales}')`);
    expect([...writes()].sort()).toEqual([`DELETE /api/v1/users/${users[0]}/sessions`, `DELETE /api/v1/users/${users[1]}/sessions`].sort());
    expect((await failure("DELETE FROM okta.user.sessions WHERE userId LIKE '00u%'")).code).toBe('unsupported_syntax');
  });

  it('joins with USING', async () => {
    await test.effect(
      `DELETE FROM okta.group.users AS m USING okta.user.users AS u WHERE m.groupId = '${sales}' AND u.id = m.id AND u.profile.firstName = 'bea'`,
    );
    expect(writes()).toEqual([`DELETE /api/v1/groups/${sales}/users/${users[1]}`]);
  });

  it('without WHERE is refused unless all rows are allowed', async () => {
    expect((await failure('DELETE FROM okta.group.groups')).code).toBe('refused');
    expect((await failure('DELETE FROM okta.user.sessions', { allowAll: true })).code).toBe('required_parameter_missing');
    expect(writes()).toEqual([]);
  });
});

describe('EXEC', () => {
  it('calls a method for each row of a query, once for each', async () => {
    expect(
      await test.effect(
        `EXEC okta.user.users.suspend FOR EACH (SELECT m.id AS userId FROM okta.group.users m, (VALUES (1), (2)) AS twice WHERE m.groupId = '${sales}')`,
      ),
    ).toBe('suspend: 2 calls made');
    expect([...writes()].sort()).toEqual(
      [`POST /api/v1/users/${users[0]}/lifecycle/suspend`, `POST /api/v1/users/${users[1]}/lifecycle/suspend`].sort(),
    );
  });

  it('sends @@json as the body, and refuses what is no JSON', async () => {
    const [row] = await test.rows(`EXEC okta.group.groups.update @groupId = '${sales}', @@json = '{"profile":{"name":"Renamed"}}'`);
    expect(test.takeRequests()).toEqual([`PUT /api/v1/groups/${sales} {"profile":{"name":"Renamed"}}`]);
    expect([row?.id, row?.type]).toEqual([sales, 'OKTA_GROUP']);
    expect((await failure(`EXEC okta.group.groups.update @groupId = '${sales}', @@json = '{"profile":'`)).code).toBe('type_mismatch');
    expect((await failure(`EXEC okta.group.groups.update @groupId = '${sales}', @@json = '{"n":9007199254740993}'`)).message).toBe(
      'The number 9007199254740993 cannot be sent exactly',
    );
  });

  it('answers with the relation’s columns in catalog order, typed', async () => {
    const cursor = await test.session.query(`EXEC okta.group.groups.get @groupId = '${sales}'`);
    expect(cursor.columns.slice(0, 4)).toEqual([
      { name: 'id', type: 'VARCHAR' },
      { name: '_embedded', type: 'JSON' },
      { name: '_links', type: 'JSON' },
      { name: 'created', type: 'TIMESTAMP WITH TIME ZONE' },
    ]);
    const [row] = await rowsOf(cursor);
    expect([row?.created, row?.profile]).toEqual(['2026-02-28T12:00:00.000Z', '{"name":"Sales","description":"Sells"}']);
  });
});

describe('a write that must be confirmed', () => {
  it('shows what it would send, without secrets, and sends nothing when refused', async () => {
    const previews: WritePreview[] = [];
    const confirm = async (preview: WritePreview): Promise<boolean> => {
      previews.push(preview);
      return false;
    };
    const sql = `INSERT INTO okta.user.users (profile, credentials) VALUES ('{"login":"z@example.com"}', '{"password":{"value":"hush"}}')`;
    expect((await failure(sql, { confirm })).code).toBe('refused');
    expect(previews).toEqual([
      {
        statement: sql,
        method: 'okta.user.users.insert',
        calls: 1,
        sample: [
          {
            verb: 'POST',
            url: expect.stringMatching(/\/api\/v1\/users$/),
            body: '{"profile":{"login":"z@example.com"},"credentials":{"password":{"value":"***"}}}',
          },
        ],
        warnings: [],
      },
    ]);
    expect(writes()).toEqual([]);
  });

  it('is not asked about its reads, nor sent beyond the limit of calls', async () => {
    const confirm = async (): Promise<boolean> => true;
    expect(await test.effect(`EXEC okta.group.groups.get @groupId = '${sales}'`, { confirm: async () => false })).toContain('1 call made');
    expect((await failure(`DELETE FROM okta.group.users WHERE groupId = '${sales}'`, { confirm, maxCalls: 2 })).code).toBe('limit_reached');
    expect(writes()).toEqual([]);
    expect(await test.effect(`DELETE FROM okta.group.users WHERE groupId = '${sales}'`, { confirm, maxCalls: 3 })).toMatch(
      /^2 users deleted/,
    );
  });
});

describe('a sequence of calls', () => {
  it.each([
    ['a web page', { kind: 'contentType', value: 'text/html', body: '<html><title>Sign in</title></html>' }],
    [
      'an error',
      { kind: 'contentType', value: 'application/json', body: '{"errorCode":"E0000009","errorSummary":"Internal Server Error"}' },
    ],
    ['half an answer', { kind: 'cut' }],
  ])('ends where %s comes with a status of success', async (_, effect) => {
    await test.emulator.handle({
      method: 'PUT',
      url: '/_emulator/faults',
      body: JSON.stringify([{ method: 'POST', path: '/api/v1/groups', effect }]),
    });
    const error = await failure(`INSERT INTO okta.group.groups (profile) VALUES ('{"name":"A"}'), ('{"name":"B"}')`);
    expect(error).toMatchObject({ code: 'outcome_unknown', detail: expect.stringContaining('0 of 2 calls were done') });
    expect(writes()).toEqual(['POST /api/v1/groups {"profile":{"name":"A"}}']);
  });

  it('does not begin where an error comes in place of the object that is to be changed', async () => {
    await test.emulator.handle({
      method: 'PUT',
      url: '/_emulator/faults',
      body: JSON.stringify([
        {
          method: 'GET',
          path: `/api/v1/groups/${sales}`,
          effect: {
            kind: 'contentType',
            value: 'application/json',
            body: '{"errorCode":"E0000009","errorSummary":"Internal Server Error"}',
          },
        },
      ]),
    });
    const error = await failure(`UPDATE okta.group.groups SET profile.description = 'new' WHERE groupId = '${sales}'`);
    expect(error.code).toBe('api_error');
    expect(writes()).toEqual([]);
  });

  it('is not sent twice when an answer is lost', async () => {
    await test.emulator.handle({
      method: 'PUT',
      url: '/_emulator/faults',
      body: JSON.stringify([{ method: 'POST', path: '/api/v1/groups', effect: { kind: 'lostResponse' } }]),
    });
    const error = await failure(`INSERT INTO okta.group.groups (profile) VALUES ('{"name":"A"}'), ('{"name":"B"}')`);
    expect(error.code).toBe('outcome_unknown');
    expect(error.detail).toContain('0 of 2 calls were done; call 1 failed; 1 was not sent');
    expect(writes()).toEqual(['POST /api/v1/groups {"profile":{"name":"A"}}']);
  });
});
