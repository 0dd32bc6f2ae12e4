import { expect } from 'vitest';
import { type MethodOrg, serviceMethods } from './harness.ts';
import { clientWithTokens } from './tokens.ts';

const CONDITIONS = JSON.stringify({ clients: { include: ['ALL_CLIENTS'] } });
const RULE = {
  type: 'RESOURCE_ACCESS',
  conditions: {
    people: { groups: { include: ['EVERYONE'] } },
    grantTypes: { include: ['authorization_code'] },
    scopes: { include: ['*'] },
  },
  actions: { token: { accessTokenLifetimeMinutes: 60, refreshTokenLifetimeMinutes: 0, refreshTokenWindowMinutes: 10_080 } },
};

const newServer = (org: MethodOrg, name: string): Promise<string> =>
  org.text(
    `INSERT INTO okta.authorizationserver.authorizationservers (data__name, data__description, data__audiences) VALUES ('${name}', 'd', '["api://${name}"]') RETURNING id`,
  );

const newPolicy = (org: MethodOrg, server: string, name: string): Promise<string> =>
  org.text(
    `INSERT INTO okta.authorizationserver.policies (authServerId, data__type, data__name, data__description, data__priority, data__conditions)
     VALUES ('${server}', 'OAUTH_AUTHORIZATION_POLICY', '${name}', 'd', 1, '${CONDITIONS}') RETURNING id`,
  );

