/* What a condition means is asked of the API however it is spelled, and of a condition that the API does not know, what follows from it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../../src/session/test-session.ts';
import { ask } from './ask.ts';
import { countedCalls } from './counted-calls.ts';

let lab: TestSession;

beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
});

afterAll(() => lab.close());

const users = (where: string): string => `SELECT id FROM okta.user.users u WHERE ${where}`;
const EVERYONE = 'search=created gt "1970-01-01T00:00:00.000Z"';
const LOCKED = 'filter=status eq "LOCKED_OUT"';
const SALES = 'search=profile.department eq "Sales"';
const ALL = ['ACTIVE', 'DEPROVISIONED', 'LOCKED_OUT', 'PASSWORD_EXPIRED', 'PROVISIONED', 'RECOVERY', 'STAGED', 'SUSPENDED'];
/** What says that a status is none of the listed words but these. It may be one that nobody has listed yet. */
const noneBut = (...words: readonly string[]): string =>
  `search=${ALL.filter((word) => !words.includes(word))
    .map((word) => `(status lt "${word}" or status gt "${word}")`)
    .join(' and ')}`;
const BEFORE = 'search=created le "2025-12-01T12:00:00.000Z"';

/** Conditions on users, and what is asked. */
const ASKED: Readonly<Record<string, string>> = {
  "NOT (status <> 'LOCKED_OUT')": LOCKED,
  "NOT (status IS DISTINCT FROM 'LOCKED_OUT')": LOCKED,
  "NOT (status NOT IN ('LOCKED_OUT') OR id IS NULL)": LOCKED,
  "(status = 'LOCKED_OUT') IS TRUE": LOCKED,
  "coalesce(status = 'LOCKED_OUT', false)": LOCKED,
  "coalesce(status, '') = 'LOCKED_OUT'": LOCKED,
  "status = ANY(['LOCKED_OUT'])": LOCKED,
  "status IN (SELECT unnest(['LOCKED_OUT']))": LOCKED,
  "status IN (VALUES ('LOCKED_OUT'))": LOCKED,
  "list_contains(['LOCKED_OUT'], status)": LOCKED,
  "(status, id <> '') = ('LOCKED_OUT', true)": LOCKED,
  "(status, profile.department) IN (('LOCKED_OUT', 'Sales'), ('LOCKED_OUT', 'Legal'))":
    'search=(status eq "LOCKED_OUT" and profile.department eq "Sales") or (status eq "LOCKED_OUT" and profile.department eq "Legal")',
  "status SIMILAR TO 'LOCKED_OUT'": LOCKED,
  "regexp_matches(status, '^(LOCKED_OUT|STAGED)$')": 'filter=status eq "LOCKED_OUT" or status eq "STAGED"',
  "regexp_matches(profile.department, '^Sal(es|t)')": 'search=profile.department sw "Sal"',
  "lower(profile.department) = 'sales'": 'search=profile.department eq "sales"',
  "EXISTS (SELECT 1 FROM (VALUES ('LOCKED_OUT')) v(s) WHERE v.s = u.status)": LOCKED,
  "profile.department = (SELECT 'Sales')": SALES,
  "upper(status) = 'LOCKED_OUT'": noneBut('LOCKED_OUT'),
  "lower(status) IN ('locked_out', 'staged')": noneBut('LOCKED_OUT', 'STAGED'),
  "status LIKE '%CK%'": noneBut('LOCKED_OUT'),
  "regexp_matches(status, '^LOCKED_OUT|STAGED$')": noneBut('LOCKED_OUT', 'STAGED'),
  "status = 'locked_out' COLLATE NOCASE": noneBut('LOCKED_OUT'),
  "status BETWEEN 'L' AND 'M'": noneBut('LOCKED_OUT'),
  "status = 'locked_out'": noneBut(),
  "NOT (lower(status) <> 'locked_out')": noneBut('LOCKED_OUT'),
  "CASE WHEN status = 'LOCKED_OUT' THEN 'out' ELSE 'in' END = 'out'": LOCKED,
  "CASE status WHEN 'LOCKED_OUT' THEN 1 WHEN 'STAGED' THEN 2 END = 1": LOCKED,
  "if(status IN ('LOCKED_OUT', 'no word'), 1, 0) = 1": noneBut('LOCKED_OUT'),
  "CASE profile.department WHEN 'Sales' THEN 1 ELSE 0 END = 1": SALES,
  "(CASE profile.department WHEN 'Sales' THEN 1 ELSE 0 END = 1 AND status >= 'D') OR status = 'LOCKED_OUT'":
    'search=(profile.department eq "Sales" and (status lt "ACTIVE" or status gt "ACTIVE")) or status eq "LOCKED_OUT"',
  "coalesce(status = 'LOCKED_OUT', true)": LOCKED,
  "(status = 'LOCKED_OUT') IS NOT FALSE": LOCKED,
  "status IS DISTINCT FROM 'ACTIVE'": 'search=status lt "ACTIVE" or status gt "ACTIVE"',
  'created + INTERVAL 90 DAY <= now()': BEFORE,
  'now() - created >= INTERVAL 90 DAY': BEFORE,
  "now() >= created + INTERVAL '90 days'": BEFORE,
  'julianday(created) <= 2461011': 'search=created le "2025-12-01T12:00:00.010Z"',
  "date_diff('day', created, now()) > 90": 'search=created le "2025-12-02T12:00:00.000Z"',
  "created::DATE < DATE '2025-12-01'": 'search=created le "2025-12-02T00:00:00.000Z"',
  "substr(created, 1, 10) >= '2025-12-01'": 'search=created ge "2025-12-01T00:00:00.000Z"',
  'year(created) = 2025': 'search=created ge "2025-01-01T00:00:00.000Z" and created le "2026-01-01T00:00:00.000Z"',
  "strftime('%Y-%m-%dT%H:%M', created) < '2025-12-01T09:00'": 'search=created le "2025-12-02T00:00:00.000Z"',
  "strftime(created, '%Y-%m-%d %H') >= '2025-12-01 09'": 'search=created ge "2025-12-01T00:00:00.000Z"',
  "created::VARCHAR >= '2025-12-01T09'": 'search=created ge "2025-12-01T00:00:00.000Z"',
  "created AT TIME ZONE 'UTC' < TIMESTAMP '2025-12-01 09:00:00'": 'search=created le "2025-12-01T09:00:00.000Z"',
  "CAST(strftime('%s', created) AS INTEGER) < 1764590400": 'search=created le "2025-12-01T12:00:02.000Z"',
  'epoch(created)::BIGINT > 1764590400': 'search=created ge "2025-12-01T11:59:58.000Z"',
  'extract(epoch FROM now() - created) > 90 * 86400': 'search=created le "2025-12-01T12:00:01.000Z"',
  "date_part('day', now() - created) <= 90": 'search=created ge "2025-11-30T12:00:00.000Z"',
  'day(now() - created) > 90': 'search=created le "2025-12-02T12:00:00.000Z"',
  'epoch_ms(created) >= 1764590400000': 'search=created ge "2025-12-01T11:59:59.999Z"',
  "created + INTERVAL 1 MONTH < '2025-12-01'": 'search=created le "2025-11-05T00:00:00.000Z"',
};

