import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../../src/session/test-session.ts';
import { countedCalls } from './counted-calls.ts';

let lab: TestSession;
let userId = '';
let appId = '';

beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
  userId = String((await lab.rows("SELECT id FROM okta.user.users WHERE status = 'ACTIVE' ORDER BY created LIMIT 1"))[0]?.id);
  appId = String((await lab.rows("SELECT id FROM okta.application.apps WHERE status = 'ACTIVE' ORDER BY id LIMIT 1"))[0]?.id);
});

afterAll(() => lab.close());

const calls = (sql: string): Promise<Record<string, number>> => countedCalls(lab, sql);

const EVERYONE = '/api/v1/users search=created gt "1970-01-01T00:00:00.000Z"';

describe('look-ups by key', () => {
  test('one id is asked of the object itself', async () => {
    expect(await calls(`SELECT status FROM okta.user.users WHERE id = '${userId}'`)).toEqual({ '/api/v1/users/{id}': 1 });
  });

  test('a login given as userId is asked of the object itself', async () => {
    expect(await lab.rows("SELECT profile.login FROM okta.user.users WHERE userId = 'ada.andersson@example.com'")).toEqual([
      { login: 'ada.andersson@example.com' },
    ]);
    expect(Object.keys(await calls("SELECT id FROM okta.user.users WHERE userId = 'ada.andersson@example.com'"))).toEqual([
      '/api/v1/users/ada.andersson@example.com',
    ]);
  });

  test('ids from another relation share a call', async () => {
    const made = await calls('SELECT u.status FROM okta.iam.assignees a JOIN okta.user.users u ON u.id = a.id');
    expect(made).toEqual({ '/api/v1/iam/assignees/users': 1, '/api/v1/users filter=id eq "{id}" or ...': 1 });
  });

  test('are asked for by the same request, in whatever order the ids come', async () => {
    const ids = (await lab.rows('SELECT id FROM okta.user.users LIMIT 12')).map(({ id }) => `('${String(id)}')`);
    const requestsFor = async (given: readonly string[]): Promise<readonly string[]> => {
      await lab.effect(`CREATE OR REPLACE TEMP TABLE wanted AS SELECT * FROM (VALUES ${given.join(', ')}) v(id)`);
      lab.takeRequests();
      await lab.rows('SELECT u.status FROM wanted w JOIN okta.user.users u ON u.id = w.id');
      return lab.takeRequests();
    };
    expect(await requestsFor(ids.toReversed())).toEqual(await requestsFor(ids));
  });

  test('an id that is only compared with another column drives nothing', async () => {
    expect(Object.keys(await calls("SELECT count(*) FROM okta.user.users WHERE id <> 'x'"))).toEqual([EVERYONE]);
  });
});

describe('a sample', () => {
  const sampled = (sample: string): string =>
    `SELECT m.id FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id WHERE g.type = 'BUILT_IN'${sample}`;

  test('is drawn of all that a join gives, whatever WHERE asks of it', async () => {
    const [{ n: groups } = {}] = await lab.rows('SELECT count(*)::INT AS n FROM okta.group.groups');
    expect(await calls(sampled(''))).toMatchObject({ '/api/v1/groups/{id}/users': 2 });
    expect((await calls(sampled(' USING SAMPLE 5 ROWS')))['/api/v1/groups/{id}/users']).toBeGreaterThan(Number(groups));
  });

  test('is drawn of what WHERE names as a parameter', async () => {
    const made = await calls("SELECT id FROM okta.user.users WHERE q = 'ada' AND status = 'ACTIVE' USING SAMPLE 5 ROWS");
    expect(Object.keys(made)).toEqual(['/api/v1/users q=ada']);
  });
});

