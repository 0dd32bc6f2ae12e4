/* Rows that come inside those of another relation: what is saved, and that no row is lost where an org does not send them. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTestSession, rowsOf, type TestSession } from '../../src/session/test-session.ts';
import { ask, setFaults, textsOf } from './ask.ts';

let lab: TestSession;

beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
});
afterEach(async () => {
  await setFaults(lab, []);
  lab.takeRequests();
});
afterAll(() => lab.close());

const RULES = "FROM okta.policy.policies p JOIN okta.policy.rules r ON r.policyId = p.id WHERE p.type = 'ACCESS_POLICY'";
const EXPANDED = 'GET /api/v1/policies?type=ACCESS_POLICY&expand=rules';

describe('rules that come with their policies', () => {
  test('cost nothing beside the list of policies', async () => {
    const { rows, requests, explained } = await ask(lab, `SELECT p.name, r.id, r.name, r.policyId, r.actions ${RULES}`);
    expect(rows.length).toBeGreaterThan(4);
    expect({ requests, explained }).toEqual({ requests: [EXPANDED], explained: 1 });
  });

  test('come with one policy that is asked for by its id', async () => {
    const [{ id } = {}] = await lab.rows("SELECT id FROM okta.policy.policies WHERE type = 'PASSWORD' LIMIT 1");
    lab.takeRequests();
    const { requests } = await ask(
      lab,
      `SELECT r.name FROM okta.policy.policies p JOIN okta.policy.rules r ON r.policyId = p.id WHERE p.id = '${id}'`,
    );
    expect(requests).toEqual(['GET /api/v1/policies/{id}?expand=rules']);
  });

  test.each([
    [
      'a left join',
      `SELECT p.id, r.id FROM okta.policy.policies p LEFT JOIN okta.policy.rules r ON r.policyId = p.id AND r.system WHERE p.type = 'ACCESS_POLICY'`,
    ],
    [
      'a correlated subquery',
      `SELECT p.id, (SELECT count(*) FROM okta.policy.rules r WHERE r.policyId = p.id) AS n FROM okta.policy.policies p WHERE p.type = 'ACCESS_POLICY'`,
    ],
    [
      'NOT EXISTS',
      `SELECT p.id FROM okta.policy.policies p WHERE p.type = 'ACCESS_POLICY' AND NOT EXISTS (SELECT 1 FROM okta.policy.rules r WHERE r.policyId = p.id AND NOT r.system)`,
    ],
    [
      'two mentions',
      `SELECT p.id, r.id, s.id FROM okta.policy.policies p JOIN okta.policy.rules r ON r.policyId = p.id JOIN okta.policy.rules s ON s.policyId = p.id AND s.system WHERE p.type = 'ACCESS_POLICY'`,
    ],
  ])('serve %s', async (_, sql) => {
    expect((await ask(lab, sql)).requests).toEqual([EXPANDED]);
  });

  test.each([
    ['the statement gives expand itself', `SELECT p.id, r.id ${RULES} AND p.expand = 'x'`],
    ['it looks at what is embedded', `SELECT p.id, p._embedded, r.id ${RULES}`],
    ['it looks at everything', `SELECT p.*, r.id ${RULES}`],
    ['it reads another parameter of the rules', `SELECT p.id, r.ruleId ${RULES}`],
    ['the orgs differ', `SELECT p.id, r.id ${RULES} AND p.subdomain = 'lab' AND r.subdomain = 'demo'`],
    [
      'the rules are not those of the policy',
      `SELECT p.id, r.id FROM okta.policy.policies p JOIN okta.policy.rules r ON r.policyId = lower(p.id) WHERE p.type = 'ACCESS_POLICY'`,
    ],
    ['nothing is pushed', `SELECT p.id FROM okta.policy.policies p WHERE p.type = 'ACCESS_POLICY'`],
  ])('are not asked for where %s', async (_, sql) => {
    expect((await ask(lab, sql)).requests.filter((request) => request.includes('expand=rules'))).toEqual([]);
  });

  test('are looked up by the first of two policies they could come with, once each', async () => {
    const { requests } = await ask(
      lab,
      `SELECT p.id, r.id FROM okta.policy.policies p JOIN okta.policy.policies q ON q.type = p.type AND q.priority = p.priority JOIN okta.policy.rules r ON r.policyId = q.id WHERE p.type = 'ACCESS_POLICY'`,
    );
    expect(requests.every((request) => request.startsWith('GET /api/v1/policies?'))).toBe(true);
  });

  test('of an org that does not send them are asked for policy by policy, and from then on at once', async () => {
    const own = await openTestSession({ seed: 'demo' });
    await setFaults(own, [{ path: '/api/v1/policies*', effect: { kind: 'ignore', parameter: 'expand' } }]);
    const sql = `SELECT p.name, r.id, r.policyId ${RULES}`;
    const first = await ask(own, sql);
    const byKey = ['GET /api/v1/policies/{id}/rules', 'GET /api/v1/policies/{id}/rules', 'GET /api/v1/policies/{id}/rules'];
    expect(first.requests).toEqual([EXPANDED, ...byKey, byKey[0]]);
    expect(first.rows.length).toBeGreaterThan(4);
    const second = await ask(own, sql);
    expect(second.requests).toEqual(['GET /api/v1/policies?type=ACCESS_POLICY', ...byKey, byKey[0]]);
    expect(textsOf(second.rows)).toEqual(textsOf(first.rows));
    await own.close();
  });

  test('of policies that come without them are asked for, and only those', async () => {
    await setFaults(lab, [{ path: '/api/v1/policies', query: 'type=PASSWORD', effect: { kind: 'ignore', parameter: 'expand' } }]);
    const { requests, rows } = await ask(
      lab,
      "SELECT p.type, r.id, r.policyId FROM okta.policy.policies p JOIN okta.policy.rules r ON r.policyId = p.id WHERE p.type IN ('PASSWORD', 'ACCESS_POLICY')",
    );
    const passwords = await lab.rows("SELECT count(*)::INT AS n FROM okta.policy.policies WHERE type = 'PASSWORD'");
    expect(requests.filter((request) => request.endsWith('/rules')).length).toBe(passwords[0]?.n);
    expect(new Set(rows.map((row) => (row as { type: string }).type)).size).toBe(2);
  });

  test('of policies that come without them say, where they cannot be asked for, that policies may be too many', async () => {
    const own = await openTestSession({ seed: 'demo' });
    await setFaults(own, [
      { path: '/api/v1/policies', query: 'type=PASSWORD', effect: { kind: 'ignore', parameter: 'expand' } },
      { path: '/api/v1/policies/*/rules', effect: { kind: 'status', status: 400 } },
    ]);
    const cursor = await own.session.query(
      "SELECT p.id FROM okta.policy.policies p LEFT JOIN okta.policy.rules r ON r.policyId = p.id WHERE p.type IN ('PASSWORD', 'ACCESS_POLICY') AND r.id IS NULL",
      { partial: true },
    );
    expect((await rowsOf(cursor)).length).toBeGreaterThan(0);
    expect(cursor.notices().map(({ message }) => message)).toContainEqual(
      expect.stringContaining('okta.policy.rules: the result may have rows too many'),
    );
    await own.close();
  });
});

