import { expect } from 'vitest';
import { newBookmark, newClient, newGroup, newUser } from './fixtures.ts';
import { type MethodOrg, serviceMethods } from './harness.ts';
import { clientWithTokens } from './tokens.ts';

const newRequest = (org: MethodOrg, appId: string): Promise<string> =>
  org.text('INSERT INTO okta.application.csrs (appId, data__subject) VALUES ($appId, $subject) RETURNING id', {
    appId,
    subject: JSON.stringify({ countryName: 'SE', organizationName: 'Example', commonName: 'sp.example.com' }),
  });

serviceMethods('application', {}, (method) => {
  method('application.apps', ['insert', 'get', 'list', 'update', 'delete'], 'makes, changes and removes an app', async (org) => {
    const id = await newBookmark(org, 'Menu');
    expect(await org.row(`SELECT label, settings.app.url AS url FROM okta.application.apps WHERE appId = '${id}'`)).toEqual({
      label: 'Menu',
      url: 'https://example.com/menu',
    });
    const body = { name: 'bookmark', label: 'Food', signOnMode: 'BOOKMARK', settings: { app: { url: 'https://example.com/food' } } };
    expect(await org.row(`EXEC okta.application.apps.update @appId = '${id}', @@json = '${JSON.stringify(body)}'`)).toMatchObject({
      id,
      label: 'Food',
    });
    await org.run(`UPDATE okta.application.apps SET label = 'Eat' WHERE id = '${id}'`);
    expect(
      await org.rows(`SELECT label, settings.app.url AS url FROM okta.application.apps WHERE status = 'ACTIVE' AND name = 'bookmark'`),
    ).toEqual([{ label: 'Eat', url: 'https://example.com/food' }]);
    await org.run(
      `REPLACE okta.application.apps SET name = 'bookmark', label = 'Dine', signOnMode = 'BOOKMARK', settings = '{"app": {"url": "https://example.com/dine"}}' WHERE id = '${id}'`,
    );
    expect(await org.refusal(`DELETE FROM okta.application.apps WHERE appId = '${id}'`)).toBe('E0000056 403');
    await org.run(`EXEC okta.application.apps.deactivate @appId = '${id}'`);
    await org.run(`DELETE FROM okta.application.apps WHERE appId = '${id}'`);
    expect(await org.rows(`SELECT id FROM okta.application.apps WHERE appId = '${id}'`)).toEqual([]);
    expect(org.events().slice(-2)).toEqual(['application.lifecycle.deactivate', 'application.lifecycle.delete']);
  });

  method('application.apps', ['activate', 'deactivate'], 'switches an app, and neither once it is gone', async (org) => {
    const id = await newBookmark(org, 'Switch');
    const status = `SELECT status FROM okta.application.apps WHERE appId = '${id}'`;
    await org.run(`EXEC okta.application.apps.deactivate @appId = '${id}', @subdomain = 'lab'`);
    expect(await org.text(status)).toBe('INACTIVE');
    await org.run(`EXEC okta.application.apps.activate @appId = '${id}'`);
    expect(await org.text(status)).toBe('ACTIVE');
    await org.run(`EXEC okta.application.apps.deactivate @appId = '${id}'`);
    await org.run(`DELETE FROM okta.application.apps WHERE appId = '${id}'`);
    expect(await org.refusal(`EXEC okta.application.apps.activate @appId = '${id}'`)).toBe('E0000007 404');
    expect(await org.refusal(`EXEC okta.application.apps.deactivate @appId = '${id}'`)).toBe('E0000007 404');
  });

  method('application.apps', ['deleteall'], 'revokes every refresh token of an app', async (org) => {
    const { clientId } = await clientWithTokens(org, 'ada');
    await org.run(`EXEC okta.application.apps.deleteall @appId = '${clientId}'`);
    expect(await org.rows(`SELECT id FROM okta.application.tokens WHERE appId = '${clientId}'`)).toEqual([]);
    expect(org.events().filter((type) => type === 'app.oauth2.token.revoke').length).toBe(2);
  });

  method('application.tokens', ['get', 'list', 'delete'], 'shows and revokes refresh tokens', async (org) => {
    const { clientId, userId } = await clientWithTokens(org, 'bea');
    const [first, second] = await org.list(`SELECT id FROM okta.application.tokens WHERE appId = '${clientId}'`);
    expect(await org.text(`SELECT userId FROM okta.application.tokens WHERE appId = '${clientId}' AND tokenId = '${String(first)}'`)).toBe(
      userId,
    );
    await org.run(`DELETE FROM okta.application.tokens WHERE appId = '${clientId}' AND tokenId = '${String(first)}'`);
    expect(await org.list(`SELECT id FROM okta.application.tokens WHERE appId = '${clientId}'`)).toEqual([second]);
  });

  method('application.users', ['insert', 'get', 'list', 'update', 'delete'], 'assigns a user', async (org) => {
    const [app, user] = [await newBookmark(org, 'Desk'), await newUser(org, 'cyd')];
    await org.run(
      `INSERT INTO okta.application.users (appId, data__id, data__scope, data__credentials) VALUES ('${app}', '${user}', 'USER', '{"userName": "cyd"}')`,
    );
    expect(await org.refusal(`INSERT INTO okta.application.users (appId, id, scope) VALUES ('${app}', '${user}', 'USER')`)).toBe(
      'E0000062 409',
    );
    expect(
      await org.row(
        `EXEC okta.application.users.update @appId = '${app}', @userId = '${user}', @@json = '{"credentials": {"userName": "cyd2"}}'`,
      ),
    ).toMatchObject({ id: user });
    expect(await org.text(`SELECT credentials.userName FROM okta.application.users WHERE appId = '${app}' AND userId = '${user}'`)).toBe(
      'cyd2',
    );
    await org.run(`UPDATE okta.application.users SET credentials.userName = 'cyd3' WHERE appId = '${app}' AND userId = '${user}'`);
    expect(await org.rows(`SELECT id, scope, credentials.userName AS n FROM okta.application.users WHERE appId = '${app}'`)).toEqual([
      { id: user, scope: 'USER', n: 'cyd3' },
    ]);
    await org.run(`DELETE FROM okta.application.users WHERE appId = '${app}' AND userId = '${user}'`);
    expect(await org.rows(`SELECT id FROM okta.application.users WHERE appId = '${app}'`)).toEqual([]);
    expect(org.events().filter((type) => type.startsWith('application.user_membership'))).toEqual([
      'application.user_membership.add',
      'application.user_membership.update',
      'application.user_membership.update',
      'application.user_membership.remove',
    ]);
  });

  method('application.groups', ['get', 'list', 'update', 'delete'], 'assigns a group: its members get the app', async (org) => {
    const [app, group, user] = [await newBookmark(org, 'Board'), await newGroup(org, 'Board'), await newUser(org, 'dan')];
    await org.run(`INSERT INTO okta.group.users (groupId, userId) VALUES ('${group}', '${user}')`);
    expect(
      await org.row(`EXEC okta.application.groups.update @appId = '${app}', @groupId = '${group}', @@json = '{"priority": 0}'`),
    ).toMatchObject({ id: group });
    expect(await org.rows(`SELECT id, scope FROM okta.application.users WHERE appId = '${app}'`)).toEqual([{ id: user, scope: 'GROUP' }]);
    expect(await org.refusal(`DELETE FROM okta.application.users WHERE appId = '${app}' AND userId = '${user}'`)).toBe('E0000046 403');
    await org.run(`UPDATE okta.application.groups SET priority = 3 WHERE appId = '${app}' AND groupId = '${group}'`);
    expect(await org.row(`SELECT id, priority FROM okta.application.groups WHERE appId = '${app}' AND groupId = '${group}'`)).toEqual({
      id: group,
      priority: 3,
    });
    await org.run(`REPLACE okta.application.groups SET priority = 1 WHERE appId = '${app}' AND groupId = '${group}'`);
    expect(await org.list(`SELECT id FROM okta.application.groups WHERE appId = '${app}'`)).toEqual([group]);
    await org.run(`DELETE FROM okta.application.groups WHERE appId = '${app}' AND groupId = '${group}'`);
    expect(await org.rows(`SELECT id FROM okta.application.users WHERE appId = '${app}'`)).toEqual([]);
  });

  method('application.grants', ['insert', 'get', 'list', 'delete'], 'grants a scope of the org to a client', async (org) => {
    const app = await newClient(org, 'Service');
    const id = await org.text(
      `INSERT INTO okta.application.grants (appId, data__scopeId, data__issuer) VALUES ('${app}', 'okta.users.read', '${org.emulator.org.origin}') RETURNING id`,
    );
    expect(await org.rows(`SELECT id, scopeId, status FROM okta.application.grants WHERE appId = '${app}'`)).toEqual([
      { id, scopeId: 'okta.users.read', status: 'ACTIVE' },
    ]);
    expect(await org.text(`SELECT clientId FROM okta.application.grants WHERE appId = '${app}' AND grantId = '${id}'`)).toBe(app);
    await org.run(`DELETE FROM okta.application.grants WHERE appId = '${app}' AND grantId = '${id}'`);
    expect(await org.rows(`SELECT id FROM okta.application.grants WHERE appId = '${app}'`)).toEqual([]);
    const bookmark = await newBookmark(org, 'No client');
    expect(
      await org.refusal(
        `INSERT INTO okta.application.grants (appId, scopeId, issuer) VALUES ('${bookmark}', 'okta.users.read', 'https://x.example.com')`,
      ),
    ).toBe('E0000001 400');
  });

  method('application.csrs', ['insert', 'get', 'list', 'delete'], 'asks for a certificate and takes the request back', async (org) => {
    const app = await newClient(org, 'Signs');
    const id = await newRequest(org, app);
    expect(await org.rows(`SELECT id, kty FROM okta.application.csrs WHERE appId = '${app}'`)).toEqual([{ id, kty: 'RSA' }]);
    expect(await org.text(`SELECT csr FROM okta.application.csrs WHERE appId = '${app}' AND csrId = '${id}'`)).toMatch(/^MII/);
    await org.run(`DELETE FROM okta.application.csrs WHERE appId = '${app}' AND csrId = '${id}'`);
    expect(await org.rows(`SELECT id FROM okta.application.csrs WHERE appId = '${app}'`)).toEqual([]);
    expect(await org.refusal(`DELETE FROM okta.application.csrs WHERE appId = '${app}' AND csrId = '${id}'`)).toBe('E0000007 404');
  });

  method(
    'application.keys',
    ['insert', 'get', 'list', 'delete'],
    'makes a signing key; delete revokes a request for a certificate',
    async (org) => {
      const app = await newClient(org, 'Keys');
      const kid = await org.text(`INSERT INTO okta.application.keys (appId, validityYears) VALUES ('${app}', 5) RETURNING kid`);
      expect(await org.list(`SELECT kid FROM okta.application.keys WHERE appId = '${app}'`)).toContain(kid);
      expect(await org.row(`SELECT kid, kty FROM okta.application.keys WHERE appId = '${app}' AND keyId = '${kid}'`)).toEqual({
        kid,
        kty: 'RSA',
      });
      const request = await newRequest(org, app);
      await org.run(`DELETE FROM okta.application.keys WHERE appId = '${app}' AND csrId = '${request}'`);
      expect(await org.rows(`SELECT id FROM okta.application.csrs WHERE appId = '${app}'`)).toEqual([]);
      expect(org.events()).toContain('app.keys.generate');
    },
  );
});