describe('values that another relation lists cheaply', () => {
  const ROLES = '/api/v1/users/{id}/roles';

  test('drive what they are looked up in, where that is cheaper than its list', async () => {
    const made = await calls('SELECT u.id, r.type FROM okta.user.users u JOIN okta.user.roles r ON r.userId = u.id');
    expect(made).toEqual({ '/api/v1/iam/assignees/users': 1, [ROLES]: expect.any(Number), '/api/v1/users filter=id eq "{id}" or ...': 1 });
    expect(made[ROLES]).toBeLessThan(30);
  });

  test('leave out what surely has no rows, where other conditions name what is looked at', async () => {
    const made = await calls(
      "SELECT u.id, r.type FROM okta.user.users u LEFT JOIN okta.user.roles r ON r.userId = u.id WHERE u.status = 'STAGED'",
    );
    expect(made['/api/v1/users filter=status eq "STAGED"']).toBe(1);
    expect(made['/api/v1/iam/assignees/users']).toBe(1);
    expect(made[ROLES] ?? 0).toBeLessThan(5);
  });

  test('are not read for one user', async () => {
    expect(await calls(`SELECT type FROM okta.user.roles WHERE userId = '${userId}'`)).toEqual({ [ROLES]: 1 });
  });

  test('are done without by whoever may not read them', async () => {
    await lab.emulator.handle({
      method: 'PUT',
      url: '/_emulator/faults',
      body: JSON.stringify([{ path: '/api/v1/iam/assignees/users', effect: { kind: 'status', status: 403, errorCode: 'E0000006' } }]),
    });
    const made = await calls('SELECT count(*) FROM okta.user.users u JOIN okta.user.roles r ON r.userId = u.id');
    expect(made[EVERYONE]).toBeGreaterThan(0);
    expect(made[ROLES]).toBeGreaterThan(100);
    await lab.emulator.handle({ method: 'PUT', url: '/_emulator/faults', body: '[]' });
  });
});

describe('a join with a parent', () => {
  const RULES = {
    '/api/v1/authorizationServers': 1,
    '/api/v1/authorizationServers/{server}/policies': 1,
    '/api/v1/authorizationServers/{server}/policies/{id}/rules': 1,
  };
  const callsBelow = async (sql: string): Promise<Record<string, number>> =>
    Object.fromEntries(Object.entries(await calls(sql)).map(([call, n]) => [call.replace(/\/aus\w+/, '/{server}'), n]));

  test('binds what the parent lies under as well', async () => {
    expect(
      await callsBelow(
        'SELECT p.name, r.name FROM okta.authorizationserver.policies p JOIN okta.authorizationserver.rules r ON r.policyId = p.id',
      ),
    ).toEqual(RULES);
    const [row] = await lab.rows(
      'SELECT p.*, r.name AS rule FROM okta.authorizationserver.policies p LEFT JOIN okta.authorizationserver.rules r ON r.policyId = p.id',
    );
    expect(Object.keys(row ?? {})).not.toContain('authServerId');
  });

  test('binds nothing where a column that is no key of the parent is compared', async () => {
    await expect(
      lab.rows('SELECT r.name FROM okta.authorizationserver.policies p JOIN okta.authorizationserver.rules r ON r.policyId = p.name'),
    ).rejects.toMatchObject({ code: 'required_parameter_missing' });
  });
});

describe('filters that the statement gives', () => {
  test('q is sent alone: the API would not heed it beside a filter', async () => {
    expect(await calls("SELECT id FROM okta.user.users WHERE q = 'larsen' AND status = 'ACTIVE'")).toEqual({ '/api/v1/users q=larsen': 1 });
    const found = await lab.rows("SELECT profile.lastName AS name FROM okta.user.users WHERE q = 'larsen' AND status = 'ACTIVE'");
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map((row) => row.name))).toEqual(new Set(['Larsen']));
    expect(await calls("SELECT id FROM okta.user.users WHERE q = 'larsen'")).toEqual({ '/api/v1/users q=larsen': 1 });
  });

  test('filter and search are sent as they are, with none of ours beside, look-ups by key included', async () => {
    expect(await calls(`SELECT id FROM okta.user.users WHERE filter = 'status eq "SUSPENDED"' AND profile.department = 'Sales'`)).toEqual({
      '/api/v1/users filter=status eq "SUSPENDED"': 1,
    });
    expect(
      await calls(`SELECT id FROM okta.user.users WHERE search = 'profile.department eq "Sales"' AND profile.login IN ('a@b.c', 'd@e.f')`),
    ).toEqual({ '/api/v1/users search=profile.department eq "Sales"': 1 });
  });
});

