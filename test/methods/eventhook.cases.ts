import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

const EVENTS = JSON.stringify({ type: 'EVENT_TYPE', items: ['group.user_membership.add'] });
const CHANNEL = JSON.stringify({ type: 'HTTP', version: '1.0.0', config: { uri: 'https://hooks.example.com/events' } });

serviceMethods('eventhook', {}, (method) => {
  method(
    'eventhook.eventhooks',
    ['insert', 'get', 'list', 'update', 'verify', 'activate', 'deactivate', 'delete'],
    'makes, proves, switches and removes a hook',
    async (org) => {
      const id = await org.text(
        `INSERT INTO okta.eventhook.eventhooks (data__name, data__events, data__channel) VALUES ('Members', '${EVENTS}', '${CHANNEL}') RETURNING id`,
      );
      const read = `SELECT name, status, verificationStatus FROM okta.eventhook.eventhooks WHERE eventHookId = '${id}'`;
      expect(await org.row(read)).toEqual({ name: 'Members', status: 'ACTIVE', verificationStatus: 'UNVERIFIED' });
      expect(await org.row(`EXEC okta.eventhook.eventhooks.verify @eventHookId = '${id}'`)).toMatchObject({
        verificationStatus: 'VERIFIED',
      });
      expect(
        await org.row(
          `EXEC okta.eventhook.eventhooks.update @eventHookId = '${id}', @@json = '{"name": "M", "events": ${EVENTS}, "channel": ${CHANNEL}}'`,
        ),
      ).toMatchObject({ id, name: 'M' });
      await org.run(`UPDATE okta.eventhook.eventhooks SET name = 'Member' WHERE id = '${id}'`);
      await org.run(
        `REPLACE okta.eventhook.eventhooks SET name = 'Membership', events = '${EVENTS}', channel = '${CHANNEL}' WHERE eventHookId = '${id}'`,
      );
      expect(await org.list('SELECT name FROM okta.eventhook.eventhooks')).toEqual(['Membership']);
      expect(await org.refusal(`DELETE FROM okta.eventhook.eventhooks WHERE eventHookId = '${id}'`)).toBe('E0000001 400');
      await org.run(`EXEC okta.eventhook.eventhooks.deactivate @eventHookId = '${id}'`);
      expect(await org.row(read)).toEqual({ name: 'Membership', status: 'INACTIVE', verificationStatus: 'VERIFIED' });
      expect(await org.refusal(`EXEC okta.eventhook.eventhooks.verify @eventHookId = '${id}'`)).toBe('E0000001 400');
      await org.run(`EXEC okta.eventhook.eventhooks.activate @eventHookId = '${id}'`);
      expect(await org.row(read)).toMatchObject({ status: 'ACTIVE' });
      await org.run(`EXEC okta.eventhook.eventhooks.deactivate @eventHookId = '${id}'`);
      await org.run(`DELETE FROM okta.eventhook.eventhooks WHERE eventHookId = '${id}'`);
      expect(await org.rows(read)).toEqual([]);
      for (const name of ['activate', 'deactivate'])
        expect(await org.refusal(`EXEC okta.eventhook.eventhooks.${name} @eventHookId = '${id}'`)).toBe('E0000007 404');
      expect(org.events()).toEqual(
        expect.arrayContaining([
          'event_hook.created',
          'event_hook.verified',
          'event_hook.updated',
          'event_hook.deactivated',
          'event_hook.activated',
          'event_hook.deleted',
        ]),
      );
    },
  );
});