/** Conditions of which nothing follows that the API knows. */
const NOT_ASKED: readonly string[] = [
  "coalesce(profile.department = 'Sales', true)",
  "coalesce(profile.department, 'Sales') = 'Sales'",
  "(profile.department = 'Sales') IS NOT FALSE",
  "status = 'LOCKED_OUT' OR random() > 2",
  "regexp_matches(profile.department, 'Sal')",
  "regexp_matches(profile.department, '^S?')",
  "regexp_matches(profile.department, '^Sales|Legal$')",
  "profile.department IS DISTINCT FROM 'Sales'",
  "CASE WHEN profile.department = 'Sales' THEN 0 ELSE 1 END = 1",
  "coalesce(CASE profile.department WHEN 'Sales' THEN 1 WHEN 'Legal' THEN 0 END, 1) = 1",
  "CASE WHEN profile.department IS NULL OR profile.department = 'Legal' THEN 0 WHEN profile.department = 'Sales' THEN 1 ELSE 2 END > 0",
  "CASE lower(profile.department) WHEN 'sales' THEN 1 ELSE 0 END = 1",
  "CASE WHEN profile.department = 'Sales' COLLATE NOCASE THEN 1 ELSE 0 END = 1",
  "CASE WHEN status = 'LOCKED_OUT' THEN profile.department END = 'Sales'",
  "CASE WHEN status = 'LOCKED_OUT' THEN 1 ELSE random() END > 0.5",
  // It cannot be computed of NULL, which no status is.
  "CASE WHEN status IS NULL THEN coalesce(status, 'none')::INTEGER WHEN status = 'LOCKED_OUT' THEN 1 END = 1",
  "upper(status) = 'LOCKED_OUT' OR lastLogin IS NULL",
  "upper(status) <> ''",
  'created + (lastUpdated - created) < now() - INTERVAL 90 DAY',
  "now() - created > INTERVAL '3 months'",
  "strftime('%m', created) = '05'",
  "strftime('%Y-%m-%d', created, '-30 days') < '2025-12-01'",
  "strftime('%d-%m-%Y', created) < '01-12-2025'",
  "strftime('%s', created) < '1764590400'",
  'day(created) > 20',
  'hour(now() - created) > 20',
  "created AT TIME ZONE 'America/New_York' < TIMESTAMP '2025-12-01 09:00:00'",
  'julianday(created) > 0',
  "created < 'infinity'",
  "created > TIMESTAMPTZ '-infinity'",
  "created > '0001-01-01'",
  "created < '294246-01-01'",
  "NOT EXISTS (SELECT 1 FROM (VALUES ('LOCKED_OUT')) v(s) WHERE v.s = u.status)",
  "status <> ALL (VALUES ('LOCKED_OUT'))",
];

