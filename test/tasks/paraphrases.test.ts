/* What administrators ask, asked otherwise: the answer is the same, and costs no more calls. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applications } from './applications.ts';
import { groups } from './groups.ts';
import { logs } from './logs.ts';
import { type OpenOrg, openOrg, runQuery, sorted } from './open-org.ts';
import { PARAPHRASES } from './paraphrases.ts';
import { policies } from './policies.ts';
import { posture } from './posture.ts';
import { privilege } from './privilege.ts';
import { NOW } from './task.ts';

let org: OpenOrg;

beforeAll(async () => {
  org = await openOrg({ seed: 'reference', now: NOW });
}, 120_000);
afterAll(() => org.close());

const tasks = [...posture, ...privilege, ...groups, ...applications, ...policies, ...logs];

describe.each(Object.entries(PARAPHRASES))('task %s', (number, statements) => {
  const task = tasks.find(({ name }) => name.startsWith(`${number}:`)) ?? expect.unreachable(`There is no task ${number}`);

  test.each(statements)('%s', { timeout: 60_000 }, async (sql) => {
    const session = await org.openSession();
    org.takeRequests();
    const { rows, receipt } = await runQuery(session, sql);
    const requests = org.takeRequests();
    await session.close();
    expect(sorted(rows)).toEqual(sorted(task.answer(org.emulator.org)));
    expect(receipt).toMatchObject({ complete: true, rows: rows.length, requests: requests.length, throttled: 0 });
    expect(requests.length, requests.slice(0, 20).join('\n')).toBeLessThanOrEqual(
      Math.floor(Math.max(task.floor, 1.02 * task.floor)) + (task.emptyPages ?? 0),
    );
  });
});