describe('LIMIT', () => {
  test('over several calls makes those alone that it needs; without it all are made', async () => {
    const groups = await lab.rows("SELECT id FROM okta.group.groups WHERE type = 'OKTA_GROUP' ORDER BY id LIMIT 6");
    const query = `SELECT groupId, id FROM okta.group.users WHERE groupId IN (${groups.map(({ id }) => `'${id}'`).join(', ')})`;
    expect(await calls(query)).toEqual({ '/api/v1/groups/{id}/users': 6 });
    const [first] = groups;
    expect((await lab.rows(`${query} LIMIT 1`)).map(({ groupId }) => groupId)).toEqual([first?.id]);
    expect(await calls(`${query} LIMIT 1`)).toEqual({ '/api/v1/groups/{id}/users': 1 });
  });

  test('with ORDER BY stops the paging where the server sorts by the first key, behind what ties with the last row', async () => {
    const pages = async (sql: string): Promise<number> => {
      lab.takeRequests();
      await lab.rows(sql);
      return lab.takeRequests().length;
    };
    for (const sql of [
      "SELECT id FROM okta.user.users WHERE status = 'ACTIVE' ORDER BY created DESC LIMIT 5",
      'SELECT id FROM okta.user.users ORDER BY created DESC, id LIMIT 5',
      'SELECT id, created AS c FROM okta.user.users ORDER BY c, id DESC LIMIT 5',
      'SELECT id, created FROM okta.user.users ORDER BY 2 LIMIT 5 OFFSET 5',
      'SELECT max(id) FROM (SELECT id FROM okta.user.users WHERE lastLogin IS NOT NULL ORDER BY created, id LIMIT 5)',
      'SELECT id FROM okta.group.groups ORDER BY created, id LIMIT 5',
      "SELECT uuid FROM okta.log.logs WHERE published >= '2026-02-01' ORDER BY published DESC, uuid LIMIT 5",
    ])
      expect(await pages(sql), sql).toBe(1);
    // What the server does not sort, or sorts by another key, is read whole.
    for (const sql of [
      'SELECT id FROM okta.user.users ORDER BY profile.lastName, created LIMIT 5',
      'SELECT id FROM okta.user.users ORDER BY lower(status), created LIMIT 5',
      'SELECT id, profile.lastName AS created FROM okta.user.users ORDER BY created LIMIT 5',
      'SELECT id FROM okta.user.users ORDER BY created, id',
    ])
      expect(await pages(sql), sql).toBe(2);
  });

  test('stops the paging inside a query, where which rows they are does not matter', async () => {
    const paging = async (sql: string): Promise<readonly string[]> => {
      lab.takeRequests();
      await lab.rows(sql);
      return lab
        .takeRequests()
        .filter((request) => /v1\/users\?/.test(request))
        .map((request) => /limit=\d+/.exec(request)?.[0] ?? '');
    };
    expect(await paging('SELECT count(*) FROM (SELECT id FROM okta.user.users LIMIT 7)')).toEqual(['limit=7']);
    expect(
      await paging("WITH u AS (SELECT id FROM okta.user.users WHERE status = 'ACTIVE' LIMIT 3 OFFSET 2) SELECT max(id) FROM u"),
    ).toEqual(['limit=5']);
    expect(await paging('SELECT EXISTS (SELECT 1 FROM okta.user.users)')).toEqual(['limit=1']);
    expect(await paging('SELECT id, (SELECT 1) AS one FROM okta.user.users LIMIT 3')).toEqual(['limit=3']);
    // Here it does, or conditions are still to be checked, or other rows count.
    for (const sql of [
      'SELECT count(*) FROM (SELECT id FROM okta.user.users ORDER BY profile.lastName LIMIT 7)',
      'SELECT count(*) FROM (SELECT DISTINCT status FROM okta.user.users LIMIT 7)',
      'SELECT count(*) FROM (SELECT count(*) FROM okta.user.users LIMIT 7)',
      'SELECT count(*) FROM (SELECT id FROM okta.user.users WHERE id IN (SELECT id FROM okta.iam.assignees) OR lastLogin IS NULL LIMIT 7)',
      'SELECT count(*) FROM (SELECT u.id FROM okta.user.users u JOIN okta.iam.assignees a ON a.id <> u.id LIMIT 7)',
      'SELECT EXISTS (SELECT 1 FROM okta.user.users u WHERE u.id <> a.id) FROM okta.iam.assignees a',
    ])
      expect(await paging(sql), sql).toEqual(['limit=200', 'limit=200']);
  });

  test('stops the paging and sets the page size where nothing is left to check', async () => {
    lab.takeRequests();
    await lab.rows('SELECT id FROM okta.group.groups LIMIT 3');
    expect(lab.takeRequests()).toEqual(['GET /api/v1/groups?limit=3']);
  });

  test('keeps the page size where the engine must check rows', async () => {
    lab.takeRequests();
    await lab.rows('SELECT id FROM okta.group.groups WHERE profile.description IS NULL LIMIT 1');
    expect(lab.takeRequests()[0]).toMatch(/limit=200/);
  });

  test('sorts at the server only by columns that both order alike', async () => {
    lab.takeRequests();
    await lab.rows('SELECT uuid FROM okta.log.logs ORDER BY published DESC LIMIT 2');
    expect(lab.takeRequests()).toEqual([expect.stringMatching(/sortOrder=DESCENDING.*limit=2|limit=2.*sortOrder=DESCENDING/)]);
    await lab.rows('SELECT id FROM okta.user.users ORDER BY profile.login LIMIT 2');
    expect(lab.takeRequests().every((request) => !request.includes('sortBy'))).toBe(true);
  });
});

