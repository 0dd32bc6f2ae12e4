import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../session/test-session.ts';

let lab: TestSession;
beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
});
beforeEach(() => void lab.takeRequests());
afterAll(() => lab.close());

test.each([
  "SELECT g.id FROM (VALUES ('lab'), ('nope')) v(s) JOIN okta.group.groups g ON g.subdomain = v.s",
  "SELECT g.id FROM (VALUES ('nope')) v(s) LEFT JOIN okta.group.groups g ON g.subdomain = v.s",
  "SELECT id FROM okta.group.groups WHERE subdomain IN (SELECT 'nope')",
])('an org that a row names and that is none is an error before a request: %s', async (sql) => {
  expect(await lab.failure(sql)).toMatchObject({ code: 'unknown_org', detail: expect.stringContaining('Configured are lab, demo') });
  expect(lab.takeRequests()).toEqual([]);
});

test('orgs that rows name are all read', async () => {
  const rows = await lab.rows(
    "SELECT g.subdomain AS org, count(*)::INT AS n FROM (VALUES ('lab'), ('demo')) v(s) JOIN okta.group.groups g ON g.subdomain = v.s GROUP BY 1 ORDER BY 1",
  );
  expect(rows).toEqual([
    { org: 'demo', n: 34 },
    { org: 'lab', n: 34 },
  ]);
});

test('an org that only the rows of a relation name is never left out in silence', async () => {
  const naming = (name: string): string =>
    `SELECT g.id FROM okta.group.groups g JOIN okta.apitoken.tokens t ON t.subdomain = CASE WHEN g.id IS NULL THEN 'lab' ELSE '${name}' END`;
  expect((await lab.failure(naming('nope'))).code).toBe('unknown_org');
  expect(await lab.failure(naming('demo'))).toMatchObject({
    code: 'unsupported_syntax',
    hint: "name them:  WHERE subdomain IN ('lab', 'demo')",
  });
  expect((await lab.rows(naming('lab'))).length).toBeGreaterThan(0);
});