describe('a condition is asked of the API', () => {
  test.each(Object.entries(ASKED))('%s', async (where, asked) => {
    expect(await countedCalls(lab, users(where))).toEqual({ [`/api/v1/users ${asked}`]: expect.any(Number) });
  });

  test('with values from a common table expression', async () => {
    const sql = 'WITH p AS (SELECT now() - INTERVAL 90 DAY AS since) SELECT u.id FROM okta.user.users u, p WHERE u.created <= p.since';
    expect(await countedCalls(lab, sql)).toEqual({ [`/api/v1/users ${BEFORE}`]: expect.any(Number) });
    const joined = "SELECT u.id FROM okta.user.users u JOIN (VALUES ('LOCKED_OUT'), ('LOCKED_OUT')) v(s) ON u.status = v.s";
    expect(await countedCalls(lab, joined)).toEqual({ [`/api/v1/users ${LOCKED}`]: 1 });
  });
});

test('a condition that leaves out what the plain list leaves out is asked nothing for', async () => {
  for (const where of ["status IS DISTINCT FROM 'DEPROVISIONED'", "upper(status) <> 'DEPROVISIONED'", "status NOT LIKE 'DEP%'"])
    expect(await countedCalls(lab, users(where)), where).toEqual({ '/api/v1/users': expect.any(Number) });
});

test('a parameter of a fixed list of values is asked for those that fulfil the condition', async () => {
  const policies = (where: string): string => `SELECT id FROM okta.policy.policies WHERE ${where}`;
  for (const where of ["upper(type) = 'PASSWORD'", "CASE type WHEN 'PASSWORD' THEN 1 ELSE 0 END > 0", "type LIKE 'PASS%'"])
    expect(await countedCalls(lab, policies(where)), where).toEqual({ '/api/v1/policies type=PASSWORD': 1 });
});

test.each([
  "upper(status) = 'RETIRED'",
  "status > 'Q'",
  "CASE WHEN status = 'ACTIVE' THEN 0 WHEN status LIKE 'RET%' THEN 1 END = 1",
  "CASE status WHEN 'ACTIVE' THEN 1 WHEN 'DEPROVISIONED' THEN 1 ELSE 0 END = 0",
  "status = 'retired' COLLATE NOCASE",
])('a word that the document does not list is found by %s', async (where) => {
  const { org } = lab.emulator;
  const user = org.users.get(org.users.ids[20] ?? '') ?? expect.unreachable();
  org.users.put({ ...user, status: 'RETIRED' as typeof user.status });
  const { rows, requests } = await ask(lab, users(where));
  org.users.put(user);
  expect(rows).toContainEqual({ id: user.id });
  expect(requests.join(' ')).toContain('search=(status lt "ACTIVE"');
});

