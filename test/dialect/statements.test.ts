import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runQuery, sorted } from '../tasks/open-org.ts';
import { type Lab, openLab } from './lab.ts';
import { STATEMENTS } from './statements.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
});

afterAll(() => lab.close());

function withIds(statement: string): string {
  const { users, groups, apps } = lab.known;
  const lists = { user: users, group: groups, app: apps };
  return statement.replaceAll(
    /\{(user|group|app) (\d+)\}/g,
    (_, kind: 'user' | 'group' | 'app', index) => lists[kind][Number(index)] ?? '',
  );
}

describe.each(Object.entries(STATEMENTS))('%s', (_, lines) => {
  test.each(lines.trim().split('\n'))('%s', async (statement) => {
    const sql = withIds(statement);
    const [expected, { rows }] = [await lab.oracle.run(sql), await runQuery(lab.session, sql)];
    if (/\bORDER BY [^()]*$/.test(sql)) expect(rows).toEqual(expected);
    expect(sorted(rows)).toEqual(sorted(expected));
  });
});

test('a sample that drives a join is drawn once', async () => {
  const counts = new Map(
    (
      await lab.oracle.run(
        'SELECT u.id, count(f.userId) FROM okta.user.users u LEFT JOIN okta.userfactor.factors f ON f.userId = u.id GROUP BY ALL',
      )
    ).map(([id, count]) => [id, count]),
  );
  for (const drawn of [
    '(SELECT id FROM okta.user.users ORDER BY random() LIMIT 6) x',
    '(SELECT id FROM okta.user.users USING SAMPLE 6 ROWS) x',
    '(SELECT id FROM okta.user.users QUALIFY row_number() OVER (ORDER BY random()) < 7) x',
    '(SELECT id FROM okta.user.users) x TABLESAMPLE reservoir(6 ROWS)',
    'okta.user.users x TABLESAMPLE reservoir(6 ROWS)',
  ]) {
    const sql = `SELECT x.id, count(f.id) FROM ${drawn} LEFT JOIN okta.userfactor.factors f ON f.userId = x.id GROUP BY ALL`;
    const { rows } = await runQuery(lab.session, sql);
    expect(rows).toHaveLength(6);
    expect(rows).toEqual(rows.map(([id = null]) => [id, counts.get(id)]));
  }
});

test.each([
  ['SELECT id FROM (', ')'],
  ['SELECT id FROM okta.user.users WHERE id IN (', ')'],
  ['', ''],
])('a sample is drawn of what FROM gives, before WHERE: %s...%s', async (before, after) => {
  const drawn =
    "SELECT id FROM (SELECT id, status FROM okta.user.users ORDER BY id) u WHERE status = 'ACTIVE' USING SAMPLE reservoir(5 ROWS) REPEATABLE (7)";
  const expected = await lab.oracle.run(`${before}${drawn}${after}`);
  expect(expected.length).toBeLessThan(5);
  const { rows } = await runQuery(lab.session, `${before}${drawn}${after}`);
  expect(sorted(rows)).toEqual(sorted(expected));
});

describe('what cannot be read is refused, with a remedy', () => {
  const refusals: readonly (readonly [sql: string, parameter: string, hint: string])[] = [
    [
      'SELECT id FROM okta.group.users',
      'groupId',
      "add  WHERE groupId = '...'  or join:  JOIN okta.group.groups p ON users.groupId = p.id",
    ],
    [
      'SELECT g.id FROM okta.group.groups g RIGHT JOIN okta.userfactor.factors f ON true',
      'userId',
      "add  WHERE userId = '...'  or join:  JOIN okta.user.users p ON f.userId = p.id",
    ],
    [
      'SELECT u.id FROM okta.user.users u WHERE u.status NOT IN (SELECT f.status FROM okta.userfactor.factors f)',
      'userId',
      "add  WHERE userId = '...'  or join:  JOIN okta.user.users p ON f.userId = p.id",
    ],
  ];
  test.each(refusals)('%s', async (sql, parameter, hint) => {
    await expect(runQuery(lab.session, sql)).rejects.toMatchObject({
      code: 'required_parameter_missing',
      message: expect.stringContaining(`needs a value for "${parameter}"`),
      hint,
    });
  });
});

test('what the engine objects to in a constant is shown where the user wrote it', async () => {
  const sql = "SELECT id -- 漢字😀\nFROM okta.group.groups\nWHERE type = 'OKTA_GROUP' AND profile.name = bogus('😀')";
  await expect(runQuery(lab.session, sql)).rejects.toMatchObject({
    code: 'unknown_function',
    source: sql,
    span: { offset: sql.indexOf('bogus') },
  });
});
