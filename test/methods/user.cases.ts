import { expect } from 'vitest';
import { newBookmark, newClient, newGroup, newProvider, newUser, PASSWORD } from './fixtures.ts';
import { type MethodOrg, serviceMethods } from './harness.ts';
import { clientWithTokens } from './tokens.ts';

const statusOf = (org: MethodOrg, userId: string): Promise<string> =>
  org.text(`SELECT status FROM okta.user.users WHERE userId = '${userId}'`);

const PROFILE = { login: 'eve@example.com', email: 'eve@example.com', firstName: 'Eve', lastName: 'Test' };

serviceMethods('user', {}, (method) => {
  method('user.users', ['insert', 'get', 'list'], 'makes a user whom a look-up and the list show', async (org) => {
    const id = await newUser(org, 'ada');
    expect(org.events()).toEqual(['user.lifecycle.create', 'user.lifecycle.activate']);
    expect(await org.row(`SELECT status, profile.firstName AS name FROM okta.user.users WHERE id = '${id}'`)).toEqual({
      status: 'ACTIVE',
      name: 'ada',
    });
    expect(await org.list(`SELECT id FROM okta.user.users WHERE status = 'ACTIVE' AND subdomain = 'lab'`)).toContain(id);
    expect(
      await org.refusal(
        `INSERT INTO okta.user.users (data__profile) VALUES ('{"login": "ada@example.com", "email": "ada@example.com", "firstName": "a", "lastName": "b"}')`,
      ),
    ).toBe('E0000001 400');
  });

  method('user.users', ['delete'], 'deactivates first and removes next', async (org) => {
    const id = await newUser(org, 'bob');
    await org.run(`DELETE FROM okta.user.users WHERE userId = '${id}'`);
    expect(await statusOf(org, id)).toBe('DEPROVISIONED');
    await org.run(`DELETE FROM okta.user.users WHERE userId = '${id}'`);
    expect(await org.rows(`SELECT id FROM okta.user.users WHERE userId = '${id}'`)).toEqual([]);
    expect(org.events().slice(-2)).toEqual(['user.lifecycle.delete.initiated', 'user.lifecycle.delete.completed']);
  });

  method('user.users', ['activate', 'deactivate', 'reactivate'], 'leads a user from STAGED to DEPROVISIONED and back', async (org) => {
    const id = await newUser(org, 'cyd', 'STAGED');
    expect(await org.refusal(`EXEC okta.user.users.reactivate @userId = '${id}'`)).toBe('E0000038 403');
    const { activationToken } = await org.row(`EXEC okta.user.users.activate @userId = '${id}', @sendEmail = 'false', @subdomain = 'lab'`);
    expect(activationToken).toMatch(/^[\w-]{20,}$/);
    expect(await statusOf(org, id)).toBe('PROVISIONED');
    expect(await org.row(`EXEC okta.user.users.reactivate @userId = '${id}', @sendEmail = 'false'`)).toHaveProperty('activationUrl');
    expect(await org.refusal(`EXEC okta.user.users.activate @userId = '${id}', @sendEmail = 'false'`)).toBe('E0000016 403');
    expect(await org.run(`EXEC okta.user.users.deactivate @userId = '${id}'`)).toContain(id);
    expect(await statusOf(org, id)).toBe('DEPROVISIONED');
    expect(await org.refusal(`EXEC okta.user.users.deactivate @userId = '${id}'`)).toBe('E0000038 403');
    expect(org.events().slice(-3)).toEqual(['user.lifecycle.activate', 'user.lifecycle.reactivate', 'user.lifecycle.deactivate']);
  });

  method('user.users', ['suspend', 'unsuspend', 'unlock'], 'bars a user for a time', async (org) => {
    const id = await newUser(org, 'dan');
    expect(await org.refusal(`EXEC okta.user.users.unsuspend @userId = '${id}'`)).toBe('E0000001 400');
    await org.run(`EXEC okta.user.users.suspend @userId = '${id}'`);
    expect(await statusOf(org, id)).toBe('SUSPENDED');
    expect(await org.refusal(`EXEC okta.user.users.suspend @userId = '${id}'`)).toBe('E0000001 400');
    await org.run(`EXEC okta.user.users.unsuspend @userId = '${id}'`);
    expect(await org.refusal(`EXEC okta.user.users.unlock @userId = '${id}'`)).toBe('E0000032 403');
    for (let i = 0; i < 10; i++) await org.post('/api/v1/authn', { username: 'dan@example.com', password: 'wrong' });
    expect(await statusOf(org, id)).toBe('LOCKED_OUT');
    await org.run(`EXEC okta.user.users.unlock @userId = '${id}'`);
    expect(await statusOf(org, id)).toBe('ACTIVE');
    expect(org.events()).toEqual(
      expect.arrayContaining(['user.lifecycle.suspend', 'user.lifecycle.unsuspend', 'user.account.unlock_by_admin']),
    );
  });

  method(
    'user.users',
    ['expirePassword', 'expirePasswordTemp', 'changePassword'],
    'ends passwords, and a new one brings the user back',
    async (org) => {
      const id = await newUser(org, 'eli');
      expect(await org.row(`EXEC okta.user.users.expirePassword @userId = '${id}'`)).toMatchObject({ id, status: 'PASSWORD_EXPIRED' });
      const next = JSON.stringify({ oldPassword: { value: PASSWORD }, newPassword: { value: 'N3xt-Passw0rd' } });
      await org.run(`EXEC okta.user.users.changePassword @userId = '${id}', @@json = '${next}'`);
      expect(await statusOf(org, id)).toBe('ACTIVE');
      expect(await org.refusal(`EXEC okta.user.users.changePassword @userId = '${id}', @@json = '${next}'`)).toBe('E0000014 403');
      const { tempPassword } = await org.row(`EXEC okta.user.users.expirePasswordTemp @userId = '${id}'`);
      expect(await org.post('/api/v1/authn', { username: 'eli@example.com', password: tempPassword })).toMatchObject({
        status: 'PASSWORD_EXPIRED',
      });
      const staged = await newUser(org, 'eli2', 'STAGED');
      expect(await org.refusal(`EXEC okta.user.users.expirePassword @userId = '${staged}'`)).toBe('E0000038 403');
      expect(await org.refusal(`EXEC okta.user.users.expirePasswordTemp @userId = '${staged}'`)).toBe('E0000038 403');
    },
  );

  method('user.users', ['resetPassword', 'forgotPassword', 'changeRecoveryQuestion'], 'helps who forgot the password', async (org) => {
    const id = await newUser(org, 'fay');
    const question = JSON.stringify({ password: { value: PASSWORD }, recovery_question: { question: 'Where?', answer: 'Here and there' } });
    expect(await org.row(`EXEC okta.user.users.changeRecoveryQuestion @userId = '${id}', @@json = '${question}'`)).toMatchObject({
      recovery_question: '{"question":"Where?"}',
    });
    const answer = JSON.stringify({ password: { value: 'An0ther-Pass' }, recovery_question: { answer: 'here and there' } });
    await org.run(`EXEC okta.user.users.forgotPassword @userId = '${id}', @@json = '${answer}'`);
    expect(await org.post('/api/v1/authn', { username: 'fay@example.com', password: 'An0ther-Pass' })).toMatchObject({ status: 'SUCCESS' });
    expect(await org.row(`EXEC okta.user.users.resetPassword @userId = '${id}', @sendEmail = 'false'`)).toHaveProperty('resetPasswordUrl');
    expect(await statusOf(org, id)).toBe('RECOVERY');
    const staged = await newUser(org, 'fay2', 'STAGED');
    expect(await org.refusal(`EXEC okta.user.users.resetPassword @userId = '${staged}', @sendEmail = 'false'`)).toBe('E0000038 403');
    expect(await org.refusal(`EXEC okta.user.users.forgotPassword @userId = '${staged}'`)).toBe('E0000034 403');
  });

  method('user.users', ['resetFactors', 'update'], 'takes all factors, replaces the profile', async (org) => {
    const id = await newUser(org, 'gus');
    const profile = JSON.stringify({ question: 'disliked_food', answer: 'mayonnaise' });
    await org.run(
      `INSERT INTO okta.userfactor.factors (userId, factorType, provider, data__profile) VALUES ('${id}', 'question', 'OKTA', '${profile}')`,
    );
    await org.run(`EXEC okta.user.users.resetFactors @userId = '${id}'`);
    expect(await org.rows(`SELECT id FROM okta.userfactor.factors WHERE userId = '${id}'`)).toEqual([]);
    expect(await org.refusal(`EXEC okta.user.users.resetFactors @userId = '00unone'`)).toBe('E0000007 404');
    await org.row(
      `EXEC okta.user.users.update @userId = '${id}', @@json = '${JSON.stringify({ profile: { ...PROFILE, nickName: 'E' } })}'`,
    );
    expect(await org.row(`SELECT profile.login AS login, profile.nickName AS nick FROM okta.user.users WHERE userId = '${id}'`)).toEqual({
      login: 'eve@example.com',
      nick: 'E',
    });
    await org.run(`UPDATE okta.user.users SET profile.nickName = 'Evie' WHERE id = '${id}'`);
    await org.run(`REPLACE okta.user.users SET profile = '${JSON.stringify(PROFILE)}' WHERE id = '${id}'`);
    expect(await org.row(`SELECT profile.nickName AS nick FROM okta.user.users WHERE userId = '${id}'`)).toEqual({ nick: null });
    expect(org.events()).toContain('user.mfa.factor.reset_all');
  });

  method('user.groups', ['list'], 'lists what the user is a member of', async (org) => {
    const id = await newUser(org, 'hal');
    const group = await newGroup(org, 'Halls');
    await org.run(`INSERT INTO okta.group.users (groupId, userId) VALUES ('${group}', '${id}')`);
    expect([...(await org.list(`SELECT profile.name FROM okta.user.groups WHERE userId = '${id}'`))].sort()).toEqual(['Everyone', 'Halls']);
  });

  method('user.applinks', ['list'], 'lists the apps on the user’s home page', async (org) => {
    const [id, app] = [await newUser(org, 'ida'), await newBookmark(org, 'Menu')];
    await org.run(`INSERT INTO okta.application.users (appId, id, scope) VALUES ('${app}', '${id}', 'USER')`);
    expect(await org.rows(`SELECT appInstanceId, label FROM okta.user.applinks WHERE userId = '${id}'`)).toEqual([
      { appInstanceId: app, label: 'Menu' },
    ]);
  });

  method('user.sessions', ['delete'], 'ends all sessions of a user', async (org) => {
    const id = await newUser(org, 'jan');
    const { sessionToken } = await org.post('/api/v1/authn', { username: 'jan@example.com', password: PASSWORD });
    const session = await org.text(`INSERT INTO okta.session.sessions (sessionToken) VALUES ('${String(sessionToken)}') RETURNING id`);
    await org.run(`DELETE FROM okta.user.sessions WHERE userId = '${id}'`);
    expect(await org.rows(`SELECT id FROM okta.session.sessions WHERE sessionId = '${session}'`)).toEqual([]);
  });

  method('user.roles', ['insert', 'get', 'list', 'delete'], 'gives and takes an administrator role', async (org) => {
    const id = await newUser(org, 'kim');
    const role = await org.text(`INSERT INTO okta.user.roles (userId, data__type) VALUES ('${id}', 'USER_ADMIN') RETURNING id`);
    expect(await org.refusal(`INSERT INTO okta.user.roles (userId, type) VALUES ('${id}', 'USER_ADMIN')`)).toBe('E0000090 409');
    expect(await org.row(`SELECT id, type, status FROM okta.user.roles WHERE userId = '${id}'`)).toEqual({
      id: role,
      type: 'USER_ADMIN',
      status: 'ACTIVE',
    });
    expect(await org.text(`SELECT label FROM okta.user.roles WHERE userId = '${id}' AND roleId = '${role}'`)).toBe('User Administrator');
    expect(await org.list('SELECT id FROM okta.iam.assignees')).toContain(id);
    await org.run(`DELETE FROM okta.user.roles WHERE userId = '${id}' AND roleId = '${role}'`);
    expect(await org.rows(`SELECT id FROM okta.user.roles WHERE userId = '${id}'`)).toEqual([]);
    expect(org.events().slice(-2)).toEqual(['user.account.privilege.grant', 'user.account.privilege.revoke']);
  });

  method('user.grouptargets', ['insert', 'list', 'delete'], 'narrows a role to groups', async (org) => {
    const id = await newUser(org, 'leo');
    const [one, two] = [await newGroup(org, 'One'), await newGroup(org, 'Two')];
    const role = await org.text(`INSERT INTO okta.user.roles (userId, type) VALUES ('${id}', 'HELP_DESK_ADMIN') RETURNING id`);
    await org.run(
      `INSERT INTO okta.user.grouptargets (userId, roleId, groupId) VALUES ('${id}', '${role}', '${one}'), ('${id}', '${role}', '${two}')`,
    );
    await org.run(`DELETE FROM okta.user.grouptargets WHERE userId = '${id}' AND roleId = '${role}' AND groupId = '${one}'`);
    expect(await org.list(`SELECT id FROM okta.user.grouptargets WHERE userId = '${id}' AND roleId = '${role}'`)).toEqual([two]);
    expect(
      await org.refusal(`DELETE FROM okta.user.grouptargets WHERE userId = '${id}' AND roleId = '${role}' AND groupId = '${two}'`),
    ).toBe('E0000001 400');
  });

  method('user.appadmintargets', ['insert', 'list', 'delete'], 'narrows a role to app instances', async (org) => {
    const id = await newUser(org, 'mia');
    const [one, two] = [await newBookmark(org, 'First'), await newBookmark(org, 'Second')];
    const role = await org.text(`INSERT INTO okta.user.roles (userId, type) VALUES ('${id}', 'APP_ADMIN') RETURNING id`);
    for (const app of [one, two]) {
      await org.run(
        `INSERT INTO okta.user.appadmintargets (userId, roleId, appName, applicationId) VALUES ('${id}', '${role}', 'bookmark', '${app}')`,
      );
    }
    await org.run(
      `DELETE FROM okta.user.appadmintargets WHERE userId = '${id}' AND roleId = '${role}' AND appName = 'bookmark' AND applicationId = '${one}'`,
    );
    expect(await org.list(`SELECT id FROM okta.user.appadmintargets WHERE userId = '${id}' AND roleId = '${role}'`)).toEqual([two]);
  });

  method('user.appinstanceadmintargets', ['insert', 'delete'], 'is the same operation under its own name', async (org) => {
    const id = await newUser(org, 'ned');
    const [one, two] = [await newBookmark(org, 'Third'), await newBookmark(org, 'Fourth')];
    const role = await org.text(`INSERT INTO okta.user.roles (userId, type) VALUES ('${id}', 'APP_ADMIN') RETURNING id`);
    const targets = `SELECT id FROM okta.user.appadmintargets WHERE userId = '${id}' AND roleId = '${role}'`;
    for (const app of [one, two]) {
      await org.run(
        `INSERT INTO okta.user.appinstanceadmintargets (userId, roleId, appName, applicationId) VALUES ('${id}', '${role}', 'bookmark', '${app}')`,
      );
    }
    expect(await org.list(targets)).toEqual([one, two]);
    await org.run(
      `DELETE FROM okta.user.appinstanceadmintargets WHERE userId = '${id}' AND roleId = '${role}' AND appName = 'bookmark' AND applicationId = '${two}'`,
    );
    expect(await org.list(targets)).toEqual([one]);
  });

  method('user.appadmintargetsall', ['insert'], 'gives the role for all apps again', async (org) => {
    const [id, app] = [await newUser(org, 'ola'), await newBookmark(org, 'Fifth')];
    const role = await org.text(`INSERT INTO okta.user.roles (userId, type) VALUES ('${id}', 'APP_ADMIN') RETURNING id`);
    await org.run(
      `INSERT INTO okta.user.appadmintargets (userId, roleId, appName, applicationId) VALUES ('${id}', '${role}', 'bookmark', '${app}')`,
    );
    await org.run(`INSERT INTO okta.user.appadmintargetsall (userId, roleId) VALUES ('${id}', '${role}')`);
    expect(await org.rows(`SELECT id FROM okta.user.appadmintargets WHERE userId = '${id}' AND roleId = '${role}'`)).toEqual([]);
  });

  method('user.grants', ['get', 'list', 'delete', 'deleteAll'], 'shows and revokes what the user consented to', async (org) => {
    const { userId } = await clientWithTokens(org, 'pia');
    const [first, second, third] = await org.list(`SELECT id FROM okta.user.grants WHERE userId = '${userId}'`);
    expect(await org.text(`SELECT scopeId FROM okta.user.grants WHERE userId = '${userId}' AND grantId = '${String(first)}'`)).toBe(
      'offline_access',
    );
    await org.run(`DELETE FROM okta.user.grants WHERE userId = '${userId}' AND grantId = '${String(first)}'`);
    expect(await org.list(`SELECT id FROM okta.user.grants WHERE userId = '${userId}'`)).toEqual([second, third]);
    await org.run(`EXEC okta.user.grants.deleteAll @userId = '${userId}'`);
    expect(await org.rows(`SELECT id FROM okta.user.grants WHERE userId = '${userId}'`)).toEqual([]);
    expect(org.events().filter((type) => type === 'app.oauth2.as.consent.revoke').length).toBe(3);
  });

  method('user.clients', ['list'], 'lists the clients that act for the user', async (org) => {
    const { userId, clientId } = await clientWithTokens(org, 'quy');
    await newClient(org, 'Another');
    expect(await org.rows(`SELECT client_id, client_name FROM okta.user.clients WHERE userId = '${userId}'`)).toEqual([
      { client_id: clientId, client_name: 'Client of quy' },
    ]);
  });

  method('user.clientgrants', ['list', 'delete'], 'revokes what one client was granted', async (org) => {
    const { userId, clientId } = await clientWithTokens(org, 'ron');
    const of = `userId = '${userId}' AND clientId = '${clientId}'`;
    expect(await org.list(`SELECT scopeId FROM okta.user.clientgrants WHERE ${of}`)).toEqual(['offline_access', 'email', 'profile']);
    await org.run(`DELETE FROM okta.user.clientgrants WHERE ${of}`);
    expect(await org.rows(`SELECT id FROM okta.user.clientgrants WHERE ${of}`)).toEqual([]);
  });

  method('user.clienttokens', ['get', 'list', 'delete', 'deleteAll'], 'revokes refresh tokens of one client', async (org) => {
    const { userId, clientId } = await clientWithTokens(org, 'sue');
    const of = `userId = '${userId}' AND clientId = '${clientId}'`;
    const [first, second] = await org.list(`SELECT id FROM okta.user.clienttokens WHERE ${of}`);
    expect(await org.row(`SELECT id, status FROM okta.user.clienttokens WHERE ${of} AND tokenId = '${String(first)}'`)).toEqual({
      id: first,
      status: 'ACTIVE',
    });
    await org.run(`DELETE FROM okta.user.clienttokens WHERE ${of} AND tokenId = '${String(first)}'`);
    expect(await org.list(`SELECT id FROM okta.user.clienttokens WHERE ${of}`)).toEqual([second]);
    await org.run(`EXEC okta.user.clienttokens.deleteAll @userId = '${userId}', @clientId = '${clientId}'`);
    expect(await org.rows(`SELECT id FROM okta.user.clienttokens WHERE ${of}`)).toEqual([]);
    expect(org.events().filter((type) => type === 'app.oauth2.token.revoke').length).toBe(2);
  });

  method('user.linkedobject', ['update', 'delete'], 'links a user to another, and undoes it', async (org) => {
    const [boss, worker] = [await newUser(org, 'tom'), await newUser(org, 'una')];
    await org.run(
      `INSERT INTO okta.linkedobject.idps ("primary", associated) VALUES ('{"name": "boss", "title": "Boss", "type": "USER"}', '{"name": "worker", "title": "Worker", "type": "USER"}')`,
    );
    const links = org.emulator.org.relation('linkedObjects/boss');
    await org.run(
      `EXEC okta.user.linkedobject.update @associatedUserId = '${worker}', @primaryRelationshipName = 'boss', @primaryUserId = '${boss}'`,
    );
    expect(links.leftsOf(worker)).toEqual([boss]);
    expect(
      await org.refusal(
        `EXEC okta.user.linkedobject.update @associatedUserId = '${worker}', @primaryRelationshipName = 'boss', @primaryUserId = '${worker}'`,
      ),
    ).toBe('E0000001 400');
    await org.run(`DELETE FROM okta.user.linkedobject WHERE userId = '${worker}' AND relationshipName = 'boss'`);
    expect(links.leftsOf(worker)).toEqual([]);
    expect(org.events().slice(-2)).toEqual(['user.account.update_linked_object', 'user.account.remove_linked_object']);
    const where = `WHERE associatedUserId = '${worker}' AND primaryRelationshipName = 'boss'`;
    await org.run(`UPDATE okta.user.linkedobject SET primaryUserId = '${boss}' ${where}`);
    expect(links.leftsOf(worker)).toEqual([boss]);
    const other = await newUser(org, 'vic');
    await org.run(`REPLACE okta.user.linkedobject SET primaryUserId = '${other}' ${where}`);
    expect(links.leftsOf(worker)).toEqual([other]);
  });

  method('user.idps', ['list'], 'lists the providers that the user is linked to', async (org) => {
    const [user, one] = [await newUser(org, 'wyn'), await newProvider(org, 'Linked')];
    await newProvider(org, 'Not linked');
    await org.run(`INSERT INTO okta.identityprovider.users (idpId, userId, externalId) VALUES ('${one}', '${user}', 'ext')`);
    expect(await org.rows(`SELECT id, name FROM okta.user.idps WHERE userId = '${user}'`)).toEqual([{ id: one, name: 'Linked' }]);
  });
});
