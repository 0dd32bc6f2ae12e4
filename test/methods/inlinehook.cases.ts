import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

const TYPE = 'com.okta.oauth2.tokens.transform';
const CHANNEL = JSON.stringify({
  type: 'HTTP',
  version: '1.0.0',
  config: {
    uri: 'https://hooks.example.com/tokens',
    method: 'POST',
    authScheme: { type: 'HEADER', key: 'authorization', value: 'secret' },
  },
});

serviceMethods('inlinehook', {}, (method) => {
  method(
    'inlinehook.idps',
    ['insert', 'get', 'list', 'update', 'execute', 'activate', 'deactivate', 'delete'],
    'makes, runs, switches and removes a hook',
    async (org) => {
      const id = await org.text(
        `INSERT INTO okta.inlinehook.idps (data__name, data__type, data__version, data__channel) VALUES ('Tokens', '${TYPE}', '1.0.0', '${CHANNEL}') RETURNING id`,
      );
      const read = `SELECT name, status, type FROM okta.inlinehook.idps WHERE inlineHookId = '${id}'`;
      expect(await org.row(read)).toEqual({ name: 'Tokens', status: 'ACTIVE', type: TYPE });
      expect(await org.row(`EXEC okta.inlinehook.idps.execute @inlineHookId = '${id}', @@json = '{"data": {}}'`)).toMatchObject({
        commands: '[]',
      });
      const body = `{"name": "T2", "version": "1.0.1", "channel": ${CHANNEL}}`;
      expect(await org.row(`EXEC okta.inlinehook.idps.update @inlineHookId = '${id}', @@json = '${body}'`)).toMatchObject({
        name: 'T2',
        version: '1.0.1',
      });
      await org.run(`UPDATE okta.inlinehook.idps SET name = 'T3' WHERE id = '${id}'`);
      await org.run(`REPLACE okta.inlinehook.idps SET name = 'T4', version = '1.0.2', channel = '${CHANNEL}' WHERE inlineHookId = '${id}'`);
      expect(await org.rows(`SELECT name, version FROM okta.inlinehook.idps WHERE type = '${TYPE}'`)).toEqual([
        { name: 'T4', version: '1.0.2' },
      ]);
      expect(await org.refusal(`DELETE FROM okta.inlinehook.idps WHERE inlineHookId = '${id}'`)).toBe('E0000001 400');
      await org.run(`EXEC okta.inlinehook.idps.deactivate @inlineHookId = '${id}'`);
      expect(await org.row(read)).toMatchObject({ status: 'INACTIVE' });
      expect(await org.refusal(`EXEC okta.inlinehook.idps.execute @inlineHookId = '${id}', @@json = '{}'`)).toBe('E0000001 400');
      await org.run(`EXEC okta.inlinehook.idps.activate @inlineHookId = '${id}'`);
      expect(await org.row(read)).toMatchObject({ status: 'ACTIVE' });
      await org.run(`EXEC okta.inlinehook.idps.deactivate @inlineHookId = '${id}'`);
      await org.run(`DELETE FROM okta.inlinehook.idps WHERE inlineHookId = '${id}'`);
      expect(await org.rows(read)).toEqual([]);
      for (const name of ['activate', 'deactivate'])
        expect(await org.refusal(`EXEC okta.inlinehook.idps.${name} @inlineHookId = '${id}'`)).toBe('E0000007 404');
    },
  );
});