describe('the org that a relation is read in', () => {
  /** Of an org that holds next to nothing and the org `demo`. */
  let empty: TestSession;
  beforeAll(async () => {
    empty = await openTestSession();
  });
  afterAll(() => empty.close());

  test.each([
    'okta.user.users u LEFT JOIN okta.group.groups g ON g.id = u.id',
    'okta.group.groups g RIGHT JOIN okta.user.users u ON g.id = u.id',
    'okta.user.users u FULL JOIN okta.group.groups g ON g.id = u.id',
    'okta.user.users u LEFT JOIN okta.group.groups g ON g.id = u.id LEFT JOIN okta.application.apps a ON a.id = g.id',
    'okta.user.users u SEMI JOIN okta.group.groups g ON g.created > u.created',
    'okta.user.users u ANTI JOIN okta.group.groups g ON g.id = u.id',
    'okta.user.users u ASOF JOIN okta.group.groups g ON u.created >= g.created',
    'okta.user.users u ASOF LEFT JOIN okta.group.groups g ON u.created >= g.created',
    'okta.user.users u POSITIONAL JOIN okta.group.groups g',
    'okta.user.users u TABLESAMPLE 100% JOIN okta.group.groups g ON g.id <> u.id',
    'okta.user.users u JOIN okta.group.groups g ON g.id <> u.id',
    'okta.user.users',
  ])('is named for all relations of a SELECT alike: %s', async (from) => {
    const count = `SELECT count(*)::INT AS n FROM ${from}`;
    const [byDefault] = await lab.rows(count);
    expect(byDefault?.n).toBeGreaterThan(10);
    expect(await empty.rows(`${count} WHERE subdomain = 'demo'`)).toEqual([byDefault]);
    expect(await empty.rows(`${count} WHERE subdomain = 'demo' USING SAMPLE 100%`)).toEqual([byDefault]);
  });

  const locked = (subdomain: string): string =>
    `SELECT count(*)::INT AS n FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id WHERE u.status = 'LOCKED_OUT' AND u.subdomain = '${subdomain}'`;

  test('is that of what its parameters come from', async () => {
    const [demo] = await empty.rows(locked('demo'));
    expect(demo?.n).toBeGreaterThan(0);
    expect(await empty.rows(`${locked('lab')} UNION ALL ${locked('demo')}`)).toEqual([{ n: 0 }, demo]);
    const scalar = `(SELECT count(*) FROM okta.userfactor.factors f WHERE f.userId = u.id)`;
    const summed = (subdomain: string): string =>
      `SELECT coalesce(sum(${scalar}), 0)::INT AS n FROM okta.user.users u WHERE u.status = 'LOCKED_OUT' AND subdomain = '${subdomain}'`;
    expect(await empty.rows(`${summed('lab')} UNION ALL ${summed('demo')}`)).toEqual([{ n: 0 }, demo]);
    expect(
      await empty.rows(
        `WITH a AS (SELECT id FROM okta.user.users WHERE subdomain = 'lab'), b AS (SELECT id FROM okta.user.users WHERE subdomain = 'demo' AND status = 'LOCKED_OUT') SELECT count(*)::INT AS n FROM b JOIN okta.userfactor.factors f ON f.userId = b.id WHERE b.id NOT IN (FROM a)`,
      ),
    ).toEqual([demo]);
  });

  test('is each of those that the branches of an OR name', async () => {
    const rows = await empty.rows(
      "SELECT subdomain, count(*)::INT AS n FROM okta.user.users WHERE (subdomain = 'lab' AND status = 'ACTIVE') OR (status = 'LOCKED_OUT' AND subdomain = 'demo') GROUP BY 1 ORDER BY 1",
    );
    expect(rows).toEqual([
      { subdomain: 'demo', n: 4 },
      { subdomain: 'lab', n: 1 },
    ]);
  });

  test.each([
    "SELECT id FROM okta.user.users WHERE subdomain = 'demo' OR status = 'ACTIVE'",
    "EXPLAIN SELECT id FROM okta.user.users WHERE subdomain = 'demo' OR status = 'ACTIVE'",
    "SELECT count(*) FROM okta.user.users WHERE CASE WHEN subdomain IN ('lab', 'demo') THEN status = 'ACTIVE' END",
    "SELECT id FROM okta.user.users WHERE subdomain = 'de' || 'mo' OR status = 'ACTIVE'",
    "SELECT id FROM okta.user.users WHERE subdomain IS NOT DISTINCT FROM 'demo' OR status = 'ACTIVE'",
    'SELECT id FROM okta.user.users WHERE subdomain = $org OR status = $status',
    "SELECT id FROM (SELECT subdomain AS org, * FROM okta.user.users) WHERE org = 'demo' OR status = 'ACTIVE'",
    "SELECT u.id FROM okta.user.users u JOIN okta.group.groups g USING (subdomain) WHERE subdomain = 'demo' OR g.id = u.id",
    "WITH u AS (SELECT subdomain, id FROM okta.user.users LIMIT 5) SELECT id FROM u WHERE subdomain = 'demo'",
    "SELECT subdomain, count(*) FROM okta.user.users GROUP BY subdomain HAVING subdomain = 'demo' OR count(*) > 0",
    "SELECT id FROM okta.user.users QUALIFY subdomain = 'demo' OR row_number() OVER () = 1",
    "SELECT g.id FROM (VALUES (1)) g(id) LEFT JOIN okta.user.users u ON u.subdomain = 'demo' OR u.status = 'ACTIVE'",
    "COPY (SELECT id FROM okta.user.users WHERE subdomain = 'demo' OR status = 'ACTIVE') TO '/dev/null' (FORMAT csv)",
  ])('is never left out in silence where a condition names it: %s', async (sql) => {
    empty.takeRequests();
    await expect(empty.rows(sql, { allowFiles: true, parameters: { org: 'demo', status: 'ACTIVE' } })).rejects.toMatchObject({
      code: 'unsupported_syntax',
      message: 'okta.user.users is read in lab, but a condition names the org "demo"',
      hint: "name them:  WHERE subdomain IN ('lab', 'demo')",
    });
    expect(empty.takeRequests()).toEqual([]);
  });

  test.each([
    "SELECT count(*)::INT AS n FROM okta.user.users WHERE subdomain = 'lab' OR status = 'NONE'",
    "SELECT count(*)::INT AS n FROM okta.user.users WHERE subdomain <> 'demo'",
    "SELECT count(CASE subdomain WHEN 'demo' THEN NULL ELSE 1 END)::INT AS n FROM okta.user.users WHERE NOT (subdomain = 'demo')",
    "SELECT count(*)::INT AS n FROM okta.user.users WHERE subdomain = 'lab' AND (subdomain = 'demo' OR status = 'ACTIVE')",
    "SELECT count(*)::INT AS n FROM (SELECT subdomain FROM okta.user.users WHERE subdomain IN ('lab', 'demo') LIMIT 1) WHERE subdomain = 'demo' OR subdomain = 'lab'",
    "SELECT count(*)::INT AS n FROM (VALUES ('lab')) v(s) JOIN okta.user.users u ON u.subdomain = v.s WHERE u.subdomain = 'demo' OR u.status = 'ACTIVE'",
    "SELECT 1 AS n FROM okta.user.users QUALIFY CASE WHEN row_number() OVER () = 1 THEN true ELSE subdomain = error('never') END",
  ])('may be spoken of where it is read, or where none of its rows are meant: %s', async (sql) => {
    expect(await empty.rows(sql)).toEqual([{ n: 1 }]);
  });

  test('is asked for where other relations name several', async () => {
    empty.takeRequests();
    expect(
      await empty.failure(
        "SELECT 1 FROM okta.user.users a, okta.user.users b, okta.group.groups g WHERE a.subdomain = 'lab' AND b.subdomain = 'demo'",
      ),
    ).toMatchObject({ code: 'required_parameter_missing', hint: "add  WHERE g.subdomain = 'lab'" });
    expect(empty.takeRequests()).toEqual([]);
  });
});
