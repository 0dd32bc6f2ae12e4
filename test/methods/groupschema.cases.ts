import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

const custom = (name: string): string =>
  JSON.stringify({ custom: { id: '#custom', type: 'object', properties: { [name]: { title: name, type: 'string', scope: 'NONE' } } } });

serviceMethods('groupschema', {}, (method) => {
  method('groupschema.default', ['get', 'update'], 'adds an attribute, which groups may then have', async (org) => {
    const insert = `INSERT INTO okta.group.groups (data__profile) VALUES ('{"name": "G", "costCentre": "17"}') RETURNING profile.costCentre`;
    expect(await org.refusal(insert)).toBe('E0000001 400');
    await org.row(`EXEC okta.groupschema.default.update @@json = '{"definitions": ${custom('costCentre')}}'`);
    await org.run(`UPDATE okta.groupschema.default SET definitions = '${custom('site')}' WHERE subdomain = 'lab'`);
    expect(await org.row(`SELECT name, json_keys(definitions->'custom'->'properties') AS names FROM okta.groupschema.default`)).toEqual({
      name: 'group',
      names: ['costCentre', 'site'],
    });
    expect(await org.text(insert)).toBe('17');
  });
});