describe('rules without their policies', () => {
  test.each([
    ['of a type', "SELECT r.id, r.policyId, r.actions FROM okta.policy.rules r WHERE r.type = 'ACCESS_POLICY'", [EXPANDED]],
    [
      'of a type, as far as one policy has them',
      "SELECT r.id, r.type, r.ruleId FROM okta.policy.rules r WHERE r.type = 'ACCESS_POLICY' AND r.policyId > '0'",
      [EXPANDED],
    ],
    [
      'of a type, the first few',
      "SELECT count(*) FROM (SELECT id FROM okta.policy.rules WHERE type = 'ACCESS_POLICY' LIMIT 2)",
      [EXPANDED],
    ],
  ])('%s come in the list of policies', async (_, sql, wanted) => {
    expect((await ask(lab, sql)).requests).toEqual(wanted);
  });

  test('of every policy come in the lists of policies', async () => {
    const { requests, rows } = await ask(lab, "SELECT r.id, r.policyId FROM okta.policy.rules r WHERE r.policyId <> 'x'");
    expect(rows.length).toBeGreaterThan(8);
    expect(requests).toHaveLength(12);
    expect(requests.every((request) => request.includes('expand=rules'))).toBe(true);
  });

  test('of every policy are one side of a join that keeps them all', async () => {
    const { requests } = await ask(
      lab,
      "SELECT p.id, r.id FROM okta.policy.policies p RIGHT JOIN okta.policy.rules r ON r.policyId = p.id AND p.type = 'ACCESS_POLICY'",
    );
    expect(requests.filter((request) => request.endsWith('/rules'))).toEqual([]);
  });

  test('are asked for by policy where the policies of a script were read already', async () => {
    lab.takeRequests();
    const script =
      "SELECT id FROM okta.policy.policies WHERE type = 'PASSWORD'; SELECT id, policyId FROM okta.policy.rules WHERE type = 'PASSWORD'";
    for await (const cursor of lab.session.execute(script))
      for await (const batch of cursor.batches) expect(batch.length).toBeGreaterThan(0);
    const requests = lab.takeRequests();
    expect(requests.filter((request) => request.startsWith('GET /api/v1/policies?'))).toEqual(['GET /api/v1/policies?type=PASSWORD']);
    expect(requests.length).toBeGreaterThan(1);
  });

  test('are explained by the policies', async () => {
    const own = await openTestSession({ seed: 'demo' });
    await own.session.analyze({});
    own.takeRequests();
    const one = await ask(own, "SELECT r.id FROM okta.policy.rules r WHERE r.type = 'ACCESS_POLICY'");
    expect(one.explained).toBe(one.requests.length);
    await own.close();
  });

  test.each([
    [
      'one policy is meant',
      "SELECT r.id FROM okta.policy.rules r WHERE r.policyId = (SELECT min(id) FROM okta.policy.policies WHERE type = 'PASSWORD')",
    ],
    ['the statement reads the parameter of another method', "SELECT r.id, r.q FROM okta.policy.rules r WHERE r.type = 'ACCESS_POLICY'"],
  ])('are asked for by policy where %s', async (_, sql) => {
    expect((await ask(lab, sql)).requests.filter((request) => request.includes('expand'))).toEqual([]);
  });

  test('are asked for by policy where they did not come, and only there', async () => {
    await setFaults(lab, [{ path: '/api/v1/policies', query: 'type=PASSWORD', effect: { kind: 'ignore', parameter: 'expand' } }]);
    const { requests, rows } = await ask(
      lab,
      "SELECT r.id, r.policyId, r.type FROM okta.policy.rules r WHERE r.type IN ('PASSWORD', 'ACCESS_POLICY')",
    );
    const [passwords] = await lab.rows("SELECT count(*)::INT AS n FROM okta.policy.policies WHERE type = 'PASSWORD'");
    expect(requests).toHaveLength(2 + Number(passwords?.n));
    expect(rows.length).toBeGreaterThan(4);
  });
});