serviceMethods('authorizationserver', {}, (method) => {
  method(
    'authorizationserver.authorizationservers',
    ['insert', 'get', 'list', 'update', 'activate', 'deactivate', 'delete'],
    'makes, switches and removes a server',
    async (org) => {
      const relation = 'okta.authorizationserver.authorizationservers';
      const id = await newServer(org, 'orders');
      const read = `SELECT name, status, audiences FROM ${relation} WHERE authServerId = '${id}'`;
      expect(await org.row(read)).toEqual({ name: 'orders', status: 'ACTIVE', audiences: '["api://orders"]' });
      const body = JSON.stringify({ name: 'o2', description: 'd', audiences: ['api://o2'] });
      expect(await org.row(`EXEC ${relation}.update @authServerId = '${id}', @@json = '${body}'`)).toMatchObject({ id, name: 'o2' });
      await org.run(`UPDATE okta.authorizationserver.authorizationservers SET name = 'o3' WHERE id = '${id}'`);
      await org.run(
        `REPLACE okta.authorizationserver.authorizationservers SET name = 'o4', description = 'e', audiences = '["api://o4"]' WHERE authServerId = '${id}'`,
      );
      expect(await org.list(`SELECT name FROM ${relation}`)).toContain('o4');
      await org.run(`EXEC ${relation}.deactivate @authServerId = '${id}'`);
      expect(await org.row(read)).toMatchObject({ status: 'INACTIVE' });
      await org.run(`EXEC ${relation}.activate @authServerId = '${id}'`);
      expect(await org.row(read)).toMatchObject({ status: 'ACTIVE' });
      await org.run(`EXEC ${relation}.deactivate @authServerId = '${id}'`);
      await org.run(`DELETE FROM ${relation} WHERE authServerId = '${id}'`);
      expect(await org.rows(read)).toEqual([]);
      for (const name of ['activate', 'deactivate'])
        expect(await org.refusal(`EXEC ${relation}.${name} @authServerId = '${id}'`)).toBe('E0000007 404');
      expect(org.events().length).toBe(8);
    },
  );

  method('authorizationserver.scopes', ['insert', 'get', 'list', 'update', 'delete'], 'makes, changes and removes a scope', async (org) => {
    const server = await newServer(org, 'scoped');
    const id = await org.text(
      `INSERT INTO okta.authorizationserver.scopes (authServerId, data__name, data__description) VALUES ('${server}', 'car:drive', 'Drive') RETURNING id`,
    );
    const key = `authServerId = '${server}' AND scopeId = '${id}'`;
    expect(await org.text(`SELECT description FROM okta.authorizationserver.scopes WHERE ${key}`)).toBe('Drive');
    const body = JSON.stringify({ name: 'car:drive', description: 'Drive far' });
    expect(
      await org.row(`EXEC okta.authorizationserver.scopes.update @authServerId = '${server}', @scopeId = '${id}', @@json = '${body}'`),
    ).toMatchObject({ description: 'Drive far' });
    await org.run(`UPDATE okta.authorizationserver.scopes SET displayName = 'Drive' WHERE ${key}`);
    expect(
      await org.rows(
        `SELECT displayName, description FROM okta.authorizationserver.scopes WHERE authServerId = '${server}' AND name = 'car:drive'`,
      ),
    ).toEqual([{ displayName: 'Drive', description: 'Drive far' }]);
    await org.run(`REPLACE okta.authorizationserver.scopes SET name = 'car:park' WHERE ${key}`);
    expect(await org.refusal(`INSERT INTO okta.authorizationserver.scopes (authServerId, name) VALUES ('${server}', 'car:park')`)).toBe(
      'E0000001 400',
    );
    await org.run(`DELETE FROM okta.authorizationserver.scopes WHERE ${key}`);
    expect(await org.rows(`SELECT id FROM okta.authorizationserver.scopes WHERE ${key}`)).toEqual([]);
  });

  method('authorizationserver.claims', ['insert', 'get', 'list', 'update', 'delete'], 'makes, changes and removes a claim', async (org) => {
    const server = await newServer(org, 'claimed');
    const id = await org.text(
      `INSERT INTO okta.authorizationserver.claims (authServerId, data__name, data__status, data__claimType, data__valueType, data__value)
       VALUES ('${server}', 'colour', 'ACTIVE', 'RESOURCE', 'EXPRESSION', '"red"') RETURNING id`,
    );
    const key = `authServerId = '${server}' AND claimId = '${id}'`;
    expect(await org.row(`SELECT name, claimType FROM okta.authorizationserver.claims WHERE ${key}`)).toEqual({
      name: 'colour',
      claimType: 'RESOURCE',
    });
    const body = JSON.stringify({ name: 'hue', status: 'ACTIVE', claimType: 'RESOURCE', valueType: 'EXPRESSION', value: 'user.title' });
    expect(
      await org.row(`EXEC okta.authorizationserver.claims.update @authServerId = '${server}', @claimId = '${id}', @@json = '${body}'`),
    ).toMatchObject({ name: 'hue' });
    await org.run(`UPDATE okta.authorizationserver.claims SET name = 'tint' WHERE ${key}`);
    expect(await org.list(`SELECT value FROM okta.authorizationserver.claims WHERE authServerId = '${server}' AND name = 'tint'`)).toEqual([
      'user.title',
    ]);
    await org.run(
      `REPLACE okta.authorizationserver.claims SET name = 'shade', status = 'INACTIVE', claimType = 'IDENTITY', valueType = 'EXPRESSION', value = 'user.city' WHERE ${key}`,
    );
    expect(await org.row(`SELECT name, claimType, status FROM okta.authorizationserver.claims WHERE ${key}`)).toEqual({
      name: 'shade',
      claimType: 'IDENTITY',
      status: 'INACTIVE',
    });
    await org.run(`DELETE FROM okta.authorizationserver.claims WHERE ${key}`);
    expect(await org.rows(`SELECT id FROM okta.authorizationserver.claims WHERE ${key}`)).toEqual([]);
  });

  method(
    'authorizationserver.policies',
    ['insert', 'get', 'list', 'update', 'activate', 'deactivate', 'delete'],
    'makes, switches and removes an access policy',
    async (org) => {
      const server = await newServer(org, 'ruled');
      const id = await newPolicy(org, server, 'One');
      const key = `authServerId = '${server}' AND policyId = '${id}'`;
      const call = `@authServerId = '${server}', @policyId = '${id}'`;
      const read = `SELECT name, status FROM okta.authorizationserver.policies WHERE ${key}`;
      expect(await org.row(read)).toEqual({ name: 'One', status: 'ACTIVE' });
      const body = `{"type": "OAUTH_AUTHORIZATION_POLICY", "name": "Two", "description": "d", "priority": 1, "conditions": ${CONDITIONS}}`;
      expect(await org.row(`EXEC okta.authorizationserver.policies.update ${call}, @@json = '${body}'`)).toMatchObject({ id, name: 'Two' });
      await org.run(`UPDATE okta.authorizationserver.policies SET name = 'Three' WHERE ${key}`);
      expect(await org.list(`SELECT name FROM okta.authorizationserver.policies WHERE authServerId = '${server}'`)).toEqual(['Three']);
      await org.run(
        `REPLACE okta.authorizationserver.policies SET type = 'OAUTH_AUTHORIZATION_POLICY', name = 'Four', description = 'd', conditions = '${CONDITIONS}' WHERE ${key}`,
      );
      await org.run(`EXEC okta.authorizationserver.policies.deactivate ${call}`);
      expect(await org.row(read)).toEqual({ name: 'Four', status: 'INACTIVE' });
      await org.run(`EXEC okta.authorizationserver.policies.activate ${call}`);
      expect(await org.row(read)).toMatchObject({ status: 'ACTIVE' });
      await org.run(`DELETE FROM okta.authorizationserver.policies WHERE ${key}`);
      expect(await org.rows(read)).toEqual([]);
      for (const name of ['activate', 'deactivate'])
        expect(await org.refusal(`EXEC okta.authorizationserver.policies.${name} ${call}`)).toBe('E0000007 404');
    },
  );

  method(
    'authorizationserver.rules',
    ['insert', 'get', 'list', 'update', 'activate', 'deactivate', 'delete'],
    'makes, switches and removes a rule',
    async (org) => {
      const server = await newServer(org, 'ruling');
      const policy = await newPolicy(org, server, 'Policy');
      const parts = { conditions: JSON.stringify(RULE.conditions), actions: JSON.stringify(RULE.actions) };
      const id = await org.text(
        `INSERT INTO okta.authorizationserver.rules (authServerId, policyId, data__type, data__name, data__conditions, data__actions)
         VALUES ('${server}', '${policy}', 'RESOURCE_ACCESS', 'One', $conditions, $actions) RETURNING id`,
        parts,
      );
      const key = `authServerId = '${server}' AND policyId = '${policy}' AND ruleId = '${id}'`;
      const call = `@authServerId = '${server}', @policyId = '${policy}', @ruleId = '${id}'`;
      const read = `SELECT name, status FROM okta.authorizationserver.rules WHERE ${key}`;
      expect(await org.row(read)).toEqual({ name: 'One', status: 'ACTIVE' });
      const body = JSON.stringify({ ...RULE, name: 'Two', priority: 1 });
      expect(await org.row(`EXEC okta.authorizationserver.rules.update ${call}, @@json = '${body}'`)).toMatchObject({ id, name: 'Two' });
      await org.run(`UPDATE okta.authorizationserver.rules SET name = 'Three' WHERE ${key}`);
      expect(
        await org.list(`SELECT name FROM okta.authorizationserver.rules WHERE authServerId = '${server}' AND policyId = '${policy}'`),
      ).toEqual(['Three']);
      await org.run(
        `REPLACE okta.authorizationserver.rules SET type = 'RESOURCE_ACCESS', name = 'Four', conditions = $conditions, actions = $actions WHERE ${key}`,
        parts,
      );
      await org.run(`EXEC okta.authorizationserver.rules.deactivate ${call}`);
      expect(await org.row(read)).toEqual({ name: 'Four', status: 'INACTIVE' });
      await org.run(`EXEC okta.authorizationserver.rules.activate ${call}`);
      expect(await org.row(read)).toMatchObject({ status: 'ACTIVE' });
      await org.run(`DELETE FROM okta.authorizationserver.rules WHERE ${key}`);
      expect(await org.rows(read)).toEqual([]);
      for (const name of ['activate', 'deactivate'])
        expect(await org.refusal(`EXEC okta.authorizationserver.rules.${name} ${call}`)).toBe('E0000007 404');
    },
  );

  method('authorizationserver.keys', ['list', 'rotate'], 'puts another signing key in the place of the active one', async (org) => {
    const server = await newServer(org, 'signing');
    const kidOf = async (status: string): Promise<string> =>
      org.text(`SELECT kid FROM okta.authorizationserver.keys WHERE authServerId = '${server}' AND status = '${status}'`);
    const active = await kidOf('ACTIVE');
    await org.rows(`EXEC okta.authorizationserver.keys.rotate @authServerId = '${server}', @@json = '{"use": "sig"}'`);
    expect(await kidOf('EXPIRED')).toBe(active);
    expect(await kidOf('ACTIVE')).not.toBe(active);
    expect(await org.refusal(`EXEC okta.authorizationserver.keys.rotate @authServerId = '${server}', @@json = '{"use": "enc"}'`)).toBe(
      'E0000001 400',
    );
  });

  method('authorizationserver.clients', ['list'], 'lists the clients that hold tokens of the server', async (org) => {
    const server = await newServer(org, 'clients');
    const { clientId } = await clientWithTokens(org, 'ada', server);
    expect(await org.rows(`SELECT client_id, client_name FROM okta.authorizationserver.clients WHERE authServerId = '${server}'`)).toEqual([
      { client_id: clientId, client_name: 'Client of ada' },
    ]);
  });

  method('authorizationserver.tokens', ['get', 'list', 'delete', 'deleteall'], 'revokes refresh tokens of one client', async (org) => {
    const server = await newServer(org, 'tokens');
    const { clientId, userId } = await clientWithTokens(org, 'bea', server);
    const of = `authServerId = '${server}' AND clientId = '${clientId}'`;
    const [first, second] = await org.list(`SELECT id FROM okta.authorizationserver.tokens WHERE ${of}`);
    expect(await org.text(`SELECT userId FROM okta.authorizationserver.tokens WHERE ${of} AND tokenId = '${String(first)}'`)).toBe(userId);
    await org.run(`DELETE FROM okta.authorizationserver.tokens WHERE ${of} AND tokenId = '${String(first)}'`);
    expect(await org.list(`SELECT id FROM okta.authorizationserver.tokens WHERE ${of}`)).toEqual([second]);
    await org.run(`EXEC okta.authorizationserver.tokens.deleteall @authServerId = '${server}', @clientId = '${clientId}'`);
    expect(await org.rows(`SELECT id FROM okta.authorizationserver.tokens WHERE ${of}`)).toEqual([]);
  });
});
