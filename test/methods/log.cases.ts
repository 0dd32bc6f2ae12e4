import { expect } from 'vitest';
import { newGroup } from './fixtures.ts';
import { serviceMethods } from './harness.ts';

serviceMethods('log', { seed: 'demo' }, (method) => {
  method('log.logs', ['list'], 'shows what was done, by whom and to what', async (org) => {
    const group = await newGroup(org, 'Seen in the log');
    expect(
      await org.rows(
        `SELECT eventType, outcome->>'result' AS result, target->0->>'displayName' AS name FROM okta.log.logs
         WHERE eventType = 'group.lifecycle.create' AND json_extract_string(target, '$[0].id') = '${group}'`,
      ),
    ).toEqual([{ eventType: 'group.lifecycle.create', result: 'SUCCESS', name: 'Seen in the log' }]);
    const day = await org.row(
      `SELECT count(*) AS n FROM okta.log.logs WHERE published >= '2026-02-27T00:00:00Z' AND published < '2026-02-28T00:00:00Z'`,
    );
    expect(Number(day.n)).toBeGreaterThan(500);
  });
});
