import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../session/test-session.ts';

let lab: TestSession;
beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
});
afterAll(() => lab.close());

// The mark stands before the place that the error is about.
test.each([
  ['type_mismatch', 'SELECT id ^+ 1 FROM okta.user.users LIMIT 1'],
  ['type_mismatch', 'SELECT ^sum(status) FROM okta.user.users'],
  [
    'type_mismatch',
    "SELECT 'é', ^date_trunc('month', u.status), count(*) FROM okta.user.users u JOIN okta.group.groups g ON g.id = u.id GROUP BY ALL",
  ],
  ['type_mismatch', "SELECT id FROM okta.user.users WHERE created > ^'yesterday'"],
  ['type_mismatch', "SELECT count(*) FROM okta.user.users WHERE status = 'ACTIVE' AND NOT created BETWEEN '2020-01-01' AND ^'2020-13-01'"],
  ['type_mismatch', "SELECT u.id FROM okta.user.users u JOIN okta.group.groups g ON g.created IN ('2020-01-01', ^'x')"],
  ['type_mismatch', "SELECT id FROM okta.user.users LIMIT ^'x'"],
  ['query_failed', 'SELECT id FROM okta.user.users LIMIT ^-1'],
  ['query_failed', 'SELECT count(*) FROM okta.user.users WHERE ^count(*) > 1'],
  ['query_failed', 'SELECT ^id, count(*) FROM okta.user.users'],
])('%s is found before anything is requested, and shown in the text that was typed: %s', async (code, marked) => {
  lab.takeRequests();
  const sql = marked.replace('^', '');
  const error = await lab.failure(sql);
  expect([error.code, error.source, error.span?.offset]).toEqual([code, sql, marked.indexOf('^')]);
  expect(lab.takeRequests()).toEqual([]);
});

test('what only a row can show is shown in the text that was typed too', async () => {
  for (const sql of [
    'SELECT CAST(profile.login AS INTEGER) FROM okta.user.users',
    'SELECT CAST(min(profile.login) AS INTEGER) FROM okta.user.users',
  ]) {
    const error = await lab.failure(sql);
    expect([error.code, error.source, error.span?.offset]).toEqual(['type_mismatch', sql, sql.indexOf('CAST')]);
    expect(error.detail).toContain('had read okta.user.users');
  }
});

test('never shows the text that the engine was given', async () => {
  const error = await lab.failure('SELECT u.id FROM okta.user.users u UNION SELECT 1, 2');
  expect(`${error.message}${error.detail}${error.source}`).not.toContain('stage');
});

test('a long list of forms is cut', async () => {
  const { detail = '' } = await lab.failure('SELECT id + 1 FROM okta.user.users');
  expect(detail.split('\n').length).toBe(8);
  expect(detail).toMatch(/\.\.\. and \d+ more$/);
});

test('a text that the engine would read only in part, or not at all, is refused in words of our own', async () => {
  expect(await lab.failure('SELECT 1\0, 2')).toMatchObject({ code: 'syntax_error', span: { offset: 8, length: 1 } });
  const deep = await lab.failure(`SELECT ${'1+'.repeat(5000)}1`);
  expect([deep.code, deep.message]).toEqual(['limit_reached', 'The statement is nested too deeply']);
  expect(`${deep.detail}${deep.hint}`).not.toContain('SET');
});
