import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

const GATEWAYS = JSON.stringify([{ type: 'CIDR', value: '192.0.2.0/24' }]);

serviceMethods('networkzone', {}, (method) => {
  method(
    'networkzone.zones',
    ['insert', 'get', 'list', 'update', 'activate', 'deactivate', 'delete'],
    'makes, switches and removes a zone',
    async (org) => {
      const id = await org.text(
        `INSERT INTO okta.networkzone.zones (data__type, data__name, status, gateways) VALUES ('IP', 'Office', 'ACTIVE', '${GATEWAYS}') RETURNING id`,
      );
      const key = `zoneId = '${id}'`;
      expect(await org.row(`SELECT name, type, gateways FROM okta.networkzone.zones WHERE ${key}`)).toEqual({
        name: 'Office',
        type: 'IP',
        gateways: GATEWAYS,
      });
      const body = JSON.stringify({ type: 'IP', name: 'Offices', status: 'ACTIVE', gateways: JSON.parse(GATEWAYS) as unknown });
      expect(await org.row(`EXEC okta.networkzone.zones.update @zoneId = '${id}', @@json = '${body}'`)).toMatchObject({
        id,
        name: 'Offices',
      });
      await org.run(`UPDATE okta.networkzone.zones SET name = 'Bureau' WHERE id = '${id}'`);
      expect(await org.list(`SELECT name FROM okta.networkzone.zones WHERE NOT system`)).toEqual(['Bureau']);
      await org.run(`REPLACE okta.networkzone.zones SET type = 'IP', name = 'Bare' WHERE ${key}`);
      expect(await org.row(`SELECT name, gateways FROM okta.networkzone.zones WHERE ${key}`)).toEqual({ name: 'Bare', gateways: null });
      expect(await org.refusal(`DELETE FROM okta.networkzone.zones WHERE ${key}`)).toBe('E0000001 400');

      const policy = await org.text(`INSERT INTO okta.policy.policies (type, name) VALUES ('OKTA_SIGN_ON', 'Zoned') RETURNING id`);
      const rule = await org.text(
        `INSERT INTO okta.policy.rules (policyId, type, name, actions, conditions) VALUES ('${policy}', 'SIGN_ON', 'In', '{"signon": {"access": "ALLOW"}}', '{"network": {"connection": "ZONE", "include": ["${id}"]}}') RETURNING id`,
      );
      expect(await org.refusal(`EXEC okta.networkzone.zones.deactivate @zoneId = '${id}'`)).toMatch(/^E0000158 /);
      await org.run(`DELETE FROM okta.policy.rules WHERE policyId = '${policy}' AND ruleId = '${rule}'`);
      await org.run(`EXEC okta.networkzone.zones.deactivate @zoneId = '${id}'`);
      expect(await org.text(`SELECT status FROM okta.networkzone.zones WHERE ${key}`)).toBe('INACTIVE');
      expect(await org.row(`EXEC okta.networkzone.zones.activate @zoneId = '${id}'`)).toMatchObject({ status: 'ACTIVE' });
      await org.run(`EXEC okta.networkzone.zones.deactivate @zoneId = '${id}'`);
      await org.run(`DELETE FROM okta.networkzone.zones WHERE ${key}`);
      expect(await org.rows(`SELECT id FROM okta.networkzone.zones WHERE ${key}`)).toEqual([]);
      expect(await org.refusal(`EXEC okta.networkzone.zones.activate @zoneId = '${id}'`)).toBe('E0000007 404');
      expect(org.events()).toEqual(
        expect.arrayContaining(['zone.create', 'zone.update', 'zone.activate', 'zone.deactivate', 'zone.delete']),
      );
    },
  );
});
