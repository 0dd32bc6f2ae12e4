/* A plan rests on counts; where they turn out wrong the way is changed while the statement runs, and no row is lost. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMember } from '../../src/emulator/membership.ts';
import { bulkUsers } from '../../src/emulator/seeds/bulk-users.ts';
import { openTestSession, type TestSession } from '../../src/session/test-session.ts';

const LOOK_UP = /id[+ ]eq/;

let lab: TestSession;
let groupId = '';

beforeAll(async () => {
  lab = await openTestSession({ seed: 'empty' });
  await lab.effect('INSERT INTO okta.group.groups (data__profile) VALUES (\'{"name":"All hands"}\')');
  groupId = String((await lab.rows("SELECT id FROM okta.group.groups WHERE profile.name = 'All hands'"))[0]?.id);
});
afterAll(() => lab.close());

const userIds = (): readonly string[] => [...lab.emulator.org.users.values()].map((user) => user.id);

test('a list that is much longer than it was counted to be is given up for look-ups by key', async () => {
  bulkUsers(lab.emulator.org, 150);
  await lab.session.analyze({ relations: ['okta.user.users'] });
  bulkUsers(lab.emulator.org, 3000);
  const wanted = userIds().filter((_, index) => index % 21 === 0);
  expect(wanted.length).toBe(151);
  lab.takeRequests();
  const sql = `SELECT u.id, u.status FROM (VALUES ${wanted.map((id) => `('${id}')`).join(', ')}) v(id) JOIN okta.user.users u ON u.id = v.id`;
  const cursor = await lab.session.query(sql);
  const ids: string[] = [];
  for await (const batch of cursor.batches) for (const [id] of batch) ids.push(String(id));
  const requests = lab.takeRequests();
  expect(ids.toSorted()).toEqual([...wanted].toSorted());
  expect(cursor.receipt().complete).toBe(true);
  expect(cursor.notices().map(({ code }) => code)).toContain('replanned');
  // Two pages, one that was asked for ahead, two look-ups: the list has sixteen.
  expect(requests.length).toBeLessThanOrEqual(5);
  expect(requests.filter((request) => LOOK_UP.test(request)).length).toBe(2);
});

test('a list that is as long as it was counted to be is read to its end', async () => {
  await lab.session.analyze({ relations: ['okta.user.users'] });
  const wanted = userIds().slice(0, 1700);
  lab.takeRequests();
  const rows = await lab.rows(
    `SELECT u.id FROM (VALUES ${wanted.map((id) => `('${id}')`).join(', ')}) v(id) JOIN okta.user.users u ON u.id = v.id`,
  );
  const requests = lab.takeRequests();
  expect(rows.length).toBe(1700);
  expect(requests.length).toBe(16);
  expect(requests.every((request) => !LOOK_UP.test(request))).toBe(true);
});

test('look-ups by key become a list where more keys come than were thought', async () => {
  const { org } = lab.emulator;
  const group = org.groups.get(groupId);
  if (group === undefined) throw new Error('no group');
  // Members are users: those of an expression do not come along.
  const sql = `SELECT m.id, t.name FROM okta.group.users m JOIN okta.user.users u ON u.id = concat(m.id)
    LEFT JOIN (VALUES ('ACTIVE', 'at work')) t(status, name) ON t.status = u.status WHERE m.groupId = '${groupId}'`;
  const few = [...org.users.values()].slice(0, 5);
  for (const user of few) addMember(org, group, user);
  await lab.session.analyze({ relations: ['okta.user.users', 'okta.group.groups'] });
  lab.takeRequests();
  expect((await lab.rows(sql)).length).toBe(5);
  expect(lab.takeRequests().filter((request) => LOOK_UP.test(request)).length).toBe(1);
  for (const user of org.users.values()) addMember(org, group, user);
  lab.takeRequests();
  expect((await lab.rows(sql)).length).toBe(userIds().length);
  const requests = lab.takeRequests();
  expect(requests.filter((request) => LOOK_UP.test(request))).toEqual([]);
  expect(requests.filter((request) => request.startsWith('GET /api/v1/users?')).length).toBe(16);
});

test('look-ups whose number is known go before a list that is only guessed to be as short', async () => {
  const demo = await openTestSession({ seed: 'demo' });
  try {
    // Now it is known how many users there are, but not how many are active: more than a page.
    const users = await demo.rows('SELECT profile.login AS login FROM okta.user.users');
    await demo.effect(`CREATE TEMP TABLE leavers AS SELECT '${String(users[0]?.login)}' AS login`);
    demo.takeRequests();
    await demo.rows("SELECT u.id FROM leavers l JOIN okta.user.users u ON u.profile.login = l.login WHERE u.status = 'ACTIVE'");
    expect(demo.takeRequests().length).toBe(1);
    const [explained] = await demo.rows(
      "EXPLAIN SELECT id FROM okta.user.users WHERE status = 'ACTIVE' AND profile.login IN ('ada@example.com', 'b@example.com')",
    );
    expect(JSON.stringify(explained)).toContain('calls: 1 (exact)');
  } finally {
    await demo.close();
  }
});
