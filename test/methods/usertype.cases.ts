import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

serviceMethods('usertype', {}, (method) => {
  method(
    'usertype.user',
    ['insert', 'get', 'list', 'partialUpdate', 'update', 'delete'],
    'makes, changes and removes a type that no user has',
    async (org) => {
      const id = await org.text(
        `INSERT INTO okta.usertype.user (data__name, data__displayName, description) VALUES ('contractor', 'Contractor', 'd') RETURNING id`,
      );
      const read = `SELECT name, displayName, description FROM okta.usertype.user WHERE typeId = '${id}'`;
      expect(await org.row(read)).toEqual({ name: 'contractor', displayName: 'Contractor', description: 'd' });
      expect(await org.row(`EXEC okta.usertype.user.partialUpdate @typeId = '${id}', @@json = '{"displayName": "Temp"}'`)).toMatchObject({
        displayName: 'Temp',
        description: 'd',
      });
      await org.run(`UPDATE okta.usertype.user SET displayName = 'External' WHERE id = '${id}'`);
      expect(
        await org.row(
          `EXEC okta.usertype.user.update @typeId = '${id}', @@json = '{"name": "contractor", "displayName": "Ext", "description": "e"}'`,
        ),
      ).toMatchObject({ displayName: 'Ext', description: 'e' });
      await org.run(`REPLACE okta.usertype.user SET name = 'contractor', displayName = 'Outside' WHERE typeId = '${id}'`);
      expect(await org.row(read)).toEqual({ name: 'contractor', displayName: 'Outside', description: null });
      expect(await org.list('SELECT name FROM okta.usertype.user ORDER BY name')).toEqual(['contractor', 'user']);
      const profile = JSON.stringify({ login: 'x@example.com', email: 'x@example.com', firstName: 'X', lastName: 'Y' });
      const user = await org.text(
        `INSERT INTO okta.user.users (data__profile, data__type) VALUES ('${profile}', '{"id": "${id}"}') RETURNING id`,
      );
      expect(await org.refusal(`DELETE FROM okta.usertype.user WHERE typeId = '${id}'`)).toBe('E0000001 400');
      await org.run(`DELETE FROM okta.user.users WHERE userId = '${user}'`);
      await org.run(`DELETE FROM okta.user.users WHERE userId = '${user}'`);
      await org.run(`DELETE FROM okta.usertype.user WHERE typeId = '${id}'`);
      expect(await org.rows(read)).toEqual([]);
      expect(org.events().at(-1)).toBe('directory.non_default_user_profile.delete');
    },
  );
});
