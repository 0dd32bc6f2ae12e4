/* What a query asks of a derived table or a common table expression is asked of the relations inside, where that changes no answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../../src/session/test-session.ts';
import { countedCalls } from './counted-calls.ts';

let lab: TestSession;
let groupId = '';

beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
  groupId = String((await lab.rows("SELECT id FROM okta.group.groups WHERE type = 'OKTA_GROUP' ORDER BY id LIMIT 1"))[0]?.id);
});

afterAll(() => lab.close());

const EVERYONE = '/api/v1/users search=created gt "1970-01-01T00:00:00.000Z"';
const LOCKED = '/api/v1/users filter=status eq "LOCKED_OUT"';

/** Statements with `{id}` for a group, and the requests that they may make. */
const MOVED: Readonly<Record<string, readonly [sql: string, calls: Readonly<Record<string, number>>]>> = {
  'through a derived table': ["SELECT id FROM (SELECT * FROM okta.user.users) u WHERE u.status = 'LOCKED_OUT'", { [LOCKED]: 1 }],
  'of what is no column as one of what it is computed of': [
    "SELECT id FROM (SELECT id, CASE WHEN status <> 'STAGED' THEN 'LOCKED_OUT' ELSE 'none' END AS status FROM okta.user.users) WHERE status <> 'LOCKED_OUT'",
    { '/api/v1/users filter=status eq "STAGED"': 1 },
  ],
  'through several': [
    "SELECT id FROM (SELECT id, s FROM (SELECT id, status AS s FROM okta.user.users) x) y WHERE y.s = 'LOCKED_OUT'",
    { [LOCKED]: 1 },
  ],
  'through a common table expression': [
    "WITH u AS (SELECT id, status FROM okta.user.users) SELECT id FROM u WHERE 'LOCKED_OUT' = status",
    { [LOCKED]: 1 },
  ],
  'as either of what two uses ask': [
    "WITH u AS (SELECT id, status FROM okta.user.users) SELECT id FROM u WHERE status = 'LOCKED_OUT' UNION SELECT id FROM u WHERE status = 'STAGED'",
    { '/api/v1/users filter=status eq "LOCKED_OUT" or status eq "STAGED"': 1 },
  ],
  'into each branch of a set operation': [
    "SELECT id FROM (SELECT id, status FROM okta.user.users EXCEPT SELECT id, status FROM okta.user.users x WHERE x.profile.department = 'Sales') WHERE status = 'LOCKED_OUT'",
    { [LOCKED]: 1, '/api/v1/users search=profile.department eq "Sales" and status eq "LOCKED_OUT"': 1 },
  ],
  'to a field below a column': [
    "SELECT id FROM (SELECT id, profile FROM okta.user.users) u WHERE u.profile.department = 'Sales'",
    { '/api/v1/users search=profile.department eq "Sales"': 1 },
  ],
  'of the keys of groups': [
    "SELECT status, n FROM (SELECT status, count(*) AS n FROM okta.user.users GROUP BY ALL) WHERE status = 'LOCKED_OUT' AND n > 0",
    { [LOCKED]: 1 },
  ],
  'of the keys of groups, by HAVING': [
    "SELECT status, count(*) FROM okta.user.users GROUP BY status HAVING status = 'LOCKED_OUT' AND count(*) > 0",
    { [LOCKED]: 1 },
  ],
  'of the keys of windows': [
    "SELECT id FROM (SELECT id, status, row_number() OVER (PARTITION BY status ORDER BY id) AS n FROM okta.user.users) WHERE status = 'LOCKED_OUT' AND n = 1",
    { [LOCKED]: 1 },
  ],
  'to a parameter': [
    "WITH m AS (SELECT id, groupId FROM okta.group.users) SELECT count(*) FROM m WHERE groupId = '{id}'",
    { '/api/v1/groups/{id}/users': 1 },
  ],
  'by a join': [
    'SELECT u.id FROM okta.iam.assignees a JOIN (SELECT id FROM okta.user.users) u ON u.id = a.id',
    { '/api/v1/iam/assignees/users': 1, '/api/v1/users filter=id eq "{id}" or ...': 1 },
  ],
  'by an outer join with counts': [
    "SELECT g.id, n FROM okta.group.groups g LEFT JOIN (SELECT groupId, count(*) AS n FROM okta.group.users GROUP BY groupId) m ON m.groupId = g.id WHERE g.id = '{id}'",
    { '/api/v1/groups/{id}': 1, '/api/v1/groups/{id}/users': 1 },
  ],
};

describe('a condition moves', () => {
  test.each(Object.entries(MOVED))('%s', async (_, [sql, calls]) => {
    expect(await countedCalls(lab, sql.replaceAll('{id}', groupId))).toEqual(calls);
  });
});

const KEPT: Readonly<Record<string, string>> = {
  'past LIMIT': "SELECT id FROM (SELECT id, status FROM okta.user.users ORDER BY id LIMIT 90) WHERE status = 'LOCKED_OUT'",
  'past DISTINCT ON':
    "SELECT id FROM (SELECT DISTINCT ON (profile.lastName) id, status FROM okta.user.users ORDER BY profile.lastName, id) WHERE status = 'LOCKED_OUT'",
  'past a sample': "SELECT id FROM (SELECT id, status FROM okta.user.users) u TABLESAMPLE 100% WHERE status = 'LOCKED_OUT'",
  'into a window that looks at other rows':
    "SELECT id, n FROM (SELECT id, status, row_number() OVER (ORDER BY id) AS n FROM okta.user.users) WHERE status = 'LOCKED_OUT'",
  'into grouping sets':
    "SELECT status, n FROM (SELECT status, profile.department AS d, count(*) AS n FROM okta.user.users GROUP BY GROUPING SETS ((status), (d))) WHERE status = 'LOCKED_OUT'",
  'of what may not be computed row by row':
    "SELECT status FROM (SELECT any_value(status) AS status FROM okta.user.users GROUP BY id) WHERE status = 'LOCKED_OUT'",
  'of an aggregate that has the name of a column':
    "SELECT profile.department, max(status) AS status FROM okta.user.users GROUP BY ALL HAVING max(status) = 'SUSPENDED'",
  'where another use asks for all':
    "WITH u AS (SELECT id, status FROM okta.user.users) SELECT id, (SELECT count(*) FROM u) FROM u WHERE status = 'LOCKED_OUT'",
  'where the other side of an outer join decides':
    "SELECT g.id, u.id FROM (SELECT id, status FROM okta.user.users) u LEFT JOIN okta.group.groups g ON u.status = 'LOCKED_OUT' AND g.id = u.id",
  'by name into a union by name':
    "SELECT id FROM (SELECT id, status FROM okta.user.users UNION ALL BY NAME SELECT status, id FROM okta.user.users) WHERE status = 'LOCKED_OUT'",
};

describe('a condition does not move', () => {
  test.each(Object.entries(KEPT))('%s', async (_, sql) => {
    const made = await countedCalls(lab, sql);
    expect(made[EVERYONE], JSON.stringify(made)).toBeGreaterThan(0);
    expect(Object.keys(made).filter((call) => call.startsWith('/api/v1/users') && call !== EVERYONE)).toEqual([]);
  });
});

test('a column that a star leaves out is named as one that can be asked for', async () => {
  const sql = 'SELECT f.id FROM okta.user.users u JOIN (SELECT * FROM okta.userfactor.factors) f ON f.userId = u.id';
  expect(await lab.failure(sql)).toMatchObject({
    code: 'unknown_column',
    hint: 'A star leaves hidden columns and parameters out. Name it where f is made: SELECT *, userId FROM ...',
  });
});
