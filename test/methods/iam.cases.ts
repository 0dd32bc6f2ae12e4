import { expect } from 'vitest';
import { newUser } from './fixtures.ts';
import { serviceMethods } from './harness.ts';

serviceMethods('iam', {}, (method) => {
  method('iam.assignees', ['list'], 'lists who holds a role', async (org) => {
    const id = await newUser(org, 'ada');
    const before = await org.list('SELECT id FROM okta.iam.assignees');
    await org.run(`INSERT INTO okta.user.roles (userId, type) VALUES ('${id}', 'REPORT_ADMIN')`);
    expect(await org.list('SELECT id FROM okta.iam.assignees ORDER BY id')).toEqual([...before, id].sort());
  });
});