describe('what a query inside computes', () => {
  test.each([
    ["SELECT id FROM (SELECT id, upper(status) AS s FROM okta.user.users) WHERE s = 'LOCKED_OUT'", noneBut('LOCKED_OUT')],
    [
      "WITH u AS (SELECT *, CASE status WHEN 'LOCKED_OUT' THEN 'out' ELSE 'in' END AS kind FROM okta.user.users) SELECT id FROM u WHERE kind = 'out'",
      LOCKED,
    ],
    ['WITH u AS (SELECT id, now() - created AS age FROM okta.user.users) SELECT id FROM u WHERE age >= INTERVAL 90 DAY', BEFORE],
    ["SELECT s, count(*) FROM (SELECT upper(status) AS s FROM okta.user.users) GROUP BY s HAVING s = 'LOCKED_OUT'", noneBut('LOCKED_OUT')],
  ])('is asked of the API: %s', async (sql, asked) => {
    expect(await countedCalls(lab, sql)).toEqual({ [`/api/v1/users ${asked}`]: expect.any(Number) });
    lab.takeRequests();
    await ask(lab, sql);
  });

  test.each([
    "SELECT m FROM (SELECT max(status) AS m FROM okta.user.users) WHERE m = 'LOCKED_OUT'",
    "SELECT m FROM (SELECT upper(max(status)) AS m FROM okta.user.users GROUP BY created) WHERE m = 'LOCKED_OUT'",
    "SELECT id FROM (SELECT id, upper(status) AS s, row_number() OVER (PARTITION BY created ORDER BY id) AS n FROM okta.user.users) WHERE s = 'LOCKED_OUT' AND n = 1",
    "SELECT id FROM (SELECT id, upper(status) AS s FROM okta.user.users ORDER BY id LIMIT 50) WHERE s = 'LOCKED_OUT'",
    "SELECT g.id FROM okta.group.groups g LEFT JOIN (SELECT coalesce(u.status, 'none') AS s FROM okta.user.users u) u ON u.s = g.id WHERE coalesce(u.s, 'none') = 'none'",
    "SELECT id FROM (SELECT id, CASE WHEN random() >= 0 THEN status END AS s FROM okta.user.users) WHERE s = 'LOCKED_OUT'",
  ])('is not where other rows would come of it: %s', async (sql) => {
    expect(await countedCalls(lab, sql)).toMatchObject({ [`/api/v1/users ${EVERYONE}`]: expect.any(Number) });
    lab.takeRequests();
    await ask(lab, sql);
  });
});

describe('a word that an event may lack', () => {
  const events = (where: string): string => `SELECT uuid FROM okta.log.logs WHERE published >= '2026-02-20' AND ${where}`;
  const asked = async (where: string): Promise<string | undefined> => {
    lab.takeRequests();
    const { requests } = await ask(lab, events(where));
    return /[?&]filter=([^&]*)/.exec(requests[0] ?? '')?.[1];
  };
  const unlike = (...words: readonly string[]): string => words.map((word) => `outcome.result ne "${word}"`).join(' and ');

  test('is asked for as none of the others', async () => {
    const published = Date.parse('2026-02-28T12:00:00Z');
    const { uuid } = lab.emulator.org.log('user.session.start', { published, outcome: { result: 'deferred' } });
    Object.assign(lab.emulator.org.log('user.session.start', { published }), { outcome: { reason: null } });
    expect(await asked("upper(outcome.result) IN ('FAILURE', 'DEFERRED')")).toBe(
      unlike('SUCCESS', 'SKIPPED', 'ALLOW', 'DENY', 'CHALLENGE', 'UNKNOWN'),
    );
    expect(await lab.rows(events("upper(outcome.result) = 'DEFERRED'"))).toEqual([{ uuid }]);
    expect(await asked("outcome.result NOT IN ('SUCCESS', 'ALLOW')")).toBe(unlike('SUCCESS', 'ALLOW'));
    expect(await asked("CASE outcome.result WHEN 'DENY' THEN 1 WHEN 'no word' THEN 1 END = 1")).toBe(
      'outcome.result eq "DENY" or outcome.result eq "no word"',
    );
  });

  test('is perhaps found where it is excluded', async () => {
    const exactness = async (where: string): Promise<unknown> => {
      const [{ plan_json: plan } = {}] = await lab.rows(`EXPLAIN ${events(where)}`);
      const { pushed } = JSON.parse(String(plan)).steps[0];
      return pushed.find(({ parameter }: { parameter: string }) => parameter === 'filter').exactness;
    };
    expect(await exactness("outcome.result <> 'SUCCESS'")).toBe('inexact');
    expect(await exactness("outcome.result = 'SUCCESS'")).toBe('exact');
  });

  test('is not where what lacks it is wanted, or a word in another case, which the server may take for the same', async () => {
    for (const where of [
      "outcome.result IS DISTINCT FROM 'SUCCESS'",
      "CASE outcome.result WHEN 'SUCCESS' THEN 1 ELSE 0 END = 0",
      "outcome.result <> 'success'",
    ])
      expect(await asked(where), where).toBeUndefined();
  });
});

