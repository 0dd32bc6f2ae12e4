import { afterAll, expect, test } from 'vitest';
import { openSession } from '../session.ts';

const session = openSession({ orgs: [], defaultOrg: 'demo' });
afterAll(async () => (await session).close());

async function plan(sql: string): Promise<{ readonly calls: unknown; readonly steps: readonly string[] }> {
  const cursor = await (await session).query(`EXPLAIN ${sql}`);
  const rows: (readonly unknown[])[] = [];
  for await (const batch of cursor.batches) rows.push(...batch);
  const column = cursor.columns.findIndex(({ name }) => name === 'plan_json');
  const parsed = JSON.parse(String(rows[0]?.[column])) as { readonly calls: unknown; readonly steps: readonly { readonly http: string }[] };
  return { calls: parsed.calls, steps: parsed.steps.map(({ http }) => http) };
}

test('a change whose key is given outright reads nothing, also by a parameter that no query knows', async () => {
  expect(await plan("DELETE FROM okta.group.owners WHERE groupId = '00g1' AND ownerId IN ('00u1', '00u2')")).toEqual({
    calls: 2,
    steps: ['DELETE /api/v1/groups/{groupId}/owners/{ownerId}'],
  });
});

test('a change whose key must be found reads first', async () => {
  const { steps } = await plan("DELETE FROM okta.group.groups WHERE profile.name = 'Sales'");
  expect(steps).toEqual(['GET /api/v1/groups', 'DELETE /api/v1/groups/{groupId}']);
});

test('how many rows one call of a list finds is not known, so neither is how many a change has', async () => {
  const many = await plan(
    "EXEC okta.user.users.suspend FOR EACH (SELECT u.id AS userId FROM (VALUES ('ada.andersson@example.com'), ('hana.larsen1@example.com')) l(login) JOIN okta.user.users u ON u.profile.login = l.login)",
  );
  expect(many).toEqual({ calls: null, steps: ['GET /api/v1/users', 'POST /api/v1/users/{userId}/lifecycle/suspend'] });
  const one = await plan("EXEC okta.user.users.suspend FOR EACH (SELECT id AS userId FROM okta.user.users WHERE id = '00u1')");
  expect(one).toEqual({ calls: 2, steps: ['GET /api/v1/users/{userId}', 'POST /api/v1/users/{userId}/lifecycle/suspend'] });
});
