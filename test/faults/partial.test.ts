import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultLab, openFaultLab } from './fault-lab.ts';
import { SHAPES } from './shapes.ts';

const NOT_FOUND = { kind: 'status', status: 404, errorCode: 'E0000007' } as const;
const MEMBERS = {
  pageRows: 20,
  sql: "SELECT g.profile.name AS name, u.id FROM okta.group.groups g JOIN okta.group.users u ON u.groupId = g.id WHERE g.profile.name LIKE 'S%' ORDER BY 1, 2",
};

let lab: FaultLab;
let requests: readonly string[];
const pageOf = (pattern: RegExp): string => requests.find((request) => pattern.test(request)) ?? expect.unreachable(`No ${pattern}`);
beforeAll(async () => {
  lab = await openFaultLab();
});
beforeEach(async () => {
  await lab.befallEach([], NOT_FOUND);
  requests = (await lab.run(MEMBERS)).requests;
});
afterAll(() => lab.close());

describe('a child whose parent is not found', () => {
  test('has no rows, and a notice, where its list cannot be begun', async () => {
    await lab.befallEach([pageOf(/groups\/\w+\/users\?limit/)], NOT_FOUND);
    const { error, receipt } = await lab.run(MEMBERS);
    expect(error).toBe(undefined);
    expect(receipt?.complete).toBe(true);
    expect(receipt?.relations.find(({ relation }) => relation === 'okta.group.users')?.notices).toContainEqual(
      expect.stringContaining('okta.group.users: '),
    );
  });

  test('is an error where it is not the API that says so', async () => {
    for (const body of ['<html>Not Found</html>', '{"message":"no route"}', '']) {
      await lab.befallEach([pageOf(/groups\/\w+\/users\?limit/)], { kind: 'status', status: 404, body });
      const { error } = await lab.run(MEMBERS);
      expect(error).toMatchObject({ code: 'not_found', detail: expect.stringContaining('page 1 of okta.group.users') });
    }
  });

  test('is an error where its list was begun: a short list must not look whole', async () => {
    await lab.befallEach([pageOf(/groups\/\w+\/users\?after/)], NOT_FOUND);
    const { error, rows } = await lab.run(MEMBERS);
    expect(rows).toEqual([]);
    expect(error).toMatchObject({ code: 'not_found', detail: expect.stringContaining('page 2 of okta.group.users') });
  });
});

test('an error says how many rows were read before it', async () => {
  const shape = { pageRows: 90, sql: 'SELECT count(*) FROM okta.user.users' };
  const { requests: pages } = await lab.run(shape);
  await lab.befallEach(pages.slice(2, 3), { kind: 'status', status: 400 });
  const { error } = await lab.run(shape);
  expect(error?.detail).toContain(
    'It was page 3 of okta.user.users (GET /api/v1/users). Until then 3 requests had read okta.user.users (2 pages, 180 rows).',
  );
});

describe('with partial', () => {
  test.each(SHAPES)('$name ends without an error and says that it is not complete, whichever page fails', async (shape) => {
    const whole = await lab.run(shape);
    for (const request of whole.requests) {
      await lab.befallEach([request], { kind: 'status', status: 500 });
      const { error, receipt } = await lab.run(shape, { partial: true });
      expect([request, error, receipt?.complete]).toEqual([request, undefined, false]);
    }
  });

  const TAKING = {
    'NOT IN': "SELECT id FROM okta.user.users WHERE status = 'STAGED' AND id NOT IN (SELECT a.id FROM okta.iam.assignees a)",
    'NOT EXISTS':
      "SELECT id FROM okta.user.users u WHERE status = 'STAGED' AND NOT EXISTS (SELECT 1 FROM okta.iam.assignees a WHERE a.id = u.id)",
    'an anti-join': "SELECT u.id FROM okta.user.users u ANTI JOIN okta.iam.assignees a ON a.id = u.id WHERE u.status = 'STAGED'",
    'an outer join':
      "SELECT u.id FROM okta.user.users u LEFT JOIN okta.iam.assignees a ON a.id = u.id WHERE u.status = 'STAGED' AND a.id IS NULL",
    EXCEPT: "SELECT id FROM okta.user.users WHERE status = 'STAGED' EXCEPT SELECT id FROM okta.iam.assignees",
    'a common table expression under NOT':
      "WITH a AS (SELECT id FROM okta.iam.assignees) SELECT id FROM okta.user.users WHERE status = 'STAGED' AND id NOT IN (FROM a)",
    'a count':
      "SELECT u.id FROM okta.user.users u WHERE u.status = 'STAGED' AND (SELECT count(*) FROM okta.iam.assignees a WHERE a.id = u.id) = 0",
  };
  const failsAssignees = async (sql: string): Promise<readonly string[]> => {
    const shape = { pageRows: 90, sql };
    await lab.befallEach([], NOT_FOUND);
    const { requests: made } = await lab.run(shape);
    await lab.befallEach(
      made.filter((request) => request.includes('assignees')),
      { kind: 'status', status: 500 },
    );
    const { receipt } = await lab.run(shape, { partial: true });
    expect(receipt?.complete).toBe(false);
    return receipt?.relations.flatMap(({ notices }) => notices) ?? [];
  };

  test.each(Object.entries(TAKING))('%s says that rows may be too many', async (_, sql) => {
    expect(await failsAssignees(sql)).toContainEqual(expect.stringContaining('okta.iam.assignees: the result may have rows too many'));
  });

  test('what only adds rows does not say so', async () => {
    const sql =
      "SELECT u.id FROM okta.iam.assignees a JOIN okta.user.users u ON u.id = a.id WHERE NOT u.status = 'STAGED' UNION SELECT id FROM okta.iam.assignees";
    expect(await failsAssignees(sql)).not.toContainEqual(expect.stringContaining('too many'));
  });

  test('what was counted of a list that failed is not taken for its length', async () => {
    const shape = { pageRows: 90, sql: 'SELECT id FROM okta.user.users' };
    const { requests: pages } = await lab.run(shape);
    const calls = async (): Promise<unknown> => (await lab.run({ ...shape, sql: `EXPLAIN ${shape.sql}` })).rows;
    const before = await calls();
    await lab.befallEach(pages.slice(1), { kind: 'status', status: 500 });
    await lab.run(shape, { partial: true });
    expect(await calls()).toEqual(before);
  });
});
