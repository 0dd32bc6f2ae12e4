import { expect } from 'vitest';
import { type MethodOrg, serviceMethods } from './harness.ts';

const newPolicy = (org: MethodOrg, name: string): Promise<string> =>
  org.text(
    `INSERT INTO okta.policy.policies (type, data__name, description, status) VALUES ('OKTA_SIGN_ON', '${name}', 'd', 'ACTIVE') RETURNING id`,
  );

const newRule = (org: MethodOrg, policyId: string, name: string): Promise<string> =>
  org.text(
    `INSERT INTO okta.policy.rules (policyId, data__type, data__name, data__actions) VALUES ('${policyId}', 'SIGN_ON', '${name}', $actions) RETURNING id`,
    {
      actions: JSON.stringify({ signon: { access: 'ALLOW', requireFactor: false, session: { usePersistentCookie: false } } }),
    },
  );

serviceMethods('policy', {}, (method) => {
  method('policy.policies', ['insert', 'get', 'list', 'delete'], 'makes and removes a policy', async (org) => {
    const id = await newPolicy(org, 'Sign on');
    expect(await org.row(`SELECT name, type, status FROM okta.policy.policies WHERE policyId = '${id}'`)).toEqual({
      name: 'Sign on',
      type: 'OKTA_SIGN_ON',
      status: 'ACTIVE',
    });
    expect(await org.list(`SELECT name FROM okta.policy.policies WHERE type = 'OKTA_SIGN_ON' AND NOT system`)).toEqual(['Sign on']);
    await org.run(`UPDATE okta.policy.policies SET description = 'other' WHERE id = '${id}'`);
    await org.run(`REPLACE okta.policy.policies SET type = 'OKTA_SIGN_ON', name = 'Signed on' WHERE policyId = '${id}'`);
    expect(await org.text(`SELECT name FROM okta.policy.policies WHERE policyId = '${id}'`)).toBe('Signed on');
    await org.run(`DELETE FROM okta.policy.policies WHERE policyId = '${id}'`);
    expect(await org.rows(`SELECT id FROM okta.policy.policies WHERE policyId = '${id}'`)).toEqual([]);
    const system = await org.text(`SELECT id FROM okta.policy.policies WHERE type = 'OKTA_SIGN_ON' AND system`);
    expect(await org.refusal(`DELETE FROM okta.policy.policies WHERE policyId = '${system}'`)).toBe('E0000077 403');
    expect(org.events()).toEqual([
      'policy.lifecycle.create',
      'policy.lifecycle.update',
      'policy.lifecycle.update',
      'policy.lifecycle.delete',
    ]);
  });

  method('policy.policies', ['activate', 'deactivate'], 'switches a rule of the policy, and without ruleId the policy', async (org) => {
    const id = await newPolicy(org, 'Switched');
    const rule = await newRule(org, id, 'Rule');
    const ruleStatus = `SELECT status FROM okta.policy.rules WHERE policyId = '${id}' AND ruleId = '${rule}'`;
    const policyStatus = `SELECT status FROM okta.policy.policies WHERE policyId = '${id}'`;
    await org.run(`EXEC okta.policy.policies.deactivate @policyId = '${id}', @ruleId = '${rule}'`);
    expect([await org.text(policyStatus), await org.text(ruleStatus)]).toEqual(['ACTIVE', 'INACTIVE']);
    await org.run(`EXEC okta.policy.policies.deactivate @policyId = '${id}'`);
    await org.run(`EXEC okta.policy.policies.activate @policyId = '${id}', @ruleId = '${rule}'`);
    expect([await org.text(policyStatus), await org.text(ruleStatus)]).toEqual(['INACTIVE', 'ACTIVE']);
    await org.run(`EXEC okta.policy.policies.activate @policyId = '${id}'`);
    expect(await org.text(policyStatus)).toBe('ACTIVE');
    const system = await org.row(
      `SELECT p.id AS policyId, r.id AS ruleId FROM okta.policy.policies p JOIN okta.policy.rules r ON r.policyId = p.id WHERE p.type = 'OKTA_SIGN_ON' AND p.system AND r.system`,
    );
    const both = `@policyId = '${String(system.policyId)}', @ruleId = '${String(system.ruleId)}'`;
    for (const name of ['activate', 'deactivate']) {
      expect(await org.refusal(`EXEC okta.policy.policies.${name} ${both}`)).toBe('E0000077 403');
      expect(await org.refusal(`EXEC okta.policy.policies.${name} @policyId = '${String(system.policyId)}'`)).toBe('E0000077 403');
    }
    expect(org.events()).toEqual(
      expect.arrayContaining([
        'policy.rule.deactivate',
        'policy.lifecycle.deactivate',
        'policy.rule.activate',
        'policy.lifecycle.activate',
      ]),
    );
  });

  method(
    'policy.rules',
    ['insert', 'get', 'list', 'put', 'delete', 'activate', 'deactivate'],
    'makes, changes, switches and removes a rule',
    async (org) => {
      const policyId = await newPolicy(org, 'Ruled');
      const id = await newRule(org, policyId, 'One');
      const key = `policyId = '${policyId}' AND ruleId = '${id}'`;
      const call = `@policyId = '${policyId}', @ruleId = '${id}'`;
      expect(await org.list(`SELECT name FROM okta.policy.rules WHERE policyId = '${policyId}'`)).toEqual(['One']);
      expect(await org.list(`SELECT name FROM okta.policy.rules WHERE type = 'OKTA_SIGN_ON'`)).toContain('One');
      await org.run(`EXEC okta.policy.rules.deactivate ${call}`);
      expect(await org.text(`SELECT status FROM okta.policy.rules WHERE ${key}`)).toBe('INACTIVE');
      await org.run(`EXEC okta.policy.rules.activate ${call}`);
      const body = { type: 'SIGN_ON', name: 'Two', actions: { signon: { access: 'DENY' } } };
      expect(await org.row(`EXEC okta.policy.rules.put ${call}, @@json = '${JSON.stringify(body)}'`)).toMatchObject({ id, name: 'Two' });
      await org.run(`UPDATE okta.policy.rules SET name = 'Three' WHERE ${key}`);
      expect(await org.row(`SELECT name, status, actions->'signon'->>'access' AS access FROM okta.policy.rules WHERE ${key}`)).toEqual({
        name: 'Three',
        status: 'ACTIVE',
        access: 'DENY',
      });
      await org.run(
        `REPLACE okta.policy.rules SET type = 'SIGN_ON', name = 'Four', actions = '{"signon": {"access": "ALLOW"}}' WHERE ${key}`,
      );
      await org.run(`DELETE FROM okta.policy.rules WHERE ${key}`);
      expect(await org.rows(`SELECT id FROM okta.policy.rules WHERE ${key}`)).toEqual([]);
      for (const name of ['activate', 'deactivate'])
        expect(await org.refusal(`EXEC okta.policy.rules.${name} ${call}`)).toBe('E0000007 404');
    },
  );
});
