import { expect } from 'vitest';
import { newBookmark, newGroup, newUser } from './fixtures.ts';
import { type MethodOrg, serviceMethods } from './harness.ts';

const roleOf = (org: MethodOrg, groupId: string, type: string): Promise<string> =>
  org.text(`INSERT INTO okta.group.roles (groupId, data__type) VALUES ('${groupId}', '${type}') RETURNING id`);

const newRule = (org: MethodOrg, name: string, groupId: string): Promise<string> =>
  org.text(
    'INSERT INTO okta.group.rules (type, data__name, conditions, actions) VALUES ($type, $name, $conditions, $actions) RETURNING id',
    {
      type: 'group_rule',
      name,
      conditions: JSON.stringify({ expression: { type: 'urn:okta:expression:1.0', value: `user.nickName == "${name}"` } }),
      actions: JSON.stringify({ assignUserToGroups: { groupIds: [groupId] } }),
    },
  );

serviceMethods('group', {}, (method) => {
  method('group.groups', ['insert', 'get', 'list', 'update', 'delete'], 'makes, renames and removes a group', async (org) => {
    const id = await newGroup(org, 'Sales');
    expect(await org.text(`SELECT profile.name FROM okta.group.groups WHERE groupId = '${id}'`)).toBe('Sales');
    expect(
      await org.row(`EXEC okta.group.groups.update @groupId = '${id}', @@json = '{"profile": {"name": "Sold", "description": "d"}}'`),
    ).toMatchObject({ id });
    await org.run(`UPDATE okta.group.groups SET profile.name = 'Sell' WHERE id = '${id}'`);
    expect(
      await org.list(
        `SELECT profile.name || ' ' || profile.description FROM okta.group.groups WHERE type = 'OKTA_GROUP' AND subdomain = 'lab'`,
      ),
    ).toEqual(['Sell d']);
    await org.run(`REPLACE okta.group.groups SET data__profile = '{"name": "Bare"}' WHERE groupId = '${id}'`);
    expect(await org.row(`SELECT profile.name AS n, profile.description AS d FROM okta.group.groups WHERE id = '${id}'`)).toEqual({
      n: 'Bare',
      d: null,
    });
    await org.run(`DELETE FROM okta.group.groups WHERE groupId = '${id}' AND subdomain = 'lab'`);
    expect(await org.rows(`SELECT id FROM okta.group.groups WHERE groupId = '${id}'`)).toEqual([]);
    expect(org.events()).toEqual([
      'group.lifecycle.create',
      'group.profile.update',
      'group.profile.update',
      'group.profile.update',
      'group.lifecycle.delete',
    ]);
    const everyone = await org.text(`SELECT id FROM okta.group.groups WHERE type = 'BUILT_IN' AND profile.name = 'Everyone'`);
    expect(await org.refusal(`DELETE FROM okta.group.groups WHERE id = '${everyone}'`)).toBe('E0000006 403');
  });

  method('group.users', ['insert', 'list', 'delete'], 'puts a user into a group and takes it out', async (org) => {
    const [group, user] = [await newGroup(org, 'Team'), await newUser(org, 'ada')];
    org.events();
    await org.run(`INSERT INTO okta.group.users (groupId, userId) VALUES ('${group}', '${user}')`);
    expect(await org.rows(`SELECT id, profile.login AS login FROM okta.group.users WHERE groupId = '${group}'`)).toEqual([
      { id: user, login: 'ada@example.com' },
    ]);
    await org.run(`DELETE FROM okta.group.users WHERE groupId = '${group}' AND userId = '${user}'`);
    expect(await org.rows(`SELECT id FROM okta.group.users WHERE groupId = '${group}'`)).toEqual([]);
    expect(org.events()).toEqual(['group.user_membership.add', 'group.user_membership.remove']);
  });

  method('group.owners', ['insert', 'list', 'delete'], 'names an owner', async (org) => {
    const [group, user] = [await newGroup(org, 'Owned'), await newUser(org, 'bea')];
    await org.run(`INSERT INTO okta.group.owners (groupId, data__id, data__type) VALUES ('${group}', '${user}', 'USER')`);
    expect(await org.rows(`SELECT id, displayName FROM okta.group.owners WHERE groupId = '${group}'`)).toEqual([
      { id: user, displayName: 'bea Test' },
    ]);
    await org.run(`DELETE FROM okta.group.owners WHERE groupId = '${group}' AND ownerId = '${user}'`);
    expect(await org.rows(`SELECT id FROM okta.group.owners WHERE groupId = '${group}'`)).toEqual([]);
    expect(org.events().slice(-2)).toEqual(['group.owner.add', 'group.owner.remove']);
  });

  method(
    'group.rules',
    ['insert', 'get', 'list', 'update', 'delete'],
    'makes, changes and removes a rule that is not in force',
    async (org) => {
      const group = await newGroup(org, 'Ruled');
      const id = await newRule(org, 'first', group);
      expect(await org.row(`SELECT name, status FROM okta.group.rules WHERE ruleId = '${id}'`)).toEqual({
        name: 'first',
        status: 'INACTIVE',
      });
      await org.run(`UPDATE okta.group.rules SET name = 'second' WHERE id = '${id}'`);
      expect(await org.list('SELECT name FROM okta.group.rules')).toEqual(['second']);
      const whole = {
        type: 'group_rule',
        name: 'third',
        conditions: { expression: { type: 'urn:okta:expression:1.0', value: 'user.title == "x"' } },
        actions: { assignUserToGroups: { groupIds: [group] } },
      };
      expect(
        await org.row(`EXEC okta.group.rules.update @ruleId = '${id}', @@json = $json`, { json: JSON.stringify(whole) }),
      ).toMatchObject({ name: 'third' });
      await org.run(
        `REPLACE okta.group.rules SET type = 'group_rule', name = 'fourth', conditions = $conditions, actions = $actions WHERE id = '${id}'`,
        {
          conditions: JSON.stringify(whole.conditions),
          actions: JSON.stringify(whole.actions),
        },
      );
      await org.run(`INSERT INTO okta.group.ruleactivations (ruleId) VALUES ('${id}')`);
      expect(await org.refusal(`UPDATE okta.group.rules SET name = 'fifth' WHERE id = '${id}'`)).toBe('E0000001 400');
      expect(await org.refusal(`DELETE FROM okta.group.rules WHERE ruleId = '${id}'`)).toBe('E0000001 400');
      await org.run(`DELETE FROM okta.group.ruleactivations WHERE ruleId = '${id}'`);
      await org.run(`DELETE FROM okta.group.rules WHERE ruleId = '${id}'`);
      expect(await org.rows('SELECT id FROM okta.group.rules')).toEqual([]);
    },
  );

  method('group.ruleactivations', ['insert', 'delete'], 'puts a rule in force: members follow', async (org) => {
    const [group, user] = [await newGroup(org, 'Followed'), await newUser(org, 'cyd')];
    const id = await newRule(org, 'Cy', group);
    await org.run(`INSERT INTO okta.group.ruleactivations (ruleId) VALUES ('${id}')`);
    await org.run(`UPDATE okta.user.users SET profile.nickName = 'Cy' WHERE id = '${user}'`);
    expect(await org.list(`SELECT id FROM okta.group.users WHERE groupId = '${group}'`)).toEqual([user]);
    await org.run(`DELETE FROM okta.group.ruleactivations WHERE ruleId = '${id}'`);
    expect(await org.text(`SELECT status FROM okta.group.rules WHERE ruleId = '${id}'`)).toBe('INACTIVE');
    await org.run(`DELETE FROM okta.group.groups WHERE groupId = '${group}'`);
    expect(await org.refusal(`INSERT INTO okta.group.ruleactivations (ruleId) VALUES ('${id}')`)).toBe('E0000001 400');
    await org.run(`DELETE FROM okta.group.rules WHERE ruleId = '${id}'`);
    expect(await org.refusal(`DELETE FROM okta.group.ruleactivations WHERE ruleId = '${id}'`)).toBe('E0000007 404');
    expect(org.events()).toEqual(expect.arrayContaining(['group.user_membership.rule.activate', 'group.user_membership.rule.deactivate']));
  });

  method('group.roles', ['insert', 'get', 'list', 'delete'], 'gives a role to all members', async (org) => {
    const group = await newGroup(org, 'Admins');
    const role = await roleOf(org, group, 'HELP_DESK_ADMIN');
    expect(await org.refusal(`INSERT INTO okta.group.roles (groupId, type) VALUES ('${group}', 'HELP_DESK_ADMIN')`)).toBe('E0000090 409');
    expect(await org.rows(`SELECT id, assignmentType FROM okta.group.roles WHERE groupId = '${group}'`)).toEqual([
      { id: role, assignmentType: 'GROUP' },
    ]);
    expect(await org.text(`SELECT type FROM okta.group.roles WHERE groupId = '${group}' AND roleId = '${role}'`)).toBe('HELP_DESK_ADMIN');
    await org.run(`DELETE FROM okta.group.roles WHERE groupId = '${group}' AND roleId = '${role}'`);
    expect(await org.rows(`SELECT id FROM okta.group.roles WHERE groupId = '${group}'`)).toEqual([]);
    expect(org.events().slice(-2)).toEqual(['group.privilege.grant', 'group.privilege.revoke']);
  });

  method('group.grouptargets', ['insert', 'list', 'delete'], 'narrows a role to groups', async (org) => {
    const [group, one, two] = [await newGroup(org, 'G'), await newGroup(org, 'G1'), await newGroup(org, 'G2')];
    const role = await roleOf(org, group, 'USER_ADMIN');
    const of = `groupId = '${group}' AND roleId = '${role}'`;
    await org.run(
      `INSERT INTO okta.group.grouptargets (groupId, roleId, targetGroupId) VALUES ('${group}', '${role}', '${one}'), ('${group}', '${role}', '${two}')`,
    );
    await org.run(`DELETE FROM okta.group.grouptargets WHERE ${of} AND targetGroupId = '${two}'`);
    expect(await org.list(`SELECT id FROM okta.group.grouptargets WHERE ${of}`)).toEqual([one]);
  });

  method('group.apptargets', ['insert', 'list', 'delete'], 'narrows a role to kinds of apps', async (org) => {
    const group = await newGroup(org, 'H');
    const role = await roleOf(org, group, 'APP_ADMIN');
    const of = `groupId = '${group}' AND roleId = '${role}'`;
    await org.run(
      `INSERT INTO okta.group.apptargets (groupId, roleId, appName) VALUES ('${group}', '${role}', 'bookmark'), ('${group}', '${role}', 'salesforce')`,
    );
    await org.run(`DELETE FROM okta.group.apptargets WHERE ${of} AND appName = 'bookmark'`);
    expect(await org.list(`SELECT name FROM okta.group.apptargets WHERE ${of}`)).toEqual(['salesforce']);
    expect(await org.refusal(`DELETE FROM okta.group.apptargets WHERE ${of} AND appName = 'salesforce'`)).toBe('E0000001 400');
  });

  method('group.appinstancetargets', ['insert', 'delete'], 'narrows a role to single apps', async (org) => {
    const [group, one, two] = [await newGroup(org, 'I'), await newBookmark(org, 'I1'), await newBookmark(org, 'I2')];
    const role = await roleOf(org, group, 'APP_ADMIN');
    for (const app of [one, two]) {
      await org.run(
        `INSERT INTO okta.group.appinstancetargets (groupId, roleId, appName, applicationId) VALUES ('${group}', '${role}', 'bookmark', '${app}')`,
      );
    }
    const of = `groupId = '${group}' AND roleId = '${role}'`;
    await org.run(`DELETE FROM okta.group.appinstancetargets WHERE ${of} AND appName = 'bookmark' AND applicationId = '${one}'`);
    expect(await org.list(`SELECT id FROM okta.group.apptargets WHERE ${of}`)).toEqual([two]);
  });

  method('group.apps', ['list'], 'lists the apps of a group', async (org) => {
    const [group, app] = [await newGroup(org, 'J'), await newBookmark(org, 'J1')];
    await org.run(`INSERT INTO okta.application.groups (appId, groupId) VALUES ('${app}', '${group}')`);
    expect(await org.rows(`SELECT id, label FROM okta.group.apps WHERE groupId = '${group}'`)).toEqual([{ id: app, label: 'J1' }]);
  });
});
