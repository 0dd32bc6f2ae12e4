import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestSession, type TestSession } from '../session/test-session.ts';

let lab: TestSession;
beforeAll(async () => {
  lab = await openTestSession({ seed: 'demo' });
});
afterAll(() => lab.close());

test('the --max-calls of one statement does not stop another that waits for the same request', async () => {
  const sql = 'SELECT id FROM okta.application.apps';
  const whole = await lab.rows(sql);
  for (let round = 0; round < 5; round++) {
    const faults = [{ path: '/api/v1/apps', count: 1, effect: { kind: 'status', status: 503 } }];
    await lab.emulator.handle({ method: 'PUT', url: '/_emulator/faults', body: JSON.stringify(faults) });
    const [limited, free] = await Promise.allSettled([lab.rows(sql, { maxCalls: 1 }), lab.rows(sql)]);
    expect(free).toEqual({ status: 'fulfilled', value: whole });
    expect(limited).toMatchObject(limited.status === 'fulfilled' ? { value: whole } : { reason: { code: 'limit_reached' } });
  }
});