describe('filters', () => {
  test('words of a fixed list are excluded as lt or gt', async () => {
    expect(Object.keys(await calls("SELECT id FROM okta.user.users WHERE status <> 'ACTIVE'"))).toEqual([
      '/api/v1/users search=status lt "ACTIVE" or status gt "ACTIVE"',
    ]);
  });

  test('ranges of text are not pushed', async () => {
    expect(Object.keys(await calls("SELECT id FROM okta.user.users WHERE profile.lastName < 'M'"))).toEqual([EVERYONE]);
  });

  test('an OR is pushed only when every branch is', async () => {
    const both = await calls("SELECT id FROM okta.user.users WHERE status = 'STAGED' OR profile.department = 'Sales'");
    expect(Object.keys(both)).toEqual(['/api/v1/users search=status eq "STAGED" or profile.department eq "Sales"']);
    const one = await calls("SELECT id FROM okta.user.users WHERE status = 'STAGED' OR lastLogin IS NULL");
    expect(Object.keys(one)).toEqual([EVERYONE]);
  });

  test('the plain list is used where the rows that it leaves out are not wanted', async () => {
    expect(Object.keys(await calls("SELECT id FROM okta.user.users WHERE status = 'ACTIVE'"))).toEqual([
      '/api/v1/users filter=status eq "ACTIVE"',
    ]);
    expect(Object.keys(await calls("SELECT id FROM okta.user.users WHERE 'DEPROVISIONED' <> status"))).toEqual(['/api/v1/users']);
    expect(Object.keys(await calls("SELECT id FROM okta.user.users WHERE status <> 'DEPROVISIONED' AND lastLogin IS NULL"))).toEqual([
      '/api/v1/users',
    ]);
  });

  test('what else the server can check is asked of it, in the index of all users', async () => {
    expect(
      Object.keys(await calls("SELECT id FROM okta.user.users WHERE status <> 'DEPROVISIONED' AND profile.department = 'Sales'")),
    ).toEqual(['/api/v1/users search=(status lt "DEPROVISIONED" or status gt "DEPROVISIONED") and profile.department eq "Sales"']);
    lab.takeRequests();
    await lab.rows("SELECT id FROM okta.user.users WHERE status <> 'DEPROVISIONED' ORDER BY created LIMIT 2");
    expect(lab.takeRequests()).toEqual([expect.stringMatching(/search=status.*sortBy=created/)]);
  });

  test('predicates on the null-supplying side stay when a row of NULLs could fulfil them', async () => {
    const sql =
      "SELECT count(*) AS n FROM okta.user.users u LEFT JOIN okta.user.users m ON m.id = u.id WHERE u.status = 'STAGED' AND m.status IS NULL";
    expect(await lab.rows(sql)).toEqual([{ n: 0 }]);
  });
});

