import { expect } from 'vitest';
import { newBookmark, newUser } from './fixtures.ts';
import { serviceMethods } from './harness.ts';

const custom = (name: string): string =>
  JSON.stringify({ custom: { id: '#custom', type: 'object', properties: { [name]: { title: name, type: 'string', scope: 'NONE' } } } });

serviceMethods('userschema', {}, (method) => {
  method('userschema.schemas', ['get', 'partialUpdate'], 'adds an attribute, which users may then have', async (org) => {
    const user = await newUser(org, 'ada');
    expect(await org.refusal(`UPDATE okta.user.users SET profile.badge = 'x' WHERE id = '${user}'`)).toBe('E0000001 400');
    await org.row(`EXEC okta.userschema.schemas.partialUpdate @schemaId = 'default', @@json = '{"definitions": ${custom('badge')}}'`);
    await org.run(`UPDATE okta.userschema.schemas SET definitions = '${custom('locker')}' WHERE schemaId = 'default'`);
    const names = await org.row(
      `SELECT definitions->'custom'->'properties'->'badge'->>'title' AS b, definitions->'custom'->'properties'->'locker'->>'title' AS l FROM okta.userschema.schemas WHERE schemaId = 'default'`,
    );
    expect(names).toEqual({ b: 'badge', l: 'locker' });
    await org.run(`UPDATE okta.user.users SET profile.badge = 'A1' WHERE id = '${user}'`);
    expect(await org.text(`SELECT profile.badge FROM okta.user.users WHERE id = '${user}'`)).toBe('A1');
  });

  method('userschema.default', ['list', 'insert'], 'adds an attribute to the users of an app', async (org) => {
    const app = await newBookmark(org, 'With schema');
    await org.run(`INSERT INTO okta.userschema.default (appInstanceId, data__definitions) VALUES ('${app}', '${custom('seat')}')`);
    await org.run(`UPDATE okta.userschema.default SET definitions = '${custom('desk')}' WHERE appInstanceId = '${app}'`);
    expect(
      await org.row(
        `SELECT title, json_keys(definitions->'custom'->'properties') AS names FROM okta.userschema.default WHERE appInstanceId = '${app}'`,
      ),
    ).toMatchObject({
      title: 'With schema User',
      names: ['seat', 'desk'],
    });
    expect(org.events()).toContain('directory.app_user_profile.update');
  });
});