describe('nothing is asked of the API', () => {
  test.each(NOT_ASKED)('%s', async (where) => {
    expect(Object.keys(await countedCalls(lab, users(where)))).toEqual([`/api/v1/users ${EVERYONE}`]);
  });

  test('for a value that differs from row to row, or from a side that an outer join may leave out', async () => {
    const several =
      "SELECT u.id FROM okta.user.users u, (VALUES (TIMESTAMPTZ '2025-01-01'), (TIMESTAMPTZ '2026-01-01')) v(d) WHERE u.created < v.d";
    expect(Object.keys(await countedCalls(lab, several))).toEqual([`/api/v1/users ${EVERYONE}`]);
    const preserved = "SELECT u.id FROM okta.user.users u LEFT JOIN (VALUES ('LOCKED_OUT')) v(s) ON u.status = v.s";
    expect(Object.keys(await countedCalls(lab, preserved))).toEqual([`/api/v1/users ${EVERYONE}`]);
  });
});

describe('EXISTS', () => {
  test('looks up the rows that the subquery names', async () => {
    const sql = 'SELECT u.status FROM okta.user.users u WHERE EXISTS (SELECT 1 FROM okta.iam.assignees a WHERE a.id = u.id)';
    expect(await countedCalls(lab, sql)).toEqual({
      '/api/v1/iam/assignees/users': 1,
      '/api/v1/users filter=id eq "{id}" or ...': 1,
    });
  });

  test('does not where it is negated', async () => {
    const sql = 'SELECT u.status FROM okta.user.users u WHERE NOT EXISTS (SELECT 1 FROM okta.iam.assignees a WHERE a.id = u.id)';
    expect(Object.keys(await countedCalls(lab, sql)).sort()).toEqual(['/api/v1/iam/assignees/users', `/api/v1/users ${EVERYONE}`]);
  });
});

describe('IN and NOT IN', () => {
  const FACTORS = '/api/v1/users/{id}/factors';

  test.each([
    ['NOT IN', "u.id NOT IN (SELECT f.userId FROM okta.userfactor.factors f WHERE f.status = 'ACTIVE')"],
    ['IN', "u.id IN (SELECT f.userId FROM okta.userfactor.factors f WHERE f.status = 'ACTIVE')"],
    ['IN of a set operation', 'u.id NOT IN (SELECT f.userId FROM okta.userfactor.factors f UNION SELECT id FROM okta.iam.assignees)'],
  ])('%s looks at the values that are tested only', async (_, where) => {
    const made = await countedCalls(lab, `SELECT u.id FROM okta.user.users u WHERE u.status = 'LOCKED_OUT' AND ${where}`);
    expect(made).toMatchObject({ '/api/v1/users filter=status eq "LOCKED_OUT"': 1, [FACTORS]: 4 });
  });

  test('NOT IN looks at all where the value that is tested could be NULL', async () => {
    for (const sql of [
      "SELECT u.id FROM okta.user.users u WHERE u.status = 'LOCKED_OUT' AND u.profile.managerId NOT IN (SELECT x.id FROM okta.user.users x)",
      "SELECT g.id FROM okta.group.groups g LEFT JOIN okta.user.users u ON u.status = 'LOCKED_OUT' AND u.id = g.id WHERE u.id NOT IN (SELECT x.id FROM okta.user.users x)",
    ])
      expect((await countedCalls(lab, sql))[`/api/v1/users ${EVERYONE}`], sql).toBe(2);
  });

  test('NOT IN looks at all where one could be NULL, or which rows they are depends on the others', async () => {
    for (const inner of [
      'SELECT x.profile.managerId FROM okta.user.users x',
      'SELECT x.id FROM okta.user.users x ORDER BY x.id LIMIT 400',
      'SELECT f.id FROM okta.group.groups g LEFT JOIN okta.user.users f ON f.status <> g.id',
    ]) {
      const made = await countedCalls(lab, `SELECT u.id FROM okta.user.users u WHERE u.status = 'LOCKED_OUT' AND u.id NOT IN (${inner})`);
      expect(made[`/api/v1/users ${EVERYONE}`], inner).toBe(2);
    }
  });
});