describe('parameters', () => {
  test('a parent is read whole where the query mentions the parameter and nothing binds it', async () => {
    const made = await calls("SELECT count(*) FROM okta.group.users WHERE groupId <> 'x'");
    expect(made['/api/v1/groups']).toBe(1);
    expect(made['/api/v1/groups/{id}/users']).toBeGreaterThan(30);
  });

  test('without a word about it the missing parameter is named, with both remedies', async () => {
    await expect(lab.rows('SELECT id FROM okta.group.users')).rejects.toMatchObject({
      code: 'required_parameter_missing',
      message: 'okta.group.users needs a value for "groupId"',
      detail: 'it is read one group at a time (GET /api/v1/groups/{groupId}/users)',
      hint: "add  WHERE groupId = '...'  or join:  JOIN okta.group.groups p ON users.groupId = p.id",
    });
    expect(lab.takeRequests()).toEqual([]);
  });

  test('a fixed list of values is read one by one', async () => {
    const made = await calls('SELECT count(*) FROM okta.policy.policies');
    expect(Object.values(made).reduce((sum, count) => sum + count, 0)).toBe(12);
  });

  test('an unknown column or parameter is refused before any request', async () => {
    lab.takeRequests();
    await expect(lab.rows("SELECT id FROM okta.user.users WHERE statu = 'x'")).rejects.toMatchObject({
      code: 'unknown_column',
      hint: 'Did you mean status?',
    });
    expect(lab.takeRequests()).toEqual([]);
  });
});

describe('joins', () => {
  test('what a relation sends along is not looked up again', async () => {
    const made = await calls(
      `SELECT u.profile.login FROM okta.application.users x JOIN okta.user.users u ON u.id = x.id WHERE x.appId = '${appId}'`,
    );
    expect(Object.keys(made)).toEqual(['/api/v1/apps/{id}/users expand=user']);
  });

  test('the groups of a user stand for the members of every group', async () => {
    const made = await calls(`SELECT groupId FROM okta.group.users WHERE id = '${userId}' AND groupId IS NOT NULL`);
    expect(made).toEqual({ '/api/v1/users/{id}/groups': 1 });
  });

  test('they do not where more than the membership is asked for', async () => {
    const made = await calls(
      `SELECT m.groupId, m.status FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id WHERE m.id = '${userId}'`,
    );
    expect(made['/api/v1/users/{id}/groups']).toBeUndefined();
  });

  test('roles are asked only of users who have any', async () => {
    const made = await calls("SELECT r.type FROM okta.user.users u JOIN okta.user.roles r ON r.userId = u.id WHERE u.status = 'ACTIVE'");
    const listed = await lab.rows('SELECT count(*) AS n FROM okta.iam.assignees');
    expect(made['/api/v1/users/{id}/roles']).toBeLessThanOrEqual(Number(listed[0]?.n));
  });

  test('only what the other conditions leave drives a join', async () => {
    const made = await calls(
      "SELECT f.id FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id WHERE u.status = 'LOCKED_OUT' AND u.lastLogin IS NOT NULL",
    );
    const [counted] = await lab.rows("SELECT count(*) AS n FROM okta.user.users WHERE status = 'LOCKED_OUT' AND lastLogin IS NOT NULL");
    expect(made['/api/v1/users/{id}/factors'] ?? 0).toBe(Number(counted?.n));
  });
});

describe('children of every parent of a kind', () => {
  const of = (where: string): string =>
    `SELECT r.id, r.policyId, p.name FROM okta.policy.rules r JOIN okta.policy.policies p ON p.id = r.policyId WHERE ${where}`;

  test('are read for those parents, whatever else is said of the parent', async () => {
    const [wanted, found] = [
      await lab.rows(`${of("p.type = 'ACCESS_POLICY'")} ORDER BY 1`),
      await lab.rows(`${of("r.type = 'ACCESS_POLICY'")} ORDER BY 1`),
    ];
    expect(found.length).toBeGreaterThan(1);
    expect(found).toEqual(wanted);
    const [first] = found;
    expect(
      await lab.rows(`SELECT id FROM okta.policy.rules WHERE type = 'ACCESS_POLICY' AND policyId = '${first?.policyId}' ORDER BY id`),
    ).toEqual(found.filter(({ policyId }) => policyId === first?.policyId).map(({ id }) => ({ id })));
  });

  test('are none where the parent is of another kind', async () => {
    const [{ id } = {}] = await lab.rows("SELECT id FROM okta.policy.policies WHERE type = 'PASSWORD' LIMIT 1");
    expect(await lab.rows(`SELECT id FROM okta.policy.rules WHERE type = 'ACCESS_POLICY' AND policyId = '${id}'`)).toEqual([]);
  });
});
