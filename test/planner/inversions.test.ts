/* One question asked from its other side, drivers that are cheaper than their parents, and rows that are those of another relation. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../../src/session/test-session.ts';
import { ask, setFaults, textsOf } from './ask.ts';

let lab: TestSession;
let userId = '';
let appId = '';
let groupId = '';

beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
  const [assigned] = await lab.rows(
    "SELECT x.id FROM okta.application.apps a JOIN okta.application.users x ON x.appId = a.id WHERE x.scope = 'USER' ORDER BY x.id LIMIT 1",
  );
  userId = String(assigned?.id);
  appId = String((await lab.rows("SELECT id FROM okta.application.apps WHERE status = 'ACTIVE' ORDER BY id LIMIT 1"))[0]?.id);
  groupId = String((await lab.rows("SELECT id FROM okta.group.groups WHERE profile.name = 'Engineering'"))[0]?.id);
  lab.takeRequests();
});
afterEach(async () => {
  await setFaults(lab, []);
  lab.takeRequests();
});
afterAll(() => lab.close());

const countOf = (requests: readonly string[], start: string): number => requests.filter((request) => request.startsWith(start)).length;

const APPS_OF_A_USER = 'GET /api/v1/apps?filter=user.id eq "{id}"&expand=user/{id}&limit=200';

describe('the apps of a user', () => {
  const sql = (columns: string, where: string): string =>
    `SELECT ${columns} FROM okta.application.apps a JOIN okta.application.users x ON x.appId = a.id WHERE ${where}`;

  test('are asked for by the user, and the assignments come in them', async () => {
    const { rows, requests } = await ask(lab, sql('a.label, a.status, x.scope, x.profile, x.userId, x.appId', `x.id = '${userId}'`));
    expect(rows.length).toBeGreaterThan(1);
    expect(requests).toEqual([APPS_OF_A_USER]);
  });

  test('need no app to be named', async () => {
    const { rows, requests } = await ask(lab, `SELECT * FROM okta.application.users WHERE id = '${userId}' AND appId IS NOT NULL`);
    expect(rows.length).toBeGreaterThan(1);
    expect(requests).toEqual([APPS_OF_A_USER]);
  });

  test('serve a left join, and are only the preserved side where every app is wanted', async () => {
    const { requests } = await ask(
      lab,
      `SELECT a.id, x.scope FROM okta.application.apps a LEFT JOIN okta.application.users x ON x.appId = a.id AND x.id = '${userId}'`,
    );
    expect(requests.toSorted()).toEqual(['GET /api/v1/apps?limit=200', APPS_OF_A_USER].toSorted());
  });

  test('are asked for by each user of a small group', async () => {
    const { requests } = await ask(
      lab,
      `SELECT m.id, a.label FROM (VALUES ('${userId}'), ('nobody'), ('')) m(id) JOIN okta.application.users x ON x.id = m.id JOIN okta.application.apps a ON a.id = x.appId`,
    );
    expect(requests.toSorted()).toEqual([APPS_OF_A_USER, APPS_OF_A_USER.replaceAll('{id}', 'nobody')].toSorted());
  });

  test('are explained by what was counted', async () => {
    const own = await openTestSession({ seed: 'demo' });
    await own.session.analyze({});
    own.takeRequests();
    const one = await ask(own, sql('a.label, x.scope', `x.id = '${userId}'`));
    expect(one).toMatchObject({ explained: 1, requests: [APPS_OF_A_USER] });
    const some = await ask(
      own,
      `SELECT u.id, a.label FROM okta.user.users u JOIN okta.application.users x ON x.id = u.id JOIN okta.application.apps a ON a.id = x.appId WHERE u.status = 'LOCKED_OUT'`,
    );
    expect(countOf(some.requests, 'GET /api/v1/apps?filter=user.id')).toBeGreaterThan(1);
    expect(some.explained).toBe(some.requests.length);
    await own.close();
  });

  test('are asked for by the app where one app is meant', async () => {
    const { requests } = await ask(lab, sql('a.label, x.scope', `x.id = '${userId}' AND x.appId = '${appId}'`));
    expect(requests.every((request) => !request.includes('user.id'))).toBe(true);
  });

  test('are asked for by the apps where many users are meant', async () => {
    const { requests } = await ask(
      lab,
      'SELECT u.id, x.appId FROM okta.user.users u JOIN okta.application.users x ON x.id = u.id JOIN okta.application.apps a ON a.id = x.appId',
    );
    expect(countOf(requests, 'GET /api/v1/apps?filter')).toBe(0);
  });

  test.each([
    ['a user is given in another way', () => sql('a.label', `x.userId = '${userId}'`)],
    ['the user is only compared', () => sql('a.label', `x.id > '${userId}'`)],
    ['rows of other users are wanted too', () => sql('a.label', `x.id = '${userId}' OR x.scope = 'USER'`)],
  ])('are not where %s', async (_, make) => {
    expect((await ask(lab, make())).requests.filter((request) => request.includes('user.id'))).toEqual([]);
  });

  test('come in rows of their own where the statement looks at what is embedded in the app', async () => {
    const { requests } = await ask(lab, sql('a._embedded, x.scope', `x.id = '${userId}'`));
    expect(requests).toContain('GET /api/v1/apps?limit=200');
  });

  test('are read app by app where the org sends no assignment along, and from then on at once', async () => {
    const own = await openTestSession({ seed: 'demo' });
    await setFaults(own, [{ path: '/api/v1/apps', effect: { kind: 'ignore', parameter: 'expand' } }]);
    const wanted = sql('a.label, x.scope', `x.id = '${userId}'`);
    const first = await ask(own, wanted);
    expect(first.rows.length).toBeGreaterThan(1);
    expect(first.requests[0]).toBe(APPS_OF_A_USER);
    const second = await ask(own, wanted);
    expect(second.requests.filter((request) => request.includes('user.id'))).toEqual([]);
    expect(textsOf(second.rows)).toEqual(textsOf(first.rows));
    await own.close();
  });
});

describe('memberships', () => {
  test('of a user are the groups of that user, which are groups', async () => {
    const { rows, requests } = await ask(
      lab,
      `SELECT g.id, g.profile, g._links FROM okta.group.users m JOIN okta.group.groups g ON g.id = m.groupId WHERE m.id = '${userId}'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(requests).toEqual(['GET /api/v1/users/{id}/groups?limit=200']);
  });

  test('of a group are the users of that group', async () => {
    const { rows, requests } = await ask(lab, `SELECT userId FROM okta.user.groups WHERE id = '${groupId}' AND userId IS NOT NULL`);
    expect(rows.length).toBeGreaterThan(1);
    expect(requests).toEqual(['GET /api/v1/groups/{id}/users?limit=200']);
  });

  test('are read user by user where more than the membership is asked for', async () => {
    const { requests } = await ask(
      lab,
      `SELECT m.userId, m.type FROM okta.user.users u JOIN okta.user.groups m ON m.userId = u.id WHERE m.id = '${groupId}' AND u.status = 'LOCKED_OUT'`,
    );
    expect(countOf(requests, 'GET /api/v1/groups/{id}/users')).toBe(0);
    expect(countOf(requests, 'GET /api/v1/users/{id}/groups')).toBeGreaterThan(0);
  });
});

describe('identity providers', () => {
  const of = (columns: string): string =>
    `SELECT ${columns} FROM okta.identityprovider.idps i JOIN okta.identityprovider.users l ON l.idpId = i.id WHERE l.id = '${userId}'`;

  test('of a user stand for the users of every provider', async () => {
    const { requests } = await ask(lab, of('i.id, l.id AS userId'));
    expect(countOf(requests, 'GET /api/v1/idps/')).toBe(0);
    expect(countOf(requests, 'GET /api/v1/users/{id}/idps')).toBe(1);
  });

  test('do not where more than the link is asked for', async () => {
    expect(countOf((await ask(lab, of('i.id, l.externalId'))).requests, 'GET /api/v1/users/{id}/idps')).toBe(0);
  });
});

describe('rows that are those of another relation', () => {
  test.each([
    [
      'members are users',
      'okta.group.users m JOIN okta.user.users u ON u.id = m.id',
      'm.groupId',
      'u.status, u.profile, u.credentials, u._links',
      'GET /api/v1/groups/{id}/users?limit=200',
    ],
    [
      'members are users by the parameter too',
      'okta.group.users m JOIN okta.user.users u ON u.id = m.userId',
      'm.groupId',
      'u.profile',
      'GET /api/v1/groups/{id}/users?limit=200',
    ],
    [
      'apps of a group are apps',
      'okta.group.apps m JOIN okta.application.apps a ON a.id = m.id',
      'm.groupId',
      'a.label, a.settings',
      'GET /api/v1/groups/{id}/apps?limit=200',
    ],
    [
      'apps to which a group is assigned are apps',
      'okta.application.groups m JOIN okta.application.apps a ON a.id = m.appId',
      'm.id',
      'a.label',
      'GET /api/v1/groups/{id}/apps?limit=200',
    ],
  ])('%s', async (_, from, key, columns, request) => {
    const { rows, requests } = await ask(lab, `SELECT ${columns} FROM ${from} WHERE ${key} = '${groupId}'`);
    expect(rows.length).toBeGreaterThan(0);
    expect(requests).toEqual([request]);
  });

  test.each([
    [
      'they have something otherwise',
      'SELECT a._links FROM okta.group.apps m JOIN okta.application.apps a ON a.id = m.id',
      'GET /api/v1/apps',
    ],
    [
      'others are wanted too',
      'SELECT a.label FROM okta.group.apps m RIGHT JOIN okta.application.apps a ON a.id = m.id AND m.id IS NOT NULL',
      'GET /api/v1/apps',
    ],
    [
      'it is another key',
      'SELECT u.id FROM okta.group.users m JOIN okta.user.users u ON u.profile.login = m.profile.login',
      'GET /api/v1/users',
    ],
    [
      'the org is another',
      "SELECT u.id FROM okta.group.users m JOIN okta.user.users u ON u.id = m.id AND u.subdomain = 'demo' AND m.subdomain = 'lab'",
      undefined,
    ],
  ])('are read on their own where %s', async (_, sql, start) => {
    const { requests } = await ask(lab, `${sql} ${sql.includes('RIGHT') ? 'AND' : 'WHERE'} m.groupId = '${groupId}'`);
    if (start !== undefined) expect(requests.some((request) => request.startsWith(start))).toBe(true);
  });
});

describe('what comes along', () => {
  test('goes first all the same where it may leave little to ask for', async () => {
    const { requests } = await ask(
      lab,
      "SELECT g.id FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id JOIN okta.user.users u ON u.id = m.id WHERE u.profile.login = 'ada.andersson@example.com'",
    );
    expect(requests.length).toBeLessThanOrEqual(3);
  });
});

describe('cheaper drivers', () => {
  const ADMINISTRATORS = 'GET /api/v1/iam/assignees/users?limit=100';

  test('of the roles of users: those who have any', async () => {
    const { requests } = await ask(lab, 'SELECT r.type, r.userId FROM okta.user.roles r WHERE r.userId IS NOT NULL');
    const listed = await lab.rows('SELECT id FROM okta.iam.assignees');
    expect(requests).toContain(ADMINISTRATORS);
    expect(countOf(requests, 'GET /api/v1/users/{id}/roles')).toBe(listed.length);
    expect(countOf(requests, 'GET /api/v1/users?')).toBe(0);
  });

  test('are not asked for where the users are known to be few', async () => {
    const { requests } = await ask(lab, `SELECT r.type FROM okta.user.roles r WHERE r.userId = '${userId}'`);
    expect(requests).toEqual(['GET /api/v1/users/{id}/roles']);
  });

  test('are done without where the token may not read them', async () => {
    await setFaults(lab, [{ path: '/api/v1/iam/assignees/users', effect: { kind: 'status', status: 403, errorCode: 'E0000006' } }]);
    const { requests } = await ask(
      lab,
      "SELECT r.type FROM okta.user.users u JOIN okta.user.roles r ON r.userId = u.id WHERE u.status IN ('ACTIVE', 'LOCKED_OUT')",
    );
    expect(countOf(requests, 'GET /api/v1/users/{id}/roles')).toBeGreaterThan(40);
  });
});

describe('the groups of an app', () => {
  const sql = (columns: string): string =>
    `SELECT ${columns} FROM okta.application.groups x JOIN okta.group.groups g ON g.id = x.id WHERE x.appId = '${appId}'`;

  test('come with their assignments', async () => {
    expect((await ask(lab, sql('x.id, x.priority, g.profile.name'))).requests).toEqual([
      'GET /api/v1/apps/{id}/groups?expand=group&limit=200',
    ]);
  });

  test('do not where the statement looks at what is embedded', async () => {
    expect((await ask(lab, sql('x._embedded, g.profile.name'))).requests[0]).toBe('GET /api/v1/apps/{id}/groups?limit=200');
  });

  test('are the apps of a group where a group is meant, and not where more than the assignment is asked for', async () => {
    const of = (columns: string): string =>
      `SELECT ${columns} FROM okta.application.apps a JOIN okta.application.groups x ON x.appId = a.id WHERE x.id = '${groupId}'`;
    expect((await ask(lab, of('a.label'))).requests).toEqual(['GET /api/v1/groups/{id}/apps?limit=200']);
    expect(countOf((await ask(lab, of('a.label, x.priority'))).requests, 'GET /api/v1/groups')).toBe(0);
  });
});

describe('sizes of groups', () => {
  test('come with the groups when an org is counted, and with no other list of them', async () => {
    const own = await openTestSession({ seed: 'demo' });
    await own.session.analyze({ relations: ['okta.group.groups'] });
    expect(own.takeRequests().filter((request) => request.includes('expand=stats'))).toHaveLength(1);
    const counted = "SELECT g.id, m.id FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id WHERE g.type = 'OKTA_GROUP'";
    const { explained, requests } = await ask(own, counted);
    expect(Math.abs((explained ?? 0) - requests.length)).toBeLessThanOrEqual(0.1 * requests.length);
    expect(requests.filter((request) => request.includes('expand'))).toEqual([]);
    await own.close();
  });
});
