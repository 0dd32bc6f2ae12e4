import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

const SCOPES = '[{"type": "CORS"}]';

serviceMethods('trustedorigin', {}, (method) => {
  method(
    'trustedorigin.trustedorigins',
    ['insert', 'get', 'list', 'update', 'activate', 'deactivate', 'delete'],
    'makes, switches and removes an origin',
    async (org) => {
      const relation = 'okta.trustedorigin.trustedorigins';
      const id = await org.text(
        `INSERT INTO ${relation} (data__name, data__origin, data__scopes) VALUES ('Shop', 'https://shop.example.com', '${SCOPES}') RETURNING id`,
      );
      const read = `SELECT name, origin, status FROM ${relation} WHERE trustedOriginId = '${id}'`;
      expect(await org.row(read)).toEqual({ name: 'Shop', origin: 'https://shop.example.com', status: 'ACTIVE' });
      expect(
        await org.refusal(`INSERT INTO ${relation} (name, origin, scopes) VALUES ('Shop', 'https://other.example.com', '${SCOPES}')`),
      ).toBe('E0000001 400');
      const body = `{"name": "S2", "origin": "https://s2.example.com", "scopes": ${SCOPES}}`;
      expect(await org.row(`EXEC ${relation}.update @trustedOriginId = '${id}', @@json = '${body}'`)).toMatchObject({ name: 'S2' });
      await org.run(`UPDATE ${relation} SET name = 'S3' WHERE id = '${id}'`);
      await org.run(
        `REPLACE ${relation} SET name = 'S4', origin = 'https://s4.example.com', scopes = '${SCOPES}' WHERE trustedOriginId = '${id}'`,
      );
      expect(await org.list(`SELECT origin FROM ${relation} WHERE name = 'S4'`)).toEqual(['https://s4.example.com']);
      await org.run(`EXEC ${relation}.deactivate @trustedOriginId = '${id}'`);
      expect(await org.row(read)).toMatchObject({ status: 'INACTIVE' });
      expect(await org.row(`EXEC ${relation}.activate @trustedOriginId = '${id}'`)).toMatchObject({ status: 'ACTIVE' });
      await org.run(`DELETE FROM ${relation} WHERE trustedOriginId = '${id}'`);
      expect(await org.rows(read)).toEqual([]);
      for (const name of ['activate', 'deactivate'])
        expect(await org.refusal(`EXEC ${relation}.${name} @trustedOriginId = '${id}'`)).toBe('E0000007 404');
    },
  );
});