describe('the user of an assignment', () => {
  const sql = (appId: unknown): string =>
    `SELECT x.id, u.profile.login FROM okta.application.users x JOIN okta.user.users u ON u.id = x.id WHERE x.appId = '${appId}'`;
  let appId: unknown;
  beforeAll(async () => {
    appId = (await lab.rows("SELECT id FROM okta.application.apps WHERE status = 'ACTIVE' ORDER BY id LIMIT 1"))[0]?.id;
    lab.takeRequests();
  });

  test('comes with the assignment', async () => {
    expect((await ask(lab, sql(appId))).requests).toEqual(['GET /api/v1/apps/{id}/users?expand=user&limit=500']);
  });

  test('is not asked for where the statement looks at what is embedded', async () => {
    const { requests } = await ask(lab, sql(appId).replace('x.id,', 'x._embedded,'));
    expect(requests.filter((request) => request.includes('expand'))).toEqual([]);
  });

  test('is looked up where it did not come', async () => {
    const own = await openTestSession({ seed: 'demo' });
    await setFaults(own, [{ path: '/api/v1/apps/{id}/users', effect: { kind: 'ignore', parameter: 'expand' } }]);
    const { requests, rows } = await ask(own, sql(appId));
    expect(rows.length).toBeGreaterThan(1);
    // A hundred to a call, as without a try.
    expect(requests.length).toBe(1 + Math.ceil(rows.length / 100));
    await own.close();
  });

  test('is looked up for the apps whose assignments came without, and only there', async () => {
    const apps = await lab.rows(
      'SELECT a.id, count(*) AS n FROM okta.application.apps a JOIN okta.application.users x ON x.appId = a.id GROUP BY 1 ORDER BY n, 1 LIMIT 2',
    );
    await setFaults(lab, [{ path: `/api/v1/apps/${apps[0]?.id}/users`, effect: { kind: 'ignore', parameter: 'expand' } }]);
    const wanted = `${sql(apps[0]?.id)} OR x.appId = '${apps[1]?.id}'`;
    lab.takeRequests();
    const { requests, rows } = await ask(lab, wanted);
    const own = await lab.rows(`SELECT x.id FROM okta.application.users x WHERE x.appId = '${apps[0]?.id}'`);
    const lookedUp = requests.filter((request) => request.startsWith('GET /api/v1/users')).join(' ');
    expect(lookedUp.match(/\{id\}/g)?.length).toBeLessThanOrEqual(own.length);
    expect(rows.length).toBeGreaterThan(own.length);
  });
});
